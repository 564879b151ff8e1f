/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writing instructions: x86_emit() is the only thing that writes code, the
 * rest says briefly what is written. Also jumps, and where values are
 * (value.c), as every lowering function needs both.
 */
#ifndef VMXL_X86_EMIT_H
#define VMXL_X86_EMIT_H

#include <linux/kernel.h>
#include "x86.h"

/* emit.c */
void vmxl_x86_emit(struct x86_ctx *c, struct x86_insn in);
void vmxl_x86_jump_out(struct x86_ctx *c, int cc, enum x86_out kind, unsigned int arg);
void vmxl_x86_exit_id(struct x86_ctx *c, u8 opc, unsigned int exit, enum vmxl_uexit why);
void vmxl_x86_jump_stub(struct x86_ctx *c, int cc, enum vmxl_stub stub);
void vmxl_x86_jump_to(struct x86_ctx *c, int cc, u32 target);
u32 vmxl_x86_jump_short(struct x86_ctx *c, int cc);
void vmxl_x86_land(struct x86_ctx *c, u32 site);
void vmxl_x86_align_site(struct x86_ctx *c, u32 from, unsigned int before);
void vmxl_x86_set32(struct x86_ctx *c, u32 site, u32 val);

#define X86_ALWAYS	(-1)		/* cc of a jump that is always taken */

static inline u32 x86_here(const struct x86_ctx *c)
{
	return c->out->len;
}

static inline void x86_i(struct x86_ctx *c, u32 opc, unsigned int reg, struct x86_rm rm)
{
	vmxl_x86_emit(c, vmxl_x86_enc(opc, reg, rm, 0, 0));
}

static inline void x86_ii(struct x86_ctx *c, u32 opc, unsigned int reg, struct x86_rm rm,
			  unsigned int immlen, s32 imm)
{
	vmxl_x86_emit(c, vmxl_x86_enc(opc, reg, rm, immlen, imm));
}

static inline void x86_raw(struct x86_ctx *c, unsigned int len, u64 val)
{
	vmxl_x86_emit(c, vmxl_x86_enc_raw(len, val));
}

/* reg = rm; nothing where that changes nothing (w: all 64 bits) */
static inline void x86_mov(struct x86_ctx *c, bool w, unsigned int reg, struct x86_rm rm)
{
	if (rm.mem || rm.base != reg || !w)
		x86_i(c, 0x8b | x86_w(w), reg, rm);
}

static inline void x86_store(struct x86_ctx *c, bool w, struct x86_rm rm, unsigned int reg)
{
	x86_i(c, 0x89 | x86_w(w), reg, rm);
}

/* The flags stay as they are. */
static inline void x86_movi(struct x86_ctx *c, unsigned int reg, u64 val)
{
	vmxl_x86_emit(c, vmxl_x86_enc_movi(reg, val));
}

static inline void x86_zero(struct x86_ctx *c, unsigned int reg)
{
	x86_i(c, 0x33, reg, x86_reg(reg));
}

/* reg = reg n rm */
static inline void x86_alu(struct x86_ctx *c, enum x86_alu n, bool w, unsigned int reg,
			   struct x86_rm rm)
{
	x86_i(c, 0x03 | n << 3 | x86_w(w), reg, rm);
}

/* rm = rm n imm */
static inline void x86_alui(struct x86_ctx *c, enum x86_alu n, bool w, struct x86_rm rm, s32 imm)
{
	if (imm >= S8_MIN && imm <= S8_MAX)
		x86_ii(c, 0x83 | x86_w(w), n, rm, 1, imm);
	else if (!rm.mem && rm.base == X86_RAX)
		vmxl_x86_emit(c, vmxl_x86_enc_raw(w ? 6 : 5, w ? 0x48 | (5 | n << 3) << 8 |
						  (u64)(u32)imm << 16 :
						  (5 | n << 3) | (u64)(u32)imm << 8));
	else
		x86_ii(c, 0x81 | x86_w(w), n, rm, 4, imm);
}

static inline void x86_aluo(struct x86_ctx *c, enum x86_alu n, bool w, unsigned int reg,
			    const struct x86_opnd *o)
{
	if (o->is_imm)
		x86_alui(c, n, w, x86_reg(reg), o->imm);
	else
		x86_alu(c, n, w, reg, o->rm);
}

static inline void x86_shifti(struct x86_ctx *c, enum x86_shift n, bool w, unsigned int reg,
			      unsigned int count)
{
	if (count == 1)
		x86_i(c, 0xd1 | x86_w(w), n, x86_reg(reg));
	else
		x86_ii(c, 0xc1 | x86_w(w), n, x86_reg(reg), 1, count);
}

static inline void x86_test(struct x86_ctx *c, bool w, unsigned int a, unsigned int b)
{
	x86_i(c, 0x85 | x86_w(w), b, x86_reg(a));
}

static inline void x86_lea(struct x86_ctx *c, bool w, unsigned int reg, struct x86_rm rm)
{
	x86_i(c, 0x8d | x86_w(w), reg, rm);
}

/* reg = rm sign-extended from 32 bits */
static inline void x86_movsxd(struct x86_ctx *c, unsigned int reg, struct x86_rm rm)
{
	x86_i(c, 0x63 | X86_W, reg, rm);
}

/* value.c: operands of the op at hand */
bool vmxl_x86_const(const struct x86_ctx *c, vmxl_ref v, u64 *val);
bool vmxl_x86_is32(const struct x86_ctx *c, vmxl_ref v);
struct x86_opnd vmxl_x86_rmi(struct x86_ctx *c, vmxl_ref v, bool w);
struct x86_opnd vmxl_x86_rm(struct x86_ctx *c, vmxl_ref v);
struct x86_opnd vmxl_x86_rm_mem(struct x86_ctx *c, vmxl_ref v);
unsigned int vmxl_x86_use(struct x86_ctx *c, vmxl_ref v);
unsigned int vmxl_x86_temp(struct x86_ctx *c);
void vmxl_x86_take(struct x86_ctx *c, unsigned int reg);
void vmxl_x86_take_value(struct x86_ctx *c, unsigned int reg, vmxl_ref v, bool w);
void vmxl_x86_release(struct x86_ctx *c);
void vmxl_x86_load(struct x86_ctx *c, unsigned int reg, const struct x86_opnd *o, bool w);

/* XMM registers */
unsigned int vmxl_x86_xuse(struct x86_ctx *c, vmxl_ref v, bool f64);
struct x86_rm vmxl_x86_xrm(struct x86_ctx *c, vmxl_ref v, bool f64);
unsigned int vmxl_x86_xtemp(struct x86_ctx *c);
unsigned int vmxl_x86_xcopy(struct x86_ctx *c, vmxl_ref v, bool f64);
void vmxl_x86_xresult(struct x86_ctx *c, unsigned int xmm);

/* The result of the op at hand */
struct x86_dst {
	u8 reg;			/* write it here */
	u8 hot;			/* where it goes in the end, or X86_NOREG */
	u16 put;		/* the PUT that is done so */
};

struct x86_dst vmxl_x86_dst(struct x86_ctx *c, u32 avoid);
struct x86_dst vmxl_x86_dst_in(struct x86_ctx *c, unsigned int reg);
void vmxl_x86_dst_end(struct x86_ctx *c, struct x86_dst d, u8 type);
void vmxl_x86_put_done(struct x86_ctx *c, unsigned int put);

/* Slots, checks */
bool vmxl_x86_share_slot(struct x86_ctx *c, vmxl_ref v);
void vmxl_x86_slot_write(struct x86_ctx *c, unsigned int slot);
void vmxl_x86_slot_is(struct x86_ctx *c, unsigned int slot, vmxl_ref v);
void vmxl_x86_mark(struct x86_ctx *c, vmxl_ref v, u8 flag, s16 dist);
void vmxl_x86_forget(struct x86_ctx *c);
void vmxl_x86_op_end(struct x86_ctx *c);

/* lower_fp.c: what lower_cvt.c needs of it */
void vmxl_x86_rc(struct x86_ctx *c, unsigned int rm);
void vmxl_x86_rc_end(struct x86_ctx *c, unsigned int rm);
void vmxl_x86_fix_nan(struct x86_ctx *c, bool f64, unsigned int x);

/* Registers that an operand reads, as a mask */
static inline u32 x86_uses(const struct x86_opnd *o)
{
	u32 mask = 0;

	if (o->is_imm)
		return 0;
	mask = BIT(o->rm.base);
	if (o->rm.index != X86_NOREG)
		mask |= BIT(o->rm.index);
	return mask;
}

static inline void x86_step(struct x86_ctx *c, int cc)
{
	vmxl_x86_jump_out(c, cc, X86_OUT_STEP, c->insn);
}

#endif /* VMXL_X86_EMIT_H */
