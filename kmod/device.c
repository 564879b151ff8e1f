// SPDX-License-Identifier: GPL-2.0
/*
 * In-kernel devices: the table of types, CREATE_DEVICE, the attributes of a
 * device's descriptor, and interrupt lines. A device lives as long as its VM;
 * a VM has at most one of a type.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include "count.h"
#include "device.h"
#include "guest/guest.h"
#include "trace.h"
#include "uabi.h"
#include "vm.h"

static const struct vmxl_device_ops *const types[] = {
	&vmxl_plic_ops,
	&vmxl_aclint_ops,
	&vmxl_smmu_ops,
};

static const struct vmxl_device_ops *find_type(u32 type, u32 isa)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i]->type == type && (!types[i]->isa || types[i]->isa == isa))
			return types[i];
	return NULL;
}

static long dev_set_attr(void *obj, struct vmxl_call *call)
{
	const struct vmxl_device_attr *a = &call->d.attr;
	struct vmxl_device *dev = obj;
	u64 val = 0;

	if (a->group != VMXL_DEV_GRP_CTRL &&
	    copy_from_user(&val, u64_to_user_ptr(a->addr), sizeof(val)))
		return -EFAULT;
	if (a->group == VMXL_DEV_GRP_CTRL && a->addr)
		return -EINVAL;
	return dev->ops->set_attr(dev, a->group, a->attr, val);
}

static long dev_get_attr(void *obj, struct vmxl_call *call)
{
	const struct vmxl_device_attr *a = &call->d.attr;
	struct vmxl_device *dev = obj;
	u64 val = 0;
	int ret = dev->ops->get_attr(dev, a->group, a->attr, &val);

	if (!ret && copy_to_user(u64_to_user_ptr(a->addr), &val, sizeof(val)))
		ret = -EFAULT;
	return ret;
}

static long dev_has_attr(void *obj, struct vmxl_call *call)
{
	struct vmxl_device *dev = obj;

	return dev->ops->has_attr(dev, call->d.attr.group, call->d.attr.attr);
}

static long dev_attr(struct vmxl_device *dev, struct vmxl_call *call,
		     long (*fn)(void *obj, struct vmxl_call *call))
{
	long ret;

	if (call->d.attr.flags)
		return -EINVAL;
	if (mutex_lock_killable(&dev->vm->lock))
		return -EINTR;
	ret = fn(dev, call);
	mutex_unlock(&dev->vm->lock);
	return ret;
}

static long dev_set_attr_locked(void *obj, struct vmxl_call *call)
{
	return dev_attr(obj, call, dev_set_attr);
}

static long dev_get_attr_locked(void *obj, struct vmxl_call *call)
{
	return dev_attr(obj, call, dev_get_attr);
}

static long dev_has_attr_locked(void *obj, struct vmxl_call *call)
{
	return dev_attr(obj, call, dev_has_attr);
}

static const struct vmxl_ioctl dev_ioctls[] = {
	VMXL_IOCTL(VMXL_SET_DEVICE_ATTR, dev_set_attr_locked),
	VMXL_IOCTL(VMXL_GET_DEVICE_ATTR, dev_get_attr_locked),
	VMXL_IOCTL(VMXL_HAS_DEVICE_ATTR, dev_has_attr_locked),
};

static long dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vmxl_device *dev = file->private_data;

	long ret;

	if (vmxl_check_owner(dev->vm))
		return -EIO;
	ret = vmxl_ioctl_call(dev_ioctls, ARRAY_SIZE(dev_ioctls), dev, cmd, arg);
	if (ret == -ENOTTY)
		ret = vmxl_ioctl_call(dev->ops->ioctls, dev->ops->nr_ioctls, dev, cmd, arg);
	return ret;
}

static int dev_release(struct inode *inode, struct file *file)
{
	struct vmxl_device *dev = file->private_data;

	vmxl_vm_put(dev->vm);
	return 0;
}

static const struct file_operations dev_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = dev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.release = dev_release,
	.llseek = noop_llseek,
};

static bool has_type(struct vmxl_vm *vm, const struct vmxl_device_ops *ops)
{
	struct vmxl_device *dev;

	list_for_each_entry(dev, &vm->devices, list)
		if (dev->ops == ops)
			return true;
	return false;
}

static struct vmxl_device *device_new(struct vmxl_vm *vm, const struct vmxl_device_ops *ops)
{
	struct vmxl_device *dev = ops->create(vm);

	if (IS_ERR_OR_NULL(dev))
		return dev ?: ERR_PTR(-ENOMEM);
	dev->ops = ops;
	dev->vm = vm;
	vmxl_count_add(VMXL_COUNT_DEVICE, 1);
	return dev;
}

static void device_free(struct vmxl_device *dev)
{
	dev->ops->destroy(dev);
	vmxl_count_add(VMXL_COUNT_DEVICE, -1);
}

/* Nothing can fail once the file is there. */
static int device_install(struct vmxl_device *dev, __u32 __user *user_fd)
{
	struct vmxl_vm *vm = dev->vm;
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct file *file;

	if (fd < 0)
		return fd;
	file = put_user(fd, user_fd) ? ERR_PTR(-EFAULT) :
				       anon_inode_getfile("vmxl-device", &dev_fops, dev, O_RDWR);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	vmxl_vm_get(vm);
	list_add_tail(&dev->list, &vm->devices);
	if (dev->ops->set_irq)
		smp_store_release(&vm->intc, dev);	/* vmxl_irq_set() takes no lock */
	fd_install(fd, file);
	return 0;
}

static int create_locked(struct vmxl_vm *vm, const struct vmxl_device_ops *ops,
			 __u32 __user *user_fd, bool test)
{
	struct vmxl_device *dev;
	int ret;

	if (has_type(vm, ops) || (ops->set_irq && vm->intc))
		return -EEXIST;
	if (test)
		return 0;
	dev = device_new(vm, ops);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	ret = device_install(dev, user_fd);
	if (ret)
		device_free(dev);
	return ret;
}

/**
 * vmxl_device_create() - VMXL_CREATE_DEVICE
 * @vm: the VM
 * @args: its argument
 * @fd: where user space gets the descriptor
 *
 * Return: 0, -EINVAL, -ENODEV for a type that this VM cannot have, -EEXIST.
 */
int vmxl_device_create(struct vmxl_vm *vm, const struct vmxl_create_device *args, __u32 __user *fd)
{
	const struct vmxl_device_ops *ops = find_type(args->type, vm->guest->isa);
	int ret;

	if ((args->flags & ~VMXL_CREATE_DEVICE_TEST) || args->reserved)
		return -EINVAL;
	if (!ops)
		return -ENODEV;
	if (mutex_lock_killable(&vm->lock))
		return -EINTR;
	ret = create_locked(vm, ops, fd, args->flags & VMXL_CREATE_DEVICE_TEST);
	mutex_unlock(&vm->lock);
	return ret;
}

/**
 * vmxl_devices_destroy() - free the devices of a VM that goes
 * @vm: the VM; its bus is gone
 */
void vmxl_devices_destroy(struct vmxl_vm *vm)
{
	struct vmxl_device *dev, *tmp;

	list_for_each_entry_safe(dev, tmp, &vm->devices, list) {
		list_del(&dev->list);
		device_free(dev);
	}
}

/**
 * vmxl_irq_set() - drive an input of the VM's interrupt controller
 * @vm: the VM
 * @gsi: the input
 * @level: its new level
 *
 * Context: any that may not sleep.
 * Return: 0, -ENXIO without a controller, -EINVAL without such an input.
 */
int vmxl_irq_set(struct vmxl_vm *vm, u32 gsi, bool level)
{
	/* Pairs with smp_store_release() in device_install(). */
	struct vmxl_device *intc = smp_load_acquire(&vm->intc);

	trace_vmxl_irq(vm, gsi, level);
	return intc ? intc->ops->set_irq(intc, gsi, level) : -ENXIO;
}

/**
 * vmxl_irq_edge() - an interrupt that comes once
 * @vm: the VM
 * @gsi: the interrupt controller's input
 *
 * Context: any that may not sleep.
 * Return: as vmxl_irq_set().
 */
int vmxl_irq_edge(struct vmxl_vm *vm, u32 gsi)
{
	/* Pairs with smp_store_release() in device_install(). */
	struct vmxl_device *intc = smp_load_acquire(&vm->intc);

	trace_vmxl_irq(vm, gsi, 2);
	return intc ? intc->ops->edge_irq(intc, gsi) : -ENXIO;
}

/**
 * vmxl_irq_hold() - hold an input up until the guest has completed the interrupt
 * @vm: the VM
 * @gsi: the interrupt controller's input
 * @hold: false: let go of it
 *
 * Context: any that may not sleep.
 * Return: as vmxl_irq_set().
 */
int vmxl_irq_hold(struct vmxl_vm *vm, u32 gsi, bool hold)
{
	/* Pairs with smp_store_release() in device_install(). */
	struct vmxl_device *intc = smp_load_acquire(&vm->intc);

	return intc ? intc->ops->hold_irq(intc, gsi, hold) : -ENXIO;
}
