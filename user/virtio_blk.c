// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-blk on a raw file or block device.
 *
 * A worker thread takes requests off the queue and carries them out one after
 * the other, without the device's lock, while the guest runs. A reset waits
 * for the request in flight and makes its completion void.
 *
 * The file is locked against a second writer where the file system can.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_ids.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "virtio_models.h"

#define SECTOR_SHIFT	9
#define SECTOR_SIZE	(1U << SECTOR_SHIFT)
#define MAX_SEG		(VIRTQ_MAX_SEGS - 2)	/* beside header and status */
#define MAX_RANGES	16
#define MAX_DISCARD	(1U << 22)		/* sectors in a range */
#define MAX_ZEROES	(1U << 16)
#define MAX_TRIES	64

struct blk {
	struct virtio_model model;	/* first */
	struct virtio_blk_config config;
	int fd;
	bool readonly;
	u64 sectors;
	char id[VIRTIO_BLK_ID_BYTES];
	pthread_t thread;
	bool have_thread;
	bool stop;		/* this and below: under dev.lock */
	bool busy;
	unsigned int generation;
	pthread_cond_t idle;
	struct virtq_chain chain;
	struct iovec iov[VIRTQ_MAX_SEGS];	/* the worker's */
	u64 nr_requests, bytes_read, bytes_written;
};

static bool range_valid(struct blk *b, u64 sector, u64 nr)
{
	return sector <= b->sectors && nr <= b->sectors - sector;
}

/*
 * preadv or pwritev until all is done; iov is used up. A window may have to be filled,
 * which the guest may empty again: it loses after some tries.
 */
static u8 transfer(struct blk *b, struct iovec *iov, unsigned int nr, u64 offset, u64 len,
		   bool write)
{
	unsigned int tries = 0;
	ssize_t n;

	while (len) {
		n = write ? pwritev(b->fd, iov, nr, offset) : preadv(b->fd, iov, nr, offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EFAULT) {
			if (tries++ < MAX_TRIES && dma_touch(iov, nr, !write))
				continue;
			b->chain.fault = true;
		}
		if (n <= 0)
			return VIRTIO_BLK_S_IOERR;
		tries = 0;
		offset += n;
		len -= n;
		nr = iov_slice(iov, nr, n, len);
	}
	return VIRTIO_BLK_S_OK;
}

static u8 blk_rw(struct blk *b, u64 sector, bool write)
{
	struct virtq_chain *c = &b->chain;
	u64 skip = write ? sizeof(struct virtio_blk_outhdr) : 0;
	unsigned int nr = write ? c->nr_out : c->nr_in;
	u64 len = write ? c->out_len - skip : c->in_len - 1;

	if (len % SECTOR_SIZE || !range_valid(b, sector, len >> SECTOR_SHIFT))
		return VIRTIO_BLK_S_IOERR;
	if (write && b->readonly)
		return VIRTIO_BLK_S_IOERR;
	if (write)
		b->bytes_written += len;
	else
		b->bytes_read += len;
	/* A copy: it is used up, and what was written is told of by the chain. */
	memcpy(b->iov, write ? c->iov : chain_in(c), nr * sizeof(b->iov[0]));
	nr = iov_slice(b->iov, nr, skip, len);
	return transfer(b, b->iov, nr, sector << SECTOR_SHIFT, len, write);
}

static u8 blk_flush(struct blk *b)
{
	return fdatasync(b->fd) ? VIRTIO_BLK_S_IOERR : VIRTIO_BLK_S_OK;
}

static u8 blk_get_id(struct blk *b)
{
	struct virtq_chain *c = &b->chain;

	if (c->in_len - 1 < sizeof(b->id))
		return VIRTIO_BLK_S_IOERR;
	chain_write(c, 0, b->id, sizeof(b->id));
	return VIRTIO_BLK_S_OK;
}

static u8 write_zeroes(struct blk *b, u64 offset, u64 len)
{
	static const u8 zeroes[65536];
	struct iovec iov;
	u64 part;
	u8 status;

	for (; len; offset += part, len -= part) {
		part = MIN(len, (u64)sizeof(zeroes));
		iov = (struct iovec) { (void *)zeroes, part };
		status = transfer(b, &iov, 1, offset, part, true);
		if (status)
			return status;
	}
	return VIRTIO_BLK_S_OK;
}

/* A discard is advice: a file system that cannot do it has done it. */
static u8 one_range(struct blk *b, const struct virtio_blk_discard_write_zeroes *r, bool zero)
{
	u64 offset = r->sector << SECTOR_SHIFT, len = (u64)r->num_sectors << SECTOR_SHIFT;
	bool unmap = !zero || (r->flags & VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP);
	int mode = unmap ? FALLOC_FL_PUNCH_HOLE : FALLOC_FL_ZERO_RANGE;

	if (!len || !fallocate(b->fd, mode | FALLOC_FL_KEEP_SIZE, offset, len))
		return VIRTIO_BLK_S_OK;
	return zero ? write_zeroes(b, offset, len) : VIRTIO_BLK_S_OK;
}

static u8 check_range(struct blk *b, const struct virtio_blk_discard_write_zeroes *r, bool zero)
{
	if (r->flags & ~(zero ? VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP : 0U))
		return VIRTIO_BLK_S_UNSUPP;
	if (!range_valid(b, r->sector, r->num_sectors) ||
	    r->num_sectors > (zero ? MAX_ZEROES : MAX_DISCARD))
		return VIRTIO_BLK_S_IOERR;
	return VIRTIO_BLK_S_OK;
}

static u8 blk_ranges(struct blk *b, bool zero)
{
	struct virtq_chain *c = &b->chain;
	struct virtio_blk_discard_write_zeroes r[MAX_RANGES];
	u64 len = c->out_len - sizeof(struct virtio_blk_outhdr);
	unsigned int i, nr = len / sizeof(r[0]);
	u8 status;

	if (b->readonly || len % sizeof(r[0]) || !nr || len > sizeof(r))
		return VIRTIO_BLK_S_IOERR;
	if (chain_read(c, sizeof(struct virtio_blk_outhdr), r, len) < len)
		return VIRTIO_BLK_S_IOERR;
	for (i = 0; i < nr; i++) {
		status = check_range(b, &r[i], zero);
		if (!status)
			status = one_range(b, &r[i], zero);
		if (status)
			return status;
	}
	return VIRTIO_BLK_S_OK;
}

static u8 blk_command(struct blk *b, u32 type, u64 sector)
{
	switch (type) {
	case VIRTIO_BLK_T_IN: return blk_rw(b, sector, false);
	case VIRTIO_BLK_T_OUT: return blk_rw(b, sector, true);
	case VIRTIO_BLK_T_FLUSH: return blk_flush(b);
	case VIRTIO_BLK_T_GET_ID: return blk_get_id(b);
	case VIRTIO_BLK_T_DISCARD: return blk_ranges(b, false);
	case VIRTIO_BLK_T_WRITE_ZEROES: return blk_ranges(b, true);
	default: return VIRTIO_BLK_S_UNSUPP;
	}
}

/*
 * Carries b->chain out and writes its status, the last writable byte. Returns the
 * bytes written to the guest, or -1 for a chain that is no request.
 */
static s64 blk_request(struct blk *b)
{
	struct virtq_chain *c = &b->chain;
	struct virtio_blk_outhdr hdr;
	u8 status;

	if (c->out_len < sizeof(hdr) || !c->nr_in)
		return -1;
	if (chain_read(c, 0, &hdr, sizeof(hdr)) < sizeof(hdr))
		return 0;
	status = blk_command(b, hdr.type, hdr.sector);
	chain_write(c, c->in_len - 1, &status, 1);
	b->nr_requests++;
	return hdr.type == VIRTIO_BLK_T_IN || hdr.type == VIRTIO_BLK_T_GET_ID ? c->in_len : 1;
}

/* With the lock held, which it drops while the request is carried out. */
static void blk_serve(struct blk *b)
{
	struct virtio_dev *dev = &b->model.dev;
	struct virtq *vq = &dev->vq[0];
	unsigned int generation;
	s64 len;

	while (!b->stop && virtio_pop(dev, vq, &b->chain) > 0) {
		generation = b->generation;
		b->busy = true;
		pthread_mutex_unlock(&dev->lock);
		len = blk_request(b);
		pthread_mutex_lock(&dev->lock);
		b->busy = false;
		pthread_cond_broadcast(&b->idle);
		if (generation != b->generation)
			continue;
		if (len < 0) {
			virtio_broken(dev, vq);
			return;
		}
		virtq_push(vq, &b->chain, MIN(len, (s64)UINT32_MAX));
		virtio_notify(dev, vq);
	}
}

static void *blk_thread(void *opaque)
{
	struct blk *b = opaque;
	struct virtio_dev *dev = &b->model.dev;
	struct pollfd pfd = { .fd = dev->vq[0].kick_fd, .events = POLLIN };
	bool stop = false;
	sigset_t set;

	sigfillset(&set);
	sigdelset(&set, SIGSEGV);	/* see dma_begin() */
	sigdelset(&set, SIGBUS);
	pthread_sigmask(SIG_SETMASK, &set, NULL);
	while (!stop) {
		poll(&pfd, 1, -1);
		event_drain(pfd.fd);
		pthread_mutex_lock(&dev->lock);
		blk_serve(b);
		stop = b->stop;
		pthread_mutex_unlock(&dev->lock);
	}
	return NULL;
}

static void blk_quiesce(struct virtio_dev *dev)
{
	struct blk *b = (struct blk *)dev;

	b->generation++;
	while (b->busy)
		pthread_cond_wait(&b->idle, &dev->lock);
}

static const struct virtio_ops blk_ops = {
	.name = "virtio-blk",
	.id = VIRTIO_ID_BLOCK,
	.nr_queues = 1,
	.quiesce = blk_quiesce,
};

static void blk_destroy(struct virtio_model *model)
{
	struct blk *b = (struct blk *)model;
	struct virtio_dev *dev = &model->dev;

	if (b->have_thread) {
		pthread_mutex_lock(&dev->lock);
		b->stop = true;
		pthread_mutex_unlock(&dev->lock);
		event_signal(dev->vq[0].kick_fd);
		pthread_join(b->thread, NULL);
	}
	virtio_destroy(dev);
	pthread_cond_destroy(&b->idle);
	close(b->fd);
	free(b);
}

static void blk_stats(struct virtio_model *model)
{
	struct blk *b = (struct blk *)model;

	report("virtio-blk %s: %llu requests, %llu bytes read, %llu written", b->id,
	       (unsigned long long)b->nr_requests, (unsigned long long)b->bytes_read,
	       (unsigned long long)b->bytes_written);
}

static int open_disk(const struct disk_options *disk, u64 *sectors)
{
	int fd = open(disk->path, (disk->readonly ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	struct stat st;
	off_t size;

	if (fd < 0)
		return error_errno("disk %s", disk->path);
	if (!fstat(fd, &st) && !S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)) {
		error("disk %s: neither a file nor a block device", disk->path);
		goto fail;
	}
	if (flock(fd, (disk->readonly ? LOCK_SH : LOCK_EX) | LOCK_NB) && errno == EWOULDBLOCK) {
		error("disk %s: in use by another process", disk->path);
		goto fail;
	}
	size = lseek(fd, 0, SEEK_END);
	if (size <= 0 || size % SECTOR_SIZE) {
		error("disk %s: its size, %lld bytes, is not a number of %u byte sectors",
		      disk->path, (long long)size, SECTOR_SIZE);
		goto fail;
	}
	*sectors = size >> SECTOR_SHIFT;
	return fd;
fail:
	close(fd);
	return -1;
}

static void fill_config(struct blk *b, unsigned int index)
{
	b->config = (struct virtio_blk_config) {
		.capacity = b->sectors,
		.seg_max = MAX_SEG,
		.blk_size = SECTOR_SIZE,
		.max_discard_sectors = MAX_DISCARD,
		.max_discard_seg = MAX_RANGES,
		.discard_sector_alignment = 8,
		.max_write_zeroes_sectors = MAX_ZEROES,
		.max_write_zeroes_seg = MAX_RANGES,
		.write_zeroes_may_unmap = 1,
	};
	snprintf(b->id, sizeof(b->id), "vmxl-disk-%u", index);
}

static u64 blk_features(struct blk *b)
{
	u64 features = 1ULL << VIRTIO_BLK_F_SEG_MAX | 1ULL << VIRTIO_BLK_F_BLK_SIZE |
		       1ULL << VIRTIO_BLK_F_FLUSH;

	if (b->readonly)
		return features | 1ULL << VIRTIO_BLK_F_RO;
	return features | 1ULL << VIRTIO_BLK_F_DISCARD | 1ULL << VIRTIO_BLK_F_WRITE_ZEROES;
}

struct virtio_model *virtio_blk_create(const struct virtio_place *at,
				       const struct disk_options *disk)
{
	struct blk *b = calloc(1, sizeof(*b));

	if (!b) {
		error("out of memory");
		return NULL;
	}
	b->fd = open_disk(disk, &b->sectors);
	if (b->fd < 0) {
		free(b);
		return NULL;
	}
	b->readonly = disk->readonly;
	fill_config(b, at->irq);
	b->model.destroy = blk_destroy;
	b->model.stats = blk_stats;
	pthread_cond_init(&b->idle, NULL);
	if (virtio_init(&b->model.dev, &blk_ops, at->vm, at->base, at->irq, blk_features(b),
			&b->config, sizeof(b->config)))
		goto fail;
	errno = pthread_create(&b->thread, NULL, blk_thread, b);
	if (errno) {
		error_errno("disk %s: starting its thread", disk->path);
		goto fail;
	}
	b->have_thread = true;
	return &b->model;
fail:
	blk_destroy(&b->model);
	return NULL;
}
