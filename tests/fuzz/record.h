/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inputs of the targets that drive a VM: a list of records of one size, so
 * that a mutation never moves the meaning of what follows it. A tail that is
 * no whole record counts for nothing.
 */
#ifndef TESTS_FUZZ_RECORD_H
#define TESTS_FUZZ_RECORD_H

#include <linux/types.h>
#include "../insn/rv64/asm.h"

struct fuzz_rec {
	u8 op;
	u8 a;
	u16 b;
	u32 c;
	u64 v;
};

/* A record that is worth something, for the mutator */
typedef void (*fuzz_make_fn)(struct fuzz_rec *rec, struct rv_rng *rng);

/* The next record of an input; false at its end */
bool fuzz_next(const u8 **data, size_t *size, struct fuzz_rec *rec);

/* LLVMFuzzerCustomMutator() of such inputs */
size_t fuzz_mutate(u8 *data, size_t size, size_t max, unsigned int seed, fuzz_make_fn make);

/* A random instruction word of the decode table; 16-bit ones have an upper half of 0 */
u32 fuzz_insn(struct rv_rng *rng);

/* Numbers at which things change, near them, and any */
u64 fuzz_edge(struct rv_rng *rng);

/* libFuzzer's */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed);
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max);

#endif /* TESTS_FUZZ_RECORD_H */
