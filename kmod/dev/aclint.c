// SPDX-License-Identifier: GPL-2.0
/*
 * The RISC-V ACLINT in the layout of SiFive's CLINT: MSWI (a software interrupt
 * for each hart's M-mode), MTIMER (mtimecmp for each hart, and mtime).
 *
 * mtime is the VM's clock, which the time CSR shows too: writing it moves both.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include "../compat.h"
#include "../guest/guest.h"
#include "mmio_dev.h"
#include "rv_lines.h"

#define REG_MSIP	0x0000
#define REG_MTIMECMP	0x4000
#define REG_MTIME	0xbff8
#define ACLINT_SIZE	0x10000

/* A hart's part. The timer's function only raises the line: it takes no lock. */
struct hart {
	struct vmxl_vm *vm;
	u32 id;
	bool msip;
	u64 mtimecmp;
	struct hrtimer timer;
};

/**
 * struct aclint - an ACLINT
 * @m: what it shares with others of its kind
 * @vm: its VM
 * @lock: the registers, and the starting and stopping of timers
 * @hart: by vCPU id, whether it is there or not
 */
struct aclint {
	struct vmxl_mmio_dev m;
	struct vmxl_vm *vm;
	struct mutex lock;
	struct hart hart[VMXL_MAX_VCPUS];
};

static struct aclint *to_aclint(struct vmxl_device *dev)
{
	return container_of(dev, struct aclint, m.dev);
}

static void drive(struct hart *h, unsigned int line, bool level)
{
	struct vmxl_vcpu *vcpu = READ_ONCE(h->vm->vcpus[h->id]);

	if (vcpu)
		h->vm->guest->irq(vcpu, line, level);
}

static enum hrtimer_restart timer_fires(struct hrtimer *timer)
{
	struct hart *h = container_of(timer, struct hart, timer);

	if (vmxl_rv_timer_early(h->vm, timer, READ_ONCE(h->mtimecmp)))
		return HRTIMER_RESTART;
	drive(h, RV_IRQ_MTI, true);
	return HRTIMER_NORESTART;
}

/* After mtimecmp or mtime has changed */
static void timer_update(struct hart *h)
{
	ktime_t when = vmxl_rv_tick_to_ktime(h->vm, h->mtimecmp);

	hrtimer_cancel(&h->timer);
	drive(h, RV_IRQ_MTI, when == 0);
	if (when != 0 && when != KTIME_MAX)
		hrtimer_start(&h->timer, when, HRTIMER_MODE_ABS);
}

static void set_msip(struct hart *h, u32 val)
{
	h->msip = val & 1;
	drive(h, RV_IRQ_MSI, h->msip);
}

/* The clock moves: all that was set by it is looked at again. */
static void set_mtime(struct aclint *a, u64 val)
{
	u64 offset = READ_ONCE(a->vm->tick_offset) + val - vmxl_rv_time(a->vm);
	struct vmxl_vcpu *vcpu;
	unsigned int i;

	WRITE_ONCE(a->vm->tick_offset, offset);
	vmxl_for_each_vcpu(a->vm, vcpu, i)
		timer_update(&a->hart[i]);
	vmxl_vm_request_all(a->vm, NULL, VMXL_REQ_RV_TIMER);
}

/* The part of a 64-bit register that an access of @len at @off is for */
static u64 insert(u64 old, u64 off, unsigned int len, u64 val)
{
	u64 mask = len == 8 ? ~0ULL : 0xffffffffULL << (off & 4) * 8;

	return (old & ~mask) | (val << (off & 4) * 8 & mask);
}

static u64 extract(u64 reg, u64 off, unsigned int len)
{
	return len == 8 ? reg : (u32)(reg >> (off & 4) * 8);
}

/* Accesses are 4 or 8 bytes, aligned; an msip is 4 bytes. */
static bool is_reg(u64 off, unsigned int len)
{
	if ((len != 4 && len != 8) || off & (len - 1))
		return false;
	if (off < 4 * VMXL_MAX_VCPUS)
		return len == 4;
	return (off >= REG_MTIMECMP && off < REG_MTIMECMP + 8 * VMXL_MAX_VCPUS) ||
	       (off >= REG_MTIME && off < REG_MTIME + 8);
}

static u64 reg_read(struct aclint *a, u64 off, unsigned int len)
{
	if (off < REG_MTIMECMP)
		return a->hart[off / 4].msip;
	if (off < REG_MTIME)
		return extract(a->hart[(off - REG_MTIMECMP) / 8].mtimecmp, off, len);
	return extract(vmxl_rv_time(a->vm), off, len);
}

static void reg_write(struct aclint *a, u64 off, unsigned int len, u64 val)
{
	struct hart *h;

	if (off < REG_MTIMECMP) {
		set_msip(&a->hart[off / 4], val);
	} else if (off < REG_MTIME) {
		h = &a->hart[(off - REG_MTIMECMP) / 8];
		WRITE_ONCE(h->mtimecmp, insert(h->mtimecmp, off, len, val));
		timer_update(h);
	} else {
		set_mtime(a, insert(vmxl_rv_time(a->vm), off, len, val));
	}
}

static int aclint_read(struct vmxl_iodev *io, struct vmxl_vcpu *vcpu, u64 gpa, unsigned int len,
		       u64 *val)
{
	struct aclint *a = container_of(io, struct aclint, m.io);
	u64 off = gpa - io->gpa;

	*val = 0;
	if (!is_reg(off, len))
		return 0;
	mutex_lock(&a->lock);
	*val = reg_read(a, off, len);
	mutex_unlock(&a->lock);
	return 0;
}

static int aclint_write(struct vmxl_iodev *io, struct vmxl_vcpu *vcpu, u64 gpa, unsigned int len,
			u64 val)
{
	struct aclint *a = container_of(io, struct aclint, m.io);
	u64 off = gpa - io->gpa;

	if (!is_reg(off, len))
		return 0;
	mutex_lock(&a->lock);
	reg_write(a, off, len, val);
	mutex_unlock(&a->lock);
	return 0;
}

static const struct vmxl_iodev_ops aclint_io = { .read = aclint_read, .write = aclint_write };

static int aclint_has_attr(struct vmxl_device *dev, u32 group, u64 attr)
{
	if (vmxl_mmio_dev_has(group, attr) ||
	    (group == VMXL_DEV_GRP_CONFIG && attr == VMXL_ACLINT_TIMEBASE) ||
	    (group == VMXL_DEV_GRP_REGS && is_reg(attr, 4)))
		return 0;
	return -ENXIO;
}

static int set_state(struct aclint *a, u64 off, u64 val)
{
	if (val >> 32)
		return -EINVAL;
	mutex_lock(&a->lock);
	reg_write(a, off, 4, val);
	mutex_unlock(&a->lock);
	return 0;
}

static int aclint_set_attr(struct vmxl_device *dev, u32 group, u64 attr, u64 val)
{
	if (aclint_has_attr(dev, group, attr))
		return -ENXIO;
	if (group == VMXL_DEV_GRP_CONFIG)
		return val == VMXL_RV_TIMEBASE ? 0 : -EINVAL;
	if (group == VMXL_DEV_GRP_REGS)
		return set_state(to_aclint(dev), attr, val);
	return vmxl_mmio_dev_set(&to_aclint(dev)->m, group, val);
}

static int aclint_get_attr(struct vmxl_device *dev, u32 group, u64 attr, u64 *val)
{
	struct aclint *a = to_aclint(dev);

	if (aclint_has_attr(dev, group, attr))
		return -ENXIO;
	if (group == VMXL_DEV_GRP_CONFIG) {
		*val = VMXL_RV_TIMEBASE;
		return 0;
	}
	if (group != VMXL_DEV_GRP_REGS)
		return vmxl_mmio_dev_get(&a->m, group, val);
	mutex_lock(&a->lock);
	*val = reg_read(a, attr, 4);
	mutex_unlock(&a->lock);
	return 0;
}

static struct vmxl_device *aclint_create(struct vmxl_vm *vm)
{
	struct aclint *a = kvzalloc(sizeof(*a), GFP_KERNEL_ACCOUNT);
	unsigned int i;

	if (!a)
		return ERR_PTR(-ENOMEM);
	mutex_init(&a->lock);
	a->vm = vm;
	a->m.io.ops = &aclint_io;
	a->m.io.len = ACLINT_SIZE;
	for (i = 0; i < VMXL_MAX_VCPUS; i++) {
		a->hart[i].vm = vm;
		a->hart[i].id = i;
		a->hart[i].mtimecmp = ~0ULL;
		hrtimer_setup(&a->hart[i].timer, timer_fires, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	}
	return &a->m.dev;
}

static void aclint_destroy(struct vmxl_device *dev)
{
	struct aclint *a = to_aclint(dev);
	unsigned int i;

	for (i = 0; i < VMXL_MAX_VCPUS; i++)
		hrtimer_cancel(&a->hart[i].timer);
	kvfree(a);
}

const struct vmxl_device_ops vmxl_aclint_ops = {
	.name = "riscv-aclint",
	.type = VMXL_DEV_RISCV_ACLINT,
	.isa = VMXL_ISA_RV64,
	.create = aclint_create,
	.destroy = aclint_destroy,
	.set_attr = aclint_set_attr,
	.get_attr = aclint_get_attr,
	.has_attr = aclint_has_attr,
};
