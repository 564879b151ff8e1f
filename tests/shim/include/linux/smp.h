/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SMP_H
#define SHIM_LINUX_SMP_H

#include <linux/cpumask.h>
#include <linux/preempt.h>

int shim_cpu(void);
#define raw_smp_processor_id()	shim_cpu()
#define smp_processor_id()	shim_cpu()
#define get_cpu()		({ preempt_disable(); shim_cpu(); })
#define put_cpu()		preempt_enable()

#endif
