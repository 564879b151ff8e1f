/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing is there. */
#ifndef SHIM_LINUX_DEBUGFS_H
#define SHIM_LINUX_DEBUGFS_H

#include <linux/fs.h>
#include <linux/seq_file.h>

struct dentry {
	int unused;
};

extern struct dentry shim_dentry;

static inline struct dentry *debugfs_create_file(const char *name, umode_t mode,
						 struct dentry *parent, void *data,
						 const struct file_operations *fops)
{
	return &shim_dentry;
}

#define debugfs_create_dir(name, parent)	(&shim_dentry)
#define debugfs_create_u32(name, mode, parent, p) ((void)(p))
#define debugfs_create_u64(name, mode, parent, p) ((void)(p))
#define debugfs_create_ulong(name, mode, parent, p) ((void)(p))
#define debugfs_create_bool(name, mode, parent, p) ((void)(p))
#define debugfs_create_atomic_t(name, mode, parent, p) ((void)(p))
#define debugfs_remove(d)			((void)(d))
#define debugfs_remove_recursive(d)		((void)(d))
#define debugfs_lookup_and_remove(n, d)		((void)(d))
#define debugfs_initialized()			1
#define DEFINE_DEBUGFS_ATTRIBUTE(name, get, set, fmt)			\
	static const struct file_operations name __maybe_unused = { .owner = THIS_MODULE }; \
	static void *shim_attr_##name[2] __maybe_unused = { get, set }

#endif
