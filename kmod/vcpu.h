/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtual CPU. What translated code reads and writes is struct vmxl_gstate,
 * pages of their own that user mode may come to share: its content is never
 * trusted, no kernel address is ever in it. The rest is the kernel's.
 */
#ifndef VMXL_VCPU_H
#define VMXL_VCPU_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <uapi/linux/vmx_xlate.h>
#include "mmu/window.h"
#include "sched/sched.h"

struct vmxl_block;
struct vmxl_compiler;
struct vmxl_entry;
struct vmxl_icode;
struct vmxl_ir;
struct vmxl_jcache;
struct vmxl_tlb;
struct vmxl_ujc_entry;
struct vmxl_ujc2_entry;
struct vmxl_vm;
struct vmxl_worker;

#define VMXL_NR_EXITS	(VMXL_EXIT_RISCV_SBI + 1)

#define VMXL_GS_NTMP	479
#define VMXL_GS_NGUEST	480
#define VMXL_NR_VIEWS	16

/**
 * struct vmxl_view - what translated code needs to go on in another view of memory
 * @jctx: gstate.jctx there; one that no entry of the jump cache has: ask the run loop
 * @base: of the window
 */
struct vmxl_view {
	u64 jctx;
	u64 base;
};

/**
 * struct vmxl_gstate - guest state, addressed by the IR in slots of 8 bytes
 *
 * The page before it is the run page, see vmxl_kicked(); the user jump cache
 * comes after it (struct vmxl_uarea).
 * @jctx: xored into a pc before it is compared with a tag of the user jump cache
 * @pc: guest program counter; exact whenever translated code is left
 * @icount: guest instructions retired
 * @fp_flags: exceptions raised so far, VMXL_FPX_* (RISC-V's bit order)
 * @high_base: base of the window for negative addresses
 * @fd: descriptor that translated code leaves by
 * @exit_id: what it left for, VMXL_EXIT_ID()
 * @mxcsr: vmxl_uarea_layout.mxcsr
 * @ldx: enum vmxl_ldx: how the last LDX was done; RESERVE: vcpu->resv says whether it still
 *	holds, NONE: it does not
 * @ldx_val: what the LDX of a pair read, extended
 * @win_end: VMXL_WIN_END
 * @win_missed: what translated code did not find a region of; VMXL_WIN_FOUND: nothing
 * @tmp: the interpreter's values
 * @win_mask: ~0 << VMXL_WIN_BITS, next to the registers that it is used with
 * @guest: the guest's registers, laid out by guest/<isa>
 * @view: by vmxl_guest.view(); written by the kernel only
 */
struct vmxl_gstate {
	u64 jctx;
	u64 pc;
	u64 icount;
	u64 fp_flags;
	u64 high_base;
	u64 fd;
	u32 exit_id;
	u32 mxcsr[3];
	u64 ldx;
	u64 ldx_val;
	u64 win_end;
	u64 win_missed;
	u64 reserved[20];
	u64 tmp[VMXL_GS_NTMP];
	u64 win_mask;
	u64 guest[VMXL_GS_NGUEST];
	struct vmxl_view view[VMXL_NR_VIEWS];
};

#define VMXL_WIN_FOUND	(1ULL << 63)	/* no address */

#define VMXL_SLOT(member)	(offsetof(struct vmxl_gstate, member) / 8)
#define VMXL_SLOT_TMP		VMXL_SLOT(tmp)
#define VMXL_SLOT_GUEST		VMXL_SLOT(guest)
#define VMXL_SLOT_NR		(sizeof(struct vmxl_gstate) / 8)

/*
 * Whether someone wants the vCPU to leave guest code: the first word of struct
 * vmxl_run, immediate_exit and kick. What runs guest code looks at both at once.
 */
static inline bool vmxl_kicked(const struct vmxl_gstate *gs)
{
	return READ_ONCE(*(const u32 *)((const u8 *)gs - PAGE_SIZE));
}

/*
 * What to do next: the return contract of everything that runs on behalf of
 * a guest instruction (memory slow paths, helpers, trap delivery).
 */
enum vmxl_act {
	VMXL_ACT_NEXT,		/* done, go on with the next op */
	VMXL_ACT_LEAVE,		/* gstate.pc was redirected (a trap): dispatch anew */
	VMXL_ACT_EXIT,		/* back to user space; run->exit_reason says why */
};

/* vcpu->requests: carried out by the vCPU's own thread before it runs guest code */
#define VMXL_REQ_TLB_FLUSH	0	/* drop the whole software TLB and jump cache */
#define VMXL_REQ_TLB_PROTECT	1	/* drop writable entries (dirty log, code pages) */
#define VMXL_REQ_JCACHE		2	/* drop the jump cache */
#define VMXL_REQ_GUEST		8	/* 8 and up: the guest's own */

/* A device access that left for user space and is to be completed on return. */
struct vmxl_mmio {
	u64 gpa;
	u64 pc;			/* instruction that is to be executed again */
	u8 data[16];
	u8 len;
	bool is_write;
	bool pending;		/* handed out: the next RUN completes it */
	bool done;		/* completed: the instruction's access takes it */
};

/**
 * struct vmxl_wait - what a vCPU waits for that gave its turn away: for a word to change
 * @p: the word; NULL: nothing is known. Right until VMXL_REQ_TLB_FLUSH is done
 * @val: what was there
 * @size: 4 or 8 bytes
 */
struct vmxl_wait {
	const void *p;
	u64 val;
	unsigned int size;
};

/**
 * struct vmxl_vcpu - a virtual CPU
 * @mutex: held by each vCPU ioctl for its whole length; protects all but
 *	@requests, @run->kick, @wq and what the guest's own locks protect
 * @gs, @run: in one piece of memory, struct vmxl_uarea
 * @requests: VMXL_REQ_* bits, set by anyone (vmxl_vcpu_request())
 * @resv: guest physical address that LDX reserved the line of, or VMXL_NO_RESV
 *	(protected by vm->resv_lock[])
 * @as: address space numbers (vmxl_tlb_as()) of reads, writes and fetches
 * @as_unpriv: that of unprivileged accesses (VMXL_MEM_UNPRIV)
 * @win: windows, vmxl_window_select(); @regions: window_region.c
 * @arch: the guest's private part
 */
struct vmxl_vcpu {
	struct vmxl_vm *vm;
	u32 id;
	u32 mp_state;		/* VMXL_MP_*, READ_ONCE/WRITE_ONCE, under arch rules */
	struct mutex mutex;
	struct vmxl_gstate *gs;
	struct vmxl_run *run;
	struct vmxl_entry *entry;
	unsigned long requests;
	wait_queue_head_t wq;
	u64 paused_at;		/* vmxl_vcpu_paused() was called last */
	u64 spins_since;	/* it has begun to wait in a loop */
	spinlock_t task_lock;	/* reading @task from other threads, and writing it */
	struct task_struct *task;	/* whose RUN was last, with a reference; not a worker */
	u64 delay, stolen;	/* what it waited for its CPU; that of all threads, in ns */
	bool spins;		/* its thread lets others on now */
	u8 yield;		/* VMXL_YIELD_*: the run loop is to ask for another vCPU */
	bool in_guest;		/* may execute guest code before it looks at @requests again */
	u32 debug;		/* VMXL_DEBUG_* */
	u32 last_exit;		/* VMXL_EXIT_* of the last RUN, as far as the next one completes it */

	/* workers' VMs: worker.c */
	struct vmxl_sched_ent se;
	struct vmxl_worker *worker;	/* has it; who makes it NULL puts it back */
	atomic_t wanted;	/* ioctls of its own that wait for it, or have it */
	bool asleep;		/* its halt was traced, the wake that ends it not yet */

	struct vmxl_tlb *tlb;
	u32 as[3];		/* by enum vmxl_access */
	u32 as_unpriv;
	struct vmxl_window_use win;
	struct vmxl_win_table *regions;
	struct vmxl_jcache *jcache;
	u32 limit;		/* key.limit of the next block: 1 single-steps */
	struct vmxl_ir *ir;	/* scratch unit of the translator */
	struct vmxl_icode *icode;	/* scratch memory of instruction selection */
	struct vmxl_block *cur;	/* block being interpreted */
	struct vmxl_compiler *compiler;	/* scratch memory, allocated when first used */
	struct vmxl_ujc_entry *ujc;	/* user jump cache; NULL: none. Not to be trusted */
	struct vmxl_ujc2_entry *ujc2;	/* its second level; there if @ujc is */
	u64 jctx;		/* what its tags are xored with now */
	u64 code_epoch;		/* code->epoch when translated code was entered; 0: left */
	struct vmxl_mmio mmio;
	struct vmxl_wait wait;
	u64 resv;
	u64 resv_val;		/* what LDX read there */
	bool stepping;		/* the instruction at hand was left by translated code */
	void *arch;

	/* counters, written by the vCPU's thread only */
	u64 nr_exits;
	u64 exits[VMXL_NR_EXITS];
	u64 nr_halts;
	struct vmxl_halt halt;
	u64 run_begin;		/* ktime_get_ns() of the last RUN, 0: not traced */
	u64 nr_translated;
	u64 nr_blocks_run;
	u64 nr_win_fault, nr_win_page, nr_win_huge;	/* faults in windows; what they inserted */
	u64 nr_win_ahead;	/* pages of @nr_win_page that came without one */
};

#define VMXL_NO_RESV	(~0ULL)

/* vcpu.c */
struct vmxl_vcpu *vmxl_vcpu_create(struct vmxl_vm *vm, u32 id);
void vmxl_vcpu_publish(struct vmxl_vcpu *vcpu);		/* into vm->vcpus[] */
void vmxl_vcpu_destroy(struct vmxl_vcpu *vcpu);
int vmxl_vcpu_create_fd(struct vmxl_vm *vm, unsigned long id);
void vmxl_vcpu_kick(struct vmxl_vcpu *vcpu);

/* By the vCPU's own thread: leave the block, look at everything. */
static inline void vmxl_vcpu_kick_self(struct vmxl_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->run->kick, 1);
}

void vmxl_vcpu_request(struct vmxl_vcpu *vcpu, int req);

/* vcpu->yield */
#define VMXL_YIELD_NOW	1	/* others want its thread */
#define VMXL_YIELD_SPIN	2	/* it waits for another vCPU */

void vmxl_vcpu_yield(struct vmxl_vcpu *vcpu);

/* thread.c */
void vmxl_vcpu_set_thread(struct vmxl_vcpu *vcpu);
void vmxl_vcpu_spins(struct vmxl_vcpu *vcpu);
void vmxl_vcpu_paused(struct vmxl_vcpu *vcpu, bool anew);
u64 vmxl_vcpu_stolen(struct vmxl_vcpu *vcpu);

/* vcpu_run.c; beside RUN's results: */
#define VMXL_RUN_ENTER	1	/* to translated code */
#define VMXL_RUN_HALT	2	/* the vCPU has nothing to do until it is kicked */
#define VMXL_RUN_YIELD	3	/* vcpu->yield */
#define VMXL_RUN_AGAIN	4	/* it goes on */

int vmxl_vcpu_run(struct vmxl_vcpu *vcpu);
int vmxl_vcpu_continue(struct vmxl_vcpu *vcpu);
int vmxl_vcpu_turn(struct vmxl_vcpu *vcpu);
void vmxl_vcpu_come_back(struct vmxl_vcpu *vcpu);
void vmxl_vcpu_give_up(struct vmxl_vcpu *vcpu);
enum vmxl_act vmxl_exit_internal(struct vmxl_vcpu *vcpu, u32 suberror, u64 addr);

#endif /* VMXL_VCPU_H */
