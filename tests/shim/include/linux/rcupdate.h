/* SPDX-License-Identifier: GPL-2.0 */
/* RCU is one more SRCU domain. */
#ifndef SHIM_LINUX_RCUPDATE_H
#define SHIM_LINUX_RCUPDATE_H

#include <linux/atomic.h>
#include <linux/container_of.h>
#include <linux/preempt.h>
#include <linux/types.h>

void rcu_read_lock(void);
void rcu_read_unlock(void);
int rcu_read_lock_held(void);
void synchronize_rcu(void);
void call_rcu(struct rcu_head *head, rcu_callback_t func);
void rcu_barrier(void);
void shim_kvfree_rcu(struct rcu_head *head, size_t offset);
void shim_kvfree_rcu_mightsleep(const void *p);

#define synchronize_rcu_expedited()	synchronize_rcu()
#define rcu_read_lock_sched()	rcu_read_lock()
#define rcu_read_unlock_sched()	rcu_read_unlock()
#define rcu_read_lock_any_held() rcu_read_lock_held()
#define init_rcu_head(h)	((void)(h))

/* Readers' loads depend on the pointer; TSan is told so by READ_ONCE()'s acquire. */
#define rcu_dereference(p)		READ_ONCE(p)
#define rcu_dereference_check(p, c)	READ_ONCE(p)
#define rcu_dereference_raw(p)		READ_ONCE(p)
#define rcu_dereference_protected(p, c)	(WARN_ON(!(c)), (p))
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_assign_pointer(p, v)	__atomic_store_n(&(p), v, __ATOMIC_RELEASE)
#define rcu_replace_pointer(p, v, c) ({					\
	typeof(p) shim_old_ = rcu_dereference_protected(p, c);		\
	rcu_assign_pointer(p, v);					\
	shim_old_;							\
})
#define RCU_INIT_POINTER(p, v)		WRITE_ONCE(p, v)
#define RCU_INITIALIZER(v)		(v)
#define rcu_pointer_handoff(p)		(p)
#define unrcu_pointer(p)		(p)
#define RCU_LOCKDEP_WARN(c, s)		WARN_ON(c)

#define kfree_rcu(p, m)		shim_kvfree_rcu(&(p)->m, offsetof(typeof(*(p)), m))
#define kvfree_rcu(p, m)	kfree_rcu(p, m)
#define kfree_rcu_mightsleep(p)	shim_kvfree_rcu_mightsleep(p)
#define kvfree_rcu_mightsleep(p) shim_kvfree_rcu_mightsleep(p)

#endif
