// SPDX-License-Identifier: GPL-2.0
/*
 * vmxl-exits: why VMXL_RUN returns, and how long it had run.
 */
#include <stdio.h>

#include "tool.h"
#include "vmxl-exits.skel.h"

static const char *const names[] = {
	"unknown", "mmio", "intr", "debug", "system-event", "internal-error", "riscv-sbi",
};

static const char *name_of(__u64 what, char *buf, size_t len)
{
	if (what < sizeof(names) / sizeof(names[0]))
		return names[what];
	snprintf(buf, len, "%llu", what);
	return buf;
}

static struct tool tool = {
	.name = "vmxl-exits",
	.purpose = "Returns of VMXL_RUN by reason, and how long the vCPU had run.",
	.what = "REASON",
	.name_of = name_of,
	.timed = true,
};

TOOL_MAIN(vmxl_exits_bpf, tool)
