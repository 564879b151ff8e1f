// SPDX-License-Identifier: GPL-2.0
/* Fibonacci numbers by recursion: calls, returns, the stack. */
#include "work.h"

static __attribute__((noinline)) uint64_t fib(uint64_t n)
{
	uint64_t sum = 0;

	for (; n >= 2; n -= 2)
		sum += fib(n - 1);
	return sum + n;
}

uint64_t work_fib(uint64_t n)
{
	work_begin();
	return fib(n);
}
