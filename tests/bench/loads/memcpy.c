// SPDX-License-Identifier: GPL-2.0
/* The library's memcpy() on 4 MiB. */
#include <stdlib.h>
#include <string.h>

#include "work.h"

#define SIZE (4UL * 1024 * 1024)

uint64_t work_memcpy(uint64_t n)
{
	char *a = work_alloc(SIZE), *b = work_alloc(SIZE);
	uint64_t sum = 0;

	work_begin();
	while (n--) {
		a[n % SIZE]++;
		memcpy(b, a, SIZE);
		/* The compiler must believe that the copy is read. */
		__asm__ volatile("" : : "r"(b) : "memory");
		sum += (uint8_t)b[n % SIZE];
	}
	free(a);
	free(b);
	return sum;
}
