// SPDX-License-Identifier: GPL-2.0
/*
 * The SMMU as a device of the VM: creation, its place on the bus, attributes.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../vm.h"
#include "internal.h"

static struct vmxl_smmu *to_smmu(struct vmxl_device *dev)
{
	return container_of(dev, struct vmxl_smmu, m.dev);
}

/* ---- the bus ---- */

static int smmu_read(struct vmxl_iodev *io, struct vmxl_vcpu *vcpu, u64 gpa, unsigned int len,
		     u64 *val)
{
	*val = vmxl_smmu_mmio_read(container_of(io, struct vmxl_smmu, m.io), gpa - io->gpa, len);
	return 0;
}

static int smmu_write(struct vmxl_iodev *io, struct vmxl_vcpu *vcpu, u64 gpa, unsigned int len,
		      u64 val)
{
	vmxl_smmu_mmio_write(container_of(io, struct vmxl_smmu, m.io), gpa - io->gpa, len, val);
	return 0;
}

static const struct vmxl_iodev_ops smmu_io = { .read = smmu_read, .write = smmu_write };

/* ---- creation ---- */

/**
 * vmxl_smmu_new() - make an SMMU that is not on a bus
 * @vm: the VM, which outlives it
 *
 * Return: the SMMU, or NULL.
 */
struct vmxl_smmu *vmxl_smmu_new(struct vmxl_vm *vm)
{
	struct vmxl_smmu *s = kvzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);
	unsigned int i;

	if (!s)
		return NULL;
	mutex_init(&s->lock);
	mutex_init(&s->win_lock);
	spin_lock_init(&s->tlb_lock);
	spin_lock_init(&s->pmcg.lock);
	init_waitqueue_head(&s->wq);
	INIT_WORK(&s->work, vmxl_smmu_cmdq_work);
	s->vm = vm;
	s->m.io.ops = &smmu_io;
	s->m.io.len = VMXL_SMMU_SIZE;
	s->oas = 48;
	s->sidsize = SIDSIZE;
	s->msi_frame = ~0ULL;
	for (i = 0; i < SMMU_NR_IRQ; i++)
		s->irq[i] = IRQ_NONE;
	return s;
}

/**
 * vmxl_smmu_free() - free an SMMU that nobody uses any more
 * @s: the SMMU
 */
void vmxl_smmu_free(struct vmxl_smmu *s)
{
	mutex_lock(&s->lock);
	s->dying = true;
	mutex_unlock(&s->lock);
	cancel_work_sync(&s->work);
	vmxl_smmu_win_free_all(s);
	vmxl_smmu_cfg_drop(s, 0, 0, CD_ANY);
	vmxl_smmu_ctx_free_all(s);
	kvfree(s);
}

/**
 * vmxl_smmu_get_stats() - what it did so far
 * @s: the SMMU
 * @stats: out
 */
void vmxl_smmu_get_stats(struct vmxl_smmu *s, struct vmxl_smmu_stats *stats)
{
	mutex_lock(&s->lock);
	spin_lock(&s->tlb_lock);
	*stats = s->stats;
	spin_unlock(&s->tlb_lock);
	mutex_unlock(&s->lock);
}

static struct vmxl_device *smmu_create(struct vmxl_vm *vm)
{
	struct vmxl_smmu *s = vmxl_smmu_new(vm);

	return s ? &s->m.dev : ERR_PTR(-ENOMEM);
}

static void smmu_destroy(struct vmxl_device *dev)
{
	vmxl_smmu_free(to_smmu(dev));
}

/* ---- attributes ---- */

static int check_config(u64 attr, u64 val)
{
	switch (attr) {
	case VMXL_SMMU_IRQ_EVENTQ ... VMXL_SMMU_IRQ_GERROR:
	case VMXL_SMMU_IRQ_PMCG:
		return val >> 32 ? -EINVAL : 0;
	case VMXL_SMMU_OAS:
		return val == 52 || val == 48 || val == 44 || val == 42 || val == 40 ||
		       val == 36 || val == 32 ? 0 : -EINVAL;
	case VMXL_SMMU_SIDSIZE:
		return val <= 20 ? 0 : -EINVAL;
	case VMXL_SMMU_ATS:
		return val > 1 ? -EINVAL : 0;
	case VMXL_SMMU_MSI_FRAME:
		return val == ~0ULL || !(val & 0xfff) ? 0 : -EINVAL;
	default:
		return -ENXIO;
	}
}

/* Messages that nobody takes any more are lost. */
static int set_ats(struct vmxl_smmu *s, bool on)
{
	mutex_lock(&s->lock);
	s->ats = on;
	if (!on)
		s->msg_tail = s->msg_head;
	mutex_unlock(&s->lock);
	return 0;
}

/**
 * vmxl_smmu_config() - set what is fixed once the device is in use
 * @s: the SMMU
 * @attr: VMXL_SMMU_OAS, ...
 * @val: value
 *
 * Return: 0; -ENXIO: no such thing; -EINVAL: no such value; -EBUSY: too late.
 */
int vmxl_smmu_config(struct vmxl_smmu *s, u64 attr, u64 val)
{
	int ret = check_config(attr, val);

	if (ret)
		return ret;
	if (attr == VMXL_SMMU_ATS)
		return set_ats(s, val);
	if (s->m.live)
		return -EBUSY;
	if (attr <= VMXL_SMMU_IRQ_GERROR)
		s->irq[attr] = val;
	else if (attr == VMXL_SMMU_IRQ_PMCG)
		s->irq[SMMU_IRQ_PMCG] = val;
	else if (attr == VMXL_SMMU_OAS)
		s->oas = val;
	else if (attr == VMXL_SMMU_SIDSIZE)
		s->sidsize = val;
	else
		s->msi_frame = val;
	return 0;
}

static u64 get_config(const struct vmxl_smmu *s, u64 attr)
{
	if (attr <= VMXL_SMMU_IRQ_GERROR)
		return s->irq[attr];
	if (attr == VMXL_SMMU_IRQ_PMCG)
		return s->irq[SMMU_IRQ_PMCG];
	if (attr == VMXL_SMMU_OAS)
		return s->oas;
	if (attr == VMXL_SMMU_ATS)
		return s->ats;
	return attr == VMXL_SMMU_SIDSIZE ? s->sidsize : s->msi_frame;
}

static int smmu_has_attr(struct vmxl_device *dev, u32 group, u64 attr)
{
	if (vmxl_mmio_dev_has(group, attr) ||
	    (group == VMXL_DEV_GRP_CONFIG && attr <= VMXL_SMMU_IRQ_PMCG) ||
	    (group == VMXL_DEV_GRP_REGS && vmxl_smmu_is_state(attr)))
		return 0;
	return -ENXIO;
}

static int smmu_set_attr(struct vmxl_device *dev, u32 group, u64 attr, u64 val)
{
	struct vmxl_smmu *s = to_smmu(dev);

	if (smmu_has_attr(dev, group, attr))
		return -ENXIO;
	if (group == VMXL_DEV_GRP_CONFIG)
		return vmxl_smmu_config(s, attr, val);
	if (group == VMXL_DEV_GRP_REGS)
		return vmxl_smmu_set_state(s, attr, val);
	return vmxl_mmio_dev_set(&s->m, group, val);
}

static int smmu_get_attr(struct vmxl_device *dev, u32 group, u64 attr, u64 *val)
{
	struct vmxl_smmu *s = to_smmu(dev);

	if (smmu_has_attr(dev, group, attr))
		return -ENXIO;
	if (group == VMXL_DEV_GRP_REGS)
		return vmxl_smmu_get_state(s, attr, val);
	if (group != VMXL_DEV_GRP_CONFIG)
		return vmxl_mmio_dev_get(&s->m, group, val);
	*val = get_config(s, attr);
	return 0;
}

const struct vmxl_device_ops vmxl_smmu_ops = {
	.name = "arm-smmuv3",
	.type = VMXL_DEV_ARM_SMMUV3,
	.ioctls = vmxl_smmu_ioctls,
	.nr_ioctls = VMXL_SMMU_NR_IOCTLS,
	.create = smmu_create,
	.destroy = smmu_destroy,
	.set_attr = smmu_set_attr,
	.get_attr = smmu_get_attr,
	.has_attr = smmu_has_attr,
};
