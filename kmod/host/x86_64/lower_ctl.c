// SPDX-License-Identifier: GPL-2.0
/*
 * Lowering: guest state, labels, branches, jumps.
 *
 * Whatever goes backwards looks at gstate.kick, so that nothing can go round
 * without: a branch before its comparison (kick makes the instruction a step),
 * a jump before it goes.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include "emit.h"

static_assert(VMXL_CC_EQ == 0 && VMXL_CC_NE == 1 && VMXL_CC_LT == 2 && VMXL_CC_GE == 3 &&
	      VMXL_CC_LTU == 4 && VMXL_CC_GEU == 5);

static_assert(sizeof(struct vmxl_view) == 16);	/* vmxl_x86_lower_switch() */

static const u8 cc_of[VMXL_CC_NR] = {
	X86_CC_E, X86_CC_NE, X86_CC_L, X86_CC_GE, X86_CC_B, X86_CC_AE,
};

static const u8 cc_swapped[VMXL_CC_NR] = {
	X86_CC_E, X86_CC_NE, X86_CC_G, X86_CC_LE, X86_CC_A, X86_CC_BE,
};

void vmxl_x86_lower_get(struct x86_ctx *c, const struct vmxl_op *op)
{
	struct x86_slot *s = &c->s[op->imm];

	c->v[c->i].flag |= s->flag;
	c->v[c->i].dist = s->dist;
	vmxl_x86_slot_is(c, op->imm, c->i);
	if (!c->v[c->i].slot)
		x86_fail(c, -E2BIG);
}

static void put_memory(struct x86_ctx *c, const struct vmxl_op *op)
{
	struct x86_rm mem = x86_slot_mem(c, op->imm);
	struct x86_opnd o;

	if (c->v[op->a].xmm != X86_NOREG && !vmxl_x86_is32(c, op->a)) {
		vmxl_x86_slot_write(c, op->imm);
		x86_i(c, 0xd6 | X86_0F | X86_66, c->v[op->a].xmm, mem);
		return;
	}
	o = vmxl_x86_rmi(c, op->a, true);
	if (!o.is_imm && o.rm.mem)
		o.rm = x86_reg(vmxl_x86_use(c, op->a));
	vmxl_x86_slot_write(c, op->imm);
	if (o.is_imm)
		x86_ii(c, 0xc7 | X86_W, 0, mem, 4, o.imm);
	else
		x86_store(c, true, mem, o.rm.base);
}

static void put_hot(struct x86_ctx *c, const struct vmxl_op *op, unsigned int hot)
{
	struct x86_opnd o;
	u64 val;

	if (vmxl_x86_const(c, op->a, &val) && c->v[op->a].reg == X86_NOREG) {
		vmxl_x86_slot_write(c, op->imm);
		if (val)
			x86_movi(c, hot, val);
		else
			x86_zero(c, hot);
		return;
	}
	o = vmxl_x86_rm(c, op->a);
	vmxl_x86_slot_write(c, op->imm);
	x86_mov(c, true, hot, o.rm);
}

void vmxl_x86_lower_put(struct x86_ctx *c, const struct vmxl_op *op)
{
	unsigned int hot = c->s[op->imm].reg;

	if (c->v[op->a].slot == op->imm && !vmxl_x86_is32(c, op->a))
		return;
	if (hot != X86_NOREG)
		put_hot(c, op, hot);
	else
		put_memory(c, op);
	vmxl_x86_slot_is(c, op->imm, op->a);
}

/**
 * vmxl_x86_compare() - compare the operands a and b of an op
 * @c: the unit
 * @op: SET, BR, BRL
 *
 * Return: the condition that says that "a cc b" holds.
 */
enum x86_cc vmxl_x86_compare(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool w = x86_w64(op), swap;
	vmxl_ref va = op->a, vb = op->b;
	struct x86_opnd a, b;
	u64 val;

	swap = vmxl_x86_const(c, va, &val) && !vmxl_x86_const(c, vb, &val);
	if (swap) {
		va = op->b;
		vb = op->a;
	}
	b = vmxl_x86_rmi(c, vb, w);
	a = vmxl_x86_rm(c, va);
	if (a.rm.mem && !b.is_imm && b.rm.mem)
		a.rm = x86_reg(vmxl_x86_use(c, va));
	if (!a.rm.mem && b.is_imm && !b.imm)
		x86_test(c, w, a.rm.base, a.rm.base);
	else if (b.is_imm)
		x86_alui(c, X86_CMP, w, a.rm, b.imm);
	else if (a.rm.mem)
		x86_i(c, 0x39 | x86_w(w), b.rm.base, a.rm);
	else
		x86_alu(c, X86_CMP, w, a.rm.base, b.rm);
	return swap ? cc_swapped[op->aux] : cc_of[op->aux];
}

/* Jumps within the unit */

void vmxl_x86_lower_label(struct x86_ctx *c, const struct vmxl_op *op)
{
	vmxl_x86_forget(c);
	c->label[op->imm] = x86_here(c) + 1;
}

static void test_kick(struct x86_ctx *c)
{
	x86_alui(c, X86_CMP, false, x86_uarea(c->args->lay->kick), 0);
}

static void goto_label(struct x86_ctx *c, int cc, unsigned int label)
{
	if (c->label[label])
		vmxl_x86_jump_to(c, cc, c->label[label] - 1);
	else
		vmxl_x86_jump_out(c, cc, X86_OUT_LABEL, label);
}

void vmxl_x86_lower_goto(struct x86_ctx *c, const struct vmxl_op *op)
{
	if (c->label[op->imm]) {
		test_kick(c);
		x86_step(c, X86_CC_NE);
	}
	goto_label(c, X86_ALWAYS, op->imm);
}

void vmxl_x86_lower_brl(struct x86_ctx *c, const struct vmxl_op *op)
{
	if (c->label[op->imm]) {
		test_kick(c);
		x86_step(c, X86_CC_NE);
	}
	goto_label(c, vmxl_x86_compare(c, op), op->imm);
}

/* Leaving the unit */

static void count(struct x86_ctx *c, unsigned int n)
{
	if (c->args->count)
		x86_alui(c, X86_ADD, true, x86_slot_mem(c, VMXL_SLOT(icount)), n);
}

static u64 insn_pc(const struct x86_ctx *c)
{
	return c->ir->pc + (c->ir->nr_insns ? c->ir->insns[c->insn].off : 0);
}

static bool backward(const struct x86_ctx *c, const struct vmxl_ir_exit *e)
{
	return e->pc <= insn_pc(c);
}

/* rax: tag; the entry at [base + index * 8] of the jump cache */
static void probe(struct x86_ctx *c, struct x86_rm entry)
{
	x86_alu(c, X86_CMP, true, X86_RAX, entry);
	vmxl_x86_jump_stub(c, X86_CC_NE, VMXL_STUB_MISS);
	entry.disp += 8;
	x86_i(c, 0xff, 4, entry);
}

/**
 * vmxl_x86_probe_far() - go to a pc that may not be linked to, by the jump cache
 * @c: the unit
 * @pc: the guest's
 */
void vmxl_x86_probe_far(struct x86_ctx *c, u64 pc)
{
	const struct vmxl_uarea_layout *lay = c->args->lay;

	x86_movi(c, X86_RAX, pc);
	x86_alu(c, X86_XOR, true, X86_RAX, x86_uarea(lay->jctx));
	probe(c, x86_uarea(lay->jcache + 16 * (s32)vmxl_ujc_index(pc)));
}

/* Jump to an exit; code from @from on is the comparison */
static void go(struct x86_ctx *c, int cc, unsigned int exit, u32 from)
{
	const struct vmxl_ir_exit *e = &c->ir->exits[exit];

	if (!e->linkable) {
		if (cc == X86_ALWAYS)
			vmxl_x86_probe_far(c, e->pc);
		else
			vmxl_x86_jump_out(c, cc, X86_OUT_FAR, exit);
	} else if (e->pc == c->ir->pc) {
		vmxl_x86_back_edge(c);
		vmxl_x86_jump_to(c, cc, c->loop);
	} else {
		if (c->exit_refs[exit] < 2)
			vmxl_x86_align_site(c, from, cc == X86_ALWAYS ? 1 : 2);
		vmxl_x86_jump_out(c, cc, X86_OUT_LINK, exit);
	}
}

static void go_counted(struct x86_ctx *c, unsigned int exit)
{
	const struct vmxl_ir_exit *e = &c->ir->exits[exit];

	count(c, e->ninsn);
	if (backward(c, e)) {
		test_kick(c);
		vmxl_x86_jump_out(c, X86_CC_NE, X86_OUT_POLL, exit);
	}
	go(c, X86_ALWAYS, exit, x86_here(c));
}

void vmxl_x86_lower_br(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool poll = backward(c, &c->ir->exits[op->imm]);
	enum x86_cc cc;
	u32 from, skip;

	if (c->args->count || (poll && c->effect)) {
		cc = vmxl_x86_compare(c, op);
		skip = vmxl_x86_jump_short(c, cc ^ 1);
		go_counted(c, op->imm);
		vmxl_x86_land(c, skip);
		return;
	}
	if (poll) {
		test_kick(c);
		x86_step(c, X86_CC_NE);
	}
	from = x86_here(c);
	cc = vmxl_x86_compare(c, op);
	go(c, cc, op->imm, from);
}

void vmxl_x86_lower_jump(struct x86_ctx *c, const struct vmxl_op *op)
{
	go_counted(c, op->imm);
}

/* rax: pc; where to go by the jump cache. Clobbers @index. */
static void probe_any(struct x86_ctx *c, unsigned int index, bool poll)
{
	const struct vmxl_uarea_layout *lay = c->args->lay;

	/* vmxl_ujc_index() */
	x86_mov(c, false, index, x86_reg(X86_RAX));
	x86_shifti(c, X86_SHR, false, index, VMXL_UJC_BITS);
	x86_alu(c, X86_XOR, false, index, x86_reg(X86_RAX));
	x86_alui(c, X86_AND, false, x86_reg(index), ((1 << VMXL_UJC_BITS) - 1) << 1);
	x86_alu(c, X86_XOR, true, X86_RAX, x86_uarea(lay->jctx));
	if (poll) {
		test_kick(c);
		vmxl_x86_jump_stub(c, X86_CC_NE, VMXL_STUB_OUT);
	}
	probe(c, x86_mem_index(X86_R_UAREA, index, 3, lay->jcache));
}

/* rax: tag. Only a return is trusted not to go round. */
void vmxl_x86_lower_jumpr(struct x86_ctx *c, const struct vmxl_op *op)
{
	unsigned int index;

	vmxl_x86_take_value(c, X86_RAX, op->a, true);
	index = vmxl_x86_temp(c);
	count(c, c->insn + (c->ir->nr_insns != 0));
	probe_any(c, index, op->imm != VMXL_HINT_RET);
}

/* The window and the context of the view; then as an indirect jump */
void vmxl_x86_lower_switch(struct x86_ctx *c, const struct vmxl_op *op)
{
	const struct vmxl_uarea_layout *lay = c->args->lay;
	unsigned int n = c->insn + (c->ir->nr_insns != 0);
	s32 jctx = lay->view + (s32)offsetof(struct vmxl_view, jctx);
	s32 base = lay->view + (s32)offsetof(struct vmxl_view, base);

	vmxl_x86_take_value(c, X86_RAX, op->a, true);
	vmxl_x86_take_value(c, X86_RCX, op->b, true);
	count(c, op->imm ? n : n - (n != 0));
	x86_alui(c, X86_AND, false, x86_reg(X86_RCX), VMXL_NR_VIEWS - 1);
	x86_alu(c, X86_ADD, false, X86_RCX, x86_reg(X86_RCX));
	x86_i(c, 0x8b | X86_W, X86_R_WINDOW, x86_mem_index(X86_R_UAREA, X86_RCX, 3, base));
	x86_i(c, 0x8b | X86_W, X86_RCX, x86_mem_index(X86_R_UAREA, X86_RCX, 3, jctx));
	x86_store(c, true, x86_uarea(lay->jctx), X86_RCX);
	x86_ii(c, 0xc7 | X86_W, 0, x86_slot_mem(c, VMXL_SLOT(ldx)), 4, VMXL_LDX_NONE);
	probe_any(c, X86_RCX, true);
}

/* The jump cache is of no use: the key may have changed. */
void vmxl_x86_lower_leave(struct x86_ctx *c, const struct vmxl_op *op)
{
	const struct vmxl_ir_exit *e = &c->ir->exits[op->imm];

	count(c, e->ninsn);
	x86_movi(c, X86_RAX, e->pc);
	x86_alu(c, X86_XOR, true, X86_RAX, x86_uarea(c->args->lay->jctx));
	vmxl_x86_jump_stub(c, X86_ALWAYS, VMXL_STUB_OUT);
}

/* What follows is reached by a label, if at all. */
void vmxl_x86_lower_trap(struct x86_ctx *c, const struct vmxl_op *op)
{
	x86_step(c, X86_ALWAYS);
	c->skip = true;
}
