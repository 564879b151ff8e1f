/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The vCPU's software TLB. Two levels: a direct-mapped first level for each
 * kind of access, whose hit test is one comparison in the interpreter's
 * memory ops; behind it the set-associative table that remembers permissions
 * and the guest frame. Only the vCPU's own thread touches it.
 */
#ifndef VMXL_TLB_H
#define VMXL_TLB_H

#include <linux/types.h>
#include "../guest/guest.h"

struct vmxl_memslot;

#define VMXL_PAGE_SHIFT	12
#define VMXL_PAGE_SIZE	(1UL << VMXL_PAGE_SHIFT)
#define VMXL_PAGE_MASK	(~(VMXL_PAGE_SIZE - 1))

#define VMXL_TLB_L1_BITS	8
#define VMXL_TLB_L1		(1u << VMXL_TLB_L1_BITS)
#define VMXL_TLB_SETS		256
#define VMXL_TLB_WAYS		4

/*
 * Low bits of a tag: the address space number; ~0 is never a valid tag. Bits
 * 0..2 of a number are 0: the fast path leaves an address's low bits in what it
 * compares, so that a misaligned access misses at no cost.
 */
#define VMXL_TLB_AS_NR(index)	((u32)(index) << 4 | 8)
#define VMXL_TLB_AS_INDEX(as)	(((as) & ~VMXL_PAGE_MASK) >> 4)
#define VMXL_TLB_MAX_AS		0xff8u

struct vmxl_tlb_l1 {
	u64 tag;		/* gva page | address space, see vmxl_tlb_tag() */
	u64 addend;		/* kernel address = gva + addend */
};

struct vmxl_tlb_entry {
	u64 tag;		/* gva page | as; invalid: ~0 */
	u64 gpa;		/* guest frame's address */
	u64 stamp;		/* of the walk: vmxl_window_stamp() */
	void *kaddr;		/* page's kernel address; NULL: a device */
	struct vmxl_memslot *slot;
	u8 perms;		/* 1 << enum vmxl_access */
	u8 shift;		/* of the guest's mapping: a flush of any part drops it */
	u8 flags;		/* VMXL_TLBF_* */
	u8 used;		/* for replacement */
	u8 around;		/* struct vmxl_walk: @around */
};

#define VMXL_TLBF_GLOBAL	(1u << 0)
#define VMXL_TLBF_DIRTY		(1u << 1)	/* page is marked dirty, writes need no slow path */
#define VMXL_TLBF_UNPRIV	(1u << 2)	/* struct vmxl_walk: @unpriv */

/* An address space number stands for one root and view of the guest's. */
struct vmxl_tlb_as {
	u64 root;		/* the guest's own: page-table root, ASID, mode, ... */
	u32 asid;
	u16 view;		/* the guest's own: privilege, SUM, MXR, ... */
	u16 used;		/* the TLB's: leave 0 */
};

#define VMXL_TLB_NR_AS		256	/* a power of two, at most 256 */
#define VMXL_ASID_ALL		(~0u)

/* From @lo to @hi, inclusive */
struct vmxl_tlb_range {
	u64 lo, hi;
};

/**
 * struct vmxl_tlb - the software TLB of a vCPU
 * @l1: first level, by enum vmxl_access READ, WRITE, EXEC
 * @set: second level, by virtual page number
 * @hand: where replacement goes on in a set
 * @once: an entry that holds for one access only
 * @as: address spaces in use, a hash table; see VMXL_TLB_AS_NR
 * @large: virtual addresses that large mappings in here cover, of either half
 * @large_code: of these, executable ones
 */
struct vmxl_tlb {
	struct vmxl_tlb_l1 l1[3][VMXL_TLB_L1];
	struct vmxl_tlb_entry set[VMXL_TLB_SETS][VMXL_TLB_WAYS];
	struct vmxl_tlb_as as[VMXL_TLB_NR_AS];
	unsigned int nr_as;
	struct vmxl_tlb_range large[2], large_code[2];
	u8 hand[VMXL_TLB_SETS];
	struct vmxl_tlb_entry once;
	u64 nr_l1_miss, nr_miss, nr_flush, nr_flush_page, nr_dropped;
};

static inline u64 vmxl_tlb_tag(u64 gva, u32 as)
{
	return (gva & VMXL_PAGE_MASK) | as;
}

static inline unsigned int vmxl_tlb_l1_index(u64 gva)
{
	return (gva >> VMXL_PAGE_SHIFT) & (VMXL_TLB_L1 - 1);
}

/* The ASID of the address space with this number */
static inline u32 vmxl_tlb_asid(const struct vmxl_tlb *tlb, u32 as)
{
	return tlb->as[VMXL_TLB_AS_INDEX(as)].asid;
}

struct vmxl_tlb *vmxl_tlb_create(void);
void vmxl_tlb_destroy(struct vmxl_tlb *tlb);

/*
 * The number of an address space, in 8..VMXL_TLB_MAX_AS. Running out of
 * numbers flushes the TLB; the caller asks again for all that it uses then:
 * numbers are asked for in one call.
 */
void vmxl_tlb_as(struct vmxl_vcpu *vcpu, const struct vmxl_tlb_as *as, u32 *nr, unsigned int n);

struct vmxl_tlb_entry *vmxl_tlb_lookup(struct vmxl_vcpu *vcpu, u64 gva, u32 as);
struct vmxl_tlb_entry *vmxl_tlb_insert(struct vmxl_vcpu *vcpu, u64 gva, u32 as,
				       const struct vmxl_walk *w);
void vmxl_tlb_fill(struct vmxl_vcpu *vcpu, u64 gva, struct vmxl_tlb_entry *e,
		   enum vmxl_access access);

/*
 * Flushes. What drops an executable mapping drops the jump cache too; where
 * nothing stale is in the TLB they cost a set look-up. @asid VMXL_ASID_ALL
 * drops global mappings as well, a single ASID leaves them. The vCPU's windows
 * lose what it flushes; process context, then.
 */
void vmxl_tlb_flush(struct vmxl_vcpu *vcpu);
void vmxl_tlb_flush_asid(struct vmxl_vcpu *vcpu, u32 asid);
void vmxl_tlb_flush_page(struct vmxl_vcpu *vcpu, u64 gva, u32 asid);
void vmxl_tlb_flush_writable(struct vmxl_vcpu *vcpu);

/* The same for a fence whose sender sees to the windows: vmxl_window_fence_*() */
void vmxl_tlb_forget(struct vmxl_vcpu *vcpu);
void vmxl_tlb_forget_asid(struct vmxl_vcpu *vcpu, u32 asid);
void vmxl_tlb_forget_page(struct vmxl_vcpu *vcpu, u64 gva, u32 asid);
void vmxl_tlb_protect(struct vmxl_vcpu *vcpu, u64 gpa);

#endif /* VMXL_TLB_H */
