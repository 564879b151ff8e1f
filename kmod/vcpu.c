// SPDX-License-Identifier: GPL-2.0
/*
 * vCPUs: creation and end, the ioctls of a vCPU's descriptor but for RUN's
 * work (vcpu_run.c), kicks and requests.
 *
 * A vCPU is published in vm->vcpus[] once and lives as long as the VM, so that
 * others may look at it without a reference.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include "codegen/cache.h"
#include "codegen/code.h"
#include "compat.h"
#include "count.h"
#include "enter.h"
#include "guest/guest.h"
#include "ir/interp.h"
#include "mmu/tlb.h"
#include "mmu/window.h"
#include "netlink.h"
#include "stats.h"
#include "uabi.h"
#include "vcpu.h"
#include "vm.h"
#include "worker.h"

static void free_parts(struct vmxl_vcpu *vcpu)
{
	if (vcpu->vm->windows)
		vmxl_window_put(vcpu);
	vmxl_compiler_destroy(vcpu->compiler);
	kvfree(vcpu->icode);
	kvfree(vcpu->ir);
	vmxl_jcache_destroy(vcpu->jcache);
	vmxl_tlb_destroy(vcpu->tlb);
	vmxl_entry_destroy(vcpu);
	if (vcpu->task)
		put_task_struct(vcpu->task);
	kfree(vcpu);
}

static int alloc_parts(struct vmxl_vcpu *vcpu)
{
	int ret = vmxl_entry_init(vcpu);

	if (ret)
		return ret;
	vcpu->tlb = vmxl_tlb_create();
	vcpu->jcache = vmxl_jcache_create();
	vcpu->ir = kvzalloc(sizeof(*vcpu->ir), GFP_KERNEL_ACCOUNT);
	vcpu->icode = kvzalloc(sizeof(*vcpu->icode), GFP_KERNEL_ACCOUNT);
	if (!vcpu->tlb || !vcpu->jcache || !vcpu->ir || !vcpu->icode)
		return -ENOMEM;
	return 0;
}

/**
 * vmxl_vcpu_create() - a vCPU in its reset state
 * @vm: its VM
 * @id: its number, not in use yet
 *
 * Nobody can see it before vmxl_vcpu_publish().
 * Context: vm->lock held.
 * Return: the vCPU or an ERR_PTR.
 */
struct vmxl_vcpu *vmxl_vcpu_create(struct vmxl_vm *vm, u32 id)
{
	struct vmxl_vcpu *vcpu = kzalloc(sizeof(*vcpu), GFP_KERNEL_ACCOUNT);
	int ret;

	if (!vcpu)
		return ERR_PTR(-ENOMEM);
	vcpu->vm = vm;
	vcpu->id = id;
	vcpu->resv = VMXL_NO_RESV;
	mutex_init(&vcpu->mutex);
	spin_lock_init(&vcpu->task_lock);
	init_waitqueue_head(&vcpu->wq);
	vmxl_sched_ent_init(&vcpu->se, id);
	ret = alloc_parts(vcpu);
	if (!ret)
		ret = vm->guest->vcpu_init(vcpu);
	if (ret) {
		free_parts(vcpu);
		return ERR_PTR(ret);
	}
	vmxl_count_add(VMXL_COUNT_VCPU, 1);
	return vcpu;
}

/**
 * vmxl_vcpu_destroy() - free a vCPU
 * @vcpu: the vCPU; not published, or of a VM that goes
 */
void vmxl_vcpu_destroy(struct vmxl_vcpu *vcpu)
{
	vcpu->vm->guest->vcpu_destroy(vcpu);
	vmxl_worker_forget(vcpu);
	free_parts(vcpu);
	vmxl_count_add(VMXL_COUNT_VCPU, -1);
}

/**
 * vmxl_vcpu_publish() - let others find a vCPU
 * @vcpu: the vCPU, complete; it lives as long as the VM from now on
 *
 * Context: vm->lock held.
 */
void vmxl_vcpu_publish(struct vmxl_vcpu *vcpu)
{
	struct vmxl_vm *vm = vcpu->vm;

	vm->nr_vcpus++;
	/* All of it is there for whoever finds it by vmxl_for_each_vcpu(). */
	smp_store_release(&vm->vcpus[vcpu->id], vcpu);
	vmxl_worker_wake(vcpu);
}

/**
 * vmxl_vcpu_kick() - make a vCPU look at its state
 * @vcpu: the vCPU
 *
 * What it is to see must be written before. It leaves guest code at the next
 * block boundary, or wakes up.
 * Context: any.
 */
void vmxl_vcpu_kick(struct vmxl_vcpu *vcpu)
{
	/*
	 * Pairs with smp_store_mb() in vcpu_run.c: either the vCPU sees what was
	 * written before the kick, or it finds the kick.
	 */
	smp_mb();
	WRITE_ONCE(vcpu->run->kick, 1);
	wake_up(&vcpu->wq);
	vmxl_worker_wake(vcpu);
}

/**
 * vmxl_vcpu_yield() - have the run loop of a vCPU look for another one
 * @vcpu: the vCPU, which may be in guest code
 *
 * Context: any.
 */
void vmxl_vcpu_yield(struct vmxl_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->yield, VMXL_YIELD_NOW);
	smp_mb();	/* as in vmxl_vcpu_kick() */
	WRITE_ONCE(vcpu->run->kick, 1);
}

/**
 * vmxl_vcpu_request() - have the vCPU's thread do something
 * @vcpu: the vCPU
 * @req: VMXL_REQ_*; carried out before the vCPU executes guest code again
 *
 * Context: any.
 */
void vmxl_vcpu_request(struct vmxl_vcpu *vcpu, int req)
{
	set_bit(req, &vcpu->requests);
	vmxl_vcpu_kick(vcpu);
}

static long vcpu_run(void *obj, struct vmxl_call *call)
{
	struct vmxl_vcpu *vcpu = obj;

	if (call->val)
		return -EINVAL;
	if (READ_ONCE(vcpu->vm->workers))
		return -EBUSY;
	vmxl_vcpu_set_thread(vcpu);
	return vmxl_entry_run(vcpu);
}

/* Bytes of a register's value, or 0 */
static unsigned int reg_size(u64 id)
{
	switch (id & VMXL_REG_SIZE_MASK) {
	case VMXL_REG_SIZE_U32:
		return 4;
	case VMXL_REG_SIZE_U64:
		return 8;
	default:
		return 0;
	}
}

static long vcpu_get_one_reg(void *obj, struct vmxl_call *call)
{
	struct vmxl_vcpu *vcpu = obj;
	const struct vmxl_one_reg *reg = &call->d.one_reg;
	void __user *addr = u64_to_user_ptr(reg->addr);
	unsigned int size = reg_size(reg->id);
	u64 val = 0;
	u32 low;
	int ret;

	ret = size ? vcpu->vm->guest->get_reg(vcpu, reg->id, &val) : -ENOENT;
	if (ret)
		return ret;
	low = val;
	if (copy_to_user(addr, size == 4 ? (void *)&low : (void *)&val, size))
		return -EFAULT;
	return 0;
}

static long vcpu_set_one_reg(void *obj, struct vmxl_call *call)
{
	struct vmxl_vcpu *vcpu = obj;
	const struct vmxl_one_reg *reg = &call->d.one_reg;
	void __user *addr = u64_to_user_ptr(reg->addr);
	unsigned int size = reg_size(reg->id);
	u64 val;
	u32 low;

	if (!size)
		return -ENOENT;
	if (copy_from_user(size == 4 ? (void *)&low : (void *)&val, addr, size))
		return -EFAULT;
	return vcpu->vm->guest->set_reg(vcpu, reg->id, size == 4 ? low : val);
}

static long vcpu_get_reg_list(void *obj, struct vmxl_call *call)
{
	struct vmxl_vcpu *vcpu = obj;
	struct vmxl_reg_list __user *user = call->user;
	const struct vmxl_guest *guest = vcpu->vm->guest;
	u64 n = guest->reg_list(vcpu, NULL);
	long ret = 0;
	u64 *ids;

	if (put_user(n, &user->n))
		return -EFAULT;
	if (call->d.reg_list.n < n)
		return -E2BIG;
	ids = kvmalloc_array(n, sizeof(*ids), GFP_KERNEL_ACCOUNT);
	if (!ids)
		return -ENOMEM;
	guest->reg_list(vcpu, ids);
	if (copy_to_user(user->reg, ids, n * sizeof(*ids)))
		ret = -EFAULT;
	kvfree(ids);
	return ret;
}

static long vcpu_get_mp_state(void *obj, struct vmxl_call *call)
{
	struct vmxl_vcpu *vcpu = obj;
	struct vmxl_mp_state mp = { .state = READ_ONCE(vcpu->mp_state) };

	return copy_to_user(call->user, &mp, sizeof(mp)) ? -EFAULT : 0;
}

static long vcpu_set_mp_state(void *obj, struct vmxl_call *call)
{
	struct vmxl_vcpu *vcpu = obj;
	const struct vmxl_mp_state *mp = &call->d.mp_state;

	if (mp->state > VMXL_MP_STOPPED || mp->reserved)
		return -EINVAL;
	WRITE_ONCE(vcpu->mp_state, mp->state);
	return 0;
}

static long vcpu_set_guest_debug(void *obj, struct vmxl_call *call)
{
	struct vmxl_vcpu *vcpu = obj;
	const struct vmxl_guest_debug *debug = &call->d.debug;

	if (debug->control & ~(VMXL_DEBUG_ENABLE | VMXL_DEBUG_SINGLESTEP))
		return -EINVAL;
	if (debug->reserved || !VMXL_RESERVED_OK(debug->reserved2))
		return -EINVAL;
	vcpu->debug = debug->control;
	return 0;
}

static const struct vmxl_ioctl vcpu_ioctls[] = {
	VMXL_IOCTL(VMXL_RUN, vcpu_run),
	VMXL_IOCTL(VMXL_GET_ONE_REG, vcpu_get_one_reg),
	VMXL_IOCTL(VMXL_SET_ONE_REG, vcpu_set_one_reg),
	VMXL_IOCTL(VMXL_GET_REG_LIST, vcpu_get_reg_list),
	VMXL_IOCTL(VMXL_GET_MP_STATE, vcpu_get_mp_state),
	VMXL_IOCTL(VMXL_SET_MP_STATE, vcpu_set_mp_state),
	VMXL_IOCTL(VMXL_SET_GUEST_DEBUG, vcpu_set_guest_debug),
};

/* How long a thread may have ended in translated code before its vCPU is free again */
#define OWNER_CHECK	(HZ / 10)

/*
 * vcpu->mutex, once no other thread is in translated code. A signal handler
 * that interrupts translated code cannot have its own vCPU.
 */
static int lock_vcpu(struct vmxl_vcpu *vcpu)
{
	struct vmxl_entry *e = vcpu->entry;
	long ret;

	for (;;) {
		if (mutex_lock_killable(&vcpu->mutex))
			return -EINTR;
		if (!vmxl_entry_owned(vcpu))
			return 0;
		mutex_unlock(&vcpu->mutex);
		if (READ_ONCE(e->owner) == current)
			return -EBUSY;
		ret = wait_event_killable_timeout(vcpu->wq, !READ_ONCE(e->owner), OWNER_CHECK);
		if (ret < 0)
			return -EINTR;
	}
}

static long user_exit(struct vmxl_vcpu *vcpu, unsigned long arg)
{
	long ret;

	if (arg)
		return -EINVAL;
	if (mutex_lock_killable(&vcpu->mutex))
		return -EINTR;
	ret = READ_ONCE(vcpu->worker) ? -EINVAL : vmxl_entry_back(vcpu);
	mutex_unlock(&vcpu->mutex);
	return ret;
}

static long vcpu_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vmxl_vcpu *vcpu = file->private_data;
	long ret;

	if (vmxl_check_owner(vcpu->vm))
		return -EIO;
	if (cmd == VMXL_USER_EXIT)
		return user_exit(vcpu, arg);
	/* Of a vCPU that runs, too */
	if (cmd == VMXL_GET_STATS_FD)
		return vmxl_stats_fd(vcpu->vm, vcpu, arg);
	vmxl_worker_want(vcpu);
	ret = lock_vcpu(vcpu);
	if (!ret) {
		ret = vmxl_ioctl_call(vcpu_ioctls, ARRAY_SIZE(vcpu_ioctls), vcpu, cmd, arg);
		mutex_unlock(&vcpu->mutex);
	}
	vmxl_worker_unwant(vcpu);
	return ret;
}

/* One page, struct vmxl_run; shared, or the kernel would not see what is written. */
static int vcpu_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct vmxl_vcpu *vcpu = file->private_data;

	if (vma->vm_pgoff || vma->vm_end - vma->vm_start != PAGE_SIZE)
		return -EINVAL;
	if (!(vma->vm_flags & VM_SHARED) || (vma->vm_flags & VM_EXEC))
		return -EINVAL;
	vm_flags_mod(vma, VM_DONTEXPAND, VM_MAYEXEC);
	return vm_insert_page(vma, vma->vm_start, vmalloc_to_page(vcpu->run));
}

static int vcpu_release(struct inode *inode, struct file *file)
{
	struct vmxl_vcpu *vcpu = file->private_data;

	vmxl_vm_put(vcpu->vm);
	return 0;
}

static const struct file_operations vcpu_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = vcpu_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = vcpu_mmap,
	.release = vcpu_release,
	.llseek = noop_llseek,
};

/* A descriptor for a vCPU that nobody knows yet; takes a reference of the VM. */
static int vcpu_install(struct vmxl_vcpu *vcpu)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct file *file;

	if (fd < 0)
		return fd;
	file = anon_inode_getfile("vmxl-vcpu", &vcpu_fops, vcpu, O_RDWR);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	vmxl_vm_get(vcpu->vm);
	vmxl_vcpu_publish(vcpu);
	fd_install(fd, file);
	return fd;
}

static int create_fd_locked(struct vmxl_vm *vm, u32 id)
{
	struct vmxl_vcpu *vcpu;
	int fd;

	lockdep_assert_held(&vm->lock);
	if (vm->vcpus[id])
		return -EEXIST;
	vcpu = vmxl_vcpu_create(vm, id);
	if (IS_ERR(vcpu))
		return PTR_ERR(vcpu);
	fd = vcpu_install(vcpu);
	if (fd < 0)
		vmxl_vcpu_destroy(vcpu);
	else
		vmxl_netlink_vcpu_new(vcpu);
	return fd;
}

/**
 * vmxl_vcpu_create_fd() - VMXL_CREATE_VCPU
 * @vm: the VM
 * @id: number of the new vCPU
 *
 * Return: its descriptor, -EEXIST, -EINVAL or another -errno.
 */
int vmxl_vcpu_create_fd(struct vmxl_vm *vm, unsigned long id)
{
	int fd;

	if (id >= VMXL_MAX_VCPUS)
		return -EINVAL;
	if (mutex_lock_killable(&vm->lock))
		return -EINTR;
	fd = create_fd_locked(vm, id);
	mutex_unlock(&vm->lock);
	return fd;
}
