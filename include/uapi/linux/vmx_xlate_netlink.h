/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * vmx_xlate's generic netlink family: which VMs there are, what they count, and
 * what becomes of them. Documentation/netlink/specs/vmx_xlate.yaml says what each
 * command takes and gives; this file and that one say the same, which is tested.
 */
#ifndef _UAPI_LINUX_VMX_XLATE_NETLINK_H
#define _UAPI_LINUX_VMX_XLATE_NETLINK_H

#define VMXL_NL_FAMILY_NAME	"vmx_xlate"
#define VMXL_NL_FAMILY_VERSION	1
#define VMXL_NL_MCGRP_EVENTS	"events"

enum {
	VMXL_NL_CMD_UNSPEC,
	VMXL_NL_CMD_VM_GET,		/* do, dump */
	VMXL_NL_CMD_VCPU_GET,		/* do, dump */
	VMXL_NL_CMD_POLICY_GET,		/* do */
	VMXL_NL_CMD_POLICY_SET,		/* do */

	/* To the group "events" */
	VMXL_NL_CMD_VM_NEW,
	VMXL_NL_CMD_VM_DEL,
	VMXL_NL_CMD_VCPU_NEW,
	VMXL_NL_CMD_SYSTEM_EVENT,	/* the guest shuts down, resets, suspends */
	VMXL_NL_CMD_ERROR,		/* the module cannot go on */
	VMXL_NL_CMD_QUOTA,		/* memory was refused to a VM */
	VMXL_NL_CMD_CODE_CACHE,		/* blocks are given up for want of room */
	VMXL_NL_CMD_THROTTLED,		/* a quota of run time is used up */

	VMXL_NL_CMD_BLOCK_GET,		/* do */

	__VMXL_NL_CMD_MAX,
	VMXL_NL_CMD_MAX = __VMXL_NL_CMD_MAX - 1
};

enum {
	VMXL_NL_A_UNSPEC,
	VMXL_NL_A_PAD,
	VMXL_NL_A_VM_ID,		/* u32 */
	VMXL_NL_A_VCPU_ID,		/* u32 */
	VMXL_NL_A_ISA,			/* u32, VMXL_ISA_* */
	VMXL_NL_A_FLAGS,		/* u32, VMXL_VM_* */
	VMXL_NL_A_UID,			/* u32, in the reader's user namespace */
	VMXL_NL_A_PID,			/* u32, in the reader's PID namespace, 0: not in it */
	VMXL_NL_A_COMM,			/* string, of the process that made the VM */
	VMXL_NL_A_AGE,			/* u64, ns since the VM was made */
	VMXL_NL_A_NR_VCPUS,		/* u32 */
	VMXL_NL_A_MEMORY,		/* u64, bytes in memory slots */
	VMXL_NL_A_MP_STATE,		/* u32, VMXL_MP_* */
	VMXL_NL_A_PC,			/* u64, where the vCPU last was */
	VMXL_NL_A_VM_STATS,		/* nest of VMXL_NL_VM_STAT_* */
	VMXL_NL_A_VCPU_STATS,		/* nest of VMXL_NL_VCPU_STAT_* */
	VMXL_NL_A_SEQ,			/* u64, of events: a gap is a loss */
	VMXL_NL_A_REASON,		/* u32, of events: what exactly */
	VMXL_NL_A_VALUE,		/* u64, of events */
	VMXL_NL_A_CACHE_LIMIT,		/* u64, bytes of interpreted blocks */
	VMXL_NL_A_BLOCK_FLAGS,		/* u32, what a block was translated for */
	VMXL_NL_A_GPA,			/* u64, guest physical address of a block */
	VMXL_NL_A_GUEST_LEN,		/* u32, bytes of its guest code */
	VMXL_NL_A_GUEST_CODE,		/* binary, from there on */
	VMXL_NL_A_HOST,			/* u64, where the owner has its host code */
	VMXL_NL_A_HOST_ENTRY,		/* u32, where in it the block is entered */
	VMXL_NL_A_HOST_CODE,		/* binary */
	VMXL_NL_A_SCHED_POLICY,		/* u32, VMXL_SCHED_POLICY_* */
	VMXL_NL_A_SCHED_SLICE,		/* u64, ns, as in struct vmxl_sched_params */
	VMXL_NL_A_SCHED_PERIOD,		/* u64, ns */
	VMXL_NL_A_SCHED_RUNTIME,	/* u64, ns; 0: any */

	__VMXL_NL_A_MAX,
	VMXL_NL_A_MAX = __VMXL_NL_A_MAX - 1
};

/* All u64 */
enum {
	VMXL_NL_VM_STAT_UNSPEC,
	VMXL_NL_VM_STAT_PAD,
	VMXL_NL_VM_STAT_BLOCKS,
	VMXL_NL_VM_STAT_BLOCK_BYTES,
	VMXL_NL_VM_STAT_BLOCK_LIMIT,
	VMXL_NL_VM_STAT_INVALIDATED,
	VMXL_NL_VM_STAT_RECLAIMED,
	VMXL_NL_VM_STAT_COMPILED,
	VMXL_NL_VM_STAT_COMPILE_FAILED,
	VMXL_NL_VM_STAT_COMPILE_NS,
	VMXL_NL_VM_STAT_GUEST_BYTES,
	VMXL_NL_VM_STAT_HOST_BYTES,
	VMXL_NL_VM_STAT_CODE_RECLAIMED,
	VMXL_NL_VM_STAT_CODE_USED,
	VMXL_NL_VM_STAT_SCHED_STEALS,
	VMXL_NL_VM_STAT_SCHED_MOVES,
	VMXL_NL_VM_STAT_SCHED_THROTTLES,
	VMXL_NL_VM_STAT_SCHED_POLL_HITS,
	VMXL_NL_VM_STAT_SCHED_POLL_MISSES,
	VMXL_NL_VM_STAT_COUNTED,

	__VMXL_NL_VM_STAT_MAX,
	VMXL_NL_VM_STAT_MAX = __VMXL_NL_VM_STAT_MAX - 1
};

/* All u64 */
enum {
	VMXL_NL_VCPU_STAT_UNSPEC,
	VMXL_NL_VCPU_STAT_PAD,
	VMXL_NL_VCPU_STAT_RUNS,
	VMXL_NL_VCPU_STAT_EXIT_UNKNOWN,
	VMXL_NL_VCPU_STAT_EXIT_MMIO,
	VMXL_NL_VCPU_STAT_EXIT_INTR,
	VMXL_NL_VCPU_STAT_EXIT_DEBUG,
	VMXL_NL_VCPU_STAT_EXIT_SYSTEM_EVENT,
	VMXL_NL_VCPU_STAT_EXIT_INTERNAL_ERROR,
	VMXL_NL_VCPU_STAT_EXIT_RISCV_SBI,
	VMXL_NL_VCPU_STAT_HALTS,
	VMXL_NL_VCPU_STAT_INSNS,
	VMXL_NL_VCPU_STAT_DISPATCHES,
	VMXL_NL_VCPU_STAT_TRANSLATED,
	VMXL_NL_VCPU_STAT_TLB_L1_MISS,
	VMXL_NL_VCPU_STAT_TLB_MISS,
	VMXL_NL_VCPU_STAT_TLB_FLUSH,
	VMXL_NL_VCPU_STAT_TLB_FLUSH_PAGE,
	VMXL_NL_VCPU_STAT_TLB_DROPPED,
	VMXL_NL_VCPU_STAT_SWITCHES,
	VMXL_NL_VCPU_STAT_STEALS,
	VMXL_NL_VCPU_STAT_SPINS,
	VMXL_NL_VCPU_STAT_DIRECTED,
	VMXL_NL_VCPU_STAT_THROTTLES,
	VMXL_NL_VCPU_STAT_THROTTLED_NS,
	VMXL_NL_VCPU_STAT_WAIT_NS,
	VMXL_NL_VCPU_STAT_DELAY_NS,
	VMXL_NL_VCPU_STAT_POLL_HITS,
	VMXL_NL_VCPU_STAT_POLL_MISSES,
	VMXL_NL_VCPU_STAT_POLL_NS,
	VMXL_NL_VCPU_STAT_WINDOW_FAULT,
	VMXL_NL_VCPU_STAT_WINDOW_PAGE,
	VMXL_NL_VCPU_STAT_WINDOW_HUGE,
	VMXL_NL_VCPU_STAT_WINDOW_AHEAD,

	__VMXL_NL_VCPU_STAT_MAX,
	VMXL_NL_VCPU_STAT_MAX = __VMXL_NL_VCPU_STAT_MAX - 1
};

#endif /* _UAPI_LINUX_VMX_XLATE_NETLINK_H */
