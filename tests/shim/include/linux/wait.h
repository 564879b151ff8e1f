/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_WAIT_H
#define SHIM_LINUX_WAIT_H

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#define WQ_FLAG_EXCLUSIVE	1
#define WQ_FLAG_PRIORITY	0x10

typedef struct wait_queue_entry wait_queue_entry_t;
typedef int (*wait_queue_func_t)(struct wait_queue_entry *e, unsigned int mode, int flags,
				 void *key);

struct wait_queue_entry {
	unsigned int flags;
	void *private;
	wait_queue_func_t func;
	struct list_head entry;
};

typedef struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;
} wait_queue_head_t;

#define __WAIT_QUEUE_HEAD_INITIALIZER(name) { .head = LIST_HEAD_INIT((name).head) }
#define DECLARE_WAIT_QUEUE_HEAD(name) \
	wait_queue_head_t name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define init_waitqueue_head(q)	shim_init_waitqueue_head(q)
#define DEFINE_WAIT_FUNC(name, fn) \
	struct wait_queue_entry name = { .private = current, .func = fn, \
					 .entry = LIST_HEAD_INIT((name).entry) }
#define DEFINE_WAIT(name)	DEFINE_WAIT_FUNC(name, autoremove_wake_function)
#define DECLARE_WAITQUEUE(name, task) \
	struct wait_queue_entry name = { .private = task, .func = default_wake_function }

static inline void shim_init_waitqueue_head(struct wait_queue_head *q)
{
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->head);
}

static inline void init_waitqueue_func_entry(struct wait_queue_entry *e, wait_queue_func_t fn)
{
	e->flags = 0;
	e->private = NULL;
	e->func = fn;
}

static inline void init_waitqueue_entry(struct wait_queue_entry *e, struct task_struct *t);

int default_wake_function(struct wait_queue_entry *e, unsigned int mode, int flags, void *key);
int autoremove_wake_function(struct wait_queue_entry *e, unsigned int mode, int flags, void *key);
int woken_wake_function(struct wait_queue_entry *e, unsigned int mode, int flags, void *key);
void add_wait_queue(struct wait_queue_head *q, struct wait_queue_entry *e);
void add_wait_queue_exclusive(struct wait_queue_head *q, struct wait_queue_entry *e);
void add_wait_queue_priority(struct wait_queue_head *q, struct wait_queue_entry *e);
void remove_wait_queue(struct wait_queue_head *q, struct wait_queue_entry *e);
void prepare_to_wait(struct wait_queue_head *q, struct wait_queue_entry *e, int state);
bool prepare_to_wait_exclusive(struct wait_queue_head *q, struct wait_queue_entry *e, int state);
long prepare_to_wait_event(struct wait_queue_head *q, struct wait_queue_entry *e, int state);
void finish_wait(struct wait_queue_head *q, struct wait_queue_entry *e);
int __wake_up(struct wait_queue_head *q, unsigned int mode, int nr, void *key);
void shim_wake_up_locked(struct wait_queue_head *q, unsigned int mode, int nr, void *key);

static inline void init_waitqueue_entry(struct wait_queue_entry *e, struct task_struct *t)
{
	e->flags = 0;
	e->private = t;
	e->func = default_wake_function;
}

static inline void __add_wait_queue(struct wait_queue_head *q, struct wait_queue_entry *e)
{
	list_add(&e->entry, &q->head);
}

static inline void __add_wait_queue_entry_tail(struct wait_queue_head *q,
					       struct wait_queue_entry *e)
{
	list_add_tail(&e->entry, &q->head);
}

static inline void __remove_wait_queue(struct wait_queue_head *q, struct wait_queue_entry *e)
{
	list_del(&e->entry);
}

static inline int waitqueue_active(struct wait_queue_head *q)
{
	return !list_empty(&q->head);
}

static inline bool wq_has_sleeper(struct wait_queue_head *q)
{
	smp_mb();
	return waitqueue_active(q);
}

#define wake_up(q)			__wake_up(q, TASK_NORMAL, 1, NULL)
#define wake_up_nr(q, nr)		__wake_up(q, TASK_NORMAL, nr, NULL)
#define wake_up_all(q)			__wake_up(q, TASK_NORMAL, 0, NULL)
#define wake_up_interruptible(q)	__wake_up(q, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_all(q)	__wake_up(q, TASK_INTERRUPTIBLE, 0, NULL)
#define wake_up_locked(q)		shim_wake_up_locked(q, TASK_NORMAL, 1, NULL)
#define wake_up_all_locked(q)		shim_wake_up_locked(q, TASK_NORMAL, 0, NULL)
#define poll_to_key(m)			((void *)(unsigned long)(m))
#define key_to_poll(p)			((__poll_t)(unsigned long)(p))
#define wake_up_poll(q, m)		__wake_up(q, TASK_NORMAL, 1, poll_to_key(m))
#define wake_up_locked_poll(q, m)	shim_wake_up_locked(q, TASK_NORMAL, 1, poll_to_key(m))
#define wake_up_interruptible_poll(q, m) __wake_up(q, TASK_INTERRUPTIBLE, 1, poll_to_key(m))
#define wake_up_pollfree(q)		__wake_up(q, TASK_NORMAL, 0, poll_to_key(0x10))

/* 0, or -ERESTARTSYS; @sleep is what is done while the condition does not hold. */
#define shim_wait_event(q, cond, state, sleep) ({			\
	long shim_ret_ = 0;						\
	DEFINE_WAIT(shim_wait_);					\
									\
	might_sleep();							\
	for (;;) {							\
		long shim_int_ = prepare_to_wait_event(&(q), &shim_wait_, state); \
									\
		if (cond)						\
			break;						\
		if (shim_int_) {					\
			shim_ret_ = shim_int_;				\
			break;						\
		}							\
		sleep;							\
	}								\
	finish_wait(&(q), &shim_wait_);					\
	shim_ret_;							\
})

/* Rest of @timeout (at least 1 where @cond holds), 0: it did not hold in time. */
#define shim_wait_event_timeout(q, cond, timeout, state) ({		\
	long shim_left_ = (timeout), shim_err_ = 0;			\
	bool shim_ok_ = (cond);						\
									\
	if (!shim_ok_)							\
		shim_err_ = shim_wait_event(q, (shim_ok_ = (cond)) || !shim_left_, state, \
					    shim_left_ = schedule_timeout(shim_left_)); \
	shim_err_ ? shim_err_ : shim_ok_ ? shim_left_ ?: 1 : 0;		\
})

#define wait_event(q, cond)						\
do {									\
	if (!(cond))							\
		(void)shim_wait_event(q, cond, TASK_UNINTERRUPTIBLE, schedule()); \
} while (0)
#define shim_wait_event_ret(q, cond, state) \
	((cond) ? 0 : (int)shim_wait_event(q, cond, state, schedule()))
#define wait_event_interruptible(q, cond) shim_wait_event_ret(q, cond, TASK_INTERRUPTIBLE)
#define wait_event_killable(q, cond)	shim_wait_event_ret(q, cond, TASK_KILLABLE)
#define wait_event_freezable(q, cond)	wait_event_interruptible(q, cond)
#define wait_event_idle(q, cond)	wait_event(q, cond)
#define wait_event_timeout(q, cond, t) \
	shim_wait_event_timeout(q, cond, t, TASK_UNINTERRUPTIBLE)
#define wait_event_interruptible_timeout(q, cond, t) \
	shim_wait_event_timeout(q, cond, t, TASK_INTERRUPTIBLE)
#define wait_event_killable_timeout(q, cond, t) \
	shim_wait_event_timeout(q, cond, t, TASK_KILLABLE)
#define wait_event_lock_irq(q, cond, lock)				\
do {									\
	if (!(cond))							\
		(void)shim_wait_event(q, cond, TASK_UNINTERRUPTIBLE, ({	\
			spin_unlock_irq(&lock); schedule(); spin_lock_irq(&lock); })); \
} while (0)

#endif
