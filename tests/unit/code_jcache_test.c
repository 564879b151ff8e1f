// SPDX-License-Identifier: GPL-2.0
/*
 * The user jump cache, what contexts its entries are for, and what fences leave
 * of it.
 */
#include "code_env.h"
#include "../../kmod/enter.h"

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

/* What meets at one level is apart at the other. */
static void test_levels(void)
{
	unsigned int bit;
	bool apart = true;
	u64 pc;

	for (bit = 1; bit <= VMXL_UJC_BITS; bit++) {
		pc = A ^ 1ULL << bit ^ 1ULL << (bit + VMXL_UJC_BITS);
		apart &= vmxl_ujc_index(pc) == vmxl_ujc_index(A) &&
			 vmxl_ujc2_index(pc, 0) != vmxl_ujc2_index(A, 0);
	}
	ok(apart, "pcs with one entry at the first level have their own at the second");
}

static void test_ujc(void)
{
	struct vmxl_block *a = block_at(e.v, A), *b = block_at(e.v, B);
	struct vmxl_ujc2_entry *other;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		e.vcpu[i]->jctx = (i + 1ULL) << 1;
		vmxl_ujc_flush(e.vcpu[i]);
	}
	ok(is_empty(ujc(0, A)) && is_empty(&e.v->ujc[0]) &&
	   is_empty(&e.v->ujc[(1 << VMXL_UJC_BITS) - 1]),
	   "flushed: each leads to the stub for misses");
	ok(is_empty2(ujc2(0, A)) && is_empty2(&e.v->ujc2[(1 << VMXL_UJC2_BITS) - 1]),
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
	other = &e.v->ujc2[vmxl_ujc2_index(A, 3ULL << 1)];
	ok(other != ujc2(0, A) && other->host == entry_of(a), "beside it");
	vmxl_cache_invalidate(cache, A, 4);
	ok(is_empty(ujc(0, A)) && is_empty(ujc(1, A)), "a block that dies is in none");
	ok(is_empty2(ujc2(0, A)) && is_empty2(other) && is_empty2(ujc2(1, A)), "of all contexts");
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

int main(void)
{
	open_vm(1 << 20);
	write_blocks();
	put(CODE + 0x300, JALR(0, 1, 0));
	check(!vmxl_compile(e.v, block_at(e.v, A)) && !vmxl_compile(e.v, block_at(e.v, B)),
	      "two blocks have code");
	test_levels();
	test_ujc();
	test_contexts();
	test_views();
	test_fences();
	close_vm();
	return tap_done();
}
