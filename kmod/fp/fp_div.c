// SPDX-License-Identifier: GPL-2.0
/*
 * Division and square root, by exact integer quotients and roots that carry
 * more bits than the format plus a sticky bit for the remainder. No 128-bit
 * division: the kernel has no __udivti3.
 */
#include "fp_impl.h"

/*
 * One 32-bit digit of hi:next / d, Knuth's algorithm D. Bit 63 of d is set and
 * hi < d, so that the first guess is 2^32 + 1 at most and q * dl fits.
 */
static __always_inline u64 div_digit(u64 *hi, u64 next, u64 d)
{
	u64 dh = d >> 32, dl = d & U32_MAX;
	u64 q = *hi / dh, r = *hi % dh;

	while (q * dl > (r << 32 | next)) {
		q--;
		r += dh;
		if (r > U32_MAX)
			break;
	}
	*hi = (*hi << 32 | next) - q * d;
	return q;
}

/* n * 2^62 / d, both with bit 62 set and n < 2 * d; bit 0 is made sticky. */
static __always_inline u64 div_sig_wide(u64 n, u64 d)
{
	u64 hi = n >> 1, q;

	d <<= 1;
	q = div_digit(&hi, (n & 1) << 31, d) << 32;
	q |= div_digit(&hi, 0, d);
	return q | (hi != 0);
}

/* The same for factors with 23 places of fraction at most. */
static __always_inline u64 div_sig_narrow(u64 n, u64 d)
{
	u64 dn = d >> 39, q = n / dn;

	return q << 23 | (q * dn != n);
}

static __always_inline u64 div_num(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
				   bool sign, int exp, u64 am, u64 bm)
{
	unsigned int low = am < bm;
	u64 q;

	am <<= low;
	if (f == VMXL_FP_D)
		q = div_sig_wide(am, bm);
	else
		q = div_sig_narrow(am, bm);
	return fp_round(e, f, sign, exp + fp_bias(f) - low, q);
}

static noinline u64 div_special(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a,
				u64 b)
{
	struct fp_num x = vmxl_fp_unpack(e, f, a);
	struct fp_num y = vmxl_fp_unpack(e, f, b);
	bool sign = x.sign ^ y.sign;

	if (fp_nan_num(&x) || fp_nan_num(&y))
		return vmxl_fp_nan2(e, f, a, b);
	if (x.cls == y.cls && x.cls != FP_CLS_NUM)
		return vmxl_fp_invalid(e, f);
	if (y.cls == FP_CLS_ZERO && x.cls == FP_CLS_NUM) {
		e->flags |= VMXL_FP_DZ;
		return fp_inf(f, sign);
	}
	fp_used(e, x.sub || y.sub);
	if (x.cls == FP_CLS_INF || y.cls == FP_CLS_ZERO)
		return fp_inf(f, sign);
	if (x.cls == FP_CLS_ZERO || y.cls == FP_CLS_INF)
		return fp_zero(f, sign);
	return div_num(e, f, sign, x.exp - y.exp, x.sig, y.sig);
}

static __always_inline u64 div_fmt(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a,
				   u64 b)
{
	if (unlikely(!fp_is_normal(f, a) || !fp_is_normal(f, b)))
		return div_special(e, f, a, b);
	return div_num(e, f, fp_sign(f, a ^ b), fp_exp(f, a) - fp_exp(f, b),
		       fp_sig(f, a), fp_sig(f, b));
}

/**
 * vmxl_fp_div - a / b
 * @e: environment
 * @f: format
 * @a: dividend
 * @b: divisor
 */
u64 vmxl_fp_div(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b)
{
	return FP_BY_FORMAT(f, div_fmt(e, F, a, b));
}

/*
 * Integer square root of x >= 2^62. The chord of the curve between 2^62 and
 * 2^64 is at most 6 % too low; three steps of Newton's method bring that below
 * one, and from the first step on the estimate is never too low.
 */
static u64 isqrt(u64 x)
{
	u64 s = (1ULL << 31) + ((x - (1ULL << 62)) / 3 >> 31);

	s = (s + x / s) >> 1;
	s = (s + x / s) >> 1;
	s = (s + x / s) >> 1;
	while (s > U32_MAX || s * s > x)
		s--;
	return s;
}

/*
 * Square root of x * 2^64 for x >= 2^62, bit 0 made sticky. The upper half is a
 * root of x; with r its remainder, r * 2^32 / 2s is the lower half or one more
 * (P. Zimmermann, "Karatsuba Square Root", 1999).
 */
static u64 sqrt_wide(u64 x)
{
	u64 s = isqrt(x), r = x - s * s;
	u64 q = (r << 31) / s, u = (r << 31) % s;
	fp_u128 left = (fp_u128)u << 33, square = (fp_u128)q * q;
	u64 root = (s << 32) + q;

	/* What is left of x * 2^64 is left - square; exact roots leave zero. */
	if (left < square)
		return (root - 1) | 1;
	return root | (left != square);
}

static __always_inline u64 sqrt_num(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
				    int exp, u64 sig)
{
	int unbiased = exp - fp_bias(f);
	u64 s;

	/* An even exponent is halved; an odd one lends a bit first. */
	sig <<= unbiased & 1;
	exp = (unbiased >> 1) + fp_bias(f);
	if (f == VMXL_FP_D) {
		s = sqrt_wide(sig);
		return fp_round(e, f, false, exp, s >> 1 | (s & 1));
	}
	s = isqrt(sig);
	return fp_round(e, f, false, exp, s << 31 | (s * s != sig));
}

static noinline u64 sqrt_special(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a)
{
	struct fp_num x = vmxl_fp_unpack(e, f, a);

	if (fp_nan_num(&x))
		return vmxl_fp_nan1(e, f, a);
	if (x.cls == FP_CLS_ZERO)
		return fp_zero(f, x.sign);
	if (x.sign)
		return vmxl_fp_invalid(e, f);
	fp_used(e, x.sub);
	if (x.cls == FP_CLS_INF)
		return a;
	return sqrt_num(e, f, x.exp, x.sig);
}

static __always_inline u64 sqrt_fmt(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
				    u64 a)
{
	if (unlikely(!fp_is_normal(f, a) || fp_sign(f, a)))
		return sqrt_special(e, f, a);
	return sqrt_num(e, f, fp_exp(f, a), fp_sig(f, a));
}

/**
 * vmxl_fp_sqrt - square root of a
 * @e: environment
 * @f: format
 * @a: operand
 */
u64 vmxl_fp_sqrt(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a)
{
	return FP_BY_FORMAT(f, sqrt_fmt(e, F, a));
}
