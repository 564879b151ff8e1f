// SPDX-License-Identifier: GPL-2.0
/*
 * The parts of kmod/fp that are off the usual path and do not care for speed:
 * unpacking what is not normal, rounding other than to nearest even in range,
 * and which NaN results.
 */
#include "fp_impl.h"

/* A subnormal operand: flushed if the guest says so, else normalised. */
static void unpack_subnormal(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a,
			     struct fp_num *x)
{
	if (e->policy & VMXL_FP_FZ_IN) {
		if (!(e->policy & VMXL_FP_DE_USED))
			e->flags |= VMXL_FP_DE;
		return;
	}
	x->cls = FP_CLS_NUM;
	x->sub = true;
	x->exp = 1;
	x->sig = fp_normalise((a & fp_frac_mask(f)) << fp_rbits(f), &x->exp);
}

/**
 * vmxl_fp_unpack - take an operand of any class apart
 * @e: environment; flushing happens here
 * @f: format
 * @a: raw bits
 */
struct fp_num vmxl_fp_unpack(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a)
{
	struct fp_num x = { .sign = fp_sign(f, a), .cls = FP_CLS_ZERO };
	u64 abs = fp_abs(f, a), inf = fp_inf(f, false);

	if (abs >= inf) {
		x.cls = abs == inf ? FP_CLS_INF :
			abs & fp_quiet_bit(f) ? FP_CLS_QNAN : FP_CLS_SNAN;
	} else if (fp_exp(f, a)) {
		x.cls = FP_CLS_NUM;
		x.exp = fp_exp(f, a);
		x.sig = fp_sig(f, a);
	} else if (abs) {
		unpack_subnormal(e, f, a, &x);
	}
	return x;
}

/* Cut the significand to the format; @exp is in range unless this carries. */
static u64 finish(struct vmxl_fpenv *e, enum vmxl_fpfmt f, bool sign, int exp,
		  u64 sig)
{
	u64 mask = (1ULL << fp_rbits(f)) - 1;
	bool odd = sig & (mask + 1);

	if (sig & mask) {
		e->flags |= VMXL_FP_NX;
		if (e->rm == VMXL_FP_ODD)
			sig |= mask + 1;
	}
	return fp_pack(f, sign, exp,
		       sig + fp_round_inc(e->rm, sign, mask, odd));
}

static u64 overflow(struct vmxl_fpenv *e, enum vmxl_fpfmt f, bool sign)
{
	u64 inf = fp_inf(f, sign);

	e->flags |= VMXL_FP_OF | VMXL_FP_NX;
	return fp_round_inc(e->rm, sign, 3, true) ? inf : inf - 1;
}

/* @up: rounding as if the exponent had no lower bound gives the next power. */
static u64 tiny(struct vmxl_fpenv *e, enum vmxl_fpfmt f, bool sign, int exp,
		u64 sig, bool up)
{
	u64 mask = (1ULL << fp_rbits(f)) - 1;
	bool before = e->policy & VMXL_FP_TINY_BEFORE;
	bool is_tiny = before || exp < 0 || !up;

	if (is_tiny && (e->policy & VMXL_FP_FZ_OUT)) {
		e->flags |= before ? VMXL_FP_UF : VMXL_FP_UF | VMXL_FP_NX;
		return fp_zero(f, sign);
	}
	sig = fp_shr_jam(sig, 1 - exp);
	if (is_tiny && (sig & mask))
		e->flags |= VMXL_FP_UF;
	return finish(e, f, sign, 1, sig);
}

/**
 * vmxl_fp_round_slow - round and pack a number in any mode and range
 * @e: environment
 * @f: format
 * @sign: sign of the number
 * @exp: its exponent, biased and unbounded
 * @sig: its significand, leading one at bit 62, bit 0 sticky
 */
u64 vmxl_fp_round_slow(struct vmxl_fpenv *e, enum vmxl_fpfmt f, bool sign,
		       int exp, u64 sig)
{
	u64 mask = (1ULL << fp_rbits(f)) - 1;
	u64 inc = fp_round_inc(e->rm, sign, mask, sig & (mask + 1));
	bool up = (sig + inc) >> 63;

	if (exp < 1)
		return tiny(e, f, sign, exp, sig, up);
	if (exp + up >= fp_emax(f))
		return overflow(e, f, sign);
	return finish(e, f, sign, exp, sig);
}

static u64 default_nan(const struct vmxl_fpenv *e, enum vmxl_fpfmt f)
{
	return fp_inf(f, e->nan == VMXL_FP_NAN_X86) | fp_quiet_bit(f);
}

/* The result of an invalid operation. */
u64 vmxl_fp_invalid(struct vmxl_fpenv *e, enum vmxl_fpfmt f)
{
	e->flags |= VMXL_FP_NV;
	return default_nan(e, f);
}

/* The operand that Arm would propagate; the signalling ones go first. */
static u64 arm_nan(enum vmxl_fpfmt f, u64 a, u64 b, u64 c)
{
	if (fp_is_snan(f, a))
		return a;
	if (fp_is_snan(f, b))
		return b;
	if (fp_is_snan(f, c))
		return c;
	return fp_is_nan(f, a) ? a : fp_is_nan(f, b) ? b : c;
}

/**
 * vmxl_fp_nan3 - the result of an operation with a NaN among its operands
 * @e: environment
 * @f: format
 * @a: operands in the order of precedence; at least one of them is a NaN
 * @b: second
 * @c: third
 */
u64 vmxl_fp_nan3(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b, u64 c)
{
	if (fp_is_snan(f, a) || fp_is_snan(f, b) || fp_is_snan(f, c))
		e->flags |= VMXL_FP_NV;
	switch (e->nan) {
	case VMXL_FP_NAN_ARM:
		return arm_nan(f, a, b, c) | fp_quiet_bit(f);
	case VMXL_FP_NAN_X86:
		a = fp_is_nan(f, a) ? a : fp_is_nan(f, b) ? b : c;
		return a | fp_quiet_bit(f);
	default:
		return default_nan(e, f);
	}
}

/* The same for one operand. */
u64 vmxl_fp_nan1(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a)
{
	return vmxl_fp_nan3(e, f, a, a, a);
}

/* The same for two operands. */
u64 vmxl_fp_nan2(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b)
{
	return vmxl_fp_nan3(e, f, a, b, b);
}
