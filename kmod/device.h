/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices of a VM that live in the module (CREATE_DEVICE): a file descriptor
 * with attributes, and as a rule a place on the bus.
 */
#ifndef VMXL_DEVICE_H
#define VMXL_DEVICE_H

#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/types.h>

struct vmxl_create_device;
struct vmxl_device;
struct vmxl_ioctl;
struct vmxl_vm;

/**
 * struct vmxl_device_ops - a type of device; the table of types is in device.c
 * @create: allocate; *dev is set up but for what create() itself fills in. vm->lock held
 * @destroy: free; nothing refers to it any more
 * @get_attr, @set_attr, @has_attr: -ENXIO for an unknown attribute; vm->lock held
 * @set_irq: drive input @gsi (controllers only); any context that may not sleep
 * @edge_irq: an interrupt on input @gsi that is not lost though the last one is
 *	still being served (controllers only); as @set_irq
 * @hold_irq: hold input @gsi up, whatever its level is, until the guest completes the
 *	interrupt, which calls vmxl_irq_resample(); or let go (controllers only); as @set_irq
 * @ioctls: what its descriptor understands beside attributes, @nr_ioctls of them;
 *	without a lock
 */
struct vmxl_device_ops {
	const char *name;
	u32 type;		/* VMXL_DEV_* */
	u32 isa;		/* of the VMs that may have it; 0: any */
	struct vmxl_device *(*create)(struct vmxl_vm *vm);
	void (*destroy)(struct vmxl_device *dev);
	int (*set_attr)(struct vmxl_device *dev, u32 group, u64 attr, u64 val);
	int (*get_attr)(struct vmxl_device *dev, u32 group, u64 attr, u64 *val);
	int (*has_attr)(struct vmxl_device *dev, u32 group, u64 attr);
	int (*set_irq)(struct vmxl_device *dev, u32 gsi, bool level);
	int (*edge_irq)(struct vmxl_device *dev, u32 gsi);
	int (*hold_irq)(struct vmxl_device *dev, u32 gsi, bool hold);
	const struct vmxl_ioctl *ioctls;
	unsigned int nr_ioctls;
};

struct vmxl_device {
	const struct vmxl_device_ops *ops;
	struct vmxl_vm *vm;
	struct list_head list;		/* vm->devices */
};

extern const struct vmxl_device_ops vmxl_plic_ops;
extern const struct vmxl_device_ops vmxl_aclint_ops;
extern const struct vmxl_device_ops vmxl_smmu_ops;

/* CREATE_DEVICE; stores the descriptor to *@fd before it exists */
int vmxl_device_create(struct vmxl_vm *vm, const struct vmxl_create_device *args, __u32 __user *fd);
void vmxl_devices_destroy(struct vmxl_vm *vm);
/* -ENXIO: no controller, -EINVAL: no such line */
int vmxl_irq_set(struct vmxl_vm *vm, u32 gsi, bool level);
int vmxl_irq_edge(struct vmxl_vm *vm, u32 gsi);
int vmxl_irq_hold(struct vmxl_vm *vm, u32 gsi, bool hold);

#endif /* VMXL_DEVICE_H */
