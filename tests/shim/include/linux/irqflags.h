/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_IRQFLAGS_H
#define SHIM_LINUX_IRQFLAGS_H

#include <linux/preempt.h>

#define local_irq_save(flags)	do { (flags) = 0; shim_irqs_off++; } while (0)
#define local_irq_restore(flags) do { (void)(flags); shim_irqs_off--; } while (0)
#define local_irq_disable()	((void)shim_irqs_off++)
#define local_irq_enable()	((void)shim_irqs_off--)
#define irqs_disabled()		(shim_irqs_off != 0)
#define local_bh_disable()	preempt_disable()
#define local_bh_enable()	preempt_enable()

#endif
