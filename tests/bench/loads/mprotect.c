// SPDX-License-Identifier: GPL-2.0
/* A page made read-only, made writable, written. */
#include <sys/mman.h>

#include "work.h"

#define PAGE 4096UL

uint64_t work_mprotect(uint64_t n)
{
	volatile uint64_t *p;
	uint64_t sum;

	p = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		work_fail("mmap");
	work_begin();
	while (n--) {
		if (mprotect((void *)p, PAGE, PROT_READ) ||
		    mprotect((void *)p, PAGE, PROT_READ | PROT_WRITE))
			work_fail("mprotect");
		*p += n;
	}
	sum = *p;
	munmap((void *)p, PAGE);
	return sum;
}
