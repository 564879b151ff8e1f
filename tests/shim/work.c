// SPDX-License-Identifier: GPL-2.0
/*
 * Workqueues and kernel threads. One lock for all queues.
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/workqueue.h>
#include "internal.h"

struct workqueue_struct {
	struct list_head works;
	struct work_struct *running;
	unsigned long nr_queued, nr_done;
	pthread_cond_t more;
	bool dying, dead;
	char name[TASK_COMM_LEN];
};

static pthread_mutex_t wq_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wq_progress = PTHREAD_COND_INITIALIZER;
static pthread_once_t wq_system_once = PTHREAD_ONCE_INIT;
static struct workqueue_struct *wq_system;

static void wq_run_one(struct workqueue_struct *wq)
{
	struct work_struct *work = list_first_entry(&wq->works, struct work_struct, entry);

	list_del_init(&work->entry);
	wq->running = work;
	pthread_mutex_unlock(&wq_lock);
	work->func(work);		/* may free it */
	if (shim_atomic_depth || shim_irqs_off || current->rcu_nest)
		shim_bug(SHIM_SITE, "work returned with a lock held");
	shim_run_task_works();
	pthread_mutex_lock(&wq_lock);
	wq->running = NULL;
	wq->nr_done++;
	pthread_cond_broadcast(&wq_progress);
}

static void *wq_thread(void *arg)
{
	struct workqueue_struct *wq = arg;

	pthread_mutex_lock(&wq_lock);
	for (;;) {
		if (!list_empty(&wq->works))
			wq_run_one(wq);
		else if (wq->dying)
			break;
		else
			pthread_cond_wait(&wq->more, &wq_lock);
	}
	wq->dead = true;
	pthread_cond_broadcast(&wq_progress);
	pthread_mutex_unlock(&wq_lock);
	return NULL;
}

static struct workqueue_struct *wq_new(const char *name)
{
	struct workqueue_struct *wq = calloc(1, sizeof(*wq));

	INIT_LIST_HEAD(&wq->works);
	pthread_cond_init(&wq->more, NULL);
	snprintf(wq->name, sizeof(wq->name), "%s", name);
	if (shim_thread(wq_thread, wq, wq->name)) {
		free(wq);
		return NULL;
	}
	return wq;
}

struct workqueue_struct *shim_alloc_workqueue(const char *name, const char *site)
{
	struct workqueue_struct *wq;

	if (shim_should_fail(GFP_KERNEL, site))
		return NULL;
	wq = wq_new(name);
	if (wq)
		shim_track(SHIM_WORKQUEUE, wq, sizeof(*wq), site);
	return wq;
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	might_sleep();
	shim_untrack(SHIM_WORKQUEUE, wq);
	pthread_mutex_lock(&wq_lock);
	wq->dying = true;
	pthread_cond_signal(&wq->more);
	while (!wq->dead)
		pthread_cond_wait(&wq_progress, &wq_lock);
	pthread_mutex_unlock(&wq_lock);
	pthread_cond_destroy(&wq->more);
	free(wq);
}

static void wq_system_start(void)
{
	wq_system = wq_new("shim-events");
}

struct workqueue_struct *shim_system_wq(void)
{
	pthread_once(&wq_system_once, wq_system_start);
	return wq_system;
}

void shim_flush_system_wq(void)
{
	if (wq_system)
		__flush_workqueue(wq_system);
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	bool queued;

	pthread_mutex_lock(&wq_lock);
	queued = list_empty(&work->entry);
	if (queued) {
		work->wq = wq;
		wq->nr_queued++;
		list_add_tail(&work->entry, &wq->works);
		pthread_cond_signal(&wq->more);
	}
	pthread_mutex_unlock(&wq_lock);
	return queued;
}

/* Neither queued nor running; wq_lock is held. */
static bool work_wait(struct work_struct *work)
{
	bool waited = false;

	while (work->wq && (!list_empty(&work->entry) || work->wq->running == work)) {
		waited = true;
		pthread_cond_wait(&wq_progress, &wq_lock);
	}
	return waited;
}

bool flush_work(struct work_struct *work)
{
	bool waited;

	might_sleep();
	pthread_mutex_lock(&wq_lock);
	waited = work_wait(work);
	pthread_mutex_unlock(&wq_lock);
	return waited;
}

static bool work_dequeue(struct work_struct *work)
{
	if (list_empty(&work->entry))
		return false;
	list_del_init(&work->entry);
	work->wq->nr_done++;
	return true;
}

bool cancel_work(struct work_struct *work)
{
	bool queued;

	pthread_mutex_lock(&wq_lock);
	queued = work_dequeue(work);
	pthread_mutex_unlock(&wq_lock);
	return queued;
}

bool cancel_work_sync(struct work_struct *work)
{
	bool queued;

	might_sleep();
	pthread_mutex_lock(&wq_lock);
	queued = work_dequeue(work);
	work_wait(work);
	pthread_mutex_unlock(&wq_lock);
	return queued;
}

void __flush_workqueue(struct workqueue_struct *wq)
{
	unsigned long n;

	might_sleep();
	pthread_mutex_lock(&wq_lock);
	n = wq->nr_queued;
	while ((long)(wq->nr_done - n) < 0)
		pthread_cond_wait(&wq_progress, &wq_lock);
	pthread_mutex_unlock(&wq_lock);
}

static enum hrtimer_restart delayed_work_fn(struct hrtimer *timer)
{
	struct delayed_work *d = container_of(timer, struct delayed_work, timer);

	queue_work(d->wq, &d->work);
	return HRTIMER_NORESTART;
}

void shim_init_delayed_work(struct delayed_work *d, work_func_t fn)
{
	INIT_WORK(&d->work, fn);
	hrtimer_setup(&d->timer, delayed_work_fn, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
}

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *d, unsigned long delay)
{
	if (!delay)
		return queue_work(wq, &d->work);
	if (work_pending(&d->work) || hrtimer_is_queued(&d->timer))
		return false;
	d->wq = wq;
	hrtimer_start(&d->timer, jiffies_to_nsecs(delay), HRTIMER_MODE_REL);
	return true;
}

bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *d, unsigned long delay)
{
	bool was = hrtimer_cancel(&d->timer) | cancel_work(&d->work);

	queue_delayed_work(wq, d, delay);
	return was;
}

bool cancel_delayed_work_sync(struct delayed_work *d)
{
	bool queued = hrtimer_cancel(&d->timer);

	return cancel_work_sync(&d->work) | queued;
}

/* Kernel threads */

struct kthread {
	int (*fn)(void *data);
	void *data;
	struct task_struct *task;
	struct completion created, exited;
	bool stop, run;
	int result;
};

static void *kthread_main(void *arg)
{
	struct kthread *k = arg;

	k->task = current;
	current->kthread = k;
	set_current_state(TASK_UNINTERRUPTIBLE);
	complete(&k->created);
	schedule();
	k->result = READ_ONCE(k->stop) ? -EINTR : k->fn(k->data);
	complete(&k->exited);
	return NULL;
}

struct task_struct *shim_kthread_create(int (*fn)(void *data), void *data, const char *site,
					const char *fmt, ...)
{
	char name[TASK_COMM_LEN];
	struct kthread *k;
	va_list ap;

	if (shim_should_fail(GFP_KERNEL, site))
		return ERR_PTR(-ENOMEM);
	va_start(ap, fmt);
	vsnprintf(name, sizeof(name), fmt, ap);
	va_end(ap);
	k = calloc(1, sizeof(*k));
	k->fn = fn;
	k->data = data;
	init_completion(&k->created);
	init_completion(&k->exited);
	if (shim_thread(kthread_main, k, name)) {
		free(k);
		return ERR_PTR(-ENOMEM);
	}
	wait_for_completion(&k->created);
	shim_track(SHIM_KTHREAD, k, sizeof(*k), site);
	return k->task;
}

bool kthread_should_stop(void)
{
	struct kthread *k = current->kthread;

	return READ_ONCE(k->stop);
}

int kthread_stop(struct task_struct *t)
{
	struct kthread *k = t->kthread;
	int ret;

	WRITE_ONCE(k->stop, true);
	wake_up_process(t);
	wait_for_completion(&k->exited);
	ret = k->result;
	shim_untrack(SHIM_KTHREAD, k);
	free(k);
	return ret;
}

void kthread_use_mm(struct mm_struct *mm)
{
	WARN_ON(current->mm);
	current->mm = mm;
}

void kthread_unuse_mm(struct mm_struct *mm)
{
	current->mm = NULL;
}
