// SPDX-License-Identifier: GPL-2.0
/*
 * Test of kmod/fp: results and flags against an exact reference in every mode
 * and format, and against the processor in x86's terms.
 *
 * Output: TAP. Options: --count N scales the random parts (default 100, which
 * takes a few seconds), --seed N, --bench prints nanoseconds per operation.
 */
#include "fp_ref.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ARRAY_LEN(x) (sizeof(x) / sizeof((x)[0]))
#define NR_RM 6
#define MAX_SHOWN 10

static const char * const op_name[OP_NR] = {
	"add", "sub", "mul", "div", "sqrt", "fma",
	"eq", "lt", "le", "ltq", "leq", "min", "max", "minm", "maxm",
	"rint", "rintx", "cvt.h", "cvt.s", "cvt.d",
	"to_i32", "to_u32", "to_i64", "to_u64",
	"from_i32", "from_u32", "from_i64", "from_u64",
	"class", "cvtmod",
};

static const char * const fmt_name[VMXL_FP_NR_FMT] = { "h", "s", "d" };

struct ctx {
	u64 state[2];
	long count;
	long checks;
	int failed;
};

static u64 rnd(struct ctx *t)
{
	u64 a = t->state[0], b = t->state[1];

	t->state[0] = b;
	a ^= a << 23;
	t->state[1] = a ^ b ^ a >> 17 ^ b >> 26;
	return t->state[1] + b;
}

static u64 run(enum fp_op op, struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a,
	       u64 b, u64 c)
{
	switch (op) {
	case OP_ADD:
		return vmxl_fp_add(e, f, a, b);
	case OP_SUB:
		return vmxl_fp_sub(e, f, a, b);
	case OP_MUL:
		return vmxl_fp_mul(e, f, a, b);
	case OP_DIV:
		return vmxl_fp_div(e, f, a, b);
	case OP_SQRT:
		return vmxl_fp_sqrt(e, f, a);
	case OP_FMA:
		return vmxl_fp_fma(e, f, a, b, c);
	case OP_EQ:
		return vmxl_fp_eq(e, f, a, b);
	case OP_LT:
		return vmxl_fp_lt(e, f, a, b);
	case OP_LE:
		return vmxl_fp_le(e, f, a, b);
	case OP_LTQ:
		return vmxl_fp_ltq(e, f, a, b);
	case OP_LEQ:
		return vmxl_fp_leq(e, f, a, b);
	case OP_MIN:
		return vmxl_fp_min(e, f, a, b);
	case OP_MAX:
		return vmxl_fp_max(e, f, a, b);
	case OP_MINM:
		return vmxl_fp_minm(e, f, a, b);
	case OP_MAXM:
		return vmxl_fp_maxm(e, f, a, b);
	case OP_RINT:
		return vmxl_fp_rint(e, f, a, false);
	case OP_RINTX:
		return vmxl_fp_rint(e, f, a, true);
	case OP_TO_H ... OP_TO_D:
		return vmxl_fp_cvt(e, VMXL_FP_H + (op - OP_TO_H), f, a);
	case OP_TO_I32:
		return vmxl_fp_to_int(e, f, a, 32, true);
	case OP_TO_U32:
		return vmxl_fp_to_int(e, f, a, 32, false);
	case OP_TO_I64:
		return vmxl_fp_to_int(e, f, a, 64, true);
	case OP_TO_U64:
		return vmxl_fp_to_int(e, f, a, 64, false);
	case OP_FROM_I32:
		return vmxl_fp_from_int(e, f, a, 32, true);
	case OP_FROM_U32:
		return vmxl_fp_from_int(e, f, a, 32, false);
	case OP_FROM_I64:
		return vmxl_fp_from_int(e, f, a, 64, true);
	case OP_FROM_U64:
		return vmxl_fp_from_int(e, f, a, 64, false);
	case OP_CLASS:
		return vmxl_fp_class(f, a);
	default:
		return vmxl_fp_cvtmod(e, a);
	}
}

static int operands(enum fp_op op)
{
	switch (op) {
	case OP_FMA:
		return 3;
	case OP_ADD ... OP_DIV:
	case OP_EQ ... OP_MAXM:
		return 2;
	default:
		return 1;
	}
}

static bool has_op(enum fp_op op, enum vmxl_fpfmt f)
{
	if (op >= OP_TO_H && op <= OP_TO_D)
		return op - OP_TO_H != f - VMXL_FP_H;
	return op != OP_CVTMOD || f == VMXL_FP_D;
}

static void expect(struct ctx *t, enum fp_op op, enum vmxl_fpfmt f,
		   const struct vmxl_fpenv *e, const u64 *v, u64 got,
		   struct fp_result want)
{
	t->checks++;
	if (got == want.bits && e->flags == want.flags)
		return;
	if (t->failed++ < MAX_SHOWN)
		printf("# %s.%s rm %d nan %d policy %x: %llx %llx %llx: got %llx flags %x, want %llx flags %x\n",
		       op_name[op], fmt_name[f], e->rm, e->nan, e->policy,
		       (unsigned long long)v[0], (unsigned long long)v[1],
		       (unsigned long long)v[2], (unsigned long long)got,
		       e->flags, (unsigned long long)want.bits, want.flags);
}

static void check_ref(struct ctx *t, enum fp_op op, enum vmxl_fpfmt f, int rm,
		      bool before, const u64 *v)
{
	struct vmxl_fpenv e = { .rm = rm };
	u64 got;

	if (before)
		e.policy |= VMXL_FP_TINY_BEFORE;
	got = run(op, &e, f, v[0], v[1], v[2]);
	expect(t, op, f, &e, v, got,
	       fp_ref(op, f, rm, before, v[0], v[1], v[2]));
}

/* False if the processor cannot do it. */
static bool check_hw(struct ctx *t, enum fp_op op, enum vmxl_fpfmt f, int rm,
		     bool daz, bool ftz, const u64 *v)
{
	struct vmxl_fpenv e = {
		.rm = rm,
		.nan = VMXL_FP_NAN_X86,
		.toint = VMXL_FP_INT_X86,
		.policy = VMXL_FP_POLICY_X86 | (daz ? VMXL_FP_FZ_IN : 0) |
			  (ftz ? VMXL_FP_FZ_OUT : 0),
	};
	struct fp_result want;

	if (!fp_hw(op, f, rm, daz, ftz, v[0], v[1], v[2], &want))
		return false;
	/* F16C takes MXCSR.DAZ and FTZ for the single side only. */
	if (op == OP_TO_H)
		e.policy &= ~VMXL_FP_FZ_OUT;
	if (f == VMXL_FP_H)
		e.policy = 0;
	expect(t, op, f, &e, v, run(op, &e, f, v[0], v[1], v[2]), want);
	return true;
}

/* Operands where something begins or ends, without their signs. */
static int edges(enum vmxl_fpfmt f, u64 *v)
{
	int fbits = fp_ref_fbits(f), n = 0, i;
	u64 ulp = 1ULL << fbits, inf = fp_ref_inf(f);
	u64 one = inf / 2 / ulp * ulp, quiet = ulp >> 1;
	static const int powers[] = {
		1, 2, 7, 8, 15, 16, 31, 32, 52, 53, 63, 64, 84, 85,
	};
	const u64 fixed[] = {
		0, 1, 2, quiet - 1, quiet, quiet + 1, ulp - 2, ulp - 1,
		ulp, ulp + 1, ulp + quiet, 2 * ulp - 1, 2 * ulp,
		one - ulp, one - 1, one, one + 1, one + 2, one + quiet,
		one + ulp - 1, one / 2 / ulp * ulp, one / 2 / ulp * ulp + 1,
		one + one / 2 / ulp * ulp, one - (fbits + 1) * ulp,
		one - (fbits + 2) * ulp, one + (fbits - 1) * ulp + 1,
		one + fbits * ulp + 1, one + (fbits + 1) * ulp - 1,
		inf - ulp, inf - ulp - 1, inf - 2, inf - 1, inf,
		inf + 1, inf + quiet - 1, inf + quiet, inf + quiet + 5,
	};

	for (i = 0; i < (int)ARRAY_LEN(fixed); i++)
		v[n++] = fixed[i];
	for (i = 0; i < (int)ARRAY_LEN(powers); i++) {
		if (one + powers[i] * ulp >= inf)
			break;
		v[n++] = one + powers[i] * ulp;
		v[n++] = one + powers[i] * ulp - 1;
		v[n++] = one + powers[i] * ulp + quiet;
	}
	for (i = 0; i < n; i++)
		v[n + i] = v[i] | fp_ref_sign(f);
	return 2 * n;
}

typedef void (*vector_fn)(struct ctx *t, enum fp_op op, enum vmxl_fpfmt f,
			  const u64 *v);

/* All pairs; of triples, those whose first two are every fifth edge. */
static void product(struct ctx *t, enum fp_op op, enum vmxl_fpfmt f,
		    vector_fn fn)
{
	u64 edge[200], v[3];
	int n = edges(f, edge), nr = operands(op);
	int step = nr == 3 ? 5 : 1, i, j, k;

	for (i = 0; i < n; i += step) {
		for (j = 0; j < (nr > 1 ? n : 1); j += step) {
			for (k = 0; k < (nr > 2 ? n : 1); k++) {
				v[0] = edge[i];
				v[1] = edge[j];
				v[2] = edge[k];
				fn(t, op, f, v);
			}
		}
	}
}

static void vector_ref(struct ctx *t, enum fp_op op, enum vmxl_fpfmt f,
		       const u64 *v)
{
	int rm;

	if (op == OP_FMA) {
		check_ref(t, op, f, rnd(t) % NR_RM, rnd(t) & 1, v);
		return;
	}
	for (rm = 0; rm < NR_RM; rm++)
		check_ref(t, op, f, rm, rm & 1, v);
}

static void vector_hw(struct ctx *t, enum fp_op op, enum vmxl_fpfmt f,
		      const u64 *v)
{
	int mode;

	for (mode = 0; mode < 16; mode++)
		if (!check_hw(t, op, f, mode & 3, mode & 4, mode & 8, v))
			return;
}

static void all_edges(struct ctx *t, vector_fn fn)
{
	enum vmxl_fpfmt f;
	enum fp_op op;

	for (op = 0; op < OP_NR; op++)
		for (f = 0; f < VMXL_FP_NR_FMT; f++)
			if (has_op(op, f))
				product(t, op, f, fn);
}

static void edges_ref(struct ctx *t)
{
	all_edges(t, vector_ref);
}

static void edges_hw(struct ctx *t)
{
	all_edges(t, vector_hw);
}

/* A fraction with long runs of equal bits as often as not. */
static u64 random_frac(struct ctx *t, int fbits)
{
	u64 all = (1ULL << fbits) - 1, one = 1ULL << rnd(t) % fbits;

	switch (rnd(t) & 7) {
	case 0:
		return 0;
	case 1:
		return all;
	case 2:
		return one;
	case 3:
		return all - one;
	case 4:
		return one - 1;
	case 5:
		return all & -one;
	default:
		return rnd(t) & all;
	}
}

/* Exponents cluster around @near, the ends, and where integers end. */
static u64 random_operand(struct ctx *t, enum vmxl_fpfmt f, int near)
{
	int fbits = fp_ref_fbits(f), emax = fp_ref_inf(f) >> fbits;
	int spread = rnd(t) & 1 ? 3 : 2 * fbits + 15, exp;

	switch (rnd(t) & 15) {
	case 0:
		exp = 0;
		break;
	case 1:
		exp = emax - (rnd(t) & 3);
		break;
	case 2:
		exp = rnd(t) & 3;
		break;
	case 3:
		exp = emax / 2 + rnd(t) % 67 - 2;
		break;
	case 4:
		exp = emax / 4 + rnd(t) % 32 - 16;
		break;
	case 5:
		exp = rnd(t) & emax;
		break;
	default:
		exp = near + (int)(rnd(t) % spread) - spread / 2;
		break;
	}
	exp = exp < 0 ? 0 : exp > emax ? emax : exp;
	return (rnd(t) & 1) * fp_ref_sign(f) | (u64)exp << fbits |
	       random_frac(t, fbits);
}

static int exponent(enum vmxl_fpfmt f, u64 a)
{
	return (a & ~fp_ref_sign(f)) >> fp_ref_fbits(f);
}

static u64 random_int(struct ctx *t)
{
	u64 v = rnd(t) >> (rnd(t) & 63);

	if (!(rnd(t) & 3))
		v = (1ULL << (rnd(t) & 63)) + rnd(t) % 5 - 2;
	return rnd(t) & 1 ? -v : v;
}

/* The addend of an fma is put where the product is, or cancels it nearly. */
static u64 random_addend(struct ctx *t, enum vmxl_fpfmt f, u64 a, u64 b)
{
	int bias = fp_ref_inf(f) >> fp_ref_fbits(f) >> 1;
	struct vmxl_fpenv e = { .rm = rnd(t) & 3 };
	u64 c, mask = ~0ULL >> (64 - fp_ref_width(f));

	if (rnd(t) & 3)
		return random_operand(t, f, exponent(f, a) + exponent(f, b) -
				      bias);
	c = vmxl_fp_mul(&e, f, a, b) ^ (rnd(t) & 1) * fp_ref_sign(f);
	return (c + rnd(t) % 3 - 1) & mask;
}

static void random_vector(struct ctx *t, enum fp_op op, enum vmxl_fpfmt f,
			  u64 *v)
{
	int emax = fp_ref_inf(f) >> fp_ref_fbits(f);
	int near = rnd(t) & 1 ? emax / 2 : (int)(rnd(t) & emax);

	if (op >= OP_FROM_I32 && op <= OP_FROM_U64) {
		v[0] = random_int(t);
		v[1] = 0;
		v[2] = 0;
		return;
	}
	v[0] = random_operand(t, f, near);
	if (rnd(t) & 7)
		v[1] = random_operand(t, f, exponent(f, v[0]));
	else
		v[1] = v[0] ^ 1ULL << rnd(t) % fp_ref_width(f);
	v[2] = op == OP_FMA ? random_addend(t, f, v[0], v[1]) : 0;
}

/* The reference bisects in wide numbers: the wider, the fewer. */
static void random_ref(struct ctx *t)
{
	static const int share[] = { 150, 100, 8 };
	enum vmxl_fpfmt f;
	enum fp_op op;
	u64 v[3];
	long i;

	for (op = 0; op < OP_NR; op++) {
		for (f = 0; f < VMXL_FP_NR_FMT; f++) {
			if (!has_op(op, f))
				continue;
			for (i = 0; i < t->count * share[f]; i++) {
				random_vector(t, op, f, v);
				check_ref(t, op, f, rnd(t) % NR_RM, rnd(t) & 1,
					  v);
			}
		}
	}
}

static void random_hw(struct ctx *t)
{
	enum vmxl_fpfmt f;
	enum fp_op op;
	u64 v[3], mode;
	long i;

	for (op = 0; op < OP_NR; op++) {
		for (f = 0; f < VMXL_FP_NR_FMT; f++) {
			for (i = 0; i < t->count * 5000 && has_op(op, f); i++) {
				random_vector(t, op, f, v);
				mode = rnd(t);
				if (!check_hw(t, op, f, mode & 3,
					      (mode & 0x70) == 0x10,
					      (mode & 0x700) == 0x100, v))
					break;
			}
		}
	}
}

/* Every operand of half precision, in every mode, for what takes one. */
static void all_halves(struct ctx *t)
{
	static const enum fp_op ops[] = {
		OP_SQRT, OP_RINT, OP_RINTX, OP_TO_I32, OP_TO_U32, OP_TO_I64,
		OP_TO_U64, OP_CLASS,
	};
	u64 v[3] = { 0 };
	size_t i;
	int rm;

	for (i = 0; i < ARRAY_LEN(ops); i++)
		for (rm = 0; rm < NR_RM; rm++)
			for (v[0] = 0; v[0] < 0x10000; v[0]++)
				check_ref(t, ops[i], VMXL_FP_H, rm, false, v);
}

/* Half to single and double and back gives the same bits, but for NaNs. */
static void halves_round_trip(struct ctx *t)
{
	enum vmxl_fpfmt f;
	u64 a, wide;

	for (f = VMXL_FP_S; f <= VMXL_FP_D; f++) {
		for (a = 0; a < 0x10000; a++) {
			struct vmxl_fpenv e = { .nan = VMXL_FP_NAN_ARM };
			u64 v[3] = { a };
			struct fp_result want = { .bits = a };

			if (fp_ref_is_nan(VMXL_FP_H, a)) {
				want.bits |= 0x200;
				want.flags = a & 0x200 ? 0 : VMXL_FP_NV;
			}
			wide = vmxl_fp_cvt(&e, f, VMXL_FP_H, a);
			expect(t, OP_TO_H, f, &e, v,
			       vmxl_fp_cvt(&e, VMXL_FP_H, f, wide), want);
		}
	}
}

/*
 * Operands that random ones do not meet: (1 + 2^-26) * (2 - 2^-25 + 2^-51) is
 * 2 + 2^-77, a hair above a tie for an addend of the right size.
 */
static const u64 hard_cases[][3] = {
	{ 0x3ff0000004000000, 0x3c9ffffff8000002, 0x3ff0000000000000 },
	{ 0x3ff0000004000000, 0x3c9ffffff8000002, 0x3ff0000000000001 },
	{ 0x3ff0000004000000, 0x3c8ffffff8000002, 0x3ff0000000000000 },
	{ 0x3ff0000004000000, 0x3c8ffffff8000002, 0x3ff8000000000000 },
	{ 0x3ff0000004000000, 0x3bfffffff8000002, 0x3ff0000000000000 },
	{ 0x3ff0000004000000, 0x001ffffff8000002, 0x0360000000000000 },
};

static void hard(struct ctx *t)
{
	u64 v[3];
	size_t i;
	int mode;

	for (i = 0; i < ARRAY_LEN(hard_cases); i++) {
		for (mode = 0; mode < NR_RM * 4; mode++) {
			memcpy(v, hard_cases[i], sizeof(v));
			v[0] |= (u64)(mode & 1) << 63;
			v[2] |= (u64)(mode >> 1 & 1) << 63;
			check_ref(t, OP_FMA, VMXL_FP_D, mode / 4, false, v);
		}
	}
}

/* Rules of the Arm ARM that neither reference knows, in single precision. */
static const struct arm_case {
	enum fp_op op;
	u8 nan;
	u8 policy;
	u64 v[3];
	struct fp_result want;
} arm_cases[] = {
#define SNAN1 0x7f800001
#define SNAN2 0xff800002
#define QNAN1 0x7fc00011
#define QNAN2 0xffc00022
#define DFLT  0x7fc00000
#define INF   0x7f800000
#define ONE   0x3f800000
#define TINY  0x00400000
#define NEGTINY 0x80400000
#define ARM VMXL_FP_NAN_ARM
#define DN VMXL_FP_NAN_ARM_DN
#define NV VMXL_FP_NV
#define FZ (VMXL_FP_FZ_IN | VMXL_FP_FZ_OUT)
	/* Signalling goes before quiet, first before second. */
	{ OP_ADD, ARM, 0, { QNAN1, SNAN2 }, { SNAN2 | 0x400000, NV } },
	{ OP_ADD, ARM, 0, { SNAN1, SNAN2 }, { SNAN1 | 0x400000, NV } },
	{ OP_ADD, ARM, 0, { QNAN2, QNAN1 }, { QNAN2, 0 } },
	{ OP_ADD, ARM, 0, { ONE, QNAN1 }, { QNAN1, 0 } },
	{ OP_SUB, ARM, 0, { ONE, QNAN1 }, { QNAN1, 0 } },
	{ OP_ADD, DN, 0, { QNAN1, SNAN2 }, { DFLT, NV } },
	{ OP_MUL, ARM, 0, { INF, 0 }, { DFLT, NV } },
	{ OP_SQRT, ARM, 0, { QNAN2 }, { QNAN2, 0 } },
	/* Of an fma the addend comes first; inf * 0 drops a quiet one. */
	{ OP_FMA, ARM, 0, { QNAN1, ONE, QNAN2 }, { QNAN2, 0 } },
	{ OP_FMA, ARM, 0, { SNAN1, ONE, QNAN2 }, { SNAN1 | 0x400000, NV } },
	{ OP_FMA, ARM, 0, { INF, 0, QNAN2 }, { DFLT, NV } },
	{ OP_FMA, ARM, 0, { INF, 0, SNAN2 }, { SNAN2 | 0x400000, NV } },
	/* FMINNM and FMAXNM: a number wins over a quiet NaN alone. */
	{ OP_MIN, ARM, 0, { QNAN1, ONE }, { ONE, 0 } },
	{ OP_MAX, DN, 0, { ONE, QNAN1 }, { ONE, 0 } },
	{ OP_MIN, ARM, 0, { SNAN1, ONE }, { SNAN1 | 0x400000, NV } },
	{ OP_MIN, DN, 0, { ONE, SNAN2 }, { DFLT, NV } },
	{ OP_MIN, ARM, 0, { QNAN1, QNAN2 }, { QNAN1, 0 } },
	/* FMIN and FMAX: it does not. */
	{ OP_MINM, ARM, 0, { ONE, QNAN2 }, { QNAN2, 0 } },
	{ OP_MAXM, DN, 0, { QNAN2, ONE }, { DFLT, 0 } },
	{ OP_MINM, ARM, 0, { 0, 0x80000000 }, { 0x80000000, 0 } },
	/* Conversions to integers saturate; a NaN gives zero. */
	{ OP_TO_I32, ARM, 0, { QNAN1 }, { 0, NV } },
	{ OP_TO_U64, ARM, 0, { SNAN1 }, { 0, NV } },
	{ OP_TO_U32, ARM, 0, { 0xbf800000 }, { 0, NV } },
	{ OP_TO_I64, ARM, 0, { 0xff800000 }, { 1ULL << 63, NV } },
	/* Flushed operands raise IDC, flushed results UFC and no IXC. */
	{ OP_ADD, ARM, FZ, { TINY, NEGTINY }, { 0, VMXL_FP_DE } },
	{ OP_MUL, ARM, FZ, { NEGTINY, ONE }, { 0x80000000, VMXL_FP_DE } },
	{ OP_DIV, ARM, FZ, { ONE, TINY }, { INF, VMXL_FP_DE | VMXL_FP_DZ } },
	{ OP_MUL, ARM, FZ, { 0x00800001, 0xbf000000 },
	  { 0x80000000, VMXL_FP_UF } },
	{ OP_MUL, ARM, FZ, { 0x00ffffff, 0x3f000000 }, { 0, VMXL_FP_UF } },
	{ OP_LT, ARM, FZ, { 0, TINY }, { 0, VMXL_FP_DE } },
	{ OP_TO_I32, ARM, FZ, { TINY }, { 0, VMXL_FP_DE } },
	{ OP_MIN, ARM, FZ, { NEGTINY, 0 }, { 0x80000000, VMXL_FP_DE } },
	/* Tininess before rounding: this one rounds to the least normal. */
	{ OP_MUL, ARM, 0, { 0x00ffffff, 0x3f000000 },
	  { 0x00800000, VMXL_FP_UF | VMXL_FP_NX } },
};

static void arm_rules(struct ctx *t)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(arm_cases); i++) {
		const struct arm_case *c = &arm_cases[i];
		struct vmxl_fpenv e = {
			.nan = c->nan,
			.toint = VMXL_FP_INT_ARM,
			.policy = VMXL_FP_POLICY_ARM | c->policy,
		};
		u64 got = run(c->op, &e, VMXL_FP_S, c->v[0], c->v[1], c->v[2]);

		expect(t, c->op, VMXL_FP_S, &e, c->v, got, c->want);
	}
}

/* Flags are only ever added, and cmp agrees with the predicates. */
static void interface(struct ctx *t)
{
	enum vmxl_fpfmt f;
	u64 v[3];
	int i;

	for (i = 0; i < 30000; i++) {
		struct vmxl_fpenv e = { .flags = rnd(t) & 0x3f }, q = { 0 };
		u32 old = e.flags;
		int order;

		f = i % VMXL_FP_NR_FMT;
		random_vector(t, OP_DIV, f, v);
		run(rnd(t) % OP_NR, &e, f, v[0], v[1], v[2]);
		order = vmxl_fp_cmp(&q, f, v[0], v[1], false);
		t->failed += (e.flags & old) != old;
		t->failed += (order == VMXL_FP_LT) !=
			     vmxl_fp_ltq(&q, f, v[0], v[1]);
		t->failed += (order == VMXL_FP_EQ) !=
			     vmxl_fp_eq(&q, f, v[0], v[1]);
		t->failed += (order == VMXL_FP_GT) !=
			     vmxl_fp_ltq(&q, f, v[1], v[0]);
		t->failed += (order == VMXL_FP_UNORD) !=
			     (fp_ref_is_nan(f, v[0]) || fp_ref_is_nan(f, v[1]));
		t->checks += 5;
	}
}

static double now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

/* Keeps the results of bench_op() from being optimised away. */
static volatile u64 sink;

static void bench_op(struct ctx *t, enum fp_op op, enum vmxl_fpfmt f)
{
	static u64 v[4096];
	struct vmxl_fpenv e = { 0 };
	int bias = fp_ref_inf(f) >> fp_ref_fbits(f) >> 1, i, turn;
	double best = 1e9, start, ns;

	for (i = 0; i < 4096; i++)
		v[i] = (u64)(bias + rnd(t) % 8) << fp_ref_fbits(f) |
		       (rnd(t) & ((1ULL << fp_ref_fbits(f)) - 1));
	for (turn = 0; turn < 50; turn++) {
		start = now_ns();
		for (i = 0; i < 4094; i++)
			sink += run(op, &e, f, v[i], v[i + 1], v[i + 2]);
		ns = (now_ns() - start) / 4094;
		best = ns < best ? ns : best;
	}
	printf("# %-8s .%s %6.2f ns\n", op_name[op], fmt_name[f], best);
}

static void bench(struct ctx *t)
{
	enum fp_op op;

	for (op = 0; op < OP_NR; op++) {
		if (has_op(op, VMXL_FP_S))
			bench_op(t, op, VMXL_FP_S);
		if (has_op(op, VMXL_FP_D))
			bench_op(t, op, VMXL_FP_D);
	}
}

static const struct test {
	const char *name;
	void (*fn)(struct ctx *t);
} tests[] = {
	{ "interface: sticky flags, comparison", interface },
	{ "all halves against the reference", all_halves },
	{ "all halves there and back", halves_round_trip },
	{ "edges against the reference", edges_ref },
	{ "random operands against the reference", random_ref },
	{ "hard cases of fma", hard },
	{ "rules of Arm", arm_rules },
	{ "edges against the processor", edges_hw },
	{ "random operands against the processor", random_hw },
};

static bool report(struct ctx *t, int nr, const struct test *test)
{
	t->failed = 0;
	t->checks = 0;
	test->fn(t);
	printf("%sok %d - %s%s\n", t->failed ? "not " : "", nr, test->name,
	       t->checks ? "" : " # SKIP no such processor");
	printf("# %ld checks, %d failed\n", t->checks, t->failed);
	fflush(stdout);
	return !t->failed;
}

int main(int argc, char **argv)
{
	struct ctx t = { .state = { 1, 0x9e3779b97f4a7c15 }, .count = 100 };
	bool good = true;
	size_t i;
	int arg;

	for (arg = 1; arg < argc; arg++) {
		if (!strcmp(argv[arg], "--bench")) {
			bench(&t);
			return 0;
		} else if (!strcmp(argv[arg], "--count") && arg + 1 < argc) {
			t.count = atol(argv[++arg]);
		} else if (!strcmp(argv[arg], "--seed") && arg + 1 < argc) {
			t.state[0] = strtoull(argv[++arg], NULL, 0) | 1;
		} else {
			fprintf(stderr, "usage: %s [--count N] [--seed N] [--bench]\n",
				argv[0]);
			return 2;
		}
	}
	printf("TAP version 13\n1..%zu\n", ARRAY_LEN(tests));
	for (i = 0; i < ARRAY_LEN(tests); i++)
		good &= report(&t, i + 1, &tests[i]);
	return !good;
}
