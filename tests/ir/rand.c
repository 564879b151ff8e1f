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

static bool random_unit(u64 seed)
{
	static struct outcome got, want;
	static struct vmxl_ir ir;
	const char *msg;
	int fast;
	u32 at;

	rnd_seed(seed);
	gen_unit(&ir);
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
		gen_state(seed, fast);
		eval_run(&ir, &want);
		gen_state(seed, fast);
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
	gen_unit(&ir);
	for (k = 1 + pick(3); k; k--)
		gen_damage(&ir);
	valid = !vmxl_ir_verify(&ir, NULL);
	vmxl_ir_print(&ir, print_to_nowhere, NULL);
	err = vmxl_iselect(&ir, &m.icode);
	if ((!err && !code_ok(&ir)) || (valid && err)) {
		tap_note("seed %llu: %s, selection says %d", seed, valid ? "valid" : "invalid",
			 err);
		return false;
	}
	if (!valid || cannot_compare(&ir))
		return true;
	gen_state(seed, true);
	eval_run(&ir, &want);
	gen_state(seed, true);
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
