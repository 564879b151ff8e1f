// SPDX-License-Identifier: GPL-2.0
/*
 * Fused multiply-add.
 *
 * Half and single: the product is exact in one significand, so what is left is
 * an addition. Double: the sum is formed in 128 bits, held as two words.
 */
#include "fp_impl.h"

/* A 128-bit significand, leading one at bit 62 of hi; lo's bit 0 is sticky. */
struct wide {
	u64 hi;
	u64 lo;
	int exp;
	bool sign;
};

/* hi has its leading one, so if all of it goes to lo, lo itself adds nothing. */
static __always_inline void wide_shr_jam(struct wide *x, unsigned int n)
{
	u64 lost;

	if (n >= 64) {
		x->lo = fp_shr_jam(x->hi, n - 64);
		x->hi = 0;
	} else if (n) {
		lost = x->lo << (64 - n);
		x->lo = x->lo >> n | x->hi << (64 - n) | (lost != 0);
		x->hi >>= n;
	}
}

static __always_inline void wide_normalise(struct wide *x)
{
	int n;

	if (!x->hi) {
		x->hi = x->lo >> 1;
		x->lo = x->lo << 63;
		x->exp -= 63;
	}
	n = 63 - fls64(x->hi);
	x->exp -= n;
	x->hi = x->hi << n | x->lo >> 1 >> (63 - n);
	x->lo <<= n;
}

static __always_inline bool wide_less(const struct wide *x,
				      const struct wide *y)
{
	if (x->exp != y->exp)
		return x->exp < y->exp;
	return x->hi < y->hi || (x->hi == y->hi && x->lo < y->lo);
}

static __always_inline u64 wide_add(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
				    struct wide x, struct wide y)
{
	u64 carry;

	if (wide_less(&x, &y))
		swap(x, y);
	wide_shr_jam(&y, x.exp - y.exp);
	if (x.sign == y.sign) {
		x.lo += y.lo;
		x.hi += y.hi + (x.lo < y.lo);
		carry = x.hi >> 63;
		x.lo |= x.hi & carry;
		return fp_round(e, f, x.sign, x.exp + carry,
				x.hi >> carry | (x.lo != 0));
	}
	x.hi -= y.hi + (x.lo < y.lo);
	x.lo -= y.lo;
	if (unlikely(!(x.hi | x.lo)))
		return fp_zero(f, fp_zero_sign(e));
	wide_normalise(&x);
	return fp_round(e, f, x.sign, x.exp, x.hi | (x.lo != 0));
}

static __always_inline u64 fma_wide(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
				    bool ps, int pe, u64 am, u64 bm,
				    bool cs, int ce, u64 cm)
{
	fp_u128 p = (fp_u128)am * (bm << 1);
	unsigned int high = p >> 126;
	struct wide x, y;

	if (!high)
		p <<= 1;
	x = (struct wide){ .hi = p >> 64, .lo = p, .exp = pe + high, .sign = ps };
	y = (struct wide){ .hi = cm, .exp = ce, .sign = cs };
	return wide_add(e, f, x, y);
}

/* The factors have 24 bits at most: 23 places of fraction below the one. */
static __always_inline u64 fma_narrow(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
				      bool ps, int pe, u64 am, u64 bm,
				      bool cs, int ce, u64 cm)
{
	u64 p = (am >> 39) * (bm >> 39) << 15;
	unsigned int high = p >> 62;

	return fp_add_num(e, f, ps, pe + high, p << !high, cs, ce, cm);
}

static __always_inline u64 fma_num(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
				   bool ps, int pe, u64 am, u64 bm,
				   bool cs, int ce, u64 cm)
{
	if (f == VMXL_FP_D)
		return fma_wide(e, f, ps, pe, am, bm, cs, ce, cm);
	return fma_narrow(e, f, ps, pe, am, bm, cs, ce, cm);
}

static bool inf_times_zero(const struct fp_num *x, const struct fp_num *y)
{
	return (x->cls == FP_CLS_INF && y->cls == FP_CLS_ZERO) ||
	       (x->cls == FP_CLS_ZERO && y->cls == FP_CLS_INF);
}

/*
 * At least one operand is a NaN. Infinity times zero plus a quiet NaN is left
 * open by IEEE: x86 sees the NaN alone, the others the invalid operation too,
 * and Arm then drops the NaN.
 */
static u64 fma_nan(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b,
		   u64 c, bool invalid)
{
	if (e->nan == VMXL_FP_NAN_X86)
		return vmxl_fp_nan3(e, f, a, b, c);
	if (invalid && !fp_is_snan(f, c))
		return vmxl_fp_invalid(e, f);
	return vmxl_fp_nan3(e, f, c, a, b);
}

/* No NaN, and the product or the addend is zero or infinite. */
static u64 fma_trivial(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
		       const struct fp_num *x, const struct fp_num *y,
		       const struct fp_num *z)
{
	bool ps = x->sign ^ y->sign;

	if (x->cls == FP_CLS_INF || y->cls == FP_CLS_INF)
		return fp_inf(f, ps);
	if (z->cls == FP_CLS_INF)
		return fp_inf(f, z->sign);
	if (z->cls == FP_CLS_NUM)
		return fp_round(e, f, z->sign, z->exp, z->sig);
	return fp_zero(f, ps == z->sign ? ps : fp_zero_sign(e));
}

/* Adding a zero: the product rounded. */
static u64 fma_mul(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
		   const struct fp_num *x, const struct fp_num *y)
{
	fp_u128 p = (fp_u128)x->sig * (y->sig << 1);
	unsigned int high = p >> 126;

	if (!high)
		p <<= 1;
	return fp_round(e, f, x->sign ^ y->sign,
			x->exp + y->exp - fp_bias(f) + high,
			(u64)(p >> 64) | ((u64)p != 0));
}

static noinline u64 fma_special(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a,
				u64 b, u64 c)
{
	struct fp_num x = vmxl_fp_unpack(e, f, a);
	struct fp_num y = vmxl_fp_unpack(e, f, b);
	struct fp_num z = vmxl_fp_unpack(e, f, c);
	bool ps = x.sign ^ y.sign, invalid = inf_times_zero(&x, &y);

	if (fp_nan_num(&x) || fp_nan_num(&y) || fp_nan_num(&z))
		return fma_nan(e, f, a, b, c, invalid);
	if (invalid || ((x.cls == FP_CLS_INF || y.cls == FP_CLS_INF) &&
			z.cls == FP_CLS_INF && ps != z.sign))
		return vmxl_fp_invalid(e, f);
	fp_used(e, x.sub || y.sub || z.sub);
	if (x.cls != FP_CLS_NUM || y.cls != FP_CLS_NUM || z.cls == FP_CLS_INF)
		return fma_trivial(e, f, &x, &y, &z);
	if (z.cls == FP_CLS_ZERO)
		return fma_mul(e, f, &x, &y);
	return fma_num(e, f, ps, x.exp + y.exp - fp_bias(f), x.sig, y.sig,
		       z.sign, z.exp, z.sig);
}

static __always_inline u64 fma_fmt(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a,
				   u64 b, u64 c)
{
	if (unlikely(!fp_is_normal(f, a) || !fp_is_normal(f, b) ||
		     !fp_is_normal(f, c)))
		return fma_special(e, f, a, b, c);
	return fma_num(e, f, fp_sign(f, a ^ b),
		       fp_exp(f, a) + fp_exp(f, b) - fp_bias(f),
		       fp_sig(f, a), fp_sig(f, b),
		       fp_sign(f, c), fp_exp(f, c), fp_sig(f, c));
}

/**
 * vmxl_fp_fma - a * b + c with one rounding
 * @e: environment
 * @f: format
 * @a: first factor; to subtract, the caller turns signs around
 * @b: second factor
 * @c: addend
 */
u64 vmxl_fp_fma(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b, u64 c)
{
	return FP_BY_FORMAT(f, fma_fmt(e, F, a, b, c));
}
