/* SPDX-License-Identifier: GPL-2.0 */
/* One thread runs the callbacks of all timers, one after the other, "in interrupt". */
#ifndef SHIM_LINUX_HRTIMER_H
#define SHIM_LINUX_HRTIMER_H

#include <linux/ktime.h>
#include <linux/list.h>

enum hrtimer_restart {
	HRTIMER_NORESTART,
	HRTIMER_RESTART,
};

enum hrtimer_mode {
	HRTIMER_MODE_ABS	= 0x00,
	HRTIMER_MODE_REL	= 0x01,
	HRTIMER_MODE_PINNED	= 0x02,
	HRTIMER_MODE_SOFT	= 0x04,
	HRTIMER_MODE_HARD	= 0x08,
	HRTIMER_MODE_ABS_PINNED	= 0x02,
	HRTIMER_MODE_REL_PINNED	= 0x03,
	HRTIMER_MODE_ABS_SOFT	= 0x04,
	HRTIMER_MODE_REL_SOFT	= 0x05,
	HRTIMER_MODE_ABS_HARD	= 0x08,
	HRTIMER_MODE_REL_HARD	= 0x09,
	HRTIMER_MODE_ABS_PINNED_HARD = 0x0a,
	HRTIMER_MODE_REL_PINNED_HARD = 0x0b,
};

struct hrtimer {
	struct list_head node;		/* of the queue, by expires; empty: not queued */
	ktime_t expires;
	enum hrtimer_restart (*function)(struct hrtimer *timer);
};

void hrtimer_init(struct hrtimer *timer, clockid_t clock, enum hrtimer_mode mode);
void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*fn)(struct hrtimer *),
		   clockid_t clock, enum hrtimer_mode mode);
void hrtimer_start(struct hrtimer *timer, ktime_t t, enum hrtimer_mode mode);
int hrtimer_cancel(struct hrtimer *timer);
int hrtimer_try_to_cancel(struct hrtimer *timer);
bool hrtimer_active(const struct hrtimer *timer);
bool hrtimer_is_queued(struct hrtimer *timer);
int hrtimer_callback_running(struct hrtimer *timer);
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval);
ktime_t hrtimer_get_remaining(const struct hrtimer *timer);

#define hrtimer_start_range_ns(t, tim, slack, mode) hrtimer_start(t, tim, mode)
#define hrtimer_start_expires(t, mode)	hrtimer_start(t, (t)->expires, mode)
#define hrtimer_forward_now(t, i)	hrtimer_forward(t, ktime_get(), i)
#define hrtimer_get_expires(t)		((t)->expires)
#define hrtimer_get_expires_ns(t)	ktime_to_ns((t)->expires)
#define hrtimer_set_expires(t, e)	((void)((t)->expires = (e)))
#define hrtimer_add_expires_ns(t, ns)	((void)((t)->expires += (ns)))
#define hrtimer_cb_get_time(t)		ktime_get()

#endif
