/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtual machine: memory slots, vCPUs, devices, the cache of translated
 * blocks. Everything a vCPU reads without a lock is published through
 * vm->srcu, held while guest code runs; Documentation/locking.rst.
 */
#ifndef VMXL_VM_H
#define VMXL_VM_H

#include <linux/kref.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include "clock.h"
#include "vcpu.h"

struct cred;
struct file;
struct mm_struct;
struct vmxl_bus;
struct vmxl_cache;
struct vmxl_code;
struct vmxl_device;
struct vmxl_guest;
struct vmxl_maps;
struct vmxl_memslots;
struct vmxl_windows;
struct vmxl_workers;
struct vmxl_nl;
struct vmxl_shrink;
struct vmxl_smmu;

#define VMXL_MAX_VCPUS		256
#define VMXL_NR_MEMSLOTS	64
#define VMXL_RESV_LOCKS		64
#define VMXL_OWNER_BITS		7
#define VMXL_OWNER_WAYS		4

/**
 * struct vmxl_vm - a virtual machine
 * @users: VM fd, vCPU fds and device fds hold one each
 * @mm: whose memory the slots are; ioctls from another mm answer -EIO
 * @owner: whose RLIMIT_MEMLOCK the slots count against; NULL: nobody's
 * @clock: guest time; every clock of the VM derives from it
 * @tick_offset: what the guest's writes to its clock have moved it by, in its ticks
 * @lock: vCPU creation, devices, memory slots, bus writers, irqfd, ioeventfd
 * @srcu: readers of @slots, @bus, @resamplers and blocks; entered for each slice of guest code
 * @slots: memory slots, replaced as a whole
 * @gone_work: lets go of guest pages that were taken away; @gone_seq: how often that
 *	was, @gone_done: up to which it is done (notifier.c)
 * @bus: in-kernel devices and ioeventfds by guest physical address
 * @vcpus: by id; an entry is published once and lives until the VM goes
 * @owned: which vCPU a thread is in translated code with, by the thread: a hint
 * @let_on: id of the vCPU that one which spins let on last; any
 * @maps: what the module has mapped into @mm
 * @nr_resv: vCPUs that hold a reservation (a hint for the store fast path)
 * @resv_lock: by hash of the line: LDX, STX, and stores while @nr_resv is not 0
 * @devices: in order of creation, under @lock
 * @intc: interrupt controller that IRQ_LINE and IRQFD drive, or NULL; set once
 * @irqfds: under @irqfd_lock; none is left once the VM fd is closed
 * @resamplers: irqfds that hear of completed interrupts; writers under @irqfd_lock
 * @ioeventfds: under @lock
 * @workers: workers and the scheduler; NULL: vCPUs have threads of their own. Set once,
 *	under @lock
 * @shrink: by which memory reclaim finds the VM's code; NULL: it does not
 * @nl: the netlink family's part; NULL: the VM has no number
 * @smmu: the device that has IOVA windows, or NULL; set once
 * @arch: the guest's part (firmware, timers)
 */
struct vmxl_vm {
	struct kref users;
	struct mm_struct *mm;
	const struct cred *owner;
	const struct vmxl_guest *guest;
	u32 flags;		/* VMXL_VM_* */
	struct vmxl_clock clock;
	u64 tick_offset;
	struct mutex lock;
	struct srcu_struct srcu;
	struct vmxl_memslots __rcu *slots;
	struct work_struct gone_work;
	atomic_t gone_seq;
	int gone_done;
	struct vmxl_bus __rcu *bus;
	struct vmxl_vcpu *vcpus[VMXL_MAX_VCPUS];
	struct vmxl_vcpu *owned[1 << VMXL_OWNER_BITS][VMXL_OWNER_WAYS];
	unsigned int nr_vcpus;
	unsigned int let_on;
	struct vmxl_cache *cache;
	struct vmxl_maps *maps;
	struct vmxl_code *code;		/* NULL: nothing is compiled */
	struct vmxl_windows *windows;	/* NULL: none */
	atomic_t nr_resv;
	spinlock_t resv_lock[VMXL_RESV_LOCKS];
	struct list_head devices;
	struct vmxl_device *intc;
	struct list_head irqfds;
	spinlock_t irqfd_lock;
	struct hlist_head resamplers;
	struct list_head ioeventfds;
	struct vmxl_workers *workers;
	struct vmxl_shrink *shrink;
	struct vmxl_nl *nl;
	struct vmxl_smmu *smmu;
	void *arch;
};

struct vmxl_vm *vmxl_vm_create(const struct vmxl_create_vm *args);
int vmxl_vm_create_fd(const struct vmxl_create_vm *args);
void vmxl_vm_get(struct vmxl_vm *vm);
void vmxl_vm_put(struct vmxl_vm *vm);

/*
 * Somebody is going to look at gstate.icount: translated code counts there from now on,
 * which costs it an eighth of its speed, and more in short loops. May sleep.
 */
void vmxl_vm_count_insns(struct vmxl_vm *vm);

/* Ask every vCPU but @except (may be NULL) for @req and kick it; does not wait. */
void vmxl_vm_request_all(struct vmxl_vm *vm, struct vmxl_vcpu *except, int req);

/* For each created vCPU. */
#define vmxl_for_each_vcpu(vm, vcpu, i)					\
	for ((i) = 0; (i) < VMXL_MAX_VCPUS; (i)++)			\
		if (((vcpu) = READ_ONCE((vm)->vcpus[i])))

#endif /* VMXL_VM_H */
