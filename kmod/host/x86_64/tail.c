// SPDX-License-Identifier: GPL-2.0
/*
 * What follows a unit's code: the ways out that its exits share, then the
 * targets of the jumps that lead out of line (enum x86_out).
 *
 * The ways out come first, so that the jumps to them are short.
 */
#include <linux/kernel.h>
#include "emit.h"

#define MANY_EXITS	2	/* more of them share what they can */

static void set_al(struct x86_ctx *c, unsigned int exit, enum vmxl_uexit why)
{
	x86_raw(c, 2, 0xb0 | (exit << VMXL_UEXIT_BITS | why) << 8);
}

static void constants(struct x86_ctx *c)
{
	c->nan64 = x86_here(c);
	x86_raw(c, 8, 0x7ff8000000000000ULL);
	c->nan32 = x86_here(c);
	x86_raw(c, 4, 0x7fc00000);
}

/* cl or ecx: offset of the instruction */
static void step_way(struct x86_ctx *c)
{
	c->step_byte = x86_here(c);
	x86_i(c, 0xb6 | X86_0F | X86_RM8, X86_RCX, x86_reg(X86_RCX));
	c->step_wide = x86_here(c);
	x86_movi(c, X86_RAX, c->ir->pc);
	x86_alu(c, X86_ADD, true, X86_RAX, x86_reg(X86_RCX));
	vmxl_x86_jump_stub(c, X86_ALWAYS, VMXL_STUB_STEP);
}

/* al: exit << 2 | enum vmxl_uexit */
static void tail_way(struct x86_ctx *c)
{
	c->tail = x86_here(c);
	x86_i(c, 0xb6 | X86_0F | X86_RM8, X86_RAX, x86_reg(X86_RAX));
	vmxl_x86_exit_id(c, 0x0d, 0, 0);	/* or eax */
	vmxl_x86_jump_stub(c, X86_ALWAYS, VMXL_STUB_EXIT);
}

/* A 32-bit displacement at @site leads to @target */
static void lead(struct x86_ctx *c, u32 site, u32 target)
{
	vmxl_x86_set32(c, site, target - site - 4);
}

static u32 step(struct x86_ctx *c, unsigned int insn)
{
	u32 off = c->ir->nr_insns ? c->ir->insns[insn].off : 0;

	if (c->step_at[insn])
		return c->step_at[insn];
	c->step_at[insn] = x86_here(c);
	if (c->args->count && insn)
		x86_alui(c, X86_ADD, true, x86_slot_mem(c, VMXL_SLOT(icount)), insn);
	if (off <= U8_MAX) {
		x86_raw(c, 2, 0xb0 | X86_RCX | off << 8);
		vmxl_x86_jump_to(c, X86_ALWAYS, c->step_byte);
	} else {
		x86_movi(c, X86_RCX, off);
		vmxl_x86_jump_to(c, X86_ALWAYS, c->step_wide);
	}
	return c->step_at[insn];
}

static u32 id_stub(struct x86_ctx *c, unsigned int exit, enum vmxl_uexit why)
{
	u32 at = x86_here(c);

	if (c->tail) {
		set_al(c, exit, why);
		vmxl_x86_jump_to(c, X86_ALWAYS, c->tail);
	} else {
		vmxl_x86_exit_id(c, 0xb8, exit, why);	/* mov eax */
		vmxl_x86_jump_stub(c, X86_ALWAYS, VMXL_STUB_EXIT);
	}
	return at;
}

/* The jump itself is what will be linked; or one jump that all users of the exit share. */
static void link_out(struct x86_ctx *c, u32 site, unsigned int exit)
{
	u32 stub, at;

	if (c->exit_at[exit]) {
		lead(c, site, c->exit_at[exit]);
		return;
	}
	stub = id_stub(c, exit, VMXL_UEXIT_LINK);
	if (c->exit_refs[exit] > 1) {
		vmxl_x86_align_site(c, x86_here(c), 1);
		at = x86_here(c);
		x86_raw(c, 5, 0xe9);
		lead(c, site, at);
		c->exit_at[exit] = at;
		site = at + 1;
	}
	lead(c, site, stub);
	c->out->exits[exit] = (struct vmxl_hexit){ .site = site, .stub = stub };
}

static u32 far_out(struct x86_ctx *c, unsigned int exit)
{
	u32 at = x86_here(c);

	vmxl_x86_probe_far(c, c->ir->exits[exit].pc);
	return at;
}

static u32 nan_out(struct x86_ctx *c, const struct x86_fix *f)
{
	bool f64 = f->kind == X86_OUT_NAN64;
	u32 at = x86_here(c), opc = 0x10 | X86_0F | (f64 ? X86_F2 : X86_F3);
	u32 len = vmxl_x86_enc(opc, f->arg, x86_mem(X86_RIP, 0), 0, 0).len;

	x86_i(c, opc, f->arg, x86_mem(X86_RIP, (f64 ? c->nan64 : c->nan32) - (at + len)));
	vmxl_x86_jump_to(c, X86_ALWAYS, f->site + 4);
	return at;
}

/* An unsigned number with the high bit set: half of it, the bit that is lost kept in the lowest */
static u32 u64tof_out(struct x86_ctx *c, const struct x86_fix *f)
{
	unsigned int x = f->arg >> 8, from = f->arg >> 4 & 15, t = f->arg & 15;
	u32 pfx = f->kind == X86_OUT_U64TOF64 ? X86_F2 : X86_F3;
	u32 opc = 0x2a | X86_0F | X86_W | pfx, at = x86_here(c), even;
	u32 len = vmxl_x86_enc(opc, x, x86_reg(t), 0, 0).len;

	x86_mov(c, true, t, x86_reg(from));
	x86_shifti(c, X86_SHR, true, t, 1);
	even = vmxl_x86_jump_short(c, X86_CC_AE);
	x86_alui(c, X86_OR, true, x86_reg(t), 1);
	vmxl_x86_land(c, even);
	x86_i(c, opc, x, x86_reg(t));
	x86_i(c, 0x58 | X86_0F | pfx, x, x86_reg(x));
	/* back after the conversion that is for other numbers: as long as ours */
	vmxl_x86_jump_to(c, X86_ALWAYS, f->site + 4 + len);
	return at;
}

static void out_of_line(struct x86_ctx *c, const struct x86_fix *f)
{
	switch ((enum x86_out)f->kind) {
	case X86_OUT_LABEL:
		lead(c, f->site, c->label[f->arg] - 1);
		break;
	case X86_OUT_STEP:
		lead(c, f->site, step(c, f->arg));
		break;
	case X86_OUT_LINK:
		link_out(c, f->site, f->arg);
		break;
	case X86_OUT_POLL:
		lead(c, f->site, id_stub(c, f->arg, VMXL_UEXIT_POLL));
		break;
	case X86_OUT_FAR:
		lead(c, f->site, far_out(c, f->arg));
		break;
	case X86_OUT_NAN32:
	case X86_OUT_NAN64:
		lead(c, f->site, nan_out(c, f));
		break;
	case X86_OUT_U64TOF32:
	case X86_OUT_U64TOF64:
		lead(c, f->site, u64tof_out(c, f));
		break;
	case X86_OUT_NR:
		break;
	}
}

/**
 * vmxl_x86_tail() - finish a unit
 * @c: the unit
 *
 * What is written out of line may ask for more of it.
 */
void vmxl_x86_tail(struct x86_ctx *c)
{
	unsigned int k, nr[X86_OUT_NR] = {};

	for (k = 0; k < c->nr_fix; k++)
		nr[c->fix[k].kind]++;
	if (nr[X86_OUT_NAN32] || nr[X86_OUT_NAN64])
		constants(c);
	if (nr[X86_OUT_STEP])
		step_way(c);
	if (nr[X86_OUT_LINK] + nr[X86_OUT_POLL] > MANY_EXITS)
		tail_way(c);
	for (k = 0; k < c->nr_fix && !c->err; k++)
		out_of_line(c, &c->fix[k]);
}
