// SPDX-License-Identifier: GPL-2.0
/*
 * Lowering: floating point with SSE, for guests with RISC-V's rules
 * (vmxl_ir.fp is 0). Exceptions gather in MXCSR; the exit stub brings them to
 * gstate.fp_flags.
 *
 * A result that is a NaN becomes the default NaN, out of line. MXCSR rounds to
 * nearest; it is changed around an op that rounds otherwise.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include "emit.h"

static bool is_f64(const struct vmxl_op *op)
{
	return op->type == VMXL_T_F64;
}

static u32 scalar(bool f64)
{
	return X86_0F | (f64 ? X86_F2 : X86_F3);
}

static void ldmxcsr(struct x86_ctx *c)
{
	x86_i(c, 0xae | X86_0F, 2, x86_uarea(c->args->lay->mxcsr + 8));
}

static void stmxcsr(struct x86_ctx *c)
{
	x86_i(c, 0xae | X86_0F, 3, x86_uarea(c->args->lay->mxcsr + 8));
}

/* MXCSR.RC of RISC-V's rounding modes 0 to 3 */
static const u8 rc_of[] = { 0, 3, 1, 2 };

/**
 * vmxl_x86_rc() - round as an op says, from here on
 * @c: the unit
 * @rm: rounding mode, below 4
 */
void vmxl_x86_rc(struct x86_ctx *c, unsigned int rm)
{
	if (!rm)
		return;
	stmxcsr(c);
	x86_alui(c, X86_OR, false, x86_uarea(c->args->lay->mxcsr + 8), rc_of[rm] << 13);
	ldmxcsr(c);
}

/**
 * vmxl_x86_rc_end() - round to nearest again
 * @c: the unit
 * @rm: as it was given to vmxl_x86_rc()
 */
void vmxl_x86_rc_end(struct x86_ctx *c, unsigned int rm)
{
	if (!rm)
		return;
	stmxcsr(c);
	x86_alui(c, X86_AND, false, x86_uarea(c->args->lay->mxcsr + 8), ~(3 << 13));
	ldmxcsr(c);
}

/* ucomiss, ucomisd; comiss, comisd signal quiet NaNs too */
static void compare(struct x86_ctx *c, bool f64, bool signals, unsigned int a, struct x86_rm b)
{
	x86_i(c, (signals ? 0x2f : 0x2e) | X86_0F | (f64 ? X86_66 : 0), a, b);
}

/**
 * vmxl_x86_fix_nan() - make a NaN the default one
 * @c: the unit
 * @f64: of 64 bits, else 32
 * @x: XMM register
 */
void vmxl_x86_fix_nan(struct x86_ctx *c, bool f64, unsigned int x)
{
	compare(c, f64, false, x, x86_reg(x));
	vmxl_x86_jump_out(c, X86_CC_P, f64 ? X86_OUT_NAN64 : X86_OUT_NAN32, x);
}

static u8 arith_opcode(u16 op)
{
	switch (op) {
	case VMXL_IR_FADD:
		return 0x58;
	case VMXL_IR_FSUB:
		return 0x5c;
	case VMXL_IR_FMUL:
		return 0x59;
	case VMXL_IR_FDIV:
		return 0x5e;
	default:
		return 0x51;
	}
}

void vmxl_x86_lower_farith(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool f64 = is_f64(op), sqrt = op->op == VMXL_IR_FSQRT;
	struct x86_rm b = vmxl_x86_xrm(c, sqrt ? op->a : op->b, f64);
	unsigned int x = sqrt ? vmxl_x86_xtemp(c) : vmxl_x86_xcopy(c, op->a, f64);

	vmxl_x86_rc(c, op->aux);
	x86_i(c, arith_opcode(op->op) | scalar(f64), x, b);
	vmxl_x86_rc_end(c, op->aux);
	vmxl_x86_fix_nan(c, f64, x);
	vmxl_x86_xresult(c, x);
}

/* With a NaN there is more to know about exceptions than the instruction tells. */
void vmxl_x86_lower_fma(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool f64 = is_f64(op);
	struct x86_rm add = vmxl_x86_xrm(c, op->c, f64);
	unsigned int b = vmxl_x86_xuse(c, op->b, f64);
	unsigned int x = vmxl_x86_xcopy(c, op->a, f64);

	vmxl_x86_rc(c, op->aux);
	vmxl_x86_emit(c, vmxl_x86_enc_vex(0xa9 | X86_0F38 | X86_66 | x86_w(f64), x, b, add, 0, 0));
	vmxl_x86_rc_end(c, op->aux);
	compare(c, f64, false, x, x86_reg(x));
	x86_step(c, X86_CC_P);
	vmxl_x86_xresult(c, x);
}

/* Operands that are equal may be zeroes of different signs: the bits decide. */
void vmxl_x86_lower_fminmax(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool f64 = is_f64(op), max = op->op == VMXL_IR_FMAX || op->op == VMXL_IR_FMAXM;
	unsigned int b = vmxl_x86_xuse(c, op->b, f64);
	unsigned int x = vmxl_x86_xcopy(c, op->a, f64);
	u32 differ, end;

	compare(c, f64, false, x, x86_reg(b));
	x86_step(c, X86_CC_P);
	differ = vmxl_x86_jump_short(c, X86_CC_NE);
	x86_i(c, (max ? 0x54 : 0x56) | X86_0F, x, x86_reg(b));		/* andps, orps */
	end = vmxl_x86_jump_short(c, X86_ALWAYS);
	vmxl_x86_land(c, differ);
	x86_i(c, (max ? 0x5f : 0x5d) | scalar(f64), x, x86_reg(b));
	vmxl_x86_land(c, end);
	vmxl_x86_xresult(c, x);
}

static void feq(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool f64 = is_f64(op);
	struct x86_rm b = vmxl_x86_xrm(c, op->b, f64);
	unsigned int x = vmxl_x86_xcopy(c, op->a, f64);
	struct x86_dst d;

	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	x86_ii(c, 0xc2 | scalar(f64), x, b, 1, 0);			/* cmpss, cmpsd: a mask */
	x86_i(c, 0x7e | X86_0F | X86_66, x, x86_reg(d.reg));
	x86_alui(c, X86_AND, false, x86_reg(d.reg), 1);
	vmxl_x86_dst_end(c, d, VMXL_T_I64);
}

/* b > a, b >= a: these are false where the comparison is unordered */
void vmxl_x86_lower_fcmp(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool f64 = is_f64(op), lt = op->op == VMXL_IR_FLT || op->op == VMXL_IR_FLTQ;
	bool signals = op->op == VMXL_IR_FLT || op->op == VMXL_IR_FLE;
	struct x86_dst d;
	struct x86_rm a;
	unsigned int b;

	if (op->op == VMXL_IR_FEQ) {
		feq(c, op);
		return;
	}
	a = vmxl_x86_xrm(c, op->a, f64);
	b = vmxl_x86_xuse(c, op->b, f64);
	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	compare(c, f64, signals, b, a);
	x86_i(c, 0x90 | (lt ? X86_CC_A : X86_CC_AE) | X86_0F | X86_RM8, 0, x86_reg(d.reg));
	x86_i(c, 0xb6 | X86_0F | X86_RM8, d.reg, x86_reg(d.reg));
	vmxl_x86_dst_end(c, d, VMXL_T_I64);
}

/* roundss, roundsd: bit 3 keeps the inexact exception down */
void vmxl_x86_lower_frint(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool f64 = is_f64(op);
	struct x86_rm a = vmxl_x86_xrm(c, op->a, f64);
	unsigned int x = vmxl_x86_xtemp(c);

	x86_ii(c, (f64 ? 0x0b : 0x0a) | X86_0F3A | X86_66, x, a, 1,
	       rc_of[op->aux & 3] | (op->imm ? 0 : 8));
	vmxl_x86_fix_nan(c, f64, x);
	vmxl_x86_xresult(c, x);
}

/*
 * A slot in memory = the operand below 32 ones: one store, as what follows may
 * load all of it. Of an F32 in an XMM register only the low half counts, so that
 * it may stay in the register that is stored.
 */
static bool box_memory(struct x86_ctx *c, const struct vmxl_op *op)
{
	unsigned int put = vmxl_x86_early_put(c), x;
	bool shared;

	if (!put || c->s[x86_op(c, put)->imm].reg != X86_NOREG)
		return false;
	shared = vmxl_x86_is32(c, op->a) && c->v[op->a].last != c->i;
	x = shared ? vmxl_x86_xuse(c, op->a, false) : vmxl_x86_xcopy(c, op->a, false);
	x86_i(c, 0xeb | X86_0F | X86_66, x, x86_reg(X86_XBOX));		/* por */
	x86_i(c, 0xd6 | X86_0F | X86_66, x, x86_slot_mem(c, x86_op(c, put)->imm));
	if (!shared)
		vmxl_x86_xresult(c, x);
	c->v[c->i].flag |= X86_V_BOXED;
	vmxl_x86_put_done(c, put);
	return true;
}

static void copy(struct x86_ctx *c, const struct vmxl_op *op, bool w)
{
	struct x86_opnd a = vmxl_x86_rm(c, op->a);
	struct x86_dst d;

	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	x86_mov(c, w, d.reg, a.rm);
	vmxl_x86_dst_end(c, d, VMXL_T_I64);
}

static void box16(struct x86_ctx *c, const struct vmxl_op *op)
{
	struct x86_opnd a = vmxl_x86_rm(c, op->a);
	struct x86_dst d;

	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	x86_i(c, 0xb7 | X86_0F, d.reg, a.rm);				/* movzx */
	x86_alui(c, X86_OR, true, x86_reg(d.reg), ~0xffff);
	vmxl_x86_dst_end(c, d, VMXL_T_I64);
}

void vmxl_x86_lower_fbox(struct x86_ctx *c, const struct vmxl_op *op)
{
	struct x86_opnd a;
	unsigned int t;
	struct x86_dst d;

	if (is_f64(op)) {
		copy(c, op, true);
		return;
	}
	if (op->type == VMXL_T_F16) {
		box16(c, op);
		return;
	}
	if (box_memory(c, op))
		return;
	a = vmxl_x86_rm(c, op->a);
	t = vmxl_x86_temp(c);
	d = vmxl_x86_dst(c, BIT(t));
	x86_movi(c, t, ~0ULL << 32);
	x86_i(c, 0x8b, d.reg, a.rm);
	x86_alu(c, X86_OR, true, d.reg, x86_reg(t));
	c->v[c->i].flag |= X86_V_BOXED;
	vmxl_x86_dst_end(c, d, VMXL_T_I64);
}

/* Leave if the high half of a value is not all ones. */
static void check_box(struct x86_ctx *c, vmxl_ref v)
{
	struct x86_opnd a = vmxl_x86_rm_mem(c, v);
	unsigned int t;

	if (a.rm.mem) {
		a.rm.disp += 4;
		x86_alui(c, X86_CMP, false, a.rm, -1);
	} else {
		t = vmxl_x86_temp(c);
		x86_mov(c, true, t, a.rm);
		x86_shifti(c, X86_SHR, true, t, 32);
		x86_alui(c, X86_CMP, false, x86_reg(t), -1);
	}
	x86_step(c, X86_CC_NE);
	vmxl_x86_mark(c, v, X86_V_BOXED, 0);
}

/* The result is the low half of wherever the operand is. */
void vmxl_x86_lower_funbox(struct x86_ctx *c, const struct vmxl_op *op)
{
	if (is_f64(op)) {
		copy(c, op, true);
		return;
	}
	if (!(c->v[op->a].flag & X86_V_BOXED))
		check_box(c, op->a);
	if (!vmxl_x86_share_slot(c, op->a))
		copy(c, op, false);
}
