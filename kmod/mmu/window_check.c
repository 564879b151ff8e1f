// SPDX-License-Identifier: GPL-2.0
/*
 * A fence of an address space or of everything: what the page tables still say
 * stays. In: notes on pages, the guest's page tables. Out: zaps. Rules:
 * window_impl.h.
 *
 * Walks may sleep, and take locks that are outside of ws->lock. So the guest's
 * mappings are gathered first; then the pages are compared with them, and what
 * was inserted in between goes if it is not as they say. Nothing of an earlier
 * walk gets in once w->seq was counted up, before that.
 */
#include <linux/bitmap.h>
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "../guest/guest.h"
#include "window_impl.h"

/* Walks that a fence may cost; pages beyond have to come back by faults */
#define MAX_WALKS	4096

/* A mapping of the guest's, as far as it lies in a chunk */
struct vmxl_win_found {
	u64 gfn;
	u32 vpn, end;
	bool writable;
};

/**
 * struct vmxl_win_scratch - what a check needs
 * @found: mappings, in the order of the window's chunks
 * @present: notes of the chunk that is being looked at
 */
struct vmxl_win_scratch {
	struct vmxl_win_found found[MAX_WALKS];
	DECLARE_BITMAP(present, CHUNK_PAGES);
};

/*
 * Whether what a walk finds now is what the window's pages were found by. With
 * ws->lock held.
 */
static bool same_view(struct vmxl_vcpu *vcpu, const struct vmxl_window *w)
{
	const struct vmxl_tlb_as *as =
		&vcpu->tlb->as[VMXL_TLB_AS_INDEX(vcpu->as[VMXL_ACCESS_READ])];
	const struct vmxl_guest *guest = vcpu->vm->guest;
	struct vmxl_key key = {};

	if (!is_upper(w) && (w->root != as->root || w->asid != as->asid))
		return false;

	guest->key(vcpu, &key);
	return guest->window(key.flags) != VMXL_WIN_NONE;
}

static bool find_mapping(struct vmxl_vcpu *vcpu, const struct vmxl_window *w, u64 vpn,
			 struct vmxl_win_found *f)
{
	struct vmxl_walk walk = { .shift = VMXL_PAGE_SHIFT, .len = 1, .peek = true };

	if (vcpu->vm->guest->walk(vcpu, gva_of(w, vpn), VMXL_ACCESS_READ, !is_upper(w), &walk) ||
	    walk.nocache || !vmxl_win_takes(w, walk.perms, walk.global, walk.unpriv))
		return false;
	f->vpn = vpn;
	f->end = min_t(u64, vpn + walk.run, (vpn | (CHUNK_PAGES - 1)) + 1);
	f->gfn = walk.gpa >> VMXL_PAGE_SHIFT;
	f->writable = walk.perms & BIT(VMXL_ACCESS_WRITE);
	return true;
}

/* A copy of a chunk's notes, and its first page; false: there is no such chunk */
static bool copy_notes(struct vmxl_windows *ws, const struct vmxl_window *w, unsigned int i,
		       unsigned long *present, u64 *first)
{
	bool there;

	mutex_lock(&ws->lock);
	there = i < w->nr_chunks;
	if (there) {
		*first = (u64)w->order[i] << CHUNK_BITS;
		bitmap_copy(present, w->chunk[w->order[i]]->present, CHUNK_PAGES);
	}
	mutex_unlock(&ws->lock);
	return there;
}

/* The mappings of all pages noted; their number */
static unsigned int gather(struct vmxl_vcpu *vcpu, const struct vmxl_window *w,
			   struct vmxl_win_scratch *s)
{
	unsigned int walks = 0, n = 0, i;
	u64 first;

	for (i = 0; copy_notes(vcpu->vm->windows, w, i, s->present, &first); i++) {
		unsigned long at = find_first_bit(s->present, CHUNK_PAGES);

		while (at < CHUNK_PAGES) {
			if (walks++ == MAX_WALKS)
				return n;
			if (find_mapping(vcpu, w, first + at, &s->found[n]))
				at = s->found[n++].end - first;
			else
				at++;
			at = find_next_bit(s->present, CHUNK_PAGES, at);
		}
	}
	return n;
}

static bool still_there(const struct vmxl_window *w, u64 vpn, const struct vmxl_win_found *f)
{
	const u32 *gfn = w->chunk[vpn >> CHUNK_BITS]->gfn[vpn % CHUNK_PAGES / PIECE_PAGES];

	return vpn >= f->vpn && vpn < f->end &&
	       gfn[vpn % PIECE_PAGES] == f->gfn + (vpn - f->vpn) &&
	       (f->writable || !vmxl_win_writable(w, vpn));
}

/*
 * The last page that is there because @vpn is: of a huge page all, if it is in one mapping.
 * Its frames are in a row, and all are writable or none is.
 */
static u64 last_alike(const struct vmxl_window *w, u64 vpn, const struct vmxl_win_found *f)
{
	u64 first = round_down(vpn, PIECE_PAGES), last = first + PIECE_PAGES - 1;

	return vmxl_win_huge(w, vpn) && f->vpn <= first && f->end > last ? last : vpn;
}

/*
 * Of a chunk's pages from @next on, a number of them, zap what is not as it was found, in runs.
 * Return: where to go on in @f; @next: out: and in the chunk.
 */
static const struct vmxl_win_found *
compare_some(struct vmxl_windows *ws, struct vmxl_window *w, unsigned int chunk,
	     unsigned long *next, const struct vmxl_win_found *f,
	     const struct vmxl_win_found *last)
{
	u64 first = (u64)chunk << CHUNK_BITS, end = first + CHUNK_PAGES, bad = WIN_PAGES;
	unsigned long at = *next;
	unsigned int n = 0;

	for_each_set_bit_from(at, w->chunk[chunk]->present, CHUNK_PAGES) {
		u64 vpn = first + at;

		if (n++ == ZAP_PAGES) {
			end = vpn;
			break;
		}
		while (f < last && f->vpn >= first && f->end <= vpn)
			f++;
		if (f == last || !still_there(w, vpn, f)) {
			bad = min(bad, vpn);
			continue;
		}
		at = last_alike(w, vpn, f) - first;
		if (bad < vpn)
			vmxl_win_zap(ws, w, bad, vpn, VMXL_ZAP_FENCE);
		bad = WIN_PAGES;
	}
	if (bad < end)
		vmxl_win_zap(ws, w, bad, end, VMXL_ZAP_FENCE);
	while (f < last && f->vpn >= first && f->end <= end)
		f++;
	*next = end - first;
	return f;
}

/* Chunks may go meanwhile, all at once: what is there then was not there at the fence. */
static void compare(struct vmxl_windows *ws, struct vmxl_window *w,
		    const struct vmxl_win_found *f, unsigned int n)
{
	const struct vmxl_win_found *last = f + n;
	unsigned long at = 0;
	unsigned int i = 0;
	bool more;

	do {
		mutex_lock(&ws->lock);
		more = i < w->nr_chunks;
		if (more)
			f = compare_some(ws, w, w->order[i], &at, f, last);
		mutex_unlock(&ws->lock);
		if (at == CHUNK_PAGES) {
			at = 0;
			i++;
		}
		cond_resched();
	} while (more);
}

static void clear(struct vmxl_windows *ws, struct vmxl_window *w)
{
	vmxl_win_thin(ws, w, VMXL_ZAP_FENCE);
	mutex_lock(&ws->lock);
	vmxl_win_clear(ws, w, VMXL_ZAP_FENCE);
	mutex_unlock(&ws->lock);
}

static void check(struct vmxl_vcpu *vcpu, struct vmxl_window *w)
{
	struct vmxl_windows *ws = vcpu->vm->windows;
	bool look, any;

	lockdep_assert_held(&ws->check);
	if (!ws->scratch)
		ws->scratch = kvmalloc(sizeof(*ws->scratch), GFP_KERNEL_ACCOUNT);
	mutex_lock(&ws->lock);
	look = ws->scratch && same_view(vcpu, w);
	WRITE_ONCE(w->seq, atomic64_inc_return(&ws->seq));
	any = w->nr_pages;
	mutex_unlock(&ws->lock);
	if (!look)
		clear(ws, w);
	else if (any)
		compare(ws, w, ws->scratch->found, gather(vcpu, w, ws->scratch));
}

/**
 * vmxl_win_check() - a fence of an address space, or of everything
 * @vcpu: whose
 * @w: the window
 *
 * When this returns the window shows nothing that was not in the page tables at
 * some time after the call.
 * Context: the vCPU's thread, within vm->srcu, may sleep.
 */
void vmxl_win_check(struct vmxl_vcpu *vcpu, struct vmxl_window *w)
{
	struct vmxl_windows *ws = vcpu->vm->windows;
	s64 mine = atomic64_inc_return(&w->checks_asked);

	mutex_lock(&ws->check);
	/* One that began after this call has done it as well. */
	if (w->checks_begun < mine) {
		w->checks_begun = atomic64_read(&w->checks_asked);
		check(vcpu, w);
	}
	mutex_unlock(&ws->check);
}
