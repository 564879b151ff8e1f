// SPDX-License-Identifier: GPL-2.0
/*
 * sys.h by system calls on the loaded module.
 */
#define _GNU_SOURCE
#include <fcntl.h>
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

void *sys_guest_memory(size_t len)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p != MAP_FAILED)
		madvise(p, len, MADV_HUGEPAGE);
	return p;
}
