// SPDX-License-Identifier: GPL-2.0
/*
 * Which windows there are, and which a vCPU uses. Rules: window_impl.h.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include "../map.h"
#include "window_impl.h"

#define MAP_LEN		((1ULL << VMXL_WIN_BITS) + 2 * VMXL_WIN_GUARD)

static void free_window(struct vmxl_window *w)
{
	unsigned int c, i;

	if (!w)
		return;
	for (c = 0; c < NR_CHUNKS; c++) {
		for (i = 0; w->chunk[c] && i < ARRAY_SIZE(w->chunk[c]->gfn); i++)
			kfree(w->chunk[c]->gfn[i]);
		kfree(w->chunk[c]);
	}
	kvfree(w);
}

static struct vmxl_window *create_window(struct vmxl_windows *ws, unsigned int nr)
{
	struct vmxl_window *w = kvzalloc(sizeof(*w), GFP_KERNEL_ACCOUNT);

	lockdep_assert_held(&ws->grow);
	if (w) {
		w->nr = nr;
		w->shown = VMXL_ASID_ALL;
		w->addr = vmxl_map(ws->vm, VMXL_MAP_WINDOW, nr, MAP_LEN);
	}
	if (w && w->addr)
		return w;
	free_window(w);
	ws->full = true;
	return NULL;
}

/* The one of this address space; without one the longest unused, if @any will do */
static struct vmxl_window *find_low(struct vmxl_windows *ws, const struct vmxl_tlb_as *as, bool any)
{
	struct vmxl_window *lru = NULL;
	unsigned int i;

	for (i = 1; i < ws->nr; i++) {
		struct vmxl_window *w = ws->win[i];

		if (w->root == as->root && w->asid == as->asid)
			return w;
		if (!w->users && (!lru || w->used < lru->used))
			lru = w;
	}
	return any ? lru : NULL;
}

static struct vmxl_window *take_low(struct vmxl_windows *ws, const struct vmxl_tlb_as *as, bool any)
{
	struct vmxl_window *w;

	mutex_lock(&ws->lock);
	w = find_low(ws, as, any);
	if (w && (w->stale || w->root != as->root || w->asid != as->asid)) {
		w->root = as->root;
		WRITE_ONCE(w->asid, as->asid);
		vmxl_win_clear(ws, w, VMXL_ZAP_RECYCLE);
		w->shown = as->asid;
		WRITE_ONCE(w->stale, false);
	}
	if (w) {
		WRITE_ONCE(w->users, w->users + 1);
		w->used = ++ws->tick;
	}
	mutex_unlock(&ws->lock);
	return w;
}

static bool may_grow(struct vmxl_windows *ws)
{
	return !ws->full && ws->nr <= max(MIN_LOW, READ_ONCE(ws->vm->nr_vcpus) + SPARE_LOW);
}

/* One more low window: it is nobody's, and so the first that find_low() gives away. */
static void grow_low(struct vmxl_windows *ws)
{
	struct vmxl_window *w = create_window(ws, ws->nr);

	if (!w)
		return;
	mutex_lock(&ws->lock);
	w->stale = true;
	ws->win[w->nr] = w;
	smp_store_release(&ws->nr, w->nr + 1);	/* pairs with vmxl_window_zap_page() */
	mutex_unlock(&ws->lock);
}

static struct vmxl_window *get_low(struct vmxl_windows *ws, const struct vmxl_tlb_as *as)
{
	struct vmxl_window *w = take_low(ws, as, false);

	if (w)
		return w;
	mutex_lock(&ws->grow);
	if (may_grow(ws))
		grow_low(ws);
	w = take_low(ws, as, true);
	mutex_unlock(&ws->grow);
	return w;
}

static struct vmxl_window *get_high(struct vmxl_windows *ws)
{
	struct vmxl_window *w = smp_load_acquire(&ws->win[0]);	/* as below */

	if (w)
		return w;
	mutex_lock(&ws->grow);
	w = ws->win[0];
	if (!w && !ws->full) {
		w = create_window(ws, 0);
		smp_store_release(&ws->win[0], w);	/* complete for those without a lock */
	}
	mutex_unlock(&ws->grow);
	return w;
}

static void put_low(struct vmxl_vcpu *vcpu)
{
	struct vmxl_windows *ws = vcpu->vm->windows;
	struct vmxl_window *w;

	if (!vcpu->win.n)
		return;
	mutex_lock(&ws->lock);
	w = ws->win[vcpu->win.n];
	WRITE_ONCE(w->users, w->users - 1);
	vcpu->win.n = 0;
	vcpu->win.low = 0;
	mutex_unlock(&ws->lock);
}

static bool select_low(struct vmxl_vcpu *vcpu)
{
	const struct vmxl_tlb_as *as =
		&vcpu->tlb->as[VMXL_TLB_AS_INDEX(vcpu->as[VMXL_ACCESS_READ])];
	struct vmxl_windows *ws = vcpu->vm->windows;
	struct vmxl_window *w;

	if (likely(vcpu->win.n)) {
		w = ws->win[vcpu->win.n];
		if (w->root == as->root && w->asid == as->asid)
			return true;
	}
	put_low(vcpu);
	w = get_low(ws, as);
	if (!w)
		return false;
	vcpu->win.n = w->nr;
	vcpu->win.low = w->addr + VMXL_WIN_GUARD;
	return true;
}

static bool select_high(struct vmxl_vcpu *vcpu)
{
	struct vmxl_window *w;

	if (likely(vcpu->win.high))
		return true;
	w = get_high(vcpu->vm->windows);
	if (w)
		vcpu->win.high = w->addr + VMXL_WIN_GUARD + (1ULL << VMXL_WIN_BITS);
	return w;
}

/**
 * vmxl_window_select() - bring a vCPU's windows up to date
 * @vcpu: the vCPU
 * @kind: what the next block needs
 *
 * Return: whether it can have them.
 */
bool vmxl_window_select(struct vmxl_vcpu *vcpu, enum vmxl_window_kind kind)
{
	bool low = kind == VMXL_WIN_LOW || kind == VMXL_WIN_BOTH;
	bool high = kind == VMXL_WIN_HIGH || kind == VMXL_WIN_BOTH;

	vcpu->win.kind = VMXL_WIN_NONE;
	if (!vcpu->vm->windows || !(low || high))
		return false;
	if ((low && !select_low(vcpu)) || (high && !select_high(vcpu)))
		return false;
	vcpu->win.kind = kind;
	return true;
}

/**
 * vmxl_window_put() - a vCPU needs no windows any more
 * @vcpu: the vCPU
 */
void vmxl_window_put(struct vmxl_vcpu *vcpu)
{
	if (vcpu->vm->windows)
		put_low(vcpu);
	vcpu->win = (struct vmxl_window_use) { .kind = VMXL_WIN_NONE };
}

/**
 * vmxl_window_gva() - the guest address that a host address shows
 * @vcpu: the vCPU
 * @addr: any address of the owner's
 * @gva: out
 *
 * Return: whether it is in a window that the last vmxl_window_select() gave.
 */
bool vmxl_window_gva(struct vmxl_vcpu *vcpu, u64 addr, u64 *gva)
{
	const struct vmxl_window_use *u = &vcpu->win;

	if ((u->kind == VMXL_WIN_LOW || u->kind == VMXL_WIN_BOTH) && is_low(addr - u->low)) {
		*gva = addr - u->low;
		return true;
	}
	if ((u->kind == VMXL_WIN_HIGH || u->kind == VMXL_WIN_BOTH) && is_high(addr - u->high)) {
		*gva = addr - u->high;
		return true;
	}
	return false;
}

/**
 * vmxl_windows_create() - a VM's windows, none as yet
 * @vm: the VM; has no memory slots
 *
 * Return: them, or NULL without memory.
 */
struct vmxl_windows *vmxl_windows_create(struct vmxl_vm *vm)
{
	struct vmxl_windows *ws = kvzalloc(sizeof(*ws), GFP_KERNEL_ACCOUNT);

	if (!ws)
		return NULL;
	ws->vm = vm;
	ws->nr = 1;
	mutex_init(&ws->grow);
	mutex_init(&ws->check);
	mutex_init(&ws->lock);
	return ws;
}

/**
 * vmxl_windows_destroy() - forget the windows of a VM that goes
 * @ws: them, or NULL; nobody runs any more
 *
 * The VM's mappings went before, and with them all that was inserted.
 */
void vmxl_windows_destroy(struct vmxl_windows *ws)
{
	unsigned int i;

	if (!ws)
		return;
	for (i = 0; i < ws->nr; i++)
		free_window(ws->win[i]);
	kvfree(ws->scratch);
	kvfree(ws);
}
