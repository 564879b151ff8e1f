// SPDX-License-Identifier: GPL-2.0
/*
 * Addition, subtraction and multiplication.
 *
 * Two normal operands take the straight way; all others meet in *_special(),
 * one copy for all formats.
 */
#include "fp_impl.h"

static noinline u64 add_special(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a,
				u64 b, bool negate)
{
	struct fp_num x = vmxl_fp_unpack(e, f, a);
	struct fp_num y = vmxl_fp_unpack(e, f, b);

	if (fp_nan_num(&x) || fp_nan_num(&y))
		return vmxl_fp_nan2(e, f, a, b);
	y.sign ^= negate;
	if (x.cls == FP_CLS_INF && y.cls == FP_CLS_INF && x.sign != y.sign)
		return vmxl_fp_invalid(e, f);
	fp_used(e, x.sub || y.sub);
	if (x.cls == FP_CLS_INF || y.cls == FP_CLS_INF)
		return fp_inf(f, x.cls == FP_CLS_INF ? x.sign : y.sign);
	if (x.cls == FP_CLS_NUM && y.cls == FP_CLS_NUM)
		return fp_add_num(e, f, x.sign, x.exp, x.sig,
				  y.sign, y.exp, y.sig);
	if (x.cls == FP_CLS_NUM)
		return fp_round(e, f, x.sign, x.exp, x.sig);
	if (y.cls == FP_CLS_NUM)
		return fp_round(e, f, y.sign, y.exp, y.sig);
	return fp_zero(f, x.sign == y.sign ? x.sign : fp_zero_sign(e));
}

static __always_inline u64 add_fmt(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a,
				   u64 b, bool negate)
{
	if (unlikely(!fp_is_normal(f, a) || !fp_is_normal(f, b)))
		return add_special(e, f, a, b, negate);
	return fp_add_num(e, f, fp_sign(f, a), fp_exp(f, a), fp_sig(f, a),
			  fp_sign(f, b) ^ negate, fp_exp(f, b), fp_sig(f, b));
}

/**
 * vmxl_fp_add - a + b
 * @e: environment
 * @f: format
 * @a: first operand
 * @b: second operand
 */
u64 vmxl_fp_add(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b)
{
	return FP_BY_FORMAT(f, add_fmt(e, F, a, b, false));
}

/**
 * vmxl_fp_sub - a - b
 * @e: environment
 * @f: format
 * @a: first operand
 * @b: second operand
 */
u64 vmxl_fp_sub(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b)
{
	return FP_BY_FORMAT(f, add_fmt(e, F, a, b, true));
}

static __always_inline u64 mul_num(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
				   bool sign, int exp, u64 am, u64 bm)
{
	fp_u128 p = (fp_u128)am * (bm << 1);	/* leading one at 125 or 126 */
	u64 hi = p >> 64;
	unsigned int low = !(hi & FP_ONE);

	hi = hi << low | ((u64)p >> 63 & low) | ((u64)p << low != 0);
	return fp_round(e, f, sign, exp - fp_bias(f) + !low, hi);
}

static noinline u64 mul_special(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a,
				u64 b)
{
	struct fp_num x = vmxl_fp_unpack(e, f, a);
	struct fp_num y = vmxl_fp_unpack(e, f, b);
	bool sign = x.sign ^ y.sign;

	if (fp_nan_num(&x) || fp_nan_num(&y))
		return vmxl_fp_nan2(e, f, a, b);
	if ((x.cls == FP_CLS_INF && y.cls == FP_CLS_ZERO) ||
	    (x.cls == FP_CLS_ZERO && y.cls == FP_CLS_INF))
		return vmxl_fp_invalid(e, f);
	fp_used(e, x.sub || y.sub);
	if (x.cls == FP_CLS_INF || y.cls == FP_CLS_INF)
		return fp_inf(f, sign);
	if (x.cls == FP_CLS_ZERO || y.cls == FP_CLS_ZERO)
		return fp_zero(f, sign);
	return mul_num(e, f, sign, x.exp + y.exp, x.sig, y.sig);
}

static __always_inline u64 mul_fmt(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a,
				   u64 b)
{
	if (unlikely(!fp_is_normal(f, a) || !fp_is_normal(f, b)))
		return mul_special(e, f, a, b);
	return mul_num(e, f, fp_sign(f, a ^ b), fp_exp(f, a) + fp_exp(f, b),
		       fp_sig(f, a), fp_sig(f, b));
}

/**
 * vmxl_fp_mul - a * b
 * @e: environment
 * @f: format
 * @a: first operand
 * @b: second operand
 */
u64 vmxl_fp_mul(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b)
{
	return FP_BY_FORMAT(f, mul_fmt(e, F, a, b));
}
