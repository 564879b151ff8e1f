/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What kernels from 6.1 on call differently. The newest name is used in the
 * code; older kernels get it here.
 */
#ifndef VMXL_COMPAT_H
#define VMXL_COMPAT_H

#include <linux/eventfd.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_mod(struct vm_area_struct *vma, vm_flags_t set, vm_flags_t clear)
{
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define vmxl_eventfd_signal(ctx)	eventfd_signal(ctx, 1)
#else
#define vmxl_eventfd_signal(ctx)	eventfd_signal(ctx)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/* How long a thread could have run and others did, in ns; 0 where the kernel does not know */
static inline u64 vmxl_run_delay(const struct task_struct *task)
{
#ifdef CONFIG_SCHED_INFO
	return READ_ONCE(task->sched_info.run_delay);
#else
	return 0;
#endif
}

#endif /* VMXL_COMPAT_H */
