/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Test images (image.h) and the two things that execute them.
 */
#ifndef TESTS_RV64_MACHINE_H
#define TESTS_RV64_MACHINE_H

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

/* Before the first machine_run(): VMXL_RV64_ISA_* that the machine is to have */
void machine_set_isa(uint64_t isa);

/*
 * Run @n cases: our machine leaves the results in the image, the oracle
 * (a path of oracle.c's program) in @res. 0, or -1 after a message on stderr.
 */
int machine_run(void *image, unsigned int n);
int oracle_run(const void *image, unsigned int n, const char *oracle, struct image_case *res);

#endif /* TESTS_RV64_MACHINE_H */
