// SPDX-License-Identifier: GPL-2.0
/*
 * Which windows there are, and which a vCPU uses. Rules: window_impl.h.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include "../map.h"
#include "window_impl.h"

/* Wherever it is mapped, what is shown can begin at a multiple of PMD_SIZE. */
#define MAP_LEN		((1ULL << VMXL_WIN_BITS) + 2 * VMXL_WIN_GUARD + PMD_SIZE)

static void free_chunk(struct vmxl_win_chunk *c)
{
	unsigned int i;

	for (i = 0; c && i < ARRAY_SIZE(c->gfn); i++)
		kfree(c->gfn[i]);
	kfree(c);
}

static void free_window(struct vmxl_window *w)
{
	unsigned int c;

	for (c = 0; w && c < NR_CHUNKS; c++)
		free_chunk(w->chunk[c]);
	kvfree(w);
}

/* Below VMXL_WIN_END: what is mapped beyond fills the place that the next is not to have. */
static u64 map_window(struct vmxl_vm *vm, unsigned int nr)
{
	u64 addr = vmxl_map(vm, VMXL_MAP_WINDOW, nr, MAP_LEN);

	if (addr && addr + MAP_LEN > VMXL_WIN_END)
		addr = vmxl_map(vm, VMXL_MAP_WINDOW, nr, MAP_LEN);
	return addr + MAP_LEN <= VMXL_WIN_END ? addr : 0;
}

static struct vmxl_window *create_window(struct vmxl_windows *ws, unsigned int nr, u64 base)
{
	struct vmxl_window *w = kvzalloc(sizeof(*w), GFP_KERNEL_ACCOUNT);
	u64 addr = 0;

	lockdep_assert_held(&ws->grow);
	if (w)
		addr = map_window(ws->vm, nr);
	if (addr) {
		w->nr = nr;
		w->shown = VMXL_ASID_ALL;
		w->base = base;
		w->addr = ALIGN(addr + VMXL_WIN_GUARD, PMD_SIZE) - VMXL_WIN_GUARD;
		w->skip = w->addr - addr;
		return w;
	}
	free_window(w);
	ws->full = true;
	return NULL;
}

static bool is_of(const struct vmxl_window *w, const struct vmxl_tlb_as *as, u64 base)
{
	return w->root == as->root && w->asid == as->asid && w->base == base;
}

/* The one of this address space; without one the longest unused, if @any will do */
static struct vmxl_window *find_low(struct vmxl_windows *ws, const struct vmxl_tlb_as *as,
				    u64 base, bool any)
{
	struct vmxl_window *lru = NULL;
	unsigned int i;

	for (i = 1; i < ws->nr; i++) {
		struct vmxl_window *w = ws->win[i];

		if (is_of(w, as, base))
			return w;
		if (!w->users && (!lru || w->used < lru->used))
			lru = w;
	}
	return any ? lru : NULL;
}

/* As find_low(). Of what has to be cleared before it is used most has gone. */
static struct vmxl_window *find_thin(struct vmxl_windows *ws, const struct vmxl_tlb_as *as,
				     u64 base, bool any)
{
	struct vmxl_window *w = find_low(ws, as, base, any);

	if (!w || w->nr_pages <= ZAP_PAGES || (!w->stale && is_of(w, as, base)))
		return w;
	mutex_unlock(&ws->lock);
	vmxl_win_thin(ws, w, VMXL_ZAP_RECYCLE);
	mutex_lock(&ws->lock);
	return find_low(ws, as, base, any);
}

static struct vmxl_window *take_low(struct vmxl_windows *ws, const struct vmxl_tlb_as *as,
				    u64 base, bool any)
{
	struct vmxl_window *w;

	mutex_lock(&ws->lock);
	w = find_thin(ws, as, base, any);
	if (w && (w->stale || !is_of(w, as, base))) {
		WRITE_ONCE(w->base, base);
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
	struct vmxl_window *w = create_window(ws, ws->nr, 0);

	if (!w)
		return;
	mutex_lock(&ws->lock);
	w->stale = true;
	ws->win[w->nr] = w;
	smp_store_release(&ws->nr, w->nr + 1);	/* pairs with vmxl_window_zap_page() */
	mutex_unlock(&ws->lock);
}

/**
 * vmxl_win_get_low() - a window of the lower half
 * @ws: the VM's windows
 * @as: address space
 * @base: the guest address that it is to begin with
 *
 * Context: may sleep (creates mappings).
 * Return: it, or NULL; vmxl_win_put_low() gives it back.
 */
struct vmxl_window *vmxl_win_get_low(struct vmxl_windows *ws, const struct vmxl_tlb_as *as,
				     u64 base)
{
	struct vmxl_window *w = take_low(ws, as, base, false);

	if (w)
		return w;
	mutex_lock(&ws->grow);
	if (may_grow(ws))
		grow_low(ws);
	w = take_low(ws, as, base, true);
	mutex_unlock(&ws->grow);
	return w;
}

/**
 * vmxl_win_find_high() - a window of the upper half, if it is there
 * @ws: the VM's windows
 * @base: the guest address that it begins with
 */
struct vmxl_window *vmxl_win_find_high(struct vmxl_windows *ws, u64 base)
{
	unsigned int i, nr = smp_load_acquire(&ws->nr_high);	/* pairs with vmxl_win_get_high() */

	for (i = 0; i < nr; i++)
		if (ws->high[i]->base == base)
			return ws->high[i];
	return NULL;
}

/**
 * vmxl_win_get_high() - a window of the upper half
 * @ws: the VM's windows
 * @base: the guest address that it is to begin with
 *
 * Context: may sleep (creates mappings).
 * Return: it, for as long as the VM is there; or NULL.
 */
struct vmxl_window *vmxl_win_get_high(struct vmxl_windows *ws, u64 base)
{
	struct vmxl_window *w = vmxl_win_find_high(ws, base);
	unsigned int n;

	if (w)
		return w;
	mutex_lock(&ws->grow);
	w = vmxl_win_find_high(ws, base);
	n = ws->nr_high;
	if (!w && !ws->full && n < MAX_HIGH)
		w = create_window(ws, n ? MAX_LOW + n : 0, base);
	if (w && !vmxl_win_find_high(ws, base)) {
		ws->high[n] = w;
		smp_store_release(&ws->nr_high, n + 1);	/* complete for those without a lock */
	}
	mutex_unlock(&ws->grow);
	return w;
}

/**
 * vmxl_win_put_low() - a vCPU does not need a window any more
 * @ws: the VM's windows
 * @n: number of the window
 */
void vmxl_win_put_low(struct vmxl_windows *ws, unsigned int n)
{
	mutex_lock(&ws->lock);
	WRITE_ONCE(ws->win[n]->users, ws->win[n]->users - 1);
	mutex_unlock(&ws->lock);
}

static void put_low(struct vmxl_vcpu *vcpu)
{
	if (!vcpu->win.n)
		return;
	vmxl_win_put_low(vcpu->vm->windows, vcpu->win.n);
	vcpu->win.n = 0;
	vcpu->win.low = 0;
}

static const struct vmxl_tlb_as *as_of(struct vmxl_vcpu *vcpu)
{
	return &vcpu->tlb->as[VMXL_TLB_AS_INDEX(vcpu->as[VMXL_ACCESS_READ])];
}

/* Whether the low window is that of the address space */
static bool has_low(struct vmxl_vcpu *vcpu)
{
	const struct vmxl_tlb_as *as = as_of(vcpu);
	const struct vmxl_window *w = vcpu->vm->windows->win[vcpu->win.n];

	return vcpu->win.n && w->root == as->root && w->asid == as->asid;
}

static bool select_low(struct vmxl_vcpu *vcpu)
{
	struct vmxl_windows *ws = vcpu->vm->windows;
	struct vmxl_window *w;

	if (likely(has_low(vcpu)))
		return true;
	put_low(vcpu);
	w = vmxl_win_get_low(ws, as_of(vcpu), 0);
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
	w = vmxl_win_get_high(vcpu->vm->windows, ~0ULL << VMXL_WIN_BITS);
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
	if (!vcpu->vm->windows || kind == VMXL_WIN_NONE)
		return false;
	if (kind & VMXL_WIN_REGIONS)
		return vmxl_win_select_regions(vcpu, kind);
	if ((low && !select_low(vcpu)) || (high && !select_high(vcpu)))
		return false;
	vcpu->win.kind = kind;
	return true;
}

/**
 * vmxl_window_again() - see to it that a vCPU's windows are those of its view
 * @vcpu: the vCPU, in translated code
 *
 * Context: the vCPU's thread, in a page fault as well.
 * Return: false: they are not, the interpreter has the access.
 */
bool vmxl_window_again(struct vmxl_vcpu *vcpu)
{
	const struct vmxl_guest *guest = vcpu->vm->guest;
	struct vmxl_key key;
	enum vmxl_window_kind kind;

	if (guest->sync)
		guest->sync(vcpu);
	guest->key(vcpu, &key);
	kind = guest->window(key.flags);
	if ((kind | vcpu->win.kind) & VMXL_WIN_REGIONS)
		return kind == vcpu->win.kind;
	if (!vcpu->vm->windows || kind == VMXL_WIN_NONE ||
	    (kind != VMXL_WIN_HIGH && !has_low(vcpu)) ||
	    (kind != VMXL_WIN_LOW && !vcpu->win.high))
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
	if (vcpu->vm->windows) {
		put_low(vcpu);
		vmxl_win_put_regions(vcpu);
	}
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

	if (u->kind & VMXL_WIN_REGIONS)
		return vmxl_win_region_gva(vcpu, addr, gva);
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
	ws->max_chunks = MAX_CHUNKS;
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
	for (i = 1; i < ws->nr; i++)
		free_window(ws->win[i]);
	for (i = 0; i < ws->nr_high; i++)
		free_window(ws->high[i]);
	while (ws->spare) {
		struct vmxl_win_chunk *c = ws->spare;

		ws->spare = c->next;
		free_chunk(c);
	}
	kvfree(ws->scratch);
	kvfree(ws);
}
