/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every allocation is entered in a table with the place that made it: what is
 * left at the end is reported, what is freed wrongly aborts.
 */
#ifndef SHIM_LINUX_SLAB_H
#define SHIM_LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/types.h>

#define KMALLOC_MAX_SIZE	(1UL << 22)
#define SLAB_ACCOUNT		4u
#define ZERO_OR_NULL_PTR(p)	((unsigned long)(p) <= 16)

struct kmem_cache;

void *shim_kmalloc(size_t size, gfp_t gfp, const char *site);
void *shim_kvmalloc(size_t size, gfp_t gfp, const char *site);
void kfree(const void *p);
void kvfree(const void *p);

#define kmalloc(n, gfp)		shim_kmalloc(n, gfp, SHIM_SITE)
#define kzalloc(n, gfp)		shim_kmalloc(n, (gfp) | __GFP_ZERO, SHIM_SITE)
#define kmalloc_array(n, s, gfp) shim_kmalloc(size_mul(n, s), gfp, SHIM_SITE)
#define kcalloc(n, s, gfp)	shim_kmalloc(size_mul(n, s), (gfp) | __GFP_ZERO, SHIM_SITE)
#define kvmalloc(n, gfp)	shim_kvmalloc(n, gfp, SHIM_SITE)
#define kvzalloc(n, gfp)	shim_kvmalloc(n, (gfp) | __GFP_ZERO, SHIM_SITE)
#define kvmalloc_array(n, s, gfp) shim_kvmalloc(size_mul(n, s), gfp, SHIM_SITE)
#define kvcalloc(n, s, gfp)	shim_kvmalloc(size_mul(n, s), (gfp) | __GFP_ZERO, SHIM_SITE)

struct kmem_cache *shim_kmem_cache_create(const char *name, unsigned int size,
					  unsigned int align, void (*ctor)(void *),
					  const char *site);
void kmem_cache_destroy(struct kmem_cache *c);
void *shim_kmem_cache_alloc(struct kmem_cache *c, gfp_t gfp, const char *site);
void kmem_cache_free(struct kmem_cache *c, void *p);

#define KMEM_CACHE(s, flags) \
	shim_kmem_cache_create(#s, sizeof(struct s), __alignof__(struct s), NULL, SHIM_SITE)
#define kmem_cache_alloc(c, gfp) shim_kmem_cache_alloc(c, gfp, SHIM_SITE)
#define kmem_cache_alloc_lru(c, lru, gfp) ((void)(lru), kmem_cache_alloc(c, gfp))

#endif
