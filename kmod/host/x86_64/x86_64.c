// SPDX-License-Identifier: GPL-2.0
/*
 * x86-64 as a host: struct vmxl_host, and what of it is neither compiling
 * (lower.c) nor the stubs (stubs.c).
 */
#include <linux/compiler.h>
#include <linux/kernel.h>
#include "x86.h"

/* In the order of vmxl_compile_args.hot: those that need no REX prefix first */
const u8 vmxl_x86_hot_reg[X86_NR_HOT] = {
	X86_RBX, X86_RBP, X86_RSI, X86_RDI, X86_R8, X86_R9, X86_R10, X86_R11, X86_R12, X86_R13,
};

static void link(void *w, u64 site, u64 target)
{
	WRITE_ONCE(*(u32 *)w, target - site - 4);
}

static void fault_regs(const u64 *regs, const struct vmxl_compile_args *args, u64 *slots)
{
	unsigned int k;

	for (k = 0; k < args->nr_hot && k < X86_NR_HOT; k++)
		slots[args->hot[k]] = regs[vmxl_x86_hot_reg[k]];
}

static u32 features(void)
{
	u32 f = READ_ONCE(vmxl_x86_features);

	return f & X86_F_KNOWN ? f : vmxl_x86_detect();
}

const struct vmxl_host vmxl_host_x86_64 = {
	.name = "x86_64",
	.nr_hot = X86_NR_HOT,
	.fp_control = 0x1f80,		/* nearest, all exceptions masked */
	.max_disp = VMXL_WIN_GUARD / 2,
	.leaves = vmxl_x86_leaves,
	.features = features,
	.compile = vmxl_x86_compile,
	.stubs = vmxl_x86_stubs,
	.link = link,
	.fault_regs = fault_regs,
	.counter_khz = vmxl_x86_counter_khz,
};
