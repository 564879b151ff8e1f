/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the IR's integer ops compute: the one definition, which the
 * interpreter inlines and constant folding calls. 32-bit forms take and give
 * 32 bits; the caller extends. Every function is total.
 */
#ifndef VMXL_ALU_H
#define VMXL_ALU_H

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/swab.h>
#include <linux/types.h>
#include "ir.h"

/* The ops by the shape of their operands; iop.h and alu.c expand these. */
#define VMXL_ALU2(X)							\
	X(ADD) X(SUB) X(MUL) X(DIVS) X(DIVU) X(REMS) X(REMU)		\
	X(AND) X(OR) X(XOR) X(ANDN) X(ORN) X(XNOR)			\
	X(SHL) X(SHR) X(SAR) X(ROL) X(ROR)				\
	X(SMIN) X(SMAX) X(UMIN) X(UMAX)

/* 64 bits only */
#define VMXL_ALU2L(X)							\
	X(MULHS) X(MULHU) X(MULHSU) X(CLMUL) X(CLMULH)

#define VMXL_ALU1(X)							\
	X(CLZ) X(CTZ) X(POPCNT) X(BSWAP) X(BITREV) X(ORCB)		\
	X(SEXT8) X(SEXT16) X(SEXT32) X(ZEXT8) X(ZEXT16) X(ZEXT32)

#define VMXL_CCS(X) X(EQ) X(NE) X(LT) X(GE) X(LTU) X(GEU)

#define ALU2(name, expr32, expr64)					\
static __always_inline u32 alu32_##name(u32 a, u32 b) { return expr32; } \
static __always_inline u64 alu64_##name(u64 a, u64 b) { return expr64; }

#define ALU2_SAME(name, expr)	ALU2(name, expr, expr)

ALU2_SAME(ADD, a + b)
ALU2_SAME(SUB, a - b)
ALU2_SAME(MUL, a * b)
ALU2_SAME(AND, a & b)
ALU2_SAME(OR, a | b)
ALU2_SAME(XOR, a ^ b)
ALU2_SAME(ANDN, a & ~b)
ALU2_SAME(ORN, a | ~b)
ALU2_SAME(XNOR, ~(a ^ b))
ALU2_SAME(DIVU, b ? a / b : ~(typeof(a))0)
ALU2_SAME(REMU, b ? a % b : a)
ALU2(DIVS, b + 1 > 1 ? (u32)((s32)a / (s32)b) : b ? -a : ~0u,
     b + 1 > 1 ? (u64)((s64)a / (s64)b) : b ? -a : ~0ull)
ALU2(REMS, b + 1 > 1 ? (u32)((s32)a % (s32)b) : b ? 0 : a,
     b + 1 > 1 ? (u64)((s64)a % (s64)b) : b ? 0 : a)
ALU2(SHL, a << (b & 31), a << (b & 63))
ALU2(SHR, a >> (b & 31), a >> (b & 63))
ALU2(SAR, (u32)((s32)a >> (b & 31)), (u64)((s64)a >> (b & 63)))
ALU2(ROL, a << (b & 31) | a >> (-b & 31), a << (b & 63) | a >> (-b & 63))
ALU2(ROR, a >> (b & 31) | a << (-b & 31), a >> (b & 63) | a << (-b & 63))
ALU2(SMIN, (s32)a < (s32)b ? a : b, (s64)a < (s64)b ? a : b)
ALU2(SMAX, (s32)a > (s32)b ? a : b, (s64)a > (s64)b ? a : b)
ALU2_SAME(UMIN, a < b ? a : b)
ALU2_SAME(UMAX, a > b ? a : b)

static __always_inline u64 alu64_MULHS(u64 a, u64 b)
{
	return ((__int128)(s64)a * (s64)b) >> 64;
}

static __always_inline u64 alu64_MULHU(u64 a, u64 b)
{
	return mul_u64_u64_shr(a, b, 64);
}

static __always_inline u64 alu64_MULHSU(u64 a, u64 b)
{
	return alu64_MULHU(a, b) - ((s64)a < 0 ? b : 0);
}

/* Carry-less multiplication, by the bits of b */
static __always_inline u64 alu64_CLMUL(u64 a, u64 b)
{
	u64 r = 0;

	for (; b; b &= b - 1)
		r ^= a << __ffs(b);
	return r;
}

static __always_inline u64 alu64_CLMULH(u64 a, u64 b)
{
	u64 r = 0;

	for (b &= ~1ULL; b; b &= b - 1)
		r ^= a >> (64 - __ffs(b));
	return r;
}

#undef ALU2
#undef ALU2_SAME

#define ALU1(name, expr32, expr64)					\
static __always_inline u32 alu32_##name(u32 a) { return expr32; }	\
static __always_inline u64 alu64_##name(u64 a) { return expr64; }

static __always_inline u64 alu_bits_in_bytes(u64 a)
{
	a = (a & 0x5555555555555555ULL) << 1 | (a >> 1 & 0x5555555555555555ULL);
	a = (a & 0x3333333333333333ULL) << 2 | (a >> 2 & 0x3333333333333333ULL);
	return (a & 0x0f0f0f0f0f0f0f0fULL) << 4 | (a >> 4 & 0x0f0f0f0f0f0f0f0fULL);
}

/* Bit 7 of each byte that is not 0, spread over the byte */
static __always_inline u64 alu_orc(u64 a)
{
	const u64 low7 = 0x7f7f7f7f7f7f7f7fULL;

	return ((((a & low7) + low7) | a) >> 7 & 0x0101010101010101ULL) * 0xff;
}

ALU1(CLZ, 32 - fls(a), 64 - fls64(a))
ALU1(CTZ, a ? __ffs(a) : 32, a ? __ffs(a) : 64)
ALU1(POPCNT, hweight32(a), hweight64(a))
ALU1(BSWAP, swab32(a), swab64(a))
ALU1(BITREV, swab32(alu_bits_in_bytes(a)), swab64(alu_bits_in_bytes(a)))
ALU1(ORCB, alu_orc(a), alu_orc(a))
ALU1(SEXT8, (s8)a, (s8)a)
ALU1(SEXT16, (s16)a, (s16)a)
ALU1(SEXT32, a, (s32)a)
ALU1(ZEXT8, (u8)a, (u8)a)
ALU1(ZEXT16, (u16)a, (u16)a)
ALU1(ZEXT32, a, (u32)a)

#undef ALU1

#define ALU_CC(name, type32, type64, oper)				\
static __always_inline bool cc32_##name(u32 a, u32 b)			\
{									\
	return (type32)a oper (type32)b;				\
}									\
static __always_inline bool cc64_##name(u64 a, u64 b)			\
{									\
	return (type64)a oper (type64)b;				\
}

ALU_CC(EQ, u32, u64, ==)
ALU_CC(NE, u32, u64, !=)
ALU_CC(LT, s32, s64, <)
ALU_CC(GE, s32, s64, >=)
ALU_CC(LTU, u32, u64, <)
ALU_CC(GEU, u32, u64, >=)

#undef ALU_CC

static __always_inline u64 alu_extract(u64 a, unsigned int pos, u64 mask)
{
	return a >> (pos & 63) & mask;
}

static __always_inline u64 alu_deposit(u64 a, u64 b, unsigned int pos, u64 mask)
{
	mask <<= pos & 63;
	return (a & ~mask) | (b << (pos & 63) & mask);
}

/* imm of EXTRACT and DEPOSIT: the mask of its length */
static inline u64 vmxl_field_mask(s64 imm)
{
	unsigned int len = imm >> 8 & 0xff;

	return len >= 64 ? ~0ULL : (1ULL << len) - 1;
}

static __always_inline u64 alu_unbox32(u64 a)
{
	return a >> 32 == U32_MAX ? (u32)a : 0x7fc00000u;
}

static __always_inline u64 alu_unbox16(u64 a)
{
	return a >> 16 == U64_MAX >> 16 ? (u16)a : 0x7e00u;
}

/* The result of a 32-bit op as a 64-bit value */
static __always_inline u64 alu_extend(u8 type, u64 v)
{
	return type == VMXL_T_S32 ? (u64)(s32)v : type == VMXL_T_Z32 ? (u32)v : v;
}

/* alu.c */
bool vmxl_alu_eval(const struct vmxl_op *op, const u64 v[3], u64 *res);
bool vmxl_alu_cc(unsigned int cc, u8 type, u64 a, u64 b);
u64 vmxl_alu_flags(unsigned int op, unsigned int type, u64 a, u64 b, u64 c);
u64 vmxl_alu_fl_test(unsigned int cc, u64 flags);
void vmxl_alu_vec(unsigned int op, unsigned int lane, unsigned int imm, u64 *d, const u64 *a,
		  const u64 *b);

#endif /* VMXL_ALU_H */
