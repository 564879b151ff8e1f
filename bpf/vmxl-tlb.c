// SPDX-License-Identifier: GPL-2.0
/*
 * vmxl-tlb: walks of guest page tables, and flushes.
 */
#include <stdio.h>

#include "tool.h"
#include "vmxl-tlb.h"
#include "vmxl-tlb.skel.h"

static const char *const names[] = {
	"miss-read", "miss-write", "miss-exec", "miss-atomic",
	[TLB_FLUSH] = "flush-all", "flush-asid", "flush-page",
};

static const char *name_of(__u64 what, char *buf, size_t len)
{
	if (what < sizeof(names) / sizeof(names[0]))
		return names[what];
	snprintf(buf, len, "%llu", what);
	return buf;
}

static struct tool tool = {
	.name = "vmxl-tlb",
	.purpose = "TLB misses by kind of access, flushes by what is flushed.",
	.what = "WHAT",
	.name_of = name_of,
};

TOOL_MAIN(vmxl_tlb_bpf, tool)
