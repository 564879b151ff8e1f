// SPDX-License-Identifier: GPL-2.0
/*
 * Lowering: bits. What not every processor has (BMI, LZCNT, POPCNT, PCLMULQDQ)
 * is done without on those.
 */
#include <linux/errno.h>
#include <linux/log2.h>
#include "emit.h"

static void invert(struct x86_ctx *c, bool w, unsigned int reg)
{
	x86_i(c, 0xf7 | x86_w(w), 2, x86_reg(reg));
}

/* a & ~b, a | ~b, a ^ ~b with a constant b */
static bool not_const(struct x86_ctx *c, const struct vmxl_op *op)
{
	enum x86_alu n = op->op == VMXL_IR_ANDN ? X86_AND :
			 op->op == VMXL_IR_ORN ? X86_OR : X86_XOR;
	struct x86_opnd a;
	struct x86_dst d;
	bool w = x86_w64(op), fits;
	u64 val;

	if (!vmxl_x86_const(c, op->b, &val))
		return false;
	fits = !w || ~val == (u64)(s32)~val;
	if (!fits && !(n == X86_AND && is_power_of_2(val)))
		return false;
	a = vmxl_x86_rm(c, op->a);
	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	vmxl_x86_load(c, d.reg, &a, w);
	if (fits)
		x86_alui(c, n, w, x86_reg(d.reg), ~val);
	else
		x86_ii(c, 0xba | X86_0F | X86_W, 6, x86_reg(d.reg), 1, ilog2(val));
	vmxl_x86_dst_end(c, d, op->type);
	return true;
}

static void andn(struct x86_ctx *c, const struct vmxl_op *op)
{
	unsigned int b = vmxl_x86_use(c, op->b);
	struct x86_opnd a = vmxl_x86_rm(c, op->a);
	struct x86_dst d;

	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	vmxl_x86_emit(c, vmxl_x86_enc_vex(0xf2 | X86_0F38 | x86_w(x86_w64(op)), d.reg, b, a.rm,
					  0, 0));
	vmxl_x86_dst_end(c, d, op->type);
}

void vmxl_x86_lower_not(struct x86_ctx *c, const struct vmxl_op *op)
{
	enum x86_alu n = op->op == VMXL_IR_ANDN ? X86_AND :
			 op->op == VMXL_IR_ORN ? X86_OR : X86_XOR;
	bool w = x86_w64(op);
	struct x86_opnd a, b;
	struct x86_dst d;

	if (not_const(c, op))
		return;
	if (n == X86_AND && x86_has(c, X86_F_BMI1)) {
		andn(c, op);
		return;
	}
	a = vmxl_x86_rm(c, op->a);
	b = vmxl_x86_rm(c, op->b);
	d = vmxl_x86_dst(c, x86_uses(&a));
	vmxl_x86_load(c, d.reg, &b, w);
	invert(c, w, d.reg);
	x86_alu(c, n, w, d.reg, a.rm);
	vmxl_x86_dst_end(c, d, op->type);
}

/* Without LZCNT, TZCNT: bsr, bsf leave the flags to say that there is no bit. */
static void count_by_scan(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool w = x86_w64(op), clz = op->op == VMXL_IR_CLZ;
	unsigned int width = w ? 64 : 32, t;
	struct x86_opnd a = vmxl_x86_rm(c, op->a);
	struct x86_dst d;

	t = vmxl_x86_temp(c);
	d = vmxl_x86_dst(c, BIT(t));
	x86_movi(c, t, clz ? 2 * width - 1 : width);
	x86_i(c, (clz ? 0xbd : 0xbc) | X86_0F | x86_w(w), d.reg, a.rm);
	x86_i(c, 0x44 | X86_0F | x86_w(w), d.reg, x86_reg(t));
	if (clz)
		x86_alui(c, X86_XOR, w, x86_reg(d.reg), width - 1);
	vmxl_x86_dst_end(c, d, VMXL_T_I64);
}

/* An instruction that gives a number of bits of its operand */
static void count_by(struct x86_ctx *c, const struct vmxl_op *op, u8 opc)
{
	struct x86_opnd a = vmxl_x86_rm(c, op->a);
	struct x86_dst d;

	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	x86_i(c, opc | X86_0F | X86_F3 | x86_w(x86_w64(op)), d.reg, a.rm);
	vmxl_x86_dst_end(c, d, VMXL_T_I64);
}

void vmxl_x86_lower_count(struct x86_ctx *c, const struct vmxl_op *op)
{
	if (op->op == VMXL_IR_CLZ && x86_has(c, X86_F_LZCNT))
		count_by(c, op, 0xbd);
	else if (op->op == VMXL_IR_CTZ && x86_has(c, X86_F_BMI1))
		count_by(c, op, 0xbc);
	else
		count_by_scan(c, op);
}

/* Without POPCNT: take away the lowest bit until there is none. */
void vmxl_x86_lower_popcnt(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool w = x86_w64(op);
	u32 loop, end;

	if (x86_has(c, X86_F_POPCNT)) {
		count_by(c, op, 0xb8);
		return;
	}
	vmxl_x86_take(c, X86_RAX);
	vmxl_x86_take(c, X86_RDX);
	vmxl_x86_take_value(c, X86_RCX, op->a, w);
	x86_zero(c, X86_RAX);
	loop = x86_here(c);
	x86_test(c, w, X86_RCX, X86_RCX);
	end = vmxl_x86_jump_short(c, X86_CC_E);
	x86_lea(c, w, X86_RDX, x86_mem(X86_RCX, -1));
	x86_alu(c, X86_AND, w, X86_RCX, x86_reg(X86_RDX));
	x86_alui(c, X86_ADD, false, x86_reg(X86_RAX), 1);
	vmxl_x86_jump_to(c, X86_ALWAYS, loop);
	vmxl_x86_land(c, end);
	vmxl_x86_dst_end(c, vmxl_x86_dst_in(c, X86_RAX), VMXL_T_I64);
}

static void bswap(struct x86_ctx *c, bool w, unsigned int reg)
{
	if (w || reg & 8)
		x86_raw(c, 3, (w ? 0x48 : 0x40) | reg >> 3 | 0x0f << 8 | (0xc8 | (reg & 7)) << 16);
	else
		x86_raw(c, 2, 0x0f | (0xc8 | reg) << 8);
}

void vmxl_x86_lower_bswap(struct x86_ctx *c, const struct vmxl_op *op)
{
	struct x86_opnd a = vmxl_x86_rm(c, op->a);
	bool w = x86_w64(op);
	struct x86_dst d;

	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	vmxl_x86_load(c, d.reg, &a, w);
	bswap(c, w, d.reg);
	vmxl_x86_dst_end(c, d, op->type);
}

/* reg: neighbouring groups of @n bits change places */
static void swap_bits(struct x86_ctx *c, unsigned int reg, unsigned int mask, unsigned int t,
		      unsigned int n, u64 low)
{
	x86_movi(c, mask, low);
	x86_mov(c, true, t, x86_reg(reg));
	x86_shifti(c, X86_SHR, true, t, n);
	x86_alu(c, X86_AND, true, t, x86_reg(mask));
	x86_alu(c, X86_AND, true, reg, x86_reg(mask));
	x86_shifti(c, X86_SHL, true, reg, n);
	x86_alu(c, X86_OR, true, reg, x86_reg(t));
}

void vmxl_x86_lower_bitrev(struct x86_ctx *c, const struct vmxl_op *op)
{
	vmxl_x86_take(c, X86_RCX);
	vmxl_x86_take(c, X86_RDX);
	vmxl_x86_take_value(c, X86_RAX, op->a, true);
	bswap(c, true, X86_RAX);
	swap_bits(c, X86_RAX, X86_RCX, X86_RDX, 4, 0x0f0f0f0f0f0f0f0fULL);
	swap_bits(c, X86_RAX, X86_RCX, X86_RDX, 2, 0x3333333333333333ULL);
	swap_bits(c, X86_RAX, X86_RCX, X86_RDX, 1, 0x5555555555555555ULL);
	if (op->type != VMXL_T_I64)
		x86_shifti(c, X86_SHR, true, X86_RAX, 32);
	vmxl_x86_dst_end(c, vmxl_x86_dst_in(c, X86_RAX), op->type);
}

/* Bytes that are 0, compared with 0, inverted */
void vmxl_x86_lower_orcb(struct x86_ctx *c, const struct vmxl_op *op)
{
	unsigned int x = vmxl_x86_xcopy(c, op->a, true), zero = vmxl_x86_xtemp(c);
	bool w = x86_w64(op);
	struct x86_dst d;

	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	x86_i(c, 0xef | X86_0F | X86_66, zero, x86_reg(zero));		/* pxor */
	x86_i(c, 0x74 | X86_0F | X86_66, x, x86_reg(zero));		/* pcmpeqb */
	x86_i(c, 0x7e | X86_0F | X86_66 | x86_w(w), x, x86_reg(d.reg));
	invert(c, w, d.reg);
	vmxl_x86_dst_end(c, d, op->type);
}

/*
 * Without PCLMULQDQ. Low half: a, shifted up, for each bit of b from the
 * lowest; high half: a, shifted down, for each bit of b from the highest.
 */
static void clmul_loop(struct x86_ctx *c, const struct vmxl_op *op)
{
	bool high = op->op == VMXL_IR_CLMULH;
	u32 loop, end, skip;

	vmxl_x86_take(c, X86_RAX);
	vmxl_x86_take_value(c, X86_RDX, op->a, true);
	vmxl_x86_take_value(c, X86_RCX, op->b, true);
	x86_zero(c, X86_RAX);
	loop = x86_here(c);
	if (high)
		x86_shifti(c, X86_SHR, true, X86_RDX, 1);
	else
		x86_test(c, true, X86_RCX, X86_RCX);
	end = vmxl_x86_jump_short(c, X86_CC_E);
	x86_shifti(c, high ? X86_SHL : X86_SHR, true, X86_RCX, 1);
	skip = vmxl_x86_jump_short(c, X86_CC_AE);
	x86_alu(c, X86_XOR, true, X86_RAX, x86_reg(X86_RDX));
	vmxl_x86_land(c, skip);
	if (!high)
		x86_shifti(c, X86_SHL, true, X86_RDX, 1);
	vmxl_x86_jump_to(c, X86_ALWAYS, loop);
	vmxl_x86_land(c, end);
	vmxl_x86_dst_end(c, vmxl_x86_dst_in(c, X86_RAX), op->type);
}

void vmxl_x86_lower_clmul(struct x86_ctx *c, const struct vmxl_op *op)
{
	unsigned int x, y;
	struct x86_dst d;

	if (!x86_has(c, X86_F_PCLMUL)) {
		clmul_loop(c, op);
		return;
	}
	y = vmxl_x86_xuse(c, op->b, true);
	x = vmxl_x86_xcopy(c, op->a, true);
	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	x86_ii(c, 0x44 | X86_0F3A | X86_66, x, x86_reg(y), 1, 0);
	if (op->op == VMXL_IR_CLMULH)
		x86_ii(c, 0x73 | X86_0F | X86_66, 3, x86_reg(x), 1, 8);	/* psrldq */
	x86_i(c, 0x7e | X86_0F | X86_66 | X86_W, x, x86_reg(d.reg));
	vmxl_x86_dst_end(c, d, op->type);
}

void vmxl_x86_lower_extend(struct x86_ctx *c, const struct vmxl_op *op)
{
	static const u32 opcode[] = {
		0xbe | X86_0F | X86_RM8, 0xbf | X86_0F, 0x63,
		0xb6 | X86_0F | X86_RM8, 0xb7 | X86_0F, 0x8b,
	};
	unsigned int n = op->op - VMXL_IR_SEXT8;
	struct x86_opnd a = vmxl_x86_rm(c, op->a);
	struct x86_dst d;

	static_assert(VMXL_IR_SEXT32 == VMXL_IR_SEXT8 + 2 && VMXL_IR_ZEXT32 == VMXL_IR_SEXT8 + 5);
	if (n == 2 && op->type == VMXL_T_Z32)
		n = 5;
	else if (n == 5 && op->type == VMXL_T_S32)
		n = 2;
	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	x86_i(c, opcode[n] | x86_w(n < 3 && op->type != VMXL_T_Z32), d.reg, a.rm);
	vmxl_x86_dst_end(c, d, VMXL_T_I64);
}

static void extract(struct x86_ctx *c, unsigned int reg, unsigned int pos, unsigned int len)
{
	bool w = pos + len > 32;

	if (len < 32 && pos + len < 64) {
		if (pos)
			x86_shifti(c, X86_SHR, w, reg, pos);
		x86_alui(c, X86_AND, false, x86_reg(reg), (1u << len) - 1);
		return;
	}
	if (pos + len < 64)
		x86_shifti(c, X86_SHL, true, reg, 64 - pos - len);
	if (len < 64)
		x86_shifti(c, X86_SHR, true, reg, 64 - len);
}

void vmxl_x86_lower_extract(struct x86_ctx *c, const struct vmxl_op *op)
{
	unsigned int pos = op->imm & 63, len = op->imm >> 8 & 0x7f;
	struct x86_opnd a = vmxl_x86_rm(c, op->a);
	struct x86_dst d;

	vmxl_x86_release(c);
	d = vmxl_x86_dst(c, 0);
	vmxl_x86_load(c, d.reg, &a, pos + len > 32);
	extract(c, d.reg, pos, len);
	vmxl_x86_dst_end(c, d, op->type);
}

/* The field is rotated to the top, shifted out, b's bits shifted in, and back. */
void vmxl_x86_lower_deposit(struct x86_ctx *c, const struct vmxl_op *op)
{
	unsigned int pos = op->imm & 63, len = op->imm >> 8 & 0x7f, end = pos + len;
	unsigned int b = vmxl_x86_use(c, op->b);
	struct x86_opnd a = vmxl_x86_rm(c, op->a);
	struct x86_dst d = vmxl_x86_dst(c, BIT(b));

	if (len >= 64) {
		x86_mov(c, true, d.reg, x86_reg(b));
		vmxl_x86_dst_end(c, d, op->type);
		return;
	}
	vmxl_x86_load(c, d.reg, &a, true);
	if (end & 63)
		x86_shifti(c, X86_ROR, true, d.reg, end & 63);
	x86_shifti(c, X86_SHL, true, d.reg, len);
	x86_ii(c, 0xac | X86_0F | X86_W, b, x86_reg(d.reg), 1, len);	/* shrd */
	if (end & 63)
		x86_shifti(c, X86_ROL, true, d.reg, end & 63);
	if (op->type == VMXL_T_Z32)
		x86_mov(c, false, d.reg, x86_reg(d.reg));
	vmxl_x86_dst_end(c, d, op->type);
}
