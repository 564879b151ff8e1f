/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's half of all tools: the map of cells. The events are in events.bpf.h.
 */
#ifndef VMXL_BPF_VMXL_BPF_H
#define VMXL_BPF_VMXL_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "events.bpf.h"
#include "vmxl.h"

/* Of all VMs, or of this one */
const volatile __u32 only_vm;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, VMXL_CELLS);
	__type(key, struct vmxl_key);
	__type(value, struct vmxl_cell);
} cells SEC(".maps");

static const struct vmxl_cell no_cell;

static __always_inline __u32 log2_slot(__u64 v)
{
	__u32 slot = 0, i;

#pragma unroll
	for (i = 0; i < 5; i++) {
		__u32 half = 16 >> i;

		if (v >> half) {
			v >>= half;
			slot += half;
		}
	}
	return slot < VMXL_SLOTS ? slot : VMXL_SLOTS - 1;
}

/* One more of @what; NULL: it is not looked at, or there is no room */
static __always_inline struct vmxl_cell *count(__u32 vm, __u32 vcpu, __u64 what, __u64 ns)
{
	struct vmxl_key key = { .vm = vm, .vcpu = vcpu, .what = what };
	struct vmxl_cell *cell;

	if (only_vm && vm != only_vm)
		return 0;
	cell = bpf_map_lookup_elem(&cells, &key);
	if (!cell) {
		bpf_map_update_elem(&cells, &key, &no_cell, BPF_NOEXIST);
		cell = bpf_map_lookup_elem(&cells, &key);
		if (!cell)
			return 0;
	}
	__sync_fetch_and_add(&cell->count, 1);
	if (ns) {
		__sync_fetch_and_add(&cell->ns, ns);
		__sync_fetch_and_add(&cell->hist[log2_slot(ns)], 1);
		if (ns > cell->max_ns)
			cell->max_ns = ns;
	}
	return cell;
}

char LICENSE[] SEC("license") = "GPL";

#endif
