/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RV64 instructions as data: the table that scripts/decodegen.c makes of
 * insn32.decode and insn16.decode, and a decoded instruction. Translator,
 * per-instruction tests, fuzzers and printers share it.
 */
#ifndef VMXL_RV64_INSN_H
#define VMXL_RV64_INSN_H

#include <linux/types.h>
#include "decode.h"

/**
 * struct vmxl_rv64_row - an instruction of the decode tables
 * @name: as the manual writes it
 * @syntax: operands, in the letters of insn32.decode's head
 * @mask: @match: the bits that are fixed
 * @not_mask: @not_match: encodings that are something else, or reserved
 * @isa: VMXL_RV64_ISA_* that all must be there; the base ISA has no bit
 * @len: in bytes
 * @fmt: enum vmxl_rv64_fmt
 * @fn: enum vmxl_rv64_tr, @p: its parameters
 */
struct vmxl_rv64_row {
	const char *name;
	const char *syntax;
	u32 mask, match;
	u32 not_mask[2], not_match[2];
	u32 isa;
	u8 len;
	u8 fmt;
	u8 fn;
	u8 p[3];
};

/**
 * struct vmxl_rv64_insn - a decoded instruction
 * @row: what it is
 * @bits: as fetched
 * @imm: immediate, CSR number or fence sets
 */
struct vmxl_rv64_insn {
	const struct vmxl_rv64_row *row;
	u32 bits;
	s32 imm;
	u8 rd, rs1, rs2, rs3;
	u8 rm;
	u8 aqrl;		/* bit 0 release, bit 1 acquire */
};

extern const struct vmxl_rv64_row vmxl_rv64_rows[RV_I_NR];

/* Row number, RV_I_ILLEGAL if there is none. 16-bit instructions: the upper half is 0. */
enum vmxl_rv64_insn_id vmxl_rv64_decode32(u32 w);
enum vmxl_rv64_insn_id vmxl_rv64_decode16(u32 w);

/* Arguments of instruction word @w, whose row's format is @fmt. */
void vmxl_rv64_extract(struct vmxl_rv64_insn *i, enum vmxl_rv64_fmt fmt, u32 w);

static inline bool vmxl_rv64_is32(u32 w)
{
	return (w & 3) == 3;
}

/**
 * vmxl_rv64_decode() - decode an instruction word
 * @i: out: the instruction
 * @w: 32 bits, or 16 with the upper half 0
 *
 * Return: false for what no row knows.
 */
static inline bool vmxl_rv64_decode(struct vmxl_rv64_insn *i, u32 w)
{
	enum vmxl_rv64_insn_id id = vmxl_rv64_is32(w) ? vmxl_rv64_decode32(w)
						      : vmxl_rv64_decode16(w);

	*i = (struct vmxl_rv64_insn){ .row = &vmxl_rv64_rows[id], .bits = w };
	if (id == RV_I_ILLEGAL)
		return false;
	vmxl_rv64_extract(i, i->row->fmt, w);
	return true;
}

#endif /* VMXL_RV64_INSN_H */
