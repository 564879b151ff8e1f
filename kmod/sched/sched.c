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
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <uapi/linux/vmx_xlate.h>
#include "sched.h"

/* One that was just woken waits until the current one has had so much. */
#define GRANULE_NS	100000

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

/* Workers; a mask without one that there is, is none. */
static unsigned long allowed(const struct vmxl_sched *s, const struct vmxl_sched_ent *se)
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

/* From @then to @now, which others may have looked at the clock after */
static u64 passed(u64 then, u64 now)
{
	return (s64)(now - then) > 0 ? now - then : 0;
}

/* Of the current one, until now. A worker that the host does not run runs nothing. */
static void charge(struct vmxl_sched *s, struct vmxl_rq *rq, u64 now)
{
	struct vmxl_sched_ent *se = rq->curr;
	u64 all = passed(se->charged, now), delay = s->host->delay(s, rq - s->rq);
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

/* Those who run while somebody waits have a tick, at which their time may be over. */
static void start_tick(struct vmxl_sched *s, unsigned int nr)
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
		start_tick(s, i);
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
		any |= allowed(s, se);
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

/* Into its place. Who spins goes behind all that wait, one of which it waits for. */
static void queue_up(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se,
		     enum vmxl_sched_why why, u64 now)
{
	if (why != VMXL_SCHED_MOVE) {
		se->deadline = READ_ONCE(s->policy)->deadline(s, se, why, now);
		se->spins = why == VMXL_SCHED_SPIN;
	}
	if (why == VMXL_SCHED_SPIN && rq->nr) {
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
	if (!se->spins)
		atomic_inc(&s->nr_busy);
}

static void unqueue(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se)
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

/* Whether who is due at @deadline comes before @rq's current one, were that queued now */
static bool comes_first(struct vmxl_sched *s, struct vmxl_rq *rq, u64 deadline, u64 now)
{
	charge(s, rq, now);
	return (s64)(deadline -
		     READ_ONCE(s->policy)->deadline(s, rq->curr, VMXL_SCHED_SLICE, now)) < 0;
}

/* Whether @rq's current one has run for a while, and may be made to stop */
static bool ran_a_while(const struct vmxl_rq *rq, u64 now)
{
	return passed(rq->curr->since, now) >= GRANULE_NS;
}

/* Whether @se, just queued, is to run before @rq's current one goes on */
static bool preempts(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se, u64 now)
{
	return rq->curr && ran_a_while(rq, now) && comes_first(s, rq, se->deadline, now);
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
	start_tick(s, nr);
	start_ticks(s);
}

/* Of which entities one is to be picked: all, or those with a mark */
enum vmxl_pick {
	VMXL_PICK_ANY,
	VMXL_PICK_CRITICAL,
	VMXL_PICK_SPUN,
	VMXL_PICK_BUSY,
};

static bool is_picked(const struct vmxl_sched_ent *se, enum vmxl_pick of)
{
	switch (of) {
	case VMXL_PICK_CRITICAL:
		return se->critical;
	case VMXL_PICK_SPUN:
		return se->spun;
	case VMXL_PICK_BUSY:
		return !se->spins;
	default:
		return true;
	}
}

/* Which of a queue worker @nr is to have */
static struct vmxl_sched_ent *pick(struct vmxl_sched *s, struct vmxl_rq *rq, unsigned int nr,
				   enum vmxl_pick of)
{
	struct vmxl_sched_ent *se;

	list_for_each_entry(se, &rq->queue, node)
		if ((allowed(s, se) & BIT(nr)) && is_picked(se, of))
			return se;
	return NULL;
}

/* Take one for worker @nr out of queue @from. */
static struct vmxl_sched_ent *dequeue(struct vmxl_sched *s, unsigned int from, unsigned int nr,
				      enum vmxl_pick of, u64 now)
{
	struct vmxl_rq *rq = &s->rq[from];
	struct vmxl_sched_ent *se = NULL;
	unsigned long flags;

	if (!READ_ONCE(rq->nr))
		return NULL;
	spin_lock_irqsave(&rq->lock, flags);
	se = pick(s, rq, nr, of);
	if (se) {
		unqueue(s, rq, se);
		WRITE_ONCE(se->wait_ns, se->wait_ns + passed(se->since, now));
		WRITE_ONCE(se->state, VMXL_SCHED_RUNNING);
	}
	spin_unlock_irqrestore(&rq->lock, flags);
	return se;
}

static bool has_one_for(struct vmxl_sched *s, unsigned int from, unsigned int nr)
{
	return READ_ONCE(s->rq[from].nr) &&
	       (!READ_ONCE(s->pinned) || (READ_ONCE(s->rq[from].allowed) & BIT(nr)));
}

/* The queue that worker @nr is to take from. Its own has a slice's advantage. */
static unsigned int best_queue(struct vmxl_sched *s, unsigned int nr)
{
	unsigned long online = READ_ONCE(s->online);
	bool any = has_one_for(s, nr, nr);
	u64 first = READ_ONCE(s->rq[nr].first);
	u64 limit = any && !READ_ONCE(s->policy)->slots ? READ_ONCE(s->slice_ns) : 0;
	unsigned int i, best = nr;

	for_each_set_bit(i, &online, VMXL_MAX_WORKERS) {
		u64 its = READ_ONCE(s->rq[i].first);

		if (i == nr || !has_one_for(s, i, nr))
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

/* One with a mark, of which @left are queued: a vCPU that spins lets it on. */
static struct vmxl_sched_ent *take_marked(struct vmxl_sched *s, unsigned int nr,
					  enum vmxl_pick of, const atomic_t *left,
					  unsigned int *from, u64 now)
{
	unsigned long online = READ_ONCE(s->online);
	struct vmxl_sched_ent *se;

	for_each_set_bit(*from, &online, VMXL_MAX_WORKERS) {
		if (!atomic_read(left))
			break;
		se = dequeue(s, *from, nr, of, now);
		if (se) {
			se->nr_directed++;
			return se;
		}
	}
	return NULL;
}

/**
 * vmxl_sched_next() - what a worker is to run
 * @s: the scheduler
 * @nr: the worker
 * @why: it gives the one up that it has (SPIN), or other
 * @now: time
 *
 * A worker that has a vCPU asks before it puts that back, which nobody else
 * needs to see then if there is no other.
 * Return: an entity that is RUNNING now, or NULL. It becomes the current one by
 * vmxl_sched_run().
 */
struct vmxl_sched_ent *vmxl_sched_next(struct vmxl_sched *s, unsigned int nr,
				       enum vmxl_sched_why why, u64 now)
{
	struct vmxl_rq *rq = &s->rq[nr];
	struct vmxl_sched_ent *se = NULL;
	unsigned int from = nr;

	if (!vmxl_sched_waiting(s))
		return NULL;
	if (vmxl_quota_vm_over(s, now)) {
		start_tick(s, nr);
		return NULL;
	}
	/*
	 * Who was taken off where others wait for it. Every other time at most: those in
	 * order have their turn, whoever spins.
	 */
	if (why == VMXL_SCHED_SPIN && !rq->directed)
		se = take_marked(s, nr, VMXL_PICK_CRITICAL, &s->nr_critical, &from, now);
	rq->directed = se;
	if (!se && READ_ONCE(rq->room))
		se = take_marked(s, nr, VMXL_PICK_SPUN, &s->nr_spun, &from, now);
	WRITE_ONCE(rq->room, false);
	/* All of its own spin, in vain: who has work and waits elsewhere comes first. */
	if (!se && why == VMXL_SCHED_SPIN && rq->tried >= READ_ONCE(rq->nr))
		se = take_marked(s, nr, VMXL_PICK_BUSY, &s->nr_busy, &from, now);
	if (!se) {
		from = best_queue(s, nr);
		se = dequeue(s, from, nr, VMXL_PICK_ANY, now);
	}
	rq->tried = why == VMXL_SCHED_SPIN && se && se->spins ? rq->tried + 1 : 0;
	if (se && from != nr) {
		se->nr_steals++;
		atomic_long_inc(&s->nr_steals);
	}
	return se;
}

/* The deadline of one that spun and waits; U64_MAX: there is none. */
static u64 deadline_of_spun(struct vmxl_sched *s, unsigned int nr, u64 now)
{
	unsigned long flags, online = READ_ONCE(s->online);
	struct vmxl_sched_ent *se;
	u64 ret = U64_MAX;
	unsigned int i;

	for_each_set_bit(i, &online, VMXL_MAX_WORKERS) {
		spin_lock_irqsave(&s->rq[i].lock, flags);
		se = pick(s, &s->rq[i], nr, VMXL_PICK_SPUN);
		if (se)
			ret = READ_ONCE(s->policy)->deadline(s, se, VMXL_SCHED_SLICE, now);
		spin_unlock_irqrestore(&s->rq[i].lock, flags);
		if (se)
			break;
	}
	return ret;
}

/* Have worker @nr give up what it has, if that had more of its share than one that spun. */
static bool make_room_on(struct vmxl_sched *s, unsigned int nr, u64 now)
{
	struct vmxl_rq *rq = &s->rq[nr];
	u64 first = deadline_of_spun(s, nr, now);
	unsigned long flags;
	bool found;

	if (first == U64_MAX)
		return false;
	spin_lock_irqsave(&rq->lock, flags);
	found = rq->curr && comes_first(s, rq, first, now);
	/* If it has not run for a while yet, the other goes on to spin until it has. */
	if (found && ran_a_while(rq, now)) {
		WRITE_ONCE(rq->room, true);
		s->host->preempt(s, rq->curr);
	}
	spin_unlock_irqrestore(&rq->lock, flags);
	return found;
}

/*
 * Another worker is to take one that spun before it lost its worker, if what that has had
 * more of its share by now: so those that wait for each other get their slices at the same
 * time. Not where a policy knows no shares (rr), and not if more spin than there are
 * workers: they wait for something else.
 */
static bool make_room(struct vmxl_sched *s, unsigned int nr, u64 now)
{
	const struct vmxl_sched_policy *policy = READ_ONCE(s->policy);
	unsigned long online = READ_ONCE(s->online);
	int spun = atomic_read(&s->nr_spun);
	unsigned int i;

	if (!spun || spun >= (int)hweight_long(online) || (!policy->ran && !policy->slots))
		return false;
	for_each_set_bit(i, &online, VMXL_MAX_WORKERS)
		if (i != nr && make_room_on(s, i, now))
			return true;
	return false;
}

/**
 * vmxl_sched_spins() - a vCPU waits in a loop: is it to go on, or to give its slice away?
 * @s: the scheduler
 * @nr: its worker
 * @se: its entity, the worker's current one
 * @since: when it began
 * @now: time
 *
 * It goes on while whom it waits for comes soon, where others are made to make room for
 * that; and for a while if nobody waits that is known to be waited for: then that one runs,
 * and may have been interrupted.
 * Return: true: go on.
 */
bool vmxl_sched_spins(struct vmxl_sched *s, unsigned int nr, struct vmxl_sched_ent *se, u64 since,
		      u64 now)
{
	se->spun_at = now;
	if (passed(max(se->since, se->room_at), now) < VMXL_SCHED_PATIENCE_NS)
		return true;
	if (make_room(s, nr, now)) {
		se->room_at = now;
		return true;
	}
	return !atomic_read(&s->nr_spun) && !atomic_read(&s->nr_critical) &&
	       passed(since, now) < VMXL_SCHED_PATIENCE_NS;
}

/**
 * vmxl_sched_has_work() - whether a worker has a reason to ask for a vCPU
 * @s: the scheduler
 * @nr: the worker
 *
 * Return: false: it may wait, and will be woken.
 */
bool vmxl_sched_has_work(struct vmxl_sched *s, unsigned int nr)
{
	unsigned long online = READ_ONCE(s->online);
	unsigned int i;

	if (!vmxl_sched_waiting(s) || READ_ONCE(s->throttled))
		return false;
	if (likely(!READ_ONCE(s->pinned)))
		return true;
	for_each_set_bit(i, &online, VMXL_MAX_WORKERS)
		if (has_one_for(s, i, nr))
			return true;
	return false;
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
	start_tick(s, nr);
	start_ticks(s);
}

/* ---- who comes where ---- */

/*
 * Where it was last, if that worker waits for work; another that does, of the same node
 * if there is one; else where it was.
 */
static unsigned int place(struct vmxl_sched *s, const struct vmxl_sched_ent *se)
{
	unsigned long online = READ_ONCE(s->online) & allowed(s, se);
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
	mask = allowed(s, se);
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
	unsigned long flags, mask = allowed(s, se);
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
	se->spun = why != VMXL_SCHED_BLOCK && se->spun_at && passed(se->spun_at, now) < SPUN_NS;
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
		unqueue(s, rq, se);
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
	    passed(se->since, now) < slice)
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
		WRITE_ONCE(se->throttled_ns, se->throttled_ns + passed(se->since, now));
		se->ready = now;
		unqueue(s, rq, se);
		queue_up(s, rq, se, VMXL_SCHED_WAKE, now);
		any = true;
	}
	return any;
}

static void move(struct vmxl_sched *s, struct vmxl_sched_ent *se, unsigned int to, u64 now)
{
	unsigned long mask = allowed(s, se);

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
	while (n-- && (se = dequeue(s, from, nr, VMXL_PICK_ANY, now))) {
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
	smp_mb__after_atomic();	/* off, then look: pairs with test_and_set_bit() in start_tick() */
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
			unqueue(s, rq, se);
			WRITE_ONCE(se->wait_ns, se->wait_ns + passed(se->since, now));
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
		if (rq->curr == se && !(allowed(s, se) & BIT(i)))
			s->host->preempt(s, se);
		spin_unlock_irqrestore(&rq->lock, flags);
	}
	start_ticks(s);
}
