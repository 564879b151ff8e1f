/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SCHED_STAT_H
#define SHIM_LINUX_SCHED_STAT_H

#include <linux/compiler.h>
#include <linux/types.h>

/* Whether no other thread wants the CPU; a process cannot know, a test says so. */
extern bool shim_single_task;
#define single_task_running()	READ_ONCE(shim_single_task)

#endif
