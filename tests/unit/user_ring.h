/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver's side of a virtqueue, for tests: rings at fixed addresses of a
 * small guest memory.
 */
#ifndef VMXL_TEST_USER_RING_H
#define VMXL_TEST_USER_RING_H

#include <linux/virtio_ring.h>
#include <string.h>

#include "mem.h"

#define RAM_BASE	0x80000000ULL
#define RAM_SIZE	(4 * SZ_1M)
#define RING_NUM	16

/* Queue q has its rings in page q. */
#define RING_PAGE(q)	(RAM_BASE + 0x4000ULL * (q))
#define RING_DESC(q)	RING_PAGE(q)
#define RING_AVAIL(q)	(RING_PAGE(q) + 0x1000)
#define RING_USED(q)	(RING_PAGE(q) + 0x2000)
#define RING_TABLE(q)	(RING_PAGE(q) + 0x3000)	/* for indirect descriptors */
#define DATA		(RAM_BASE + SZ_1M)

static inline void ring_desc_at(struct guest_mem *mem, u64 table, unsigned int i, u64 addr,
				u32 len, u16 flags, u16 next)
{
	struct vring_desc d = { .addr = addr, .len = len, .flags = flags, .next = next };

	memcpy(mem_at(mem, table + i * sizeof(d), sizeof(d)), &d, sizeof(d));
}

static inline void ring_desc(struct guest_mem *mem, unsigned int q, unsigned int i, u64 addr,
			     u32 len, u16 flags, u16 next)
{
	ring_desc_at(mem, RING_DESC(q), i, addr, len, flags, next);
}

static inline u16 *ring_avail(struct guest_mem *mem, unsigned int q)
{
	return mem_at(mem, RING_AVAIL(q), 64);
}

static inline u16 ring_used_idx(struct guest_mem *mem, unsigned int q)
{
	u16 *used = mem_at(mem, RING_USED(q), 64);

	return __atomic_load_n(&used[1], __ATOMIC_ACQUIRE);
}

static inline struct vring_used_elem ring_used(struct guest_mem *mem, unsigned int q, u16 i)
{
	struct vring_used_elem e;

	memcpy(&e, mem_at(mem, RING_USED(q) + 4 + 8 * (i % RING_NUM), 8), sizeof(e));
	return e;
}

static inline void ring_offer(struct guest_mem *mem, unsigned int q, u16 head)
{
	u16 *avail = ring_avail(mem, q);

	avail[2 + avail[1] % RING_NUM] = head;
	__atomic_store_n(&avail[1], avail[1] + 1, __ATOMIC_RELEASE);
}

#endif
