// SPDX-License-Identifier: GPL-2.0
/*
 * SRCU and, as one domain of it, RCU. Callbacks run in a thread of their own,
 * atomic as the kernel's are.
 */
#include <sched.h>
#include <time.h>

#include <linux/slab.h>
#include <linux/srcu.h>
#include "internal.h"

static unsigned long bank_sum(struct srcu_struct *ssp, unsigned int idx, bool out)
{
	unsigned long sum = 0;
	unsigned int i;

	for (i = 0; i < SHIM_MAX_TASKS; i++) {
		struct shim_srcu_count *c = &ssp->count[i];

		sum += READ_ONCE(*(out ? &c->out[idx] : &c->in[idx]));
	}
	return sum;
}

/* Who is counted out was counted in: outs are summed first. */
static bool bank_empty(struct srcu_struct *ssp, unsigned int idx)
{
	unsigned long out = bank_sum(ssp, idx, true);

	smp_mb();
	return bank_sum(ssp, idx, false) == out;
}

static void bank_wait(struct srcu_struct *ssp, unsigned int idx)
{
	struct timespec ts = { 0, 20000 };
	unsigned int tries = 0;

	while (!bank_empty(ssp, idx)) {
		if (++tries < 10)
			sched_yield();
		else
			nanosleep(&ts, NULL);
		if (tries > 100)
			ts.tv_nsec = 500000;
	}
}

static void grace_period(struct srcu_struct *ssp)
{
	unsigned int idx;

	mutex_lock(&ssp->gp);
	smp_mb();
	idx = ssp->idx & 1;
	bank_wait(ssp, idx ^ 1);	/* late readers of the time before last */
	smp_mb();
	WRITE_ONCE(ssp->idx, ssp->idx + 1);
	smp_mb();
	bank_wait(ssp, idx);
	smp_mb();
	mutex_unlock(&ssp->gp);
}

static void srcu_setup(struct srcu_struct *ssp, struct shim_srcu_count *count)
{
	*ssp = (struct srcu_struct) { .count = count };
	ssp->cbs_tail = &ssp->cbs;
}

int init_srcu_struct(struct srcu_struct *ssp)
{
	struct shim_srcu_count *count;

	if (shim_should_fail(GFP_KERNEL, SHIM_SITE))
		return -ENOMEM;
	count = aligned_alloc(64, SHIM_MAX_TASKS * sizeof(*count));
	memset(count, 0, SHIM_MAX_TASKS * sizeof(*count));
	srcu_setup(ssp, count);
	shim_track(SHIM_SRCU, ssp, sizeof(*ssp), "init_srcu_struct");
	return 0;
}

int srcu_read_lock_held(const struct srcu_struct *ssp)
{
	struct shim_srcu_count *c = &ssp->count[current->slot];

	return READ_ONCE(c->in[0]) != READ_ONCE(c->out[0]) ||
	       READ_ONCE(c->in[1]) != READ_ONCE(c->out[1]);
}

void synchronize_srcu(struct srcu_struct *ssp)
{
	might_sleep();
	if (srcu_read_lock_held(ssp))
		shim_bug(SHIM_SITE, "synchronize_srcu() within srcu_read_lock()");
	grace_period(ssp);
}

/* Callbacks */

static pthread_mutex_t cb_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cb_work = PTHREAD_COND_INITIALIZER;
static pthread_cond_t cb_done = PTHREAD_COND_INITIALIZER;
static struct srcu_struct *cb_domains;
static bool cb_started;

static unsigned long run_callbacks(struct callback_head *list)
{
	struct callback_head *next;
	unsigned long n = 0;

	for (; list; list = next, n++) {
		next = list->next;
		preempt_disable();
		list->func(list);
		preempt_enable();
	}
	return n;
}

static void *cb_thread(void *arg)
{
	struct callback_head *list;
	struct srcu_struct *ssp;
	unsigned long n;

	pthread_mutex_lock(&cb_lock);
	for (;;) {
		while (!cb_domains)
			pthread_cond_wait(&cb_work, &cb_lock);
		ssp = cb_domains;
		cb_domains = ssp->next;
		ssp->listed = false;
		list = ssp->cbs;
		ssp->cbs = NULL;
		ssp->cbs_tail = &ssp->cbs;
		pthread_mutex_unlock(&cb_lock);
		grace_period(ssp);
		n = run_callbacks(list);
		pthread_mutex_lock(&cb_lock);
		ssp->nr_done += n;
		pthread_cond_broadcast(&cb_done);
	}
	return NULL;
}

void call_srcu(struct srcu_struct *ssp, struct rcu_head *head, rcu_callback_t func)
{
	head->func = func;
	head->next = NULL;
	pthread_mutex_lock(&cb_lock);
	*ssp->cbs_tail = head;
	ssp->cbs_tail = &head->next;
	ssp->nr_queued++;
	if (!ssp->listed) {
		ssp->listed = true;
		ssp->next = cb_domains;
		cb_domains = ssp;
	}
	if (!cb_started) {
		cb_started = true;
		shim_thread(cb_thread, NULL, "shim-rcu");
	}
	pthread_cond_signal(&cb_work);
	pthread_mutex_unlock(&cb_lock);
}

void srcu_barrier(struct srcu_struct *ssp)
{
	unsigned long n;

	might_sleep();
	pthread_mutex_lock(&cb_lock);
	n = ssp->nr_queued;
	while ((long)(ssp->nr_done - n) < 0)
		pthread_cond_wait(&cb_done, &cb_lock);
	pthread_mutex_unlock(&cb_lock);
}

void cleanup_srcu_struct(struct srcu_struct *ssp)
{
	pthread_mutex_lock(&cb_lock);
	if (ssp->nr_queued != ssp->nr_done)
		shim_bug(SHIM_SITE, "cleanup_srcu_struct() before srcu_barrier()");
	pthread_mutex_unlock(&cb_lock);
	if (!bank_empty(ssp, 0) || !bank_empty(ssp, 1))
		shim_bug(SHIM_SITE, "cleanup_srcu_struct() with readers");
	shim_untrack(SHIM_SRCU, ssp);
	free(ssp->count);
	ssp->count = NULL;
}

/* RCU */

static struct shim_srcu_count rcu_count[SHIM_MAX_TASKS];
static struct srcu_struct rcu = { .count = rcu_count, .cbs_tail = &rcu.cbs };

void rcu_read_lock(void)
{
	struct task_struct *t = current;

	if (!t->rcu_nest++)
		t->rcu_idx = srcu_read_lock(&rcu);
	preempt_disable();
}

void rcu_read_unlock(void)
{
	struct task_struct *t = current;

	preempt_enable();
	if (!--t->rcu_nest)
		srcu_read_unlock(&rcu, t->rcu_idx);
}

int rcu_read_lock_held(void)
{
	return current->rcu_nest > 0;
}

void synchronize_rcu(void)
{
	synchronize_srcu(&rcu);
}

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	call_srcu(&rcu, head, func);
}

void rcu_barrier(void)
{
	srcu_barrier(&rcu);
}

struct kvfree_work {
	struct rcu_head rcu;
	const void *p;
};

static void kvfree_work_fn(struct rcu_head *head)
{
	struct kvfree_work *w = container_of(head, struct kvfree_work, rcu);

	kvfree(w->p);
	free(w);
}

static void kvfree_later(const void *p)
{
	struct kvfree_work *w = malloc(sizeof(*w));

	w->p = p;
	call_rcu(&w->rcu, kvfree_work_fn);
}

void shim_kvfree_rcu(struct rcu_head *head, size_t offset)
{
	kvfree_later((void *)head - offset);
}

void shim_kvfree_rcu_mightsleep(const void *p)
{
	might_sleep();
	kvfree_later(p);
}
