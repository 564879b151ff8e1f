/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_MUTEX_H
#define SHIM_LINUX_MUTEX_H

#include <linux/lockdep.h>
#include <linux/sched.h>

struct mutex {
	struct shim_owner owner;
	unsigned int val;	/* futex word: 0 free, 1 held, 2 held and waited for */
};

#define __MUTEX_INITIALIZER(name)	{ }
#define DEFINE_MUTEX(name)	struct mutex name = { }
#define mutex_init(m)		(*(m) = (struct mutex) { })
#define mutex_destroy(m)	WARN_ON(READ_ONCE((m)->val))
#define mutex_is_locked(m)	(READ_ONCE((m)->val) != 0)

int shim_mutex_lock(struct mutex *m, unsigned int state, const char *site);
int mutex_trylock(struct mutex *m);
void mutex_unlock(struct mutex *m);

#define mutex_lock(m)		((void)shim_mutex_lock(m, TASK_UNINTERRUPTIBLE, SHIM_SITE))
#define mutex_lock_nested(m, s)	mutex_lock(m)
#define mutex_lock_killable(m)	shim_mutex_lock(m, TASK_KILLABLE, SHIM_SITE)
#define mutex_lock_interruptible(m) shim_mutex_lock(m, TASK_INTERRUPTIBLE, SHIM_SITE)

#endif
