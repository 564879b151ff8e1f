// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-console: one port, on a console.
 */
#include <linux/virtio_console.h>
#include <linux/virtio_ids.h>
#include <stdlib.h>

#include "virtio_models.h"

#define RX	0	/* to the guest */
#define TX	1

/* A chain may claim gigabytes; what is beyond this is lost. */
#define MAX_OUTPUT	65536

struct vcon {
	struct virtio_model model;	/* first */
	struct virtio_console_config config;
	struct console *con;
	struct virtq_chain chain;
};

static void send_input(struct vcon *v)
{
	struct virtio_dev *dev = &v->model.dev;
	struct virtq *vq = &dev->vq[RX];
	struct virtq_chain *c = &v->chain;
	u8 buf[CONSOLE_BUF];
	size_t len;

	while (console_pending(v->con) && virtio_pop(dev, vq, c) > 0) {
		len = console_read(v->con, buf, MIN((u64)sizeof(buf), c->in_len));
		chain_write(c, 0, buf, len);
		virtq_push(vq, c, len);
	}
	virtio_notify(dev, vq);
}

static void write_chain(struct vcon *v)
{
	struct virtq_chain *c = &v->chain;
	u64 at, len = MIN(c->out_len, (u64)MAX_OUTPUT);
	u8 buf[CONSOLE_BUF];
	size_t n;

	for (at = 0; at < len; at += n) {
		n = chain_read(c, at, buf, MIN(len - at, (u64)sizeof(buf)));
		if (!n)
			return;
		console_write(v->con, buf, n);
	}
}

static void take_output(struct vcon *v)
{
	struct virtio_dev *dev = &v->model.dev;
	struct virtq *vq = &dev->vq[TX];
	struct virtq_chain *c = &v->chain;
	unsigned int budget = VIRTIO_BUDGET;

	while (budget && virtio_pop(dev, vq, c) > 0) {
		budget--;
		write_chain(v);
		virtq_push(vq, c, 0);
	}
	if (!budget)
		event_signal(vq->kick_fd);
	virtio_notify(dev, vq);
}

static void vcon_kick(struct virtio_dev *dev, unsigned int queue)
{
	if (queue == RX)
		send_input((struct vcon *)dev);
	else
		take_output((struct vcon *)dev);
}

static void vcon_input(void *opaque)
{
	struct vcon *v = opaque;

	pthread_mutex_lock(&v->model.dev.lock);
	send_input(v);
	pthread_mutex_unlock(&v->model.dev.lock);
}

static const struct virtio_ops vcon_ops = {
	.name = "virtio-console",
	.id = VIRTIO_ID_CONSOLE,
	.nr_queues = 2,
	.kick = vcon_kick,
};

static void vcon_destroy(struct virtio_model *model)
{
	struct vcon *v = (struct vcon *)model;

	console_set_events(v->con, NULL);
	virtio_destroy(&model->dev);
	free(v);
}

struct virtio_model *virtio_console_create(const struct virtio_place *at, struct console *con)
{
	struct vcon *v = calloc(1, sizeof(*v));
	struct console_events events = { .input = vcon_input, .opaque = v };

	if (!v) {
		error("out of memory");
		return NULL;
	}
	v->con = con;
	v->model.destroy = vcon_destroy;
	if (virtio_init(&v->model.dev, &vcon_ops, at->vm, at->base, at->irq, 0, &v->config,
			sizeof(v->config))) {
		vcon_destroy(&v->model);
		return NULL;
	}
	console_set_events(con, &events);
	return &v->model;
}
