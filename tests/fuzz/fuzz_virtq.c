// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: virtqueues and the device models behind them. The input is
 * a driver: a list of register writes, memory writes and kicks, after a device
 * was brought up correctly, so that the rings are reached at all.
 *
 * The module is tests/unit/user_fake.c; frames that the guest sends come back
 * to it.
 */
#define _GNU_SOURCE
#include <linux/virtio_config.h>
#include <linux/virtio_mmio.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "user_ring.h"
#include "virtio_models.h"

#define BASE		0x10001000ULL
#define NR_MODELS	4
#define MAX_OPS		256
#define DISK_SIZE	65536

enum fuzz_op { OP_REG, OP_RING, OP_DESC, OP_KICK, OP_OFFER, OP_READ, NR_OPS };

struct input {
	const u8 *data;
	size_t len;
};

static struct vm vm;
static struct loop loop;
static struct console con;
static struct virtio_model *models[NR_MODELS];

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8 *data, size_t len);

static void echo_send(struct net_backend *be, const void *frame, size_t len)
{
	be->client.receive(be->client.opaque, frame, len);
}

static void echo_destroy(struct net_backend *be)
{
	free(be);
}

/* In place of net_slirp.c */
struct net_backend *net_slirp_create(const struct net_options *net, struct loop *l,
				     const struct net_client *client)
{
	struct net_backend *be = calloc(1, sizeof(*be));

	(void)net;
	(void)l;
	if (be)
		*be = (struct net_backend) { echo_send, echo_destroy, *client };
	return be;
}

static void quit(void *opaque)
{
	(void)opaque;
}

static const char *make_disk(void)
{
	static char path[64];
	int fd = memfd_create("disk", 0);

	if (fd < 0 || ftruncate(fd, DISK_SIZE))
		return NULL;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct disk_options disk = { make_disk(), false };
	struct net_options net = { .kind = NET_USER };
	struct virtio_place at[NR_MODELS];
	unsigned int i;

	(void)argc;
	(void)argv;
	vm = (struct vm) { .sys_fd = 1000, .fd = 1001, .loop = &loop };
	if (!disk.path || loop_init(&loop) || mem_add(&vm.mem, RAM_BASE, RAM_SIZE) ||
	    console_open(&con, "none", false, &loop, quit, NULL))
		abort();
	for (i = 0; i < NR_MODELS; i++)
		at[i] = (struct virtio_place) { &vm, BASE + i * VIRTIO_MMIO_SIZE, 1 + i };
	models[0] = virtio_blk_create(&at[0], &disk);
	models[1] = virtio_net_create(&at[1], &net);
	models[2] = virtio_console_create(&at[2], &con);
	models[3] = virtio_rng_create(&at[3]);
	for (i = 0; i < NR_MODELS; i++) {
		if (!models[i])
			abort();
	}
	return 0;
}

static u64 take(struct input *in, size_t n)
{
	u64 value = 0;

	n = MIN(n, in->len);
	memcpy(&value, in->data, n);
	in->data += n;
	in->len -= n;
	return value;
}

static void reg_write(struct virtio_dev *dev, u64 offset, u32 value)
{
	u8 data[16] = {};

	memcpy(data, &value, sizeof(value));
	mmio_access(&vm.mmio, dev->base + offset, data, 4, true);
}

static void bring_up(struct virtio_dev *dev, u64 features)
{
	unsigned int q;

	reg_write(dev, VIRTIO_MMIO_STATUS, 3);
	reg_write(dev, VIRTIO_MMIO_DRIVER_FEATURES, features & dev->features);
	reg_write(dev, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
	reg_write(dev, VIRTIO_MMIO_DRIVER_FEATURES, 1);
	reg_write(dev, VIRTIO_MMIO_STATUS, 0xb);
	for (q = 0; q < dev->ops->nr_queues; q++) {
		reg_write(dev, VIRTIO_MMIO_QUEUE_SEL, q);
		reg_write(dev, VIRTIO_MMIO_QUEUE_NUM, RING_NUM);
		reg_write(dev, VIRTIO_MMIO_QUEUE_DESC_LOW, RING_DESC(q));
		reg_write(dev, VIRTIO_MMIO_QUEUE_AVAIL_LOW, RING_AVAIL(q));
		reg_write(dev, VIRTIO_MMIO_QUEUE_USED_LOW, RING_USED(q));
		reg_write(dev, VIRTIO_MMIO_QUEUE_READY, 1);
	}
	reg_write(dev, VIRTIO_MMIO_STATUS, 0xf);
}

static void kick(struct virtio_dev *dev, unsigned int q)
{
	if (q >= dev->ops->nr_queues)
		return;
	if (!dev->ops->kick) {
		event_signal(dev->vq[q].kick_fd);
		sched_yield();
		return;
	}
	pthread_mutex_lock(&dev->lock);
	dev->ops->kick(dev, q);
	pthread_mutex_unlock(&dev->lock);
}

/* Mostly addresses that are memory, now and then anything. */
static u64 some_address(struct input *in)
{
	u64 kind = take(in, 1);

	return kind < 8 ? take(in, 8) : RAM_BASE + take(in, 3) % RAM_SIZE;
}

static void fuzz_desc(struct input *in)
{
	unsigned int q = take(in, 1) % 2, i = take(in, 1) % (RING_NUM + 1);
	bool table = take(in, 1) & 1;
	u64 addr = some_address(in);
	u32 len = take(in, 1) < 8 ? take(in, 4) : take(in, 2);
	u16 flags = take(in, 1), next = take(in, 1) % (RING_NUM + 1);

	ring_desc_at(&vm.mem, table ? RING_TABLE(q) : RING_DESC(q), i, addr, len, flags, next);
}

static void fuzz_ring(struct input *in)
{
	u64 offset = take(in, 2), value = take(in, 4);

	memcpy(mem_at(&vm.mem, RAM_BASE + offset, 4), &value, 4);
}

static void fuzz_read(struct virtio_dev *dev, struct input *in)
{
	u8 data[16];
	u64 offset = take(in, 2) % VIRTIO_MMIO_SIZE;

	mmio_access(&vm.mmio, dev->base + offset, data, 1U << take(in, 1) % 4, false);
}

static void one_op(struct virtio_dev *dev, struct input *in)
{
	u64 offset;

	switch ((enum fuzz_op)(take(in, 1) % NR_OPS)) {
	case OP_REG:
		offset = take(in, 1) * 4;
		reg_write(dev, offset, take(in, 4));
		break;
	case OP_RING:
		fuzz_ring(in);
		break;
	case OP_DESC:
		fuzz_desc(in);
		break;
	case OP_KICK:
		kick(dev, take(in, 1) % 2);
		break;
	case OP_OFFER:
		offset = take(in, 1);
		ring_offer(&vm.mem, offset & 1, offset >> 1 & 15);
		kick(dev, offset & 1);
		break;
	case OP_READ:
		fuzz_read(dev, in);
		break;
	case NR_OPS:
		break;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	struct input in = { data, len };
	struct virtio_dev *dev = &models[take(&in, 1) % NR_MODELS]->dev;
	unsigned int ops;

	memset(mem_at(&vm.mem, RAM_BASE, 0x10000), 0, 0x10000);
	bring_up(dev, take(&in, 4));
	for (ops = 0; ops < MAX_OPS && in.len; ops++)
		one_op(dev, &in);
	reg_write(dev, VIRTIO_MMIO_STATUS, 0);
	return 0;
}
