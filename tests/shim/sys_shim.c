// SPDX-License-Identifier: GPL-2.0
/*
 * user/sys.h on the module in this process. The module is loaded by the first
 * open; when the process exits with no descriptor left it is unloaded, and
 * what is left then is an error.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <linux/file.h>
#include "../../user/sys.h"
#include "internal.h"
#include "mmap.h"

static pthread_once_t load_once = PTHREAD_ONCE_INIT;
static int load_result;

static void unload(void)
{
	if (shim_nr_fds())
		return;
	shim_exit();
	if (shim_check_leaks())
		_exit(98);
}

static void load(void)
{
	load_result = shim_init();
	if (!load_result)
		atexit(unload);
}

static long sys_result(long ret)
{
	if (ret >= 0 || ret < -MAX_ERRNO)
		return ret;
	errno = ret <= -ERESTARTSYS && ret >= -ERESTART_RESTARTBLOCK ? EINTR : -ret;
	return -1;
}

int sys_open(const char *path)
{
	int ret;

	pthread_once(&load_once, load);
	if (load_result)
		return sys_result(load_result);
	shim_enter();
	ret = shim_file_open(path, O_RDWR | O_CLOEXEC);
	shim_leave();
	return sys_result(ret);
}

int sys_ioctl(int fd, unsigned long cmd, unsigned long arg)
{
	struct file *file = shim_file_get(fd);
	long ret = -ENOTTY;

	if (!file)
		return ioctl(fd, cmd, arg);
	shim_enter();
	if (file->f_op->unlocked_ioctl)
		ret = (int)shim_user_ioctl(file, fd, cmd, arg);
	fput(file);
	shim_leave();
	return sys_result(ret == -ENOIOCTLCMD ? -ENOTTY : ret);
}

void *sys_mmap(size_t len, int prot, int flags, int fd, long offset)
{
	struct file *file = shim_file_get(fd);
	void *addr;

	if (!file)
		return mmap(NULL, len, prot, flags, fd, offset);
	shim_enter();
	addr = shim_mmap(file, len, prot, flags, offset);
	fput(file);
	shim_leave();
	return (void *)sys_result((long)addr);
}

ssize_t sys_pread(int fd, void *buf, size_t len, long offset)
{
	struct file *file = shim_file_get(fd);
	loff_t pos = offset;
	ssize_t ret = -EINVAL;

	if (!file)
		return pread(fd, buf, len, offset);
	shim_enter();
	if (file->f_op->read)
		ret = file->f_op->read(file, buf, len, &pos);
	fput(file);
	shim_leave();
	return sys_result(ret);
}

int sys_munmap(void *addr, size_t len)
{
	int ret;

	shim_enter();
	ret = shim_munmap(addr, len);
	shim_leave();
	return ret == -ENOENT ? munmap(addr, len) : sys_result(ret);
}

int sys_close(int fd)
{
	int ret;

	shim_enter();
	ret = shim_file_close(fd);
	shim_leave();
	return ret == -EBADF ? __real_close(fd) : sys_result(ret);
}

/* Shared, as nothing else can be mapped a second time: mmap.c's alias(). */
void *sys_guest_memory(size_t len)
{
	return mmap(NULL, len, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}
