/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Test images (image.h) and the two things that execute them.
 */
#ifndef TESTS_RV64_MACHINE_H
#define TESTS_RV64_MACHINE_H

#include <stdbool.h>
#include "image.h"

/* An image in the memory of this process, with the runner's code in it */
void *image_create(const char *runner);

static inline void *image_at(void *image, uint64_t addr)
{
	return (char *)image + (addr - IMG_BASE);
}

static inline struct image_case *image_cases(void *image)
{
	return image_at(image, IMG_CASES);
}

/* How our machine executes an image */
enum machine_kind {
	MACHINE_M,		/* in M-mode, which is interpreted */
	MACHINE_U,		/* in U-mode, interpreted */
	MACHINE_COMPILED,	/* in U-mode, compiled */
	MACHINE_S,		/* in S-mode, compiled */
	MACHINE_NR
};

/* What the compiled machine is to do, see machine_set_how() */
struct machine_how {
	uint32_t threshold;	/* uses of a block before it is compiled */
	uint32_t passes;	/* of the compiler */
	bool kick;		/* at each entry: left where that is looked at first */
	bool interrupt;		/* and the guest has an interrupt then */
};

/* Ways in and out of translated code so far, of all machines */
struct machine_count {
	uint64_t entered, step, link, miss, poll, fault, compiled, failed;
};

/* Before the first machine_run(): VMXL_RV64_ISA_* that the machine is to have */
void machine_set_isa(uint64_t isa);
/* For the next machine_run()s; without, all passes and no threshold */
void machine_set_how(const struct machine_how *how);
void machine_get_count(struct machine_count *c);

/*
 * Run @n cases: our machine leaves the results in the image, the oracle
 * (a path of oracle.c's program) in @res. 0, or -1 after a message on stderr.
 */
int machine_run(void *image, unsigned int n, enum machine_kind kind);
int oracle_run(const void *image, unsigned int n, const char *oracle, struct image_case *res);

#endif /* TESTS_RV64_MACHINE_H */
