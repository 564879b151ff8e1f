// SPDX-License-Identifier: GPL-2.0
/*
 * Linked where user/sys.h is the system calls. Failing allocations is the
 * kernel's fault injection, if it has that.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include "lib.h"

#define FAIL_NTH	"/proc/thread-self/fail-nth"

const bool on_kernel = true;

/* Allocations that may sleep fail as well, of any order, and quietly. */
static bool set_up(void)
{
	static const struct { const char *path, *val; } knobs[] = {
		{ "failslab/ignore-gfp-wait", "N" },
		{ "failslab/verbose", "0" },
		{ "fail_page_alloc/ignore-gfp-wait", "N" },
		{ "fail_page_alloc/min-order", "0" },
		{ "fail_page_alloc/verbose", "0" },
		{ "fail_usercopy/verbose", "0" },
	};
	char path[100];
	unsigned int i, n = 0;

	if (access(FAIL_NTH, W_OK))
		return false;
	if (access("/sys/kernel/debug/failslab", F_OK))
		mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	for (i = 0; i < ARRAY_SIZE(knobs); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s", knobs[i].path);
		n += write_file(path, knobs[i].val);
	}
	return n > 0;
}

int pages_drop(void *p, size_t size)
{
	return madvise(p, size, MADV_DONTNEED);
}

bool fault_available(void)
{
	static int available = -1;

	if (available < 0)
		available = set_up();
	return available;
}

/* Kept open: what fails must be in the call that is looked at. */
static int fail_nth(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = CHECK_OK(open(FAIL_NTH, O_RDWR | O_CLOEXEC));
	return fd;
}

void fault_nth(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	CHECK_EQ(pwrite(fail_nth(), text, len, 0), len);
}

bool fault_done(void)
{
	char text[16] = "";
	bool hit;

	/* Copying the answer may be what fails: then the call before did not. */
	hit = pread(fail_nth(), text, sizeof(text) - 1, 0) > 0 && !atoi(text);
	while (pwrite(fail_nth(), "0", 1, 0) != 1)
		CHECK_EQ(errno, EFAULT);
	return hit;
}
