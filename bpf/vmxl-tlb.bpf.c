// SPDX-License-Identifier: GPL-2.0
/*
 * Walks of guest page tables, and what is flushed.
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
