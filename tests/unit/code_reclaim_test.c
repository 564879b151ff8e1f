// SPDX-License-Identifier: GPL-2.0
/*
 * Code and blocks that are given up: for want of room in the region, for a limit
 * of the block cache, and when memory is short.
 */
#include "code_env.h"

static void test_reclaim(void)
{
	struct vmxl_block *hot = block_at(e.v, small_pc(0)), *b;
	unsigned int i, done = 0, again = 0, lost = 0;
	int ret;

	ok_eq(vmxl_compile(e.v, hot), 0, "a block that will be in use");
	for (i = 1; i < NR_SMALL; i++) {
		b = block_at(e.v, small_pc(i));
		ret = vmxl_compile(e.v, b);
		done += !ret;
		again += ret == -EAGAIN;
		lost += !is_reached(hot);
		check(!ret || ret == -EAGAIN, "block %u: %d", i, ret);
		check(b->host || ret, "block %u has code", i);
		if (!(i % 64))
			check(lines_ok(), "lines after block %u", i);
	}
	ok(done > NR_SMALL * 9 / 10, "%u blocks in a region for fewer, %u put off", done, again);
	ok(code->nr_reclaimed > NR_SMALL / 4 && code->nr_compiled == done + 1,
	   "%llu taken away", code->nr_reclaimed);
	ok(!lost && hot->host, "the one in use is still there");
	ok(cache->nr_blocks == NR_SMALL, "and all the blocks are");
	ok(lines_ok(), "every line is accounted for");
}

/* Where there is no room at once, there is after a few turns of the clock. */
static int compile_soon(struct vmxl_block *b)
{
	unsigned int i;
	int ret = -EAGAIN;

	for (i = 0; i < 50 && ret == -EAGAIN; i++)
		ret = vmxl_compile(e.v, b);
	return ret;
}

static void test_late(void)
{
	unsigned int i, n = 0;
	struct vmxl_block *b;
	int ret = 0;

	vmxl_code_enter(e.vcpu[1]);
	e.vcpu[1]->run->kick = 0;
	e.vcpu[2]->run->kick = 0;
	for (i = 0; i < 8 * NR_SMALL && !e.vcpu[1]->run->kick; i++) {
		b = block_at(e.v, small_pc(i % NR_SMALL));
		if (b->host)
			continue;
		ret = vmxl_compile(e.v, b);
		n += !ret;
	}
	ok_eq(ret, -EAGAIN, "a vCPU that does not come out: no room in the end");
	ok(e.vcpu[1]->run->kick && !e.vcpu[2]->run->kick, "it is kicked, after %u", n);
	vmxl_code_leave(e.vcpu[1]);
	b = block_at(e.v, small_pc(i % NR_SMALL));
	ok_eq(compile_soon(b), 0, "there is when it has");
	ok(lines_ok(), "every line is accounted for");
}

/* The block cache itself is short of memory: what has code in use is not idle. */
static void test_idle(void)
{
	struct vmxl_block *hot = block_at(e.v, small_pc(1));
	size_t limit = cache->limit;
	unsigned int i, lost = 0;

	ok(!compile_soon(hot) && is_reached(hot), "a block with code");
	hot->used = 0;
	cache->limit = cache->size / 2;
	for (i = 0; i < 200; i++) {
		put(CODE + 64 * (NR_SMALL + i), JALR(0, 1, 0));
		block_at(e.v, CODE + 64 * (NR_SMALL + i));
		lost += !is_reached(hot);
	}
	cache->limit = limit;
	ok(cache->nr_reclaimed > 100 && !hot->dead && !lost, "%lu blocks went, not the one in use",
	   cache->nr_reclaimed);
}

/* A limit that is set while the VM runs: code goes with its block, which takes more. */
static void test_limit(void)
{
	const size_t limit = 64 << 10;
	size_t was = cache->limit, most = 0;
	unsigned int i, done = 0;

	compile_small(1000);
	ok(code->used > 2 * limit, "%zu bytes of code", code->used);
	cache->limit = limit;
	for (i = 0; i < 20 * NR_SMALL; i++) {
		done += !vmxl_compile(e.v, block_at(e.v, small_pc(i % NR_SMALL)));
		if (i > 10 * NR_SMALL)
			most = max(most, code->used);
	}
	ok(done && most && most <= limit, "at most %zu with a limit of %zu", most, limit);
	ok(lines_ok(), "every line is accounted for");
	cache->limit = was;
	compile_small(400);
	ok(code->used > limit, "and more again without");
}

static void test_small(void)
{
	open_vm(64 << 10);
	write_small();
	test_reclaim();
	test_late();
	test_idle();
	vmxl_cache_invalidate_all(cache);
	turn();
	ok(code->used <= 4096 && list_empty(&code->clock) && list_empty(&code->limbo),
	   "with the blocks, all code goes");
	close_vm();
}

/* Memory is short */

static unsigned int nr_pages(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < code->size >> PAGE_SHIFT; i++)
		n += !!code->page[i];
	return n;
}

/* Blocks were idle for so long that they may go, or, @ms below 0, will not be soon. */
static void idle_for(long ms)
{
	struct vmxl_block *b;

	list_for_each_entry(b, &cache->lru, lru)
		b->since = jiffies - msecs_to_jiffies(ms);
}

/* Everything is looked at once. */
static unsigned long shrink_once(gfp_t gfp)
{
	return shim_shrink(gfp, cache->nr_blocks);
}

static void test_cold(void)
{
	unsigned int pages = nr_pages();
	struct vmxl_block *hot = block_at(e.v, small_pc(7));
	size_t size = cache->size, used = code->used;

	ok_eq(shim_shrink_count(), cache->nr_blocks, "all blocks are counted");
	idle_for(10000);
	ok_eq(shrink_once(GFP_KERNEL), 0, "none goes that was in use since the last time");
	idle_for(10000);
	ok_eq(shrink_once(GFP_NOFS), 0, "nor where file systems must not be entered");
	idle_for(-1000000);
	ok_eq(shrink_once(GFP_KERNEL), 0, "nor one that was so a moment ago");
	idle_for(10000);
	ok(is_reached(hot) && shrink_once(GFP_KERNEL) == 399 && cache->nr_blocks == 1,
	   "all others go");
	ok(!hot->dead && hot->host && is_reached(hot), "not the one in use");
	ok(cache->size < size / 100 && code->used < used / 10, "%zu of %zu bytes are left",
	   cache->size, size);
	ok(pages > 10 && nr_pages() <= 2, "%u of %u pages", nr_pages(), pages);
	ok(lines_ok(), "every line is accounted for");
	compile_small(400);
	ok(nr_pages() > 10 && lines_ok(), "there is room for them again");
}

/* What may be executed keeps its memory. */
static void test_within(void)
{
	unsigned int pages = nr_pages();
	struct vmxl_block *b = block_at(e.v, small_pc(9));
	u64 x;

	vmxl_code_enter(e.vcpu[1]);
	x = vmxl_code_target(code, b);
	e.vcpu[1]->run->kick = 0;
	shrink_once(GFP_KERNEL);
	idle_for(10000);
	ok_eq(shrink_once(GFP_KERNEL), 400, "a vCPU is within: all blocks go");
	ok(in_limbo(x) && nr_pages() == pages && e.vcpu[1]->run->kick,
	   "their pages do not, it is kicked");
	vmxl_code_leave(e.vcpu[1]);
	ok(vmxl_code_trim(code) >= pages - 1 && nr_pages() == 1 && !in_limbo(x),
	   "they do when it has left");
	ok_eq(shim_shrink_count(), 0, "nothing is left");
	ok_eq(shim_shrink(GFP_KERNEL, 1000), 0, "nothing goes");
}

static void test_shrink(void)
{
	open_vm(1 << 20);
	write_small();
	test_limit();
	close_vm();
	open_vm(1 << 20);
	write_small();
	compile_small(400);
	test_cold();
	test_within();
	close_vm();
}

int main(void)
{
	test_small();
	test_shrink();
	return tap_done();
}
