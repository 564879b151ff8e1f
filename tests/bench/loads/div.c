// SPDX-License-Identifier: GPL-2.0
/* Divisions and remainders, signed and unsigned, of 32 and 64 bits. */
#include "work.h"

uint64_t work_div(uint64_t n)
{
	uint64_t seed = 11, sum = 0;

	work_begin();
	while (n--) {
		uint64_t x = work_random(&seed), y = (x >> 40) + 3;

		sum += x / y + (uint64_t)((int64_t)x % (int64_t)y);
		sum += (uint32_t)x / (uint32_t)y;
	}
	return sum;
}
