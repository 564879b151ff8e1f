/* SPDX-License-Identifier: GPL-2.0 */
/* A queue is a thread, and does its work in order. */
#ifndef SHIM_LINUX_WORKQUEUE_H
#define SHIM_LINUX_WORKQUEUE_H

#include <linux/atomic.h>
#include <linux/hrtimer.h>
#include <linux/list.h>

struct work_struct;
struct workqueue_struct;
typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	struct list_head entry;
	work_func_t func;
	struct workqueue_struct *wq;	/* that it was last queued on */
};

struct delayed_work {
	struct work_struct work;
	struct hrtimer timer;
	struct workqueue_struct *wq;
};

struct rcu_work {
	struct work_struct work;
};

#define WQ_UNBOUND	0x02
#define WQ_FREEZABLE	0x04
#define WQ_MEM_RECLAIM	0x08
#define WQ_HIGHPRI	0x10
#define WQ_CPU_INTENSIVE 0x20
#define WQ_SYSFS	0x40
#define WQ_PERCPU	0x100

#define __WORK_INITIALIZER(n, f) { .entry = LIST_HEAD_INIT((n).entry), .func = (f) }
#define DECLARE_WORK(n, f) struct work_struct n = __WORK_INITIALIZER(n, f)
#define INIT_WORK(w, f) do {						\
	struct work_struct *shim_w_ = (w);				\
	INIT_LIST_HEAD(&shim_w_->entry);				\
	shim_w_->func = (f);						\
	shim_w_->wq = NULL;						\
} while (0)
#define INIT_WORK_ONSTACK(w, f)	INIT_WORK(w, f)
#define destroy_work_on_stack(w) ((void)(w))
#define INIT_DELAYED_WORK(w, f)	shim_init_delayed_work(w, f)
#define to_delayed_work(w)	container_of(w, struct delayed_work, work)

struct workqueue_struct *shim_alloc_workqueue(const char *name, const char *site);
#define alloc_workqueue(fmt, flags, max, ...)	shim_alloc_workqueue(fmt, SHIM_SITE)
#define alloc_ordered_workqueue(fmt, flags, ...) shim_alloc_workqueue(fmt, SHIM_SITE)
#define create_singlethread_workqueue(name)	shim_alloc_workqueue(name, SHIM_SITE)
void destroy_workqueue(struct workqueue_struct *wq);
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool flush_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool cancel_work(struct work_struct *work);
void __flush_workqueue(struct workqueue_struct *wq);
void shim_init_delayed_work(struct delayed_work *work, work_func_t fn);
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *work,
			unsigned long delay);
bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *work,
		      unsigned long delay);
bool cancel_delayed_work_sync(struct delayed_work *work);
struct workqueue_struct *shim_system_wq(void);

#define system_wq			shim_system_wq()
#define system_unbound_wq		shim_system_wq()
#define system_long_wq			shim_system_wq()
#define system_highpri_wq		shim_system_wq()
#define system_percpu_wq		shim_system_wq()
#define system_dfl_wq			shim_system_wq()
#define schedule_work(w)		queue_work(system_wq, w)
#define schedule_delayed_work(w, d)	queue_delayed_work(system_wq, w, d)
#define flush_workqueue(wq)		__flush_workqueue(wq)
#define drain_workqueue(wq)		__flush_workqueue(wq)
#define work_pending(w)			(!list_empty_careful(&(w)->entry))

#endif
