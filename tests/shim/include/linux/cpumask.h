/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_CPUMASK_H
#define SHIM_LINUX_CPUMASK_H

#include <linux/bitmap.h>
#include <linux/kconfig.h>

#define NR_CPUS	CONFIG_NR_CPUS

typedef struct cpumask {
	DECLARE_BITMAP(bits, NR_CPUS);
} cpumask_t;

unsigned int num_online_cpus(void);
#define nr_cpu_ids		num_online_cpus()
#define num_possible_cpus()	num_online_cpus()
#define num_present_cpus()	num_online_cpus()
#define cpu_online(c)		((c) < num_online_cpus())
#define for_each_online_cpu(c)	for ((c) = 0; (c) < num_online_cpus(); (c)++)
#define for_each_possible_cpu(c) for_each_online_cpu(c)

#endif
