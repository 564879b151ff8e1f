/* SPDX-License-Identifier: GPL-2.0 */
/* The TSC: good where the kernel has it as its clock, at a rate that is measured. */
#ifndef SHIM_ASM_TSC_H
#define SHIM_ASM_TSC_H

#include <linux/types.h>

unsigned int shim_tsc_khz(void);	/* 0: not good */
extern int shim_tsc_unstable;		/* tests set it */

#define tsc_khz			shim_tsc_khz()
#define check_tsc_unstable()	(__atomic_load_n(&shim_tsc_unstable, __ATOMIC_RELAXED))

static inline u64 rdtsc_ordered(void)
{
	u32 lo, hi;

	__asm__ __volatile__("lfence; rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
	return (u64)hi << 32 | lo;
}

#endif
