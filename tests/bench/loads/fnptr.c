// SPDX-License-Identifier: GPL-2.0
/* Calls through a table of functions in an order that is not to be guessed. */
#include "work.h"

#define FUNCTIONS(X) \
	X(0, x + 1) X(1, x ^ 0x55) X(2, x * 3) X(3, x - 7) \
	X(4, x << 1) X(5, x >> 1) X(6, ~x) X(7, x ^ x >> 3)

#define DEFINE(n, value) \
	static __attribute__((noinline)) uint64_t f##n(uint64_t x) { return value; }
FUNCTIONS(DEFINE)

#define POINTER(n, value) f##n,
static uint64_t (*const functions[8])(uint64_t x) = { FUNCTIONS(POINTER) };

uint64_t work_fnptr(uint64_t n)
{
	uint64_t x = 1, i = 0;

	work_begin();
	while (n--) {
		i = i * 5 + 1;
		x = functions[i >> 4 & 7](x);
	}
	return x;
}
