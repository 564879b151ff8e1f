// SPDX-License-Identifier: GPL-2.0
/*
 * Files, descriptors, anonymous inodes and misc devices; see linux/fs.h. A
 * real descriptor that the module is handed (an eventfd) is a file for as
 * long as the module holds it.
 */
#include <fcntl.h>

#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/shmem_fs.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>
#include "internal.h"

#define MAX_FDS		65536

static pthread_mutex_t fd_lock = PTHREAD_MUTEX_INITIALIZER;
static struct file *fd_table[MAX_FDS];

static const struct file_operations real_fops = { .poll = shim_eventfd_poll };

struct file *shim_file_alloc(const struct file_operations *fops, void *priv, int flags,
			     const char *site)
{
	struct file *file;

	if (shim_should_fail(GFP_KERNEL, site))
		return ERR_PTR(-ENOMEM);
	if (fops->owner && !try_module_get(fops->owner))
		return ERR_PTR(-ENOENT);
	file = calloc(1, sizeof(*file));
	file->f_inode = calloc(1, sizeof(*file->f_inode));
	file->f_inode->i_mapping = &file->f_inode->i_data;
	file->f_inode->i_data.host = file->f_inode;
	file->f_mapping = file->f_inode->i_mapping;
	file->f_op = fops;
	file->private_data = priv;
	file->f_flags = flags;
	file->f_mode = (flags & O_ACCMODE) == O_RDONLY ? FMODE_READ :
		       (flags & O_ACCMODE) == O_WRONLY ? FMODE_WRITE : FMODE_READ | FMODE_WRITE;
	atomic_long_set(&file->f_count, 1);
	shim_track(SHIM_FILE, file, sizeof(*file), site);
	return file;
}

static void file_free(struct file *file)
{
	if (file->shim_event)
		shim_eventfd_release(file->shim_event);
	if (file->f_op->owner)
		module_put(file->f_op->owner);
	shim_untrack(SHIM_FILE, file);
	free(file->f_inode);
	free(file);
}

static void file_release(struct file *file)
{
	might_sleep();
	if (file->f_op->release)
		file->f_op->release(file->f_inode, file);
	file_free(file);
}

static void file_release_work(struct callback_head *head)
{
	file_release(container_of(head, struct file, f_work));
}

/* The last one to let go may hold locks: as in the kernel, on the way out of the system call. */
void fput(struct file *file)
{
	long left = atomic_long_dec_return(&file->f_count);

	if (left < 0)
		shim_bug(SHIM_SITE, "fput() of a file that is gone");
	if (left)
		return;
	init_task_work(&file->f_work, file_release_work);
	task_work_add(current, &file->f_work, TWA_RESUME);
	if (!current->in_kernel && !(current->flags & PF_KTHREAD))
		shim_run_task_works();
}

void __fput_sync(struct file *file)
{
	if (atomic_long_dec_and_test(&file->f_count))
		file_release(file);
}

struct file *shim_get_file(struct file *file)
{
	if (atomic_long_fetch_inc(&file->f_count) <= 0)
		shim_bug(SHIM_SITE, "get_file() of a file that is gone");
	return file;
}

struct file *shim_file_get(int fd)
{
	struct file *file = NULL;

	if (fd < 0 || fd >= MAX_FDS)
		return NULL;
	pthread_mutex_lock(&fd_lock);
	if (fd_table[fd])
		file = get_file(fd_table[fd]);
	pthread_mutex_unlock(&fd_lock);
	return file;
}

static struct file *file_of_real(int fd)
{
	struct file *file;

	if (fcntl(fd, F_GETFD) < 0)
		return NULL;
	file = shim_file_alloc(&real_fops, NULL, O_RDWR, "fget");
	if (IS_ERR(file))
		return NULL;
	file->shim_event = shim_eventfd_ctx(fd);
	return file;
}

struct file *fget(unsigned int fd)
{
	return shim_file_get(fd) ?: file_of_real(fd);
}

struct fd fdget(unsigned int fd)
{
	return (struct fd) { .file = fget(fd) };
}

__poll_t vfs_poll(struct file *file, struct poll_table_struct *pt)
{
	return file->f_op->poll ? file->f_op->poll(file, pt) : EPOLLIN | EPOLLOUT;
}

int get_unused_fd_flags(unsigned int flags)
{
	int fd;

	if (shim_should_fail(GFP_KERNEL, SHIM_SITE))
		return -EMFILE;
	fd = open("/dev/null", O_RDWR | (flags & O_CLOEXEC));
	if (fd < 0)
		return -errno;
	if (fd >= MAX_FDS) {
		__real_close(fd);
		return -EMFILE;
	}
	shim_track(SHIM_FD, &fd_table[fd], 0, "get_unused_fd_flags");
	return fd;
}

void put_unused_fd(unsigned int fd)
{
	shim_untrack(SHIM_FD, &fd_table[fd]);
	__real_close(fd);
}

void fd_install(unsigned int fd, struct file *file)
{
	pthread_mutex_lock(&fd_lock);
	if (fd_table[fd] || !shim_tracked(SHIM_FD, &fd_table[fd], NULL))
		shim_bug(SHIM_SITE, "fd_install() to a descriptor that is not free");
	fd_table[fd] = file;
	pthread_mutex_unlock(&fd_lock);
}

int shim_file_close(int fd)
{
	struct file *file = NULL;

	if (fd < 0 || fd >= MAX_FDS)
		return -EBADF;
	pthread_mutex_lock(&fd_lock);
	file = fd_table[fd];
	fd_table[fd] = NULL;
	pthread_mutex_unlock(&fd_lock);
	if (!file)
		return -EBADF;
	put_unused_fd(fd);
	if (file->f_op->flush)
		file->f_op->flush(file, NULL);
	fput(file);
	return 0;
}

int close_fd(unsigned int fd)
{
	return shim_file_close(fd);
}

unsigned int shim_nr_fds(void)
{
	unsigned int i, n = 0;

	pthread_mutex_lock(&fd_lock);
	for (i = 0; i < MAX_FDS; i++)
		n += !!fd_table[i];
	pthread_mutex_unlock(&fd_lock);
	return n;
}

/* The link wraps close(): descriptors of the shim, and eventfds that get their hang-up. */
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	int id, ret;

	if (shim_file_close(fd) == 0)
		return 0;
	id = shim_eventfd_id(fd);
	ret = __real_close(fd);
	if (id >= 0)
		shim_eventfd_closed(id);
	return ret;
}

struct file *shim_anon_inode_getfile(const char *name, const struct file_operations *fops,
				     void *priv, int flags, const char *site)
{
	return shim_file_alloc(fops, priv, flags, site);
}

int shim_anon_inode_getfd(const char *name, const struct file_operations *fops, void *priv,
			  int flags, const char *site)
{
	int fd = get_unused_fd_flags(flags);
	struct file *file;

	if (fd < 0)
		return fd;
	file = shim_file_alloc(fops, priv, flags, site);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

struct file *shim_shmem_file_setup(const char *name, const char *site)
{
	static const struct file_operations shmem_fops;

	return shim_file_alloc(&shmem_fops, NULL, O_RDWR, site);
}

/* Misc devices */

static DEFINE_MUTEX(misc_lock);
static LIST_HEAD(misc_list);

int misc_register(struct miscdevice *misc)
{
	if (shim_should_fail(GFP_KERNEL, SHIM_SITE))
		return -ENOMEM;
	mutex_lock(&misc_lock);
	list_add(&misc->list, &misc_list);
	mutex_unlock(&misc_lock);
	shim_track(SHIM_MISC, misc, sizeof(*misc), misc->name);
	return 0;
}

void misc_deregister(struct miscdevice *misc)
{
	mutex_lock(&misc_lock);
	list_del(&misc->list);
	mutex_unlock(&misc_lock);
	shim_untrack(SHIM_MISC, misc);
}

static struct file *misc_open(const char *name, int flags)
{
	struct file *file = ERR_PTR(-ENOENT);
	struct miscdevice *misc;

	mutex_lock(&misc_lock);
	list_for_each_entry(misc, &misc_list, list) {
		if (!strcmp(misc->name, name)) {
			file = shim_file_alloc(misc->fops, misc, flags, misc->name);
			break;
		}
	}
	mutex_unlock(&misc_lock);
	return file;
}

int shim_file_open(const char *path, int flags)
{
	struct file *file;
	int ret, fd;

	if (strncmp(path, "/dev/", 5))
		return -ENOENT;
	fd = get_unused_fd_flags(flags);
	if (fd < 0)
		return fd;
	file = misc_open(path + 5, flags);
	ret = PTR_ERR_OR_ZERO(file);
	if (ret)
		goto err_fd;
	ret = file->f_op->open ? file->f_op->open(file->f_inode, file) : 0;
	if (ret)
		goto err_file;
	fd_install(fd, file);
	return fd;

err_file:
	file_free(file);
err_fd:
	put_unused_fd(fd);
	return ret;
}

/* Small library of file operations */

loff_t noop_llseek(struct file *file, loff_t off, int whence)
{
	return file->f_pos;
}

long compat_ptr_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return file->f_op->unlocked_ioctl(file, cmd, arg);
}

int nonseekable_open(struct inode *inode, struct file *file)
{
	return 0;
}

int stream_open(struct inode *inode, struct file *file)
{
	return 0;
}

int simple_open(struct inode *inode, struct file *file)
{
	file->private_data = inode->i_private;
	return 0;
}

ssize_t simple_read_from_buffer(void __user *to, size_t n, loff_t *pos, const void *from,
				size_t avail)
{
	size_t left;

	if (*pos < 0)
		return -EINVAL;
	if (*pos >= (loff_t)avail || !n)
		return 0;
	n = min_t(size_t, n, avail - *pos);
	left = copy_to_user(to, from + *pos, n);
	if (left == n)
		return -EFAULT;
	*pos += n - left;
	return n - left;
}
