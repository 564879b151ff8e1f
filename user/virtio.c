// SPDX-License-Identifier: GPL-2.0
/*
 * The virtio-mmio transport. See virtio.h.
 */
#include <linux/virtio_config.h>
#include <linux/virtio_mmio.h>
#include <string.h>
#include <unistd.h>

#include "virtio.h"

#define VIRTIO_MAGIC	0x74726976	/* "virt" */
#define VIRTIO_VENDOR	0x4c584d56	/* "VMXL" */

#define COMMON_FEATURES	(1ULL << VIRTIO_F_VERSION_1 | 1ULL << VIRTIO_RING_F_EVENT_IDX | \
			 1ULL << VIRTIO_RING_F_INDIRECT_DESC)

static void set_isr(struct virtio_dev *dev, u32 isr)
{
	bool was_high = dev->isr;

	dev->isr = isr;
	if (was_high != !!isr)
		vm_irq_line(dev->vm, dev->irq, isr);
}

static void need_reset(struct virtio_dev *dev, const char *rule)
{
	if (dev->status & VIRTIO_CONFIG_S_NEEDS_RESET)
		return;
	verbose("%s: the driver broke a rule: %s", dev->ops->name, rule);
	dev->status |= VIRTIO_CONFIG_S_NEEDS_RESET;
	if (dev->status & VIRTIO_CONFIG_S_DRIVER_OK)
		set_isr(dev, dev->isr | VIRTIO_MMIO_INT_CONFIG);
}

void virtio_notify(struct virtio_dev *dev, struct virtq *vq)
{
	bool wants = virtq_wants_irq(vq);

	if (vq->broken)
		need_reset(dev, vq->broken);
	else if (wants)
		set_isr(dev, dev->isr | VIRTIO_MMIO_INT_VRING);
}

void virtio_broken(struct virtio_dev *dev, struct virtq *vq)
{
	if (!vq->broken)
		vq->broken = "request layout";
	need_reset(dev, vq->broken);
}

int virtio_pop(struct virtio_dev *dev, struct virtq *vq, struct virtq_chain *chain)
{
	int ret;

	/* A driver may fill a queue before it says that it is ready. */
	if (!(dev->status & VIRTIO_CONFIG_S_DRIVER_OK))
		return 0;
	ret = virtq_pop(vq, chain);
	if (ret < 0)
		virtio_broken(dev, vq);
	return ret;
}

static void reset(struct virtio_dev *dev)
{
	unsigned int i;

	if (dev->ops->quiesce)
		dev->ops->quiesce(dev);
	for (i = 0; i < dev->ops->nr_queues; i++)
		virtq_disable(&dev->vq[i]);
	dev->driver_features = 0;
	dev->features_sel = 0;
	dev->driver_features_sel = 0;
	dev->queue_sel = 0;
	dev->status = 0;
	set_isr(dev, 0);
}

static void kick_all(struct virtio_dev *dev)
{
	unsigned int i;

	for (i = 0; i < dev->ops->nr_queues; i++)
		event_signal(dev->vq[i].kick_fd);
}

static bool features_acceptable(struct virtio_dev *dev)
{
	u64 needed = 1ULL << VIRTIO_F_VERSION_1;

	/* Addresses are what the SMMU makes of them: a driver has to know. */
	if (dev->vm->smmu)
		needed |= 1ULL << VIRTIO_F_ACCESS_PLATFORM;
	return !(dev->driver_features & ~dev->features) &&
	       (dev->driver_features & needed) == needed;
}

static void write_status(struct virtio_dev *dev, u32 value)
{
	u32 set = value & ~dev->status;

	if (!value) {
		reset(dev);
		return;
	}
	/* The driver reads this bit back to learn the answer. */
	if ((set & VIRTIO_CONFIG_S_FEATURES_OK) && !features_acceptable(dev))
		value &= ~VIRTIO_CONFIG_S_FEATURES_OK;
	if (!(value & VIRTIO_CONFIG_S_FEATURES_OK))
		value &= ~VIRTIO_CONFIG_S_DRIVER_OK;
	/* Bits are set one by one and go by a reset only; one of them is ours. */
	value &= ~VIRTIO_CONFIG_S_NEEDS_RESET;
	dev->status |= value & 0xff;
	if (set & value & VIRTIO_CONFIG_S_DRIVER_OK)
		kick_all(dev);
}

static bool has_feature(struct virtio_dev *dev, unsigned int bit)
{
	return dev->driver_features >> bit & 1;
}

static void write_queue_ready(struct virtio_dev *dev, struct virtq *vq, u32 value)
{
	const char *rule;

	if (!value) {
		if (vq->ready && dev->ops->quiesce)
			dev->ops->quiesce(dev);
		vq->ready = false;
		return;
	}
	if (vq->ready || !(dev->status & VIRTIO_CONFIG_S_FEATURES_OK))
		return;
	rule = virtq_enable(vq, has_feature(dev, VIRTIO_RING_F_EVENT_IDX),
			    has_feature(dev, VIRTIO_RING_F_INDIRECT_DESC));
	if (rule)
		need_reset(dev, rule);
}

static void set_low(u64 *reg, u32 value)
{
	*reg = (*reg & ~0xffffffffULL) | value;
}

static void set_high(u64 *reg, u32 value)
{
	*reg = (u32)*reg | (u64)value << 32;
}

/* Ring registers are fixed while the queue is ready. */
static void write_queue(struct virtio_dev *dev, u64 offset, u32 value)
{
	struct virtq *vq;

	if (dev->queue_sel >= dev->ops->nr_queues)
		return;
	vq = &dev->vq[dev->queue_sel];
	if (offset == VIRTIO_MMIO_QUEUE_READY) {
		write_queue_ready(dev, vq, value);
		return;
	}
	if (vq->ready)
		return;
	switch (offset) {
	case VIRTIO_MMIO_QUEUE_NUM: vq->num = value; break;
	case VIRTIO_MMIO_QUEUE_DESC_LOW: set_low(&vq->desc_gpa, value); break;
	case VIRTIO_MMIO_QUEUE_DESC_HIGH: set_high(&vq->desc_gpa, value); break;
	case VIRTIO_MMIO_QUEUE_AVAIL_LOW: set_low(&vq->avail_gpa, value); break;
	case VIRTIO_MMIO_QUEUE_AVAIL_HIGH: set_high(&vq->avail_gpa, value); break;
	case VIRTIO_MMIO_QUEUE_USED_LOW: set_low(&vq->used_gpa, value); break;
	case VIRTIO_MMIO_QUEUE_USED_HIGH: set_high(&vq->used_gpa, value); break;
	}
}

static void write_driver_features(struct virtio_dev *dev, u32 value)
{
	if (dev->status & VIRTIO_CONFIG_S_FEATURES_OK)
		return;
	if (dev->driver_features_sel == 0)
		set_low(&dev->driver_features, value);
	else if (dev->driver_features_sel == 1)
		set_high(&dev->driver_features, value);
}

static void write_register(struct virtio_dev *dev, u64 offset, u32 value)
{
	switch (offset) {
	case VIRTIO_MMIO_DEVICE_FEATURES_SEL:
		dev->features_sel = value;
		break;
	case VIRTIO_MMIO_DRIVER_FEATURES:
		write_driver_features(dev, value);
		break;
	case VIRTIO_MMIO_DRIVER_FEATURES_SEL:
		dev->driver_features_sel = value;
		break;
	case VIRTIO_MMIO_QUEUE_SEL:
		dev->queue_sel = value;
		break;
	case VIRTIO_MMIO_QUEUE_NOTIFY:
		/* Where the module has no ioeventfd for it. */
		if (value < dev->ops->nr_queues)
			event_signal(dev->vq[value].kick_fd);
		break;
	case VIRTIO_MMIO_INTERRUPT_ACK:
		set_isr(dev, dev->isr & ~value);
		break;
	case VIRTIO_MMIO_STATUS:
		write_status(dev, value);
		break;
	default:
		write_queue(dev, offset, value);
	}
}

static u32 read_register(struct virtio_dev *dev, u64 offset)
{
	bool have_queue = dev->queue_sel < dev->ops->nr_queues;

	switch (offset) {
	case VIRTIO_MMIO_MAGIC_VALUE: return VIRTIO_MAGIC;
	case VIRTIO_MMIO_VERSION: return 2;
	case VIRTIO_MMIO_DEVICE_ID: return dev->ops->id;
	case VIRTIO_MMIO_VENDOR_ID: return VIRTIO_VENDOR;
	case VIRTIO_MMIO_DEVICE_FEATURES:
		return dev->features_sel > 1 ? 0 : dev->features >> (32 * dev->features_sel);
	case VIRTIO_MMIO_QUEUE_NUM_MAX: return have_queue ? VIRTQ_MAX_SIZE : 0;
	case VIRTIO_MMIO_QUEUE_READY: return have_queue && dev->vq[dev->queue_sel].ready;
	case VIRTIO_MMIO_INTERRUPT_STATUS: return dev->isr;
	case VIRTIO_MMIO_STATUS: return dev->status;
	case VIRTIO_MMIO_CONFIG_GENERATION: return dev->config_generation;
	/* No shared memory region: its length reads as all ones. */
	case VIRTIO_MMIO_SHM_LEN_LOW:
	case VIRTIO_MMIO_SHM_LEN_HIGH: return ~0U;
	default: return 0;
	}
}

static u64 read_config(struct virtio_dev *dev, u64 offset, unsigned int len)
{
	u64 value = 0;

	if (offset < dev->config_len)
		memcpy(&value, (const u8 *)dev->config + offset,
		       MIN((u64)len, dev->config_len - offset));
	return value;
}

static u64 virtio_read(void *opaque, u64 offset, unsigned int len)
{
	struct virtio_dev *dev = opaque;
	u64 value = 0;

	pthread_mutex_lock(&dev->lock);
	if (offset >= VIRTIO_MMIO_CONFIG)
		value = read_config(dev, offset - VIRTIO_MMIO_CONFIG, len);
	else if (len == 4 && offset % 4 == 0)
		value = read_register(dev, offset);
	pthread_mutex_unlock(&dev->lock);
	return value;
}

static void virtio_write(void *opaque, u64 offset, u64 value, unsigned int len)
{
	struct virtio_dev *dev = opaque;

	if (offset >= VIRTIO_MMIO_CONFIG || len != 4 || offset % 4)
		return;
	pthread_mutex_lock(&dev->lock);
	write_register(dev, offset, value);
	pthread_mutex_unlock(&dev->lock);
}

static const struct mmio_ops virtio_mmio_ops = {
	.name = "virtio", .read = virtio_read, .write = virtio_write,
};

/* The loop knows a source by its opaque pointer: which queue is it? */
static void kick_ready(void *opaque)
{
	struct virtio_dev *dev = opaque;
	unsigned int i;

	for (i = 0; i < dev->ops->nr_queues; i++) {
		if (!event_drain(dev->vq[i].kick_fd))
			continue;
		pthread_mutex_lock(&dev->lock);
		dev->ops->kick(dev, i);
		pthread_mutex_unlock(&dev->lock);
	}
}

static int init_queue(struct virtio_dev *dev, unsigned int i)
{
	struct virtq *vq = &dev->vq[i];

	vq->mem = &dev->vm->mem;
	vq->stream = dev->vm->smmu ? &dev->stream : NULL;
	vq->kick_fd = event_create();
	if (vq->kick_fd < 0)
		return -1;
	if (vm_ioeventfd(dev->vm, dev->base + VIRTIO_MMIO_QUEUE_NOTIFY, i, vq->kick_fd))
		verbose("%s: no ioeventfd, kicks exit", dev->ops->name);
	return dev->ops->kick ? loop_add(dev->vm->loop, vq->kick_fd, NULL, kick_ready, dev) : 0;
}

int virtio_init(struct virtio_dev *dev, const struct virtio_ops *ops, struct vm *vm, u64 base,
		u32 irq, u64 features, const void *config, u32 config_len)
{
	unsigned int i;

	*dev = (struct virtio_dev) {
		.ops = ops, .vm = vm, .base = base, .irq = irq,
		.features = features | COMMON_FEATURES,
		.config = config, .config_len = config_len,
	};
	if (vm->smmu) {
		dev->features |= 1ULL << VIRTIO_F_ACCESS_PLATFORM;
		stream_init(&dev->stream, vm, irq);
	}
	pthread_mutex_init(&dev->lock, NULL);
	for (i = 0; i < VIRTIO_MAX_QUEUES; i++)
		dev->vq[i].kick_fd = -1;
	for (i = 0; i < ops->nr_queues; i++) {
		if (init_queue(dev, i))
			return -1;
	}
	return mmio_add(&vm->mmio, base, VIRTIO_MMIO_SIZE, &virtio_mmio_ops, dev);
}

void virtio_destroy(struct virtio_dev *dev)
{
	unsigned int i;

	for (i = 0; i < VIRTIO_MAX_QUEUES; i++) {
		if (dev->vq[i].kick_fd < 0)
			continue;
		loop_del(dev->vm->loop, dev->vq[i].kick_fd);
		close(dev->vq[i].kick_fd);
	}
	pthread_mutex_destroy(&dev->lock);
}
