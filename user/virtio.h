/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The virtio-mmio transport, version 2 (virtio 1.2, chapter 4.2), and what a
 * device model has to provide.
 *
 * Locking: dev->lock covers the device, its queues and its model. It is held
 * around every call of virtio_ops. Kicks arrive by eventfd: in the loop's
 * thread, or, for a model that has a worker, in the worker.
 */
#ifndef VMXL_USER_VIRTIO_H
#define VMXL_USER_VIRTIO_H

#include "virtq.h"
#include "vm.h"

#define VIRTIO_MMIO_SIZE	0x1000
#define VIRTIO_MAX_QUEUES	2

struct virtio_dev;

struct virtio_ops {
	const char *name;
	u32 id;
	unsigned int nr_queues;
	/* Work on the queue; NULL: the model's own thread waits on kick_fd. */
	void (*kick)(struct virtio_dev *dev, unsigned int queue);
	/* No request is in flight when it returns; may drop and retake the lock. NULL: always so. */
	void (*quiesce)(struct virtio_dev *dev);
};

struct virtio_dev {
	const struct virtio_ops *ops;
	struct vm *vm;
	u64 base;
	u32 irq;
	struct stream stream;	/* of vm->smmu_fd, if there is one: its number is irq */
	pthread_mutex_t lock;
	u64 features;		/* offered */
	u64 driver_features;
	u32 features_sel, driver_features_sel, queue_sel;
	u32 status;
	u32 isr;		/* InterruptStatus; the line is high while it is not 0 */
	u32 config_generation;
	const void *config;	/* read-only to the guest */
	u32 config_len;
	struct virtq vq[VIRTIO_MAX_QUEUES];
};

/*
 * Puts a device on the bus. features: the model's own bits; config stays the
 * caller's. On an error virtio_destroy() cleans up.
 */
int virtio_init(struct virtio_dev *dev, const struct virtio_ops *ops, struct vm *vm, u64 base,
		u32 irq, u64 features, const void *config, u32 config_len);
void virtio_destroy(struct virtio_dev *dev);

/* With the lock held: interrupt the driver if it wants it for what was pushed. */
void virtio_notify(struct virtio_dev *dev, struct virtq *vq);
/* With the lock held: the driver broke a rule; the device asks for a reset. */
void virtio_broken(struct virtio_dev *dev, struct virtq *vq);
/* virtq_pop() with that said where it is due. */
int virtio_pop(struct virtio_dev *dev, struct virtq *vq, struct virtq_chain *chain);

/* A model for the machine's table: made by a constructor, freed by destroy. */
struct virtio_model {
	struct virtio_dev dev;	/* first */
	void (*destroy)(struct virtio_model *model);
	void (*stats)(struct virtio_model *model);	/* a line on stderr; may be NULL */
};

#endif
