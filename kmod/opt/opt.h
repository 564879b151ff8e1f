/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The passes between translation and code generation. They know the IR, no
 * guest and no host; what a host prefers comes in through struct vmxl_opt.
 */
#ifndef VMXL_OPT_H
#define VMXL_OPT_H

#include <linux/types.h>
#include "../ir/interp.h"
#include "../ir/ir.h"

/* In the order in which they run; bits of "enabled" */
enum vmxl_opt_pass {
	VMXL_OPT_FORWARD,	/* guest registers: values instead of slots */
	VMXL_OPT_DEADPUT,	/* writes that nobody can see */
	VMXL_OPT_FOLD,		/* constants, identities */
	VMXL_OPT_NARROW,	/* extensions, shifts and masks */
	VMXL_OPT_DEMAND,	/* 32-bit values that need no extension */
	VMXL_OPT_FUSE,		/* two ops in one */
	VMXL_OPT_CSE,		/* the same value again */
	VMXL_OPT_DCE,		/* ops without a use or a way to them */
	VMXL_OPT_NR,
	VMXL_OPT_CHECKS = VMXL_OPT_NR,	/* addresses known to be good; the code generator's */
	VMXL_OPT_NR_ALL
};

#define VMXL_OPT_ALL	((1u << VMXL_OPT_NR_ALL) - 1)

/**
 * struct vmxl_opt - what the caller wants, and scratch memory of the passes
 * @max_disp: in: largest displacement (of either sign) that is made of an addition
 * @leaves: in: bitmap of ops; the code generator may leave the unit before such
 *	an op, to have the instruction interpreted. Ops that may fault, exit or
 *	raise floating-point exceptions count in any case. May be NULL.
 * @changes: out: by pass, what it did to the last unit
 * @pass: the pass that runs
 * @holes: it has made ops VMXL_IR_NONE
 * @to: by op, the value that stands for it
 * @uses: by op, operands that name it; never too low
 * @home: by op, a slot that its value was seen in
 * @by: by slot, the op that read or wrote it last, if that is behind @barrier
 * @barrier: last op that may have written any slot
 * @zbits: by op, its value is the zero-extension of so many bits
 * @sbits: by op, its value is the sign-extension of so many bits
 * @need: by op, how many low bits its users look at
 * @seen: by hash, an op
 * @refs: by label, jumps to it
 */
struct vmxl_opt {
	s32 max_disp;
	const unsigned long *leaves;
	u32 changes[VMXL_OPT_NR];

	enum vmxl_opt_pass pass;
	bool holes;
	u32 barrier;
	u16 to[VMXL_IR_MAX_OPS + 1];
	u16 uses[VMXL_IR_MAX_OPS];
	u16 home[VMXL_IR_MAX_OPS];
	u16 by[VMXL_SLOT_NR];
	u8 zbits[VMXL_IR_MAX_OPS];
	u8 sbits[VMXL_IR_MAX_OPS];
	u8 need[VMXL_IR_MAX_OPS];
	u16 seen[256];
	u16 refs[VMXL_IR_MAX_LABELS];
};

int vmxl_optimize(struct vmxl_ir *ir, struct vmxl_opt *ctx, u32 enabled);
const char *vmxl_opt_name(enum vmxl_opt_pass pass);

#endif /* VMXL_OPT_H */
