/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_DELAY_H
#define SHIM_LINUX_DELAY_H

#include <linux/types.h>

void shim_delay_ns(u64 ns);

#define msleep(n)		shim_delay_ns((n) * 1000000ULL)

#endif
