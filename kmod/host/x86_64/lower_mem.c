// SPDX-License-Identifier: GPL-2.0
/*
 * Lowering: guest memory. A guest address is an offset from the window's base;
 * one outside the window must never be accessed, so an address register is
 * compared with the window's ends, unless that is known to be superfluous
 * (checks.c). Displacements stay within the guard pages around the window.
 *
 * An access may fault. No hot register is written before the last access of an
 * op.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include "emit.h"

#define X86_REGIONS_BOTH	(VMXL_WIN_BOTH | VMXL_WIN_REGIONS)

/* ---- regions ---- */

/* The entries of the table that a unit may use */
static u32 region_mask(const struct x86_ctx *c)
{
	return (1u << VMXL_WIN_REGION_BITS >> (c->args->window != X86_REGIONS_BOTH)) - 1;
}

static s32 regions(const struct x86_ctx *c)
{
	bool high = c->args->window == (VMXL_WIN_HIGH | VMXL_WIN_REGIONS);

	return c->args->lay->regions + (high ? 8 << (VMXL_WIN_REGION_BITS - 1) : 0);
}

/* Leave if a sum is not in a window, and say what the address was: a constant or @a. */
static void check_sum(struct x86_ctx *c, unsigned int t, const u64 *addr, const struct x86_rm *a)
{
	u32 found;

	x86_alu(c, X86_CMP, true, t, x86_uarea(c->args->lay->win_end));
	found = vmxl_x86_jump_short(c, X86_CC_B);
	if (addr)
		x86_movi(c, t, *addr);
	else
		x86_mov(c, true, t, *a);
	x86_store(c, true, x86_uarea(c->args->lay->win_missed), t);
	x86_step(c, X86_ALWAYS);
	vmxl_x86_land(c, found);
}

static struct x86_rm region_constant(struct x86_ctx *c, u64 addr)
{
	unsigned int t = vmxl_x86_temp(c);
	s32 at = (addr >> VMXL_WIN_BITS & region_mask(c)) * 8;

	x86_movi(c, t, addr);
	x86_alu(c, X86_ADD, true, t, x86_uarea(regions(c) + at));
	check_sum(c, t, &addr, NULL);
	return x86_mem(t, 0);
}

/*
 * Nothing of it is left out where an access was made near by: that may have been
 * in another region, which need not be there.
 */
static struct x86_rm region_address(struct x86_ctx *c, vmxl_ref v, s32 disp)
{
	struct x86_opnd a = vmxl_x86_rm_mem(c, v);
	unsigned int t = vmxl_x86_temp(c);

	x86_mov(c, true, t, a.rm);
	if (!vmxl_x86_near(disp)) {
		x86_step(c, X86_ALWAYS);
		disp = 0;
	}
	x86_shifti(c, X86_SHR, true, t, VMXL_WIN_BITS);
	x86_alui(c, X86_AND, false, x86_reg(t), region_mask(c));
	x86_mov(c, true, t, x86_mem_index(X86_R_UAREA, t, 3, regions(c)));
	x86_alu(c, X86_ADD, true, t, a.rm);
	check_sum(c, t, NULL, &a.rm);
	return x86_mem(t, disp);
}

/* ---- one window of each half ---- */

static struct x86_rm constant_address(struct x86_ctx *c, u64 addr)
{
	bool low = addr < 1ULL << VMXL_WIN_BITS, high = addr >= -(1ULL << VMXL_WIN_BITS);
	unsigned int t;

	if ((c->args->window == VMXL_WIN_LOW && !low) ||
	    (c->args->window == VMXL_WIN_HIGH && !high) || (!low && !high)) {
		x86_step(c, X86_ALWAYS);
		addr = 0;
		low = true;
	}
	if (c->args->window != VMXL_WIN_BOTH || low) {
		if (addr == (u64)(s32)addr)
			return x86_mem(X86_R_WINDOW, addr);
		t = vmxl_x86_temp(c);
		x86_movi(c, t, addr);
		return x86_mem_index(X86_R_WINDOW, t, 0, 0);
	}
	t = vmxl_x86_temp(c);
	x86_movi(c, t, addr);
	x86_alu(c, X86_ADD, true, t, x86_uarea(c->args->lay->high_base));
	return x86_mem(t, 0);
}

/* The sign of the address selects the base. */
static struct x86_rm split_address(struct x86_ctx *c, vmxl_ref v, s32 disp)
{
	struct x86_opnd a = vmxl_x86_rm_mem(c, v);
	unsigned int t = vmxl_x86_temp(c);
	bool known = vmxl_x86_checked(c, v, disp);

	x86_mov(c, true, t, a.rm);
	if (!vmxl_x86_near(disp)) {
		x86_step(c, X86_ALWAYS);
		disp = 0;
	}
	if (known) {
		x86_test(c, true, t, t);
	} else {	/* 1 or 0: in the lower, the upper half */
		x86_shifti(c, X86_SAR, true, t, VMXL_WIN_BITS);
		x86_alui(c, X86_ADD, true, x86_reg(t), 1);
		x86_alui(c, X86_CMP, true, x86_reg(t), 1);
		x86_step(c, X86_CC_A);
		vmxl_x86_mark(c, v, X86_V_CHECKED, 0);
	}
	x86_mov(c, true, t, x86_uarea(c->args->lay->high_base));
	x86_i(c, (0x40 | (known ? X86_CC_NS : X86_CC_E)) | X86_0F | X86_W, t,
	      x86_reg(X86_R_WINDOW));
	x86_alu(c, X86_ADD, true, t, a.rm);
	return x86_mem(t, disp);
}

/* The host's address of guest address v + disp; leaves if that is outside the window. */
static struct x86_rm address(struct x86_ctx *c, vmxl_ref v, s32 disp)
{
	unsigned int reg, t;
	bool regions = c->args->window & VMXL_WIN_REGIONS;
	u64 val;

	if (vmxl_x86_const(c, v, &val))
		return regions ? region_constant(c, val + disp) :
				 constant_address(c, val + disp);
	if (regions)
		return region_address(c, v, disp);
	if (c->args->window == VMXL_WIN_BOTH)
		return split_address(c, v, disp);
	reg = vmxl_x86_use(c, v);
	if (vmxl_x86_checked(c, v, disp))
		return x86_mem_index(X86_R_WINDOW, reg, 0, disp);
	if (!vmxl_x86_near(disp)) {
		t = vmxl_x86_temp(c);
		x86_lea(c, true, t, x86_mem(reg, disp));
		vmxl_x86_check(c, t);
		return x86_mem_index(X86_R_WINDOW, t, 0, 0);
	}
	vmxl_x86_check(c, reg);
	vmxl_x86_found(c, v);
	vmxl_x86_mark(c, v, X86_V_CHECKED, 0);
	return x86_mem_index(X86_R_WINDOW, reg, 0, disp);
}

/* Leave if an address is misaligned. */
static void check_align(struct x86_ctx *c, vmxl_ref v, s32 disp, unsigned int size)
{
	struct x86_opnd a;
	unsigned int t = X86_NOREG;
	u32 pinned = c->pinned;

	if (size == 1)
		return;
	a = vmxl_x86_rm(c, v);
	if (disp & (size - 1)) {
		t = vmxl_x86_temp(c);
		x86_mov(c, true, t, a.rm);
		x86_alui(c, X86_ADD, true, x86_reg(t), disp);
		a.rm = x86_reg(t);
	}
	x86_ii(c, 0xf6 | X86_RM8, 0, a.rm, 1, size - 1);
	x86_step(c, X86_CC_NE);
	if (t != X86_NOREG)
		c->owner[t] = X86_FREE;
	c->pinned = pinned;
}

static void full_fence(struct x86_ctx *c)
{
	x86_ii(c, 0x83 | X86_LOCK, X86_OR, x86_uarea(c->args->lay->exit_id), 1, 0);
}

static bool seq_cst(const struct vmxl_op *op)
{
	return (op->aux & VMXL_MEM_ACQ) && (op->aux & VMXL_MEM_REL);
}

/* Instructions that load and extend; so do they registers */
static const u32 load_opcode[VMXL_MT_NR] = {
	[VMXL_MT_U8] = 0xb6 | X86_0F | X86_RM8,
	[VMXL_MT_U16] = 0xb7 | X86_0F,
	[VMXL_MT_U32] = 0x8b,
	[VMXL_MT_U64] = 0x8b | X86_W,
	[VMXL_MT_S8] = 0xbe | X86_0F | X86_RM8 | X86_W,
	[VMXL_MT_S16] = 0xbf | X86_0F | X86_W,
	[VMXL_MT_S32] = 0x63 | X86_W,
};

/* Is it better loaded into an XMM register? */
static bool load_x(const struct x86_ctx *c, unsigned int mt)
{
	unsigned int put;

	if (!(c->v[c->i].flag & X86_V_WANTX) || (mt != VMXL_MT_U64 && mt != VMXL_MT_U32))
		return false;
	put = vmxl_x86_early_put(c);
	return !put || c->s[x86_op(c, put)->imm].reg == X86_NOREG;
}

void vmxl_x86_lower_ld(struct x86_ctx *c, const struct vmxl_op *op)
{
	unsigned int mt = op->aux & VMXL_MEM_MT, x;
	struct x86_rm mem;
	struct x86_dst d;

	if (seq_cst(op))
		full_fence(c);
	if (op->aux & VMXL_MEM_ALIGN)
		check_align(c, op->a, op->imm, vmxl_mt_size(mt));
	mem = address(c, op->a, op->imm);
	vmxl_x86_accessed(c, op);
	if (load_x(c, mt)) {
		x = vmxl_x86_xtemp(c);
		x86_i(c, mt == VMXL_MT_U64 ? 0x7e | X86_0F | X86_F3 : 0x6e | X86_0F | X86_66, x,
		      mem);
		vmxl_x86_xresult(c, x);
		return;
	}
	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	x86_i(c, load_opcode[mt], d.reg, mem);
	vmxl_x86_dst_end(c, d, VMXL_T_I64);
}

/* A constant, or a register */
static void store(struct x86_ctx *c, struct x86_rm mem, unsigned int size,
		  const struct x86_opnd *o)
{
	u32 opc = size == 8 ? X86_W : size == 2 ? X86_66 : 0;

	if (o->is_imm && size == 1)
		x86_ii(c, 0xc6, 0, mem, 1, o->imm);
	else if (o->is_imm && size == 2)
		x86_ii(c, 0xc7 | opc, 0, mem, 2, o->imm);
	else if (o->is_imm)
		x86_ii(c, 0xc7 | opc, 0, mem, 4, o->imm);
	else if (size == 1)
		x86_i(c, 0x88 | X86_REG8, o->rm.base, mem);
	else
		x86_i(c, 0x89 | opc, o->rm.base, mem);
}

void vmxl_x86_lower_st(struct x86_ctx *c, const struct vmxl_op *op)
{
	unsigned int size = vmxl_mt_size(op->aux);
	const struct x86_vloc *v = &c->v[op->b];
	struct x86_opnd o = {};
	struct x86_rm mem;
	bool x;

	if (op->aux & VMXL_MEM_ALIGN)
		check_align(c, op->a, op->imm, size);
	x = size >= 4 && v->xmm != X86_NOREG && v->reg == X86_NOREG &&
	    (size == 4 || !vmxl_x86_is32(c, op->b));
	if (!x) {
		o = vmxl_x86_rmi(c, op->b, size == 8);
		if (!o.is_imm)
			o.rm = x86_reg(vmxl_x86_use(c, op->b));
	}
	mem = address(c, op->a, op->imm);
	vmxl_x86_accessed(c, op);
	if (x)
		x86_i(c, size == 8 ? 0xd6 | X86_0F | X86_66 : 0x7e | X86_0F | X86_66, v->xmm, mem);
	else
		store(c, mem, size, &o);
	if (seq_cst(op))
		full_fence(c);
}

/* RMW whose result nobody wants */
static bool rmw_plain(struct x86_ctx *c, const struct vmxl_op *op, bool w)
{
	static const s8 alu[VMXL_RMW_NR] = {
		[VMXL_RMW_ADD] = X86_ADD, [VMXL_RMW_AND] = X86_AND, [VMXL_RMW_OR] = X86_OR,
		[VMXL_RMW_XOR] = X86_XOR, [VMXL_RMW_SWAP] = -1, [VMXL_RMW_ANDN] = -1,
		[VMXL_RMW_SMIN] = -1, [VMXL_RMW_SMAX] = -1, [VMXL_RMW_UMIN] = -1,
		[VMXL_RMW_UMAX] = -1,
	};
	unsigned int b;

	if (c->v[c->i].last || alu[op->imm] < 0)
		return false;
	b = vmxl_x86_use(c, op->b);
	x86_i(c, 0x01 | alu[op->imm] << 3 | X86_LOCK | x86_w(w), b, address(c, op->a, 0));
	return true;
}

static void rmw_result(struct x86_ctx *c, const struct vmxl_op *op, unsigned int reg)
{
	bool s32 = (op->aux & VMXL_MEM_MT) == VMXL_MT_S32;

	vmxl_x86_dst_end(c, vmxl_x86_dst_in(c, reg), s32 ? VMXL_T_S32 : VMXL_T_I64);
}

/* One instruction that gives the old value: xchg, lock xadd */
static void rmw_exchange(struct x86_ctx *c, const struct vmxl_op *op, bool w)
{
	struct x86_rm mem = address(c, op->a, 0);
	struct x86_opnd b = vmxl_x86_rmi(c, op->b, w);
	unsigned int t = vmxl_x86_temp(c);

	vmxl_x86_load(c, t, &b, w);
	if (op->imm == VMXL_RMW_SWAP)
		x86_i(c, 0x87 | x86_w(w), t, mem);
	else
		x86_i(c, 0xc1 | X86_0F | X86_LOCK | x86_w(w), t, mem);
	rmw_result(c, op, t);
}

/* rdx = what is to be written where rax was read */
static void rmw_compute(struct x86_ctx *c, unsigned int kind, bool w, struct x86_rm b)
{
	static const u8 cc[VMXL_RMW_NR] = {
		[VMXL_RMW_SMIN] = X86_CC_G, [VMXL_RMW_SMAX] = X86_CC_L,
		[VMXL_RMW_UMIN] = X86_CC_A, [VMXL_RMW_UMAX] = X86_CC_B,
	};

	switch (kind) {
	case VMXL_RMW_AND:
	case VMXL_RMW_OR:
	case VMXL_RMW_XOR:
		x86_mov(c, true, X86_RDX, x86_reg(X86_RAX));
		x86_alu(c, kind == VMXL_RMW_AND ? X86_AND : kind == VMXL_RMW_OR ? X86_OR : X86_XOR,
			w, X86_RDX, b);
		break;
	case VMXL_RMW_ANDN:
		x86_mov(c, w, X86_RDX, b);
		x86_i(c, 0xf7 | x86_w(w), 2, x86_reg(X86_RDX));
		x86_alu(c, X86_AND, w, X86_RDX, x86_reg(X86_RAX));
		break;
	default:
		x86_alu(c, X86_CMP, w, X86_RAX, b);
		x86_mov(c, true, X86_RDX, x86_reg(X86_RAX));
		x86_i(c, 0x40 | cc[kind] | X86_0F | x86_w(w), X86_RDX, b);
	}
}

static void rmw_loop(struct x86_ctx *c, const struct vmxl_op *op, bool w)
{
	struct x86_opnd b;
	struct x86_rm mem;
	u32 loop;

	vmxl_x86_take(c, X86_RAX);
	vmxl_x86_take(c, X86_RDX);
	b = vmxl_x86_rm_mem(c, op->b);
	mem = address(c, op->a, 0);
	x86_mov(c, w, X86_RAX, mem);
	loop = x86_here(c);
	rmw_compute(c, op->imm, w, b.rm);
	x86_i(c, 0xb1 | X86_0F | X86_LOCK | x86_w(w), X86_RDX, mem);
	vmxl_x86_jump_to(c, X86_CC_NE, loop);
	rmw_result(c, op, X86_RAX);
}

void vmxl_x86_lower_rmw(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool w = vmxl_mt_size(op->aux) == 8;

	check_align(c, op->a, 0, w ? 8 : 4);
	if (rmw_plain(c, op, w))
		return;
	if (op->imm == VMXL_RMW_SWAP || op->imm == VMXL_RMW_ADD)
		rmw_exchange(c, op, w);
	else
		rmw_loop(c, op, w);
}

void vmxl_x86_lower_cas(struct x86_ctx *c, const struct vmxl_op *op)
{
	unsigned int mt = op->aux & VMXL_MEM_MT, size = vmxl_mt_size(mt), val;
	u32 opc = size == 1 ? 0xb0 | X86_REG8 : 0xb1;
	struct x86_rm mem;

	check_align(c, op->a, 0, size);
	vmxl_x86_take_value(c, X86_RAX, op->b, true);
	val = vmxl_x86_use(c, op->c);
	mem = address(c, op->a, 0);
	opc |= size == 8 ? X86_W : size == 2 ? X86_66 : 0;
	x86_i(c, opc | X86_0F | X86_LOCK, val, mem);
	if (size < 8)
		x86_i(c, load_opcode[mt], X86_RAX, x86_reg(X86_RAX));
	vmxl_x86_dst_end(c, vmxl_x86_dst_in(c, X86_RAX), VMXL_T_I64);
}

/* Of a pair */
void vmxl_x86_lower_ldx(struct x86_ctx *c, const struct vmxl_op *op)
{
	unsigned int mt = op->aux & VMXL_MEM_MT;
	struct x86_rm mem;
	struct x86_dst d;

	if (seq_cst(op))
		full_fence(c);
	check_align(c, op->a, 0, vmxl_mt_size(mt));
	mem = address(c, op->a, 0);
	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	x86_i(c, load_opcode[mt], d.reg, mem);
	x86_store(c, true, x86_slot_mem(c, VMXL_SLOT(ldx_val)), d.reg);
	x86_ii(c, 0xc7 | X86_W, 0, x86_slot_mem(c, VMXL_SLOT(ldx)), 4, VMXL_LDX_PAIR);
	vmxl_x86_dst_end(c, d, VMXL_T_I64);
}

/* Without a reservation it fails. If there may be one it is the interpreter's. */
static void stx_fail(struct x86_ctx *c, const struct vmxl_op *op)
{
	struct x86_rm ldx = x86_slot_mem(c, VMXL_SLOT(ldx));
	struct x86_dst d;

	check_align(c, op->a, 0, vmxl_mt_size(op->aux));
	x86_alui(c, X86_CMP, true, ldx, VMXL_LDX_RESERVE);
	x86_step(c, X86_CC_E);
	x86_ii(c, 0xc7 | X86_W, 0, ldx, 4, VMXL_LDX_NONE);
	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	x86_movi(c, d.reg, 1);
	vmxl_x86_dst_end(c, d, VMXL_T_I64);
}

/* Of a pair: its LDX has checked how the address is aligned. */
void vmxl_x86_lower_stx(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool w = vmxl_mt_size(op->aux) == 8;
	struct x86_rm mem;
	unsigned int val;

	if (op->imm != VMXL_LDX_PAIR) {
		stx_fail(c, op);
		return;
	}
	vmxl_x86_take(c, X86_RAX);
	val = vmxl_x86_use(c, op->b);
	mem = address(c, op->a, 0);
	x86_mov(c, w, X86_RAX, x86_slot_mem(c, VMXL_SLOT(ldx_val)));
	x86_i(c, 0xb1 | X86_0F | X86_LOCK | x86_w(w), val, mem);
	x86_i(c, 0x90 | X86_CC_NE | X86_0F | X86_RM8, 0, x86_reg(X86_RAX));
	x86_i(c, 0xb6 | X86_0F | X86_RM8, X86_RAX, x86_reg(X86_RAX));
	vmxl_x86_dst_end(c, vmxl_x86_dst_in(c, X86_RAX), VMXL_T_I64);
}

/* x86 keeps all orders but that of a store and a later load. */
void vmxl_x86_lower_fence(struct x86_ctx *c, const struct vmxl_op *op)
{
	if (op->imm & VMXL_FENCE_WR)
		full_fence(c);
}

void vmxl_x86_lower_pause(struct x86_ctx *c, const struct vmxl_op *op)
{
	x86_raw(c, 2, 0x90f3);
}

void vmxl_x86_lower_zblk(struct x86_ctx *c, const struct vmxl_op *op)
{
	unsigned int x = vmxl_x86_xtemp(c), t = vmxl_x86_temp(c);
	struct x86_opnd a = vmxl_x86_rm_mem(c, op->a);
	s32 k;

	x86_mov(c, true, t, a.rm);
	x86_alui(c, X86_AND, true, x86_reg(t), -(s32)op->imm);
	vmxl_x86_check(c, t);
	x86_i(c, 0x57 | X86_0F, x, x86_reg(x));			/* xorps */
	for (k = 0; k < op->imm; k += 16)			/* movups */
		x86_i(c, 0x11 | X86_0F, x, x86_mem_index(X86_R_WINDOW, t, 0, k));
}

/* A fault that is one makes the instruction a step, so that the op's own access will do. */
void vmxl_x86_lower_probe(struct x86_ctx *c, const struct vmxl_op *op)
{
	struct x86_rm mem = address(c, op->a, 0);

	if (op->imm == VMXL_ACCESS_WRITE)
		x86_ii(c, 0x80 | X86_LOCK, X86_OR, mem, 1, 0);
	else
		x86_i(c, 0x84 | X86_REG8, X86_RAX, mem);
}
