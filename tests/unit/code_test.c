// SPDX-License-Identifier: GPL-2.0
/*
 * The region of translated code: blocks of RV64 code are compiled and placed,
 * linked, looked up, taken away. Nothing is executed (tests/unit/x86_test.c,
 * and the guests, do): what is in the region is read.
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
#include "rv64_env.h"
#include "../../kmod/codegen/cache.h"
#include "../../kmod/codegen/code.h"
#include "../../kmod/codegen/content.h"
#include "../../kmod/codegen/log.h"
#include "../../kmod/codegen/show.h"
#include "../../kmod/enter.h"
#include "../../kmod/opt/opt.h"

#define X_BASE		0x100000000000ULL	/* where the region would be */
#define ROOT_U		(ENV_RAM + 0x1000)	/* page tables: 1 GiB at ENV_RAM, U-mode's */
#define ROOT_S		(ENV_RAM + 0x2000)	/* the same, S-mode's */
#define CODE		(ENV_RAM + 0x10000)

#define INSN_I(op, f3, rd, rs1, imm) \
	((u32)(imm) << 20 | (rs1) << 15 | (f3) << 12 | (rd) << 7 | (op))
#define ADDI(rd, rs1, imm)	INSN_I(0x13, 0, rd, rs1, imm)
#define LD(rd, rs1, imm)	INSN_I(0x03, 3, rd, rs1, imm)
#define JALR(rd, rs1, imm)	INSN_I(0x67, 0, rd, rs1, imm)
#define CSRR(rd, csr)		INSN_I(0x73, 2, rd, 0, csr)
#define EBREAK			0x100073u
#define LR_D(rd, rs1)		(0x1000302fu | (rs1) << 15 | (rd) << 7)
#define AUIPC(rd)		((rd) << 7 | 0x17u)

static struct env e;
static struct vmxl_code *code;
static struct vmxl_cache *cache;

static u32 jal(s32 disp)
{
	return (disp >> 20 & 1) << 31 | (disp >> 1 & 0x3ff) << 21 | (disp >> 11 & 1) << 20 |
	       (disp >> 12 & 0xff) << 12 | 0x6f;
}

static u32 bne(unsigned int rs1, unsigned int rs2, s32 disp)
{
	return (disp >> 12 & 1) << 31 | (disp >> 5 & 0x3f) << 25 | rs2 << 20 | rs1 << 15 |
	       1 << 12 | (disp >> 1 & 0xf) << 8 | (disp >> 11 & 1) << 7 | 0x63;
}

static void put(u64 gpa, u32 insn)
{
	memcpy(e.ram + (gpa - ENV_RAM), &insn, sizeof(insn));
}

static void map_gigabyte(u64 root, u64 flags)
{
	u64 pte = (ENV_RAM >> 12) << 10 | flags;

	memcpy(e.ram + (root - ENV_RAM) + (ENV_RAM >> 30 & 0x1ff) * 8, &pte, sizeof(pte));
}

static void enter_mode(struct vmxl_vcpu *v, enum vmxl_rv64_mode mode)
{
	struct vmxl_rv64_regs *r = rv_regs(v);

	r->mode = mode;
	r->mstatus &= ~(RV_MSTATUS_SUM | RV_MSTATUS_MXR | RV_MSTATUS_MPRV);
	r->satp = (u64)RV_MODE_SV39 << RV_SATP_MODE_SHIFT | (mode == RV_U ? ROOT_U : ROOT_S) >> 12;
	r->pmpcfg[0] = 0x1f;		/* everything, for everybody */
	r->pmpaddr[0] = ~0ULL >> 10;
	vmxl_rv64_pmp_update(v);
	vmxl_rv64_mmu_update(v);
}

static void open_vm(size_t size)
{
	unsigned int i;

	env_open(&e, 0);
	code = e.vm->code;
	cache = e.vm->cache;
	code->size = size;
	code->x = X_BASE;
	map_gigabyte(ROOT_U, 0xdf);
	map_gigabyte(ROOT_S, 0xcf);
	for (i = 0; i < ENV_VCPUS; i++)
		enter_mode(e.vcpu[i], RV_U);
	ok_eq(vmxl_code_ready(code), 0, "the region is ready");
}

static struct vmxl_block *block_at(struct vmxl_vcpu *v, u64 pc)
{
	struct vmxl_block *b = NULL;

	v->gs->pc = pc;
	check(vmxl_block_get(v, &b) == VMXL_ACT_NEXT, "a block at 0x%llx", pc);
	return b;
}

static u8 *written(u32 off)
{
	return (u8 *)page_address(code->page[off >> PAGE_SHIFT]) + offset_in_page(off);
}

/* Where the jump of an exit leads */
static u64 leads_to(struct vmxl_block *b, unsigned int exit)
{
	u32 site = b->host->at + b->host->exits[exit].site;
	s32 disp;

	memcpy(&disp, written(site), sizeof(disp));
	return code->x + site + 4 + disp;
}

static u64 stub_of(struct vmxl_block *b, unsigned int exit)
{
	return code->x + b->host->at + b->host->exits[exit].stub;
}

static u64 entry_of(struct vmxl_block *b)
{
	return vmxl_code_entry(code, b->host);
}

/* Blocks at CODE: an addition, then back to another; one that goes on behind a branch */
#define A	(CODE + 0x100)
#define B	(CODE + 0x000)
#define FAR	(CODE + 0x1000)

static void write_blocks(void)
{
	put(A, ADDI(10, 10, 1));
	put(A + 4, LD(11, 10, 8));
	put(A + 8, jal((s32)(B - (A + 8))));
	put(B, ADDI(11, 11, -1));
	put(B + 4, bne(11, 0, (s32)(A - (B + 4))));
	put(B + 8, ADDI(12, 0, 5));
	put(B + 12, jal(FAR - (B + 12)));
	put(FAR, LD(10, 11, 0));
	put(FAR + 4, JALR(0, 1, 0));
}

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

static bool in_limbo(u64 x)
{
	struct vmxl_hblock *h = vmxl_code_find(code, x);

	return h && !h->block;
}

/* Something that goes through limbo when it can */
static void turn(void)
{
	long at = vmxl_code_reserve(code, 1);

	check(at > 0, "a line");
	vmxl_code_unreserve(code, at, 1);
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

static struct vmxl_ujc_entry *ujc(unsigned int vcpu, u64 pc)
{
	return &e.vcpu[vcpu]->ujc[vmxl_ujc_index(pc)];
}

static struct vmxl_ujc2_entry *ujc2(unsigned int vcpu, u64 pc)
{
	return &e.vcpu[vcpu]->ujc2[vmxl_ujc2_index(pc, e.vcpu[vcpu]->jctx)];
}

static bool is_empty2(const struct vmxl_ujc2_entry *entry)
{
	return entry->jctx == 0 && entry->host == code->x + code->stub[VMXL_STUB_OUT];
}

static bool is_empty(const struct vmxl_ujc_entry *entry)
{
	return entry->tag == 0 && entry->host == code->x + code->stub[VMXL_STUB_MISS];
}

static void test_ujc(void)
{
	struct vmxl_block *a = block_at(e.v, A), *b = block_at(e.v, B);
	unsigned int i;

	for (i = 0; i < 2; i++) {
		e.vcpu[i]->jctx = (i + 1ULL) << 1;
		vmxl_ujc_flush(e.vcpu[i]);
	}
	ok(is_empty(ujc(0, A)) && is_empty(&e.v->ujc[0]) &&
	   is_empty(&e.v->ujc[(1 << VMXL_UJC_BITS) - 1]),
	   "flushed: each leads to the stub for misses");
	ok(is_empty2(ujc2(0, A)) && is_empty2(&e.v->ujc2[(VMXL_UJC2_WAYS << VMXL_UJC2_BITS) - 1]),
	   "and out, where that looks");
	for (i = 0; i < 2; i++) {
		vmxl_ujc_add(e.vcpu[i], a);
		vmxl_ujc_add(e.vcpu[i], b);
	}
	ok(ujc(0, A)->tag == (A ^ 1ULL << 1) && ujc(1, A)->tag == (A ^ 2ULL << 1) &&
	   ujc(0, A)->host == entry_of(a) && ujc(1, B)->host == entry_of(b), "entries");
	e.v->jctx = 3ULL << 1;
	vmxl_ujc_add(e.v, a);
	vmxl_ujc_add(e.v, b);
	ok(ujc(0, A)->tag == (A ^ 3ULL << 1) && ujc2(0, A)->tag == (A ^ 3ULL << 1) &&
	   ujc2(0, A)->jctx == 3ULL << 1 && ujc2(0, A)->host == entry_of(a), "another context's");
	e.v->jctx = 1ULL << 1;
	ok(ujc2(0, A)->tag == (A ^ 1ULL << 1) && ujc2(0, A)->host == entry_of(a) &&
	   ujc2(0, B)->jctx == 1ULL << 1, "the one before is still found");
	vmxl_cache_invalidate(cache, A, 4);
	ok(is_empty(ujc(0, A)) && is_empty(ujc(1, A)), "a block that dies is in none");
	ok(is_empty2(ujc2(0, A)) && is_empty2(ujc2(0, A) - 1 + 3) && is_empty2(ujc2(1, A)),
	   "of all contexts");
	ok(ujc2(0, B)->host == entry_of(b) && ujc2(1, B)->host == entry_of(b), "others stay there");
	ok(ujc(0, B)->host == entry_of(b) && ujc(1, B)->host == entry_of(b), "others stay");
	vmxl_ujc_add(e.v, a);
	ok(is_empty(ujc(0, A)), "the dead are not added");
	vmxl_ujc_add(e.v, block_at(e.v, CODE + 0x300));
	ok(is_empty(ujc(0, CODE + 0x300)), "nor what has no code");
	vmxl_ujc_flush(e.vcpu[1]);
	ok(is_empty(ujc(1, B)) && ujc(0, B)->host == entry_of(b), "a flush is one vCPU's");
}

/* The context that @v is in, entering the block at @pc in its mode with an ASID */
static u64 context_here(struct vmxl_vcpu *v, u64 asid, u64 pc)
{
	struct vmxl_block *b;

	rv_regs(v)->satp &= ~(RV_SATP_ASID << RV_SATP_ASID_SHIFT);
	rv_regs(v)->satp |= asid << RV_SATP_ASID_SHIFT;
	vmxl_rv64_mmu_update(v);
	b = block_at(v, pc);
	if (!b->host)
		check(!vmxl_compile(v, b), "code for 0x%llx", pc);
	check(vmxl_entry_prepare(v, b), "entry at 0x%llx", pc);
	vmxl_code_leave(v);
	return v->jctx;
}

static u64 context_of(struct vmxl_vcpu *v, u8 mode, u64 asid, u64 pc)
{
	enter_mode(v, mode);
	return context_here(v, asid, pc);
}

/* Into translated code, with mstatus.FS @fs */
static void enter_view(struct vmxl_vcpu *v, u64 asid, u64 fs)
{
	struct vmxl_uregs saved = {};

	rv_regs(v)->mstatus &= ~RV_MSTATUS_FS;
	rv_regs(v)->mstatus |= fs << 13;
	context_here(v, asid, A);
	mutex_lock(&v->mutex);
	vmxl_entry_enter(v, &saved, -1);
	v->entry->back = false;
}

/* Views of address spaces that take turns: each finds its own. */
static void test_views(void)
{
	struct vmxl_vcpu *v = e.v;
	const struct vmxl_view *view = v->gs->view;
	u64 sig, off, on;
	int n_off, n_on;

	enter_mode(v, RV_U);
	enter_view(v, 1, 0);
	n_off = v->vm->guest->view(v, &sig);
	off = view[n_off].jctx;
	enter_view(v, 1, 1);
	n_on = v->vm->guest->view(v, &sig);
	on = view[n_on].jctx;
	ok(n_off != n_on && on && off && view[n_off].jctx == off, "two views of an address space");
	enter_view(v, 2, 1);
	ok(view[n_on].jctx && view[n_on].jctx != on && !view[n_off].jctx, "not of another");
	enter_view(v, 1, 1);
	ok(view[n_on].jctx == on && view[n_off].jctx == off, "they are found again");
	vmxl_jcache_flush(v);
	enter_view(v, 1, 1);
	ok(view[n_on].jctx != on && !view[n_off].jctx, "but not after a flush");
	vmxl_entry_release(v);
}

/* The kernel and a process by turns, for many processes: neither costs the other its own. */
static void test_contexts(void)
{
	u64 kernel, user, asid, lost = 0, turns = 0, flushes;
	int i;

	for (asid = 1; asid <= 400; asid++) {
		flushes = e.v->jcache->nr_flush;
		kernel = context_of(e.v, RV_S, asid, FAR);
		user = context_of(e.v, RV_U, asid, A);
		for (i = 0; i < 3; i++) {
			bool same = context_of(e.v, RV_S, asid, FAR) == kernel &&
				    context_of(e.v, RV_U, asid, A) == user;

			/* Numbers of address spaces run out now and then. */
			if (e.v->jcache->nr_flush != flushes)
				break;
			turns++;
			lost += !same;
		}
	}
	ok(turns > 400 && !lost, "contexts hold: %llu of %llu turns lost theirs",
	   (unsigned long long)lost, (unsigned long long)turns);
	enter_mode(e.v, RV_U);
}

static void fence(bool kept, const char *what)
{
	u64 flushes = e.v->jcache->nr_flush, fences = e.v->jcache->nr_fence;

	vmxl_jcache_fence(e.v);
	if (kept)
		ok(e.v->jcache->nr_flush == flushes && e.v->jcache->nr_fence == fences + 1, "%s",
		   what);
	else
		ok(e.v->jcache->nr_flush == flushes + 1 && !e.v->jcache->nr_pieces, "%s", what);
}

/* What is the same in all address spaces outlives fences, until it changes. */
static void test_fences(void)
{
	struct vmxl_jcache *jc = e.v->jcache;
	struct vmxl_block *b;

	vmxl_jcache_flush(e.v);
	ok(!vmxl_jcache_note(e.v, block_at(e.v, B)) && !jc->nr_pieces, "U-mode's is not kept");
	enter_mode(e.v, RV_S);
	vmxl_tlb_flush(e.v);
	ok(!vmxl_jcache_note(e.v, block_at(e.v, B)) && !jc->nr_pieces, "nor what is not global");
	map_gigabyte(ROOT_S, 0xef);
	vmxl_tlb_flush(e.v);
	b = block_at(e.v, B);
	ok(vmxl_jcache_note(e.v, b) && jc->nr_pieces == 1, "global code is noted");
	ok(vmxl_jcache_note(e.v, block_at(e.v, FAR)) && jc->nr_pieces == 1, "once for a mapping");
	fence(true, "a fence leaves it");
	ok(!vmxl_jcache_find(e.v, B, b->key.flags), "the interpreter looks again");
	vmxl_tlb_flush_asid(e.v, 1);
	ok(jc->nr_pieces == 1, "as does an address space's");
	map_gigabyte(ROOT_S, 0xcf);
	fence(false, "not when it is not global any more");
	map_gigabyte(ROOT_S, 0xef);
	vmxl_tlb_flush(e.v);
	vmxl_jcache_note(e.v, block_at(e.v, B));
	e.r->mode = RV_M;
	vmxl_rv64_mmu_update(e.v);
	fence(false, "nor where it is not seen");
	enter_mode(e.v, RV_S);
	vmxl_tlb_flush(e.v);
	ok(vmxl_jcache_note(e.v, block_at(e.v, B)), "noted again");
	vmxl_jcache_flush_page(e.v, ENV_RAM + 0x20000000, VMXL_ASID_ALL);
	ok(!jc->nr_pieces, "a fence for any address of a mapping is for all of it");
	map_gigabyte(ROOT_S, 0xcf);
	enter_mode(e.v, RV_U);
	vmxl_tlb_flush(e.v);
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

static void close_vm(void)
{
	env_close(&e);
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
	test_ujc();
	test_contexts();
	test_views();
	test_fences();
	test_content();
	test_fault();
	test_log();
	test_memory();
	close_vm();
}

/* A region with room for few */

#define NR_SMALL	1500

static u64 small_pc(unsigned int i)
{
	return CODE + 64 * i;
}

static void write_small(void)
{
	unsigned int i, k;

	for (i = 0; i < NR_SMALL; i++) {
		for (k = 0; k < 4 + i % 8; k++)
			put(small_pc(i) + 4 * k, LD(10 + k % 3, 10, 8 * k));
		put(small_pc(i) + 4 * k, JALR(0, 1, 0));
	}
}

/* Each line belongs to the block that says so, and none is lost. */
static bool lines_ok(void)
{
	unsigned int i, n = 0, own = 0, all = code->size >> 7;
	struct vmxl_hblock *h;

	for (i = 0; i < all; i++) {
		h = code->line[i];
		n += test_bit(i, code->map);
		if (h && (i < h->at >> 7 || i > (h->at + h->len - 1) >> 7 ||
			  !test_bit(i, code->map)))
			return false;
		own += !!h;
	}
	return n * 128 == code->used && own + (code->stub[VMXL_STUB_FAULT] >> 7) < n + 16 &&
	       code->used <= code->size;
}

/* A vCPU comes by. */
static bool is_reached(struct vmxl_block *b)
{
	u64 x;

	vmxl_code_enter(e.v);
	x = vmxl_code_target(code, b);
	vmxl_code_leave(e.v);
	return x;
}

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

static void compile_small(unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		check(!vmxl_compile(e.v, block_at(e.v, small_pc(i))), "block %u has code", i);
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

/* One compiles, one writes to the code, one looks up what it has been in. */

#define NR_SHARED	32

static bool stop;
static u64 found, pcs;

static void *compiles(void *arg)
{
	struct vmxl_vcpu *v = arg;
	unsigned int i;

	shim_enter();
	for (i = 0; i < 200000 && (code->nr_compiled < 1500 || READ_ONCE(found) < 100); i++) {
		int idx = srcu_read_lock(&e.vm->srcu);
		struct vmxl_block *b = block_at(v, small_pc(i % NR_SHARED));

		vmxl_compile(v, b);
		vmxl_ujc_add(v, b);
		srcu_read_unlock(&e.vm->srcu, idx);
	}
	WRITE_ONCE(stop, true);
	shim_leave();
	return NULL;
}

static void *writes(void *arg)
{
	unsigned int i;

	shim_enter();
	for (i = 0; !READ_ONCE(stop); i++) {
		int idx = srcu_read_lock(&e.vm->srcu);

		vmxl_cache_invalidate(cache, small_pc(i * 7 % NR_SHARED), 64);
		srcu_read_unlock(&e.vm->srcu, idx);
		if (!(i % 16))
			usleep(50);
	}
	shim_leave();
	return NULL;
}

static void *looks(void *arg)
{
	struct vmxl_vcpu *v = arg;
	unsigned int i;

	shim_enter();
	for (i = 0; !READ_ONCE(stop); i++) {
		int idx = srcu_read_lock(&e.vm->srcu);
		u64 x, ip = code->x + i * 64ULL % code->size, pc;
		struct vmxl_hblock *h = vmxl_code_find(code, ip);

		WRITE_ONCE(found, found + !!h);
		if (h && vmxl_code_pc(code, h, ip, NULL) - h->pc < 64)
			pcs++;
		vmxl_code_enter(v);
		x = vmxl_code_target(code, block_at(v, small_pc(i % NR_SHARED)));
		h = x ? vmxl_code_find(code, x) : NULL;
		pc = h ? vmxl_code_pc(code, h, x, NULL) : 0;
		check(!x || pc == small_pc(i % NR_SHARED), "code that was found stays");
		vmxl_code_leave(v);
		srcu_read_unlock(&e.vm->srcu, idx);
	}
	shim_leave();
	return NULL;
}

static void test_threads(void)
{
	void *(*fn[3])(void *arg) = { compiles, writes, looks };
	pthread_t t[3];
	unsigned int i;

	open_vm(32 << 10);
	write_small();
	srcu_read_unlock(&e.vm->srcu, e.srcu);
	shim_leave();
	for (i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, fn[i], e.vcpu[i]);
	for (i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	shim_enter();
	e.srcu = srcu_read_lock(&e.vm->srcu);
	ok(found && found == pcs, "look-ups beside changes: %llu found", found);
	ok(code->nr_compiled > NR_SHARED, "%llu blocks compiled meanwhile", code->nr_compiled);
	ok(lines_ok(), "every line is accounted for");
	printf("# %llu ns a block\n", code->ns / (code->nr_compiled ?: 1));
	close_vm();
}

int main(void)
{
	test_basics();
	test_small();
	test_shrink();
	test_threads();
	return tap_done();
}
