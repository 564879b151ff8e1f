// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual machines: creation, the ioctls of the VM's descriptor, and the end.
 *
 * Every descriptor of a VM (its own, the vCPUs', the devices') holds one of
 * vm->users, so they may be closed in any order and by any process; whoever
 * closes the last takes the VM down. Nothing runs on its behalf then: RUN and
 * every other ioctl hold the descriptor they came by.
 */
#include <linux/anon_inodes.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "bus.h"
#include "codegen/cache.h"
#include "codegen/code.h"
#include "codegen/log.h"
#include "codegen/shrink.h"
#include "count.h"
#include "device.h"
#include "eventfd.h"
#include "guest/guest.h"
#include "map.h"
#include "memslot.h"
#include "mmu/window.h"
#include "netlink.h"
#include "notifier.h"
#include "stats.h"
#include "uabi.h"
#include "vm.h"
#include "worker.h"

static int check_args(const struct vmxl_create_vm *args)
{
	if (args->flags & ~VMXL_VM_FIRMWARE)
		return -EINVAL;
	if (!VMXL_RESERVED_OK(args->reserved))
		return -EINVAL;
	return vmxl_guest_find(args->isa) ? 0 : -EINVAL;
}

static void init_fields(struct vmxl_vm *vm, const struct vmxl_create_vm *args)
{
	unsigned int i;

	kref_init(&vm->users);
	mutex_init(&vm->lock);
	spin_lock_init(&vm->irqfd_lock);
	for (i = 0; i < VMXL_RESV_LOCKS; i++)
		spin_lock_init(&vm->resv_lock[i]);
	INIT_LIST_HEAD(&vm->devices);
	INIT_LIST_HEAD(&vm->irqfds);
	INIT_LIST_HEAD(&vm->ioeventfds);
	vm->guest = vmxl_guest_find(args->isa);
	vm->flags = args->flags;
	vmxl_notifier_init_vm(vm);
}

/* Whose the memory is, and whether it counts against a limit */
static void take_owner(struct vmxl_vm *vm)
{
	mmgrab(current->mm);
	vm->mm = current->mm;
	vm->owner = capable(CAP_IPC_LOCK) ? NULL : get_current_cred();
}

static void drop_owner(struct vmxl_vm *vm)
{
	if (vm->owner)
		put_cred(vm->owner);
	mmdrop(vm->mm);
}

/* Blocks come first and go before what is made of them. */
static void destroy_engine(struct vmxl_vm *vm)
{
	vmxl_cache_destroy(vm->cache);
	vmxl_code_destroy(vm->code);
	vmxl_windows_destroy(vm->windows);
}

/* Blocks, and what translated code takes where this host can have it */
static int create_engine(struct vmxl_vm *vm)
{
	vm->cache = vmxl_cache_create(vm);
	vm->maps = vmxl_maps_create(vm);
	if (vm->cache && vm->maps && vmxl_host) {
		vm->code = vmxl_code_create(vm);
		vm->windows = vmxl_windows_create(vm);
	}
	if (vm->cache && vm->maps && (!vmxl_host || (vm->code && vm->windows)))
		return 0;
	vmxl_maps_destroy(vm->maps);
	destroy_engine(vm);
	return -ENOMEM;
}

/**
 * vmxl_vm_create() - a VM with nothing in it
 * @args: VMXL_CREATE_VM's
 *
 * Return: the VM, vmxl_vm_put() drops it; or an ERR_PTR.
 */
struct vmxl_vm *vmxl_vm_create(const struct vmxl_create_vm *args)
{
	struct vmxl_vm *vm;
	int ret = check_args(args);

	if (ret)
		return ERR_PTR(ret);
	vm = kvzalloc(sizeof(*vm), GFP_KERNEL_ACCOUNT);
	if (!vm)
		return ERR_PTR(-ENOMEM);
	init_fields(vm, args);
	ret = init_srcu_struct(&vm->srcu);
	if (ret)
		goto err_free;
	take_owner(vm);
	ret = create_engine(vm);
	if (ret)
		goto err_owner;
	ret = vm->guest->vm_init(vm);
	if (ret)
		goto err_engine;
	ret = vmxl_shrink_add(vm);
	if (ret)
		goto err_guest;
	vmxl_clock_init(&vm->clock, vm->guest->tick_ns);
	vmxl_count_add(VMXL_COUNT_VM, 1);
	return vm;

err_guest:
	vm->guest->vm_destroy(vm);
err_engine:
	vmxl_maps_destroy(vm->maps);
	destroy_engine(vm);
err_owner:
	drop_owner(vm);
	cleanup_srcu_struct(&vm->srcu);
err_free:
	kvfree(vm);
	return ERR_PTR(ret);
}

/*
 * Devices go before vCPUs, whose interrupt lines their timers drive; blocks
 * before their code and the memory they were made from.
 */
static void vm_destroy(struct kref *users)
{
	struct vmxl_vm *vm = container_of(users, struct vmxl_vm, users);
	unsigned int i;

	vmxl_clock_destroy(&vm->clock);
	vmxl_netlink_del(vm);
	vmxl_shrink_del(vm);
	vmxl_notifier_stop_vm(vm);
	vmxl_maps_destroy(vm->maps);
	vmxl_irqfds_release(vm);
	vmxl_bus_destroy(vm);
	vmxl_ioeventfds_destroy(vm);
	vmxl_devices_destroy(vm);
	for (i = 0; i < VMXL_MAX_VCPUS; i++) {
		if (vm->vcpus[i])
			vmxl_vcpu_destroy(vm->vcpus[i]);
		vm->vcpus[i] = NULL;
	}
	vmxl_workers_destroy(vm);
	vm->guest->vm_destroy(vm);
	destroy_engine(vm);
	vmxl_memslots_destroy(vm);
	drop_owner(vm);
	srcu_barrier(&vm->srcu);
	cleanup_srcu_struct(&vm->srcu);
	kvfree(vm);
	vmxl_count_add(VMXL_COUNT_VM, -1);
}

/**
 * vmxl_vm_get() - take a reference
 * @vm: the VM, of which the caller has one
 */
void vmxl_vm_get(struct vmxl_vm *vm)
{
	kref_get(&vm->users);
}

/**
 * vmxl_vm_put() - drop a reference
 * @vm: the VM
 *
 * Context: process context, without any of the VM's locks; may sleep long.
 */
void vmxl_vm_put(struct vmxl_vm *vm)
{
	kref_put(&vm->users, vm_destroy);
}

/**
 * vmxl_vm_count_insns() - have all instructions counted
 * @vm: the VM
 *
 * What a vCPU executes after it has called this, or has come back into the module since
 * another did, is in its gstate.icount; of what it executed before in translated code,
 * nothing is. So the difference of two looks at it is right if this comes before the first.
 * Context: may sleep.
 */
void vmxl_vm_count_insns(struct vmxl_vm *vm)
{
	struct vmxl_cache *cache = vm->cache;

	/* Pairs with the release below: the code that does not count is gone. */
	if (likely(smp_load_acquire(&cache->counted)))
		return;
	mutex_lock(&cache->count_lock);
	if (!cache->counted) {
		/* Blocks die with cache->lock held, and code is published for the living. */
		WRITE_ONCE(cache->count, true);
		vmxl_cache_invalidate_all(cache);
		/* Pairs with the acquire above. */
		smp_store_release(&cache->counted, 1);
	}
	mutex_unlock(&cache->count_lock);
}

/**
 * vmxl_vm_request_all() - ask all vCPUs for something
 * @vm: the VM
 * @except: vCPU that is not asked, or NULL
 * @req: VMXL_REQ_*
 *
 * Context: any.
 */
void vmxl_vm_request_all(struct vmxl_vm *vm, struct vmxl_vcpu *except, int req)
{
	struct vmxl_vcpu *vcpu;
	unsigned int i;

	vmxl_for_each_vcpu(vm, vcpu, i)
		if (vcpu != except)
			vmxl_vcpu_request(vcpu, req);
}

static long vm_check_extension(void *obj, struct vmxl_call *call)
{
	return vmxl_check_extension(call->val);
}

static long vm_create_vcpu(void *obj, struct vmxl_call *call)
{
	return vmxl_vcpu_create_fd(obj, call->val);
}

static long vm_set_memory_region(void *obj, struct vmxl_call *call)
{
	return vmxl_memslot_set(obj, &call->d.region);
}

static long vm_get_dirty_log(void *obj, struct vmxl_call *call)
{
	return vmxl_memslot_get_dirty(obj, &call->d.dirty_log);
}

static long vm_memory_written(void *obj, struct vmxl_call *call)
{
	return vmxl_memslot_written(obj, &call->d.range);
}

static long vm_irq_line(void *obj, struct vmxl_call *call)
{
	if (call->d.irq_level.level > 1)
		return -EINVAL;
	return vmxl_irq_set(obj, call->d.irq_level.gsi, call->d.irq_level.level);
}

static long vm_irqfd(void *obj, struct vmxl_call *call)
{
	return vmxl_irqfd_call(obj, &call->d.irqfd);
}

static long vm_ioeventfd(void *obj, struct vmxl_call *call)
{
	return vmxl_ioeventfd_call(obj, &call->d.ioeventfd);
}

static long vm_create_device(void *obj, struct vmxl_call *call)
{
	struct vmxl_create_device __user *user = call->user;

	return vmxl_device_create(obj, &call->d.create_device, &user->fd);
}

static long vm_get_code_log(void *obj, struct vmxl_call *call)
{
	struct vmxl_code_log *args = &call->d.code_log;
	struct vmxl_vm *vm = obj;
	long ret = vmxl_log_read(vm->code, args);

	if (!ret && copy_to_user(call->user, args, sizeof(*args)))
		ret = -EFAULT;
	return ret;
}

static long vm_get_stats_fd(void *obj, struct vmxl_call *call)
{
	return vmxl_stats_fd(obj, NULL, call->val);
}

static long vm_create_worker(void *obj, struct vmxl_call *call)
{
	return call->val ? -EINVAL : vmxl_worker_create_fd(obj);
}

static long vm_set_sched(void *obj, struct vmxl_call *call)
{
	return vmxl_workers_set_sched(obj, &call->d.sched);
}

static long vm_set_sched_vcpu(void *obj, struct vmxl_call *call)
{
	return vmxl_workers_set_vcpu(obj, &call->d.sched_vcpu);
}

static const struct vmxl_ioctl vm_ioctls[] = {
	VMXL_IOCTL(VMXL_CHECK_EXTENSION, vm_check_extension),
	VMXL_IOCTL(VMXL_CREATE_VCPU, vm_create_vcpu),
	VMXL_IOCTL(VMXL_SET_USER_MEMORY_REGION, vm_set_memory_region),
	VMXL_IOCTL(VMXL_GET_DIRTY_LOG, vm_get_dirty_log),
	VMXL_IOCTL(VMXL_IRQ_LINE, vm_irq_line),
	VMXL_IOCTL(VMXL_IRQFD, vm_irqfd),
	VMXL_IOCTL(VMXL_IOEVENTFD, vm_ioeventfd),
	VMXL_IOCTL(VMXL_CREATE_DEVICE, vm_create_device),
	VMXL_IOCTL(VMXL_GET_CODE_LOG, vm_get_code_log),
	VMXL_IOCTL(VMXL_GET_STATS_FD, vm_get_stats_fd),
	VMXL_IOCTL(VMXL_CREATE_WORKER, vm_create_worker),
	VMXL_IOCTL(VMXL_SET_SCHED, vm_set_sched),
	VMXL_IOCTL(VMXL_SET_SCHED_VCPU, vm_set_sched_vcpu),
	VMXL_IOCTL(VMXL_MEMORY_WRITTEN, vm_memory_written),
};

static long vm_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vmxl_vm *vm = file->private_data;

	if (vmxl_check_owner(vm))
		return -EIO;
	return vmxl_ioctl_call(vm_ioctls, ARRAY_SIZE(vm_ioctls), vm, cmd, arg);
}

static int vm_release(struct inode *inode, struct file *file)
{
	struct vmxl_vm *vm = file->private_data;

	vmxl_irqfds_release(vm);
	vmxl_vm_put(vm);
	return 0;
}

static const struct file_operations vm_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = vm_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.release = vm_release,
	.llseek = noop_llseek,
};

/**
 * vmxl_vm_create_fd() - VMXL_CREATE_VM
 * @args: its argument
 *
 * Return: the VM's descriptor or -errno.
 */
int vmxl_vm_create_fd(const struct vmxl_create_vm *args)
{
	struct vmxl_vm *vm = vmxl_vm_create(args);
	int fd;

	if (IS_ERR(vm))
		return PTR_ERR(vm);
	fd = vmxl_netlink_add(vm);
	if (!fd)
		fd = anon_inode_getfd("vmxl-vm", &vm_fops, vm, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		vmxl_vm_put(vm);
	return fd;
}
