// SPDX-License-Identifier: GPL-2.0
/* Blocks by hash: buckets that come into use one by one, while others look. */
#include <pthread.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "../../kmod/codegen/bhash.h"
#include <shim/tap.h>

#define NR	50000

static struct node {
	struct hlist_node node;
	u32 hash;
} *nodes;

static struct vmxl_bhash h;
static unsigned int added;
static bool begun, stop;

static u32 hash_of(const struct hlist_node *n)
{
	return hlist_entry(n, struct node, node)->hash;
}

static bool find(const struct node *want, unsigned int *steps)
{
	struct node *n;

	hlist_for_each_entry_rcu(n, vmxl_bhash_head(&h, want->hash), node, true) {
		++*steps;
		if (n == want)
			return true;
	}
	return false;
}

static void add(unsigned int i)
{
	struct hlist_head *room = vmxl_bhash_room(&h);

	nodes[i].hash = i * 0x9e3779b1u;
	kvfree(vmxl_bhash_add_room(&h, room));
	if (i >= h.nr)
		vmxl_bhash_split(&h, hash_of);
	hlist_add_head_rcu(&nodes[i].node, vmxl_bhash_head(&h, nodes[i].hash));
	smp_store_release(&added, i + 1);
}

/* What is there is found, but for what just moves. */
static void *look(void *arg)
{
	unsigned long *found = arg;
	unsigned int steps = 0, i = 0, n;

	WRITE_ONCE(begun, true);
	while (!READ_ONCE(stop)) {
		n = smp_load_acquire(&added);
		if (n)
			*found += find(&nodes[i++ % n], &steps);
	}
	return NULL;
}

static void test_index(void)
{
	unsigned int nr, bad = 0;
	u32 hash;

	for (nr = 1; nr < 70; nr++)
		for (hash = 0; hash < 300; hash++) {
			unsigned int i = vmxl_bhash_index(hash, nr);

			bad += i >= nr;
			/* One more bucket: it stays, or goes into the new one. */
			bad += vmxl_bhash_index(hash, nr + 1) != i &&
			       vmxl_bhash_index(hash, nr + 1) != nr;
		}
	ok_eq(bad, 0, "hashes are in buckets, and move into the newest only");
}

static void test_growth(void)
{
	unsigned int i, steps = 0, missing = 0;
	unsigned long found = 0;
	pthread_t t;

	ok(vmxl_bhash_init(&h) && !vmxl_bhash_room(&h), "empty, with room");
	pthread_create(&t, NULL, look, &found);
	while (!READ_ONCE(begun))
		sched_yield();
	for (i = 0; i < NR; i++)
		add(i);
	WRITE_ONCE(stop, true);
	pthread_join(t, NULL);
	ok(h.nr > NR - 2 && h.max == 65536, "as many buckets as nodes: %u", h.nr);
	for (i = 0; i < NR; i++)
		missing += !find(&nodes[i], &steps);
	ok_eq(missing, 0, "all are found");
	ok(steps < 2 * NR, "within %u.%02u steps", steps / NR, steps % NR * 100 / NR);
	ok(true, "a reader that looked at the same time found %lu and came to an end", found);
}

static void test_room(void)
{
	struct hlist_head *a, *b;

	for (; h.nr < h.max;)
		vmxl_bhash_split(&h, hash_of);
	vmxl_bhash_split(&h, hash_of);
	ok(h.nr == h.max, "no more buckets than there is room for");
	a = vmxl_bhash_room(&h);
	b = vmxl_bhash_room(&h);
	ok(a && b && !vmxl_bhash_add_room(&h, a), "room is made");
	ok(vmxl_bhash_add_room(&h, b) == b && h.max == 131072, "once");
	kvfree(b);
	vmxl_bhash_free(&h);
}

int main(void)
{
	nodes = kvcalloc(NR, sizeof(*nodes), GFP_KERNEL);
	test_index();
	test_growth();
	test_room();
	kvfree(nodes);
	return tap_done();
}
