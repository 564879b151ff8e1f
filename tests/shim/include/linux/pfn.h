/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_PFN_H
#define SHIM_LINUX_PFN_H

#define PFN_PHYS(n)	((phys_addr_t)(n) << PAGE_SHIFT)
#define PHYS_PFN(p)	((unsigned long)((p) >> PAGE_SHIFT))
#define PFN_UP(p)	(((p) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(p)	((p) >> PAGE_SHIFT)

#endif
