/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Nothing is preempted or masked for real; the depths are kept for
 * might_sleep() and for the check of locks that interrupts take too.
 */
#ifndef SHIM_LINUX_PREEMPT_H
#define SHIM_LINUX_PREEMPT_H

#include <linux/compiler.h>

extern __thread int shim_atomic_depth;	/* spinlocks, preempt_disable(), callbacks */
extern __thread int shim_irqs_off;	/* spin_lock_irq*(), local_irq_save(), callbacks */
extern __thread int shim_in_irq;	/* hrtimer and eventfd callbacks */

#define preempt_disable()	((void)shim_atomic_depth++)
#define preempt_enable()	((void)shim_atomic_depth--)
#define preempt_disable_notrace() preempt_disable()
#define preempt_enable_notrace() preempt_enable()
#define preempt_count()		shim_atomic_depth
#define in_atomic()		(shim_atomic_depth != 0)
#define in_interrupt()		(shim_in_irq != 0)
#define in_hardirq()		(shim_in_irq != 0)
#define in_irq()		(shim_in_irq != 0)
#define in_nmi()		0
#define in_task()		(shim_in_irq == 0)
#define preemptible()		(!in_atomic() && !shim_irqs_off)

/* A callback runs as from an interrupt. */
static inline void shim_irq_enter(void)
{
	shim_in_irq++;
	shim_irqs_off++;
	shim_atomic_depth++;
}

static inline void shim_irq_exit(void)
{
	shim_atomic_depth--;
	shim_irqs_off--;
	shim_in_irq--;
}

#endif
