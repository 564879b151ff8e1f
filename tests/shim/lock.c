// SPDX-License-Identifier: GPL-2.0
/*
 * Locks that may have to wait.
 */
#include <sched.h>
#include <time.h>

#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include "internal.h"

bool shim_lock_held(const void *lock)
{
	const struct shim_owner *o = lock;

	return READ_ONCE(o->owner) == current;
}

#define SPINS	100

void shim_spin_slow(spinlock_t *lock)
{
	unsigned int i = 0;

	if (READ_ONCE(lock->owner.owner) == current)
		shim_bug(SHIM_SITE, "spinlock taken twice");
	while (READ_ONCE(lock->val) || __atomic_exchange_n(&lock->val, 1, __ATOMIC_ACQUIRE)) {
		if (++i % SPINS)
			cpu_relax();
		else
			sched_yield();
	}
}

void shim_spin_usage(spinlock_t *lock)
{
	int now = 0, usage;

	if (shim_in_irq)
		now = SHIM_LOCK_IN_IRQ;
	else if (!shim_irqs_off)
		now = SHIM_LOCK_IRQS_ON;
	usage = __atomic_load_n(&lock->usage, __ATOMIC_RELAXED) | now;
	__atomic_store_n(&lock->usage, usage, __ATOMIC_RELAXED);
	if (usage == (SHIM_LOCK_IN_IRQ | SHIM_LOCK_IRQS_ON))
		shim_bug(SHIM_SITE, "lock taken in interrupt and with interrupts on");
}

const void *shim_watched_lock;
static u64 hold_since, hold_most;	/* of who holds it */

static u64 cpu_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (u64)t.tv_sec * NSEC_PER_SEC + t.tv_nsec;
}

u64 shim_watch_holds(const void *lock)
{
	u64 most = hold_most;

	hold_since = 0;
	hold_most = 0;
	WRITE_ONCE(shim_watched_lock, lock);
	return most;
}

void shim_hold_begins(void)
{
	hold_since = cpu_time();
}

void shim_hold_ends(void)
{
	if (hold_since)
		hold_most = max(hold_most, cpu_time() - hold_since);
}

static int mutex_wait(struct mutex *m, unsigned int state)
{
	u64 deadline = 0;

	while (__atomic_exchange_n(&m->val, 2, __ATOMIC_ACQUIRE)) {
		if (signal_pending_state(state, current))
			return -EINTR;
		/* A signal does not change the word: look again every so often. */
		if (state != TASK_UNINTERRUPTIBLE)
			deadline = ktime_get_ns() + 10 * NSEC_PER_MSEC;
		shim_futex_wait(&m->val, 2, deadline);
	}
	return 0;
}

int shim_mutex_lock(struct mutex *m, unsigned int state, const char *site)
{
	unsigned int zero = 0;

	shim_might_sleep(site);
	if (READ_ONCE(m->owner.owner) == current)
		shim_bug(site, "mutex taken twice");
	if (!__atomic_compare_exchange_n(&m->val, &zero, 1, 0, __ATOMIC_ACQUIRE,
					 __ATOMIC_RELAXED) && mutex_wait(m, state))
		return -EINTR;
	WRITE_ONCE(m->owner.owner, current);
	if (READ_ONCE(shim_watched_lock) == m)
		shim_hold_begins();
	return 0;
}

int mutex_trylock(struct mutex *m)
{
	unsigned int zero = 0;

	if (!__atomic_compare_exchange_n(&m->val, &zero, 1, 0, __ATOMIC_ACQUIRE,
					 __ATOMIC_RELAXED))
		return 0;
	WRITE_ONCE(m->owner.owner, current);
	if (READ_ONCE(shim_watched_lock) == m)
		shim_hold_begins();
	return 1;
}

void mutex_unlock(struct mutex *m)
{
	if (READ_ONCE(m->owner.owner) != current)
		shim_bug(SHIM_SITE, "mutex unlocked by another than its owner");
	if (READ_ONCE(shim_watched_lock) == m)
		shim_hold_ends();
	WRITE_ONCE(m->owner.owner, NULL);
	if (__atomic_exchange_n(&m->val, 0, __ATOMIC_RELEASE) == 2)
		shim_futex_wake(&m->val, 1);
}

void init_rwsem(struct rw_semaphore *sem)
{
	*sem = (struct rw_semaphore) { };
	init_waitqueue_head(&sem->wq);
}

int shim_rwsem_try(struct rw_semaphore *sem, bool write)
{
	unsigned long flags;
	bool got;

	spin_lock_irqsave(&sem->wq.lock, flags);
	got = write ? sem->count == 0 : sem->count >= 0;
	if (got)
		sem->count += write ? -1 : 1;
	if (got && write)
		WRITE_ONCE(sem->owner.owner, current);
	spin_unlock_irqrestore(&sem->wq.lock, flags);
	return got;
}

int shim_rwsem_down(struct rw_semaphore *sem, bool write, unsigned int state)
{
	might_sleep();
	if (shim_lock_held(sem))
		shim_bug(SHIM_SITE, "rw_semaphore taken by its writer");
	if (shim_rwsem_try(sem, write))
		return 0;
	return shim_wait_event(sem->wq, shim_rwsem_try(sem, write), state, schedule()) ?
	       -EINTR : 0;
}

static void rwsem_up(struct rw_semaphore *sem, int delta)
{
	unsigned long flags;

	spin_lock_irqsave(&sem->wq.lock, flags);
	if (delta > 0 ? sem->count != -1 : sem->count <= 0)
		shim_bug(SHIM_SITE, "rw_semaphore given back that was not held");
	sem->count += delta;
	if (delta > 0)
		WRITE_ONCE(sem->owner.owner, NULL);
	spin_unlock_irqrestore(&sem->wq.lock, flags);
	wake_up_all(&sem->wq);
}

void up_read(struct rw_semaphore *sem)
{
	rwsem_up(sem, -1);
}

void up_write(struct rw_semaphore *sem)
{
	rwsem_up(sem, 1);
}
