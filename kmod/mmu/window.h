/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: parts of the owner's address space that show guest virtual
 * memory, so that a guest access is one host access. What is in a window is a
 * copy of what the software TLB said; it is filled by page faults and zapped by
 * whatever drops TLB entries.
 */
#ifndef VMXL_WINDOW_H
#define VMXL_WINDOW_H

#include <linux/mm_types.h>
#include <linux/types.h>
#include "../host/host.h"

struct vm_fault;
struct vmxl_memslot;
struct vmxl_vcpu;
struct vmxl_vm;
struct vmxl_windows;

struct vmxl_windows *vmxl_windows_create(struct vmxl_vm *vm);
void vmxl_windows_destroy(struct vmxl_windows *ws);

/* Regions of the lower half that a vCPU may have in use; programs have three or four */
#define VMXL_WIN_MAX_REGIONS	8

/**
 * struct vmxl_window_use - the windows that a vCPU has in use
 * @low: base for addresses from 0 on; @high: base for negative ones, which is
 *	the host's address of guest address 0 as well. 0: none
 * @n: number of the low window, 0: none; it is not given to another address
 *	space while a vCPU uses it
 * @kind: what the last vmxl_window_select() was for: translated code may use these
 * @root: address space of @region, with @asid
 * @region: numbers of the low windows of regions, as @n; 0: none. The
 *	@next is given up for another
 * @ahead: pages that may yet be inserted before they are faulted for
 * @wanted: page of the last store that was a fault of the guest's, and VMXL_WIN_WANTED
 */
struct vmxl_window_use {
	u64 low, high;
	unsigned int n;
	enum vmxl_window_kind kind;
	u64 root;
	u32 asid;
	u16 region[VMXL_WIN_MAX_REGIONS];
	unsigned int next;
	unsigned int ahead;
	u64 wanted;
};

#define VMXL_WIN_WANTED	1

/*
 * Bring vcpu->win up to date with vcpu->as[] and the kind of window that the
 * next block has. false: there is no window to be had, the interpreter goes on.
 * Context: the vCPU's thread in an ioctl, may sleep (creates mappings).
 */
bool vmxl_window_select(struct vmxl_vcpu *vcpu, enum vmxl_window_kind kind);

/*
 * The same after translated code has changed its view by itself: to one that it had
 * before, whose windows are still in use. Does not sleep.
 */
bool vmxl_window_again(struct vmxl_vcpu *vcpu);

/* A new vCPU has no regions. -ENOMEM */
int vmxl_window_init(struct vmxl_vcpu *vcpu);
void vmxl_window_destroy(struct vmxl_vcpu *vcpu);

/* A page fault in a vCPU's table of regions, at @off of it: map.c's */
vm_fault_t vmxl_window_table_fault(struct vmxl_vcpu *vcpu, struct vm_fault *vmf, u64 off);

/* Translated code has left for want of a region: get it. Context: as above. */
void vmxl_window_missed(struct vmxl_vcpu *vcpu);
void vmxl_window_put(struct vmxl_vcpu *vcpu);		/* the vCPU goes */

enum vmxl_wfault {
	VMXL_WFAULT_DONE,	/* inserted, or somebody else did: try again */
	VMXL_WFAULT_STEP,	/* not memory that a window may show: interpret the instruction */
	VMXL_WFAULT_SLEEP,	/* has to be walked for where sleeping is allowed: vmxl_window_walk() */
};

/* Whether @addr is in a window of @vcpu that translated code of it may use now; @gva: out. */
bool vmxl_window_gva(struct vmxl_vcpu *vcpu, u64 addr, u64 *gva);

/*
 * A translated access to @gva faulted. @vmf: where it was; the mapping
 * is stable, and vmf->address is where vmxl_map() put the byte that the mapping's
 * offset there stands for. Looks only at the TLB and inserts what is there, with
 * some of its neighbours. Also what a write to a page that is mapped read-only
 * comes to (vm_ops->pfn_mkwrite): the page is inserted anew then.
 * Context: the vCPU's thread, mmap_lock held, by a page fault of translated code.
 */
enum vmxl_wfault vmxl_window_fault(struct vmxl_vcpu *vcpu, struct vm_fault *vmf, u64 gva,
				   bool write);

/*
 * Walk for @gva and enter the result into the TLB, delivering no fault.
 * Context: the vCPU's thread, within vm->srcu, may sleep, without mmap_lock.
 * DONE: vmxl_window_fault() will insert it; STEP: the interpreter has to do it.
 */
enum vmxl_wfault vmxl_window_walk(struct vmxl_vcpu *vcpu, u64 gva, bool write);

/*
 * A store to @gva is a fault of the guest's; and the guest made a fence for an address: if
 * that page is mapped now the store is about to come again, and is to find it.
 * Context: the vCPU's thread; the second within vm->srcu, may sleep, without mmap_lock.
 */
void vmxl_window_want(struct vmxl_vcpu *vcpu, u64 gva);
void vmxl_window_mapped(struct vmxl_vcpu *vcpu, u64 gva);

/* What a struct vmxl_walk is to be stamped with before its walk begins */
u64 vmxl_window_stamp(struct vmxl_vm *vm);

/*
 * What the TLB's flushes do to windows: @vcpu sees no more of what it flushed.
 * @asid as there. May sleep.
 */
void vmxl_window_zap_page(struct vmxl_vcpu *vcpu, u64 gva, u32 asid);
void vmxl_window_zap_asid(struct vmxl_vcpu *vcpu, u32 asid);

/* For a fence of any number of vCPUs: none of them sees more of it. May sleep. */
void vmxl_window_fence_page(struct vmxl_vm *vm, u64 gva, u32 asid);
void vmxl_window_fence_asid(struct vmxl_vcpu *vcpu, u32 asid);

/* Nobody has access by a window to anything that was in it at the call when this returns. */
void vmxl_window_zap_all(struct vmxl_vm *vm);

/*
 * No store to the page by a window after this returns (it holds code now, or
 * writes to it are to be logged); all pages of a slot.
 */
void vmxl_window_protect(struct vmxl_vm *vm, struct vmxl_memslot *slot, u64 gpa);
void vmxl_window_protect_slot(struct vmxl_vm *vm, struct vmxl_memslot *slot);

#endif /* VMXL_WINDOW_H */
