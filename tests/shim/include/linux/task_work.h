/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_TASK_WORK_H
#define SHIM_LINUX_TASK_WORK_H

#include <linux/sched.h>

enum task_work_notify_mode { TWA_NONE, TWA_RESUME, TWA_SIGNAL };
typedef void (*task_work_func_t)(struct callback_head *head);

static inline void init_task_work(struct callback_head *head, task_work_func_t fn)
{
	head->func = fn;
}

int task_work_add(struct task_struct *t, struct callback_head *head,
		  enum task_work_notify_mode mode);
struct callback_head *task_work_cancel(struct task_struct *t, task_work_func_t fn);

#endif
