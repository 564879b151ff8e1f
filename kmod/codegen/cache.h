/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The VM's cache of translated blocks. A block is found by its key and the
 * guest physical address of its bytes. Look-ups are lock-free within vm->srcu;
 * insertion, linking and invalidation hold cache->lock; memory is freed after
 * a grace period of vm->srcu.
 */
#ifndef VMXL_CACHE_H
#define VMXL_CACHE_H

#include <linux/bitmap.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/srcu.h>
#include <linux/spinlock.h>
#include "../guest/guest.h"
#include "../ir/interp.h"
#include "bhash.h"

struct vmxl_hblock;

/* One exit of a block */
struct vmxl_link {
	struct vmxl_block *to;		/* READ_ONCE; NULL: not linked */
	struct vmxl_block *from;
	struct hlist_node in;		/* to->links_in */
	u64 pc;
	u32 ninsn;
	u8 hint;
	bool linkable;
	bool host;			/* the host's jump leads to @to's code */
};

#define VMXL_NO_GFN		(~0ULL)
#define VMXL_HEAT_NEVER		U32_MAX

/* A block's place in the list of its page's blocks */
struct vmxl_block_page {
	struct hlist_node node;		/* by guest frame */
	struct vmxl_block *block;
	u64 gfn;
};

/**
 * struct vmxl_block - a translated block
 * @key: what it was translated for
 * @gpa: guest physical address of its first byte
 * @page: the one or two guest pages that its bytes are in (page[1].gfn VMXL_NO_GFN: one)
 * @len: bytes of guest code
 * @dead: invalidated; whoever sees it looks up anew
 * @used: executed since the reclaim hand last came by
 * @since: jiffies when a hand last found it in use, or it was made
 * @heat: uses until it is hot, and compiled; VMXL_HEAT_NEVER: it cannot be
 * @host: its host code, or NULL; smp_load_acquire(), written under cache->lock
 * @code: the interpreter's form; @insns: guest pc by position in it
 */
struct vmxl_block {
	struct vmxl_key key;
	u64 gpa;
	u32 len;
	u32 size;			/* bytes of memory, all told */
	u32 heat;
	bool dead;
	u8 used;
	u16 nr_insns;
	u16 nr_links;
	u16 nr_code;
	unsigned long since;
	struct hlist_node hash;
	struct vmxl_block_page page[2];
	struct list_head lru;
	struct hlist_head links_in;
	struct rcu_head rcu;
	struct vmxl_hblock *host;
	struct vmxl_link *links;
	struct vmxl_iinsn *insns;
	struct vmxl_iop code[];
};

#define VMXL_CACHE_PAGES_BITS	13

/**
 * struct vmxl_cache - the blocks of a VM
 * @lock: all writes
 * @gen: goes up when blocks are dropped; a jump cache older than it is stale
 * @seq: goes up with every invalidation, whether it found a block or not
 * @size: bytes in use; @limit: reclaim begins above it
 * @last_store: where the last store into a page with code ended; @nr_in_row: how
 *	many there were that began where the one before ended
 * @filled: the page of which the code went as a whole last, VMXL_NO_GFN: none as yet
 * @count: translated code that is made from now on counts instructions; @counted: there is no
 *	other any more; @count_lock: who makes it so
 */
struct vmxl_cache {
	spinlock_t lock;
	struct vmxl_vm *vm;
	unsigned long gen;
	unsigned long seq;
	size_t size, limit;
	unsigned long nr_blocks;
	unsigned long nr_invalidated, nr_reclaimed;
	u64 last_store, filled;
	unsigned int nr_in_row;
	bool count;
	u32 counted;
	struct mutex count_lock;
	struct list_head lru;
	struct vmxl_bhash hash;
	struct hlist_head pages[1 << VMXL_CACHE_PAGES_BITS];
};

#define VMXL_JCACHE_BITS	12

struct vmxl_jentry {
	u64 pc;
	u32 flags;
	u32 as;
	struct vmxl_block *block;
};

#define VMXL_JCACHE_FILTER_BITS	16
#define VMXL_JCACHE_ASIDS	64
#define VMXL_JCACHE_PIECES	128
#define VMXL_JCACHE_KNOWN	256

/* A mapping with code, or what of it is alike: (1 << shift) bytes */
struct vmxl_jpiece {
	u64 gva, gpa;
	u8 shift;
};

/**
 * struct vmxl_jcache - per vCPU: where to go on at a pc
 * @gen: cache->gen that it was filled under
 * @nr_flush: flushes of all that there is
 * @nr_fence: others, which @piece have outlived
 * @fence_asid: the same, of one ASID, by hash
 * @epoch: added to the address space number in an entry; a flush is a new epoch
 * @filter: by virtual page: may either jump cache have something of this page? Two
 *	bits for each
 * @nr_filter: pages that have been entered there
 * @nr_pieces: of @piece
 * @piece: what the user jump cache knows that is the same in all address spaces
 * @known: some of the pages of @piece, by number; not page 0
 * @e: only blocks with key.limit 0
 */
struct vmxl_jcache {
	unsigned long gen;
	u64 nr_flush, nr_fence, fence_asid[VMXL_JCACHE_ASIDS];
	u32 epoch;
	DECLARE_BITMAP(filter, 1 << VMXL_JCACHE_FILTER_BITS);
	unsigned int nr_filter;
	unsigned int nr_pieces;
	struct vmxl_jpiece piece[VMXL_JCACHE_PIECES];
	u64 known[VMXL_JCACHE_KNOWN];
	struct vmxl_jentry e[1 << VMXL_JCACHE_BITS];
};

static inline unsigned int vmxl_jcache_hash(u64 pc)
{
	return ((pc >> 1) ^ (pc >> (1 + VMXL_JCACHE_BITS))) & ((1u << VMXL_JCACHE_BITS) - 1);
}

/* The block at @pc if the jump cache has it, in the address space and mode of @flags. */
static inline struct vmxl_block *vmxl_jcache_find(struct vmxl_vcpu *vcpu, u64 pc, u32 flags)
{
	struct vmxl_jentry *e = &vcpu->jcache->e[vmxl_jcache_hash(pc)];

	if (e->pc != pc || e->flags != flags ||
	    e->as != (vcpu->as[VMXL_ACCESS_EXEC] | vcpu->jcache->epoch) ||
	    READ_ONCE(e->block->dead))
		return NULL;
	return e->block;
}

struct vmxl_jcache *vmxl_jcache_create(void);
void vmxl_jcache_destroy(struct vmxl_jcache *jc);
void vmxl_jcache_add(struct vmxl_vcpu *vcpu, struct vmxl_block *b);
void vmxl_jcache_clear(struct vmxl_jcache *jc);
bool vmxl_jcache_note(struct vmxl_vcpu *vcpu, const struct vmxl_block *b);

struct vmxl_cache *vmxl_cache_create(struct vmxl_vm *vm);
void vmxl_cache_destroy(struct vmxl_cache *cache);

/*
 * The block to execute next: jump cache, hash, or a new translation.
 * NEXT: *block is set. LEAVE: a fetch trap was delivered. EXIT: out.
 */
enum vmxl_act vmxl_block_get(struct vmxl_vcpu *vcpu, struct vmxl_block **block);

/*
 * Link an exit to the block that was found for it, if both still live; the
 * host's jump too, if both have code.
 */
void vmxl_block_link(struct vmxl_cache *cache, struct vmxl_link *link, struct vmxl_block *to);

/*
 * Guest bytes to a unit in vcpu->ir, as they are now where @key->pc is mapped now.
 * @quiet: a first instruction that cannot be fetched is LEAVE, no trap. NEXT with
 * ir->full: cut it shorter.
 */
enum vmxl_act vmxl_unit(struct vmxl_vcpu *vcpu, const struct vmxl_key *key, u32 max_insns,
			bool quiet);

/* MiB of code that a new VM may have: the interpreter's form, and the host's */
size_t vmxl_cache_share(void);

/*
 * Drop all blocks that have bytes in [gpa, gpa + len); a page left without
 * blocks is a plain page again. Any context but hard irq, within vm->srcu.
 */
void vmxl_cache_invalidate(struct vmxl_cache *cache, u64 gpa, u64 len);
void vmxl_cache_invalidate_all(struct vmxl_cache *cache);

/* Memory is short. Any context that may take spinlocks. */
unsigned long vmxl_cache_shrink(struct vmxl_cache *cache, unsigned long nr, unsigned long *seen);

/*
 * What TLB maintenance does to jump caches. flush: everything; flush_local: what is
 * not global; fence: that, and what the page tables do not say any more.
 */
void vmxl_jcache_flush(struct vmxl_vcpu *vcpu);
void vmxl_jcache_flush_local(struct vmxl_vcpu *vcpu);
void vmxl_jcache_fence(struct vmxl_vcpu *vcpu);
void vmxl_jcache_flush_asid(struct vmxl_vcpu *vcpu, u32 asid);
void vmxl_jcache_flush_page(struct vmxl_vcpu *vcpu, u64 gva, u32 asid);
u64 vmxl_jcache_fences(struct vmxl_vcpu *vcpu, u32 as);

#endif /* VMXL_CACHE_H */
