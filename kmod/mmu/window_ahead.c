// SPDX-License-Identifier: GPL-2.0
/*
 * Ahead of the fault: a page that the guest maps after a store to it comes into the window
 * by the fence that the guest makes then. Rules: window_impl.h.
 */
#include <linux/kernel.h>
#include <linux/mutex.h>
#include "../map.h"
#include "mem.h"
#include "window_impl.h"

/**
 * vmxl_window_want() - a store is a fault of the guest's
 * @vcpu: the vCPU
 * @gva: where it goes to
 */
void vmxl_window_want(struct vmxl_vcpu *vcpu, u64 gva)
{
	vcpu->win.wanted = (s64)gva < 0 ? 0 : (gva & VMXL_PAGE_MASK) | VMXL_WIN_WANTED;
}

/* The window of the lower half that the unprivileged mode is going to have */
static struct vmxl_window *low_window(struct vmxl_vcpu *vcpu, u64 gva)
{
	const struct vmxl_tlb_as *as = &vcpu->tlb->as[VMXL_TLB_AS_INDEX(vcpu->as_unpriv)];
	struct vmxl_windows *ws = vcpu->vm->windows;
	struct vmxl_window *w;

	if (!ws)
		return NULL;
	w = vcpu->win.kind & VMXL_WIN_REGIONS ? vmxl_win_region(vcpu, gva) :
	    is_low(gva) ? ws->win[vcpu->win.n] : NULL;
	return w && w->root == as->root && w->asid == as->asid ? w : NULL;
}

/*
 * Whether somebody goes through memory, up or down: that of a process after a fork() is stored
 * to here and there, often by what is interpreted still, and its pages would come in vain.
 */
static bool in_a_row(const struct vmxl_window *w, u64 vpn)
{
	return (vpn >= 2 && vmxl_win_writable(w, vpn - 1) && vmxl_win_writable(w, vpn - 2)) ||
	       (vpn + 2 < WIN_PAGES && vmxl_win_writable(w, vpn + 1) &&
		vmxl_win_writable(w, vpn + 2));
}

/* Large mappings are left to faults, which make huge pages of them. */
static bool find_wanted(struct vmxl_vcpu *vcpu, const struct vmxl_window *w,
			struct vmxl_win_piece *p)
{
	struct vmxl_walk walk = {
		.shift = VMXL_PAGE_SHIFT, .len = 1, .stamp = vmxl_window_stamp(vcpu->vm),
		.peek = true,
	};
	struct vmxl_tlb_entry *e;

	if (vcpu->vm->guest->walk(vcpu, p->gva, VMXL_ACCESS_WRITE, true, &walk) ||
	    walk.nocache || walk.shift != VMXL_PAGE_SHIFT)
		return false;
	e = vmxl_win_enter(vcpu, w, p->gva, vcpu->as_unpriv, &walk, true);
	if (e)
		p->e = *e;
	return e;
}

static void insert_wanted(struct vmxl_vcpu *vcpu, struct vmxl_window *w, struct vmxl_win_piece *p)
{
	struct vm_area_struct *vma = vmxl_map_lock(vcpu->vm, p->addr);
	struct vmxl_windows *ws = vcpu->vm->windows;

	if (!vma)
		return;
	mutex_lock(&ws->lock);
	/* As in vmxl_window_fault() */
	if (!test_bit(VMXL_REQ_TLB_FLUSH, &vcpu->requests) &&
	    !vmxl_win_busy(w, vpn_of(p->gva)) &&
	    vmxl_win_insert(ws, w, vma, p) == VMXL_WFAULT_DONE) {
		vcpu->win.ahead--;
		vcpu->nr_win_ahead++;
		vcpu->nr_win_page += p->fresh;
	}
	mutex_unlock(&ws->lock);
	vmxl_map_unlock(vcpu->vm);
}

/**
 * vmxl_window_mapped() - the guest made a fence for an address
 * @vcpu: the vCPU
 * @gva: the address
 *
 * A guest maps memory when it is stored to for the first time, page by page, and says so by
 * a fence. What was faulted for is inserted then: the store that comes again need not fault
 * a second time. Nothing is written to the guest's tables, and a page that is not there yet
 * (a fence before it is mapped) is waited for. What is read comes in groups anyway.
 *
 * It may be the interpreter that stores there and nobody else, which needs no page in a
 * window: so each fault of translated code that inserts one for stores is good for some.
 */
void vmxl_window_mapped(struct vmxl_vcpu *vcpu, u64 gva)
{
	struct vmxl_win_piece p = { .gva = gva & VMXL_PAGE_MASK, .write = true };
	struct vmxl_window *w;

	if (likely((p.gva | VMXL_WIN_WANTED) != vcpu->win.wanted || !vcpu->win.ahead))
		return;
	w = low_window(vcpu, gva);
	if (!w || !in_a_row(w, vpn_of(gva)) || !find_wanted(vcpu, w, &p))
		return;
	vcpu->win.wanted = 0;
	p.addr = w->addr + VMXL_WIN_GUARD + (p.gva - w->base);
	insert_wanted(vcpu, w, &p);
}
