// SPDX-License-Identifier: GPL-2.0
/*
 * Faults in windows: from the TLB's entries to the host's page tables. Rules:
 * window_impl.h.
 */
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/srcu.h>
#include "../compat.h"
#include "../memslot.h"
#include "../trace.h"
#include "mem.h"
#include "window_impl.h"

/* Pages that are tried around the one that faulted; of a large mapping up to so many */
#define AROUND_PAGES	16
#define MOST_PAGES	512

/* A huge page of the host's */
#define HUGE_PAGES	(PMD_SIZE >> PAGE_SHIFT)
#define HUGE_ORDER	(PMD_SHIFT - PAGE_SHIFT)

static_assert(HUGE_PAGES == PIECE_PAGES);

static u64 slot_index(const struct vmxl_tlb_entry *e)
{
	return vmxl_memslot_index(e->slot, e->gpa);
}

static bool may_show(const struct vmxl_window *w, const struct vmxl_tlb_entry *e)
{
	/* Who takes a mapping out looks for it in one window. */
	return e->kaddr && e->shift <= VMXL_WIN_BITS &&
	       vmxl_win_takes(w, e->perms, e->flags & VMXL_TLBF_GLOBAL,
			      e->flags & VMXL_TLBF_UNPRIV);
}

/* What is not watched of a mapping */
static bool takes_stores(const struct vmxl_tlb_entry *e)
{
	return (e->perms & BIT(VMXL_ACCESS_WRITE)) && !(e->slot->flags & VMXL_MEM_READONLY) &&
	       e->slot->rmap;
}

static bool may_write(struct vmxl_vm *vm, const struct vmxl_tlb_entry *e)
{
	return takes_stores(e) && !vmxl_page_watched(vm, e->slot, e->gpa);
}

/* Whether stores need not be noticed: it is marked dirty, or nobody asks */
static bool is_dirty(const struct vmxl_tlb_entry *e)
{
	return !e->slot->dirty || test_bit(slot_index(e), e->slot->dirty);
}

/* false: it has become a page that must not be written */
static bool note_writer(struct vmxl_windows *ws, const struct vmxl_window *w,
			const struct vmxl_win_piece *p)
{
	u64 *r = &p->e.slot->rmap[slot_index(&p->e)], old = *r;

	WRITE_ONCE(*r, vmxl_win_rmap(ws, old, w, vpn_of(p->gva)));
	smp_mb();	/* the rmap, then the mark; pairs with vmxl_window_protect() */
	if (likely(!vmxl_page_watched(ws->vm, p->e.slot, p->e.gpa)))
		return true;
	WRITE_ONCE(*r, old);
	return false;
}

/* The page may be out of the slot by now, but is not let go before vm->srcu is left. */
static vm_fault_t insert_pfn(struct vm_area_struct *vma, const struct vmxl_win_piece *p,
			     bool writable)
{
	unsigned long flags = vma->vm_flags;

	if (!writable)
		flags &= ~VM_WRITE;
	return vmf_insert_pfn_prot(vma, p->addr, page_to_pfn(virt_to_page(p->e.kaddr)),
				   vm_get_page_prot(flags));
}

/*
 * Out of memory for page tables, or whatever mappings cost: start again with
 * nothing mapped.
 */
static enum vmxl_wfault out_of_memory(struct vmxl_windows *ws)
{
	vmxl_win_clear_all(ws);
	return VMXL_WFAULT_STEP;
}

/**
 * vmxl_win_insert() - insert a page that the window may show
 * @ws: the VM's windows
 * @w: the window
 * @vma: its mapping
 * @p: the page. A store is to be allowed if it can be.
 *
 * Context: ws->lock and mmap_lock held.
 * Return: enum vmxl_wfault.
 */
enum vmxl_wfault vmxl_win_insert(struct vmxl_windows *ws, struct vmxl_window *w,
				 struct vm_area_struct *vma, struct vmxl_win_piece *p)
{
	bool writable = may_write(ws->vm, &p->e) && (vma->vm_flags & VM_WRITE);
	u64 vpn = vpn_of(p->gva);
	vm_fault_t ret;

	lockdep_assert_held(&ws->lock);
	if (writable && p->write)
		vmxl_memslot_mark_dirty(p->e.slot, p->e.gpa);
	writable = writable && is_dirty(&p->e) && note_writer(ws, w, p);
	if (p->write && !writable)
		return VMXL_WFAULT_STEP;
	/* What is there is not changed by insertion. */
	if (p->write)
		vmxl_win_zap(ws, w, vpn, vpn + 1, VMXL_ZAP_STORE);
	p->fresh = !vmxl_win_present(w, vpn);
	if (!vmxl_win_note(ws, w, vpn, &p->e, writable))
		return out_of_memory(ws);
	smp_mb();	/* the note, then zaps; pairs with note_zap() */
	ret = vmxl_win_outdated(ws, w, p->gva, &p->e) ? VM_FAULT_RETRY :
							insert_pfn(vma, p, writable);
	if (ret == VM_FAULT_NOPAGE)
		return VMXL_WFAULT_DONE;
	if (p->fresh)
		vmxl_win_unnote(w, vpn, 1);
	if (unlikely(ret == VM_FAULT_OOM))
		return out_of_memory(ws);
	return ret == VM_FAULT_RETRY ? VMXL_WFAULT_SLEEP : VMXL_WFAULT_STEP;
}

/*
 * How many pages are to be inserted with @vpn, of a mapping that is alike for
 * 1 << @around bytes. Where as many before it are there, by the look of the first and the
 * last, somebody goes through the mapping.
 */
static u64 nr_around(const struct vmxl_window *w, u64 vpn, u8 around)
{
	u64 n = AROUND_PAGES, first = vpn & -n;

	while (n < MOST_PAGES && n << VMXL_PAGE_SHIFT < BIT_ULL(around) && first >= n &&
	       vmxl_win_present(w, first - 1) && vmxl_win_present(w, first - n)) {
		n *= 2;
		first = vpn & -n;
	}
	return n;
}

/* The neighbour @p of @from by another entry of the TLB, or by the same large mapping */
static bool find_neighbour(struct vmxl_vcpu *vcpu, const struct vmxl_win_piece *from,
			   struct vmxl_win_piece *p)
{
	struct vmxl_tlb_entry *e = vmxl_tlb_lookup(vcpu, p->gva, vcpu->as[VMXL_ACCESS_READ]);
	struct page *page;
	u64 i;

	if (e) {
		p->e = *e;
		return true;
	}
	if ((p->gva ^ from->gva) >> from->e.around)
		return false;
	p->e = from->e;
	p->e.gpa += p->gva - from->gva;
	i = slot_index(&p->e);
	page = i < p->e.slot->npages ? READ_ONCE(p->e.slot->pages[i]) : NULL;
	if (!page)
		return false;
	p->e.kaddr = page_address(page);
	return true;
}

/* How many pages are in the window that were not before */
static u32 insert_around(struct vmxl_vcpu *vcpu, struct vmxl_window *w, struct vm_area_struct *vma,
			 const struct vmxl_win_piece *from)
{
	u64 most = nr_around(w, vpn_of(from->gva), from->e.around);
	u64 first = vpn_of(from->gva) & -most, vpn;
	u32 n = 0;

	for (vpn = first; vpn < first + most; vpn++) {
		u64 delta = (vpn - vpn_of(from->gva)) << VMXL_PAGE_SHIFT;
		struct vmxl_win_piece p = { .gva = from->gva + delta, .addr = from->addr + delta };

		if (vmxl_win_present(w, vpn) || p.addr < vma->vm_start || p.addr >= vma->vm_end)
			continue;
		if (find_neighbour(vcpu, from, &p) && may_show(w, &p.e))
			n += vmxl_win_insert(vcpu->vm->windows, w, vma, &p) == VMXL_WFAULT_DONE;
	}
	return n;
}

/* ---- huge pages ---- */

/*
 * Whether what is around a page can be a huge page of the host's: the guest has it in one
 * mapping, and the host in one folio. What is in the slot, and what is watched, is to be seen.
 * @first: out: the index of its first page in the slot.
 */
static bool may_be_huge(const struct vmxl_tlb_entry *e, u64 gva, u64 *first)
{
	u64 i = slot_index(e), back = vpn_of(gva) % HUGE_PAGES;
	struct page *page;

	if (!IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE) || min(e->shift, e->around) < PMD_SHIFT ||
	    i < back || i - back + HUGE_PAGES > e->slot->npages)
		return false;
	*first = i - back;
	page = virt_to_page(e->kaddr);
	return page_to_pfn(page) % HUGE_PAGES == back &&
	       folio_order(page_folio(page)) >= HUGE_ORDER;
}

static bool all_there(const struct vmxl_memslot *slot, u64 first, unsigned long pfn)
{
	unsigned int i;

	for (i = 0; i < HUGE_PAGES; i++) {
		const struct page *page = READ_ONCE(slot->pages[first + i]);

		if (!page || page_to_pfn(page) != pfn + i)
			return false;
	}
	return true;
}

static bool any_watched(struct vmxl_vm *vm, const struct vmxl_memslot *slot, u64 first)
{
	unsigned int i;

	for (i = 0; i < HUGE_PAGES; i++)
		if (vmxl_page_watched(vm, slot, slot->gpa + ((first + i) << PAGE_SHIFT)))
			return true;
	return false;
}

/* note_writer() of all pages. Entries that turn out to be of nobody's do no harm. */
static bool note_writers(struct vmxl_windows *ws, const struct vmxl_window *w,
			 const struct vmxl_memslot *slot, u64 first, u64 vpn)
{
	u64 *r = slot->rmap + first;
	unsigned int i;

	for (i = 0; i < HUGE_PAGES; i++)
		WRITE_ONCE(r[i], vmxl_win_rmap(ws, r[i], w, vpn + i));
	smp_mb();	/* as there */
	return !any_watched(ws->vm, slot, first);
}

/* What is to be inserted is noted; STEP: page by page. */
static enum vmxl_wfault insert_noted(struct vmxl_windows *ws, struct vmxl_window *w,
				     struct vm_fault *vmf, const struct vmxl_win_piece *p,
				     u64 first, bool writable)
{
	u64 vpn = round_down(vpn_of(p->gva), HUGE_PAGES);
	vm_fault_t ret = VM_FAULT_RETRY;

	if (writable && !note_writers(ws, w, p->e.slot, first, vpn))
		ret = VM_FAULT_FALLBACK;
	smp_mb();	/* the notes, then zaps; pairs with note_zap() */
	if (ret == VM_FAULT_RETRY && !vmxl_win_outdated(ws, w, p->gva, &p->e))
		ret = vmxl_insert_pfn_pmd(vmf, page_to_pfn(p->e.slot->pages[first]), writable);
	if (ret == VM_FAULT_NOPAGE)
		return VMXL_WFAULT_DONE;
	vmxl_win_unnote(w, vpn, HUGE_PAGES);
	if (unlikely(ret == VM_FAULT_OOM))
		return out_of_memory(ws);
	return ret == VM_FAULT_RETRY ? VMXL_WFAULT_SLEEP : VMXL_WFAULT_STEP;
}

static bool may_walk(const struct vm_fault *vmf)
{
	return (vmf->flags & FAULT_FLAG_ALLOW_RETRY) && !(vmf->flags & FAULT_FLAG_TRIED);
}

/*
 * Insert all of the huge page that @p is in. While writes are logged it is page by page,
 * as with pages that are watched. Return: DONE; SLEEP: to be walked for, that it is pinned
 * or as it came too late; STEP: it is not one, or not of use here.
 */
static enum vmxl_wfault insert_huge(struct vmxl_windows *ws, struct vmxl_window *w,
				    struct vm_fault *vmf, const struct vmxl_win_piece *p)
{
	bool writable = takes_stores(&p->e) && (vmf->vma->vm_flags & VM_WRITE);
	u64 vpn = vpn_of(p->gva), back = vpn % HUGE_PAGES, first;
	const struct vmxl_memslot *slot = p->e.slot;

	/* A table that is there stays: nothing but faults with ws->lock held makes one. */
	if (!pmd_none(*vmf->pmd) || !may_be_huge(&p->e, p->gva, &first) ||
	    (p->addr >> PAGE_SHIFT) % HUGE_PAGES != back)
		return VMXL_WFAULT_STEP;
	if (writable ? slot->dirty || any_watched(ws->vm, slot, first) : p->write)
		return VMXL_WFAULT_STEP;
	if (!all_there(slot, first, page_to_pfn(virt_to_page(p->e.kaddr)) - back))
		return may_walk(vmf) ? VMXL_WFAULT_SLEEP : VMXL_WFAULT_STEP;
	/* Notes of what is not there any more */
	vmxl_win_zap(ws, w, vpn - back, vpn - back + HUGE_PAGES, VMXL_ZAP_STORE);
	if (!vmxl_win_note_huge(ws, w, vpn, &p->e, writable))
		return out_of_memory(ws);
	return insert_noted(ws, w, vmf, p, first, writable);
}

/*
 * Whether a huge page is there that permits the access: somebody was faster. One that does
 * not makes way: the kernel has split it, or does not look at what is below it.
 */
static bool huge_is_there(struct vmxl_windows *ws, struct vmxl_window *w,
			  const struct vm_fault *vmf, const struct vmxl_win_piece *p)
{
	u64 vpn = vpn_of(p->gva);

	if (!vmxl_win_huge(w, vpn))
		return false;
	if (!pmd_none(*vmf->pmd) && (!p->write || vmxl_win_writable(w, vpn)))
		return true;
	vmxl_win_zap(ws, w, vpn, vpn + 1, VMXL_ZAP_STORE);
	return false;
}

static struct vmxl_window *window_of(struct vmxl_vcpu *vcpu, u64 gva)
{
	struct vmxl_windows *ws = vcpu->vm->windows;

	if (vcpu->win.kind & VMXL_WIN_REGIONS)
		return vmxl_win_region(vcpu, gva);
	if (is_low(gva))
		return vcpu->win.n ? ws->win[vcpu->win.n] : NULL;
	return is_high(gva) ? vmxl_win_find_high(ws, base_of(gva)) : NULL;
}

static enum vmxl_wfault fault_locked(struct vmxl_vcpu *vcpu, struct vmxl_window *w,
				     struct vm_fault *vmf, struct vmxl_win_piece *p, u32 *pages)
{
	enum vmxl_access access = p->write ? VMXL_ACCESS_WRITE : VMXL_ACCESS_READ;
	struct vmxl_tlb_entry *e = vmxl_tlb_lookup(vcpu, p->gva, vcpu->as[access]);
	struct vmxl_windows *ws = vcpu->vm->windows;
	enum vmxl_wfault ret;

	if (!e || !(e->perms & BIT(access)))
		return VMXL_WFAULT_SLEEP;
	if (!may_show(w, e) || vmxl_win_busy(w, vpn_of(p->gva)))
		return VMXL_WFAULT_STEP;
	p->e = *e;
	if (huge_is_there(ws, w, vmf, p))
		return VMXL_WFAULT_DONE;
	ret = insert_huge(ws, w, vmf, p);
	if (ret != VMXL_WFAULT_STEP) {
		*pages = ret == VMXL_WFAULT_DONE ? HUGE_PAGES : 0;
		vcpu->nr_win_huge += ret == VMXL_WFAULT_DONE;
		return ret;
	}
	ret = vmxl_win_insert(ws, w, vmf->vma, p);
	if (ret == VMXL_WFAULT_DONE && p->write && !is_upper(w))
		vcpu->win.ahead = AROUND_PAGES;
	if (ret == VMXL_WFAULT_DONE)
		*pages = p->fresh + insert_around(vcpu, w, vmf->vma, p);
	return ret;
}

/**
 * vmxl_window_fault() - a translated access faulted
 * @vcpu: the vCPU
 * @vmf: the host's fault, in the window's mapping
 * @gva: the guest's address of it
 * @write: it is a store
 *
 * Return: enum vmxl_wfault.
 */
enum vmxl_wfault vmxl_window_fault(struct vmxl_vcpu *vcpu, struct vm_fault *vmf, u64 gva,
				   bool write)
{
	struct vmxl_win_piece p = {
		.gva = gva & VMXL_PAGE_MASK, .addr = vmf->address & PAGE_MASK, .write = write,
	};
	struct vmxl_windows *ws = vcpu->vm->windows;
	struct vmxl_window *w = ws ? window_of(vcpu, gva) : NULL;
	enum vmxl_wfault ret = VMXL_WFAULT_SLEEP;
	u32 pages = 0;
	int idx;

	if (!w)
		return VMXL_WFAULT_STEP;
	idx = srcu_read_lock(&vcpu->vm->srcu);
	/*
	 * The TLB refers to memory slots. Who replaces them makes this request and
	 * waits for readers: either we see it, or we are waited for.
	 */
	mutex_lock(&ws->lock);
	if (!test_bit(VMXL_REQ_TLB_FLUSH, &vcpu->requests))
		ret = fault_locked(vcpu, w, vmf, &p, &pages);
	vcpu->nr_win_fault++;
	vcpu->nr_win_page += pages;
	trace_vmxl_window_fill(vcpu, gva, w->nr, write, ret, pages, w->shown, w->nr_pages);
	mutex_unlock(&ws->lock);
	srcu_read_unlock(&vcpu->vm->srcu, idx);
	return ret;
}

/* Pages of @e's mapping that are going to be inserted with it: have them at hand. */
static void prepare_large(struct vmxl_window *w, u64 gva, const struct vmxl_tlb_entry *e)
{
	u64 most = nr_around(w, vpn_of(gva), e->around), first = slot_index(e), huge;
	u64 back = vpn_of(gva) & (most - 1);

	if (may_be_huge(e, gva, &huge))
		vmxl_memslot_pin_huge(e->slot, huge, HUGE_PAGES);
	if (most == AROUND_PAGES || first < back)
		return;
	vmxl_memslot_pin(e->slot, first - back, most);
}

/* Whether @gva is in the window or may come into it: have the TLB know it then. */
static bool walk_neighbour(struct vmxl_vcpu *vcpu, const struct vmxl_window *w, u64 gva, u64 stamp)
{
	struct vmxl_walk walk = {
		.shift = VMXL_PAGE_SHIFT, .len = 1, .stamp = stamp, .peek = true,
	};
	u32 as = vcpu->as[VMXL_ACCESS_READ];

	if (vmxl_win_present(w, vpn_of(gva)) || vmxl_tlb_lookup(vcpu, gva, as))
		return true;
	if (vcpu->vm->guest->walk(vcpu, gva, VMXL_ACCESS_READ, false, &walk) || walk.nocache ||
	    !vmxl_win_takes(w, walk.perms, walk.global, walk.unpriv))
		return false;
	return !IS_ERR(vmxl_tlb_insert(vcpu, gva, as, &walk));
}

/*
 * Have the TLB know the neighbours of a page, as far as there are such in a row: what has
 * been taken out, or the guest has mapped in one go, comes together. Nothing is written
 * to the guest's tables, so pages that were never accessed are left out. Where
 * memory is accessed for the first time this costs one walk.
 */
static void walk_around(struct vmxl_vcpu *vcpu, const struct vmxl_window *w, u64 gva, u64 stamp)
{
	const u64 size = AROUND_PAGES << VMXL_PAGE_SHIFT;
	u64 first = gva & -size, at;

	gva &= VMXL_PAGE_MASK;
	for (at = gva + VMXL_PAGE_SIZE; at != first + size; at += VMXL_PAGE_SIZE)
		if (!walk_neighbour(vcpu, w, at, stamp))
			break;
	for (at = gva; at != first; at -= VMXL_PAGE_SIZE)
		if (!walk_neighbour(vcpu, w, at - VMXL_PAGE_SIZE, stamp))
			break;
}

/**
 * vmxl_win_enter() - have the TLB know what a walk found
 * @vcpu: the vCPU
 * @w: the window that is to show it
 * @gva: guest virtual address
 * @as: the address space that it is of
 * @walk: the walk
 * @write: it is to be written
 *
 * Return: the TLB's entry; NULL: the window may not show it for that.
 */
struct vmxl_tlb_entry *vmxl_win_enter(struct vmxl_vcpu *vcpu, const struct vmxl_window *w,
				      u64 gva, u32 as, const struct vmxl_walk *walk,
				      bool write)
{
	struct vmxl_tlb_entry *e = vmxl_tlb_insert(vcpu, gva, as, walk);

	if (IS_ERR(e) || !may_show(w, e) || (write && !may_write(vcpu->vm, e)))
		return NULL;
	return e;
}

/**
 * vmxl_window_walk() - have the TLB know an address
 * @vcpu: the vCPU
 * @gva: guest virtual address
 * @write: it is to be written
 *
 * Walks anew in any case: what the TLB has may be too old to be inserted. So it does for
 * what vmxl_window_fault() is to insert with it.
 * Return: DONE or STEP.
 */
enum vmxl_wfault vmxl_window_walk(struct vmxl_vcpu *vcpu, u64 gva, bool write)
{
	enum vmxl_access access = write ? VMXL_ACCESS_WRITE : VMXL_ACCESS_READ;
	struct vmxl_walk walk = {
		.shift = VMXL_PAGE_SHIFT, .len = 1, .stamp = vmxl_window_stamp(vcpu->vm),
	};
	struct vmxl_window *w = vcpu->vm->windows ? window_of(vcpu, gva) : NULL;
	struct vmxl_tlb_entry *e;
	int code;

	if (!w)
		return VMXL_WFAULT_STEP;
	vcpu->tlb->nr_miss++;
	code = vcpu->vm->guest->walk(vcpu, gva, access, false, &walk);
	trace_vmxl_tlb_miss(vcpu, gva, access, walk.gpa, code,
			    vmxl_tlb_asid(vcpu->tlb, vcpu->as[access]));
	if (code || walk.nocache)
		return VMXL_WFAULT_STEP;
	if (walk.shift == VMXL_PAGE_SHIFT)
		walk_around(vcpu, w, gva, walk.stamp);
	e = vmxl_win_enter(vcpu, w, gva, vcpu->as[access], &walk, write);
	if (!e)
		return VMXL_WFAULT_STEP;
	prepare_large(w, gva, e);
	return VMXL_WFAULT_DONE;
}
