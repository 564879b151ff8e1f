// SPDX-License-Identifier: GPL-2.0
/*
 * Checks of addresses that are superfluous: the last pass, which is done while
 * a unit is lowered, as it is about what the code has looked at.
 *
 * An address need not be compared with the window's ends if that has been done
 * since it was written, or an access was made near by: what comes after an
 * access is executed only if that was within the window. That is known of a
 * value by its flag X86_V_CHECKED, and of the slot that it is in; sums of small
 * constants keep it, as long as they stay within the guard pages.
 *
 * A unit that jumps to its own beginning is lowered twice: the second time what
 * the jumps back found true is checked once, at its entry.
 *
 * Switched off by vmxl_compile_args.check_all: then each access is checked.
 */
#include <linux/kernel.h>
#include "emit.h"

#define MAX_SIZE	16

/**
 * vmxl_x86_near() - so far from the window, an access stays within its guard pages
 * @dist: bytes, of either sign
 */
bool vmxl_x86_near(s64 dist)
{
	return dist >= -VMXL_WIN_GUARD && dist <= VMXL_WIN_GUARD - MAX_SIZE;
}

/**
 * vmxl_x86_checked() - is it known that an access stays within window and guard pages?
 * @c: the unit
 * @v: its address
 * @disp: what is added to that
 */
bool vmxl_x86_checked(const struct x86_ctx *c, vmxl_ref v, s64 disp)
{
	return !c->args->check_all && (c->v[v].flag & X86_V_CHECKED) &&
	       vmxl_x86_near(c->v[v].dist + disp);
}

/**
 * vmxl_x86_check() - leave if what is in a register is not within the window
 * @c: the unit
 * @reg: the register
 *
 * The constant is -(window's size).
 */
void vmxl_x86_check(struct x86_ctx *c, unsigned int reg)
{
	struct x86_rm mask = x86_uarea(c->args->lay->win_mask);

	if (c->args->window == VMXL_WIN_LOW) {
		x86_i(c, 0x85 | X86_W, reg, mask);
		x86_step(c, X86_CC_NE);
	} else {
		x86_alu(c, X86_CMP, true, reg, mask);
		x86_step(c, X86_CC_B);
	}
}

/**
 * vmxl_x86_accessed() - what comes after an access is executed only if that was within the window
 * @c: the unit
 * @op: the access, address a, displacement imm
 */
void vmxl_x86_accessed(struct x86_ctx *c, const struct vmxl_op *op)
{
	if (!(c->args->window & VMXL_WIN_REGIONS) && vmxl_x86_near(op->imm) &&
	    x86_op(c, op->a)->op != VMXL_IR_CONST)
		vmxl_x86_mark(c, op->a, X86_V_CHECKED, -op->imm);
}

/**
 * vmxl_x86_track() - what is known of an address, of the address plus a constant
 * @c: the unit
 * @op: the op at hand, an addition or subtraction
 * @a: the address
 * @add: what is added
 */
void vmxl_x86_track(struct x86_ctx *c, const struct vmxl_op *op, vmxl_ref a, s64 add)
{
	s64 dist = c->v[a].dist + add;

	if (op->type != VMXL_T_I64 || !(c->v[a].flag & X86_V_CHECKED) ||
	    dist < -VMXL_WIN_GUARD || dist > VMXL_WIN_GUARD)
		return;
	c->v[c->i].flag |= X86_V_CHECKED;
	c->v[c->i].dist = dist;
}

/* What an address is but for constants that are added */
static const struct vmxl_op *base_of(const struct x86_ctx *c, vmxl_ref v)
{
	const struct vmxl_op *op = x86_op(c, v);
	u64 add;

	while (op->op == VMXL_IR_ADD && op->type == VMXL_T_I64 && vmxl_x86_const(c, op->b, &add))
		op = x86_op(c, op->a);
	return op;
}

/**
 * vmxl_x86_found() - an address was checked
 * @c: the unit
 * @v: the address. A candidate for the entry if it is a slot as it is there, or that and
 *	a constant, and nothing could leave the unit so far
 */
void vmxl_x86_found(struct x86_ctx *c, vmxl_ref v)
{
	const struct vmxl_op *base = base_of(c, v);
	struct x86_bases *f = &c->found;

	if (c->args->check_all || c->sided || base->op != VMXL_IR_GET || f->nr == X86_MAX_BASES)
		return;
	f->b[f->nr].seen = false;
	f->b[f->nr++].slot = base->imm;
}

/**
 * vmxl_x86_assume() - at a unit's entry: check what its loop takes for granted
 * @c: the unit
 *
 * No scratch register is in use.
 */
void vmxl_x86_assume(struct x86_ctx *c)
{
	unsigned int k, reg, slot;
	s16 dist;

	for (k = 0; k < c->assumed.nr; k++) {
		slot = c->assumed.b[k].slot;
		dist = c->assumed.b[k].dist;
		reg = c->s[slot].reg;
		if (reg == X86_NOREG) {
			reg = X86_RAX;
			x86_mov(c, true, reg, x86_slot_mem(c, slot));
		}
		if (dist) {
			x86_lea(c, true, X86_RAX, x86_mem(reg, -dist));
			reg = X86_RAX;
		}
		vmxl_x86_check(c, reg);
		c->s[slot].flag |= X86_V_CHECKED;
		c->s[slot].dist = dist;
	}
}

static bool holds(const struct x86_ctx *c, const struct x86_bases *bases, unsigned int k)
{
	const struct x86_slot *s = &c->s[bases->b[k].slot];

	return (s->flag & X86_V_CHECKED) && s->dist == bases->b[k].dist;
}

/**
 * vmxl_x86_back_edge() - before a jump to the unit's own beginning
 * @c: the unit
 */
void vmxl_x86_back_edge(struct x86_ctx *c)
{
	struct x86_bases *f = &c->found;
	unsigned int k;

	for (k = 0; k < c->assumed.nr; k++)
		c->broken |= !holds(c, &c->assumed, k);
	for (k = 0; k < f->nr; ) {
		if (!f->b[k].seen)
			f->b[k].dist = c->s[f->b[k].slot].dist;
		f->b[k].seen = true;
		if (holds(c, f, k))
			k++;
		else
			f->b[k] = f->b[--f->nr];
	}
}
