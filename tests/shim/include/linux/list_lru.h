/* SPDX-License-Identifier: GPL-2.0 */
/* One node, no control groups. */
#ifndef SHIM_LINUX_LIST_LRU_H
#define SHIM_LINUX_LIST_LRU_H

#include <linux/list.h>
#include <linux/shrinker.h>
#include <linux/spinlock.h>

enum lru_status {
	LRU_REMOVED,
	LRU_REMOVED_RETRY,
	LRU_ROTATE,
	LRU_SKIP,
	LRU_RETRY,
	LRU_STOP,
};

struct list_lru {
	spinlock_t lock;
	struct list_head list;
	unsigned long nr;
};

struct list_lru_one;

typedef enum lru_status (*list_lru_walk_cb)(struct list_head *item, struct list_lru_one *list,
					    void *arg);

int list_lru_init_memcg(struct list_lru *lru, struct shrinker *shrinker);
void list_lru_destroy(struct list_lru *lru);
bool list_lru_add_obj(struct list_lru *lru, struct list_head *item);
bool list_lru_del_obj(struct list_lru *lru, struct list_head *item);
unsigned long list_lru_shrink_count(struct list_lru *lru, struct shrink_control *sc);
/* Answers LRU_ROTATE, LRU_SKIP and LRU_STOP only. */
unsigned long list_lru_walk_one(struct list_lru *lru, int nid, struct mem_cgroup *memcg,
				list_lru_walk_cb isolate, void *arg, unsigned long *nr);

#endif
