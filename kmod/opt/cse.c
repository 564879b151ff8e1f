// SPDX-License-Identifier: GPL-2.0
/*
 * The same op on the same values gives the same value. Pure ops only: loads
 * are not among them, since what is read may be a device's register.
 *
 * A table by hash keeps the last op of each hash: one look an op, and a match
 * missed now and then.
 */
#include "pass.h"

static unsigned int hash(const struct vmxl_op *op)
{
	u64 h = op->op | (u64)op->type << 8 | (u64)op->aux << 16 | (u64)op->a << 24 |
		(u64)op->b << 36 | (u64)op->c << 48;

	h = (h ^ (u64)op->imm * 0x9e3779b97f4a7c15ULL) * 0xd6e8feb86659fd93ULL;
	return h >> 56;
}

static bool same(const struct vmxl_op *x, const struct vmxl_op *y)
{
	return x->op == y->op && x->type == y->type && x->aux == y->aux && x->a == y->a &&
	       x->b == y->b && x->c == y->c && x->imm == y->imm;
}

static void look(struct vmxl_ir *ir, struct vmxl_opt *ctx, struct vmxl_op *op, unsigned int i)
{
	u16 *seen;

	if ((vmxl_opt_traits[op->op] & OPT_COMMUTES) && op->a > op->b &&
	    !opt_is_const(ir, op->b))
		swap(op->a, op->b);
	seen = &ctx->seen[hash(op)];
	if (*seen > ctx->barrier && same(&ir->ops[*seen], op))
		opt_replace(ctx, i, *seen);
	else
		*seen = i;
}

/**
 * vmxl_opt_cse() - the pass
 * @ir: the unit
 * @ctx: scratch memory
 */
void vmxl_opt_cse(struct vmxl_ir *ir, struct vmxl_opt *ctx)
{
	unsigned int i;

	static_assert(ARRAY_SIZE(ctx->seen) == 256);
	memset(ctx->seen, 0, sizeof(ctx->seen));
	memset(ctx->uses, 0, ir->nr_ops * sizeof(ctx->uses[0]));
	ctx->barrier = 0;
	for (i = 1; i < ir->nr_ops; i++) {
		struct vmxl_op *op = &ir->ops[i];

		opt_args(ctx, op, i);
		if (op->op == VMXL_IR_LABEL)
			ctx->barrier = i;
		else if (vmxl_opdesc[op->op].effects == VMXL_EFF_PURE)
			look(ir, ctx, op, i);
	}
}
