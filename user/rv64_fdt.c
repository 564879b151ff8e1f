// SPDX-License-Identifier: GPL-2.0
/*
 * The RV64 machine's device tree, or the user's own with /chosen filled in.
 *
 * Node and property names follow QEMU's `virt`, because that is what guests
 * are tested on. libfdt's sequential writer reports errors once, at the end:
 * every call goes through ck(), which keeps the first.
 */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finisher.h"
#include "machine_rv64.h"

#define FDT_ROOM	65536
#define FDT_CPU_ROOM	2048
#define CBOM_BLOCK	64

#define IRQ_M_SOFT	3
#define IRQ_M_TIMER	7
#define IRQ_S_EXT	9
#define IRQ_M_EXT	11

struct tree {
	void *fdt;
	const struct rv64_machine *m;
	unsigned int nr_cpus;
	int err;
};

static void ck(struct tree *t, int err)
{
	if (err && !t->err)
		t->err = err;
}

/* phandles: a hart's interrupt controller, a hart, the PLIC, the finisher */
static u32 intc_phandle(unsigned int hart)
{
	return 1 + 2 * hart;
}

static u32 cpu_phandle(unsigned int hart)
{
	return 2 + 2 * hart;
}

static u32 plic_phandle(const struct tree *t)
{
	return 1 + 2 * t->nr_cpus;
}

static u32 test_phandle(const struct tree *t)
{
	return 2 + 2 * t->nr_cpus;
}

static void begin(struct tree *t, const char *name)
{
	ck(t, fdt_begin_node(t->fdt, name));
}

static void begin_at(struct tree *t, const char *name, u64 addr)
{
	char full[64];

	snprintf(full, sizeof(full), "%s@%llx", name, (unsigned long long)addr);
	begin(t, full);
}

static void end(struct tree *t)
{
	ck(t, fdt_end_node(t->fdt));
}

static void prop_u32(struct tree *t, const char *name, u32 value)
{
	ck(t, fdt_property_u32(t->fdt, name, value));
}

static void prop_str(struct tree *t, const char *name, const char *value)
{
	ck(t, fdt_property_string(t->fdt, name, value));
}

static void prop_flag(struct tree *t, const char *name)
{
	ck(t, fdt_property(t->fdt, name, NULL, 0));
}

static void prop_data(struct tree *t, const char *name, const void *data, size_t len)
{
	ck(t, fdt_property(t->fdt, name, data, len));
}

static void prop_reg(struct tree *t, u64 base, u64 size)
{
	fdt64_t reg[2] = { cpu_to_fdt64(base), cpu_to_fdt64(size) };

	prop_data(t, "reg", reg, sizeof(reg));
}

static void prop_cells(struct tree *t, u32 address, u32 size)
{
	prop_u32(t, "#address-cells", address);
	prop_u32(t, "#size-cells", size);
}

static void prop_irq(struct tree *t, u32 irq)
{
	prop_u32(t, "interrupts", irq);
	prop_u32(t, "interrupt-parent", plic_phandle(t));
}

static bool has_ext(const struct tree *t, const struct rv64_ext *e)
{
	return !e->bit || (t->m->cpu.isa & e->bit);
}

/* "rv64imafdc_zicbom_...": one letter names run together. */
static void prop_isa(struct tree *t)
{
	char isa[512] = "rv64", list[512];
	size_t isa_len = strlen(isa), list_len = 0;
	const struct rv64_ext *e;

	for (e = rv64_exts; e->name; e++) {
		if (!has_ext(t, e))
			continue;
		isa_len += snprintf(isa + isa_len, sizeof(isa) - isa_len, "%s%s",
				    e->name[1] ? "_" : "", e->name);
		list_len += snprintf(list + list_len, sizeof(list) - list_len, "%s", e->name) + 1;
	}
	prop_str(t, "riscv,isa", isa);
	prop_str(t, "riscv,isa-base", "rv64i");
	prop_data(t, "riscv,isa-extensions", list, list_len);
}

static const char *mmu_type(u64 mode)
{
	return mode >= 10 ? "riscv,sv57" : mode == 9 ? "riscv,sv48" : "riscv,sv39";
}

static void node_cpu(struct tree *t, unsigned int hart)
{
	const struct rv64_cpu *cpu = &t->m->cpu;

	begin_at(t, "cpu", hart);
	prop_str(t, "device_type", "cpu");
	prop_u32(t, "reg", hart);
	prop_str(t, "status", "okay");
	prop_str(t, "compatible", "riscv");
	prop_isa(t);
	prop_str(t, "mmu-type", mmu_type(cpu->mmu));
	if (cpu->isa & VMXL_RV64_ISA_ZICBOM)
		prop_u32(t, "riscv,cbom-block-size", CBOM_BLOCK);
	if (cpu->isa & VMXL_RV64_ISA_ZICBOZ)
		prop_u32(t, "riscv,cboz-block-size", cpu->cboz);
	prop_u32(t, "phandle", cpu_phandle(hart));
	begin(t, "interrupt-controller");
	prop_u32(t, "#interrupt-cells", 1);
	prop_flag(t, "interrupt-controller");
	prop_str(t, "compatible", "riscv,cpu-intc");
	prop_u32(t, "phandle", intc_phandle(hart));
	end(t);
	end(t);
}

static void node_cpu_map(struct tree *t)
{
	unsigned int i;
	char name[16];

	begin(t, "cpu-map");
	begin(t, "cluster0");
	for (i = 0; i < t->nr_cpus; i++) {
		snprintf(name, sizeof(name), "core%u", i);
		begin(t, name);
		prop_u32(t, "cpu", cpu_phandle(i));
		end(t);
	}
	end(t);
	end(t);
}

static void node_cpus(struct tree *t)
{
	unsigned int i;

	begin(t, "cpus");
	prop_cells(t, 1, 0);
	prop_u32(t, "timebase-frequency", t->m->cpu.timebase);
	for (i = 0; i < t->nr_cpus; i++)
		node_cpu(t, i);
	node_cpu_map(t);
	end(t);
}

/* Two interrupts of every hart, in hart order. */
static void prop_hart_irqs(struct tree *t, u32 first, u32 second)
{
	fdt32_t *cells = calloc(t->nr_cpus, 4 * sizeof(*cells));
	unsigned int i;

	if (!cells) {
		ck(t, -FDT_ERR_NOSPACE);
		return;
	}
	for (i = 0; i < t->nr_cpus; i++) {
		cells[4 * i + 0] = cpu_to_fdt32(intc_phandle(i));
		cells[4 * i + 1] = cpu_to_fdt32(first);
		cells[4 * i + 2] = cpu_to_fdt32(intc_phandle(i));
		cells[4 * i + 3] = cpu_to_fdt32(second);
	}
	prop_data(t, "interrupts-extended", cells, t->nr_cpus * 4 * sizeof(*cells));
	free(cells);
}

static void node_plic(struct tree *t)
{
	static const char compatible[] = "sifive,plic-1.0.0\0riscv,plic0";

	begin_at(t, "plic", RV64_PLIC);
	prop_data(t, "compatible", compatible, sizeof(compatible));
	prop_reg(t, RV64_PLIC, RV64_PLIC_SIZE);
	prop_u32(t, "#interrupt-cells", 1);
	prop_u32(t, "#address-cells", 0);
	prop_flag(t, "interrupt-controller");
	prop_u32(t, "riscv,ndev", RV64_PLIC_NDEV);
	prop_hart_irqs(t, IRQ_M_EXT, IRQ_S_EXT);
	prop_u32(t, "phandle", plic_phandle(t));
	end(t);
}

static void node_clint(struct tree *t)
{
	static const char compatible[] = "sifive,clint0\0riscv,clint0";

	begin_at(t, "clint", RV64_ACLINT);
	prop_data(t, "compatible", compatible, sizeof(compatible));
	prop_reg(t, RV64_ACLINT, RV64_ACLINT_SIZE);
	prop_hart_irqs(t, IRQ_M_SOFT, IRQ_M_TIMER);
	end(t);
}

static void node_uart(struct tree *t)
{
	begin_at(t, "serial", RV64_UART);
	prop_str(t, "compatible", "ns16550a");
	prop_reg(t, RV64_UART, UART_SIZE);
	prop_u32(t, "clock-frequency", UART_CLOCK_HZ);
	prop_irq(t, RV64_IRQ_UART);
	end(t);
}

static void node_rtc(struct tree *t)
{
	begin_at(t, "rtc", RV64_RTC);
	prop_str(t, "compatible", "google,goldfish-rtc");
	prop_reg(t, RV64_RTC, RTC_SIZE);
	prop_irq(t, RV64_IRQ_RTC);
	end(t);
}

static void node_virtio(struct tree *t, const struct virtio_dev *dev)
{
	begin_at(t, "virtio_mmio", dev->base);
	prop_str(t, "compatible", "virtio,mmio");
	prop_reg(t, dev->base, VIRTIO_MMIO_SIZE);
	prop_irq(t, dev->irq);
	end(t);
}

static void prop_irqs(struct tree *t, u32 first, unsigned int nr)
{
	fdt32_t irqs[SMMU_NR_IRQS];
	unsigned int i;

	for (i = 0; i < nr; i++)
		irqs[i] = cpu_to_fdt32(first + i);
	prop_data(t, "interrupts", irqs, nr * sizeof(irqs[0]));
	prop_u32(t, "interrupt-parent", plic_phandle(t));
}

/*
 * Devices do not refer to it ("iommus"): Linux has no driver for it on this
 * architecture, and would make them wait for one.
 */
static void node_smmu(struct tree *t)
{
	static const char names[] = "eventq\0priq\0cmdq-sync\0gerror";

	begin_at(t, "iommu", RV64_SMMU);
	prop_str(t, "compatible", "arm,smmu-v3");
	prop_reg(t, RV64_SMMU, SMMU_PMCG);
	prop_irqs(t, RV64_IRQ_SMMU, 4);
	prop_data(t, "interrupt-names", names, sizeof(names));
	prop_u32(t, "#iommu-cells", 1);
	prop_flag(t, "dma-coherent");
	end(t);
}

static void node_pmcg(struct tree *t)
{
	const fdt64_t reg[4] = {
		cpu_to_fdt64(RV64_SMMU + SMMU_PMCG), cpu_to_fdt64(0x1000),
		cpu_to_fdt64(RV64_SMMU + SMMU_PMCG_PAGE1), cpu_to_fdt64(0x1000),
	};

	begin_at(t, "pmu", RV64_SMMU + SMMU_PMCG);
	prop_str(t, "compatible", "arm,smmu-v3-pmcg");
	prop_data(t, "reg", reg, sizeof(reg));
	prop_irqs(t, RV64_IRQ_SMMU + 4, 1);
	end(t);
}

static void node_test(struct tree *t)
{
	static const char compatible[] = "sifive,test1\0sifive,test0\0syscon";

	begin_at(t, "test", RV64_FINISHER);
	prop_data(t, "compatible", compatible, sizeof(compatible));
	prop_reg(t, RV64_FINISHER, FINISHER_SIZE);
	prop_u32(t, "phandle", test_phandle(t));
	end(t);
}

static void node_soc(struct tree *t)
{
	unsigned int i;

	begin(t, "soc");
	prop_cells(t, 2, 2);
	prop_str(t, "compatible", "simple-bus");
	prop_flag(t, "ranges");
	node_test(t);
	node_rtc(t);
	if (t->m->opt->firmware)
		node_clint(t);
	node_plic(t);
	node_uart(t);
	if (t->m->opt->smmu) {
		node_smmu(t);
		node_pmcg(t);
	}
	for (i = 0; i < t->m->nr_virtio; i++)
		node_virtio(t, &t->m->virtio[i]->dev);
	end(t);
}

static void node_syscon(struct tree *t, const char *name, const char *compatible, u32 value)
{
	begin(t, name);
	prop_str(t, "compatible", compatible);
	prop_u32(t, "regmap", test_phandle(t));
	prop_u32(t, "offset", 0);
	prop_u32(t, "value", value);
	end(t);
}

static void node_memory(struct tree *t)
{
	begin_at(t, "memory", RV64_RAM);
	prop_str(t, "device_type", "memory");
	prop_reg(t, RV64_RAM, t->m->opt->mem_size);
	end(t);
}

static void node_chosen(struct tree *t)
{
	u8 seed[64];

	begin(t, "chosen");
	if (t->m->opt->append)
		prop_str(t, "bootargs", t->m->opt->append);
	prop_str(t, "stdout-path", "/soc/serial@10000000");
	if (t->m->initrd.end) {
		ck(t, fdt_property_u64(t->fdt, "linux,initrd-start", t->m->initrd.start));
		ck(t, fdt_property_u64(t->fdt, "linux,initrd-end", t->m->initrd.end));
	}
	random_bytes(seed, sizeof(seed));
	prop_data(t, "rng-seed", seed, sizeof(seed));
	random_bytes(seed, sizeof(u64));
	prop_data(t, "kaslr-seed", seed, sizeof(u64));
	end(t);
}

static void node_root(struct tree *t)
{
	begin(t, "");
	prop_cells(t, 2, 2);
	prop_str(t, "compatible", "riscv-virtio");
	prop_str(t, "model", "vmx_xlate,rv64");
	node_chosen(t);
	node_memory(t);
	node_cpus(t);
	node_soc(t);
	node_syscon(t, "poweroff", "syscon-poweroff", FINISHER_PASS);
	node_syscon(t, "reboot", "syscon-reboot", FINISHER_RESET);
	end(t);
}

static void *build(const struct rv64_machine *m, size_t room)
{
	struct tree t = { .m = m, .nr_cpus = m->base.vm.nr_vcpus };

	t.fdt = calloc(1, room);
	if (!t.fdt) {
		error("out of memory");
		return NULL;
	}
	ck(&t, fdt_create(t.fdt, room));
	ck(&t, fdt_finish_reservemap(t.fdt));
	node_root(&t);
	ck(&t, fdt_finish(t.fdt));
	if (!t.err)
		return t.fdt;
	error("building the device tree: %s", fdt_strerror(t.err));
	free(t.fdt);
	return NULL;
}

/* What the command line says goes into a tree that came from a file. */
static int patch_chosen(const struct rv64_machine *m, void *fdt)
{
	int node = fdt_path_offset(fdt, "/chosen");
	int err = 0;

	if (node == -FDT_ERR_NOTFOUND)
		node = fdt_add_subnode(fdt, 0, "chosen");
	if (node < 0)
		return node;
	if (m->opt->append)
		err = fdt_setprop_string(fdt, node, "bootargs", m->opt->append);
	if (!err && m->initrd.end)
		err = fdt_setprop_u64(fdt, node, "linux,initrd-start", m->initrd.start);
	if (!err && m->initrd.end)
		err = fdt_setprop_u64(fdt, node, "linux,initrd-end", m->initrd.end);
	return err;
}

static void *from_file(const struct rv64_machine *m, const char *path, size_t extra)
{
	struct file_data file;
	void *fdt = NULL;
	int err;

	if (file_read("device tree", path, SZ_2M, &file))
		return NULL;
	err = fdt_check_full(file.data, file.len);
	if (!err) {
		fdt = calloc(1, file.len + extra);
		err = fdt ? fdt_open_into(file.data, fdt, file.len + extra) : -FDT_ERR_NOSPACE;
	}
	if (!err)
		err = patch_chosen(m, fdt);
	file_free(&file);
	if (!err)
		return fdt;
	error("device tree %s: %s", path, fdt_strerror(err));
	free(fdt);
	return NULL;
}

void *rv64_fdt(const struct rv64_machine *m, size_t *size)
{
	size_t room = FDT_ROOM + (m->opt->append ? strlen(m->opt->append) : 0);
	void *fdt;

	if (m->opt->dtb)
		fdt = from_file(m, m->opt->dtb, room);
	else
		fdt = build(m, room + m->base.vm.nr_vcpus * FDT_CPU_ROOM);
	if (!fdt)
		return NULL;
	fdt_pack(fdt);
	*size = fdt_totalsize(fdt);
	return fdt;
}
