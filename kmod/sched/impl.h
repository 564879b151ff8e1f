/* SPDX-License-Identifier: GPL-2.0 */
/* What the scheduler's files share: sched.c has queues and states, pick.c says who is next. */
#ifndef VMXL_SCHED_IMPL_H
#define VMXL_SCHED_IMPL_H

#include "sched.h"

/* Which entities are looked for: all, or those with a mark. But for ANY not who still waits. */
enum vmxl_pick {
	VMXL_PICK_ANY,
	VMXL_PICK_RUN,		/* all that may have something to do */
	VMXL_PICK_CRITICAL,
	VMXL_PICK_SPUN,
	VMXL_PICK_BUSY,		/* who is not there because it spins */
	VMXL_PICK_READY,	/* what it waits for has changed; who has waited longest */
};

/* From @then to @now, which others may have looked at the clock after */
static inline u64 vmxl_sched_passed(u64 then, u64 now)
{
	return (s64)(now - then) > 0 ? now - then : 0;
}

/* sched.c */
unsigned long vmxl_sched_allowed(const struct vmxl_sched *s, const struct vmxl_sched_ent *se);
void vmxl_sched_unqueue(struct vmxl_sched *s, struct vmxl_rq *rq, struct vmxl_sched_ent *se);
bool vmxl_sched_comes_first(struct vmxl_sched *s, struct vmxl_rq *rq, u64 deadline, u64 now);
bool vmxl_sched_ran_a_while(const struct vmxl_rq *rq, u64 now);
void vmxl_sched_start_tick(struct vmxl_sched *s, unsigned int nr);

/* pick.c */
struct vmxl_sched_ent *vmxl_sched_dequeue(struct vmxl_sched *s, unsigned int from,
					  unsigned int nr, enum vmxl_pick of, u64 now);

#endif /* VMXL_SCHED_IMPL_H */
