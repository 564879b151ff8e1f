// SPDX-License-Identifier: GPL-2.0
/*
 * x86-64 instruction encoders, see encode.h. Legacy: prefixes, REX, map,
 * opcode, modrm, sib, displacement, immediate. The shortest form is taken.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include "encode.h"

static_assert(sizeof(struct x86_insn) == 16);

static void put(struct x86_insn *in, u8 byte)
{
	in->b[in->len++] = byte;
}

static void put_imm(struct x86_insn *in, unsigned int len, u64 val)
{
	for (; len; len--, val >>= 8)
		put(in, val);
}

static bool fits8(s32 v)
{
	return v == (s8)v;
}

/* mod of a memory operand: how many bytes of displacement */
static unsigned int mod_of(const struct x86_rm *rm)
{
	if (rm->base == X86_RIP || (!rm->disp && (rm->base & 7) != X86_RBP))
		return 0;
	return fits8(rm->disp) ? 1 : 2;
}

static void put_rm(struct x86_insn *in, unsigned int reg, const struct x86_rm *rm)
{
	unsigned int mod = 3, low = rm->base & 7;
	u8 field = (reg & 7) << 3;

	if (!rm->mem) {
		put(in, mod << 6 | field | low);
		return;
	}
	mod = mod_of(rm);
	if (rm->base == X86_RIP) {
		put(in, field | 5);
		put_imm(in, 4, rm->disp);
		return;
	}
	if (rm->index != X86_NOREG || low == X86_RSP) {
		unsigned int index = rm->index == X86_NOREG ? X86_RSP : rm->index & 7;

		put(in, mod << 6 | field | 4);
		put(in, rm->scale << 6 | index << 3 | low);
	} else {
		put(in, mod << 6 | field | low);
	}
	put_imm(in, mod == 2 ? 4 : mod, rm->disp);
}

/* The high bits of register numbers, as REX has them: W R X B */
static u8 rex_of(u32 opc, unsigned int reg, const struct x86_rm *rm)
{
	u8 rex = (opc & X86_W ? 8 : 0) | (reg & 8 ? 4 : 0);

	if (rm->index != X86_NOREG && (rm->index & 8))
		rex |= 2;
	if (rm->base != X86_RIP && (rm->base & 8))
		rex |= 1;
	return rex;
}

/* Without REX the 8-bit registers 4 to 7 are others. */
static bool byte_needs_rex(u32 opc, unsigned int reg, const struct x86_rm *rm)
{
	return ((opc & X86_REG8) && reg >= X86_RSP) ||
	       ((opc & X86_RM8) && !rm->mem && rm->base >= X86_RSP);
}

struct x86_insn vmxl_x86_enc(u32 opc, unsigned int reg, struct x86_rm rm, unsigned int immlen,
			     s32 imm)
{
	static const u8 prefix[] = { 0, 0x66, 0xf3, 0xf2 };
	struct x86_insn in = {};
	u8 rex = rex_of(opc, reg, &rm);

	if (opc & X86_LOCK)
		put(&in, 0xf0);
	if (opc & X86_PFX)
		put(&in, prefix[(opc & X86_PFX) >> 12]);
	if (rex || byte_needs_rex(opc, reg, &rm))
		put(&in, 0x40 | rex);
	if (opc & X86_MAP)
		put(&in, 0x0f);
	if ((opc & X86_MAP) == X86_0F38)
		put(&in, 0x38);
	if ((opc & X86_MAP) == X86_0F3A)
		put(&in, 0x3a);
	put(&in, opc);
	put_rm(&in, reg, &rm);
	put_imm(&in, immlen, imm);
	return in;
}

struct x86_insn vmxl_x86_enc_vex(u32 opc, unsigned int reg, unsigned int vreg, struct x86_rm rm,
				 unsigned int immlen, s32 imm)
{
	struct x86_insn in = {};
	u8 rex = rex_of(opc, reg, &rm);
	u8 last = (~vreg & 15) << 3 | (opc & X86_PFX) >> 12;

	if ((opc & X86_MAP) == X86_0F && !(rex & 11)) {
		put(&in, 0xc5);
		put(&in, (rex & 4 ? 0 : 0x80) | last);
	} else {
		put(&in, 0xc4);
		put(&in, (~rex & 7) << 5 | (opc & X86_MAP) >> 8);
		put(&in, (rex & 8 ? 0x80 : 0) | last);
	}
	put(&in, opc);
	put_rm(&in, reg, &rm);
	put_imm(&in, immlen, imm);
	return in;
}

struct x86_insn vmxl_x86_enc_raw(unsigned int len, u64 val)
{
	struct x86_insn in = {};

	put_imm(&in, len, val);
	return in;
}

struct x86_insn vmxl_x86_enc_movi(unsigned int reg, u64 val)
{
	struct x86_insn in = {};

	if (val == (u64)(s32)val && val > U32_MAX)
		return vmxl_x86_enc(0xc7 | X86_W, 0, x86_reg(reg), 4, val);
	if (val > U32_MAX)
		put(&in, 0x48 | reg >> 3);
	else if (reg & 8)
		put(&in, 0x41);
	put(&in, 0xb8 | (reg & 7));
	put_imm(&in, val > U32_MAX ? 8 : 4, val);
	return in;
}

struct x86_insn vmxl_x86_enc_stack(u8 opc, unsigned int reg)
{
	struct x86_insn in = {};

	if (reg & 8)
		put(&in, 0x41);
	put(&in, opc | (reg & 7));
	return in;
}

struct x86_insn vmxl_x86_enc_nop(unsigned int len)
{
	/* nopw, nopl with longer and longer operands */
	static const u64 nop[] = {
		0, 0x90, 0x9066, 0x1f0f, 0x401f0f, 0x441f0f, 0x441f0f66, 0x801f0f, 0x841f0f,
	};

	return vmxl_x86_enc_raw(len, nop[len]);
}
