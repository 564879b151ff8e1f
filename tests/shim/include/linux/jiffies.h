/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_JIFFIES_H
#define SHIM_LINUX_JIFFIES_H

#include <linux/types.h>

#define HZ	1000

unsigned long shim_jiffies(void);
#define jiffies			shim_jiffies()
#define msecs_to_jiffies(ms)	((unsigned long)(ms))
#define usecs_to_jiffies(us)	(((us) + 999UL) / 1000)
#define nsecs_to_jiffies(ns)	((unsigned long)((ns) / 1000000))
#define jiffies_to_msecs(j)	((unsigned int)(j))
#define jiffies_to_nsecs(j)	((u64)(j) * 1000000)
#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)
#define time_after_eq(a, b)	((long)((a) - (b)) >= 0)
#define time_before_eq(a, b)	time_after_eq(b, a)

#endif
