// SPDX-License-Identifier: GPL-2.0
/*
 * Windows of 48-bit and 57-bit addresses. In: addresses that translated code found no
 * region for. Out: entries of the table by which it finds regions (host.h). Rules:
 * window_impl.h.
 *
 * A vCPU's table has the regions of the upper half that it has accessed, for good,
 * and those of the lower half of one address space, some at a time. Code that may
 * access one half only looks into that half of the table only.
 *
 * The table is 4 MiB of the user area's mapping. Pages of it without a region are
 * one page, whose entries are those of no region wherever it is mapped: an address
 * comes to VMXL_WIN_END or beyond, or to that and a multiple of 2^47.
 */
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "../enter.h"
#include "../map.h"
#include "window_impl.h"

#define NR_REGIONS	(1u << VMXL_WIN_REGION_BITS)
#define PAGE_REGIONS	(PAGE_SIZE / sizeof(u64))

/**
 * struct vmxl_win_table - a vCPU's table of regions; its own pages of it
 * @empty: stands for those that are NULL
 * @page: the vCPU's thread makes them, and none goes before the vCPU
 */
struct vmxl_win_table {
	struct page *empty;
	struct page *page[NR_REGIONS / PAGE_REGIONS];
};

static unsigned int index_of(u64 base)
{
	return base >> VMXL_WIN_BITS & (NR_REGIONS - 1);
}

static u64 no_region(unsigned int i)
{
	return VMXL_WIN_END - ((u64)(i % PAGE_REGIONS) << VMXL_WIN_BITS);
}

static struct page *new_page(void)
{
	struct page *page = alloc_page(GFP_KERNEL_ACCOUNT);
	unsigned int i;

	for (i = 0; page && i < PAGE_REGIONS; i++)
		((u64 *)page_address(page))[i] = no_region(i);
	return page;
}

/* What translated code finds for addresses of a region; NULL: nothing, for all of the page */
static u64 *entry_of(struct vmxl_vcpu *vcpu, u64 base)
{
	struct page *page = vcpu->regions->page[index_of(base) / PAGE_REGIONS];

	return page ? (u64 *)page_address(page) + index_of(base) % PAGE_REGIONS : NULL;
}

static void clear_entry(struct vmxl_vcpu *vcpu, u64 base)
{
	u64 *e = entry_of(vcpu, base);

	if (e)
		*e = no_region(index_of(base));
}

/* The page instead of the empty one */
static void add_page(struct vmxl_vcpu *vcpu, unsigned int nr)
{
	struct page *page = new_page();

	if (!page)
		return;
	WRITE_ONCE(vcpu->regions->page[nr], page);
	vmxl_map_zap(vcpu->vm, VMXL_MAP_UAREA, vcpu->id,
		     VMXL_UAREA_REGIONS + ((u64)nr << PAGE_SHIFT), PAGE_SIZE);
}

static void set_entry(struct vmxl_vcpu *vcpu, const struct vmxl_window *w)
{
	u64 *e = entry_of(vcpu, w->base);

	if (!e) {
		add_page(vcpu, index_of(w->base) / PAGE_REGIONS);
		e = entry_of(vcpu, w->base);
	}
	if (e)
		*e = w->addr + VMXL_WIN_GUARD - w->base;
}

/**
 * vmxl_window_table_fault() - page fault in a vCPU's table of regions
 * @vcpu: the vCPU
 * @vmf: the fault
 * @off: where in the table, in bytes
 *
 * Only the vCPU's thread has a reason to look there while pages are made. Whoever else
 * does may keep it from seeing one, and its accesses are interpreted then.
 * Context: page fault of any thread of the owner.
 * Return: VM_FAULT_*, with vmf->page.
 */
vm_fault_t vmxl_window_table_fault(struct vmxl_vcpu *vcpu, struct vm_fault *vmf, u64 off)
{
	const struct vmxl_win_table *t = vcpu->regions;
	struct page *page;

	if (off >> PAGE_SHIFT >= ARRAY_SIZE(t->page))
		return VM_FAULT_SIGBUS;
	page = READ_ONCE(t->page[off >> PAGE_SHIFT]) ?: t->empty;
	get_page(page);
	vmf->page = page;
	return 0;
}

static u64 sign_extend(u64 gva)
{
	unsigned int n = 64 - VMXL_WIN_BITS - VMXL_WIN_REGION_BITS;

	return (s64)(gva << n) >> n;
}

/**
 * vmxl_window_init() - a vCPU has no regions yet
 * @vcpu: the vCPU
 *
 * Return: 0 or -ENOMEM.
 */
int vmxl_window_init(struct vmxl_vcpu *vcpu)
{
	struct vmxl_win_table *t = kvzalloc(sizeof(*t), GFP_KERNEL_ACCOUNT);

	if (t)
		t->empty = new_page();
	if (t && t->empty) {
		vcpu->regions = t;
		return 0;
	}
	kvfree(t);
	return -ENOMEM;
}

/**
 * vmxl_window_destroy() - free what vmxl_window_init() made
 * @vcpu: the vCPU
 *
 * Pages that are still mapped stay for as long.
 */
void vmxl_window_destroy(struct vmxl_vcpu *vcpu)
{
	struct vmxl_win_table *t = vcpu->regions;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(t->page); i++)
		if (t->page[i])
			put_page(t->page[i]);
	put_page(t->empty);
	kvfree(t);
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
 * vmxl_win_select_regions() - vmxl_window_select() with larger addresses
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
 * vmxl_win_region_gva() - vmxl_window_gva() with larger addresses
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
