/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What VMs and vCPUs count: one table for each, from which all that shows
 * counters takes names, kinds and places. A row is an attribute of the netlink
 * family as well (include/uapi/linux/vmx_xlate_netlink.h), in the same order, and a
 * descriptor of what VMXL_GET_STATS_FD gives (stats_fd.c).
 *
 * Counters are written by whoever owns them, without locks, and read by anyone:
 * each value is one that the counter had, no two are of the same moment.
 */
#ifndef VMXL_STATS_H
#define VMXL_STATS_H

#include <linux/types.h>

struct vmxl_vcpu;
struct vmxl_vm;

/* What a value is: CUMULATIVE ones only grow. */
enum vmxl_stat_kind {
	VMXL_STAT_CUMULATIVE,
	VMXL_STAT_INSTANT,
};

enum vmxl_stat_unit {
	VMXL_STAT_NONE,
	VMXL_STAT_BYTES,
	VMXL_STAT_NS,
};

/* X(id, name, kind, unit, structure, member) */
#define VMXL_VM_STATS(X)								\
	X(BLOCKS, "blocks", INSTANT, NONE, CACHE, nr_blocks)				\
	X(BLOCK_BYTES, "block_bytes", INSTANT, BYTES, CACHE, size)			\
	X(BLOCK_LIMIT, "block_limit", INSTANT, BYTES, CACHE, limit)			\
	X(INVALIDATED, "invalidated", CUMULATIVE, NONE, CACHE, nr_invalidated)		\
	X(RECLAIMED, "reclaimed", CUMULATIVE, NONE, CACHE, nr_reclaimed)		\
	X(COMPILED, "compiled", CUMULATIVE, NONE, CODE, nr_compiled)			\
	X(COMPILE_FAILED, "compile_failed", CUMULATIVE, NONE, CODE, nr_failed)		\
	X(COMPILE_NS, "compile_ns", CUMULATIVE, NS, CODE, ns)				\
	X(GUEST_BYTES, "guest_bytes", CUMULATIVE, BYTES, CODE, guest_bytes)		\
	X(HOST_BYTES, "host_bytes", CUMULATIVE, BYTES, CODE, host_bytes)		\
	X(CODE_RECLAIMED, "code_reclaimed", CUMULATIVE, NONE, CODE, nr_reclaimed)	\
	X(CODE_USED, "code_used", INSTANT, BYTES, CODE, used)				\
	X(SCHED_STEALS, "sched_steals", CUMULATIVE, NONE, SCHED, nr_steals)		\
	X(SCHED_MOVES, "sched_moves", CUMULATIVE, NONE, SCHED, nr_moves)		\
	X(SCHED_THROTTLES, "sched_throttles", CUMULATIVE, NONE, SCHED, nr_throttles)	\
	X(SCHED_POLL_HITS, "sched_poll_hits", CUMULATIVE, NONE, SCHED, nr_poll_hits)	\
	X(SCHED_POLL_MISSES, "sched_poll_misses", CUMULATIVE, NONE, SCHED, nr_poll_misses)	\
	X(COUNTED, "counted", INSTANT, NONE, CACHE, counted)

#define VMXL_VCPU_STATS(X)								\
	X(RUNS, "runs", CUMULATIVE, NONE, VCPU, nr_exits)				\
	X(EXIT_UNKNOWN, "exit_unknown", CUMULATIVE, NONE, VCPU,				\
	  exits[VMXL_EXIT_UNKNOWN])							\
	X(EXIT_MMIO, "exit_mmio", CUMULATIVE, NONE, VCPU, exits[VMXL_EXIT_MMIO])	\
	X(EXIT_INTR, "exit_intr", CUMULATIVE, NONE, VCPU, exits[VMXL_EXIT_INTR])	\
	X(EXIT_DEBUG, "exit_debug", CUMULATIVE, NONE, VCPU, exits[VMXL_EXIT_DEBUG])	\
	X(EXIT_SYSTEM_EVENT, "exit_system_event", CUMULATIVE, NONE, VCPU,		\
	  exits[VMXL_EXIT_SYSTEM_EVENT])						\
	X(EXIT_INTERNAL_ERROR, "exit_internal_error", CUMULATIVE, NONE, VCPU,		\
	  exits[VMXL_EXIT_INTERNAL_ERROR])						\
	X(EXIT_RISCV_SBI, "exit_riscv_sbi", CUMULATIVE, NONE, VCPU,			\
	  exits[VMXL_EXIT_RISCV_SBI])							\
	X(HALTS, "halts", CUMULATIVE, NONE, VCPU, nr_halts)				\
	X(INSNS, "insns", CUMULATIVE, NONE, GS, icount)					\
	X(DISPATCHES, "dispatches", CUMULATIVE, NONE, VCPU, nr_blocks_run)		\
	X(TRANSLATED, "translated", CUMULATIVE, NONE, VCPU, nr_translated)		\
	X(TLB_L1_MISS, "tlb_l1_miss", CUMULATIVE, NONE, TLB, nr_l1_miss)		\
	X(TLB_MISS, "tlb_miss", CUMULATIVE, NONE, TLB, nr_miss)				\
	X(TLB_FLUSH, "tlb_flush", CUMULATIVE, NONE, TLB, nr_flush)			\
	X(TLB_FLUSH_PAGE, "tlb_flush_page", CUMULATIVE, NONE, TLB, nr_flush_page)	\
	X(TLB_DROPPED, "tlb_dropped", CUMULATIVE, NONE, TLB, nr_dropped)		\
	X(SWITCHES, "switches", CUMULATIVE, NONE, VCPU, se.nr_switches)			\
	X(STEALS, "steals", CUMULATIVE, NONE, VCPU, se.nr_steals)			\
	X(SPINS, "spins", CUMULATIVE, NONE, VCPU, se.nr_spins)				\
	X(DIRECTED, "directed", CUMULATIVE, NONE, VCPU, se.nr_directed)			\
	X(THROTTLES, "throttles", CUMULATIVE, NONE, VCPU, se.nr_throttles)		\
	X(THROTTLED_NS, "throttled_ns", CUMULATIVE, NS, VCPU, se.throttled_ns)		\
	X(WAIT_NS, "wait_ns", CUMULATIVE, NS, VCPU, se.wait_ns)				\
	X(DELAY_NS, "delay_ns", CUMULATIVE, NS, VCPU, se.delay_ns)			\
	X(POLL_HITS, "poll_hits", CUMULATIVE, NONE, VCPU, halt.nr_hits)			\
	X(POLL_MISSES, "poll_misses", CUMULATIVE, NONE, VCPU, halt.nr_misses)		\
	X(POLL_NS, "poll_ns", CUMULATIVE, NS, VCPU, halt.polled_ns)				\
	X(WINDOW_FAULT, "window_fault", CUMULATIVE, NONE, VCPU, nr_win_fault)		\
	X(WINDOW_PAGE, "window_page", CUMULATIVE, NONE, VCPU, nr_win_page)		\
	X(WINDOW_HUGE, "window_huge", CUMULATIVE, NONE, VCPU, nr_win_huge)			\
	X(WINDOW_AHEAD, "window_ahead", CUMULATIVE, NONE, VCPU, nr_win_ahead)

/**
 * struct vmxl_stat - a counter
 * @name: as users see it
 * @kind: what its value means
 * @unit: of what
 * @base: which structure it is in, stats.c's own numbers
 * @offset: where in that
 * @size: bytes
 */
struct vmxl_stat {
	const char *name;
	enum vmxl_stat_kind kind;
	enum vmxl_stat_unit unit;
	u8 base;
	u8 size;
	u32 offset;
};

#define X(id, ...) VMXL_VM_STAT_##id,
enum { VMXL_VM_STATS(X) VMXL_VM_STAT_NR };
#undef X
#define X(id, ...) VMXL_VCPU_STAT_##id,
enum { VMXL_VCPU_STATS(X) VMXL_VCPU_STAT_NR };
#undef X

extern const struct vmxl_stat vmxl_vm_stats[VMXL_VM_STAT_NR];
extern const struct vmxl_stat vmxl_vcpu_stats[VMXL_VCPU_STAT_NR];

u64 vmxl_vm_stat(const struct vmxl_vm *vm, unsigned int n);
u64 vmxl_vcpu_stat(const struct vmxl_vcpu *vcpu, unsigned int n);

/* stats_fd.c: a descriptor of a VM's counters, or of @vcpu's unless that is NULL */
int vmxl_stats_fd(struct vmxl_vm *vm, struct vmxl_vcpu *vcpu, unsigned long arg);

/* RUN begins. By the vCPU's thread. */
void vmxl_stats_run(struct vmxl_vcpu *vcpu);
/* RUN ends for @reason: count it, tell who listens. By the vCPU's thread. */
void vmxl_stats_exit(struct vmxl_vcpu *vcpu, u32 reason);

#endif /* VMXL_STATS_H */
