// SPDX-License-Identifier: GPL-2.0
/*
 * Instruction selection for the interpreter: IR to struct vmxl_iop.
 *
 * Input: a unit. Output: struct vmxl_icode. A pass backwards finds the last
 * use of each value and the next write to each slot; a pass forwards emits.
 * Handlers read all operands before they write their result, so that a
 * temporary freed by an op's last use can take its result.
 *
 * Rule: a malformed unit is refused; no slot, exit, label or helper in the
 * output is out of range.
 */
#include <linux/minmax.h>
#include <linux/string.h>
#include "isel.h"

/* First pass: uses and writes, from the end */

static bool arg_ok(const struct vmxl_ir *ir, const struct vmxl_op *op, unsigned int n,
		   unsigned int i)
{
	vmxl_ref r = vmxl_ir_arg(op, n);
	const struct vmxl_op *def;

	if (n >= vmxl_opdesc[op->op].nargs || (!r && op->op == VMXL_IR_CALL))
		return !r;
	if (!r || r >= i)
		return false;
	def = &ir->ops[r];
	return def->op < VMXL_IR_NR && vmxl_opdesc[def->op].res != VMXL_RES_NONE &&
	       vmxl_ir_res_is_v128(def) == vmxl_ir_arg_is_v128(op, n);
}

static bool op_ok(const struct vmxl_ir *ir, const struct vmxl_op *op, unsigned int i)
{
	if (op->op <= VMXL_IR_NONE || op->op >= VMXL_IR_NR || op->type >= VMXL_T_NR)
		return false;
	return arg_ok(ir, op, 0, i) && arg_ok(ir, op, 1, i) && arg_ok(ir, op, 2, i);
}

static bool imm_ok(const struct vmxl_ir *ir, const struct vmxl_op *op)
{
	switch (vmxl_opdesc[op->op].imm) {
	case VMXL_IMM_SLOT:
		return vmxl_ir_slot_ok(op->imm, op->type == VMXL_T_V128);
	case VMXL_IMM_DISP:
		return op->imm == (s32)op->imm;
	case VMXL_IMM_EXIT:
		return (u64)op->imm < ir->nr_exits;
	case VMXL_IMM_LABEL:
		return (u64)op->imm < min_t(u32, ir->nr_labels, VMXL_IR_MAX_LABELS);
	case VMXL_IMM_HELPER:
		return (u64)op->imm < vmxl_ir_nr_helpers(ir);
	default:
		return true;
	}
}

static bool writes_fp_flags(const struct vmxl_op *op)
{
	return op->op >= VMXL_IR_FADD && op->op <= VMXL_IR_FTOIMOD;
}

static void scan_slots(struct vmxl_sel *s, const struct vmxl_op *op, unsigned int i,
		       unsigned int *next_any)
{
	u16 *next = s->o->sel.slot_next;
	unsigned int v = op->type == VMXL_T_V128;

	if (op->op == VMXL_IR_GET || op->op == VMXL_IR_PUT) {
		s->o->sel.next[i] = min3((unsigned int)next[op->imm],
					 (unsigned int)next[op->imm + v], *next_any);
		if (op->op == VMXL_IR_PUT) {
			next[op->imm] = i;
			next[op->imm + v] = i;
		}
	} else if (op->op == VMXL_IR_CALL || op->op == VMXL_IR_LABEL) {
		*next_any = i;
	} else if (writes_fp_flags(op)) {
		next[VMXL_SEL_FLAGS] = i;
	}
}

static void scan(struct vmxl_sel *s)
{
	unsigned int i, n, next_any = VMXL_SEL_NEVER;
	u16 *last = s->o->sel.last;

	for (i = s->ir->nr_ops - 1; i; i--) {
		const struct vmxl_op *op = &s->ir->ops[i];

		if (!op_ok(s->ir, op, i) || !imm_ok(s->ir, op)) {
			sel_bad(s);
			return;
		}
		if (vmxl_ir_pure(op) && !last[i])
			continue;
		for (n = 0; n < vmxl_opdesc[op->op].nargs; n++)
			if (!last[vmxl_ir_arg(op, n)])
				last[vmxl_ir_arg(op, n)] = i;
		scan_slots(s, op, i, &next_any);
	}
}

/* Instructions whose ops begin before op @i begin at the output's end. */
static unsigned int mark_insns(struct vmxl_sel *s, unsigned int insn, unsigned int i)
{
	const struct vmxl_ir *ir = s->ir;

	for (; insn < ir->nr_insns && ir->insns[insn].op <= i; insn++) {
		if (ir->insns[insn].off > U16_MAX)
			s->err = -E2BIG;
		s->o->insns[insn].iop = s->o->nr;
		s->o->insns[insn].off = ir->insns[insn].off;
	}
	return insn;
}

static void select_all(struct vmxl_sel *s)
{
	unsigned int insn = 0;

	for (s->i = 1; s->i < s->ir->nr_ops && !s->err; s->i++) {
		const struct vmxl_op *op = &s->ir->ops[s->i];

		insn = mark_insns(s, insn, s->i);
		if (!vmxl_ir_pure(op) || s->o->sel.last[s->i])
			vmxl_sel_op(s, op, insn);
	}
	mark_insns(s, insn, U32_MAX);
	s->o->nr_insns = s->ir->nr_insns;
}

/* Labels become distances. */
static void resolve_labels(struct vmxl_sel *s)
{
	unsigned int i;

	for (i = 0; i < s->o->nr; i++) {
		struct vmxl_iop *o = &s->o->code[i];
		u16 to;

		if (o->op < VMXL_IOP_GOTO || o->op > VMXL_IOP_BRL_GEU_Z)
			continue;
		to = s->o->sel.label[o->imm];
		if (to >= s->o->nr)
			sel_bad(s);
		o->imm = (s64)to - i;
	}
}

static void reset(struct vmxl_sel *s)
{
	struct vmxl_icode *o = s->o;
	unsigned int nr = s->ir->nr_ops;

	o->nr = 0;
	o->nr_insns = 0;
	memset(o->sel.last, 0, nr * sizeof(o->sel.last[0]));
	memset(o->sel.loc, 0, nr * sizeof(o->sel.loc[0]));
	memset(o->sel.known, 0, nr * sizeof(o->sel.known[0]));
	memset(o->sel.slot_next, 0xff, sizeof(o->sel.slot_next));
	memset(o->sel.slot_busy, 0, sizeof(o->sel.slot_busy));
	memset(o->sel.slot_const, 0, sizeof(o->sel.slot_const));
	memset(o->sel.label, 0xff, sizeof(o->sel.label));
	vmxl_sel_free_all(s);
}

/**
 * vmxl_iselect() - select the interpreter's ops for a unit
 * @ir: the unit
 * @out: out: ops and instruction marks
 *
 * Return: 0; -E2BIG if it does not fit: cut the unit shorter; -EINVAL if the
 * unit is malformed.
 */
int vmxl_iselect(const struct vmxl_ir *ir, struct vmxl_icode *out)
{
	struct vmxl_sel s = { .ir = ir, .o = out };
	const struct vmxl_op *last;

	if (ir->full)
		return -E2BIG;
	if (ir->nr_ops < 2 || ir->nr_ops > VMXL_IR_MAX_OPS ||
	    ir->nr_insns > VMXL_IR_MAX_INSNS || ir->nr_exits > VMXL_IR_MAX_EXITS)
		return -EINVAL;
	last = &ir->ops[ir->nr_ops - 1];
	if (last->op >= VMXL_IR_NR || !(vmxl_opdesc[last->op].effects & VMXL_EFF_END))
		return -EINVAL;
	reset(&s);
	scan(&s);
	if (!s.err)
		select_all(&s);
	if (!s.err)
		resolve_labels(&s);
	return s.err;
}
