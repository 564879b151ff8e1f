/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Blocks by hash, in as many buckets as there are blocks: linear hashing. With
 * each block that is added one more bucket comes into use, and takes over what is
 * its own of the bucket that it splits; the room for them doubles when it is full.
 * So no insertion has much to do, and a VM that hardly begins takes little.
 */
#ifndef VMXL_BHASH_H
#define VMXL_BHASH_H

#include <linux/list.h>
#include <linux/log2.h>
#include <linux/types.h>

#define VMXL_BHASH_MIN_BITS	10
#define VMXL_BHASH_MAX_BITS	22

/**
 * struct vmxl_bhash - the buckets
 * @nr: in use
 * @max: that there is room for
 * @seg: room: 1 << VMXL_BHASH_MIN_BITS buckets, and then each time as many as
 *	there were before
 */
struct vmxl_bhash {
	unsigned int nr;
	unsigned int max;
	struct hlist_head *seg[VMXL_BHASH_MAX_BITS - VMXL_BHASH_MIN_BITS + 1];
};

/* Where what hashes to @hash is when there are @nr buckets */
static inline unsigned int vmxl_bhash_index(u32 hash, unsigned int nr)
{
	unsigned int mask = roundup_pow_of_two(nr) - 1, i = hash & mask;

	return i < nr ? i : i & (mask >> 1);
}

static inline struct hlist_head *vmxl_bhash_bucket(const struct vmxl_bhash *h, unsigned int i)
{
	unsigned int bits = i >> VMXL_BHASH_MIN_BITS ? ilog2(i) : 0;

	return bits ? &h->seg[bits - VMXL_BHASH_MIN_BITS + 1][i - (1u << bits)] : &h->seg[0][i];
}

/**
 * vmxl_bhash_head() - the bucket of a hash
 * @h: the buckets
 * @hash: all of its bits are used
 *
 * A reader without the writers' lock may follow a node into another bucket, or
 * be just too late in the one that it left. It comes to an end, and may miss it.
 */
static inline struct hlist_head *vmxl_bhash_head(const struct vmxl_bhash *h, u32 hash)
{
	/* Pairs with vmxl_bhash_split(). */
	return vmxl_bhash_bucket(h, vmxl_bhash_index(hash, smp_load_acquire(&h->nr)));
}

bool vmxl_bhash_init(struct vmxl_bhash *h);
void vmxl_bhash_free(struct vmxl_bhash *h);
struct hlist_head *vmxl_bhash_room(const struct vmxl_bhash *h);
struct hlist_head *vmxl_bhash_add_room(struct vmxl_bhash *h, struct hlist_head *room);
void vmxl_bhash_split(struct vmxl_bhash *h, u32 (*hash)(const struct hlist_node *n));

#endif
