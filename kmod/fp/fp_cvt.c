// SPDX-License-Identifier: GPL-2.0
/*
 * Conversions: between formats, from and to integers, to integral values.
 */
#include "fp_impl.h"

/*
 * The integer next to a number by the rounding mode. The number is the
 * significand with its lowest @frac bits behind the point.
 */
static __always_inline u64 round_to_mag(u8 rm, bool sign, u64 sig, int frac,
					bool *inexact)
{
	u64 mask;

	*inexact = false;
	if (frac <= 0)
		return sig << -frac;
	if (frac > 63) {	/* less than a half: only that it is there counts */
		frac = 63;
		sig = 1;
	}
	mask = (1ULL << frac) - 1;
	*inexact = sig & mask;
	if (*inexact && rm == VMXL_FP_ODD)
		sig |= mask + 1;
	return (sig + fp_round_inc(rm, sign, mask, sig >> frac & 1)) >> frac;
}

static __always_inline u64 rint_num(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
				    u64 a, const struct fp_num *x, bool exact)
{
	int exp = 62 + fp_bias(f);
	bool inexact;
	u64 mag;

	if (x->exp >= fp_bias(f) + fp_fbits(f))
		return a;
	mag = round_to_mag(e->rm, x->sign, x->sig,
			   62 - (x->exp - fp_bias(f)), &inexact);
	if (inexact && exact)
		e->flags |= VMXL_FP_NX;
	if (!mag)
		return fp_zero(f, x->sign);
	mag = fp_normalise(mag, &exp);
	return fp_pack(f, x->sign, exp, mag);
}

/**
 * vmxl_fp_rint - round to an integral value of the same format
 * @e: environment
 * @f: format
 * @a: operand
 * @exact: raise NX if the result differs from the operand
 */
u64 vmxl_fp_rint(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, bool exact)
{
	struct fp_num x = fp_unpack(e, f, a);

	switch (x.cls) {
	case FP_CLS_ZERO:
		return fp_zero(f, x.sign);
	case FP_CLS_INF:
		return a;
	case FP_CLS_NUM:
		return rint_num(e, f, a, &x, exact);
	default:
		return vmxl_fp_nan1(e, f, a);
	}
}

/* A NaN keeps its sign and the upper bits of its payload, or is the default. */
static u64 cvt_nan(struct vmxl_fpenv *e, enum vmxl_fpfmt to,
		   enum vmxl_fpfmt from, u64 a)
{
	u64 nan = vmxl_fp_nan1(e, from, a);
	u64 frac = (nan & fp_frac_mask(from)) << fp_rbits(from);

	return fp_inf(to, fp_sign(from, nan)) | frac >> fp_rbits(to);
}

/**
 * vmxl_fp_cvt - convert between formats
 * @e: environment
 * @to: format of the result
 * @from: format of the operand
 * @a: operand
 */
u64 vmxl_fp_cvt(struct vmxl_fpenv *e, enum vmxl_fpfmt to,
		enum vmxl_fpfmt from, u64 a)
{
	struct fp_num x = fp_unpack(e, from, a);

	switch (x.cls) {
	case FP_CLS_ZERO:
		return fp_zero(to, x.sign);
	case FP_CLS_INF:
		return fp_inf(to, x.sign);
	case FP_CLS_NUM:
		fp_used(e, x.sub);
		return fp_round(e, to, x.sign,
				x.exp - fp_bias(from) + fp_bias(to), x.sig);
	default:
		return cvt_nan(e, to, from, a);
	}
}

static u64 int_max(int bits, bool is_signed)
{
	return U64_MAX >> (64 - bits + is_signed);
}

static u64 int_min(int bits, bool is_signed)
{
	return is_signed ? U64_MAX << (bits - 1) : 0;
}

/* What does not fit: all of it is NV, and NV alone. */
static u64 int_invalid(struct vmxl_fpenv *e, const struct fp_num *x, int bits,
		       bool is_signed)
{
	e->flags |= VMXL_FP_NV;
	if (e->toint == VMXL_FP_INT_X86)
		return is_signed ? int_min(bits, true) : int_max(bits, false);
	if (fp_nan_num(x))
		return e->toint == VMXL_FP_INT_ARM ? 0 :
						     int_max(bits, is_signed);
	return x->sign ? int_min(bits, is_signed) : int_max(bits, is_signed);
}

static u64 sign_extend(u64 v, int bits)
{
	return (u64)((s64)(v << (64 - bits)) >> (64 - bits));
}

static u64 num_to_int(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
		      const struct fp_num *x, int bits, bool is_signed)
{
	int exp = x->exp - fp_bias(f);
	bool inexact;
	u64 mag, most;

	if (exp > 63)
		return int_invalid(e, x, bits, is_signed);
	mag = round_to_mag(e->rm, x->sign, x->sig, 62 - exp, &inexact);
	most = x->sign ? -int_min(bits, is_signed) : int_max(bits, is_signed);
	if (mag > most)
		return int_invalid(e, x, bits, is_signed);
	if (inexact)
		e->flags |= VMXL_FP_NX;
	return x->sign ? -mag : mag;
}

/**
 * vmxl_fp_to_int - convert to an integer
 * @e: environment; toint says what a value out of range gives
 * @f: format
 * @a: operand
 * @bits: width of the integer, 2 to 64
 * @is_signed: whether it is signed
 *
 * Return: the integer; if it has less than 64 bits, sign-extended from its
 * highest one even if it is unsigned, as RISC-V has it.
 */
u64 vmxl_fp_to_int(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, int bits,
		   bool is_signed)
{
	struct fp_num x = fp_unpack(e, f, a);
	u64 v;

	switch (x.cls) {
	case FP_CLS_ZERO:
		return 0;
	case FP_CLS_NUM:
		v = num_to_int(e, f, &x, bits, is_signed);
		break;
	default:
		v = int_invalid(e, &x, bits, is_signed);
		break;
	}
	return sign_extend(v, bits);
}

static __always_inline u64 from_mag(struct vmxl_fpenv *e, enum vmxl_fpfmt f,
				    bool sign, u64 mag)
{
	int exp = 62 + fp_bias(f);

	if (mag >> 63) {
		mag = fp_shr_jam(mag, 1);
		exp++;
	} else {
		mag = fp_normalise(mag, &exp);
	}
	return fp_round(e, f, sign, exp, mag);
}

/**
 * vmxl_fp_from_int - convert from an integer
 * @e: environment
 * @f: format
 * @v: the integer; bits above its width are ignored
 * @bits: width, 2 to 64
 * @is_signed: whether it is signed
 */
u64 vmxl_fp_from_int(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 v, int bits,
		     bool is_signed)
{
	bool sign;

	v = is_signed ? sign_extend(v, bits) : v & int_max(bits, false);
	if (!v)
		return 0;
	sign = is_signed && v >> 63;
	if (sign)
		v = -v;
	return FP_BY_FORMAT(f, from_mag(e, F, sign, v));
}

/* The value modulo 2^64, cut off towards zero. */
static u64 num_modulo(const struct fp_num *x)
{
	int exp = x->exp - fp_bias(VMXL_FP_D);
	u64 mag;

	if (exp < 0 || exp > 62 + 63)
		return 0;
	mag = exp > 62 ? x->sig << (exp - 62) : x->sig >> (62 - exp);
	return x->sign ? -mag : mag;
}

/**
 * vmxl_fp_cvtmod - RISC-V fcvtmod.w.d
 * @e: environment; always truncates
 * @a: operand, double
 *
 * Return: the operand cut off to an integer, its low 32 bits sign-extended;
 * zero for infinities and NaNs. The flags are those of fcvt.w.d.
 */
u64 vmxl_fp_cvtmod(struct vmxl_fpenv *e, u64 a)
{
	struct fp_num x = fp_unpack(e, VMXL_FP_D, a);
	u8 rm = e->rm;

	e->rm = VMXL_FP_RTZ;
	vmxl_fp_to_int(e, VMXL_FP_D, a, 32, true);
	e->rm = rm;
	return x.cls == FP_CLS_NUM ? sign_extend(num_modulo(&x), 32) : 0;
}
