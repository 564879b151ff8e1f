/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RV64 guests: what the files of this folder share. The architectural state
 * is in gstate (struct vmxl_rv64_regs), where translated code reaches it;
 * what other threads write (pending interrupts, timers) is in vcpu->arch.
 */
#ifndef VMXL_RV64_H
#define VMXL_RV64_H

#include <linux/atomic.h>
#include <linux/hrtimer.h>
#include "../guest.h"
#include "../../vm.h"

#define VMXL_RV64_TIMEBASE	10000000ULL	/* Hz */
#define VMXL_RV64_CBO_BLOCK	64

enum vmxl_rv64_mode { RV_U = 0, RV_S = 1, RV_M = 3 };

#define RV_NR_PMP	16

/* gstate.guest[]: every member is u64, so that each is a slot */
struct vmxl_rv64_regs {
	u64 x[32];		/* x[0] stays 0 */
	u64 f[32];		/* NaN-boxed */
	u64 mode;		/* enum vmxl_rv64_mode */
	u64 frm;		/* fcsr.frm; fflags are gstate.fp_flags */
	u64 mstatus, misa, medeleg, mideleg, mie, mtvec, mcounteren, menvcfg, mseccfg;
	u64 mscratch, mepc, mcause, mtval, mcountinhibit, mcyclecfg, minstretcfg;
	u64 stvec, scounteren, senvcfg, sscratch, sepc, scause, stval, satp, stimecmp;
	u64 mcycle_base, minstret_base;		/* added to what is counted */
	u64 mhpmevent[32], mhpmcounter[32];	/* 3.. are used */
	u64 pmpaddr[RV_NR_PMP], pmpcfg[RV_NR_PMP / 8];
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
X(sfence,	vmxl_rv64_h_sfence)	/* a: va, b: asid, c: bit 0 rs1 != x0, bit 1 rs2 != x0, bit 2 sinval */ \
X(fencei,	vmxl_rv64_h_fencei)					\
X(pause,	vmxl_rv64_h_pause)					\
X(ebreak,	vmxl_rv64_h_ebreak)	/* L: trap, or DEBUG exit */	\
X(illegal,	vmxl_rv64_h_illegal)	/* L: a: instruction bits */

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

/* Interrupts: bits of mip; also the line numbers of vmxl_guest.irq() */
#define RV_IRQ_SSI	1
#define RV_IRQ_MSI	3
#define RV_IRQ_STI	5
#define RV_IRQ_MTI	7
#define RV_IRQ_SEI	9
#define RV_IRQ_MEI	11
#define RV_IRQ_LCOFI	13

/**
 * struct vmxl_rv64_vcpu - what other threads touch
 * @lines: mip bits driven by hardware (atomic: set_bit, clear_bit)
 * @soft: mip bits written by software (SSIP, STIP, SEIP)
 * @timer: fires at stimecmp (or SBI's timer) and sets STI in @lines
 * @hsm: SBI HSM state of the hart
 */
struct vmxl_rv64_vcpu {
	struct vmxl_vcpu *vcpu;
	unsigned long lines;
	unsigned long soft;
	struct hrtimer timer;
	bool halted;		/* in WFI */
	u32 hsm;
	u64 hsm_addr, hsm_opaque;
	spinlock_t hsm_lock;
	/* remote fences asked for by other harts: a small queue, overflow is a full flush */
	spinlock_t fence_lock;
	unsigned int nr_fence;
	struct { u64 start, size; u32 asid; } fence[16];
};

/* vm->arch */
struct vmxl_rv64_vm {
	u64 isa;		/* VMXL_RV64_ISA_*: the same for every vCPU */
	u64 mmu;		/* largest satp.MODE */
	bool started;		/* a vCPU ran: isa and mmu are fixed */
};

static inline struct vmxl_rv64_vcpu *rv_arch(struct vmxl_vcpu *vcpu)
{
	return vcpu->arch;
}

static inline struct vmxl_rv64_vm *rv_vm(struct vmxl_vm *vm)
{
	return vm->arch;
}

/* translate.c */
enum vmxl_act vmxl_rv64_translate(struct vmxl_translate *t);

/* trap.c */
enum vmxl_act vmxl_rv64_trap(struct vmxl_vcpu *vcpu, u32 cause, u64 tval);
enum vmxl_act vmxl_rv64_fault(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access, int code);
enum vmxl_act vmxl_rv64_poll(struct vmxl_vcpu *vcpu);
void vmxl_rv64_key(struct vmxl_vcpu *vcpu, struct vmxl_key *key);

/* mmu.c; after anything that changes mode, mstatus, satp, PMP: vmxl_rv64_mmu_update() */
int vmxl_rv64_walk(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access, bool unpriv,
		   struct vmxl_walk *w);
void vmxl_rv64_mmu_update(struct vmxl_vcpu *vcpu);

/* csr.c: 0, or -EINVAL where the access is illegal */
int vmxl_rv64_csr_read(struct vmxl_vcpu *vcpu, u32 csr, u64 *val);
int vmxl_rv64_csr_write(struct vmxl_vcpu *vcpu, u32 csr, u64 val);

/* sbi.c: ecall from S-mode where the module is the firmware; moves the pc on */
enum vmxl_act vmxl_rv64_sbi(struct vmxl_vcpu *vcpu);
void vmxl_rv64_sbi_complete(struct vmxl_vcpu *vcpu);

extern const struct vmxl_helper vmxl_rv64_helpers[RV_H_NR];

#define X(id, fn) enum vmxl_act fn(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c);
RV_HELPERS(X)
#undef X

#endif /* VMXL_RV64_H */
