/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sleepable RCU: two banks of counters for each thread. A reader counts
 * itself in and out in the bank that is current when it enters; a grace
 * period turns the banks and waits till the old one's sums agree.
 */
#ifndef SHIM_LINUX_SRCU_H
#define SHIM_LINUX_SRCU_H

#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#define SHIM_MAX_TASKS	512

struct shim_srcu_count {
	unsigned long in[2], out[2];
	unsigned long pad[4];		/* a cache line to each thread */
};

struct srcu_struct {
	unsigned int idx;
	struct shim_srcu_count *count;	/* [SHIM_MAX_TASKS], by task->slot */
	struct mutex gp;
	struct callback_head *cbs, **cbs_tail;	/* under the callback thread's lock */
	unsigned long nr_queued, nr_done;
	struct srcu_struct *next;	/* with callbacks */
	bool listed;
};

int init_srcu_struct(struct srcu_struct *ssp);
void cleanup_srcu_struct(struct srcu_struct *ssp);
void synchronize_srcu(struct srcu_struct *ssp);
void call_srcu(struct srcu_struct *ssp, struct rcu_head *head, rcu_callback_t func);
void srcu_barrier(struct srcu_struct *ssp);
int srcu_read_lock_held(const struct srcu_struct *ssp);

#define synchronize_srcu_expedited(s)	synchronize_srcu(s)

#ifdef SHIM_TSAN
#define shim_srcu_count_one(p)	__atomic_fetch_add(p, 1, __ATOMIC_SEQ_CST)
#else
#define shim_srcu_count_one(p)	WRITE_ONCE(*(p), *(p) + 1)
#endif

static __always_inline int srcu_read_lock(struct srcu_struct *ssp)
{
	int idx = READ_ONCE(ssp->idx) & 1;

	shim_srcu_count_one(&ssp->count[current->slot].in[idx]);
	smp_mb();	/* with synchronize_srcu(): counted in before anything is read */
	return idx;
}

static __always_inline void srcu_read_unlock(struct srcu_struct *ssp, int idx)
{
	smp_mb();	/* with synchronize_srcu(): all reads before counted out */
	shim_srcu_count_one(&ssp->count[current->slot].out[idx]);
}

#define srcu_read_lock_nmisafe(s)	srcu_read_lock(s)
#define srcu_dereference(p, s)		READ_ONCE(p)
#define srcu_dereference_check(p, s, c)	READ_ONCE(p)

#endif
