// SPDX-License-Identifier: GPL-2.0
/*
 * Integer ops out of line: evaluation of ops on constants, condition flags,
 * 128-bit vectors. Pure functions.
 */
#include <linux/string.h>
#include "alu.h"

static u64 eval2(const struct vmxl_op *op, u64 a, u64 b)
{
	const bool w64 = op->type == VMXL_T_I64;

	switch (op->op) {
#define X(n)								\
	case VMXL_IR_##n:						\
		return w64 ? alu64_##n(a, b) : alu32_##n(a, b);
	VMXL_ALU2(X)
#undef X
#define X(n)								\
	case VMXL_IR_##n:						\
		return alu64_##n(a, b);
	VMXL_ALU2L(X)
#undef X
	case VMXL_IR_SHADD:
		return (a << (op->imm & 63)) + b;
	case VMXL_IR_DEPOSIT:
		return alu_deposit(a, b, op->imm & 0xff, vmxl_field_mask(op->imm));
	default:
		return vmxl_alu_cc(op->aux, op->type, a, b);
	}
}

static u64 eval1(const struct vmxl_op *op, u64 a)
{
	const bool w64 = op->type == VMXL_T_I64;

	switch (op->op) {
#define X(n)								\
	case VMXL_IR_##n:						\
		return w64 ? alu64_##n(a) : alu32_##n(a);
	VMXL_ALU1(X)
#undef X
	default:
		return alu_extract(w64 ? a : (u32)a, op->imm & 0xff, vmxl_field_mask(op->imm));
	}
}

/**
 * vmxl_alu_eval() - evaluate an op on constants
 * @op: the op
 * @v: values of its operands
 * @res: out: its result
 *
 * Return: whether it is an op that can be evaluated so.
 */
bool vmxl_alu_eval(const struct vmxl_op *op, const u64 v[3], u64 *res)
{
	if (op->op == VMXL_IR_SET)
		*res = vmxl_alu_cc(op->aux, op->type, v[0], v[1]);
	else if (op->op == VMXL_IR_SEL)
		*res = alu_extend(op->type, v[0] ? v[1] : v[2]);
	else if (op->op >= VMXL_IR_ADD && op->op <= VMXL_IR_DEPOSIT)
		*res = alu_extend(op->type, vmxl_opdesc[op->op].nargs == 2 ?
				  eval2(op, v[0], v[1]) : eval1(op, v[0]));
	else
		return false;
	return true;
}

/**
 * vmxl_alu_cc() - evaluate a comparison
 * @cc: enum vmxl_cc
 * @type: VMXL_T_I64, or the low halves
 * @a: left-hand side
 * @b: right-hand side
 *
 * Return: whether it holds.
 */
bool vmxl_alu_cc(unsigned int cc, u8 type, u64 a, u64 b)
{
	switch (cc) {
#define X(n)								\
	case VMXL_CC_##n:						\
		return type == VMXL_T_I64 ? cc64_##n(a, b) : cc32_##n(a, b);
	VMXL_CCS(X)
#undef X
	default:
		return false;
	}
}

static unsigned int type_bits(unsigned int type)
{
	switch (type) {
	case VMXL_T_I8:
		return 8;
	case VMXL_T_I16:
		return 16;
	case VMXL_T_I64:
		return 64;
	default:
		return 32;
	}
}

/* Flags as they follow from a result alone; @sh: 64 - its width */
static u64 fl_result(u64 r, unsigned int sh)
{
	u64 fl = 0;

	if (!(r << sh))
		fl |= VMXL_FL_Z;
	if ((s64)(r << sh) < 0)
		fl |= VMXL_FL_N;
	if (!(hweight8(r) & 1))
		fl |= VMXL_FL_P;
	return fl;
}

static bool top(u64 v, unsigned int sh)
{
	return (s64)(v << sh) < 0;
}

/* The carries out of each bit position of a sum, borrows of a difference */
static u64 fl_carries(u64 a, u64 b, u64 r, u64 carries, u64 overflow, unsigned int sh)
{
	u64 fl = fl_result(r, sh);

	if (top(carries, sh))
		fl |= VMXL_FL_C;
	if (top(overflow, sh))
		fl |= VMXL_FL_V;
	if ((a ^ b ^ r) & 0x10)
		fl |= VMXL_FL_A;
	return fl;
}

static u64 fl_add(u64 a, u64 b, u64 c, unsigned int sh)
{
	u64 r = a + b + (c & 1);

	return fl_carries(a, b, r, (a & b) | ((a | b) & ~r), (a ^ r) & (b ^ r), sh);
}

static u64 fl_sub(u64 a, u64 b, u64 c, unsigned int sh)
{
	u64 r = a - b - (c & 1);

	return fl_carries(a, b, r, (~a & b) | ((~a | b) & r), (a ^ b) & (a ^ r), sh);
}

/*
 * Shifts by 1 to 63; @a fits its width. C is the last bit shifted out, V what
 * x86 defines for shifts by one.
 */
static u64 fl_shift(unsigned int op, u64 a, unsigned int n, unsigned int sh)
{
	s64 sa = (s64)(a << sh) >> sh;
	u64 before, r, fl;
	bool c;

	if (op == VMXL_IR_FL_SHL) {
		before = a << (n - 1);
		r = before << 1;
		c = top(before, sh);
	} else {
		before = op == VMXL_IR_FL_SAR ? (u64)(sa >> (n - 1)) : a >> (n - 1);
		r = op == VMXL_IR_FL_SAR ? (u64)((s64)before >> 1) : before >> 1;
		c = before & 1;
	}
	fl = fl_result(r, sh);
	if (c)
		fl |= VMXL_FL_C;
	if (top(before ^ r, sh))
		fl |= VMXL_FL_V;
	return fl;
}

static u64 fl_shift_by(unsigned int op, u64 a, u64 b, u64 c, unsigned int sh)
{
	unsigned int n = b & (sh ? 31 : 63);

	return n ? fl_shift(op, a << sh >> sh, n, sh) : c;
}

static u64 fl_mul(u64 a, u64 b, unsigned int sh, bool is_signed)
{
	unsigned __int128 u = (unsigned __int128)(a << sh >> sh) * (b << sh >> sh);
	__int128 s = (__int128)((s64)(a << sh) >> sh) * ((s64)(b << sh) >> sh);
	bool over;

	if (is_signed)
		over = s != (s64)((u64)s << sh) >> sh;
	else
		over = u != (u64)u << sh >> sh;
	return fl_result(u, sh) | (over ? VMXL_FL_C | VMXL_FL_V : 0);
}

/**
 * vmxl_alu_flags() - packed flags of an arithmetic op
 * @op: VMXL_IR_FL_ADD and following
 * @type: VMXL_T_I8, I16, I64; all others are 32 bits
 * @a: operand
 * @b: operand, or 0
 * @c: operand, or 0
 *
 * Return: VMXL_FL_*.
 */
u64 vmxl_alu_flags(unsigned int op, unsigned int type, u64 a, u64 b, u64 c)
{
	unsigned int sh = 64 - type_bits(type);

	switch (op) {
	case VMXL_IR_FL_ADD:
		return fl_add(a, b, 0, sh);
	case VMXL_IR_FL_ADC:
		return fl_add(a, b, c, sh);
	case VMXL_IR_FL_SUB:
		return fl_sub(a, b, 0, sh);
	case VMXL_IR_FL_SBB:
		return fl_sub(a, b, c, sh);
	case VMXL_IR_FL_SHL:
	case VMXL_IR_FL_SHR:
	case VMXL_IR_FL_SAR:
		return fl_shift_by(op, a, b, c, sh);
	case VMXL_IR_FL_MUL:
	case VMXL_IR_FL_UMUL:
		return fl_mul(a, b, sh, op == VMXL_IR_FL_MUL);
	default:
		return fl_result(a, sh);
	}
}

/**
 * vmxl_alu_fl_test() - evaluate a condition on packed flags
 * @cc: enum vmxl_flcc
 * @flags: VMXL_FL_*
 *
 * Return: 1 where it holds, else 0.
 */
u64 vmxl_alu_fl_test(unsigned int cc, u64 flags)
{
	bool c = flags & VMXL_FL_C, z = flags & VMXL_FL_Z, n = flags & VMXL_FL_N;
	bool v = flags & VMXL_FL_V, p = flags & VMXL_FL_P;
	const u8 by_pair[VMXL_FLCC_NR / 2] = {
		z, c, n, v, p, c || z, n != v, z || n != v, c && !z,
	};

	static_assert(VMXL_FLCC_NR == 18 && VMXL_FLCC_CZ == 10 && VMXL_FLCC_HI == 16);
	return cc < VMXL_FLCC_NR ? by_pair[cc / 2] ^ (cc & 1) : 0;
}

/* One lane: @bits wide, operands zero-extended; the result's high bits do not matter */
static u64 vec_lane(unsigned int op, u64 a, u64 b, unsigned int imm, unsigned int bits)
{
	unsigned int sh = 64 - bits;

	switch (op) {
	case VMXL_IR_VADD:
		return a + b;
	case VMXL_IR_VSUB:
		return a - b;
	case VMXL_IR_VCMPEQ:
		return a == b ? ~0ULL : 0;
	case VMXL_IR_VCMPGT:
		return (s64)(a << sh) > (s64)(b << sh) ? ~0ULL : 0;
	case VMXL_IR_VSHL:
		return a << imm;
	case VMXL_IR_VSHR:
		return a >> imm;
	default: /* VSAR */
		return (s64)(a << sh) >> sh >> imm;
	}
}

static u64 vec_half(unsigned int op, u64 a, u64 b, unsigned int imm, unsigned int bits)
{
	u64 mask = bits == 64 ? ~0ULL : (1ULL << bits) - 1, r = 0;
	unsigned int i;

	for (i = 0; i < 64; i += bits)
		r |= (vec_lane(op, a >> i & mask, b >> i & mask, imm, bits) & mask) << i;
	return r;
}

static u64 vec_logic(unsigned int op, u64 a, u64 b)
{
	switch (op) {
	case VMXL_IR_VAND:
		return a & b;
	case VMXL_IR_VOR:
		return a | b;
	case VMXL_IR_VXOR:
		return a ^ b;
	default:
		return a & ~b;
	}
}

/* Lane @n of @bits in 128 */
static void vec_set(u64 *d, unsigned int n, unsigned int bits, u64 val)
{
	unsigned int pos = (n * bits) & 127;
	u64 mask = bits == 64 ? ~0ULL : (1ULL << bits) - 1;

	d[pos / 64] = alu_deposit(d[pos / 64], val, pos % 64, mask);
}

static u64 vec_get(const u64 *a, unsigned int n, unsigned int bits)
{
	unsigned int pos = (n * bits) & 127;

	return alu_extract(a[pos / 64], pos % 64, bits == 64 ? ~0ULL : (1ULL << bits) - 1);
}

static u64 vec_dup(u64 a, unsigned int bits)
{
	unsigned int i;

	for (i = bits; i < 64; i *= 2)
		a = alu_deposit(a, a, i, (1ULL << i) - 1);
	return a;
}

/**
 * vmxl_alu_vec() - a vector op
 * @op: VMXL_IR_VAND and following
 * @lane: log2 of the lane's bytes
 * @imm: shift count or lane number
 * @d: out: two words; one for VGET
 * @a: operand; one word for VDUP
 * @b: operand; one word for VSET
 *
 * @d may overlap the operands.
 */
void vmxl_alu_vec(unsigned int op, unsigned int lane, unsigned int imm, u64 *d, const u64 *a,
		  const u64 *b)
{
	unsigned int bits = 8u << (lane & 3);
	u64 lo, hi;

	switch (op) {
	case VMXL_IR_VGET:
		*d = vec_get(a, imm, bits);
		return;
	case VMXL_IR_VDUP:
		lo = vec_dup(*a, bits);
		hi = lo;
		break;
	case VMXL_IR_VSET: {
		u64 v[2] = { a[0], a[1] };

		vec_set(v, imm, bits, *b);
		lo = v[0];
		hi = v[1];
		break;
	}
	case VMXL_IR_VAND:
	case VMXL_IR_VOR:
	case VMXL_IR_VXOR:
	case VMXL_IR_VANDN:
		lo = vec_logic(op, a[0], b[0]);
		hi = vec_logic(op, a[1], b[1]);
		break;
	default:
		imm &= bits - 1;
		lo = vec_half(op, a[0], b[0], imm, bits);
		hi = vec_half(op, a[1], b[1], imm, bits);
	}
	d[0] = lo;
	d[1] = hi;
}
