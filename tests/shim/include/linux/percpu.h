/* SPDX-License-Identifier: GPL-2.0 */
/* A slot for each thread, not each CPU: nothing keeps a thread on one. */
#ifndef SHIM_LINUX_PERCPU_H
#define SHIM_LINUX_PERCPU_H

#include <linux/smp.h>
#include <linux/slab.h>

#define DEFINE_PER_CPU(type, name)	__thread type name
#define DECLARE_PER_CPU(type, name)	extern __thread type name
#define this_cpu_ptr(p)			(p)
#define this_cpu_read(v)		(v)
#define this_cpu_write(v, n)		((void)((v) = (n)))
#define this_cpu_add(v, n)		((void)((v) += (n)))
#define this_cpu_inc(v)			((void)(v)++)
#define this_cpu_dec(v)			((void)(v)--)
#define get_cpu_var(v)			(*({ preempt_disable(); &(v); }))
#define put_cpu_var(v)			((void)&(v), preempt_enable())

#endif
