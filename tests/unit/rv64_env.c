// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <sys/mman.h>
#include "rv64_env.h"

static void die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

void env_open(struct env *e, u32 flags)
{
	struct vmxl_create_vm args = { .isa = VMXL_ISA_RV64, .flags = flags };
	struct vmxl_memory_region region = {
		.guest_phys_addr = ENV_RAM, .memory_size = ENV_RAM_SIZE,
	};
	unsigned int i;

	e->ram = mmap(NULL, ENV_RAM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (e->ram == MAP_FAILED)
		die("no memory");
	if (shim_init())
		die("the module does not load");
	shim_enter();
	e->vm = vmxl_vm_create(&args);
	if (IS_ERR(e->vm))
		die("no VM");
	region.userspace_addr = (uintptr_t)e->ram;
	if (vmxl_memslot_set(e->vm, &region))
		die("no memory slot");
	mutex_lock(&e->vm->lock);
	for (i = 0; i < ENV_VCPUS; i++) {
		e->vcpu[i] = vmxl_vcpu_create(e->vm, i);
		if (IS_ERR(e->vcpu[i]))
			die("no vCPU");
		vmxl_vcpu_publish(e->vcpu[i]);
	}
	mutex_unlock(&e->vm->lock);
	e->v = e->vcpu[0];
	e->r = rv_regs(e->v);
	e->srcu = srcu_read_lock(&e->vm->srcu);
}

void env_close(struct env *e)
{
	srcu_read_unlock(&e->vm->srcu, e->srcu);
	vmxl_vm_put(e->vm);
	shim_leave();
	munmap(e->ram, ENV_RAM_SIZE);
	shim_exit();
	ok(!shim_check_leaks(), "nothing leaks");
}
