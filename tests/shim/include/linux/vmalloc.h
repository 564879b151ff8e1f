/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_VMALLOC_H
#define SHIM_LINUX_VMALLOC_H

#include <linux/gfp.h>
#include <linux/overflow.h>

struct vm_area_struct;

void *shim_vmalloc(size_t size, gfp_t gfp, const char *site);
void *shim_vmalloc_user(size_t size, const char *site);
void vfree(const void *p);
bool is_vmalloc_addr(const void *p);
int remap_vmalloc_range(struct vm_area_struct *vma, void *addr, unsigned long pgoff);
#define vmalloc_to_page(p)	virt_to_page(p)
#define vmalloc_to_pfn(p)	page_to_pfn(virt_to_page(p))

#define vmalloc(n)		shim_vmalloc(n, GFP_KERNEL, SHIM_SITE)
#define vzalloc(n)		shim_vmalloc(n, GFP_KERNEL | __GFP_ZERO, SHIM_SITE)
#define __vmalloc(n, gfp)	shim_vmalloc(n, gfp, SHIM_SITE)
#define vmalloc_array(n, s)	shim_vmalloc(size_mul(n, s), GFP_KERNEL, SHIM_SITE)
#define vcalloc(n, s)		shim_vmalloc(size_mul(n, s), GFP_KERNEL | __GFP_ZERO, SHIM_SITE)
#define __vcalloc(n, s, gfp)	shim_vmalloc(size_mul(n, s), (gfp) | __GFP_ZERO, SHIM_SITE)
#define vmalloc_user(n)		shim_vmalloc_user(n, SHIM_SITE)

#endif
