// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-rng: entropy from this machine's kernel.
 */
#include <linux/virtio_ids.h>
#include <stdlib.h>

#include "virtio_models.h"

/* A driver may offer gigabytes; it gets no more than this at once. */
#define RNG_CHUNK	4096

struct rng {
	struct virtio_model model;	/* first */
	struct virtq_chain chain;
};

static void rng_kick(struct virtio_dev *dev, unsigned int queue)
{
	struct rng *r = (struct rng *)dev;
	struct virtq *vq = &dev->vq[queue];
	struct virtq_chain *c = &r->chain;
	unsigned int budget = VIRTIO_BUDGET;
	u8 buf[RNG_CHUNK];
	size_t len;

	while (budget && virtio_pop(dev, vq, c) > 0) {
		budget--;
		len = MIN((u64)sizeof(buf), c->in_len);
		random_bytes(buf, len);
		chain_write(c, 0, buf, len);
		virtq_push(vq, c, len);
	}
	if (!budget)
		event_signal(vq->kick_fd);
	virtio_notify(dev, vq);
}

static const struct virtio_ops rng_ops = {
	.name = "virtio-rng",
	.id = VIRTIO_ID_RNG,
	.nr_queues = 1,
	.kick = rng_kick,
};

static void rng_destroy(struct virtio_model *model)
{
	virtio_destroy(&model->dev);
	free(model);
}

struct virtio_model *virtio_rng_create(const struct virtio_place *at)
{
	struct rng *r = calloc(1, sizeof(*r));

	if (!r) {
		error("out of memory");
		return NULL;
	}
	r->model.destroy = rng_destroy;
	if (virtio_init(&r->model.dev, &rng_ops, at->vm, at->base, at->irq, 0, NULL, 0)) {
		rng_destroy(&r->model);
		return NULL;
	}
	return &r->model;
}
