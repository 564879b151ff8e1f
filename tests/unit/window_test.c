// SPDX-License-Identifier: GPL-2.0
/*
 * Windows: which one a vCPU has, what it may show, and how many there are.
 */
#include "window_env.h"

static void test_select(void)
{
	struct vmxl_vcpu *v = cpu(0);
	unsigned int first;
	u64 gva;

	reset();
	ok(as_mode(v, RV_U, root1, 1, false) && v->win.low && v->win.n, "U-mode has a low window");
	ok(v->win.low == WIN_BASE(v->win.n), "behind its guard");
	first = v->win.n;
	ok(vmxl_window_gva(v, v->win.low, &gva) && !gva &&
	   !vmxl_window_gva(v, v->win.low - 1, &gva) &&
	   vmxl_window_gva(v, v->win.low + (1ULL << VMXL_WIN_BITS) - 1, &gva) &&
	   !vmxl_window_gva(v, v->win.low + (1ULL << VMXL_WIN_BITS), &gva), "its bounds");
	as_mode(v, RV_S, root1, 1, false);
	ok(v->win.high == WIN_BASE(0) + (1ULL << VMXL_WIN_BITS),
	   "S-mode has the high one");
	ok(!vmxl_window_gva(v, v->win.low, &gva), "and not the low one");
	ok(vmxl_window_gva(v, v->win.high - 1, &gva) && gva == ~0ULL &&
	   !vmxl_window_gva(v, v->win.high, &gva) &&
	   vmxl_window_gva(v, v->win.high - (1ULL << VMXL_WIN_BITS), &gva) &&
	   !vmxl_window_gva(v, v->win.high - (1ULL << VMXL_WIN_BITS) - 1, &gva), "its bounds");
	as_mode(v, RV_S, root1, 1, true);
	ok(v->win.n == first && v->win.high && vmxl_window_gva(v, v->win.low, &gva),
	   "with SUM both");
	as_mode(v, RV_U, root2, 1, false);
	ok(v->win.n != first, "another root is another window");
	as_mode(cpu(1), RV_U, root1, 1, false);
	ok(cpu(1)->win.n == first, "vCPUs in one address space share one");
	ok(!vmxl_window_select(v, VMXL_WIN_NONE) && !vmxl_window_gva(v, v->win.low, &gva),
	   "none was asked for");
}

static void test_rules(void)
{
	struct vm_fault nowhere = {};
	struct vmxl_vcpu *v = cpu(0);

	reset();
	map(root1, LOW, DATA(16), UDATA, 0);
	map(root1, LOW + 0x10000, DATA(17), V | R | U | A, 0);
	map(root1, LOW + 0x20000, DATA(18), UDATA & ~U, 0);
	map(root1, LOW + 0x30000, 0x10000000, UDATA, 0);
	map(root1, LOW + 0x40000, ENV_RAM + 0x200000, UDATA, 0);
	map(root1, LOW + 0x50000, DATA(19), V | X | U | A, 0);
	map(root1, HIGH + 0x10000, DATA(20), KDATA & ~G, 0);
	map(root1, HIGH + 0x20000, DATA(21), KDATA | U, 0);
	as_mode(v, RV_U, root1, 1, false);
	ok(fault(v, LOW, false) == VMXL_WFAULT_SLEEP, "what the TLB does not know is walked for");
	ok(touch(v, LOW, false) && shows(v, LOW, DATA(16)), "a page of U-mode");
	ok(seen(v, LOW) == 'w', "writable at once, as nobody asks what is written");
	ok(touch(v, LOW + 0x10000, false) && seen(v, LOW + 0x10000) == 'r', "one to read");
	ok(!touch(v, LOW + 0x10000, true), "not to write");
	ok(!touch(v, LOW + 0x20000, false), "none of S-mode's");
	ok(!touch(v, LOW + 0x30000, false), "no device");
	ok(!touch(v, LOW + 0x50000, false), "not what can be executed only");
	ok(!touch(v, LOW + 0x60000, false), "not what is not there");
	as_mode(v, RV_S, root1, 1, true);
	ok(!touch(v, LOW + 0x20000, false) && !touch(v, LOW + 0x20000, true),
	   "nor in S-mode, which may");
	ok(touch(v, LOW, true) && touch(v, HIGH, true) && shows(v, HIGH, DATA(0)),
	   "S-mode with SUM sees both halves");
	ok(!touch(v, HIGH + 0x10000, false), "not global: not in the high window");
	ok(!touch(v, HIGH + 0x20000, false), "nor what U-mode may access");
	as_mode(v, RV_U, root1, 1, false);
	ok(e.vm->windows && touch(v, LOW, false), "U-mode still sees it");
	set_bit(VMXL_REQ_TLB_FLUSH, &v->requests);
	vmxl_window_zap_all(e.vm);
	ok(fault(v, LOW, false) == VMXL_WFAULT_SLEEP, "nothing while a flush is asked for");
	clear_bit(VMXL_REQ_TLB_FLUSH, &v->requests);
	ok(vmxl_window_fault(cpu(2), &nowhere, LOW, false) == VMXL_WFAULT_STEP &&
	   vmxl_window_walk(cpu(2), LOW, false) == VMXL_WFAULT_STEP, "no window, no page");
	ok(vmxl_window_walk(v, 1ULL << 40, false) == VMXL_WFAULT_STEP, "nor beyond its end");
}

/* There are no more notes than so many chunks, wherever a guest goes. */
static void test_chunks(void)
{
	struct vmxl_windows *ws = e.vm->windows;
	struct vmxl_vcpu *v = cpu(0), *w = cpu(1);
	unsigned int i, n = 0;

	reset();
	for (i = 0; i < 40; i++)
		map(root1, LOW + ((u64)i << CHUNK_SHIFT), DATA(16 + i), UDATA, 0);
	map(root2, LOW, DATA(60), UDATA, 0);
	as_mode(v, RV_U, root1, 1, false);
	as_mode(w, RV_U, root2, 2, false);
	touch(w, LOW, true);
	ws->max_chunks = ws->nr_chunks + 8;
	for (i = 0; i < 40; i++)
		n += touch(v, LOW + ((u64)i << CHUNK_SHIFT), true);
	ok(n == 40, "a guest that goes anywhere gets all it asks for");
	ok(ws->nr_chunks <= ws->max_chunks, "within the bound: %u", ws->nr_chunks);
	ok(touch(w, LOW, true) && shows(w, LOW, DATA(60)), "another vCPU as well");
	map(root1, LOW, DATA(61), UDATA, 0);
	touch(v, LOW, false);
	vmxl_tlb_flush_page(v, LOW, 1);
	ok(touch(v, LOW, true) && shows(v, LOW, DATA(61)), "fences find what there is");
	ws->max_chunks = MAX_CHUNKS;
}

static void test_code(void)
{
	struct vmxl_vcpu *v = cpu(0), *w = cpu(1);
	unsigned int zaps;

	reset();
	map(root1, LOW, DATA(16), UDATA, 0);
	map(root1, LOW + 0x20000, DATA(16), UDATA, 0);
	map(root2, LOW + 0x40000, DATA(16), UDATA, 0);
	map(root1, HIGH + 0x30000, DATA(16), KDATA, 0);
	map(root1, HIGH + 0x50000, DATA(16), KDATA, 0);
	map(root1, LOW + 0x60000, DATA(40), UDATA, 0);
	as_mode(v, RV_U, root1, 1, false);
	as_mode(w, RV_U, root2, 2, false);
	zaps = nr_zaps;
	set_code(DATA(16), true);
	ok(zaps == nr_zaps, "a page that was never written is no work");
	ok(touch(v, LOW, false) && seen(v, LOW) == 'r' && !touch(v, LOW, true),
	   "a page with code can be read only");
	set_code(DATA(16), false);
	ok(touch(v, LOW, true) && seen(v, LOW) == 'w', "until it has none");
	touch(v, LOW + 0x60000, true);
	set_code(DATA(16), true);
	ok(seen(v, LOW) == '-' && seen(v, LOW + 0x60000) == 'w', "then that page goes");
	set_code(DATA(16), false);
	touch(v, LOW, true);
	vmxl_tlb_flush_page(v, LOW, 1);
	touch(v, LOW + 0x20000, true);
	set_code(DATA(16), true);
	ok(seen(v, LOW + 0x20000) == '-' && seen(v, LOW + 0x60000) == 'w',
	   "a mapping that is gone is forgotten");
	set_code(DATA(16), false);
	touch(v, LOW, true);
	touch(v, LOW + 0x20000, true);
	touch(w, LOW + 0x40000, true);
	as_mode(v, RV_S, root1, 1, true);
	touch(v, HIGH + 0x30000, true);
	set_code(DATA(16), true);
	ok(seen(v, LOW) == '-' && seen(v, LOW + 0x20000) == '-' && seen(w, LOW + 0x40000) == '-' &&
	   seen(v, HIGH + 0x30000) == '-', "whoever writes to it, and many");
	set_code(DATA(16), false);
	touch(v, HIGH + 0x30000, true);
	touch(v, HIGH + 0x50000, true);
	set_code(DATA(16), true);
	ok(seen(v, HIGH + 0x30000) == '-' && seen(v, HIGH + 0x50000) == '-', "many in the upper half");
	set_code(DATA(16), false);
}

/* A reservation of the interpreter, and stores of translated code of another vCPU */
static void test_reservation(void)
{
	const unsigned int dword = VMXL_MT_U64;
	struct vmxl_vcpu *v = cpu(0), *w = cpu(1);
	u64 val, zero = 0, failed;

	reset();
	map(root1, LOW, DATA(16), UDATA, 0);
	map(root1, LOW + 0x1000, DATA(17), UDATA, 0);
	as_mode(v, RV_U, root1, 1, false);
	as_mode(w, RV_U, root1, 1, false);
	touch(w, LOW, true);
	touch(w, LOW + 0x1000, true);
	check(vmxl_mem_ldx(v, LOW, dword, VMXL_LDX_PAIR, &val) == VMXL_ACT_NEXT, "lr");
	ok(seen(w, LOW) == 'w', "the first of a pair takes nothing away");
	check(vmxl_mem_ldx(v, LOW, dword, VMXL_LDX_RESERVE, &val) == VMXL_ACT_NEXT, "lr");
	ok(seen(w, LOW) != 'w' && seen(w, LOW + 0x1000) == 'w', "a reservation does, of its page");
	ok(touch(w, LOW, false) && !touch(w, LOW, true), "which can be read meanwhile");
	check(vmxl_mem_store(w, LOW + 0x800, dword, &zero) == VMXL_ACT_NEXT, "sd");
	ok(!touch(w, LOW, true), "a store to another line leaves it");
	check(vmxl_mem_store(w, LOW, dword, &val) == VMXL_ACT_NEXT, "sd");
	ok(touch(w, LOW, true), "one to its line ends it");
	check(vmxl_mem_stx(v, LOW, dword, VMXL_LDX_RESERVE, &zero, &failed) == VMXL_ACT_NEXT, "sc");
	ok(failed, "and the SC fails, though the value is what it was");
	check(vmxl_mem_ldx(v, LOW, dword, VMXL_LDX_RESERVE, &val) == VMXL_ACT_NEXT, "lr");
	check(vmxl_mem_stx(v, LOW, dword, VMXL_LDX_RESERVE, &zero, &failed) == VMXL_ACT_NEXT, "sc");
	ok(!failed && touch(w, LOW, true), "as it does with one that succeeds");
}

static void test_slots(void)
{
	struct vmxl_vcpu *v = cpu(0);

	reset();
	map(root1, LOW, DATA(16), UDATA, 0);
	map(root1, LOW + 0x1000, DATA(17), UDATA, 0);
	map(root1, LOW + 0x20000, ENV_RAM + 0x200000, UDATA, 0);
	as_mode(v, RV_U, root1, 1, false);
	ok(touch(v, LOW, true), "written to");
	set_slot(VMXL_MEM_LOG_DIRTY_PAGES, GUEST_PAGES * 4096);
	ok(seen(v, LOW) == '-', "logging begins: nothing is writable");
	flush_requests();
	ok(touch(v, LOW, false) && seen(v, LOW) == 'r', "read");
	vmxl_window_walk(v, LOW + 0x1000, false);
	ok(touch(v, LOW, true) && seen(v, LOW) == 'w', "written, which is logged");
	ok(seen(v, LOW + 0x1000) == 'r', "neighbours are not");
	ok(dirty_bits(0) == 1 << 16 && seen(v, LOW) == '-', "the log takes the leave to write");
	ok(touch(v, LOW + 0x1000, false) && seen(v, LOW + 0x1000) == 'r' && touch(v, LOW, true) &&
	   dirty_bits(0) == 1 << 16, "the next write is logged again");
	touch(v, LOW, true);
	set_slot(0, 0);
	ok(seen(v, LOW) == '-' && fault(v, LOW, false) == VMXL_WFAULT_SLEEP,
	   "a slot that goes is seen no more");
	flush_requests();
	ok(!touch(v, LOW, false), "nor after the flush");
	set_slot(VMXL_MEM_READONLY, GUEST_PAGES * 4096);
	flush_requests();
	ok(touch(v, LOW, false) && seen(v, LOW) == 'r' && !touch(v, LOW, true), "a slot to read");
	set_slot(0, 0);
	set_slot(0, GUEST_PAGES * 4096);
	flush_requests();
	ok(touch(v, LOW, true), "and one to write");
}

static void test_lru(void)
{
	struct vmxl_vcpu *v = cpu(0), *w = cpu(1);
	unsigned int i, maps, held, bad = 0;

	reset();
	as_mode(w, RV_U, root2, 7, false);
	held = w->win.n;
	for (i = 0; i < 200; i++) {
		map(root1, LOW, DATA(16 + i % 3), UDATA, 0);
		bad += !as_mode(v, RV_U, root1, 100 + i, false) || v->win.n == held;
		bad += seen(v, LOW) != '-' || !touch(v, LOW, true) ||
		       !shows(v, LOW, DATA(16 + i % 3));
	}
	ok(!bad, "200 address spaces, one after the other, one in use all the time");
	ok(nr_maps <= 65, "in 64 windows, and the high one");
	maps = nr_maps;
	as_mode(v, RV_U, root1, 290, false);
	ok(seen(v, LOW) == 'w', "a recent one still has its pages");
	as_mode(w, RV_U, root2, 8, false);
	for (i = 0; i < 64; i++)
		as_mode(v, RV_U, root1, 400 + i, false);
	as_mode(w, RV_U, root2, 7, false);
	ok(nr_maps == maps && seen(v, LOW) == '-', "others begin anew");
}

static void test_failures(void)
{
	struct vmxl_windows *ws = e.vm->windows;
	struct vmxl_vcpu *v = cpu(0);
	unsigned int maps = nr_maps;

	reset();
	map(root1, LOW, DATA(16), UDATA, 0);
	as_mode(v, RV_U, root1, 1, false);
	touch(v, LOW, true);
	as_mode(v, RV_S, root1, 1, false);
	oom_in = 1;
	ok(!touch(v, HIGH, true) && !nr_ptes, "out of memory: all begins anew");
	ok(touch(v, HIGH, true), "and goes on");
	vmxl_window_put(v);
	e.vm->windows = vmxl_windows_create(e.vm);
	max_maps = maps;
	ok(!as_mode(v, RV_S, root1, 1, false) && !as_mode(v, RV_U, root1, 1, false),
	   "no room for windows");
	max_maps = 1000;
	ok(!as_mode(v, RV_S, root1, 1, false), "it is not looked for again");
	vmxl_windows_destroy(e.vm->windows);
	e.vm->windows = vmxl_windows_create(e.vm);
	max_maps = nr_maps + 2;
	ok(as_mode(v, RV_S, root1, 1, true) && as_mode(v, RV_U, root1, 2, false) && v->win.n == 1,
	   "room for one: the address spaces take turns");
	ok(!as_mode(cpu(1), RV_U, root1, 1, false), "not while it is in use");
	vmxl_window_put(v);
	ok(as_mode(cpu(1), RV_U, root1, 1, false), "but then");
	vmxl_window_put(cpu(1));
	vmxl_windows_destroy(e.vm->windows);
	e.vm->windows = NULL;
	max_maps = 1000;
	ok(!as_mode(v, RV_U, root1, 1, false), "a VM without windows");
	vmxl_window_put(v);
	vmxl_tlb_flush(v);
	vmxl_tlb_flush_page(v, LOW, 1);
	vmxl_window_zap_all(e.vm);
	set_code(DATA(16), true);
	set_code(DATA(16), false);
	vmxl_windows_destroy(NULL);
	e.vm->windows = ws;
}

int main(void)
{
	windows_open();
	test_select();
	test_rules();
	test_chunks();
	test_reservation();
	test_code();
	test_slots();
	test_lru();
	test_failures();
	windows_close();
	return tap_done();
}
