// SPDX-License-Identifier: GPL-2.0
/*
 * The x86-64 back-end: units compiled, executed in a window of plain memory,
 * and compared with the interpreter's result. The machine and the random units
 * are those of tests/ir, and what enters compiled code (compiled.h).
 *
 *	x86_test [-n units] [-s seed] [-v]
 *	x86_test golden FILE.ir OUT	the code of a unit, for tests/golden/run
 */
#include <signal.h>
#include <sys/mman.h>
#include <time.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "../ir/gen.c"
#include "../ir/compiled.h"
#include "../../kmod/opt/opt.h"

static bool verbose;
static u64 steps, ends;

extern u32 vmxl_x86_features;
u32 vmxl_x86_detect(void);

static void dump(const struct vmxl_ir *ir)
{
	FILE *f = fopen("/tmp/x86_test.bin", "wb");

	vmxl_ir_print(ir, print_to_stdout, NULL);
	if (f) {
		fwrite(cc.hcode.code, 1, cc.hcode.len, f);
		fclose(f);
	}
}

/* Random units: more of what there is code for */

static void gen_fp_own(struct gen *g)
{
	struct vmxl_op op = { .type = pick(20) ? VMXL_T_F32 + pick(2) : VMXL_T_F16 };
	unsigned int n;
	vmxl_ref v[3];

	op.op = VMXL_IR_FADD + pick(VMXL_IR_FUNBOX - VMXL_IR_FADD + 1);
	if (op.op == VMXL_IR_FCLASS || op.op == VMXL_IR_FTOIMOD)
		op.op = VMXL_IR_FADD + pick(4);
	if (op.op <= VMXL_IR_FTOIMOD && !pick(3))
		op.aux = pick(10) ? pick(4) : 4;
	if (op.op == VMXL_IR_FRINT)
		op.imm = pick(2);
	else if (op.op == VMXL_IR_FTOI || op.op == VMXL_IR_ITOF)
		op.imm = pick(4);
	else if (op.op == VMXL_IR_FCVT)
		op.imm = op.type == VMXL_T_F64 ? VMXL_T_F32 : VMXL_T_F64;
	for (n = 0; n < 3; n++) {
		u8 type = op.op == VMXL_IR_FCVT ? op.imm : op.type;
		vmxl_ref from = some_val(g);

		if (type == VMXL_T_F32 && pick(4))
			from = ir_fbox(g->ir, type, from);
		v[n] = op.op == VMXL_IR_ITOF ? from : ir_funbox(g->ir, type, from);
	}
	op.a = v[0];
	if (vmxl_opdesc[op.op].nargs > 1)
		op.b = v[1];
	if (vmxl_opdesc[op.op].nargs > 2)
		op.c = v[2];
	v[0] = keep(g, vmxl_ir_emit(g->ir, op));
	if (op.type == VMXL_T_F32 && vmxl_opdesc[op.op].res == VMXL_RES_FP && pick(2))
		v[0] = keep(g, ir_fbox(g->ir, VMXL_T_F32, v[0]));
	put(g, v[0]);
}

static void gen_mem_own(struct gen *g)
{
	unsigned int mt = pick(7), size = vmxl_mt_size(mt);
	struct vmxl_ir *ir = g->ir;
	s32 disp = pick(2) ? 0 : pick(20) ? (int)pick(64) - 32 : (s32)rnd();
	u8 aux = mt | (pick(6) ? 0 : VMXL_MEM_ALIGN);
	vmxl_ref a = some_addr(g, size), v;

	switch (pick(10)) {
	case 0: case 1: case 2: case 3:
		put(g, keep(g, ir_ld(ir, a, disp, aux)));
		break;
	case 4: case 5: case 6:
		v = some_val(g);
		ir_st(ir, a, disp, aux, v);
		break;
	case 7:
		v = some_val(g);
		aux = pick(2) ? VMXL_MT_S32 : VMXL_MT_U64;
		put(g, keep(g, ir_rmw(ir, pick(VMXL_RMW_NR), a, aux, v)));
		break;
	case 8: {
		vmxl_ref x = pick(2) ? some_val(g) : keep(g, ir_ld(ir, a, 0, mt)), y = some_val(g);

		put(g, keep(g, ir_cas(ir, a, aux, x, y)));
		break;
	}
	default:
		if (pick(2))
			ir_zblk(ir, a, 64);
		else
			ir_probe(ir, a, pick(2));
		ir_fence(ir, pick(32));
	}
}

static void gen_br(struct gen *g)
{
	u8 type = pick(2) ? VMXL_T_I64 : VMXL_T_Z32;
	struct vmxl_ir *ir = g->ir;
	vmxl_ref a = some_val(g), b = some_val(g);
	u64 to = pick(2) ? 0x5000 + pick(100) : pick(100);
	u32 label;

	if (pick(4)) {
		ir_br(ir, pick(6), type, a, b,
		      ir->nr_exits && !pick(4) ? pick(ir->nr_exits) :
		      vmxl_ir_exit(ir, to, g->insn, pick(2), VMXL_HINT_NONE));
		return;
	}
	label = vmxl_ir_label(ir);
	ir_brl(ir, pick(6), type, a, b, label);
	a = some_val(g);
	if (pick(2))
		ir_put(ir, some_slot(), a);
	if (!pick(3))
		ir_trap(ir, pick(100), a);
	ir_label(ir, label);
	forget(g);
}

static void generate_own(struct vmxl_ir *ir)
{
	static void (* const kinds[])(struct gen *) = {
		gen_int, gen_int, gen_int, gen_int, gen_put, gen_mem_own, gen_mem_own,
		gen_fp_own, gen_br,
	};
	static struct gen g;
	unsigned int n = 1 + pick(24), k;

	g = (struct gen){ .ir = ir };
	vmxl_ir_init(ir, &test_guest, 0x4000);
	for (g.insn = 1; g.insn <= n && ir->nr_ops < VMXL_IR_MAX_OPS - 200 &&
	     ir->nr_exits < VMXL_IR_MAX_EXITS - 4; g.insn++) {
		vmxl_ir_insn(ir, 0x4000 + 4 * (g.insn - 1));
		for (k = pick(4); k; k--)
			kinds[pick(ARRAY_SIZE(kinds))](&g);
	}
	g.insn--;
	gen_end(&g);
	ir->end = 0x4000 + 4 * g.insn;
	/* The slot that there is no code for would stop most units early. */
	for (k = 1; k < ir->nr_ops; k++)
		if (vmxl_opdesc[ir->ops[k].op].imm == VMXL_IMM_SLOT &&
		    ir->ops[k].imm == VMXL_SLOT(fp_flags))
			ir->ops[k].imm = SLOT_X(5);
}

static void prepare_random(u64 seed)
{
	gen_state(seed, true);
	if (!(seed % 37))
		m.run[0] = 1;
}

static bool random_compiled(u64 seed)
{
	static struct vmxl_ir ir;
	const char *msg;
	u32 at, why;

	if (verbose)
		tap_note("seed %llu", seed);
	rnd_seed(seed);
	if (seed % 8)
		generate_own(&ir);
	else
		gen_unit(&ir);
	cc.optimize = seed % 2 && compiled_split(&ir);
	if (!cc.optimize && seed % 2)
		return true;
	msg = vmxl_ir_verify(&ir, &at);
	if (msg || ir.full) {
		tap_note("seed %llu: op %u: %s", seed, at, msg ?: "full");
		return false;
	}
	cc.passes = rnd() % 2 ? VMXL_OPT_ALL : rnd() & VMXL_OPT_ALL;
	compiled_choose_hot(seed % 11, seed / 11 % 16);
	cc.args.window = (seed % 5 ? VMXL_WIN_LOW : VMXL_WIN_BOTH) |
			 (seed % 7 > 4 ? VMXL_WIN_REGIONS : 0);
	cc.args.count = seed % 3 == 0;
	cc.args.check_all = !(cc.passes & 1u << VMXL_OPT_CHECKS);
	vmxl_x86_features = vmxl_x86_features & ~0x7fu;
	vmxl_x86_features |= seed % 4 ? 0x7f : rnd() & 0x7f;
	if (compiled_same(&ir, prepare_random, seed, &why)) {
		if (why == VMXL_UEXIT_STEP)
			steps++;
		else
			ends++;
		return true;
	}
	tap_note("seed %llu, %u hot, passes %#x", seed, cc.args.nr_hot,
		 cc.optimize ? cc.passes : 0);
	dump(&ir);
	return false;
}

static void random_units(u64 seed, u64 n)
{
	u64 k;

	for (k = 0; k < n; k++)
		if (!random_compiled(seed + k))
			break;
	cc.optimize = false;
	cc.args.check_all = false;
	tap_ok(k == n, "%llu random units", n);
	tap_note("%llu left to the interpreter, %llu to an end; %llu ops, %llu bytes", steps, ends,
		 cc.nr_ops, cc.nr_bytes);
}

/* Each op by itself, on edge values: operands and result in registers, in memory, constant */

enum { FORM_RR, FORM_RI, FORM_IR, FORM_SAME, FORM_TO_A, FORM_TO_B, FORM_LIVE, NR_FORMS };

static u64 operand_val[3];

static void prepare_operands(u64 seed)
{
	unsigned int i;

	machine_reset(true);
	for (i = 0; i < 16; i++)
		m.gs.guest[i] = 0x1111111111111111 * i + seed;
	for (i = 0; i < 3; i++)
		m.gs.guest[1 + i] = operand_val[i];
}

static vmxl_ref operand(struct vmxl_ir *ir, bool imm, unsigned int n)
{
	return imm ? vmxl_ir_const(ir, operand_val[n]) : ir_get(ir, SLOT_X(1 + n));
}

static void one_op(struct vmxl_ir *ir, struct vmxl_op op, unsigned int form)
{
	u32 to = form == FORM_TO_A ? SLOT_X(1) : form == FORM_TO_B ? SLOT_X(2) : SLOT_X(4);
	vmxl_ref v;

	vmxl_ir_init(ir, &test_guest, 0x4000);
	vmxl_ir_insn(ir, 0x4000);
	op.a = operand(ir, form == FORM_IR, 0);
	if (vmxl_opdesc[op.op].nargs > 1)
		op.b = form == FORM_SAME ? op.a : operand(ir, form == FORM_RI, 1);
	if (vmxl_opdesc[op.op].nargs > 2)
		op.c = operand(ir, form == FORM_RI, 2);
	v = vmxl_ir_emit(ir, op);
	ir_put(ir, to, v);
	if (form == FORM_LIVE) {
		ir_put(ir, SLOT_X(5), op.a);
		ir_put(ir, SLOT_X(6), v);
	}
	ir_jump(ir, vmxl_ir_exit(ir, 0x4004, 1, true, VMXL_HINT_NONE));
	ir->end = 0x4004;
}

/* All forms, from registers and from memory, with all features of a processor and with none */
static bool every_form(struct vmxl_op op)
{
	static struct vmxl_ir ir;
	unsigned int form, where;
	u32 why;

	cc.args.window = VMXL_WIN_LOW;
	cc.args.count = false;
	for (form = 0; form < NR_FORMS; form++) {
		one_op(&ir, op, form);
		for (where = 0; where < 4; where++) {
			vmxl_x86_features = 1u << 31 | (where & 1 ? 0x7f : 0);
			compiled_choose_hot(where & 2 ? 10 : 2, rnd());
			if (compiled_same(&ir, prepare_operands, 0, &why) && why == VMXL_UEXIT_LINK)
				continue;
			tap_note("form %u, %s, %#llx %#llx %#llx", form, where & 2 ? "hot" : "cold",
				 operand_val[0], operand_val[1], operand_val[2]);
			dump(&ir);
			return false;
		}
	}
	return true;
}

static bool random_operands(struct vmxl_op op, unsigned int n)
{
	unsigned int k;

	for (; n; n--) {
		for (k = 0; k < 3; k++)
			operand_val[k] = rnd_edge();
		if (op.op == VMXL_IR_SET)
			op.aux = rnd() % VMXL_CC_NR;
		else if (op.op == VMXL_IR_SHADD)
			op.imm = rnd() % 32;
		else if (op.op == VMXL_IR_EXTRACT || op.op == VMXL_IR_DEPOSIT)
			op.imm = rnd() % (op.type == VMXL_T_I64 ? 64 : 32);
		if (op.op == VMXL_IR_EXTRACT || op.op == VMXL_IR_DEPOSIT)
			op.imm |= (1 + rnd() % ((op.type == VMXL_T_I64 ? 64 : 32) - op.imm)) << 8;
		if (!every_form(op))
			return false;
	}
	return true;
}

static void integer_ops(void)
{
	struct vmxl_op op = {};

	rnd_seed(7);
	for (op.op = VMXL_IR_ADD; op.op <= VMXL_IR_SEL; op.op++) {
		bool ok = true;

		for (op.type = VMXL_T_I64; op.type <= VMXL_T_Z32; op.type++) {
			static struct vmxl_ir ir;

			op.imm = op.op == VMXL_IR_EXTRACT || op.op == VMXL_IR_DEPOSIT ? 1 << 8 : 0;
			one_op(&ir, op, FORM_RR);
			if (!vmxl_ir_verify(&ir, NULL))
				ok &= random_operands(op, 24);
		}
		tap_ok(ok, "%s", vmxl_opdesc[op.op].name);
	}
}

/* Floating point: numbers near each other, near the limits of formats and integers */

static u64 fp_operand(bool f64)
{
	static const u64 special[] = {
		0, 1, 2, 0x3ff0000000000000, 0x3fe0000000000000, 0x4000000000000000,
		0x7ff0000000000000, 0x7ff8000000000000, 0x7ff0000000000001, 0x7fefffffffffffff,
		0x0010000000000000, 0x000fffffffffffff, 0x41e0000000000000, 0x41dfffffffc00000,
		0x41f0000000000000, 0x41efffffffe00000, 0x43e0000000000000, 0x43f0000000000000,
		0x3fdfffffffffffff, 0x3ff8000000000000, 0x36a0000000000000, 0x380fffffffffffff,
	};
	static const u32 special32[] = {
		0, 1, 0x3f800000, 0x3f000000, 0x40000000, 0x7f800000, 0x7fc00000, 0x7f800001,
		0x7f7fffff, 0x00800000, 0x007fffff, 0x4f000000, 0x4effffff, 0x4f800000,
		0x4f7fffff, 0x5f000000, 0x5f800000, 0x3effffff, 0x3fc00000,
	};
	u64 r = rnd(), v = rnd();

	if (f64) {
		v = r & 1 ? v : special[r / 8 % ARRAY_SIZE(special)];
		if ((r & 6) == 2)
			v = (v & 0x800fffffffffffff) | (0x3ff0 + (r >> 8) % 0x800 - 0x400) << 48;
		return v ^ (r & 4 ? 1ULL << 63 : 0);
	}
	v = r & 1 ? (u32)v : special32[r / 8 % ARRAY_SIZE(special32)];
	if ((r & 6) == 2)
		v = (v & 0x807fffff) | (u64)(0x60 + (r >> 8) % 0x40) << 23;
	v ^= r & 4 ? 1u << 31 : 0;
	return (u32)v | (r >> 60 ? 0xffffffff00000000 : 0);
}

static void fp_unit(struct vmxl_ir *ir, struct vmxl_op op)
{
	bool from32 = op.op == VMXL_IR_FCVT ? op.imm == VMXL_T_F32 : op.type == VMXL_T_F32;
	vmxl_ref v[3] = {}, r;
	unsigned int n;

	vmxl_ir_init(ir, &test_guest, 0x4000);
	vmxl_ir_insn(ir, 0x4000);
	for (n = 0; n < vmxl_opdesc[op.op].nargs; n++) {
		v[n] = ir_get(ir, SLOT_X(1 + n));
		if (from32 && op.op != VMXL_IR_ITOF)
			v[n] = ir_funbox(ir, VMXL_T_F32, v[n]);
	}
	op.a = v[0];
	op.b = vmxl_opdesc[op.op].nargs > 1 ? v[1] : 0;
	op.c = vmxl_opdesc[op.op].nargs > 2 ? v[2] : 0;
	r = vmxl_ir_emit(ir, op);
	if (op.type == VMXL_T_F32 && vmxl_opdesc[op.op].res == VMXL_RES_FP)
		r = ir_fbox(ir, VMXL_T_F32, r);
	ir_put(ir, SLOT_X(4), r);
	ir_jump(ir, vmxl_ir_exit(ir, 0x4004, 1, true, VMXL_HINT_NONE));
	ir->end = 0x4004;
}

static bool fp_op(struct vmxl_op op, unsigned int n, unsigned int *done)
{
	static struct vmxl_ir ir;
	bool from32 = op.op == VMXL_IR_FCVT ? op.imm == VMXL_T_F32 : op.type == VMXL_T_F32;
	unsigned int k;
	u32 why;

	vmxl_x86_features = 1u << 31 | 0x7f;
	cc.args.window = VMXL_WIN_LOW;
	cc.args.count = false;
	for (*done = 0; n; n--) {
		op.aux = n % 4;
		for (k = 0; k < 3; k++)
			operand_val[k] = op.op == VMXL_IR_ITOF ? rnd_edge() : fp_operand(!from32);
		fp_unit(&ir, op);
		compiled_choose_hot(n & 64 ? 10 : 0, n);
		if (!compiled_same(&ir, prepare_operands, 0, &why)) {
			tap_note("%#llx %#llx %#llx", operand_val[0], operand_val[1],
				 operand_val[2]);
			dump(&ir);
			return false;
		}
		*done += why == VMXL_UEXIT_LINK;
	}
	return true;
}

static void fp_ops(unsigned int n)
{
	struct vmxl_op op = {};

	rnd_seed(9);
	for (op.op = VMXL_IR_FADD; op.op <= VMXL_IR_ITOF; op.op++) {
		unsigned int nr_imm = op.op == VMXL_IR_FTOI || op.op == VMXL_IR_ITOF ? 4 :
				      op.op == VMXL_IR_FRINT ? 2 : 1, k, done = 0;
		bool ok;

		if (op.op == VMXL_IR_FCLASS)
			continue;
		for (k = 0; k < 2 * nr_imm; k++) {
			op.type = k & 1 ? VMXL_T_F64 : VMXL_T_F32;
			op.imm = op.op == VMXL_IR_FCVT ? VMXL_T_F32 + VMXL_T_F64 - op.type : k / 2;
			ok = fp_op(op, n, &done);
			tap_ok(ok && done > n / 8, "%s.%s %lld: %u of %u",
			       vmxl_opdesc[op.op].name, vmxl_ir_type_name[op.type], op.imm, done,
			       n);
		}
	}
}

/* Ways out */

static bool unit_text(struct vmxl_ir *ir, const char *text)
{
	const char *msg = NULL;
	unsigned int line;

	ir->guest = &test_guest;
	if (!vmxl_ir_parse(ir, text, &msg, &line) && !vmxl_ir_verify(ir, NULL))
		return true;
	tap_note("line %u: %s", line, msg);
	return false;
}

/* Compile a unit to a place of its own; returns its address */
static u8 *place(const char *text, u32 at, u32 block, struct vmxl_hexit *exit)
{
	static struct vmxl_ir ir;

	cc.block = block;
	cc.unit_at = at;
	if (!unit_text(&ir, text) || compiled_make(&ir))
		return NULL;
	*exit = cc.hcode.exits[0];
	return cc.cache + at + cc.hcode.entry;
}

static u32 call(u8 *code)
{
	static struct vmxl_ir none;

	cc.unit_at = code - cc.cache - cc.hcode.entry;
	return compiled_enter(&none);
}

static void ways_out(void)
{
	struct vmxl_hexit ea, eb, ex;
	u64 tag = 0x9000 ^ cc.extra.jctx;
	struct vmxl_ujc2_entry *e2 = &cc.extra.ujc2[vmxl_ujc2_index(0x9000, cc.extra.jctx)];
	u8 *a, *b, *far, *indirect;
	u32 site;

	machine_reset(true);
	cc.args.window = VMXL_WIN_LOW;
	cc.args.count = false;
	compiled_choose_hot(10, 1);
	a = place("unit 0x4000 0x4004\nexit e0 0x4100 1 link\ninsn 0x4000\n%1 = const.i64 1\n"
		  "put.i64 %1, $x1\njump e0\n", 0x1000, 0xa, &ea);
	b = place("unit 0x4100 0x4104\nexit e0 0x4200 1 link\ninsn 0x4100\n%1 = const.i64 2\n"
		  "put.i64 %1, $x2\njump e0\n", 0x2000, 0xb, &eb);
	far = place("unit 0x4000 0x4004\nexit e0 0x9000 1\ninsn 0x4000\njump e0\n", 0x3000, 0xc,
		    &ex);
	indirect = place("unit 0x4000 0x4004\ninsn 0x4000\n%1 = get.i64 $x3\njumpr %1, 0\n",
			 0x4000, 0xd, &ex);
	tap_ok(a && b && far && indirect, "units for the ways out");
	tap_ok(call(a) == VMXL_EXIT_ID(0xa, 0, VMXL_UEXIT_LINK), "a jump that is not linked");
	site = 0x1000 + ea.site;
	tap_ok(site % 4 == 0, "its displacement is aligned");
	vmxl_host_x86_64.link(cc.cache + site, (u64)(uintptr_t)cc.cache + site, (u64)(uintptr_t)b);
	tap_ok(call(a) == VMXL_EXIT_ID(0xb, 0, VMXL_UEXIT_LINK), "the same, linked");
	tap_ok(m.gs.guest[1] == 1 && m.gs.guest[2] == 2, "both units have been executed");
	vmxl_host_x86_64.link(cc.cache + site, (u64)(uintptr_t)cc.cache + site,
			      (u64)(uintptr_t)cc.cache + 0x1000 + ea.stub);
	tap_ok(call(a) == VMXL_EXIT_ID(0xa, 0, VMXL_UEXIT_LINK), "and unlinked");

	tap_ok(call(far) == VMXL_UEXIT_PC && m.gs.pc == 0x9000, "a page that the cache does not know");
	m.gs.guest[3] = 0x9000;
	tap_ok(call(indirect) == VMXL_UEXIT_PC && m.gs.pc == 0x9000, "nor by an indirect jump");
	cc.extra.jcache[2 * vmxl_ujc_index(0x9000)] = tag;
	cc.extra.jcache[2 * vmxl_ujc_index(0x9000) + 1] = (u64)(uintptr_t)b;
	tap_ok(call(far) == VMXL_EXIT_ID(0xb, 0, VMXL_UEXIT_LINK), "a page that it knows");
	tap_ok(call(indirect) == VMXL_EXIT_ID(0xb, 0, VMXL_UEXIT_LINK), "by an indirect jump");
	/* Others are in its place: the second level has it, for some time. */
	cc.extra.jcache[2 * vmxl_ujc_index(0x9000)] = tag + 2;
	*e2 = (struct vmxl_ujc2_entry){
		.tag = tag, .jctx = cc.extra.jctx, .host = (u64)(uintptr_t)b, .uses = 3,
	};
	tap_ok(call(far) == VMXL_EXIT_ID(0xb, 0, VMXL_UEXIT_LINK) &&
	       call(indirect) == VMXL_EXIT_ID(0xb, 0, VMXL_UEXIT_LINK), "a page at the second level");
	tap_ok(call(far) == VMXL_UEXIT_PC && m.gs.pc == 0x9000, "which is to come back to the first");
	e2->uses = 3;
	e2->jctx ^= 1ULL << 40;
	tap_ok(call(far) == VMXL_UEXIT_PC && m.gs.pc == 0x9000, "another context's is not gone to");
	e2->jctx = cc.extra.jctx;
	e2->tag ^= 1ULL << 63;
	tap_ok(call(far) == VMXL_UEXIT_PC && m.gs.pc == 0x9000, "nor another pc's");
	e2->tag = tag;
	m.run[0] = 1;
	m.gs.pc = 0;
	tap_ok(call(indirect) == VMXL_UEXIT_PC && m.gs.pc == 0x9000, "kick stops an indirect jump");
	m.run[0] = 0;
	*e2 = (struct vmxl_ujc2_entry){};
	memset(cc.extra.jcache, 0x5a, sizeof(cc.extra.jcache));
}

/* From one view of memory to another, by what the kernel has prepared */
static void switches(void)
{
	const u64 was = cc.extra.jctx, to = 0x9000, tag = to ^ 0x4321000;
	struct vmxl_hexit ex;
	u8 *a, *b;

	machine_reset(true);
	a = place("unit 0x4000 0x4004\ninsn 0x4000\n%1 = get.i64 $x3\n%2 = get.i64 $x4\n"
		  "switch %1, %2, 1\n", 0x1000, 0xa, &ex);
	b = place("unit 0x9000 0x9004\nexit e0 0x9100 1 link\ninsn 0x9000\n%1 = const.i64 0x80\n"
		  "%2 = ld.i64.u64 %1\nput.i64 %2, $x5\njump e0\n", 0x2000, 0xb, &ex);
	m.gs.guest[3] = to;
	m.gs.guest[4] = VMXL_NR_VIEWS + 3;
	m.gs.ldx = VMXL_LDX_RESERVE;
	cc.extra.view[3] = (struct vmxl_view){
		.jctx = 0x4321000, .base = (u64)(uintptr_t)cc.window + MEM_BASE,
	};
	cc.extra.jcache[2 * vmxl_ujc_index(to)] = to ^ was;
	cc.extra.jcache[2 * vmxl_ujc_index(to) + 1] = (u64)(uintptr_t)b;
	tap_ok(a && b && call(a) == VMXL_UEXIT_PC && m.gs.pc == to && cc.extra.jctx == 0x4321000,
	       "an entry of the view before does not count");
	tap_ok(m.gs.ldx == VMXL_LDX_NONE, "no reservation outlives the switch");
	cc.extra.jctx = was;
	cc.extra.jcache[2 * vmxl_ujc_index(to)] = tag;
	memset(cc.window + MEM_BASE + 0x80, 0x77, 8);
	memset(m.mem + 0x80, 0x77, 8);
	tap_ok(call(a) == VMXL_EXIT_ID(0xb, 0, VMXL_UEXIT_LINK) &&
	       m.gs.guest[5] == 0x7777777777777777, "one of the new view is gone to, its window taken");
	m.run[0] = 1;
	tap_ok(call(a) == VMXL_UEXIT_PC && m.gs.pc == to, "kick stops a switch");
	m.run[0] = 0;
	cc.extra.jctx = was;
	cc.extra.view[3] = cc.extra.view[0];
	memset(cc.extra.jcache, 0x5a, sizeof(cc.extra.jcache));
}

static void on_alarm(int sig)
{
	WRITE_ONCE(m.run[0], 1);
}

static void loops(void)
{
	struct vmxl_hexit ex;
	u8 *down, *ever;

	machine_reset(true);
	compiled_choose_hot(10, 1);
	down = place("unit 0x4000 0x4008\nexit e0 0x4000 2 link\nexit e1 0x4008 2 link\ninsn 0x4000\n"
		     "%1 = get.i64 $x1\n%2 = const.i64 -1\n%3 = add.i64 %1, %2\nput.i64 %3, $x1\n"
		     "insn 0x4004\n%4 = const.i64 0\nbr.i64.ne %3, %4, e0\njump e1\n", 0x1000, 1,
		     &ex);
	m.gs.guest[1] = 100000;
	tap_ok(down && call(down) == VMXL_EXIT_ID(1, 1, VMXL_UEXIT_LINK) && !m.gs.guest[1],
	       "a loop to its end");
	ever = place("unit 0x4000 0x4004\nexit e0 0x4000 1 link\ninsn 0x4000\njump e0\n", 0x2000, 2,
		     &ex);
	signal(SIGALRM, on_alarm);
	ualarm(20000, 0);
	tap_ok(ever && call(ever) == VMXL_EXIT_ID(2, 0, VMXL_UEXIT_POLL), "kick stops one without");
	m.run[0] = 0;
}

#define WALK(step, more)							\
	"unit 0x4000 0x400c\nexit e0 0x4000 4 link\nexit e1 0x400c 4 link\n"	\
	"insn 0x4000\n%1 = get.i64 $x1\n%2 = ld.i64.u64 %1, 0\nput.i64 %2, $x2\n" \
	"insn 0x4002\n%3 = get.i64 $x3\n%4 = const.i64 1\n%5 = add.i64 %3, %4\n" \
	"put.i64 %5, $x3\ninsn 0x4004\n" step "%7 = add.i64 %1, %6\nput.i64 %7, $x1\n" more \
	"insn 0x4008\n%8 = get.i64 $x4\nbr.i64.ne %7, %8, e0\njump e1\n"

/* Where a loop that reads from @from on goes out of the window: in its first instruction */
static void walk(const char *what, const char *text, u64 from, u64 at, u64 count)
{
	struct vmxl_hexit ex;
	u8 *code = place(text, 0x1000, 1, &ex);

	m.gs.guest[1] = from;
	m.gs.guest[3] = 0;
	m.gs.guest[4] = -1;
	m.gs.guest[5] = 1ULL << 39;
	cc.escaped = false;
	tap_ok(code && (call(code) & 3) == VMXL_UEXIT_STEP && !(m.gs.pc & 0xfff) &&
	       m.gs.guest[1] == at && m.gs.guest[3] == count && !cc.escaped, "%s", what);
}

/* Loops whose addresses are checked at the entry only, and such that are not */
static void walks(bool check_all)
{
	const u64 end = 1ULL << VMXL_WIN_BITS;
	u8 *last = cc.window + end - 4096;

	machine_reset(true);
	compiled_choose_hot(10, 1);
	cc.args.check_all = check_all;
	mprotect(last, 4096, PROT_READ | PROT_WRITE);
	mprotect(cc.window, 4096, PROT_READ | PROT_WRITE);
	walk("up to the end of the window", WALK("%6 = const.i64 8\n", ""), end - 4096, end, 512);
	walk("down to its beginning", WALK("%6 = const.i64 -8\n", ""), 4088, -8, 512);
	walk("above it from the start", WALK("%6 = const.i64 8\n", ""), end << 1, end << 1, 0);
	walk("below it", WALK("%6 = const.i64 8\n", ""), -4096, -4096, 0);
	walk("by large steps", WALK("%6 = const.i64 0x4000000000\n", ""), end - 8, 2 * end - 8,
	     1);
	walk("by steps that are not known", WALK("%6 = get.i64 $x5\n", ""), 8, 2 * end + 8, 1);
	walk("back from two places", WALK("%6 = const.i64 8\n",
					  "insn 0x4006\nbr.i64.eq %7, %5, e0\n"
					  "%9 = const.i64 16\n%10 = add.i64 %7, %9\n"
					  "put.i64 %10, $x1\n"), end - 96, end, 4);
	mprotect(last, 4096, PROT_NONE);
	mprotect(cc.window, 4096, PROT_NONE);
	cc.args.check_all = false;
}

/* Comparisons with the window's end in the last unit's code */
static unsigned int nr_checks(void)
{
	static const u8 disp[] = { 0x85, 0x80 };	/* test [r15 - 0x80], a register */
	unsigned int n = 0;
	u32 k;

	for (k = 1; k + 2 < cc.hcode.len; k++)
		n += cc.hcode.code[k] == disp[0] && (cc.hcode.code[k + 1] & 0xc7) == 0x47 &&
		     cc.hcode.code[k + 2] == disp[1];
	return n;
}

/* What the pass "checks" leaves out, and nothing where it is switched off */
static void checks(void)
{
	static const char text[] =
		"unit 0x4000 0x4010\nexit e0 0x4010 5 link\ninsn 0x4000\n%1 = get.i64 $x1\n"
		"%2 = ld.i64.u64 %1, 0\nput.i64 %2, $x2\ninsn 0x4004\n%3 = ld.i64.u64 %1, 8\n"
		"put.i64 %3, $x3\ninsn 0x4008\n%4 = const.i64 16\n%5 = add.i64 %1, %4\n"
		"put.i64 %5, $x1\ninsn 0x400a\nst.i64.u64 %5, %2, -8\ninsn 0x400c\n"
		"%6 = get.i64 $x4\nst.i64.u64 %6, %3, 0\njump e0\n";
	const struct vmxl_uarea_layout lay = { .win_mask = -128 };
	struct vmxl_hexit ex;
	unsigned int on, off;

	machine_reset(true);
	compiled_choose_hot(10, 1);
	cc.args.lay = &lay;
	on = place(text, 0x1000, 1, &ex) ? nr_checks() : 0;
	cc.args.check_all = true;
	off = place(text, 0x1000, 1, &ex) ? nr_checks() : 0;
	cc.args.check_all = false;
	cc.args.lay = &cc.lay;
	tap_ok(on == 2 && off == 4, "of 4 accesses %u are checked, without the pass %u", on, off);
}

/* The upper half: a page at its end, addresses below and above it */
static void high_window(enum vmxl_window_kind kind)
{
	u64 *page = (u64 *)(cc.extra.high_base - 4096);
	struct vmxl_hexit ex;
	u8 *code;

	machine_reset(true);
	compiled_choose_hot(10, 1);
	cc.args.window = kind;
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
	page[1] = 0x1234;
	code = place("unit 0x4000 0x4008\nexit e0 0x4008 2 link\ninsn 0x4000\n%1 = get.i64 $x1\n"
		     "%2 = ld.i64.u64 %1, 8\nput.i64 %2, $x2\ninsn 0x4004\n"
		     "st.i64.u32 %1, %2, 16\njump e0\n", 0x1000, 3, &ex);
	m.gs.guest[1] = -4096;
	tap_ok(code && call(code) == VMXL_EXIT_ID(3, 0, VMXL_UEXIT_LINK) &&
	       page[1] == m.gs.guest[2] && page[2] == 0x1234,
	       "window %d: an address in the upper half", kind);
	m.gs.guest[1] = -(1ULL << VMXL_WIN_BITS) - 1;
	tap_ok(call(code) == VMXL_UEXIT_STEP && m.gs.pc == 0x4000,
	       "window %d: below it", kind);
	m.gs.guest[1] = 1ULL << VMXL_WIN_BITS;
	tap_ok(call(code) == VMXL_UEXIT_STEP && m.gs.pc == 0x4000,
	       "window %d: above the lower", kind);
	mprotect(page, 4096, PROT_NONE);
	cc.args.window = VMXL_WIN_LOW;
}

/* An access of a unit with regions: whether it is made; else it is left, and the address told */
static bool region_access(u8 *code, u64 addr)
{
	u32 id;

	m.gs.guest[1] = addr;
	cc.extra.win_missed = VMXL_WIN_FOUND;
	cc.escaped = false;
	id = call(code);
	if (cc.escaped)
		tap_ok(false, "address %#llx: out of the windows", addr);
	if (id == VMXL_EXIT_ID(3, 0, VMXL_UEXIT_LINK))
		return true;
	if (id != VMXL_UEXIT_STEP || m.gs.pc != 0x4000 || cc.extra.win_missed != addr)
		tap_ok(false, "address %#llx: exit %#x, pc %#llx, missed %#llx", addr, id,
		       m.gs.pc, cc.extra.win_missed);
	return false;
}

/* All of the lower 1024, which are those of 48 bits, and some of the others, the last one too */
static u64 next_region(u64 i)
{
	const u64 nr = 1u << VMXL_WIN_REGION_BITS;

	return i < 1024 || i >= nr - 1024 ? i + 1 : min(i + 401, nr - 1024);
}

/* Regions, and what differs from them in bits that are not looked at */
static void region_table(u8 *code, unsigned int kind)
{
	const u64 nr = 1u << VMXL_WIN_REGION_BITS;
	unsigned int bad = 0;
	u64 i, k, addr;
	bool want;

	for (i = 0; i < nr; i = next_region(i)) {
		for (k = 0; k < 1ULL << 7; k = 4 * k + 1) {
			addr = i << VMXL_WIN_BITS | k << 57 | 0x3ffffff000;
			want = i == 0 && k == 0 && kind != VMXL_WIN_HIGH;
			bad += region_access(code, addr) != want;
		}
		addr = i << VMXL_WIN_BITS | ~0ULL << 57 | 0x3ffffff000;
		want = i == nr - 1 && kind != VMXL_WIN_LOW;
		bad += region_access(code, addr) != want;
	}
	tap_ok(!bad, "regions %u: %u addresses not as expected", kind, bad);
}

static void region_constants(unsigned int kind)
{
	u8 *there = kind == VMXL_WIN_HIGH ? (u8 *)cc.extra.high_base - 4096 :
					    cc.window + 0x3ffffff000;
	struct vmxl_hexit ex;
	u8 *code;

	code = place(kind == VMXL_WIN_HIGH ?
		     "unit 0x4000 0x4004\nexit e0 0x4004 1 link\ninsn 0x4000\n"
		     "%1 = const.i64 0xfffffffffffff000\n%2 = ld.i64.u64 %1, 8\n"
		     "put.i64 %2, $x2\njump e0\n" :
		     "unit 0x4000 0x4004\nexit e0 0x4004 1 link\ninsn 0x4000\n"
		     "%1 = const.i64 0x3ffffff000\n%2 = ld.i64.u64 %1, 8\n"
		     "put.i64 %2, $x2\njump e0\n", 0x1000, 3, &ex);
	((u64 *)there)[1] = 0x4321;
	tap_ok(code && call(code) == VMXL_EXIT_ID(3, 0, VMXL_UEXIT_LINK) &&
	       m.gs.guest[2] == 0x4321, "regions %u: an address that is a constant", kind);
	code = place("unit 0x4000 0x4004\nexit e0 0x4004 1 link\ninsn 0x4000\n"
		     "%1 = const.i64 0x7fff12345678\n%2 = ld.i64.u64 %1, 8\n"
		     "put.i64 %2, $x2\njump e0\n", 0x1000, 3, &ex);
	tap_ok(code && call(code) == VMXL_UEXIT_STEP && m.gs.pc == 0x4000 &&
	       cc.extra.win_missed == 0x7fff12345680, "one that is in no window");
}

static void region_kind(unsigned int kind)
{
	u8 *low = cc.window + 0x3ffffff000, *high = (u8 *)cc.extra.high_base - 4096;
	struct vmxl_hexit ex;
	u8 *code;

	machine_reset(true);
	compiled_choose_hot(10, 1);
	cc.args.window = kind | VMXL_WIN_REGIONS;
	mprotect(low, 4096, PROT_READ | PROT_WRITE);
	mprotect(high, 4096, PROT_READ | PROT_WRITE);
	code = place("unit 0x4000 0x4008\nexit e0 0x4008 2 link\ninsn 0x4000\n%1 = get.i64 $x1\n"
		     "%2 = ld.i64.u64 %1, 8\nput.i64 %2, $x2\ninsn 0x4004\n"
		     "st.i64.u32 %1, %2, 16\njump e0\n", 0x1000, 3, &ex);
	region_table(code, kind);
	region_constants(kind);
	/* From a region into the next by what is added: the guard page */
	code = place("unit 0x4000 0x4004\nexit e0 0x4004 1 link\ninsn 0x4000\n%1 = get.i64 $x1\n"
		     "%2 = ld.i64.u64 %1, 2047\nput.i64 %2, $x2\njump e0\n", 0x1000, 3, &ex);
	m.gs.guest[1] = kind == VMXL_WIN_HIGH ? -8 : 0x3ffffffff8;
	cc.escaped = false;
	tap_ok(code && (call(code) & 3) == VMXL_UEXIT_STEP && !(m.gs.pc & 0xfff) &&
	       !cc.escaped,
	       "regions %u: beyond the end by a displacement", kind);
	mprotect(low, 4096, PROT_NONE);
	mprotect(high, 4096, PROT_NONE);
	cc.args.window = VMXL_WIN_LOW;
}

/* Compiling takes so long, nothing else; a figure to look at. */
static void compile_time(void)
{
	static struct vmxl_ir ir;
	struct timespec t0, t1;
	unsigned int k, n = 0;
	u64 ns = 0, ops = 0;

	compiled_choose_hot(10, 0);
	for (k = 0; k < 2000; k++) {
		rnd_seed(k);
		generate_own(&ir);
		clock_gettime(CLOCK_MONOTONIC, &t0);
		cc.args.ir = &ir;
		n += !vmxl_host_x86_64.compile(&cc.args, &cc.hcode);
		clock_gettime(CLOCK_MONOTONIC, &t1);
		ns += (t1.tv_sec - t0.tv_sec) * 1000000000LL + t1.tv_nsec - t0.tv_nsec;
		ops += ir.nr_ops;
	}
	tap_note("%u units, %llu ns and %llu ops each", n, ns / 2000, ops / 2000);
}

/* Golden files: what becomes of NAME.ir is in NAME.txt. */

/* RV64's registers, and the user area as the module lays it out: sp ra a0.. */
static const u16 golden_hot[] = { 15, 14, 10, 11, 2, 12, 13, 8, 9, 1 };

static const struct vmxl_uarea_layout golden_lay = {
	.slot0 = -8 * (s32)(VMXL_SLOT_GUEST + 15), .kick = -8 * (s32)(VMXL_SLOT_GUEST + 15),
	.win_mask = -128, .exit_id = 0xf88, .jctx = 0xf90, .high_base = 0xf98, .mxcsr = 0xfa0,
	.fd = 0xfb0, .jcache = 0x1f88,
	.view = 8 * (VMXL_GS_NGUEST - 15),
};

/* @all: out: "Without the pass checks" is what the file says first */
static bool read_unit(const char *path, struct vmxl_ir *ir, bool *all)
{
	static char source[1 << 16];
	FILE *f = fopen(path, "r");
	unsigned int line;
	const char *msg;
	size_t n;

	if (!f)
		return false;
	n = fread(source, 1, sizeof(source) - 1, f);
	source[n] = 0;
	fclose(f);
	*all = strstr(source, "\n; Without the pass checks");
	ir->guest = &test_guest;
	if (vmxl_ir_parse(ir, source, &msg, &line)) {
		tap_note("%s:%u: %s", path, line, msg);
		return false;
	}
	return true;
}

static int golden(const char *in, const char *out)
{
	static struct vmxl_ir ir;
	unsigned int k;
	bool all;
	FILE *f;

	if (!read_unit(in, &ir, &all))
		return 1;
	for (k = 0; k < ARRAY_SIZE(golden_hot); k++)
		cc.hot[k] = SLOT_X(golden_hot[k]);
	cc.args = (struct vmxl_compile_args){
		.ir = &ir, .window = VMXL_WIN_LOW, .lay = &golden_lay, .hot = cc.hot,
		.nr_hot = ARRAY_SIZE(golden_hot), .check_all = all,
	};
	vmxl_x86_features = 1u << 31 | 0x7f;
	if (vmxl_host_x86_64.compile(&cc.args, &cc.hcode))
		return 1;
	f = fopen(out, "wb");
	if (!f || fwrite(cc.hcode.code, 1, cc.hcode.len, f) != cc.hcode.len)
		return 1;
	return fclose(f);
}

int main(int argc, char **argv)
{
	u64 n = 20000, seed = 1;
	int opt;

	while ((opt = getopt(argc, argv, "n:s:v")) != -1) {
		if (opt == 'n')
			n = strtoull(optarg, NULL, 0);
		else if (opt == 's')
			seed = strtoull(optarg, NULL, 0);
		else
			verbose = true;
	}
	setlinebuf(stdout);
	if (argc == 4 && !strcmp(argv[1], "golden"))
		return golden(argv[2], argv[3]);
#ifdef __SANITIZE_THREAD__
	printf("1..0 # SKIP ThreadSanitizer has no shadow for two windows; there is one thread\n");
	return 0;
#endif
	if (!compiled_init()) {
		printf("1..0 # SKIP no room for two windows\n");
		return 0;
	}
	vmxl_x86_detect();
	ways_out();
	switches();
	loops();
	walks(false);
	walks(true);
	checks();
	high_window(VMXL_WIN_HIGH);
	high_window(VMXL_WIN_BOTH);
	region_kind(VMXL_WIN_LOW);
	region_kind(VMXL_WIN_HIGH);
	region_kind(VMXL_WIN_BOTH);
	integer_ops();
	fp_ops(600);
	random_units(seed, n);
	compile_time();
	return tap_done();
}
