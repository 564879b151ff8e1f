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

#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include "../host/host.h"

struct vmxl_block;
struct vmxl_code;
struct vmxl_compiler;
struct vmxl_log;
struct vmxl_vcpu;
struct vmxl_vm;

#define VMXL_LINE_SHIFT	7	/* unit of allocation; a block's number is its first line's */

/**
 * struct vmxl_hblock - the host's code of a block
 * @block: whose it is; NULL once it was taken away
 * @at: offset of the first byte in the region, a line's
 * @len: bytes; @entry: offset in them
 * @size: bytes of memory, this included
 * @cold: nothing leads to it: reclaim has seen to that, and takes it the next time
 * @in_ujc: a user jump cache may have it
 * @nr_left: accesses in it that were left to the interpreter
 * @list: in code->clock or code->limbo
 * @epoch: in limbo: of when it was taken away
 * @pc: guest address of the unit; @exit_pc: of where its exits go, which may be
 *	more than block->links
 * @content: what the code was made of, vmxl_content_key()
 * @exits: by number, as block->links; @insns: in the order of their host offsets
 * @relocs: what in the code is for this place: it can be put elsewhere, also in another VM's
 */
struct vmxl_hblock {
	struct vmxl_code *code;
	struct vmxl_block *block;
	struct list_head list;
	struct rcu_head rcu;
	u64 epoch;
	u64 pc;
	u32 at;
	u32 len;
	u32 entry;
	u32 size;
	bool cold, in_ujc;
	u8 nr_left;
	u16 nr_insns;
	u16 nr_exits;
	u16 nr_relocs;
	u64 content;
	u64 *exit_pc;
	struct vmxl_hexit *exits;
	struct vmxl_hreloc *relocs;
	struct vmxl_hinsn insns[];
};

/* An entry of the user jump cache. An empty one leads to the stub for misses. */
struct vmxl_ujc_entry {
	u64 tag, host;
};

/**
 * struct vmxl_code - code of a VM
 * @x: address of the region in the owner's address space; 0: none, nothing is compiled
 * @size: bytes of address space, all of which code may fill
 * @ready: the stubs are written: blocks may be compiled
 * @used: bytes of lines in use, those that wait for vCPUs included
 * @hand: line where the search for free ones goes on
 * @stub: offsets of the common stubs, which are @stub_len bytes
 * @epoch: counts what was taken away; vcpu->code_epoch is what it was at entry
 * @page: pages of the region, as far as they are needed. Set by cmpxchg() by who
 *	has lines in it; taken away when nobody has, under cache->lock and the page's
 * @map: lines in use; @line: whose they are
 * @clock: struct vmxl_hblock that blocks have; the first is looked at next
 * @limbo: struct vmxl_hblock: taken away, lines not free yet; by epoch
 * @nr_failed: blocks left to the interpreter for good; @nr_again: for want of room
 * @guest_bytes: of all blocks that were compiled; @host_bytes: what became of them
 * All but @page's and @line's readers: under cache->lock
 */
struct vmxl_code {
	struct vmxl_vm *vm;
	u64 x;
	size_t size, used;
	bool ready;
	u32 hand;
	u32 stub[VMXL_STUB_NR];
	u32 stub_len;
	u64 epoch;
	struct page **page;
	unsigned long *map;
	struct vmxl_hblock **line;
	struct list_head clock;
	struct list_head limbo;
	u64 nr_compiled, nr_failed, nr_again, nr_reclaimed;
	u64 guest_bytes, host_bytes;
	u64 ns;				/* spent compiling */
	struct vmxl_log *log;		/* NULL: nobody has asked for it */
};

/* The host that this is built for; NULL: there is no back-end */
extern const struct vmxl_host *const vmxl_host;

struct vmxl_code *vmxl_code_create(struct vmxl_vm *vm);
void vmxl_code_destroy(struct vmxl_code *code);

/*
 * The region's mapping is code->size bytes at code->x, which is set by whoever
 * maps it; vmxl_code_fault() is its fault handler. Then vmxl_code_ready(), once:
 * writes the stubs, empties the user jump caches that there are; 0 or -ENOMEM: may be
 * called again. A vCPU that comes later begins with vmxl_ujc_flush().
 */
vm_fault_t vmxl_code_fault(struct vmxl_code *code, struct vm_fault *vmf);
int vmxl_code_ready(struct vmxl_code *code);

/*
 * Compile a block: translate anew, optimise, lower, enter, link. compile.c
 * Context: vCPU's thread, at the block (its key, its address space), not in
 * translated code, within vm->srcu, may sleep.
 * Return: 0, or why not: the block stays with the interpreter, for good (its
 * heat is VMXL_HEAT_NEVER) but for -EAGAIN, -ENOMEM.
 */
int vmxl_compile(struct vmxl_vcpu *vcpu, struct vmxl_block *b);
void vmxl_compiler_destroy(struct vmxl_compiler *c);

/*
 * What compile.c does to the region: lines for @len bytes, into which a block is
 * written and then published, or which are put back.
 * vmxl_code_reserve(): offset of the first, a number of VMXL_LINE_SHIFT; -EAGAIN
 * vmxl_code_publish(): @h is the block's from now on, unless that has died
 * (-EAGAIN) or has code already (-EEXIST): lines and @h are gone then.
 */
long vmxl_code_reserve(struct vmxl_code *code, size_t len);
void vmxl_code_unreserve(struct vmxl_code *code, u32 at, size_t len);
int vmxl_code_write(struct vmxl_code *code, u32 at, const void *src, size_t len);
void vmxl_code_read(struct vmxl_code *code, u32 at, void *dst, size_t len);
int vmxl_code_publish(struct vmxl_code *code, struct vmxl_hblock *h, struct vmxl_block *b);

/* Give back pages without code. Any context that may sleep, memory reclaim's, too. */
unsigned long vmxl_code_trim(struct vmxl_code *code);

/* Whose code is at address @ip of the owner's; NULL: nobody's. Within vm->srcu. */
struct vmxl_hblock *vmxl_code_find(struct vmxl_code *code, u64 ip);
struct vmxl_hblock *vmxl_code_by_id(struct vmxl_code *code, u32 id);

/*
 * An access in @h was left to the interpreter, which costs far more than to
 * interpret all of it: a block where that happens often is interpreted for a while.
 */
void vmxl_code_left(struct vmxl_code *code, struct vmxl_hblock *h);

/* The guest pc at @ip, and how many instructions of the block come before it. */
u64 vmxl_code_pc(const struct vmxl_code *code, const struct vmxl_hblock *h, u64 ip, u32 *ninsn);

static inline u64 vmxl_code_entry(const struct vmxl_code *code, const struct vmxl_hblock *h)
{
	return code->x + h->at + h->entry;
}

/*
 * The address to enter a block at, or 0: it has no code. After vmxl_code_enter(),
 * which keeps what is found from going.
 */
u64 vmxl_code_target(struct vmxl_code *code, struct vmxl_block *b);

/* The user jump cache: under cache->lock, so that no entry outlives its block. */
void vmxl_ujc_add(struct vmxl_vcpu *vcpu, struct vmxl_block *b);
void vmxl_ujc_flush(struct vmxl_vcpu *vcpu);

/*
 * Before translated code is entered and after it was left, by the vCPU's thread:
 * between the two no line is used again that was in use at the first.
 */
void vmxl_code_enter(struct vmxl_vcpu *vcpu);
void vmxl_code_leave(struct vmxl_vcpu *vcpu);

/*
 * Called by the block cache, under cache->lock; @from->links[@exit].to is @to.
 * drop: the block's links are still there; its code may go without it. cool: is
 * the code out of use? Said of one that nothing has led to since it was asked last.
 */
void vmxl_code_link(struct vmxl_block *from, unsigned int exit, struct vmxl_block *to);
void vmxl_code_drop(struct vmxl_code *code, struct vmxl_block *b);
bool vmxl_code_cool(struct vmxl_block *b);

/* Of a vCPU; fixed at build time */
extern const struct vmxl_uarea_layout vmxl_uarea_layout;
void vmxl_code_args(const struct vmxl_vm *vm, struct vmxl_compile_args *args);

#endif /* VMXL_CODE_H */
