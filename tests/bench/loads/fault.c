// SPDX-License-Identifier: GPL-2.0
/* First touch of pages. */
#include <sys/mman.h>

#include "work.h"

#define PAGE 4096UL
#define COUNT 2048UL

uint64_t work_fault(uint64_t n)
{
	uint64_t i, sum = 0;

	work_begin();
	while (n) {
		uint64_t count = n < COUNT ? n : COUNT;
		char *p = mmap(0, count * PAGE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			work_fail("mmap");
		madvise(p, count * PAGE, MADV_NOHUGEPAGE);
		for (i = 0; i < count; i++) {
			p[i * PAGE] = (char)i;
			sum += (uint8_t)p[i * PAGE];
		}
		munmap(p, count * PAGE);
		n -= count;
	}
	return sum;
}
