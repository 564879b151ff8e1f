// SPDX-License-Identifier: GPL-2.0
/*
 * Windows: what comes along with the page that an access is for, and before one.
 */
#include "window_env.h"

static void test_large(void)
{
	struct vmxl_vcpu *v = cpu(0);
	unsigned int i, n = 0;

	reset();
	pfn_of(DATA(32));
	map(root1, LOW, DATA(0), UDATA, 1);
	map(root1, LOW + 0x200000, DATA(600), UDATA, 0);
	as_mode(v, RV_U, root1, 1, false);
	touch(v, LOW + 35 * 4096, false);
	for (i = 32; i < 48; i++)
		n += shows(v, LOW + i * 4096, DATA(i));
	ok(n == 16, "the neighbours in a large mapping come along");
	touch(v, LOW + 0x200000, true);
	vmxl_tlb_flush_page(v, LOW + 0x1ff000, 1);
	ok(seen(v, LOW + 35 * 4096) == '-' && seen(v, LOW + 0x200000) == 'w',
	   "a fence drops all of a large mapping, and nothing else");
	touch(v, LOW + 35 * 4096, false);
	vmxl_window_zap_all(e.vm);
	vmxl_tlb_flush_page(cpu(1), LOW, 1);
	ok(fault(v, LOW + 35 * 4096, false) == VMXL_WFAULT_SLEEP,
	   "and what a TLB has of it is too old");
	map(root1, 0x40000000, 0x100000000ULL & ~0x3fffffffULL, UDATA, 2);
	ok(touch(v, 0x40000000 + 4096, false) && shows(v, 0x40000000 + 4096, DATA(1)),
	   "a page of 1 GiB");
	touch(v, LOW + 35 * 4096, false);
	vmxl_tlb_flush_page(v, 0x7ffff000, 1);
	ok(seen(v, 0x40000000 + 4096) == '-' && seen(v, LOW + 35 * 4096) == 'w',
	   "is dropped by a fence far away in it");
	touch(v, 0x40000000 + 4096, false);
	vmxl_tlb_flush_page(v, LOW, 1);
	ok(seen(v, 0x40000000 + 4096) == 'w', "and not by one that is not");
}

static void test_around(void)
{
	struct vmxl_vcpu *v = cpu(0);

	reset();
	map(root1, LOW, DATA(16), UDATA, 0);
	map(root1, LOW + 0x1000, DATA(17), UDATA, 0);
	map(root1, LOW + 0x2000, DATA(18), UDATA & ~U, 0);
	as_mode(v, RV_S, root1, 1, true);
	vmxl_window_walk(v, LOW + 0x1000, false);
	vmxl_window_walk(v, LOW + 0x2000, false);
	ok(touch(v, LOW, false) && seen(v, LOW + 0x1000) == 'w', "what the TLB knows comes along");
	ok(seen(v, LOW + 0x2000) == '-', "if it may be shown");
}

static void test_neighbours(void)
{
	struct vmxl_vcpu *v = cpu(0);
	unsigned int i;

	reset();
	for (i = 0; i < 10; i++)
		map(root1, LOW + i * 4096, DATA(16 + 2 * i), UDATA & ~(i == 6 ? A : 0), 0);
	as_mode(v, RV_U, root1, 1, false);
	ok(touch(v, LOW + 3 * 4096, false) && count_seen(v, LOW, 10, 'w') == 6,
	   "neighbours that the guest's tables have come along");
	ok(seen(v, LOW + 6 * 4096) == '-' && !touch(v, LOW + 6 * 4096, false),
	   "up to one that was never accessed, and still was not");
	vmxl_window_zap_all(e.vm);
	vmxl_tlb_flush(v);
	vmxl_window_walk(v, LOW, false);
	map(root1, LOW + 4096, DATA(50), UDATA, 0);
	vmxl_tlb_flush_page(cpu(1), LOW + 4096, 1);
	ok(touch(v, LOW, false) && seen(v, LOW + 4096) == '-' && seen(v, LOW + 8192) == 'w',
	   "not one that a fence was for meanwhile");
	ok(touch(v, LOW + 4096, false) && shows(v, LOW + 4096, DATA(50)), "it is walked for anew");
}

/* The guest's fault handler maps a page, and makes a fence. What the program sees of it then */
static char after_fence(struct vmxl_vcpu *v, unsigned int i, u64 flags)
{
	u64 gva = LOW + i * 4096ULL;

	map(root1, gva, DATA(16 + 2 * i), flags, 0);
	vmxl_tlb_flush_page(v, gva, 1);
	check(!nr_locked, "mappings may change");
	return seen(v, gva);
}

static char after_fault(struct vmxl_vcpu *v, unsigned int i, u64 flags)
{
	vmxl_window_want(v, LOW + i * 4096ULL + 8);
	return after_fence(v, i, flags);
}

static void begin_ahead(struct vmxl_vcpu *v)
{
	unsigned int i;

	reset();
	for (i = 0; i < 2; i++)
		map(root1, LOW + i * 4096, DATA(16 + 2 * i), UDATA, 0);
	as_mode(v, RV_U, root1, 1, false);
	touch(v, LOW, true);
	as_mode(v, RV_S, root1, 1, false);
}

static void test_ahead(void)
{
	struct vmxl_vcpu *v = cpu(0);
	unsigned int i, n = 0;

	begin_ahead(v);
	ok(after_fence(v, 2, UDATA) == '-', "what was not stored to does not come by a fence");
	ok(after_fault(v, 2, 0) == '-' && after_fence(v, 2, UDATA) == 'w' &&
	   shows(v, LOW + 0x2000, DATA(20)), "a page comes once it is mapped that was");
	ok(after_fence(v, 3, UDATA) == '-' && after_fault(v, 40, UDATA) == '-',
	   "not the next one, nor one elsewhere");
	ok(after_fault(v, 3, UDATA & ~D) == '-' && after_fault(v, 3, UDATA & ~U) == '-' &&
	   after_fault(v, 3, UDATA & ~W) == '-', "nor what the program could not write to");
	set_code(DATA(22), true);
	ok(after_fault(v, 3, UDATA) == '-', "nor what has code");
	set_code(DATA(22), false);
	map_is_busy = true;
	ok(after_fault(v, 3, UDATA) == '-', "nor while mappings change");
	map_is_busy = false;
	as_mode(v, RV_S, root2, 2, false);
	ok(after_fault(v, 3, UDATA) == '-', "nor of another address space");
	as_mode(v, RV_S, root1, 1, false);
	ok(after_fault(v, 3, UDATA) == 'w' && after_fence(v, 3, 0) == '-',
	   "a fence takes it out again");
	begin_ahead(v);
	for (i = 2; i < 40; i++)
		n += after_fault(v, i, UDATA) == 'w';
	ok(n == 16, "so many come for each that was faulted for");
}

/* What the owner takes away is out of the slot first, and let go when nobody is here. */
static void test_page_goes(void)
{
	struct vmxl_vcpu *v = cpu(0);
	struct vmxl_memslot *slot;
	struct page *pages[2];
	int idx;

	reset();
	pfn_of(DATA(33));
	map(root1, LOW, DATA(0), UDATA, 1);
	as_mode(v, RV_U, root1, 1, false);
	vmxl_window_walk(v, LOW + 32 * 4096, false);
	idx = srcu_read_lock(&e.vm->srcu);
	slot = vmxl_memslot_find(e.vm, DATA(0));
	memcpy(pages, slot->pages + 32, sizeof(pages));
	memset(slot->pages + 32, 0, sizeof(pages));
	fault(v, LOW + 32 * 4096, false);
	memcpy(slot->pages + 32, pages, sizeof(pages));
	srcu_read_unlock(&e.vm->srcu, idx);
	ok(shows(v, LOW + 32 * 4096, DATA(32)), "a page that goes meanwhile is still that page");
	ok(seen(v, LOW + 33 * 4096) == '-' && seen(v, LOW + 34 * 4096) == 'w',
	   "and not there as a neighbour");
}

static void test_sweep(void)
{
	struct vmxl_vcpu *v = cpu(0);

	reset();
	map(root1, LOW, DATA(0), UDATA, 1);
	map(root1, LOW + 0x200000, DATA(512), UDATA, 1);
	as_mode(v, RV_U, root1, 1, false);
	ok(sweep(v, LOW, 512) == 6 && sweep(v, LOW + 0x200000, 512) == 1,
	   "a sweep takes ever larger pieces of large mappings");
	ok(count_seen(v, LOW, 1024, 'w') == 1024 && shows(v, LOW, DATA(0)) &&
	   shows(v, LOW + 1023 * 4096, DATA(1023)), "all of it is there");
	set_code(DATA(700), true);
	ok(seen(v, LOW + 700 * 4096) == '-' && count_seen(v, LOW, 1024, 'w') == 1023,
	   "of code one page goes");
	ok(touch(v, LOW + 700 * 4096, false) && seen(v, LOW + 700 * 4096) == 'r' &&
	   !touch(v, LOW + 700 * 4096, true), "and comes back to be read");
	set_code(DATA(700), false);
	vmxl_tlb_flush_page(v, LOW + 5 * 4096, 1);
	ok(count_seen(v, LOW, 1024, '-') == 512, "a fence takes one mapping");
	set_slot(VMXL_MEM_LOG_DIRTY_PAGES, GUEST_PAGES * 4096);
	flush_requests();
	ok(!count_seen(v, LOW, 1024, 'w') && sweep(v, LOW, 1024) == 7 &&
	   count_seen(v, LOW, 1024, 'r') == 1024, "with a log all is for reading");
	ok(touch(v, LOW + 16 * 4096, true) && count_seen(v, LOW, 1024, 'r') == 1023 &&
	   dirty_bits(0) == 1 << 16, "what is written is logged, and nothing else");
	set_slot(0, 0);
	ok(count_seen(v, LOW, 1024, '-') == 1024, "the memory goes: nothing is there");
	set_slot(0, GUEST_PAGES * 4096);
	flush_requests();
}

int main(void)
{
	windows_open();
	test_large();
	test_around();
	test_neighbours();
	test_ahead();
	test_page_goes();
	test_sweep();
	windows_close();
	return tap_done();
}
