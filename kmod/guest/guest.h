/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a guest instruction set provides: one struct vmxl_guest, defined in
 * guest/<isa>/<isa>.c. Nothing outside that folder knows more about it.
 * Documentation/adding-a-guest.rst.
 */
#ifndef VMXL_GUEST_H
#define VMXL_GUEST_H

#include <linux/types.h>
#include "../ir/ir.h"
#include "../vcpu.h"

struct vmxl_vm;
struct vmxl_reg_list;

/* What a translation depends on beside the bytes that it was made from. */
struct vmxl_key {
	u64 pc;			/* guest virtual address */
	u32 flags;		/* the guest's own: mode, FP state, rounding mode, extensions, ... */
	u32 limit;		/* most instructions in the block; 0: as many as fit */
};

/* Result of a page-table walk: a mapping of (1 << shift) bytes around gva */
struct vmxl_walk {
	u64 gpa;		/* of the address asked for */
	u64 stamp;		/* in: vmxl_window_stamp() */
	u8 len;			/* in: bytes of the access, as far as they are in the page; 0: one */
	bool peek;		/* in: nothing is written; what would have to be is a fault */
	u8 shift;		/* 12 and up; PMP or the like may make it smaller than the PTE's */
	u8 perms;		/* bits 1 << enum vmxl_access that the view asked for has */
	bool global;		/* valid in every address space */
	bool unpriv;		/* the unprivileged mode may access it, too, with these @perms */
	u8 around;		/* @perms hold for 1 << @around bytes around, of the mapping */
	u32 run;		/* with @peek: from gva on so many pages are mapped alike, in a row */
	bool device;		/* non-cacheable or I/O memory type */
	bool nocache;		/* holds for this access only (a page that PMP divides) */
};

/* A helper that the IR's CALL reaches. @ret may be NULL for none. */
typedef enum vmxl_act (*vmxl_helper_fn)(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c);

struct vmxl_helper {
	const char *name;
	vmxl_helper_fn fn;
};

/* Named guest state slot, for the IR's text form and for dumps */
struct vmxl_slot_name {
	const char *name;
	u16 slot;		/* VMXL_SLOT_GUEST + n */
};

/**
 * struct vmxl_translate - a translator's argument
 * @vcpu: for vmxl_fetch16() only; translation depends on nothing but the key and the bytes
 * @ir: out: the unit
 * @key: what it is translated for
 * @max_insns: most guest instructions
 * @page_end: first address of the next page: an instruction that begins before
 *	it may cross it, and then is the last; none begins at or after it
 * @quiet: deliver no trap: LEAVE if the first instruction cannot be fetched
 */
struct vmxl_translate {
	struct vmxl_vcpu *vcpu;
	struct vmxl_ir *ir;
	struct vmxl_key key;
	u32 max_insns;
	u64 page_end;
	bool quiet;
};

/**
 * struct vmxl_guest - a guest instruction set
 * @name: folder name, as users write it
 * @isa: VMXL_ISA_*
 * @tick_ns: ns of a tick of its clock; a millisecond is a multiple of it
 * @helpers: table of @nr_helpers, named by CALL's imm
 * @vm_init: allocate vm->arch; @vm_destroy frees it
 * @vcpu_init: allocate vcpu->arch, bring gstate to reset; @vcpu_destroy frees it
 * @key: the key of the block to execute next
 * @window: where the accesses of a unit of key.flags go
 * @translate: fill in t->ir from t->key.pc on; VMXL_ACT_NEXT, or the trap of
 *	fetching the very first instruction was delivered (LEAVE, EXIT)
 * @walk: translate @gva for @access as the current view (@unpriv: the
 *	unprivileged one) has it, setting accessed and dirty bits as the guest
 *	asked for; 0, or a guest fault code above 0 for @fault
 * @fault: deliver the guest exception for a failed access at gstate.pc
 * @trap: deliver exception @code with @val at gstate.pc (the IR's TRAP, ...)
 * @poll: before guest code runs: carry out guest requests, take a pending
 *	interrupt; LEAVE and NEXT both mean go on, EXIT: out to user space
 * @runnable: a halted vCPU has a reason to wake
 * @halted: the vCPU waits for an interrupt
 * @irq: drive the vCPU's external interrupt input @line (controller to vCPU)
 * @get_reg, @set_reg: ONE_REG by id, -ENOENT for an unknown one, -EINVAL for a bad value
 * @reg_list: write ids to @ids (NULL: only count), return their number
 * @sbi_complete: a firmware call that user space carried out returns (may be NULL)
 * @sync: guest code may have changed the registers that the view of memory depends on:
 *	bring vcpu->as and the like up to date. From the fault handler, too: does not sleep
 * @view: the present view's number, below VMXL_NR_VIEWS, as SWITCH has it, or -1: the run
 *	loop is to be asked each time; @sig: what a view's key depends on beside its
 *	number (may be NULL)
 * @critical: where the vCPU is, it may have what others wait for (may be NULL)
 * @preempted: a worker gives the vCPU up, which could go on (may be NULL)
 */
struct vmxl_guest {
	const char *name;
	u32 isa;
	u32 tick_ns;
	const struct vmxl_helper *helpers;
	unsigned int nr_helpers;
	const struct vmxl_slot_name *slots;	/* ends with a NULL name */
	unsigned int nr_slots;			/* guest slots in use, from VMXL_SLOT_GUEST */
	const u16 *hot;				/* slots by their heat: what to keep in registers */
	unsigned int nr_hot;

	int (*vm_init)(struct vmxl_vm *vm);
	void (*vm_destroy)(struct vmxl_vm *vm);
	int (*vcpu_init)(struct vmxl_vcpu *vcpu);
	void (*vcpu_destroy)(struct vmxl_vcpu *vcpu);

	void (*key)(struct vmxl_vcpu *vcpu, struct vmxl_key *key);
	enum vmxl_window_kind (*window)(u32 flags);
	enum vmxl_act (*translate)(struct vmxl_translate *t);
	int (*walk)(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access, bool unpriv,
		    struct vmxl_walk *w);
	enum vmxl_act (*fault)(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access, int code);
	enum vmxl_act (*trap)(struct vmxl_vcpu *vcpu, u32 code, u64 val);
	enum vmxl_act (*poll)(struct vmxl_vcpu *vcpu);
	bool (*runnable)(struct vmxl_vcpu *vcpu);
	bool (*halted)(struct vmxl_vcpu *vcpu);
	void (*irq)(struct vmxl_vcpu *vcpu, unsigned int line, bool level);

	int (*get_reg)(struct vmxl_vcpu *vcpu, u64 id, u64 *val);
	int (*set_reg)(struct vmxl_vcpu *vcpu, u64 id, u64 val);
	unsigned int (*reg_list)(struct vmxl_vcpu *vcpu, u64 *ids);
	void (*sbi_complete)(struct vmxl_vcpu *vcpu);
	void (*sync)(struct vmxl_vcpu *vcpu);
	int (*view)(struct vmxl_vcpu *vcpu, u64 *sig);
	bool (*critical)(struct vmxl_vcpu *vcpu);
	void (*preempted)(struct vmxl_vcpu *vcpu);
};

/* Fault codes of walk() that every guest shares; below them, the guest's own (1..255) */
#define VMXL_FAULT_BUS		256	/* nothing there, or the bus refused */
#define VMXL_FAULT_ALIGN	257	/* misaligned where alignment is required */

/* guest/guest.c: NULL if this build has no such guest */
const struct vmxl_guest *vmxl_guest_find(u32 isa);

#endif /* VMXL_GUEST_H */
