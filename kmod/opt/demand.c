// SPDX-License-Identifier: GPL-2.0
/*
 * What of each value is asked for. Of a 32-bit op whose users take but the low
 * half the result need not be sign-extended: hosts zero-extend for nothing. An
 * extension whose users take no more than it keeps goes.
 *
 * Backwards: how many low bits of a value its users look at. Forwards: the ops.
 */
#include "pass.h"

static u8 of_low(const struct vmxl_op *op, u8 need)
{
	return op->type == VMXL_T_I64 ? need : min_t(u8, need, 32);
}

/* A mask hides what is above it. */
static u8 of_and(const struct vmxl_ir *ir, const struct vmxl_op *op, u8 need)
{
	u8 low = of_low(op, need);

	return opt_is_const(ir, op->b) ? min_t(u8, low, fls64(opt_const(ir, op->b))) : low;
}

static u8 whole(const struct vmxl_op *op)
{
	return op->type == VMXL_T_S32 || op->type == VMXL_T_Z32 ? 32 : 64;
}

/* Low bits that the integer op @op looks at of its first operand, of whose result @need are */
static u8 of_first(const struct vmxl_ir *ir, const struct vmxl_op *op, u8 need)
{
	switch (op->op) {
	case VMXL_IR_AND:
		return of_and(ir, op, need);
	case VMXL_IR_SHL:
	case VMXL_IR_SHADD:
		return of_low(op, need);
	case VMXL_IR_EXTRACT:
		return min_t(u32, 64, (op->imm & 63) + (op->imm >> 8 & 0x7f));
	case VMXL_IR_SEL:
		return 64;
	default:
		if (opt_ext_bits(op))
			return min_t(u8, need, opt_ext_bits(op));
		return vmxl_opt_traits[op->op] & OPT_LOW ? of_low(op, need) : whole(op);
	}
}

/* The same of its other operands */
static u8 of_others(const struct vmxl_op *op, u8 need)
{
	if (op->op >= VMXL_IR_SHL && op->op <= VMXL_IR_ROR)
		return 6;
	if (op->op == VMXL_IR_SHADD || op->op == VMXL_IR_SEL ||
	    (vmxl_opt_traits[op->op] & OPT_LOW))
		return of_low(op, need);
	return whole(op);
}

static void want(struct vmxl_opt *ctx, vmxl_ref r, u8 bits)
{
	ctx->need[r] = max(ctx->need[r], bits);
}

static void want_args(const struct vmxl_ir *ir, struct vmxl_opt *ctx, unsigned int i)
{
	const struct vmxl_op *op = &ir->ops[i];
	u8 a = 64, others = 64;

	if (op->op >= VMXL_IR_ADD && op->op <= VMXL_IR_SEL) {
		a = of_first(ir, op, ctx->need[i]);
		others = of_others(op, ctx->need[i]);
	} else if (op->op == VMXL_IR_ST && vmxl_mt_size(op->aux) < 8) {
		others = 8 * vmxl_mt_size(op->aux);
	} else if (op->op == VMXL_IR_BR || op->op == VMXL_IR_BRL) {
		a = whole(op);
		others = a;
	}
	want(ctx, op->a, a);
	want(ctx, op->b, others);
	want(ctx, op->c, others);
}

static void look(struct vmxl_opt *ctx, struct vmxl_op *op, unsigned int i)
{
	unsigned int ext = opt_ext_bits(op);

	if (ext && ext >= ctx->need[i]) {
		opt_replace(ctx, i, op->a);
	} else if (ctx->need[i] <= 32 && op->type == VMXL_T_S32 && op->op >= VMXL_IR_ADD &&
		   op->op <= VMXL_IR_ZEXT32) {
		op->type = VMXL_T_Z32;
		opt_changed(ctx);
	}
}

/**
 * vmxl_opt_demand() - the pass
 * @ir: the unit
 * @ctx: scratch memory
 */
void vmxl_opt_demand(struct vmxl_ir *ir, struct vmxl_opt *ctx)
{
	unsigned int i;

	memset(ctx->need, 0, ir->nr_ops * sizeof(ctx->need[0]));
	memset(ctx->uses, 0, ir->nr_ops * sizeof(ctx->uses[0]));
	for (i = ir->nr_ops - 1; i; i--)
		if (ctx->need[i] || !vmxl_ir_pure(&ir->ops[i]))
			want_args(ir, ctx, i);
	for (i = 1; i < ir->nr_ops; i++) {
		struct vmxl_op *op = &ir->ops[i];

		opt_args(ctx, op, i);
		if (ctx->need[i])
			look(ctx, op, i);
	}
}
