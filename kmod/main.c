// SPDX-License-Identifier: GPL-2.0
/*
 * The table of contents: what the module sets up, in order, and takes down in
 * reverse; and /dev/vmx_xlate, which is where VMs come from.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include "clock.h"
#include "codegen/shrink.h"
#include "count.h"
#include "eventfd.h"
#include "netlink.h"
#include "uabi.h"
#include "vm.h"

atomic_long_t vmxl_counts[VMXL_COUNT_NR];

static long dev_get_api_version(void *obj, struct vmxl_call *call)
{
	return call->val ? -EINVAL : VMXL_API_VERSION;
}

static long dev_check_extension(void *obj, struct vmxl_call *call)
{
	return vmxl_check_extension(call->val);
}

static long dev_get_vcpu_mmap_size(void *obj, struct vmxl_call *call)
{
	return call->val ? -EINVAL : PAGE_SIZE;
}

static long dev_create_vm(void *obj, struct vmxl_call *call)
{
	return vmxl_vm_create_fd(&call->d.create_vm);
}

static const struct vmxl_ioctl dev_ioctls[] = {
	VMXL_IOCTL(VMXL_GET_API_VERSION, dev_get_api_version),
	VMXL_IOCTL(VMXL_CHECK_EXTENSION, dev_check_extension),
	VMXL_IOCTL(VMXL_CREATE_VM, dev_create_vm),
	VMXL_IOCTL(VMXL_GET_VCPU_MMAP_SIZE, dev_get_vcpu_mmap_size),
};

static long dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return vmxl_ioctl_call(dev_ioctls, ARRAY_SIZE(dev_ioctls), NULL, cmd, arg);
}

static const struct file_operations dev_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = dev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = noop_llseek,
};

static struct miscdevice dev_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vmx_xlate",
	.fops = &dev_fops,
};

static void report_leaks(void)
{
#define X(id, text) text,
	static const char *const names[] = { VMXL_COUNTS(X) };
#undef X
	unsigned int i;
	long n;

	for (i = 0; i < VMXL_COUNT_NR; i++) {
		n = atomic_long_read(&vmxl_counts[i]);
		if (n)
			pr_err("vmx_xlate: leak: %ld %s\n", n, names[i]);
	}
}

static int __init vmxl_init(void)
{
	int ret;

	ret = vmxl_eventfd_init();
	if (ret)
		return ret;
	ret = vmxl_clock_module_init();
	if (ret)
		goto err_eventfd;
	ret = vmxl_shrink_init();
	if (ret)
		goto err_clock;
	ret = vmxl_netlink_init();
	if (ret)
		goto err_shrink;
	ret = misc_register(&dev_misc);
	if (ret)
		goto err_netlink;
	return 0;

err_netlink:
	vmxl_netlink_exit();
err_shrink:
	vmxl_shrink_exit();
err_clock:
	vmxl_clock_module_exit();
err_eventfd:
	vmxl_eventfd_exit();
	return ret;
}

static void __exit vmxl_exit(void)
{
	misc_deregister(&dev_misc);
	vmxl_netlink_exit();
	vmxl_shrink_exit();
	vmxl_clock_module_exit();
	vmxl_eventfd_exit();
	report_leaks();
}

module_init(vmxl_init);
module_exit(vmxl_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KVM for foreign instruction sets: virtual machines by binary translation");
