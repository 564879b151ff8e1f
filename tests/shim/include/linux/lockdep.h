/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_LOCKDEP_H
#define SHIM_LINUX_LOCKDEP_H

#include <linux/bug.h>
#include <linux/preempt.h>
#include <linux/types.h>

struct task_struct;

struct lock_class_key {
	int unused;
};

struct lockdep_map {
	int unused;
};

/* Every lock begins with this: who holds it (exclusively). */
struct shim_owner {
	struct task_struct *owner;
};

bool shim_lock_held(const void *lock);

#define lockdep_is_held(l)	shim_lock_held(l)
#define lockdep_assert_held(l)	WARN_ON(!shim_lock_held(l))
#define lockdep_assert_held_write(l) lockdep_assert_held(l)
#define lockdep_assert_held_read(l) ((void)(l))
#define lockdep_assert_held_once(l) lockdep_assert_held(l)
#define lockdep_assert_not_held(l) WARN_ON(shim_lock_held(l))
#define lockdep_assert(c)	WARN_ON(!(c))
#define lockdep_assert_once(c)	WARN_ON(!(c))
#define lockdep_assert_irqs_disabled() WARN_ON(!shim_irqs_off)
#define lockdep_assert_in_irq()	WARN_ON(!shim_in_irq)
#define lockdep_set_class(l, k)	((void)(k))
#define lockdep_set_subclass(l, s) ((void)(l))
#define lockdep_init_map(m, name, key, sub) ((void)(key))
#define lock_map_acquire(m)	((void)(m))
#define lock_map_release(m)	((void)(m))
#define debug_locks		1
#define LOCKDEP_STILL_OK	1

#endif
