// SPDX-License-Identifier: GPL-2.0
/*
 * Notifiers of changes of user memory. The process changes it behind the shim's
 * back as well; tests that want it noticed call shim_madvise().
 */
#include <sys/mman.h>

#include <linux/mmu_notifier.h>
#include <linux/slab.h>
#include "internal.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static LIST_HEAD(notifiers);
static unsigned long seq;

int shim_mmu_notifier_insert(struct mmu_interval_notifier *n, struct mm_struct *mm,
			     unsigned long start, unsigned long len,
			     const struct mmu_interval_notifier_ops *ops, const char *site)
{
	if (shim_should_fail(GFP_KERNEL, site))
		return -ENOMEM;
	if (!len || start + len < start)
		return -EOVERFLOW;
	n->ops = ops;
	n->start = start;
	n->end = start + len;
	n->active = 0;
	shim_track(SHIM_MISC, n, sizeof(*n), site);
	pthread_mutex_lock(&lock);
	n->invalidate_seq = seq - 1;
	list_add(&n->list, &notifiers);
	pthread_mutex_unlock(&lock);
	return 0;
}

void mmu_interval_notifier_remove(struct mmu_interval_notifier *n)
{
	might_sleep();
	pthread_mutex_lock(&lock);
	while (n->active)
		pthread_cond_wait(&ended, &lock);
	list_del(&n->list);
	pthread_mutex_unlock(&lock);
	shim_untrack(SHIM_MISC, n);
}

unsigned long mmu_interval_read_begin(struct mmu_interval_notifier *n)
{
	unsigned long ret;

	might_sleep();
	pthread_mutex_lock(&lock);
	while (n->active)
		pthread_cond_wait(&ended, &lock);
	ret = READ_ONCE(n->invalidate_seq);
	pthread_mutex_unlock(&lock);
	return ret;
}

static void begin(const struct mmu_notifier_range *range)
{
	struct mmu_interval_notifier *n;

	pthread_mutex_lock(&lock);
	seq += 2;
	list_for_each_entry(n, &notifiers, list) {
		if (n->end <= range->start || range->end <= n->start)
			continue;
		n->active++;
		n->ops->invalidate(n, range, seq);
	}
	pthread_mutex_unlock(&lock);
}

static void end(const struct mmu_notifier_range *range)
{
	struct mmu_interval_notifier *n;

	pthread_mutex_lock(&lock);
	list_for_each_entry(n, &notifiers, list)
		if (n->end > range->start && range->end > n->start && n->active)
			n->active--;
	pthread_cond_broadcast(&ended);
	pthread_mutex_unlock(&lock);
}

int shim_madvise(void *p, size_t len, int advice)
{
	const struct mmu_notifier_range range = {
		.start = (unsigned long)p, .end = (unsigned long)p + len,
		.event = MMU_NOTIFY_CLEAR,
	};
	int ret;

	shim_enter();
	begin(&range);
	ret = madvise(p, len, advice);
	end(&range);
	shim_leave();
	return ret;
}
