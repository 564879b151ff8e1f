// SPDX-License-Identifier: GPL-2.0
/*
 * Memory pressure: shrinkers, which tests call (shim_shrink()), and the lists
 * that their objects are in.
 */
#include <linux/list_lru.h>
#include <linux/mutex.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include "internal.h"

#define BATCH	128		/* as SHRINK_BATCH */

static DEFINE_MUTEX(lock);
static LIST_HEAD(shrinkers);

struct shrinker *shim_shrinker_alloc(unsigned int flags, const char *site)
{
	struct shrinker *s = shim_kmalloc(sizeof(*s), GFP_KERNEL | __GFP_ZERO, site);

	if (!s)
		return NULL;
	s->seeks = DEFAULT_SEEKS;
	s->flags = flags;
	INIT_LIST_HEAD(&s->list);
	return s;
}

void shrinker_register(struct shrinker *s)
{
	mutex_lock(&lock);
	list_add(&s->list, &shrinkers);
	mutex_unlock(&lock);
}

void shrinker_free(struct shrinker *s)
{
	mutex_lock(&lock);
	list_del(&s->list);
	mutex_unlock(&lock);
	kfree(s);
}

static unsigned long shrink(struct shrinker *s, struct shrink_control *sc, unsigned long nr)
{
	unsigned long freed = 0, ret, left;

	ret = s->count_objects(s, sc);
	if (ret == SHRINK_EMPTY)
		return 0;
	for (left = min(nr, 2 * ret); left; left -= min(left, sc->nr_scanned)) {
		sc->nr_to_scan = min(left, (unsigned long)BATCH);
		sc->nr_scanned = sc->nr_to_scan;
		ret = s->scan_objects(s, sc);
		if (ret == SHRINK_STOP || WARN_ON(!sc->nr_scanned))
			break;
		freed += ret;
	}
	return freed;
}

unsigned long shim_shrink(gfp_t gfp, unsigned long nr)
{
	struct shrink_control sc = { .gfp_mask = gfp };
	unsigned long freed = 0;
	struct shrinker *s;

	mutex_lock(&lock);
	list_for_each_entry(s, &shrinkers, list)
		freed += shrink(s, &sc, nr);
	mutex_unlock(&lock);
	return freed;
}

unsigned long shim_shrink_count(void)
{
	struct shrink_control sc = { .gfp_mask = GFP_KERNEL };
	unsigned long n = 0, ret;
	struct shrinker *s;

	mutex_lock(&lock);
	list_for_each_entry(s, &shrinkers, list) {
		ret = s->count_objects(s, &sc);
		n += ret == SHRINK_EMPTY ? 0 : ret;
	}
	mutex_unlock(&lock);
	return n;
}

int list_lru_init_memcg(struct list_lru *lru, struct shrinker *shrinker)
{
	if (shim_should_fail(GFP_KERNEL, SHIM_SITE))
		return -ENOMEM;
	spin_lock_init(&lru->lock);
	INIT_LIST_HEAD(&lru->list);
	lru->nr = 0;
	return 0;
}

void list_lru_destroy(struct list_lru *lru)
{
	WARN_ON(lru->nr);
}

bool list_lru_add_obj(struct list_lru *lru, struct list_head *item)
{
	bool ret;

	spin_lock(&lru->lock);
	ret = list_empty(item);
	if (ret) {
		list_add_tail(item, &lru->list);
		lru->nr++;
	}
	spin_unlock(&lru->lock);
	return ret;
}

bool list_lru_del_obj(struct list_lru *lru, struct list_head *item)
{
	bool ret;

	spin_lock(&lru->lock);
	ret = !list_empty(item);
	if (ret) {
		list_del_init(item);
		lru->nr--;
	}
	spin_unlock(&lru->lock);
	return ret;
}

unsigned long list_lru_shrink_count(struct list_lru *lru, struct shrink_control *sc)
{
	return READ_ONCE(lru->nr);
}

unsigned long list_lru_walk_one(struct list_lru *lru, int nid, struct mem_cgroup *memcg,
				list_lru_walk_cb isolate, void *arg, unsigned long *nr)
{
	struct list_head *item, *next;
	enum lru_status ret;

	spin_lock(&lru->lock);
	list_for_each_safe(item, next, &lru->list) {
		if (!*nr)
			break;
		--*nr;
		ret = isolate(item, NULL, arg);
		if (ret == LRU_ROTATE)
			list_move_tail(item, &lru->list);
		else if (ret == LRU_STOP)
			break;
	}
	spin_unlock(&lru->lock);
	return 0;
}
