// SPDX-License-Identifier: GPL-2.0
/*
 * Chains of fused multiply-add. The native program uses the instruction: a
 * processor of 2013 or later.
 */
#include <string.h>

#include "work.h"

#ifdef __x86_64__
__attribute__((target("fma")))
#endif
uint64_t work_fma(uint64_t n)
{
	double a = 1, b = 0.5, c = 0.25, d = 0.125, x = 0.999999, y = 0.0000001;
	uint64_t sum;

	work_begin();
	while (n >= 4) {
		a = __builtin_fma(a, x, y);
		b = __builtin_fma(b, x, y);
		c = __builtin_fma(c, x, y);
		d = __builtin_fma(d, x, y);
		n -= 4;
	}
	a += b + c + d;
	memcpy(&sum, &a, sizeof(sum));
	return sum;
}
