// SPDX-License-Identifier: GPL-2.0
/*
 * sys.h by system calls on the loaded module.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sys.h"

int sys_open(const char *path)
{
	return open(path, O_RDWR | O_CLOEXEC);
}

int sys_ioctl(int fd, unsigned long cmd, unsigned long arg)
{
	return ioctl(fd, cmd, arg);
}

void *sys_mmap(size_t len, int prot, int flags, int fd, long offset)
{
	return mmap(NULL, len, prot, flags, fd, offset);
}

ssize_t sys_pread(int fd, void *buf, size_t len, long offset)
{
	return pread(fd, buf, len, offset);
}

int sys_munmap(void *addr, size_t len)
{
	return munmap(addr, len);
}

int sys_close(int fd)
{
	return close(fd);
}

#define HUGE_PAGE	0x200000ul

/* At a multiple of it, as guests have their memory: huge pages here are such there as well. */
void *sys_guest_memory(size_t len)
{
	char *p = mmap(NULL, len + HUGE_PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	size_t before = -(uintptr_t)p & (HUGE_PAGE - 1);

	if (p == MAP_FAILED)
		return p;
	munmap(p + before + len, HUGE_PAGE - before);
	if (before)
		munmap(p, before);
	madvise(p + before, len, MADV_HUGEPAGE);
	return p + before;
}
