// SPDX-License-Identifier: GPL-2.0
/*
 * Queues, states, ticks and balance; sched.h says what this is. Locks of two queues are
 * never held together.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <uapi/linux/vmx_xlate.h>
#include "impl.h"

/* One that was just woken waits until the current one has had so much. */
#define GRANULE_NS	100000

/* Who runs no longer than this only looked whether its wait is over. */
#define LOOK_NS		20000

/* Who spun may be waited for by who spins, for so long */
#define SPUN_NS		100000000
/* How often the tick compares queues */
#define BALANCE_NS	10000000

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
	s->policy = &vmxl_sched_policies[VMXL_SCHED_POLICY_FAIR];
	s->slice_ns = VMXL_SCHED_SLICE_NS;
	spin_lock_init(&s->quota_lock);
	for (i = 0; i < VMXL_MAX_WORKERS; i++) {
		spin_lock_init(&s->rq[i].lock);
		INIT_LIST_HEAD(&s->rq[i].queue);
		INIT_LIST_HEAD(&s->rq[i].parked);
	}
}

/**
 * vmxl_sched_ent_init() - a vCPU that waits to be woken
 * @se: its entity
 * @id: its number: vCPUs whose numbers are near belong together
 */
void vmxl_sched_ent_init(struct vmxl_sched_ent *se, unsigned int id)
{
	*se = (struct vmxl_sched_ent){
		.id = id, .weight = VMXL_SCHED_WEIGHT, .asked = VMXL_SCHED_WEIGHT,
		.workers = ~0UL, .nodes = ~0UL,
	};
	INIT_LIST_HEAD(&se->node);
}

/* ---- who may have it ---- */

/**
 * vmxl_sched_allowed() - the workers that may have a vCPU
 * @s: the scheduler
 * @se: its entity
 *
 * Return: their bits. A mask without a worker that there is, is none.
 */
unsigned long vmxl_sched_allowed(const struct vmxl_sched *s, const struct vmxl_sched_ent *se)
{
	unsigned long online = READ_ONCE(s->online), mask = READ_ONCE(se->workers);
	unsigned long nodes = READ_ONCE(se->nodes), on = 0;
	unsigned int i;

	if (likely(!READ_ONCE(s->pinned) || (mask == ~0UL && nodes == ~0UL)))
		return ~0UL;
	for_each_set_bit(i, &nodes, VMXL_SCHED_NODES)
		on |= READ_ONCE(s->on_node[i]);
	return mask & on & online ?: ~0UL;
}

/* ---- run time ---- */

/* Of the current one, until now. A worker that the host does not run runs nothing. */
static void charge(struct vmxl_sched *s, struct vmxl_rq *rq, u64 now)
{
	struct vmxl_sched_ent *se = rq->curr;
	u64 all = vmxl_sched_passed(se->charged, now), delay = s->host->delay(s, rq - s->rq);
	u64 lost = min(delay - se->delay, all);

	lockdep_assert_held(&rq->lock);
	se->charged += all;
	/* The host counts a wait when it is over: what ticks had charged of it is given back. */
	se->delay += lost;
	WRITE_ONCE(se->delay_ns, se->delay_ns + lost);
	se->run_ns += all - lost;
	vmxl_quota_charge(s, se, all - lost);
	if (READ_ONCE(s->policy)->ran)
		READ_ONCE(s->policy)->ran(s, se, all - lost);
}

/* ---- queues ---- */

static bool needs_tick(struct vmxl_sched *s, const struct vmxl_rq *rq)
{
	if (READ_ONCE(rq->nr_parked))
		return true;
	if (READ_ONCE(rq->curr))
		return vmxl_sched_waiting(s) || READ_ONCE(s->limited);
	return READ_ONCE(s->throttled) && vmxl_sched_waiting(s);
}

/**
 * vmxl_sched_start_tick() - who runs while others wait has a tick, when its time may be over
 * @s: the scheduler
 * @nr: its worker
 */
void vmxl_sched_start_tick(struct vmxl_sched *s, unsigned int nr)
{
	if (needs_tick(s, &s->rq[nr]) && !test_bit(nr, &s->ticking) &&
	    !test_and_set_bit(nr, &s->ticking))
		s->host->tick(s, nr);
}

static void start_ticks(struct vmxl_sched *s)
{
	unsigned long online = READ_ONCE(s->online);
	unsigned int i;

	if (!vmxl_sched_waiting(s) && !READ_ONCE(s->limited))
		return;
	for_each_set_bit(i, &online, VMXL_MAX_WORKERS)
		vmxl_sched_start_tick(s, i);
}

/* The list has changed. */
static void set_first(struct vmxl_sched *s, struct vmxl_rq *rq)
{
	struct vmxl_sched_ent *se;
	unsigned long any = 0;

	if (!rq->nr)
		return;
	WRITE_ONCE(rq->first, list_first_entry(&rq->queue, struct vmxl_sched_ent, node)->deadline);
	if (likely(!READ_ONCE(s->pinned)))
		return;
	list_for_each_entry(se, &rq->queue, node)
		any |= vmxl_sched_allowed(s, se);
	WRITE_ONCE(rq->allowed, any);
}

static void insert(struct vmxl_rq *rq, struct vmxl_sched_ent *se)
{
	struct vmxl_sched_ent *e;

	list_for_each_entry_reverse(e, &rq->queue, node)
		if ((s64)(se->deadline - e->deadline) >= 0)
			break;
	list_add(&se->node, &e->node);
}

/*
 * Into its place. Who spins goes behind all that wait, one of which it waits for; not if it
 * is known when its wait is over.
 */
static void queue_up(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se,
		     enum vmxl_sched_why why, u64 now)
{
	if (why != VMXL_SCHED_MOVE) {
		se->deadline = READ_ONCE(s->policy)->deadline(s, se, why, now);
		se->spins = why == VMXL_SCHED_SPIN;
	}
	if (why == VMXL_SCHED_SPIN && rq->nr && !se->waits) {
		u64 last = list_last_entry(&rq->queue, struct vmxl_sched_ent, node)->deadline;

		if ((s64)(last - se->deadline) > 0)
			se->deadline = last;
	}
	insert(rq, se);
	WRITE_ONCE(rq->nr, rq->nr + 1);
	set_first(s, rq);
	atomic_inc(&s->queued);
	if (se->critical)
		atomic_inc(&s->nr_critical);
	if (se->spun)
		atomic_inc(&s->nr_spun);
	if (se->waits)
		atomic_inc(&s->nr_waits);
	if (!se->spins)
		atomic_inc(&s->nr_busy);
}

/**
 * vmxl_sched_unqueue() - out of its queue
 * @s: the scheduler
 * @rq: the queue, locked
 * @se: the entity
 */
void vmxl_sched_unqueue(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se)
{
	list_del_init(&se->node);
	if (se->parked) {
		se->parked = false;
		WRITE_ONCE(rq->nr_parked, rq->nr_parked - 1);
		return;
	}
	WRITE_ONCE(rq->nr, rq->nr - 1);
	set_first(s, rq);
	atomic_dec(&s->queued);
	if (se->critical)
		atomic_dec(&s->nr_critical);
	if (se->spun)
		atomic_dec(&s->nr_spun);
	if (se->waits)
		atomic_dec(&s->nr_waits);
	if (!se->spins)
		atomic_dec(&s->nr_busy);
}

static void park(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se)
{
	se->parked = true;
	se->nr_throttles++;
	list_add_tail(&se->node, &rq->parked);
	WRITE_ONCE(rq->nr_parked, rq->nr_parked + 1);
}

/**
 * vmxl_sched_comes_first() - whether another one is due before who runs, were that queued now
 * @s: the scheduler
 * @rq: the queue whose current one is asked about, locked
 * @deadline: the other's
 * @now: time
 *
 * Return: true: it is.
 */
bool vmxl_sched_comes_first(struct vmxl_sched *s, struct vmxl_rq *rq, u64 deadline, u64 now)
{
	charge(s, rq, now);
	return (s64)(deadline -
		     READ_ONCE(s->policy)->deadline(s, rq->curr, VMXL_SCHED_SLICE, now)) < 0;
}

/**
 * vmxl_sched_ran_a_while() - whether who runs may be made to stop
 * @rq: the queue whose current one is asked about, locked
 * @now: time
 *
 * Return: false: it has just begun.
 */
bool vmxl_sched_ran_a_while(const struct vmxl_rq *rq, u64 now)
{
	return vmxl_sched_passed(rq->curr->since, now) >= GRANULE_NS;
}

/* Whether @se, just queued, is to run before @rq's current one goes on */
static bool preempts(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se, u64 now)
{
	return rq->curr && vmxl_sched_ran_a_while(rq, now) &&
	       vmxl_sched_comes_first(s, rq, se->deadline, now);
}

static void reweigh(struct vmxl_sched *s, struct vmxl_sched_ent *se, enum vmxl_sched_why why)
{
	u32 old = why == VMXL_SCHED_WAKE ? 0 : se->weight;

	se->weight = READ_ONCE(se->asked);
	if (unlikely(se->weight != old))
		atomic_long_add((long)se->weight - old, &s->weights);
}

static void enqueue(struct vmxl_sched *s, struct vmxl_sched_ent *se, unsigned int nr,
		    enum vmxl_sched_why why, u64 now)
{
	struct vmxl_rq *rq = &s->rq[nr];
	unsigned long flags;

	if (why == VMXL_SCHED_WAKE && s->host->woken)
		s->host->woken(s, se);
	spin_lock_irqsave(&rq->lock, flags);
	WRITE_ONCE(se->state, VMXL_SCHED_QUEUED);
	se->rq = nr;
	se->since = now;
	if (why != VMXL_SCHED_MOVE)
		se->ready = now;
	reweigh(s, se, why);
	if (vmxl_quota_over(s, &se->quota, now)) {
		park(s, rq, se);
	} else {
		queue_up(s, rq, se, why, now);
		if (why == VMXL_SCHED_WAKE && preempts(s, rq, se, now))
			s->host->preempt(s, rq->curr);
	}
	spin_unlock_irqrestore(&rq->lock, flags);
	vmxl_sched_start_tick(s, nr);
	start_ticks(s);
}

/**
 * vmxl_sched_out_of_quota() - whether a vCPU is to stop although no other waits
 * @s: the scheduler
 * @se: its entity, the caller's current one
 * @now: time
 *
 * Return: true: give it up.
 */
bool vmxl_sched_out_of_quota(struct vmxl_sched *s, struct vmxl_sched_ent *se, u64 now)
{
	return vmxl_quota_over(s, &se->quota, now) || vmxl_quota_vm_over(s, now);
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
	se->charged = now;
	se->delay = s->host->delay(s, nr);
	se->critical = false;
	se->spun = false;
	se->nr_switches++;
	WRITE_ONCE(rq->curr, se);
	spin_unlock_irqrestore(&rq->lock, flags);
	vmxl_sched_start_tick(s, nr);
	start_ticks(s);
}

/* ---- who comes where ---- */

/*
 * Where it was last, if that worker waits for work; another that does, of the same node
 * if there is one; else where it was.
 */
static unsigned int place(struct vmxl_sched *s, const struct vmxl_sched_ent *se)
{
	unsigned long online = READ_ONCE(s->online) & vmxl_sched_allowed(s, se);
	unsigned long idle = READ_ONCE(s->idle) & online;
	unsigned long near = idle & READ_ONCE(s->on_node[READ_ONCE(s->rq[se->rq].node)]);

	if (idle & BIT(se->rq))
		return se->rq;
	if (idle)
		return __ffs(near ?: idle);
	return online & BIT(se->rq) || !online ? se->rq : __ffs(online);
}

/* Somebody of @mask is to come for what was just put into queue @nr. */
static void wake_worker(struct vmxl_sched *s, unsigned int nr, unsigned long mask)
{
	unsigned long idle;

	smp_mb();	/* queued, then idle; pairs with vmxl_sched_set_idle() */
	for (;;) {
		idle = READ_ONCE(s->idle) & READ_ONCE(s->online) & mask;
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
	unsigned long mask;

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
	if (unlikely(se->id >= READ_ONCE(s->nr_ids)))
		WRITE_ONCE(s->nr_ids, se->id + 1);
	nr = place(s, se);
	mask = vmxl_sched_allowed(s, se);
	enqueue(s, se, nr, VMXL_SCHED_WAKE, now);
	wake_worker(s, nr, mask);
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
	unsigned long flags, mask = vmxl_sched_allowed(s, se);
	unsigned int nr = se->rq;
	struct vmxl_rq *rq = &s->rq[nr];

	spin_lock_irqsave(&rq->lock, flags);
	if (rq->curr == se) {
		charge(s, rq, now);
		WRITE_ONCE(rq->curr, NULL);
	}
	spin_unlock_irqrestore(&rq->lock, flags);
	if (why == VMXL_SCHED_SPIN) {
		se->nr_spins++;
		se->spun_at = now;
	}
	se->waits &= why == VMXL_SCHED_SPIN;
	if (se->waits && vmxl_sched_passed(se->since, now) >= LOOK_NS)
		se->arrived = now;
	se->spun = why != VMXL_SCHED_BLOCK && se->spun_at &&
		   vmxl_sched_passed(se->spun_at, now) < SPUN_NS;
	if (why == VMXL_SCHED_BLOCK) {
		se->critical = false;
		atomic_long_sub(se->weight, &s->weights);
		if (cmpxchg(&se->state, VMXL_SCHED_RUNNING, VMXL_SCHED_BLOCKED) ==
		    VMXL_SCHED_RUNNING)
			return;
		why = VMXL_SCHED_WAKE;
	}
	nr = mask & BIT(nr) ? nr : place(s, se);
	enqueue(s, se, nr, why, now);
	wake_worker(s, nr, mask);
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
	if (se->state == VMXL_SCHED_QUEUED)
		vmxl_sched_unqueue(s, rq, se);
	if (se->state != VMXL_SCHED_BLOCKED)
		atomic_long_sub(se->weight, &s->weights);
	spin_unlock_irqrestore(&rq->lock, flags);
}

/* ---- ticks ---- */

/* Whether the current one is to make room for another, or has used up its quota */
static bool expired(struct vmxl_sched *s, struct vmxl_rq *rq, u64 now)
{
	const struct vmxl_sched_policy *policy = READ_ONCE(s->policy);
	struct vmxl_sched_ent *se = rq->curr;
	u64 slice = READ_ONCE(s->slice_ns);

	charge(s, rq, now);
	if (vmxl_quota_over(s, &se->quota, now) || READ_ONCE(s->throttled))
		return true;
	if (policy->slots ? div64_u64(now, slice) == div64_u64(se->since, slice) :
	    vmxl_sched_passed(se->since, now) < slice)
		return false;
	/* One that waits in another queue may be a steal. A heavy one may be the first again. */
	return !rq->nr ||
	       (s64)(rq->first - policy->deadline(s, se, VMXL_SCHED_SLICE, now)) <= 0;
}

/* Those whose quota has come wait again, for a worker. */
static bool unpark(struct vmxl_sched *s, struct vmxl_rq *rq, u64 now)
{
	struct vmxl_sched_ent *se, *next;
	bool any = false;

	list_for_each_entry_safe(se, next, &rq->parked, node) {
		if (vmxl_quota_over(s, &se->quota, now))
			continue;
		WRITE_ONCE(se->throttled_ns, se->throttled_ns + vmxl_sched_passed(se->since, now));
		se->ready = now;
		vmxl_sched_unqueue(s, rq, se);
		queue_up(s, rq, se, VMXL_SCHED_WAKE, now);
		any = true;
	}
	return any;
}

static void move(struct vmxl_sched *s, struct vmxl_sched_ent *se, unsigned int to, u64 now)
{
	unsigned long mask = vmxl_sched_allowed(s, se);

	enqueue(s, se, to, VMXL_SCHED_MOVE, now);
	wake_worker(s, to, mask);
}

static unsigned int longest_queue(struct vmxl_sched *s, unsigned int nr)
{
	unsigned long online = READ_ONCE(s->online);
	unsigned int i, most = nr;

	for_each_set_bit(i, &online, VMXL_MAX_WORKERS)
		if (READ_ONCE(s->rq[i].nr) > READ_ONCE(s->rq[most].nr))
			most = i;
	return most;
}

/* Have half of what the longest queue has more. */
static void balance(struct vmxl_sched *s, unsigned int nr, u64 now)
{
	unsigned int from = longest_queue(s, nr), n;
	struct vmxl_sched_ent *se;

	if (READ_ONCE(s->rq[from].nr) < READ_ONCE(s->rq[nr].nr) + 2)
		return;
	n = (READ_ONCE(s->rq[from].nr) - READ_ONCE(s->rq[nr].nr)) / 2;
	while (n-- && (se = vmxl_sched_dequeue(s, from, nr, VMXL_PICK_ANY, now))) {
		move(s, se, nr, now);
		atomic_long_inc(&s->nr_moves);
	}
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
	bool over = vmxl_quota_vm_over(s, now), ready, due;
	struct vmxl_rq *rq = &s->rq[nr];
	unsigned long flags;

	spin_lock_irqsave(&rq->lock, flags);
	ready = unpark(s, rq, now);
	if (rq->curr && needs_tick(s, rq) && expired(s, rq, now))
		s->host->preempt(s, rq->curr);
	due = now - rq->balanced >= BALANCE_NS;
	if (due)
		rq->balanced = now;
	spin_unlock_irqrestore(&rq->lock, flags);
	if (due)
		balance(s, nr, now);
	if (ready || (!over && READ_ONCE(s->limited) && vmxl_sched_waiting(s)))
		wake_worker(s, nr, ~0UL);
	if (needs_tick(s, rq))
		return true;
	clear_bit(nr, &s->ticking);
	/* Off, then look: pairs with test_and_set_bit() in vmxl_sched_start_tick(). */
	smp_mb__after_atomic();
	return needs_tick(s, rq) && !test_and_set_bit(nr, &s->ticking);
}

/* ---- workers and policies ---- */

/* All of a queue whose worker is not there, also those that are parked */
static void move_all(struct vmxl_sched *s, unsigned int from, unsigned int to, u64 now)
{
	struct vmxl_rq *rq = &s->rq[from];
	struct vmxl_sched_ent *se;
	unsigned long flags;

	for (;;) {
		spin_lock_irqsave(&rq->lock, flags);
		se = list_first_entry_or_null(list_empty(&rq->queue) ? &rq->parked : &rq->queue,
					      struct vmxl_sched_ent, node);
		if (se) {
			vmxl_sched_unqueue(s, rq, se);
			WRITE_ONCE(se->wait_ns, se->wait_ns + vmxl_sched_passed(se->since, now));
		}
		spin_unlock_irqrestore(&rq->lock, flags);
		if (!se)
			return;
		move(s, se, to, now);
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
	set_bit(nr, &s->on_node[s->rq[nr].node]);
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
	clear_bit(nr, &s->on_node[s->rq[nr].node]);
	if (s->online)
		move_all(s, nr, __ffs(s->online), now);
}

/**
 * vmxl_sched_set_node() - on which node a worker is
 * @s: the scheduler
 * @nr: the worker, by itself
 * @node: NUMA node of the host; those from VMXL_SCHED_NODES on count as the last
 */
void vmxl_sched_set_node(struct vmxl_sched *s, unsigned int nr, unsigned int node)
{
	unsigned int old = s->rq[nr].node;

	node = min(node, VMXL_SCHED_NODES - 1U);
	if (likely(node == old))
		return;
	clear_bit(nr, &s->on_node[old]);
	WRITE_ONCE(s->rq[nr].node, node);
	set_bit(nr, &s->on_node[node]);
}

/* Each queue in the order of the policy that there is now */
static void sort_all(struct vmxl_sched *s, u64 now)
{
	struct vmxl_sched_ent *se, *next;
	unsigned long flags;
	unsigned int i;
	LIST_HEAD(old);

	for (i = 0; i < VMXL_MAX_WORKERS; i++) {
		struct vmxl_rq *rq = &s->rq[i];

		spin_lock_irqsave(&rq->lock, flags);
		list_splice_init(&rq->queue, &old);
		list_for_each_entry_safe(se, next, &old, node) {
			list_del(&se->node);
			se->deadline = READ_ONCE(s->policy)->deadline(s, se, VMXL_SCHED_WAKE, now);
			insert(rq, se);
		}
		set_first(s, rq);
		spin_unlock_irqrestore(&rq->lock, flags);
	}
}

/**
 * vmxl_sched_set_policy() - run vCPUs in another order
 * @s: the scheduler
 * @policy: VMXL_SCHED_POLICY_*
 * @now: time
 *
 * Return: 0 or -EINVAL.
 */
int vmxl_sched_set_policy(struct vmxl_sched *s, unsigned int policy, u64 now)
{
	if (policy >= ARRAY_SIZE(vmxl_sched_policies))
		return -EINVAL;
	/* Who comes into a queue after it was sorted finds the new one: it has the lock then. */
	WRITE_ONCE(s->policy, &vmxl_sched_policies[policy]);
	sort_all(s, now);
	return 0;
}

/**
 * vmxl_sched_set_quota() - limit the run time of all vCPUs together
 * @s: the scheduler
 * @period: ns, not 0
 * @runtime: ns in each period; 0: no limit
 * @now: time
 */
void vmxl_sched_set_quota(struct vmxl_sched *s, u64 period, u64 runtime, u64 now)
{
	vmxl_quota_set(s, &s->quota, period, runtime, now);
	start_ticks(s);
}

/**
 * vmxl_sched_set_ent() - what is said about a vCPU
 * @s: the scheduler
 * @se: its entity
 * @limits: what; checked
 * @now: time
 *
 * The weight holds from when it waits next, masks from when a worker looks for it next.
 */
void vmxl_sched_set_ent(struct vmxl_sched *s, struct vmxl_sched_ent *se,
			const struct vmxl_sched_limits *limits, u64 now)
{
	unsigned long flags;
	struct vmxl_rq *rq;
	unsigned int i;

	if (limits->workers != ~0UL || limits->nodes != ~0UL)
		WRITE_ONCE(s->pinned, true);
	WRITE_ONCE(se->asked, limits->weight);
	WRITE_ONCE(se->workers, limits->workers);
	WRITE_ONCE(se->nodes, limits->nodes);
	vmxl_quota_set(s, &se->quota, limits->period, limits->runtime, now);
	for (i = 0; i < VMXL_MAX_WORKERS; i++) {
		rq = &s->rq[i];
		spin_lock_irqsave(&rq->lock, flags);
		set_first(s, rq);
		if (rq->curr == se && !(vmxl_sched_allowed(s, se) & BIT(i)))
			s->host->preempt(s, se);
		spin_unlock_irqrestore(&rq->lock, flags);
	}
	start_ticks(s);
}
