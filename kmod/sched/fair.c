// SPDX-License-Identifier: GPL-2.0
/*
 * Fair: virtual deadlines. A vCPU's virtual time is what it ran, by its weight; its
 * deadline is a slice after that, and the earliest goes first. Who slept comes back
 * with what it was behind or ahead of the others, a slice at most; who spins goes
 * behind all that wait, one of which it waits for.
 */
#include <linux/math64.h>
#include <linux/minmax.h>
#include "sched.h"

/* One that was just woken waits until the current one has had so much. */
#define GRANULE_NS	100000

static u64 weighted(const struct vmxl_sched_ent *se, u64 ns)
{
	return div_u64(ns * VMXL_SCHED_WEIGHT, se->weight);
}

static s64 later(const struct vmxl_sched_ent *a, const struct vmxl_sched_ent *b)
{
	return (s64)(a->deadline - b->deadline);
}

static void insert(struct vmxl_rq *rq, struct vmxl_sched_ent *se)
{
	struct vmxl_sched_ent *e;

	list_for_each_entry_reverse(e, &rq->queue, node)
		if (later(se, e) >= 0)
			break;
	list_add(&se->node, &e->node);
}

static void fair_enqueue(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se,
			 enum vmxl_sched_why why)
{
	s64 lag = READ_ONCE(s->slice_ns), ahead = se->vruntime - READ_ONCE(s->vtime);

	if (why == VMXL_SCHED_WAKE)
		se->vruntime = READ_ONCE(s->vtime) + clamp(ahead, -lag, lag);
	se->deadline = se->vruntime + weighted(se, lag);
	if (why == VMXL_SCHED_SPIN && rq->nr) {
		struct vmxl_sched_ent *last = list_last_entry(&rq->queue, struct vmxl_sched_ent,
							      node);

		if (later(last, se) > 0)
			se->deadline = last->deadline;
	}
	insert(rq, se);
}

static struct vmxl_sched_ent *fair_pick(struct vmxl_sched *s, struct vmxl_rq *rq)
{
	return list_first_entry(&rq->queue, struct vmxl_sched_ent, node);
}

static void fair_ran(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se, u64 ns)
{
	se->vruntime += weighted(se, ns);
}

/* A heavy one may be the first again. */
static bool fair_expired(struct vmxl_sched *s, struct vmxl_rq *rq, u64 ran)
{
	u64 slice = READ_ONCE(s->slice_ns);
	u64 deadline = rq->curr->vruntime + weighted(rq->curr, ran + slice);

	return ran >= slice && (!rq->nr || (s64)(rq->first - deadline) <= 0);
}

static bool fair_preempts(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se)
{
	u64 ran = se->since - rq->curr->since;

	return ran >= GRANULE_NS &&
	       (s64)(se->vruntime - rq->curr->vruntime - weighted(rq->curr, ran)) < 0;
}

const struct vmxl_sched_policy vmxl_sched_fair = {
	.name = "fair",
	.enqueue = fair_enqueue,
	.pick = fair_pick,
	.ran = fair_ran,
	.expired = fair_expired,
	.preempts = fair_preempts,
};
