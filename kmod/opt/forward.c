// SPDX-License-Identifier: GPL-2.0
/*
 * Guest registers: a GET of what was read or written before is that value, a
 * PUT of what the slot has already is none.
 *
 * A helper may write any slot; a LABEL ends the life of values; floating-point
 * ops write fp_flags. A fault or an exit leaves the unit: what comes after it
 * runs only if the slots are as they were.
 */
#include "pass.h"

static void get(struct vmxl_ir *ir, struct vmxl_opt *ctx, struct vmxl_op *op, unsigned int i)
{
	vmxl_ref v = opt_slot_value(ir, ctx, op);

	if (v)
		opt_replace(ctx, i, v);
	else
		opt_slot_set(ctx, op, i);
}

static void put(struct vmxl_ir *ir, struct vmxl_opt *ctx, struct vmxl_op *op, unsigned int i)
{
	if (opt_slot_value(ir, ctx, op) == op->a)
		opt_kill(ctx, op);
	else
		opt_slot_set(ctx, op, i);
}

/**
 * vmxl_opt_forward() - the pass
 * @ir: the unit
 * @ctx: scratch memory
 */
void vmxl_opt_forward(struct vmxl_ir *ir, struct vmxl_opt *ctx)
{
	unsigned int i;

	opt_slots_init(ctx);
	memset(ctx->uses, 0, ir->nr_ops * sizeof(ctx->uses[0]));
	for (i = 1; i < ir->nr_ops; i++) {
		struct vmxl_op *op = &ir->ops[i];

		opt_args(ctx, op, i);
		if (op->op == VMXL_IR_GET)
			get(ir, ctx, op, i);
		else if (op->op == VMXL_IR_PUT)
			put(ir, ctx, op, i);
		else
			opt_slots_other(ctx, op, i);
	}
}
