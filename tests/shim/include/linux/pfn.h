/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_PFN_H
#define SHIM_LINUX_PFN_H

#define PFN_UP(p)	(((p) + PAGE_SIZE - 1) >> PAGE_SHIFT)

#endif
