// SPDX-License-Identifier: GPL-2.0
/*
 * PUTs that are overwritten before anybody can see them: no GET of the slot
 * and nothing that may leave the unit comes in between.
 *
 * Backwards: by[slot] is the number of the stretch (between two ops that may
 * leave) in which a later PUT overwrites the slot; uses[] tells the GETs
 * whose value somebody wants.
 */
#include "pass.h"

static bool may_leave(const struct vmxl_opt *ctx, const struct vmxl_op *op)
{
	if (vmxl_opdesc[op->op].effects != VMXL_EFF_PURE)
		return true;
	return ctx->leaves && test_bit(op->op, ctx->leaves);
}

static void want_args(struct vmxl_opt *ctx, const struct vmxl_op *op)
{
	ctx->uses[op->a] = 1;
	ctx->uses[op->b] = 1;
	ctx->uses[op->c] = 1;
}

static void put(struct vmxl_opt *ctx, struct vmxl_op *op, u16 stretch)
{
	unsigned int v = op->type == VMXL_T_V128;

	if (ctx->by[op->imm] == stretch && ctx->by[op->imm + v] == stretch) {
		opt_kill(ctx, op);
		return;
	}
	ctx->by[op->imm] = stretch;
	ctx->by[op->imm + v] = stretch;
	want_args(ctx, op);
}

static void get(struct vmxl_opt *ctx, const struct vmxl_op *op, unsigned int i)
{
	if (!ctx->uses[i])
		return;
	ctx->by[op->imm] = 0;
	ctx->by[op->imm + (op->type == VMXL_T_V128)] = 0;
}

/**
 * vmxl_opt_deadput() - the pass
 * @ir: the unit
 * @ctx: scratch memory
 */
void vmxl_opt_deadput(struct vmxl_ir *ir, struct vmxl_opt *ctx)
{
	unsigned int i;
	u16 stretch = 1;

	opt_slots_init(ctx);
	memset(ctx->uses, 0, ir->nr_ops * sizeof(ctx->uses[0]));
	for (i = ir->nr_ops - 1; i; i--) {
		struct vmxl_op *op = &ir->ops[i];

		if (op->op == VMXL_IR_PUT) {
			put(ctx, op, stretch);
		} else if (op->op == VMXL_IR_GET) {
			get(ctx, op, i);
		} else {
			bool leave = may_leave(ctx, op);

			stretch += leave;
			if (leave || ctx->uses[i])
				want_args(ctx, op);
		}
	}
}
