// SPDX-License-Identifier: GPL-2.0
/*
 * Lowering: integer arithmetic, shifts, comparisons. 32-bit types are 32-bit
 * instructions, whose results are zero-extended; vmxl_x86_dst_end() makes a
 * sign-extended one of it where the type says so.
 *
 * The order everywhere: operands, then where the result goes, then code.
 */
#include <linux/errno.h>
#include <linux/log2.h>
#include "emit.h"

static enum x86_alu alu_of(u16 op)
{
	switch (op) {
	case VMXL_IR_ADD:
		return X86_ADD;
	case VMXL_IR_SUB:
		return X86_SUB;
	case VMXL_IR_AND:
		return X86_AND;
	case VMXL_IR_OR:
		return X86_OR;
	default:
		return X86_XOR;
	}
}

/* reg = a n b */
static void alu3(struct x86_ctx *c, enum x86_alu n, bool w, unsigned int reg,
		 const struct x86_opnd *a, const struct x86_opnd *b)
{
	if (x86_is_reg(b, reg) && !x86_is_reg(a, reg)) {
		if (n == X86_SUB) {
			x86_i(c, 0xf7 | x86_w(w), 3, x86_reg(reg));	/* neg */
			n = X86_ADD;
		}
		x86_aluo(c, n, w, reg, a);
		return;
	}
	vmxl_x86_load(c, reg, a, w);
	x86_aluo(c, n, w, reg, b);
}

static void lea3(struct x86_ctx *c, bool w, unsigned int reg, unsigned int a,
		 const struct x86_opnd *b)
{
	if (b->is_imm)
		x86_lea(c, w, reg, x86_mem(a, b->imm));
	else
		x86_lea(c, w, reg, x86_mem_index(a, b->rm.base, 0, 0));
}

/* A sum in one instruction where the result is in neither operand's register */
static bool want_lea(enum x86_alu n, unsigned int reg, const struct x86_opnd *a,
		     const struct x86_opnd *b)
{
	return n == X86_ADD && !a->rm.mem && a->rm.base != reg && !x86_is_reg(b, reg) &&
	       (b->is_imm || !b->rm.mem);
}

/* slot = slot n b, in memory */
static bool alu_memory(struct x86_ctx *c, const struct vmxl_op *op, enum x86_alu n, vmxl_ref a,
		       vmxl_ref vb)
{
	unsigned int put = vmxl_x86_early_put(c), slot;
	struct x86_opnd b;

	if (op->type != VMXL_T_I64 || !put || c->v[c->i].uses != 1)
		return false;
	slot = x86_op(c, put)->imm;
	if (c->s[slot].reg != X86_NOREG || c->v[a].slot != slot || c->v[a].reg != X86_NOREG ||
	    vmxl_x86_is32(c, a))
		return false;
	b = vmxl_x86_rmi(c, vb, true);
	if (b.is_imm)
		x86_alui(c, n, true, x86_slot_mem(c, slot), b.imm);
	else
		x86_i(c, 0x01 | n << 3 | X86_W, vmxl_x86_use(c, vb), x86_slot_mem(c, slot));
	if (n == X86_ADD && b.is_imm)
		vmxl_x86_track(c, op, a, b.imm);
	vmxl_x86_put_done(c, put);
	return true;
}

static void copy(struct x86_ctx *c, const struct vmxl_op *op, vmxl_ref v)
{
	struct x86_opnd a = vmxl_x86_rm(c, v);
	struct x86_dst d;

	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	if (op->type == VMXL_T_S32) {
		x86_movsxd(c, d.reg, a.rm);
	} else {
		x86_mov(c, x86_w64(op), d.reg, a.rm);
		vmxl_x86_track(c, op, v, 0);
	}
	vmxl_x86_dst_end(c, d, VMXL_T_I64);
}

/* reg = a with a single bit set, cleared or inverted, where that is no 32-bit immediate */
static bool one_bit(struct x86_ctx *c, const struct vmxl_op *op, enum x86_alu n, vmxl_ref va,
		    u64 val)
{
	u64 bit = n == X86_AND ? ~val : val;
	unsigned int sub = n == X86_OR ? 5 : n == X86_AND ? 6 : 7;	/* bts, btr, btc */
	struct x86_opnd a;
	struct x86_dst d;

	if (op->type != VMXL_T_I64 || val == (u64)(s32)val || !is_power_of_2(bit) ||
	    n == X86_ADD || n == X86_SUB)
		return false;
	a = vmxl_x86_rm(c, va);
	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	vmxl_x86_load(c, d.reg, &a, true);
	x86_ii(c, 0xba | X86_0F | X86_W, sub, x86_reg(d.reg), 1, ilog2(bit));
	vmxl_x86_dst_end(c, d, op->type);
	return true;
}

/* AND with what a 32-bit instruction does: the high half becomes 0 */
static bool low_mask(struct x86_ctx *c, const struct vmxl_op *op, enum x86_alu n, vmxl_ref va,
		     u64 val)
{
	struct x86_opnd a;
	struct x86_dst d;

	if (n != X86_AND || val > U32_MAX || (op->type != VMXL_T_I64 && val != 0xff &&
					      val != 0xffff))
		return false;
	a = vmxl_x86_rm(c, va);
	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	if (val == 0xff) {
		x86_i(c, 0xb6 | X86_0F | X86_RM8, d.reg, a.rm);
	} else if (val == 0xffff) {
		x86_i(c, 0xb7 | X86_0F, d.reg, a.rm);
	} else if (val == U32_MAX) {
		x86_mov(c, false, d.reg, a.rm);
	} else {
		vmxl_x86_load(c, d.reg, &a, false);
		x86_alui(c, X86_AND, false, x86_reg(d.reg), val);
	}
	vmxl_x86_dst_end(c, d, VMXL_T_I64);
	return true;
}

/* The forms that a constant has; false: none of them */
static bool alu_const(struct x86_ctx *c, const struct vmxl_op *op, enum x86_alu n, vmxl_ref va,
		      vmxl_ref vb)
{
	u64 val;

	if (!vmxl_x86_const(c, vb, &val))
		return false;
	if (!val && n != X86_AND) {
		copy(c, op, va);
		return true;
	}
	return one_bit(c, op, n, va, val) || low_mask(c, op, n, va, val);
}

void vmxl_x86_lower_alu(struct x86_ctx *c, const struct vmxl_op *op)
{
	enum x86_alu n = alu_of(op->op);
	bool w = x86_w64(op);
	vmxl_ref va = op->a, vb = op->b;
	struct x86_opnd a, b;
	struct x86_dst d;
	u64 val;

	if (n != X86_SUB && vmxl_x86_const(c, va, &val)) {
		va = op->b;
		vb = op->a;
	}
	if (alu_memory(c, op, n, va, vb) || alu_const(c, op, n, va, vb))
		return;
	b = vmxl_x86_rmi(c, vb, w);
	a = vmxl_x86_rm(c, va);
	if (n == X86_SUB && b.is_imm && b.imm != S32_MIN) {
		n = X86_ADD;
		b.imm = -b.imm;
	}
	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	if (want_lea(n, d.reg, &a, &b))
		lea3(c, w, d.reg, a.rm.base, &b);
	else
		alu3(c, n, w, d.reg, &a, &b);
	if (n == X86_ADD && b.is_imm)
		vmxl_x86_track(c, op, va, b.imm);
	vmxl_x86_dst_end(c, d, op->type);
}

static void imul_imm(struct x86_ctx *c, bool w, unsigned int reg, struct x86_rm a, s32 imm)
{
	if (imm == (s8)imm)
		x86_ii(c, 0x6b | x86_w(w), reg, a, 1, imm);
	else
		x86_ii(c, 0x69 | x86_w(w), reg, a, 4, imm);
}

void vmxl_x86_lower_mul(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool w = x86_w64(op);
	struct x86_opnd b = vmxl_x86_rmi(c, op->b, w);
	struct x86_opnd a = vmxl_x86_rm(c, op->a);
	struct x86_dst d;

	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	if (b.is_imm) {
		imul_imm(c, w, d.reg, a.rm, b.imm);
	} else if (x86_is_reg(&b, d.reg)) {
		x86_i(c, 0xaf | X86_0F | x86_w(w), d.reg, a.rm);
	} else {
		vmxl_x86_load(c, d.reg, &a, w);
		x86_i(c, 0xaf | X86_0F | x86_w(w), d.reg, b.rm);
	}
	vmxl_x86_dst_end(c, d, op->type);
}

/* High half of a product: rdx */
void vmxl_x86_lower_mulh(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool su = op->op == VMXL_IR_MULHSU;
	unsigned int t = X86_RCX;
	struct x86_opnd b;

	vmxl_x86_take(c, X86_RDX);
	vmxl_x86_take_value(c, X86_RAX, op->a, true);
	b = vmxl_x86_rm_mem(c, op->b);
	if (su) {		/* as unsigned, less b where a is negative */
		t = vmxl_x86_temp(c);
		x86_mov(c, true, t, x86_reg(X86_RAX));
		x86_shifti(c, X86_SAR, true, t, 63);
		x86_alu(c, X86_AND, true, t, b.rm);
	}
	x86_i(c, 0xf7 | X86_W, op->op == VMXL_IR_MULHS ? 5 : 4, b.rm);
	if (su)
		x86_alu(c, X86_SUB, true, X86_RDX, x86_reg(t));
	vmxl_x86_dst_end(c, vmxl_x86_dst_in(c, X86_RDX), op->type);
}

/* RDTSC is ordered with nothing; LFENCE waits for earlier loads. */
void vmxl_x86_lower_counter(struct x86_ctx *c, const struct vmxl_op *op)
{
	vmxl_x86_take(c, X86_RAX);
	vmxl_x86_take(c, X86_RDX);
	x86_raw(c, 3, 0xe8ae0f);				/* lfence */
	x86_raw(c, 2, 0x310f);					/* rdtsc */
	x86_shifti(c, X86_SHL, true, X86_RDX, 32);
	x86_alu(c, X86_OR, true, X86_RAX, x86_reg(X86_RDX));
	vmxl_x86_dst_end(c, vmxl_x86_dst_in(c, X86_RAX), VMXL_T_I64);
}

/* rdx:rax / rcx, the divisor neither 0 nor, where signed, -1 */
static void divide(struct x86_ctx *c, bool w, bool is_signed)
{
	if (is_signed)
		x86_raw(c, w ? 2 : 1, w ? 0x9948 : 0x99);	/* cqo, cdq */
	else
		x86_zero(c, X86_RDX);
	x86_i(c, 0xf7 | x86_w(w), is_signed ? 7 : 6, x86_reg(X86_RCX));
}

static void div_signed(struct x86_ctx *c, bool w)
{
	u32 normal, end1, end2;

	x86_lea(c, w, X86_RDX, x86_mem(X86_RCX, 1));
	x86_alui(c, X86_CMP, w, x86_reg(X86_RDX), 1);
	normal = vmxl_x86_jump_short(c, X86_CC_A);
	x86_i(c, 0xf7 | x86_w(w), 3, x86_reg(X86_RAX));		/* by -1: neg */
	x86_test(c, w, X86_RCX, X86_RCX);
	end1 = vmxl_x86_jump_short(c, X86_CC_NE);
	x86_alui(c, X86_OR, w, x86_reg(X86_RAX), -1);
	end2 = vmxl_x86_jump_short(c, X86_ALWAYS);
	vmxl_x86_land(c, normal);
	divide(c, w, true);
	vmxl_x86_land(c, end1);
	vmxl_x86_land(c, end2);
}

static void rem_signed(struct x86_ctx *c, bool w)
{
	u32 normal, end1, end2;

	x86_lea(c, w, X86_RDX, x86_mem(X86_RCX, 1));
	x86_alui(c, X86_CMP, w, x86_reg(X86_RDX), 1);
	normal = vmxl_x86_jump_short(c, X86_CC_A);
	x86_i(c, 0x8b | x86_w(w), X86_RDX, x86_reg(X86_RAX));
	x86_test(c, w, X86_RCX, X86_RCX);
	end1 = vmxl_x86_jump_short(c, X86_CC_E);
	x86_zero(c, X86_RDX);
	end2 = vmxl_x86_jump_short(c, X86_ALWAYS);
	vmxl_x86_land(c, normal);
	divide(c, w, true);
	vmxl_x86_land(c, end1);
	vmxl_x86_land(c, end2);
}

static void div_unsigned(struct x86_ctx *c, bool w)
{
	u32 zero, end;

	x86_test(c, w, X86_RCX, X86_RCX);
	zero = vmxl_x86_jump_short(c, X86_CC_E);
	divide(c, w, false);
	end = vmxl_x86_jump_short(c, X86_ALWAYS);
	vmxl_x86_land(c, zero);
	x86_alui(c, X86_OR, w, x86_reg(X86_RAX), -1);
	vmxl_x86_land(c, end);
}

static void rem_unsigned(struct x86_ctx *c, bool w)
{
	u32 zero;

	x86_i(c, 0x8b | x86_w(w), X86_RDX, x86_reg(X86_RAX));
	x86_test(c, w, X86_RCX, X86_RCX);
	zero = vmxl_x86_jump_short(c, X86_CC_E);
	divide(c, w, false);
	vmxl_x86_land(c, zero);
}

void vmxl_x86_lower_div(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool w = x86_w64(op), rem = op->op == VMXL_IR_REMS || op->op == VMXL_IR_REMU;
	bool is_signed = op->op == VMXL_IR_DIVS || op->op == VMXL_IR_REMS;
	u64 val;

	vmxl_x86_take(c, X86_RDX);
	vmxl_x86_take_value(c, X86_RAX, op->a, w);
	vmxl_x86_take_value(c, X86_RCX, op->b, w);
	if (vmxl_x86_const(c, op->b, &val) && (w ? val + 1 > 1 : (u32)val + 1 > 1))
		divide(c, w, is_signed);
	else if (is_signed)
		(rem ? rem_signed : div_signed)(c, w);
	else
		(rem ? rem_unsigned : div_unsigned)(c, w);
	vmxl_x86_dst_end(c, vmxl_x86_dst_in(c, rem ? X86_RDX : X86_RAX), op->type);
}

static enum x86_shift shift_of(u16 op)
{
	switch (op) {
	case VMXL_IR_SHL:
		return X86_SHL;
	case VMXL_IR_SHR:
		return X86_SHR;
	case VMXL_IR_SAR:
		return X86_SAR;
	case VMXL_IR_ROL:
		return X86_ROL;
	default:
		return X86_ROR;
	}
}

/* BMI2: a rotation that leaves its operand as it was */
static void rorx(struct x86_ctx *c, const struct vmxl_op *op, unsigned int reg,
		 const struct x86_opnd *a, unsigned int count)
{
	bool w = x86_w64(op);

	if (op->op == VMXL_IR_ROL)
		count = (w ? 64 : 32) - count;
	vmxl_x86_emit(c, vmxl_x86_enc_vex(0xf0 | X86_0F3A | X86_F2 | x86_w(w), reg, 0, a->rm, 1,
					  count));
}

static void shift_const(struct x86_ctx *c, const struct vmxl_op *op, unsigned int count)
{
	bool rot = op->op == VMXL_IR_ROL || op->op == VMXL_IR_ROR, w = x86_w64(op);
	struct x86_opnd a = vmxl_x86_rm(c, op->a);
	struct x86_dst d;

	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	if (rot && count && !x86_is_reg(&a, d.reg) && x86_has(c, X86_F_BMI2)) {
		rorx(c, op, d.reg, &a, count);
		vmxl_x86_dst_end(c, d, op->type);
		return;
	}
	vmxl_x86_load(c, d.reg, &a, w);
	if (count)
		x86_shifti(c, shift_of(op->op), w, d.reg, count);
	else if (op->type == VMXL_T_Z32)
		x86_mov(c, false, d.reg, x86_reg(d.reg));
	vmxl_x86_dst_end(c, d, op->type);
}

/* BMI2: the count in any register */
static void shift_any(struct x86_ctx *c, const struct vmxl_op *op)
{
	u32 pfx = op->op == VMXL_IR_SHL ? X86_66 : op->op == VMXL_IR_SHR ? X86_F2 : X86_F3;
	unsigned int count = vmxl_x86_use(c, op->b);
	struct x86_opnd a = vmxl_x86_rm(c, op->a);
	struct x86_dst d;

	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	vmxl_x86_emit(c, vmxl_x86_enc_vex(0xf7 | X86_0F38 | pfx | x86_w(x86_w64(op)), d.reg,
					  count, a.rm, 0, 0));
	vmxl_x86_dst_end(c, d, op->type);
}

void vmxl_x86_lower_shift(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool w = x86_w64(op), rot = op->op == VMXL_IR_ROL || op->op == VMXL_IR_ROR;
	struct x86_opnd a;
	struct x86_dst d;
	u64 val;

	if (vmxl_x86_const(c, op->b, &val)) {
		shift_const(c, op, val & (w ? 63 : 31));
		return;
	}
	if (!rot && x86_has(c, X86_F_BMI2)) {
		shift_any(c, op);
		return;
	}
	vmxl_x86_take_value(c, X86_RCX, op->b, false);
	a = vmxl_x86_rm(c, op->a);
	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	vmxl_x86_load(c, d.reg, &a, w);
	x86_i(c, 0xd3 | x86_w(w), shift_of(op->op), x86_reg(d.reg));
	if (op->type == VMXL_T_Z32)	/* by 0: the high half was not touched */
		x86_mov(c, false, d.reg, x86_reg(d.reg));
	vmxl_x86_dst_end(c, d, op->type);
}

void vmxl_x86_lower_shadd(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool w = x86_w64(op);
	unsigned int ra, rb;
	struct x86_opnd a, b;
	struct x86_dst d;

	if (op->imm <= 3) {
		ra = vmxl_x86_use(c, op->a);
		rb = vmxl_x86_use(c, op->b);
		vmxl_x86_release(c);
		d = vmxl_x86_dst(c, 0);
		x86_lea(c, w, d.reg, x86_mem_index(rb, ra, op->imm, 0));
	} else {
		b = vmxl_x86_rmi(c, op->b, w);
		a = vmxl_x86_rm(c, op->a);
		d = vmxl_x86_dst(c, x86_uses(&b));
		vmxl_x86_load(c, d.reg, &a, true);
		x86_shifti(c, X86_SHL, true, d.reg, op->imm);
		x86_aluo(c, X86_ADD, w, d.reg, &b);
	}
	vmxl_x86_dst_end(c, d, op->type);
}

void vmxl_x86_lower_minmax(struct x86_ctx *c, const struct vmxl_op *op)
{
	/* the second operand is taken if the first one is ... than it */
	static const u8 cc[] = { X86_CC_G, X86_CC_L, X86_CC_A, X86_CC_B };
	bool w = x86_w64(op);
	struct x86_opnd b = vmxl_x86_rm(c, op->b);
	unsigned int a = vmxl_x86_use(c, op->a);
	struct x86_dst d = vmxl_x86_dst(c, x86_uses(&b));

	static_assert(VMXL_IR_SMAX == VMXL_IR_SMIN + 1 && VMXL_IR_UMAX == VMXL_IR_SMIN + 3);
	x86_alu(c, X86_CMP, w, a, b.rm);
	x86_i(c, 0x8b | x86_w(w), d.reg, x86_reg(a));
	x86_i(c, 0x40 | cc[op->op - VMXL_IR_SMIN] | X86_0F | x86_w(w), d.reg, b.rm);
	vmxl_x86_dst_end(c, d, op->type);
}

void vmxl_x86_lower_set(struct x86_ctx *c, const struct vmxl_op *op)
{
	enum x86_cc cc = vmxl_x86_compare(c, op);
	struct x86_dst d;

	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	x86_i(c, 0x90 | cc | X86_0F | X86_RM8, 0, x86_reg(d.reg));
	x86_i(c, 0xb6 | X86_0F | X86_RM8, d.reg, x86_reg(d.reg));
	vmxl_x86_dst_end(c, d, VMXL_T_I64);
}

void vmxl_x86_lower_sel(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool w = x86_w64(op);
	struct x86_opnd b = vmxl_x86_rm(c, op->b);
	struct x86_opnd other = vmxl_x86_rmi(c, op->c, w);
	struct x86_opnd a = vmxl_x86_rm_mem(c, op->a);
	struct x86_dst d = vmxl_x86_dst(c, x86_uses(&b));

	if (a.rm.mem)
		x86_alui(c, X86_CMP, true, a.rm, 0);
	else
		x86_test(c, true, a.rm.base, a.rm.base);
	if (other.is_imm || other.rm.mem || other.rm.base != d.reg)
		vmxl_x86_load(c, d.reg, &other, w);
	x86_i(c, 0x45 | X86_0F | x86_w(w), d.reg, b.rm);
	vmxl_x86_dst_end(c, d, op->type);
}
