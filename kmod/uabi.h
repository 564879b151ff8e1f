/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One dispatcher for the ioctls of every file: it finds the row, copies the
 * argument in, and leaves the rest to the row's function.
 */
#ifndef VMXL_UABI_H
#define VMXL_UABI_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <uapi/linux/vmx_xlate.h>
#include "ioctl_data.h"

struct vmxl_vm;

/**
 * struct vmxl_call - the argument of an ioctl
 * @val: as user space passed it: the value of an _IO() command
 * @user: the same as a pointer, where _IOR and _IOWR commands write their result
 * @d: what was there, for _IOW and _IOWR
 */
struct vmxl_call {
	unsigned long val;
	void __user *user;
	union vmxl_ioctl_data d;
};

/**
 * struct vmxl_ioctl - a row of a file's ioctl table
 * @cmd: command, direction and size included
 * @fn: carries it out; @obj is the file's private_data
 */
struct vmxl_ioctl {
	unsigned int cmd;
	long (*fn)(void *obj, struct vmxl_call *call);
};

#define VMXL_IOCTL(command, function) {						\
	.cmd = (command) + BUILD_BUG_ON_ZERO(_IOC_SIZE(command) >		\
					     sizeof(union vmxl_ioctl_data)),	\
	.fn = (function),							\
}

long vmxl_ioctl_call(const struct vmxl_ioctl *table, unsigned int nr, void *obj,
		     unsigned int cmd, unsigned long arg);

long vmxl_check_extension(unsigned long cap);
int vmxl_check_owner(const struct vmxl_vm *vm);
bool vmxl_is_zero(const void *p, size_t len);

#define VMXL_RESERVED_OK(field)	vmxl_is_zero(&(field), sizeof(field))

#endif /* VMXL_UABI_H */
