// SPDX-License-Identifier: GPL-2.0
/*
 * Round robin: everyone a slice, in the order in which they came. What the other
 * policies are measured against.
 */
#include "sched.h"

static void rr_enqueue(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se,
		       enum vmxl_sched_why why)
{
	se->deadline = se->since;
	list_add_tail(&se->node, &rq->queue);
}

static struct vmxl_sched_ent *rr_pick(struct vmxl_sched *s, struct vmxl_rq *rq)
{
	return list_first_entry(&rq->queue, struct vmxl_sched_ent, node);
}

static void rr_ran(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se, u64 ns)
{
}

static bool rr_expired(struct vmxl_sched *s, struct vmxl_rq *rq, u64 ran)
{
	return ran >= READ_ONCE(s->slice_ns);
}

static bool rr_preempts(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se)
{
	return false;
}

const struct vmxl_sched_policy vmxl_sched_rr = {
	.name = "rr",
	.enqueue = rr_enqueue,
	.pick = rr_pick,
	.ran = rr_ran,
	.expired = rr_expired,
	.preempts = rr_preempts,
};
