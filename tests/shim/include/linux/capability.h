/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_CAPABILITY_H
#define SHIM_LINUX_CAPABILITY_H

#include_next <linux/capability.h>
#include <linux/types.h>

extern bool shim_capable;	/* tests change it; nothing is locked for real */
#define capable(cap)	((void)(cap), READ_ONCE(shim_capable))

#endif
