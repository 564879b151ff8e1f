// SPDX-License-Identifier: GPL-2.0
/*
 * The list of passes.
 *
 * Input: a unit that vmxl_ir_verify() accepts. Output: the same unit, made
 * shorter: each way out of it sees the same guest state, instructions are
 * counted and faults are found at the same places.
 * Rules: in place, linear in the number of ops, memory is the caller's.
 */
#include <linux/errno.h>
#include "pass.h"

static const struct {
	const char *name;
	void (*run)(struct vmxl_ir *ir, struct vmxl_opt *ctx);
} passes[VMXL_OPT_NR_ALL] = {
	[VMXL_OPT_FORWARD]	= { "forward",	vmxl_opt_forward },
	[VMXL_OPT_DEADPUT]	= { "deadput",	vmxl_opt_deadput },
	[VMXL_OPT_FOLD]		= { "fold",	vmxl_opt_fold },
	[VMXL_OPT_NARROW]	= { "narrow",	vmxl_opt_narrow },
	[VMXL_OPT_DEMAND]	= { "demand",	vmxl_opt_demand },
	[VMXL_OPT_FUSE]		= { "fuse",	vmxl_opt_fuse },
	[VMXL_OPT_CSE]		= { "cse",	vmxl_opt_cse },
	[VMXL_OPT_DCE]		= { "dce",	vmxl_opt_dce },
	[VMXL_OPT_CHECKS]	= { "checks" },	/* vmxl_compile_args.check_all */
};

const u8 vmxl_opt_traits[VMXL_IR_NR] = {
	[VMXL_IR_ADD]	 = OPT_COMMUTES | OPT_LOW,
	[VMXL_IR_SUB]	 = OPT_LOW,
	[VMXL_IR_MUL]	 = OPT_COMMUTES | OPT_LOW,
	[VMXL_IR_MULHS]	 = OPT_COMMUTES,
	[VMXL_IR_MULHU]	 = OPT_COMMUTES,
	[VMXL_IR_AND]	 = OPT_COMMUTES | OPT_LOW,
	[VMXL_IR_OR]	 = OPT_COMMUTES | OPT_LOW,
	[VMXL_IR_XOR]	 = OPT_COMMUTES | OPT_LOW,
	[VMXL_IR_ANDN]	 = OPT_LOW,
	[VMXL_IR_ORN]	 = OPT_LOW,
	[VMXL_IR_XNOR]	 = OPT_COMMUTES | OPT_LOW,
	[VMXL_IR_SMIN]	 = OPT_COMMUTES,
	[VMXL_IR_SMAX]	 = OPT_COMMUTES,
	[VMXL_IR_UMIN]	 = OPT_COMMUTES,
	[VMXL_IR_UMAX]	 = OPT_COMMUTES,
	[VMXL_IR_CLMUL]	 = OPT_COMMUTES,
	[VMXL_IR_CLMULH] = OPT_COMMUTES,
	[VMXL_IR_FL_ADD] = OPT_COMMUTES,
	[VMXL_IR_FL_ADC] = OPT_COMMUTES,
	[VMXL_IR_FL_MUL] = OPT_COMMUTES,
	[VMXL_IR_FL_UMUL] = OPT_COMMUTES,
	[VMXL_IR_VAND]	 = OPT_COMMUTES,
	[VMXL_IR_VOR]	 = OPT_COMMUTES,
	[VMXL_IR_VXOR]	 = OPT_COMMUTES,
	[VMXL_IR_VADD]	 = OPT_COMMUTES,
	[VMXL_IR_VCMPEQ] = OPT_COMMUTES,
};

/* Whatever is used as an index is in range; the rest of a bad unit does no harm. */
static bool op_ok(const struct vmxl_ir *ir, const struct vmxl_op *op, unsigned int i)
{
	if (op->op <= VMXL_IR_NONE || op->op >= VMXL_IR_NR || op->type >= VMXL_T_NR)
		return false;
	if (op->a >= i || op->b >= i || op->c >= i)
		return false;
	switch (vmxl_opdesc[op->op].imm) {
	case VMXL_IMM_SLOT:
		return vmxl_ir_slot_ok(op->imm, op->type == VMXL_T_V128);
	case VMXL_IMM_LABEL:
		return op->imm >= 0 && op->imm < VMXL_IR_MAX_LABELS;
	default:
		return true;
	}
}

static bool unit_ok(const struct vmxl_ir *ir)
{
	unsigned int i;

	if (ir->full || !ir->nr_ops || ir->nr_ops > VMXL_IR_MAX_OPS ||
	    ir->nr_insns > VMXL_IR_MAX_INSNS || ir->nr_exits > VMXL_IR_MAX_EXITS)
		return false;
	for (i = 1; i < ir->nr_ops; i++)
		if (!op_ok(ir, &ir->ops[i], i))
			return false;
	for (i = 0; i < ir->nr_insns; i++)
		if (ir->insns[i].op > ir->nr_ops)
			return false;
	return ir->ops[0].op == VMXL_IR_NONE;
}

/* Close the gaps. An instruction whose first ops are gone begins at the next one left. */
static void compact(struct vmxl_ir *ir, struct vmxl_opt *ctx)
{
	unsigned int i, n = 1;
	u16 *to = ctx->to;

	to[0] = 0;
	for (i = 1; i < ir->nr_ops; i++) {
		struct vmxl_op *op = &ir->ops[i];

		to[i] = n;
		if (op->op == VMXL_IR_NONE)
			continue;
		op->a = to[op->a];
		op->b = to[op->b];
		op->c = to[op->c];
		ir->ops[n++] = *op;
	}
	to[i] = n;
	ir->nr_ops = n;
	for (i = 0; i < ir->nr_insns; i++)
		ir->insns[i].op = to[ir->insns[i].op];
}

/**
 * vmxl_opt_count_uses() - fill in @ctx->uses
 * @ir: the unit
 * @ctx: scratch memory
 *
 * What dead ops use does not count: a pass that looks at uses passes them over.
 */
void vmxl_opt_count_uses(const struct vmxl_ir *ir, struct vmxl_opt *ctx)
{
	u16 *uses = ctx->uses;
	unsigned int i;

	memset(uses, 0, ir->nr_ops * sizeof(*uses));
	for (i = ir->nr_ops - 1; i; i--) {
		const struct vmxl_op *op = &ir->ops[i];

		if (opt_is_dead(ctx, op, i))
			continue;
		uses[op->a]++;
		uses[op->b]++;
		uses[op->c]++;
	}
}

/**
 * vmxl_opt_name() - the name of a pass
 * @pass: the pass
 */
const char *vmxl_opt_name(enum vmxl_opt_pass pass)
{
	return passes[pass].name;
}

/**
 * vmxl_optimize() - run the passes on a unit
 * @ir: the unit
 * @ctx: what the caller wants, scratch memory
 * @enabled: bits of the passes, VMXL_OPT_ALL for all
 *
 * Return: 0, or -EINVAL: not a unit that vmxl_ir_verify() accepts; it may be
 * changed then, and is not to be used.
 */
int vmxl_optimize(struct vmxl_ir *ir, struct vmxl_opt *ctx, u32 enabled)
{
	unsigned int p;

	if (!unit_ok(ir))
		return -EINVAL;
	memset(ctx->changes, 0, sizeof(ctx->changes));
	for (p = 0; p < VMXL_OPT_NR; p++) {
		if (!(enabled & (1u << p)))
			continue;
		ctx->pass = p;
		ctx->holes = false;
		ctx->to[0] = 0;
		passes[p].run(ir, ctx);
		if (ctx->holes)
			compact(ir, ctx);
		if (IS_ENABLED(VMXL_DEBUG) && vmxl_ir_verify(ir, NULL))
			return -EINVAL;
	}
	return 0;
}
