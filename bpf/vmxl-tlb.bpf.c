// SPDX-License-Identifier: GPL-2.0
/*
 * Walks of guest page tables, what is flushed; what goes into windows and out of them.
 */
#include "vmxl.bpf.h"
#include "vmxl-tlb.h"

ON(vmxl_tlb_miss, tlb_miss)
{
	count(ev->vm, ev->vcpu, TLB_MISS + (ev->access & (TLB_MISS_NR - 1)), 0);
}

ON(vmxl_tlb_flush, tlb_flush)
{
	count(ev->vm, ev->vcpu, TLB_FLUSH + ev->what, 0);
}

ON(vmxl_window_fill, window_fill)
{
	struct vmxl_cell *cell = count(ev->vm, ev->vcpu, TLB_FILL + ev->what, 0);

	if (cell)
		__sync_fetch_and_add(&cell->bytes, (__u64)ev->pages << 12);
}

ON(vmxl_window_zap, window_zap)
{
	struct vmxl_cell *cell = count(ev->vm, VMXL_NO_VCPU, TLB_ZAP + ev->cause, 0);

	if (cell)
		__sync_fetch_and_add(&cell->bytes, ev->len);
}
