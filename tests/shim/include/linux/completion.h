/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_COMPLETION_H
#define SHIM_LINUX_COMPLETION_H

#include <linux/wait.h>

struct completion {
	unsigned int done;	/* UINT_MAX: complete_all() */
	wait_queue_head_t wait;
};

#define COMPLETION_INITIALIZER(name) { .wait = __WAIT_QUEUE_HEAD_INITIALIZER((name).wait) }
#define DECLARE_COMPLETION(name) struct completion name = COMPLETION_INITIALIZER(name)
#define DECLARE_COMPLETION_ONSTACK(name) DECLARE_COMPLETION(name)

static inline void init_completion(struct completion *c)
{
	c->done = 0;
	init_waitqueue_head(&c->wait);
}

static inline void reinit_completion(struct completion *c)
{
	c->done = 0;
}

void complete(struct completion *c);
void complete_all(struct completion *c);
bool try_wait_for_completion(struct completion *c);
bool completion_done(struct completion *c);

#define wait_for_completion(c)	wait_event((c)->wait, try_wait_for_completion(c))
#define wait_for_completion_interruptible(c) \
	wait_event_interruptible((c)->wait, try_wait_for_completion(c))
#define wait_for_completion_killable(c) \
	wait_event_killable((c)->wait, try_wait_for_completion(c))
#define wait_for_completion_timeout(c, t) \
	wait_event_timeout((c)->wait, try_wait_for_completion(c), t)

#endif
