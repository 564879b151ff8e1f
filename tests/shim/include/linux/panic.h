/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_PANIC_H
#define SHIM_LINUX_PANIC_H

#include <linux/bug.h>

#define panic(fmt...)	shim_bug(SHIM_SITE, fmt)

#endif
