// SPDX-License-Identifier: GPL-2.0
/*
 * The region of translated code: lines, links, the user jump caches, and how
 * code goes away.
 *
 * A vCPU that executes translated code holds no lock. What it may reach (by a
 * link, its jump cache, block->host) is taken out of its reach first, then the
 * code goes to limbo under the number of the epoch that ends with that. Its
 * lines are used again when every vCPU is out of translated code, or entered in
 * a later epoch. What it may still be executing stays as it was, but that the
 * ways out of it lead to the stubs.
 *
 * There is never a flush: when lines become scarce, a hand goes over the blocks.
 * What it passes is taken out of reach; what is still so when it comes back is
 * not in use, and goes.
 */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../map.h"
#include "../trace.h"
#include "../vm.h"
#include "cache.h"
#include "code.h"
#include "log.h"

#define LINE		(1u << VMXL_LINE_SHIFT)
#define PAGE_LINES	((u32)(PAGE_SIZE >> VMXL_LINE_SHIFT))
#define TRIM_PAGES	64u	/* pages that are given back at a time */
#define STUB_MAX	2048
#define SIZE_MAX_MB	64
#define CLOCK_SCAN	32	/* blocks looked at when there is no room for one */
#define LIMBO_SCAN	256	/* freed at a time */
#define MAX_LEFT	8	/* accesses of a block left to the interpreter, until all of it is */
#define HEAT_LEFT	4000	/* and for how long then */

static u32 nr_lines(const struct vmxl_code *code)
{
	return code->size >> VMXL_LINE_SHIFT;
}

static u32 lines_of(size_t len)
{
	return DIV_ROUND_UP(len, LINE);
}

static void free_tables(struct vmxl_code *code)
{
	kvfree(code->page);
	kvfree(code->map);
	kvfree(code->line);
	code->page = NULL;
	code->map = NULL;
	code->line = NULL;
}

/**
 * vmxl_code_create() - a region that has no address yet
 * @vm: the VM, with its block cache
 *
 * Return: the region; NULL without memory, or where there is no back-end.
 */
struct vmxl_code *vmxl_code_create(struct vmxl_vm *vm)
{
	struct vmxl_code *code;

	if (!vmxl_host)
		return NULL;
	code = kzalloc(sizeof(*code), GFP_KERNEL_ACCOUNT);
	if (!code)
		return NULL;
	code->vm = vm;
	code->size = min_t(size_t, vmxl_cache_share(), SIZE_MAX_MB << 20);
	code->epoch = 1;
	INIT_LIST_HEAD(&code->clock);
	INIT_LIST_HEAD(&code->limbo);
	return code;
}

/**
 * vmxl_code_destroy() - free a region
 * @code: the region or NULL; no vCPU runs, no block is left
 */
void vmxl_code_destroy(struct vmxl_code *code)
{
	struct vmxl_hblock *h, *tmp;
	size_t i;

	if (!code)
		return;
	list_for_each_entry_safe(h, tmp, &code->limbo, list)
		kvfree(h);
	for (i = 0; code->page && i < code->size >> PAGE_SHIFT; i++)
		if (code->page[i])
			__free_page(code->page[i]);
	free_tables(code);
	vmxl_log_destroy(code->log);
	kfree(code);
}

/* ---- bytes ---- */

static bool is_ready(const struct vmxl_code *code)
{
	/* Pairs with the release in vmxl_code_ready(): the tables are there. */
	return smp_load_acquire(&code->ready);
}

static struct vmxl_hblock *line_owner(const struct vmxl_code *code, u32 line)
{
	/* Pairs with set_lines(): all of it is there. */
	return smp_load_acquire(&code->line[line]);
}

static void *line_addr(struct vmxl_code *code, u32 off)
{
	return page_address(READ_ONCE(code->page[off >> PAGE_SHIFT])) + offset_in_page(off);
}

static int want_page(struct vmxl_code *code, size_t i)
{
	struct page *page;

	if (READ_ONCE(code->page[i]))
		return 0;
	page = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!page)
		return -ENOMEM;
	if (cmpxchg(&code->page[i], NULL, page))
		__free_page(page);
	return 0;
}

/**
 * vmxl_code_write() - write code that nobody executes yet
 * @code: the region
 * @at: where to, within lines that are the caller's
 * @src: code
 * @len: bytes
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int vmxl_code_write(struct vmxl_code *code, u32 at, const void *src, size_t len)
{
	size_t n;
	int ret;

	for (; len; len -= n, src += n, at += n) {
		n = min_t(size_t, len, PAGE_SIZE - offset_in_page(at));
		ret = want_page(code, at >> PAGE_SHIFT);
		if (ret)
			return ret;
		memcpy(line_addr(code, at), src, n);
		/* Hosts whose instruction caches do not snoop: flush_icache_range() here. */
	}
	return 0;
}

/* The page at @i, with a reference */
static struct page *get_code_page(struct vmxl_code *code, size_t i)
{
	struct page *page;

	spin_lock(&code->vm->cache->lock);
	page = code->page[i];
	if (page)
		get_page(page);
	spin_unlock(&code->vm->cache->lock);
	return page;
}

/**
 * vmxl_code_read() - copy code
 * @code: the region
 * @at: where from, within lines that have been written to
 * @dst: where to
 * @len: bytes
 */
void vmxl_code_read(struct vmxl_code *code, u32 at, void *dst, size_t len)
{
	size_t n;

	for (; len; len -= n, dst += n, at += n) {
		n = min_t(size_t, len, PAGE_SIZE - offset_in_page(at));
		memcpy(dst, line_addr(code, at), n);
	}
}

/**
 * vmxl_code_fault() - fault handler of the region's mapping
 * @code: the region
 * @vmf: the fault
 *
 * Code is where it belongs only: a mapping that was moved is empty.
 */
vm_fault_t vmxl_code_fault(struct vmxl_code *code, struct vm_fault *vmf)
{
	u64 off = (u64)vmf->address - code->x;
	struct page *page;

	if (!is_ready(code) || off >= code->size)
		return VM_FAULT_SIGBUS;
	page = get_code_page(code, off >> PAGE_SHIFT);
	if (!page)
		return VM_FAULT_SIGBUS;
	/* It is mapped before it is unlocked, or not at all: vmxl_code_trim() finds it. */
	lock_page(page);
	if (unlikely(READ_ONCE(code->page[off >> PAGE_SHIFT]) != page)) {
		unlock_page(page);
		put_page(page);
		return VM_FAULT_NOPAGE;
	}
	vmf->page = page;
	return VM_FAULT_LOCKED;
}

static int alloc_tables(struct vmxl_code *code)
{
	const gfp_t gfp = GFP_KERNEL_ACCOUNT;

	code->page = kvcalloc(code->size >> PAGE_SHIFT, sizeof(*code->page), gfp);
	code->map = kvcalloc(BITS_TO_LONGS(nr_lines(code)), sizeof(*code->map), gfp);
	code->line = kvcalloc(nr_lines(code), sizeof(*code->line), gfp);
	return code->page && code->map && code->line ? 0 : -ENOMEM;
}

static int write_stubs(struct vmxl_code *code)
{
	struct vmxl_compile_args args;
	u8 *buf = kmalloc(STUB_MAX, GFP_KERNEL);
	int len, ret = -ENOMEM;

	if (!buf)
		return ret;
	vmxl_code_args(code->vm, &args);
	len = vmxl_host->stubs(buf, STUB_MAX, IS_ENABLED(VMXL_HOSTED), &args, code->stub);
	ret = len < 0 ? len : vmxl_code_write(code, 0, buf, len);
	kfree(buf);
	if (ret)
		return ret;
	code->hand = lines_of(len);
	code->used = code->hand * LINE;
	code->stub_len = len;
	bitmap_set(code->map, 0, code->hand);
	return 0;
}

/**
 * vmxl_code_ready() - begin to use a region
 * @code: the region, whose address is set
 *
 * Context: one thread at a time; may sleep.
 * Return: 0 or -errno: there is no region.
 */
int vmxl_code_ready(struct vmxl_code *code)
{
	struct vmxl_vcpu *vcpu;
	unsigned int i;
	int ret;

	if (!code->x || code->ready)
		return code->ready ? 0 : -EINVAL;
	ret = alloc_tables(code);
	if (!ret)
		ret = write_stubs(code);
	if (ret) {
		if (code->page && code->page[0])
			__free_page(code->page[0]);
		free_tables(code);
		return ret;
	}
	spin_lock(&code->vm->cache->lock);
	/* Whoever sees this sees the tables and the stubs. */
	smp_store_release(&code->ready, true);
	vmxl_log_stubs(code);
	spin_unlock(&code->vm->cache->lock);
	vmxl_for_each_vcpu(code->vm, vcpu, i)
		vmxl_ujc_flush(vcpu);
	return 0;
}

/* ---- links ---- */

static void patch(struct vmxl_hblock *h, unsigned int exit, u64 target)
{
	u32 site = h->at + h->exits[exit].site;

	vmxl_host->link(line_addr(h->code, site), h->code->x + site, target);
}

/**
 * vmxl_code_link() - have a jump lead to a block's code
 * @from: block whose exit it is
 * @exit: number of the exit
 * @to: block that the exit is linked to
 *
 * Nothing is done where one of them has no code.
 */
void vmxl_code_link(struct vmxl_block *from, unsigned int exit, struct vmxl_block *to)
{
	struct vmxl_hblock *h = from->host;

	if (!h || !to->host || exit >= h->nr_exits || !h->exits[exit].site)
		return;
	WRITE_ONCE(from->links[exit].host, true);
	WRITE_ONCE(to->host->cold, false);
	patch(h, exit, vmxl_code_entry(h->code, to->host));
	trace_vmxl_link(h->code->vm, from->key.pc, from->links[exit].pc);
}

static void unlink_exit(struct vmxl_link *l)
{
	struct vmxl_hblock *h = l->from->host;
	unsigned int exit = l - l->from->links;

	if (!l->host)
		return;
	WRITE_ONCE(l->host, false);
	patch(h, exit, h->code->x + h->at + h->exits[exit].stub);
	trace_vmxl_unlink(h->code->vm, h->pc, l->pc);
}

static void unlink_in(struct vmxl_block *b)
{
	struct vmxl_link *l;

	hlist_for_each_entry(l, &b->links_in, in)
		unlink_exit(l);
}

static void unlink_out(struct vmxl_block *b)
{
	unsigned int i;

	for (i = 0; i < b->nr_links; i++)
		unlink_exit(&b->links[i]);
}

static void link_all(struct vmxl_block *b)
{
	struct vmxl_link *l;
	unsigned int i;

	for (i = 0; i < b->nr_links; i++)
		if (b->links[i].to)
			vmxl_code_link(b, i, b->links[i].to);
	hlist_for_each_entry(l, &b->links_in, in)
		vmxl_code_link(l->from, l - l->from->links, b);
}

/* ---- user jump caches ---- */

/* The tag of an empty entry may be met by a pc: what it leads to is a miss all the same. */
static void ujc_clear(const struct vmxl_code *code, struct vmxl_ujc_entry *e)
{
	WRITE_ONCE(e->tag, 0);
	WRITE_ONCE(e->host, code->x + code->stub[VMXL_STUB_MISS]);
}

static void ujc2_clear(const struct vmxl_code *code, struct vmxl_ujc2_entry *e)
{
	WRITE_ONCE(e->jctx, 0);
	WRITE_ONCE(e->host, code->x + code->stub[VMXL_STUB_OUT]);
}

/**
 * vmxl_ujc_flush() - empty a vCPU's user jump cache
 * @vcpu: the vCPU
 *
 * Before translated code is entered for the first time, too.
 */
void vmxl_ujc_flush(struct vmxl_vcpu *vcpu)
{
	struct vmxl_code *code = vcpu->vm->code;
	unsigned int i;

	if (!vcpu->ujc || !code || !is_ready(code))
		return;
	spin_lock(&vcpu->vm->cache->lock);
	for (i = 0; i < 1u << VMXL_UJC_BITS; i++)
		ujc_clear(code, &vcpu->ujc[i]);
	for (i = 0; i < 1u << VMXL_UJC2_BITS; i++)
		ujc2_clear(code, &vcpu->ujc2[i]);
	spin_unlock(&vcpu->vm->cache->lock);
}

/* Only the vCPU's own thread reads it, which this is. */
static void ujc2_add(struct vmxl_vcpu *vcpu, struct vmxl_hblock *h)
{
	struct vmxl_ujc2_entry *e = &vcpu->ujc2[vmxl_ujc2_index(h->pc, vcpu->jctx)];

	WRITE_ONCE(e->tag, h->pc ^ vcpu->jctx);
	WRITE_ONCE(e->jctx, vcpu->jctx);
	WRITE_ONCE(e->host, vmxl_code_entry(h->code, h));
	WRITE_ONCE(e->uses, VMXL_UJC2_USES);
}

/**
 * vmxl_ujc_add() - let jumps of a vCPU find a block
 * @vcpu: the vCPU, its own thread
 * @b: the block that it found at @b->key.pc
 */
void vmxl_ujc_add(struct vmxl_vcpu *vcpu, struct vmxl_block *b)
{
	struct vmxl_cache *cache = vcpu->vm->cache;
	struct vmxl_ujc_entry *e;
	struct vmxl_hblock *h;

	if (!vcpu->ujc || !READ_ONCE(b->host))
		return;
	spin_lock(&cache->lock);
	h = b->host;
	if (h) {
		e = &vcpu->ujc[vmxl_ujc_index(h->pc)];
		WRITE_ONCE(e->tag, h->pc ^ vcpu->jctx);
		WRITE_ONCE(e->host, vmxl_code_entry(h->code, h));
		ujc2_add(vcpu, h);
		WRITE_ONCE(h->cold, false);
		h->in_ujc = true;
	}
	spin_unlock(&cache->lock);
}

/* Take a block out of one vCPU's, whichever contexts it is in. */
static void ujc_purge_one(struct vmxl_vcpu *vcpu, const struct vmxl_hblock *h, u64 entry)
{
	struct vmxl_ujc_entry *e = &vcpu->ujc[vmxl_ujc_index(h->pc)];
	struct vmxl_ujc2_entry *e2;
	u64 ctx;

	if (READ_ONCE(e->host) == entry)
		ujc_clear(h->code, e);
	for (ctx = 0; ctx < 1u << VMXL_UJC2_CTX_BITS; ctx++) {
		e2 = &vcpu->ujc2[vmxl_ujc2_index(h->pc, ctx << 1)];
		if (READ_ONCE(e2->host) == entry)
			ujc2_clear(h->code, e2);
	}
}

static void ujc_purge(struct vmxl_hblock *h)
{
	u64 entry = vmxl_code_entry(h->code, h);
	struct vmxl_vcpu *vcpu;
	unsigned int i;

	if (!h->in_ujc)
		return;
	h->in_ujc = false;
	vmxl_for_each_vcpu(h->code->vm, vcpu, i)
		if (vcpu->ujc)
			ujc_purge_one(vcpu, h, entry);
}

/* ---- how code goes away ---- */

/**
 * vmxl_code_drop() - take a block's code away
 * @code: the region
 * @b: the block
 */
void vmxl_code_drop(struct vmxl_code *code, struct vmxl_block *b)
{
	struct vmxl_hblock *h = b->host;

	lockdep_assert_held(&code->vm->cache->lock);
	unlink_in(b);
	unlink_out(b);
	ujc_purge(h);
	vmxl_log_block(code, VMXL_CODE_DROPPED, h);
	WRITE_ONCE(b->host, NULL);
	WRITE_ONCE(h->block, NULL);
	code->vm->cache->size -= h->size;
	h->epoch = code->epoch;
	WRITE_ONCE(code->epoch, code->epoch + 1);
	list_move_tail(&h->list, &code->limbo);
}

/**
 * vmxl_code_left() - an access of a block was left to the interpreter
 * @code: the region
 * @h: the block's code, which is being executed
 *
 * Context: within vm->srcu, by who is in translated code.
 */
void vmxl_code_left(struct vmxl_code *code, struct vmxl_hblock *h)
{
	struct vmxl_cache *cache = code->vm->cache;

	spin_lock(&cache->lock);
	if (h->block && ++h->nr_left == MAX_LEFT) {
		WRITE_ONCE(h->block->heat, HEAT_LEFT);
		vmxl_code_drop(code, h->block);
	}
	spin_unlock(&cache->lock);
}

/* What was taken away in this epoch or later may still be executed. */
static u64 oldest_epoch(struct vmxl_code *code)
{
	struct vmxl_vcpu *vcpu;
	u64 e, oldest = ~0ULL;
	unsigned int i;

	/* Pairs with vmxl_code_enter(): out of reach first, then look who is in. */
	smp_mb();
	vmxl_for_each_vcpu(code->vm, vcpu, i) {
		/* Pairs with vmxl_code_leave(). */
		e = smp_load_acquire(&vcpu->code_epoch);
		if (e)
			oldest = min(oldest, e);
	}
	return oldest;
}

static void put_lines(struct vmxl_code *code, u32 first, u32 n)
{
	bitmap_clear(code->map, first, n);
	code->used -= n * LINE;
}

static void set_lines(struct vmxl_code *code, const struct vmxl_hblock *h, struct vmxl_hblock *to)
{
	u32 i, first = h->at >> VMXL_LINE_SHIFT;

	for (i = 0; i < lines_of(h->len); i++)
		/* Pairs with line_owner(). */
		smp_store_release(&code->line[first + i], to);
}

static void hblock_free_rcu(struct rcu_head *rcu)
{
	kvfree(container_of(rcu, struct vmxl_hblock, rcu));
}

/*
 * Whether there is more than is to be done with the lock held at once.
 * @late: out: the oldest epoch that is left, for vCPUs are in it; 0: there is none.
 */
static bool free_limbo(struct vmxl_code *code, u64 *late)
{
	u64 oldest = list_empty(&code->limbo) ? 0 : oldest_epoch(code);
	struct vmxl_hblock *h, *tmp;
	unsigned int n = 0;

	*late = 0;
	list_for_each_entry_safe(h, tmp, &code->limbo, list) {
		if (h->epoch >= oldest) {
			*late = h->epoch;
			return false;
		}
		if (++n > LIMBO_SCAN)
			return true;
		list_del(&h->list);
		set_lines(code, h, NULL);
		put_lines(code, h->at >> VMXL_LINE_SHIFT, lines_of(h->len));
		call_srcu(&code->vm->srcu, &h->rcu, hblock_free_rcu);
	}
	return false;
}

/**
 * vmxl_code_cool() - ask whether a block's code is in use
 * @b: a block with code
 *
 * Context: cache->lock held.
 * Return: false: it may be; nothing leads to it now but the run loop, whose
 * coming by makes it warm again. true: nobody came by since the last time.
 */
bool vmxl_code_cool(struct vmxl_block *b)
{
	struct vmxl_hblock *h = b->host;

	if (READ_ONCE(h->cold))
		return true;
	WRITE_ONCE(h->cold, true);
	b->since = jiffies;
	unlink_in(b);
	ujc_purge(h);
	return false;
}

/* Let the hand go on until so many lines are given up, or it has seen enough. */
static void turn_clock(struct vmxl_code *code, u32 lines)
{
	struct vmxl_hblock *h;
	unsigned int scan;
	u32 got = 0;

	for (scan = 0; scan < CLOCK_SCAN && got < lines && !list_empty(&code->clock); scan++) {
		h = list_first_entry(&code->clock, struct vmxl_hblock, list);
		if (!vmxl_code_cool(h->block)) {
			list_move_tail(&h->list, &code->clock);
			continue;
		}
		got += lines_of(h->len);
		code->nr_reclaimed++;
		trace_vmxl_code_reclaim(code->vm, h->pc, h->len);
		vmxl_code_drop(code, h->block);
	}
}

static long find_lines(struct vmxl_code *code, u32 n)
{
	unsigned long all = nr_lines(code), at;

	at = bitmap_find_next_zero_area(code->map, all, code->hand, n, 0);
	if (at >= all)
		at = bitmap_find_next_zero_area(code->map, all, 0, n, 0);
	if (at >= all)
		return -EAGAIN;
	bitmap_set(code->map, at, n);
	code->used += n * LINE;
	code->hand = at + n;
	return at;
}

/* vCPUs that keep limbo's oldest from being used again are to come out. */
static void kick_late(struct vmxl_code *code, u64 epoch)
{
	struct vmxl_vcpu *vcpu;
	unsigned int i;
	u64 e;

	vmxl_for_each_vcpu(code->vm, vcpu, i) {
		e = READ_ONCE(vcpu->code_epoch);
		if (e && e <= epoch)
			vmxl_vcpu_kick(vcpu);
	}
}

/**
 * vmxl_code_reserve() - find room for a block
 * @code: the region
 * @len: bytes, not 0
 *
 * From seven eighths on the clock turns a little with each call, and where the
 * room that there is lies in pieces.
 * Return: offset of the first byte, a line's; or -EAGAIN: not now.
 */
long vmxl_code_reserve(struct vmxl_code *code, size_t len)
{
	struct vmxl_cache *cache = code->vm->cache;
	u32 n = lines_of(len);
	u64 late;
	long at;

	spin_lock(&cache->lock);
	if (code->used + len > code->size - code->size / 8)
		turn_clock(code, n);
	free_limbo(code, &late);
	at = find_lines(code, n);
	if (at < 0) {
		turn_clock(code, n);
		free_limbo(code, &late);
		at = find_lines(code, n);
	}
	if (at < 0)
		code->nr_again++;
	spin_unlock(&cache->lock);
	if (at < 0 && late)
		kick_late(code, late);
	return at < 0 ? at : at << VMXL_LINE_SHIFT;
}

/**
 * vmxl_code_unreserve() - put lines back
 * @code: the region
 * @at: vmxl_code_reserve()'s result
 * @len: its argument
 */
void vmxl_code_unreserve(struct vmxl_code *code, u32 at, size_t len)
{
	spin_lock(&code->vm->cache->lock);
	put_lines(code, at >> VMXL_LINE_SHIFT, lines_of(len));
	spin_unlock(&code->vm->cache->lock);
}

/**
 * vmxl_code_publish() - give a block its code
 * @code: the region
 * @h: what was written
 * @b: the block
 *
 * Return: 0; -EAGAIN: the block has died, -EEXIST: it has code already: @h and
 * its lines are gone then.
 */
int vmxl_code_publish(struct vmxl_code *code, struct vmxl_hblock *h, struct vmxl_block *b)
{
	struct vmxl_cache *cache = code->vm->cache;

	spin_lock(&cache->lock);
	if (b->dead || b->host) {
		put_lines(code, h->at >> VMXL_LINE_SHIFT, lines_of(h->len));
		spin_unlock(&cache->lock);
		kvfree(h);
		return READ_ONCE(b->dead) ? -EAGAIN : -EEXIST;
	}
	h->code = code;
	h->block = b;
	cache->size += h->size;
	list_add_tail(&h->list, &code->clock);
	set_lines(code, h, h);
	/* Pairs with vmxl_code_target(). */
	smp_store_release(&b->host, h);
	link_all(b);
	vmxl_log_block(code, VMXL_CODE_ADDED, h);
	code->nr_compiled++;
	code->guest_bytes += b->len;
	code->host_bytes += h->len;
	spin_unlock(&cache->lock);
	return 0;
}

/* ---- pages without code ---- */

/* A page of which no line is in use: locked, if nobody is just mapping it */
static bool lock_idle(struct vmxl_code *code, u32 i)
{
	unsigned long end = (i + 1) * PAGE_LINES;

	return code->page[i] && find_next_bit(code->map, end, i * PAGE_LINES) == end &&
	       trylock_page(code->page[i]);
}

/* A run of them from *@first on; its lines are the caller's. Their number; 0: there is none. */
static u32 take_pages(struct vmxl_code *code, u32 *first, struct page **page)
{
	u32 i = *first, n = 0, all = code->size >> PAGE_SHIFT;

	lockdep_assert_held(&code->vm->cache->lock);
	while (i < all && !lock_idle(code, i))
		i++;
	*first = i;
	if (i == all)
		return 0;
	do {
		page[n++] = code->page[i];
		WRITE_ONCE(code->page[i], NULL);
		bitmap_set(code->map, i * PAGE_LINES, PAGE_LINES);
		code->used += PAGE_SIZE;
	} while (n < TRIM_PAGES && ++i < all && lock_idle(code, i));
	return n;
}

static void free_pages_taken(struct vmxl_code *code, u32 first, struct page **page, u32 n)
{
	u32 i;

	vmxl_map_zap(code->vm, VMXL_MAP_CODE, 0, (u64)first << PAGE_SHIFT, (u64)n << PAGE_SHIFT);
	for (i = 0; i < n; i++) {
		unlock_page(page[i]);
		__free_page(page[i]);
	}
	spin_lock(&code->vm->cache->lock);
	put_lines(code, first * PAGE_LINES, n * PAGE_LINES);
	spin_unlock(&code->vm->cache->lock);
}

/**
 * vmxl_code_trim() - give back the memory of pages without code
 * @code: the region
 *
 * What was taken away but may still be executed keeps its pages; the vCPUs that
 * may be in it are kicked, so that the next call finds more.
 * Context: may sleep; takes the locks of a zap.
 * Return: how many pages.
 */
unsigned long vmxl_code_trim(struct vmxl_code *code)
{
	struct page *page[TRIM_PAGES];
	unsigned long freed = 0;
	u32 first = 0, n;
	u64 late;

	if (!is_ready(code))
		return 0;
	spin_lock(&code->vm->cache->lock);
	while (free_limbo(code, &late)) {
		spin_unlock(&code->vm->cache->lock);
		spin_lock(&code->vm->cache->lock);
	}
	n = take_pages(code, &first, page);
	spin_unlock(&code->vm->cache->lock);
	while (n) {
		free_pages_taken(code, first, page, n);
		freed += n;
		first += n;
		spin_lock(&code->vm->cache->lock);
		n = take_pages(code, &first, page);
		spin_unlock(&code->vm->cache->lock);
	}
	if (late)
		kick_late(code, late);
	return freed;
}

/* ---- looking it up ---- */

/**
 * vmxl_code_by_id() - the block that an exit id names
 * @code: the region
 * @id: VMXL_EXIT_ID()'s block number, which anybody may have made up
 *
 * Return: the code whose first line it is, or NULL.
 */
struct vmxl_hblock *vmxl_code_by_id(struct vmxl_code *code, u32 id)
{
	struct vmxl_hblock *h;

	if (!is_ready(code) || id >= nr_lines(code))
		return NULL;
	h = line_owner(code, id);
	return h && h->at >> VMXL_LINE_SHIFT == id ? h : NULL;
}

/**
 * vmxl_code_find() - whose code is at an address
 * @code: the region
 * @ip: address in the owner's address space, any
 */
struct vmxl_hblock *vmxl_code_find(struct vmxl_code *code, u64 ip)
{
	u64 off = ip - code->x;
	struct vmxl_hblock *h;

	if (!is_ready(code) || off >= code->size)
		return NULL;
	h = line_owner(code, off >> VMXL_LINE_SHIFT);
	return h && off - h->at < h->len ? h : NULL;
}

/**
 * vmxl_code_pc() - the guest pc that a host address stands for
 * @code: the region
 * @h: vmxl_code_find()'s result for @ip
 * @ip: the address
 * @ninsn: out, or NULL: guest instructions of the block before the one at @ip
 */
u64 vmxl_code_pc(const struct vmxl_code *code, const struct vmxl_hblock *h, u64 ip, u32 *ninsn)
{
	u32 off = ip - code->x - h->at, lo = 0, hi = h->nr_insns;

	/* The last that begins at or before it; instructions without code have none. */
	while (hi - lo > 1) {
		u32 mid = (lo + hi) / 2;

		if (h->insns[mid].host <= off)
			lo = mid;
		else
			hi = mid;
	}
	if (ninsn)
		*ninsn = lo;
	return h->pc + (h->nr_insns ? h->insns[lo].off : 0);
}

/* ---- vCPUs ---- */

/**
 * vmxl_code_enter() - a vCPU is about to execute translated code
 * @vcpu: the vCPU; its own thread
 */
void vmxl_code_enter(struct vmxl_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->code_epoch, READ_ONCE(vcpu->vm->code->epoch));
	/* Pairs with oldest_epoch(): be seen first, then look for a block's code. */
	smp_mb();
}

/**
 * vmxl_code_leave() - a vCPU has left translated code
 * @vcpu: the vCPU; its own thread
 */
void vmxl_code_leave(struct vmxl_vcpu *vcpu)
{
	/* All that was done there comes before the lines are used again. */
	smp_store_release(&vcpu->code_epoch, 0);
}

/**
 * vmxl_code_target() - where to enter a block
 * @code: the region
 * @b: the block
 *
 * Context: within vm->srcu, after vmxl_code_enter().
 * Return: an address, valid until vmxl_code_leave(); 0: the block has no code.
 */
u64 vmxl_code_target(struct vmxl_code *code, struct vmxl_block *b)
{
	struct vmxl_hblock *h;

	/* Pairs with vmxl_code_publish(). */
	h = smp_load_acquire(&b->host);
	if (!h)
		return 0;
	if (READ_ONCE(h->cold))
		WRITE_ONCE(h->cold, false);
	return vmxl_code_entry(code, h);
}
