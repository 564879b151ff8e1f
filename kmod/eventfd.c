// SPDX-License-Identifier: GPL-2.0
/*
 * irqfds and ioeventfds.
 *
 * An irqfd hangs in its eventfd's wait queue. It goes by DEASSIGN, when the
 * eventfd is closed for good (EPOLLHUP, under the wait queue's lock, where it
 * can only be marked), or when the VM's descriptor is closed. Whoever takes it
 * off vm->irqfds queues its shutdown, which is the only place that frees it;
 * DEASSIGN and the release wait for that.
 *
 * One with a resample eventfd holds its line up until the guest has completed
 * the interrupt, which signals that eventfd: vmxl_irq_resample() finds it in
 * vm->resamplers, within vm->srcu. Its shutdown waits for such readers.
 *
 * An ioeventfd is a device on the bus and goes by DEASSIGN or with the VM.
 *
 * Locks: vm->lock, then the eventfd's wait-queue lock, then vm->irqfd_lock, then
 * the interrupt controller's. No eventfd is signalled with one of them held.
 */
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/overflow.h>
#include <linux/poll.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "bus.h"
#include "compat.h"
#include "count.h"
#include "device.h"
#include "eventfd.h"
#include "uabi.h"
#include "vm.h"

/* Shutdowns; its own queue, so that one can wait for just these. */
static struct workqueue_struct *shutdown_wq;

struct irqfd {
	struct vmxl_vm *vm;
	struct eventfd_ctx *eventfd;
	struct eventfd_ctx *resample;	/* NULL: a signal is an edge */
	u32 gsi;
	struct list_head list;		/* vm->irqfds; empty: being shut down */
	struct hlist_node resampler;	/* vm->resamplers, if there is @resample */
	wait_queue_entry_t wait;
	poll_table pt;
	struct work_struct shutdown;
};

static void irqfd_free(struct irqfd *irqfd)
{
	eventfd_ctx_put(irqfd->eventfd);
	if (irqfd->resample)
		eventfd_ctx_put(irqfd->resample);
	kfree(irqfd);
}

static void resampler_add(struct irqfd *irqfd)
{
	spin_lock_irq(&irqfd->vm->irqfd_lock);
	hlist_add_head_rcu(&irqfd->resampler, &irqfd->vm->resamplers);
	spin_unlock_irq(&irqfd->vm->irqfd_lock);
}

/* The last one of a line lets go of it, before a new one can raise it. */
static void resampler_del(struct irqfd *irqfd)
{
	struct vmxl_vm *vm = irqfd->vm;
	struct irqfd *other;
	bool last = true;

	spin_lock_irq(&vm->irqfd_lock);
	hlist_del_rcu(&irqfd->resampler);
	hlist_for_each_entry(other, &vm->resamplers, resampler)
		last &= other->gsi != irqfd->gsi;
	if (last)
		vmxl_irq_hold(vm, irqfd->gsi, false);
	spin_unlock_irq(&vm->irqfd_lock);
	synchronize_srcu(&vm->srcu);
}

static void irqfd_shutdown(struct work_struct *work)
{
	struct irqfd *irqfd = container_of(work, struct irqfd, shutdown);
	u64 cnt;

	eventfd_ctx_remove_wait_queue(irqfd->eventfd, &irqfd->wait, &cnt);
	if (irqfd->resample)
		resampler_del(irqfd);
	irqfd_free(irqfd);
	vmxl_count_add(VMXL_COUNT_IRQFD, -1);
}

static void irqfd_deactivate(struct irqfd *irqfd)
{
	lockdep_assert_held(&irqfd->vm->irqfd_lock);
	if (list_empty(&irqfd->list))
		return;
	list_del_init(&irqfd->list);
	queue_work(shutdown_wq, &irqfd->shutdown);
}

static void irqfd_raise(struct irqfd *irqfd)
{
	if (irqfd->resample)
		vmxl_irq_hold(irqfd->vm, irqfd->gsi, true);
	else
		vmxl_irq_edge(irqfd->vm, irqfd->gsi);
}

/* Under the wait queue's lock, interrupts off. */
static int irqfd_wakeup(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	struct irqfd *irqfd = container_of(wait, struct irqfd, wait);
	__poll_t events = key_to_poll(key);
	unsigned long flags;
	u64 cnt;

	if (events & EPOLLIN) {
		eventfd_ctx_do_read(irqfd->eventfd, &cnt);
		irqfd_raise(irqfd);
	}
	if (events & EPOLLHUP) {
		spin_lock_irqsave(&irqfd->vm->irqfd_lock, flags);
		irqfd_deactivate(irqfd);
		spin_unlock_irqrestore(&irqfd->vm->irqfd_lock, flags);
	}
	return 0;
}

static void irqfd_poll(struct file *file, wait_queue_head_t *wqh, poll_table *pt)
{
	struct irqfd *irqfd = container_of(pt, struct irqfd, pt);

	add_wait_queue(wqh, &irqfd->wait);
}

static bool irqfd_taken(struct vmxl_vm *vm, struct eventfd_ctx *eventfd)
{
	struct irqfd *irqfd;
	bool taken = false;

	spin_lock_irq(&vm->irqfd_lock);
	list_for_each_entry(irqfd, &vm->irqfds, list)
		taken |= irqfd->eventfd == eventfd;
	spin_unlock_irq(&vm->irqfd_lock);
	return taken;
}

static struct irqfd *irqfd_alloc(struct vmxl_vm *vm, const struct vmxl_irqfd *args,
				 struct file *file)
{
	struct irqfd *irqfd = kzalloc(sizeof(*irqfd), GFP_KERNEL_ACCOUNT);
	int ret;

	if (!irqfd)
		return ERR_PTR(-ENOMEM);
	irqfd->vm = vm;
	irqfd->gsi = args->gsi;
	INIT_WORK(&irqfd->shutdown, irqfd_shutdown);
	init_waitqueue_func_entry(&irqfd->wait, irqfd_wakeup);
	init_poll_funcptr(&irqfd->pt, irqfd_poll);
	irqfd->eventfd = eventfd_ctx_fileget(file);
	ret = PTR_ERR_OR_ZERO(irqfd->eventfd);
	if (ret)
		goto err_free;
	if (args->flags & VMXL_IRQFD_RESAMPLE)
		irqfd->resample = eventfd_ctx_fdget(args->resamplefd);
	ret = PTR_ERR_OR_ZERO(irqfd->resample);
	if (ret)
		goto err_put;
	return irqfd;
err_put:
	eventfd_ctx_put(irqfd->eventfd);
err_free:
	kfree(irqfd);
	return ERR_PTR(ret);
}

static void irqfd_start(struct irqfd *irqfd, struct file *file)
{
	struct vmxl_vm *vm = irqfd->vm;

	vmxl_count_add(VMXL_COUNT_IRQFD, 1);
	if (irqfd->resample)
		resampler_add(irqfd);
	spin_lock_irq(&vm->irqfd_lock);
	list_add_tail(&irqfd->list, &vm->irqfds);
	spin_unlock_irq(&vm->irqfd_lock);
	/* What was signalled before we were in the wait queue */
	if (vfs_poll(file, &irqfd->pt) & EPOLLIN)
		irqfd_raise(irqfd);
}

static int irqfd_assign_locked(struct vmxl_vm *vm, const struct vmxl_irqfd *args,
			       struct file *file)
{
	struct irqfd *irqfd = irqfd_alloc(vm, args, file);
	int ret;

	if (IS_ERR(irqfd))
		return PTR_ERR(irqfd);
	/* An irqfd's line is low but for what comes by it; this tells whether it exists. */
	ret = vmxl_irq_set(vm, irqfd->gsi, false);
	if (!ret && irqfd_taken(vm, irqfd->eventfd))
		ret = -EBUSY;
	if (ret)
		irqfd_free(irqfd);
	else
		irqfd_start(irqfd, file);
	return ret;
}

/* The file is held until the irqfd is complete: it cannot hang up before. */
static int irqfd_assign(struct vmxl_vm *vm, const struct vmxl_irqfd *args)
{
	struct file *file = fget(args->fd);
	int ret;

	if (!file)
		return -EBADF;
	ret = irqfd_assign_locked(vm, args, file);
	fput(file);
	return ret;
}

static int irqfd_deassign(struct vmxl_vm *vm, const struct vmxl_irqfd *args)
{
	struct eventfd_ctx *eventfd = eventfd_ctx_fdget(args->fd);
	struct irqfd *irqfd, *tmp;
	int ret = -ENOENT;

	if (IS_ERR(eventfd))
		return PTR_ERR(eventfd);
	spin_lock_irq(&vm->irqfd_lock);
	list_for_each_entry_safe(irqfd, tmp, &vm->irqfds, list) {
		if (irqfd->eventfd != eventfd || irqfd->gsi != args->gsi)
			continue;
		irqfd_deactivate(irqfd);
		ret = 0;
	}
	spin_unlock_irq(&vm->irqfd_lock);
	eventfd_ctx_put(eventfd);
	/* No interrupt comes by it once this returns. */
	flush_workqueue(shutdown_wq);
	return ret;
}

/* To take an irqfd away, nobody needs to say again that it was resampled. */
static bool irqfd_args_ok(const struct vmxl_irqfd *args)
{
	if (args->flags & ~(VMXL_IRQFD_DEASSIGN | VMXL_IRQFD_RESAMPLE))
		return false;
	if (args->resamplefd && !(args->flags & VMXL_IRQFD_RESAMPLE))
		return false;
	return VMXL_RESERVED_OK(args->reserved);
}

/**
 * vmxl_irqfd_call() - VMXL_IRQFD
 * @vm: the VM
 * @args: its argument
 *
 * Return: 0, -EINVAL, -EBADF, -EBUSY, -ENOENT, -ENXIO, -ENOMEM.
 */
int vmxl_irqfd_call(struct vmxl_vm *vm, const struct vmxl_irqfd *args)
{
	int ret;

	if (!irqfd_args_ok(args))
		return -EINVAL;
	if (mutex_lock_killable(&vm->lock))
		return -EINTR;
	if (args->flags & VMXL_IRQFD_DEASSIGN)
		ret = irqfd_deassign(vm, args);
	else
		ret = irqfd_assign(vm, args);
	mutex_unlock(&vm->lock);
	return ret;
}

/**
 * vmxl_irq_resample() - the guest has completed an interrupt
 * @vm: the VM
 * @gsi: the interrupt controller's input, which no irqfd holds up any more
 *
 * Whoever is behind an irqfd is told, and signals it anew if there is reason to.
 *
 * Context: within vm->srcu, no lock held: who is told may drive the input.
 */
void vmxl_irq_resample(struct vmxl_vm *vm, u32 gsi)
{
	struct irqfd *irqfd;

	hlist_for_each_entry_srcu(irqfd, &vm->resamplers, resampler, srcu_read_lock_held(&vm->srcu))
		if (irqfd->gsi == gsi)
			vmxl_eventfd_signal(irqfd->resample);
}

/**
 * vmxl_irqfds_release() - take down all irqfds
 * @vm: the VM; no new ones can come, its descriptor is closed
 *
 * Context: may sleep.
 */
void vmxl_irqfds_release(struct vmxl_vm *vm)
{
	struct irqfd *irqfd, *tmp;

	spin_lock_irq(&vm->irqfd_lock);
	list_for_each_entry_safe(irqfd, tmp, &vm->irqfds, list)
		irqfd_deactivate(irqfd);
	spin_unlock_irq(&vm->irqfd_lock);
	/* Also for those that hung up by themselves just now. */
	flush_workqueue(shutdown_wq);
}

struct ioeventfd {
	struct vmxl_iodev dev;
	struct list_head list;		/* vm->ioeventfds */
	struct eventfd_ctx *eventfd;
	u32 len;			/* 0: any */
	bool match;
	u64 datamatch;
};

static int ioeventfd_read(struct vmxl_iodev *dev, struct vmxl_vcpu *vcpu, u64 gpa,
			  unsigned int len, u64 *val)
{
	return -EOPNOTSUPP;
}

static int ioeventfd_write(struct vmxl_iodev *dev, struct vmxl_vcpu *vcpu, u64 gpa,
			   unsigned int len, u64 val)
{
	struct ioeventfd *p = container_of(dev, struct ioeventfd, dev);

	if (p->len && p->len != len)
		return -EOPNOTSUPP;
	if (p->match && p->datamatch != val)
		return -EOPNOTSUPP;
	vmxl_eventfd_signal(p->eventfd);
	return 0;
}

static const struct vmxl_iodev_ops ioeventfd_ops = {
	.read = ioeventfd_read,
	.write = ioeventfd_write,
};

static bool is_match(const struct vmxl_ioeventfd *args)
{
	return args->flags & VMXL_IOEVENTFD_DATAMATCH;
}

/* Whether there is a store that both would answer */
static bool ioeventfd_collides(const struct ioeventfd *p, const struct vmxl_ioeventfd *args)
{
	if (p->dev.gpa != args->addr || (p->len && args->len && p->len != args->len))
		return false;
	return !p->match || !is_match(args) || p->datamatch == args->datamatch;
}

static bool ioeventfd_is(const struct ioeventfd *p, const struct vmxl_ioeventfd *args,
			 const struct eventfd_ctx *eventfd)
{
	return p->eventfd == eventfd && p->dev.gpa == args->addr && p->len == args->len &&
	       p->match == is_match(args) && p->datamatch == args->datamatch;
}

static void ioeventfd_free(struct ioeventfd *p)
{
	list_del(&p->list);
	eventfd_ctx_put(p->eventfd);
	kfree(p);
	vmxl_count_add(VMXL_COUNT_IOEVENTFD, -1);
}

/* Takes over @eventfd on success. */
static int ioeventfd_assign(struct vmxl_vm *vm, const struct vmxl_ioeventfd *args,
			    struct eventfd_ctx *eventfd)
{
	struct ioeventfd *p;
	int ret;

	list_for_each_entry(p, &vm->ioeventfds, list)
		if (ioeventfd_collides(p, args))
			return -EEXIST;
	p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
	if (!p)
		return -ENOMEM;
	p->dev.ops = &ioeventfd_ops;
	p->dev.gpa = args->addr;
	p->dev.len = args->len ?: 1;
	p->dev.exact = true;
	p->eventfd = eventfd;
	p->len = args->len;
	p->match = is_match(args);
	p->datamatch = args->datamatch;
	ret = vmxl_bus_add(vm, &p->dev);
	if (ret) {
		kfree(p);
		return ret;
	}
	list_add_tail(&p->list, &vm->ioeventfds);
	vmxl_count_add(VMXL_COUNT_IOEVENTFD, 1);
	return 0;
}

static int ioeventfd_deassign(struct vmxl_vm *vm, const struct vmxl_ioeventfd *args,
			      const struct eventfd_ctx *eventfd)
{
	struct ioeventfd *p;

	list_for_each_entry(p, &vm->ioeventfds, list) {
		if (!ioeventfd_is(p, args, eventfd))
			continue;
		vmxl_bus_remove(vm, &p->dev);
		ioeventfd_free(p);
		return 0;
	}
	return -ENOENT;
}

static int ioeventfd_locked(struct vmxl_vm *vm, const struct vmxl_ioeventfd *args)
{
	struct eventfd_ctx *eventfd = eventfd_ctx_fdget(args->fd);
	bool deassign = args->flags & VMXL_IOEVENTFD_DEASSIGN;
	int ret;

	if (IS_ERR(eventfd))
		return PTR_ERR(eventfd);
	ret = deassign ? ioeventfd_deassign(vm, args, eventfd) :
			 ioeventfd_assign(vm, args, eventfd);
	if (ret || deassign)
		eventfd_ctx_put(eventfd);
	return ret;
}

/* A value without DATAMATCH, or one that no store of this length has, is a mistake. */
static bool datamatch_ok(const struct vmxl_ioeventfd *args)
{
	if (!is_match(args))
		return !args->datamatch;
	return args->len && (args->len == 8 || !(args->datamatch >> (8 * args->len)));
}

static bool ioeventfd_args_ok(const struct vmxl_ioeventfd *args)
{
	u64 end;

	if (args->flags & ~(VMXL_IOEVENTFD_DATAMATCH | VMXL_IOEVENTFD_DEASSIGN))
		return false;
	if (args->len > 8 || (args->len & (args->len - 1)))
		return false;
	if (!VMXL_RESERVED_OK(args->reserved) || !datamatch_ok(args))
		return false;
	return !check_add_overflow(args->addr, (u64)args->len, &end);
}

/**
 * vmxl_ioeventfd_call() - VMXL_IOEVENTFD
 * @vm: the VM
 * @args: its argument
 *
 * Return: 0, -EINVAL, -EBADF, -EEXIST, -ENOENT, -ENOSPC, -ENOMEM.
 */
int vmxl_ioeventfd_call(struct vmxl_vm *vm, const struct vmxl_ioeventfd *args)
{
	int ret;

	if (!ioeventfd_args_ok(args))
		return -EINVAL;
	if (mutex_lock_killable(&vm->lock))
		return -EINTR;
	ret = ioeventfd_locked(vm, args);
	mutex_unlock(&vm->lock);
	return ret;
}

/**
 * vmxl_ioeventfds_destroy() - free the ioeventfds of a VM that goes
 * @vm: the VM; its bus is gone
 */
void vmxl_ioeventfds_destroy(struct vmxl_vm *vm)
{
	struct ioeventfd *p, *tmp;

	list_for_each_entry_safe(p, tmp, &vm->ioeventfds, list)
		ioeventfd_free(p);
}

/**
 * vmxl_eventfd_init() - set up what irqfds of all VMs share
 *
 * Return: 0 or -ENOMEM.
 */
int vmxl_eventfd_init(void)
{
	shutdown_wq = alloc_workqueue("vmxl-irqfd", WQ_UNBOUND, 0);
	return shutdown_wq ? 0 : -ENOMEM;
}

/**
 * vmxl_eventfd_exit() - undo vmxl_eventfd_init(); there are no VMs any more
 */
void vmxl_eventfd_exit(void)
{
	destroy_workqueue(shutdown_wq);
}
