/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Instructions as text, both ways, from the decode table: for test tables and
 * messages. Registers are x0..x31 and f0..f31; numbers as in C.
 */
#ifndef TESTS_RV64_ASM_H
#define TESTS_RV64_ASM_H

#include <stddef.h>
#include "../../../kmod/guest/rv64/insn.h"

/* Deterministic random numbers */
struct rv_rng {
	u64 s;
};

u64 rv_rnd(struct rv_rng *r);
static inline u32 rv_below(struct rv_rng *r, u32 n)
{
	return (u32)(rv_rnd(r) >> 32) % n;
}

/* Does @row match @w? */
bool rv_matches(const struct vmxl_rv64_row *row, u32 w);

/* A random word that @row, and no special case of it, matches */
u32 rv_sample(const struct vmxl_rv64_row *row, struct rv_rng *r);

/* The word of @i->row with @i's arguments; false if one does not fit */
bool rv_encode(const struct vmxl_rv64_insn *i, u32 *w);

/* "add x5,x6,x7" or "jal x1,.+8" at @pc; NULL, or what is wrong */
const char *rv_asm(const char *text, u64 pc, u32 *w);

void rv_print(char *buf, size_t size, u32 w, u64 pc);

#endif /* TESTS_RV64_ASM_H */
