// SPDX-License-Identifier: GPL-2.0
/* A small machine's program, run by computed goto: one jump for each place. */
#include "work.h"

#define NEXT() { if (!n--) goto end; goto *labels[*pc++]; }

uint64_t work_dispatch(uint64_t n)
{
	static const uint8_t program[] = {
		0, 1, 2, 0, 3, 4, 2, 1, 0, 4, 3, 3, 1, 2, 0, 5
	};
	static const void *const labels[] = {
		&&add, &&xor, &&shift, &&multiply, &&mix, &&again
	};
	uint64_t x = 1, y = 3;
	const uint8_t *pc = program;

	work_begin();
	NEXT();
add:
	x += y;
	NEXT();
xor:
	y ^= x;
	NEXT();
shift:
	x = x << 3 | x >> 61;
	NEXT();
multiply:
	y = y * 5 + 1;
	NEXT();
mix:
	x ^= y >> 7;
	NEXT();
again:
	pc = program;
	NEXT();
end:
	return x ^ y;
}
