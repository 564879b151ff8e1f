// SPDX-License-Identifier: GPL-2.0
/*
 * Split virtqueues. See virtq.h.
 */
#include <stdatomic.h>
#include <string.h>

#include "virtq.h"

#define AVAIL_RING	2	/* index of ring[0] in u16 units */
#define USED_IDX	2	/* byte offsets */
#define USED_RING	4

static u16 ring_read(const u16 *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static void ring_write(u8 *p, u16 value)
{
	__atomic_store_n((u16 *)p, value, __ATOMIC_RELEASE);
}

/* With the event words, which are there in the layout in any case. */
static bool find_rings(struct virtq *vq)
{
	vq->desc = dma_at(vq->mem, vq->stream, vq->desc_gpa, 16ULL * vq->num, false);
	vq->avail = dma_at(vq->mem, vq->stream, vq->avail_gpa, 6 + 2ULL * vq->num, false);
	vq->used = dma_at(vq->mem, vq->stream, vq->used_gpa, 6 + 8ULL * vq->num, true);
	return vq->desc && vq->avail && vq->used;
}

/* Where the rings are now: behind an SMMU, the guest may have moved them. */
static bool rings_there(struct virtq *vq)
{
	if (!vq->stream || find_rings(vq))
		return true;
	vq->broken = "ring not mapped in one piece";
	return false;
}

const char *virtq_enable(struct virtq *vq, bool event_idx, bool indirect)
{
	if (!vq->num || vq->num > VIRTQ_MAX_SIZE || (vq->num & (vq->num - 1)))
		return "queue size";
	if (vq->desc_gpa % 16 || vq->avail_gpa % 2 || vq->used_gpa % 4)
		return "queue alignment";
	if (!find_rings(vq))
		return "queue address";
	vq->event_idx = event_idx;
	vq->indirect = indirect;
	vq->next_avail = 0;
	vq->next_used = 0;
	vq->signalled = 0;
	vq->broken = NULL;
	vq->ready = true;
	return NULL;
}

void virtq_disable(struct virtq *vq)
{
	vq->ready = false;
	vq->broken = NULL;
	vq->num = 0;
	vq->desc_gpa = 0;
	vq->avail_gpa = 0;
	vq->used_gpa = 0;
}

static int broken(struct virtq *vq, const char *rule)
{
	vq->broken = rule;
	return -1;
}

static int add_segment(struct virtq *vq, struct virtq_chain *c, const struct vring_desc *d)
{
	bool in = d->flags & VRING_DESC_F_WRITE;
	unsigned int at = c->nr_out + c->nr_in, n;

	if (!d->len)
		return broken(vq, "empty descriptor");
	if (at == VIRTQ_MAX_SEGS)
		return broken(vq, "chain too long");
	if (!in && c->nr_in)
		return broken(vq, "readable descriptor behind a writable one");
	n = dma_iov(vq->mem, vq->stream, d->addr, d->len, in, c->iov + at, VIRTQ_MAX_SEGS - at);
	if (!n)
		return broken(vq, "descriptor outside guest memory");
	if (in) {
		c->nr_in += n;
		c->in_len += d->len;
	} else {
		c->nr_out += n;
		c->out_len += d->len;
	}
	return 0;
}

/* The table behind an indirect descriptor, which must be the chain's last. */
static const u8 *indirect_table(struct virtq *vq, const struct vring_desc *d, u32 *nr)
{
	if (!vq->indirect || (d->flags & VRING_DESC_F_NEXT))
		return NULL;
	if (!d->len || d->len % sizeof(*d) || d->len / sizeof(*d) > VIRTQ_MAX_SEGS)
		return NULL;
	*nr = d->len / sizeof(*d);
	return dma_at(vq->mem, vq->stream, d->addr, d->len, false);
}

static int walk_chain(struct virtq *vq, struct virtq_chain *c)
{
	const u8 *table = vq->desc;
	bool nested = false;
	u32 nr = vq->num, i = c->head, seen = 0;
	struct vring_desc d;

	for (;;) {
		if (i >= nr || seen++ == nr)
			return broken(vq, "descriptor index or loop");
		/* One copy: the guest may change it behind our back. */
		memcpy(&d, table + i * sizeof(d), sizeof(d));
		atomic_signal_fence(memory_order_seq_cst);
		if (d.flags & VRING_DESC_F_INDIRECT) {
			table = nested ? NULL : indirect_table(vq, &d, &nr);
			if (!table)
				return broken(vq, "indirect descriptor");
			nested = true;
			i = 0;
			seen = 0;
			continue;
		}
		if (add_segment(vq, c, &d))
			return -1;
		if (!(d.flags & VRING_DESC_F_NEXT))
			return 0;
		i = d.next;
	}
}

/*
 * Asks for a kick at the next chain. The fence pairs with the one between the
 * driver's update of avail->idx and its read of avail_event: one of the two
 * sides sees the other.
 */
static bool still_empty(struct virtq *vq)
{
	if (vq->event_idx)
		ring_write(vq->used + USED_RING + 8 * vq->num, vq->next_avail);
	atomic_thread_fence(memory_order_seq_cst);
	return ring_read(vq->avail + 1) == vq->next_avail;
}

static int pop(struct virtq *vq, struct virtq_chain *c)
{
	u16 pending;

	pending = ring_read(vq->avail + 1) - vq->next_avail;
	if (!pending) {
		if (still_empty(vq))
			return 0;
		pending = ring_read(vq->avail + 1) - vq->next_avail;
	}
	if (pending > vq->num)
		return broken(vq, "available index");
	c->head = ring_read(vq->avail + AVAIL_RING + vq->next_avail % vq->num);
	c->nr_out = 0;
	c->nr_in = 0;
	c->out_len = 0;
	c->in_len = 0;
	c->fault = false;
	if (walk_chain(vq, c))
		return -1;
	vq->next_avail++;
	return 1;
}

static int no_access(struct virtq *vq)
{
	return broken(vq, "access that the SMMU does not allow");
}

int virtq_pop(struct virtq *vq, struct virtq_chain *c)
{
	struct dma_guard guard;
	int ret;

	if (!vq->ready)
		return 0;
	if (vq->broken || !rings_there(vq))
		return -1;
	ret = dma_begin(&guard) ? pop(vq, c) : no_access(vq);
	dma_end(&guard);
	return ret;
}

void virtq_unpop(struct virtq *vq)
{
	vq->next_avail--;
}

/* Neighbours in memory are one piece. */
static void tell_written(struct virtq *vq, const struct virtq_chain *c, u32 len)
{
	const struct iovec *v = c->iov + c->nr_out, *end = v + c->nr_in;
	const char *from = NULL;
	size_t n, have = 0;

	for (; v < end && len; v++, len -= n) {
		n = MIN(v->iov_len, len);
		if (have && from + have != v->iov_base) {
			mem_written(vq->mem, from, have);
			have = 0;
		}
		if (!have)
			from = v->iov_base;
		have += n;
	}
	if (have)
		mem_written(vq->mem, from, have);
}

static void push(struct virtq *vq, const struct vring_used_elem *e)
{
	memcpy(vq->used + USED_RING + 8 * (vq->next_used % vq->num), e, sizeof(*e));
	ring_write(vq->used + USED_IDX, ++vq->next_used);
}

void virtq_push(struct virtq *vq, const struct virtq_chain *c, u32 len)
{
	struct vring_used_elem e = { .id = c->head, .len = len };
	struct dma_guard guard;

	tell_written(vq, c, len);
	if (c->fault)
		no_access(vq);
	if (!vq->ready || vq->broken || !rings_there(vq))
		return;
	if (dma_begin(&guard))
		push(vq, &e);
	else
		no_access(vq);
	dma_end(&guard);
}

static bool wants_irq(struct virtq *vq)
{
	u16 old = vq->signalled;

	/* Pairs with the driver's between enabling interrupts and reading used->idx. */
	atomic_thread_fence(memory_order_seq_cst);
	vq->signalled = vq->next_used;
	if (!vq->event_idx)
		return !(ring_read(vq->avail) & VRING_AVAIL_F_NO_INTERRUPT);
	return vring_need_event(ring_read(vq->avail + AVAIL_RING + vq->num), vq->next_used, old);
}

bool virtq_wants_irq(struct virtq *vq)
{
	struct dma_guard guard;
	int ret;

	if (!vq->ready || vq->broken || vq->next_used == vq->signalled || !rings_there(vq))
		return false;
	ret = dma_begin(&guard) ? wants_irq(vq) : no_access(vq);
	dma_end(&guard);
	return ret > 0;
}

/* Both directions: walks to offset, then copies piece by piece. */
static size_t copy(const struct iovec *iov, unsigned int nr, u64 offset, u8 *buf, size_t len,
		   bool to_iov)
{
	size_t done = 0, part;
	u8 *p;

	for (; nr && done < len; iov++, nr--) {
		if (offset >= iov->iov_len) {
			offset -= iov->iov_len;
			continue;
		}
		p = (u8 *)iov->iov_base + offset;
		part = MIN(iov->iov_len - (size_t)offset, len - done);
		memcpy(to_iov ? p : buf + done, to_iov ? buf + done : p, part);
		done += part;
		offset = 0;
	}
	return done;
}

static size_t iov_copy(const struct iovec *iov, unsigned int nr, u64 offset, u8 *buf, size_t len,
		       bool to_iov)
{
	struct dma_guard guard;
	size_t done;

	done = dma_begin(&guard) ? copy(iov, nr, offset, buf, len, to_iov) : 0;
	dma_end(&guard);
	return done;
}

size_t iov_to_buf(const struct iovec *iov, unsigned int nr, u64 offset, void *buf, size_t len)
{
	return iov_copy(iov, nr, offset, buf, len, false);
}

size_t iov_from_buf(const struct iovec *iov, unsigned int nr, u64 offset,
		    const void *buf, size_t len)
{
	return iov_copy(iov, nr, offset, (u8 *)buf, len, true);
}

static size_t checked(struct virtq_chain *c, u64 all, u64 offset, size_t len, size_t done)
{
	if (offset < all && done < MIN(len, all - offset))
		c->fault = true;
	return done;
}

size_t chain_read(struct virtq_chain *c, u64 offset, void *buf, size_t len)
{
	return checked(c, c->out_len, offset, len, iov_to_buf(c->iov, c->nr_out, offset, buf, len));
}

size_t chain_write(struct virtq_chain *c, u64 offset, const void *buf, size_t len)
{
	return checked(c, c->in_len, offset, len,
		       iov_from_buf(chain_in(c), c->nr_in, offset, buf, len));
}

unsigned int iov_slice(struct iovec *iov, unsigned int nr, u64 offset, u64 len)
{
	unsigned int i, n = 0;
	u64 part;

	for (i = 0; i < nr && len; i++) {
		if (offset >= iov[i].iov_len) {
			offset -= iov[i].iov_len;
			continue;
		}
		part = MIN((u64)iov[i].iov_len - offset, len);
		iov[n++] = (struct iovec) { (u8 *)iov[i].iov_base + offset, part };
		len -= part;
		offset = 0;
	}
	return n;
}
