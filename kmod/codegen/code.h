/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Translated code of a VM: a region of the owner's address space, read and
 * execute there, that only the module writes to, by the kernel's addresses of
 * its pages. A block's code is a run of lines in it. A line that code was
 * taken from is used again only when every vCPU that might still be within it
 * has come back.
 */
#ifndef VMXL_CODE_H
#define VMXL_CODE_H

#include <linux/mm_types.h>
#include <linux/types.h>
#include "../host/host.h"

struct vmxl_block;
struct vmxl_cache;
struct vmxl_vcpu;
struct vmxl_vm;

#define VMXL_LINE_SHIFT	7	/* unit of allocation; a block's number is its first line's */

/**
 * struct vmxl_hblock - the host's code of a block
 * @block: whose it is; NULL once it was taken away
 * @at: offset of the first byte in the region, a line's
 * @len: bytes; @entry: offset in them
 * @exits: by number, as block->links; @insns: in the order of their host offsets
 */
struct vmxl_hblock {
	struct vmxl_block *block;
	struct list_head limbo;
	u64 epoch;
	u32 at;
	u32 len;
	u32 entry;
	u16 nr_insns;
	u16 nr_exits;
	struct vmxl_hexit *exits;
	struct vmxl_hinsn insns[];
};

/**
 * struct vmxl_code - code of a VM
 * @x: address of the region in the owner's address space; 0: none, nothing is compiled
 * @size: bytes of address space; @limit: bytes of code that may be kept
 * @used: bytes of lines in use, those that wait for vCPUs included
 * @stub: offsets of the common stubs
 * @epoch: counts what was taken away; vcpu->code_epoch is what it was at entry
 * @page: pages of the region, as far as they were needed
 * @map: lines in use; @line: whose they are
 * @limbo: struct vmxl_hblock: taken away, lines not free yet
 * All but @page's and @line's readers: under cache->lock
 */
struct vmxl_code {
	struct vmxl_vm *vm;
	u64 x;
	size_t size, limit, used;
	u32 stub[VMXL_STUB_NR];
	u64 epoch;
	struct page **page;
	unsigned long *map;
	struct vmxl_hblock **line;
	struct list_head limbo;
	u64 nr_compiled, nr_failed, nr_reclaimed;
	u64 guest_bytes, host_bytes;
	u64 ns;				/* spent compiling */
};

struct vmxl_code *vmxl_code_create(struct vmxl_vm *vm);
void vmxl_code_destroy(struct vmxl_code *code);

/*
 * The region's mapping: mmap_prepare is called by the VM file's mmap for the
 * region's offset, fault by its vm_ops. vmxl_code_ready() is called once, after
 * code->x was set: writes the stubs.
 */
vm_fault_t vmxl_code_fault(struct vmxl_code *code, struct vm_fault *vmf);
int vmxl_code_ready(struct vmxl_code *code);

/*
 * Compile a block: translate anew, optimise, lower, enter, link.
 * Context: vCPU's thread, within vm->srcu, may sleep. 0, or why not: the block
 * stays with the interpreter then (-EAGAIN: try again later).
 */
int vmxl_compile(struct vmxl_vcpu *vcpu, struct vmxl_block *b);

/* Whose code is at address @ip of the owner's; NULL: nobody's. Within vm->srcu. */
struct vmxl_hblock *vmxl_code_find(struct vmxl_code *code, u64 ip);
struct vmxl_hblock *vmxl_code_by_id(struct vmxl_code *code, u32 id);

/* The guest pc at @ip, and how many instructions of the block come before it. */
u64 vmxl_code_pc(const struct vmxl_code *code, const struct vmxl_hblock *h, u64 ip, u32 *ninsn);

static inline u64 vmxl_code_entry(const struct vmxl_code *code, const struct vmxl_hblock *h)
{
	return code->x + h->at + h->entry;
}

/* The user jump cache: under cache->lock, so that no entry outlives its block. */
void vmxl_ujc_add(struct vmxl_vcpu *vcpu, struct vmxl_block *b);
void vmxl_ujc_flush(struct vmxl_vcpu *vcpu);

/*
 * Before translated code is entered and after it was left, by the vCPU's thread:
 * between the two no line is used again that was in use at the first.
 */
void vmxl_code_enter(struct vmxl_vcpu *vcpu);
void vmxl_code_leave(struct vmxl_vcpu *vcpu);

/* Called by the block cache, under cache->lock. */
void vmxl_code_link(struct vmxl_block *from, unsigned int exit, struct vmxl_block *to);
void vmxl_code_unlink(struct vmxl_block *from, unsigned int exit);
void vmxl_code_drop(struct vmxl_code *code, struct vmxl_block *b);

/* Of a vCPU; fixed at build time */
extern const struct vmxl_uarea_layout vmxl_uarea_layout;
void vmxl_code_args(const struct vmxl_vm *vm, struct vmxl_compile_args *args);

#endif /* VMXL_CODE_H */
