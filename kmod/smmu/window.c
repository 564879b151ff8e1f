// SPDX-License-Identifier: GPL-2.0
/*
 * IOVA windows: mappings in the owner's address space that show memory as a
 * stream sees it. In: page faults of device models, which come from map.c, and
 * invalidations; out: page-table entries, or what became of the access.
 *
 * A fault inserts what the caches say. Where they say nothing, the access is
 * translated without the mmap_lock, as any other access is, events included, and
 * the fault is tried again: what it came to is left for the thread that does.
 *
 * A window's pages are of one context, whose invalidations zap them, and of one
 * configuration. Whoever inserts notes the page, then looks whether there was an
 * invalidation since before it asked the caches; whoever invalidates counts it, then
 * looks for notes: one of them sees the other.
 *
 * A page is writable only while it is marked dirty, if there is a log, and stores to it
 * may go unseen (vmxl_page_watched()). Who marks a page looks at win_written, by hash,
 * which is written before the mark is looked at; windows that have such a page are emptied.
 *
 * s->win_lock is taken within mmap_lock and s->lock; what a zap takes is within it.
 */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include "../map.h"
#include "../memslot.h"
#include "../mmu/mem.h"
#include "../vm.h"
#include "internal.h"

#define MAX_BITS	38
#define MAX_LEN		(1ULL << MAX_BITS)
#define VERDICTS	16	/* threads that fault in a window at once */

/* Addresses are compared without the byte that TBI ignores. */
#define ADDR_BITS	56

/* Pages that may be mapped are noted in chunks of 128 MiB, a page each. */
#define CHUNK_BITS	15
#define CHUNK_PAGES	(1u << CHUNK_BITS)
#define NR_CHUNKS	(1u << (MAX_BITS - PAGE_SHIFT - CHUNK_BITS))

/* An access that came to nothing, for the thread that is about to try it again */
struct verdict {
	const void *task;
	u64 vpn;
	bool write;
};

/**
 * struct smmu_window - an IOVA window
 * @nr: number
 * @addr: where it is in the owner's address space
 * @iova: its first address
 * @len: bytes
 * @sid: whose accesses these are
 * @ssid: SubstreamID, of VMXL_SMMU_SSV
 * @flags: VMXL_SMMU_SSV
 * @of: what its pages are translated by; all zero: not translated
 * @fault: the last fault
 * @hand: the verdict to be overwritten next
 * @verdict: of accesses under way
 * @nr_pages: noted; looked at without the lock
 * @max_shift: largest mapping of the guest's that one was taken from
 * @noted: bitmaps, allocated as needed
 * @written: by hash, pages that it may store to; s->win_written is of all windows
 */
struct smmu_window {
	unsigned int nr;
	u64 addr;
	u64 iova, len;
	u32 sid, ssid, flags;
	struct smmu_ctx_key of;
	struct vmxl_smmu_window_fault fault;
	unsigned int hand;
	struct verdict verdict[VERDICTS];
	unsigned long nr_pages;
	u8 max_shift;
	unsigned long *noted[NR_CHUNKS];
	DECLARE_BITMAP(written, 1 << WRITTEN_BITS);
};

/* A fault: the page in the window, and where it is mapped */
struct piece {
	struct vm_area_struct *vma;
	u64 addr;
	u64 vpn;
	bool write;
	u64 snap;		/* s->inval before the caches were asked */
	struct vmxl_smmu_res res;
	struct smmu_ctx *ctx;
};

/*
 * ---- notes; s->win_lock is held ----
 *
 * A page that is noted need not be mapped, the reverse is never so: it is noted before
 * it is inserted, and the note is taken back after the zap.
 */

static bool note(struct smmu_window *w, u64 vpn, u8 shift)
{
	unsigned long **c = &w->noted[vpn >> CHUNK_BITS];

	if (!*c)
		*c = kcalloc(BITS_TO_LONGS(CHUNK_PAGES), sizeof(long), GFP_KERNEL_ACCOUNT);
	if (!*c)
		return false;
	w->max_shift = max(w->max_shift, shift);
	if (!__test_and_set_bit(vpn % CHUNK_PAGES, *c))
		WRITE_ONCE(w->nr_pages, w->nr_pages + 1);
	return true;
}

/* Pages of [vpn, end) that are noted; @forget them */
static unsigned long count_notes(struct smmu_window *w, u64 vpn, u64 end, bool forget)
{
	unsigned long n = 0, first, last, bit;

	for (; n < w->nr_pages && vpn < end; vpn = (vpn | (CHUNK_PAGES - 1)) + 1) {
		unsigned long *c = w->noted[vpn >> CHUNK_BITS];

		if (!c)
			continue;
		first = vpn % CHUNK_PAGES;
		last = min_t(u64, end - (vpn - first), CHUNK_PAGES);
		bit = first;
		for_each_set_bit_from(bit, c, last)
			n++;
		if (forget)
			bitmap_clear(c, first, last - first);
	}
	return n;
}

static void free_window(struct smmu_window *w)
{
	unsigned int i;

	for (i = 0; i < NR_CHUNKS; i++)
		kfree(w->noted[i]);
	kvfree(w);
}

/* ---- zaps; s->win_lock is held ---- */

static void zap(struct vmxl_smmu *s, struct smmu_window *w, u64 vpn, u64 end)
{
	lockdep_assert_held(&s->win_lock);
	if (!count_notes(w, vpn, end, false))
		return;
	vmxl_map_zap(s->vm, VMXL_MAP_SMMU, w->nr, vpn << PAGE_SHIFT, (end - vpn) << PAGE_SHIFT);
	smp_mb();	/* who finds no page noted need not wait for the zap */
	WRITE_ONCE(w->nr_pages, w->nr_pages - count_notes(w, vpn, end, true));
}

static void clear(struct vmxl_smmu *s, struct smmu_window *w)
{
	zap(s, w, 0, w->len >> PAGE_SHIFT);
	bitmap_zero(w->written, 1 << WRITTEN_BITS);
	w->max_shift = 0;
}

/* Pages that a range has in the window, and what is mapped with the first and the last */
static void zap_range(struct vmxl_smmu *s, struct smmu_window *w, u64 addr, u64 len)
{
	u64 top = (1ULL << ADDR_BITS) - 1, start = w->iova & top, vpn, end, n;
	u64 first = addr & top, last = first + min(len - 1, top - first);

	if (len - 1 >= top) {
		clear(s, w);
		return;
	}
	/* A mapping may begin before the window, or end behind it. */
	n = 1ULL << max_t(u8, w->max_shift, PAGE_SHIFT);
	first = max(first & -n, start);
	last = min(last | (n - 1), start + w->len - 1);
	if (first > last)
		return;
	vpn = (first - start) >> PAGE_SHIFT;
	end = ((last - start) >> PAGE_SHIFT) + 1;
	zap(s, w, vpn, end);
}

static void tlbi_window(struct vmxl_smmu *s, struct smmu_window *w, const struct smmu_tlbi *t)
{
	mutex_lock(&s->win_lock);
	if (!tlbi_names(t, &w->of))
		;
	else if (t->by_addr)
		zap_range(s, w, t->addr, t->len);
	else if (t->asid < 0 || t->asid == w->of.asid)
		clear(s, w);
	mutex_unlock(&s->win_lock);
}

/* The next window that has pages; the invalidation was counted, then a full barrier. */
static struct smmu_window *next_noted(struct vmxl_smmu *s, unsigned int *i)
{
	unsigned int nr = smp_load_acquire(&s->nr_win);		/* pairs with publish() */

	while (*i < nr) {
		struct smmu_window *w = s->win[(*i)++];

		if (READ_ONCE(w->nr_pages))
			return w;
	}
	return NULL;
}

/**
 * vmxl_smmu_win_tlbi() - translations were invalidated
 * @s: the SMMU
 * @t: which
 *
 * By address, whatever the ASID is: pages may be global.
 * Context: may sleep, without tlb_lock.
 */
void vmxl_smmu_win_tlbi(struct vmxl_smmu *s, const struct smmu_tlbi *t)
{
	struct smmu_window *w;
	unsigned int i = 0;

	smp_mb();	/* pairs with insert() */
	while ((w = next_noted(s, &i)))
		tlbi_window(s, w, t);
}

/**
 * vmxl_smmu_win_cfgi() - configurations were invalidated
 * @s: the SMMU
 * @sid: as for vmxl_smmu_cfg_drop()
 * @mask: as there
 * @cd: as there
 *
 * Context: may sleep, without tlb_lock.
 */
void vmxl_smmu_win_cfgi(struct vmxl_smmu *s, u32 sid, u32 mask, u32 cd)
{
	struct smmu_window *w;
	unsigned int i = 0;

	smp_mb();	/* pairs with insert() */
	while ((w = next_noted(s, &i))) {
		if (((w->sid ^ sid) & mask) || (cd < CD_ALL && w->ssid != cd))
			continue;
		mutex_lock(&s->win_lock);
		clear(s, w);
		mutex_unlock(&s->win_lock);
	}
}

static void clear_all(struct vmxl_smmu *s)
{
	unsigned int i;

	mutex_lock(&s->win_lock);
	for (i = 0; i < s->nr_win; i++)
		clear(s, s->win[i]);
	/* After the zap, which others need not wait for then */
	smp_mb();
	bitmap_zero(s->win_written, 1 << WRITTEN_BITS);
	mutex_unlock(&s->win_lock);
}

/**
 * vmxl_smmu_zap_all() - empty all windows
 * @vm: the VM; what goes for good is out of the memory slots
 *
 * Context: may sleep.
 */
void vmxl_smmu_zap_all(struct vmxl_vm *vm)
{
	struct vmxl_smmu *s = smp_load_acquire(&vm->smmu);	/* pairs with publish() */

	if (s)
		clear_all(s);
}

static void clear_written(struct vmxl_smmu *s, unsigned int hash)
{
	unsigned int i;

	mutex_lock(&s->win_lock);
	for (i = 0; i < s->nr_win; i++)
		if (test_bit(hash, s->win[i]->written))
			clear(s, s->win[i]);
	/* As in clear_all() */
	smp_mb();
	clear_bit(hash, s->win_written);
	mutex_unlock(&s->win_lock);
}

/**
 * vmxl_smmu_protect() - no window may store to a page any more
 * @vm: the VM
 * @gpa: an address in it; it is marked as one that must not be written, and a full barrier
 *	was passed since then
 *
 * Context: may sleep; costs next to nothing where no window may.
 */
void vmxl_smmu_protect(struct vmxl_vm *vm, u64 gpa)
{
	struct vmxl_smmu *s = smp_load_acquire(&vm->smmu);	/* pairs with publish() */
	unsigned int hash = hash_64(gpa >> PAGE_SHIFT, WRITTEN_BITS);

	if (s && test_bit(hash, s->win_written))
		clear_written(s, hash);
}

/* ---- faults ---- */

static u64 iova_of(const struct smmu_window *w, u64 vpn)
{
	return w->iova + (vpn << PAGE_SHIFT);
}

static struct vmxl_smmu_req request(const struct smmu_window *w, const struct piece *p)
{
	return (struct vmxl_smmu_req) {
		.sid = w->sid, .ssid = w->ssid, .flags = w->flags, .iova = iova_of(w, p->vpn),
		.access = p->write ? VMXL_SMMU_WRITE : VMXL_SMMU_READ,
	};
}

static struct verdict *find_verdict(struct smmu_window *w, const struct piece *p)
{
	struct verdict *v;

	for (v = w->verdict; v < w->verdict + VERDICTS; v++)
		if (v->task == current && v->vpn == p->vpn && v->write == p->write)
			return v;
	return NULL;
}

static void leave_verdict(struct smmu_window *w, const struct piece *p)
{
	struct verdict *v = find_verdict(w, p) ?: &w->verdict[w->hand++ % VERDICTS];

	*v = (struct verdict) { .task = current, .vpn = p->vpn, .write = p->write };
}

static bool take_verdict(struct vmxl_smmu *s, struct smmu_window *w, const struct piece *p)
{
	struct verdict *v;

	mutex_lock(&s->win_lock);
	v = find_verdict(w, p);
	if (v)
		v->task = NULL;
	mutex_unlock(&s->win_lock);
	return v;
}

/* Memory that there is, and may be: pinned now. Else the bus has nothing there for a window. */
static bool pin(struct vmxl_smmu *s, const struct piece *p)
{
	struct vmxl_memslot *slot;

	return !IS_ERR(vmxl_gpa_map(s->vm, p->res.gpa, &slot)) &&
	       !(p->write && (slot->flags & VMXL_MEM_READONLY));
}

/* Translate the access as any other; what came of it is left for the next try. */
static void ask(struct vmxl_smmu *s, struct smmu_window *w, struct piece *p)
{
	struct vmxl_smmu_req req = request(w, p);

	req.flags |= VMXL_SMMU_NO_STALL;
	vmxl_smmu_translate(s, &req, &p->res);
	if (p->res.status == VMXL_SMMU_OK && pin(s, p))
		return;
	if (p->res.status == VMXL_SMMU_OK)
		p->res.status = VMXL_SMMU_ABORT;
	mutex_lock(&s->win_lock);
	w->fault.iova = req.iova;
	w->fault.access = req.access;
	w->fault.status = p->res.status;
	w->fault.event = p->res.event;
	w->fault.nr++;
	leave_verdict(w, p);
	mutex_unlock(&s->win_lock);
}

/* Whether a page may be mapped for stores; of one that is stored to, see to it. */
static bool may_write(struct vmxl_smmu *s, struct vmxl_memslot *slot, const struct piece *p)
{
	u64 gpa = p->res.gpa;

	if (!(p->res.perm & VMXL_SMMU_WRITE) || (slot->flags & VMXL_MEM_READONLY))
		return false;
	if (p->write) {
		vmxl_memslot_mark_dirty(slot, gpa);
		vmxl_page_unwatch(s->vm, slot, gpa);
	}
	return !vmxl_page_watched(s->vm, slot, gpa) &&
	       (!slot->dirty || test_bit(vmxl_memslot_index(slot, gpa), slot->dirty));
}

/* Pages of another context, of a configuration that was replaced without a word, go. */
static void set_context(struct vmxl_smmu *s, struct smmu_window *w, const struct smmu_ctx *ctx)
{
	static const struct smmu_ctx_key none;
	const struct smmu_ctx_key *k = ctx ? &ctx->k : &none;

	if (!memcmp(&w->of, k, sizeof(*k)))
		return;
	clear(s, w);
	w->of = *k;
}

/* 0: to be looked up anew */
static vm_fault_t insert(struct vmxl_smmu *s, struct smmu_window *w, const struct piece *p,
			 struct vmxl_memslot *slot, struct page *page)
{
	unsigned int hash = hash_64(p->res.gpa >> PAGE_SHIFT, WRITTEN_BITS);
	bool writable = may_write(s, slot, p);
	unsigned long flags = p->vma->vm_flags;

	if (p->write && !writable)
		return 0;
	set_context(s, w, p->ctx);
	if (!note(w, p->vpn, p->ctx ? p->res.shift : 0))
		return VM_FAULT_OOM;
	if (writable) {
		set_bit(hash, w->written);
		set_bit(hash, s->win_written);
	}
	smp_mb();	/* the note, then invalidations and marks */
	if (READ_ONCE(s->inval) != p->snap ||
	    (writable && vmxl_page_watched(s->vm, slot, p->res.gpa)))
		return 0;
	if (!writable)
		flags &= ~VM_WRITE;
	return vmf_insert_pfn_prot(p->vma, p->addr, page_to_pfn(page), vm_get_page_prot(flags));
}

/* By what is known; 0: nothing is, or it is not pinned yet */
static vm_fault_t show(struct vmxl_smmu *s, struct smmu_window *w, struct piece *p)
{
	struct vmxl_smmu_req req = request(w, p);
	struct vmxl_memslot *slot;
	struct page *page = NULL;
	vm_fault_t ret;

	p->snap = smp_load_acquire(&s->inval);	/* pairs with vmxl_smmu_inval_begin() */
	if (!vmxl_smmu_peek(s, &req, &p->res, &p->ctx))
		return 0;
	slot = vmxl_memslot_find(s->vm, p->res.gpa);
	if (slot)
		page = READ_ONCE(slot->pages[vmxl_memslot_index(slot, p->res.gpa)]);
	if (!page)
		return 0;
	mutex_lock(&s->win_lock);
	ret = insert(s, w, p, slot, page);
	mutex_unlock(&s->win_lock);
	return ret;
}

/*
 * What is mapped for reading only is mapped anew where it is written to. What can
 * neither be shown nor asked for now is left to another fault at the same place.
 */
static vm_fault_t fault(struct vmxl_smmu *s, struct smmu_window *w, struct piece *p,
			struct vm_fault *vmf)
{
	struct mm_struct *mm = vmf->vma->vm_mm;
	vm_fault_t ret;

	if (vmf->flags & FAULT_FLAG_MKWRITE) {
		mutex_lock(&s->win_lock);
		zap(s, w, p->vpn, p->vpn + 1);
		mutex_unlock(&s->win_lock);
		return VM_FAULT_NOPAGE;
	}
	ret = show(s, w, p);
	if (ret || (vmf->flags & FAULT_FLAG_TRIED))
		return ret ?: VM_FAULT_NOPAGE;
	if (!(vmf->flags & FAULT_FLAG_ALLOW_RETRY) || (vmf->flags & FAULT_FLAG_RETRY_NOWAIT))
		return VM_FAULT_SIGBUS;
	mmap_read_unlock(mm);
	ask(s, w, p);
	return VM_FAULT_RETRY;
}

static struct smmu_window *find(struct vmxl_smmu *s, u64 nr)
{
	/* Pairs with publish(). */
	return s && nr < smp_load_acquire(&s->nr_win) ? s->win[nr] : NULL;
}

/**
 * vmxl_smmu_fault() - page fault in a window
 * @vm: the VM
 * @nr: window
 * @off: offset in it
 * @vmf: the fault
 *
 * Context: any page fault of the owner's, mmap_lock held for reading.
 * Return: VM_FAULT_*; SIGBUS where the access is not OK.
 */
vm_fault_t vmxl_smmu_fault(struct vmxl_vm *vm, unsigned int nr, u64 off, struct vm_fault *vmf)
{
	struct vmxl_smmu *s = smp_load_acquire(&vm->smmu);	/* pairs with publish() */
	struct smmu_window *w = find(s, nr);
	struct piece p = {
		.vma = vmf->vma, .addr = vmf->address & PAGE_MASK, .vpn = off >> PAGE_SHIFT,
		.write = vmf->flags & FAULT_FLAG_WRITE,
	};
	vm_fault_t ret;
	int idx;

	if (!w || off >= w->len || current->mm != vm->mm)
		return VM_FAULT_SIGBUS;
	if ((vmf->flags & FAULT_FLAG_TRIED) && take_verdict(s, w, &p))
		return VM_FAULT_SIGBUS;
	idx = srcu_read_lock(&vm->srcu);
	ret = fault(s, w, &p, vmf);
	srcu_read_unlock(&vm->srcu, idx);
	return ret;
}

/* ---- making them ---- */

/* Complete for those who look without a lock */
static void publish(struct vmxl_smmu *s, struct smmu_window *w)
{
	s->win[w->nr] = w;
	smp_store_release(&s->nr_win, w->nr + 1);	/* pairs with find() */
	smp_store_release(&s->vm->smmu, s);		/* pairs with its other users */
	/* Invalidations that have not seen it are over: see vmxl_smmu_tlbi(). */
	spin_lock(&s->tlb_lock);
	spin_unlock(&s->tlb_lock);
}

/* vm->lock is held */
static int make(struct vmxl_smmu *s, struct vmxl_smmu_window *a)
{
	struct smmu_window *w;

	if (s->nr_win == NR_WIN)
		return -ENOSPC;
	w = kvzalloc(sizeof(*w), GFP_KERNEL_ACCOUNT);
	if (!w)
		return -ENOMEM;
	w->nr = s->nr_win;
	w->iova = a->iova;
	w->len = a->len;
	w->sid = a->sid;
	w->ssid = a->ssid;
	w->flags = a->flags;
	w->addr = vmxl_map(s->vm, VMXL_MAP_SMMU, w->nr, w->len);
	if (!w->addr) {
		kvfree(w);
		return -ENOMEM;
	}
	a->id = w->nr;
	a->hva = w->addr;
	publish(s, w);
	return 0;
}

/**
 * vmxl_smmu_win_make() - make a window
 * @s: the SMMU
 * @a: what it shows, checked; out: its number and address
 *
 * It stays until the VM goes. Nothing is in it before a device model looks.
 * Context: ioctl of the VM's owner.
 * Return: 0, -EINVAL, -ENOSPC, -ENOMEM, -EINTR.
 */
int vmxl_smmu_win_make(struct vmxl_smmu *s, struct vmxl_smmu_window *a)
{
	u64 last = a->iova + (a->len - 1);
	int ret;

	if (!a->len || a->len > MAX_LEN || ((a->iova | a->len) & ~PAGE_MASK) || last < a->iova ||
	    (a->iova ^ last) >> (ADDR_BITS - 1))
		return -EINVAL;
	if (mutex_lock_killable(&s->vm->lock))
		return -EINTR;
	ret = make(s, a);
	mutex_unlock(&s->vm->lock);
	return ret;
}

/**
 * vmxl_smmu_win_fault() - what became of the last access that was not OK
 * @s: the SMMU
 * @a: in: the window's number; out: the rest
 *
 * Return: 0, or -EINVAL: there is no such window.
 */
int vmxl_smmu_win_fault(struct vmxl_smmu *s, struct vmxl_smmu_window_fault *a)
{
	u32 id = a->id;
	struct smmu_window *w = find(s, id);

	if (!w)
		return -EINVAL;
	mutex_lock(&s->win_lock);
	*a = w->fault;
	mutex_unlock(&s->win_lock);
	a->id = id;
	return 0;
}

/**
 * vmxl_smmu_win_free_all() - free the windows of a device that goes
 * @s: the SMMU, which nobody uses any more; the VM's mappings went before
 */
void vmxl_smmu_win_free_all(struct vmxl_smmu *s)
{
	if (s->nr_win)
		s->vm->smmu = NULL;
	while (s->nr_win)
		free_window(s->win[--s->nr_win]);
}
