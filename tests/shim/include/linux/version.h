/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel whose interfaces the shim has. */
#ifndef SHIM_LINUX_VERSION_H
#define SHIM_LINUX_VERSION_H

#define KERNEL_VERSION(a, b, c)	(((a) << 16) + ((b) << 8) + (c))
#define LINUX_VERSION_CODE	KERNEL_VERSION(6, 17, 0)
#define UTS_RELEASE		"6.17.0-shim"

#endif
