/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SHRINKER_H
#define SHIM_LINUX_SHRINKER_H

#include <linux/bits.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/types.h>

struct mem_cgroup;

struct shrink_control {
	gfp_t gfp_mask;
	int nid;
	unsigned long nr_to_scan, nr_scanned;
	struct mem_cgroup *memcg;
};

#define SHRINK_STOP		(~0UL)
#define SHRINK_EMPTY		(~0UL - 1)
#define DEFAULT_SEEKS		2
#define SHRINKER_NUMA_AWARE	BIT(2)
#define SHRINKER_MEMCG_AWARE	BIT(3)

struct shrinker {
	unsigned long (*count_objects)(struct shrinker *s, struct shrink_control *sc);
	unsigned long (*scan_objects)(struct shrinker *s, struct shrink_control *sc);
	long batch;
	int seeks;
	unsigned int flags;
	struct list_head list;
};

struct shrinker *shim_shrinker_alloc(unsigned int flags, const char *site);
#define shrinker_alloc(flags, fmt...) shim_shrinker_alloc(flags, SHIM_SITE)
void shrinker_register(struct shrinker *s);
void shrinker_free(struct shrinker *s);

#endif
