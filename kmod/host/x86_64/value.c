// SPDX-License-Identifier: GPL-2.0
/*
 * Where values are. Operands are asked for by what form will do: a register,
 * register or memory, or also an immediate. A register given out is pinned
 * until the end of the op; results take free registers, and if there is none,
 * the value that is used last goes to a spill slot.
 *
 * Nothing here changes the flags: operands may be fetched between a comparison
 * and what uses it.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include "emit.h"

#define X86_MOVQ_LOAD	(0x7e | X86_0F | X86_F3)
#define X86_MOVQ_STORE	(0xd6 | X86_0F | X86_66)
#define X86_MOVD_LOAD	(0x6e | X86_0F | X86_66)	/* with W from a 64-bit register */
#define X86_MOVD_STORE	(0x7e | X86_0F | X86_66)

/**
 * vmxl_x86_const() - is a value a constant?
 * @c: the unit
 * @v: the value
 * @val: out: what it is
 */
bool vmxl_x86_const(const struct x86_ctx *c, vmxl_ref v, u64 *val)
{
	*val = x86_op(c, v)->imm;
	return x86_op(c, v)->op == VMXL_IR_CONST;
}

/**
 * vmxl_x86_is32() - is a value an F32 of which only the low half counts?
 * @c: the unit
 * @v: the value
 *
 * In a slot and in an XMM register there may be anything above it.
 */
bool vmxl_x86_is32(const struct x86_ctx *c, vmxl_ref v)
{
	const struct vmxl_op *op = x86_op(c, v);

	return op->type == VMXL_T_F32 && vmxl_opdesc[op->op].res == VMXL_RES_FP;
}

static bool is_spill(unsigned int slot)
{
	return slot >= X86_SPILL0 && slot < X86_SPILL0 + X86_NR_SPILL;
}

static void live_remove(struct x86_ctx *c, vmxl_ref v)
{
	unsigned int k;

	for (k = 0; k < c->nr_live; k++) {
		if (c->live[k] == v) {
			c->live[k] = c->live[--c->nr_live];
			return;
		}
	}
}

static void slot_leave(struct x86_ctx *c, vmxl_ref v)
{
	unsigned int slot = c->v[v].slot;

	if (is_spill(slot))
		c->spill &= ~BIT_ULL(slot - X86_SPILL0);
	else if (slot)
		live_remove(c, v);
	c->v[v].slot = 0;
}

static void slot_enter(struct x86_ctx *c, vmxl_ref v, unsigned int slot)
{
	slot_leave(c, v);
	if (!is_spill(slot)) {
		if (c->nr_live == X86_MAX_LIVE) {
			x86_fail(c, -E2BIG);
			return;
		}
		c->live[c->nr_live++] = v;
	}
	c->v[v].slot = slot;
}

/* A spill slot for @v */
static void spill_enter(struct x86_ctx *c, vmxl_ref v)
{
	unsigned int n;

	if (c->spill == ~0ULL) {
		x86_fail(c, -E2BIG);
		return;
	}
	n = __builtin_ctzll(~c->spill);
	slot_enter(c, v, X86_SPILL0 + n);
	c->spill |= BIT_ULL(n);
}

static void set_reg(struct x86_ctx *c, vmxl_ref v, unsigned int reg)
{
	c->owner[reg] = v;
	c->v[v].reg = reg;
}

/* Is a value needed by the op at hand, or later? */
static bool needed(const struct x86_ctx *c, vmxl_ref v)
{
	return c->v[v].last >= c->i;
}

static bool elsewhere(struct x86_ctx *c, vmxl_ref v)
{
	u64 val;

	return c->v[v].slot || vmxl_x86_const(c, v, &val);
}

/* The value in a register leaves it: to a spill slot if it is nowhere else. */
static void evict(struct x86_ctx *c, unsigned int reg)
{
	vmxl_ref v = c->owner[reg];

	if (v == X86_FREE || v == X86_TEMP)
		return;
	if (needed(c, v) && !elsewhere(c, v) && c->v[v].xmm == X86_NOREG) {
		spill_enter(c, v);
		x86_store(c, true, x86_slot_mem(c, c->v[v].slot), reg);
	}
	c->v[v].reg = X86_NOREG;
	c->owner[reg] = X86_FREE;
}

/* Of the registers not in @avoid: a free one, or the one needed last */
static unsigned int alloc(struct x86_ctx *c, u32 avoid)
{
	unsigned int reg, best = X86_NOREG;

	for (reg = 0; reg < X86_NR_SCRATCH; reg++) {
		if ((avoid & BIT(reg)) || c->owner[reg] == X86_TEMP)
			continue;
		if (c->owner[reg] == X86_FREE)
			return reg;
		if (best == X86_NOREG || c->v[c->owner[reg]].last > c->v[c->owner[best]].last)
			best = reg;
	}
	if (best == X86_NOREG) {
		x86_fail(c, -EINVAL);
		return X86_RAX;
	}
	evict(c, best);
	return best;
}

static unsigned int pin(struct x86_ctx *c, unsigned int reg)
{
	if (reg < X86_NR_SCRATCH)
		c->pinned |= BIT(reg);
	return reg;
}

/* reg = value, from wherever it is (@w: all of it) */
static void copy_to(struct x86_ctx *c, unsigned int reg, vmxl_ref v, bool w)
{
	struct x86_vloc *loc = &c->v[v];
	u64 val;

	w = w && !vmxl_x86_is32(c, v);
	if (vmxl_x86_const(c, v, &val))
		x86_movi(c, reg, w ? val : (u32)val);
	else if (loc->reg != X86_NOREG)
		x86_i(c, 0x8b | x86_w(w), reg, x86_reg(loc->reg));
	else if (loc->slot)
		x86_i(c, 0x8b | x86_w(w), reg, x86_slot_rm(c, loc->slot));
	else if (loc->xmm != X86_NOREG)
		x86_i(c, X86_MOVD_STORE | x86_w(w), loc->xmm, x86_reg(reg));
	else
		x86_fail(c, -EINVAL);
}

/* Fetch a value into a scratch register that it will own */
static unsigned int fetch(struct x86_ctx *c, vmxl_ref v)
{
	unsigned int reg = alloc(c, c->pinned);

	copy_to(c, reg, v, true);
	set_reg(c, v, reg);
	return pin(c, reg);
}

/* The register that has the value, or X86_NOREG */
static unsigned int reg_of(struct x86_ctx *c, vmxl_ref v)
{
	struct x86_vloc *loc = &c->v[v];

	if (loc->reg != X86_NOREG)
		return pin(c, loc->reg);
	if (loc->slot && !vmxl_x86_is32(c, v))
		return c->s[loc->slot].reg;
	return X86_NOREG;
}

/**
 * vmxl_x86_use() - an operand in a register
 * @c: the unit
 * @v: the value
 *
 * Return: the register; it is not to be written.
 */
unsigned int vmxl_x86_use(struct x86_ctx *c, vmxl_ref v)
{
	unsigned int reg = reg_of(c, v);

	return reg != X86_NOREG ? reg : fetch(c, v);
}

static bool some_free(const struct x86_ctx *c)
{
	unsigned int reg, n = 0;

	for (reg = 0; reg < X86_NR_SCRATCH; reg++)
		n += c->owner[reg] == X86_FREE;
	return n > 1;
}

/**
 * vmxl_x86_rm() - an operand in a register or memory
 * @c: the unit
 * @v: the value
 */
struct x86_opnd vmxl_x86_rm(struct x86_ctx *c, vmxl_ref v)
{
	struct x86_vloc *loc = &c->v[v];
	unsigned int reg = reg_of(c, v);

	if (reg == X86_NOREG && loc->slot && !vmxl_x86_is32(c, v) &&
	    (loc->uses < 2 || loc->last == c->i || !some_free(c)))
		return (struct x86_opnd){ .rm = x86_slot_mem(c, loc->slot) };
	return (struct x86_opnd){ .rm = x86_reg(reg != X86_NOREG ? reg : fetch(c, v)) };
}

/**
 * vmxl_x86_rmi() - an operand of any kind
 * @c: the unit
 * @v: the value
 * @w: of all 64 bits, else the low 32
 */
struct x86_opnd vmxl_x86_rmi(struct x86_ctx *c, vmxl_ref v, bool w)
{
	u64 val;

	if (vmxl_x86_const(c, v, &val) && (!w || val == (u64)(s32)val))
		return (struct x86_opnd){ .is_imm = true, .imm = val };
	return vmxl_x86_rm(c, v);
}

static void store32(struct x86_ctx *c, struct x86_rm mem, s32 off, u32 val)
{
	mem.disp += off;
	x86_ii(c, 0xc7, 0, mem, 4, val);
}

/**
 * vmxl_x86_rm_mem() - an operand in memory or a hot register: it takes no scratch register
 * @c: the unit
 * @v: the value
 */
struct x86_opnd vmxl_x86_rm_mem(struct x86_ctx *c, vmxl_ref v)
{
	struct x86_vloc *loc = &c->v[v];
	bool is32 = vmxl_x86_is32(c, v);
	u32 pinned = c->pinned;
	struct x86_rm mem;
	u64 val;

	if (loc->slot && !is32)
		return (struct x86_opnd){ .rm = x86_slot_rm(c, loc->slot) };
	if (is32)
		vmxl_x86_xuse(c, v, false);
	c->pinned = pinned;
	spill_enter(c, v);
	mem = x86_slot_mem(c, loc->slot);
	if (vmxl_x86_const(c, v, &val)) {
		store32(c, mem, 0, val);
		store32(c, mem, 4, val >> 32);
	} else if (loc->reg != X86_NOREG) {
		x86_store(c, true, mem, loc->reg);
	} else if (loc->xmm != X86_NOREG) {
		x86_i(c, X86_MOVQ_STORE, loc->xmm, mem);
		if (is32)
			store32(c, mem, 4, 0);
	} else {
		x86_fail(c, -EINVAL);
	}
	return (struct x86_opnd){ .rm = mem };
}

/**
 * vmxl_x86_load() - copy an operand
 * @c: the unit
 * @reg: to
 * @o: from
 * @w: all 64 bits; else the low 32, zero-extended
 */
void vmxl_x86_load(struct x86_ctx *c, unsigned int reg, const struct x86_opnd *o, bool w)
{
	if (o->is_imm)
		x86_movi(c, reg, w ? (u64)(s64)o->imm : (u32)o->imm);
	else if (!x86_is_reg(o, reg))
		x86_i(c, 0x8b | x86_w(w), reg, o->rm);
}

/**
 * vmxl_x86_temp() - a scratch register for the length of the op
 * @c: the unit
 */
unsigned int vmxl_x86_temp(struct x86_ctx *c)
{
	unsigned int reg = alloc(c, c->pinned);

	c->owner[reg] = X86_TEMP;
	return pin(c, reg);
}

/**
 * vmxl_x86_take() - a certain scratch register for the length of the op
 * @c: the unit
 * @reg: the register
 *
 * To be called before operands are asked for.
 */
void vmxl_x86_take(struct x86_ctx *c, unsigned int reg)
{
	vmxl_ref v = c->owner[reg];
	unsigned int to;

	if (v != X86_FREE && v != X86_TEMP && needed(c, v) && !elsewhere(c, v)) {
		for (to = 0; to < X86_NR_SCRATCH; to++) {
			if (c->owner[to] == X86_FREE && !(c->pinned & BIT(to))) {
				x86_mov(c, true, to, x86_reg(reg));
				set_reg(c, v, to);
				c->owner[reg] = X86_FREE;
				break;
			}
		}
	}
	evict(c, reg);
	c->owner[reg] = X86_TEMP;
	pin(c, reg);
}

/**
 * vmxl_x86_take_value() - an operand in a certain scratch register, which may be written
 * @c: the unit
 * @reg: the register
 * @v: the value
 * @w: all 64 bits; else the low 32, zero-extended
 */
void vmxl_x86_take_value(struct x86_ctx *c, unsigned int reg, vmxl_ref v, bool w)
{
	if (c->v[v].reg == reg && c->v[v].last == c->i && x86_sole_use(c, v)) {
		c->v[v].reg = X86_NOREG;
		c->owner[reg] = X86_TEMP;
		pin(c, reg);
		return;
	}
	vmxl_x86_take(c, reg);
	copy_to(c, reg, v, w);
}

static void drop_regs(struct x86_ctx *c, vmxl_ref v)
{
	struct x86_vloc *loc = &c->v[v];

	if (loc->reg != X86_NOREG) {
		c->owner[loc->reg] = X86_FREE;
		c->pinned &= ~BIT(loc->reg);
		loc->reg = X86_NOREG;
	}
	if (loc->xmm != X86_NOREG) {
		c->xowner[loc->xmm] = X86_FREE;
		c->xpinned &= ~BIT(loc->xmm);
		loc->xmm = X86_NOREG;
	}
}

/**
 * vmxl_x86_release() - let the result have the registers of operands that are used last here
 * @c: the unit
 *
 * No more operands or temporaries can be asked for afterwards.
 */
void vmxl_x86_release(struct x86_ctx *c)
{
	const struct vmxl_op *op = x86_op(c, c->i);
	unsigned int n;

	for (n = 0; n < vmxl_opdesc[op->op].nargs; n++)
		if (c->v[vmxl_ir_arg(op, n)].last == c->i)
			drop_regs(c, vmxl_ir_arg(op, n));
}

/**
 * vmxl_x86_dst() - where the result of the op at hand is to be written
 * @c: the unit
 * @avoid: registers that it may not be, hot ones too
 */
struct x86_dst vmxl_x86_dst(struct x86_ctx *c, u32 avoid)
{
	struct x86_dst d = { .reg = X86_NOREG, .hot = X86_NOREG };

	d.put = vmxl_x86_early_put(c);
	if (d.put)
		d.hot = c->s[x86_op(c, d.put)->imm].reg;
	if (d.hot == X86_NOREG)
		d.put = 0;
	else if (!(avoid & BIT(d.hot)))
		d.reg = d.hot;
	if (d.reg == X86_NOREG)
		d.reg = alloc(c, c->pinned | avoid);
	return d;
}

/**
 * vmxl_x86_dst_in() - the result of the op at hand is in a register that was taken
 * @c: the unit
 * @reg: the register
 */
struct x86_dst vmxl_x86_dst_in(struct x86_ctx *c, unsigned int reg)
{
	struct x86_dst d = { .reg = reg, .hot = X86_NOREG };

	d.put = vmxl_x86_early_put(c);
	if (d.put)
		d.hot = c->s[x86_op(c, d.put)->imm].reg;
	if (d.hot == X86_NOREG)
		d.put = 0;
	return d;
}

/**
 * vmxl_x86_dst_end() - the result has been written
 * @c: the unit
 * @d: from vmxl_x86_dst()
 * @type: S32: it is to be sign-extended from 32 bits
 */
void vmxl_x86_dst_end(struct x86_ctx *c, struct x86_dst d, u8 type)
{
	unsigned int to = d.put ? d.hot : d.reg;

	if (type == VMXL_T_S32)
		x86_movsxd(c, to, x86_reg(d.reg));
	else
		x86_mov(c, true, to, x86_reg(d.reg));
	if (d.put) {
		if (d.reg < X86_NR_SCRATCH && c->owner[d.reg] == X86_TEMP)
			c->owner[d.reg] = X86_FREE;
		vmxl_x86_put_done(c, d.put);
	} else if (c->v[c->i].last) {
		set_reg(c, c->i, d.reg);
	} else {
		c->owner[d.reg] = X86_FREE;
	}
}

/**
 * vmxl_x86_put_done() - the result of the op at hand has been PUT
 * @c: the unit
 * @put: the PUT
 */
void vmxl_x86_put_done(struct x86_ctx *c, unsigned int put)
{
	unsigned int slot = x86_op(c, put)->imm;

	vmxl_x86_slot_write(c, slot);
	vmxl_x86_slot_is(c, slot, c->i);
	c->v[put].flag |= X86_V_DONE;
}

/* Another hot slot that has the value */
static unsigned int other_slot(struct x86_ctx *c, vmxl_ref v, unsigned int not)
{
	unsigned int k;

	for (k = 0; k < c->args->nr_hot && k < X86_NR_HOT; k++)
		if (c->args->hot[k] != not && c->s[c->args->hot[k]].val == v)
			return c->args->hot[k];
	return 0;
}

/**
 * vmxl_x86_slot_write() - a slot is about to be written: save what is needed of it
 * @c: the unit
 * @slot: the slot
 */
void vmxl_x86_slot_write(struct x86_ctx *c, unsigned int slot)
{
	unsigned int k = 0, other;
	u32 pinned;

	while (k < c->nr_live) {
		vmxl_ref v = c->live[k];
		struct x86_vloc *loc = &c->v[v];

		if (loc->slot != slot) {
			k++;
			continue;
		}
		other = other_slot(c, v, slot);
		if (other) {
			loc->slot = other;
			k++;
			continue;
		}
		if (loc->last > c->i && loc->reg == X86_NOREG && loc->xmm == X86_NOREG) {
			pinned = c->pinned;
			fetch(c, v);
			c->pinned = pinned;
		}
		loc->slot = 0;
		c->live[k] = c->live[--c->nr_live];
	}
	c->s[slot].val = 0;
	c->s[slot].flag = 0;
}

/**
 * vmxl_x86_slot_is() - a slot has a value now
 * @c: the unit
 * @slot: the slot
 * @v: the value
 */
void vmxl_x86_slot_is(struct x86_ctx *c, unsigned int slot, vmxl_ref v)
{
	struct x86_vloc *loc = &c->v[v];
	bool hot = c->s[slot].reg != X86_NOREG;

	c->s[slot].val = v;
	c->s[slot].flag = loc->flag & (X86_V_BOXED | X86_V_CHECKED);
	c->s[slot].dist = loc->dist;
	if (loc->last <= c->i && v != c->i)
		return;
	if (!loc->slot || is_spill(loc->slot) || (hot && c->s[loc->slot].reg == X86_NOREG))
		slot_enter(c, v, slot);
	if (hot && loc->reg != X86_NOREG && !vmxl_x86_is32(c, v)) {
		c->owner[loc->reg] = X86_FREE;
		loc->reg = X86_NOREG;
	}
}

/**
 * vmxl_x86_share_slot() - the result of the op at hand is where an operand is
 * @c: the unit
 * @v: the operand
 *
 * Return: false: it is in no slot of the guest.
 */
bool vmxl_x86_share_slot(struct x86_ctx *c, vmxl_ref v)
{
	unsigned int slot = c->v[v].slot;

	if (!slot || is_spill(slot))
		return false;
	slot_enter(c, c->i, slot);
	return true;
}

/**
 * vmxl_x86_mark() - something was found out about a value
 * @c: the unit
 * @v: the value
 * @flag: X86_V_BOXED, X86_V_CHECKED
 * @dist: for X86_V_CHECKED
 */
void vmxl_x86_mark(struct x86_ctx *c, vmxl_ref v, u8 flag, s16 dist)
{
	unsigned int slot = c->v[v].slot;

	c->v[v].flag |= flag;
	if (flag & X86_V_CHECKED)
		c->v[v].dist = dist;
	if (slot && c->s[slot].val == v) {
		c->s[slot].flag |= flag;
		if (flag & X86_V_CHECKED)
			c->s[slot].dist = dist;
	}
}

/**
 * vmxl_x86_forget() - a label: no value lives on, nothing is known of the slots
 * @c: the unit
 */
void vmxl_x86_forget(struct x86_ctx *c)
{
	unsigned int k;

	for (k = 0; k < X86_NR_SCRATCH; k++)
		c->owner[k] = X86_FREE;
	for (k = 0; k < X86_NR_XMM; k++)
		c->xowner[k] = X86_FREE;
	for (k = VMXL_SLOT_GUEST; k < VMXL_SLOT_NR; k++) {
		c->s[k].val = 0;
		c->s[k].flag = 0;
	}
	c->nr_live = 0;
	c->spill = 0;
	c->sided = true;
}

/**
 * vmxl_x86_op_end() - the op at hand is done: operands die, temporaries are free
 * @c: the unit
 */
void vmxl_x86_op_end(struct x86_ctx *c)
{
	const struct vmxl_op *op = x86_op(c, c->i);
	unsigned int n;

	for (n = 0; n < vmxl_opdesc[op->op].nargs; n++) {
		vmxl_ref v = vmxl_ir_arg(op, n);

		if (v && c->v[v].last == c->i) {
			drop_regs(c, v);
			slot_leave(c, v);
		}
	}
	for (n = 0; n < X86_NR_SCRATCH; n++)
		if (c->owner[n] == X86_TEMP)
			c->owner[n] = X86_FREE;
	for (n = 0; n < X86_NR_XMM; n++)
		if (c->xowner[n] == X86_TEMP)
			c->xowner[n] = X86_FREE;
	c->pinned = 0;
	c->xpinned = 0;
}

/* XMM registers */

static void xevict(struct x86_ctx *c, unsigned int x)
{
	vmxl_ref v = c->xowner[x];

	if (needed(c, v) && !elsewhere(c, v) && c->v[v].reg == X86_NOREG) {
		spill_enter(c, v);
		x86_i(c, X86_MOVQ_STORE, x, x86_slot_mem(c, c->v[v].slot));
	}
	c->v[v].xmm = X86_NOREG;
	c->xowner[x] = X86_FREE;
}

static unsigned int xalloc(struct x86_ctx *c)
{
	unsigned int x, best = X86_NOREG;

	for (x = 0; x < X86_NR_XMM; x++) {
		if ((c->xpinned & BIT(x)) || c->xowner[x] == X86_TEMP)
			continue;
		if (c->xowner[x] == X86_FREE)
			return x;
		if (best == X86_NOREG || c->v[c->xowner[x]].last > c->v[c->xowner[best]].last)
			best = x;
	}
	if (best == X86_NOREG) {
		x86_fail(c, -EINVAL);
		return 0;
	}
	xevict(c, best);
	return best;
}

/**
 * vmxl_x86_xtemp() - an XMM register for the length of the op
 * @c: the unit
 */
unsigned int vmxl_x86_xtemp(struct x86_ctx *c)
{
	unsigned int x = xalloc(c);

	c->xowner[x] = X86_TEMP;
	c->xpinned |= BIT(x);
	return x;
}

static void xload(struct x86_ctx *c, unsigned int x, vmxl_ref v, bool f64)
{
	struct x86_vloc *loc = &c->v[v];
	unsigned int reg;

	if (loc->xmm != X86_NOREG) {
		if (loc->xmm != x)
			x86_i(c, 0x28 | X86_0F, x, x86_reg(loc->xmm));
	} else if (loc->reg == X86_NOREG && loc->slot && c->s[loc->slot].reg == X86_NOREG) {
		x86_i(c, f64 ? X86_MOVQ_LOAD : X86_MOVD_LOAD, x, x86_slot_mem(c, loc->slot));
	} else {
		reg = vmxl_x86_use(c, v);
		x86_i(c, X86_MOVD_LOAD | x86_w(f64), x, x86_reg(reg));
	}
}

/* All 64 bits of an F32, as no FP op asks for it: a temporary */
static unsigned int xwiden(struct x86_ctx *c, vmxl_ref v)
{
	unsigned int reg = vmxl_x86_use(c, v), x = vmxl_x86_xtemp(c);

	x86_i(c, X86_MOVD_LOAD | X86_W, x, x86_reg(reg));
	return x;
}

/**
 * vmxl_x86_xuse() - an operand in an XMM register
 * @c: the unit
 * @v: the value
 * @f64: 64 bits of it, else 32
 *
 * Return: the register; it is not to be written.
 */
unsigned int vmxl_x86_xuse(struct x86_ctx *c, vmxl_ref v, bool f64)
{
	unsigned int x = c->v[v].xmm;

	if (f64 && vmxl_x86_is32(c, v))
		return xwiden(c, v);
	if (x == X86_NOREG) {
		x = xalloc(c);
		c->xpinned |= BIT(x);
		xload(c, x, v, f64);
		c->v[v].xmm = x;
		c->xowner[x] = v;
	}
	c->xpinned |= BIT(x);
	return x;
}

/**
 * vmxl_x86_xrm() - an operand of a scalar instruction
 * @c: the unit
 * @v: the value
 * @f64: 64 bits of it, else 32
 */
struct x86_rm vmxl_x86_xrm(struct x86_ctx *c, vmxl_ref v, bool f64)
{
	struct x86_vloc *loc = &c->v[v];

	if (loc->xmm == X86_NOREG && loc->reg == X86_NOREG && loc->slot && loc->last == c->i &&
	    c->s[loc->slot].reg == X86_NOREG && !(f64 && vmxl_x86_is32(c, v)))
		return x86_slot_mem(c, loc->slot);
	return x86_reg(vmxl_x86_xuse(c, v, f64));
}

/**
 * vmxl_x86_xcopy() - an operand in an XMM register that may be written
 * @c: the unit
 * @v: the value; other operands have been asked for before
 * @f64: 64 bits of it, else 32
 */
unsigned int vmxl_x86_xcopy(struct x86_ctx *c, vmxl_ref v, bool f64)
{
	struct x86_vloc *loc = &c->v[v];
	unsigned int x = loc->xmm;

	if (f64 && vmxl_x86_is32(c, v))
		return xwiden(c, v);
	if (x != X86_NOREG && loc->last == c->i) {
		loc->xmm = X86_NOREG;
		c->xowner[x] = X86_TEMP;
		c->xpinned |= BIT(x);
		return x;
	}
	if (x != X86_NOREG)
		c->xpinned |= BIT(x);
	x = vmxl_x86_xtemp(c);
	xload(c, x, v, f64);
	return x;
}

/**
 * vmxl_x86_xresult() - the result of the op at hand is in an XMM register
 * @c: the unit
 * @xmm: the register, a temporary of the op
 */
void vmxl_x86_xresult(struct x86_ctx *c, unsigned int xmm)
{
	if (!c->v[c->i].last)
		return;
	c->xowner[xmm] = c->i;
	c->v[c->i].xmm = xmm;
}
