// SPDX-License-Identifier: GPL-2.0
/*
 * Running a test image by our engine: a VM of the user-space build, one vCPU
 * in M-mode, the image as its memory.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <shim/shim.h>
#include "../../../kmod/codegen/cache.h"
#include "../../../kmod/guest/guest.h"
#include "../../../kmod/memslot.h"
#include "../../../kmod/vcpu.h"
#include "../../../kmod/vm.h"
#include "machine.h"

#define CORE(n)		(VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | VMXL_RV64_CORE | (n))
#define CONFIG(n)	(VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | VMXL_RV64_CONFIG | (n))
#define CSR(n)		(VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | VMXL_RV64_CSR | (n))

static struct vmxl_vm *vm;
static struct vmxl_vcpu *vcpu;
static void *vm_image;
static u64 vm_isa = ~0ULL;

static void set_reg(u64 id, u64 val)
{
	int err = vm->guest->set_reg(vcpu, id, val);

	if (err)
		panic("register %llx: %d\n", (unsigned long long)id, err);
}

static void create(void *image)
{
	const struct vmxl_create_vm args = { .isa = VMXL_ISA_RV64 };
	const struct vmxl_memory_region ram = {
		.guest_phys_addr = IMG_BASE,
		.memory_size = IMG_END - IMG_BASE,
		.userspace_addr = (unsigned long)image,
	};

	if (shim_init())
		panic("the module does not load\n");
	shim_enter();
	vm = vmxl_vm_create(&args);
	if (IS_ERR(vm))
		panic("no VM: %ld\n", PTR_ERR(vm));
	if (vmxl_memslot_set(vm, &ram))
		panic("no memory\n");
	mutex_lock(&vm->lock);
	vcpu = vmxl_vcpu_create(vm, 0);
	if (IS_ERR(vcpu))
		panic("no vCPU: %ld\n", PTR_ERR(vcpu));
	vmxl_vcpu_publish(vcpu);
	mutex_unlock(&vm->lock);
	if (vm_isa != ~0ULL)
		set_reg(CONFIG(VMXL_RV64_CONFIG_ISA), vm_isa);
	vm_image = image;
}

void machine_set_isa(uint64_t isa)
{
	vm_isa = isa;
}

int machine_run(void *image, unsigned int n)
{
	if (!vm)
		create(image);
	if (image != vm_image)
		panic("one image only\n");
	/* the tests' code may have been replaced behind the machine's back */
	vmxl_cache_invalidate(vm->cache, IMG_BASE, IMG_END - IMG_BASE);
	mutex_lock(&vcpu->mutex);
	set_reg(CORE(VMXL_RV64_CORE_PC), IMG_RUN);
	set_reg(CORE(1), IMG_DONE);
	set_reg(CORE(10), IMG_CASES);
	set_reg(CORE(11), n);
	set_reg(CORE(VMXL_RV64_CORE_MODE), 3);
	set_reg(CSR(0x305), IMG_TRAP);
	set_reg(CSR(0x300), 1u << 13);		/* FS */
	set_reg(CSR(0x3b0), -1);		/* PMP: all of memory, for S and U */
	set_reg(CSR(0x3a0), 0x1f);
	vmxl_vcpu_run(vcpu);
	mutex_unlock(&vcpu->mutex);
	if (vcpu->run->exit_reason == VMXL_EXIT_MMIO && vcpu->gs->pc == IMG_DONE)
		return 0;
	pr_err("machine: exit %u at %llx\n", vcpu->run->exit_reason,
	       (unsigned long long)vcpu->gs->pc);
	return -1;
}
