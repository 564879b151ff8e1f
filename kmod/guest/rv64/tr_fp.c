// SPDX-License-Identifier: GPL-2.0
/*
 * RV64 to IR: floating point (F, D, Zfh, Zfa). A register is 64 bits, narrower
 * values in it are NaN-boxed. Parameters of the decode table's rows are in
 * i->row->p. That mstatus.FS is not off has been checked.
 */
#include "translate.h"

#define I64		VMXL_T_I64
#define MSTATUS_FS	(3ULL << 13)

static u32 fslot(unsigned int reg)
{
	return RV_SLOT(f[0]) + reg;
}

/* The FP state changes: once in a unit that was translated for clean state */
static void mark_dirty(struct vmxl_rv64_tr *tr)
{
	vmxl_ref v;

	if (tr->fs_dirty)
		return;
	v = ir_get(tr->ir, RV_SLOT(mstatus));
	ir_put(tr->ir, RV_SLOT(mstatus), ir_or(tr->ir, I64, v, ir_const(tr->ir, MSTATUS_FS)));
	tr->fs_dirty = true;
}

static vmxl_ref get_f(struct vmxl_rv64_tr *tr, unsigned int reg, u8 type)
{
	vmxl_ref v = ir_get(tr->ir, fslot(reg));

	return type == VMXL_T_F64 ? v : ir_funbox(tr->ir, type, v);
}

static void put_f(struct vmxl_rv64_tr *tr, unsigned int reg, u8 type, vmxl_ref v)
{
	if (type != VMXL_T_F64)
		v = ir_fbox(tr->ir, type, v);
	ir_put(tr->ir, fslot(reg), v);
	mark_dirty(tr);
}

/* An integer result of an op that may have raised flags */
static void put_x(struct vmxl_rv64_tr *tr, unsigned int reg, vmxl_ref v)
{
	rv_tr_put(tr, reg, v);
	mark_dirty(tr);
}

/* The rounding mode is static: 7 means fcsr.frm, which is part of the key. */
static bool rounding(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i, u8 *rm)
{
	*rm = i->rm == 7 ? tr->key >> RV_KEY_FRM_SHIFT & 7 : i->rm;
	if (*rm <= 4)
		return true;
	vmxl_rv64_tr_illegal(tr, i);
	return false;
}

static unsigned int sign_bit(u8 type)
{
	return type == VMXL_T_F64 ? 63 : type == VMXL_T_F32 ? 31 : 15;
}

static vmxl_ref negate(struct vmxl_rv64_tr *tr, u8 type, vmxl_ref v)
{
	return ir_xor(tr->ir, I64, v, ir_const(tr->ir, 1ULL << sign_bit(type)));
}

/* p: memory type, FP type */
void vmxl_rv64_tr_fload(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref v = ir_ld(tr->ir, rv_tr_get(tr, i->rs1), i->imm, i->row->p[0]);

	put_f(tr, i->rd, i->row->p[1], v);
}

/* p: memory type */
void vmxl_rv64_tr_fstore(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref addr = rv_tr_get(tr, i->rs1);

	ir_st(tr->ir, addr, i->imm, i->row->p[0], ir_get(tr->ir, fslot(i->rs2)));
}

static void binary(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i, u8 rm)
{
	const u8 *p = i->row->p;
	vmxl_ref a = get_f(tr, i->rs1, p[1]);
	vmxl_ref b = get_f(tr, i->rs2, p[1]);

	put_f(tr, i->rd, p[1], ir_fp(tr->ir, p[0], p[1], rm, a, b, 0));
}

/* p: op, type */
void vmxl_rv64_tr_fbin(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	binary(tr, i, 0);
}

/* p: op, type */
void vmxl_rv64_tr_fbin_rm(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u8 rm;

	if (rounding(tr, i, &rm))
		binary(tr, i, rm);
}

/* p: type */
void vmxl_rv64_tr_fsqrt(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u8 rm, t = i->row->p[0];
	vmxl_ref a;

	if (!rounding(tr, i, &rm))
		return;
	a = get_f(tr, i->rs1, t);
	put_f(tr, i->rd, t, ir_fp(tr->ir, VMXL_IR_FSQRT, t, rm, a, 0, 0));
}

/* p: type, whether the product is negated, whether the addend is */
void vmxl_rv64_tr_fma(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	const u8 *p = i->row->p;
	vmxl_ref a, b, c;
	u8 rm;

	if (!rounding(tr, i, &rm))
		return;
	a = get_f(tr, i->rs1, p[0]);
	b = get_f(tr, i->rs2, p[0]);
	c = get_f(tr, i->rs3, p[0]);
	if (p[1])
		a = negate(tr, p[0], a);
	if (p[2])
		c = negate(tr, p[0], c);
	put_f(tr, i->rd, p[0], ir_fp(tr->ir, VMXL_IR_FMA, p[0], rm, a, b, c));
}

/* Sign of @a replaced by the lowest bit of @sign */
static void put_signed(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i, vmxl_ref a,
		       vmxl_ref sign)
{
	u8 t = i->row->p[0];

	put_f(tr, i->rd, t, ir_deposit(tr->ir, I64, a, sign, sign_bit(t), 1));
}

/* p: type; fmv where both operands are the same */
void vmxl_rv64_tr_fsgnj(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u8 t = i->row->p[0];
	vmxl_ref a = get_f(tr, i->rs1, t);
	vmxl_ref b;

	if (i->rs1 == i->rs2) {
		put_f(tr, i->rd, t, a);
		return;
	}
	b = get_f(tr, i->rs2, t);
	put_signed(tr, i, a, ir_extract(tr->ir, I64, b, sign_bit(t), 1));
}

/* p: type; fneg where both operands are the same */
void vmxl_rv64_tr_fsgnjn(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u8 t = i->row->p[0];
	vmxl_ref a = get_f(tr, i->rs1, t);
	vmxl_ref b;

	if (i->rs1 == i->rs2) {
		put_f(tr, i->rd, t, negate(tr, t, a));
		return;
	}
	b = negate(tr, t, get_f(tr, i->rs2, t));
	put_signed(tr, i, a, ir_extract(tr->ir, I64, b, sign_bit(t), 1));
}

/* p: type; fabs where both operands are the same */
void vmxl_rv64_tr_fsgnjx(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u8 t = i->row->p[0];
	u64 sign = 1ULL << sign_bit(t);
	vmxl_ref a = get_f(tr, i->rs1, t);
	vmxl_ref b;

	if (i->rs1 == i->rs2) {
		put_f(tr, i->rd, t, ir_and(tr->ir, I64, a, ir_const(tr->ir, sign - 1)));
		return;
	}
	b = ir_and(tr->ir, I64, get_f(tr, i->rs2, t), ir_const(tr->ir, sign));
	put_f(tr, i->rd, t, ir_xor(tr->ir, I64, a, b));
}

/* p: op, type */
void vmxl_rv64_tr_fcmp(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	const u8 *p = i->row->p;
	vmxl_ref a = get_f(tr, i->rs1, p[1]);
	vmxl_ref b = get_f(tr, i->rs2, p[1]);

	put_x(tr, i->rd, ir_fp(tr->ir, p[0], p[1], 0, a, b, 0));
}

/* p: type */
void vmxl_rv64_tr_fclass(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u8 t = i->row->p[0];

	rv_tr_put(tr, i->rd, ir_fp(tr->ir, VMXL_IR_FCLASS, t, 0, get_f(tr, i->rs1, t), 0, 0));
}

/* p: type to, type from */
void vmxl_rv64_tr_fcvt(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	const u8 *p = i->row->p;
	vmxl_ref a;
	u8 rm;

	if (!rounding(tr, i, &rm))
		return;
	a = get_f(tr, i->rs1, p[1]);
	put_f(tr, i->rd, p[0], ir_fcvt(tr->ir, p[0], p[1], rm, a));
}

/* p: FP type, integer */
void vmxl_rv64_tr_ftoi(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	const u8 *p = i->row->p;
	vmxl_ref a;
	u8 rm;

	if (!rounding(tr, i, &rm))
		return;
	a = get_f(tr, i->rs1, p[0]);
	put_x(tr, i->rd, ir_ftoi(tr->ir, p[0], p[1], rm, a));
}

/* p: FP type, integer */
void vmxl_rv64_tr_itof(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	const u8 *p = i->row->p;
	u8 rm;

	if (!rounding(tr, i, &rm))
		return;
	put_f(tr, i->rd, p[0], ir_itof(tr->ir, p[0], p[1], rm, rv_tr_get(tr, i->rs1)));
}

/* p: op that extends the value, or none; no unboxing here */
void vmxl_rv64_tr_fmv_xf(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u8 op = i->row->p[0];
	vmxl_ref v = ir_get(tr->ir, fslot(i->rs1));

	if (op != VMXL_IR_NONE)
		v = vmxl_ir_op3(tr->ir, op, I64, v, 0, 0, 0, 0);
	rv_tr_put(tr, i->rd, v);
}

/* p: type */
void vmxl_rv64_tr_fmv_fx(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	put_f(tr, i->rd, i->row->p[0], rv_tr_get(tr, i->rs1));
}

/* Zfa's constants 2 to 29 are (1 + quarters / 4) * 2^exp. */
static const s8 fli_exp[32] = {
	0, 0, -16, -15, -8, -7, -4, -3, -2, -2, -2, -2, -1, -1, -1, -1,
	0, 0, 0, 0, 1, 1, 1, 2, 3, 4, 7, 8, 15, 16, 0, 0,
};

static const u8 fli_quarters[32] = {
	[9] = 1, [10] = 2, [11] = 3, [13] = 1, [14] = 2, [15] = 3,
	[17] = 1, [18] = 2, [19] = 3, [21] = 1, [22] = 2,
};

static u64 fli_value(u8 type, unsigned int n)
{
	unsigned int frac = type == VMXL_T_F64 ? 52 : type == VMXL_T_F32 ? 23 : 10;
	unsigned int expbits = sign_bit(type) - frac;
	u64 inf = ((1ULL << expbits) - 1) << frac;
	int bias = (1 << (expbits - 1)) - 1;

	switch (n) {
	case 0:
		return (u64)bias << frac | 1ULL << sign_bit(type);	/* -1.0 */
	case 1:
		return 1ULL << frac;			/* least positive normal number */
	case 30:
		return inf;
	case 31:
		return inf | 1ULL << (frac - 1);	/* canonical NaN */
	}
	bias += fli_exp[n];
	if (bias <= 0)					/* F16's subnormal 2^-15 and 2^-16 */
		return 1ULL << (frac - 1 + bias);
	return (u64)bias << frac | (u64)fli_quarters[n] << (frac - 2);	/* F16's 2^16: infinity */
}

/* p: type */
void vmxl_rv64_tr_fli(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u8 t = i->row->p[0];

	put_f(tr, i->rd, t, ir_const(tr->ir, fli_value(t, i->rs1)));
}

/* p: type, whether inexact is raised */
void vmxl_rv64_tr_fround(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	const u8 *p = i->row->p;
	vmxl_ref a;
	u8 rm;

	if (!rounding(tr, i, &rm))
		return;
	a = get_f(tr, i->rs1, p[0]);
	put_f(tr, i->rd, p[0], ir_frint(tr->ir, p[0], rm, a, p[1]));
}

void vmxl_rv64_tr_fcvtmod(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref a = get_f(tr, i->rs1, VMXL_T_F64);

	put_x(tr, i->rd, ir_fp(tr->ir, VMXL_IR_FTOIMOD, VMXL_T_F64, 0, a, 0, 0));
}
