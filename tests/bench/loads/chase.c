// SPDX-License-Identifier: GPL-2.0
/* Dependent loads: one cycle through 64 MiB, a line at a time in random order. */
#include <stdlib.h>

#include "work.h"

#define LINE 64
#define COUNT (64UL * 1024 * 1024 / LINE)

/* Sattolo's shuffle: a permutation that is one cycle. */
static void cycle(char *base, uint32_t *order)
{
	uint64_t seed = 19, i, j;
	uint32_t x;

	for (i = 0; i < COUNT; i++)
		order[i] = (uint32_t)i;
	for (i = COUNT - 1; i > 0; i--) {
		j = work_random(&seed) % i;
		x = order[i];
		order[i] = order[j];
		order[j] = x;
	}
	for (i = 0; i < COUNT; i++)
		*(uint64_t *)(base + i * LINE) = (uint64_t)order[i] * LINE;
}

uint64_t work_chase(uint64_t n)
{
	char *base = work_alloc(COUNT * LINE);
	uint32_t *order = work_alloc(COUNT * sizeof(*order));
	uint64_t at = 0;

	cycle(base, order);
	free(order);
	work_begin();
	while (n--)
		at = *(uint64_t *)(base + at);
	free(base);
	return at;
}
