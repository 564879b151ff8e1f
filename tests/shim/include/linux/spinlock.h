/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Test and set; whoever waits yields. With SHIM_DEBUG a lock that is taken
 * both by a callback "in interrupt" and by a task that has not disabled
 * interrupts is an error: in the kernel it would be a deadlock. Of one lock at a time, a
 * mutex perhaps, the shim measures for how long it is held.
 */
#ifndef SHIM_LINUX_SPINLOCK_H
#define SHIM_LINUX_SPINLOCK_H

#include <linux/irqflags.h>
#include <linux/sched.h>
#include <linux/spinlock_types.h>

#define SHIM_LOCK_IN_IRQ	1
#define SHIM_LOCK_IRQS_ON	2

void shim_spin_slow(spinlock_t *lock);
void shim_spin_usage(spinlock_t *lock);

/*
 * From now on @lock is watched, or none is; what was the most CPU time, in ns, that the one
 * before was held for. Nobody holds it.
 */
u64 shim_watch_holds(const void *lock);
extern const void *shim_watched_lock;
void shim_hold_begins(void);
void shim_hold_ends(void);

#define spin_lock_init(l)	(*(l) = (spinlock_t) { })
#define raw_spin_lock_init(l)	spin_lock_init(l)
#define rwlock_init(l)		spin_lock_init(l)

static __always_inline void spin_lock(spinlock_t *lock)
{
	shim_atomic_depth++;
	if (unlikely(__atomic_exchange_n(&lock->val, 1, __ATOMIC_ACQUIRE)))
		shim_spin_slow(lock);
	WRITE_ONCE(lock->owner.owner, current);
#ifdef SHIM_DEBUG
	shim_spin_usage(lock);
#endif
	if (unlikely(READ_ONCE(shim_watched_lock) == lock))
		shim_hold_begins();
}

static __always_inline int spin_trylock(spinlock_t *lock)
{
	if (__atomic_exchange_n(&lock->val, 1, __ATOMIC_ACQUIRE))
		return 0;
	shim_atomic_depth++;
	WRITE_ONCE(lock->owner.owner, current);
	if (unlikely(READ_ONCE(shim_watched_lock) == lock))
		shim_hold_begins();
	return 1;
}

static __always_inline void spin_unlock(spinlock_t *lock)
{
#ifdef SHIM_DEBUG
	lockdep_assert_held(lock);
#endif
	if (unlikely(READ_ONCE(shim_watched_lock) == lock))
		shim_hold_ends();
	WRITE_ONCE(lock->owner.owner, NULL);
	__atomic_store_n(&lock->val, 0, __ATOMIC_RELEASE);
	shim_atomic_depth--;
}

#define spin_lock_irq(l)	do { local_irq_disable(); spin_lock(l); } while (0)
#define spin_unlock_irq(l)	do { spin_unlock(l); local_irq_enable(); } while (0)
#define spin_lock_irqsave(l, f)	do { local_irq_save(f); spin_lock(l); } while (0)
#define spin_unlock_irqrestore(l, f) do { spin_unlock(l); local_irq_restore(f); } while (0)
#define spin_lock_bh(l)		spin_lock(l)
#define spin_unlock_bh(l)	spin_unlock(l)
#define spin_lock_nested(l, s)	spin_lock(l)
#define spin_is_locked(l)	(READ_ONCE((l)->val) != 0)
#define assert_spin_locked(l)	lockdep_assert_held(l)

#define raw_spin_lock(l)	spin_lock(l)
#define raw_spin_unlock(l)	spin_unlock(l)
#define raw_spin_trylock(l)	spin_trylock(l)
#define raw_spin_lock_irq(l)	spin_lock_irq(l)
#define raw_spin_unlock_irq(l)	spin_unlock_irq(l)
#define raw_spin_lock_irqsave(l, f) spin_lock_irqsave(l, f)
#define raw_spin_unlock_irqrestore(l, f) spin_unlock_irqrestore(l, f)

#define read_lock(l)		spin_lock(l)
#define read_unlock(l)		spin_unlock(l)
#define write_lock(l)		spin_lock(l)
#define write_unlock(l)		spin_unlock(l)
#define read_lock_irqsave(l, f)	spin_lock_irqsave(l, f)
#define read_unlock_irqrestore(l, f) spin_unlock_irqrestore(l, f)
#define write_lock_irq(l)	spin_lock_irq(l)
#define write_unlock_irq(l)	spin_unlock_irq(l)
#define write_lock_irqsave(l, f) spin_lock_irqsave(l, f)
#define write_unlock_irqrestore(l, f) spin_unlock_irqrestore(l, f)

#endif
