/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The VM's device bus: in-kernel devices and ioeventfds by guest physical
 * address. Readers are vCPUs within vm->srcu; writers hold vm->lock and
 * replace the whole (sorted) array.
 */
#ifndef VMXL_BUS_H
#define VMXL_BUS_H

#include <linux/types.h>

struct vmxl_vcpu;
struct vmxl_vm;
struct vmxl_iodev;

/* Return 0, or -EOPNOTSUPP: try the next device, then user space. */
struct vmxl_iodev_ops {
	int (*read)(struct vmxl_iodev *dev, struct vmxl_vcpu *vcpu, u64 gpa, unsigned int len,
		    u64 *val);
	int (*write)(struct vmxl_iodev *dev, struct vmxl_vcpu *vcpu, u64 gpa, unsigned int len,
		     u64 val);
};

/**
 * struct vmxl_iodev - something on the bus
 * @gpa: first address
 * @len: bytes, not 0
 * @exact: answers accesses that begin at @gpa, and may overlap others that do the
 *	same; else it has the addresses for itself, and sees accesses within them
 */
struct vmxl_iodev {
	const struct vmxl_iodev_ops *ops;
	u64 gpa;
	u64 len;
	bool exact;
};

struct vmxl_bus {
	unsigned int nr;
	struct vmxl_iodev *dev[];	/* sorted by gpa */
};

#define VMXL_BUS_MAX	512

/* Both with vm->lock held. -EINVAL, -EEXIST (overlap), -ENOSPC, -ENOMEM. */
int vmxl_bus_add(struct vmxl_vm *vm, struct vmxl_iodev *dev);
void vmxl_bus_remove(struct vmxl_vm *vm, struct vmxl_iodev *dev);	/* waits for readers */
void vmxl_bus_destroy(struct vmxl_vm *vm);

/* 0, or -EOPNOTSUPP: nobody here, ask user space. Within vm->srcu. */
int vmxl_bus_read(struct vmxl_vcpu *vcpu, u64 gpa, unsigned int len, u64 *val);
int vmxl_bus_write(struct vmxl_vcpu *vcpu, u64 gpa, unsigned int len, u64 val);

#endif /* VMXL_BUS_H */
