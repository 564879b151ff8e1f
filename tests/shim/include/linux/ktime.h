/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_KTIME_H
#define SHIM_LINUX_KTIME_H

#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/time64.h>
#include <linux/types.h>

#define KTIME_MAX	((s64)~(1ULL << 63))

u64 ktime_get_ns(void);

#define ktime_get()		((ktime_t)ktime_get_ns())
#define ns_to_ktime(ns)		((ktime_t)(ns))
#define ktime_add_ns(a, ns)	((ktime_t)((a) + (ns)))

static inline ktime_t ktime_add_safe(ktime_t a, ktime_t b)
{
	ktime_t r;

	return __builtin_add_overflow(a, b, &r) || r < 0 ? KTIME_MAX : r;
}

#endif
