// SPDX-License-Identifier: GPL-2.0
/*
 * Constants: ops on them are evaluated, with the functions that the interpreter
 * computes with; ops that do nothing to their operand, or give the same for
 * any, are replaced; constants go to the right; expensive ops and odd
 * forms become plain ones; what is decided is no branch any more.
 */
#include <linux/log2.h>
#include "pass.h"

/* x op x */
enum same { SAME_NO, SAME_X, SAME_ZERO, SAME_ONES };

/*
 * x op @neutral = x; x op @absorbs = @gives. Only for ops that have @has: bit 0:
 * a neutral constant, bit 1: one that absorbs.
 */
struct identity {
	u8 has;
	u8 same;
	s8 neutral;
	s8 absorbs;
	s8 gives;
};

#define N	1u
#define A	2u

static const struct identity identities[VMXL_IR_NR] = {
	[VMXL_IR_ADD]	 = { N, SAME_NO, 0 },
	[VMXL_IR_SUB]	 = { N, SAME_ZERO, 0 },
	[VMXL_IR_MUL]	 = { N | A, SAME_NO, 1, 0, 0 },
	[VMXL_IR_MULHS]	 = { A, SAME_NO, 0, 0, 0 },
	[VMXL_IR_MULHU]	 = { A, SAME_NO, 0, 0, 0 },
	[VMXL_IR_MULHSU] = { A, SAME_NO, 0, 0, 0 },
	[VMXL_IR_DIVS]	 = { N | A, SAME_NO, 1, 0, -1 },
	[VMXL_IR_DIVU]	 = { N | A, SAME_NO, 1, 0, -1 },
	[VMXL_IR_REMS]	 = { N | A, SAME_ZERO, 0, 1, 0 },
	[VMXL_IR_REMU]	 = { N | A, SAME_ZERO, 0, 1, 0 },
	[VMXL_IR_AND]	 = { N | A, SAME_X, -1, 0, 0 },
	[VMXL_IR_OR]	 = { N | A, SAME_X, 0, -1, -1 },
	[VMXL_IR_XOR]	 = { N, SAME_ZERO, 0 },
	[VMXL_IR_ANDN]	 = { N | A, SAME_ZERO, 0, -1, 0 },
	[VMXL_IR_ORN]	 = { N | A, SAME_ONES, -1, 0, -1 },
	[VMXL_IR_XNOR]	 = { N, SAME_ONES, -1 },
	[VMXL_IR_SHL]	 = { N, SAME_NO, 0 },
	[VMXL_IR_SHR]	 = { N, SAME_NO, 0 },
	[VMXL_IR_SAR]	 = { N, SAME_NO, 0 },
	[VMXL_IR_ROL]	 = { N, SAME_NO, 0 },
	[VMXL_IR_ROR]	 = { N, SAME_NO, 0 },
	[VMXL_IR_SMIN]	 = { 0, SAME_X },
	[VMXL_IR_SMAX]	 = { 0, SAME_X },
	[VMXL_IR_UMIN]	 = { N | A, SAME_X, -1, 0, 0 },
	[VMXL_IR_UMAX]	 = { N | A, SAME_X, 0, -1, -1 },
	[VMXL_IR_CLMUL]	 = { N | A, SAME_NO, 1, 0, 0 },
	[VMXL_IR_CLMULH] = { A, SAME_NO, 0, 0, 0 },
};

struct fold {
	struct vmxl_ir *ir;
	struct vmxl_opt *ctx;
	struct vmxl_op *op;
	unsigned int i;
	bool no_label;		/* there are no more LABELs */
};

static void make_const(struct fold *f, u64 val)
{
	opt_make_const(f->ctx, f->op, val);
}

static void copy(struct fold *f, vmxl_ref v)
{
	opt_copy(f->ctx, f->op, f->i, v);
}

/* The op becomes another one on its first operand. */
static void make_unary(struct fold *f, u16 op)
{
	*f->op = (struct vmxl_op){ .op = op, .type = f->op->type, .a = f->op->a };
	opt_changed(f->ctx);
}

/* The op becomes @op with the constant @val on the right. */
static bool make_imm(struct fold *f, u16 op, u64 val)
{
	if (f->op->type != VMXL_T_I64)
		val = (s32)val;
	if (!opt_set_const(f->ir, f->ctx, f->op->b, val))
		return false;
	f->op->op = op;
	f->op->imm = 0;
	opt_changed(f->ctx);
	return true;
}

static bool eval(struct fold *f)
{
	const struct vmxl_op *op = f->op;
	unsigned int n;
	u64 v[3] = {}, res;

	for (n = 0; n < vmxl_opdesc[op->op].nargs; n++) {
		if (!opt_is_const(f->ir, vmxl_ir_arg(op, n)))
			return false;
		v[n] = opt_const(f->ir, vmxl_ir_arg(op, n));
	}
	if (op->op == VMXL_IR_FL_TEST)
		res = vmxl_alu_fl_test(op->aux, v[0]);
	else if (op->op >= VMXL_IR_FL_ADD && op->op <= VMXL_IR_FL_UMUL)
		res = vmxl_alu_flags(op->op, op->type, v[0], v[1], v[2]);
	else if (!vmxl_alu_eval(op, v, &res))
		return false;
	make_const(f, res);
	return true;
}

/* Integer ops of two operands */

static u64 width_mask(u8 type)
{
	return type == VMXL_T_I64 ? ~0ULL : U32_MAX;
}

static bool is_shift(u16 op)
{
	return op >= VMXL_IR_SHL && op <= VMXL_IR_ROR;
}

/* x op c that is x, or the same for all x */
static bool identity(struct fold *f, u64 c)
{
	const struct identity *id = &identities[f->op->op];
	u64 mask = width_mask(f->op->type);

	if (is_shift(f->op->op))
		mask = f->op->type == VMXL_T_I64 ? 63 : 31;
	if ((id->has & N) && !((c ^ (s64)id->neutral) & mask))
		copy(f, f->op->a);
	else if ((id->has & A) && !((c ^ (s64)id->absorbs) & mask))
		make_const(f, alu_extend(f->op->type, (s64)id->gives));
	else
		return false;
	return true;
}

/* A mask of the low 8, 16, 32 bits is an extension; all hosts have that. */
static bool and_mask(struct fold *f, u64 c)
{
	if (c == U8_MAX)
		make_unary(f, VMXL_IR_ZEXT8);
	else if (c == U16_MAX)
		make_unary(f, VMXL_IR_ZEXT16);
	else if (c == U32_MAX && f->op->type == VMXL_T_I64)
		make_unary(f, VMXL_IR_ZEXT32);
	else
		return false;
	return true;
}

/* x op c by a plainer op; @c has no bits above the width */
static bool strength(struct fold *f, u64 c)
{
	bool pow2 = is_power_of_2(c);

	switch (f->op->op) {
	case VMXL_IR_SUB:
		return make_imm(f, VMXL_IR_ADD, -c);
	case VMXL_IR_AND:
		return and_mask(f, c);
	case VMXL_IR_ANDN:
		return make_imm(f, VMXL_IR_AND, ~c);
	case VMXL_IR_ORN:
		return make_imm(f, VMXL_IR_OR, ~c);
	case VMXL_IR_XNOR:
		return make_imm(f, VMXL_IR_XOR, ~c);
	case VMXL_IR_MUL:
		return pow2 && make_imm(f, VMXL_IR_SHL, ilog2(c));
	case VMXL_IR_DIVU:
		return pow2 && make_imm(f, VMXL_IR_SHR, ilog2(c));
	case VMXL_IR_REMU:
		return pow2 && make_imm(f, VMXL_IR_AND, c - 1);
	default:
		return false;
	}
}

static void same_operands(struct fold *f)
{
	switch (identities[f->op->op].same) {
	case SAME_X:
		copy(f, f->op->a);
		break;
	case SAME_ZERO:
		make_const(f, 0);
		break;
	case SAME_ONES:
		make_const(f, alu_extend(f->op->type, ~0ULL));
		break;
	}
}

static void fold_binary(struct fold *f)
{
	struct vmxl_op *op = f->op;
	u64 c;

	if ((vmxl_opt_traits[op->op] & OPT_COMMUTES) && opt_is_const(f->ir, op->a))
		swap(op->a, op->b);
	if (opt_is_const(f->ir, op->b)) {
		if (eval(f))
			return;
		c = opt_const(f->ir, op->b);
		if (!identity(f, c))
			strength(f, c & width_mask(op->type));
	} else if (op->a == op->b) {
		same_operands(f);
	}
}

/* (a << imm) + b */
static void fold_shadd(struct fold *f)
{
	struct vmxl_op *op = f->op;
	s64 shift = op->imm & 63;

	if (eval(f))
		return;
	if (!shift) {
		op->op = VMXL_IR_ADD;
		op->imm = 0;
		fold_binary(f);
	} else if (opt_is_const(f->ir, op->b) &&
		   !(opt_const(f->ir, op->b) & width_mask(op->type))) {
		make_imm(f, VMXL_IR_SHL, shift);
	} else if (opt_is_const(f->ir, op->a)) {
		swap(op->a, op->b);
		if (!make_imm(f, VMXL_IR_ADD, opt_const(f->ir, op->b) << shift))
			swap(op->a, op->b);
	}
}

/* Comparisons */

enum known { KNOWN_NOT, KNOWN_FALSE, KNOWN_TRUE };

static enum known known(bool is)
{
	return is ? KNOWN_TRUE : KNOWN_FALSE;
}

static bool holds_for_equal(u8 cc)
{
	return cc == VMXL_CC_EQ || cc == VMXL_CC_GE || cc == VMXL_CC_GEU;
}

static void set_cc(struct fold *f, u8 cc)
{
	f->op->aux = cc;
	opt_changed(f->ctx);
}

/* A constant on the left: only equality can be turned round, and what compares with 0. */
static enum known constant_left(struct fold *f, u64 c)
{
	struct vmxl_op *op = f->op;

	if (op->aux == VMXL_CC_EQ || op->aux == VMXL_CC_NE) {
		swap(op->a, op->b);
	} else if (!c && op->aux == VMXL_CC_LTU) {	/* 0 < b */
		swap(op->a, op->b);
		set_cc(f, VMXL_CC_NE);
	} else if (!c && op->aux == VMXL_CC_GEU) {	/* 0 >= b */
		swap(op->a, op->b);
		set_cc(f, VMXL_CC_EQ);
	}
	return KNOWN_NOT;
}

static enum known constant_right(struct fold *f, u64 c)
{
	struct vmxl_op *op = f->op;

	if (op->aux != VMXL_CC_LTU && op->aux != VMXL_CC_GEU)
		return KNOWN_NOT;
	if (!c)
		return known(op->aux == VMXL_CC_GEU);
	if (c == 1 && opt_set_const(f->ir, f->ctx, op->b, 0))
		set_cc(f, op->aux == VMXL_CC_LTU ? VMXL_CC_EQ : VMXL_CC_NE);
	return KNOWN_NOT;
}

/* SET, BR, BRL: make the comparison plainer, or say how it comes out. */
static enum known compare(struct fold *f)
{
	struct vmxl_op *op = f->op;
	bool ca = opt_is_const(f->ir, op->a), cb = opt_is_const(f->ir, op->b);
	u64 mask = width_mask(op->type);

	if (op->a == op->b)
		return known(holds_for_equal(op->aux));
	if (ca && cb)
		return known(vmxl_alu_cc(op->aux, op->type, opt_const(f->ir, op->a),
					 opt_const(f->ir, op->b)));
	if (ca)
		return constant_left(f, opt_const(f->ir, op->a) & mask);
	return cb ? constant_right(f, opt_const(f->ir, op->b) & mask) : KNOWN_NOT;
}

static void fold_set(struct fold *f)
{
	enum known k = compare(f);

	if (k != KNOWN_NOT)
		make_const(f, k == KNOWN_TRUE);
}

/* Kill what follows, up to the next LABEL. */
static void cut(struct fold *f)
{
	unsigned int i;

	for (i = f->i + 1; i < f->ir->nr_ops && f->ir->ops[i].op != VMXL_IR_LABEL; i++)
		opt_kill(f->ctx, &f->ir->ops[i]);
}

static bool label_follows(struct fold *f)
{
	unsigned int i;

	for (i = f->i + 1; !f->no_label && i < f->ir->nr_ops; i++)
		if (f->ir->ops[i].op == VMXL_IR_LABEL)
			return true;
	f->no_label = true;
	return false;
}

/* A branch that is decided. A unit must not end with a GOTO. */
static void fold_branch(struct fold *f)
{
	enum known k = compare(f);
	bool br = f->op->op == VMXL_IR_BR;

	if (k == KNOWN_FALSE) {
		opt_kill(f->ctx, f->op);
	} else if (k == KNOWN_TRUE && (br || label_follows(f))) {
		*f->op = (struct vmxl_op){
			.op = br ? VMXL_IR_JUMP : VMXL_IR_GOTO, .imm = f->op->imm,
		};
		opt_changed(f->ctx);
		cut(f);
	}
}

static unsigned int insns_so_far(const struct fold *f)
{
	unsigned int n = 0;

	while (n < f->ir->nr_insns && f->ir->insns[n].op <= f->i)
		n++;
	return n;
}

/* An indirect jump to a known address is an exit; whether it may be linked is not known here. */
static void fold_jumpr(struct fold *f)
{
	struct vmxl_op *op = f->op;
	u32 exit;

	if (!opt_is_const(f->ir, op->a) || f->ir->nr_exits == VMXL_IR_MAX_EXITS)
		return;
	exit = vmxl_ir_exit(f->ir, opt_const(f->ir, op->a), insns_so_far(f), false, op->imm);
	*op = (struct vmxl_op){ .op = VMXL_IR_JUMP, .imm = exit };
	opt_changed(f->ctx);
}

/* Selection, fields, extensions */

static void fold_sel(struct fold *f)
{
	struct vmxl_op *op = f->op;

	if (op->b == op->c)
		copy(f, op->b);
	else if (opt_is_const(f->ir, op->a))
		copy(f, opt_const(f->ir, op->a) ? op->b : op->c);
}

static void fold_extract(struct fold *f)
{
	struct vmxl_op *op = f->op;

	if (eval(f))
		return;
	if (op->imm == 8 << 8)
		make_unary(f, VMXL_IR_ZEXT8);
	else if (op->imm == 16 << 8)
		make_unary(f, VMXL_IR_ZEXT16);
	else if (op->imm == 32 << 8 && op->type == VMXL_T_I64)
		make_unary(f, VMXL_IR_ZEXT32);
	else if (op->imm == 32 << 8 || op->imm == 64 << 8)
		copy(f, op->a);
}

static void fold_deposit(struct fold *f)
{
	if (!eval(f) && f->op->imm == (f->op->type == VMXL_T_I64 ? 64 : 32) << 8)
		copy(f, f->op->b);
}

/* SEXT32 and ZEXT32 of 32 bits do nothing but what the type does. */
static void fold_ext32(struct fold *f)
{
	if (!eval(f) && f->op->type != VMXL_T_I64)
		copy(f, f->op->a);
}

/* NaN boxes */

static void fold_fbox(struct fold *f)
{
	struct vmxl_op *op = f->op;
	unsigned int bits = opt_fp_bits(op->type);

	if (bits == 64)
		opt_replace(f->ctx, f->i, op->a);
	else if (opt_is_const(f->ir, op->a))
		make_const(f, opt_const(f->ir, op->a) | ~0ULL << bits);
}

/* What has been boxed comes out as it was, but for bits above it. */
static void fold_funbox(struct fold *f)
{
	const struct vmxl_op *in = &f->ir->ops[f->op->a];
	struct vmxl_op *op = f->op;
	unsigned int bits = opt_fp_bits(op->type);

	if (bits == 64) {
		opt_replace(f->ctx, f->i, op->a);
	} else if (opt_is_const(f->ir, op->a)) {
		u64 v = opt_const(f->ir, op->a);

		make_const(f, bits == 16 ? alu_unbox16(v) : alu_unbox32(v));
	} else if (in->op == VMXL_IR_FBOX && in->type == op->type) {
		op->a = in->a;
		op->type = VMXL_T_I64;
		f->ctx->uses[in->a]++;
		make_unary(f, bits == 16 ? VMXL_IR_ZEXT16 : VMXL_IR_ZEXT32);
	}
}

static void fold_op(struct fold *f)
{
	switch (f->op->op) {
	case VMXL_IR_SHADD:
		fold_shadd(f);
		break;
	case VMXL_IR_SET:
		fold_set(f);
		break;
	case VMXL_IR_BR:
	case VMXL_IR_BRL:
		fold_branch(f);
		break;
	case VMXL_IR_JUMPR:
		fold_jumpr(f);
		break;
	case VMXL_IR_SEL:
		fold_sel(f);
		break;
	case VMXL_IR_EXTRACT:
		fold_extract(f);
		break;
	case VMXL_IR_DEPOSIT:
		fold_deposit(f);
		break;
	case VMXL_IR_SEXT32:
	case VMXL_IR_ZEXT32:
		fold_ext32(f);
		break;
	case VMXL_IR_FBOX:
		fold_fbox(f);
		break;
	case VMXL_IR_FUNBOX:
		fold_funbox(f);
		break;
	default:
		if (f->op->op >= VMXL_IR_ADD && f->op->op <= VMXL_IR_CLMULH &&
		    vmxl_opdesc[f->op->op].nargs == 2)
			fold_binary(f);
		else if (f->op->op >= VMXL_IR_CLZ && f->op->op <= VMXL_IR_FL_TEST)
			eval(f);
	}
}

/**
 * vmxl_opt_fold() - the pass
 * @ir: the unit
 * @ctx: scratch memory
 */
void vmxl_opt_fold(struct vmxl_ir *ir, struct vmxl_opt *ctx)
{
	struct fold f = { .ir = ir, .ctx = ctx };

	vmxl_opt_count_uses(ir, ctx);
	for (f.i = 1; f.i < ir->nr_ops; f.i++) {
		f.op = &ir->ops[f.i];
		opt_args(ctx, f.op, f.i);
		if (!opt_is_dead(ctx, f.op, f.i))
			fold_op(&f);
	}
}
