// SPDX-License-Identifier: GPL-2.0
/* Product of two matrices of integers. */
#include <stdlib.h>

#include "work.h"

#define SIZE 200

uint64_t work_matrix(uint64_t n)
{
	int32_t *a = work_alloc(3 * SIZE * SIZE * sizeof(*a));
	int32_t *b = a + SIZE * SIZE, *c = b + SIZE * SIZE;
	uint64_t seed = 3, sum = 0;
	int i, j, k;

	for (i = 0; i < 2 * SIZE * SIZE; i++)
		a[i] = (int16_t)work_random(&seed);
	work_begin();
	while (n--) {
		for (i = 0; i < SIZE; i++) {
			for (j = 0; j < SIZE; j++) {
				uint32_t t = 0;

				for (k = 0; k < SIZE; k++)
					t += (uint32_t)a[i * SIZE + k] * (uint32_t)b[k * SIZE + j];
				c[i * SIZE + j] = (int32_t)t;
			}
		}
		for (i = 0; i < SIZE * SIZE; i++)
			sum = sum * 33 + (uint32_t)c[i];
		a[n % (SIZE * SIZE)] ^= 1;
	}
	free(a);
	return sum;
}
