/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mmap() and munmap() of the module's files; see mmap.c.
 */
#ifndef SHIM_MMAP_H
#define SHIM_MMAP_H

#include <linux/fs.h>

void *shim_mmap(struct file *file, size_t len, int prot, int flags, off_t off);
/* A page fault at @addr, FAULT_FLAG_*: whether the access may be tried again. */
bool shim_fault(unsigned long addr, unsigned int flags);
int shim_munmap(void *addr, size_t len);	/* -ENOENT: nothing of the shim's is there */

#endif
