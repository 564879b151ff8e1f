/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_KTIME_H
#define SHIM_LINUX_KTIME_H

#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/time64.h>
#include <linux/types.h>

#define KTIME_MAX	((s64)~(1ULL << 63))
#define KTIME_SEC_MAX	(KTIME_MAX / NSEC_PER_SEC)

u64 ktime_get_ns(void);
u64 ktime_get_real_ns(void);
u64 ktime_get_boottime_ns(void);

#define ktime_get()		((ktime_t)ktime_get_ns())
#define ktime_get_raw_ns()	ktime_get_ns()
#define ktime_get_mono_fast_ns() ktime_get_ns()
#define ktime_get_boottime()	((ktime_t)ktime_get_boottime_ns())
#define ktime_get_real()	((ktime_t)ktime_get_real_ns())
#define ktime_get_real_seconds() ((time64_t)(ktime_get_real_ns() / NSEC_PER_SEC))
#define ktime_get_seconds()	((time64_t)(ktime_get_ns() / NSEC_PER_SEC))
#define ktime_set(s, ns)	((ktime_t)((s) * NSEC_PER_SEC + (ns)))
#define ns_to_ktime(ns)		((ktime_t)(ns))
#define us_to_ktime(us)		((ktime_t)(us) * NSEC_PER_USEC)
#define ms_to_ktime(ms)		((ktime_t)(ms) * NSEC_PER_MSEC)
#define ktime_to_ns(t)		((s64)(t))
#define ktime_to_us(t)		((s64)(t) / NSEC_PER_USEC)
#define ktime_to_ms(t)		((s64)(t) / NSEC_PER_MSEC)
#define ktime_add(a, b)		((ktime_t)((a) + (b)))
#define ktime_sub(a, b)		((ktime_t)((a) - (b)))
#define ktime_add_ns(a, ns)	((ktime_t)((a) + (ns)))
#define ktime_sub_ns(a, ns)	((ktime_t)((a) - (ns)))
#define ktime_add_us(a, us)	((ktime_t)((a) + (us) * NSEC_PER_USEC))
#define ktime_add_ms(a, ms)	((ktime_t)((a) + (ms) * NSEC_PER_MSEC))
#define ktime_compare(a, b)	((a) < (b) ? -1 : (a) > (b))
#define ktime_after(a, b)	((a) > (b))
#define ktime_before(a, b)	((a) < (b))
#define ktime_us_delta(a, b)	ktime_to_us(ktime_sub(a, b))
#define ktime_divns(t, d)	((s64)(t) / (d))

static inline ktime_t ktime_add_safe(ktime_t a, ktime_t b)
{
	ktime_t r;

	return __builtin_add_overflow(a, b, &r) || r < 0 ? KTIME_MAX : r;
}

#endif
