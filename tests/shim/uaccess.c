// SPDX-License-Identifier: GPL-2.0
/*
 * Copies from and to "user" memory by process_vm_readv() and its brother on
 * this very process: the kernel finds out whether the address is good.
 */
#include <sys/uio.h>

#include <linux/mm.h>
#include <linux/uaccess.h>
#include "internal.h"
#include "mmap.h"

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

typedef ssize_t (*copy_fn)(pid_t pid, const struct iovec *local, unsigned long nr_local,
			   const struct iovec *remote, unsigned long nr_remote,
			   unsigned long flags);

/* What can be copied before a page that is not there; -1: the call is forbidden here. */
static ssize_t copy_part(copy_fn fn, char *kernel, char *user, unsigned long n)
{
	struct iovec l = { kernel, n }, r = { user, n };
	ssize_t done = fn(getpid(), &l, 1, &r, 1, 0);

	return done >= 0 ? done : errno == EFAULT ? 0 : -1;
}

/* As far as it goes, with a page fault where the module has mapped what is not there yet. */
static ssize_t copy_user(copy_fn fn, char *kernel, char *user, unsigned long n, bool write)
{
	unsigned long done = 0, fault = -1;
	ssize_t part;

	for (;;) {
		part = copy_part(fn, kernel + done, user + done, n - done);
		if (part < 0)
			return done ? (ssize_t)done : -1;
		done += part;
		if (done == n || fault == done ||
		    !shim_fault((unsigned long)user + done, write ? FAULT_FLAG_WRITE : 0))
			return done;
		fault = done;
	}
}

unsigned long shim_copy_from_user(void *to, const void __user *from, unsigned long n,
				  const char *site)
{
	ssize_t done = 0;

	shim_might_sleep(site);
	check_kernel_side(to, n, site);
	if (access_ok(from, n) && n)
		done = copy_user(process_vm_readv, to, (char *)from, n, false);
	if (done < 0) {
		memcpy(to, from, n);	/* the address has to be good */
		done = n;
	}
	if (done < n)
		memset(to + done, 0, n - done);
	return n - done;
}

unsigned long shim_copy_to_user(void __user *to, const void *from, unsigned long n,
				const char *site)
{
	ssize_t done;

	shim_might_sleep(site);
	check_kernel_side(from, n, site);
	if (!access_ok(to, n) || !n)
		return n;
	done = copy_user(process_vm_writev, (char *)from, to, n, true);
	if (done < 0) {
		memcpy(to, from, n);
		done = n;
	}
	return n - done;
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
