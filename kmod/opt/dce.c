// SPDX-License-Identifier: GPL-2.0
/*
 * Dead code: ops that are not reached, labels that are not jumped to, jumps to
 * the next op, and then ops that do nothing but compute a value that nobody
 * wants.
 */
#include "pass.h"

static bool is_jump(const struct vmxl_op *op)
{
	return op->op == VMXL_IR_GOTO || op->op == VMXL_IR_BRL;
}

static bool stops(const struct vmxl_op *op)
{
	return op->op == VMXL_IR_GOTO || (vmxl_opdesc[op->op].effects & VMXL_EFF_END);
}

/* Count the jumps to each label; return the last LABEL. */
static unsigned int count_refs(const struct vmxl_ir *ir, struct vmxl_opt *ctx)
{
	unsigned int i, last = 0;

	memset(ctx->refs, 0, sizeof(ctx->refs));
	for (i = 1; i < ir->nr_ops; i++) {
		if (is_jump(&ir->ops[i]))
			ctx->refs[ir->ops[i].imm]++;
		else if (ir->ops[i].op == VMXL_IR_LABEL)
			last = i;
	}
	return last;
}

/*
 * A LABEL behind @prev, the last op that stays: is it reached? A unit must not
 * end with a GOTO: what is behind the last LABEL stays then, reached or not.
 */
static bool at_label(struct vmxl_opt *ctx, struct vmxl_op *prev, struct vmxl_op *op,
		     bool reached, bool is_last)
{
	if (is_jump(prev) && prev->imm == op->imm) {
		reached = true;
		ctx->refs[op->imm]--;
		opt_kill(ctx, prev);
	}
	if (!reached)
		return ctx->refs[op->imm] || (is_last && prev->op == VMXL_IR_GOTO);
	if (!ctx->refs[op->imm])
		opt_kill(ctx, op);
	return true;
}

static void flow(struct vmxl_ir *ir, struct vmxl_opt *ctx)
{
	unsigned int i, prev = 0, last = count_refs(ir, ctx);
	struct vmxl_op *ops = ir->ops;
	bool reached = true;

	for (i = 1; last && i < ir->nr_ops; i++) {
		struct vmxl_op *op = &ops[i];

		if (op->op == VMXL_IR_LABEL)
			reached = at_label(ctx, &ops[prev], op, reached, i == last);
		if (!reached) {
			if (is_jump(op))
				ctx->refs[op->imm]--;
			opt_kill(ctx, op);
		}
		if (op->op == VMXL_IR_NONE)
			continue;
		prev = i;
		reached = !stops(op);
	}
}

static void unused(struct vmxl_ir *ir, struct vmxl_opt *ctx)
{
	u16 *uses = ctx->uses;
	unsigned int i;

	memset(uses, 0, ir->nr_ops * sizeof(*uses));
	for (i = ir->nr_ops - 1; i; i--) {
		struct vmxl_op *op = &ir->ops[i];

		if (!uses[i] && op->op != VMXL_IR_NONE && vmxl_ir_pure(op)) {
			opt_kill(ctx, op);
			continue;
		}
		uses[op->a] = 1;
		uses[op->b] = 1;
		uses[op->c] = 1;
	}
}

/**
 * vmxl_opt_dce() - the pass
 * @ir: the unit
 * @ctx: scratch memory
 */
void vmxl_opt_dce(struct vmxl_ir *ir, struct vmxl_opt *ctx)
{
	flow(ir, ctx);
	unused(ir, ctx);
}
