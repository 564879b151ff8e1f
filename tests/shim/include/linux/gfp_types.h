/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_GFP_TYPES_H
#define SHIM_LINUX_GFP_TYPES_H

#define __GFP_ZERO		0x001u
#define __GFP_NOWARN		0x002u
#define __GFP_NOFAIL		0x004u
#define __GFP_ACCOUNT		0x008u
#define __GFP_DIRECT_RECLAIM	0x010u	/* may sleep */
#define __GFP_FS		0x200u
#define GFP_KERNEL		(__GFP_DIRECT_RECLAIM | __GFP_FS)
#define GFP_NOFS		__GFP_DIRECT_RECLAIM
#define GFP_KERNEL_ACCOUNT	(GFP_KERNEL | __GFP_ACCOUNT)

#endif
