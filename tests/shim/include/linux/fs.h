/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files of the shim have a place in a table by descriptor number; the number
 * is that of a real descriptor (of nothing), so that it cannot be mistaken
 * for another file's.
 */
#ifndef SHIM_LINUX_FS_H
#define SHIM_LINUX_FS_H

#include <fcntl.h>
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/task_work.h>
#include <linux/types.h>

struct address_space;
struct eventfd_ctx;
struct file;
struct module;
struct poll_table_struct;

typedef void *fl_owner_t;

struct address_space_operations;
struct file_operations;

/* What maps a file is found by its f_mapping: unmap_mapping_range() */
struct address_space {
	struct inode *host;
	const struct address_space_operations *a_ops;
};

static inline void address_space_init_once(struct address_space *mapping)
{
	*mapping = (struct address_space) { };
}

#define S_NOCMTIME	128u
#define S_PRIVATE	512u

struct inode {
	const struct file_operations *i_fop;
	unsigned int i_flags;
	void *i_private;
	unsigned int i_minor;
	struct address_space *i_mapping;
	struct address_space i_data;
};

struct file_operations {
	struct module *owner;
	loff_t (*llseek)(struct file *file, loff_t off, int whence);
	ssize_t (*read)(struct file *file, char __user *buf, size_t n, loff_t *pos);
	ssize_t (*write)(struct file *file, const char __user *buf, size_t n, loff_t *pos);
	__poll_t (*poll)(struct file *file, struct poll_table_struct *pt);
	long (*unlocked_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	long (*compat_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
	unsigned long (*get_unmapped_area)(struct file *file, unsigned long addr,
					   unsigned long len, unsigned long pgoff,
					   unsigned long flags);
	int (*open)(struct inode *inode, struct file *file);
	int (*flush)(struct file *file, fl_owner_t id);
	int (*release)(struct inode *inode, struct file *file);
	void (*show_fdinfo)(void *m, struct file *file);
};

#define FMODE_READ	1u
#define FMODE_WRITE	2u
#define FMODE_PREAD	8u

struct file {
	const struct file_operations *f_op;
	void *private_data;
	struct inode *f_inode;
	struct address_space *f_mapping;
	atomic_long_t f_count;
	unsigned int f_flags;
	fmode_t f_mode;
	loff_t f_pos;
	struct callback_head f_work;
	struct eventfd_ctx *shim_event;	/* where the file is a real eventfd */
};

#define file_inode(f)	((f)->f_inode)
#define fops_get(f)	((f) && try_module_get((f)->owner) ? (f) : NULL)
#define get_file(f)	shim_get_file(f)
struct file *shim_get_file(struct file *file);

loff_t noop_llseek(struct file *file, loff_t off, int whence);
long compat_ptr_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
int nonseekable_open(struct inode *inode, struct file *file);
int stream_open(struct inode *inode, struct file *file);
int simple_open(struct inode *inode, struct file *file);
ssize_t simple_read_from_buffer(void __user *to, size_t n, loff_t *pos, const void *from,
				size_t avail);

#endif
