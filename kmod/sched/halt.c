// SPDX-License-Identifier: GPL-2.0
/*
 * Halt polling: who has nothing to do looks for a while before it sleeps, because
 * to be woken costs more than a short wait. For how long adapts to what it has
 * waited, as KVM's halt_poll_ns does. Only where nobody else wants the CPU.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/stat.h>
#include "sched.h"

static unsigned int halt_poll_ns = VMXL_HALT_POLL_NS;
module_param(halt_poll_ns, uint, 0644);
MODULE_PARM_DESC(halt_poll_ns, "longest time to poll before a halt, ns; 0: none");

static unsigned int halt_poll_ns_grow = 2;
module_param(halt_poll_ns_grow, uint, 0644);
MODULE_PARM_DESC(halt_poll_ns_grow, "factor by which it grows; 0: it does not");

static unsigned int halt_poll_ns_grow_start = VMXL_HALT_POLL_START_NS;
module_param(halt_poll_ns_grow_start, uint, 0644);
MODULE_PARM_DESC(halt_poll_ns_grow_start, "time that it grows to from nothing, ns");

static unsigned int halt_poll_ns_shrink = 2;
module_param(halt_poll_ns_shrink, uint, 0644);
MODULE_PARM_DESC(halt_poll_ns_shrink, "divisor by which it shrinks; 0: to nothing");

static bool alone(void)
{
	return single_task_running() && !need_resched() && !signal_pending(current);
}

/**
 * vmxl_halt_poll() - look for something to do before sleeping
 * @h: who polls; by its own thread
 * @done: whether there is something
 * @arg: its argument
 *
 * Return: false: there was nothing, or others want the CPU: sleep.
 */
bool vmxl_halt_poll(struct vmxl_halt *h, bool (*done)(void *arg), void *arg)
{
	u64 ns = min(h->poll_ns, READ_ONCE(halt_poll_ns)), begin, past = 0;
	bool hit = false;

	if (!ns || !alone())
		return false;
	begin = ktime_get_ns();
	while (!hit && past < ns && alone()) {
		cpu_relax();
		hit = done(arg);
		past = ktime_get_ns() - begin;
	}
	WRITE_ONCE(h->polled_ns, h->polled_ns + past);
	if (hit)
		WRITE_ONCE(h->nr_hits, h->nr_hits + 1);
	else
		WRITE_ONCE(h->nr_misses, h->nr_misses + 1);
	return hit;
}

/**
 * vmxl_halt_adapt() - what there was to do came
 * @h: who waited for it
 * @ns: for how long
 *
 * A wait that polling could have covered makes it longer, one that it could not shorter.
 */
void vmxl_halt_adapt(struct vmxl_halt *h, u64 ns)
{
	u32 most = READ_ONCE(halt_poll_ns), grow = READ_ONCE(halt_poll_ns_grow);
	u32 start = READ_ONCE(halt_poll_ns_grow_start), shrink = READ_ONCE(halt_poll_ns_shrink);
	u64 poll = h->poll_ns;

	if (ns > most) {
		poll = shrink ? h->poll_ns / shrink : 0;
		if (poll < start)
			poll = 0;
	} else if (ns > poll && grow) {
		poll = max_t(u64, poll * grow, start);
	}
	h->poll_ns = min_t(u64, poll, most);
}
