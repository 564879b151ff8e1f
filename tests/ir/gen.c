// SPDX-License-Identifier: GPL-2.0
/*
 * Random units and random machine states for them, damage to units, comparison
 * of outcomes: what tests on random IR share.
 */
#include <string.h>
#include "../../kmod/ir/build.h"
#include "harness.h"

struct gen {
	struct vmxl_ir *ir;
	vmxl_ref val[VMXL_IR_MAX_OPS], vec[VMXL_IR_MAX_OPS];	/* since the last label */
	unsigned int nr_val, nr_vec;
	unsigned int insn;
};

unsigned int pick(unsigned int n)
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

/* It does not go back, in however many ways it is read; nothing else of it is the same twice. */
static vmxl_ref gen_counter(struct vmxl_ir *ir)
{
	vmxl_ref first = ir_counter(ir), next = ir_counter(ir);

	return vmxl_ir_op3(ir, VMXL_IR_SET, VMXL_T_I64, next, first, 0, VMXL_CC_GEU, 0);
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

/* A value of the kind that narrow results are made of */
static vmxl_ref narrow_val(struct gen *g)
{
	struct vmxl_ir *ir = g->ir;
	vmxl_ref v = some_val(g);

	switch (pick(6)) {
	case 0:
		return ir_set(ir, pick(6), pick(2) ? VMXL_T_I64 : VMXL_T_Z32, v, some_val(g));
	case 1:
		return vmxl_ir_op3(ir, VMXL_IR_SEXT8 + pick(6), VMXL_T_I64, v, 0, 0, 0, 0);
	case 2:
		return ir_add(ir, VMXL_T_S32, v, some_val(g));
	case 3:
		return ir_and(ir, VMXL_T_I64, v, ir_const(ir, (1ULL << pick(64)) - 1));
	case 4:
		return ir_shr(ir, VMXL_T_I64, v, ir_const(ir, pick(64)));
	default:
		return ir_ld(ir, ir_const(ir, MEM_BASE + pick(1000)), 0, pick(7));
	}
}

/* Pairs of ops that translators write, and that optimisation knows */
static void gen_idiom(struct gen *g)
{
	struct vmxl_ir *ir = g->ir;
	u8 type = VMXL_T_I64 + pick(3), fp = VMXL_T_F16 + pick(3);
	vmxl_ref a = keep(g, narrow_val(g)), b = pick(2) ? some_val(g) : narrow_val(g), v;

	switch (pick(9)) {
	case 0:
		v = ir_shl(ir, VMXL_T_I64, a, ir_const(ir, pick(8) * 8));
		v = vmxl_ir_op3(ir, VMXL_IR_SHL + pick(3), VMXL_T_I64, v,
				ir_const(ir, pick(2) ? pick(8) * 8 : pick(64)), 0, 0, 0);
		break;
	case 1:
		v = ir_addi(ir, type, ir_addi(ir, type, a, rnd_edge()), rnd_edge());
		break;
	case 2:
		v = ir_addi(ir, VMXL_T_I64, ir_get(ir, SLOT_X(8 + pick(4))), (int)pick(64) - 32);
		put(g, v);
		v = ir_ld(ir, v, (int)pick(64) - 32, VMXL_MT_U8);
		break;
	case 3:
		v = ir_add(ir, type, b, ir_shl(ir, type, a, ir_const(ir, pick(5))));
		break;
	case 4:
		v = ir_set(ir, pick(6), VMXL_T_I64, a, ir_const(ir, pick(3)));
		v = pick(2) ? ir_xor(ir, VMXL_T_I64, v, ir_const(ir, 1)) :
			      ir_set(ir, pick(2), VMXL_T_I64, v, ir_const(ir, 0));
		break;
	case 5:
		v = ir_fl_sub(ir, pick(2) ? VMXL_T_I64 : VMXL_T_Z32, a, b);
		v = ir_fl_test(ir, pick(VMXL_FLCC_NR), v);
		break;
	case 6:
		v = ir_fbox(ir, fp, a);
		put(g, v);
		v = ir_funbox(ir, fp, v);
		break;
	case 7:
		v = vmxl_ir_op3(ir, VMXL_IR_SEXT8 + pick(6), type, a, 0, 0, 0, 0);
		break;
	default:
		v = ir_set(ir, pick(2), VMXL_T_I64, a, ir_const(ir, 0));
		v = ir_sel(ir, type, v, b, a);
	}
	keep(g, v);
	put(g, v);
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
		if (pick(2)) {
			put(g, keep(g, ir_ldx(ir, a, aux, VMXL_LDX_PAIR)));
			put(g, keep(g, ir_stx(ir, a, aux, v, VMXL_LDX_PAIR)));
		} else {
			put(g, keep(g, ir_ldx(ir, a, aux, VMXL_LDX_RESERVE)));
			put(g, keep(g, ir_stx(ir, pick(4) ? a : some_addr(g, size), aux, v,
					      VMXL_LDX_RESERVE)));
		}
		if (!pick(4))
			ir_zblk(ir, a, 64);
		if (!pick(4))
			ir_probe(ir, a, pick(4));
		ir_fence(ir, pick(32));
		if (!pick(4))
			ir_pause(ir);
		if (!pick(16))
			put(g, keep(g, gen_counter(ir)));
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
	if (!pick(4))
		ir_put(ir, SLOT_V(pick(2)) + pick(2), some_val(g));
	if (!pick(4))
		put(g, keep(g, ir_get(ir, SLOT_V(pick(2)) + pick(2))));
	if (!pick(4))
		ir_putv(ir, SLOT_V(pick(2)), some_vec(g));
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

	switch (pick(5)) {
	case 0:
		ir_jumpr(ir, v, VMXL_HINT_RET);
		break;
	case 1:
		ir_trap(ir, pick(64), v);
		break;
	case 2:
		ir_leave(ir, vmxl_ir_exit(ir, 0x7000, g->insn, false, VMXL_HINT_NONE));
		break;
	case 3:
		ir_switch(ir, v, some_val(g), pick(2));
		break;
	default:
		ir_jump(ir, vmxl_ir_exit(ir, 0x8000, g->insn, true, VMXL_HINT_CALL));
	}
}

/* A unit of up to 24 instructions, by rnd() */
void gen_unit(struct vmxl_ir *ir)
{
	static void (* const kinds[])(struct gen *) = {
		gen_int, gen_int, gen_int, gen_int, gen_put, gen_flags, gen_mem, gen_mem, gen_fp,
		gen_vec, gen_vec_mem, gen_control, gen_idiom, gen_idiom,
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

/* What a unit of gen_unit() starts with; ends with rnd() seeded anew */
void gen_state(u64 seed, bool fast)
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

/* Notes what differs. */
bool same_outcome(const struct outcome *x, const struct outcome *y)
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

void gen_damage(struct vmxl_ir *ir)
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

bool same_ir(const struct vmxl_ir *x, const struct vmxl_ir *y)
{
	return x->pc == y->pc && x->end == y->end && x->nr_ops == y->nr_ops &&
	       x->nr_insns == y->nr_insns && x->nr_exits == y->nr_exits &&
	       x->nr_labels == y->nr_labels && x->fp == y->fp &&
	       !memcmp(x->ops, y->ops, x->nr_ops * sizeof(x->ops[0])) &&
	       !memcmp(x->insns, y->insns, x->nr_insns * sizeof(x->insns[0])) &&
	       !memcmp(x->exits, y->exits, x->nr_exits * sizeof(x->exits[0]));
}

/* A unit with damage: the evaluator has no budget for loops, and a counter's value may show. */
bool cannot_compare(const struct vmxl_ir *ir)
{
	unsigned int i;

	for (i = 1; i < ir->nr_ops; i++)
		if (ir->ops[i].op == VMXL_IR_GOTO || ir->ops[i].op == VMXL_IR_BRL ||
		    ir->ops[i].op == VMXL_IR_COUNTER)
			return true;
	return false;
}
