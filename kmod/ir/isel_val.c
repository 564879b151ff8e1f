// SPDX-License-Identifier: GPL-2.0
/*
 * Instruction selection: where values are.
 *
 * A value is a constant, in a slot of the guest state, or in a temporary. GET
 * costs nothing where its slot is not written before the last use; PUT costs
 * nothing where the op that made the value can write the slot at once: nothing
 * in between may leave the block or look at the slot.
 */
#include <linux/minmax.h>
#include "isel.h"

#define FOLD_REACH	8		/* how far behind its value a PUT is looked for */

/* Temporaries: two stacks in sel.free, of single slots and of pairs */

/**
 * vmxl_sel_free_all() - no temporary is in use
 * @s: selection
 */
void vmxl_sel_free_all(struct vmxl_sel *s)
{
	u16 *f = s->o->sel.free;
	unsigned int i;

	for (i = 0; i < VMXL_TMP_NR; i++)
		f[i] = VMXL_TMP_FIRST + VMXL_TMP_NR - 1 - i;
	for (i = 0; i < VMXL_TMP_NR_V; i++)
		f[VMXL_TMP_NR + i] = VMXL_TMP_FIRST_V + 2 * i;
	s->nr_free = VMXL_TMP_NR;
	s->nr_free_v = VMXL_TMP_NR_V;
}

static u16 tmp_get(struct vmxl_sel *s, bool v)
{
	if (v ? !s->nr_free_v : !s->nr_free) {
		s->err = -E2BIG;
		return VMXL_TMP_SINK;
	}
	return v ? s->o->sel.free[VMXL_TMP_NR + --s->nr_free_v] : s->o->sel.free[--s->nr_free];
}

static void tmp_put(struct vmxl_sel *s, u16 slot)
{
	if (slot >= VMXL_TMP_FIRST_V && slot < VMXL_SLOT_GUEST)
		s->o->sel.free[VMXL_TMP_NR + s->nr_free_v++] = slot;
	else if (slot >= VMXL_TMP_FIRST && slot < VMXL_TMP_FIRST_V)
		s->o->sel.free[s->nr_free++] = slot;
}

/* A value sits in a slot up to its last use: nothing may write it early. */
static void settle(struct vmxl_sel *s, vmxl_ref r, u16 slot)
{
	unsigned int v = vmxl_ir_res_is_v128(&s->ir->ops[r]);
	u16 *busy = s->o->sel.slot_busy, last = s->o->sel.last[r];

	s->o->sel.loc[r] = slot;
	busy[slot] = max(busy[slot], last);
	busy[slot + v] = max(busy[slot + v], last);
}

static void hold(struct vmxl_sel *s, u16 slot)
{
	if (s->nr_held < ARRAY_SIZE(s->held))
		s->held[s->nr_held++] = slot;
}

/**
 * vmxl_sel_const() - is a value known?
 * @s: selection
 * @r: the value, or 0 for an operand that is absent and counts as 0
 * @val: out: what it is
 */
bool vmxl_sel_const(struct vmxl_sel *s, vmxl_ref r, u64 *val)
{
	*val = r ? s->o->sel.val[r] : 0;
	return !r || s->o->sel.known[r];
}

/**
 * vmxl_sel_use() - the slot of an operand
 * @s: selection
 * @r: the value; a constant that is in no slot is put into a temporary
 *
 * Return: the slot.
 */
u16 vmxl_sel_use(struct vmxl_sel *s, vmxl_ref r)
{
	u64 val;
	u16 t;

	if (r && r <= s->seg) {
		sel_bad(s);
		return VMXL_TMP_ZERO;
	}
	if (r && s->o->sel.loc[r])
		return s->o->sel.loc[r];
	if (!vmxl_sel_const(s, r, &val))
		sel_bad(s);
	if (!val)
		return VMXL_TMP_ZERO;
	t = tmp_get(s, false);
	sel_emit(s, (struct vmxl_iop){ .op = VMXL_IOP_MOVI, .d = t, .imm = val });
	hold(s, t);
	return t;
}

/**
 * vmxl_sel_release() - all operands have been looked up
 * @s: selection
 *
 * Those used for the last time give up their places.
 */
void vmxl_sel_release(struct vmxl_sel *s)
{
	const struct vmxl_op *op = &s->ir->ops[s->i];
	unsigned int n;

	while (s->nr_held)
		tmp_put(s, s->held[--s->nr_held]);
	for (n = 0; n < vmxl_opdesc[op->op].nargs; n++) {
		vmxl_ref r = vmxl_ir_arg(op, n);

		if (!r || s->o->sel.last[r] != s->i)
			continue;
		tmp_put(s, s->o->sel.loc[r]);
		s->o->sel.loc[r] = 0;
	}
}

static bool same_slot(const struct vmxl_op *x, const struct vmxl_op *y)
{
	return x->imm < y->imm + 1 + (y->type == VMXL_T_V128) &&
	       y->imm < x->imm + 1 + (x->type == VMXL_T_V128);
}

/* The PUT of the value at hand, if nothing up to it can see that it is made early; or 0 */
static unsigned int early_put(struct vmxl_sel *s)
{
	const struct vmxl_op *ops = s->ir->ops, *p;
	unsigned int j, k, end = min(s->i + 1 + FOLD_REACH, s->ir->nr_ops);

	for (j = s->i + 1; j < end; j++) {
		if (ops[j].op == VMXL_IR_PUT && ops[j].a == s->i)
			break;
		if (!vmxl_ir_pure(&ops[j]) && ops[j].op != VMXL_IR_PUT)
			return 0;
	}
	if (j == end)
		return 0;
	p = &ops[j];
	for (k = s->i + 1; k < j; k++)
		if ((ops[k].op == VMXL_IR_GET || ops[k].op == VMXL_IR_PUT) &&
		    same_slot(&ops[k], p))
			return 0;
	if (s->o->sel.slot_busy[p->imm] > s->i || s->o->sel.last[s->i] > s->o->sel.next[j] ||
	    (p->type == VMXL_T_V128 && s->o->sel.slot_busy[p->imm + 1] > s->i))
		return 0;
	return j;
}

/**
 * vmxl_sel_dest() - a place for the result of the op at hand
 * @s: selection; operands have been looked up
 *
 * Return: the slot: that of a PUT that can be done at once, or a temporary.
 */
u16 vmxl_sel_dest(struct vmxl_sel *s)
{
	bool v = vmxl_ir_res_is_v128(&s->ir->ops[s->i]);
	unsigned int j;
	u16 t;

	vmxl_sel_release(s);
	if (!s->o->sel.last[s->i])
		return VMXL_TMP_SINK;
	j = early_put(s);
	if (j) {
		settle(s, s->i, s->ir->ops[j].imm);
		s->o->sel.loc[j] = s->o->sel.loc[s->i];		/* PUT is done */
		return s->o->sel.loc[s->i];
	}
	t = tmp_get(s, v);
	s->o->sel.loc[s->i] = t;
	return t;
}

/**
 * vmxl_sel_set_const() - the op at hand needs no code, its result is a constant
 * @s: selection
 * @val: the constant
 */
void vmxl_sel_set_const(struct vmxl_sel *s, u64 val)
{
	s->o->sel.known[s->i] = true;
	s->o->sel.val[s->i] = val;
	vmxl_sel_release(s);
}

/**
 * vmxl_sel_move() - the result of the op at hand is a value that there is
 * @s: selection
 * @r: the value
 */
void vmxl_sel_move(struct vmxl_sel *s, vmxl_ref r)
{
	bool v = vmxl_ir_res_is_v128(&s->ir->ops[s->i]);
	u16 a = vmxl_sel_use(s, r), d = vmxl_sel_dest(s);

	if (a != d)
		sel_emit(s, (struct vmxl_iop){
			.op = v ? VMXL_IOP_MOVV : VMXL_IOP_MOV, .d = d, .a = a,
		});
}

/**
 * vmxl_sel_get() - select for GET
 * @s: selection
 * @op: the op at hand
 */
void vmxl_sel_get(struct vmxl_sel *s, const struct vmxl_op *op)
{
	bool v = op->type == VMXL_T_V128;
	unsigned int put = s->o->sel.slot_const[op->imm];

	if (!v && put > s->barrier) {
		s->o->sel.known[s->i] = true;
		s->o->sel.val[s->i] = s->o->sel.val[s->ir->ops[put].a];
	}
	if (s->o->sel.last[s->i] <= s->o->sel.next[s->i]) {
		settle(s, s->i, op->imm);
	} else if (!s->o->sel.known[s->i]) {
		u16 d = vmxl_sel_dest(s);

		sel_emit(s, (struct vmxl_iop){
			.op = v ? VMXL_IOP_MOVV : VMXL_IOP_MOV, .d = d, .a = op->imm,
		});
	}
}

/**
 * vmxl_sel_put() - select for PUT
 * @s: selection
 * @op: the op at hand
 */
void vmxl_sel_put(struct vmxl_sel *s, const struct vmxl_op *op)
{
	bool v = op->type == VMXL_T_V128, put_const;
	u16 slot = op->imm, a;
	u64 val;

	s->o->sel.slot_const[slot] = 0;
	s->o->sel.slot_const[slot + v] = 0;
	if (s->o->sel.loc[s->i]) {
		vmxl_sel_release(s);
		return;
	}
	put_const = vmxl_sel_const(s, op->a, &val);
	if (put_const) {
		sel_emit(s, (struct vmxl_iop){ .op = VMXL_IOP_MOVI, .d = slot, .imm = val });
		s->o->sel.slot_const[slot] = s->i;
		if (!s->o->sel.loc[op->a] && s->o->sel.last[op->a] <= s->o->sel.next[s->i])
			settle(s, op->a, slot);
	} else {
		a = vmxl_sel_use(s, op->a);
		if (a != slot)
			sel_emit(s, (struct vmxl_iop){
				.op = v ? VMXL_IOP_MOVV : VMXL_IOP_MOV, .d = slot, .a = a,
			});
	}
	vmxl_sel_release(s);
}
