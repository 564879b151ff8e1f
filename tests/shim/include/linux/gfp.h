/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_GFP_H
#define SHIM_LINUX_GFP_H

#include <asm/page.h>
#include <linux/gfp_types.h>
#include <linux/topology.h>

/* Pages come from a shared file, so that sys_mmap() can map them again. */
struct page *shim_alloc_pages(gfp_t gfp, unsigned int order, const char *site);
void __free_pages(struct page *page, unsigned int order);

#define alloc_pages(gfp, order)		shim_alloc_pages(gfp, order, SHIM_SITE)
#define alloc_page(gfp)			shim_alloc_pages(gfp, 0, SHIM_SITE)
#define alloc_pages_node(n, gfp, order)	shim_alloc_pages(gfp, order, SHIM_SITE)
#define __get_free_pages(gfp, order) \
	((unsigned long)shim_alloc_pages(gfp, order, SHIM_SITE))
#define __get_free_page(gfp)		__get_free_pages(gfp, 0)
#define get_zeroed_page(gfp)		__get_free_pages((gfp) | __GFP_ZERO, 0)
#define __free_page(p)			__free_pages(p, 0)
#define free_page(a)			__free_pages((struct page *)(a), 0)
#define free_pages(a, order)		__free_pages((struct page *)(a), order)
#define alloc_pages_exact(size, gfp)	((void *)__get_free_pages(gfp, get_order(size)))
#define free_pages_exact(p, size)	__free_pages((struct page *)(p), get_order(size))
#define get_order(size) \
	((size) <= PAGE_SIZE ? 0 : 64 - __builtin_clzl(((size) - 1) >> PAGE_SHIFT))

#endif
