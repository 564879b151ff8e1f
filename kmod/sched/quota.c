// SPDX-License-Identifier: GPL-2.0
/*
 * CPU quota: so much run time in each period, of a vCPU and of all of a VM's. It is
 * looked at when a tick has passed; what was used beyond it later periods have less.
 */
#include <linux/compiler.h>
#include <linux/math64.h>
#include "sched.h"

/**
 * vmxl_quota_set() - limit run time
 * @s: the scheduler
 * @q: what is limited
 * @period: ns, not 0
 * @runtime: ns of each period; 0: no limit
 * @now: time
 *
 * Periods begin at multiples of their length.
 */
void vmxl_quota_set(struct vmxl_sched *s, struct vmxl_quota *q, u64 period, u64 runtime, u64 now)
{
	unsigned long flags;

	if (!runtime && !READ_ONCE(s->limited))
		return;
	WRITE_ONCE(s->limited, true);
	spin_lock_irqsave(&s->quota_lock, flags);
	*q = (struct vmxl_quota){
		.period = period, .runtime = runtime, .begin = div64_u64(now, period) * period,
	};
	spin_unlock_irqrestore(&s->quota_lock, flags);
}

static bool over(struct vmxl_quota *q, u64 now)
{
	u64 n;

	if (!q->runtime)
		return false;
	if ((s64)(now - q->begin) >= (s64)q->period) {
		n = div64_u64(now - q->begin, q->period);
		q->begin += n * q->period;
		q->used = n > div64_u64(q->used, q->runtime) ? 0 : q->used - n * q->runtime;
	}
	return q->used >= q->runtime;
}

/**
 * vmxl_quota_over() - whether all of this period's run time is used
 * @s: the scheduler
 * @q: a quota of its
 * @now: time
 *
 * Context: any.
 * Return: true: not to run any more before a later period.
 */
bool vmxl_quota_over(struct vmxl_sched *s, struct vmxl_quota *q, u64 now)
{
	unsigned long flags;
	bool is_over;

	if (likely(!READ_ONCE(s->limited)))
		return false;
	spin_lock_irqsave(&s->quota_lock, flags);
	is_over = over(q, now);
	spin_unlock_irqrestore(&s->quota_lock, flags);
	return is_over;
}

/**
 * vmxl_quota_vm_over() - whether the VM's quota is used up
 * @s: the scheduler
 * @now: time
 *
 * Context: any.
 * Return: true: no vCPU is to run.
 */
bool vmxl_quota_vm_over(struct vmxl_sched *s, u64 now)
{
	bool is_over = vmxl_quota_over(s, &s->quota, now);

	if (unlikely(READ_ONCE(s->throttled) != is_over) &&
	    xchg(&s->throttled, is_over) != is_over && is_over)
		atomic_long_inc(&s->nr_throttles);
	return is_over;
}

/**
 * vmxl_quota_charge() - a vCPU has run on
 * @s: the scheduler
 * @se: its entity
 * @ns: for so long
 *
 * Context: the lock of @se's queue held.
 */
void vmxl_quota_charge(struct vmxl_sched *s, struct vmxl_sched_ent *se, u64 ns)
{
	if (likely(!READ_ONCE(s->limited)))
		return;
	spin_lock(&s->quota_lock);
	se->quota.used += ns;
	s->quota.used += ns;
	spin_unlock(&s->quota_lock);
}
