/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The vCPU scheduler: which vCPU a worker runs next. Queues, states, stealing,
 * accounting and policies; no threads, no clock, nothing of a vCPU but its
 * entity. Who uses it says what time it is and carries out struct
 * vmxl_sched_host: the module's workers (worker.c), tests with simulated time.
 * Documentation/scheduler.rst.
 */
#ifndef VMXL_SCHED_H
#define VMXL_SCHED_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define VMXL_MAX_WORKERS	64
#define VMXL_SCHED_SLICE_NS	1000000		/* unless the VM asks for another */
#define VMXL_SCHED_WEIGHT	1024		/* of a vCPU that nothing was said about */

struct vmxl_rq;
struct vmxl_sched;

/* vmxl_sched_ent.state; who changes it does so by cmpxchg() or has the queue's lock */
enum vmxl_sched_state {
	VMXL_SCHED_BLOCKED,	/* waits to be woken */
	VMXL_SCHED_QUEUED,
	VMXL_SCHED_RUNNING,	/* a worker has it */
	VMXL_SCHED_WOKEN,	/* as RUNNING, and was woken meanwhile: it does not block */
};

/* Why a worker gives a vCPU up, and why one comes into a queue */
enum vmxl_sched_why {
	VMXL_SCHED_SLICE,	/* its time is over */
	VMXL_SCHED_SPIN,	/* it waits for another vCPU, and says so */
	VMXL_SCHED_BLOCK,	/* it has nothing to do */
	VMXL_SCHED_WAKE,	/* into a queue: it was BLOCKED */
	VMXL_SCHED_MOVE,	/* into a queue: from another */
};

/**
 * struct vmxl_sched_ent - what the scheduler knows of a vCPU
 * @state: enum vmxl_sched_state
 * @rq: number of the queue that it is in, or ran from last
 * @node: in the queue
 * @weight: its share, VMXL_SCHED_WEIGHT is 1
 * @since: when it began to run, or to wait in a queue
 * @run_ns: has run; @wait_ns: has waited in queues
 * @vruntime: fair: run time by weight
 * @deadline: by when it should run, in the policy's time: queues are compared by it
 * @spins: gave up because it waits for another
 * @nr_switches: times that a worker took it; @nr_steals: from another's queue
 */
struct vmxl_sched_ent {
	unsigned int state;
	unsigned int rq;
	struct list_head node;
	u32 weight;
	bool spins;
	u64 since;
	u64 run_ns, wait_ns;
	u64 vruntime, deadline;
	u64 nr_switches, nr_steals;
};

/**
 * struct vmxl_rq - the queue of a worker
 * @lock: all of it; taken with interrupts off
 * @queue: QUEUED entities, in the policy's order
 * @nr: how many
 * @first: deadline of the one that is picked next; read without the lock, too
 * @curr: what the worker runs
 */
struct vmxl_rq {
	spinlock_t lock;
	struct list_head queue;
	unsigned int nr;
	u64 first;
	struct vmxl_sched_ent *curr;
};

/**
 * struct vmxl_sched_policy - in which order vCPUs run
 * @name: as users write it
 * @enqueue: put @se into @rq's list, for @why
 * @pick: the next of a list that is not empty; it stays there
 * @ran: @se has run on for @ns
 * @expired: whether @rq's current one, on since @ran ns, is to make room for another
 * @preempts: whether @se, just woken, is to run before @rq's current one goes on
 *
 * Context: rq->lock held.
 */
struct vmxl_sched_policy {
	const char *name;
	void (*enqueue)(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se,
			enum vmxl_sched_why why);
	struct vmxl_sched_ent *(*pick)(struct vmxl_sched *s, struct vmxl_rq *rq);
	void (*ran)(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se, u64 ns);
	bool (*expired)(struct vmxl_sched *s, struct vmxl_rq *rq, u64 ran);
	bool (*preempts)(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se);
};

/**
 * struct vmxl_sched_host - what the scheduler wants done
 * @wake: worker @nr, which is idle, is to look for work
 * @preempt: @se is to leave its worker soon; its queue's lock is held
 * @tick: worker @nr is to call vmxl_sched_tick() once after each tick
 *
 * Context: any, interrupts off.
 */
struct vmxl_sched_host {
	void (*wake)(struct vmxl_sched *s, unsigned int nr);
	void (*preempt)(struct vmxl_sched *s, struct vmxl_sched_ent *se);
	void (*tick)(struct vmxl_sched *s, unsigned int nr);
};

/**
 * struct vmxl_sched - the scheduler of a VM
 * @host: its user
 * @policy: read and written in one piece; takes lists of another's, too
 * @slice_ns: how long a vCPU runs while others wait
 * @online: workers there are; @idle: those that look for nothing, but wait
 * @ticking: those whose tick is on
 * @vtime: fair: the most run time by weight that has been picked
 * @queued: entities in all queues
 * @nr_steals: entities that came from another worker's queue
 */
struct vmxl_sched {
	const struct vmxl_sched_host *host;
	const struct vmxl_sched_policy *policy;
	u64 slice_ns;
	unsigned long online;
	unsigned long idle;
	unsigned long ticking;
	u64 vtime;
	atomic_t queued;
	atomic_long_t nr_steals;
	struct vmxl_rq rq[VMXL_MAX_WORKERS];
};

extern const struct vmxl_sched_policy vmxl_sched_rr, vmxl_sched_fair;

void vmxl_sched_init(struct vmxl_sched *s, const struct vmxl_sched_host *host);
void vmxl_sched_ent_init(struct vmxl_sched_ent *se);
int vmxl_sched_set_policy(struct vmxl_sched *s, unsigned int policy);

int vmxl_sched_online(struct vmxl_sched *s, u64 now);
void vmxl_sched_offline(struct vmxl_sched *s, unsigned int nr, u64 now);

void vmxl_sched_wake(struct vmxl_sched *s, struct vmxl_sched_ent *se, u64 now);
struct vmxl_sched_ent *vmxl_sched_next(struct vmxl_sched *s, unsigned int nr, u64 now);
void vmxl_sched_run(struct vmxl_sched *s, unsigned int nr, struct vmxl_sched_ent *se, u64 now);
void vmxl_sched_put(struct vmxl_sched *s, struct vmxl_sched_ent *se, enum vmxl_sched_why why,
		    u64 now);
void vmxl_sched_forget(struct vmxl_sched *s, struct vmxl_sched_ent *se);
bool vmxl_sched_tick(struct vmxl_sched *s, unsigned int nr, u64 now);

/* Whether a worker that gives its vCPU up could have another one */
static inline bool vmxl_sched_waiting(const struct vmxl_sched *s)
{
	return atomic_read(&s->queued) > 0;
}

/*
 * A worker says that it waits, then looks whether there is work; wakers do the
 * reverse. Who wakes it says that it does not wait any more.
 */
static inline void vmxl_sched_set_idle(struct vmxl_sched *s, unsigned int nr, bool idle)
{
	if (idle)
		set_bit(nr, &s->idle);
	else
		clear_bit(nr, &s->idle);
	smp_mb__after_atomic();	/* pairs with wake_worker() */
}

static inline bool vmxl_sched_is_idle(const struct vmxl_sched *s, unsigned int nr)
{
	return test_bit(nr, &s->idle);
}

#endif /* VMXL_SCHED_H */
