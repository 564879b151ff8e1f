// SPDX-License-Identifier: GPL-2.0
/*
 * What is in the windows, and how it gets out: notes on pages, zaps by fences,
 * protection. In: fences of the TLB, pages that must not be written any more.
 * Rules: window_impl.h.
 */
#include <linux/bits.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../map.h"
#include "../memslot.h"
#include "../smmu/smmu.h"
#include "../trace.h"
#include "window_impl.h"

/* Zaps are remembered for pieces of these sizes: mappings are looked up by the next larger one. */
static const u8 page_seq_shift[NR_PAGE_SEQ] = { VMXL_PAGE_SHIFT, 21, 30, 63 };

/* ---- notes ---- */

/**
 * vmxl_win_present() - whether a page may be in a window
 * @w: the window
 * @vpn: the page, by its number there
 *
 * Return: false: it is not, and nobody is about to zap it.
 */
bool vmxl_win_present(const struct vmxl_window *w, u64 vpn)
{
	const struct vmxl_win_chunk *c = READ_ONCE(w->chunk[vpn >> CHUNK_BITS]);

	return c && test_bit(vpn % CHUNK_PAGES, c->present);
}

/**
 * vmxl_win_writable() - whether a page may be in a window, for stores as well
 * @w: the window
 * @vpn: the page, by its number there
 *
 * Return: as vmxl_win_present().
 */
bool vmxl_win_writable(const struct vmxl_window *w, u64 vpn)
{
	const struct vmxl_win_chunk *c = READ_ONCE(w->chunk[vpn >> CHUNK_BITS]);

	return c && test_bit(vpn % CHUNK_PAGES, c->writable);
}

static struct vmxl_window *more_chunks(struct vmxl_window *a, struct vmxl_window *b)
{
	if (!a || !a->users != !b->users)
		return a && !a->users ? a : b;
	return a->nr_chunks >= b->nr_chunks ? a : b;
}

/* The notes of the window that has most, of one without users if any such has some */
static void take_chunks(struct vmxl_windows *ws)
{
	struct vmxl_window *most = NULL;
	struct vmxl_win_chunk *c;
	unsigned int i;

	for (i = 0; i < ws->nr_high; i++)
		if (ws->high[i]->nr_chunks)
			most = more_chunks(most, ws->high[i]);
	for (i = 1; i < ws->nr; i++)
		if (ws->win[i]->nr_chunks)
			most = more_chunks(most, ws->win[i]);
	if (!most)
		return;
	vmxl_win_clear(ws, most, VMXL_ZAP_ALL);
	while (most->nr_chunks) {
		i = most->order[--most->nr_chunks];
		c = most->chunk[i];
		WRITE_ONCE(most->chunk[i], NULL);
		c->next = ws->spare;
		ws->spare = c;
	}
}

static struct vmxl_win_chunk *new_chunk(struct vmxl_windows *ws)
{
	struct vmxl_win_chunk *c;

	if (!ws->spare && ws->nr_chunks >= ws->max_chunks)
		take_chunks(ws);
	c = ws->spare;
	if (c) {
		ws->spare = c->next;
		return c;
	}
	c = kzalloc(sizeof(*c), GFP_KERNEL_ACCOUNT);
	ws->nr_chunks += !!c;
	return c;
}

static struct vmxl_win_chunk *get_chunk(struct vmxl_windows *ws, struct vmxl_window *w, u64 vpn)
{
	struct vmxl_win_chunk *c = w->chunk[vpn >> CHUNK_BITS];

	if (c)
		return c;
	c = new_chunk(ws);
	if (!c)
		return NULL;
	w->order[w->nr_chunks++] = vpn >> CHUNK_BITS;
	/* It is empty for those who look without the lock. */
	smp_store_release(&w->chunk[vpn >> CHUNK_BITS], c);
	return c;
}

static u32 *get_gfn(struct vmxl_win_chunk *c, u64 vpn)
{
	u32 **piece = &c->gfn[vpn % CHUNK_PAGES / PIECE_PAGES];

	if (!*piece)
		*piece = kmalloc_array(PIECE_PAGES, sizeof(**piece), GFP_KERNEL_ACCOUNT);
	return *piece ? *piece + vpn % PIECE_PAGES : NULL;
}

/* Of pages from @vpn on, one mapping's */
static void note_shift(struct vmxl_window *w, u64 vpn, u8 shift)
{
	u8 *s = &w->chunk_shift[vpn >> CHUNK_BITS];

	if (shift <= VMXL_PAGE_SHIFT)
		return;
	WRITE_ONCE(*s, max(*s, shift));
	WRITE_ONCE(w->max_shift, max(w->max_shift, shift));
}

/**
 * vmxl_win_note() - note a page that is about to be inserted
 * @ws: the VM's windows
 * @w: the window
 * @vpn: the page
 * @e: what it is
 * @writable: for stores as well
 *
 * Return: false without memory.
 */
bool vmxl_win_note(struct vmxl_windows *ws, struct vmxl_window *w, u64 vpn,
		   const struct vmxl_tlb_entry *e, bool writable)
{
	struct vmxl_win_chunk *c = get_chunk(ws, w, vpn);
	u32 *gfn = c ? get_gfn(c, vpn) : NULL;

	if (!gfn)
		return false;
	note_shift(w, vpn, e->shift);
	/* What is there stays, and its frame with it. */
	if (!test_bit(vpn % CHUNK_PAGES, c->present)) {
		*gfn = min_t(u64, e->gpa >> VMXL_PAGE_SHIFT, U32_MAX);
		WRITE_ONCE(w->nr_pages, w->nr_pages + 1);
	}
	set_bit(vpn % CHUNK_PAGES, c->present);
	if (writable)
		set_bit(vpn % CHUNK_PAGES, c->writable);
	return true;
}

/**
 * vmxl_win_note_huge() - note a huge page that is about to be inserted
 * @ws: the VM's windows
 * @w: the window
 * @vpn: a page of it; none of it is noted
 * @e: what that page is
 * @writable: for stores as well
 *
 * Return: false without memory.
 */
bool vmxl_win_note_huge(struct vmxl_windows *ws, struct vmxl_window *w, u64 vpn,
			const struct vmxl_tlb_entry *e, bool writable)
{
	u64 first = round_down(vpn, PIECE_PAGES), nr = (e->gpa >> VMXL_PAGE_SHIFT) - (vpn - first);
	struct vmxl_win_chunk *c = get_chunk(ws, w, vpn);
	u32 *gfn = c ? get_gfn(c, first) : NULL;
	unsigned int at = first % CHUNK_PAGES, i;

	lockdep_assert_held(&ws->lock);
	if (!gfn)
		return false;
	note_shift(w, vpn, e->shift);
	for (i = 0; i < PIECE_PAGES; i++)
		gfn[i] = min_t(u64, nr + i, U32_MAX);
	/* By words: others may look at single bits. */
	for (i = 0; i < PIECE_PAGES; i += BITS_PER_LONG) {
		WRITE_ONCE(c->present[BIT_WORD(at + i)], ~0UL);
		if (writable)
			WRITE_ONCE(c->writable[BIT_WORD(at + i)], ~0UL);
	}
	__set_bit(at / PIECE_PAGES, c->huge);
	WRITE_ONCE(w->nr_pages, w->nr_pages + PIECE_PAGES);
	return true;
}

/**
 * vmxl_win_huge() - whether a page may be part of a huge page in a window
 * @w: the window
 * @vpn: the page, by its number there
 *
 * Context: ws->lock held.
 */
bool vmxl_win_huge(const struct vmxl_window *w, u64 vpn)
{
	const struct vmxl_win_chunk *c = w->chunk[vpn >> CHUNK_BITS];

	return c && test_bit(vpn % CHUNK_PAGES / PIECE_PAGES, c->huge);
}

/* The part of [vpn, end) that lies in one chunk: its end */
static u64 chunk_end(u64 vpn, u64 end)
{
	return min((vpn | (CHUNK_PAGES - 1)) + 1, end);
}

static bool any_present(const struct vmxl_window *w, u64 vpn, u64 end)
{
	u64 next;

	if (!w->nr_pages)
		return false;
	for (; vpn < end; vpn = next) {
		const struct vmxl_win_chunk *c = w->chunk[vpn >> CHUNK_BITS];
		unsigned long last;

		next = chunk_end(vpn, end);
		last = (next - 1) % CHUNK_PAGES + 1;
		if (c && find_next_bit(c->present, last, vpn % CHUNK_PAGES) < last)
			return true;
	}
	return false;
}

/* Others may look at single bits meanwhile. */
static unsigned int clear_bits(unsigned long *map, unsigned long first, unsigned long last)
{
	unsigned int n = 0;

	for_each_set_bit_from(first, map, last) {
		clear_bit(first, map);
		n++;
	}
	return n;
}

/* How many there were; of huge pages all go. */
static unsigned long forget_pages(struct vmxl_window *w, u64 vpn, u64 end)
{
	unsigned long gone = 0;
	u64 next;

	for (; vpn < end; vpn = next) {
		struct vmxl_win_chunk *c = w->chunk[vpn >> CHUNK_BITS];
		unsigned long last;

		next = chunk_end(vpn, end);
		last = (next - 1) % CHUNK_PAGES + 1;
		if (!c)
			continue;
		clear_bits(c->writable, vpn % CHUNK_PAGES, last);
		clear_bits(c->huge, vpn % CHUNK_PAGES / PIECE_PAGES,
			   DIV_ROUND_UP(last, PIECE_PAGES));
		gone += clear_bits(c->present, vpn % CHUNK_PAGES, last);
	}
	WRITE_ONCE(w->nr_pages, w->nr_pages - gone);
	return gone;
}

/**
 * vmxl_win_unnote() - take the notes on pages back that were not inserted after all
 * @w: the window
 * @vpn: the first; it was not noted before
 * @n: how many: one, or all of a huge page
 */
void vmxl_win_unnote(struct vmxl_window *w, u64 vpn, u64 n)
{
	forget_pages(w, vpn, vpn + n);
}

/* ---- zaps ---- */

/**
 * vmxl_win_zap() - take pages out of a window
 * @ws: the VM's windows
 * @w: the window
 * @vpn: first page
 * @end: the one after the last
 * @cause: why
 *
 * Costs nothing where none is noted. Of huge pages all goes.
 */
void vmxl_win_zap(struct vmxl_windows *ws, struct vmxl_window *w, u64 vpn, u64 end,
		  enum vmxl_zap_cause cause)
{
	unsigned long gone;
	u64 begin;

	lockdep_assert_held(&ws->lock);
	if (!any_present(w, vpn, end))
		return;
	if (vmxl_win_huge(w, vpn))
		vpn = round_down(vpn, PIECE_PAGES);
	if (vmxl_win_huge(w, end - 1))
		end = round_up(end, PIECE_PAGES);
	begin = trace_vmxl_window_zap_enabled() ? ktime_get_ns() : 0;
	vmxl_map_zap(ws->vm, VMXL_MAP_WINDOW, w->nr,
		     w->skip + VMXL_WIN_GUARD + (vpn << VMXL_PAGE_SHIFT),
		     (end - vpn) << VMXL_PAGE_SHIFT);
	smp_mb();	/* who finds a page not noted need not wait for the zap */
	gone = forget_pages(w, vpn, end);
	trace_vmxl_window_zap(ws->vm, w->nr, gva_of(w, vpn), (end - vpn) << VMXL_PAGE_SHIFT,
			      cause, gone, w->shown, w->nr_pages,
			      begin ? ktime_get_ns() - begin : 0);
}

/**
 * vmxl_win_clear() - empty a window
 * @ws: the VM's windows
 * @w: the window
 * @cause: why
 *
 * Nothing that was walked for before is inserted any more.
 */
void vmxl_win_clear(struct vmxl_windows *ws, struct vmxl_window *w, enum vmxl_zap_cause cause)
{
	WRITE_ONCE(w->seq, atomic64_inc_return(&ws->seq));
	vmxl_win_zap(ws, w, 0, WIN_PAGES, cause);
	if (!w->max_shift)
		return;
	memset(w->chunk_shift, 0, sizeof(w->chunk_shift));
	WRITE_ONCE(w->max_shift, 0);
}

/* Where a zap from @vpn on is to end that takes out ZAP_PAGES pages, or some more */
static u64 end_of_some(const struct vmxl_window *w, u64 vpn)
{
	unsigned int n = 0;

	if (w->nr_pages <= ZAP_PAGES)
		return WIN_PAGES;
	while (vpn < WIN_PAGES && n < ZAP_PAGES) {
		const struct vmxl_win_chunk *c = w->chunk[vpn >> CHUNK_BITS];

		if (!c) {
			vpn = chunk_end(vpn, WIN_PAGES);
			continue;
		}
		n += bitmap_weight(c->present + BIT_WORD(vpn % CHUNK_PAGES), PIECE_PAGES);
		vpn += PIECE_PAGES;
	}
	return vpn;
}

/**
 * vmxl_win_thin() - take out the pages of a window that is going to be emptied
 * @ws: the VM's windows
 * @w: the window
 * @cause: why
 *
 * Some at a time: nobody waits for ws->lock until all have gone. What is inserted meanwhile
 * may be left; so vmxl_win_clear() comes after this, and finds little.
 * Context: may sleep; ws->lock is not held.
 */
void vmxl_win_thin(struct vmxl_windows *ws, struct vmxl_window *w, enum vmxl_zap_cause cause)
{
	u64 vpn = 0, end;

	while (vpn < WIN_PAGES && READ_ONCE(w->nr_pages)) {
		mutex_lock(&ws->lock);
		end = end_of_some(w, vpn);
		vmxl_win_zap(ws, w, vpn, end, cause);
		mutex_unlock(&ws->lock);
		cond_resched();
		vpn = end;
	}
}

/* The size of the largest mapping around @vpn that may have pages in here */
static unsigned int large_shift(const struct vmxl_window *w, u64 vpn)
{
	unsigned int shift = min_t(unsigned int, READ_ONCE(w->max_shift), VMXL_WIN_BITS);
	u64 c = vpn >> CHUNK_BITS, end;
	u8 s;

	if (shift > CHUNK_SHIFT) {
		c &= ~0ULL << (shift - CHUNK_SHIFT);
		end = c + (1ULL << (shift - CHUNK_SHIFT));
		for (; c < end; c++)
			if (READ_ONCE(w->chunk_shift[c]) > CHUNK_SHIFT)
				return shift;
		c = vpn >> CHUNK_BITS;
	}
	s = shift ? READ_ONCE(w->chunk_shift[c]) : 0;
	return max_t(unsigned int, s, VMXL_PAGE_SHIFT);
}

static struct vmxl_win_busy *busy_at(struct vmxl_window *w, u64 vpn)
{
	return &w->busy[hash_64(vpn, BUSY_BITS)];
}

/* A fence takes @vpn out. */
static void count_fence(struct vmxl_window *w, u64 vpn)
{
	struct vmxl_win_busy *b = busy_at(w, vpn);

	if (b->vpn != vpn)
		*b = (struct vmxl_win_busy){ .vpn = vpn };
	if (++b->fences < BUSY_FENCES)
		return;
	b->fences = 0;
	b->left = BUSY_ACCESSES;
}

/**
 * vmxl_win_busy() - whether a page is not worth inserting
 * @w: the window
 * @vpn: the page, which was accessed
 *
 * Return: true: the interpreter is to have the access.
 */
bool vmxl_win_busy(struct vmxl_window *w, u64 vpn)
{
	struct vmxl_win_busy *b = busy_at(w, vpn);

	if (likely(!b->left || b->vpn != vpn))
		return false;
	b->left--;
	return true;
}

/* A fence for @vpn: what it covers in @w. Without the lock where that is nothing. */
static void zap_around(struct vmxl_windows *ws, struct vmxl_window *w, u64 vpn)
{
	u64 n = 1ULL << (large_shift(w, vpn) - VMXL_PAGE_SHIFT);

	if (!READ_ONCE(w->nr_pages) || (n == 1 && !vmxl_win_present(w, vpn)))
		return;
	mutex_lock(&ws->lock);
	if (vmxl_win_present(w, vpn))
		count_fence(w, vpn);
	vpn &= -n;
	vmxl_win_zap(ws, w, vpn, vpn + n, VMXL_ZAP_FENCE_PAGE);
	mutex_unlock(&ws->lock);
}

static u64 *page_seq(struct vmxl_windows *ws, unsigned int level, u64 gva)
{
	return &ws->page_seq[level][hash_64(gva >> page_seq_shift[level], PAGE_SEQ_BITS)];
}

/* Leave the number of a zap behind. */
static void note_zap(struct vmxl_windows *ws, u64 gva)
{
	u64 seq = atomic64_inc_return(&ws->seq);
	unsigned int i;

	for (i = 0; i < NR_PAGE_SEQ; i++) {
		u64 *p = page_seq(ws, i, gva), old = READ_ONCE(*p), was;

		for (; old < seq; old = was) {
			was = cmpxchg(p, old, seq);
			if (was == old)
				break;
		}
	}
	smp_mb();	/* then look for notes; pairs with insert() */
}

/**
 * vmxl_win_outdated() - whether a zap came after a walk
 * @ws: the VM's windows
 * @w: window that @e is to be inserted into
 * @gva: where; the page is noted
 * @e: what was walked for
 *
 * Return: true: it must not be inserted.
 */
bool vmxl_win_outdated(struct vmxl_windows *ws, const struct vmxl_window *w, u64 gva,
		       const struct vmxl_tlb_entry *e)
{
	unsigned int i = 0;

	while (page_seq_shift[i] < e->shift && i < NR_PAGE_SEQ - 1)
		i++;
	return e->stamp < READ_ONCE(w->seq) || e->stamp < READ_ONCE(*page_seq(ws, i, gva));
}

/**
 * vmxl_window_stamp() - what a walk that begins now is stamped with
 * @vm: the VM
 *
 * Return: the number of the last zap.
 */
u64 vmxl_window_stamp(struct vmxl_vm *vm)
{
	struct vmxl_windows *ws = vm->windows;
	u64 seq;

	if (!ws)
		return 0;
	seq = atomic64_read(&ws->seq);
	smp_rmb();	/* then the page tables; they were written, then the zap was counted */
	return seq;
}

/* Whether a fence of @vcpu, NULL: of anybody, must take out what is in @w now */
static bool concerned(const struct vmxl_window *w, const struct vmxl_vcpu *vcpu)
{
	unsigned int i;

	if (!vcpu)
		return READ_ONCE(w->users);
	for (i = 0; i < ARRAY_SIZE(vcpu->win.region); i++)
		if (vcpu->win.region[i] == w->nr)
			return true;
	return vcpu->win.n == w->nr;
}

static void zap_page(struct vmxl_windows *ws, const struct vmxl_vcpu *vcpu, u64 gva, u32 asid)
{
	struct vmxl_window *w;
	unsigned int i, nr;

	/* Upper half: global mappings, which the fence of a single ASID leaves */
	if (!ws || ((s64)gva < 0 && asid != VMXL_ASID_ALL))
		return;
	note_zap(ws, gva);
	if ((s64)gva < 0) {
		w = vmxl_win_find_high(ws, base_of(gva));
		if (w)
			zap_around(ws, w, vpn_of(gva));
		return;
	}
	nr = smp_load_acquire(&ws->nr);		/* pairs with grow_low() */
	for (i = 1; i < nr; i++) {
		w = ws->win[i];
		if (READ_ONCE(w->base) != base_of(gva) ||
		    (asid != VMXL_ASID_ALL && READ_ONCE(w->asid) != asid))
			continue;
		if (READ_ONCE(w->stale) && !concerned(w, vcpu))
			continue;
		zap_around(ws, w, vpn_of(gva));
	}
}

/**
 * vmxl_window_zap_page() - a fence for an address
 * @vcpu: whose
 * @gva: the address
 * @asid: ASID, or VMXL_ASID_ALL
 *
 * Takes out what is there of a large mapping around it, too.
 * Context: the vCPU's thread, may sleep; costs little where nothing was inserted.
 */
void vmxl_window_zap_page(struct vmxl_vcpu *vcpu, u64 gva, u32 asid)
{
	zap_page(vcpu->vm->windows, vcpu, gva, asid);
}

/**
 * vmxl_window_fence_page() - a fence for an address, of any number of vCPUs
 * @vm: the VM
 * @gva: the address
 * @asid: ASID, or VMXL_ASID_ALL
 *
 * Context: may sleep.
 */
void vmxl_window_fence_page(struct vmxl_vm *vm, u64 gva, u32 asid)
{
	zap_page(vm->windows, NULL, gva, asid);
}

/* false: somebody whom the fence is for has the window in use */
static bool make_stale(struct vmxl_windows *ws, struct vmxl_window *w,
		       const struct vmxl_vcpu *vcpu, u32 asid)
{
	bool done = true;

	mutex_lock(&ws->lock);
	if (asid == VMXL_ASID_ALL || w->asid == asid) {
		done = !concerned(w, vcpu);
		if (done)
			WRITE_ONCE(w->stale, true);
	}
	mutex_unlock(&ws->lock);
	return done;
}

/* @whose: the vCPU's own, or NULL: of anybody */
static void zap_asid(struct vmxl_vcpu *vcpu, const struct vmxl_vcpu *whose, u32 asid)
{
	struct vmxl_windows *ws = vcpu->vm->windows;
	unsigned int i, nr;

	if (!ws)
		return;
	nr = asid == VMXL_ASID_ALL ? smp_load_acquire(&ws->nr_high) : 0;	/* as below */
	for (i = 0; i < nr; i++)
		vmxl_win_check(vcpu, ws->high[i]);
	nr = smp_load_acquire(&ws->nr);		/* as zap_page() */
	for (i = 1; i < nr; i++)
		if (!make_stale(ws, ws->win[i], whose, asid))
			vmxl_win_check(vcpu, ws->win[i]);
}

/**
 * vmxl_window_zap_asid() - a fence for an address space
 * @vcpu: whose
 * @asid: ASID, whose global mappings stay; VMXL_ASID_ALL: everything
 *
 * Context: the vCPU's thread, may sleep.
 */
void vmxl_window_zap_asid(struct vmxl_vcpu *vcpu, u32 asid)
{
	zap_asid(vcpu, vcpu, asid);
}

/**
 * vmxl_window_fence_asid() - a fence for an address space, of any number of vCPUs
 * @vcpu: who asks for it
 * @asid: as vmxl_window_zap_asid()
 *
 * Each window is looked through once, however many vCPUs use it.
 * Context: the vCPU's thread, may sleep.
 */
void vmxl_window_fence_asid(struct vmxl_vcpu *vcpu, u32 asid)
{
	zap_asid(vcpu, NULL, asid);
}

static void clear_high(struct vmxl_windows *ws, enum vmxl_zap_cause cause)
{
	unsigned int i;

	for (i = 0; i < ws->nr_high; i++)
		vmxl_win_clear(ws, ws->high[i], cause);
}

/**
 * vmxl_win_clear_all() - empty all windows
 * @ws: the VM's windows
 */
void vmxl_win_clear_all(struct vmxl_windows *ws)
{
	unsigned int i;

	lockdep_assert_held(&ws->lock);
	clear_high(ws, VMXL_ZAP_ALL);
	for (i = 1; i < ws->nr; i++)
		vmxl_win_clear(ws, ws->win[i], VMXL_ZAP_ALL);
}

static void empty(struct vmxl_windows *ws, struct vmxl_window *w)
{
	vmxl_win_thin(ws, w, VMXL_ZAP_ALL);
	mutex_lock(&ws->lock);
	vmxl_win_clear(ws, w, VMXL_ZAP_ALL);
	mutex_unlock(&ws->lock);
}

/**
 * vmxl_window_zap_all() - empty all windows
 * @vm: the VM
 *
 * What goes for good must be out of the TLBs' reach before (memslot.c). One window after the
 * other: what others insert meanwhile is what may be there after this.
 * Context: may sleep.
 */
void vmxl_window_zap_all(struct vmxl_vm *vm)
{
	struct vmxl_windows *ws = vm->windows;
	unsigned int i, nr;

	if (!ws)
		return;
	nr = smp_load_acquire(&ws->nr_high);	/* as zap_asid() */
	for (i = 0; i < nr; i++)
		empty(ws, ws->high[i]);
	nr = smp_load_acquire(&ws->nr);		/* as zap_page() */
	for (i = 1; i < nr; i++)
		empty(ws, ws->win[i]);
}

/* ---- by whom a page may be written ---- */

/*
 * slot->rmap[]: one page by its number in windows of the upper half, whichever of them,
 * and one in a low one, by its number and page number; or that there are several. 0: nobody.
 */
#define RM_HIGH_VPN	GENMASK_ULL(VPN_BITS - 1, 0)
#define RM_HIGH_ONE	BIT_ULL(26)
#define RM_HIGH_MANY	BIT_ULL(27)
#define RM_HIGH		GENMASK_ULL(27, 0)
#define RM_LOW_SHIFT	28
#define RM_NR_SHIFT	54
#define RM_NR		GENMASK_ULL(62, 54)
#define RM_LOW_MANY	RM_NR			/* a number that no window has */
#define RM_LOW		GENMASK_ULL(62, 28)

static_assert(VPN_BITS == 26);
static_assert(RM_NR >> RM_NR_SHIFT > MAX_LOW);

static u64 rmap_entry(const struct vmxl_window *w, u64 vpn)
{
	if (is_upper(w))
		return RM_HIGH_ONE | vpn;
	return (u64)w->nr << RM_NR_SHIFT | vpn << RM_LOW_SHIFT;
}

static u64 low_nr(u64 r)
{
	return (r & RM_NR) >> RM_NR_SHIFT;
}

static u64 low_vpn(u64 r)
{
	return (r & RM_LOW & ~RM_NR) >> RM_LOW_SHIFT;
}

/* Whether the page that part @r of an rmap names is still writable there */
static bool still_writable(struct vmxl_windows *ws, u64 r)
{
	unsigned int i;

	if (r & RM_HIGH) {
		for (i = 0; i < ws->nr_high; i++)
			if (vmxl_win_writable(ws->high[i], r & RM_HIGH_VPN))
				return true;
		return false;
	}
	return vmxl_win_writable(ws->win[low_nr(r)], low_vpn(r));
}

/**
 * vmxl_win_rmap() - one more page by which a guest page may be written
 * @ws: the VM's windows
 * @r: the guest page's entry of slot->rmap
 * @w: the window
 * @vpn: the page in it
 *
 * Return: what the entry is to be.
 */
u64 vmxl_win_rmap(struct vmxl_windows *ws, u64 r, const struct vmxl_window *w, u64 vpn)
{
	u64 half = is_upper(w) ? RM_HIGH : RM_LOW;
	u64 many = is_upper(w) ? RM_HIGH_MANY : RM_LOW_MANY;
	u64 old = r & half, new = rmap_entry(w, vpn);

	if (old && old != new && ((old & many) == many || still_writable(ws, old)))
		new = many;
	return (r & ~half) | new;
}

static void zap_writers(struct vmxl_windows *ws, u64 r)
{
	const enum vmxl_zap_cause cause = VMXL_ZAP_PROTECT;
	u64 high = r & RM_HIGH_VPN, low = low_vpn(r);
	unsigned int i;

	if (r & RM_HIGH_MANY)
		clear_high(ws, cause);
	else if (r & RM_HIGH_ONE)
		for (i = 0; i < ws->nr_high; i++)
			vmxl_win_zap(ws, ws->high[i], high, high + 1, cause);
	if ((r & RM_NR) == RM_LOW_MANY)
		for (i = 1; i < ws->nr; i++)
			vmxl_win_clear(ws, ws->win[i], cause);
	else if (r & RM_NR)
		vmxl_win_zap(ws, ws->win[low_nr(r)], low, low + 1, cause);
}

/* What zap_writers() is going to empty, without others having to wait for all of it */
static void thin_writers(struct vmxl_windows *ws, u64 r)
{
	unsigned int i, nr;

	nr = r & RM_HIGH_MANY ? smp_load_acquire(&ws->nr_high) : 0;	/* as zap_asid() */
	for (i = 0; i < nr; i++)
		vmxl_win_thin(ws, ws->high[i], VMXL_ZAP_PROTECT);
	nr = (r & RM_NR) == RM_LOW_MANY ? smp_load_acquire(&ws->nr) : 0;	/* the same */
	for (i = 1; i < nr; i++)
		vmxl_win_thin(ws, ws->win[i], VMXL_ZAP_PROTECT);
}

/**
 * vmxl_window_protect() - take stores to a page away
 * @vm: the VM
 * @slot: the page's slot
 * @gpa: an address in it; it is marked as one that must not be written
 *
 * From the SMMU's windows as well.
 * Context: within vm->srcu, may sleep.
 */
void vmxl_window_protect(struct vmxl_vm *vm, struct vmxl_memslot *slot, u64 gpa)
{
	struct vmxl_windows *ws = vm->windows;
	u64 *r;

	/* The mark, then who may write; pairs with note_writer() and insert() in smmu/window.c */
	smp_mb();
	vmxl_smmu_protect(vm, gpa);
	if (!ws || !slot->rmap)
		return;
	r = &slot->rmap[vmxl_memslot_index(slot, gpa)];
	if (!READ_ONCE(*r))
		return;
	thin_writers(ws, READ_ONCE(*r));
	mutex_lock(&ws->lock);
	zap_writers(ws, *r);
	smp_store_release(r, 0);	/* after the zap, which others need not wait for then */
	mutex_unlock(&ws->lock);
}

/**
 * vmxl_window_protect_slot() - take stores to all pages of a slot away
 * @vm: the VM
 * @slot: the slot
 *
 * Context: may sleep.
 */
void vmxl_window_protect_slot(struct vmxl_vm *vm, struct vmxl_memslot *slot)
{
	if (slot->rmap)
		vmxl_window_zap_all(vm);
}
