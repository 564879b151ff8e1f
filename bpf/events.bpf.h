/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's events. ON(event, record) { ... } makes two programs of what a tool
 * does at one, with its record ev:
 *
 *   tp      gets the event's record, laid out as Documentation/tracing.rst promises
 *   tp_btf  gets what the tracepoint was called with, types known by the module's BTF,
 *	     and makes the same record of it: no record is written for perf, and
 *	     fields of the module's structures are where the loader finds them
 *
 * tool.c loads the one or the other. tests/selftests/bpf_test.c compares the layouts,
 * and what either of them counts.
 */
#ifndef VMXL_BPF_EVENTS_BPF_H
#define VMXL_BPF_EVENTS_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ON(event, type)								\
	static __always_inline void event##_do(const struct ev_##type *ev);	\
	SEC("tp/vmx_xlate/" #event)						\
	int event##_tp(const struct ev_##type *ev)				\
	{									\
		event##_do(ev);							\
		return 0;							\
	}									\
	SEC("tp_btf/" #event)							\
	int event##_btf(const __u64 *args)					\
	{									\
		struct ev_##type ev;						\
										\
		if (!args[0])	/* the verifier: it might be */			\
			return 0;						\
		ev = type##_of(args);						\
		event##_do(&ev);						\
		return 0;							\
	}									\
	static __always_inline void event##_do(const struct ev_##type *ev)

/* ---- of the module's structures, what events are about ---- */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct vmxl_nl {
	__u32 id;
};

struct vmxl_vm {
	struct vmxl_nl *nl;
};

struct vmxl_gstate {
	__u64 pc;
};

struct vmxl_vcpu {
	struct vmxl_vm *vm;
	__u32 id;
	struct vmxl_gstate *gs;
};

#pragma clang attribute pop

/* Reads through a NULL pointer give 0: that number is nobody's. */
#define VM_ID(arg)	(((struct vmxl_vm *)(arg))->nl->id)
#define VCPU(arg)	((struct vmxl_vcpu *)(arg))
#define VCPU_OF(arg)	.vm = VM_ID(VCPU(arg)->vm), .vcpu = VCPU(arg)->id

/* ---- records; what a tool does not use of one costs it nothing ---- */

#define COMMON	__u64 common
#define OF(type)	static __always_inline struct ev_##type type##_of(const __u64 *a)

struct ev_vcpu {	/* vmxl_run, vmxl_halt, vmxl_wake, vmxl_timer */
	COMMON;
	__u32 vm, vcpu;
	__u64 pc;
};

OF(vcpu)
{
	return (struct ev_vcpu){ VCPU_OF(a[0]), .pc = VCPU(a[0])->gs->pc };
}

struct ev_exit {
	COMMON;
	__u32 vm, vcpu;
	__u64 pc, ns;
	__u32 reason;
};

OF(exit)
{
	return (struct ev_exit){
		VCPU_OF(a[0]), .pc = VCPU(a[0])->gs->pc, .reason = a[1], .ns = a[2],
	};
}

struct ev_sched_in {
	COMMON;
	__u32 vm, vcpu;
	__u64 waited;
	__u32 worker, from;
};

OF(sched_in)
{
	return (struct ev_sched_in){
		VCPU_OF(a[0]), .waited = a[3], .worker = a[1], .from = a[2],
	};
}

struct ev_tlb_miss {
	COMMON;
	__u32 vm, vcpu;
	__u64 gva, gpa;
	__u32 access, code, asid;
};

OF(tlb_miss)
{
	return (struct ev_tlb_miss){
		VCPU_OF(a[0]), .gva = a[1], .access = a[2], .gpa = a[4] ? 0 : a[3], .code = a[4],
		.asid = a[5],
	};
}

struct ev_tlb_hit {
	COMMON;
	__u32 vm, vcpu;
	__u64 gva;
	__u32 access, asid;
};

OF(tlb_hit)
{
	return (struct ev_tlb_hit){ VCPU_OF(a[0]), .gva = a[1], .access = a[2], .asid = a[3] };
}

struct ev_tlb_flush {
	COMMON;
	__u32 vm, vcpu;
	__u64 gva;
	__u32 what, asid;
};

OF(tlb_flush)
{
	return (struct ev_tlb_flush){ VCPU_OF(a[0]), .what = a[1], .gva = a[2], .asid = a[3] };
}

struct ev_window_fill {
	COMMON;
	__u32 vm, vcpu;
	__u64 gva;
	__u32 window, write, what, pages, asid, live;
};

OF(window_fill)
{
	return (struct ev_window_fill){
		VCPU_OF(a[0]), .gva = a[1], .window = a[2], .write = a[3], .what = a[4],
		.pages = a[5], .asid = a[6], .live = a[7],
	};
}

struct ev_window_zap {
	COMMON;
	__u32 vm, window;
	__u64 gva, len;
	__u32 cause, pages, asid, live;
};

OF(window_zap)
{
	return (struct ev_window_zap){
		.vm = VM_ID(a[0]), .window = a[1], .gva = a[2], .len = a[3], .cause = a[4],
		.pages = a[5], .asid = a[6], .live = a[7],
	};
}

struct ev_translate {
	COMMON;
	__u32 vm, vcpu;
	__u64 pc, ns;
	__u32 bytes, insns, ops;
};

OF(translate)
{
	return (struct ev_translate){
		VCPU_OF(a[0]), .pc = a[1], .bytes = a[2], .insns = a[3], .ops = a[4], .ns = a[5],
	};
}

struct ev_compile {
	COMMON;
	__u32 vm, vcpu;
	__u64 pc, ns;
	__u32 bytes, host_bytes;
	__s32 ret, pad;
	__u64 host;
};

OF(compile)
{
	return (struct ev_compile){
		VCPU_OF(a[0]), .pc = a[1], .bytes = a[2], .host_bytes = a[3], .ret = a[4],
		.ns = a[5], .host = a[6],
	};
}

struct ev_block {	/* vmxl_invalidate, vmxl_reclaim */
	COMMON;
	__u32 vm, bytes;
	__u64 pc, gpa;
};

OF(block)
{
	return (struct ev_block){ .vm = VM_ID(a[0]), .pc = a[1], .gpa = a[2], .bytes = a[3] };
}

struct ev_code_reclaim {
	COMMON;
	__u32 vm, host_bytes;
	__u64 pc;
};

OF(code_reclaim)
{
	return (struct ev_code_reclaim){ .vm = VM_ID(a[0]), .pc = a[1], .host_bytes = a[2] };
}

struct ev_link {	/* vmxl_link, vmxl_unlink */
	COMMON;
	__u32 vm, pad;
	__u64 pc, to;
};

OF(link)
{
	return (struct ev_link){ .vm = VM_ID(a[0]), .pc = a[1], .to = a[2] };
}

struct ev_trap {
	COMMON;
	__u32 vm, vcpu;
	__u64 pc, cause, val;
};

OF(trap)
{
	return (struct ev_trap){
		VCPU_OF(a[0]), .pc = VCPU(a[0])->gs->pc, .cause = a[1], .val = a[2],
	};
}

#endif
