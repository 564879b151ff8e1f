// SPDX-License-Identifier: GPL-2.0
/*
 * What the processor can do, from cpuid: the code that we write runs in user
 * mode on the processor that we run on.
 */
#include <linux/compiler.h>
#include <asm/cpufeature.h>
#include <asm/tsc.h>
#include "x86.h"

/* X86_F_*; X86_F_KNOWN once they have been looked up. Tests take some away. */
u32 vmxl_x86_features;

struct leaf {
	u32 a, b, c, d;
};

static struct leaf leaf(u32 nr)
{
	struct leaf r = { .a = nr };

	asm volatile("cpuid" : "+a"(r.a), "=b"(r.b), "+c"(r.c), "=d"(r.d));
	return r;
}

/* The operating system has to save the registers that VEX-encoded SIMD uses. */
static bool os_has_avx(u32 leaf1_c)
{
	u32 lo, hi;

	if (!(leaf1_c & BIT(27)))
		return false;
	asm volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
	return (lo & 6) == 6;
}

/**
 * vmxl_x86_detect() - look up what the processor can do
 *
 * Return: X86_F_*, also in vmxl_x86_features.
 */
u32 vmxl_x86_detect(void)
{
	u32 max = leaf(0).a, f = X86_F_KNOWN;
	struct leaf l1 = leaf(1);

	if ((l1.c & BIT(12)) && os_has_avx(l1.c))
		f |= X86_F_FMA;
	f |= l1.c & BIT(23) ? X86_F_POPCNT : 0;
	f |= l1.c & BIT(19) ? X86_F_SSE41 : 0;
	f |= l1.c & BIT(1) ? X86_F_PCLMUL : 0;
	if (max >= 7) {
		u32 b = leaf(7).b;

		f |= b & BIT(3) ? X86_F_BMI1 : 0;
		f |= b & BIT(8) ? X86_F_BMI2 : 0;
	}
	if (leaf(0x80000000).a >= 0x80000001 && (leaf(0x80000001).c & BIT(5)))
		f |= X86_F_LZCNT;
	WRITE_ONCE(vmxl_x86_features, f);
	return f;
}

/**
 * vmxl_x86_counter_khz() - the rate of the TSC, if it is good for a clock
 *
 * It is where it goes at one rate in every state of the processor, and the kernel has
 * not found it out of step on some processor: a kernel that does says so from then on.
 * Return: kHz, or 0.
 */
u32 vmxl_x86_counter_khz(void)
{
	if (!boot_cpu_has(X86_FEATURE_CONSTANT_TSC) || !boot_cpu_has(X86_FEATURE_NONSTOP_TSC))
		return 0;
	return check_tsc_unstable() ? 0 : tsc_khz;
}
