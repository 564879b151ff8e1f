// SPDX-License-Identifier: GPL-2.0
/*
 * The software TLB: look-up, replacement, flushes.
 *
 * Invariants: a first-level entry is a copy of a second-level one and goes
 * with it; a first-level write entry exists only for a page that is marked
 * dirty and holds no translated code. Entries of large mappings are 4 KiB
 * pieces; @large bounds where there can be more than one piece.
 */
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../codegen/cache.h"
#include "../memslot.h"
#include "../trace.h"
#include "../vm.h"
#include "tlb.h"
#include "window.h"

#define NO_TAG	(~0ULL)

static const struct vmxl_tlb_range no_range = { .lo = ~0ULL, .hi = 0 };

static unsigned int set_index(u64 gva)
{
	return (gva >> VMXL_PAGE_SHIFT) & (VMXL_TLB_SETS - 1);
}

static void l1_drop(struct vmxl_tlb *tlb, u64 tag)
{
	unsigned int i = vmxl_tlb_l1_index(tag), k;

	for (k = 0; k < ARRAY_SIZE(tlb->l1); k++)
		if (tlb->l1[k][i].tag == tag)
			tlb->l1[k][i].tag = NO_TAG;
}

static void entry_drop(struct vmxl_tlb *tlb, struct vmxl_tlb_entry *e)
{
	l1_drop(tlb, e->tag);
	e->tag = NO_TAG;
	tlb->nr_dropped++;
}

static void tlb_clear(struct vmxl_tlb *tlb)
{
	unsigned int i;

	memset(tlb->l1, 0xff, sizeof(tlb->l1));
	memset(tlb->set, 0xff, sizeof(tlb->set));
	for (i = 0; i < ARRAY_SIZE(tlb->large); i++) {
		tlb->large[i] = no_range;
		tlb->large_code[i] = no_range;
	}
}

/**
 * vmxl_tlb_create() - an empty software TLB
 *
 * Return: the TLB, or NULL without memory.
 */
struct vmxl_tlb *vmxl_tlb_create(void)
{
	struct vmxl_tlb *tlb = kvzalloc(sizeof(*tlb), GFP_KERNEL_ACCOUNT);

	if (tlb)
		tlb_clear(tlb);
	return tlb;
}

/**
 * vmxl_tlb_destroy() - free a software TLB
 * @tlb: the TLB or NULL
 */
void vmxl_tlb_destroy(struct vmxl_tlb *tlb)
{
	kvfree(tlb);
}

/* The windows and jump caches keep what they have. */
static void drop_all(struct vmxl_vcpu *vcpu)
{
	tlb_clear(vcpu->tlb);
	vcpu->tlb->nr_flush++;
	trace_vmxl_tlb_flush(vcpu, VMXL_TRACE_FLUSH_ALL, 0, VMXL_ASID_ALL);
}

/* The slot of @as in the table: in use for it, or free; NULL when the table is full. */
static struct vmxl_tlb_as *as_find(struct vmxl_tlb *tlb, const struct vmxl_tlb_as *as)
{
	u64 h = (as->root ^ ((u64)as->view << 7) ^ as->asid) * 0x9e3779b97f4a7c15ULL;
	unsigned int i, at = h >> 32;

	for (i = 0; i < VMXL_TLB_NR_AS; i++, at++) {
		struct vmxl_tlb_as *p = &tlb->as[at & (VMXL_TLB_NR_AS - 1)];

		if (!p->used)
			return tlb->nr_as < VMXL_TLB_NR_AS * 3 / 4 ? p : NULL;
		if (p->root == as->root && p->view == as->view && p->asid == as->asid)
			return p;
	}
	return NULL;
}

static bool as_get(struct vmxl_tlb *tlb, const struct vmxl_tlb_as *as, u32 *nr, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		struct vmxl_tlb_as *p = as_find(tlb, &as[i]);

		if (!p)
			return false;
		if (!p->used) {
			*p = as[i];
			p->used = 1;
			tlb->nr_as++;
		}
		nr[i] = VMXL_TLB_AS_NR(p - tlb->as);
	}
	return true;
}

/**
 * vmxl_tlb_as() - number address spaces
 * @vcpu: the vCPU
 * @as: @n of them, all that the vCPU is going to use
 * @nr: out: their numbers, in 8..VMXL_TLB_MAX_AS
 * @n: at most a quarter of VMXL_TLB_NR_AS
 *
 * Equal address spaces have equal numbers. Running out of numbers flushes
 * the TLB and begins anew.
 */
void vmxl_tlb_as(struct vmxl_vcpu *vcpu, const struct vmxl_tlb_as *as, u32 *nr, unsigned int n)
{
	struct vmxl_tlb *tlb = vcpu->tlb;

	BUILD_BUG_ON(VMXL_TLB_AS_NR(VMXL_TLB_NR_AS - 1) > VMXL_TLB_MAX_AS);
	if (likely(as_get(tlb, as, nr, n)))
		return;
	drop_all(vcpu);
	vmxl_jcache_flush(vcpu);
	memset(tlb->as, 0, sizeof(tlb->as));
	tlb->nr_as = 0;
	as_get(tlb, as, nr, n);
}

/**
 * vmxl_tlb_lookup() - second-level look-up
 * @vcpu: the vCPU
 * @gva: guest virtual address
 * @as: address space number
 *
 * Return: the entry, whatever its permissions, or NULL.
 */
struct vmxl_tlb_entry *vmxl_tlb_lookup(struct vmxl_vcpu *vcpu, u64 gva, u32 as)
{
	struct vmxl_tlb_entry *set = vcpu->tlb->set[set_index(gva)];
	u64 tag = vmxl_tlb_tag(gva, as);
	unsigned int i;

	for (i = 0; i < VMXL_TLB_WAYS; i++) {
		if (set[i].tag == tag) {
			set[i].used = 1;
			return &set[i];
		}
	}
	return NULL;
}

/* Clock over the ways of a set: an entry of this tag, a free one, the first that was not used. */
static struct vmxl_tlb_entry *victim(struct vmxl_tlb *tlb, u64 gva, u64 tag)
{
	unsigned int s = set_index(gva), i;
	struct vmxl_tlb_entry *set = tlb->set[s], *e;

	for (i = 0; i < VMXL_TLB_WAYS; i++)
		if (set[i].tag == tag)
			return &set[i];
	for (i = 0; i < VMXL_TLB_WAYS; i++)
		if (set[i].tag == NO_TAG)
			return &set[i];
	for (;;) {
		e = &set[tlb->hand[s]++ % VMXL_TLB_WAYS];
		if (!e->used)
			return e;
		e->used = 0;
	}
}

static u8 walk_flags(const struct vmxl_walk *w)
{
	return (w->global ? VMXL_TLBF_GLOBAL : 0) | (w->unpriv ? VMXL_TLBF_UNPRIV : 0);
}

static void add_to_range(struct vmxl_tlb_range *r, u64 gva, u8 shift)
{
	u64 lo = gva & (~0ULL << shift);

	r->lo = min(r->lo, lo);
	r->hi = max(r->hi, lo + ((1ULL << shift) - 1));
}

static bool is_within(const struct vmxl_tlb_range *r, u64 gva)
{
	return gva >= r->lo && gva <= r->hi;
}

static void note_large(struct vmxl_tlb *tlb, u64 gva, const struct vmxl_walk *w)
{
	if (w->shift <= VMXL_PAGE_SHIFT)
		return;
	add_to_range(&tlb->large[gva >> 63], gva, w->shift);
	if (w->perms & BIT(VMXL_ACCESS_EXEC))
		add_to_range(&tlb->large_code[gva >> 63], gva, w->shift);
}

/**
 * vmxl_tlb_insert() - enter the result of a page-table walk
 * @vcpu: the vCPU
 * @gva: guest virtual address
 * @as: address space number
 * @w: the walk's result
 *
 * Context: vCPU's thread, within vm->srcu; may sleep (pins the page).
 * Return: the entry, valid until the next insertion or flush, or
 * ERR_PTR(-EFAULT) where the memory behind the slot cannot be had.
 */
struct vmxl_tlb_entry *vmxl_tlb_insert(struct vmxl_vcpu *vcpu, u64 gva, u32 as,
				       const struct vmxl_walk *w)
{
	struct vmxl_tlb *tlb = vcpu->tlb;
	u64 tag = vmxl_tlb_tag(gva, as);
	struct vmxl_memslot *slot = NULL;
	struct vmxl_tlb_entry *e;
	void *kaddr;

	kaddr = vmxl_gpa_map(vcpu->vm, w->gpa & VMXL_PAGE_MASK, &slot);
	if (IS_ERR(kaddr) && PTR_ERR(kaddr) != -ENXIO)
		return ERR_CAST(kaddr);
	e = w->nocache ? &tlb->once : victim(tlb, gva, tag);
	if (e->tag != NO_TAG && e != &tlb->once)
		entry_drop(tlb, e);
	*e = (struct vmxl_tlb_entry) {
		.tag = w->nocache ? NO_TAG : tag,
		.gpa = w->gpa & VMXL_PAGE_MASK,
		.stamp = w->stamp,
		.kaddr = IS_ERR(kaddr) ? NULL : kaddr,
		.slot = slot,
		.perms = w->perms,
		.shift = w->shift,
		.around = w->around,
		.flags = walk_flags(w),
		.used = 1,
	};
	note_large(tlb, gva, w);
	return e;
}

/**
 * vmxl_tlb_fill() - let the fast path have an entry
 * @vcpu: the vCPU
 * @gva: guest virtual address
 * @e: entry that permits @access
 * @access: READ, WRITE or EXEC
 *
 * Marks the page dirty before a write. Does nothing for devices, read-only
 * slots and, on a write, pages with code.
 */
void vmxl_tlb_fill(struct vmxl_vcpu *vcpu, u64 gva, struct vmxl_tlb_entry *e,
		   enum vmxl_access access)
{
	struct vmxl_tlb_l1 *l1 = &vcpu->tlb->l1[access][vmxl_tlb_l1_index(gva)];

	if (!e->kaddr || (access == VMXL_ACCESS_WRITE && (e->slot->flags & VMXL_MEM_READONLY)))
		return;
	if (access == VMXL_ACCESS_WRITE) {
		if (!(e->flags & VMXL_TLBF_DIRTY))
			vmxl_memslot_mark_dirty(e->slot, e->gpa);
		e->flags |= VMXL_TLBF_DIRTY;
		if (vmxl_memslot_has_code(e->slot, e->gpa))
			return;
	}
	if (e->tag == NO_TAG)
		return;
	l1->tag = e->tag;
	l1->addend = (u64)(uintptr_t)e->kaddr - (gva & VMXL_PAGE_MASK);
}

/**
 * vmxl_tlb_forget() - drop everything; the windows keep what they have
 * @vcpu: the vCPU
 */
void vmxl_tlb_forget(struct vmxl_vcpu *vcpu)
{
	drop_all(vcpu);
	vmxl_jcache_fence(vcpu);
}

/**
 * vmxl_tlb_flush() - drop everything
 * @vcpu: the vCPU
 */
void vmxl_tlb_flush(struct vmxl_vcpu *vcpu)
{
	vcpu->wait.p = NULL;
	vmxl_tlb_forget(vcpu);
	vmxl_window_zap_asid(vcpu, VMXL_ASID_ALL);
}

static bool entry_matches(struct vmxl_tlb *tlb, struct vmxl_tlb_entry *e, u32 asid)
{
	if (e->tag == NO_TAG)
		return false;
	return asid == VMXL_ASID_ALL ||
	       (!(e->flags & VMXL_TLBF_GLOBAL) && vmxl_tlb_asid(tlb, e->tag) == asid);
}

/**
 * vmxl_tlb_forget_asid() - vmxl_tlb_flush_asid(), but that the windows keep what they have
 * @vcpu: the vCPU
 * @asid: as there
 */
void vmxl_tlb_forget_asid(struct vmxl_vcpu *vcpu, u32 asid)
{
	struct vmxl_tlb *tlb = vcpu->tlb;
	struct vmxl_tlb_entry *e = tlb->set[0];
	unsigned int i;

	if (asid == VMXL_ASID_ALL) {
		vmxl_tlb_forget(vcpu);
		return;
	}
	for (i = 0; i < VMXL_TLB_SETS * VMXL_TLB_WAYS; i++)
		if (entry_matches(tlb, &e[i], asid))
			entry_drop(tlb, &e[i]);
	tlb->nr_flush++;
	trace_vmxl_tlb_flush(vcpu, VMXL_TRACE_FLUSH_ASID, 0, asid);
	vmxl_jcache_flush_asid(vcpu, asid);
}

/**
 * vmxl_tlb_flush_asid() - drop the non-global mappings of an ASID
 * @vcpu: the vCPU
 * @asid: ASID; VMXL_ASID_ALL is vmxl_tlb_flush()
 */
void vmxl_tlb_flush_asid(struct vmxl_vcpu *vcpu, u32 asid)
{
	vmxl_tlb_forget_asid(vcpu, asid);
	vmxl_window_zap_asid(vcpu, asid);
}

/* All pieces of a large mapping around gva, wherever they are */
static void flush_large(struct vmxl_tlb *tlb, u64 gva, u32 asid)
{
	struct vmxl_tlb_entry *e = tlb->set[0];
	unsigned int i;

	for (i = 0; i < VMXL_TLB_SETS * VMXL_TLB_WAYS; i++)
		if (entry_matches(tlb, &e[i], asid) && e[i].shift > VMXL_PAGE_SHIFT &&
		    !((e[i].tag ^ gva) >> e[i].shift))
			entry_drop(tlb, &e[i]);
}

/**
 * vmxl_tlb_forget_page() - vmxl_tlb_flush_page(), but that the windows keep what they have
 * @vcpu: the vCPU
 * @gva: guest virtual address
 * @asid: ASID, or VMXL_ASID_ALL
 */
void vmxl_tlb_forget_page(struct vmxl_vcpu *vcpu, u64 gva, u32 asid)
{
	struct vmxl_tlb *tlb = vcpu->tlb;
	struct vmxl_tlb_entry *set = tlb->set[set_index(gva)];
	unsigned int i;

	for (i = 0; i < VMXL_TLB_WAYS; i++)
		if (!((set[i].tag ^ gva) & VMXL_PAGE_MASK) && entry_matches(tlb, &set[i], asid))
			entry_drop(tlb, &set[i]);
	tlb->nr_flush_page++;
	trace_vmxl_tlb_flush(vcpu, VMXL_TRACE_FLUSH_PAGE, gva, asid);
	if (is_within(&tlb->large[gva >> 63], gva))
		flush_large(tlb, gva, asid);
	if (is_within(&tlb->large_code[gva >> 63], gva))
		vmxl_jcache_flush(vcpu);
	else
		vmxl_jcache_flush_page(vcpu, gva, asid);
}

/**
 * vmxl_tlb_flush_page() - drop what translates one address
 * @vcpu: the vCPU
 * @gva: guest virtual address
 * @asid: ASID, or VMXL_ASID_ALL
 *
 * Costs a look at one set unless a large mapping may cover @gva.
 */
void vmxl_tlb_flush_page(struct vmxl_vcpu *vcpu, u64 gva, u32 asid)
{
	vmxl_tlb_forget_page(vcpu, gva, asid);
	vmxl_window_zap_page(vcpu, gva, asid);
	vmxl_window_mapped(vcpu, gva);
}

/**
 * vmxl_tlb_flush_writable() - make the next store to each page take the slow path
 * @vcpu: the vCPU
 *
 * Answer to VMXL_REQ_TLB_PROTECT. Another vCPU may have translated code from
 * a page while this one still wrote to it by the fast path: such blocks go.
 */
void vmxl_tlb_flush_writable(struct vmxl_vcpu *vcpu)
{
	struct vmxl_tlb *tlb = vcpu->tlb;
	struct vmxl_tlb_entry *e = tlb->set[0];
	unsigned int i;

	memset(tlb->l1[VMXL_ACCESS_WRITE], 0xff, sizeof(tlb->l1[VMXL_ACCESS_WRITE]));
	for (i = 0; i < VMXL_TLB_SETS * VMXL_TLB_WAYS; i++) {
		if (e[i].tag == NO_TAG || !(e[i].flags & VMXL_TLBF_DIRTY))
			continue;
		e[i].flags &= ~VMXL_TLBF_DIRTY;
		if (vmxl_memslot_has_code(e[i].slot, e[i].gpa))
			vmxl_cache_invalidate(vcpu->vm->cache, e[i].gpa, VMXL_PAGE_SIZE);
	}
}

/**
 * vmxl_tlb_protect() - make the next store to one guest page take the slow path
 * @vcpu: the vCPU
 * @gpa: guest physical address of the page
 */
void vmxl_tlb_protect(struct vmxl_vcpu *vcpu, u64 gpa)
{
	struct vmxl_tlb *tlb = vcpu->tlb;
	struct vmxl_tlb_entry *e = tlb->set[0];
	unsigned int i, at;

	for (i = 0; i < VMXL_TLB_SETS * VMXL_TLB_WAYS; i++) {
		if (e[i].tag == NO_TAG || e[i].gpa != gpa)
			continue;
		at = vmxl_tlb_l1_index(e[i].tag);
		if (tlb->l1[VMXL_ACCESS_WRITE][at].tag == e[i].tag)
			tlb->l1[VMXL_ACCESS_WRITE][at].tag = NO_TAG;
	}
}
