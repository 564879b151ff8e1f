// SPDX-License-Identifier: GPL-2.0
/*
 * The policies. Queues are in the order of deadlines, whatever a policy takes for
 * time: a policy says what the deadline of a vCPU is, and what becomes of run time.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <uapi/linux/vmx_xlate.h>
#include "sched.h"

/* ---- round robin: a slice each, in the order in which they came ---- */

static u64 rr_deadline(struct vmxl_sched *s, struct vmxl_sched_ent *se, enum vmxl_sched_why why,
		       u64 now)
{
	return now;
}

/*
 * ---- fair: virtual deadlines ----
 *
 * A vCPU's virtual time is what it ran, by its weight; its deadline is a slice after
 * that. Who slept comes back with what it was behind or ahead of the others, a slice
 * at most.
 */

static u64 weighted(const struct vmxl_sched_ent *se, u64 ns)
{
	return div_u64(ns * VMXL_SCHED_WEIGHT, se->weight);
}

static u64 fair_deadline(struct vmxl_sched *s, struct vmxl_sched_ent *se, enum vmxl_sched_why why,
			 u64 now)
{
	s64 lag = READ_ONCE(s->slice_ns), ahead = se->vruntime - READ_ONCE(s->vtime);

	if (why == VMXL_SCHED_WAKE)
		se->vruntime = READ_ONCE(s->vtime) + clamp(ahead, -lag, lag);
	return se->vruntime + weighted(se, lag);
}

static void fair_ran(struct vmxl_sched *s, struct vmxl_sched_ent *se, u64 ns)
{
	se->vruntime += weighted(se, ns);
}

/*
 * ---- credit ----
 *
 * Those who do not sleep share what the workers have by weight, as credit, of which
 * nobody has more than a slice. Who has some runs in the order in which it came, and
 * at once if it slept; who is in debt is due when that is paid.
 */

#define CREDIT_NS	30000000LL	/* who slept is so much before others, debts are no more */

/* What the workers have, over its share: as a fraction */
static u64 credit_share(struct vmxl_sched *s, const struct vmxl_sched_ent *se, u64 *all)
{
	*all = max_t(u64, atomic_long_read(&s->weights), se->weight);
	return min((u64)se->weight * max(hweight_long(READ_ONCE(s->online)), 1UL), *all);
}

static u64 credit_deadline(struct vmxl_sched *s, struct vmxl_sched_ent *se,
			   enum vmxl_sched_why why, u64 now)
{
	u64 all, share = credit_share(s, se, &all);
	s64 slice = READ_ONCE(s->slice_ns), past = clamp_t(s64, now - se->refilled, 0, CREDIT_NS);

	se->credit = min_t(s64, se->credit + (s64)div64_u64(past * share, all), slice);
	se->refilled = now;
	if (se->credit < 0)
		return now + min_t(u64, div64_u64(-se->credit * all, share), 8 * CREDIT_NS);
	return why == VMXL_SCHED_WAKE ? now - CREDIT_NS : now;
}

static void credit_ran(struct vmxl_sched *s, struct vmxl_sched_ent *se, u64 ns)
{
	se->credit = max_t(s64, se->credit - (s64)ns, -CREDIT_NS);
}

/*
 * ---- gang ----
 *
 * As many vCPUs as there are workers, with neighbouring numbers, are a gang: one
 * after the other has a slot of a slice's length on all workers at the same time.
 * The deadline is when the vCPU's slot begins. Where one of the gang sleeps, one of
 * the next gang has its worker.
 */

static u64 gang_deadline(struct vmxl_sched *s, struct vmxl_sched_ent *se, enum vmxl_sched_why why,
			 u64 now)
{
	u32 workers = max(hweight_long(READ_ONCE(s->online)), 1UL);
	u32 gangs = DIV_ROUND_UP(max(READ_ONCE(s->nr_ids), 1U), workers), turn;
	u64 slice = READ_ONCE(s->slice_ns), slot = div64_u64(now, slice);

	div_u64_rem(slot, gangs, &turn);
	return (slot + (se->id / workers + gangs - turn) % gangs) * slice;
}

const struct vmxl_sched_policy vmxl_sched_policies[VMXL_SCHED_POLICIES] = {
	[VMXL_SCHED_POLICY_RR] = {
		.name = "rr",
		.deadline = rr_deadline,
	},
	[VMXL_SCHED_POLICY_FAIR] = {
		.name = "fair",
		.deadline = fair_deadline,
		.ran = fair_ran,
	},
	[VMXL_SCHED_POLICY_CREDIT] = {
		.name = "credit",
		.deadline = credit_deadline,
		.ran = credit_ran,
	},
	[VMXL_SCHED_POLICY_GANG] = {
		.name = "gang",
		.slots = true,
		.deadline = gang_deadline,
	},
};
