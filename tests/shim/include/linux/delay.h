/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_DELAY_H
#define SHIM_LINUX_DELAY_H

#include <linux/types.h>

void shim_delay_ns(u64 ns);
unsigned long msleep_interruptible(unsigned int ms);

#define ndelay(n)		shim_delay_ns(n)
#define udelay(n)		shim_delay_ns((n) * 1000ULL)
#define mdelay(n)		shim_delay_ns((n) * 1000000ULL)
#define msleep(n)		shim_delay_ns((n) * 1000000ULL)
#define ssleep(n)		shim_delay_ns((n) * 1000000000ULL)
#define usleep_range(a, b)	shim_delay_ns((a) * 1000ULL)
#define fsleep(n)		shim_delay_ns((n) * 1000ULL)

#endif
