/* SPDX-License-Identifier: GPL-2.0 */
/*
 * x86-64 instruction encoders: pure functions from operands to bytes. Inputs
 * are an opcode word, registers and immediates; the output is a struct
 * x86_insn. They know nothing of the IR, of buffers or of relocations.
 */
#ifndef VMXL_X86_ENCODE_H
#define VMXL_X86_ENCODE_H

#include <linux/types.h>

enum x86_reg {
	X86_RAX, X86_RCX, X86_RDX, X86_RBX, X86_RSP, X86_RBP, X86_RSI, X86_RDI,
	X86_R8, X86_R9, X86_R10, X86_R11, X86_R12, X86_R13, X86_R14, X86_R15,
	X86_RIP,		/* base of an rm only */
	X86_NOREG = 0xff,
};

/* Numbers in the opcodes of jcc, setcc, cmovcc; the inverse is cc ^ 1 */
enum x86_cc {
	X86_CC_O, X86_CC_NO, X86_CC_B, X86_CC_AE, X86_CC_E, X86_CC_NE, X86_CC_BE, X86_CC_A,
	X86_CC_S, X86_CC_NS, X86_CC_P, X86_CC_NP, X86_CC_L, X86_CC_GE, X86_CC_LE, X86_CC_G,
};

/* Numbers of the eight classic operations */
enum x86_alu {
	X86_ADD, X86_OR, X86_ADC, X86_SBB, X86_AND, X86_SUB, X86_XOR, X86_CMP,
};

/* Numbers of the shift group */
enum x86_shift { X86_ROL, X86_ROR, X86_SHL = 4, X86_SHR = 5, X86_SAR = 7 };

/* An opcode word: the byte, its map and prefix, and how it reads its operands */
#define X86_0F		0x00100u
#define X86_0F38	0x00200u
#define X86_0F3A	0x00300u
#define X86_MAP		0x00300u
#define X86_66		0x01000u
#define X86_F3		0x02000u
#define X86_F2		0x03000u
#define X86_PFX		0x03000u
#define X86_W		0x10000u	/* 64-bit operands */
#define X86_REG8	0x20000u	/* the reg operand is 8 bits wide */
#define X86_RM8		0x40000u	/* so is the rm operand, if it is a register */
#define X86_LOCK	0x80000u

/**
 * struct x86_rm - the operand that may be in memory
 * @mem: memory; else register @base
 * @base: register, or X86_RIP: @disp counts from the end of the instruction
 * @index: register, or X86_NOREG
 * @scale: log2 of what the index is multiplied by
 * @disp: displacement
 */
struct x86_rm {
	u8 mem;
	u8 base;
	u8 index;
	u8 scale;
	s32 disp;
};

static inline struct x86_rm x86_reg(unsigned int reg)
{
	return (struct x86_rm){ .base = reg, .index = X86_NOREG };
}

static inline struct x86_rm x86_mem(unsigned int base, s32 disp)
{
	return (struct x86_rm){ .mem = 1, .base = base, .index = X86_NOREG, .disp = disp };
}

static inline struct x86_rm x86_mem_index(unsigned int base, unsigned int index,
					  unsigned int scale, s32 disp)
{
	return (struct x86_rm){
		.mem = 1, .base = base, .index = index, .scale = scale, .disp = disp,
	};
}

#define X86_MAX_INSN	15

struct x86_insn {
	u8 len;
	u8 b[X86_MAX_INSN];
};

/* With a modrm byte; immlen 0, 1 or 4 bytes of imm follow */
struct x86_insn vmxl_x86_enc(u32 opc, unsigned int reg, struct x86_rm rm, unsigned int immlen,
			     s32 imm);
/* VEX-encoded, 128 bits; vreg is the operand that only VEX has */
struct x86_insn vmxl_x86_enc_vex(u32 opc, unsigned int reg, unsigned int vreg, struct x86_rm rm,
				 unsigned int immlen, s32 imm);
/* Bytes as they are, the lowest of val first */
struct x86_insn vmxl_x86_enc_raw(unsigned int len, u64 val);
/* reg = val, by the shortest form that leaves the flags alone */
struct x86_insn vmxl_x86_enc_movi(unsigned int reg, u64 val);
/* Push, pop: opc 0x50, 0x58 */
struct x86_insn vmxl_x86_enc_stack(u8 opc, unsigned int reg);
/* A no-op of 1 to 8 bytes */
struct x86_insn vmxl_x86_enc_nop(unsigned int len);

#endif /* VMXL_X86_ENCODE_H */
