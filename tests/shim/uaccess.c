// SPDX-License-Identifier: GPL-2.0
/*
 * Copies from and to "user" memory by process_vm_readv() and its brother on
 * this very process: the kernel finds out whether the address is good.
 */
#include <sys/uio.h>

#include <linux/mm.h>
#include <linux/uaccess.h>
#include "internal.h"

#ifdef SHIM_ASAN
#include <sanitizer/asan_interface.h>
#endif

/* The other side is the module's own memory; a system call does not look whether all of it is. */
static void check_kernel_side(const void *p, unsigned long n, const char *site)
{
#ifdef SHIM_ASAN
	void *bad = __asan_region_is_poisoned((void *)p, n);

	if (bad)
		shim_bug(site, "user copy of %lu bytes at %p: bad at %p", n, p, bad);
#endif
}

bool shim_access_ok(unsigned long addr, unsigned long n)
{
	return n <= TASK_SIZE && addr <= TASK_SIZE - n;
}

static unsigned long copied(ssize_t done, void *to, const void *from, unsigned long n)
{
	if (done >= 0)
		return done;
	if (errno == EFAULT)
		return 0;
	/* Forbidden here: the address has to be good. */
	memcpy(to, from, n);
	return n;
}

unsigned long shim_copy_from_user(void *to, const void __user *from, unsigned long n,
				  const char *site)
{
	struct iovec l = { to, n }, r = { (void *)from, n };
	unsigned long done = 0;

	shim_might_sleep(site);
	check_kernel_side(to, n, site);
	if (access_ok(from, n) && n)
		done = copied(process_vm_readv(getpid(), &l, 1, &r, 1, 0), to, from, n);
	if (done < n)
		memset(to + done, 0, n - done);
	return n - done;
}

unsigned long shim_copy_to_user(void __user *to, const void *from, unsigned long n,
				const char *site)
{
	struct iovec l = { (void *)from, n }, r = { to, n };

	shim_might_sleep(site);
	check_kernel_side(from, n, site);
	if (!access_ok(to, n) || !n)
		return n;
	return n - copied(process_vm_writev(getpid(), &l, 1, &r, 1, 0), to, from, n);
}

unsigned long clear_user(void __user *to, unsigned long n)
{
	static const char zeroes[PAGE_SIZE];
	unsigned long part, left;

	for (; n; n -= part, to += part) {
		part = min_t(unsigned long, n, sizeof(zeroes));
		left = copy_to_user(to, zeroes, part);
		if (left)
			return n - part + left;
	}
	return 0;
}

long strncpy_from_user(char *to, const char __user *from, long n)
{
	long i;

	for (i = 0; i < n; i++) {
		if (copy_from_user(to + i, from + i, 1))
			return -EFAULT;
		if (!to[i])
			return i;
	}
	return n;
}

int check_zeroed_user(const void __user *from, size_t n)
{
	char c;

	for (; n; n--, from++) {
		if (copy_from_user(&c, from, 1))
			return -EFAULT;
		if (c)
			return 0;
	}
	return 1;
}

int copy_struct_from_user(void *dst, size_t ksize, const void __user *src, size_t usize)
{
	size_t size = min(ksize, usize);
	int ret;

	if (usize > ksize) {
		ret = check_zeroed_user(src + size, usize - size);
		if (ret <= 0)
			return ret ?: -E2BIG;
	}
	memset(dst + size, 0, ksize - size);
	return copy_from_user(dst, src, size) ? -EFAULT : 0;
}
