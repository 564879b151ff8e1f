// SPDX-License-Identifier: GPL-2.0
/*
 * Exact floating-point reference, written for being obvious and not for speed.
 *
 * A finite value is an integer times a power of two; sums and products are
 * formed exactly in fixed point that is wide enough for the whole range. The
 * result is found by bisection over the bit patterns of the format, whose
 * magnitudes are in the order of their values, and rounded by comparing the
 * exact result with the middle of two neighbours. For a quotient a / b the
 * comparison is candidate * b with a, for a root candidate^2 with a.
 */
#include "fp_ref.h"

#include <string.h>

#define WORDS 72

typedef unsigned __int128 u128;

/* mant * 2^exp */
struct value {
	bool neg;
	u64 mant;
	int exp;
};

/* A magnitude in fixed point. */
struct big {
	u64 w[WORDS];
};

/* What a candidate is compared with: candidate * factor against exact. */
struct exact {
	enum vmxl_fpfmt f;
	bool square;		/* the factor is the candidate itself */
	struct value factor;
	struct big big;
};

static int emin(enum vmxl_fpfmt f)
{
	return f == VMXL_FP_D ? -1022 : f == VMXL_FP_S ? -126 : -14;
}

/* The power of two of bit 0 of a struct big, and how many words are used. */
static int lsb(enum vmxl_fpfmt f)
{
	return 2 * (emin(f) - fp_ref_fbits(f)) - 64;
}

static int words(enum vmxl_fpfmt f)
{
	return (2 * (2 - emin(f)) - lsb(f)) / 64 + 3;
}

/* A pattern's magnitude; that of infinity counts as the next power of two. */
static struct value decode(enum vmxl_fpfmt f, u64 bits)
{
	u64 abs = bits & ~fp_ref_sign(f);
	u64 frac = abs & ((1ULL << fp_ref_fbits(f)) - 1);
	int exp = abs >> fp_ref_fbits(f);
	struct value v = { .neg = bits & fp_ref_sign(f) };

	v.mant = exp ? frac | 1ULL << fp_ref_fbits(f) : frac;
	v.exp = (exp ? exp - 1 : 0) + emin(f) - fp_ref_fbits(f);
	return v;
}

/* x = mant * 2^exp; a value below half of bit 0 leaves a trace in bit 0. */
static void big_set(struct big *x, enum vmxl_fpfmt f, u128 mant, int exp)
{
	int shift = exp - lsb(f), i;

	memset(x, 0, sizeof(x->w[0]) * words(f));
	if (!mant)
		return;
	for (; shift < 0; shift++)
		mant = mant >> 1 | (mant & 1);
	i = shift / 64;
	shift %= 64;
	x->w[i] = (u64)mant << shift;
	x->w[i + 1] = mant >> (64 - shift);
	x->w[i + 2] = shift ? mant >> 64 >> (64 - shift) : 0;
}

static int big_cmp(const struct big *x, const struct big *y, enum vmxl_fpfmt f)
{
	int i;

	for (i = words(f) - 1; i >= 0; i--)
		if (x->w[i] != y->w[i])
			return x->w[i] < y->w[i] ? -1 : 1;
	return 0;
}

static void big_add(struct big *x, const struct big *y, enum vmxl_fpfmt f)
{
	u128 sum = 0;
	int i;

	for (i = 0; i < words(f); i++) {
		sum += (u128)x->w[i] + y->w[i];
		x->w[i] = sum;
		sum >>= 64;
	}
}

/* x -= y for x >= y */
static void big_sub(struct big *x, const struct big *y, enum vmxl_fpfmt f)
{
	u64 borrow = 0;
	int i;

	for (i = 0; i < words(f); i++) {
		u128 d = (u128)x->w[i] - y->w[i] - borrow;

		x->w[i] = d;
		borrow = (u64)(d >> 64) & 1;
	}
}

static bool big_zero(const struct big *x, enum vmxl_fpfmt f)
{
	int i;

	for (i = 0; i < words(f); i++)
		if (x->w[i])
			return false;
	return true;
}

/* Compare mant * 2^exp with the exact result. */
static int exact_cmp(const struct exact *x, u64 mant, int exp)
{
	struct big big;

	if (x->square)
		big_set(&big, x->f, (u128)mant * mant, 2 * exp);
	else
		big_set(&big, x->f, (u128)mant * x->factor.mant,
			exp + x->factor.exp);
	return big_cmp(&big, &x->big, x->f);
}

static bool goes_up(int rm, bool neg, bool odd, int middle_cmp)
{
	switch (rm) {
	case VMXL_FP_RNE:
		return middle_cmp < 0 || (!middle_cmp && odd);
	case VMXL_FP_RMM:
		return middle_cmp <= 0;
	case VMXL_FP_RDN:
		return neg;
	case VMXL_FP_RUP:
		return !neg;
	case VMXL_FP_ODD:
		return !odd;
	default:
		return false;
	}
}

/* Is an inexact result tiny, that is, below 2^emin before or after rounding? */
static bool is_tiny(const struct exact *x, enum vmxl_fpfmt to, int rm, bool neg,
		    bool before)
{
	int prec = fp_ref_fbits(to) + 1;
	u64 below = (1ULL << prec) - 1;		/* the last one before 2^emin */
	int exp = emin(to) - prec;

	if (exact_cmp(x, 1, emin(to)) <= 0)
		return false;
	if (before || exact_cmp(x, below, exp) >= 0)
		return true;
	/* It is odd; to odd then keeps it. */
	return !goes_up(rm, neg, true, exact_cmp(x, 2 * below + 1, exp - 1));
}

static u64 overflowed(enum vmxl_fpfmt to, int rm, bool neg, u32 *flags)
{
	bool inf = rm == VMXL_FP_RNE || rm == VMXL_FP_RMM ||
		   (rm == VMXL_FP_RDN && neg) || (rm == VMXL_FP_RUP && !neg);

	*flags |= VMXL_FP_OF | VMXL_FP_NX;
	return fp_ref_inf(to) - !inf;
}

static struct fp_result round_exact(const struct exact *x, enum vmxl_fpfmt to,
				    int rm, bool neg, bool before)
{
	struct fp_result r = { .bits = neg ? fp_ref_sign(to) : 0 };
	u64 low = 0, high = fp_ref_inf(to), mid;
	struct value v = decode(to, high);
	bool up;

	if (exact_cmp(x, v.mant, v.exp) <= 0) {
		r.bits |= overflowed(to, rm, neg, &r.flags);
		return r;
	}
	while (high - low > 1) {
		mid = low + (high - low) / 2;
		v = decode(to, mid);
		if (exact_cmp(x, v.mant, v.exp) <= 0)
			low = mid;
		else
			high = mid;
	}
	v = decode(to, low);
	if (!exact_cmp(x, v.mant, v.exp)) {
		r.bits |= low;
		return r;
	}
	r.flags = VMXL_FP_NX;
	up = goes_up(rm, neg, low & 1,
		     exact_cmp(x, 2 * v.mant + 1, v.exp - 1));
	if (is_tiny(x, to, rm, neg, before))
		r.flags |= VMXL_FP_UF;
	r.bits |= low + up == fp_ref_inf(to) ?
		  overflowed(to, rm, neg, &r.flags) : low + up;
	return r;
}

static struct fp_result special(u64 bits, u32 flags)
{
	return (struct fp_result){ .bits = bits, .flags = flags };
}

static u64 canonical(enum vmxl_fpfmt f)
{
	return fp_ref_inf(f) | 1ULL << (fp_ref_fbits(f) - 1);
}

static bool is_snan(enum vmxl_fpfmt f, u64 a)
{
	return fp_ref_is_nan(f, a) && !(a >> (fp_ref_fbits(f) - 1) & 1);
}

static bool is_inf(enum vmxl_fpfmt f, u64 a)
{
	return (a & ~fp_ref_sign(f)) == fp_ref_inf(f);
}

static bool is_zero(enum vmxl_fpfmt f, u64 a)
{
	return !(a & ~fp_ref_sign(f));
}

static bool negative(enum vmxl_fpfmt f, u64 a)
{
	return a & fp_ref_sign(f);
}

/* a * b + c; @mul: no addend, so that the sign of zero is the product's. */
static struct fp_result ref_fma(enum vmxl_fpfmt f, int rm, bool before, u64 a,
				u64 b, u64 c, bool mul)
{
	struct exact x = { .f = f, .factor = { .mant = 1 } };
	struct value va = decode(f, a), vb = decode(f, b), vc = decode(f, c);
	bool neg = va.neg ^ vb.neg, inf = is_inf(f, a) || is_inf(f, b);
	struct big addend;

	if (inf && (is_zero(f, a) || is_zero(f, b)))
		return special(canonical(f), VMXL_FP_NV);
	if (fp_ref_is_nan(f, a) || fp_ref_is_nan(f, b) || fp_ref_is_nan(f, c))
		return special(canonical(f), is_snan(f, a) || is_snan(f, b) ||
			       is_snan(f, c) ? VMXL_FP_NV : 0);
	if (inf && is_inf(f, c) && neg != vc.neg)
		return special(canonical(f), VMXL_FP_NV);
	if (inf || is_inf(f, c))
		return special(fp_ref_inf(f) | (inf ? neg : vc.neg) *
			       fp_ref_sign(f), 0);
	big_set(&x.big, f, (u128)va.mant * vb.mant, va.exp + vb.exp);
	big_set(&addend, f, vc.mant, vc.exp);
	if (neg == vc.neg || mul) {
		big_add(&x.big, &addend, f);
	} else if (big_cmp(&x.big, &addend, f) >= 0) {
		big_sub(&x.big, &addend, f);
		if (big_zero(&x.big, f))
			neg = rm == VMXL_FP_RDN;
	} else {
		big_sub(&addend, &x.big, f);
		x.big = addend;
		neg = vc.neg;
	}
	return round_exact(&x, f, rm, neg, before);
}

static struct fp_result ref_div(enum vmxl_fpfmt f, int rm, bool before, u64 a,
				u64 b)
{
	struct exact x = { .f = f, .factor = decode(f, b) };
	struct value va = decode(f, a);
	bool neg = va.neg ^ x.factor.neg;
	u64 sign = neg ? fp_ref_sign(f) : 0;

	if (fp_ref_is_nan(f, a) || fp_ref_is_nan(f, b))
		return special(canonical(f), is_snan(f, a) || is_snan(f, b) ?
			       VMXL_FP_NV : 0);
	if ((is_inf(f, a) && is_inf(f, b)) || (is_zero(f, a) && is_zero(f, b)))
		return special(canonical(f), VMXL_FP_NV);
	if (is_inf(f, a))
		return special(sign | fp_ref_inf(f), 0);
	if (is_zero(f, b))
		return special(sign | fp_ref_inf(f), VMXL_FP_DZ);
	if (is_inf(f, b))
		return special(sign, 0);
	big_set(&x.big, f, va.mant, va.exp);
	return round_exact(&x, f, rm, neg, before);
}

static struct fp_result ref_sqrt(enum vmxl_fpfmt f, int rm, u64 a)
{
	struct exact x = { .f = f, .square = true };
	struct value va = decode(f, a);

	if (fp_ref_is_nan(f, a))
		return special(canonical(f), is_snan(f, a) ? VMXL_FP_NV : 0);
	if (is_zero(f, a))
		return special(a, 0);
	if (va.neg)
		return special(canonical(f), VMXL_FP_NV);
	if (is_inf(f, a))
		return special(a, 0);
	big_set(&x.big, f, va.mant, va.exp);
	return round_exact(&x, f, rm, false, false);
}

static struct fp_result ref_cvt(enum vmxl_fpfmt to, enum vmxl_fpfmt f, int rm,
				bool before, u64 a)
{
	struct exact x = { .f = VMXL_FP_D, .factor = { .mant = 1 } };
	struct value va = decode(f, a);
	u64 sign = va.neg ? fp_ref_sign(to) : 0;

	if (fp_ref_is_nan(f, a))
		return special(canonical(to), is_snan(f, a) ? VMXL_FP_NV : 0);
	if (is_inf(f, a))
		return special(sign | fp_ref_inf(to), 0);
	big_set(&x.big, x.f, va.mant, va.exp);
	return round_exact(&x, to, rm, va.neg, before);
}

static struct fp_result ref_from_int(enum vmxl_fpfmt f, int rm, bool neg,
				     u64 mag)
{
	struct exact x = { .f = VMXL_FP_D, .factor = { .mant = 1 } };

	big_set(&x.big, x.f, mag, 0);
	return round_exact(&x, f, rm, neg && mag, false);
}

/*
 * The integer next to |v|; one beyond 64 bits only has to stay beyond them.
 */
static u128 integer(struct value v, int rm, bool *inexact)
{
	u128 whole = v.exp >= 0 ? (u128)v.mant << (v.exp > 60 ? 60 : v.exp) :
		     v.exp > -64 ? v.mant >> -v.exp : 0;
	u64 rest;
	int cmp;

	*inexact = false;
	if (v.exp >= 0)
		return whole;
	rest = v.exp > -64 ? v.mant & ((1ULL << -v.exp) - 1) : v.mant;
	if (!rest)
		return whole;
	*inexact = true;
	/* The mantissa has 53 bits, so what is below 2^-64 is below a half. */
	cmp = v.exp <= -64 || rest < 1ULL << (-v.exp - 1) ? 1 :
	      rest > 1ULL << (-v.exp - 1) ? -1 : 0;
	return whole + goes_up(rm, v.neg, whole & 1, cmp);
}

static struct fp_result ref_to_int(enum vmxl_fpfmt f, int rm, u64 a, int bits,
				   bool is_signed)
{
	u128 most = ((u128)1 << (bits - is_signed)) - 1;
	u128 least = is_signed ? most + 1 : 0;	/* its magnitude */
	bool neg = negative(f, a) && !fp_ref_is_nan(f, a), inexact = false;
	u128 whole = (u128)1 << 100, limit = neg ? least : most;
	u32 flags = 0;

	if (!fp_ref_is_nan(f, a) && !is_inf(f, a))
		whole = integer(decode(f, a), rm, &inexact);
	if (whole > limit) {
		whole = limit;
		flags = VMXL_FP_NV;
	} else if (inexact) {
		flags = VMXL_FP_NX;
	}
	whole = neg ? -whole : whole;
	return special(bits == 32 ? (u64)(s64)(int)whole : (u64)whole, flags);
}

static struct fp_result ref_rint(enum vmxl_fpfmt f, int rm, u64 a, bool exact)
{
	struct value va = decode(f, a);
	struct fp_result r;
	bool inexact;
	u64 whole;

	if (fp_ref_is_nan(f, a))
		return special(canonical(f), is_snan(f, a) ? VMXL_FP_NV : 0);
	if (is_inf(f, a) || va.exp >= 0)
		return special(a, 0);
	whole = integer(va, rm, &inexact);
	r = ref_from_int(f, rm, false, whole);
	r.bits |= a & fp_ref_sign(f);
	r.flags = inexact && exact ? VMXL_FP_NX : 0;
	return r;
}

/* -1, 0, 1, by signs and magnitudes. */
static int order(enum vmxl_fpfmt f, u64 a, u64 b)
{
	u64 ma = a & ~fp_ref_sign(f), mb = b & ~fp_ref_sign(f);

	if (!ma && !mb)
		return 0;
	if (negative(f, a) != negative(f, b))
		return negative(f, a) ? -1 : 1;
	if (ma == mb)
		return 0;
	return (ma < mb) != negative(f, a) ? -1 : 1;
}

static struct fp_result ref_cmp(enum fp_op op, enum vmxl_fpfmt f, u64 a, u64 b)
{
	bool quiet = op == OP_EQ || op == OP_LTQ || op == OP_LEQ;

	if (fp_ref_is_nan(f, a) || fp_ref_is_nan(f, b))
		return special(0, !quiet || is_snan(f, a) || is_snan(f, b) ?
			       VMXL_FP_NV : 0);
	switch (op) {
	case OP_EQ:
		return special(order(f, a, b) == 0, 0);
	case OP_LT:
	case OP_LTQ:
		return special(order(f, a, b) < 0, 0);
	default:
		return special(order(f, a, b) <= 0, 0);
	}
}

static struct fp_result ref_minmax(enum fp_op op, enum vmxl_fpfmt f, u64 a,
				   u64 b)
{
	u32 flags = is_snan(f, a) || is_snan(f, b) ? VMXL_FP_NV : 0;
	bool nan_a = fp_ref_is_nan(f, a), nan_b = fp_ref_is_nan(f, b);
	bool max = op == OP_MAX || op == OP_MAXM, a_first;

	if ((nan_a && nan_b) ||
	    ((nan_a || nan_b) && (op == OP_MINM || op == OP_MAXM)))
		return special(canonical(f), flags);
	if (nan_a || nan_b)
		return special(nan_a ? b : a, flags);
	a_first = order(f, a, b) < 0 ||
		  (order(f, a, b) == 0 && negative(f, a));
	return special(a_first != max ? a : b, 0);
}

static struct fp_result ref_class(enum vmxl_fpfmt f, u64 a)
{
	bool neg = negative(f, a);
	u64 exp = (a & ~fp_ref_sign(f)) >> fp_ref_fbits(f);

	if (fp_ref_is_nan(f, a))
		return special(is_snan(f, a) ? 0x100 : 0x200, 0);
	if (is_inf(f, a))
		return special(neg ? 0x001 : 0x080, 0);
	if (exp)
		return special(neg ? 0x002 : 0x040, 0);
	if (!is_zero(f, a))
		return special(neg ? 0x004 : 0x020, 0);
	return special(neg ? 0x008 : 0x010, 0);
}

static struct fp_result ref_cvtmod(u64 a)
{
	struct value v = decode(VMXL_FP_D, a);
	struct fp_result r = ref_to_int(VMXL_FP_D, VMXL_FP_RTZ, a, 32, true);
	u32 low = 0;

	if (!fp_ref_is_nan(VMXL_FP_D, a) && !is_inf(VMXL_FP_D, a)) {
		if (v.exp >= 0)
			low = v.exp < 32 ? v.mant << v.exp : 0;
		else
			low = v.exp > -64 ? v.mant >> -v.exp : 0;
	}
	r.bits = (u64)(s64)(int)(v.neg ? -low : low);
	return r;
}

static struct fp_result ref_from(enum fp_op op, enum vmxl_fpfmt f, int rm,
				 u64 v)
{
	bool is_signed = op == OP_FROM_I32 || op == OP_FROM_I64;
	bool neg;

	if (op == OP_FROM_I32)
		v = (u64)(s64)(int)v;
	else if (op == OP_FROM_U32)
		v = (u32)v;
	neg = is_signed && v >> 63;
	return ref_from_int(f, rm, neg, neg ? -v : v);
}

struct fp_result fp_ref(enum fp_op op, enum vmxl_fpfmt f, int rm, bool before,
			u64 a, u64 b, u64 c)
{
	u64 one = fp_ref_inf(f) / 2 >> fp_ref_fbits(f) << fp_ref_fbits(f);
	u64 sign = fp_ref_sign(f);

	switch (op) {
	case OP_ADD:
		return ref_fma(f, rm, before, a, one, b, false);
	case OP_SUB:
		return ref_fma(f, rm, before, a, one, b ^ sign, false);
	case OP_MUL:
		return ref_fma(f, rm, before, a, b, 0, true);
	case OP_FMA:
		return ref_fma(f, rm, before, a, b, c, false);
	case OP_DIV:
		return ref_div(f, rm, before, a, b);
	case OP_SQRT:
		return ref_sqrt(f, rm, a);
	case OP_EQ ... OP_LEQ:
		return ref_cmp(op, f, a, b);
	case OP_MIN ... OP_MAXM:
		return ref_minmax(op, f, a, b);
	case OP_RINT:
	case OP_RINTX:
		return ref_rint(f, rm, a, op == OP_RINTX);
	case OP_TO_H ... OP_TO_D:
		return ref_cvt(VMXL_FP_H + (op - OP_TO_H), f, rm, before, a);
	case OP_TO_I32:
	case OP_TO_U32:
		return ref_to_int(f, rm, a, 32, op == OP_TO_I32);
	case OP_TO_I64:
	case OP_TO_U64:
		return ref_to_int(f, rm, a, 64, op == OP_TO_I64);
	case OP_FROM_I32 ... OP_FROM_U64:
		return ref_from(op, f, rm, a);
	case OP_CLASS:
		return ref_class(f, a);
	default:
		return ref_cvtmod(a);
	}
}
