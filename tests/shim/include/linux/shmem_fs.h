/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SHMEM_FS_H
#define SHIM_LINUX_SHMEM_FS_H

#include <linux/fs.h>

struct file *shim_shmem_file_setup(const char *name, const char *site);

/* Of no size: what can be done with it is up to the f_op that it gets. */
#define shmem_file_setup(n, size, flags) shim_shmem_file_setup(n, SHIM_SITE)

#endif
