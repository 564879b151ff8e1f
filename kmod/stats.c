// SPDX-License-Identifier: GPL-2.0
/*
 * The tables of counters, made of the rows in stats.h, and how one is read.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/stddef.h>
#include "codegen/cache.h"
#include "codegen/code.h"
#include "mmu/tlb.h"
#include "netlink.h"
#include "stats.h"
#include "trace.h"
#include "vcpu.h"
#include "vm.h"
#include "worker.h"

enum { BASE_CACHE, BASE_CODE, BASE_SCHED, BASE_VCPU, BASE_GS, BASE_TLB };

#define TYPE_CACHE	struct vmxl_cache
#define TYPE_CODE	struct vmxl_code
#define TYPE_SCHED	struct vmxl_sched
#define TYPE_VCPU	struct vmxl_vcpu
#define TYPE_GS		struct vmxl_gstate
#define TYPE_TLB	struct vmxl_tlb

#define X(id, text, what, of, in, member)					\
	[ROW(id)] = {								\
		.name = text,							\
		.kind = VMXL_STAT_##what,					\
		.unit = VMXL_STAT_##of,						\
		.base = BASE_##in,						\
		.size = sizeof_field(TYPE_##in, member),			\
		.offset = offsetof(TYPE_##in, member),				\
	},
#define ROW(id) VMXL_VM_STAT_##id
const struct vmxl_stat vmxl_vm_stats[VMXL_VM_STAT_NR] = { VMXL_VM_STATS(X) };
#undef ROW
#define ROW(id) VMXL_VCPU_STAT_##id
const struct vmxl_stat vmxl_vcpu_stats[VMXL_VCPU_STAT_NR] = { VMXL_VCPU_STATS(X) };
#undef ROW
#undef X

/* Each fits its row: a member of 4 or 8 bytes, at an offset that can be told. */
#define X(id, text, what, of, in, member)					\
	static_assert(sizeof_field(TYPE_##in, member) == 4 ||			\
		      sizeof_field(TYPE_##in, member) == 8);			\
	static_assert(offsetof(TYPE_##in, member) <= U32_MAX);
VMXL_VM_STATS(X)
VMXL_VCPU_STATS(X)
#undef X

/* Whoever counts does not care for who reads meanwhile; a word is not torn. */
static u64 __no_kcsan read_stat(const struct vmxl_stat *stat, const void *base)
{
	const void *p = base + stat->offset;

	return stat->size == 4 ? READ_ONCE(*(const u32 *)p) : READ_ONCE(*(const u64 *)p);
}

/**
 * vmxl_vm_stat() - read a counter of a VM
 * @vm: the VM
 * @n: VMXL_VM_STAT_*
 *
 * Return: its value.
 */
u64 vmxl_vm_stat(const struct vmxl_vm *vm, unsigned int n)
{
	const struct vmxl_stat *stat = &vmxl_vm_stats[n];

	const void *base = vm->cache;

	if (stat->base == BASE_CODE)
		base = vm->code;
	else if (stat->base == BASE_SCHED)
		base = vmxl_workers_sched(vm);
	return base ? read_stat(stat, base) : 0;
}

/**
 * vmxl_vcpu_stat() - read a counter of a vCPU
 * @vcpu: the vCPU
 * @n: VMXL_VCPU_STAT_*
 *
 * Return: its value.
 */
u64 vmxl_vcpu_stat(const struct vmxl_vcpu *vcpu, unsigned int n)
{
	const struct vmxl_stat *stat = &vmxl_vcpu_stats[n];

	switch (stat->base) {
	case BASE_GS:
		return read_stat(stat, vcpu->gs);
	case BASE_TLB:
		return read_stat(stat, vcpu->tlb);
	default:
		return read_stat(stat, vcpu);
	}
}

/**
 * vmxl_stats_run() - RUN begins
 * @vcpu: the vCPU
 */
void vmxl_stats_run(struct vmxl_vcpu *vcpu)
{
	vcpu->nr_exits++;
	vcpu->run_begin = trace_vmxl_exit_enabled() ? ktime_get_ns() : 0;
	trace_vmxl_run(vcpu);
}

/**
 * vmxl_stats_exit() - RUN ends
 * @vcpu: the vCPU
 * @reason: VMXL_EXIT_*, as user space was told; not to be trusted
 *
 * Context: the vCPU's thread, may sleep.
 */
void vmxl_stats_exit(struct vmxl_vcpu *vcpu, u32 reason)
{
	if (reason >= ARRAY_SIZE(vcpu->exits))
		reason = VMXL_EXIT_UNKNOWN;
	vcpu->exits[reason]++;
	if (trace_vmxl_exit_enabled())
		trace_vmxl_exit(vcpu, reason,
				vcpu->run_begin ? ktime_get_ns() - vcpu->run_begin : 0);
	if (unlikely(reason == VMXL_EXIT_SYSTEM_EVENT || reason == VMXL_EXIT_INTERNAL_ERROR))
		vmxl_netlink_left(vcpu, reason);
}
