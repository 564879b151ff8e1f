// SPDX-License-Identifier: GPL-2.0
/*
 * Two ops in one: additions into displacements and other additions, shifts
 * into additions, comparisons into what asks for their result.
 *
 * That makes the operands of the first op live longer. It is done where this
 * costs no register: the first op has no other use, or its operand is in a
 * slot still and need not be kept elsewhere.
 */
#include "pass.h"

struct fuse {
	struct vmxl_ir *ir;
	struct vmxl_opt *ctx;
	struct vmxl_op *op;
	unsigned int i;
};

/* The operands of the op at hand that are another op's result */
static const struct vmxl_op *def(const struct fuse *f, vmxl_ref r)
{
	return &f->ir->ops[r];
}

static bool is_zero(const struct fuse *f, vmxl_ref r)
{
	return opt_is_const(f->ir, r) && !opt_const(f->ir, r);
}

static bool at_home(const struct fuse *f, vmxl_ref v)
{
	unsigned int d;

	if (opt_is_const(f->ir, v))
		return true;
	d = f->ctx->by[f->ctx->home[v]];
	return d > f->ctx->barrier && (d == v || def(f, d)->a == v);
}

/* May @r be computed again as part of the op at hand? */
static bool free_to_fuse(const struct fuse *f, vmxl_ref r)
{
	const struct vmxl_op *d = def(f, r);

	return f->ctx->uses[r] <= 1 || (at_home(f, d->a) && (!d->b || at_home(f, d->b)));
}

static void take_args(struct fuse *f, vmxl_ref a, vmxl_ref b)
{
	f->op->a = a;
	f->op->b = b;
	f->ctx->uses[a]++;
	f->ctx->uses[b]++;
	opt_changed(f->ctx);
}

/* Is @d of a type whose low bits will do as an operand of an op of @type? */
static bool will_do(const struct vmxl_op *d, u8 type)
{
	return type != VMXL_T_I64 || d->type == VMXL_T_I64;
}

/* x + c, to be part of an op of @type */
static bool is_add_const(const struct fuse *f, vmxl_ref r, u8 type)
{
	const struct vmxl_op *d = def(f, r);

	return d->op == VMXL_IR_ADD && will_do(d, type) && opt_is_const(f->ir, d->b);
}

/* LD, ST: [x + c + disp] */
static void fuse_address(struct fuse *f)
{
	const struct vmxl_op *d = def(f, f->op->a);
	s64 max = f->ctx->max_disp, c;

	if (!is_add_const(f, f->op->a, VMXL_T_I64) || !free_to_fuse(f, f->op->a))
		return;
	c = opt_const(f->ir, d->b);
	if (c > S32_MAX || c < S32_MIN || f->op->imm + c > max || f->op->imm + c < -max)
		return;
	f->op->imm += c;
	f->op->a = d->a;
	f->ctx->uses[d->a]++;
	opt_changed(f->ctx);
}

/* (x + c1) + c2 */
static void fuse_add_const(struct fuse *f)
{
	struct vmxl_op *op = f->op;
	const struct vmxl_op *d = def(f, op->a);
	u64 sum;

	if (!is_add_const(f, op->a, op->type) || !free_to_fuse(f, op->a))
		return;
	sum = opt_const(f->ir, d->b) + opt_const(f->ir, op->b);
	if (op->type != VMXL_T_I64)
		sum = (s32)sum;
	if (opt_set_const(f->ir, f->ctx, op->b, sum))
		take_args(f, d->a, op->b);
}

/* (x << c) + y for the shifts that address arithmetic has */
static bool fuse_shadd(struct fuse *f, vmxl_ref shifted, vmxl_ref other)
{
	const struct vmxl_op *d = def(f, shifted);
	u64 c;

	if (d->op != VMXL_IR_SHL || !will_do(d, f->op->type) || !opt_is_const(f->ir, d->b) ||
	    !free_to_fuse(f, shifted))
		return false;
	c = opt_const(f->ir, d->b);
	if (c < 1 || c > 3)
		return false;
	f->op->op = VMXL_IR_SHADD;
	f->op->imm = c;
	take_args(f, d->a, other);
	return true;
}

static bool shift_by_const(const struct fuse *f, const struct vmxl_op *d, u16 op, bool w, u64 *c)
{
	bool wide = d->type == VMXL_T_I64;

	if (d->op != op || wide != w || !opt_is_const(f->ir, d->b))
		return false;
	*c = opt_const(f->ir, d->b) & (w ? 63 : 31);
	return true;
}

/*
 * (x << c) | (x >> (width - c)), and with + or ^ for |: a rotation. The halves of
 * an op of 64 bits may be of 32: neither has bits of the other, and the one of
 * the left shift says how the sum is extended.
 */
static bool fuse_rotate(struct fuse *f, vmxl_ref left, vmxl_ref right)
{
	const struct vmxl_op *l = def(f, left), *r = def(f, right);
	bool w = l->type == VMXL_T_I64;
	u64 cl, cr;

	if (!shift_by_const(f, l, VMXL_IR_SHL, w, &cl) ||
	    !shift_by_const(f, r, VMXL_IR_SHR, w, &cr) || l->a != r->a ||
	    cl + cr != (w ? 64 : 32) || (w && f->op->type != VMXL_T_I64) ||
	    !free_to_fuse(f, left) || !free_to_fuse(f, right))
		return false;
	if (f->op->type == VMXL_T_I64)
		f->op->type = l->type;
	f->op->op = VMXL_IR_ROR;
	take_args(f, l->a, r->b);
	return true;
}

static bool fuse_halves(struct fuse *f)
{
	return fuse_rotate(f, f->op->a, f->op->b) || fuse_rotate(f, f->op->b, f->op->a);
}

static void fuse_add(struct fuse *f)
{
	struct vmxl_op *op = f->op;

	if (opt_is_const(f->ir, op->b))
		fuse_add_const(f);
	else if (fuse_halves(f))
		return;
	else if (!fuse_shadd(f, op->a, op->b))
		fuse_shadd(f, op->b, op->a);
}

/* What FL_TEST says of the flags of a - b: a comparison of a and b, or of b and a */
static const struct {
	u8 cc;
	bool turned;
	bool there;
} compare_of[VMXL_FLCC_NR] = {
	[VMXL_FLCC_Z]	= { VMXL_CC_EQ,  false, true },
	[VMXL_FLCC_NZ]	= { VMXL_CC_NE,  false, true },
	[VMXL_FLCC_C]	= { VMXL_CC_LTU, false, true },
	[VMXL_FLCC_NC]	= { VMXL_CC_GEU, false, true },
	[VMXL_FLCC_CZ]	= { VMXL_CC_GEU, true,  true },
	[VMXL_FLCC_NCZ]	= { VMXL_CC_LTU, true,  true },
	[VMXL_FLCC_LT]	= { VMXL_CC_LT,  false, true },
	[VMXL_FLCC_GE]	= { VMXL_CC_GE,  false, true },
	[VMXL_FLCC_LE]	= { VMXL_CC_GE,  true,  true },
	[VMXL_FLCC_GT]	= { VMXL_CC_LT,  true,  true },
};

static void fuse_fl_test(struct fuse *f)
{
	struct vmxl_op *op = f->op;
	const struct vmxl_op *d = def(f, op->a);
	bool turned;

	if (d->op != VMXL_IR_FL_SUB || (d->type != VMXL_T_I64 && d->type != VMXL_T_Z32) ||
	    op->aux >= VMXL_FLCC_NR || !compare_of[op->aux].there || !free_to_fuse(f, op->a))
		return;
	turned = compare_of[op->aux].turned;
	op->op = VMXL_IR_SET;
	op->type = d->type;
	op->aux = compare_of[op->aux].cc;
	take_args(f, turned ? d->b : d->a, turned ? d->a : d->b);
}

/* SET, BR, BRL: (a cc b) != 0, (a cc b) == 0 */
static void fuse_compare(struct fuse *f)
{
	struct vmxl_op *op = f->op;
	const struct vmxl_op *d = def(f, op->a);

	if (d->op != VMXL_IR_SET || op->aux > VMXL_CC_NE || !is_zero(f, op->b) ||
	    !free_to_fuse(f, op->a))
		return;
	op->type = d->type;
	op->aux = op->aux == VMXL_CC_NE ? d->aux : d->aux ^ 1;
	take_args(f, d->a, d->b);
}

/* (a cc b) ^ 1 */
static void fuse_not(struct fuse *f)
{
	struct vmxl_op *op = f->op;
	const struct vmxl_op *d = def(f, op->a);

	if (d->op != VMXL_IR_SET || !opt_is_const(f->ir, op->b) ||
	    opt_const(f->ir, op->b) != 1 || !free_to_fuse(f, op->a))
		return;
	op->op = VMXL_IR_SET;
	op->type = d->type;
	op->aux = d->aux ^ 1;
	take_args(f, d->a, d->b);
}

/* a != 0 ? b : c, a == 0 ? b : c */
static void fuse_sel(struct fuse *f)
{
	struct vmxl_op *op = f->op;
	const struct vmxl_op *d = def(f, op->a);

	if (d->op != VMXL_IR_SET || d->type != VMXL_T_I64 || d->aux > VMXL_CC_NE ||
	    !is_zero(f, d->b) || !free_to_fuse(f, op->a))
		return;
	if (d->aux == VMXL_CC_EQ)
		swap(op->b, op->c);
	op->a = d->a;
	f->ctx->uses[d->a]++;
	opt_changed(f->ctx);
}

static void see_slot(struct fuse *f)
{
	vmxl_ref v = f->op->op == VMXL_IR_GET ? f->i : f->op->a;

	opt_slot_set(f->ctx, f->op, f->i);
	f->ctx->home[v] = f->op->imm;
}

static void fuse_op(struct fuse *f)
{
	switch (f->op->op) {
	case VMXL_IR_GET:
	case VMXL_IR_PUT:
		see_slot(f);
		break;
	case VMXL_IR_ADD:
		fuse_add(f);
		break;
	case VMXL_IR_LD:
	case VMXL_IR_ST:
		fuse_address(f);
		break;
	case VMXL_IR_SET:
	case VMXL_IR_BR:
	case VMXL_IR_BRL:
		fuse_compare(f);
		break;
	case VMXL_IR_XOR:
		if (!fuse_halves(f))
			fuse_not(f);
		break;
	case VMXL_IR_OR:
		fuse_halves(f);
		break;
	case VMXL_IR_SEL:
		fuse_sel(f);
		break;
	case VMXL_IR_FL_TEST:
		fuse_fl_test(f);
		break;
	default:
		opt_slots_other(f->ctx, f->op, f->i);
	}
}

/**
 * vmxl_opt_fuse() - the pass
 * @ir: the unit
 * @ctx: scratch memory
 */
void vmxl_opt_fuse(struct vmxl_ir *ir, struct vmxl_opt *ctx)
{
	struct fuse f = { .ir = ir, .ctx = ctx };

	opt_slots_init(ctx);
	vmxl_opt_count_uses(ir, ctx);
	memset(ctx->home, 0, ir->nr_ops * sizeof(ctx->home[0]));
	for (f.i = 1; f.i < ir->nr_ops; f.i++) {
		f.op = &ir->ops[f.i];
		if (!opt_is_dead(ctx, f.op, f.i))
			fuse_op(&f);
	}
}
