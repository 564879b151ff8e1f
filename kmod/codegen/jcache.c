// SPDX-License-Identifier: GPL-2.0
/*
 * Jump caches: where a vCPU goes on at a pc. In: blocks that were found; fences.
 * Two share what is known of pages: the one here, of the interpreter and the run
 * loop, and the user jump cache of translated code (codegen/code.c), whose
 * entries hold for a context (enter.c).
 *
 * Fences of everything are frequent in kernels, and leave the kernel's code where
 * it is. So what the user jump cache has of code that is the same in all address
 * spaces is noted, a piece for each of the guest's mappings, and outlives a fence
 * if the page tables still say the same.
 */
#include <linux/bitmap.h>
#include <linux/bits.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../guest/guest.h"
#include "../mmu/tlb.h"
#include "../vm.h"
#include "cache.h"

/**
 * vmxl_jcache_create() - an empty jump cache
 *
 * Return: the jump cache, or NULL without memory.
 */
struct vmxl_jcache *vmxl_jcache_create(void)
{
	struct vmxl_jcache *jc = kvzalloc(sizeof(*jc), GFP_KERNEL_ACCOUNT);

	if (jc)
		memset(jc->e, 0xff, sizeof(jc->e));
	return jc;
}

/**
 * vmxl_jcache_destroy() - free a vCPU's jump cache
 * @jc: the jump cache or NULL
 */
void vmxl_jcache_destroy(struct vmxl_jcache *jc)
{
	kvfree(jc);
}

/* ---- pages that something was found in ---- */

/* More pages make it say yes of too many others. */
#define MAX_FILTER	((1u << VMXL_JCACHE_FILTER_BITS) / 8)

static bool in_filter(const struct vmxl_jcache *jc, u64 page)
{
	u64 h = page * GOLDEN_RATIO_64;

	return test_bit(h >> (64 - VMXL_JCACHE_FILTER_BITS), jc->filter) &&
	       test_bit(h << VMXL_JCACHE_FILTER_BITS >> (64 - VMXL_JCACHE_FILTER_BITS),
			jc->filter);
}

static void add_to_filter(struct vmxl_jcache *jc, u64 page)
{
	u64 h = page * GOLDEN_RATIO_64;

	if (likely(in_filter(jc, page)))
		return;
	__set_bit(h >> (64 - VMXL_JCACHE_FILTER_BITS), jc->filter);
	__set_bit(h << VMXL_JCACHE_FILTER_BITS >> (64 - VMXL_JCACHE_FILTER_BITS), jc->filter);
	jc->nr_filter++;
}

static void empty_filter(struct vmxl_jcache *jc)
{
	bitmap_zero(jc->filter, 1 << VMXL_JCACHE_FILTER_BITS);
	jc->nr_filter = 0;
}

/**
 * vmxl_jcache_add() - what vmxl_jcache_find() is to find from now on
 * @vcpu: the vCPU
 * @b: the block, found where it is
 *
 * A block over two pages is forgotten when either is flushed.
 */
void vmxl_jcache_add(struct vmxl_vcpu *vcpu, struct vmxl_block *b)
{
	struct vmxl_jcache *jc = vcpu->jcache;
	struct vmxl_jentry *e = &jc->e[vmxl_jcache_hash(b->key.pc)];
	u64 page = b->key.pc >> VMXL_PAGE_SHIFT;

	if (b->key.limit || READ_ONCE(b->dead))
		return;
	if (unlikely(jc->nr_filter >= MAX_FILTER))
		vmxl_jcache_flush_local(vcpu);
	e->pc = b->key.pc;
	e->flags = b->key.flags;
	e->as = vcpu->as[VMXL_ACCESS_EXEC] | jc->epoch;
	e->block = b;
	add_to_filter(jc, page);
	if (b->page[1].gfn != VMXL_NO_GFN)
		add_to_filter(jc, page + 1);
}

/**
 * vmxl_jcache_clear() - forget all blocks, but not what is known of pages
 * @jc: the jump cache
 */
void vmxl_jcache_clear(struct vmxl_jcache *jc)
{
	jc->epoch += VMXL_PAGE_SIZE;
	if (!jc->epoch)
		memset(jc->e, 0xff, sizeof(jc->e));
}

/* ---- code that is the same in all address spaces ---- */

/* Whether a mapping is such code, and a fence by the vCPU can look at it again */
static bool is_kept(u8 perms, bool global, bool unpriv)
{
	return global && !unpriv && (perms & BIT(VMXL_ACCESS_EXEC));
}

/* The mapping around @gva as it is now; nothing is marked. */
static bool walk_piece(struct vmxl_vcpu *vcpu, u64 gva, struct vmxl_jpiece *p)
{
	struct vmxl_walk w = { .shift = VMXL_PAGE_SHIFT, .len = 1, .peek = true };

	if (vcpu->vm->guest->walk(vcpu, gva, VMXL_ACCESS_EXEC, false, &w) || w.nocache ||
	    !is_kept(w.perms, w.global, w.unpriv))
		return false;
	p->shift = w.around;
	p->gva = gva & (~0ULL << p->shift);
	p->gpa = w.gpa & (~0ULL << p->shift);
	return true;
}

static bool find_piece(struct vmxl_vcpu *vcpu, u64 gva, struct vmxl_jpiece *p)
{
	struct vmxl_tlb_entry *e = vmxl_tlb_lookup(vcpu, gva, vcpu->as[VMXL_ACCESS_EXEC]);

	if (!e)
		return walk_piece(vcpu, gva, p);
	p->shift = e->around;
	p->gva = gva & (~0ULL << p->shift);
	p->gpa = e->gpa & (~0ULL << p->shift);
	return is_kept(e->perms, e->flags & VMXL_TLBF_GLOBAL, e->flags & VMXL_TLBF_UNPRIV);
}

static bool same_piece(const struct vmxl_jpiece *a, const struct vmxl_jpiece *b)
{
	return a->gva == b->gva && a->gpa == b->gpa && a->shift == b->shift;
}

static bool note_piece(struct vmxl_jcache *jc, const struct vmxl_jpiece *p)
{
	unsigned int i;

	for (i = 0; i < jc->nr_pieces; i++)
		if (same_piece(&jc->piece[i], p))
			return true;
	if (jc->nr_pieces == VMXL_JCACHE_PIECES)
		return false;
	jc->piece[jc->nr_pieces++] = *p;
	return true;
}

static bool note_page(struct vmxl_vcpu *vcpu, u64 page)
{
	struct vmxl_jcache *jc = vcpu->jcache;
	u64 *known = &jc->known[page % VMXL_JCACHE_KNOWN];
	struct vmxl_jpiece p;

	if (*known == page)
		return true;
	if (!find_piece(vcpu, page << VMXL_PAGE_SHIFT, &p) || !note_piece(jc, &p))
		return false;
	*known = page;
	return true;
}

/**
 * vmxl_jcache_note() - a block gets into the user jump cache
 * @vcpu: the vCPU
 * @b: the block, which vmxl_block_get() has found where it is
 *
 * Return: whether vmxl_jcache_fence() will look after it; else an entry that
 * holds no longer than until the next one.
 */
bool vmxl_jcache_note(struct vmxl_vcpu *vcpu, const struct vmxl_block *b)
{
	u64 page = b->key.pc >> VMXL_PAGE_SHIFT;

	if (!note_page(vcpu, page))
		return false;
	return b->page[1].gfn == VMXL_NO_GFN || note_page(vcpu, page + 1);
}

/* ---- flushes ---- */

/**
 * vmxl_jcache_flush() - forget all that a vCPU's jump caches know
 * @vcpu: the vCPU
 */
void vmxl_jcache_flush(struct vmxl_vcpu *vcpu)
{
	struct vmxl_jcache *jc = vcpu->jcache;

	jc->nr_flush++;
	jc->nr_pieces = 0;
	memset(jc->known, 0, sizeof(jc->known));
	empty_filter(jc);
	vmxl_jcache_clear(jc);
}

/**
 * vmxl_jcache_flush_local() - forget what is not the same in all address spaces
 * @vcpu: the vCPU
 */
void vmxl_jcache_flush_local(struct vmxl_vcpu *vcpu)
{
	vcpu->jcache->nr_fence++;
	empty_filter(vcpu->jcache);
	vmxl_jcache_clear(vcpu->jcache);
}

static u64 *fence_asid(struct vmxl_jcache *jc, u32 asid)
{
	return &jc->fence_asid[asid % VMXL_JCACHE_ASIDS];
}

/**
 * vmxl_jcache_flush_asid() - forget what is an address space's own
 * @vcpu: the vCPU
 * @asid: which; VMXL_ASID_ALL: vmxl_jcache_flush_local()
 */
void vmxl_jcache_flush_asid(struct vmxl_vcpu *vcpu, u32 asid)
{
	if (asid == VMXL_ASID_ALL) {
		vmxl_jcache_flush_local(vcpu);
		return;
	}
	++*fence_asid(vcpu->jcache, asid);
	vmxl_jcache_clear(vcpu->jcache);
}

/**
 * vmxl_jcache_fences() - how often an address space's own has been forgotten
 * @vcpu: the vCPU
 * @as: number of the address space, see vmxl_tlb_as()
 *
 * Return: a number that never is the same again after a flush.
 */
u64 vmxl_jcache_fences(struct vmxl_vcpu *vcpu, u32 as)
{
	struct vmxl_jcache *jc = vcpu->jcache;

	return jc->nr_fence + *fence_asid(jc, vcpu->tlb->as[VMXL_TLB_AS_INDEX(as)].asid);
}

/**
 * vmxl_jcache_fence() - forget what is not so any more
 * @vcpu: the vCPU, whose page tables may have changed anywhere
 *
 * Context: the vCPU's thread, within vm->srcu, may sleep.
 */
void vmxl_jcache_fence(struct vmxl_vcpu *vcpu)
{
	struct vmxl_jcache *jc = vcpu->jcache;
	struct vmxl_jpiece now;
	unsigned int i;

	for (i = 0; i < jc->nr_pieces; i++) {
		if (!walk_piece(vcpu, jc->piece[i].gva, &now) ||
		    !same_piece(&now, &jc->piece[i])) {
			vmxl_jcache_flush(vcpu);
			return;
		}
	}
	vmxl_jcache_flush_local(vcpu);
}

/* Whether an address is in a mapping that is noted: a fence for any of it is one for all. */
static bool in_piece(const struct vmxl_jcache *jc, u64 gva)
{
	const struct vmxl_jpiece *p;

	for (p = jc->piece; p < jc->piece + jc->nr_pieces; p++)
		if (!((p->gva ^ gva) >> p->shift))
			return true;
	return false;
}

/**
 * vmxl_jcache_flush_page() - forget what a fence for an address covers
 * @vcpu: the vCPU
 * @gva: the address
 * @asid: ASID, or VMXL_ASID_ALL
 */
void vmxl_jcache_flush_page(struct vmxl_vcpu *vcpu, u64 gva, u32 asid)
{
	struct vmxl_jcache *jc = vcpu->jcache;

	if (in_piece(jc, gva))
		vmxl_jcache_flush(vcpu);
	else if (in_filter(jc, gva >> VMXL_PAGE_SHIFT))
		vmxl_jcache_flush_asid(vcpu, asid);
}
