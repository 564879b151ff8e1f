/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_JIFFIES_H
#define SHIM_LINUX_JIFFIES_H

#include <linux/types.h>

#define HZ	1000

unsigned long shim_jiffies(void);
#define jiffies			shim_jiffies()
#define msecs_to_jiffies(ms)	((unsigned long)(ms))
#define jiffies_to_nsecs(j)	((u64)(j) * 1000000)
#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)

#endif
