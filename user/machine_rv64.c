// SPDX-License-Identifier: GPL-2.0
/*
 * The RV64 machine: devices, images in memory, registers at the start.
 *
 * Memory, from the bottom of RAM: firmware if any; the kernel, 2 MiB further
 * up; the initrd; at the top (below 3 GiB, so that 32-bit firmware reaches it)
 * the device tree and, behind it, what OpenSBI's fw_dynamic wants to be told.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finisher.h"
#include "machine_rv64.h"
#include "sys.h"

#define FDT_LIMIT	(3 * SZ_1G)
#define FDT_ALIGN	SZ_2M
#define INFO_ROOM	4096
#define MIN_RAM		(8 * SZ_1M)

#define MODE_S		1
#define MODE_M		3
#define REG_A0		10
#define REG_A1		11
#define REG_A2		12

/* OpenSBI's struct fw_dynamic_info */
struct fw_dynamic_info {
	u64 magic;
	u64 version;
	u64 next_addr;
	u64 next_mode;
	u64 options;
	u64 boot_hart;
};

#define FW_DYNAMIC_MAGIC	0x4942534fULL	/* "OSBI" */
#define FW_DYNAMIC_VERSION	2

static bool is_bare(const struct rv64_machine *m)
{
	return m->opt->firmware;
}

static int load_code(struct rv64_machine *m)
{
	const struct run_options *opt = m->opt;
	const struct guest_mem *mem = &m->base.vm.mem;
	u64 load_min = RV64_RAM + (is_bare(m) ? SZ_2M : 0);

	if (opt->firmware && loader_image(mem, IMAGE_FIRMWARE, opt->firmware, RV64_RAM, RV64_RAM,
					  &m->firmware))
		return -1;
	if (opt->kernel && loader_image(mem, IMAGE_KERNEL, opt->kernel, RV64_RAM, load_min,
					&m->kernel))
		return -1;
	if (m->firmware.end && m->kernel.end && m->kernel.start < m->firmware.end &&
	    m->firmware.start < m->kernel.end)
		return error("kernel %s: overlaps firmware %s", opt->kernel, opt->firmware);
	return 0;
}

/* Firmware may have a fixed place for the device tree behind the kernel (OpenSBI's fw_jump). */
#define INITRD_AWAY	(RV64_RAM + 64 * SZ_1M)

static int load_initrd(struct rv64_machine *m)
{
	u64 start = ALIGN_UP(MAX(m->kernel.end, m->firmware.end), SZ_2M);

	if (!m->opt->initrd)
		return 0;
	if (m->firmware.end && m->opt->mem_size >= 128 * SZ_1M)
		start = MAX(start, INITRD_AWAY);
	if (loader_blob(&m->base.vm.mem, "initrd", m->opt->initrd, start, &m->initrd))
		return -1;
	verbose("initrd %s at 0x%llx to 0x%llx", m->opt->initrd,
		(unsigned long long)m->initrd.start, (unsigned long long)m->initrd.end);
	return 0;
}

static int load_fdt(struct rv64_machine *m)
{
	u64 used = MAX(MAX(m->kernel.end, m->firmware.end), MAX(m->initrd.end, RV64_RAM));
	u64 top = MIN(RV64_RAM + m->opt->mem_size, FDT_LIMIT);
	size_t size;
	void *fdt;

	fdt = rv64_fdt(m, &size);
	if (!fdt)
		return -1;
	m->fdt_size = size;
	m->fdt_addr = ALIGN_DOWN(top - ALIGN_UP(size, 8) - INFO_ROOM, FDT_ALIGN);
	m->info_addr = m->fdt_addr + ALIGN_UP(size, 8);
	if (m->fdt_addr < used) {
		free(fdt);
		return error("%llu MiB of memory are too few for the kernel and its initrd",
			     (unsigned long long)(m->opt->mem_size >> 20));
	}
	memcpy(mem_at(&m->base.vm.mem, m->fdt_addr, size), fdt, size);
	free(fdt);
	verbose("device tree at 0x%llx, %zu bytes", (unsigned long long)m->fdt_addr, size);
	return 0;
}

static void write_fw_dynamic(struct rv64_machine *m)
{
	struct fw_dynamic_info info = {
		.magic = FW_DYNAMIC_MAGIC,
		.version = FW_DYNAMIC_VERSION,
		.next_addr = m->kernel.entry,
		.next_mode = MODE_S,
	};

	memcpy(mem_at(&m->base.vm.mem, m->info_addr, sizeof(info)), &info, sizeof(info));
}

/* Registers in the order in which they are set. */
static int set_start(struct rv64_machine *m, struct vcpu *vcpu)
{
	const struct {
		unsigned int core;
		u64 value;
	} regs[] = {
		{ VMXL_RV64_CORE_MODE, is_bare(m) ? MODE_M : MODE_S },
		{ VMXL_RV64_CORE_PC, is_bare(m) ? m->firmware.entry : m->kernel.entry },
		{ REG_A0, vcpu->index },
		{ REG_A1, m->fdt_addr },
		{ REG_A2, is_bare(m) ? m->info_addr : 0 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regs); i++) {
		if (vcpu_set_reg(vcpu, rv64_core_id(regs[i].core), regs[i].value))
			return error_errno("vCPU %u: setting register %u", vcpu->index,
					   regs[i].core);
	}
	return 0;
}

/* Below the module's SBI hart 0 boots, and starts the others by HSM calls. */
static int start_state(struct rv64_machine *m)
{
	struct vm *vm = &m->base.vm;
	struct vcpu *vcpu;
	bool runs;

	for (vcpu = vm->vcpus; vcpu < vm->vcpus + vm->nr_vcpus; vcpu++) {
		runs = is_bare(m) || !vcpu->index;
		if (vcpu_set_mp_state(vcpu, runs ? VMXL_MP_RUNNABLE : VMXL_MP_STOPPED))
			return error_errno("vCPU %u: setting its state", vcpu->index);
		if (runs && set_start(m, vcpu))
			return -1;
	}
	return 0;
}

static int add_module_devices(struct rv64_machine *m)
{
	static const char name[] = "PLIC";
	struct vm *vm = &m->base.vm;

	m->plic_fd = vm_new_device(vm, name, VMXL_DEV_RISCV_PLIC);
	if (m->plic_fd < 0 ||
	    vm_device_set(m->plic_fd, name, VMXL_DEV_GRP_ADDR, 0, RV64_PLIC) ||
	    vm_device_set(m->plic_fd, name, VMXL_DEV_GRP_CONFIG, VMXL_PLIC_NR_SOURCES,
			  RV64_PLIC_NDEV) ||
	    vm_device_set(m->plic_fd, name, VMXL_DEV_GRP_CTRL, VMXL_DEV_CTRL_INIT, 0))
		return -1;
	if (m->opt->smmu) {
		vm->smmu_fd = smmu_create(vm, RV64_SMMU, RV64_IRQ_SMMU);
		if (vm->smmu_fd < 0)
			return -1;
		vm->smmu = m->opt->smmu;
	}
	if (!is_bare(m))
		return 0;
	m->aclint_fd = vm_create_device(vm, "ACLINT", VMXL_DEV_RISCV_ACLINT, RV64_ACLINT);
	return m->aclint_fd < 0 ? -1 : 0;
}

static int add_platform(struct rv64_machine *m)
{
	struct vm *vm = &m->base.vm;

	if (finisher_init(vm, RV64_FINISHER))
		return -1;
	m->have_uart = true;
	if (uart_init(&m->uart, vm, RV64_UART, RV64_IRQ_UART, m->con))
		return -1;
	m->have_rtc = true;
	return rtc_init(&m->rtc, vm, RV64_RTC, RV64_IRQ_RTC);
}

static struct virtio_place next_place(struct rv64_machine *m)
{
	return (struct virtio_place) {
		.vm = &m->base.vm,
		.base = RV64_VIRTIO + m->nr_virtio * VIRTIO_MMIO_SIZE,
		.irq = RV64_IRQ_VIRTIO + m->nr_virtio,
	};
}

static int add_virtio(struct rv64_machine *m, struct virtio_model *model)
{
	if (!model)
		return -1;
	m->virtio[m->nr_virtio++] = model;
	return 0;
}

static unsigned int count_virtio(const struct machine_env *env)
{
	const struct run_options *opt = env->opt;

	return opt->nr_disks + (opt->net.kind != NET_NONE) + !!env->vcon + opt->rng;
}

static int add_virtio_devices(struct rv64_machine *m, const struct machine_env *env)
{
	const struct run_options *opt = env->opt;
	struct virtio_place at;
	unsigned int i;

	if (count_virtio(env) > RV64_NR_VIRTIO)
		return error("%u virtio devices: this machine has %d slots", count_virtio(env),
			     RV64_NR_VIRTIO);
	for (i = 0; i < opt->nr_disks; i++) {
		at = next_place(m);
		if (add_virtio(m, virtio_blk_create(&at, &opt->disks[i])))
			return -1;
	}
	at = next_place(m);
	if (opt->net.kind != NET_NONE && add_virtio(m, virtio_net_create(&at, &opt->net)))
		return -1;
	at = next_place(m);
	if (env->vcon && add_virtio(m, virtio_console_create(&at, env->vcon)))
		return -1;
	at = next_place(m);
	if (opt->rng && add_virtio(m, virtio_rng_create(&at)))
		return -1;
	return 0;
}

static int build(struct rv64_machine *m, const struct machine_env *env)
{
	struct vm *vm = &m->base.vm;

	if (m->opt->mem_size < MIN_RAM)
		return error("--mem: at least %llu MiB", MIN_RAM >> 20);
	if (vm_create(vm, &rv64_isa_ops, is_bare(m) ? 0 : VMXL_VM_FIRMWARE, env->loop))
		return -1;
	vm->machine = m;
	if (vm_add_memory(vm, RV64_RAM, m->opt->mem_size) || vm_add_vcpus(vm, m->opt->cpus) ||
	    rv64_configure(m))
		return -1;
	if (add_module_devices(m) || add_platform(m) || add_virtio_devices(m, env))
		return -1;
	if (load_code(m) || load_initrd(m) || load_fdt(m))
		return -1;
	if (is_bare(m))
		write_fw_dynamic(m);
	if (start_state(m))
		return -1;
	return vm_add_workers(vm, &m->opt->workers, &m->opt->sched);
}

static void rv64_destroy(struct machine *base)
{
	struct rv64_machine *m = (struct rv64_machine *)base;

	while (m->nr_virtio) {
		struct virtio_model *model = m->virtio[--m->nr_virtio];

		model->destroy(model);
	}
	if (m->have_rtc)
		rtc_destroy(&m->rtc);
	if (m->have_uart)
		uart_destroy(&m->uart);
	if (m->aclint_fd >= 0)
		sys_close(m->aclint_fd);
	if (base->vm.smmu)
		sys_close(base->vm.smmu_fd);
	if (m->plic_fd >= 0)
		sys_close(m->plic_fd);
	vm_destroy(&base->vm);
	free(m);
}

static struct machine *rv64_create(const struct machine_env *env)
{
	struct rv64_machine *m = calloc(1, sizeof(*m));

	if (!m) {
		error("out of memory");
		return NULL;
	}
	m->base.ops = &machine_rv64_ops;
	m->base.vm.sys_fd = -1;
	m->base.vm.fd = -1;
	m->opt = env->opt;
	m->con = env->con;
	m->plic_fd = -1;
	m->aclint_fd = -1;
	if (!build(m, env))
		return &m->base;
	rv64_destroy(&m->base);
	return NULL;
}

static void rv64_stats(struct machine *base)
{
	struct rv64_machine *m = (struct rv64_machine *)base;
	unsigned int i;

	for (i = 0; i < m->nr_virtio; i++) {
		if (m->virtio[i]->stats)
			m->virtio[i]->stats(m->virtio[i]);
	}
}

static int rv64_dump_dtb(struct machine *base, const char *path)
{
	struct rv64_machine *m = (struct rv64_machine *)base;

	return file_write("device tree", path, mem_at(&base->vm.mem, m->fdt_addr, m->fdt_size),
			  m->fdt_size);
}

const struct machine_ops machine_rv64_ops = {
	.name = "rv64",
	.create = rv64_create,
	.destroy = rv64_destroy,
	.stats = rv64_stats,
	.dump_dtb = rv64_dump_dtb,
};
