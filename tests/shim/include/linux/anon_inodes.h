/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_ANON_INODES_H
#define SHIM_LINUX_ANON_INODES_H

#include <linux/fs.h>

struct file *shim_anon_inode_getfile(const char *name, const struct file_operations *fops,
				     void *priv, int flags, const char *site);
int shim_anon_inode_getfd(const char *name, const struct file_operations *fops, void *priv,
			  int flags, const char *site);

#define anon_inode_getfile(n, f, p, fl)	shim_anon_inode_getfile(n, f, p, fl, SHIM_SITE)
#define anon_inode_getfd(n, f, p, fl)	shim_anon_inode_getfd(n, f, p, fl, SHIM_SITE)
#define anon_inode_getfd_secure(n, f, p, fl, i) anon_inode_getfd(n, f, p, fl)

#endif
