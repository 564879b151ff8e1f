// SPDX-License-Identifier: GPL-2.0
/* Copy 4 MiB in a loop of loads and stores. */
#include <stdlib.h>

#include "work.h"

#define COUNT (4UL * 1024 * 1024 / sizeof(uint64_t))

uint64_t work_copy(uint64_t n)
{
	volatile uint64_t *a = work_alloc(COUNT * sizeof(*a));
	volatile uint64_t *b = work_alloc(COUNT * sizeof(*b));
	uint64_t i, sum;

	for (i = 0; i < COUNT; i++)
		a[i] = i * 3;
	work_begin();
	while (n--) {
		for (i = 0; i < COUNT; i++)
			b[i] = a[i];
		a[n % COUNT]++;
	}
	sum = b[COUNT / 2] + b[1];
	free((void *)a);
	free((void *)b);
	return sum;
}
