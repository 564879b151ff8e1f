// SPDX-License-Identifier: GPL-2.0
/* Product of two matrices of doubles. */
#include <stdlib.h>
#include <string.h>

#include "work.h"

#define SIZE 256

static void multiply(double *c, const double *a, const double *b)
{
	int i, j, k;

	for (i = 0; i < SIZE; i++) {
		memset(c + i * SIZE, 0, SIZE * sizeof(*c));
		for (k = 0; k < SIZE; k++) {
			for (j = 0; j < SIZE; j++)
				c[i * SIZE + j] += a[i * SIZE + k] * b[k * SIZE + j];
		}
	}
}

uint64_t work_matmul(uint64_t n)
{
	double *a = work_alloc(3 * SIZE * SIZE * sizeof(*a));
	double *b = a + SIZE * SIZE, *c = b + SIZE * SIZE;
	uint64_t seed = 13, sum = 0, bits;
	int i;

	for (i = 0; i < 2 * SIZE * SIZE; i++)
		a[i] = (double)(work_random(&seed) >> 11) / 9007199254740992.0;
	work_begin();
	while (n--) {
		multiply(c, a, b);
		memcpy(&bits, &c[n % (SIZE * SIZE)], sizeof(bits));
		sum = sum * 31 + bits;
		a[0] += 1;
	}
	free(a);
	return sum;
}
