// SPDX-License-Identifier: GPL-2.0
/*
 * Memory slots: SET_USER_MEMORY_REGION, GET_DIRTY_LOG, and the way from a
 * guest physical address to the page behind it.
 *
 * The array of slots is replaced as a whole: publish it, ask every vCPU for a
 * TLB flush, wait for the readers, then take down what the old one had. A vCPU
 * in a slice that began before still uses the old slot, and is waited for; one
 * that begins after flushes first.
 */
#include <linux/bitmap.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/user.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "codegen/cache.h"
#include "count.h"
#include "memslot.h"
#include "netlink.h"
#include "notifier.h"
#include "mmu/mem.h"
#include "mmu/tlb.h"
#include "mmu/window.h"
#include "smmu/smmu.h"
#include "uabi.h"
#include "vm.h"

static_assert(PAGE_SHIFT == VMXL_PAGE_SHIFT);

/* Of a slot: 512 GiB; its page array is then 1 GiB */
#define MAX_PAGES	(1UL << 27)

/* Pages pinned at once, around the one that is asked for */
#define PIN_AROUND	16

/* Bytes that user space may tell of at once */
#define MAX_WRITTEN	(1ULL << 30)

#define ALL_FLAGS	(VMXL_MEM_LOG_DIRTY_PAGES | VMXL_MEM_READONLY)

/*
 * Accounting, as for any memory pinned for long: against the user's limit
 * unless the owner may lock what it likes; in the mm for /proc (VmPin). Both
 * outlive the process.
 */
static int account(struct vmxl_vm *vm, unsigned long npages)
{
	if (vm->owner) {
		unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
		atomic_long_t *locked = &vm->owner->user->locked_vm;
		long cur = atomic_long_read(locked);

		do {
			if (cur + npages > limit)
				return -ENOMEM;
		} while (!atomic_long_try_cmpxchg(locked, &cur, cur + npages));
	}
	atomic64_add(npages, &vm->mm->pinned_vm);
	return 0;
}

static void unaccount(struct vmxl_vm *vm, unsigned long npages)
{
	atomic64_sub(npages, &vm->mm->pinned_vm);
	if (vm->owner)
		atomic_long_sub(npages, &vm->owner->user->locked_vm);
}

/* By runs, which the kernel may hold as one large folio */
static void unpin_all(struct vmxl_memslot *slot)
{
	bool dirty = !(slot->flags & VMXL_MEM_READONLY);
	u64 i, n;

	for (i = 0; i < slot->npages; i += n + 1) {
		for (n = 0; i + n < slot->npages && n < 512 && slot->pages[i + n]; n++)
			;
		if (n) {
			unpin_user_pages_dirty_lock(slot->pages + i, n, dirty);
			vmxl_count_add(VMXL_COUNT_PIN, -(long)n);
			n--;
		}
		cond_resched();
	}
}

/* A slot that nothing refers to any more, with all that it has */
static void slot_destroy(struct vmxl_vm *vm, struct vmxl_memslot *slot)
{
	vmxl_notifier_destroy(slot->notifier);
	if (slot->pages)
		unpin_all(slot);
	kvfree(slot->pages);
	kvfree(slot->pflags);
	kvfree(slot->rmap);
	kvfree(slot->dirty);
	unaccount(vm, slot->npages);
	kfree(slot);
	vmxl_count_add(VMXL_COUNT_SLOT, -1);
}

static unsigned long *alloc_dirty(u64 npages)
{
	return kvcalloc(BITS_TO_LONGS(npages), sizeof(long), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
}

/* What there is for each page, and who watches them */
static int slot_alloc(struct vmxl_vm *vm, struct vmxl_memslot *slot)
{
	const gfp_t gfp = GFP_KERNEL_ACCOUNT | __GFP_NOWARN;
	u64 npages = slot->npages;
	struct vmxl_notifier *n;

	slot->pages = kvcalloc(npages, sizeof(*slot->pages), gfp);
	slot->pflags = kvzalloc(npages, gfp);
	if (vm->windows)
		slot->rmap = kvcalloc(npages, sizeof(*slot->rmap), gfp);
	if (slot->flags & VMXL_MEM_LOG_DIRTY_PAGES)
		slot->dirty = alloc_dirty(npages);
	if (!slot->pages || !slot->pflags || (vm->windows && !slot->rmap) ||
	    ((slot->flags & VMXL_MEM_LOG_DIRTY_PAGES) && !slot->dirty))
		return -ENOMEM;
	n = vmxl_notifier_create(vm, slot);
	if (IS_ERR(n))
		return PTR_ERR(n);
	slot->notifier = n;
	return 0;
}

static struct vmxl_memslot *slot_create(struct vmxl_vm *vm, const struct vmxl_memory_region *r)
{
	u64 npages = r->memory_size >> PAGE_SHIFT;
	struct vmxl_memslot *slot;
	int ret = account(vm, npages);

	if (ret) {
		vmxl_netlink_quota(vm, r->memory_size);
		return ERR_PTR(ret);
	}
	slot = kzalloc(sizeof(*slot), GFP_KERNEL_ACCOUNT);
	if (!slot) {
		unaccount(vm, npages);
		return ERR_PTR(-ENOMEM);
	}
	vmxl_count_add(VMXL_COUNT_SLOT, 1);
	slot->id = r->slot;
	slot->flags = r->flags;
	slot->gpa = r->guest_phys_addr;
	slot->hva = r->userspace_addr;
	slot->npages = npages;
	ret = slot_alloc(vm, slot);
	if (!ret)
		return slot;
	slot_destroy(vm, slot);
	return ERR_PTR(ret);
}

/* @old in another place or with other flags; it gives @pages and @pflags to the new one. */
static struct vmxl_memslot *slot_change(struct vmxl_memslot *old,
					const struct vmxl_memory_region *r)
{
	struct vmxl_memslot *slot = kmemdup(old, sizeof(*old), GFP_KERNEL_ACCOUNT);

	if (!slot)
		return ERR_PTR(-ENOMEM);
	slot->gpa = r->guest_phys_addr;
	slot->flags = r->flags;
	if (!(r->flags & VMXL_MEM_LOG_DIRTY_PAGES)) {
		slot->dirty = NULL;
	} else if (!slot->dirty) {
		slot->dirty = alloc_dirty(slot->npages);
		if (!slot->dirty) {
			kfree(slot);
			return ERR_PTR(-ENOMEM);
		}
	}
	return slot;
}

/* Free one of the two slots that slot_change() left, and what only it has. */
static void slot_change_free(struct vmxl_memslot *slot, const struct vmxl_memslot *other)
{
	if (slot->dirty != other->dirty)
		kvfree(slot->dirty);
	kfree(slot);
}

static struct vmxl_memslots *slots_locked(struct vmxl_vm *vm)
{
	return rcu_dereference_protected(vm->slots, lockdep_is_held(&vm->lock));
}

static struct vmxl_memslot *slot_by_id(struct vmxl_vm *vm, u32 id)
{
	struct vmxl_memslots *slots = slots_locked(vm);
	unsigned int i;

	for (i = 0; slots && i < slots->nr; i++)
		if (slots->slot[i]->id == id)
			return slots->slot[i];
	return NULL;
}

/* The array with @old taken out and @new, if there is one, in its place */
static struct vmxl_memslots *slots_replace(struct vmxl_memslots *from, struct vmxl_memslot *old,
					   struct vmxl_memslot *new)
{
	unsigned int i, nr = from ? from->nr : 0;
	struct vmxl_memslots *to = kzalloc(struct_size(to, slot, nr + 1), GFP_KERNEL_ACCOUNT);

	if (!to)
		return NULL;
	for (i = 0; i < nr; i++) {
		if (from->slot[i] == old)
			continue;
		if (new && new->gpa < from->slot[i]->gpa) {
			to->slot[to->nr++] = new;
			new = NULL;
		}
		to->slot[to->nr++] = from->slot[i];
	}
	if (new)
		to->slot[to->nr++] = new;
	return to;
}

/* On success nobody uses @old any more. */
static int publish(struct vmxl_vm *vm, struct vmxl_memslot *old, struct vmxl_memslot *new)
{
	struct vmxl_memslots *from = slots_locked(vm);
	struct vmxl_memslots *to = slots_replace(from, old, new);

	if (!to)
		return -ENOMEM;
	rcu_assign_pointer(vm->slots, to);
	vmxl_vm_request_all(vm, NULL, VMXL_REQ_TLB_FLUSH);
	synchronize_srcu_expedited(&vm->srcu);
	/* From now on nobody inserts @old's pages: TLBs are flushed before they are used again. */
	if (old) {
		vmxl_window_zap_all(vm);
		vmxl_smmu_zap_all(vm);
	}
	if (old && (!new || new->gpa != old->gpa))
		vmxl_cache_invalidate_all(vm->cache);
	kfree(from);
	return 0;
}

static bool overlaps_other(struct vmxl_vm *vm, const struct vmxl_memory_region *r)
{
	struct vmxl_memslots *slots = slots_locked(vm);
	unsigned int i;

	for (i = 0; slots && i < slots->nr; i++) {
		const struct vmxl_memslot *s = slots->slot[i];

		if (s->id != r->slot && r->guest_phys_addr < s->gpa + (s->npages << PAGE_SHIFT) &&
		    s->gpa < r->guest_phys_addr + r->memory_size)
			return true;
	}
	return false;
}

static int set_delete(struct vmxl_vm *vm, struct vmxl_memslot *old)
{
	int ret;

	if (!old)
		return -EINVAL;
	ret = publish(vm, old, NULL);
	if (!ret)
		slot_destroy(vm, old);
	return ret;
}

static int set_create(struct vmxl_vm *vm, const struct vmxl_memory_region *r)
{
	struct vmxl_memslot *new = slot_create(vm, r);
	int ret;

	if (IS_ERR(new))
		return PTR_ERR(new);
	ret = publish(vm, NULL, new);
	if (ret)
		slot_destroy(vm, new);
	return ret;
}

static int set_change(struct vmxl_vm *vm, struct vmxl_memslot *old,
		      const struct vmxl_memory_region *r)
{
	struct vmxl_memslot *new;
	int ret;

	if (r->memory_size != old->npages << PAGE_SHIFT || r->userspace_addr != old->hva ||
	    ((r->flags ^ old->flags) & VMXL_MEM_READONLY))
		return -EINVAL;
	if (r->guest_phys_addr == old->gpa && r->flags == old->flags)
		return 0;
	new = slot_change(old, r);
	if (IS_ERR(new))
		return PTR_ERR(new);
	ret = publish(vm, old, new);
	slot_change_free(ret ? new : old, ret ? old : new);
	return ret;
}

static int set_locked(struct vmxl_vm *vm, const struct vmxl_memory_region *r)
{
	struct vmxl_memslot *old = slot_by_id(vm, r->slot);

	if (!r->memory_size)
		return set_delete(vm, old);
	if (overlaps_other(vm, r))
		return -EEXIST;
	return old ? set_change(vm, old, r) : set_create(vm, r);
}

static bool region_ok(const struct vmxl_memory_region *r)
{
	u64 end;

	return r->slot < VMXL_NR_MEMSLOTS && !(r->flags & ~ALL_FLAGS) &&
	       VMXL_RESERVED_OK(r->reserved) &&
	       IS_ALIGNED(r->memory_size | r->guest_phys_addr | r->userspace_addr, PAGE_SIZE) &&
	       r->memory_size >> PAGE_SHIFT <= MAX_PAGES &&
	       !check_add_overflow(r->guest_phys_addr, r->memory_size, &end) &&
	       access_ok(u64_to_user_ptr(r->userspace_addr), r->memory_size);
}

/**
 * vmxl_memslot_set() - VMXL_SET_USER_MEMORY_REGION
 * @vm: the VM
 * @r: its argument
 *
 * Return: 0, -EINVAL, -EEXIST where it overlaps another slot, -ENOMEM.
 */
int vmxl_memslot_set(struct vmxl_vm *vm, const struct vmxl_memory_region *r)
{
	int ret;

	if (!region_ok(r))
		return -EINVAL;
	if (mutex_lock_killable(&vm->lock))
		return -EINTR;
	ret = set_locked(vm, r);
	mutex_unlock(&vm->lock);
	return ret;
}

/**
 * vmxl_memslots_destroy() - free and unpin all memory slots of a VM that goes
 * @vm: the VM: no readers, no lock
 */
void vmxl_memslots_destroy(struct vmxl_vm *vm)
{
	struct vmxl_memslots *slots = rcu_dereference_protected(vm->slots, true);
	unsigned int i;

	for (i = 0; slots && i < slots->nr; i++)
		slot_destroy(vm, slots->slot[i]);
	kfree(slots);
	RCU_INIT_POINTER(vm->slots, NULL);
}

/* Move the bits over to @to; whether there were any */
static bool take_dirty(struct vmxl_memslot *slot, unsigned long *to)
{
	unsigned long i, n = BITS_TO_LONGS(slot->npages);
	bool any = false;

	for (i = 0; i < n; i++) {
		if (!READ_ONCE(slot->dirty[i]))
			continue;
		to[i] = xchg(&slot->dirty[i], 0);
		any = true;
	}
	return any;
}

static void give_back_dirty(struct vmxl_memslot *slot, const unsigned long *from)
{
	unsigned long bit;

	for_each_set_bit(bit, from, slot->npages)
		set_bit(bit, slot->dirty);
}

/*
 * The bits first, then the TLBs' leave to write: a vCPU that still writes to a
 * page by such leave is waited for, so that all it wrote is there when user
 * space gets the bit and reads the page. Its next write sets the bit anew.
 */
static int get_dirty_locked(struct vmxl_vm *vm, const struct vmxl_dirty_log *log)
{
	struct vmxl_memslot *slot = slot_by_id(vm, log->slot);
	unsigned long *bits;
	int ret = 0;

	if (!slot || !slot->dirty)
		return -ENOENT;
	bits = alloc_dirty(slot->npages);
	if (!bits)
		return -ENOMEM;
	if (take_dirty(slot, bits)) {
		vmxl_vm_request_all(vm, NULL, VMXL_REQ_TLB_PROTECT);
		vmxl_window_protect_slot(vm, slot);
		vmxl_smmu_zap_all(vm);
		synchronize_srcu_expedited(&vm->srcu);
	}
	if (copy_to_user(u64_to_user_ptr(log->bitmap), bits,
			 BITS_TO_LONGS(slot->npages) * sizeof(long))) {
		give_back_dirty(slot, bits);
		ret = -EFAULT;
	}
	kvfree(bits);
	return ret;
}

/**
 * vmxl_memslot_get_dirty() - VMXL_GET_DIRTY_LOG
 * @vm: the VM
 * @log: its argument
 *
 * Return: 0, -EINVAL, -ENOENT where nothing is logged, -EFAULT, -ENOMEM.
 */
int vmxl_memslot_get_dirty(struct vmxl_vm *vm, const struct vmxl_dirty_log *log)
{
	int ret;

	if (log->slot >= VMXL_NR_MEMSLOTS || log->reserved)
		return -EINVAL;
	if (mutex_lock_killable(&vm->lock))
		return -EINTR;
	ret = get_dirty_locked(vm, log);
	mutex_unlock(&vm->lock);
	return ret;
}

/**
 * vmxl_memslot_find() - the slot of an address
 * @vm: the VM
 * @gpa: guest physical address
 *
 * Return: the slot, or NULL; valid until vm->srcu is left.
 */
struct vmxl_memslot *vmxl_memslot_find(struct vmxl_vm *vm, u64 gpa)
{
	struct vmxl_memslots *slots = srcu_dereference(vm->slots, &vm->srcu);
	unsigned int lo = 0, hi = slots ? slots->nr : 0;

	while (lo < hi) {
		unsigned int mid = (lo + hi) / 2;
		struct vmxl_memslot *s = slots->slot[mid];

		if (gpa < s->gpa)
			hi = mid;
		else if (gpa - s->gpa >= s->npages << PAGE_SHIFT)
			lo = mid + 1;
		else
			return s;
	}
	return NULL;
}

/*
 * A read-only slot is pinned for writing too where that can be, so that what
 * user space writes to its private memory later is what the guest reads.
 */
static int pin(struct vmxl_memslot *slot, u64 first, int n, unsigned int flags,
	       struct page **pages)
{
	unsigned long hva = slot->hva + (first << PAGE_SHIFT);
	int got = pin_user_pages_fast(hva, n, flags | FOLL_WRITE | FOLL_LONGTERM, pages);

	if (got <= 0 && (slot->flags & VMXL_MEM_READONLY))
		got = pin_user_pages_fast(hva, n, flags | FOLL_LONGTERM, pages);
	return got;
}

/* Give pinned pages to the slot; where another vCPU was first, drop ours. */
static void install(struct vmxl_memslot *slot, u64 first, int n, struct page **pages)
{
	int i;

	for (i = 0; i < n; i++) {
		if (cmpxchg(&slot->pages[first + i], NULL, pages[i]))
			unpin_user_page(pages[i]);
		else
			vmxl_count_add(VMXL_COUNT_PIN, 1);
	}
}

static void pin_some(struct vmxl_memslot *slot, u64 first, int n, unsigned int flags)
{
	unsigned long seq = vmxl_notifier_begin(slot->notifier);
	struct page *pages[PIN_AROUND];

	install(slot, first, pin(slot, first, n, flags, pages), pages);
	vmxl_notifier_end(slot->notifier, seq, first, n);
}

/* One that is taken away again at once is had all the same: until vm->srcu is left. */
static struct page *pin_page(struct vmxl_memslot *slot, u64 index)
{
	u64 first = round_down(index, PIN_AROUND);
	struct page *page;

	pin_some(slot, first, min_t(u64, PIN_AROUND, slot->npages - first), 0);
	page = READ_ONCE(slot->pages[index]);
	if (!page) {
		/* A hole before it */
		pin_some(slot, index, 1, 0);
		page = READ_ONCE(slot->pages[index]);
	}
	return page;
}

/**
 * vmxl_memslot_pin() - have pages of a slot at hand
 * @slot: the slot
 * @index: the first page
 * @n: pages; what is beyond the slot is left out, as what cannot be had
 *
 * Context: within vm->srcu, process context of the VM's owner, may sleep.
 */
void vmxl_memslot_pin(struct vmxl_memslot *slot, u64 index, u64 n)
{
	u64 end = min(index + n, slot->npages);

	for (; index < end; index = round_down(index, PIN_AROUND) + PIN_AROUND)
		if (!READ_ONCE(slot->pages[index]))
			pin_page(slot, index);
}

/**
 * vmxl_memslot_pin_huge() - have a huge page of a slot at hand
 * @slot: the slot
 * @index: its first page
 * @n: its pages
 *
 * Nothing is allocated: what the owner has taken away of it is not given back.
 * Context: as vmxl_memslot_pin().
 */
void vmxl_memslot_pin_huge(struct vmxl_memslot *slot, u64 index, u64 n)
{
	u64 end = index + n;

	for (; index < end; index++) {
		if (READ_ONCE(slot->pages[index]))
			continue;
		pin_some(slot, index, min_t(u64, PIN_AROUND, end - index), FOLL_NOFAULT);
		if (!READ_ONCE(slot->pages[index]))
			break;
	}
}

void *vmxl_gpa_map(struct vmxl_vm *vm, u64 gpa, struct vmxl_memslot **slotp)
{
	struct vmxl_memslot *slot = vmxl_memslot_find(vm, gpa);
	struct page *page;
	u64 index;

	if (slotp)
		*slotp = slot;
	if (!slot)
		return ERR_PTR(-ENXIO);
	index = vmxl_memslot_index(slot, gpa);
	page = READ_ONCE(slot->pages[index]);
	if (unlikely(!page))
		page = pin_page(slot, index);
	return page ? page_address(page) : ERR_PTR(-EFAULT);
}

/**
 * vmxl_memslot_mark_dirty() - note in the dirty log that a page is written
 * @slot: its slot
 * @gpa: any address in the page
 *
 * To be called before the page is written, within the same vm->srcu section.
 */
void vmxl_memslot_mark_dirty(struct vmxl_memslot *slot, u64 gpa)
{
	u64 index = vmxl_memslot_index(slot, gpa);

	if (slot->dirty && !test_bit(index, slot->dirty))
		set_bit(index, slot->dirty);
}

static size_t bytes_in_page(u64 gpa, size_t len)
{
	return min_t(size_t, len, PAGE_SIZE - offset_in_page(gpa));
}

/**
 * vmxl_gpa_read() - copy from guest memory
 * @vm: the VM
 * @gpa: guest physical address
 * @dst: where to
 * @len: bytes; may cross pages and slots
 *
 * Context: as vmxl_gpa_map().
 * Return: 0, -ENXIO, -EFAULT; something may have been copied.
 */
int vmxl_gpa_read(struct vmxl_vm *vm, u64 gpa, void *dst, size_t len)
{
	size_t n;
	void *page;

	for (; len; len -= n, gpa += n, dst += n) {
		page = vmxl_gpa_map(vm, gpa, NULL);
		if (IS_ERR(page))
			return PTR_ERR(page);
		n = bytes_in_page(gpa, len);
		memcpy(dst, page + offset_in_page(gpa), n);
	}
	return 0;
}

/**
 * vmxl_memslot_written() - VMXL_MEMORY_WRITTEN
 * @vm: the VM
 * @range: what its user has written to by an address of its own
 *
 * Context: may sleep.
 * Return: 0, -EINVAL.
 */
int vmxl_memslot_written(struct vmxl_vm *vm, const struct vmxl_memory_range *range)
{
	u64 gpa = range->guest_phys_addr, end = gpa + range->size, next;
	struct vmxl_memslot *slot;
	int idx;

	if (end < gpa || range->size > MAX_WRITTEN)
		return -EINVAL;
	smp_mb();	/* it was written, then we look for code; as write_page() */
	if (range->size)
		vmxl_resv_written(vm, gpa, range->size);
	idx = srcu_read_lock(&vm->srcu);
	for (; gpa < end; gpa = next) {
		next = min((gpa & VMXL_PAGE_MASK) + VMXL_PAGE_SIZE, end);
		slot = vmxl_memslot_find(vm, gpa);
		if (slot && vmxl_memslot_has_code(slot, gpa))
			vmxl_cache_invalidate(vm->cache, gpa, next - gpa);
		cond_resched();
	}
	srcu_read_unlock(&vm->srcu, idx);
	return 0;
}

static int write_page(struct vmxl_vm *vm, u64 gpa, const void *src, size_t len)
{
	struct vmxl_memslot *slot;
	void *page = vmxl_gpa_map(vm, gpa, &slot);

	if (IS_ERR(page))
		return PTR_ERR(page);
	if (slot->flags & VMXL_MEM_READONLY)
		return -EROFS;
	vmxl_memslot_mark_dirty(slot, gpa);
	memcpy(page + offset_in_page(gpa), src, len);
	/* A translator marks the page first, then reads: one of us sees the other. */
	smp_mb();
	vmxl_resv_written(vm, gpa, len);
	if (vmxl_memslot_has_code(slot, gpa))
		vmxl_cache_invalidate(vm->cache, gpa, len);
	return 0;
}

/**
 * vmxl_gpa_write() - copy to guest memory
 * @vm: the VM
 * @gpa: guest physical address
 * @src: where from
 * @len: bytes; may cross pages and slots
 *
 * Context: as vmxl_gpa_map().
 * Return: 0, -ENXIO, -EFAULT, -EROFS; something may have been copied.
 */
int vmxl_gpa_write(struct vmxl_vm *vm, u64 gpa, const void *src, size_t len)
{
	size_t n;
	int ret = 0;

	for (; len && !ret; len -= n, gpa += n, src += n) {
		n = bytes_in_page(gpa, len);
		ret = write_page(vm, gpa, src, n);
	}
	return ret;
}
