/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VM for the RV64 tests: the real one, without its files. Tests call the
 * guest's functions themselves; no guest code is executed.
 */
#ifndef RV64_ENV_H
#define RV64_ENV_H

#include <stdlib.h>
#include <sys/mman.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <shim/shim.h>
#include <shim/tap.h>
#include "../../kmod/bus.h"
#include "../../kmod/device.h"
#include "../../kmod/guest/rv64/csr.h"
#include "../../kmod/guest/rv64/pmp.h"
#include "../../kmod/guest/rv64/rv64.h"
#include "../../kmod/guest/rv64/sbi.h"
#include "../../kmod/memslot.h"
#include "../../kmod/mmu/mem.h"
#include "../../kmod/mmu/tlb.h"

#define ENV_RAM		0x80000000ULL
#define ENV_RAM_SIZE	(4ULL << 20)
#define ENV_VCPUS	3

struct env {
	struct vmxl_vm *vm;
	struct vmxl_vcpu *vcpu[ENV_VCPUS];
	struct vmxl_vcpu *v;		/* vcpu[0] */
	struct vmxl_rv64_regs *r;	/* its registers */
	u8 *ram;
	int srcu;
};

/* In a loop: only a failure is a line. */
#define check(cond, fmt...) do {	\
	if (!(cond))			\
		ok(0, fmt);		\
} while (0)

static u64 env_seed = 0x243f6a8885a308d3ULL;

static inline u64 rnd(void)
{
	env_seed ^= env_seed << 13;
	env_seed ^= env_seed >> 7;
	env_seed ^= env_seed << 17;
	return env_seed * 0x9e3779b97f4a7c15ULL;
}

static inline void env_die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

static inline void env_open(struct env *e, u32 flags)
{
	struct vmxl_create_vm args = { .isa = VMXL_ISA_RV64, .flags = flags };
	struct vmxl_memory_region region = {
		.guest_phys_addr = ENV_RAM, .memory_size = ENV_RAM_SIZE,
	};
	unsigned int i;

	e->ram = mmap(NULL, ENV_RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (e->ram == MAP_FAILED)
		env_die("no memory");
	if (shim_init())
		env_die("the module does not load");
	shim_enter();
	e->vm = vmxl_vm_create(&args);
	if (IS_ERR(e->vm))
		env_die("no VM");
	region.userspace_addr = (uintptr_t)e->ram;
	if (vmxl_memslot_set(e->vm, &region))
		env_die("no memory slot");
	mutex_lock(&e->vm->lock);
	for (i = 0; i < ENV_VCPUS; i++) {
		e->vcpu[i] = vmxl_vcpu_create(e->vm, i);
		if (IS_ERR(e->vcpu[i]))
			env_die("no vCPU");
		vmxl_vcpu_publish(e->vcpu[i]);
	}
	mutex_unlock(&e->vm->lock);
	e->v = e->vcpu[0];
	e->r = rv_regs(e->v);
	e->srcu = srcu_read_lock(&e->vm->srcu);
}

static inline void env_close(struct env *e)
{
	srcu_read_unlock(&e->vm->srcu, e->srcu);
	vmxl_vm_put(e->vm);
	shim_leave();
	munmap(e->ram, ENV_RAM_SIZE);
	shim_exit();
	ok(!shim_check_leaks(), "nothing leaks");
}

/* A device, on the bus at @gpa; it goes with the VM. */
static inline struct vmxl_device *env_device(struct env *e, u32 type, u64 gpa, int *fd)
{
	struct vmxl_create_device args = { .type = type };
	struct vmxl_device *dev;
	__u32 new_fd;

	srcu_read_unlock(&e->vm->srcu, e->srcu);
	if (vmxl_device_create(e->vm, &args, &new_fd))
		env_die("no device");
	*fd = new_fd;
	mutex_lock(&e->vm->lock);
	dev = list_last_entry(&e->vm->devices, struct vmxl_device, list);
	if (dev->ops->set_attr(dev, VMXL_DEV_GRP_ADDR, 0, gpa) ||
	    dev->ops->set_attr(dev, VMXL_DEV_GRP_CTRL, VMXL_DEV_CTRL_INIT, 0))
		env_die("no place for the device");
	mutex_unlock(&e->vm->lock);
	e->srcu = srcu_read_lock(&e->vm->srcu);
	return dev;
}

/* A pristine vCPU in @mode */
static inline void env_reset(struct env *e, enum vmxl_rv64_mode mode)
{
	vmxl_tlb_flush(e->v);
	vmxl_rv64_reset(e->v);
	rv_arch(e->v)->lines = 0;
	e->r->mode = mode;
	vmxl_rv64_mmu_update(e->v);
}

static inline u64 csr(struct env *e, u32 nr)
{
	u64 val = 0xdead;

	check(!vmxl_rv64_csr_get(e->v, nr, &val), "CSR 0x%x is there", nr);
	return val;
}

/* Whether a condition comes true; a loaded machine may take its time. */
#define eventually(cond) ({						\
	for (int i_ = 0; i_ < 5000 && !(cond); i_++)			\
		usleep(1000);						\
	(cond);								\
})

#endif
