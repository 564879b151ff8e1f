/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The attributes that devices with one range of registers have in common:
 * where they are, and going on the bus.
 */
#ifndef VMXL_MMIO_DEV_H
#define VMXL_MMIO_DEV_H

#include <linux/errno.h>
#include <uapi/linux/vmx_xlate.h>
#include "../bus.h"
#include "../device.h"

/**
 * struct vmxl_mmio_dev - a device with registers
 * @dev: as user space knows it
 * @io: as the guest knows it; @io.ops and @io.len are set by its maker
 * @placed: the address was set
 * @live: on the bus; the configuration is fixed
 */
struct vmxl_mmio_dev {
	struct vmxl_device dev;
	struct vmxl_iodev io;
	bool placed;
	bool live;
};

static inline bool vmxl_mmio_dev_has(u32 group, u64 attr)
{
	return (group == VMXL_DEV_GRP_ADDR && attr == 0) ||
	       (group == VMXL_DEV_GRP_CTRL && attr == VMXL_DEV_CTRL_INIT);
}

static inline int vmxl_mmio_dev_place(struct vmxl_mmio_dev *d, u64 gpa)
{
	if (d->live)
		return -EBUSY;
	if ((gpa & 0xfff) || gpa + d->io.len < gpa)
		return -EINVAL;
	d->io.gpa = gpa;
	d->placed = true;
	return 0;
}

static inline int vmxl_mmio_dev_init(struct vmxl_mmio_dev *d)
{
	int ret;

	if (d->live)
		return -EBUSY;
	if (!d->placed)
		return -EINVAL;
	ret = vmxl_bus_add(d->dev.vm, &d->io);
	d->live = !ret;
	return ret;
}

/* The attributes of vmxl_mmio_dev_has() */
static inline int vmxl_mmio_dev_set(struct vmxl_mmio_dev *d, u32 group, u64 val)
{
	return group == VMXL_DEV_GRP_ADDR ? vmxl_mmio_dev_place(d, val) : vmxl_mmio_dev_init(d);
}

static inline int vmxl_mmio_dev_get(struct vmxl_mmio_dev *d, u32 group, u64 *val)
{
	if (group != VMXL_DEV_GRP_ADDR || !d->placed)
		return -ENXIO;
	*val = d->io.gpa;
	return 0;
}

#endif /* VMXL_MMIO_DEV_H */
