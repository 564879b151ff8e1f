// SPDX-License-Identifier: GPL-2.0
/* CRC-32 of 1 MiB with a table of 256 words, byte by byte. */
#include <stdlib.h>

#include "work.h"

#define SIZE (1 << 20)

static void table(uint32_t *t)
{
	uint32_t i, x;
	int bit;

	for (i = 0; i < 256; i++) {
		for (x = i, bit = 0; bit < 8; bit++)
			x = x >> 1 ^ (x & 1 ? 0xedb88320 : 0);
		t[i] = x;
	}
}

uint64_t work_crc(uint64_t n)
{
	uint8_t *data = work_alloc(SIZE);
	uint32_t t[256], crc = 0;
	uint64_t seed = 5;
	long i;

	table(t);
	for (i = 0; i < SIZE; i++)
		data[i] = (uint8_t)work_random(&seed);
	work_begin();
	while (n--) {
		for (i = 0; i < SIZE; i++)
			crc = crc >> 8 ^ t[(crc ^ data[i]) & 255];
	}
	free(data);
	return crc;
}
