// SPDX-License-Identifier: GPL-2.0
/*
 * Wait queues and completions.
 */
#include <linux/completion.h>
#include <linux/wait.h>
#include "internal.h"

int default_wake_function(struct wait_queue_entry *e, unsigned int mode, int flags, void *key)
{
	return wake_up_state(e->private, mode);
}

int autoremove_wake_function(struct wait_queue_entry *e, unsigned int mode, int flags, void *key)
{
	int ret = default_wake_function(e, mode, flags, key);

	if (ret)
		list_del_init_careful(&e->entry);
	return ret;
}

int woken_wake_function(struct wait_queue_entry *e, unsigned int mode, int flags, void *key)
{
	return default_wake_function(e, mode, flags, key);
}

void shim_wake_up_locked(struct wait_queue_head *q, unsigned int mode, int nr, void *key)
{
	struct wait_queue_entry *e, *next;

	lockdep_assert_held(&q->lock);
	list_for_each_entry_safe(e, next, &q->head, entry) {
		unsigned int flags = e->flags;
		int ret = e->func(e, mode, 0, key);

		if (ret < 0)
			break;
		if (ret && (flags & WQ_FLAG_EXCLUSIVE) && !--nr)
			break;
	}
}

int __wake_up(struct wait_queue_head *q, unsigned int mode, int nr, void *key)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	shim_wake_up_locked(q, mode, nr, key);
	spin_unlock_irqrestore(&q->lock, flags);
	return 0;
}

static void queue_add(struct wait_queue_head *q, struct wait_queue_entry *e, unsigned int set,
		      unsigned int clear, bool tail)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	e->flags = (e->flags | set) & ~clear;
	if (tail)
		list_add_tail(&e->entry, &q->head);
	else
		list_add(&e->entry, &q->head);
	spin_unlock_irqrestore(&q->lock, flags);
}

void add_wait_queue(struct wait_queue_head *q, struct wait_queue_entry *e)
{
	queue_add(q, e, 0, WQ_FLAG_EXCLUSIVE, false);
}

void add_wait_queue_exclusive(struct wait_queue_head *q, struct wait_queue_entry *e)
{
	queue_add(q, e, WQ_FLAG_EXCLUSIVE, 0, true);
}

void add_wait_queue_priority(struct wait_queue_head *q, struct wait_queue_entry *e)
{
	queue_add(q, e, WQ_FLAG_EXCLUSIVE | WQ_FLAG_PRIORITY, 0, false);
}

void remove_wait_queue(struct wait_queue_head *q, struct wait_queue_entry *e)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	list_del(&e->entry);
	spin_unlock_irqrestore(&q->lock, flags);
}

static bool queue_prepare(struct wait_queue_head *q, struct wait_queue_entry *e, int state,
			  bool exclusive)
{
	unsigned long flags;
	bool first;

	spin_lock_irqsave(&q->lock, flags);
	first = list_empty(&q->head);
	if (exclusive)
		e->flags |= WQ_FLAG_EXCLUSIVE;
	if (list_empty(&e->entry)) {
		if (exclusive)
			list_add_tail(&e->entry, &q->head);
		else
			list_add(&e->entry, &q->head);
	}
	set_current_state(state);
	spin_unlock_irqrestore(&q->lock, flags);
	return first;
}

void prepare_to_wait(struct wait_queue_head *q, struct wait_queue_entry *e, int state)
{
	queue_prepare(q, e, state, false);
}

bool prepare_to_wait_exclusive(struct wait_queue_head *q, struct wait_queue_entry *e, int state)
{
	return queue_prepare(q, e, state, true);
}

long prepare_to_wait_event(struct wait_queue_head *q, struct wait_queue_entry *e, int state)
{
	queue_prepare(q, e, state, false);
	return signal_pending_state(state, current) ? -ERESTARTSYS : 0;
}

void finish_wait(struct wait_queue_head *q, struct wait_queue_entry *e)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	if (list_empty_careful(&e->entry))
		return;
	spin_lock_irqsave(&q->lock, flags);
	list_del_init(&e->entry);
	spin_unlock_irqrestore(&q->lock, flags);
}

static void complete_n(struct completion *c, unsigned int n)
{
	unsigned long flags;

	spin_lock_irqsave(&c->wait.lock, flags);
	c->done = n == UINT_MAX || c->done == UINT_MAX ? UINT_MAX : c->done + n;
	shim_wake_up_locked(&c->wait, TASK_NORMAL, 0, NULL);
	spin_unlock_irqrestore(&c->wait.lock, flags);
}

void complete(struct completion *c)
{
	complete_n(c, 1);
}

void complete_all(struct completion *c)
{
	complete_n(c, UINT_MAX);
}

bool try_wait_for_completion(struct completion *c)
{
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&c->wait.lock, flags);
	done = c->done;
	if (done && c->done != UINT_MAX)
		c->done--;
	spin_unlock_irqrestore(&c->wait.lock, flags);
	return done;
}

bool completion_done(struct completion *c)
{
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&c->wait.lock, flags);
	done = c->done;
	spin_unlock_irqrestore(&c->wait.lock, flags);
	return done;
}
