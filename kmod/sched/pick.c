// SPDX-License-Identifier: GPL-2.0
/*
 * Who is next. A worker takes from its own queue what the policy says, but from another one
 * what should have run more than a slice before that, and whatever is first when its own is
 * empty. Who spins lets others on: those that hold a lock, those whose wait is over.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include "impl.h"

/*
 * Who waits for a word to change runs after so long, though it has not: who changed it may
 * have written what was there.
 */
#define MAX_WAIT_NS	50000000

/* Whether its wait cannot be over: what it waits for is as it was, and nobody wants it. */
static bool still_waits(struct vmxl_sched *s, const struct vmxl_sched_ent *se, u64 now)
{
	return se->waits && vmxl_sched_passed(se->since, now) < MAX_WAIT_NS &&
	       s->host->waits(s, se);
}

static bool is_marked(const struct vmxl_sched_ent *se, enum vmxl_pick of)
{
	switch (of) {
	case VMXL_PICK_CRITICAL:
		return se->critical;
	case VMXL_PICK_SPUN:
		return se->spun;
	case VMXL_PICK_BUSY:
		return !se->spins;
	case VMXL_PICK_READY:
		return se->waits;
	default:
		return true;
	}
}

/* Which of a queue worker @nr is to have. A lock that has an order is the oldest's next. */
static struct vmxl_sched_ent *pick(struct vmxl_sched *s, struct vmxl_rq *rq, unsigned int nr,
				   enum vmxl_pick of, u64 now)
{
	struct vmxl_sched_ent *se, *oldest = NULL;

	list_for_each_entry(se, &rq->queue, node) {
		if (!(vmxl_sched_allowed(s, se) & BIT(nr)) || !is_marked(se, of) ||
		    (of != VMXL_PICK_ANY && still_waits(s, se, now)))
			continue;
		if (of != VMXL_PICK_READY)
			return se;
		if (!oldest || (s64)(se->arrived - oldest->arrived) < 0)
			oldest = se;
	}
	return oldest;
}

/**
 * vmxl_sched_dequeue() - take an entity out of a queue
 * @s: the scheduler
 * @from: the queue
 * @nr: the worker that is to have it
 * @of: which ones are looked for
 * @now: time
 *
 * Return: an entity, RUNNING now; or NULL.
 */
struct vmxl_sched_ent *vmxl_sched_dequeue(struct vmxl_sched *s, unsigned int from,
					  unsigned int nr, enum vmxl_pick of, u64 now)
{
	struct vmxl_rq *rq = &s->rq[from];
	struct vmxl_sched_ent *se = NULL;
	unsigned long flags;

	if (!READ_ONCE(rq->nr))
		return NULL;
	spin_lock_irqsave(&rq->lock, flags);
	se = pick(s, rq, nr, of, now);
	if (se) {
		vmxl_sched_unqueue(s, rq, se);
		WRITE_ONCE(se->wait_ns, se->wait_ns + vmxl_sched_passed(se->since, now));
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

/* One of a kind, of which @left are queued, for worker @nr out of any queue */
static struct vmxl_sched_ent *take(struct vmxl_sched *s, unsigned int nr, enum vmxl_pick of,
				   const atomic_t *left, u64 now)
{
	unsigned long online = READ_ONCE(s->online);
	struct vmxl_sched_ent *se = NULL;
	unsigned int i;

	for_each_set_bit(i, &online, VMXL_MAX_WORKERS) {
		if (!atomic_read(left))
			break;
		se = vmxl_sched_dequeue(s, i, nr, of, now);
		if (se)
			break;
	}
	return se;
}

/* Since when the one of queue @from waits whose wait may be over; U64_MAX: there is none. */
static u64 ready_since(struct vmxl_sched *s, unsigned int from, unsigned int nr, u64 now)
{
	struct vmxl_rq *rq = &s->rq[from];
	struct vmxl_sched_ent *se;
	unsigned long flags;
	u64 ret = U64_MAX;

	if (!READ_ONCE(rq->nr))
		return ret;
	spin_lock_irqsave(&rq->lock, flags);
	se = pick(s, rq, nr, VMXL_PICK_READY, now);
	if (se)
		ret = se->arrived;
	spin_unlock_irqrestore(&rq->lock, flags);
	return ret;
}

/* Of all whose wait may be over who has waited longest */
static struct vmxl_sched_ent *take_ready(struct vmxl_sched *s, unsigned int nr, u64 now)
{
	unsigned long online = READ_ONCE(s->online);
	u64 since, oldest = U64_MAX;
	unsigned int i, from = nr;

	if (!atomic_read(&s->nr_waits))
		return NULL;
	for_each_set_bit(i, &online, VMXL_MAX_WORKERS) {
		since = ready_since(s, i, nr, now);
		if (since >= oldest)
			continue;
		oldest = since;
		from = i;
	}
	return oldest == U64_MAX ? NULL : vmxl_sched_dequeue(s, from, nr, VMXL_PICK_READY, now);
}

static struct vmxl_sched_ent *take_critical(struct vmxl_sched *s, unsigned int nr, u64 now)
{
	return take(s, nr, VMXL_PICK_CRITICAL, &s->nr_critical, now);
}

/* Who spins, and has worker @nr, lets another one on before those in order. */
static struct vmxl_sched_ent *let_on(struct vmxl_sched *s, unsigned int nr, u64 now)
{
	struct vmxl_rq *rq = &s->rq[nr];
	struct vmxl_sched_ent *se = NULL;

	/*
	 * Whose wait is over, as the next to have a lock, and who was taken off where others
	 * wait for it, by turns. Each third time those in order have theirs, whoever spins.
	 */
	switch (rq->spins++ % 3) {
	case 0:
		se = take_critical(s, nr, now) ?: take_ready(s, nr, now);
		break;
	case 1:
		se = take_ready(s, nr, now) ?: take_critical(s, nr, now);
		break;
	}
	/* All of its own spin, in vain: who has work and waits elsewhere comes first. */
	if (!se && rq->tried >= READ_ONCE(rq->nr))
		se = take(s, nr, VMXL_PICK_BUSY, &s->nr_busy, now);
	return se;
}

/* One of a kind, of the queue whose first is due, or of any */
static struct vmxl_sched_ent *first(struct vmxl_sched *s, unsigned int nr, enum vmxl_pick of,
				    u64 now)
{
	return vmxl_sched_dequeue(s, best_queue(s, nr), nr, of, now) ?:
	       take(s, nr, of, &s->queued, now);
}

/* Whose turn it is. Who spins goes on if all others still wait: there is nothing in that. */
static struct vmxl_sched_ent *in_order(struct vmxl_sched *s, unsigned int nr,
				       enum vmxl_sched_why why, u64 now)
{
	struct vmxl_sched_ent *se = first(s, nr, VMXL_PICK_RUN, now);

	return se || why == VMXL_SCHED_SPIN ? se : first(s, nr, VMXL_PICK_ANY, now);
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

	if (!vmxl_sched_waiting(s))
		return NULL;
	if (vmxl_quota_vm_over(s, now)) {
		vmxl_sched_start_tick(s, nr);
		return NULL;
	}
	if (why == VMXL_SCHED_SPIN)
		se = let_on(s, nr, now);
	if (!se && READ_ONCE(rq->room))
		se = take(s, nr, VMXL_PICK_SPUN, &s->nr_spun, now);
	WRITE_ONCE(rq->room, false);
	if (se)
		se->nr_directed++;
	else
		se = in_order(s, nr, why, now);
	rq->tried = why == VMXL_SCHED_SPIN && se && se->spins ? rq->tried + 1 : 0;
	if (se && se->rq != nr) {
		se->nr_steals++;
		atomic_long_inc(&s->nr_steals);
	}
	return se;
}

/* The deadline of one in queue @from that spun; U64_MAX: there is none. */
static u64 deadline_in(struct vmxl_sched *s, unsigned int from, unsigned int nr, u64 now)
{
	struct vmxl_rq *rq = &s->rq[from];
	struct vmxl_sched_ent *se;
	unsigned long flags;
	u64 ret = U64_MAX;

	spin_lock_irqsave(&rq->lock, flags);
	se = pick(s, rq, nr, VMXL_PICK_SPUN, now);
	if (se)
		ret = READ_ONCE(s->policy)->deadline(s, se, VMXL_SCHED_SLICE, now);
	spin_unlock_irqrestore(&rq->lock, flags);
	return ret;
}

/* The same of any queue */
static u64 deadline_of_spun(struct vmxl_sched *s, unsigned int nr, u64 now)
{
	unsigned long online = READ_ONCE(s->online);
	u64 ret = U64_MAX;
	unsigned int i;

	for_each_set_bit(i, &online, VMXL_MAX_WORKERS) {
		ret = deadline_in(s, i, nr, now);
		if (ret != U64_MAX)
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
	found = rq->curr && vmxl_sched_comes_first(s, rq, first, now);
	/* If it has not run for a while yet, the other goes on to spin until it has. */
	if (found && vmxl_sched_ran_a_while(rq, now)) {
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
	if (vmxl_sched_passed(max(se->since, se->room_at), now) < VMXL_SCHED_PATIENCE_NS)
		return true;
	if (make_room(s, nr, now)) {
		se->room_at = now;
		return true;
	}
	return !atomic_read(&s->nr_spun) && !atomic_read(&s->nr_critical) &&
	       vmxl_sched_passed(since, now) < VMXL_SCHED_PATIENCE_NS;
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

