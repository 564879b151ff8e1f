/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_FILE_H
#define SHIM_LINUX_FILE_H

#include <linux/fs.h>

struct fd {
	struct file *file;
	unsigned int flags;
};

#define fd_file(f)	((f).file)
#define fd_empty(f)	(!(f).file)

struct file *fget(unsigned int fd);
void fput(struct file *file);
void __fput_sync(struct file *file);
struct fd fdget(unsigned int fd);
int get_unused_fd_flags(unsigned int flags);
void put_unused_fd(unsigned int fd);
void fd_install(unsigned int fd, struct file *file);
int close_fd(unsigned int fd);

static inline void fdput(struct fd f)
{
	if (f.file)
		fput(f.file);
}

static inline void shim_fdput_cleanup(struct fd *f)
{
	fdput(*f);
}

#define CLASS_fd struct fd __attribute__((__cleanup__(shim_fdput_cleanup)))
#define CLASS(name, var) CLASS_##name var = shim_class_##name
#define shim_class_fd(n) fdget(n)

#endif
