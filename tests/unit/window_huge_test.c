// SPDX-License-Identifier: GPL-2.0
/*
 * Windows: huge pages, and when they are none any more.
 */
#include <linux/kernel.h>
#include "../../kmod/count.h"
#include "window_env.h"

/* What there is at @gva: 'h' a huge page, 't' a table */
static char entry_at(struct vmxl_vcpu *v, u64 gva)
{
	struct pmd *p = find_pmd(((s64)gva < 0 ? v->win.high : v->win.low) + gva);

	return !p ? '-' : p->huge ? 'h' : 't';
}

static void begin_huge(void)
{
	struct vmxl_vcpu *v = cpu(0);

	reset();
	map(root1, LOW, DATA(0), UDATA, 1);
	map(root1, LOW + 0x200000, DATA(512), UDATA, 1);
	map(root1, HIGH + 0x40000000, DATA(0), KDATA, 1);
	as_mode(v, RV_S, root1, 1, true);
	/* Who wrote to it before is forgotten. */
	set_code(DATA(7), true);
	set_code(DATA(7), false);
}

static void huge_by_rules(struct vmxl_vcpu *v)
{
	u64 nr = v->nr_win_huge, pages = v->nr_win_page;

	begin_huge();
	ok(touch(v, LOW + 5 * 4096, false) && entry_at(v, LOW) == 'h' &&
	   count_seen(v, LOW, 512, 'w') == 512 && shows(v, LOW, DATA(0)) &&
	   shows(v, LOW + 511 * 4096, DATA(511)), "a fault, and a huge page is there");
	ok(v->nr_win_huge == nr + 1 && v->nr_win_page == pages + 512, "counted");
	ok(touch(v, HIGH + 0x40000000, true) && entry_at(v, HIGH + 0x40000000) == 'h',
	   "in the upper half as well");
	map(root1, LOW + 0x400000, DATA(3), UDATA, 0);
	map(root1, LOW + 0x600000, DATA(0) - 0x200000, UDATA, 1);
	map(root1, LOW + 0x800000, DATA(0), V | R | U | A, 1);
	ok(touch(v, LOW + 0x400000, true) && entry_at(v, LOW + 0x400000) == 't',
	   "not of the guest's small pages");
	shim_huge_end = shim_huge_start;
	ok(touch(v, LOW + 0x200000, true) && entry_at(v, LOW + 0x200000) == 't',
	   "nor of the host's");
	shim_huge_end = shim_huge_start + GUEST_PAGES * 4096;
	vmxl_tlb_flush_page(v, LOW + 0x200000, 1);
	ok(touch(v, LOW + 0x210000, true) && entry_at(v, LOW + 0x200000) == 't' &&
	   count_seen(v, LOW + 0x200000, 512, 'w') == 16, "nor where a table is already");
	ok(touch(v, LOW + 0x800000, false) && entry_at(v, LOW + 0x800000) == 'h' &&
	   count_seen(v, LOW + 0x800000, 512, 'r') == 512 && !touch(v, LOW + 0x801000, true),
	   "one to read");
	map(root1, LOW + 0x800000, DATA(0), UDATA, 1);
	vmxl_tlb_flush_page(v, LOW + 0x800000, 1);
	ok(touch(v, LOW + 0x800000, true) && count_seen(v, LOW + 0x800000, 512, 'w') <= 512,
	   "that may be written now");
}

static void huge_by_code(struct vmxl_vcpu *v)
{
	begin_huge();
	touch(v, LOW, true);
	touch(v, LOW + 0x200000, true);
	touch(v, HIGH + 0x40000000, true);
	set_code(DATA(7), true);
	ok(entry_at(v, LOW) == '-' && entry_at(v, HIGH + 0x40000000) == '-' &&
	   entry_at(v, LOW + 0x200000) == 'h', "code in it: all of it goes");
	ok(!count_seen(v, LOW, 512, 'w') && !nr_split, "as a whole");
	ok(touch(v, LOW, true) && entry_at(v, LOW) == 't' && touch(v, LOW + 7 * 4096, false) &&
	   seen(v, LOW + 7 * 4096) == 'r' && !touch(v, LOW + 7 * 4096, true),
	   "and comes page by page, that one for reading");
	ok(sweep(v, LOW, 512) <= 6 && count_seen(v, LOW, 512, 'w') == 511, "many at a time");
	set_code(DATA(7), false);
	vmxl_tlb_flush_page(v, LOW, 1);
	ok(touch(v, LOW, true) && entry_at(v, LOW) == 't', "for good");
	ok(touch(v, HIGH + 0x40000000, true) && entry_at(v, HIGH + 0x40000000) == 'h',
	   "where none came in between it is huge again");
}

static void huge_by_fence(struct vmxl_vcpu *v, struct vmxl_vcpu *w)
{
	begin_huge();
	touch(v, LOW, true);
	touch(v, LOW + 0x200000, true);
	touch(v, HIGH + 0x40000000, true);
	vmxl_tlb_flush(v);
	ok(entry_at(v, LOW) == 'h' && entry_at(v, HIGH + 0x40000000) == 'h' &&
	   count_seen(v, LOW, 1024, 'w') == 1024, "a fence of all leaves what is as it was");
	map(root1, LOW, DATA(512), UDATA, 1);
	map(root1, HIGH + 0x40000000, DATA(0), KDATA & ~W, 1);
	vmxl_tlb_flush(v);
	ok(entry_at(v, LOW) == '-' && entry_at(v, HIGH + 0x40000000) == '-' &&
	   entry_at(v, LOW + 0x200000) == 'h', "and takes what moved, or is for reading now");
	ok(touch(v, LOW, false) && entry_at(v, LOW) == 'h' && shows(v, LOW + 4096, DATA(513)),
	   "which comes as it is");
	as_mode(w, RV_U, root1, 1, false);
	vmxl_window_walk(w, LOW, false);
	vmxl_tlb_flush_page(v, LOW + 77 * 4096, 1);
	ok(entry_at(v, LOW) == '-' && fault(w, LOW, false) == VMXL_WFAULT_SLEEP &&
	   entry_at(v, LOW) == '-', "a fence for a page of it, which another's TLB is too old for");
	ok(touch(w, LOW, true) && fault(v, LOW, true) != VMXL_WFAULT_STEP &&
	   entry_at(v, LOW) == 'h', "who comes second finds it");
	vmxl_tlb_forget(w);
}

static void take_away(struct vmxl_memslot *slot, unsigned int i)
{
	unpin_user_page(xchg(&slot->pages[i], NULL));
	vmxl_count_add(VMXL_COUNT_PIN, -1);
}

static void huge_by_owner(struct vmxl_vcpu *v)
{
	struct vmxl_memslot *slot;

	begin_huge();
	slot = vmxl_memslot_find(e.vm, DATA(0));
	take_away(slot, 40);
	ok(fault(v, LOW, true) == VMXL_WFAULT_SLEEP && vmxl_window_walk(v, LOW, true) ==
	   VMXL_WFAULT_DONE && fault(v, LOW, true) == VMXL_WFAULT_DONE && entry_at(v, LOW) == 'h',
	   "what is not pinned is, before");
	vmxl_window_zap_all(e.vm);
	vmxl_tlb_flush(v);
	vmxl_window_walk(v, LOW, true);
	take_away(slot, 40);
	ok(fault_again(v, LOW, true, FAULT_FLAG_TRIED) == VMXL_WFAULT_DONE &&
	   entry_at(v, LOW) == 't' && seen(v, LOW) == 'w', "if it cannot be, a page is");
	set_slot(VMXL_MEM_LOG_DIRTY_PAGES, GUEST_PAGES * 4096);
	flush_requests();
	ok(touch(v, LOW + 0x200000, false) && entry_at(v, LOW + 0x200000) == 't' &&
	   seen(v, LOW + 0x200000) == 'r', "with a log it is page by page");
	set_slot(0, GUEST_PAGES * 4096);
	flush_requests();
	ok(touch(v, HIGH + 0x40000000, true) && entry_at(v, HIGH + 0x40000000) == 'h',
	   "after it huge where nothing was");
	set_slot(VMXL_MEM_LOG_DIRTY_PAGES, GUEST_PAGES * 4096);
	ok(entry_at(v, HIGH + 0x40000000) == '-', "a log takes it");
	set_slot(0, 0);
	set_slot(0, GUEST_PAGES * 4096);
	flush_requests();
}

static void huge_without_memory(struct vmxl_vcpu *v)
{
	begin_huge();
	touch(v, LOW + 0x200000, true);
	oom_in = 1;
	ok(touch(v, LOW, true) && entry_at(v, LOW) == 'h' && entry_at(v, LOW + 0x200000) == '-',
	   "without memory all begins anew");
}

static void test_huge(void)
{
	struct vmxl_vcpu *v = cpu(0);

	small_only = false;
	shim_huge_start = (unsigned long)ram;
	shim_huge_end = shim_huge_start + GUEST_PAGES * 4096;
	huge_by_rules(v);
	huge_by_code(v);
	huge_by_fence(v, cpu(1));
	huge_by_owner(v);
	huge_without_memory(v);
	ok(!nr_split, "none was ever zapped in part");
	vmxl_window_zap_all(e.vm);
	shim_huge_end = shim_huge_start;
	small_only = true;
	nr_pmds = 0;
}

int main(void)
{
	windows_open();
	test_huge();
	windows_close();
	return tap_done();
}
