// SPDX-License-Identifier: GPL-2.0
/*
 * Floating point of compiled code: results and exceptions of every operation,
 * format and rounding mode that there is code for, on all pairs of edge
 * operands and on random ones, against the processor's own instructions (in
 * RISC-V's terms) and, on a part, the exact reference of fp_test.
 *
 *	compiled_fp_test [-n sets] [-s seed]
 *
 * sets: random operands for each operation, format and mode. What compiled code
 * leaves to the interpreter is counted, and must leave the state as it was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "../../kmod/ir/build.h"
#include "../ir/compiled.h"
#include "fp_ref.h"

#define NR_MODES	4		/* RMM is the interpreter's */
#define MAX_SHOWN	5
#define EXACT_EVERY	4096		/* sets, for the reference is slow */

struct fp_row {
	u16 ir;
	u8 nr_imm;			/* 0: the source's type */
	enum fp_op op;			/* that of imm 0, the others follow */
};

static const struct fp_row rows[] = {
	{ VMXL_IR_FADD, 1, OP_ADD }, { VMXL_IR_FSUB, 1, OP_SUB }, { VMXL_IR_FMUL, 1, OP_MUL },
	{ VMXL_IR_FDIV, 1, OP_DIV }, { VMXL_IR_FSQRT, 1, OP_SQRT }, { VMXL_IR_FMA, 1, OP_FMA },
	{ VMXL_IR_FMIN, 1, OP_MIN }, { VMXL_IR_FMAX, 1, OP_MAX }, { VMXL_IR_FMINM, 1, OP_MINM },
	{ VMXL_IR_FMAXM, 1, OP_MAXM }, { VMXL_IR_FEQ, 1, OP_EQ }, { VMXL_IR_FLT, 1, OP_LT },
	{ VMXL_IR_FLE, 1, OP_LE }, { VMXL_IR_FLTQ, 1, OP_LTQ }, { VMXL_IR_FLEQ, 1, OP_LEQ },
	{ VMXL_IR_FRINT, 2, OP_RINT }, { VMXL_IR_FCVT, 0, OP_TO_S },
	{ VMXL_IR_FTOI, 4, OP_TO_I32 }, { VMXL_IR_ITOF, 4, OP_FROM_I32 },
};

/* One operation with all that is fixed in its unit */
struct subject {
	const struct fp_row *row;
	enum fp_op op;
	enum vmxl_fpfmt from, to;	/* FTOI, ITOF: the same */
	unsigned int rm;
	struct vmxl_ir ir;
	u64 done, left;
	unsigned int failed;
};

static struct subject s;
static u64 total;

static u8 type_of(enum vmxl_fpfmt f)
{
	return f == VMXL_FP_D ? VMXL_T_F64 : VMXL_T_F32;
}

static bool is_from_int(enum fp_op op)
{
	return op >= OP_FROM_I32 && op <= OP_FROM_U64;
}

static bool is_to_int(enum fp_op op)
{
	return op >= OP_TO_I32 && op <= OP_TO_U64;
}

static bool make_unit(unsigned int imm)
{
	const struct vmxl_opdesc *desc = &vmxl_opdesc[s.row->ir];
	struct vmxl_op op = { .op = s.row->ir, .type = type_of(s.to), .aux = s.rm, .imm = imm };
	vmxl_ref v[3] = {}, r;
	unsigned int n;

	if (!s.row->nr_imm)
		op.imm = type_of(s.from);
	vmxl_ir_init(&s.ir, &test_guest, 0x4000);
	vmxl_ir_insn(&s.ir, 0x4000);
	for (n = 0; n < desc->nargs; n++) {
		v[n] = ir_get(&s.ir, SLOT_X(1 + n));
		if (s.from == VMXL_FP_S && !is_from_int(s.op))
			v[n] = ir_funbox(&s.ir, VMXL_T_F32, v[n]);
	}
	op.a = v[0];
	op.b = v[1];
	op.c = v[2];
	r = vmxl_ir_emit(&s.ir, op);
	if (s.to == VMXL_FP_S && desc->res == VMXL_RES_FP)
		r = ir_fbox(&s.ir, VMXL_T_F32, r);
	ir_put(&s.ir, SLOT_X(4), r);
	ir_jump(&s.ir, vmxl_ir_exit(&s.ir, 0x4004, 1, true, VMXL_HINT_NONE));
	s.ir.end = 0x4004;
	return !vmxl_ir_verify(&s.ir, NULL) && !compiled_make(&s.ir);
}

/* What the processor says, as RISC-V has it */

static u64 default_nan(enum vmxl_fpfmt f)
{
	return f == VMXL_FP_D ? 0x7ff8000000000000 : 0x7fc00000;
}

static bool is_snan(enum vmxl_fpfmt f, u64 a)
{
	return fp_ref_is_nan(f, a) && !(a >> (fp_ref_fbits(f) - 1) & 1);
}

static struct fp_result hw(enum fp_op op, enum vmxl_fpfmt f, u64 a, u64 b, u64 c)
{
	struct fp_result r = {};

	if (!fp_hw(op, f, s.rm, false, false, a, b, c, &r))
		tap_ok(false, "the processor has no operation %d", op);
	r.flags &= ~VMXL_FP_DE;
	return r;
}

/* IEEE 754-2019 minimumNumber and maximumNumber, @strict: minimum and maximum */
static struct fp_result min_max(enum vmxl_fpfmt f, u64 a, u64 b, bool max, bool strict)
{
	bool na = fp_ref_is_nan(f, a), nb = fp_ref_is_nan(f, b);
	struct fp_result r = { .flags = is_snan(f, a) || is_snan(f, b) ? VMXL_FP_NV : 0 };
	u64 sign = fp_ref_sign(f);
	bool less;

	if (na || nb) {
		r.bits = strict || (na && nb) ? default_nan(f) : na ? b : a;
		return r;
	}
	if ((a ^ b) & sign)
		less = a & sign;
	else
		less = a & sign ? a > b : a < b;
	r.bits = less == max ? b : a;
	return r;
}

static struct fp_result saturated(bool to_min, enum fp_op op)
{
	static const u64 limit[4][2] = {
		{ 0x7fffffff, 0xffffffff80000000 }, { ~0ULL, 0 },
		{ 0x7fffffffffffffff, 0x8000000000000000 }, { ~0ULL, 0 },
	};

	return (struct fp_result){ limit[op - OP_TO_I32][to_min], VMXL_FP_NV };
}

/* A number of 2^63 or more that is an unsigned integer: what is left is one that x86 knows. */
static struct fp_result big_to_u64(enum vmxl_fpfmt f, u64 a)
{
	u64 two63 = f == VMXL_FP_D ? 0x43e0000000000000 : 0x5f000000;
	struct fp_result r = hw(OP_TO_I64, f, hw(OP_SUB, f, a, two63, 0).bits, 0, 0);

	r.bits ^= 1ULL << 63;
	return r;
}

static struct fp_result to_int(enum fp_op op, enum vmxl_fpfmt f, u64 a)
{
	bool neg = a & fp_ref_sign(f) && !fp_ref_is_nan(f, a);
	struct fp_result r;

	r = hw(op == OP_TO_I32 ? OP_TO_I32 : OP_TO_I64, f, a, 0, 0);
	if (op == OP_TO_U64 && (r.flags & VMXL_FP_NV) && !neg && !fp_ref_is_nan(f, a)) {
		r = big_to_u64(f, a);
		if (a >= (f == VMXL_FP_D ? 0x43f0000000000000 : 0x5f800000))
			return saturated(false, op);
		return r;
	}
	if (r.flags & VMXL_FP_NV)
		return saturated(neg, op);
	if ((op == OP_TO_U32 || op == OP_TO_U64) && (s64)r.bits < 0)
		return saturated(true, op);
	if (op == OP_TO_U32 && r.bits >> 32)
		return saturated(false, op);
	if (op == OP_TO_U32)
		r.bits = (u64)(s64)(s32)r.bits;
	return r;
}

static struct fp_result from_int(enum fp_op op, enum vmxl_fpfmt f, u64 a)
{
	struct fp_result r;

	if (op == OP_FROM_U32)
		a = (u32)a;
	if (op != OP_FROM_U64 || a >> 63 == 0)
		return hw(op == OP_FROM_I32 ? OP_FROM_I32 : OP_FROM_I64, f, a, 0, 0);
	r = hw(OP_FROM_I64, f, a >> 1 | (a & 1), 0, 0);
	r.bits = hw(OP_ADD, f, r.bits, r.bits, 0).bits;
	return r;
}

static struct fp_result expected(const u64 *v)
{
	struct fp_result r;

	if (s.op >= OP_MIN && s.op <= OP_MAXM)
		return min_max(s.from, v[0], v[1], s.op == OP_MAX || s.op == OP_MAXM,
			       s.op == OP_MINM || s.op == OP_MAXM);
	if (is_to_int(s.op))
		return to_int(s.op, s.from, v[0]);
	if (is_from_int(s.op))
		return from_int(s.op, s.to, v[0]);
	r = hw(s.op, s.from, v[0], v[1], v[2]);
	if ((s.op < OP_EQ || s.op > OP_LEQ) && fp_ref_is_nan(s.to, r.bits))
		r.bits = default_nan(s.to);
	return r;
}

/* One set of operands */

static bool complain(const char *what, const u64 *v, u64 got, u64 want, u32 flags)
{
	if (s.failed++ < MAX_SHOWN)
		tap_note("%s: %#llx %#llx %#llx: got %#llx flags %#llx, want %#llx flags %#x", what,
			 v[0], v[1], v[2], got, m.gs.fp_flags, want, flags);
	return false;
}

static bool one_set(const u64 *v)
{
	u32 was = rnd() & 0x1f, why;
	struct fp_result want;
	unsigned int n;
	u64 boxed;

	for (n = 0; n < 3; n++)
		m.gs.guest[1 + n] = s.from == VMXL_FP_S && !is_from_int(s.op) ?
			v[n] | ~0ULL << 32 : v[n];
	m.gs.guest[4] = 0x5a5a5a5a;
	m.gs.fp_flags = was;
	why = compiled_call(&s.ir) & ((1 << VMXL_UEXIT_BITS) - 1);
	total++;
	if (why == VMXL_UEXIT_STEP) {
		s.left++;
		return m.gs.guest[4] == 0x5a5a5a5a ||
		       complain("left halfway", v, m.gs.guest[4], 0x5a5a5a5a, 0);
	}
	s.done++;
	want = expected(v);
	boxed = s.to == VMXL_FP_S && vmxl_opdesc[s.row->ir].res == VMXL_RES_FP ?
		want.bits | ~0ULL << 32 : want.bits;
	if (m.gs.guest[4] != boxed || m.gs.fp_flags != (was | want.flags))
		return complain("processor", v, m.gs.guest[4], boxed, was | want.flags);
	if (total % EXACT_EVERY)
		return true;
	want = fp_ref(s.op, is_from_int(s.op) ? s.to : s.from, s.rm, false, v[0], v[1], v[2]);
	return ((u32)want.bits == (u32)boxed && m.gs.fp_flags == (was | want.flags)) ||
	       complain("reference", v, m.gs.guest[4], want.bits, was | want.flags);
}

/* Operands where something begins or ends, and others */

static unsigned int edges(enum vmxl_fpfmt f, u64 *v)
{
	u64 ulp = 1ULL << fp_ref_fbits(f), inf = fp_ref_inf(f), half = ulp >> 1;
	u64 one = inf / 2 / ulp * ulp;
	const u64 fixed[] = {
		0, 1, 2, half - 1, half, ulp - 1, ulp, ulp + 1, 2 * ulp - 1, 2 * ulp,
		one - ulp, one - 1, one, one + 1, one + half, one + ulp - 1, one + ulp,
		one + half / 2, one - 2 * ulp, one + half + 1, one - ulp + 1,
		one + 30 * ulp, one + 31 * ulp - 1, one + 31 * ulp, one + 31 * ulp + 1,
		one + 32 * ulp - 1, one + 32 * ulp, one + 62 * ulp, one + 63 * ulp - 1,
		one + 63 * ulp, one + 64 * ulp - 1, one + 64 * ulp,
		one + fp_ref_fbits(f) * ulp, one + fp_ref_fbits(f) * ulp + 1,
		one - (fp_ref_fbits(f) + 1) * ulp, inf - ulp, inf - 1, inf, inf + 1, inf + half - 1,
		inf + half, inf + half + 5,
	};
	unsigned int n, nr = ARRAY_SIZE(fixed);

	for (n = 0; n < nr; n++) {
		v[n] = fixed[n];
		v[nr + n] = fixed[n] | fp_ref_sign(f);
	}
	return 2 * nr;
}

static bool edge_sets(void)
{
	unsigned int nargs = vmxl_opdesc[s.row->ir].nargs, n, i, j, k;
	u64 edge[128], v[3];

	if (is_from_int(s.op))
		return true;
	n = edges(s.from, edge);
	for (i = 0; i < n; i++) {
		for (j = 0; j < (nargs > 1 ? n : 1); j++) {
			for (k = 0; k < (nargs > 2 ? n : 1); k += 7) {
				v[0] = edge[i];
				v[1] = edge[j];
				v[2] = edge[(k + i + j) % n];
				if (!one_set(v) && s.failed >= MAX_SHOWN)
					return false;
			}
		}
	}
	return !s.failed;
}

static u64 random_frac(unsigned int fbits)
{
	u64 all = (1ULL << fbits) - 1, r = rnd(), one = 1ULL << (r >> 8) % fbits;

	switch (r & 7) {
	case 0:
		return 0;
	case 1:
		return all - one;
	case 2:
		return one;
	case 3:
		return all & -one;
	default:
		return rnd() & all;
	}
}

static u64 random_operand(enum vmxl_fpfmt f, int near)
{
	int fbits = fp_ref_fbits(f), emax = fp_ref_inf(f) >> fbits, exp;
	u64 r = rnd();

	switch (r & 31) {
	case 0:
		exp = 0;
		break;
	case 1:
		exp = emax - (r >> 8 & 1);
		break;
	case 2: case 3: case 4: case 5:
		exp = (r >> 8) % emax;
		break;
	default:
		exp = near + (int)((r >> 8) % (r & 32 ? 4 : 2 * fbits)) - (r & 32 ? 2 : fbits);
	}
	exp = min(max(exp, 0), emax);
	return (r >> 63 ? fp_ref_sign(f) : 0) | (u64)exp << fbits | random_frac(fbits);
}

static void random_set(u64 *v)
{
	int fbits = fp_ref_fbits(s.from), emax = fp_ref_inf(s.from) >> fbits;
	int near = rnd() & 3 ? emax / 2 : (int)(rnd() % emax), ea, eb;

	if (is_from_int(s.op)) {
		v[0] = rnd_edge();
		v[1] = 0;
		v[2] = 0;
		return;
	}
	if (is_to_int(s.op) && rnd() % 4)
		near = emax / 2 + rnd() % 66;
	v[0] = random_operand(s.from, near);
	ea = v[0] >> fbits & emax;
	v[1] = random_operand(s.from, ea);
	eb = v[1] >> fbits & emax;
	v[2] = random_operand(s.from, ea + eb - emax / 2);
}

static bool random_sets(u64 n)
{
	u64 v[3];

	for (; n; n--) {
		random_set(v);
		if (!one_set(v) && s.failed >= MAX_SHOWN)
			break;
	}
	return !s.failed;
}

static void test_subject(unsigned int imm, u64 n)
{
	bool ok;

	s.op = s.row->op + (s.row->nr_imm ? imm : s.to - VMXL_FP_S);
	s.from = s.row->nr_imm ? s.to : VMXL_FP_S + VMXL_FP_D - s.to;
	s.done = 0;
	s.left = 0;
	s.failed = 0;
	ok = true;
	for (s.rm = 0; s.rm < NR_MODES && ok; s.rm++) {
		compiled_choose_hot(0, 0);
		ok &= make_unit(imm) && edge_sets() && random_sets(n / 2);
		compiled_choose_hot(10, 1);
		ok &= make_unit(imm) && random_sets(n - n / 2);
	}
	tap_ok(ok && s.done > (s.done + s.left) / 4, "%s.%s %u: %llu sets, %llu of them left",
	       vmxl_opdesc[s.row->ir].name, vmxl_ir_type_name[type_of(s.to)], imm,
	       s.done + s.left, s.left);
}

int main(int argc, char **argv)
{
#if defined(__SANITIZE_ADDRESS__) || defined(SHIM_DEBUG)
	u64 n = 10000;
#else
	u64 n = 150000;
#endif
	unsigned int r, imm;
	u64 seed = 1;
	int opt;

	while ((opt = getopt(argc, argv, "n:s:")) != -1) {
		if (opt == 'n')
			n = strtoull(optarg, NULL, 0);
		else if (opt == 's')
			seed = strtoull(optarg, NULL, 0);
		else
			return 2;
	}
	setlinebuf(stdout);
#ifdef __SANITIZE_THREAD__
	printf("1..0 # SKIP ThreadSanitizer has no shadow for two windows; there is one thread\n");
	return 0;
#endif
	if (!__builtin_cpu_supports("fma") || !compiled_init()) {
		printf("1..0 # SKIP no FMA, or no room for two windows\n");
		return 0;
	}
	rnd_seed(seed);
	machine_reset(true);
	cc.args.window = VMXL_WIN_LOW;
	for (r = 0; r < ARRAY_SIZE(rows); r++) {
		s.row = &rows[r];
		for (imm = 0; imm < max_t(unsigned int, s.row->nr_imm, 1); imm++)
			for (s.to = VMXL_FP_S; s.to <= VMXL_FP_D; s.to++)
				test_subject(imm, n);
	}
	tap_note("%llu sets of operands, seed %llu", total, seed);
	return tap_done();
}
