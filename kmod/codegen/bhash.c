// SPDX-License-Identifier: GPL-2.0
/* Blocks by hash: see bhash.h. In: nodes. Out: buckets. Writers hold a lock. */
#include <linux/compiler.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include "bhash.h"

/**
 * vmxl_bhash_init() - no blocks
 * @h: zeroed
 *
 * Return: false: without memory.
 */
bool vmxl_bhash_init(struct vmxl_bhash *h)
{
	h->nr = 1;
	h->max = 1u << VMXL_BHASH_MIN_BITS;
	h->seg[0] = kvcalloc(h->max, sizeof(*h->seg[0]), GFP_KERNEL_ACCOUNT);
	return h->seg[0];
}

/**
 * vmxl_bhash_free() - the buckets go
 * @h: nobody looks any more
 */
void vmxl_bhash_free(struct vmxl_bhash *h)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(h->seg); i++)
		kvfree(h->seg[i]);
}

/**
 * vmxl_bhash_room() - memory for more buckets
 * @h: the buckets
 *
 * Context: without the writers' lock, may sleep.
 * Return: NULL: they are not all in use, or there is none; else for vmxl_bhash_add_room().
 */
struct hlist_head *vmxl_bhash_room(const struct vmxl_bhash *h)
{
	unsigned int max = READ_ONCE(h->max);

	if (likely(READ_ONCE(h->nr) < max) || max >> VMXL_BHASH_MAX_BITS)
		return NULL;
	return kvcalloc(max, sizeof(struct hlist_head), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
}

/**
 * vmxl_bhash_add_room() - more buckets
 * @h: the buckets
 * @room: from vmxl_bhash_room(), or NULL
 *
 * Context: with the writers' lock.
 * Return: @room if somebody else was faster; it is the caller's to free.
 */
struct hlist_head *vmxl_bhash_add_room(struct vmxl_bhash *h, struct hlist_head *room)
{
	if (!room || h->nr < h->max)
		return room;
	h->seg[ilog2(h->max) - VMXL_BHASH_MIN_BITS + 1] = room;
	WRITE_ONCE(h->max, 2 * h->max);
	return NULL;
}

/* As hlist_del_rcu() and hlist_add_head_rcu(), but that a reader may be at @n */
static void move(struct hlist_node *n, struct hlist_head *to)
{
	struct hlist_node *first = to->first;

	hlist_del_rcu(n);
	WRITE_ONCE(n->next, first);
	WRITE_ONCE(n->pprev, &to->first);
	if (first)
		WRITE_ONCE(first->pprev, &n->next);
	/* Whoever gets to @n from there goes on in @to. */
	smp_store_release(&to->first, n);
}

/**
 * vmxl_bhash_split() - one more bucket
 * @h: the buckets; none if all are in use
 * @hash: of a node
 *
 * Context: with the writers' lock; readers may be about.
 */
void vmxl_bhash_split(struct vmxl_bhash *h, u32 (*hash)(const struct hlist_node *n))
{
	unsigned int nr = h->nr + 1;
	struct hlist_node *n, *tmp;
	struct hlist_head *to;

	if (nr > h->max)
		return;
	to = vmxl_bhash_bucket(h, nr - 1);
	/* Bucket nr - 1 takes from the one without its highest bit. */
	n = vmxl_bhash_bucket(h, nr - 1 - rounddown_pow_of_two(nr - 1))->first;
	for (; n; n = tmp) {
		tmp = n->next;
		if (vmxl_bhash_index(hash(n), nr) == nr - 1)
			move(n, to);
	}
	/* Who sees the number sees the bucket, and the room it is in. */
	smp_store_release(&h->nr, nr);
}
