/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Split virtqueues (virtio 1.2, chapter 2.7), device side.
 *
 * The guest owns the rings and may write anything into them at any time: every
 * field is read once, every index and address is checked, every chain is
 * bounded. A queue whose driver broke the rules is marked broken and stays so
 * until the device is reset; nothing worse happens.
 *
 * A virtq has no lock: its device's lock covers it.
 */
#ifndef VMXL_USER_VIRTQ_H
#define VMXL_USER_VIRTQ_H

#include <linux/virtio_ring.h>
#include <sys/uio.h>

#include "smmu.h"

#define VIRTQ_MAX_SIZE	256	/* a power of two */
#define VIRTQ_MAX_SEGS	VIRTQ_MAX_SIZE

struct virtq {
	const struct guest_mem *mem;
	struct stream *stream;	/* whose DMA this is; NULL: there is no SMMU */
	/* Set up by the transport. */
	u32 num;
	u64 desc_gpa, avail_gpa, used_gpa;
	int kick_fd;
	/* From here on valid while ready. */
	bool ready;
	bool event_idx, indirect;
	const char *broken;	/* the rule that was broken, or NULL */
	u8 *desc;		/* behind an SMMU looked up for each operation */
	u16 *avail;		/* flags, idx, ring[num], used_event */
	u8 *used;		/* flags, idx, ring[num] of 8 bytes, avail_event */
	u16 next_avail, next_used;
	u16 signalled;		/* next_used when the driver was last notified */
};

/*
 * One request: first what the device reads, then what it writes. The bytes
 * remain the guest's: read each once.
 */
struct virtq_chain {
	u16 head;
	unsigned int nr_out, nr_in;
	u64 out_len, in_len;
	bool fault;	/* a part of it was not there when it was accessed */
	struct iovec iov[VIRTQ_MAX_SEGS];	/* nr_out, then nr_in */
};

/* Checks size and addresses and makes the queue ready; NULL or the broken rule. */
const char *virtq_enable(struct virtq *vq, bool event_idx, bool indirect);
void virtq_disable(struct virtq *vq);

/* 1: a chain; 0: none, the driver will kick; -1: broken. */
int virtq_pop(struct virtq *vq, struct virtq_chain *chain);
/* Gives the last popped chain back unused. */
void virtq_unpop(struct virtq *vq);
/* Done with a chain, of which len bytes were written. One with a fault breaks the queue. */
void virtq_push(struct virtq *vq, const struct virtq_chain *chain, u32 len);
/* Whether the driver wants an interrupt for what was pushed. */
bool virtq_wants_irq(struct virtq *vq);

/* Copy between a buffer and a part of an iovec; return what was copied, 0 after a fault. */
size_t iov_to_buf(const struct iovec *iov, unsigned int nr, u64 offset, void *buf, size_t len);
size_t iov_from_buf(const struct iovec *iov, unsigned int nr, u64 offset,
		    const void *buf, size_t len);
/* Cuts iov to [offset, offset + len) in place; returns the new number. */
unsigned int iov_slice(struct iovec *iov, unsigned int nr, u64 offset, u64 len);

/* Copy from what the device reads, and to what it writes, from offset on: bytes copied */
size_t chain_read(struct virtq_chain *chain, u64 offset, void *buf, size_t len);
size_t chain_write(struct virtq_chain *chain, u64 offset, const void *buf, size_t len);

static inline struct iovec *chain_in(struct virtq_chain *chain)
{
	return chain->iov + chain->nr_out;
}

#endif
