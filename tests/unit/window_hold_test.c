// SPDX-License-Identifier: GPL-2.0
/*
 * For how long the lock is held that all take who fault in a window, when many pages go or
 * are compared: in CPU time of whoever holds it, but for what the kernel does to its page tables.
 */
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include "code_env.h"
#include "../../kmod/map.h"
#include "../../kmod/mmu/window_impl.h"

#define PAGES		(1u << 18)	/* a gigabyte of small ones */
#define HELD_TRIES	5
#ifdef SHIM_DEBUG
#define HELD_NS		(1ULL << 40)	/* in builds with sanitizers times say nothing */
#else
#define HELD_NS		1000000		/* what Documentation/locking.rst promises */
#endif

static struct vmxl_windows *ws;
static struct vmxl_window *win;
static unsigned int nr_zaps;

u64 __wrap_vmxl_map(struct vmxl_vm *vm, enum vmxl_map_kind kind, unsigned int nr, size_t len);
void __wrap_vmxl_map_zap(struct vmxl_vm *vm, enum vmxl_map_kind kind, unsigned int nr, u64 off,
			 u64 len);

u64 __wrap_vmxl_map(struct vmxl_vm *vm, enum vmxl_map_kind kind, unsigned int nr, size_t len)
{
	return 0x10000000000ULL + nr * 0x5000000000ULL;
}

void __wrap_vmxl_map_zap(struct vmxl_vm *vm, enum vmxl_map_kind kind, unsigned int nr, u64 off,
			 u64 len)
{
	nr_zaps++;
}

static void fill(void)
{
	struct vmxl_tlb_entry entry = { .shift = VMXL_PAGE_SHIFT };
	u64 i;

	check(vmxl_window_select(e.v, VMXL_WIN_LOW), "a window");
	win = ws->win[e.v->win.n];
	mutex_lock(&ws->lock);
	for (i = 0; i < PAGES; i++) {
		entry.gpa = ENV_RAM + (i << VMXL_PAGE_SHIFT);
		check(vmxl_win_note(ws, win, vpn_of(entry.gpa), &entry, true), "a page");
	}
	mutex_unlock(&ws->lock);
}

static void all_goes(void)
{
	vmxl_window_zap_all(e.vm);
}

static void nothing_changed(void)
{
	vmxl_window_zap_asid(e.v, VMXL_ASID_ALL);
}

static void all_unmapped(void)
{
	map_gigabyte(ROOT_U, 0);
	vmxl_window_zap_asid(e.v, VMXL_ASID_ALL);
}

static void used_anew(void)
{
	vmxl_window_put(e.v);
	vmxl_window_zap_asid(e.v, VMXL_ASID_ALL);
	check(win->stale && vmxl_window_select(e.v, VMXL_WIN_LOW) && !win->stale, "used anew");
}

/* Which windows may write to the page is not known. */
static void many_writers(void)
{
	struct vmxl_memslot *slot = vmxl_memslot_find(e.vm, ENV_RAM);
	u64 vpn = vpn_of(ENV_RAM);

	slot->rmap[0] = vmxl_win_rmap(ws, vmxl_win_rmap(ws, 0, win, vpn), win, vpn + 1);
	vmxl_window_protect(e.vm, slot, ENV_RAM);
}

static const struct way {
	const char *name;
	void (*fn)(void);
	unsigned long left;	/* pages */
} ways[] = {
	{ "slots change", all_goes, 0 },
	{ "a fence, and nothing has changed", nothing_changed, PAGES },
	{ "a fence, and everything has", all_unmapped, 0 },
	{ "another address space has the window", used_anew, 0 },
	{ "a page with code had many writers", many_writers, 0 },
};

/* Return: ns */
static u64 try_way(const struct way *way)
{
	u64 ns;

	open_vm(1 << 20);
	ws = e.vm->windows;
	fill();
	nr_zaps = 0;
	shim_watch_holds(&ws->lock);
	way->fn();
	ns = shim_watch_holds(NULL);
	check(win->nr_pages == way->left, "%lu pages are left", win->nr_pages);
	check(way->left || nr_zaps >= PAGES / (ZAP_PAGES + PIECE_PAGES), "%u zaps", nr_zaps);
	close_vm();
	return ns;
}

/* A busy machine may make it more, but not each time. */
int main(void)
{
	const struct way *way;
	unsigned int tries;
	u64 least;

	ok(true, "measured where there are windows");
	for (way = ways; vmxl_host && way < ways + ARRAY_SIZE(ways); way++) {
		for (tries = 0, least = ~0ULL; tries < HELD_TRIES && least >= HELD_NS; tries++)
			least = min(least, try_way(way));
		printf("# %s: the lock is held for %llu us\n", way->name, least / 1000);
		ok(least && least < HELD_NS, "less than a millisecond");
	}
	return tap_done();
}
