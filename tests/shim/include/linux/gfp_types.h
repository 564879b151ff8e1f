/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_GFP_TYPES_H
#define SHIM_LINUX_GFP_TYPES_H

#define __GFP_ZERO		0x001u
#define __GFP_NOWARN		0x002u
#define __GFP_NOFAIL		0x004u
#define __GFP_ACCOUNT		0x008u
#define __GFP_DIRECT_RECLAIM	0x010u	/* may sleep */
#define __GFP_HIGH		0x020u
#define __GFP_NORETRY		0x040u
#define __GFP_RETRY_MAYFAIL	0x080u
#define __GFP_COMP		0x100u
#define __GFP_HIGHMEM		0
#define __GFP_IO		0
#define __GFP_FS		0x200u
#define __GFP_RECLAIM		__GFP_DIRECT_RECLAIM
#define __GFP_KSWAPD_RECLAIM	0
#define __GFP_NOMEMALLOC	0
#define __GFP_MOVABLE		0
#define GFP_KERNEL		(__GFP_DIRECT_RECLAIM | __GFP_FS)
#define GFP_NOFS		__GFP_DIRECT_RECLAIM
#define GFP_KERNEL_ACCOUNT	(GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_USER		GFP_KERNEL
#define GFP_HIGHUSER		GFP_KERNEL
#define GFP_ATOMIC		__GFP_HIGH
#define GFP_NOWAIT		0

#endif
