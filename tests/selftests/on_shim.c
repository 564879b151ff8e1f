// SPDX-License-Identifier: GPL-2.0
/*
 * Linked where user/sys.h is the module's code in this process. What is left
 * over when the program ends, the shim reports.
 */
#include <sys/mman.h>

#include "lib.h"

const bool on_kernel = false;

/* tests/shim/include/shim/shim.h, whose other contents are for kernel code */
int shim_madvise(void *p, size_t len, int advice);
void shim_fail_nth(unsigned long n);
bool shim_fail_done(void);

/* It is shared memory. */
int pages_drop(void *p, size_t size)
{
	return shim_madvise(p, size, MADV_REMOVE);
}

bool fault_available(void)
{
	return true;
}

void fault_nth(unsigned int n)
{
	shim_fail_nth(n);
}

bool fault_done(void)
{
	return shim_fail_done();
}
