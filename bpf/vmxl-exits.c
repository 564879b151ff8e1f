// SPDX-License-Identifier: GPL-2.0
/*
 * vmxl-exits: why VMXL_RUN returns, and how long it had run.
 */
#include "tool.h"
#include "vmxl-exits.skel.h"

static const char *const names[] = {
	"unknown", "mmio", "intr", "debug", "system-event", "internal-error", "riscv-sbi",
};

static struct tool tool = {
	.name = "vmxl-exits",
	.purpose = "Returns of VMXL_RUN by reason, and how long the vCPU had run.",
	.what = "REASON",
	.names = names,
	.nr_names = sizeof(names) / sizeof(names[0]),
	.timed = true,
};

TOOL_MAIN(vmxl_exits_bpf, tool)
