/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only way to the module. vmxl links sys_kernel.c, which is the system
 * calls themselves; vmxl-hosted links functions that call the module's code in
 * the same process. Nothing else may be done with the descriptors that these
 * return: a hosted one is not known to the kernel.
 *
 * Return values and errno are those of open(2), ioctl(2), mmap(2), pread(2),
 * munmap(2) and close(2). Eventfds that are handed over by ioctl are real ones.
 */
#ifndef VMXL_USER_SYS_H
#define VMXL_USER_SYS_H

#include <stddef.h>
#include <sys/types.h>

int sys_open(const char *path);
int sys_ioctl(int fd, unsigned long cmd, unsigned long arg);
void *sys_mmap(size_t len, int prot, int flags, int fd, long offset);
ssize_t sys_pread(int fd, void *buf, size_t len, long offset);
int sys_munmap(void *addr, size_t len);
int sys_close(int fd);

/* Zeroed memory for a guest, of the kind that the module likes best; ends by munmap(). */
void *sys_guest_memory(size_t len);

#endif
