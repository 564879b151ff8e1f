// SPDX-License-Identifier: GPL-2.0
/*
 * vmxl-faults: exceptions and interrupts that guests take.
 */
#include <stdio.h>

#include "tool.h"
#include "vmxl-faults.skel.h"

static const char *const exceptions[] = {
	"insn-misaligned", "insn-access", "illegal-insn", "breakpoint", "load-misaligned",
	"load-access", "store-misaligned", "store-access", "ecall-u", "ecall-s", "10",
	"ecall-m", "insn-page", "load-page", "14", "store-page",
};

static const char *const interrupts[] = {
	"irq-0", "irq-s-soft", "irq-2", "irq-m-soft", "irq-4", "irq-s-timer", "irq-6",
	"irq-m-timer", "irq-8", "irq-s-external", "irq-10", "irq-m-external",
};

static const char *name_of(__u64 what, char *buf, size_t len)
{
	__u64 n = what & ~(1ull << 63);

	if (what < sizeof(exceptions) / sizeof(exceptions[0]))
		return exceptions[what];
	if (n != what && n < sizeof(interrupts) / sizeof(interrupts[0]))
		return interrupts[n];
	snprintf(buf, len, "%s%llu", n != what ? "irq-" : "", n);
	return buf;
}

static struct tool tool = {
	.name = "vmxl-faults",
	.purpose = "Exceptions and interrupts that guests take, by cause (of RISC-V).",
	.what = "CAUSE",
	.name_of = name_of,
};

TOOL_MAIN(vmxl_faults_bpf, tool)
