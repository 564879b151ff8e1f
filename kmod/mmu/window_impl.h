/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows onto guest virtual memory, for the files window*.c: which there are
 * (window.c), how pages get in (window_fault.c, and before a fault window_ahead.c)
 * and out again (window_zap.c).
 *
 * In: TLB entries of the vCPU that faulted. Out: page-table entries of the host.
 *
 * Windows of the upper half ("K") take only what is valid in every
 * address space and closed to the unprivileged mode. The others show the lower
 * half of one address space (root and ASID) and take only what the unprivileged
 * mode may access: all that use one see the same. With 39-bit addresses a window
 * is a half; with larger ones it is a region of that size, and the others of the
 * half have windows of their own as they are accessed (window_region.c).
 *
 * Flushes. A fence makes one vCPU forget; its windows may be another's as well,
 * whose TLB still has the old entry. So each zap counts up ws->seq and leaves
 * the count behind, for the window or for the page (page_seq, hashed); TLB
 * entries bear the count at which their walk began, and are inserted only if
 * no zap that covers them came later. Others are walked for anew. Whoever
 * inserts notes the page, then looks for zaps; whoever zaps leaves the count,
 * then looks whether the page was noted: one sees the other, so that a fence
 * for a page that is in no window takes no lock. A window that the vCPU has not
 * in use need not be zapped by its flush of an address space: it is stale, and
 * cleared before the next vCPU gets it. Others are not cleared by a fence of an
 * address space or of everything but compared with the page tables: what is as it
 * was stays. Fences are frequent, and change little.
 *
 * A page is writable in a window only while its slot and the TLB entry permit
 * it, it is marked dirty and stores to it may go unseen (vmxl_page_watched());
 * slot->rmap says by which windows it may be written. Marks are set before
 * protecting, and looked at after the rmap was written.
 *
 * A page that is noted need not be mapped, the reverse is never so. Notes are
 * taken back after the zap, so that who finds none need not wait for it.
 *
 * Huge pages. A piece of 2 MiB that the guest maps by one entry and that is in one folio
 * of the host's, alike for all its pages, is one entry of the host's tables (insert_huge()).
 * All its pages are noted, and the piece. It goes as a whole: a zap of a part of it is
 * one of all of it. Whoever wants a page of it otherwise takes it out first. From the first
 * page on that is inserted by itself the host's tables have a table there, which stays: it
 * is page by page ever after.
 *
 * Locks: ws->grow and ws->check before mmap_lock before ws->lock.
 */
#ifndef VMXL_WINDOW_IMPL_H
#define VMXL_WINDOW_IMPL_H

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include "../vm.h"
#include "tlb.h"
#include "window.h"

#define VPN_BITS	(VMXL_WIN_BITS - VMXL_PAGE_SHIFT)
#define WIN_PAGES	(1ULL << VPN_BITS)

/* Notes on pages are kept in chunks of 64 MiB of address space. */
#define CHUNK_BITS	14
#define CHUNK_PAGES	(1u << CHUNK_BITS)
#define CHUNK_SHIFT	(CHUNK_BITS + VMXL_PAGE_SHIFT)
#define NR_CHUNKS	(1u << (VPN_BITS - CHUNK_BITS))
/* Of all windows of a VM; one of which all pages were accessed has 72 KiB of notes. */
#define MAX_CHUNKS	4096u

/* Low windows: so many, or for each vCPU one and some that are not in use */
#define MIN_LOW		64u
#define SPARE_LOW	32u
#define MAX_LOW		(VMXL_MAX_VCPUS + SPARE_LOW)
/* Of the upper half: that of 39-bit addresses, and regions of larger ones */
#define MAX_HIGH	8u

#define PAGE_SEQ_BITS	8

/* Zaps by address are remembered for pieces of so many sizes. */
#define NR_PAGE_SEQ	4

/*
 * Pages that are mapped anew for every few accesses, as a kernel's fixmap: after
 * so many fences that found one it is left to the interpreter for so many accesses.
 */
#define BUSY_BITS	5
#define BUSY_FENCES	8
#define BUSY_ACCESSES	512

/* Pages that are taken out with ws->lock held at once, where there may be many */
#define ZAP_PAGES	4096u

/* Guest frames of pages noted are kept in pieces of 2 MiB of address space. */
#define PIECE_PAGES	512u

/* Pages noted, of a chunk */
struct vmxl_win_chunk {
	DECLARE_BITMAP(present, CHUNK_PAGES);
	DECLARE_BITMAP(writable, CHUNK_PAGES);	/* of those */
	DECLARE_BITMAP(huge, CHUNK_PAGES / PIECE_PAGES);	/* with ws->lock held */
	u32 *gfn[CHUNK_PAGES / PIECE_PAGES];	/* allocated as needed */
	struct vmxl_win_chunk *next;		/* ws->spare */
};

/* How often fences have taken a page out, or, once that is too often, accesses left */
struct vmxl_win_busy {
	u32 vpn;
	u16 fences, left;
};

/**
 * struct vmxl_window - a window
 * @nr: its number
 * @addr: where it begins, with its guard: what it shows begins at a multiple of PMD_SIZE
 * @skip: bytes of its mapping before that
 * @base: the guest address that it begins with; fixed while it has @users
 * @root: page-table root of what it shows; fixed while it has @users, as @asid is
 * @asid: ASID of it
 * @shown: ASID of the pages that it has, which is another until it has been cleared for
 *	@asid; for events. The high one: VMXL_ASID_ALL
 * @users: vCPUs that have it in vcpu->win
 * @stale: to be cleared before it gets another user
 * @used: when it was last given to somebody
 * @seq: of the last zap of all of it
 * @nr_pages: noted
 * @max_shift: largest mapping that a page was taken from
 * @chunk_shift: the same by chunk
 * @chunk: notes, allocated as needed
 * @checks_asked: fences that have it compared with the page tables
 * @checks_begun: of these, how many had been asked for when the last check began
 * @nr_chunks: chunks there are, whose numbers are in @order
 * @order: in the order in which they were made
 * @busy: pages that fences take out often, by hash
 */
struct vmxl_window {
	unsigned int nr;
	u64 addr;
	u64 skip;
	u64 base;
	u64 root;
	u32 asid;
	u32 shown;
	unsigned int users;
	bool stale;
	u64 used;
	u64 seq;
	unsigned long nr_pages;
	u8 max_shift;
	u8 chunk_shift[NR_CHUNKS];
	struct vmxl_win_chunk *chunk[NR_CHUNKS];
	atomic64_t checks_asked;
	s64 checks_begun;
	unsigned int nr_chunks;
	u16 order[NR_CHUNKS];
	struct vmxl_win_busy busy[1 << BUSY_BITS];
};

struct vmxl_win_scratch;

/**
 * struct vmxl_windows - the windows of a VM
 * @vm: the VM
 * @grow: creation of windows
 * @check: one comparison after the other (window_check.c), @scratch
 * @lock: the windows' fields, what is inserted and zapped, slot->rmap; @seq,
 *	@page_seq and notes are looked at without it
 * @seq: number of the last zap
 * @page_seq: of the last zap by address, by size and hash
 * @scratch: of that check
 * @tick: clock of window.used
 * @full: no more windows can be made
 * @nr: low windows: numbers below this
 * @win: low windows by number, from 1 on; they stay until the VM goes
 * @nr_chunks: that the windows have, and @spare
 * @max_chunks: as many may be; who needs another takes those of a window
 * @spare: chunks of nobody's. None is freed: who looks without @lock may see it in
 *	the window that had it, and takes what it finds for what may be
 * @nr_high: windows of the upper half
 * @high: these; the first is number 0
 */
struct vmxl_windows {
	struct vmxl_vm *vm;
	struct mutex grow;
	struct mutex check;
	struct mutex lock;
	atomic64_t seq;
	struct vmxl_win_scratch *scratch;
	u64 page_seq[NR_PAGE_SEQ][1 << PAGE_SEQ_BITS];
	u64 tick;
	bool full;
	unsigned int nr;
	struct vmxl_window *win[1 + MAX_LOW];
	unsigned int nr_chunks, max_chunks;
	struct vmxl_win_chunk *spare;
	unsigned int nr_high;
	struct vmxl_window *high[MAX_HIGH];
};

/* A page to be inserted */
struct vmxl_win_piece {
	struct vmxl_tlb_entry e;
	u64 gva;
	u64 addr;		/* the host's, in the window */
	bool write;		/* it is being written to */
	bool fresh;		/* out: it was not in the window before */
};

/* Why pages go; numbers of the tracepoint */
enum vmxl_zap_cause {
	VMXL_ZAP_FENCE_PAGE,	/* the guest: an address */
	VMXL_ZAP_FENCE,		/* the guest: an address space, or all */
	VMXL_ZAP_RECYCLE,	/* another address space has the window next */
	VMXL_ZAP_PROTECT,	/* no stores to a page: it has code, or the log is to know */
	VMXL_ZAP_STORE,		/* to be there again for stores */
	VMXL_ZAP_ALL,		/* memory slots change; or there is no memory */
};

static inline bool is_upper(const struct vmxl_window *w)
{
	return (s64)w->base < 0;
}

/* What a window's rules say of a page with these */
static inline bool vmxl_win_takes(const struct vmxl_window *w, u8 perms, bool global, bool unpriv)
{
	return (perms & BIT(VMXL_ACCESS_READ)) && (is_upper(w) ? !unpriv && global : unpriv);
}

static inline u64 base_of(u64 gva)
{
	return gva & ~0ULL << VMXL_WIN_BITS;
}

static inline u64 vpn_of(u64 gva)
{
	return (gva & ((1ULL << VMXL_WIN_BITS) - 1)) >> VMXL_PAGE_SHIFT;
}

/* The reverse: where in the guest a window's page is */
static inline u64 gva_of(const struct vmxl_window *w, u64 vpn)
{
	return w->base | vpn << VMXL_PAGE_SHIFT;
}

static inline bool is_low(u64 gva)
{
	return !(gva >> VMXL_WIN_BITS);
}

static inline bool is_high(u64 gva)
{
	return (s64)gva >> VMXL_WIN_BITS == -1;
}

/*
 * window.c, without ws->lock. NULL: there is none to be had. One of the lower half is
 * not given to another address space until it is put.
 */
struct vmxl_window *vmxl_win_get_low(struct vmxl_windows *ws, const struct vmxl_tlb_as *as,
				     u64 base);
struct vmxl_window *vmxl_win_get_high(struct vmxl_windows *ws, u64 base);
struct vmxl_window *vmxl_win_find_high(struct vmxl_windows *ws, u64 base);
void vmxl_win_put_low(struct vmxl_windows *ws, unsigned int n);

/* window_region.c: the vCPU's thread */
bool vmxl_win_select_regions(struct vmxl_vcpu *vcpu, enum vmxl_window_kind kind);
void vmxl_win_put_regions(struct vmxl_vcpu *vcpu);
struct vmxl_window *vmxl_win_region(struct vmxl_vcpu *vcpu, u64 gva);
bool vmxl_win_region_gva(struct vmxl_vcpu *vcpu, u64 addr, u64 *gva);

/* window_fault.c: the vCPU's thread; vmxl_win_insert() with ws->lock and mmap_lock held */
enum vmxl_wfault vmxl_win_insert(struct vmxl_windows *ws, struct vmxl_window *w,
				 struct vm_area_struct *vma, struct vmxl_win_piece *p);
struct vmxl_tlb_entry *vmxl_win_enter(struct vmxl_vcpu *vcpu, const struct vmxl_window *w,
				      u64 gva, u32 as, const struct vmxl_walk *walk,
				      bool write);

/* window_zap.c: all but vmxl_win_present() and _writable() with ws->lock held */
bool vmxl_win_present(const struct vmxl_window *w, u64 vpn);
bool vmxl_win_busy(struct vmxl_window *w, u64 vpn);
bool vmxl_win_writable(const struct vmxl_window *w, u64 vpn);
bool vmxl_win_note(struct vmxl_windows *ws, struct vmxl_window *w, u64 vpn,
		   const struct vmxl_tlb_entry *e, bool writable);
bool vmxl_win_note_huge(struct vmxl_windows *ws, struct vmxl_window *w, u64 vpn,
			const struct vmxl_tlb_entry *e, bool writable);
bool vmxl_win_huge(const struct vmxl_window *w, u64 vpn);
void vmxl_win_unnote(struct vmxl_window *w, u64 vpn, u64 n);
bool vmxl_win_outdated(struct vmxl_windows *ws, const struct vmxl_window *w, u64 gva,
		       const struct vmxl_tlb_entry *e);
void vmxl_win_zap(struct vmxl_windows *ws, struct vmxl_window *w, u64 vpn, u64 end,
		  enum vmxl_zap_cause cause);
void vmxl_win_clear(struct vmxl_windows *ws, struct vmxl_window *w, enum vmxl_zap_cause cause);
void vmxl_win_clear_all(struct vmxl_windows *ws);
u64 vmxl_win_rmap(struct vmxl_windows *ws, u64 r, const struct vmxl_window *w, u64 vpn);

/* Without it, as window_check.c: */
void vmxl_win_thin(struct vmxl_windows *ws, struct vmxl_window *w, enum vmxl_zap_cause cause);
void vmxl_win_check(struct vmxl_vcpu *vcpu, struct vmxl_window *w);

#endif /* VMXL_WINDOW_IMPL_H */
