// SPDX-License-Identifier: GPL-2.0
/*
 * The VM's cache of translated blocks, and the vCPUs' jump caches.
 *
 * How a block never outlives its bytes: its pages are marked (VMXL_PF_CODE)
 * and stores to them forced to the slow path before the first byte is read; a
 * store first writes, then invalidates; an invalidation counts up cache->seq,
 * and a block is entered only if seq is what it was before the bytes were
 * read. A vCPU that still writes by its fast path drops the page's blocks when
 * it carries out VMXL_REQ_TLB_PROTECT, which it does before its next block.
 */
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "../count.h"
#include "../memslot.h"
#include "../mmu/mem.h"
#include "../mmu/window.h"
#include "../netlink.h"
#include "../trace.h"
#include "../vm.h"
#include "cache.h"
#include "code.h"

static unsigned int code_cache_mb = 256;
module_param(code_cache_mb, uint, 0644);
MODULE_PARM_DESC(code_cache_mb, "translated code a VM may keep, MiB; half of it host code, that up to 64");

static unsigned int tier1_threshold = 30;
module_param(tier1_threshold, uint, 0644);
MODULE_PARM_DESC(tier1_threshold, "uses of a block before it is compiled; 4294967295: never");

#define MAX_INSNS	64
/* Stores in a row into pages with code, until the pages' code goes as a whole */
#define MAX_IN_ROW	4

#define RECLAIM_SCAN	32	/* blocks looked at for each one that is added, or at a time */
/* Blocks that nobody came by for so long may go when the system wants memory. */
#define SHRINK_AGE	(HZ / 4)

static u32 hash_key(const struct vmxl_key *key, u64 gpa)
{
	u32 h = hash_64(gpa ^ ((u64)key->flags << 44) ^ rol64(key->pc, 24), 32);

	return h ^ h >> 16;	/* the buckets are counted by the low bits */
}

static u32 hash_node(const struct hlist_node *n)
{
	const struct vmxl_block *b = hlist_entry(n, struct vmxl_block, hash);

	return hash_key(&b->key, b->gpa);
}

static struct hlist_head *page_head(struct vmxl_cache *cache, u64 gfn)
{
	return &cache->pages[hash_64(gfn, VMXL_CACHE_PAGES_BITS)];
}

/**
 * vmxl_cache_share() - bytes of code that a VM may keep, of each form
 */
size_t vmxl_cache_share(void)
{
	return (size_t)clamp(READ_ONCE(code_cache_mb), 2u, 1u << 20) << 19;
}

/**
 * vmxl_cache_create() - the block cache of a VM
 * @vm: the VM; its srcu is set up
 *
 * Return: the cache, or NULL without memory.
 */
struct vmxl_cache *vmxl_cache_create(struct vmxl_vm *vm)
{
	struct vmxl_cache *cache = kvzalloc(sizeof(*cache), GFP_KERNEL_ACCOUNT);

	if (!cache)
		return NULL;
	if (!vmxl_bhash_init(&cache->hash)) {
		kvfree(cache);
		return NULL;
	}
	spin_lock_init(&cache->lock);
	mutex_init(&cache->count_lock);
	INIT_LIST_HEAD(&cache->lru);
	cache->vm = vm;
	cache->limit = vmxl_cache_share();
	cache->filled = VMXL_NO_GFN;
	return cache;
}

static void block_free_rcu(struct rcu_head *rcu)
{
	kvfree(container_of(rcu, struct vmxl_block, rcu));
	vmxl_count_add(VMXL_COUNT_BLOCK, -1);
}

static void unlink_in(struct vmxl_block *b)
{
	struct vmxl_link *l;
	struct hlist_node *tmp;

	hlist_for_each_entry_safe(l, tmp, &b->links_in, in) {
		WRITE_ONCE(l->to, NULL);
		hlist_del_init(&l->in);
	}
}

static void unlink_out(struct vmxl_block *b)
{
	unsigned int i;

	for (i = 0; i < b->nr_links; i++) {
		if (!b->links[i].to)
			continue;
		WRITE_ONCE(b->links[i].to, NULL);
		hlist_del_init(&b->links[i].in);
	}
}

/* Take a block out of everything; it is freed when nobody can execute it any more. */
static void block_drop(struct vmxl_cache *cache, struct vmxl_block *b)
{
	unsigned int i;

	lockdep_assert_held(&cache->lock);
	WRITE_ONCE(b->dead, true);
	if (b->host)
		vmxl_code_drop(cache->vm->code, b);
	hlist_del_rcu(&b->hash);
	for (i = 0; i < ARRAY_SIZE(b->page); i++)
		if (b->page[i].gfn != VMXL_NO_GFN)
			hlist_del(&b->page[i].node);
	list_del(&b->lru);
	unlink_in(b);
	unlink_out(b);
	cache->size -= b->size;
	cache->nr_blocks--;
	WRITE_ONCE(cache->gen, cache->gen + 1);
	call_srcu(&cache->vm->srcu, &b->rcu, block_free_rcu);
}

/* The first of a list; false: it is empty. Others get the lock in between, soon. */
static bool drop_some(struct vmxl_cache *cache, struct list_head *list)
{
	unsigned int n;

	spin_lock(&cache->lock);
	for (n = 0; n < RECLAIM_SCAN && !list_empty(list); n++)
		block_drop(cache, list_first_entry(list, struct vmxl_block, lru));
	spin_unlock(&cache->lock);
	cond_resched();
	return n == RECLAIM_SCAN;
}

/**
 * vmxl_cache_destroy() - free a cache and its blocks
 * @cache: the cache, or NULL; no vCPU runs any more
 */
void vmxl_cache_destroy(struct vmxl_cache *cache)
{
	if (!cache)
		return;
	vmxl_cache_invalidate_all(cache);
	srcu_barrier(&cache->vm->srcu);
	vmxl_bhash_free(&cache->hash);
	kvfree(cache);
}

/* Whether a hand passes over a block: somebody came by since the last did */
static bool is_used(struct vmxl_block *b)
{
	bool cool = !b->host || vmxl_code_cool(b);

	if (cool && !READ_ONCE(b->used))
		return false;
	WRITE_ONCE(b->used, 0);
	b->since = jiffies;
	return true;
}

static void give_up(struct vmxl_cache *cache, struct vmxl_block *b)
{
	trace_vmxl_reclaim(cache->vm, b->key.pc, b->gpa, b->len);
	block_drop(cache, b);
	cache->nr_reclaimed++;
}

/* Clock: the hand passes over blocks that were used since it last came by. */
static void reclaim(struct vmxl_cache *cache)
{
	struct vmxl_block *b;
	unsigned int scan;

	for (scan = 0; scan < RECLAIM_SCAN && cache->size > cache->limit; scan++) {
		/* vmxl_cache_invalidate_all() has the others. */
		if (list_empty(&cache->lru))
			break;
		b = list_first_entry(&cache->lru, struct vmxl_block, lru);
		if (is_used(b))
			list_move_tail(&b->lru, &cache->lru);
		else
			give_up(cache, b);
	}
}

/* The same hand, but it passes over what has not been idle for long as well. */
static unsigned long shrink_some(struct vmxl_cache *cache, unsigned long nr)
{
	unsigned long freed = 0;
	struct vmxl_block *b;

	for (; nr && !list_empty(&cache->lru); nr--) {
		b = list_first_entry(&cache->lru, struct vmxl_block, lru);
		if (is_used(b) || time_before(jiffies, b->since + SHRINK_AGE)) {
			list_move_tail(&b->lru, &cache->lru);
			continue;
		}
		give_up(cache, b);
		freed++;
	}
	return freed;
}

/**
 * vmxl_cache_shrink() - give up blocks that are not in use
 * @cache: the cache
 * @nr: most blocks to look at; once round at most
 * @seen: how many were looked at is added to it
 *
 * Never all that is in use: a block goes if the hand has been there, and nobody
 * else was for SHRINK_AGE since, however often this is called. Memory is free
 * after a grace period of vm->srcu, and when vCPUs are out of translated code.
 * Context: any that may take spinlocks.
 * Return: how many are given up.
 */
unsigned long vmxl_cache_shrink(struct vmxl_cache *cache, unsigned long nr, unsigned long *seen)
{
	unsigned long freed = 0, n;

	for (nr = min(nr, READ_ONCE(cache->nr_blocks)); nr; nr -= n) {
		n = min_t(unsigned long, nr, RECLAIM_SCAN);
		spin_lock(&cache->lock);
		freed += shrink_some(cache, n);
		spin_unlock(&cache->lock);
		*seen += n;
	}
	return freed;
}

static void set_code_flag(struct vmxl_vm *vm, u64 gpa, bool code)
{
	struct vmxl_memslot *slot = vmxl_memslot_find(vm, gpa);
	u8 *f;

	if (!slot)
		return;
	f = &slot->pflags[vmxl_memslot_index(slot, gpa)];
	WRITE_ONCE(*f, code ? *f | VMXL_PF_CODE : *f & ~VMXL_PF_CODE);
}

static bool overlaps(const struct vmxl_block *b, u64 gfn, u64 gpa, u64 end)
{
	u64 first = b->gpa, last = b->gpa + b->len;

	if (b->page[1].gfn == VMXL_NO_GFN)
		return first < end && gpa < last;
	/* Two pages, which need not be neighbours: the page decides. */
	return gfn == b->page[0].gfn || gfn == b->page[1].gfn;
}

static void invalidate_page(struct vmxl_cache *cache, u64 gpa, u64 end)
{
	u64 gfn = gpa >> VMXL_PAGE_SHIFT;
	struct vmxl_block_page *p;
	struct hlist_node *tmp;
	bool left = false;

	hlist_for_each_entry_safe(p, tmp, page_head(cache, gfn), node) {
		struct vmxl_block *b = p->block;

		if (p->gfn != gfn)
			continue;
		if (!overlaps(b, gfn, gpa, end)) {
			left = true;
			continue;
		}
		/* A block is in a bucket twice at most: look again from the start. */
		if (tmp && (tmp == &b->page[0].node || tmp == &b->page[1].node))
			tmp = tmp->next;
		trace_vmxl_invalidate(cache->vm, b->key.pc, b->gpa, b->len);
		block_drop(cache, b);
		cache->nr_invalidated++;
	}
	if (!left)
		set_code_flag(cache->vm, gpa, false);
}

/*
 * Whether the code around is on its way out: stores in a row, as of a page that
 * is being cleared or filled, and not now and then a word of data beside it. A page that has
 * code again, when no other was filled meanwhile, holds both: it would lose it for ever.
 */
static bool being_filled(struct vmxl_cache *cache, u64 gpa, u64 end)
{
	cache->nr_in_row = gpa == cache->last_store ? cache->nr_in_row + 1 : 0;
	cache->last_store = end;
	if (cache->nr_in_row < MAX_IN_ROW || cache->filled == gpa >> VMXL_PAGE_SHIFT)
		return false;
	cache->filled = gpa >> VMXL_PAGE_SHIFT;
	return true;
}

/**
 * vmxl_cache_invalidate() - drop the blocks made from guest memory that changed
 * @cache: the cache
 * @gpa: first address
 * @len: bytes
 *
 * Context: within vm->srcu, or with the slots gone. After the change is made.
 */
void vmxl_cache_invalidate(struct vmxl_cache *cache, u64 gpa, u64 len)
{
	u64 end = gpa + len, next;

	spin_lock(&cache->lock);
	WRITE_ONCE(cache->seq, cache->seq + 1);
	if (being_filled(cache, gpa, end)) {
		gpa &= VMXL_PAGE_MASK;
		end = (end + VMXL_PAGE_SIZE - 1) & VMXL_PAGE_MASK;
	}
	for (; gpa < end; gpa = next) {
		next = min((gpa & VMXL_PAGE_MASK) + VMXL_PAGE_SIZE, end);
		invalidate_page(cache, gpa, next);
	}
	spin_unlock(&cache->lock);
}

/**
 * vmxl_cache_invalidate_all() - drop every block that there is
 * @cache: the cache
 *
 * vCPUs go on meanwhile, and make new ones.
 * Context: may sleep.
 */
void vmxl_cache_invalidate_all(struct vmxl_cache *cache)
{
	LIST_HEAD(all);

	spin_lock(&cache->lock);
	WRITE_ONCE(cache->seq, cache->seq + 1);
	/* Who drops one of them takes it off this list; nobody looks for them in cache->lru. */
	list_splice_init(&cache->lru, &all);
	spin_unlock(&cache->lock);
	while (drop_some(cache, &all))
		;
}

static bool links_missing(const struct vmxl_link *link, const struct vmxl_block *to)
{
	if (!READ_ONCE(link->to))
		return true;
	return READ_ONCE(link->from->host) && READ_ONCE(to->host) && !READ_ONCE(link->host);
}

/**
 * vmxl_block_link() - link an exit to a block
 * @cache: the cache
 * @link: exit of a block that may be dead by now
 * @to: the block found for it
 *
 * Context: within vm->srcu.
 */
void vmxl_block_link(struct vmxl_cache *cache, struct vmxl_link *link, struct vmxl_block *to)
{
	struct vmxl_block *from = link->from;

	if (!link->linkable || !links_missing(link, to) || to->page[1].gfn != VMXL_NO_GFN ||
	    to->key.limit || from->key.limit || to->key.flags != from->key.flags ||
	    (to->gpa ^ from->gpa) & VMXL_PAGE_MASK)
		return;
	spin_lock(&cache->lock);
	if (!link->to && !from->dead && !to->dead) {
		hlist_add_head(&link->in, &to->links_in);
		WRITE_ONCE(link->to, to);
	}
	if (link->to == to)
		vmxl_code_link(from, link - from->links, to);
	spin_unlock(&cache->lock);
}

/* Mark a page as holding code, and force stores to it to the slow path. */
static void mark_code(struct vmxl_vcpu *vcpu, u64 gpa)
{
	struct vmxl_vm *vm = vcpu->vm;
	struct vmxl_memslot *slot = vmxl_memslot_find(vm, gpa);

	if (!slot)
		return;
	if (!vmxl_memslot_has_code(slot, gpa)) {
		spin_lock(&vm->cache->lock);
		set_code_flag(vm, gpa, true);
		spin_unlock(&vm->cache->lock);
		vmxl_tlb_protect(vcpu, gpa & VMXL_PAGE_MASK);
		vmxl_vm_request_all(vm, vcpu, VMXL_REQ_TLB_PROTECT);
	}
	/* Even if another has marked it: its zap may still be under way. */
	vmxl_window_protect(vm, slot, gpa);
}

static struct vmxl_block *block_find(struct vmxl_cache *cache, const struct vmxl_key *key, u64 gpa)
{
	struct vmxl_block *b;

	hlist_for_each_entry_rcu(b, vmxl_bhash_head(&cache->hash, hash_key(key, gpa)), hash,
				 srcu_read_lock_held(&cache->vm->srcu))
		if (b->gpa == gpa && b->key.pc == key->pc && b->key.flags == key->flags &&
		    b->key.limit == key->limit && !READ_ONCE(b->dead))
			return b;
	return NULL;
}

static void add_page(struct vmxl_cache *cache, struct vmxl_block *b, unsigned int i, u64 gfn)
{
	b->page[i].gfn = gfn;
	b->page[i].block = b;
	if (gfn != VMXL_NO_GFN)
		hlist_add_head(&b->page[i].node, page_head(cache, gfn));
}

static bool pages_marked(struct vmxl_vm *vm, const struct vmxl_block *b, u64 gfn2)
{
	struct vmxl_memslot *slot = vmxl_memslot_find(vm, b->gpa);

	if (!slot || !vmxl_memslot_has_code(slot, b->gpa))
		return false;
	if (gfn2 == VMXL_NO_GFN)
		return true;
	slot = vmxl_memslot_find(vm, gfn2 << VMXL_PAGE_SHIFT);
	return slot && vmxl_memslot_has_code(slot, gfn2 << VMXL_PAGE_SHIFT);
}

/*
 * Enter a block. One whose bytes may have changed since they were read is not
 * entered: it is executed once, as it might have been just before the change.
 */
static void block_insert(struct vmxl_cache *cache, struct vmxl_block *b, u64 gfn2,
			 unsigned long seq)
{
	struct hlist_head *room = vmxl_bhash_room(&cache->hash);
	unsigned long reclaimed;

	spin_lock(&cache->lock);
	if (cache->seq != seq || !pages_marked(cache->vm, b, gfn2)) {
		b->dead = true;
		call_srcu(&cache->vm->srcu, &b->rcu, block_free_rcu);
		spin_unlock(&cache->lock);
		kvfree(room);
		return;
	}
	add_page(cache, b, 0, b->gpa >> VMXL_PAGE_SHIFT);
	add_page(cache, b, 1, gfn2);
	list_add_tail(&b->lru, &cache->lru);
	cache->size += b->size;
	cache->nr_blocks++;
	room = vmxl_bhash_add_room(&cache->hash, room);
	if (cache->nr_blocks > cache->hash.nr)
		vmxl_bhash_split(&cache->hash, hash_node);
	hlist_add_head_rcu(&b->hash, vmxl_bhash_head(&cache->hash, hash_node(&b->hash)));
	reclaimed = cache->nr_reclaimed;
	reclaim(cache);
	reclaimed = cache->nr_reclaimed - reclaimed;
	spin_unlock(&cache->lock);
	kvfree(room);
	if (reclaimed)
		vmxl_netlink_code_cache(cache->vm);
}

static void fill_links(struct vmxl_block *b, const struct vmxl_ir *ir)
{
	unsigned int i;

	for (i = 0; i < ir->nr_exits; i++)
		b->links[i] = (struct vmxl_link) {
			.from = b,
			.pc = ir->exits[i].pc,
			.ninsn = ir->exits[i].ninsn,
			.hint = ir->exits[i].hint,
			.linkable = ir->exits[i].linkable,
		};
}

static struct vmxl_block *block_alloc(const struct vmxl_key *key, u64 gpa,
				      const struct vmxl_ir *ir, const struct vmxl_icode *ic)
{
	size_t code = ic->nr * sizeof(struct vmxl_iop);
	size_t links = ir->nr_exits * sizeof(struct vmxl_link);
	size_t size = sizeof(struct vmxl_block) + code + links +
		      ic->nr_insns * sizeof(struct vmxl_iinsn);
	struct vmxl_block *b = kvzalloc(size, GFP_KERNEL_ACCOUNT);

	if (!b)
		return NULL;
	b->key = *key;
	b->gpa = gpa;
	b->len = ir->end - ir->pc;
	b->size = size;
	b->used = 1;
	b->since = jiffies;
	b->heat = key->limit ? VMXL_HEAT_NEVER : READ_ONCE(tier1_threshold);
	b->nr_code = ic->nr;
	b->nr_insns = ic->nr_insns;
	b->nr_links = ir->nr_exits;
	b->page[0].gfn = VMXL_NO_GFN;
	b->page[1].gfn = VMXL_NO_GFN;
	b->links = (void *)b->code + code;
	b->insns = (void *)b->links + links;
	memcpy(b->code, ic->code, code);
	memcpy(b->insns, ic->insns, ic->nr_insns * sizeof(struct vmxl_iinsn));
	fill_links(b, ir);
	vmxl_interp_bind(b);
	vmxl_count_add(VMXL_COUNT_BLOCK, 1);
	return b;
}

/**
 * vmxl_unit() - translate guest code
 * @vcpu: the vCPU, in the address space that @key->pc is of
 * @key: what for
 * @max_insns: most instructions
 * @quiet: deliver no trap
 *
 * Return: NEXT: vcpu->ir is the unit, cut it shorter if ir->full; else as translate().
 */
enum vmxl_act vmxl_unit(struct vmxl_vcpu *vcpu, const struct vmxl_key *key, u32 max_insns,
			bool quiet)
{
	struct vmxl_translate t = {
		.vcpu = vcpu,
		.ir = vcpu->ir,
		.key = *key,
		.max_insns = max_insns,
		.page_end = (key->pc & VMXL_PAGE_MASK) + VMXL_PAGE_SIZE,
		.quiet = quiet,
	};
	enum vmxl_act act;
	u32 at;

	vmxl_ir_init(t.ir, vcpu->vm->guest, key->pc);
	act = vcpu->vm->guest->translate(&t);
	if (act == VMXL_ACT_NEXT && IS_ENABLED(VMXL_DEBUG) && !t.ir->full &&
	    WARN_ON_ONCE(vmxl_ir_verify(t.ir, &at)))
		t.ir->full = true;
	return act;
}

/* Guest bytes to the interpreter's form, cut shorter until it fits. */
static enum vmxl_act compile(struct vmxl_vcpu *vcpu, const struct vmxl_key *key)
{
	u32 max_insns = key->limit ?: MAX_INSNS;
	enum vmxl_act act;

	for (; max_insns; max_insns /= 2) {
		act = vmxl_unit(vcpu, key, max_insns, false);
		if (act != VMXL_ACT_NEXT)
			return act;
		if (!vcpu->ir->full && !vmxl_iselect(vcpu->ir, vcpu->icode))
			return VMXL_ACT_NEXT;
	}
	return vmxl_exit_internal(vcpu, VMXL_INTERNAL_ERROR_TRANSLATE, key->pc);
}

/* The frame of the second page of a unit that crosses into it */
static enum vmxl_act second_page(struct vmxl_vcpu *vcpu, u64 pc, u64 end, u64 *gfn2)
{
	u64 page_end = (pc & VMXL_PAGE_MASK) + VMXL_PAGE_SIZE, gpa;
	enum vmxl_act act;
	u16 bits;

	*gfn2 = VMXL_NO_GFN;
	if (end - pc <= page_end - pc)
		return VMXL_ACT_NEXT;
	act = vmxl_fetch16(vcpu, page_end, true, &bits, &gpa);
	if (act == VMXL_ACT_NEXT)
		*gfn2 = gpa >> VMXL_PAGE_SHIFT;
	return act;
}

static enum vmxl_act block_make(struct vmxl_vcpu *vcpu, const struct vmxl_key *key, u64 gpa,
				struct vmxl_block **out)
{
	u64 begin = trace_vmxl_translate_enabled() ? ktime_get_ns() : 0;
	struct vmxl_cache *cache = vcpu->vm->cache;
	unsigned long seq = READ_ONCE(cache->seq);
	struct vmxl_block *b;
	enum vmxl_act act;
	u64 gfn2;

	mark_code(vcpu, gpa);
	/* Pairs with the full barrier of cache->lock in vmxl_cache_invalidate(). */
	smp_mb();
	act = compile(vcpu, key);
	if (act != VMXL_ACT_NEXT)
		return act;
	act = second_page(vcpu, key->pc, vcpu->ir->end, &gfn2);
	if (act != VMXL_ACT_NEXT)
		return act;
	if (gfn2 != VMXL_NO_GFN) {
		seq = READ_ONCE(cache->seq);
		mark_code(vcpu, gfn2 << VMXL_PAGE_SHIFT);
		smp_mb();	/* as above */
		act = compile(vcpu, key);
		if (act != VMXL_ACT_NEXT)
			return act;
	}
	b = block_alloc(key, gpa, vcpu->ir, vcpu->icode);
	if (!b)
		return vmxl_exit_internal(vcpu, VMXL_INTERNAL_ERROR_TRANSLATE, key->pc);
	block_insert(cache, b, gfn2, seq);
	vcpu->nr_translated++;
	trace_vmxl_translate(vcpu, key->pc, b->len, b->nr_insns, b->nr_code,
			     begin ? ktime_get_ns() - begin : 0);
	*out = b;
	return VMXL_ACT_NEXT;
}

/*
 * A block over two pages holds only while the second is still where it was. Jump
 * caches may have it, as they forget what lies in either when that is flushed.
 */
static bool second_page_moved(struct vmxl_vcpu *vcpu, struct vmxl_block *b)
{
	u64 gpa, page_end = (b->key.pc & VMXL_PAGE_MASK) + VMXL_PAGE_SIZE;
	u16 bits;

	if (b->page[1].gfn == VMXL_NO_GFN)
		return false;
	return vmxl_fetch16(vcpu, page_end, false, &bits, &gpa) != VMXL_ACT_NEXT ||
	       gpa >> VMXL_PAGE_SHIFT != b->page[1].gfn;
}

/**
 * vmxl_block_get() - the block to execute next
 * @vcpu: the vCPU, at gstate.pc
 * @block: out: valid until vm->srcu is left
 *
 * Context: vCPU's thread, within vm->srcu; may sleep.
 * Return: NEXT: *@block is set; LEAVE: a trap was delivered; EXIT: out.
 */
enum vmxl_act vmxl_block_get(struct vmxl_vcpu *vcpu, struct vmxl_block **block)
{
	struct vmxl_cache *cache = vcpu->vm->cache;
	struct vmxl_block *b;
	struct vmxl_key key = {};
	enum vmxl_act act;
	u16 bits;
	u64 gpa;

	vcpu->vm->guest->key(vcpu, &key);
	key.limit = vcpu->limit;
	/* Pointers to blocks that may be gone. The user jump cache was purged of these. */
	if (unlikely(READ_ONCE(cache->gen) != vcpu->jcache->gen)) {
		vcpu->jcache->gen = READ_ONCE(cache->gen);
		vmxl_jcache_clear(vcpu->jcache);
	}
	if (!key.limit) {
		*block = vmxl_jcache_find(vcpu, key.pc, key.flags);
		if (*block)
			return VMXL_ACT_NEXT;
	}
	act = vmxl_fetch16(vcpu, key.pc, true, &bits, &gpa);
	if (act != VMXL_ACT_NEXT)
		return act;
	b = block_find(cache, &key, gpa);
	if (!b || second_page_moved(vcpu, b)) {
		act = block_make(vcpu, &key, gpa, &b);
		if (act != VMXL_ACT_NEXT)
			return act;
	}
	vmxl_jcache_add(vcpu, b);
	*block = b;
	return VMXL_ACT_NEXT;
}
