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

#endif
