/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_TIMER_H
#define SHIM_LINUX_TIMER_H

#include <linux/hrtimer.h>

struct timer_list {
	struct hrtimer hrtimer;
	unsigned long expires;
	void (*function)(struct timer_list *timer);
};

void timer_setup(struct timer_list *timer, void (*fn)(struct timer_list *), unsigned int flags);
int mod_timer(struct timer_list *timer, unsigned long expires);

#define timer_delete(t)		hrtimer_try_to_cancel(&(t)->hrtimer)
#define timer_delete_sync(t)	hrtimer_cancel(&(t)->hrtimer)
#define timer_shutdown_sync(t)	hrtimer_cancel(&(t)->hrtimer)
#define del_timer(t)		timer_delete(t)
#define del_timer_sync(t)	timer_delete_sync(t)
#define timer_pending(t)	hrtimer_is_queued(&(t)->hrtimer)
#define from_timer(var, t, m)	container_of(t, typeof(*(var)), m)
#define timer_container_of(var, t, m) container_of(t, typeof(*(var)), m)

#endif
