/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The virtio device models. Each constructor puts a device on the bus of vm at
 * base with interrupt irq, and returns it or, having said why, NULL. The
 * model's destroy() is called when no vCPU runs any more.
 */
#ifndef VMXL_USER_VIRTIO_MODELS_H
#define VMXL_USER_VIRTIO_MODELS_H

#include "console.h"
#include "net.h"
#include "virtio.h"

struct disk_options {
	const char *path;
	bool readonly;
};

/* Where a model goes. */
struct virtio_place {
	struct vm *vm;
	u64 base;
	u32 irq;
};

struct virtio_model *virtio_blk_create(const struct virtio_place *at,
				       const struct disk_options *disk);
struct virtio_model *virtio_net_create(const struct virtio_place *at,
				       const struct net_options *net);
struct virtio_model *virtio_console_create(const struct virtio_place *at, struct console *con);
struct virtio_model *virtio_rng_create(const struct virtio_place *at);

/* A model does at most this much in one go, so that a guest cannot hold the loop. */
#define VIRTIO_BUDGET	256

#endif
