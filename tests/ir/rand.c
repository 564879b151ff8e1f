// SPDX-License-Identifier: GPL-2.0
/*
 * The interpreter against the naive evaluator: every integer and flags op on
 * all pairs of edge values in each operand form, then random units, then
 * random units with damage done to them.
 *
 *	rand [-n units] [-s seed]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../kmod/ir/build.h"
#include "../../kmod/ir/iop.h"
#include "harness.h"

/* Edge values in every operand form */

static const u64 edge[] = {
	0, 1, 2, 3, ~0ULL, ~1ULL, 0x7f, 0x80, 0x81, 0xff, 0x100, 0x7fff, 0x8000, 0xffff,
	0x7fffffff, 0x80000000, 0x80000001, 0xffffffff, 0x100000000, 0x7fffffffffffffff,
	0x8000000000000000, 0x8000000000000001, 0xffffffff80000000, 0xffffffff7fffffff,
	31, 32, 63, 64, 0x0123456789abcdef, 0xfedcba9876543210, 0x00ff00ff0000ff01, 10,
};

enum form { RR, RI, IR, II, SAME, DEST_A, DEST_B, NR_FORM };

static vmxl_ref operand(struct vmxl_ir *ir, bool imm, u32 slot, u64 val)
{
	return imm ? vmxl_ir_const(ir, val) : ir_get(ir, slot);
}

static bool try_form(struct vmxl_op op, enum form f, u64 a, u64 b, u64 c)
{
	u32 d = f == DEST_A ? SLOT_X(1) : f == DEST_B ? SLOT_X(2) : SLOT_X(4);
	struct vmxl_ir *ir = &m.ir;
	static struct outcome out;
	u64 want;
	vmxl_ref v;

	if (f == SAME)
		b = a;
	machine_reset(true);
	m.gs.guest[1] = a;
	m.gs.guest[2] = b;
	m.gs.guest[3] = c;
	vmxl_ir_init(ir, &test_guest, 0x1000);
	ir->end = 0x1004;
	vmxl_ir_insn(ir, 0x1000);
	op.a = operand(ir, f == IR || f == II, SLOT_X(1), a);
	if (vmxl_opdesc[op.op].nargs > 1)
		op.b = operand(ir, f == RI || f == II, SLOT_X(f == SAME ? 1 : 2), b);
	if (vmxl_opdesc[op.op].nargs > 2)
		op.c = operand(ir, f == II, SLOT_X(3), c);
	v = vmxl_ir_emit(ir, op);
	ir_put(ir, d, v);
	ir_jump(ir, vmxl_ir_exit(ir, 0x1004, 1, true, VMXL_HINT_NONE));
	want = eval_pure(&op, a, b, c);
	if (vmxl_ir_verify(ir, NULL))
		return false;
	machine_run(ir, 100, &out);
	if (out.left == LEFT_NEXT && out.slot[d - VMXL_SLOT_GUEST] == want)
		return true;
	tap_note("form %d: %#llx %#llx %#llx gives %#llx, not %#llx", f, a, b, c,
		 out.slot[d - VMXL_SLOT_GUEST], want);
	vmxl_ir_print(ir, print_to_stdout, NULL);
	return false;
}

static bool try_values(struct vmxl_op op)
{
	unsigned int i, j, f, nb = vmxl_opdesc[op.op].nargs > 1 ? ARRAY_SIZE(edge) : 1;

	for (i = 0; i < ARRAY_SIZE(edge); i++)
		for (j = 0; j < nb; j++)
			for (f = 0; f < NR_FORM; f++)
				if (!try_form(op, f, edge[i], edge[j], edge[(i + j) % 5]))
					return false;
	return true;
}

/* All settings of aux and imm worth trying */
static bool try_op(struct vmxl_op op)
{
	static const u8 field[][2] = { { 0, 1 }, { 0, 8 }, { 3, 9 }, { 31, 1 }, { 0, 32 },
				       { 20, 12 }, { 0, 64 }, { 32, 32 }, { 63, 1 }, { 7, 50 } };
	unsigned int k;

	switch (op.op) {
	case VMXL_IR_SET:
		for (op.aux = 0; op.aux < VMXL_CC_NR; op.aux++)
			if (!try_values(op))
				return false;
		return true;
	case VMXL_IR_FL_TEST:
		for (op.aux = 0; op.aux < VMXL_FLCC_NR; op.aux++)
			for (k = 0; k < 64; k++)
				if (!try_form(op, RR, k, 0, 0) || !try_form(op, II, k, 0, 0))
					return false;
		return true;
	case VMXL_IR_SHADD:
		for (op.imm = 0; op.imm < 4; op.imm++)
			if (!try_values(op))
				return false;
		return true;
	case VMXL_IR_EXTRACT:
	case VMXL_IR_DEPOSIT:
		for (k = 0; k < ARRAY_SIZE(field); k++) {
			op.imm = field[k][0] | field[k][1] << 8;
			if (op.type != VMXL_T_I64 && field[k][0] + field[k][1] > 32)
				continue;
			if (!try_values(op))
				return false;
		}
		return true;
	default:
		return try_values(op);
	}
}

static void edges(void)
{
	struct vmxl_ir *ir = &m.ir;
	u16 op;
	u8 type;

	for (op = VMXL_IR_ADD; op <= VMXL_IR_FL_TEST; op++) {
		for (type = VMXL_T_I64; type <= VMXL_T_I8; type++) {
			struct vmxl_op o = { .op = op, .type = type };
			struct vmxl_op probe = o;

			/* Types that the op does not have are those the verifier refuses. */
			machine_reset(true);
			vmxl_ir_init(ir, &test_guest, 0);
			probe.a = ir_get(ir, SLOT_X(1));
			if (vmxl_opdesc[op].nargs > 1)
				probe.b = probe.a;
			if (vmxl_opdesc[op].nargs > 2)
				probe.c = probe.a;
			if (op == VMXL_IR_EXTRACT || op == VMXL_IR_DEPOSIT)
				probe.imm = 1 << 8;
			vmxl_ir_emit(ir, probe);
			ir_jump(ir, vmxl_ir_exit(ir, 0, 0, false, VMXL_HINT_NONE));
			if (vmxl_ir_verify(ir, NULL))
				continue;
			tap_ok(try_op(o), "edges %s.%s", vmxl_opdesc[op].name,
			       vmxl_ir_type_name[type]);
		}
	}
}

/* Random units */

struct gen {
	struct vmxl_ir *ir;
	vmxl_ref val[VMXL_IR_MAX_OPS], vec[VMXL_IR_MAX_OPS];	/* since the last label */
	unsigned int nr_val, nr_vec;
	unsigned int insn;
};

static unsigned int pick(unsigned int n)
{
	return n ? rnd() % n : 0;
}

static u32 some_slot(void)
{
	return pick(20) ? SLOT_X(pick(8)) : (u32)VMXL_SLOT(fp_flags);
}

static vmxl_ref keep(struct gen *g, vmxl_ref r)
{
	if (r && g->nr_val < VMXL_IR_MAX_OPS)
		g->val[g->nr_val++] = r;
	return r;
}

static vmxl_ref keep_vec(struct gen *g, vmxl_ref r)
{
	if (r && g->nr_vec < VMXL_IR_MAX_OPS)
		g->vec[g->nr_vec++] = r;
	return r;
}

static vmxl_ref some_val(struct gen *g)
{
	unsigned int k = pick(10);

	if (k < 5 && g->nr_val)
		return g->val[g->nr_val - 1 - pick(min(g->nr_val, 12u))];
	if (k < 8)
		return keep(g, ir_get(g->ir, some_slot()));
	return keep(g, vmxl_ir_const(g->ir, pick(3) ? rnd_edge() : 0));
}

static vmxl_ref some_vec(struct gen *g)
{
	if (pick(2) && g->nr_vec)
		return g->vec[g->nr_vec - 1 - pick(min(g->nr_vec, 4u))];
	return keep_vec(g, ir_getv(g->ir, SLOT_V(pick(NR_V))));
}

static void put(struct gen *g, vmxl_ref v)
{
	if (pick(3))
		ir_put(g->ir, some_slot(), v);
}

static vmxl_ref some_addr(struct gen *g, unsigned int size)
{
	struct vmxl_ir *ir = g->ir;
	vmxl_ref v;

	switch (pick(8)) {
	case 0:
		return some_val(g);
	case 1:
		return vmxl_ir_const(ir, MEM_BASE + pick(MEM_SIZE));
	case 2:
	case 3:
		return ir_get(ir, SLOT_X(8 + pick(4)));
	default:
		v = ir_and(ir, VMXL_T_I64, some_val(g),
			   vmxl_ir_const(ir, pick(8) ? 0x2fff & -size : 0x3fff));
		return ir_add(ir, VMXL_T_I64, v, vmxl_ir_const(ir, MEM_BASE));
	}
}

static void gen_int(struct gen *g)
{
	struct vmxl_op op = { .type = VMXL_T_I64 + pick(3) };
	vmxl_ref v;

	op.op = VMXL_IR_ADD + pick(VMXL_IR_SEL - VMXL_IR_ADD + 1);
	if (!pick(3))
		op.op = VMXL_IR_ADD + pick(2);
	if ((op.op >= VMXL_IR_MULHS && op.op <= VMXL_IR_MULHSU) || op.op == VMXL_IR_CLMUL ||
	    op.op == VMXL_IR_CLMULH)
		op.type = VMXL_T_I64;
	if (op.op == VMXL_IR_SET) {
		op.aux = pick(VMXL_CC_NR);
		op.type = pick(2) ? VMXL_T_I64 : VMXL_T_Z32;
	} else if (op.op == VMXL_IR_SHADD) {
		op.imm = pick(32);
	} else if (op.op == VMXL_IR_EXTRACT || op.op == VMXL_IR_DEPOSIT) {
		op.imm = pick(32);
		op.imm |= (1 + pick(32 - op.imm)) << 8;
	}
	op.a = some_val(g);
	if (vmxl_opdesc[op.op].nargs > 1)
		op.b = some_val(g);
	if (vmxl_opdesc[op.op].nargs > 2)
		op.c = some_val(g);
	v = keep(g, vmxl_ir_emit(g->ir, op));
	put(g, v);
}

static void gen_flags(struct gen *g)
{
	static const u8 types[] = { VMXL_T_I8, VMXL_T_I16, VMXL_T_Z32, VMXL_T_I64 };
	struct vmxl_op op = { .type = types[pick(4)] };

	op.op = VMXL_IR_FL_ADD + pick(VMXL_IR_FL_TEST - VMXL_IR_FL_ADD + 1);
	if (op.op == VMXL_IR_FL_TEST) {
		op.aux = pick(VMXL_FLCC_NR);
		op.type = VMXL_T_I64;
	}
	op.a = some_val(g);
	if (vmxl_opdesc[op.op].nargs > 1)
		op.b = some_val(g);
	if (vmxl_opdesc[op.op].nargs > 2)
		op.c = some_val(g);
	put(g, keep(g, vmxl_ir_emit(g->ir, op)));
}

/* PUTs at some distance from their values, with uses of what the slot held in between */
static void gen_put(struct gen *g)
{
	struct vmxl_ir *ir = g->ir;
	u32 slot = pick(4) ? some_slot() : (u32)VMXL_SLOT(fp_flags);
	vmxl_ref old = keep(g, ir_get(ir, slot)), v;

	if (pick(2))
		ir_put(ir, slot, vmxl_ir_const(ir, rnd_edge()));
	v = keep(g, ir_add(ir, VMXL_T_I64, some_val(g), some_val(g)));
	if (pick(2))
		keep(g, ir_xor(ir, VMXL_T_I64, pick(2) ? old : some_val(g), some_val(g)));
	ir_put(ir, slot, v);
	if (pick(2))
		put(g, keep(g, ir_sub(ir, VMXL_T_I64, some_val(g), pick(2) ? old : v)));
	if (pick(2))
		put(g, keep(g, ir_get(ir, slot)));
}

static u8 some_aux(unsigned int mt)
{
	static const u8 flags[] = { VMXL_MEM_ALIGN, VMXL_MEM_ACQ, VMXL_MEM_REL,
				    VMXL_MEM_ACQ | VMXL_MEM_REL, VMXL_MEM_TSO, VMXL_MEM_UNPRIV };

	return mt | (pick(4) ? 0 : flags[pick(ARRAY_SIZE(flags))]);
}

static void gen_vec_mem(struct gen *g)
{
	struct vmxl_ir *ir = g->ir;
	u8 aux = some_aux(VMXL_MT_V128);
	vmxl_ref a = some_addr(g, 16);

	switch (pick(3)) {
	case 0:
		ir_putv(ir, SLOT_V(pick(NR_V)), keep_vec(g, ir_ld(ir, a, (int)pick(33) - 16, aux)));
		break;
	case 1:
		ir_st(ir, a, (int)pick(33) - 16, aux, some_vec(g));
		break;
	default: {
		vmxl_ref x = some_vec(g), y = some_vec(g);

		keep_vec(g, ir_cas(ir, a, VMXL_MT_V128, x, y));
	}
	}
}

static void gen_mem(struct gen *g)
{
	struct vmxl_ir *ir = g->ir;
	unsigned int mt = pick(7), size = vmxl_mt_size(mt);
	s32 disp = pick(2) ? 0 : (int)pick(64) - 32;
	u8 aux = some_aux(mt);
	vmxl_ref a = some_addr(g, size), v;

	switch (pick(10)) {
	case 0: case 1: case 2: case 3:
		put(g, keep(g, ir_ld(ir, a, disp & -(s32)size, aux)));
		break;
	case 4: case 5: case 6:
		v = some_val(g);
		ir_st(ir, a, disp & -(s32)size, aux, v);
		break;
	case 7:
		v = some_val(g);
		if (pick(2))
			aux = pick(2) ? VMXL_MT_S32 : VMXL_MT_U64;
		put(g, keep(g, ir_rmw(ir, pick(VMXL_RMW_NR), a, aux, v)));
		break;
	case 8: {
		vmxl_ref x = some_val(g), y = some_val(g);

		put(g, keep(g, ir_cas(ir, a, aux, x, y)));
		break;
	}
	default:
		v = some_val(g);
		put(g, keep(g, ir_ldx(ir, a, aux)));
		put(g, keep(g, ir_stx(ir, pick(4) ? a : some_addr(g, size), aux, v)));
		if (!pick(4))
			ir_zblk(ir, a, 64);
		if (!pick(4))
			ir_probe(ir, a, pick(4));
		ir_fence(ir, pick(32));
	}
}

static void gen_fp(struct gen *g)
{
	struct vmxl_op op = { .type = VMXL_T_F16 + pick(3) };
	vmxl_ref v[3];
	unsigned int n;

	op.op = VMXL_IR_FADD + pick(VMXL_IR_FUNBOX - VMXL_IR_FADD + 1);
	if (op.op <= VMXL_IR_FTOIMOD)
		op.aux = pick(5);
	if (op.op == VMXL_IR_FRINT)
		op.imm = pick(2);
	else if (op.op == VMXL_IR_FTOI || op.op == VMXL_IR_ITOF)
		op.imm = pick(4);
	else if (op.op == VMXL_IR_FCVT)
		op.imm = op.type == VMXL_T_F64 ? VMXL_T_F32 : VMXL_T_F64;
	else if (op.op == VMXL_IR_FTOIMOD)
		op.type = VMXL_T_F64;
	for (n = 0; n < 3; n++) {
		u8 type = op.op == VMXL_IR_FCVT ? op.imm : op.type;

		v[n] = ir_funbox(g->ir, type, some_val(g));
	}
	op.a = v[0];
	if (vmxl_opdesc[op.op].nargs > 1)
		op.b = v[1];
	if (vmxl_opdesc[op.op].nargs > 2)
		op.c = v[2];
	put(g, keep(g, vmxl_ir_emit(g->ir, op)));
}

static void gen_vec(struct gen *g)
{
	u16 op = VMXL_IR_VAND + pick(VMXL_IR_VSET - VMXL_IR_VAND + 1);
	struct vmxl_ir *ir = g->ir;
	u8 lane = pick(4);
	vmxl_ref a, b;

	switch (op) {
	case VMXL_IR_VDUP:
		keep_vec(g, ir_vec(ir, op, lane, some_val(g), 0, 0));
		break;
	case VMXL_IR_VGET:
		put(g, keep(g, ir_vec(ir, op, lane, some_vec(g), 0, pick(16 >> lane))));
		break;
	case VMXL_IR_VSET:
		a = some_vec(g);
		b = some_val(g);
		keep_vec(g, ir_vec(ir, op, lane, a, b, pick(16 >> lane)));
		break;
	case VMXL_IR_VSHL: case VMXL_IR_VSHR: case VMXL_IR_VSAR:
		keep_vec(g, ir_vec(ir, op, lane, some_vec(g), 0, pick(8 << lane)));
		break;
	default:
		a = some_vec(g);
		b = some_vec(g);
		keep_vec(g, ir_vec(ir, op, lane, a, b, 0));
	}
	if (g->nr_vec && pick(2))
		ir_putv(ir, SLOT_V(pick(NR_V)), g->vec[g->nr_vec - 1]);
}

static void forget(struct gen *g)
{
	g->nr_val = 0;
	g->nr_vec = 0;
}

static void gen_control(struct gen *g)
{
	u8 type = pick(2) ? VMXL_T_I64 : VMXL_T_Z32;
	struct vmxl_ir *ir = g->ir;
	vmxl_ref a, b;
	u32 label, helper;

	switch (pick(6)) {
	case 0:
	case 1:
		a = some_val(g);
		b = some_val(g);
		ir_br(ir, pick(6), type, a, b,
		      vmxl_ir_exit(ir, 0x5000 + pick(100), g->insn, pick(2), VMXL_HINT_NONE));
		break;
	case 2:
		a = some_val(g);
		b = some_val(g);
		label = vmxl_ir_label(ir);
		ir_brl(ir, pick(6), type, a, b, label);
		a = some_val(g);
		ir_put(ir, some_slot(), a);
		if (!pick(3))
			ir_trap(ir, pick(100), a);
		ir_label(ir, label);
		forget(g);
		break;
	default:
		a = some_val(g);
		b = some_val(g);
		helper = pick(8) ? HELPER_ADD + pick(2) : pick(2) ? HELPER_LEAVE : HELPER_EXIT;
		a = ir_call(ir, helper, a, b, pick(2) ? some_val(g) : 0);
		put(g, keep(g, a));
	}
}

static void gen_end(struct gen *g)
{
	struct vmxl_ir *ir = g->ir;
	vmxl_ref v = some_val(g);

	switch (pick(4)) {
	case 0:
		ir_jumpr(ir, v, VMXL_HINT_RET);
		break;
	case 1:
		ir_trap(ir, pick(64), v);
		break;
	case 2:
		ir_leave(ir, vmxl_ir_exit(ir, 0x7000, g->insn, false, VMXL_HINT_NONE));
		break;
	default:
		ir_jump(ir, vmxl_ir_exit(ir, 0x8000, g->insn, true, VMXL_HINT_CALL));
	}
}

static void generate(struct vmxl_ir *ir)
{
	static void (* const kinds[])(struct gen *) = {
		gen_int, gen_int, gen_int, gen_int, gen_put, gen_flags, gen_mem, gen_mem, gen_fp,
		gen_vec, gen_vec_mem, gen_control,
	};
	static struct gen g;
	unsigned int n = 1 + pick(24), k;

	g = (struct gen){ .ir = ir };
	vmxl_ir_init(ir, &test_guest, 0x4000);
	for (g.insn = 1; g.insn <= n && ir->nr_ops < VMXL_IR_MAX_OPS - 100; g.insn++) {
		vmxl_ir_insn(ir, 0x4000 + 4 * (g.insn - 1));
		for (k = pick(4); k; k--)
			kinds[pick(ARRAY_SIZE(kinds))](&g);
	}
	g.insn--;
	gen_end(&g);
	ir->end = 0x4000 + 4 * g.insn;
}

static void fill(u64 seed, bool fast)
{
	unsigned int i;

	machine_reset(fast);
	rnd_seed(seed);
	for (i = 0; i < NR_X + 2 * NR_V; i++)
		m.gs.guest[i] = rnd_edge();
	for (i = 8; i < 12; i++)
		m.gs.guest[i] = MEM_BASE + (rnd() & 0x2fff & (i & 1 ? -1 : -16));
	for (i = 0; i < MEM_SIZE; i++)
		m.mem[i] = rnd();
	m.gs.icount = 1000;
}

static char text[1 << 18];
static size_t text_len;

static void print_to_text(void *ctx, const char *fmt, ...)
{
	va_list ap;

	(void)ctx;
	va_start(ap, fmt);
	text_len += vsnprintf(text + text_len, sizeof(text) - text_len, fmt, ap);
	va_end(ap);
}

static bool same_ir(const struct vmxl_ir *x, const struct vmxl_ir *y)
{
	return x->pc == y->pc && x->end == y->end && x->nr_ops == y->nr_ops &&
	       x->nr_insns == y->nr_insns && x->nr_exits == y->nr_exits &&
	       x->nr_labels == y->nr_labels && x->fp == y->fp &&
	       !memcmp(x->ops, y->ops, x->nr_ops * sizeof(x->ops[0])) &&
	       !memcmp(x->insns, y->insns, x->nr_insns * sizeof(x->insns[0])) &&
	       !memcmp(x->exits, y->exits, x->nr_exits * sizeof(x->exits[0]));
}

static bool round_trip(const struct vmxl_ir *ir)
{
	static struct vmxl_ir back;
	const char *err;
	unsigned int line;

	text_len = 0;
	vmxl_ir_print(ir, print_to_text, NULL);
	back.guest = ir->guest;
	if (vmxl_ir_parse(&back, text, &err, &line)) {
		tap_note("line %u: %s", line, err);
		return false;
	}
	return same_ir(ir, &back);
}

static bool same_outcome(const struct outcome *x, const struct outcome *y)
{
	unsigned int i;

	if (x->left != y->left || x->code != y->code || x->val != y->val || x->pc != y->pc ||
	    x->icount != y->icount || x->fp_flags != y->fp_flags) {
		tap_note("left %d code %u val %#llx pc %#llx icount %llu flags %#llx", x->left,
			 x->code, x->val, x->pc, x->icount, x->fp_flags);
		tap_note("not  %d code %u val %#llx pc %#llx icount %llu flags %#llx", y->left,
			 y->code, y->val, y->pc, y->icount, y->fp_flags);
		return false;
	}
	for (i = 0; i < VMXL_GS_NGUEST; i++) {
		if (x->slot[i] != y->slot[i]) {
			tap_note("slot %u: %#llx, not %#llx", i, x->slot[i], y->slot[i]);
			return false;
		}
	}
	if (memcmp(x->mem, y->mem, sizeof(x->mem))) {
		tap_note("memory differs");
		return false;
	}
	return true;
}

static bool random_unit(u64 seed)
{
	static struct outcome got, want;
	static struct vmxl_ir ir;
	const char *msg;
	int fast;
	u32 at;

	rnd_seed(seed);
	generate(&ir);
	msg = vmxl_ir_verify(&ir, &at);
	if (msg || ir.full) {
		tap_note("seed %llu: op %u: %s", seed, at, msg ?: "full");
		return false;
	}
	if (!round_trip(&ir)) {
		tap_note("seed %llu: text form does not give the unit back", seed);
		return false;
	}
	for (fast = 0; fast < 2; fast++) {
		fill(seed, fast);
		eval_run(&ir, &want);
		fill(seed, fast);
		machine_run(&ir, 1000, &got);
		if (want.left == LEFT_EXIT || want.left == LEFT_LEAVE) {
			/* The helper's business */
			want.icount = got.icount;
		}
		if (!same_outcome(&got, &want)) {
			tap_note("seed %llu, TLB %s", seed, fast ? "filled" : "empty");
			vmxl_ir_print(&ir, print_to_stdout, NULL);
			return false;
		}
	}
	return true;
}

/* Damaged units: refused, or else all that the selected ops name is there. */

static bool slot_in(u64 slot, bool wide)
{
	return slot < VMXL_SLOT_NR - wide;
}

static bool wide_op(const struct vmxl_iop *o)
{
	switch (o->op) {
	case VMXL_IOP_MOVV:
	case VMXL_IOP_VEC:
	case VMXL_IOP_LD_V128:
	case VMXL_IOP_ST_V128:
		return true;
	case VMXL_IOP_LDG:
	case VMXL_IOP_STG:
	case VMXL_IOP_CAS:
		return (o->aux & VMXL_MEM_MT) == VMXL_MT_V128;
	default:
		return false;
	}
}

static bool extra_ok(const struct vmxl_ir *ir, const struct vmxl_iop *o, unsigned int i)
{
	struct vmxl_fpimm f;

	if (o->op >= VMXL_IOP_FIRST_EXIT)
		return (u64)o->imm < ir->nr_exits;
	if (o->op >= VMXL_IOP_GOTO && o->op <= VMXL_IOP_BRL_GEU_Z)
		return i + o->imm < m.icode.nr;
	switch (o->op) {
	case VMXL_IOP_SEL_64:
	case VMXL_IOP_SEL_S:
	case VMXL_IOP_SEL_Z:
		return slot_in(o->imm, false);
	case VMXL_IOP_FLAGS:
		return slot_in(o->aux >> 16, false);
	case VMXL_IOP_CAS:
		return slot_in(o->disp, wide_op(o));
	case VMXL_IOP_CALL:
		return (u32)o->disp < ir->guest->nr_helpers && slot_in(o->aux, false);
	case VMXL_IOP_FMA:
		memcpy(&f, &o->imm, sizeof(f));
		return slot_in(f.c, false);
	default:
		return true;
	}
}

static bool code_ok(const struct vmxl_ir *ir)
{
	unsigned int i;

	for (i = 0; i < m.icode.nr; i++) {
		const struct vmxl_iop *o = &m.icode.code[i];
		bool wide = wide_op(o), b_is_slot = true;

		if (o->op >= VMXL_IOP_FIRST_EXIT && o->op < VMXL_IOP_JUMP)
			b_is_slot = (o->op - VMXL_IOP_FIRST_EXIT) % 2 == 0;
		if (o->op >= VMXL_IOP_NR || !slot_in(o->d, wide) || !slot_in(o->a, wide) ||
		    (b_is_slot && !slot_in(o->b, wide)) || !extra_ok(ir, o, i)) {
			tap_note("op %u: %u %u %u %u %#llx", i, o->op, o->d, o->a, o->b, o->imm);
			return false;
		}
	}
	return m.icode.code[m.icode.nr - 1].op != VMXL_IOP_MOV;
}

static void damage(struct vmxl_ir *ir)
{
	unsigned int nr = max(ir->nr_ops, 2u);
	struct vmxl_op *op = &ir->ops[1 + pick(nr - 1)];

	switch (pick(9)) {
	case 0:
		op->op = pick(VMXL_IR_NR + 2);
		break;
	case 1:
		op->type = pick(VMXL_T_NR + 1);
		break;
	case 2:
		op->aux = rnd();
		break;
	case 3:
		op->a = pick(ir->nr_ops + 2);
		break;
	case 4:
		op->b = pick(ir->nr_ops + 2);
		break;
	case 5:
		op->c = pick(2) ? rnd() : pick(ir->nr_ops);
		break;
	case 6:
		op->imm = pick(2) ? (s64)rnd_edge() : (s64)pick(1100);
		break;
	case 7:
		*op = ir->ops[1 + pick(nr - 1)];
		break;
	default:
		if (pick(2))
			ir->nr_ops = pick(ir->nr_ops + 1);
		else
			ir->nr_exits = pick(ir->nr_exits + 1);
	}
}

/* The evaluator has no budget. */
static bool loops(const struct vmxl_ir *ir)
{
	unsigned int i;

	for (i = 1; i < ir->nr_ops; i++)
		if (ir->ops[i].op == VMXL_IR_GOTO || ir->ops[i].op == VMXL_IR_BRL)
			return true;
	return false;
}

static void print_to_nowhere(void *ctx, const char *fmt, ...)
{
}

static bool damaged_unit(u64 seed)
{
	static struct outcome got, want;
	static struct vmxl_ir ir;
	unsigned int k;
	bool valid;
	int err;

	rnd_seed(seed);
	generate(&ir);
	for (k = 1 + pick(3); k; k--)
		damage(&ir);
	valid = !vmxl_ir_verify(&ir, NULL);
	vmxl_ir_print(&ir, print_to_nowhere, NULL);
	err = vmxl_iselect(&ir, &m.icode);
	if ((!err && !code_ok(&ir)) || (valid && err)) {
		tap_note("seed %llu: %s, selection says %d", seed, valid ? "valid" : "invalid",
			 err);
		return false;
	}
	if (!valid || loops(&ir))
		return true;
	fill(seed, true);
	eval_run(&ir, &want);
	fill(seed, true);
	machine_run(&ir, 1000, &got);
	if (want.left == LEFT_EXIT || want.left == LEFT_LEAVE)
		want.icount = got.icount;
	if (same_outcome(&got, &want))
		return true;
	tap_note("seed %llu", seed);
	vmxl_ir_print(&ir, print_to_stdout, NULL);
	return false;
}

int main(int argc, char **argv)
{
	u64 n = 20000, seed = 1, i;
	bool ok = true;
	int c;

	while ((c = getopt(argc, argv, "n:s:")) != -1) {
		if (c == 'n')
			n = strtoull(optarg, NULL, 0);
		else if (c == 's')
			seed = strtoull(optarg, NULL, 0);
		else
			return 2;
	}
	edges();
	for (i = 0; i < n && ok; i++)
		ok = random_unit(seed + i);
	tap_ok(ok, "%llu random units", i);
	for (i = 0, ok = true; i < n && ok; i++)
		ok = damaged_unit(seed + i);
	tap_ok(ok, "%llu damaged units", i);
	return tap_done();
}
