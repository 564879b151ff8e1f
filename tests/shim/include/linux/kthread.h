/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_KTHREAD_H
#define SHIM_LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/sched.h>

struct task_struct *shim_kthread_create(int (*fn)(void *data), void *data, const char *site,
					const char *fmt, ...) __printf(4, 5);
bool kthread_should_stop(void);
int kthread_stop(struct task_struct *t);
void kthread_use_mm(struct mm_struct *mm);
void kthread_unuse_mm(struct mm_struct *mm);

#define kthread_create(fn, data, fmt...) shim_kthread_create(fn, data, SHIM_SITE, fmt)
#define kthread_run(fn, data, fmt...) ({				\
	struct task_struct *shim_k_ = kthread_create(fn, data, fmt);	\
	if (!IS_ERR(shim_k_))						\
		wake_up_process(shim_k_);				\
	shim_k_;							\
})

#endif
