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

#define ARCH_KMALLOC_MINALIGN	8
#define KMALLOC_MAX_SIZE	(1UL << 22)
#define SLAB_HWCACHE_ALIGN	1u
#define SLAB_PANIC		2u
#define SLAB_ACCOUNT		4u
#define SLAB_TYPESAFE_BY_RCU	8u
#define ZERO_SIZE_PTR		((void *)16)
#define ZERO_OR_NULL_PTR(p)	((unsigned long)(p) <= 16)

struct kmem_cache;

void *shim_kmalloc(size_t size, gfp_t gfp, const char *site);
void *shim_kvmalloc(size_t size, gfp_t gfp, const char *site);
void *shim_krealloc(const void *p, size_t size, gfp_t gfp, const char *site);
void kfree(const void *p);
void kvfree(const void *p);
void kfree_sensitive(const void *p);
size_t ksize(const void *p);

#define kmalloc(n, gfp)		shim_kmalloc(n, gfp, SHIM_SITE)
#define kzalloc(n, gfp)		shim_kmalloc(n, (gfp) | __GFP_ZERO, SHIM_SITE)
#define kmalloc_array(n, s, gfp) shim_kmalloc(size_mul(n, s), gfp, SHIM_SITE)
#define kcalloc(n, s, gfp)	shim_kmalloc(size_mul(n, s), (gfp) | __GFP_ZERO, SHIM_SITE)
#define kmalloc_node(n, gfp, node) kmalloc(n, gfp)
#define kzalloc_node(n, gfp, node) kzalloc(n, gfp)
#define krealloc(p, n, gfp)	shim_krealloc(p, n, gfp, SHIM_SITE)
#define krealloc_array(p, n, s, gfp) shim_krealloc(p, size_mul(n, s), gfp, SHIM_SITE)
#define kvmalloc(n, gfp)	shim_kvmalloc(n, gfp, SHIM_SITE)
#define kvzalloc(n, gfp)	shim_kvmalloc(n, (gfp) | __GFP_ZERO, SHIM_SITE)
#define kvmalloc_array(n, s, gfp) shim_kvmalloc(size_mul(n, s), gfp, SHIM_SITE)
#define kvcalloc(n, s, gfp)	shim_kvmalloc(size_mul(n, s), (gfp) | __GFP_ZERO, SHIM_SITE)
#define kvmalloc_node(n, gfp, node) kvmalloc(n, gfp)
#define kvzalloc_node(n, gfp, node) kvzalloc(n, gfp)
#define kfree_const(p)		kfree(p)

struct kmem_cache *shim_kmem_cache_create(const char *name, unsigned int size,
					  unsigned int align, void (*ctor)(void *),
					  const char *site);
void kmem_cache_destroy(struct kmem_cache *c);
void *shim_kmem_cache_alloc(struct kmem_cache *c, gfp_t gfp, const char *site);
void kmem_cache_free(struct kmem_cache *c, void *p);

#define kmem_cache_create(name, size, align, flags, ctor) \
	shim_kmem_cache_create(name, size, align, ctor, SHIM_SITE)
#define KMEM_CACHE(s, flags) \
	shim_kmem_cache_create(#s, sizeof(struct s), __alignof__(struct s), NULL, SHIM_SITE)
#define kmem_cache_alloc(c, gfp) shim_kmem_cache_alloc(c, gfp, SHIM_SITE)
#define kmem_cache_zalloc(c, gfp) shim_kmem_cache_alloc(c, (gfp) | __GFP_ZERO, SHIM_SITE)
#define kmem_cache_alloc_lru(c, lru, gfp) ((void)(lru), kmem_cache_alloc(c, gfp))
#define kmem_cache_alloc_node(c, gfp, node) kmem_cache_alloc(c, gfp)

char *shim_kasprintf(gfp_t gfp, const char *site, const char *fmt, ...) __printf(3, 4);
#define kasprintf(gfp, fmt...)	shim_kasprintf(gfp, SHIM_SITE, fmt)

#endif
