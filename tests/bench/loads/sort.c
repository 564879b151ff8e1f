// SPDX-License-Identifier: GPL-2.0
/* Quicksort with an insertion sort below 16 elements, of 200,000 random words. */
#include <stdlib.h>

#include "work.h"

#define COUNT 200000

static void insertion(uint32_t *a, long n)
{
	long i, j;

	for (i = 1; i < n; i++) {
		uint32_t x = a[i];

		for (j = i; j > 0 && a[j - 1] > x; j--)
			a[j] = a[j - 1];
		a[j] = x;
	}
}

static void quick(uint32_t *a, long n)
{
	while (n > 16) {
		uint32_t pivot = a[n / 2], x;
		long i = -1, j = n;

		for (;;) {
			do
				i++;
			while (a[i] < pivot);
			do
				j--;
			while (a[j] > pivot);
			if (i >= j)
				break;
			x = a[i];
			a[i] = a[j];
			a[j] = x;
		}
		quick(a, j + 1);
		a += j + 1;
		n -= j + 1;
	}
	insertion(a, n);
}

uint64_t work_sort(uint64_t n)
{
	uint32_t *a = work_alloc(COUNT * sizeof(*a));
	uint64_t seed = 1, sum = 0;
	long i;

	work_begin();
	while (n--) {
		for (i = 0; i < COUNT; i++)
			a[i] = (uint32_t)work_random(&seed);
		quick(a, COUNT);
		for (i = 0; i < COUNT; i += 997)
			sum = sum * 31 + a[i];
	}
	free(a);
	return sum;
}
