/* SPDX-License-Identifier: GPL-2.0 */
/* A page is its own descriptor: struct page * is the page's address. */
#ifndef SHIM_ASM_PAGE_H
#define SHIM_ASM_PAGE_H

#include <linux/types.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))
#define PAGE_ALIGN(x)	(((x) + PAGE_SIZE - 1) & PAGE_MASK)
#define PAGE_ALIGNED(x)	(((unsigned long)(x) & ~PAGE_MASK) == 0)
#define offset_in_page(p) ((unsigned long)(p) & ~PAGE_MASK)
#define PMD_SHIFT	21
#define PMD_SIZE	(1UL << PMD_SHIFT)
#define PMD_MASK	(~(PMD_SIZE - 1))
#define HPAGE_PMD_SIZE	PMD_SIZE

struct page {
	unsigned char shim_data[4096];
};

#define virt_to_page(p)	((struct page *)((unsigned long)(p) & PAGE_MASK))
#define page_address(p)	((void *)(p))
#define page_to_virt(p)	((void *)(p))
#define page_to_pfn(p)	((unsigned long)(p) >> PAGE_SHIFT)
#define pfn_to_page(n)	((struct page *)((unsigned long)(n) << PAGE_SHIFT))
#define pfn_valid(n)	((void)(n), 1)
#define virt_to_phys(p)	((phys_addr_t)(unsigned long)(p))
#define phys_to_virt(p)	((void *)(unsigned long)(p))
#define __pa(p)		((unsigned long)(p))
#define __va(p)		((void *)(unsigned long)(p))
#define page_to_phys(p)	((phys_addr_t)(unsigned long)(p))
#define virt_addr_valid(p) ((p) != NULL)
#define clear_page(p)	memset(p, 0, PAGE_SIZE)
#define copy_page(d, s)	memcpy(d, s, PAGE_SIZE)

#endif
