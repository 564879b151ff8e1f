// SPDX-License-Identifier: GPL-2.0
/*
 * Walks of guest page tables, what is flushed; what goes into windows and out of them.
 */
#include "vmxl.bpf.h"
#include "vmxl-tlb.h"

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, TLB_SPACES);
	__type(key, struct tlb_space);
	__type(value, struct tlb_use);
} spaces SEC(".maps");

static const struct tlb_use no_use;

static __always_inline struct tlb_use *space(__u32 vm, __u32 asid)
{
	struct tlb_space key = { .vm = vm, .asid = asid };
	struct tlb_use *u;

	if (only_vm && vm != only_vm)
		return 0;
	u = bpf_map_lookup_elem(&spaces, &key);
	if (u)
		return u;
	bpf_map_update_elem(&spaces, &key, &no_use, BPF_NOEXIST);
	return bpf_map_lookup_elem(&spaces, &key);
}

/* How many pages a window has */
static __always_inline void note_live(struct tlb_use *u, __u32 live)
{
	u->live = live;
	if (live > u->most)
		u->most = live;
}

ON(vmxl_tlb_miss, tlb_miss)
{
	struct tlb_use *u;

	count(ev->vm, ev->vcpu, TLB_MISS + (ev->access & (TLB_MISS_NR - 1)), 0);
	u = ev->access == TLB_EXEC ? 0 : space(ev->vm, ev->asid);
	if (u)
		__sync_fetch_and_add(&u->misses, 1);
}

ON(vmxl_tlb_hit, tlb_hit)
{
	struct tlb_use *u;

	count(ev->vm, ev->vcpu, TLB_HIT + (ev->access & (TLB_MISS_NR - 1)), 0);
	u = ev->access == TLB_EXEC ? 0 : space(ev->vm, ev->asid);
	if (u)
		__sync_fetch_and_add(&u->hits, 1);
}

ON(vmxl_tlb_flush, tlb_flush)
{
	count(ev->vm, ev->vcpu, TLB_FLUSH + ev->what, 0);
}

ON(vmxl_window_fill, window_fill)
{
	struct vmxl_cell *cell = count(ev->vm, ev->vcpu, TLB_FILL + ev->what, 0);
	struct tlb_use *u = space(ev->vm, ev->asid);

	if (cell)
		__sync_fetch_and_add(&cell->bytes, (__u64)ev->pages << 12);
	if (u) {
		if (ev->what == TLB_FILLED)
			__sync_fetch_and_add(&u->hits, 1);
		__sync_fetch_and_add(&u->filled, ev->pages);
		note_live(u, ev->live);
	}
}

ON(vmxl_window_zap, window_zap)
{
	struct vmxl_cell *cell = count(ev->vm, VMXL_NO_VCPU, TLB_ZAP + ev->cause, 0);
	struct tlb_use *u = space(ev->vm, ev->asid);

	if (cell)
		__sync_fetch_and_add(&cell->bytes, ev->len);
	if (u) {
		__sync_fetch_and_add(&u->zapped, ev->pages);
		note_live(u, ev->live);
	}
}
