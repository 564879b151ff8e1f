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

static inline void init_completion(struct completion *c)
{
	c->done = 0;
	init_waitqueue_head(&c->wait);
}

void complete(struct completion *c);
bool try_wait_for_completion(struct completion *c);

#define wait_for_completion(c)	wait_event((c)->wait, try_wait_for_completion(c))

#endif
