// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-net: one pair of queues, no offloads, on a back-end of net.h.
 *
 * Everything happens in the loop's thread. The back-end is called without the
 * device's lock, because it may call back with a frame at once.
 */
#include <linux/if_ether.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_net.h>
#include <stdlib.h>
#include <string.h>

#include "virtio_models.h"

#define RX	0
#define TX	1
#define HDR	sizeof(struct virtio_net_hdr_mrg_rxbuf)

struct netdev {
	struct virtio_model model;	/* first */
	struct virtio_net_config config;
	struct net_backend *backend;
	struct virtq_chain chain;
	u8 frame[NET_MAX_FRAME];
	u64 tx_frames, tx_bytes, rx_frames, rx_bytes, rx_dropped;
};

/* The next frame of the guest, with the lock held: 1 taken, 0 none, -1 broken. */
static int take_frame(struct netdev *n, size_t *len)
{
	struct virtio_dev *dev = &n->model.dev;
	struct virtq *vq = &dev->vq[TX];
	struct virtq_chain *c = &n->chain;
	int ret = virtio_pop(dev, vq, c);

	if (ret <= 0)
		return ret;
	if (c->out_len < HDR) {
		virtio_broken(dev, vq);
		return -1;
	}
	/* An absurdly long frame is dropped, as a wire would. */
	*len = c->out_len - HDR > sizeof(n->frame) ? 0 : c->out_len - HDR;
	chain_read(c, HDR, n->frame, *len);
	virtq_push(vq, c, 0);
	if (c->fault)
		*len = 0;
	return 1;
}

static void transmit(struct netdev *n)
{
	struct virtio_dev *dev = &n->model.dev;
	unsigned int budget = VIRTIO_BUDGET;
	size_t len;

	while (budget && take_frame(n, &len) > 0) {
		budget--;
		if (len < ETH_HLEN)
			continue;
		n->tx_frames++;
		n->tx_bytes += len;
		pthread_mutex_unlock(&dev->lock);
		n->backend->send(n->backend, n->frame, len);
		pthread_mutex_lock(&dev->lock);
	}
	/* Out of budget: come back after the other sources. */
	if (!budget)
		event_signal(dev->vq[TX].kick_fd);
	virtio_notify(dev, &dev->vq[TX]);
}

/* New receive buffers: the loop asks the back-end again by itself. */
static void net_kick(struct virtio_dev *dev, unsigned int queue)
{
	if (queue == TX)
		transmit((struct netdev *)dev);
}

static bool receive_locked(struct netdev *n, const void *frame, size_t len)
{
	struct virtio_dev *dev = &n->model.dev;
	struct virtq *vq = &dev->vq[RX];
	struct virtio_net_hdr_mrg_rxbuf hdr = { .num_buffers = 1 };
	struct virtq_chain *c = &n->chain;

	if (virtio_pop(dev, vq, c) <= 0)
		return false;
	if (c->in_len < HDR + len) {
		virtq_unpop(vq);
		n->rx_dropped++;
		return true;
	}
	chain_write(c, 0, &hdr, HDR);
	chain_write(c, HDR, frame, len);
	virtq_push(vq, c, HDR + len);
	virtio_notify(dev, vq);
	n->rx_frames++;
	n->rx_bytes += len;
	return true;
}

static bool net_receive(void *opaque, const void *frame, size_t len)
{
	struct netdev *n = opaque;
	bool taken;

	pthread_mutex_lock(&n->model.dev.lock);
	taken = receive_locked(n, frame, len);
	pthread_mutex_unlock(&n->model.dev.lock);
	return taken;
}

static bool net_can_receive(void *opaque)
{
	struct netdev *n = opaque;
	struct virtio_dev *dev = &n->model.dev;
	bool can;

	pthread_mutex_lock(&dev->lock);
	can = virtio_pop(dev, &dev->vq[RX], &n->chain) > 0;
	if (can)
		virtq_unpop(&dev->vq[RX]);
	pthread_mutex_unlock(&dev->lock);
	return can;
}

static const struct virtio_ops net_ops = {
	.name = "virtio-net",
	.id = VIRTIO_ID_NET,
	.nr_queues = 2,
	.kick = net_kick,
};

static void net_destroy(struct virtio_model *model)
{
	struct netdev *n = (struct netdev *)model;

	if (n->backend)
		n->backend->destroy(n->backend);
	virtio_destroy(&model->dev);
	free(n);
}

static void net_stats(struct virtio_model *model)
{
	struct netdev *n = (struct netdev *)model;

	report("virtio-net: sent %llu frames, %llu bytes; received %llu, %llu; dropped %llu",
	       (unsigned long long)n->tx_frames, (unsigned long long)n->tx_bytes,
	       (unsigned long long)n->rx_frames, (unsigned long long)n->rx_bytes,
	       (unsigned long long)n->rx_dropped);
}

static struct net_backend *create_backend(struct netdev *n, const struct net_options *net,
					  struct loop *loop)
{
	struct net_client client = {
		.receive = net_receive, .can_receive = net_can_receive, .opaque = n,
	};

	if (net->kind == NET_TAP)
		return net_tap_create(net, loop, &client);
	return net_slirp_create(net, loop, &client);
}

struct virtio_model *virtio_net_create(const struct virtio_place *at,
				       const struct net_options *net)
{
	u64 features = 1ULL << VIRTIO_NET_F_MAC | 1ULL << VIRTIO_NET_F_STATUS;
	struct netdev *n = calloc(1, sizeof(*n));

	if (!n) {
		error("out of memory");
		return NULL;
	}
	memcpy(n->config.mac, net->mac, sizeof(n->config.mac));
	n->config.status = VIRTIO_NET_S_LINK_UP;
	n->model.destroy = net_destroy;
	n->model.stats = net_stats;
	if (virtio_init(&n->model.dev, &net_ops, at->vm, at->base, at->irq, features,
			&n->config, sizeof(n->config)))
		goto fail;
	n->backend = create_backend(n, net, at->vm->loop);
	if (!n->backend)
		goto fail;
	return &n->model;
fail:
	net_destroy(&n->model);
	return NULL;
}
