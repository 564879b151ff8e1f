/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random sequences of instructions, from the decode table: what every
 * implementation must execute alike.
 */
#ifndef TESTS_DIFF_GEN_H
#define TESTS_DIFF_GEN_H

#include "../insn/rv64/asm.h"
#include "../insn/rv64/image.h"

#define GEN_MAX		48	/* instructions of a sequence */

struct gen_insn {
	u32 w;
	u16 off;		/* from the sequence's first byte */
	s16 dest;		/* index of the instruction that it jumps to, -1: no jump */
	s16 base;		/* jump through a register: index of the AUIPC that it counts from */
	bool keep;		/* may not be replaced by a no-op: the sequence would not end */
	bool inner;		/* needs the one before it: nothing jumps here */
};

struct gen_seq {
	struct gen_insn insn[GEN_MAX];
	unsigned int nr;
	unsigned int len;	/* bytes */
	struct image_state in;
};

/* What is wanted */
struct gen_opts {
	const char *only;	/* rows whose name begins so; NULL: all */
	u32 without;		/* VMXL_RV64_ISA_* that the oracle does not have */
	unsigned int max;	/* instructions */
	bool no_sc;		/* no store-conditionals */
	char system;		/* 'u': with system calls; 's': for S-mode, with its CSRs */
};

void gen_sequence(struct gen_seq *s, const struct gen_opts *o, struct rv_rng *r);
/* One word that is often almost an instruction: does it exist? */
void gen_word(struct gen_seq *s, struct rv_rng *r);
void gen_state(struct image_state *st, struct rv_rng *r);
u64 gen_value(struct rv_rng *r);
u64 gen_float(struct rv_rng *r);

static inline unsigned int gen_insn_len(u32 w)
{
	return vmxl_rv64_is32(w) ? 4 : 2;
}

/* Code for @s at @addr of the image, with the way in and out; its length. */
unsigned int gen_write(const struct gen_seq *s, void *at);

#endif /* TESTS_DIFF_GEN_H */
