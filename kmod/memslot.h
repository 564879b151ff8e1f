/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory slots: guest physical memory that is user memory of the VM's owner.
 * A slot is accounted against RLIMIT_MEMLOCK when it is made; its pages are
 * pinned a few at a time when the guest first touches them, and stay so until
 * the slot goes or the owner takes them away (notifier.c).
 */
#ifndef VMXL_MEMSLOT_H
#define VMXL_MEMSLOT_H

#include <linux/mm.h>
#include <linux/types.h>

struct page;
struct vmxl_notifier;
struct vmxl_vm;
struct vmxl_memory_region;
struct vmxl_dirty_log;
struct vmxl_memory_range;

/* Flags of a guest page, vmxl_memslot.pflags[]; written under cache->lock */
#define VMXL_PF_CODE	(1u << 0)	/* translated blocks were made from it: stores take the slow path */
#define VMXL_PF_RESV	(1u << 1)	/* a vCPU may hold a reservation in it: no window is writable */

/**
 * struct vmxl_memslot - a memory slot; what it says never changes
 * @gpa: first guest physical address
 * @hva: first user address; @npages: pages, of 4 KiB on the host as well
 * @pages: pinned, or NULL; cmpxchg() by whoever pins first
 * @pflags: VMXL_PF_*
 * @rmap: by which windows a page may be written, mmu/window.c; NULL without windows
 * @notifier: what the owner's mm tells about @pages
 * @dirty: bitmap, or NULL; set_bit(). This and from @pages on all go over to
 *	the slot that replaces this one when it is moved or its flags change
 */
struct vmxl_memslot {
	u32 id;
	u32 flags;		/* VMXL_MEM_* */
	u64 gpa;
	u64 npages;
	u64 hva;
	struct page **pages;
	u8 *pflags;
	u64 *rmap;
	struct vmxl_notifier *notifier;
	unsigned long *dirty;
};

struct vmxl_memslots {
	unsigned int nr;
	struct vmxl_memslot *slot[];	/* sorted by gpa */
};

int vmxl_memslot_set(struct vmxl_vm *vm, const struct vmxl_memory_region *r);
int vmxl_memslot_get_dirty(struct vmxl_vm *vm, const struct vmxl_dirty_log *log);
int vmxl_memslot_written(struct vmxl_vm *vm, const struct vmxl_memory_range *range);
void vmxl_memslots_destroy(struct vmxl_vm *vm);

/* All of the following: within vm->srcu; kernel addresses are valid until it is left. */
struct vmxl_memslot *vmxl_memslot_find(struct vmxl_vm *vm, u64 gpa);

/**
 * vmxl_gpa_map() - kernel address of a guest physical page
 * @vm: the VM
 * @gpa: any address in the page
 * @slot: out: its slot, may be NULL
 *
 * Pins the page if need be.
 * Context: process context of the VM's owner, may sleep.
 * Return: the address of the page's first byte; ERR_PTR(-ENXIO) where there is
 * no slot (a device, perhaps), -EFAULT where its memory cannot be had.
 */
void *vmxl_gpa_map(struct vmxl_vm *vm, u64 gpa, struct vmxl_memslot **slot);

void vmxl_memslot_pin(struct vmxl_memslot *slot, u64 index, u64 n);
void vmxl_memslot_pin_huge(struct vmxl_memslot *slot, u64 index, u64 n);

/* Of an address in the slot: the index into what the slot has for each page */
static inline u64 vmxl_memslot_index(const struct vmxl_memslot *slot, u64 gpa)
{
	return (gpa - slot->gpa) >> PAGE_SHIFT;
}

/* Whether blocks were translated from the page: stores to it must look for them. */
static inline bool vmxl_memslot_has_code(const struct vmxl_memslot *slot, u64 gpa)
{
	return READ_ONCE(slot->pflags[vmxl_memslot_index(slot, gpa)]) & VMXL_PF_CODE;
}

/* To be called before the page is written. */
void vmxl_memslot_mark_dirty(struct vmxl_memslot *slot, u64 gpa);

/* Copies that may cross pages; -ENXIO, -EFAULT, -EROFS. */
int vmxl_gpa_read(struct vmxl_vm *vm, u64 gpa, void *dst, size_t len);
int vmxl_gpa_write(struct vmxl_vm *vm, u64 gpa, const void *src, size_t len);

#endif /* VMXL_MEMSLOT_H */
