// SPDX-License-Identifier: GPL-2.0
/*
 * RV64 registers: ids, extensions, the register dump.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "machine_rv64.h"

const struct rv64_ext rv64_exts[] = {
	{ .name = "i" },
	{ VMXL_RV64_ISA_M, "m", 0 },
	{ VMXL_RV64_ISA_A, "a", 0 },
	{ VMXL_RV64_ISA_F, "f", 0 },
	{ VMXL_RV64_ISA_D, "d", VMXL_RV64_ISA_F },
	{ VMXL_RV64_ISA_C, "c", 0 },
	{ VMXL_RV64_ISA_ZICBOM, "zicbom", 0 },
	{ VMXL_RV64_ISA_ZICBOZ, "zicboz", 0 },
	{ VMXL_RV64_ISA_ZICNTR, "zicntr", 0 },
	{ VMXL_RV64_ISA_ZICOND, "zicond", 0 },
	{ .name = "zicsr" },
	{ .name = "zifencei" },
	{ VMXL_RV64_ISA_ZIHINTPAUSE, "zihintpause", 0 },
	{ VMXL_RV64_ISA_ZIHPM, "zihpm", 0 },
	{ VMXL_RV64_ISA_ZAWRS, "zawrs", VMXL_RV64_ISA_A },
	{ VMXL_RV64_ISA_ZFA, "zfa", VMXL_RV64_ISA_F },
	{ VMXL_RV64_ISA_ZFH, "zfh", VMXL_RV64_ISA_F },
	{ VMXL_RV64_ISA_ZBA, "zba", 0 },
	{ VMXL_RV64_ISA_ZBB, "zbb", 0 },
	{ VMXL_RV64_ISA_ZBC, "zbc", 0 },
	{ VMXL_RV64_ISA_ZBS, "zbs", 0 },
	{ VMXL_RV64_ISA_SSCOFPMF, "sscofpmf", 0 },
	{ VMXL_RV64_ISA_SSTC, "sstc", 0 },
	{ VMXL_RV64_ISA_SVADU, "svadu", 0 },
	{ VMXL_RV64_ISA_SVINVAL, "svinval", 0 },
	{ VMXL_RV64_ISA_SVNAPOT, "svnapot", 0 },
	{ VMXL_RV64_ISA_SVPBMT, "svpbmt", 0 },
	{ VMXL_RV64_ISA_SVVPTC, "svvptc", 0 },
	{ }
};

static const char *const x_names[32] = {
	"pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4",
	"a5", "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4",
	"t5", "t6",
};

static const struct {
	u16 csr;
	const char *name;
} dumped_csrs[] = {
	{ 0x100, "sstatus" }, { 0x104, "sie" }, { 0x105, "stvec" }, { 0x140, "sscratch" },
	{ 0x141, "sepc" }, { 0x142, "scause" }, { 0x143, "stval" }, { 0x180, "satp" },
	{ 0x300, "mstatus" }, { 0x302, "medeleg" }, { 0x303, "mideleg" }, { 0x304, "mie" },
	{ 0x305, "mtvec" }, { 0x341, "mepc" }, { 0x342, "mcause" }, { 0x343, "mtval" },
	{ 0x344, "mip" }, { 0x003, "fcsr" }, { 0xb02, "minstret" },
};

static const struct {
	const char *name;
	u64 mode;
} mmu_modes[] = {
	{ "sv39", 8 }, { "sv48", 9 }, { "sv57", 10 },
};

static u64 reg_id(u64 class, unsigned int index)
{
	return VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | class | index;
}

u64 rv64_core_id(unsigned int index)
{
	return reg_id(VMXL_RV64_CORE, index);
}

static u64 csr_id(unsigned int csr)
{
	return reg_id(VMXL_RV64_CSR, csr);
}

static u64 config_id(unsigned int index)
{
	return reg_id(VMXL_RV64_CONFIG, index);
}

struct dump {
	struct vcpu *vcpu;
	char line[128];
	int len, columns;
};

static void dump_flush(struct dump *d)
{
	if (d->columns)
		report("%s", d->line);
	d->len = 0;
	d->columns = 0;
}

/* A register that cannot be read is left out. */
static void dump_reg(struct dump *d, const char *name, u64 id)
{
	u64 value;

	if (vcpu_get_reg(d->vcpu, id, &value))
		return;
	d->len += snprintf(d->line + d->len, sizeof(d->line) - d->len, " %8s %016llx", name,
			   (unsigned long long)value);
	if (++d->columns == 4)
		dump_flush(d);
}

static void rv64_dump_regs(struct vcpu *vcpu)
{
	struct dump d = { .vcpu = vcpu };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(x_names); i++)
		dump_reg(&d, x_names[i], rv64_core_id(i));
	dump_reg(&d, "mode", rv64_core_id(VMXL_RV64_CORE_MODE));
	for (i = 0; i < ARRAY_SIZE(dumped_csrs); i++)
		dump_reg(&d, dumped_csrs[i].name, csr_id(dumped_csrs[i].csr));
	dump_flush(&d);
}

static u64 rv64_insn_count(struct vcpu *vcpu)
{
	u64 count;

	return vcpu_get_reg(vcpu, config_id(VMXL_RV64_CONFIG_ICOUNT), &count) ? 0 : count;
}

const struct vm_isa_ops rv64_isa_ops = {
	.name = "rv64",
	.isa = VMXL_ISA_RV64,
	.sbi = rv64_sbi_exit,
	.dump_regs = rv64_dump_regs,
	.insn_count = rv64_insn_count,
};

/* The bits of a list of extension names. */
static int parse_exts(const char *list, u64 *bits)
{
	char copy[512], *rest = copy, *item;
	const struct rv64_ext *e;

	*bits = 0;
	snprintf(copy, sizeof(copy), "%s", list);
	while ((item = next_item(&rest))) {
		for (e = rv64_exts; e->name && (!e->bit || strcmp(e->name, item)); e++)
			;
		if (!e->name)
			return error("--disable: '%s' is not an extension that can be disabled",
				     item);
		*bits |= e->bit;
	}
	/* And what cannot be without them. */
	for (e = rv64_exts; e->name; e++)
		*bits |= e->needs & *bits ? e->bit : 0;
	return 0;
}

static int find_mmu(const char *name, u64 *mode)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mmu_modes); i++) {
		if (!strcmp(mmu_modes[i].name, name)) {
			*mode = mmu_modes[i].mode;
			return 0;
		}
	}
	return error("--mmu: '%s' is none of sv39, sv48, sv57", name);
}

static int configure_vcpu(struct vcpu *vcpu, u64 disable, u64 mmu)
{
	u64 isa;

	if (disable) {
		if (vcpu_get_reg(vcpu, config_id(VMXL_RV64_CONFIG_ISA), &isa) ||
		    vcpu_set_reg(vcpu, config_id(VMXL_RV64_CONFIG_ISA), isa & ~disable))
			return error_errno("vCPU %u: disabling extensions", vcpu->index);
	}
	if (mmu && vcpu_set_reg(vcpu, config_id(VMXL_RV64_CONFIG_MMU), mmu))
		return error_errno("vCPU %u: setting the MMU mode", vcpu->index);
	return 0;
}

static int read_cpu(struct vcpu *vcpu, struct rv64_cpu *cpu)
{
	const struct {
		unsigned int index;
		u64 *value;
	} configs[] = {
		{ VMXL_RV64_CONFIG_ISA, &cpu->isa },
		{ VMXL_RV64_CONFIG_MMU, &cpu->mmu },
		{ VMXL_RV64_CONFIG_TIMEBASE, &cpu->timebase },
		{ VMXL_RV64_CONFIG_CBOZ, &cpu->cboz },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(configs); i++) {
		if (vcpu_get_reg(vcpu, config_id(configs[i].index), configs[i].value))
			return error_errno("reading configuration register %u", configs[i].index);
	}
	return 0;
}

int rv64_configure(struct rv64_machine *m)
{
	struct vm *vm = &m->base.vm;
	u64 disable = 0, mmu = 0;
	unsigned int i;

	if (m->opt->disable && parse_exts(m->opt->disable, &disable))
		return -1;
	if (m->opt->mmu && find_mmu(m->opt->mmu, &mmu))
		return -1;
	for (i = 0; i < vm->nr_vcpus; i++) {
		if (configure_vcpu(&vm->vcpus[i], disable, mmu))
			return -1;
	}
	return read_cpu(&vm->vcpus[0], &m->cpu);
}
