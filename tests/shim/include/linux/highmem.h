/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_HIGHMEM_H
#define SHIM_LINUX_HIGHMEM_H

#include <linux/mm.h>
#include <linux/uaccess.h>

#define kmap_local_page(p)	page_address(p)
#define kunmap_local(a)		((void)(a))
#define kmap(p)			page_address(p)
#define kunmap(p)		((void)(p))
#define kmap_atomic(p)		page_address(p)
#define kunmap_atomic(a)	((void)(a))
#define clear_highpage(p)	clear_page(page_address(p))
#define flush_dcache_page(p)	((void)(p))

#endif
