// SPDX-License-Identifier: GPL-2.0
/*
 * Walks of guest page tables, what is flushed; what goes into windows and out of them.
 */
#include "vmxl.bpf.h"
#include "vmxl-tlb.h"

SEC("tp/vmx_xlate/vmxl_tlb_miss")
int on_miss(const struct ev_tlb_miss *ev)
{
	count(ev->vm, ev->vcpu, TLB_MISS + (ev->access & (TLB_MISS_NR - 1)), 0);
	return 0;
}

SEC("tp/vmx_xlate/vmxl_tlb_flush")
int on_flush(const struct ev_tlb_flush *ev)
{
	count(ev->vm, ev->vcpu, TLB_FLUSH + ev->what, 0);
	return 0;
}

SEC("tp/vmx_xlate/vmxl_window_fill")
int on_fill(const struct ev_window_fill *ev)
{
	struct vmxl_cell *cell = count(ev->vm, ev->vcpu, TLB_FILL + ev->what, 0);

	if (cell)
		__sync_fetch_and_add(&cell->bytes, (__u64)ev->pages << 12);
	return 0;
}

SEC("tp/vmx_xlate/vmxl_window_zap")
int on_zap(const struct ev_window_zap *ev)
{
	struct vmxl_cell *cell = count(ev->vm, VMXL_NO_VCPU, TLB_ZAP + ev->cause, 0);

	if (cell)
		__sync_fetch_and_add(&cell->bytes, ev->len);
	return 0;
}
