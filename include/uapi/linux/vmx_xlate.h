/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * vmx_xlate: virtual machines of a foreign instruction set.
 *
 * Shaped like KVM: /dev/vmx_xlate gives VM file descriptors, those give vCPU
 * and device file descriptors. Every structure has a fixed size; every
 * reserved field and unknown flag must be zero, or the call answers EINVAL.
 * Documentation/uapi.rst describes each call.
 */
#ifndef _UAPI_LINUX_VMX_XLATE_H
#define _UAPI_LINUX_VMX_XLATE_H

#include <linux/const.h>
#include <linux/ioctl.h>
#include <linux/types.h>

#define VMXL_API_VERSION	1
#define VMXL_IOC		0xAF

/* Guest instruction sets, vmxl_create_vm.isa */
#define VMXL_ISA_RV64		1
#define VMXL_ISA_A64		2
#define VMXL_ISA_X86_64		3

/* vmxl_create_vm.flags */
/* The module is the guest's firmware: vCPUs start in S-mode below SBI. */
#define VMXL_VM_FIRMWARE	(1U << 0)

struct vmxl_create_vm {
	__u32 isa;
	__u32 flags;
	__u64 reserved[6];
};

/* vmxl_memory_region.flags */
#define VMXL_MEM_LOG_DIRTY_PAGES	(1U << 0)
#define VMXL_MEM_READONLY		(1U << 1)

struct vmxl_memory_region {
	__u32 slot;
	__u32 flags;
	__u64 guest_phys_addr;
	__u64 memory_size;		/* bytes; 0 deletes the slot */
	__u64 userspace_addr;
	__u64 reserved[2];
};

struct vmxl_dirty_log {
	__u32 slot;
	__u32 reserved;
	__u64 bitmap;			/* user pointer, one bit a page */
};

struct vmxl_memory_range {
	__u64 guest_phys_addr;
	__u64 size;
};

struct vmxl_irq_level {
	__u32 gsi;
	__u32 level;
};

/* vmxl_irqfd.flags */
#define VMXL_IRQFD_DEASSIGN	(1U << 0)
#define VMXL_IRQFD_RESAMPLE	(1U << 1)

struct vmxl_irqfd {
	__u32 fd;
	__u32 gsi;
	__u32 flags;
	__u32 resamplefd;
	__u64 reserved[2];
};

/* vmxl_ioeventfd.flags */
#define VMXL_IOEVENTFD_DATAMATCH	(1U << 0)
#define VMXL_IOEVENTFD_DEASSIGN		(1U << 1)

struct vmxl_ioeventfd {
	__u64 datamatch;
	__u64 addr;
	__u32 len;			/* 0 (any), 1, 2, 4 or 8 */
	__s32 fd;
	__u32 flags;
	__u32 reserved[9];
};

/* vmxl_create_device.type */
#define VMXL_DEV_RISCV_PLIC	1
#define VMXL_DEV_RISCV_ACLINT	2
#define VMXL_DEV_ARM_SMMUV3	16

/* vmxl_create_device.flags */
#define VMXL_CREATE_DEVICE_TEST	(1U << 0)	/* only ask whether it could be made */

struct vmxl_create_device {
	__u32 type;
	__u32 fd;			/* out */
	__u32 flags;
	__u32 reserved;
};

/* vmxl_code_record.type */
#define VMXL_CODE_STUBS		0	/* what all blocks share is there */
#define VMXL_CODE_ADDED		1	/* a block has host code */
#define VMXL_CODE_DROPPED	2	/* it has none any more; its place may have other code next */

struct vmxl_code_record {
	__u64 ns;			/* CLOCK_MONOTONIC */
	__u64 host;			/* address in the owner's address space */
	__u64 pc;			/* the guest's */
	__u32 host_len;			/* bytes */
	__u32 len;			/* bytes of guest code */
	__u32 type;			/* VMXL_CODE_* */
	__u32 reserved;			/* 0 */
};

struct vmxl_code_log {
	__u64 records;			/* user pointer, struct vmxl_code_record */
	__u32 nr;			/* in: room, out: records */
	__u32 flags;			/* none defined: zero */
	__u64 lost;			/* in: zero; out: records that there was no room for */
	__u64 reserved;
};

/*
 * What the descriptor of VMXL_GET_STATS_FD reads as, laid out as KVM's: the header;
 * at id_offset a name of name_size bytes, ended by 0; at desc_offset num_desc
 * descriptors with a name of name_size bytes each; at data_offset the values.
 */
struct vmxl_stats_header {
	__u32 flags;			/* 0 */
	__u32 name_size;
	__u32 num_desc;
	__u32 id_offset;
	__u32 desc_offset;
	__u32 data_offset;
};

/* vmxl_stats_desc.flags: type, unit, base of the exponent */
#define VMXL_STATS_TYPE_MASK		0xf
#define VMXL_STATS_TYPE_CUMULATIVE	0
#define VMXL_STATS_TYPE_INSTANT		1
#define VMXL_STATS_UNIT_MASK		0xf0
#define VMXL_STATS_UNIT_NONE		0x00
#define VMXL_STATS_UNIT_BYTES		0x10
#define VMXL_STATS_UNIT_SECONDS		0x20
#define VMXL_STATS_BASE_MASK		0xf00
#define VMXL_STATS_BASE_POW10		0x000

struct vmxl_stats_desc {
	__u32 flags;
	__s16 exponent;			/* the unit is base to the power of it */
	__u16 size;			/* __u64 values */
	__u32 offset;			/* of the first, from data_offset */
	__u32 bucket_size;		/* 0 */
	char name[];
};

struct vmxl_device_attr {
	__u32 flags;			/* none defined: zero */
	__u32 group;
	__u64 attr;
	__u64 addr;			/* user pointer to the value */
};

/*
 * Device attribute groups. Values are __u64. ADDR and the configuration
 * must be set before CTRL_INIT, and not after it.
 */
#define VMXL_DEV_GRP_ADDR	0	/* attr 0: guest physical base address */
#define VMXL_DEV_GRP_CONFIG	1
#define  VMXL_PLIC_NR_SOURCES	0	/* 1..1023, default 127 */
#define  VMXL_ACLINT_TIMEBASE	0	/* Hz, read only: 10000000 */
#define  VMXL_SMMU_IRQ_EVENTQ	0	/* inputs of the interrupt controller; ~0: not wired */
#define  VMXL_SMMU_IRQ_PRIQ	1
#define  VMXL_SMMU_IRQ_SYNC	2
#define  VMXL_SMMU_IRQ_GERROR	3
#define  VMXL_SMMU_OAS		4	/* bits of an output address, default 48 */
#define  VMXL_SMMU_SIDSIZE	5	/* bits of a StreamID, default 16, at most 20 */
#define  VMXL_SMMU_MSI_FRAME	6	/* page: numbers written here are interrupts; ~0: none */
#define  VMXL_SMMU_ATS		7	/* 1: devices take messages, at any time; default 0 */
#define  VMXL_SMMU_IRQ_PMCG	8
#define VMXL_DEV_GRP_CTRL	2
#define  VMXL_DEV_CTRL_INIT	0	/* put the device on the bus; no value */
#define VMXL_DEV_GRP_REGS	3	/* attr: register offset, value: __u32 widened */

/* VMXL_DEV_ARM_SMMUV3: accesses of devices; a read or a write (or both), qualified */
#define VMXL_SMMU_READ		(1U << 0)
#define VMXL_SMMU_WRITE		(1U << 1)
#define VMXL_SMMU_EXEC		(1U << 2)	/* a read of instructions */
#define VMXL_SMMU_PRIV		(1U << 3)

/* flags of an access */
#define VMXL_SMMU_SSV		(1U << 0)	/* it has a SubstreamID (PASID) */
#define VMXL_SMMU_ATS_TREQ	(1U << 1)	/* an ATS translation request */
#define VMXL_SMMU_TRANSLATED	(1U << 2)	/* an ATS translated transaction */
#define VMXL_SMMU_NO_STALL	(1U << 3)	/* terminate where it would stall */
#define VMXL_SMMU_PRI_LAST	(1U << 8)	/* page request: the last of its group */

/* What becomes of an access */
enum vmxl_smmu_status {
	VMXL_SMMU_OK,
	VMXL_SMMU_ABORT,		/* ends with an error that the device sees */
	VMXL_SMMU_RAZWI,		/* ends as if done: reads 0, writes nothing */
	VMXL_SMMU_STALL,		/* waits for the guest's CMD_RESUME */
	VMXL_SMMU_DENIED,		/* ATS: success, without permissions */
	VMXL_SMMU_UR,			/* ATS: unsupported request */
	VMXL_SMMU_CA,			/* ATS: completer abort */
};

enum vmxl_smmu_msg_type { VMXL_SMMU_MSG_ATC_INV = 1, VMXL_SMMU_MSG_PRI_RESP };

/* vmxl_smmu_msg.flags, beside VMXL_SMMU_SSV */
#define VMXL_SMMU_MSG_GLOBAL	(1U << 8)

/* VMXL_SMMU_LOOKUP: a scatter list of a device, and where it is in user space */
struct vmxl_smmu_seg {
	__u64 iova;
	__u64 len;
};

struct vmxl_smmu_range {
	__u64 hva;			/* 0: no memory slot, or a read-only one to be written */
	__u64 gpa;
	__u64 len;
};

struct vmxl_smmu_lookup {
	__u32 sid;
	__u32 ssid;
	__u32 access;			/* VMXL_SMMU_READ, ... */
	__u32 flags;			/* VMXL_SMMU_SSV, ... */
	__u64 in;			/* user pointer, struct vmxl_smmu_seg */
	__u64 out;			/* user pointer, struct vmxl_smmu_range */
	__u32 nr_in;			/* at most 1024 */
	__u32 nr_out;			/* in: room, at most 1024; out: ranges */
	__u64 done;			/* out: bytes that the ranges are for */
	__u32 status;			/* out: of what comes next, enum vmxl_smmu_status */
	__u16 stag;			/* out: VMXL_SMMU_STALL */
	__u16 event;			/* out: event that the guest is told, or 0 */
	__u64 reserved[2];
};

struct vmxl_smmu_translation {
	__u32 sid;
	__u32 ssid;
	__u32 access;
	__u32 flags;
	__u64 iova;
	__u64 gpa;			/* all of these: out */
	__u32 status;
	__u32 perm;			/* VMXL_SMMU_READ, _WRITE, _EXEC that there are */
	__u32 shift;			/* for 1 << shift bytes, aligned */
	__u16 stag;
	__u16 event;
	__u64 reserved[2];
};

/* vmxl_smmu_stalled.flags */
#define VMXL_SMMU_WAIT		(1U << 0)	/* until it is over, or a signal comes */

struct vmxl_smmu_stalled {
	__u32 sid;
	__u32 stag;
	__u32 flags;
	__u32 status;			/* out */
};

/* A device's message-signalled interrupt: a write of 4 bytes */
struct vmxl_smmu_message {
	__u32 sid;
	__u32 ssid;
	__u32 flags;
	__u32 data;
	__u64 iova;
	__u32 status;			/* out */
	__u32 reserved;
};

struct vmxl_smmu_ppr {
	__u32 sid;
	__u32 ssid;
	__u32 access;
	__u32 flags;			/* VMXL_SMMU_SSV, VMXL_SMMU_PRI_LAST */
	__u64 iova;
	__u32 prgi;			/* page request group, 0 to 511 */
	__u32 reserved;
};

/* What the guest tells a device */
struct vmxl_smmu_msg {
	__u32 type;			/* VMXL_SMMU_MSG_* */
	__u32 flags;
	__u32 sid;
	__u32 ssid;
	__u64 addr;			/* ATC_INV: first address */
	__u32 size;			/* ATC_INV: log2 of the length; 64: everything */
	__u16 prgi;			/* PRI_RESP: page request group */
	__u16 resp;			/* PRI_RESP: 0 failure, 1 invalid, 2 success */
};

/* An IOVA window: memory as a stream sees it, in the address space of the caller */
struct vmxl_smmu_window {
	__u32 sid;
	__u32 ssid;
	__u32 flags;			/* VMXL_SMMU_SSV */
	__u32 id;			/* out */
	__u64 iova;			/* whole pages */
	__u64 len;			/* at most 256 GiB */
	__u64 hva;			/* out: where it is */
	__u64 reserved;
};

/* The last access in a window that was not VMXL_SMMU_OK */
struct vmxl_smmu_window_fault {
	__u32 id;			/* in */
	__u32 access;			/* all of these: out */
	__u32 status;
	__u32 event;			/* event that the guest was told, or 0 */
	__u64 iova;			/* its page */
	__u64 nr;			/* such accesses so far */
};

struct vmxl_one_reg {
	__u64 id;
	__u64 addr;			/* user pointer to the value */
};

struct vmxl_reg_list {
	__u64 n;			/* in: room, out: number of registers */
	__u64 reg[];
};

/*
 * Register ids: instruction set, size, class, index. Class and index are the
 * guest's own.
 */
#define VMXL_REG_ISA_SHIFT	56
#define VMXL_REG_RV64		((__u64)VMXL_ISA_RV64 << VMXL_REG_ISA_SHIFT)
#define VMXL_REG_SIZE_SHIFT	48
#define VMXL_REG_SIZE_MASK	(0xffULL << VMXL_REG_SIZE_SHIFT)
#define VMXL_REG_SIZE_U32	(2ULL << VMXL_REG_SIZE_SHIFT)	/* log2 of bytes */
#define VMXL_REG_SIZE_U64	(3ULL << VMXL_REG_SIZE_SHIFT)
#define VMXL_REG_SIZE_U128	(4ULL << VMXL_REG_SIZE_SHIFT)
#define VMXL_REG_CLASS_SHIFT	32
#define VMXL_REG_CLASS_MASK	(0xffffULL << VMXL_REG_CLASS_SHIFT)
#define VMXL_REG_INDEX_MASK	0xffffffffULL

/* RV64 classes; every register of them is a U64 */
#define VMXL_RV64_CORE		(1ULL << VMXL_REG_CLASS_SHIFT)
#define  VMXL_RV64_CORE_PC	0	/* 1..31 are x1..x31 */
#define  VMXL_RV64_CORE_MODE	32	/* privilege: 0 U, 1 S, 3 M */
#define VMXL_RV64_FP		(2ULL << VMXL_REG_CLASS_SHIFT)	/* 0..31 are f0..f31 */
#define VMXL_RV64_CSR		(3ULL << VMXL_REG_CLASS_SHIFT)	/* index: CSR number */
#define VMXL_RV64_CONFIG	(4ULL << VMXL_REG_CLASS_SHIFT)
#define  VMXL_RV64_CONFIG_ISA	0	/* VMXL_RV64_ISA_* bits; may be cleared before the first RUN */
#define  VMXL_RV64_CONFIG_MMU	1	/* largest satp.MODE: 8, 9 or 10 */
#define  VMXL_RV64_CONFIG_TIMEBASE	2	/* Hz, read only */
#define  VMXL_RV64_CONFIG_CBOZ	3	/* Zicboz block, bytes, read only */
#define  VMXL_RV64_CONFIG_ICOUNT 4	/* see Documentation/uapi.rst; read only, not listed */
#define VMXL_RV64_SBI		(5ULL << VMXL_REG_CLASS_SHIFT)	/* with VMXL_VM_FIRMWARE */
#define  VMXL_RV64_SBI_STA_SHMEM 0	/* where steal time is told, 64-byte aligned; ~0: nowhere */

/* VMXL_RV64_CONFIG_ISA bits; the base RV64I with Zicsr and Zifencei is always there */
#define VMXL_RV64_ISA_M		(1ULL << 0)
#define VMXL_RV64_ISA_A		(1ULL << 1)
#define VMXL_RV64_ISA_F		(1ULL << 2)
#define VMXL_RV64_ISA_D		(1ULL << 3)
#define VMXL_RV64_ISA_C		(1ULL << 4)
#define VMXL_RV64_ISA_ZBA	(1ULL << 5)
#define VMXL_RV64_ISA_ZBB	(1ULL << 6)
#define VMXL_RV64_ISA_ZBS	(1ULL << 7)
#define VMXL_RV64_ISA_ZBC	(1ULL << 8)
#define VMXL_RV64_ISA_ZICOND	(1ULL << 9)
#define VMXL_RV64_ISA_ZICBOM	(1ULL << 10)
#define VMXL_RV64_ISA_ZICBOZ	(1ULL << 11)
#define VMXL_RV64_ISA_ZIHINTPAUSE (1ULL << 12)
#define VMXL_RV64_ISA_ZFA	(1ULL << 13)
#define VMXL_RV64_ISA_ZFH	(1ULL << 14)
#define VMXL_RV64_ISA_ZAWRS	(1ULL << 15)
#define VMXL_RV64_ISA_SSTC	(1ULL << 16)
#define VMXL_RV64_ISA_SVADU	(1ULL << 17)
#define VMXL_RV64_ISA_SVINVAL	(1ULL << 18)
#define VMXL_RV64_ISA_SVNAPOT	(1ULL << 19)
#define VMXL_RV64_ISA_SVPBMT	(1ULL << 20)
#define VMXL_RV64_ISA_SSCOFPMF	(1ULL << 21)
#define VMXL_RV64_ISA_ZICNTR	(1ULL << 22)
#define VMXL_RV64_ISA_ZIHPM	(1ULL << 23)
#define VMXL_RV64_ISA_SVVPTC	(1ULL << 24)

/* vmxl_mp_state.state */
#define VMXL_MP_RUNNABLE	0
#define VMXL_MP_STOPPED		1

struct vmxl_mp_state {
	__u32 state;
	__u32 reserved;
};

/* vmxl_guest_debug.control */
#define VMXL_DEBUG_ENABLE	(1U << 0)	/* the guest's breakpoint instruction exits */
#define VMXL_DEBUG_SINGLESTEP	(1U << 1)	/* RUN exits after one instruction */

struct vmxl_guest_debug {
	__u32 control;
	__u32 reserved;
	__u64 reserved2[3];
};

/* vmxl_run.exit_reason */
#define VMXL_EXIT_UNKNOWN	0
#define VMXL_EXIT_MMIO		1
#define VMXL_EXIT_INTR		2
#define VMXL_EXIT_DEBUG		3
#define VMXL_EXIT_SYSTEM_EVENT	4
#define VMXL_EXIT_INTERNAL_ERROR 5
#define VMXL_EXIT_RISCV_SBI	6

/* vmxl_run.system_event.type */
#define VMXL_SYSTEM_EVENT_SHUTDOWN	1	/* data[0]: guest's reason */
#define VMXL_SYSTEM_EVENT_RESET		2	/* data[0]: guest's reset type */
#define VMXL_SYSTEM_EVENT_SUSPEND	3

/* vmxl_run.internal.suberror */
#define VMXL_INTERNAL_ERROR_FETCH	1	/* no memory to execute at, not even for the guest's trap */
#define VMXL_INTERNAL_ERROR_HVA		2	/* the memory behind a slot could not be had */
#define VMXL_INTERNAL_ERROR_TRANSLATE	3	/* no memory for a block, or the translator failed */
#define VMXL_INTERNAL_ERROR_MMIO	4	/* a device access that cannot be carried out */
#define VMXL_INTERNAL_ERROR_STATE	5	/* someone wrote to what only translated code may write to */

struct vmxl_run {
	/* in */
	__u8 immediate_exit;
	__u8 kick;		/* the module's own */
	__u8 reserved[6];	/* 0 */

	/* out */
	__u32 exit_reason;
	__u32 flags;

	union {
		/* VMXL_EXIT_MMIO; data is in for a read, out for a write */
		struct {
			__u64 phys_addr;
			__u8 data[16];
			__u32 len;
			__u8 is_write;
			__u8 reserved[3];
		} mmio;
		/* VMXL_EXIT_DEBUG */
		struct {
			__u64 pc;
			__u32 cause;	/* VMXL_DEBUG_* that exited */
			__u32 reserved;
		} debug;
		/* VMXL_EXIT_SYSTEM_EVENT */
		struct {
			__u32 type;
			__u32 ndata;
			__u64 data[16];
		} system_event;
		/* VMXL_EXIT_INTERNAL_ERROR; data: pc, address, then the guest's general registers */
		struct {
			__u32 suberror;
			__u32 ndata;
			__u64 data[34];
		} internal;
		/* VMXL_EXIT_RISCV_SBI; ret is in: error and value */
		struct {
			__u64 extension_id;
			__u64 function_id;
			__u64 args[6];
			__u64 ret[2];
		} riscv_sbi;
		__u8 padding[496];
	};
};

/* vmxl_sched_params.policy */
#define VMXL_SCHED_POLICY_RR	0	/* round robin */
#define VMXL_SCHED_POLICY_FAIR	1	/* virtual deadlines; the default */

#define VMXL_SCHED_POLICY_CREDIT	2	/* shares by weight, who sleeps goes first */
#define VMXL_SCHED_POLICY_GANG	3	/* vCPUs of neighbouring numbers run at the same time */

/* How workers (VMXL_CREATE_WORKER) share the VM's vCPUs */
struct vmxl_sched_params {
	__u32 policy;
	__u32 flags;			/* none defined: zero */
	__u64 slice_ns;			/* 100000..1000000000; 0: the default, 1 ms */
	__u64 period_ns;		/* 1000000..1000000000; 0: the default, 100 ms */
	__u64 runtime_ns;		/* of all vCPUs in each period, 100000 or more; 0: any */
	__u64 reserved[4];
};

/* What workers are to do with one vCPU */
struct vmxl_sched_vcpu {
	__u32 vcpu;
	__u32 flags;			/* none defined: zero */
	__u32 weight;			/* 1..65536: its share; 0: the default, 1024 */
	__u32 cap;			/* percent of a CPU, 1..100; 0: none. Not with runtime_ns */
	__u64 period_ns;		/* as in struct vmxl_sched_params; 0: with a cap 10 ms */
	__u64 runtime_ns;		/* in each period, up to that; 0: any */
	__u64 workers;			/* a bit for each that may have it; 0: all */
	__u64 nodes;			/* a bit for each NUMA node of such workers; 0: all */
	__u64 reserved[2];
};

/* VMXL_CHECK_EXTENSION arguments */
#define VMXL_CAP_USER_MEMORY	1
#define VMXL_CAP_NR_MEMSLOTS	2	/* number of slots */
#define VMXL_CAP_MAX_VCPUS	3	/* number of vCPUs of a VM */
#define VMXL_CAP_ISA_RV64	4
#define VMXL_CAP_ISA_A64	5
#define VMXL_CAP_ISA_X86_64	6
#define VMXL_CAP_FIRMWARE	7
#define VMXL_CAP_ONE_REG	8
#define VMXL_CAP_IRQ_LINE	9
#define VMXL_CAP_IRQFD		10
#define VMXL_CAP_IRQFD_RESAMPLE	11
#define VMXL_CAP_IOEVENTFD	12
#define VMXL_CAP_DEVICE_CTRL	13
#define VMXL_CAP_READONLY_MEM	14
#define VMXL_CAP_DIRTY_LOG	15
#define VMXL_CAP_IMMEDIATE_EXIT	16
#define VMXL_CAP_GUEST_DEBUG	17
#define VMXL_CAP_MP_STATE	18
#define VMXL_CAP_CODE_LOG	19
#define VMXL_CAP_STATS_FD	20
#define VMXL_CAP_MAX_WORKERS	21	/* number of workers of a VM */
#define VMXL_CAP_MEMORY_WRITTEN	22

/* /dev/vmx_xlate */
#define VMXL_GET_API_VERSION	_IO(VMXL_IOC, 0x20)
#define VMXL_CHECK_EXTENSION	_IO(VMXL_IOC, 0x21)		/* also on a VM */
#define VMXL_CREATE_VM		_IOW(VMXL_IOC, 0x22, struct vmxl_create_vm)
#define VMXL_GET_VCPU_MMAP_SIZE	_IO(VMXL_IOC, 0x23)

/* VM */
#define VMXL_CREATE_VCPU	_IO(VMXL_IOC, 0x24)
#define VMXL_SET_USER_MEMORY_REGION _IOW(VMXL_IOC, 0x25, struct vmxl_memory_region)
#define VMXL_GET_DIRTY_LOG	_IOW(VMXL_IOC, 0x26, struct vmxl_dirty_log)
#define VMXL_IRQ_LINE		_IOW(VMXL_IOC, 0x27, struct vmxl_irq_level)
#define VMXL_IRQFD		_IOW(VMXL_IOC, 0x28, struct vmxl_irqfd)
#define VMXL_IOEVENTFD		_IOW(VMXL_IOC, 0x29, struct vmxl_ioeventfd)
#define VMXL_CREATE_DEVICE	_IOWR(VMXL_IOC, 0x2a, struct vmxl_create_device)
#define VMXL_GET_CODE_LOG	_IOWR(VMXL_IOC, 0x2b, struct vmxl_code_log)
#define VMXL_GET_STATS_FD	_IO(VMXL_IOC, 0x2c)		/* also on a vCPU */
#define VMXL_CREATE_WORKER	_IO(VMXL_IOC, 0x2d)
#define VMXL_SET_SCHED		_IOW(VMXL_IOC, 0x2e, struct vmxl_sched_params)
#define VMXL_MEMORY_WRITTEN	_IOW(VMXL_IOC, 0x2f, struct vmxl_memory_range)
#define VMXL_SET_SCHED_VCPU	_IOW(VMXL_IOC, 0x39, struct vmxl_sched_vcpu)

/* vCPU */
#define VMXL_RUN		_IO(VMXL_IOC, 0x30)		/* also on a worker */
#define VMXL_GET_ONE_REG	_IOW(VMXL_IOC, 0x31, struct vmxl_one_reg)
#define VMXL_SET_ONE_REG	_IOW(VMXL_IOC, 0x32, struct vmxl_one_reg)
#define VMXL_GET_REG_LIST	_IOWR(VMXL_IOC, 0x33, struct vmxl_reg_list)
#define VMXL_GET_MP_STATE	_IOR(VMXL_IOC, 0x34, struct vmxl_mp_state)
#define VMXL_SET_MP_STATE	_IOW(VMXL_IOC, 0x35, struct vmxl_mp_state)
#define VMXL_SET_GUEST_DEBUG	_IOW(VMXL_IOC, 0x36, struct vmxl_guest_debug)
#define VMXL_USER_EXIT		_IO(VMXL_IOC, 0x37)		/* translated code's own */

/* worker */
#define VMXL_KICK_WORKER	_IO(VMXL_IOC, 0x38)

/* device */
#define VMXL_SET_DEVICE_ATTR	_IOW(VMXL_IOC, 0x3a, struct vmxl_device_attr)
#define VMXL_GET_DEVICE_ATTR	_IOW(VMXL_IOC, 0x3b, struct vmxl_device_attr)
#define VMXL_HAS_DEVICE_ATTR	_IOW(VMXL_IOC, 0x3c, struct vmxl_device_attr)

/* device: VMXL_DEV_ARM_SMMUV3 */
#define VMXL_SMMU_LOOKUP	_IOWR(VMXL_IOC, 0x48, struct vmxl_smmu_lookup)
#define VMXL_SMMU_TRANSLATE	_IOWR(VMXL_IOC, 0x49, struct vmxl_smmu_translation)
#define VMXL_SMMU_STALLED	_IOWR(VMXL_IOC, 0x4a, struct vmxl_smmu_stalled)
#define VMXL_SMMU_MESSAGE	_IOWR(VMXL_IOC, 0x4b, struct vmxl_smmu_message)
#define VMXL_SMMU_PAGE_REQUEST	_IOW(VMXL_IOC, 0x4c, struct vmxl_smmu_ppr)
#define VMXL_SMMU_NEXT_MSG	_IOR(VMXL_IOC, 0x4d, struct vmxl_smmu_msg)
#define VMXL_SMMU_WINDOW	_IOWR(VMXL_IOC, 0x4e, struct vmxl_smmu_window)
#define VMXL_SMMU_WINDOW_FAULT	_IOWR(VMXL_IOC, 0x4f, struct vmxl_smmu_window_fault)

#endif /* _UAPI_LINUX_VMX_XLATE_H */
