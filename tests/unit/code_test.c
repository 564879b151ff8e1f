// SPDX-License-Identifier: GPL-2.0
/*
 * The region of translated code: blocks of RV64 code are compiled and placed,
 * linked, looked up, taken away. code_*_test.c: the jump cache, reclaim, threads.
 */
#include "code_env.h"
#include "../../kmod/codegen/content.h"
#include "../../kmod/codegen/log.h"
#include "../../kmod/codegen/show.h"
#include "../../kmod/opt/opt.h"

static void test_place(void)
{
	struct vmxl_block *a = block_at(e.v, A);
	struct vmxl_hblock *h;
	u32 n, i, off;

	ok_eq(vmxl_compile(e.v, a), 0, "a block is compiled");
	h = a->host;
	if (!ok(h, "it has code"))
		return;
	ok(h->block == a && h->at % 128 == 0 && h->at >= code->stub[VMXL_STUB_MISS],
	   "at a line, behind the stubs");
	ok(vmxl_code_find(code, entry_of(a)) == h, "found by its entry");
	ok(vmxl_code_find(code, code->x + h->at + h->len - 1) == h, "and by its last byte");
	ok(!vmxl_code_find(code, code->x + h->at + h->len), "not behind it");
	ok(!vmxl_code_find(code, code->x), "the stubs are nobody's");
	ok(!vmxl_code_find(code, code->x - 1) && !vmxl_code_find(code, 0) &&
	   !vmxl_code_find(code, code->x + code->size), "nor what is outside");
	ok(vmxl_code_by_id(code, h->at >> 7) == h, "found by its number");
	ok(!vmxl_code_by_id(code, 0) && !vmxl_code_by_id(code, ~0u), "by no other");
	ok_eq(h->nr_insns, 3, "three instructions");
	for (i = 0; i < h->nr_insns; i++) {
		off = h->at + h->insns[i].host;
		check(vmxl_code_pc(code, h, code->x + off, &n) == A + h->insns[i].off && n == i,
		      "the pc of instruction %u", i);
	}
	ok_eq(vmxl_code_pc(code, h, code->x + h->at + h->insns[1].host + 1, &n), A + 4,
	      "the pc within an instruction");
	ok_eq(n, 1, "and how many come before");
	ok_eq(vmxl_code_pc(code, h, code->x + h->at + h->insns[1].host - 1, NULL), A,
	      "the byte before is another's");
	ok_eq(h->exit_pc[0], B, "where its exit goes");
	ok_eq(vmxl_compile(e.v, a), 0, "compiled again: nothing to do");
	ok(a->host == h && code->nr_compiled == 1, "it is the same");
	ok(code->guest_bytes == 12 && code->host_bytes == h->len && code->ns, "counted");
}

/* What others are shown of blocks; A has code, as test_place() left it */
static void test_show(void)
{
	struct vmxl_block *a = block_at(e.v, A), *b = block_at(e.v, B);
	const struct vmxl_hblock *h = a->host;
	static struct vmxl_show s;

	ok_eq(vmxl_block_show(e.v->vm, A, &s), 0, "a block is shown");
	ok(s.flags == a->key.flags && s.gpa == a->gpa && s.len == 12, "what it is of");
	ok(s.guest_len == VMXL_SHOW_GUEST && !memcmp(s.guest_code, &(u32){ ADDI(10, 10, 1) }, 4),
	   "its guest code, and what follows");
	ok(s.host == code->x + h->at && s.entry == h->entry && s.host_len == h->len &&
	   !memcmp(s.host_code, written(h->at), h->len), "its host code");
	ok(!vmxl_block_show(e.v->vm, B, &s) && s.gpa == b->gpa && !s.host && !s.host_len,
	   "one that was not compiled has none");
	ok_eq(vmxl_block_show(e.v->vm, A + 4, &s), -ENOENT, "none begins within another");
}

/* A call forwards within the page is part of the block, and so is what it passes over. */
static void test_follow(void)
{
	const u64 at = CODE + 0x3a0;
	struct vmxl_block *b;

	put(at, ADDI(10, 10, 1));
	put(at + 4, jal(0x1c) | 1 << 7);
	put(at + 0x20, ADDI(11, 11, 1));
	put(at + 0x24, JALR(0, 1, 0));
	b = block_at(e.v, at);
	ok(b->nr_insns == 4 && b->len == 0x28 && !b->nr_links, "a call is followed");
	ok_eq(vmxl_compile(e.v, b), 0, "it is compiled");
	ok(b->host->nr_insns == 4 && b->host->insns[2].off == 0x20, "the pc behind it");
	ok(b->host->nr_exits == 1 && b->host->exit_pc[0] == at + 8, "back where it came from");
	vmxl_cache_invalidate(cache, at + 0x10, 4);
	ok(b->dead, "a store into what it passes over drops it");
	put(at, jal(-4));
	b = block_at(e.v, at);
	ok(b->nr_insns == 1 && b->nr_links == 1 && b->links[0].pc == at - 4,
	   "a jump backwards is not followed");
	put(at, jal(0x1000));
	vmxl_cache_invalidate(cache, at, 4);
	b = block_at(e.v, at);
	ok(b->nr_insns == 1 && !b->links[0].linkable, "nor one to another page");
	vmxl_cache_invalidate(cache, at, 4);
}

static void test_links(void)
{
	struct vmxl_block *a = block_at(e.v, A), *b = block_at(e.v, B);
	u64 entry;

	ok_eq(leads_to(a, 0), stub_of(a, 0), "an exit leads to its stub");
	vmxl_block_link(cache, &a->links[0], b);
	ok(a->links[0].to == b && !a->links[0].host, "linked for the interpreter");
	ok_eq(leads_to(a, 0), stub_of(a, 0), "its block has no code yet");
	ok_eq(vmxl_compile(e.v, b), 0, "then it has");
	ok_eq(leads_to(a, 0), entry_of(b), "and the jump leads there");
	ok(b->links[0].pc == A && b->host->exits[0].site, "one back that may be linked");
	vmxl_block_link(cache, &b->links[0], a);
	ok_eq(leads_to(b, 0), entry_of(a), "a link of two that have code");
	ok(b->nr_links == 2 && !b->host->exits[1].site, "none to another page");

	entry = entry_of(b);
	vmxl_cache_invalidate(cache, B, 4);
	ok(b->dead && !b->host, "a block that dies has none");
	ok_eq(leads_to(a, 0), stub_of(a, 0), "and nothing leads to it");
	ok(vmxl_code_find(code, entry) && !vmxl_code_find(code, entry)->block,
	   "its code is still known");
	ok_eq(vmxl_compile(e.v, b), -EAGAIN, "the dead are not compiled");
	b = block_at(e.v, B);
	vmxl_block_link(cache, &a->links[0], b);
	ok_eq(vmxl_compile(e.v, b), 0, "its successor is");
	ok_eq(leads_to(a, 0), entry_of(b), "and takes its place");
	ok_eq(leads_to(b, 0), stub_of(b, 0), "what was linked to it is not linked from it");
	vmxl_block_link(cache, &b->links[0], a);
	ok_eq(leads_to(b, 0), entry_of(a), "but may be");
}

/* A jump that is found to be direct: an exit that the block's links do not have. */
static void test_more_exits(void)
{
	struct vmxl_block *b;
	u32 nr;

	put(CODE + 0x380, AUIPC(5));
	put(CODE + 0x384, LD(10, 10, 0));
	put(CODE + 0x388, JALR(0, 5, -0x80));
	b = block_at(e.v, CODE + 0x380);
	ok_eq(vmxl_compile(e.v, b), 0, "auipc and jalr");
	nr = b->nr_links;
	ok(b->host->nr_exits == nr + 1 && b->host->exit_pc[nr] == CODE + 0x300 &&
	   !b->host->exits[nr].site, "where the exit goes is known, it is not linked");
	vmxl_cache_invalidate(cache, CODE + 0x380, 4);
}

/* Accesses that are left to the interpreter again and again: the block is as well. */
static void test_left(void)
{
	struct vmxl_block *b;
	struct vmxl_hblock *h;
	int i;

	put(CODE + 0x400, LD(10, 11, 0));
	put(CODE + 0x404, JALR(0, 1, 0));
	b = block_at(e.v, CODE + 0x400);
	ok_eq(vmxl_compile(e.v, b), 0, "a block that loads");
	h = b->host;
	for (i = 0; i < 7; i++)
		vmxl_code_left(code, h);
	ok(b->host == h, "seven accesses were not possible");
	vmxl_code_left(code, h);
	ok(!b->host && !b->dead && b->heat > 1000, "with the eighth its code goes for a while");
	vmxl_code_left(code, h);
	ok(!h->block, "what is still executing it may go on");
	vmxl_cache_invalidate(cache, CODE + 0x400, 4);
}

/* Stores in a row through a page with code: it is no code page any more. */
static void test_filled(void)
{
	struct vmxl_memslot *slot = vmxl_memslot_find(e.vm, FAR);
	struct vmxl_block *a, *b;
	int i;

	put(FAR + 0x800, ADDI(12, 0, 5));
	put(FAR + 0x804, JALR(0, 1, 0));
	put(FAR + 0x900, ADDI(12, 0, 5));
	put(FAR + 0x904, JALR(0, 1, 0));
	a = block_at(e.v, FAR + 0x800);
	b = block_at(e.v, FAR + 0x900);
	for (i = 0; i < 20; i++)
		vmxl_cache_invalidate(cache, FAR + 0x10 * i, 8);
	ok(!a->dead && !b->dead && vmxl_memslot_has_code(slot, FAR), "data among code");
	for (i = 0; i < 4; i++)
		vmxl_cache_invalidate(cache, FAR + 8 * i, 8);
	ok(!a->dead && vmxl_memslot_has_code(slot, FAR), "four in a row may be a structure");
	vmxl_cache_invalidate(cache, FAR + 8 * i, 8);
	ok(a->dead && b->dead && !vmxl_memslot_has_code(slot, FAR), "five are a copy");
	a = block_at(e.v, FAR + 0x800);
	for (; i < 40; i++)
		vmxl_cache_invalidate(cache, FAR + 8 * i, 8);
	ok(!a->dead, "not where code comes back: the page holds both");
	vmxl_cache_invalidate(cache, FAR + 0x800, 8);
	ok(a->dead && !vmxl_memslot_has_code(slot, FAR), "what is written to goes all the same");
}

static void refused(struct vmxl_block *b, const char *what)
{
	ok(vmxl_compile(e.v, b) && b->heat == VMXL_HEAT_NEVER && !b->host, "not compiled: %s",
	   what);
}

static void test_refusals(void)
{
	static struct vmxl_show s;
	u64 fences;
	struct vmxl_block *b;
	u64 failed = code->nr_failed;

	put(CODE + 0x200, EBREAK);
	refused(block_at(e.v, CODE + 0x200), "what begins with a trap");
	put(CODE + 0x240, CSRR(10, 0xc00));
	refused(block_at(e.v, CODE + 0x240), "what begins with a CSR");
	put(CODE + 0x280, LR_D(10, 11));
	put(CODE + 0x284, ADDI(10, 10, 1));
	put(CODE + 0x288, JALR(0, 1, 0));
	refused(block_at(e.v, CODE + 0x280), "what begins with a reservation");
	put(CODE + 0x1ffe, ADDI(10, 10, 1));
	put(CODE + 0x2002, jal(-2));
	b = block_at(e.v, CODE + 0x1ffe);
	ok(b->page[1].gfn != VMXL_NO_GFN, "a block over two pages");
	ok_eq(vmxl_compile(e.v, b), 0, "has code");
	ok(!vmxl_block_show(e.v->vm, CODE + 0x1ffe, &s) && s.guest_len == VMXL_SHOW_GUEST &&
	   !memcmp(s.guest_code + 4, &(u32){ jal(-2) }, 4), "it is shown with its second page");
	fences = e.v->jcache->nr_fence;
	vmxl_jcache_flush_page(e.v, CODE + 0x7000, VMXL_ASID_ALL);
	ok_eq(e.v->jcache->nr_fence, fences, "a page that nothing was found in is flushed");
	vmxl_jcache_flush_page(e.v, CODE + 0x2000, VMXL_ASID_ALL);
	ok_eq(e.v->jcache->nr_fence, fences + 1, "jump caches forget it with its second page");
	e.v->limit = 1;
	refused(block_at(e.v, A), "a single step");
	e.v->limit = 0;

	enter_mode(e.v, RV_S);
	b = block_at(e.v, FAR);
	e.r->mstatus |= RV_MSTATUS_MXR;
	vmxl_rv64_mmu_update(e.v);
	ok_eq(vmxl_compile(e.v, b), -EAGAIN, "a block of another view: not now");
	refused(block_at(e.v, FAR), "MXR has no window");
	enter_mode(e.v, RV_M);
	refused(block_at(e.v, FAR), "machine mode has no window");
	ok_eq(code->nr_failed - failed, 6, "counted");
	enter_mode(e.v, RV_S);
	b = block_at(e.v, FAR);
	enter_mode(e.v, RV_U);
	ok(vmxl_compile(e.v, b) == -EAGAIN && b->heat != VMXL_HEAT_NEVER, "a block of another mode");
	enter_mode(e.v, RV_S);
	ok_eq(vmxl_compile(e.v, b), 0, "but in its own");
	put(FAR, LD(10, 11, 8));
	ok_eq(vmxl_compile(e.v, b), 0, "one that has code is let alone");
	enter_mode(e.v, RV_U);
}

static void test_windows(void)
{
	static const struct {
		enum vmxl_rv64_mode mode;
		u64 set;
		enum vmxl_window_kind kind;
		const char *what;
	} row[] = {
		{ RV_U, 0, VMXL_WIN_LOW, "U-mode" },
		{ RV_U, RV_MSTATUS_SUM, VMXL_WIN_LOW, "U-mode with SUM" },
		{ RV_U, RV_MSTATUS_MXR, VMXL_WIN_NONE, "U-mode with MXR" },
		{ RV_S, 0, VMXL_WIN_HIGH, "S-mode" },
		{ RV_S, RV_MSTATUS_SUM, VMXL_WIN_BOTH, "S-mode with SUM" },
		{ RV_S, RV_MSTATUS_MXR, VMXL_WIN_NONE, "S-mode with MXR" },
		{ RV_M, 0, VMXL_WIN_NONE, "M-mode" },
		{ RV_M, RV_MSTATUS_MPRV, VMXL_WIN_NONE, "M-mode as U-mode" },
		{ RV_M, RV_MSTATUS_MPRV | RV_MSTATUS_MPP, VMXL_WIN_NONE, "M-mode as M-mode" },
	};
	struct vmxl_key key = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		enter_mode(e.v, row[i].mode);
		e.r->mstatus &= ~RV_MSTATUS_MPP;
		e.r->mstatus |= row[i].set;
		vmxl_rv64_mmu_update(e.v);
		vmxl_rv64_key(e.v, &key);
		ok_eq(vmxl_rv64_window(key.flags), row[i].kind, row[i].what);
	}
	enter_mode(e.v, RV_S);
	e.r->satp = 0;
	vmxl_rv64_mmu_update(e.v);
	vmxl_rv64_key(e.v, &key);
	ok_eq(vmxl_rv64_window(key.flags), VMXL_WIN_NONE, "S-mode without translation");
	e.r->mstatus &= ~(RV_MSTATUS_MPP | RV_MSTATUS_MPRV);
	enter_mode(e.v, RV_U);
}

static void test_epochs(void)
{
	struct vmxl_block *b;
	size_t used;
	u64 x;

	put(CODE + 0x300, LD(10, 10, 0));
	put(CODE + 0x304, JALR(0, 1, 0));
	turn();
	used = code->used;
	b = block_at(e.v, CODE + 0x300);
	ok_eq(vmxl_compile(e.v, b), 0, "one more");
	vmxl_code_enter(e.vcpu[1]);
	ok(e.vcpu[1]->code_epoch, "a vCPU is within");
	x = vmxl_code_target(code, b);
	ok_eq(x, entry_of(b), "at its entry");
	vmxl_cache_invalidate(cache, CODE + 0x300, 4);
	turn();
	ok(in_limbo(x) && code->used > used, "what it is in is not used again");
	vmxl_code_enter(e.vcpu[2]);
	vmxl_code_leave(e.vcpu[1]);
	turn();
	ok(!in_limbo(x) && code->used == used, "it is after it left, for one that came later");
	vmxl_code_leave(e.vcpu[2]);
	ok_eq(vmxl_code_target(code, block_at(e.v, CODE + 0x300)), 0, "a block without code");
}

#define CONTENT	(CODE + 0x440)

static struct vmxl_block *make_content(u64 pc, u32 insn)
{
	struct vmxl_block *b;

	vmxl_cache_invalidate(cache, pc, 64);
	put(pc, insn);
	put(pc + 4, LD(10, 10, 0));
	put(pc + 8, bne(10, 11, -8));
	put(pc + 12, JALR(0, 1, 0));
	b = block_at(e.v, pc);
	check(!vmxl_compile(e.v, b), "a block at 0x%llx", pc);
	return b;
}

/* The code as it is, without what is for its place */
static u32 copy_plain(const struct vmxl_hblock *h, u8 *to)
{
	u32 i, val;

	vmxl_code_read(code, h->at, to, h->len);
	for (i = 0; i < h->nr_relocs; i++) {
		const struct vmxl_hreloc *r = &h->relocs[i];

		memcpy(&val, to + r->site, 4);
		val -= r->kind == VMXL_RELOC_ID ? h->at >> VMXL_LINE_SHIFT << 8 :
		       code->stub[r->kind] - (h->at + r->site + 4);
		memcpy(to + r->site, &val, 4);
	}
	return h->len;
}

/* Code can be put elsewhere, and is found by what it was made of. */
static void test_content(void)
{
	static u8 raw[2][VMXL_HCODE_MAX], plain[2][VMXL_HCODE_MAX];
	struct vmxl_block *b = make_content(CONTENT, ADDI(10, 10, 1));
	u64 key = b->host->content, seen[5];
	u32 at = b->host->at, len = copy_plain(b->host, plain[0]), i, k;

	vmxl_code_read(code, at, raw[0], len);
	check(b->host->nr_relocs >= 2, "relocations");
	check(vmxl_code_reserve(code, 1) > 0, "a line in the way");
	b = make_content(CONTENT, ADDI(10, 10, 1));
	vmxl_code_read(code, b->host->at, raw[1], len);
	ok(b->host->content == key, "the same again has the same key");
	ok(b->host->at != at && b->host->len == len && memcmp(raw[0], raw[1], len),
	   "and other code elsewhere");
	ok(copy_plain(b->host, plain[1]) == len && !memcmp(plain[0], plain[1], len),
	   "which is the same but for its relocations");

	seen[0] = key;
	seen[1] = make_content(CONTENT, ADDI(10, 10, 2))->host->content;
	b = make_content(CONTENT + 0x40, ADDI(10, 10, 1));
	seen[2] = b->host->content;
	seen[3] = vmxl_content_key(e.vm, b, VMXL_OPT_ALL & ~1u);
	enter_mode(e.v, RV_S);
	seen[4] = make_content(CONTENT + 0x40, ADDI(10, 10, 1))->host->content;
	enter_mode(e.v, RV_U);
	for (i = 0; i < 5; i++)
		for (k = 0; k < i; k++)
			check(seen[i] != seen[k], "keys %u and %u differ", i, k);
	ok(seen[0] && seen[1], "other bytes, address, mode or passes are another key");
	vmxl_cache_invalidate(cache, CONTENT, 0x80);
}

static void test_fault(void)
{
	struct vm_fault vmf = { .address = code->x + 5 };

	ok(vmxl_code_fault(code, &vmf) == VM_FAULT_LOCKED && vmf.page == code->page[0],
	   "a page of the region");
	unlock_page(vmf.page);
	put_page(vmf.page);
	vmf.address = code->x + code->size - 1;
	ok_eq(vmxl_code_fault(code, &vmf), VM_FAULT_SIGBUS, "one that is not there yet");
	vmf.address = code->x + code->size;
	ok_eq(vmxl_code_fault(code, &vmf), VM_FAULT_SIGBUS, "an address outside");
	vmf.address = code->x - PAGE_SIZE;
	ok_eq(vmxl_code_fault(code, &vmf), VM_FAULT_SIGBUS, "below");
}

static u32 read_log(struct vmxl_code_record *rec, u32 nr, u64 *lost)
{
	struct vmxl_code_log args = { .records = (unsigned long)rec, .nr = nr };

	ok_eq(vmxl_log_read(code, &args), 0, "the log can be read");
	*lost = args.lost;
	return args.nr;
}

/* A ring that nobody reads loses what comes, and says how much. */
static void test_log(void)
{
	struct vmxl_code_log args = { .nr = 1 };
	struct vmxl_code_record rec[40];
	struct vmxl_block *b;
	u32 n, all = 0;
	u64 lost;

	ok_eq(vmxl_log_read(NULL, &args), -EOPNOTSUPP, "no region, no log");
	ok_eq(read_log(rec, 0, &lost), 0, "a log begins");
	put(CODE + 0x360, LD(10, 10, 0));
	put(CODE + 0x364, JALR(0, 1, 0));
	b = block_at(e.v, CODE + 0x360);
	ok_eq(vmxl_compile(e.v, b), 0, "a block is compiled");
	ok_eq(read_log(rec, ARRAY_SIZE(rec), &lost), 2, "the stubs are in it, and the block");
	ok(rec[0].type == VMXL_CODE_STUBS && rec[0].host == code->x && rec[0].host_len,
	   "where the stubs are");
	ok(rec[1].type == VMXL_CODE_ADDED && rec[1].pc == CODE + 0x360 && rec[1].len == 8 &&
	   rec[1].host == code->x + b->host->at && rec[1].host_len == b->host->len,
	   "where the block is");
	spin_lock(&cache->lock);
	for (n = 0; n < 16384 + 7; n++)
		vmxl_log_block(code, VMXL_CODE_ADDED, b->host);
	spin_unlock(&cache->lock);
	while ((n = read_log(rec, ARRAY_SIZE(rec), &lost))) {
		check(lost == (all ? 0 : 7), "%llu lost", lost);
		all += n;
	}
	ok_eq(all, 16384, "what there is room for");
}

/* What cannot be had leaves things as they were. */
static void test_memory(void)
{
	struct vmxl_block *b;
	unsigned long n;
	size_t used;
	int ret;

	vmxl_compiler_destroy(e.v->compiler);
	e.v->compiler = NULL;
	put(CODE + 0x340, LD(10, 10, 0));
	put(CODE + 0x344, JALR(0, 1, 0));
	b = block_at(e.v, CODE + 0x340);
	turn();
	used = code->used;
	for (n = 1;; n++) {
		shim_fail_nth(n);
		ret = vmxl_compile(e.v, b);
		if (!shim_fail_done())
			break;
		check(ret == -ENOMEM && !b->host && code->used == used &&
		      b->heat != VMXL_HEAT_NEVER,
		      "without the %lu-th allocation: %d", n, ret);
	}
	ok(!ret && n > 2, "allocations that fail (%lu)", n - 1);
}

static void test_basics(void)
{
	open_vm(1 << 20);
	write_blocks();
	test_place();
	test_show();
	test_follow();
	test_links();
	test_more_exits();
	test_left();
	test_filled();
	test_refusals();
	test_windows();
	test_epochs();
	test_content();
	test_fault();
	test_log();
	test_memory();
	close_vm();
}

int main(void)
{
	test_basics();
	return tap_done();
}
