// SPDX-License-Identifier: GPL-2.0
/*
 * Writing code: into vmxl_hcode.code, with a check for room; jumps within the
 * unit and to what will be out of line at its end.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "emit.h"

/**
 * vmxl_x86_emit() - append an instruction
 * @c: the unit
 * @in: its bytes
 */
void vmxl_x86_emit(struct x86_ctx *c, struct x86_insn in)
{
	if (c->out->len + in.len > VMXL_HCODE_MAX) {
		x86_fail(c, -E2BIG);
		return;
	}
	memcpy(c->out->code + c->out->len, in.b, in.len);
	c->out->len += in.len;
}

/**
 * vmxl_x86_set32() - write a displacement
 * @c: the unit
 * @site: its offset
 * @val: the displacement
 */
void vmxl_x86_set32(struct x86_ctx *c, u32 site, u32 val)
{
	if (!c->err)
		memcpy(c->out->code + site, &val, sizeof(val));
}

/* A jump with a 32-bit displacement; returns the displacement's offset */
static u32 jump_near(struct x86_ctx *c, int cc, u32 disp)
{
	if (cc == X86_ALWAYS)
		x86_raw(c, 5, 0xe9 | (u64)disp << 8);
	else
		x86_raw(c, 6, 0x0f | (0x80 | (u64)cc) << 8 | (u64)disp << 16);
	return x86_here(c) - 4;
}

/* The displacement at @site is to lead out of line. */
static void out_fix(struct x86_ctx *c, u32 site, enum x86_out kind, unsigned int arg)
{
	if (c->nr_fix == X86_MAX_FIX) {
		x86_fail(c, -E2BIG);
		return;
	}
	c->fix[c->nr_fix++] = (struct x86_fix){ .site = site, .kind = kind, .arg = arg };
}

/**
 * vmxl_x86_jump_out() - jump out of line
 * @c: the unit
 * @cc: condition, or X86_ALWAYS
 * @kind: what is there
 * @arg: for it
 */
void vmxl_x86_jump_out(struct x86_ctx *c, int cc, enum x86_out kind, unsigned int arg)
{
	out_fix(c, jump_near(c, cc, 0), kind, arg);
}

static void reloc(struct x86_ctx *c, u32 site, unsigned int kind)
{
	struct vmxl_hcode *o = c->out;

	if (o->nr_relocs == ARRAY_SIZE(o->relocs)) {
		x86_fail(c, -E2BIG);
		return;
	}
	o->relocs[o->nr_relocs++] = (struct vmxl_hreloc){ .site = site, .kind = kind };
}

/**
 * vmxl_x86_exit_id() - an instruction with an exit's id
 * @c: the unit
 * @opc: of one byte; 32 bits follow
 * @exit: exit of the unit
 * @why: why it is taken
 */
void vmxl_x86_exit_id(struct x86_ctx *c, u8 opc, unsigned int exit, enum vmxl_uexit why)
{
	x86_raw(c, 5, opc | (u64)VMXL_EXIT_ID(0, exit, why) << 8);
	reloc(c, x86_here(c) - 4, VMXL_RELOC_ID);
}

/**
 * vmxl_x86_jump_stub() - jump to one of the common stubs
 * @c: the unit
 * @cc: condition, or X86_ALWAYS
 * @stub: which
 */
void vmxl_x86_jump_stub(struct x86_ctx *c, int cc, enum vmxl_stub stub)
{
	reloc(c, jump_near(c, cc, 0), stub);
}

/**
 * vmxl_x86_jump_to() - jump backwards within the unit
 * @c: the unit
 * @cc: condition, or X86_ALWAYS
 * @target: offset
 */
void vmxl_x86_jump_to(struct x86_ctx *c, int cc, u32 target)
{
	s32 disp = (s32)target - (s32)x86_here(c) - 2;

	if (disp == (s8)disp)
		x86_raw(c, 2, (cc == X86_ALWAYS ? 0xeb : 0x70 | cc) | (disp & 0xff) << 8);
	else
		jump_near(c, cc, cc == X86_ALWAYS ? disp - 3 : disp - 4);
}

/**
 * vmxl_x86_jump_short() - jump forwards over little code
 * @c: the unit
 * @cc: condition, or X86_ALWAYS
 *
 * Return: to be given to vmxl_x86_land() at the target.
 */
u32 vmxl_x86_jump_short(struct x86_ctx *c, int cc)
{
	x86_raw(c, 2, cc == X86_ALWAYS ? 0xeb : 0x70 | cc);
	return x86_here(c) - 1;
}

/**
 * vmxl_x86_land() - the target of a short jump is here
 * @c: the unit
 * @site: from vmxl_x86_jump_short()
 */
void vmxl_x86_land(struct x86_ctx *c, u32 site)
{
	u32 disp = x86_here(c) - site - 1;

	if (c->err)
		return;
	if (disp > S8_MAX)
		x86_fail(c, -EINVAL);
	else
		c->out->code[site] = disp;
}

/**
 * vmxl_x86_align_site() - pad, so that a displacement to come is at a multiple of 4
 * @c: the unit
 * @from: where the padding goes: code from there on is moved
 * @before: bytes between the end of the code so far and the displacement
 *
 * Such a displacement can be written while other threads execute it.
 */
void vmxl_x86_align_site(struct x86_ctx *c, u32 from, unsigned int before)
{
	unsigned int pad = -(x86_here(c) + before) & 3, len = x86_here(c) - from;
	struct x86_insn nop = vmxl_x86_enc_nop(pad);

	if (!pad)
		return;
	vmxl_x86_emit(c, nop);
	if (c->err)
		return;
	memmove(c->out->code + from + pad, c->out->code + from, len);
	memcpy(c->out->code + from, nop.b, pad);
}
