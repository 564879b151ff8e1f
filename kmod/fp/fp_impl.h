/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of kmod/fp share: formats, unpacking, rounding, NaNs.
 *
 * A finite number other than zero is worked on as {sign, exp, sig}: its
 * magnitude is sig / 2^62 * 2^(exp - bias), where sig has its leading one at
 * bit 62, bit 0 is sticky (set if anything below was lost) and exp is biased as
 * in the format but unbounded. Bit 63 is room for a carry.
 *
 * Rules: what is __always_inline is meant to be called with a constant format,
 * so that each format gets code of its own; what is out of line takes any
 * format and is off the usual path.
 */
#ifndef VMXL_FP_IMPL_H
#define VMXL_FP_IMPL_H

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "fp.h"

#define FP_ONE		(1ULL << 62)	/* leading one of a significand */

typedef unsigned __int128 fp_u128;

struct fp_desc {
	u8 ebits;
	u8 fbits;
};

static const struct fp_desc fp_desc[VMXL_FP_NR_FMT] __maybe_unused = {
	[VMXL_FP_H] = { .ebits = 5, .fbits = 10 },
	[VMXL_FP_S] = { .ebits = 8, .fbits = 23 },
	[VMXL_FP_D] = { .ebits = 11, .fbits = 52 },
};

/* Evaluate @call with F a constant; an unknown format counts as double. */
#define FP_BY_FORMAT(fmt, call) ({					\
	u64 __r;							\
									\
	switch (fmt) {							\
	case VMXL_FP_H: {						\
		const enum vmxl_fpfmt F = VMXL_FP_H;			\
									\
		__r = (call);						\
		break;							\
	}								\
	case VMXL_FP_S: {						\
		const enum vmxl_fpfmt F = VMXL_FP_S;			\
									\
		__r = (call);						\
		break;							\
	}								\
	default: {							\
		const enum vmxl_fpfmt F = VMXL_FP_D;			\
									\
		__r = (call);						\
		break;							\
	}								\
	}								\
	__r;								\
})

enum fp_cls {
	FP_CLS_ZERO,
	FP_CLS_NUM,
	FP_CLS_INF,
	FP_CLS_QNAN,
	FP_CLS_SNAN,
};

/* An unpacked operand; exp and sig only mean something for FP_CLS_NUM. */
struct fp_num {
	u64 sig;
	int exp;
	u8 cls;
	bool sign;
	bool sub;		/* was subnormal, and used as such */
};

struct fp_num vmxl_fp_unpack(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a);
u64 vmxl_fp_round_slow(struct vmxl_fpenv *e, enum vmxl_fpfmt f, bool sign,
		       int exp, u64 sig);
u64 vmxl_fp_invalid(struct vmxl_fpenv *e, enum vmxl_fpfmt f);
u64 vmxl_fp_nan1(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a);
u64 vmxl_fp_nan2(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b);
u64 vmxl_fp_nan3(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b, u64 c);

static __always_inline int fp_fbits(enum vmxl_fpfmt f)
{
	return fp_desc[f].fbits;
}

/* The exponent field of infinities and NaNs, and the largest there is. */
static __always_inline int fp_emax(enum vmxl_fpfmt f)
{
	return (1 << fp_desc[f].ebits) - 1;
}

static __always_inline int fp_bias(enum vmxl_fpfmt f)
{
	return fp_emax(f) >> 1;
}

static __always_inline int fp_sign_pos(enum vmxl_fpfmt f)
{
	return fp_desc[f].ebits + fp_desc[f].fbits;
}

static __always_inline u64 fp_sign_mask(enum vmxl_fpfmt f)
{
	return 1ULL << fp_sign_pos(f);
}

static __always_inline u64 fp_frac_mask(enum vmxl_fpfmt f)
{
	return (1ULL << fp_fbits(f)) - 1;
}

/* How many bits of a significand do not fit into the format. */
static __always_inline int fp_rbits(enum vmxl_fpfmt f)
{
	return 62 - fp_fbits(f);
}

static __always_inline bool fp_sign(enum vmxl_fpfmt f, u64 a)
{
	return (a >> fp_sign_pos(f)) & 1;
}

static __always_inline int fp_exp(enum vmxl_fpfmt f, u64 a)
{
	return (int)(a >> fp_fbits(f)) & fp_emax(f);
}

static __always_inline u64 fp_abs(enum vmxl_fpfmt f, u64 a)
{
	return a & (fp_sign_mask(f) - 1);
}

/* The significand of an operand that fp_is_normal(). */
static __always_inline u64 fp_sig(enum vmxl_fpfmt f, u64 a)
{
	return FP_ONE | (a & fp_frac_mask(f)) << fp_rbits(f);
}

static __always_inline u64 fp_zero(enum vmxl_fpfmt f, bool sign)
{
	return (u64)sign << fp_sign_pos(f);
}

static __always_inline u64 fp_inf(enum vmxl_fpfmt f, bool sign)
{
	return fp_zero(f, sign) | (u64)fp_emax(f) << fp_fbits(f);
}

static __always_inline u64 fp_quiet_bit(enum vmxl_fpfmt f)
{
	return 1ULL << (fp_fbits(f) - 1);
}

static __always_inline bool fp_is_nan(enum vmxl_fpfmt f, u64 a)
{
	return fp_abs(f, a) > fp_inf(f, false);
}

static __always_inline bool fp_is_snan(enum vmxl_fpfmt f, u64 a)
{
	return fp_is_nan(f, a) && !(a & fp_quiet_bit(f));
}

/* Neither zero, subnormal, infinite nor NaN. */
static __always_inline bool fp_is_normal(enum vmxl_fpfmt f, u64 a)
{
	return ((fp_exp(f, a) + 1) & fp_emax(f)) > 1;
}

static __always_inline bool fp_nan_num(const struct fp_num *x)
{
	return x->cls >= FP_CLS_QNAN;
}

/* vmxl_fp_unpack(), with what is usual in line. */
static __always_inline struct fp_num fp_unpack(struct vmxl_fpenv *e,
					       enum vmxl_fpfmt f, u64 a)
{
	if (likely(fp_is_normal(f, a)))
		return (struct fp_num){
			.cls = FP_CLS_NUM,
			.sign = fp_sign(f, a),
			.exp = fp_exp(f, a),
			.sig = fp_sig(f, a),
		};
	return vmxl_fp_unpack(e, f, a);
}

/* Shift right, what is lost being kept as a sticky bit 0. */
static __always_inline u64 fp_shr_jam(u64 x, unsigned int n)
{
	if (unlikely(n > 63))
		return x != 0;
	return x >> n | ((x & ((1ULL << n) - 1)) != 0);
}

/* What to add before the bits of @mask (not 0) are cut off; @odd: the one above. */
static __always_inline u64 fp_round_inc(u8 rm, bool sign, u64 mask, bool odd)
{
	switch (rm) {
	case VMXL_FP_RNE:
		return (mask >> 1) + odd;
	case VMXL_FP_RMM:
		return (mask >> 1) + 1;
	case VMXL_FP_RDN:
		return sign ? mask : 0;
	case VMXL_FP_RUP:
		return sign ? 0 : mask;
	default:
		return 0;
	}
}

/* Adding instead of ORing lets a carry out of the fraction raise the exponent. */
static __always_inline u64 fp_pack(enum vmxl_fpfmt f, bool sign, int exp,
				   u64 sig)
{
	return ((u64)sign << fp_sign_pos(f)) +
	       ((u64)(exp - 1) << fp_fbits(f)) + (sig >> fp_rbits(f));
}

/* Round a number to the format, with all that can happen to it. */
static __always_inline u64 fp_round(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
				    bool sign, int exp, u64 sig)
{
	const u64 mask = (1ULL << fp_rbits(f)) - 1;

	if (unlikely(e->rm != VMXL_FP_RNE ||
		     (unsigned int)(exp - 1) >= fp_emax(f) - 2u))
		return vmxl_fp_round_slow(e, f, sign, exp, sig);
	e->flags |= (sig & mask) ? VMXL_FP_NX : 0;
	return fp_pack(f, sign, exp, sig + (mask >> 1) +
		       (sig >> fp_rbits(f) & 1));
}

/* Bring a leading one that is too low to bit 62. */
static __always_inline u64 fp_normalise(u64 sig, int *exp)
{
	int shift = 63 - fls64(sig);

	*exp -= shift;
	return sig << shift;
}

/* x86 reports a subnormal operand once nothing of higher priority was found. */
static __always_inline void fp_used(struct vmxl_fpenv *e, bool sub)
{
	if (sub && (e->policy & VMXL_FP_DE_USED))
		e->flags |= VMXL_FP_DE;
}

/* The sign of a sum that is zero though its terms are not of one sign. */
static __always_inline bool fp_zero_sign(const struct vmxl_fpenv *e)
{
	return e->rm == VMXL_FP_RDN;
}

/* Sum of two numbers; an exact zero takes its sign from the rounding mode. */
static __always_inline u64 fp_add_num(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
				      bool as, int ae, u64 am,
				      bool bs, int be, u64 bm)
{
	unsigned int carry;

	if (ae < be || (ae == be && am < bm)) {
		swap(as, bs);
		swap(ae, be);
		swap(am, bm);
	}
	bm = fp_shr_jam(bm, ae - be);
	if (as == bs) {
		am += bm;
		carry = am >> 63;
		return fp_round(e, f, as, ae + carry,
				am >> carry | (am & carry));
	}
	am -= bm;
	if (unlikely(!am))
		return fp_zero(f, fp_zero_sign(e));
	am = fp_normalise(am, &ae);
	return fp_round(e, f, as, ae, am);
}

#endif /* VMXL_FP_IMPL_H */
