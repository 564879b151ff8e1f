/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RV64 guests: what the files of this folder share. The architectural state
 * is in gstate (struct vmxl_rv64_regs), where translated code reaches it;
 * what other threads write (pending interrupts, timers) is in vcpu->arch.
 */
#ifndef VMXL_RV64_H
#define VMXL_RV64_H

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bits.h>
#include <linux/hrtimer.h>
#include <linux/spinlock.h>
#include "../../dev/rv_lines.h"
#include "../guest.h"
#include "../../vm.h"

#define VMXL_RV64_TIMEBASE	VMXL_RV_TIMEBASE
#define VMXL_RV64_CBO_BLOCK	64

enum vmxl_rv64_mode { RV_U = 0, RV_S = 1, RV_M = 3 };

#define RV_NR_PMP	16

/* All that this guest has; user space may take some away. */
#define VMXL_RV64_ISA_ALL \
	(VMXL_RV64_ISA_M | VMXL_RV64_ISA_A | VMXL_RV64_ISA_F | VMXL_RV64_ISA_D | \
	 VMXL_RV64_ISA_C | VMXL_RV64_ISA_ZBA | VMXL_RV64_ISA_ZBB | VMXL_RV64_ISA_ZBS | \
	 VMXL_RV64_ISA_ZBC | VMXL_RV64_ISA_ZICOND | VMXL_RV64_ISA_ZICBOM | \
	 VMXL_RV64_ISA_ZICBOZ | VMXL_RV64_ISA_ZIHINTPAUSE | VMXL_RV64_ISA_ZFA | \
	 VMXL_RV64_ISA_ZFH | VMXL_RV64_ISA_ZAWRS | VMXL_RV64_ISA_SSTC | \
	 VMXL_RV64_ISA_SVADU | VMXL_RV64_ISA_SVINVAL | VMXL_RV64_ISA_SVNAPOT | \
	 VMXL_RV64_ISA_SVPBMT | VMXL_RV64_ISA_SSCOFPMF | VMXL_RV64_ISA_ZICNTR | \
	 VMXL_RV64_ISA_ZIHPM | VMXL_RV64_ISA_SVVPTC)

/* gstate.guest[]: every member is u64, so that each is a slot */
struct vmxl_rv64_regs {
	u64 x[32];		/* x[0] stays 0 */
	u64 f[32];		/* NaN-boxed */
	u64 mode;		/* enum vmxl_rv64_mode */
	u64 frm;		/* fcsr.frm; fflags are gstate.fp_flags */
	u64 mstatus;		/* SD is not kept in here: reading the CSR makes it */
	u64 medeleg, mideleg, mie, mtvec, mcounteren, menvcfg;
	u64 mscratch, mepc, mcause, mtval, mcountinhibit;
	u64 stvec, scounteren, senvcfg, sscratch, sepc, scause, stval, satp, stimecmp;
	u64 mcycle_base, minstret_base;		/* added to gstate.icount, unless inhibited */
	u64 mhpmevent[32], mhpmcounter[32];	/* 3.. are used */
	u64 pmpaddr[RV_NR_PMP], pmpcfg[RV_NR_PMP / 8];
	u64 s_pending;		/* no register: what S-mode can have, when SIE lets it */
	u64 pauses;		/* nor this: PAUSEs since the last release */
	u64 wait_addr;		/* nor this: what the LR before a WRS read; bit 0: 8 bytes */
	u64 slow;		/* nor this: views are changed by helpers only */
	/* nor these, of vm->clock: TIME's bit of counteren, or 0: it is the helper's */
	u64 time_on, time_base, time_mult, time_offset;
};

static_assert(sizeof(struct vmxl_rv64_regs) <= VMXL_GS_NGUEST * 8);

/* Slot of a member, as in RV_SLOT(x[5]) */
#define RV_SLOT(m)	(VMXL_SLOT_GUEST + offsetof(struct vmxl_rv64_regs, m) / 8)

static inline struct vmxl_rv64_regs *rv_regs(struct vmxl_vcpu *vcpu)
{
	return (struct vmxl_rv64_regs *)vcpu->gs->guest;
}

/* vmxl_key.flags */
#define RV_KEY_MODE		0x3u		/* enum vmxl_rv64_mode */
#define RV_KEY_FS_OFF		(1u << 2)	/* FP instructions are illegal */
#define RV_KEY_FS_DIRTY		(1u << 3)	/* FP writes need not mark mstatus.FS */
#define RV_KEY_FRM_SHIFT	4		/* fcsr.frm, 3 bits: "dynamic" is static in a block */
#define RV_KEY_CBZE		(1u << 7)	/* cbo.zero, allowed in this mode */
#define RV_KEY_CBCFE		(1u << 8)	/* cbo.clean, cbo.flush */
#define RV_KEY_CBIE_SHIFT	9		/* cbo.inval: 0 illegal, 1 flush, 3 inval; 2 bits */
#define RV_KEY_WRS		(1u << 11)	/* wrs may stall here (TW clear or M-mode) */
#define RV_KEY_WIN_SHIFT	12		/* enum vmxl_window_kind, 3 bits */
#define RV_KEY_WIN		(7u << RV_KEY_WIN_SHIFT)

/*
 * The number of a view: bit 0: S-mode, or U-mode; 1 and 2: mstatus.FS; 3: mstatus.SUM,
 * which U-mode has not where a number is good for translated code. MXR and MPRV are
 * not set (slow).
 */
#define RV_VIEW_FS_SHIFT	12	/* of mstatus, to the right */
#define RV_VIEW_FS		6u
#define RV_VIEW_SUM_SHIFT	15
#define RV_VIEW_SUM		8u
#define RV_VIEW_NONE		RV_VIEW_SUM	/* the run loop is to look */

/*
 * Helpers (helper.c); ids are CALL's imm. The helper sees gstate.pc at its
 * instruction. Those marked L always answer LEAVE or EXIT, with gstate.pc and
 * gstate.icount moved on by themselves.
 */
#define RV_HELPERS(X)							\
X(csr,		vmxl_rv64_h_csr)	/* a: csr | RV_CSR_* << 12, b: operand; ret: old value */ \
X(sret,		vmxl_rv64_h_sret)	/* L */				\
X(mret,		vmxl_rv64_h_mret)	/* L */				\
X(wfi,		vmxl_rv64_h_wfi)	/* L */				\
X(wrs,		vmxl_rv64_h_wrs)	/* a: 1 for .nto, 0 for .sto */	\
X(pause,	vmxl_rv64_h_pause)	/* after RV_PAUSES of them */	\
/* a: va, b: asid, c: bit 0 rs1 != x0, bit 1 rs2 != x0, bit 2 sinval */	\
X(sfence,	vmxl_rv64_h_sfence)					\
X(ebreak,	vmxl_rv64_h_ebreak)	/* L: trap, or DEBUG exit */	\
X(illegal,	vmxl_rv64_h_illegal)	/* L: a: instruction bits */

/* So many PAUSEs leave translated code once; a power of 2 */
#define RV_PAUSES		128

/* operation of RV_H_csr: bits 12 and up of a */
#define RV_CSR_READ	(1u << 0)	/* rd != x0, or not CSRRW */
#define RV_CSR_WRITE	(1u << 1)
#define RV_CSR_SET	(1u << 2)	/* new = old | b */
#define RV_CSR_CLEAR	(1u << 3)	/* new = old & ~b; neither: new = b */

#define X(id, fn) RV_H_##id,
enum vmxl_rv64_helper { RV_HELPERS(X) RV_H_NR };
#undef X

/* Exception codes (mcause) */
enum vmxl_rv64_cause {
	RV_EXC_INSN_MISALIGNED = 0, RV_EXC_INSN_ACCESS = 1, RV_EXC_ILLEGAL = 2,
	RV_EXC_BREAKPOINT = 3, RV_EXC_LOAD_MISALIGNED = 4, RV_EXC_LOAD_ACCESS = 5,
	RV_EXC_STORE_MISALIGNED = 6, RV_EXC_STORE_ACCESS = 7, RV_EXC_ECALL_U = 8,
	RV_EXC_ECALL_S = 9, RV_EXC_ECALL_M = 11, RV_EXC_INSN_PAGE = 12,
	RV_EXC_LOAD_PAGE = 13, RV_EXC_STORE_PAGE = 15,
};

/* mstatus, sstatus */
#define RV_MSTATUS_SIE		BIT_ULL(1)
#define RV_MSTATUS_MIE		BIT_ULL(3)
#define RV_MSTATUS_SPIE		BIT_ULL(5)
#define RV_MSTATUS_MPIE		BIT_ULL(7)
#define RV_MSTATUS_SPP_SHIFT	8
#define RV_MSTATUS_SPP		BIT_ULL(RV_MSTATUS_SPP_SHIFT)
#define RV_MSTATUS_MPP_SHIFT	11
#define RV_MSTATUS_MPP		(3ULL << RV_MSTATUS_MPP_SHIFT)
#define RV_MSTATUS_FS		(3ULL << 13)	/* dirty: all ones */
#define RV_MSTATUS_MPRV		BIT_ULL(17)
#define RV_MSTATUS_SUM		BIT_ULL(18)
#define RV_MSTATUS_MXR		BIT_ULL(19)
#define RV_MSTATUS_TVM		BIT_ULL(20)
#define RV_MSTATUS_TW		BIT_ULL(21)
#define RV_MSTATUS_TSR		BIT_ULL(22)
#define RV_MSTATUS_UXL64	(2ULL << 32)
#define RV_MSTATUS_SXL64	(2ULL << 34)
#define RV_MSTATUS_SD		BIT_ULL(63)

/* Of mstatus: what address translation depends on beside the mode */
#define RV_MSTATUS_VIEW	(RV_MSTATUS_SUM | RV_MSTATUS_MXR | RV_MSTATUS_MPRV | RV_MSTATUS_MPP)

#define RV_SSTATUS_MASK		(RV_MSTATUS_SIE | RV_MSTATUS_SPIE | RV_MSTATUS_SPP | \
				 RV_MSTATUS_FS | RV_MSTATUS_SUM | RV_MSTATUS_MXR)

/* menvcfg, senvcfg */
#define RV_ENVCFG_FIOM		BIT_ULL(0)
#define RV_ENVCFG_CBIE_SHIFT	4
#define RV_ENVCFG_CBIE		(3ULL << RV_ENVCFG_CBIE_SHIFT)
#define RV_ENVCFG_CBCFE		BIT_ULL(6)
#define RV_ENVCFG_CBZE		BIT_ULL(7)
#define RV_ENVCFG_ADUE		BIT_ULL(61)
#define RV_ENVCFG_PBMTE		BIT_ULL(62)
#define RV_ENVCFG_STCE		BIT_ULL(63)

#define RV_SATP_MODE_SHIFT	60
#define RV_SATP_ASID_SHIFT	44
#define RV_SATP_ASID		0xffffULL
#define RV_SATP_PPN		(BIT_ULL(44) - 1)
#define RV_MODE_SV39		8
#define RV_MODE_SV48		9
#define RV_MODE_SV57		10

#define RV_PA_BITS		56
#define RV_MEDELEG_MASK		0xb3ffULL	/* all but ECALL_M */
#define RV_CAUSE_IRQ		BIT_ULL(63)

#define RV_NR_HPM		32	/* counters 0..31; 1 is time */
#define RV_NR_FW_EVENTS		22	/* SBI_PMU_FW_* */
#define RV_NR_FW_COUNTERS	16

/* guest requests of this folder */
#define RV_REQ_TIMER		VMXL_REQ_RV_TIMER
#define RV_REQ_FENCE		(VMXL_REQ_GUEST + 1)
#define RV_REQ_START		(VMXL_REQ_GUEST + 2)
#define RV_REQ_ALL		(BIT(RV_REQ_TIMER) | BIT(RV_REQ_FENCE) | BIT(RV_REQ_START))

/* A remote fence. Whole address spaces are @start 0 and @size ~0. */
struct vmxl_rv64_fence {
	u64 start, size;
	u32 asid;		/* or VMXL_ASID_ALL */
};

#define RV_NR_FENCES		16
#define RV_NO_ASID		(RV_SATP_ASID + 1)

/* SBI STA: bytes of the shared memory, and the address of none */
#define RV_STA_SIZE		64
#define RV_STA_OFF		(~0ULL)

/* A PMP entry, decoded: [lo, hi), permissions and lock */
struct vmxl_rv64_pmp {
	u64 lo, hi;
	u8 cfg;
};

/* An SBI PMU firmware counter */
struct vmxl_rv64_fwctr {
	u8 event;		/* code + 1; 0: not configured */
	bool started;
	u64 val;		/* while it runs: to be added to the event's count */
};

/**
 * struct vmxl_rv64_vcpu - what is not translated code's business
 * @lines: mip bits driven by hardware (atomic: set_bit, clear_bit)
 * @soft: mip bits written by software (SSIP, STIP, SEIP, LCOFIP; atomic too)
 * @timer: fires at stimecmp (or SBI's timer) and sets STI in @lines
 * @deadline: what it is set to, in ticks
 * @halted: in WFI or an SBI suspend
 * @suspended: by an SBI suspend, for HSM's status
 * @window: enum vmxl_window_kind of the current view
 * @view_mode, @view_status: mode and mstatus that vcpu->as and @window are of
 * @sbi_user: an SBI call was handed to user space; 2: a legacy one
 * @hsm_lock: hsm_*, and the move of mp_state from STOPPED to RUNNABLE
 * @start_pending: HSM has asked for a start at @hsm_addr
 * @fence_lock: @nr_fence, @fence, @fence_queued, @fence_done, @fence_from
 * @nr_fence: fences in @fence; more than it has room for: everything goes
 * @fence_queued: number of fences ever asked for by others
 * @fence_done: how many of those have been carried out
 * @fence_from: vCPUs that may be waiting for that
 * @fence_wait: vCPUs that an SBI fence waits for (own thread only)
 * @fence_pc: the ecall that made the fence
 * @fence_ticket: @fence_queued of each when it was asked
 * @pmp: decoded PMP entries; @nr_pmp: up to the last one in use
 * @sta: SBI STA: guest physical address of the shared memory, or RV_STA_OFF
 * @sta_seen: vmxl_vcpu_stolen() that it includes
 * @sta_preempted: it says that the hart does not run
 * @hpm_active: counters 3..31 that count now
 * @hpm_last: gstate.icount up to which they have
 * @fw_events: SBI PMU's firmware events
 */
struct vmxl_rv64_vcpu {
	struct vmxl_vcpu *vcpu;
	unsigned long lines;
	unsigned long soft;
	struct hrtimer timer;
	u64 deadline;
	bool halted;
	bool suspended;
	u8 window;
	u8 sbi_user;
	u64 view_mode, view_status;

	spinlock_t hsm_lock;
	bool start_pending;
	u64 hsm_addr, hsm_opaque;

	spinlock_t fence_lock;
	unsigned int nr_fence;
	struct vmxl_rv64_fence fence[RV_NR_FENCES];
	u64 fence_queued, fence_done;
	DECLARE_BITMAP(fence_from, VMXL_MAX_VCPUS);
	DECLARE_BITMAP(fence_wait, VMXL_MAX_VCPUS);
	u64 fence_pc;
	u32 fence_asid;			/* of satp, or RV_NO_ASID; others read it */
	u64 fence_ticket[VMXL_MAX_VCPUS];

	unsigned int nr_pmp;
	struct vmxl_rv64_pmp pmp[RV_NR_PMP];

	u64 sta, sta_seen;
	bool sta_preempted;

	u32 hpm_active;
	u64 hpm_last;
	atomic_long_t fw_events[RV_NR_FW_EVENTS];
	struct vmxl_rv64_fwctr fw_ctr[RV_NR_FW_COUNTERS];
};

/**
 * struct vmxl_rv64_vm - vm->arch
 * @lock: writes of the rest
 * @isa: VMXL_RV64_ISA_*: the same for every vCPU
 * @mmu: largest satp.MODE
 * @started: a vCPU ran: isa and mmu are fixed
 */
struct vmxl_rv64_vm {
	spinlock_t lock;
	u64 isa;
	u64 mmu;
	bool started;
};

static inline struct vmxl_rv64_vcpu *rv_arch(struct vmxl_vcpu *vcpu)
{
	return vcpu->arch;
}

static inline struct vmxl_rv64_vm *rv_vm(struct vmxl_vm *vm)
{
	return vm->arch;
}

/* The registers are not to be trusted: a mode of 2 is none. */
static inline enum vmxl_rv64_mode rv_mode(struct vmxl_vcpu *vcpu)
{
	u64 mode = rv_regs(vcpu)->mode & 3;

	return mode == 2 ? RV_S : mode;
}

/* Whether the ISA configuration has all of @isa, VMXL_RV64_ISA_* */
static inline bool rv_has(struct vmxl_vcpu *vcpu, u64 isa)
{
	return (READ_ONCE(rv_vm(vcpu->vm)->isa) & isa) == isa;
}

static inline bool rv_halted(struct vmxl_vcpu *vcpu)
{
	return rv_arch(vcpu)->halted || READ_ONCE(vcpu->mp_state) == VMXL_MP_STOPPED;
}

/* The module is the firmware: no M-mode, SBI below the guest. */
static inline bool rv_firmware(const struct vmxl_vcpu *vcpu)
{
	return vcpu->vm->flags & VMXL_VM_FIRMWARE;
}

/* Interrupts that S-mode can have */
#define RV_S_IRQS	(BIT(RV_IRQ_SSI) | BIT(RV_IRQ_STI) | BIT(RV_IRQ_SEI) | \
			 BIT(RV_IRQ_LCOFI))
#define RV_M_IRQS	(BIT(RV_IRQ_MSI) | BIT(RV_IRQ_MTI) | BIT(RV_IRQ_MEI))

/* translate.c */
enum vmxl_act vmxl_rv64_translate(struct vmxl_translate *t);

/* trap.c */
enum vmxl_act vmxl_rv64_trap(struct vmxl_vcpu *vcpu, u32 cause, u64 tval);
enum vmxl_act vmxl_rv64_fault(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access, int code);
enum vmxl_act vmxl_rv64_poll(struct vmxl_vcpu *vcpu);
enum vmxl_act vmxl_rv64_illegal(struct vmxl_vcpu *vcpu);	/* the instruction at gstate.pc */
void vmxl_rv64_set_mode(struct vmxl_vcpu *vcpu, enum vmxl_rv64_mode mode);
u64 vmxl_rv64_mip(struct vmxl_vcpu *vcpu);
int vmxl_rv64_irq_pending(struct vmxl_vcpu *vcpu);	/* the one to take, or -1 */
void vmxl_rv64_irq_check(struct vmxl_vcpu *vcpu);	/* leave the block if there is one */
bool vmxl_rv64_wakeup(struct vmxl_vcpu *vcpu);		/* whatever mstatus says */

/* mmu.c; after anything that changes mode, mstatus, satp, PMP: vmxl_rv64_mmu_update() */
int vmxl_rv64_walk(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access, bool unpriv,
		   struct vmxl_walk *w);
void vmxl_rv64_mmu_update(struct vmxl_vcpu *vcpu);
void vmxl_rv64_sync(struct vmxl_vcpu *vcpu);		/* the same, if need be */
int vmxl_rv64_view(struct vmxl_vcpu *vcpu, u64 *sig);
void vmxl_rv64_pmp_update(struct vmxl_vcpu *vcpu);
void vmxl_rv64_key(struct vmxl_vcpu *vcpu, struct vmxl_key *key);
enum vmxl_window_kind vmxl_rv64_window(u32 flags);

/* csr.c: 0, or -EINVAL where the access is illegal in the current mode */
int vmxl_rv64_csr_read(struct vmxl_vcpu *vcpu, u32 csr, u64 *val);
int vmxl_rv64_csr_write(struct vmxl_vcpu *vcpu, u32 csr, u64 val);
/* 0, or -EINVAL; @op: RV_CSR_*; @old may be NULL */
int vmxl_rv64_csr_op(struct vmxl_vcpu *vcpu, u32 csr, u32 op, u64 val, u64 *old);
/* for user space: -ENOENT, and on a write -EINVAL for a changed read-only one */
int vmxl_rv64_csr_get(struct vmxl_vcpu *vcpu, u32 csr, u64 *val);
int vmxl_rv64_csr_set(struct vmxl_vcpu *vcpu, u32 csr, u64 val);
/* the first of those that make up the state from @csr on, or -1 */
int vmxl_rv64_csr_next(struct vmxl_vcpu *vcpu, u32 csr);
u64 vmxl_rv64_menvcfg(struct vmxl_vcpu *vcpu);

/* timer.c: stimecmp, and SBI's timer */
void vmxl_rv64_timer_init(struct vmxl_vcpu *vcpu);
void vmxl_rv64_timer_update(struct vmxl_vcpu *vcpu);
bool vmxl_rv64_timer_on(struct vmxl_vcpu *vcpu);
void vmxl_rv64_time_update(struct vmxl_vcpu *vcpu);

/* hpm.c: performance counters */
u64 vmxl_rv64_hpm_read(struct vmxl_vcpu *vcpu, u32 n);		/* 0, 2..31 */
void vmxl_rv64_hpm_write(struct vmxl_vcpu *vcpu, u32 n, u64 val);
void vmxl_rv64_hpm_inhibit(struct vmxl_vcpu *vcpu, u32 mask);
void vmxl_rv64_hpm_event(struct vmxl_vcpu *vcpu, u32 n, u64 event);
u32 vmxl_rv64_hpm_overflown(struct vmxl_vcpu *vcpu);
void vmxl_rv64_hpm_sync(struct vmxl_vcpu *vcpu);		/* before the mode changes */

/* fence.c: TLB maintenance, here and on other harts */
void vmxl_rv64_fence_windows(struct vmxl_vcpu *vcpu, const struct vmxl_rv64_fence *f);
void vmxl_rv64_fence_local(struct vmxl_vcpu *vcpu, const struct vmxl_rv64_fence *f);
void vmxl_rv64_fence_send(struct vmxl_vcpu *vcpu, struct vmxl_vcpu *to,
			  const struct vmxl_rv64_fence *f);	/* NULL: fence.i */
bool vmxl_rv64_fence_wait(struct vmxl_vcpu *vcpu);	/* true: all have been carried out */
void vmxl_rv64_fence_receive(struct vmxl_vcpu *vcpu);
void vmxl_rv64_fence_as(struct vmxl_vcpu *vcpu);	/* satp may have changed */

/* sbi.c: ecall from S-mode where the module is the firmware; moves the pc on */
enum vmxl_act vmxl_rv64_sbi(struct vmxl_vcpu *vcpu);
void vmxl_rv64_sbi_complete(struct vmxl_vcpu *vcpu);

/* sbi_sta.c: steal time */
void vmxl_rv64_sta_update(struct vmxl_vcpu *vcpu);
void vmxl_rv64_preempted(struct vmxl_vcpu *vcpu);
int vmxl_rv64_sta_get(struct vmxl_vcpu *vcpu, u32 index, u64 *val);
int vmxl_rv64_sta_set(struct vmxl_vcpu *vcpu, u32 index, u64 val);
int vmxl_rv64_sta_next(struct vmxl_vcpu *vcpu, u32 index);

/* hsm.c: harts that start, stop and sleep */
enum vmxl_rv64_hsm {
	RV_HSM_STARTED, RV_HSM_STOPPED, RV_HSM_START_PENDING, RV_HSM_SUSPENDED = 4,
};

int vmxl_rv64_hsm_start(struct vmxl_vcpu *vcpu, u64 addr, u64 opaque);	/* -EALREADY */
void vmxl_rv64_hsm_begin(struct vmxl_vcpu *vcpu);		/* RV_REQ_START */
void vmxl_rv64_hsm_stop(struct vmxl_vcpu *vcpu);
enum vmxl_rv64_hsm vmxl_rv64_hsm_state(struct vmxl_vcpu *vcpu);
void vmxl_rv64_hsm_resume_at(struct vmxl_vcpu *vcpu, u64 addr, u64 opaque);

/* rv64.c */
extern const struct vmxl_guest vmxl_guest_rv64;
void vmxl_rv64_reset(struct vmxl_vcpu *vcpu);

/* reg.c */
int vmxl_rv64_get_reg(struct vmxl_vcpu *vcpu, u64 id, u64 *val);
int vmxl_rv64_set_reg(struct vmxl_vcpu *vcpu, u64 id, u64 val);
unsigned int vmxl_rv64_reg_list(struct vmxl_vcpu *vcpu, u64 *ids);

extern const struct vmxl_helper vmxl_rv64_helpers[RV_H_NR];

#define X(id, fn) enum vmxl_act fn(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c);
RV_HELPERS(X)
#undef X

#endif /* VMXL_RV64_H */
