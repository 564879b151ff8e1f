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
/* One that spins is left alone for so long, where whom it waits for may run or come. */
#define VMXL_SCHED_PATIENCE_NS	50000
#define VMXL_SCHED_WEIGHT	1024		/* of a vCPU that nothing was said about */
#define VMXL_SCHED_NODES	64		/* NUMA nodes that are told apart */
#define VMXL_HALT_POLL_NS	200000		/* most; module parameter halt_poll_ns */
#define VMXL_HALT_POLL_START_NS	10000

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
	VMXL_SCHED_MOVE,	/* into a queue: from another, with its deadline */
};

/**
 * struct vmxl_quota - CPU time that may be used in each period
 * @period: ns; @runtime: ns of that, 0: all
 * @begin: of the period that is now
 * @used: of @runtime in that; more than @runtime is a debt to later periods
 */
struct vmxl_quota {
	u64 period, runtime;
	u64 begin, used;
};

/**
 * struct vmxl_sched_ent - what the scheduler knows of a vCPU
 * @state: enum vmxl_sched_state
 * @rq: number of the queue that it is in, or ran from last
 * @id: 0 and up
 * @node: in the queue
 * @weight: its share, VMXL_SCHED_WEIGHT is 1; @asked: that from the next time on that it
 *	comes into a queue
 * @parked: QUEUED, and has used up its quota: in rq->parked
 * @critical: was taken off its worker where others may wait for it; by who calls put()
 * @spun: it lost its worker not long after it waited for another one in a loop: at @spun_at
 * @room_at: another worker was to make room for whom it waits for
 * @spins: it is in a queue because it spins
 * @waits: host->waits() knows when that is over; by who calls put()
 * @arrived: since when it has done nothing but look whether its wait is over
 * @since: when it began to run, or to wait in a queue; @ready: when it could have run, and did
 *	not: before it came to another queue, after its quota was there
 * @charged: until when @run_ns is right; @delay: what the host took from the worker before,
 *	and of that later what is in @delay_ns
 * @run_ns: has run; @wait_ns: has waited in queues
 * @delay_ns: of the time as current one, what the host gave others; not in @run_ns
 * @vruntime: fair: run time by weight
 * @credit: credit: ns that it may run before others; @refilled: when that was computed
 * @deadline: by when it should run, in the policy's time: queues are compared by it
 * @quota: of this one alone
 * @workers, @nodes: bits of workers that may have it, and of their nodes
 * @nr_switches: times that a worker took it; @nr_steals: from another's queue
 * @nr_spins: times that it gave way because it waits; @nr_directed: it was let on for that
 * @nr_throttles: times that its quota was used up; @throttled_ns: waited for it then
 */
struct vmxl_sched_ent {
	unsigned int state;
	unsigned int rq;
	unsigned int id;
	struct list_head node;
	u32 weight, asked;
	bool parked, critical, spun, spins, waits;
	u64 arrived;
	u64 since, ready, charged, delay;
	u64 run_ns, wait_ns, delay_ns;
	u64 vruntime;
	s64 credit;
	u64 refilled;
	u64 deadline;
	struct vmxl_quota quota;
	unsigned long workers, nodes;
	u64 spun_at, room_at;
	u64 nr_switches, nr_steals, nr_spins, nr_directed, nr_throttles, throttled_ns;
};

/**
 * struct vmxl_rq - the queue of a worker
 * @lock: all of it; taken with interrupts off
 * @queue: QUEUED entities, the one that should run soonest first
 * @nr: how many
 * @first: deadline of the first; read without the lock, too
 * @allowed: workers that may have one of them
 * @parked: QUEUED entities without quota; @nr_parked: how many
 * @balanced: when it was last compared with others
 * @node: of the host, that the worker is on
 * @curr: what the worker runs
 * @spins: times that it gave one up that spins; by the worker
 * @tried: those that spin that it has had one after the other; by the worker
 * @room: the one before is to make room for one that spun
 */
struct vmxl_rq {
	spinlock_t lock;
	struct list_head queue;
	unsigned int nr;
	u64 first;
	unsigned long allowed;
	struct list_head parked;
	unsigned int nr_parked;
	u64 balanced;
	unsigned int node;
	struct vmxl_sched_ent *curr;
	unsigned int spins;
	unsigned int tried;
	bool room;
};

/**
 * struct vmxl_sched_policy - in which order vCPUs run
 * @name: as users write it
 * @slots: vCPUs change at multiples of the slice, all workers at the same time
 * @deadline: by when @se should run if it came into a queue @now, for @why (SLICE, SPIN,
 *	WAKE); the current one is asked, too, with SLICE. Who has the earliest runs next.
 * @ran: @se has run on for @ns; may be NULL
 *
 * Context: the lock of @se's queue held.
 */
struct vmxl_sched_policy {
	const char *name;
	bool slots;
	u64 (*deadline)(struct vmxl_sched *s, struct vmxl_sched_ent *se, enum vmxl_sched_why why,
			u64 now);
	void (*ran)(struct vmxl_sched *s, struct vmxl_sched_ent *se, u64 ns);
};

/**
 * struct vmxl_sched_host - what the scheduler wants done
 * @wake: worker @nr, which is idle, is to look for work
 * @woken: @se is BLOCKED no more, and a worker may take it from now on; or NULL
 * @preempt: @se is to leave its worker soon; its queue's lock is held
 * @tick: worker @nr is to call vmxl_sched_tick() once after each tick
 * @delay: ns that worker @nr could have run and the host ran others, ever
 * @waits: whether @se, queued with se->waits, would find what it waits for as it was, and
 *	has nothing else to do; its queue's lock is held. NULL: no such entity is queued
 *
 * Context: any, interrupts off.
 */
struct vmxl_sched_host {
	void (*wake)(struct vmxl_sched *s, unsigned int nr);
	void (*woken)(struct vmxl_sched *s, struct vmxl_sched_ent *se);
	void (*preempt)(struct vmxl_sched *s, struct vmxl_sched_ent *se);
	void (*tick)(struct vmxl_sched *s, unsigned int nr);
	u64 (*delay)(struct vmxl_sched *s, unsigned int nr);
	bool (*waits)(struct vmxl_sched *s, const struct vmxl_sched_ent *se);
};

/**
 * struct vmxl_sched - the scheduler of a VM
 * @host: its user
 * @policy: read and written in one piece
 * @slice_ns: how long a vCPU runs while others wait
 * @online: workers there are; @idle: those that look for nothing, but wait
 * @ticking: those whose tick is on
 * @on_node: workers by the node that they are on
 * @nr_ids: more than any entity's
 * @vtime: fair: the most run time by weight that has been picked
 * @weights: of all that are not BLOCKED
 * @queued: entities in all queues, without those that are parked
 * @nr_critical: those among them that are critical; @nr_spun: that spun; @nr_busy: that did
 *	not come there because they spin; @nr_waits: that wait for what is known
 * @pinned: some vCPU may not have every worker; stays
 * @limited: there has been a quota; stays
 * @quota: of all vCPUs together; under @quota_lock, within a queue's
 * @throttled: it is used up
 * @nr_steals: entities that came from another worker's queue
 * @nr_moves: entities that were moved to make queues equally long
 * @nr_throttles: times that @quota was used up
 * @nr_poll_hits: halts of workers that polling ended; @nr_poll_misses: that it did not
 */
struct vmxl_sched {
	const struct vmxl_sched_host *host;
	const struct vmxl_sched_policy *policy;
	u64 slice_ns;
	unsigned long online;
	unsigned long idle;
	unsigned long ticking;
	unsigned long on_node[VMXL_SCHED_NODES];
	unsigned int nr_ids;
	u64 vtime;
	atomic_long_t weights;
	atomic_t queued;
	atomic_t nr_critical, nr_spun, nr_busy, nr_waits;
	bool pinned;
	bool limited;
	spinlock_t quota_lock;
	struct vmxl_quota quota;
	bool throttled;
	atomic_long_t nr_steals, nr_moves, nr_throttles, nr_poll_hits, nr_poll_misses;
	struct vmxl_rq rq[VMXL_MAX_WORKERS];
};

/**
 * struct vmxl_halt - how long who has nothing to do polls before it sleeps
 * @poll_ns: so long
 * @nr_hits: times that there was something then; @nr_misses: that there was not
 * @polled_ns: for how long, in all
 */
struct vmxl_halt {
	u32 poll_ns;
	u64 nr_hits, nr_misses, polled_ns;
};

/* What is said about a vCPU; of the ioctl's argument, checked */
struct vmxl_sched_limits {
	u32 weight;
	u64 period, runtime;
	unsigned long workers, nodes;
};

/* policy.c; by VMXL_SCHED_POLICY_* */
#define VMXL_SCHED_POLICIES	4
extern const struct vmxl_sched_policy vmxl_sched_policies[VMXL_SCHED_POLICIES];

/* quota.c */
void vmxl_quota_set(struct vmxl_sched *s, struct vmxl_quota *q, u64 period, u64 runtime, u64 now);
void vmxl_quota_charge(struct vmxl_sched *s, struct vmxl_sched_ent *se, u64 ns);
bool vmxl_quota_over(struct vmxl_sched *s, struct vmxl_quota *q, u64 now);
bool vmxl_quota_vm_over(struct vmxl_sched *s, u64 now);

/* halt.c */
bool vmxl_halt_poll(struct vmxl_halt *h, bool (*done)(void *arg), void *arg);
void vmxl_halt_adapt(struct vmxl_halt *h, u64 ns);

void vmxl_sched_init(struct vmxl_sched *s, const struct vmxl_sched_host *host);
void vmxl_sched_ent_init(struct vmxl_sched_ent *se, unsigned int id);
int vmxl_sched_set_policy(struct vmxl_sched *s, unsigned int policy, u64 now);
void vmxl_sched_set_quota(struct vmxl_sched *s, u64 period, u64 runtime, u64 now);
void vmxl_sched_set_ent(struct vmxl_sched *s, struct vmxl_sched_ent *se,
			const struct vmxl_sched_limits *limits, u64 now);

int vmxl_sched_online(struct vmxl_sched *s, u64 now);
void vmxl_sched_offline(struct vmxl_sched *s, unsigned int nr, u64 now);

void vmxl_sched_wake(struct vmxl_sched *s, struct vmxl_sched_ent *se, u64 now);
struct vmxl_sched_ent *vmxl_sched_next(struct vmxl_sched *s, unsigned int nr,
				       enum vmxl_sched_why why, u64 now);
void vmxl_sched_run(struct vmxl_sched *s, unsigned int nr, struct vmxl_sched_ent *se, u64 now);
void vmxl_sched_put(struct vmxl_sched *s, struct vmxl_sched_ent *se, enum vmxl_sched_why why,
		    u64 now);
void vmxl_sched_forget(struct vmxl_sched *s, struct vmxl_sched_ent *se);
bool vmxl_sched_tick(struct vmxl_sched *s, unsigned int nr, u64 now);
bool vmxl_sched_spins(struct vmxl_sched *s, unsigned int nr, struct vmxl_sched_ent *se, u64 since,
		      u64 now);
bool vmxl_sched_has_work(struct vmxl_sched *s, unsigned int nr);
bool vmxl_sched_out_of_quota(struct vmxl_sched *s, struct vmxl_sched_ent *se, u64 now);
void vmxl_sched_set_node(struct vmxl_sched *s, unsigned int nr, unsigned int node);

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
