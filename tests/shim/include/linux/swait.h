/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SWAIT_H
#define SHIM_LINUX_SWAIT_H

#include <linux/wait.h>

#define swait_queue_head		wait_queue_head
#define init_swait_queue_head(q)	init_waitqueue_head(q)
#define swake_up_one(q)			wake_up(q)
#define swake_up_all(q)			wake_up_all(q)
#define swait_active(q)			waitqueue_active(q)
#define swq_has_sleeper(q)		wq_has_sleeper(q)
#define swait_event_interruptible_exclusive(q, c) wait_event_interruptible(q, c)

#endif
