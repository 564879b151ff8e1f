// SPDX-License-Identifier: GPL-2.0
/*
 * Lowering: conversions between floating point and integers. A value that does
 * not fit the integer is left to the interpreter, before any exception is
 * raised that the guest's instruction would not raise.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include "emit.h"

static u32 scalar(bool f64)
{
	return X86_0F | (f64 ? X86_F2 : X86_F3);
}

void vmxl_x86_lower_fcvt(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool f64 = op->type == VMXL_T_F64;
	struct x86_rm a = vmxl_x86_xrm(c, op->a, !f64);
	unsigned int x = vmxl_x86_xtemp(c);

	vmxl_x86_rc(c, op->aux);
	x86_i(c, 0x5a | scalar(!f64), x, a);
	vmxl_x86_rc_end(c, op->aux);
	vmxl_x86_fix_nan(c, f64, x);
	vmxl_x86_xresult(c, x);
}

static bool is_wide(const struct vmxl_op *op)
{
	return op->imm == VMXL_FINT_S64 || op->imm == VMXL_FINT_U64;
}

static bool is_signed(const struct vmxl_op *op)
{
	return op->imm == VMXL_FINT_S32 || op->imm == VMXL_FINT_S64;
}

/*
 * Unsigned: what is positive and below a power of two, whatever the rounding,
 * is converted as a signed number; the exponent tells.
 */
static void check_exponent(struct x86_ctx *c, const struct vmxl_op *op, unsigned int x,
			   unsigned int t)
{
	bool f64 = op->type == VMXL_T_F64;
	unsigned int bits = is_wide(op) ? 63 : op->aux == 1 ? 32 : 31;

	x86_i(c, 0x7e | X86_0F | X86_66 | x86_w(f64), x, x86_reg(t));
	x86_shifti(c, X86_SHR, f64, t, f64 ? 52 : 23);
	x86_alui(c, X86_CMP, false, x86_reg(t), (f64 ? 1023 : 127) + bits);
	x86_step(c, X86_CC_AE);
}

void vmxl_x86_lower_ftoi(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool f64 = op->type == VMXL_T_F64, trunc = op->aux == 1;
	unsigned int x = vmxl_x86_xuse(c, op->a, f64), t = vmxl_x86_temp(c);
	u32 w = x86_w(is_wide(op) || !is_signed(op));

	if (!is_signed(op))
		check_exponent(c, op, x, t);
	if (!trunc)
		vmxl_x86_rc(c, op->aux);
	x86_i(c, (trunc ? 0x2c : 0x2d) | scalar(f64) | w, t, x86_reg(x));
	if (!trunc)
		vmxl_x86_rc_end(c, op->aux);
	if (is_signed(op)) {		/* the smallest number: out of range, or maybe */
		x86_alui(c, X86_CMP, w, x86_reg(t), 1);
		x86_step(c, X86_CC_O);
	}
	vmxl_x86_dst_end(c, vmxl_x86_dst_in(c, t), is_wide(op) ? VMXL_T_I64 : VMXL_T_S32);
}

/* x = integer; the rest of x is cleared, so as not to wait for it */
static void convert(struct x86_ctx *c, bool f64, bool w, unsigned int x, struct x86_rm from)
{
	x86_i(c, 0x57 | X86_0F, x, x86_reg(x));
	x86_i(c, 0x2a | scalar(f64) | x86_w(w), x, from);
}

static void from_u64(struct x86_ctx *c, const struct vmxl_op *op, unsigned int x)
{
	bool f64 = op->type == VMXL_T_F64;
	unsigned int a = vmxl_x86_use(c, op->a), t = vmxl_x86_temp(c);

	x86_i(c, 0x57 | X86_0F, x, x86_reg(x));
	x86_test(c, true, a, a);
	vmxl_x86_jump_out(c, X86_CC_S, f64 ? X86_OUT_U64TOF64 : X86_OUT_U64TOF32,
			  x << 8 | a << 4 | t);
	x86_i(c, 0x2a | scalar(f64) | X86_W, x, x86_reg(a));
}

void vmxl_x86_lower_itof(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool f64 = op->type == VMXL_T_F64;
	unsigned int x = vmxl_x86_xtemp(c), t;
	struct x86_opnd a;

	vmxl_x86_rc(c, op->aux);
	if (op->imm == VMXL_FINT_U64) {
		from_u64(c, op, x);
	} else if (op->imm == VMXL_FINT_U32) {
		t = vmxl_x86_temp(c);
		a = vmxl_x86_rm(c, op->a);
		x86_i(c, 0x8b, t, a.rm);
		convert(c, f64, true, x, x86_reg(t));
	} else {
		a = vmxl_x86_rm(c, op->a);
		convert(c, f64, is_wide(op), x, a.rm);
	}
	vmxl_x86_rc_end(c, op->aux);
	vmxl_x86_xresult(c, x);
}
