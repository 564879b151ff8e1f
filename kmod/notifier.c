// SPDX-License-Identifier: GPL-2.0
/*
 * The notifiers of memory slots. They are called with locks of the mm and of
 * files held, perhaps by reclaim: they only note which pages it is about, ask the
 * vCPUs to stop, and leave the rest to a work. A vCPU that was asked waits for the
 * work before it executes guest code again (vmxl_notifier_wait()); so what the
 * owner tells the guest after madvise() is seen after the pages have gone.
 *
 * Of what the kernel may announce, a change of permissions, of soft-dirty bits and
 * migration leave pages where they are: these stay pinned.
 */
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/workqueue.h>
#include "codegen/cache.h"
#include "count.h"
#include "memslot.h"
#include "mmu/mem.h"
#include "mmu/window.h"
#include "notifier.h"
#include "smmu/smmu.h"
#include "vm.h"

/* Pages that are let go at once */
#define BATCH	512

/* Up to so many it pays to look whether one of them is pinned. */
#define LOOK	4096
#define LOOK_AT_ONCE	(1u << 18)	/* of bits, while the owner's thread may have to wait */

/**
 * struct vmxl_notifier - of a slot's memory
 * @mni: the kernel's part
 * @vm: the VM
 * @pages: the slot's; this and the next two stay when the slot is replaced by one in
 *	another place
 * @npages: their number
 * @hva: the first one's address
 * @lock: @gone, and whether a pin came too late; any context that the kernel calls from
 * @gone: pages to let go; bits are set by anyone under @lock, and cleared by the work
 * @batch: the work's
 */
struct vmxl_notifier {
	struct mmu_interval_notifier mni;
	struct vmxl_vm *vm;
	struct page **pages;
	unsigned long npages;
	unsigned long hva;
	spinlock_t lock;
	unsigned long *gone;
	struct page *batch[BATCH];
};

static bool any_pinned(struct vmxl_notifier *n, u64 first, u64 nr)
{
	u64 i;

	if (nr > LOOK)
		return true;
	for (i = first; i < first + nr; i++)
		if (READ_ONCE(n->pages[i]))
			return true;
	return false;
}

static void mark(struct vmxl_notifier *n, u64 first, u64 nr)
{
	struct vmxl_vm *vm = n->vm;

	lockdep_assert_held(&n->lock);
	if (!any_pinned(n, first, nr))
		return;
	bitmap_set(n->gone, first, nr);
	atomic_inc(&vm->gone_seq);
	/* vCPUs see the number once they have cleared the kick: both are full barriers. */
	vmxl_vm_request_all(vm, NULL, VMXL_REQ_TLB_FLUSH);
	queue_work(system_unbound_wq, &vm->gone_work);
}

static bool page_goes(enum mmu_notifier_event event)
{
	return event == MMU_NOTIFY_UNMAP || event == MMU_NOTIFY_CLEAR ||
	       event == MMU_NOTIFY_RELEASE;
}

static bool invalidate(struct mmu_interval_notifier *mni,
		       const struct mmu_notifier_range *range, unsigned long seq)
{
	struct vmxl_notifier *n = container_of(mni, struct vmxl_notifier, mni);
	unsigned long start = max(range->start, n->hva);
	unsigned long end = min(range->end, n->hva + (n->npages << PAGE_SHIFT));

	spin_lock(&n->lock);
	mmu_interval_set_seq(mni, seq);
	if (start < end && page_goes(range->event))
		mark(n, (start - n->hva) >> PAGE_SHIFT, PFN_UP(end - start));
	spin_unlock(&n->lock);
	return true;
}

static const struct mmu_interval_notifier_ops notifier_ops = {
	.invalidate = invalidate,
};

/* Up to BATCH pages from @first on, out of the slot; @bits says which. */
static unsigned int take(struct vmxl_notifier *n, u64 first, unsigned long *bits)
{
	unsigned int i, got = 0, nr = min_t(u64, BATCH, n->npages - first);

	spin_lock(&n->lock);
	bitmap_zero(bits, BATCH);
	bitmap_copy(bits, n->gone + BIT_WORD(first), nr);
	bitmap_clear(n->gone, first, nr);
	for_each_set_bit(i, bits, nr) {
		n->batch[got] = xchg(&n->pages[first + i], NULL);
		if (n->batch[got])
			got++;
		else
			__clear_bit(i, bits);
	}
	spin_unlock(&n->lock);
	return got;
}

/* What was in the pages is not there any more: as when all of it was written. */
static void forget_content(struct vmxl_vm *vm, struct vmxl_memslot *slot, u64 first,
			   const unsigned long *bits)
{
	int idx = srcu_read_lock(&vm->srcu);
	unsigned int i;
	u64 gpa;

	for_each_set_bit(i, bits, BATCH) {
		gpa = slot->gpa + ((first + i) << PAGE_SHIFT);
		vmxl_resv_written(vm, gpa, PAGE_SIZE);
		if (vmxl_memslot_has_code(slot, gpa))
			vmxl_cache_invalidate(vm->cache, gpa, PAGE_SIZE);
	}
	srcu_read_unlock(&vm->srcu, idx);
}

/* In the order of memslot.c's publish(): out of the slot, TLBs, readers, windows */
static void let_go(struct vmxl_vm *vm, struct vmxl_memslot *slot, u64 first)
{
	struct vmxl_notifier *n = slot->notifier;
	DECLARE_BITMAP(bits, BATCH);
	unsigned int got = take(n, first, bits);

	if (!got)
		return;
	vmxl_vm_request_all(vm, NULL, VMXL_REQ_TLB_FLUSH);
	synchronize_srcu_expedited(&vm->srcu);
	vmxl_window_zap_all(vm);
	vmxl_smmu_zap_all(vm);
	forget_content(vm, slot, first, bits);
	unpin_user_pages_dirty_lock(n->batch, got, !(slot->flags & VMXL_MEM_READONLY));
	vmxl_count_add(VMXL_COUNT_PIN, -(long)got);
}

/* The first page marked from @i on, or n->npages */
static u64 next_gone(struct vmxl_notifier *n, u64 i)
{
	u64 end;

	do {
		end = min_t(u64, n->npages, i + LOOK_AT_ONCE);
		spin_lock(&n->lock);
		i = find_next_bit(n->gone, end, i);
		spin_unlock(&n->lock);
	} while (i == end && end < n->npages);
	return i;
}

static void let_go_of_slot(struct vmxl_vm *vm, struct vmxl_memslot *slot)
{
	u64 i = 0;

	while ((i = next_gone(slot->notifier, i)) < slot->npages) {
		i = round_down(i, BATCH);
		let_go(vm, slot, i);
		i += BATCH;
		cond_resched();
	}
}

static void gone_work(struct work_struct *work)
{
	struct vmxl_vm *vm = container_of(work, struct vmxl_vm, gone_work);
	int seq = atomic_read_acquire(&vm->gone_seq);
	struct vmxl_memslots *slots;
	unsigned int i;

	mutex_lock(&vm->lock);
	slots = rcu_dereference_protected(vm->slots, lockdep_is_held(&vm->lock));
	for (i = 0; slots && i < slots->nr; i++)
		if (slots->slot[i]->notifier)
			let_go_of_slot(vm, slots->slot[i]);
	mutex_unlock(&vm->lock);
	smp_store_release(&vm->gone_done, seq);	/* pairs with vmxl_notifier_pending() */
}

/**
 * vmxl_notifier_init_vm() - prepare a VM that has no slots yet
 * @vm: the VM
 */
void vmxl_notifier_init_vm(struct vmxl_vm *vm)
{
	INIT_WORK(&vm->gone_work, gone_work);
}

/**
 * vmxl_notifier_stop_vm() - no notifier is called any more, and nothing is left to do
 * @vm: the VM, which nobody uses any more, with its slots and windows still there
 */
void vmxl_notifier_stop_vm(struct vmxl_vm *vm)
{
	struct vmxl_memslots *slots;
	unsigned int i;

	/* The work may be on its way still. */
	mutex_lock(&vm->lock);
	slots = rcu_dereference_protected(vm->slots, lockdep_is_held(&vm->lock));
	for (i = 0; slots && i < slots->nr; i++) {
		vmxl_notifier_destroy(slots->slot[i]->notifier);
		slots->slot[i]->notifier = NULL;
	}
	mutex_unlock(&vm->lock);
	cancel_work_sync(&vm->gone_work);
}

/**
 * vmxl_notifier_create() - watch a slot's memory
 * @vm: the VM
 * @slot: a new slot; it has its pages' array already
 *
 * The first of a process takes all locks of its mm, unless a signal is pending, or a debugger
 * wants the thread to stop. Nothing has happened then, and the ioctl is made again.
 * Context: the VM's owner, vm->lock held.
 * Return: the notifier, or an ERR_PTR: -ENOMEM, -ERESTARTNOINTR.
 */
struct vmxl_notifier *vmxl_notifier_create(struct vmxl_vm *vm, struct vmxl_memslot *slot)
{
	struct vmxl_notifier *n = kzalloc(sizeof(*n), GFP_KERNEL_ACCOUNT);
	int ret = -ENOMEM;

	if (!n)
		return ERR_PTR(-ENOMEM);
	n->vm = vm;
	n->pages = slot->pages;
	n->npages = slot->npages;
	n->hva = slot->hva;
	spin_lock_init(&n->lock);
	n->gone = kvcalloc(BITS_TO_LONGS(n->npages), sizeof(long), GFP_KERNEL_ACCOUNT);
	if (n->gone)
		ret = mmu_interval_notifier_insert(&n->mni, vm->mm, n->hva,
						   n->npages << PAGE_SHIFT, &notifier_ops);
	if (!ret)
		return n;
	kvfree(n->gone);
	kfree(n);
	return ERR_PTR(ret == -EINTR ? -ERESTARTNOINTR : ret);
}

/**
 * vmxl_notifier_destroy() - stop watching
 * @n: the notifier, or NULL; its work does not run, or waits for vm->lock
 */
void vmxl_notifier_destroy(struct vmxl_notifier *n)
{
	if (!n)
		return;
	mmu_interval_notifier_remove(&n->mni);
	kvfree(n->gone);
	kfree(n);
}

/**
 * vmxl_notifier_begin() - before pages are pinned
 * @n: the notifier of their slot, or NULL when the VM goes
 *
 * Context: may sleep: what takes pages away at the time is waited for.
 * Return: vmxl_notifier_end()'s.
 */
unsigned long vmxl_notifier_begin(struct vmxl_notifier *n)
{
	return n ? mmu_interval_read_begin(&n->mni) : 0;
}

/**
 * vmxl_notifier_end() - after they were pinned, and are in the slot
 * @n: the notifier, or NULL
 * @seq: what vmxl_notifier_begin() said
 * @first: index of the first page in the slot
 * @nr: their number
 *
 * Those that were taken away meanwhile go again.
 */
void vmxl_notifier_end(struct vmxl_notifier *n, unsigned long seq, u64 first, u64 nr)
{
	if (!n)
		return;
	spin_lock(&n->lock);
	if (mmu_interval_read_retry(&n->mni, seq))
		mark(n, first, nr);
	spin_unlock(&n->lock);
}

/**
 * vmxl_notifier_pending() - whether pages are on their way out
 * @vm: the VM
 *
 * Return: true: guest code must not be executed before vmxl_notifier_wait().
 */
bool vmxl_notifier_pending(struct vmxl_vm *vm)
{
	/* pairs with gone_work() */
	return unlikely(atomic_read(&vm->gone_seq) != smp_load_acquire(&vm->gone_done));
}

/**
 * vmxl_notifier_wait() - wait until pages that go have gone
 * @vm: the VM
 *
 * Context: may sleep; outside vm->srcu and with vm->lock not held.
 */
void vmxl_notifier_wait(struct vmxl_vm *vm)
{
	if (vmxl_notifier_pending(vm))
		flush_work(&vm->gone_work);
}
