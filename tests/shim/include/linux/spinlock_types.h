/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SPINLOCK_TYPES_H
#define SHIM_LINUX_SPINLOCK_TYPES_H

#include <linux/lockdep.h>

typedef struct spinlock {
	struct shim_owner owner;
	int val;
	int usage;		/* SHIM_LOCK_* */
} spinlock_t;

typedef spinlock_t raw_spinlock_t;
typedef spinlock_t rwlock_t;

#define __SPIN_LOCK_UNLOCKED(name)	{ }
#define __RAW_SPIN_LOCK_UNLOCKED(name)	{ }
#define DEFINE_SPINLOCK(name)		spinlock_t name = { }
#define DEFINE_RAW_SPINLOCK(name)	spinlock_t name = { }
#define DEFINE_RWLOCK(name)		spinlock_t name = { }

#endif
