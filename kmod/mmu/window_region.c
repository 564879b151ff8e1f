// SPDX-License-Identifier: GPL-2.0
/*
 * Windows of 48-bit addresses. In: addresses that translated code found no region
 * for. Out: entries of the table by which it finds regions (host.h). Rules:
 * window_impl.h.
 *
 * A vCPU's table has the regions of the upper half that it has accessed, for good,
 * and those of the lower half of one address space, some at a time. Code that may
 * access one half only looks into that half of the table only.
 */
#include <linux/kernel.h>
#include "../enter.h"
#include "window_impl.h"

#define NR_REGIONS	(1u << VMXL_WIN_REGION_BITS)

static u64 *entry_of(struct vmxl_vcpu *vcpu, u64 base)
{
	return &vmxl_uarea(vcpu)->regions[base >> VMXL_WIN_BITS & (NR_REGIONS - 1)];
}

/* So that what an address in the region comes to is not below VMXL_WIN_END */
static void clear_entry(struct vmxl_vcpu *vcpu, u64 base)
{
	*entry_of(vcpu, base) = VMXL_WIN_END - base;
}

static void set_entry(struct vmxl_vcpu *vcpu, const struct vmxl_window *w)
{
	*entry_of(vcpu, w->base) = w->addr + VMXL_WIN_GUARD - w->base;
}

static u64 sign_extend(u64 gva)
{
	unsigned int n = 64 - VMXL_WIN_BITS - VMXL_WIN_REGION_BITS;

	return (s64)(gva << n) >> n;
}

/**
 * vmxl_window_init() - a vCPU has no regions yet
 * @vcpu: the vCPU; its user area is there
 */
void vmxl_window_init(struct vmxl_vcpu *vcpu)
{
	u64 i;

	for (i = 0; i < NR_REGIONS; i++)
		clear_entry(vcpu, sign_extend(i << VMXL_WIN_BITS));
}

static const struct vmxl_tlb_as *as_of(struct vmxl_vcpu *vcpu)
{
	return &vcpu->tlb->as[VMXL_TLB_AS_INDEX(vcpu->as[VMXL_ACCESS_READ])];
}

static bool sees(enum vmxl_window_kind kind, enum vmxl_window_kind half)
{
	kind &= ~VMXL_WIN_REGIONS;
	return kind == half || kind == VMXL_WIN_BOTH;
}

static void put(struct vmxl_vcpu *vcpu, unsigned int i)
{
	struct vmxl_window_use *u = &vcpu->win;

	if (!u->region[i])
		return;
	clear_entry(vcpu, vcpu->vm->windows->win[u->region[i]]->base);
	vmxl_win_put_low(vcpu->vm->windows, u->region[i]);
	u->region[i] = 0;
}

/**
 * vmxl_win_put_regions() - a vCPU needs no regions of the lower half any more
 * @vcpu: the vCPU
 */
void vmxl_win_put_regions(struct vmxl_vcpu *vcpu)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vcpu->win.region); i++)
		put(vcpu, i);
	vcpu->win.next = 0;
}

static void add_low(struct vmxl_vcpu *vcpu, u64 base)
{
	struct vmxl_window_use *u = &vcpu->win;
	struct vmxl_window *w;
	unsigned int i = u->next;

	put(vcpu, i);
	w = vmxl_win_get_low(vcpu->vm->windows, as_of(vcpu), base);
	if (!w)
		return;
	u->region[i] = w->nr;
	u->next = (i + 1) % ARRAY_SIZE(u->region);
	set_entry(vcpu, w);
}

/* What the address space had when it was here before */
static void add_known(struct vmxl_vcpu *vcpu, const struct vmxl_tlb_as *as)
{
	struct vmxl_windows *ws = vcpu->vm->windows;
	u64 base[VMXL_WIN_MAX_REGIONS];
	unsigned int i, n = 0;

	mutex_lock(&ws->lock);
	for (i = 1; i < ws->nr && n < ARRAY_SIZE(base); i++)
		if (ws->win[i]->root == as->root && ws->win[i]->asid == as->asid)
			base[n++] = ws->win[i]->base;
	mutex_unlock(&ws->lock);
	for (i = 0; i < n; i++)
		add_low(vcpu, base[i]);
}

/**
 * vmxl_win_select_regions() - vmxl_window_select() with 48-bit addresses
 * @vcpu: the vCPU
 * @kind: what the next block needs
 *
 * Return: true: regions come when they are missed.
 */
bool vmxl_win_select_regions(struct vmxl_vcpu *vcpu, enum vmxl_window_kind kind)
{
	const struct vmxl_tlb_as *as = as_of(vcpu);
	struct vmxl_window_use *u = &vcpu->win;

	u->kind = kind;
	if (!sees(kind, VMXL_WIN_LOW) || (u->root == as->root && u->asid == as->asid))
		return true;
	vmxl_win_put_regions(vcpu);
	u->root = as->root;
	u->asid = as->asid;
	add_known(vcpu, as);
	return true;
}

/**
 * vmxl_window_missed() - translated code may have left for want of a region
 * @vcpu: the vCPU
 *
 * What it left is user space's word.
 * Context: the vCPU's thread in an ioctl, may sleep.
 */
void vmxl_window_missed(struct vmxl_vcpu *vcpu)
{
	u64 gva = READ_ONCE(vcpu->gs->win_missed);
	struct vmxl_window *w;

	if (likely(gva == VMXL_WIN_FOUND))
		return;
	vcpu->gs->win_missed = VMXL_WIN_FOUND;
	if (!(vcpu->win.kind & VMXL_WIN_REGIONS) || gva != sign_extend(gva) ||
	    !sees(vcpu->win.kind, (s64)gva < 0 ? VMXL_WIN_HIGH : VMXL_WIN_LOW))
		return;
	if ((s64)gva >= 0) {
		if (!vmxl_win_region(vcpu, gva))
			add_low(vcpu, base_of(gva));
		return;
	}
	w = vmxl_win_get_high(vcpu->vm->windows, base_of(gva));
	if (w)
		set_entry(vcpu, w);
}

/**
 * vmxl_win_region() - the window of a region that a vCPU has in use
 * @vcpu: the vCPU
 * @gva: an address in it
 *
 * Return: it, or NULL.
 */
struct vmxl_window *vmxl_win_region(struct vmxl_vcpu *vcpu, u64 gva)
{
	struct vmxl_windows *ws = vcpu->vm->windows;
	unsigned int i, n;

	if ((s64)gva < 0)
		return vmxl_win_find_high(ws, base_of(gva));
	for (i = 0; i < ARRAY_SIZE(vcpu->win.region); i++) {
		n = vcpu->win.region[i];
		if (n && ws->win[n]->base == base_of(gva))
			return ws->win[n];
	}
	return NULL;
}

static bool shows(const struct vmxl_window *w, u64 addr, u64 *gva)
{
	u64 off = addr - w->addr - VMXL_WIN_GUARD;

	*gva = w->base + off;
	return is_low(off);
}

/**
 * vmxl_win_region_gva() - vmxl_window_gva() with 48-bit addresses
 * @vcpu: the vCPU
 * @addr: any address of the owner's
 * @gva: out
 *
 * Return: whether it is in a window that translated code may use now.
 */
bool vmxl_win_region_gva(struct vmxl_vcpu *vcpu, u64 addr, u64 *gva)
{
	struct vmxl_windows *ws = vcpu->vm->windows;
	unsigned int i, n, nr = smp_load_acquire(&ws->nr_high);	/* as vmxl_win_find_high() */

	for (i = 0; i < nr && sees(vcpu->win.kind, VMXL_WIN_HIGH); i++)
		if (shows(ws->high[i], addr, gva))
			return true;
	for (i = 0; i < ARRAY_SIZE(vcpu->win.region) && sees(vcpu->win.kind, VMXL_WIN_LOW); i++) {
		n = vcpu->win.region[i];
		if (n && shows(ws->win[n], addr, gva))
			return true;
	}
	return false;
}
