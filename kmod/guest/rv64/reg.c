// SPDX-License-Identifier: GPL-2.0
/*
 * ONE_REG of RV64 harts: ids are a class and an index; one row a class.
 */
#include <linux/kernel.h>
#include "csr.h"
#include "rv64.h"

#define ID_BASE		(VMXL_REG_RV64 | VMXL_REG_SIZE_U64)
#define NR_CORE		33
#define NR_CONFIG	4

static int core_get(struct vmxl_vcpu *vcpu, u32 index, u64 *val)
{
	if (index >= NR_CORE)
		return -ENOENT;
	if (index == VMXL_RV64_CORE_PC)
		*val = vcpu->gs->pc;
	else if (index == VMXL_RV64_CORE_MODE)
		*val = rv_mode(vcpu);
	else
		*val = rv_regs(vcpu)->x[index];
	return 0;
}

static int mode_set(struct vmxl_vcpu *vcpu, u64 val)
{
	if (val > RV_M || val == 2 || (val == RV_M && rv_firmware(vcpu)))
		return -EINVAL;
	vmxl_rv64_set_mode(vcpu, val);
	vmxl_rv64_mmu_update(vcpu);
	return 0;
}

static int core_set(struct vmxl_vcpu *vcpu, u32 index, u64 val)
{
	if (index >= NR_CORE)
		return -ENOENT;
	if (index == VMXL_RV64_CORE_MODE)
		return mode_set(vcpu, val);
	if (index != VMXL_RV64_CORE_PC) {
		rv_regs(vcpu)->x[index] = val;
		return 0;
	}
	if (val & (rv_has(vcpu, VMXL_RV64_ISA_C) ? 1 : 3))
		return -EINVAL;
	/* an SBI fence that was under way is not, any more */
	bitmap_zero(rv_arch(vcpu)->fence_wait, VMXL_MAX_VCPUS);
	vcpu->gs->pc = val;
	return 0;
}

static int fp_get(struct vmxl_vcpu *vcpu, u32 index, u64 *val)
{
	if (index >= 32 || !rv_has(vcpu, VMXL_RV64_ISA_F))
		return -ENOENT;
	*val = rv_regs(vcpu)->f[index];
	return 0;
}

static int fp_set(struct vmxl_vcpu *vcpu, u32 index, u64 val)
{
	if (index >= 32 || !rv_has(vcpu, VMXL_RV64_ISA_F))
		return -ENOENT;
	rv_regs(vcpu)->f[index] = val;
	return 0;
}

static int config_get(struct vmxl_vcpu *vcpu, u32 index, u64 *val)
{
	switch (index) {
	case VMXL_RV64_CONFIG_ISA:
		*val = READ_ONCE(rv_vm(vcpu->vm)->isa);
		return 0;
	case VMXL_RV64_CONFIG_MMU:
		*val = READ_ONCE(rv_vm(vcpu->vm)->mmu);
		return 0;
	case VMXL_RV64_CONFIG_TIMEBASE:
		*val = VMXL_RV64_TIMEBASE;
		return 0;
	case VMXL_RV64_CONFIG_CBOZ:
		*val = VMXL_RV64_CBO_BLOCK;
		return 0;
	case VMXL_RV64_CONFIG_ICOUNT:	/* whatever mcountinhibit says; no state to save */
		vmxl_vm_count_insns(vcpu->vm);
		*val = READ_ONCE(vcpu->gs->icount);
		return 0;
	}
	return -ENOENT;
}

/* Extensions that take others */
static bool isa_consistent(u64 isa)
{
	static const struct { u64 ext, needs; } deps[] = {
		{ VMXL_RV64_ISA_D, VMXL_RV64_ISA_F },
		{ VMXL_RV64_ISA_ZFA, VMXL_RV64_ISA_F },
		{ VMXL_RV64_ISA_ZFH, VMXL_RV64_ISA_F },
		{ VMXL_RV64_ISA_ZAWRS, VMXL_RV64_ISA_A },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(deps); i++)
		if ((isa & deps[i].ext) && !(isa & deps[i].needs))
			return false;
	return !(isa & ~VMXL_RV64_ISA_ALL);
}

/* The configuration is the VM's; nothing of it changes once a vCPU has run. */
static int config_store(struct vmxl_vcpu *vcpu, u64 *p, u64 val)
{
	struct vmxl_rv64_vm *rv = rv_vm(vcpu->vm);
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&rv->lock, flags);
	if (!rv->started)
		WRITE_ONCE(*p, val);
	else if (*p != val)
		ret = -EBUSY;
	spin_unlock_irqrestore(&rv->lock, flags);
	return ret;
}

static int config_set(struct vmxl_vcpu *vcpu, u32 index, u64 val)
{
	u64 cur;

	switch (index) {
	case VMXL_RV64_CONFIG_ISA:
		if (!isa_consistent(val))
			return -EINVAL;
		return config_store(vcpu, &rv_vm(vcpu->vm)->isa, val);
	case VMXL_RV64_CONFIG_MMU:
		if (val < RV_MODE_SV39 || val > RV_MODE_SV57)
			return -EINVAL;
		return config_store(vcpu, &rv_vm(vcpu->vm)->mmu, val);
	}
	if (config_get(vcpu, index, &cur))
		return -ENOENT;
	return val == cur ? 0 : -EINVAL;
}

/* The next index of a class from @index on, or -1 */
static int core_next(struct vmxl_vcpu *vcpu, u32 index)
{
	return index < NR_CORE ? (int)index : -1;
}

static int fp_next(struct vmxl_vcpu *vcpu, u32 index)
{
	return index < 32 && rv_has(vcpu, VMXL_RV64_ISA_F) ? (int)index : -1;
}

static int config_next(struct vmxl_vcpu *vcpu, u32 index)
{
	return index < NR_CONFIG ? (int)index : -1;
}

/* In the order in which a saved state is best written back */
static const struct reg_class {
	u64 class;
	int (*get)(struct vmxl_vcpu *vcpu, u32 index, u64 *val);
	int (*set)(struct vmxl_vcpu *vcpu, u32 index, u64 val);
	int (*next)(struct vmxl_vcpu *vcpu, u32 index);
} classes[] = {
	{ VMXL_RV64_CONFIG, config_get, config_set, config_next },
	{ VMXL_RV64_CORE, core_get, core_set, core_next },
	{ VMXL_RV64_FP, fp_get, fp_set, fp_next },
	{ VMXL_RV64_CSR, vmxl_rv64_csr_get, vmxl_rv64_csr_set, vmxl_rv64_csr_next },
	{ VMXL_RV64_SBI, vmxl_rv64_sta_get, vmxl_rv64_sta_set, vmxl_rv64_sta_next },
};

static const struct reg_class *find_class(u64 id)
{
	unsigned int i;

	if ((id & ~(VMXL_REG_CLASS_MASK | VMXL_REG_INDEX_MASK)) != ID_BASE)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(classes); i++)
		if (classes[i].class == (id & VMXL_REG_CLASS_MASK))
			return &classes[i];
	return NULL;
}

int vmxl_rv64_get_reg(struct vmxl_vcpu *vcpu, u64 id, u64 *val)
{
	const struct reg_class *c = find_class(id);

	return c ? c->get(vcpu, id & VMXL_REG_INDEX_MASK, val) : -ENOENT;
}

int vmxl_rv64_set_reg(struct vmxl_vcpu *vcpu, u64 id, u64 val)
{
	const struct reg_class *c = find_class(id);

	return c ? c->set(vcpu, id & VMXL_REG_INDEX_MASK, val) : -ENOENT;
}

/* Locked PMP entries cannot be written any more: their addresses come first. */
static bool is_late(u64 class, u32 index)
{
	return class == VMXL_RV64_CSR && (index == RV_CSR_PMPCFG0 || index == RV_CSR_PMPCFG2);
}

static unsigned int list_class(struct vmxl_vcpu *vcpu, const struct reg_class *c, bool late,
			       u64 *ids)
{
	unsigned int n = 0;
	int index;

	for (index = c->next(vcpu, 0); index >= 0; index = c->next(vcpu, index + 1)) {
		if (is_late(c->class, index) != late)
			continue;
		if (ids)
			ids[n] = ID_BASE | c->class | (u32)index;
		n++;
	}
	return n;
}

unsigned int vmxl_rv64_reg_list(struct vmxl_vcpu *vcpu, u64 *ids)
{
	unsigned int i, late, n = 0;

	for (late = 0; late < 2; late++)
		for (i = 0; i < ARRAY_SIZE(classes); i++)
			n += list_class(vcpu, &classes[i], late, ids ? ids + n : NULL);
	return n;
}
