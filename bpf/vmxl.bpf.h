/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's half of all tools: the map of cells, and the events as
 * /sys/kernel/tracing/events/vmx_xlate has them (Documentation/tracing.rst).
 * tests/selftests/bpf_test.c compares the layouts.
 */
#ifndef VMXL_BPF_VMXL_BPF_H
#define VMXL_BPF_VMXL_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "vmxl.h"

#define COMMON	__u64 common

struct ev_vcpu {	/* vmxl_run, vmxl_halt, vmxl_wake, vmxl_timer */
	COMMON;
	__u32 vm, vcpu;
	__u64 pc;
};

struct ev_exit {
	COMMON;
	__u32 vm, vcpu;
	__u64 pc, ns;
	__u32 reason;
};

struct ev_tlb_miss {
	COMMON;
	__u32 vm, vcpu;
	__u64 gva, gpa;
	__u32 access, code;
};

struct ev_tlb_flush {
	COMMON;
	__u32 vm, vcpu;
	__u64 gva;
	__u32 what, asid;
};

struct ev_translate {
	COMMON;
	__u32 vm, vcpu;
	__u64 pc, ns;
	__u32 bytes, insns, ops;
};

struct ev_compile {
	COMMON;
	__u32 vm, vcpu;
	__u64 pc, ns;
	__u32 bytes, host_bytes;
	__s32 ret, pad;
	__u64 host;
};

struct ev_block {	/* vmxl_invalidate, vmxl_reclaim */
	COMMON;
	__u32 vm, bytes;
	__u64 pc, gpa;
};

struct ev_window_fill {
	COMMON;
	__u32 vm, vcpu;
	__u64 gva;
	__u32 window, write, what, pages;
};

struct ev_window_zap {
	COMMON;
	__u32 vm, window;
	__u64 gva, len;
	__u32 cause;
};

struct ev_code_reclaim {
	COMMON;
	__u32 vm, host_bytes;
	__u64 pc;
};

struct ev_link {	/* vmxl_link, vmxl_unlink */
	COMMON;
	__u32 vm, pad;
	__u64 pc, to;
};

struct ev_trap {
	COMMON;
	__u32 vm, vcpu;
	__u64 pc, cause, val;
};

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
