// SPDX-License-Identifier: GPL-2.0
/*
 * The device bus: who answers an access to guest physical memory that is no
 * memory. In: devices with their ranges; out: 0, or -EOPNOTSUPP for user space
 * to answer. The array is replaced as a whole and read within vm->srcu.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include "bus.h"
#include "vcpu.h"
#include "vm.h"

static struct vmxl_bus *bus_locked(struct vmxl_vm *vm)
{
	return rcu_dereference_protected(vm->bus, lockdep_is_held(&vm->lock));
}

/* Number of devices that begin at @gpa or before */
static unsigned int bus_upper(const struct vmxl_bus *bus, u64 gpa)
{
	unsigned int lo = 0, hi = bus ? bus->nr : 0;

	while (lo < hi) {
		unsigned int mid = (lo + hi) / 2;

		if (bus->dev[mid]->gpa <= gpa)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool collides(const struct vmxl_bus *bus, const struct vmxl_iodev *dev)
{
	unsigned int i;

	for (i = 0; bus && i < bus->nr; i++) {
		const struct vmxl_iodev *d = bus->dev[i];

		if (!(d->exact && dev->exact) && d->gpa < dev->gpa + dev->len &&
		    dev->gpa < d->gpa + d->len)
			return true;
	}
	return false;
}

static void bus_publish(struct vmxl_vm *vm, struct vmxl_bus *new)
{
	struct vmxl_bus *old = bus_locked(vm);

	rcu_assign_pointer(vm->bus, new);
	synchronize_srcu_expedited(&vm->srcu);
	kfree(old);
}

/**
 * vmxl_bus_add() - put a device on the bus
 * @vm: the VM
 * @dev: the device
 *
 * Context: vm->lock held.
 * Return: 0, -EINVAL for a range that wraps, -EEXIST, -ENOSPC, -ENOMEM.
 */
int vmxl_bus_add(struct vmxl_vm *vm, struct vmxl_iodev *dev)
{
	struct vmxl_bus *old = bus_locked(vm), *new;
	unsigned int nr = old ? old->nr : 0, at;
	u64 end;

	if (!dev->len || check_add_overflow(dev->gpa, dev->len, &end))
		return -EINVAL;
	if (collides(old, dev))
		return -EEXIST;
	if (nr >= VMXL_BUS_MAX)
		return -ENOSPC;
	new = kmalloc(struct_size(new, dev, nr + 1), GFP_KERNEL_ACCOUNT);
	if (!new)
		return -ENOMEM;
	at = bus_upper(old, dev->gpa);
	new->nr = nr + 1;
	if (old) {
		memcpy(new->dev, old->dev, at * sizeof(dev));
		memcpy(new->dev + at + 1, old->dev + at, (nr - at) * sizeof(dev));
	}
	new->dev[at] = dev;
	bus_publish(vm, new);
	return 0;
}

/**
 * vmxl_bus_remove() - take a device from the bus
 * @vm: the VM
 * @dev: the device; nobody calls it any more when this returns
 *
 * Context: vm->lock held.
 */
void vmxl_bus_remove(struct vmxl_vm *vm, struct vmxl_iodev *dev)
{
	struct vmxl_bus *old = bus_locked(vm), *new;
	unsigned int i, nr = old ? old->nr : 0;

	for (i = 0; i < nr && old->dev[i] != dev; i++)
		;
	if (i == nr)
		return;
	/* Taking something down must not fail; it is a few pages at most. */
	new = kmalloc(struct_size(new, dev, nr - 1), GFP_KERNEL_ACCOUNT | __GFP_NOFAIL);
	new->nr = nr - 1;
	memcpy(new->dev, old->dev, i * sizeof(dev));
	memcpy(new->dev + i, old->dev + i + 1, (nr - 1 - i) * sizeof(dev));
	bus_publish(vm, new);
}

/**
 * vmxl_bus_destroy() - free the bus of a VM that goes
 * @vm: the VM: no readers, no lock; devices are freed by their owners
 */
void vmxl_bus_destroy(struct vmxl_vm *vm)
{
	kfree(rcu_dereference_protected(vm->bus, true));
	RCU_INIT_POINTER(vm->bus, NULL);
}

static bool answers(const struct vmxl_iodev *dev, u64 gpa, unsigned int len)
{
	if (dev->exact)
		return dev->gpa == gpa;
	return gpa - dev->gpa < dev->len && len <= dev->len - (gpa - dev->gpa);
}

/*
 * The devices that may answer: all that begin at @gpa, and the last before,
 * which is the only one whose range may reach so far.
 */
static int bus_access(struct vmxl_vcpu *vcpu, u64 gpa, unsigned int len, u64 *val, bool write)
{
	struct vmxl_vm *vm = vcpu->vm;
	struct vmxl_bus *bus = srcu_dereference(vm->bus, &vm->srcu);
	unsigned int i = bus_upper(bus, gpa);
	int ret = -EOPNOTSUPP;

	while (ret == -EOPNOTSUPP && i--) {
		struct vmxl_iodev *dev = bus->dev[i];

		if (answers(dev, gpa, len))
			ret = write ? dev->ops->write(dev, vcpu, gpa, len, *val) :
				      dev->ops->read(dev, vcpu, gpa, len, val);
		if (dev->gpa != gpa)
			break;
	}
	return ret;
}

/**
 * vmxl_bus_read() - a load from guest physical memory that is no memory
 * @vcpu: who loads
 * @gpa: guest physical address
 * @len: 1, 2, 4 or 8
 * @val: out: the value
 *
 * Context: vCPU's thread, within vm->srcu.
 * Return: 0, or -EOPNOTSUPP: nobody here, ask user space.
 */
int vmxl_bus_read(struct vmxl_vcpu *vcpu, u64 gpa, unsigned int len, u64 *val)
{
	return bus_access(vcpu, gpa, len, val, false);
}

/**
 * vmxl_bus_write() - a store to guest physical memory that is no memory
 * @vcpu: who stores
 * @gpa: guest physical address
 * @len: 1, 2, 4 or 8
 * @val: the value
 *
 * Context: vCPU's thread, within vm->srcu.
 * Return: 0, or -EOPNOTSUPP: nobody here, ask user space.
 */
int vmxl_bus_write(struct vmxl_vcpu *vcpu, u64 gpa, unsigned int len, u64 val)
{
	return bus_access(vcpu, gpa, len, &val, true);
}
