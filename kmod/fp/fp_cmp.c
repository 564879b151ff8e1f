// SPDX-License-Identifier: GPL-2.0
/*
 * Comparison, minimum and maximum, classification.
 */
#include "fp_impl.h"

/* Maps raw bits to integers of the same order, -0 right below +0. */
static __always_inline s64 order_key(enum vmxl_fpfmt f, u64 a)
{
	s64 abs = fp_abs(f, a);

	return fp_sign(f, a) ? ~abs : abs;
}

/* An operand, replaced by a zero of its sign if the guest flushes it. */
static noinline u64 flush(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a)
{
	struct fp_num x = vmxl_fp_unpack(e, f, a);

	return x.cls == FP_CLS_ZERO ? fp_zero(f, x.sign) : a;
}

static bool is_subnormal(enum vmxl_fpfmt f, u64 a)
{
	return !fp_exp(f, a) && fp_abs(f, a);
}

/* Rare enough to stay out of the way of guests that do not flush. */
static __always_inline void flush_both(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
				       u64 *a, u64 *b)
{
	if (unlikely(e->policy & VMXL_FP_FZ_IN)) {
		*a = flush(e, f, *a);
		*b = flush(e, f, *b);
	}
}

static noinline int unordered(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a,
			      u64 b, bool signalling)
{
	if (signalling || fp_is_snan(f, a) || fp_is_snan(f, b))
		e->flags |= VMXL_FP_NV;
	return VMXL_FP_UNORD;
}

static __always_inline int cmp(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a,
			       u64 b, bool signalling)
{
	flush_both(e, f, &a, &b);
	if (unlikely(fp_is_nan(f, a) || fp_is_nan(f, b)))
		return unordered(e, f, a, b, signalling);
	if (unlikely(e->policy & VMXL_FP_DE_USED))
		fp_used(e, is_subnormal(f, a) || is_subnormal(f, b));
	if (a == b || !fp_abs(f, a | b))
		return VMXL_FP_EQ;
	return order_key(f, a) < order_key(f, b) ? VMXL_FP_LT : VMXL_FP_GT;
}

/**
 * vmxl_fp_cmp - compare a with b
 * @e: environment
 * @f: format
 * @a: first operand
 * @b: second operand
 * @signalling: a quiet NaN is invalid too
 *
 * Return: an enum vmxl_fp_order.
 */
int vmxl_fp_cmp(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b,
		bool signalling)
{
	return (int)FP_BY_FORMAT(f, (u64)cmp(e, F, a, b, signalling));
}

/* a == b, quiet */
u64 vmxl_fp_eq(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b)
{
	return FP_BY_FORMAT(f, cmp(e, F, a, b, false) == VMXL_FP_EQ);
}

/* a < b, signalling */
u64 vmxl_fp_lt(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b)
{
	return FP_BY_FORMAT(f, cmp(e, F, a, b, true) == VMXL_FP_LT);
}

/* a <= b, signalling */
u64 vmxl_fp_le(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b)
{
	return FP_BY_FORMAT(f, cmp(e, F, a, b, true) <= VMXL_FP_EQ);
}

/* a < b, quiet */
u64 vmxl_fp_ltq(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b)
{
	return FP_BY_FORMAT(f, cmp(e, F, a, b, false) == VMXL_FP_LT);
}

/* a <= b, quiet */
u64 vmxl_fp_leq(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b)
{
	return FP_BY_FORMAT(f, cmp(e, F, a, b, false) <= VMXL_FP_EQ);
}

/* MINSS and MAXSS: a if it is less (greater), in every other case b. */
static noinline u64 minmax_x86(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a,
			       u64 b, bool max)
{
	int order = vmxl_fp_cmp(e, f, a, b, true);

	flush_both(e, f, &a, &b);
	return order == (max ? VMXL_FP_GT : VMXL_FP_LT) ? a : b;
}

/* At least one NaN: a number wins over it as far as the guest lets it. */
static noinline u64 minmax_nan(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a,
			       u64 b)
{
	bool signalling = fp_is_snan(f, a) || fp_is_snan(f, b);

	if ((fp_is_nan(f, a) && fp_is_nan(f, b)) ||
	    (signalling && e->nan != VMXL_FP_NAN_RISCV))
		return vmxl_fp_nan2(e, f, a, b);
	if (signalling)
		e->flags |= VMXL_FP_NV;
	return fp_is_nan(f, a) ? b : a;
}

/* @number: a number wins over a NaN; otherwise the NaN wins. */
static __always_inline u64 minmax(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
				  u64 a, u64 b, bool max, bool number)
{
	if (unlikely(e->nan == VMXL_FP_NAN_X86 && number))
		return minmax_x86(e, f, a, b, max);
	flush_both(e, f, &a, &b);
	if (unlikely(fp_is_nan(f, a) || fp_is_nan(f, b)))
		return number ? minmax_nan(e, f, a, b) :
				vmxl_fp_nan2(e, f, a, b);
	return (order_key(f, a) < order_key(f, b)) ^ max ? a : b;
}

/**
 * vmxl_fp_min - the smaller number; what happens to a NaN is up to the guest
 * @e: environment
 * @f: format
 * @a: first operand
 * @b: second operand
 *
 * RISC-V fmin, Arm FMINNM, x86 MINSS. -0 is less than +0, but for x86.
 */
u64 vmxl_fp_min(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b)
{
	return FP_BY_FORMAT(f, minmax(e, F, a, b, false, true));
}

/* The larger number, likewise. */
u64 vmxl_fp_max(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b)
{
	return FP_BY_FORMAT(f, minmax(e, F, a, b, true, true));
}

/**
 * vmxl_fp_minm - IEEE 754-2019 minimum: the smaller operand, a NaN if any is
 * @e: environment
 * @f: format
 * @a: first operand
 * @b: second operand
 *
 * RISC-V fminm, Arm FMIN.
 */
u64 vmxl_fp_minm(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b)
{
	return FP_BY_FORMAT(f, minmax(e, F, a, b, false, false));
}

/* IEEE 754-2019 maximum, likewise. */
u64 vmxl_fp_maxm(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b)
{
	return FP_BY_FORMAT(f, minmax(e, F, a, b, true, false));
}

/**
 * vmxl_fp_class - RISC-V fclass
 * @f: format
 * @a: operand
 *
 * Return: one bit of: -inf, -normal, -subnormal, -0, +0, +subnormal, +normal,
 * +inf, signalling NaN, quiet NaN, counted from bit 0.
 */
u64 vmxl_fp_class(enum vmxl_fpfmt f, u64 a)
{
	u64 abs = fp_abs(f, a), inf = fp_inf(f, false);
	int rank;

	if (abs > inf)
		return a & fp_quiet_bit(f) ? 1 << 9 : 1 << 8;
	rank = abs == inf ? 3 : fp_exp(f, a) ? 2 : abs ? 1 : 0;
	return fp_sign(f, a) ? 8 >> rank : 16 << rank;
}
