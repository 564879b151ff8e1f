// SPDX-License-Identifier: GPL-2.0
/*
 * vmxl-tlb: walks of guest page tables, and flushes.
 */
#include "tool.h"
#include "vmxl-tlb.h"
#include "vmxl-tlb.skel.h"

static const char *const names[] = {
	"miss-read", "miss-write", "miss-exec", "miss-atomic",
	[TLB_FLUSH] = "flush-all", "flush-asid", "flush-page",
};

static struct tool tool = {
	.name = "vmxl-tlb",
	.purpose = "TLB misses by kind of access, flushes by what is flushed.",
	.what = "WHAT",
	.names = names,
	.nr_names = sizeof(names) / sizeof(names[0]),
};

TOOL_MAIN(vmxl_tlb_bpf, tool)
