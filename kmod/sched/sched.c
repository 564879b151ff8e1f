// SPDX-License-Identifier: GPL-2.0
/*
 * Queues, states and stealing; sched.h says what this is. A worker takes from its
 * own queue what the policy says, but from another one what should have run
 * more than a slice before that, and whatever is first when its own is empty.
 * Locks of two queues are never held together.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <uapi/linux/vmx_xlate.h>
#include "sched.h"

static const struct vmxl_sched_policy *const policies[] = {
	[VMXL_SCHED_POLICY_RR]		= &vmxl_sched_rr,
	[VMXL_SCHED_POLICY_FAIR]	= &vmxl_sched_fair,
};

/**
 * vmxl_sched_init() - a scheduler without workers and vCPUs
 * @s: what is to be one
 * @host: its user
 */
void vmxl_sched_init(struct vmxl_sched *s, const struct vmxl_sched_host *host)
{
	unsigned int i;

	memset(s, 0, sizeof(*s));
	s->host = host;
	s->policy = &vmxl_sched_fair;
	s->slice_ns = VMXL_SCHED_SLICE_NS;
	for (i = 0; i < VMXL_MAX_WORKERS; i++) {
		spin_lock_init(&s->rq[i].lock);
		INIT_LIST_HEAD(&s->rq[i].queue);
	}
}

/**
 * vmxl_sched_ent_init() - a vCPU that waits to be woken
 * @se: its entity
 */
void vmxl_sched_ent_init(struct vmxl_sched_ent *se)
{
	*se = (struct vmxl_sched_ent){ .weight = VMXL_SCHED_WEIGHT };
	INIT_LIST_HEAD(&se->node);
}

/* ---- queues ---- */

/* Those who run while somebody waits have a tick, at which their time may be over. */
static void start_ticks(struct vmxl_sched *s)
{
	unsigned long online = READ_ONCE(s->online);
	unsigned int i;

	if (!vmxl_sched_waiting(s))
		return;
	for_each_set_bit(i, &online, VMXL_MAX_WORKERS)
		if (READ_ONCE(s->rq[i].curr) && !test_and_set_bit(i, &s->ticking))
			s->host->tick(s, i);
}

/* The list has changed. */
static void set_first(struct vmxl_sched *s, struct vmxl_rq *rq)
{
	if (rq->nr)
		WRITE_ONCE(rq->first, READ_ONCE(s->policy)->pick(s, rq)->deadline);
}

static void enqueue(struct vmxl_sched *s, struct vmxl_sched_ent *se, unsigned int nr,
		    enum vmxl_sched_why why, u64 now)
{
	struct vmxl_rq *rq = &s->rq[nr];
	unsigned long flags;

	spin_lock_irqsave(&rq->lock, flags);
	WRITE_ONCE(se->state, VMXL_SCHED_QUEUED);
	se->rq = nr;
	se->since = now;
	READ_ONCE(s->policy)->enqueue(s, rq, se, why);
	WRITE_ONCE(rq->nr, rq->nr + 1);
	set_first(s, rq);
	atomic_inc(&s->queued);
	if (why == VMXL_SCHED_WAKE && rq->curr && READ_ONCE(s->policy)->preempts(s, rq, se))
		s->host->preempt(s, rq->curr);
	spin_unlock_irqrestore(&rq->lock, flags);
	start_ticks(s);
}

/* Take the next one out of queue @nr. */
static struct vmxl_sched_ent *dequeue(struct vmxl_sched *s, unsigned int nr, u64 now)
{
	struct vmxl_rq *rq = &s->rq[nr];
	struct vmxl_sched_ent *se = NULL;
	unsigned long flags;

	if (!READ_ONCE(rq->nr))
		return NULL;
	spin_lock_irqsave(&rq->lock, flags);
	if (rq->nr) {
		se = READ_ONCE(s->policy)->pick(s, rq);
		list_del_init(&se->node);
		WRITE_ONCE(rq->nr, rq->nr - 1);
		set_first(s, rq);
		atomic_dec(&s->queued);
		se->wait_ns += now - se->since;
		WRITE_ONCE(se->state, VMXL_SCHED_RUNNING);
	}
	spin_unlock_irqrestore(&rq->lock, flags);
	return se;
}

/* The queue that worker @nr is to take from */
static unsigned int best_queue(struct vmxl_sched *s, unsigned int nr)
{
	unsigned long online = READ_ONCE(s->online);
	bool any = READ_ONCE(s->rq[nr].nr);
	u64 first = READ_ONCE(s->rq[nr].first), limit = any ? READ_ONCE(s->slice_ns) : 0;
	unsigned int i, best = nr;

	for_each_set_bit(i, &online, VMXL_MAX_WORKERS) {
		u64 its = READ_ONCE(s->rq[i].first);

		if (i == nr || !READ_ONCE(s->rq[i].nr))
			continue;
		if (any && (s64)(first - its) <= (s64)limit)
			continue;
		best = i;
		first = its;
		any = true;
		limit = 0;
	}
	return best;
}

/**
 * vmxl_sched_next() - what a worker is to run
 * @s: the scheduler
 * @nr: the worker
 * @now: time
 *
 * A worker that has a vCPU asks before it puts that back, which nobody else
 * needs to see then if there is no other.
 * Return: an entity that is RUNNING now, or NULL. It becomes the current one by
 * vmxl_sched_run().
 */
struct vmxl_sched_ent *vmxl_sched_next(struct vmxl_sched *s, unsigned int nr, u64 now)
{
	struct vmxl_sched_ent *se;
	unsigned int from;

	if (!vmxl_sched_waiting(s))
		return NULL;
	from = best_queue(s, nr);
	se = dequeue(s, from, now);
	if (se && from != nr) {
		se->nr_steals++;
		atomic_long_inc(&s->nr_steals);
	}
	return se;
}

/**
 * vmxl_sched_run() - a worker begins to run what vmxl_sched_next() gave
 * @s: the scheduler
 * @nr: the worker
 * @se: the entity
 * @now: time
 */
void vmxl_sched_run(struct vmxl_sched *s, unsigned int nr, struct vmxl_sched_ent *se, u64 now)
{
	struct vmxl_rq *rq = &s->rq[nr];
	unsigned long flags;

	if ((s64)(se->vruntime - READ_ONCE(s->vtime)) > 0)
		WRITE_ONCE(s->vtime, se->vruntime);
	spin_lock_irqsave(&rq->lock, flags);
	se->rq = nr;
	se->since = now;
	se->spins = false;
	se->nr_switches++;
	WRITE_ONCE(rq->curr, se);
	spin_unlock_irqrestore(&rq->lock, flags);
	start_ticks(s);
}

/* ---- who comes where ---- */

/* Where it was last, if that worker waits for work; another that does; else where it was */
static unsigned int place(struct vmxl_sched *s, const struct vmxl_sched_ent *se)
{
	unsigned long online = READ_ONCE(s->online), idle = READ_ONCE(s->idle) & online;

	if (idle & BIT(se->rq))
		return se->rq;
	if (idle)
		return __ffs(idle);
	return online & BIT(se->rq) || !online ? se->rq : __ffs(online);
}

/* Somebody is to come for what was just put into queue @nr. */
static void wake_worker(struct vmxl_sched *s, unsigned int nr)
{
	unsigned long idle;

	smp_mb();	/* queued, then idle; pairs with vmxl_sched_set_idle() */
	for (;;) {
		idle = READ_ONCE(s->idle) & READ_ONCE(s->online);
		if (!idle)
			return;
		if (!(idle & BIT(nr)))
			nr = __ffs(idle);
		if (test_and_clear_bit(nr, &s->idle))
			break;
	}
	s->host->wake(s, nr);
}

/**
 * vmxl_sched_wake() - a vCPU has something to do
 * @s: the scheduler
 * @se: its entity
 * @now: time
 *
 * Context: any. What there is to do was written before.
 */
void vmxl_sched_wake(struct vmxl_sched *s, struct vmxl_sched_ent *se, u64 now)
{
	unsigned int old = READ_ONCE(se->state), was, nr;

	for (;; old = was) {
		if (old == VMXL_SCHED_QUEUED || old == VMXL_SCHED_WOKEN)
			return;
		was = cmpxchg(&se->state, old, old == VMXL_SCHED_BLOCKED ? VMXL_SCHED_QUEUED :
			      VMXL_SCHED_WOKEN);
		if (was == old)
			break;
	}
	if (old != VMXL_SCHED_BLOCKED)
		return;
	nr = place(s, se);
	enqueue(s, se, nr, VMXL_SCHED_WAKE, now);
	wake_worker(s, nr);
}

/**
 * vmxl_sched_put() - a worker gives its current vCPU up
 * @s: the scheduler
 * @se: its entity; others may have it when this returns
 * @why: SLICE, SPIN or BLOCK; one that was woken does not block
 * @now: time
 */
void vmxl_sched_put(struct vmxl_sched *s, struct vmxl_sched_ent *se, enum vmxl_sched_why why,
		    u64 now)
{
	unsigned int nr = se->rq;
	struct vmxl_rq *rq = &s->rq[nr];
	unsigned long flags;

	spin_lock_irqsave(&rq->lock, flags);
	if (rq->curr == se) {
		WRITE_ONCE(rq->curr, NULL);
		se->run_ns += now - se->since;
		READ_ONCE(s->policy)->ran(s, rq, se, now - se->since);
	}
	spin_unlock_irqrestore(&rq->lock, flags);
	se->spins = why == VMXL_SCHED_SPIN;
	if (why == VMXL_SCHED_BLOCK) {
		if (cmpxchg(&se->state, VMXL_SCHED_RUNNING, VMXL_SCHED_BLOCKED) ==
		    VMXL_SCHED_RUNNING)
			return;
		why = VMXL_SCHED_WAKE;
	}
	enqueue(s, se, nr, why, now);
	wake_worker(s, nr);
}

/**
 * vmxl_sched_forget() - a vCPU goes
 * @s: the scheduler, without workers
 * @se: its entity, which nobody wakes any more
 */
void vmxl_sched_forget(struct vmxl_sched *s, struct vmxl_sched_ent *se)
{
	struct vmxl_rq *rq = &s->rq[se->rq];
	unsigned long flags;

	spin_lock_irqsave(&rq->lock, flags);
	if (rq->curr == se)
		rq->curr = NULL;
	if (se->state == VMXL_SCHED_QUEUED) {
		list_del_init(&se->node);
		WRITE_ONCE(rq->nr, rq->nr - 1);
		set_first(s, rq);
		atomic_dec(&s->queued);
	}
	spin_unlock_irqrestore(&rq->lock, flags);
}

/**
 * vmxl_sched_tick() - a tick has passed for a worker
 * @s: the scheduler
 * @nr: the worker
 * @now: time
 *
 * Return: whether there is to be another one.
 */
bool vmxl_sched_tick(struct vmxl_sched *s, unsigned int nr, u64 now)
{
	struct vmxl_rq *rq = &s->rq[nr];
	unsigned long flags;
	bool needed;

	spin_lock_irqsave(&rq->lock, flags);
	needed = rq->curr && vmxl_sched_waiting(s);
	if (needed && READ_ONCE(s->policy)->expired(s, rq, now - rq->curr->since))
		s->host->preempt(s, rq->curr);
	spin_unlock_irqrestore(&rq->lock, flags);
	if (needed)
		return true;
	clear_bit(nr, &s->ticking);
	smp_mb__after_atomic();	/* off, then look: pairs with test_and_set_bit() in start_ticks() */
	return vmxl_sched_waiting(s) && READ_ONCE(rq->curr) &&
	       !test_and_set_bit(nr, &s->ticking);
}

/* ---- workers and policies ---- */

static void move_all(struct vmxl_sched *s, unsigned int from, unsigned int to, u64 now)
{
	struct vmxl_sched_ent *se;

	while ((se = dequeue(s, from, now))) {
		enqueue(s, se, to, VMXL_SCHED_MOVE, now);
		wake_worker(s, to);
	}
}

/**
 * vmxl_sched_online() - one more worker
 * @s: the scheduler
 * @now: time
 *
 * The first one gets what waited while there was none.
 * Context: one at a time.
 * Return: its number, or -EBUSY: there are enough.
 */
int vmxl_sched_online(struct vmxl_sched *s, u64 now)
{
	unsigned int nr, i;

	if (s->online == ~0UL)
		return -EBUSY;
	nr = ffz(s->online);
	set_bit(nr, &s->online);
	for (i = 0; i < VMXL_MAX_WORKERS; i++)
		if (!(s->online & BIT(i)))
			move_all(s, i, nr, now);
	return nr;
}

/**
 * vmxl_sched_offline() - a worker goes
 * @s: the scheduler
 * @nr: the worker; runs nothing
 * @now: time
 *
 * What is in its queue the others get; without others it waits there.
 * Context: one at a time.
 */
void vmxl_sched_offline(struct vmxl_sched *s, unsigned int nr, u64 now)
{
	clear_bit(nr, &s->online);
	clear_bit(nr, &s->idle);
	if (s->online)
		move_all(s, nr, __ffs(s->online), now);
}

/**
 * vmxl_sched_set_policy() - run vCPUs in another order
 * @s: the scheduler
 * @policy: VMXL_SCHED_POLICY_*
 *
 * What is queued keeps its place: every policy takes a list as it is.
 * Return: 0 or -EINVAL.
 */
int vmxl_sched_set_policy(struct vmxl_sched *s, unsigned int policy)
{
	if (policy >= ARRAY_SIZE(policies))
		return -EINVAL;
	WRITE_ONCE(s->policy, policies[policy]);
	return 0;
}
