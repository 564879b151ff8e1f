/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_RCUWAIT_H
#define SHIM_LINUX_RCUWAIT_H

#include <linux/rcupdate.h>
#include <linux/sched.h>

struct rcuwait {
	struct task_struct __rcu *task;
};

#define __RCUWAIT_INITIALIZER(name)	{ .task = NULL }

static inline void rcuwait_init(struct rcuwait *w)
{
	w->task = NULL;
}

static inline int rcuwait_active(struct rcuwait *w)
{
	return !!READ_ONCE(w->task);
}

static inline void prepare_to_rcuwait(struct rcuwait *w)
{
	rcu_assign_pointer(w->task, current);
}

static inline void finish_rcuwait(struct rcuwait *w)
{
	rcu_assign_pointer(w->task, NULL);
	__set_current_state(TASK_RUNNING);
}

static inline int rcuwait_wake_up(struct rcuwait *w)
{
	struct task_struct *t;

	smp_mb();
	t = READ_ONCE(w->task);
	return t ? wake_up_process(t) : 0;
}

#define rcuwait_wait_event(w, cond, state) ({				\
	int shim_ret_ = 0;						\
	prepare_to_rcuwait(w);						\
	for (;;) {							\
		set_current_state(state);				\
		if (cond)						\
			break;						\
		if (signal_pending_state(state, current)) {		\
			shim_ret_ = -EINTR;				\
			break;						\
		}							\
		schedule();						\
	}								\
	finish_rcuwait(w);						\
	shim_ret_;							\
})

#endif
