/* SPDX-License-Identifier: GPL-2.0 */
/* Told by shim_madvise() only. */
#ifndef SHIM_LINUX_MMU_NOTIFIER_H
#define SHIM_LINUX_MMU_NOTIFIER_H

#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/types.h>

struct mm_struct;

enum mmu_notifier_event {
	MMU_NOTIFY_UNMAP = 0,
	MMU_NOTIFY_CLEAR,
	MMU_NOTIFY_PROTECTION_VMA,
	MMU_NOTIFY_PROTECTION_PAGE,
	MMU_NOTIFY_SOFT_DIRTY,
	MMU_NOTIFY_RELEASE,
	MMU_NOTIFY_MIGRATE,
	MMU_NOTIFY_EXCLUSIVE,
};

struct mmu_notifier_range {
	struct mm_struct *mm;
	unsigned long start, end;
	enum mmu_notifier_event event;
};

struct mmu_interval_notifier;

struct mmu_interval_notifier_ops {
	bool (*invalidate)(struct mmu_interval_notifier *n,
			   const struct mmu_notifier_range *range, unsigned long seq);
};

struct mmu_interval_notifier {
	struct list_head list;
	const struct mmu_interval_notifier_ops *ops;
	unsigned long start, end;
	unsigned int active;		/* invalidations that have begun and not ended */
	unsigned long invalidate_seq;
};

int shim_mmu_notifier_insert(struct mmu_interval_notifier *n, struct mm_struct *mm,
			     unsigned long start, unsigned long len,
			     const struct mmu_interval_notifier_ops *ops, const char *site);
#define mmu_interval_notifier_insert(n, mm, start, len, ops)		\
	shim_mmu_notifier_insert(n, mm, start, len, ops, SHIM_SITE)
void mmu_interval_notifier_remove(struct mmu_interval_notifier *n);
unsigned long mmu_interval_read_begin(struct mmu_interval_notifier *n);

static inline void mmu_interval_set_seq(struct mmu_interval_notifier *n, unsigned long seq)
{
	WRITE_ONCE(n->invalidate_seq, seq);
}

static inline bool mmu_interval_read_retry(struct mmu_interval_notifier *n, unsigned long seq)
{
	return READ_ONCE(n->invalidate_seq) != seq;
}

#endif
