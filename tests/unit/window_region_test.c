// SPDX-License-Identifier: GPL-2.0
/*
 * Windows of addresses of 48 and 57 bits: regions.
 */
#include "window_env.h"

/*
 * Where Linux has things. What is @alias has the same bits 38 to 47 as the linear map.
 */
static const struct paging {
	unsigned int mode, bits;
	u64 stack, linear, alias;
} modes[] = {
	{ 9, 48, 0x7fffffffe000ULL, 0xffffaf8012340000ULL, 0 },
	{ 10, 57, 0xffffffffffe000ULL, 0xff60000012340000ULL, 0xff20000012340000ULL },
}, *paging;

#define STACK	(paging->stack)
#define PROGRAM	0x555555554000ULL
#define LINEAR	(paging->linear)

static void as_larger(struct vmxl_vcpu *v, enum vmxl_rv64_mode mode, u64 root, u64 asid, bool sum)
{
	struct vmxl_rv64_regs *r = rv_regs(v);
	struct vmxl_key key = {};

	r->mode = mode;
	r->satp = (u64)paging->mode << 60 | asid << 44 | root >> 12;
	r->mstatus = sum ? RV_MSTATUS_SUM : 0;
	vmxl_rv64_mmu_update(v);
	v->vm->guest->key(v, &key);
	check(vmxl_window_select(v, v->vm->guest->window(key.flags)), "regions");
}

/* Where translated code would access it, by the page of the table that a fault gets it */
static u64 host_of(struct vmxl_vcpu *v, u64 gva)
{
	u64 i = gva >> VMXL_WIN_BITS & ((1u << VMXL_WIN_REGION_BITS) - 1);
	struct vm_fault vmf = {};

	check(!vmxl_window_table_fault(v, &vmf, i * 8) && vmf.page, "a page of the table");
	put_page(vmf.page);	/* the vCPU has it as well */
	return gva + ((u64 *)page_address(vmf.page))[i % 512];
}

static bool has_region(struct vmxl_vcpu *v, u64 gva)
{
	return host_of(v, gva) < VMXL_WIN_END;
}

static bool get_region(struct vmxl_vcpu *v, u64 gva)
{
	if (!has_region(v, gva)) {
		v->gs->win_missed = gva;
		vmxl_window_missed(v);
		check(v->gs->win_missed == VMXL_WIN_FOUND, "it was seen to");
	}
	return has_region(v, gva);
}

static char seen_at(struct vmxl_vcpu *v, u64 gva)
{
	struct pte *p = find_pte(WIN_NR(host_of(v, gva)), gva);

	return !p ? '-' : p->writable ? 'w' : 'r';
}

static bool touch_at(struct vmxl_vcpu *v, u64 gva, bool write)
{
	int i;

	if (!get_region(v, gva))
		return false;
	for (i = 0; i < 4 && seen_at(v, gva) != 'w' && (write || seen_at(v, gva) != 'r'); i++) {
		u64 addr = host_of(v, gva), back, start = WIN_START(WIN_NR(addr));
		struct vm_area_struct vma = {
			.vm_start = start, .vm_end = start + WIN_SPACE,
			.vm_flags = VM_READ | VM_WRITE | VM_SHARED | VM_PFNMAP,
		};

		check(vmxl_window_gva(v, addr, &back) && back == gva, "an address of a region");
		if (host_fault(v, &vma, addr, gva, write, 0) == VMXL_WFAULT_STEP)
			return false;
		if (seen_at(v, gva) == '-' && vmxl_window_walk(v, gva, write) != VMXL_WFAULT_DONE)
			return false;
	}
	return i < 4;
}

static bool shows_at(struct vmxl_vcpu *v, u64 gva, u64 gpa)
{
	struct pte *p = find_pte(WIN_NR(host_of(v, gva)), gva);

	return p && p->pfn == pfn_of(gpa);
}

static void regions_by_kind(struct vmxl_vcpu *v, u64 root)
{
	unsigned int n = 0;
	u64 i;

	as_larger(v, RV_U, root, 1, false);
	for (i = 0; i < 1 << VMXL_WIN_REGION_BITS; i++)
		n += has_region(v, (s64)(i << 45) >> 7);
	ok(n == (paging->alias ? 0 : 2), "no regions at first, but for those of the upper half");
	ok(touch_at(v, STACK, true) && shows_at(v, STACK, DATA(16)), "one comes with an access");
	ok(touch_at(v, PROGRAM, false) && shows_at(v, PROGRAM, DATA(17)), "so does another");
	ok(touch_at(v, LOW, true) && shows_at(v, LOW, DATA(18)), "and the first of all");
	ok(!get_region(v, LINEAR), "none of the upper half for U-mode");
	ok(!get_region(v, 1ULL << 57 | STACK) && !get_region(v, 1ULL << 62) &&
	   !get_region(v, 1ULL << 56), "nor of what is no address");
	as_larger(v, RV_S, root, 1, false);
	ok(touch_at(v, LINEAR, true) && shows_at(v, LINEAR, DATA(19)), "S-mode has the upper half");
	ok(!paging->alias || (touch_at(v, paging->alias, true) && seen_at(v, LINEAR) == 'w' &&
			      shows_at(v, paging->alias, DATA(24))),
	   "what is far from it as well");
	v->gs->win_missed = 0x123456789000ULL;
	vmxl_window_missed(v);
	ok(!has_region(v, 0x123456789000ULL), "not the lower");
	as_larger(v, RV_S, root, 1, true);
	ok(seen_at(v, LINEAR) == 'w' && seen_at(v, STACK) == 'w', "with SUM both");
	ok(!touch_at(v, LINEAR + 0x1000, false), "not what U-mode may access");
	ok(!touch_at(v, 0x8000000000ULL + GUEST_RAM, false), "nor a mapping beyond a region");
}

static void regions_by_fence(struct vmxl_vcpu *v, u64 root)
{
	as_larger(v, RV_U, root, 1, false);
	map(root, STACK, DATA(20), UDATA, 0);
	vmxl_tlb_flush_page(v, STACK - 0x4000000000ULL, 1);
	vmxl_tlb_flush_page(v, STACK, 2);
	ok(seen_at(v, STACK) == 'w', "a fence for another region or ASID leaves a page");
	vmxl_tlb_flush_page(v, STACK, 1);
	ok(seen_at(v, STACK) == '-' && seen_at(v, LOW) == 'w', "its own takes it out");
	ok(touch_at(v, STACK, true) && shows_at(v, STACK, DATA(20)), "and the new one in");
	map(root, LOW, DATA(21), UDATA, 0);
	vmxl_tlb_flush_asid(v, 1);
	ok(seen_at(v, LOW) == '-' && seen_at(v, STACK) == 'w', "a fence of all takes what changed");
	map(root, LINEAR, DATA(22), KDATA, 0);
	vmxl_tlb_flush(v);
	as_larger(v, RV_S, root, 1, false);
	ok(seen_at(v, LINEAR) == '-' && touch_at(v, LINEAR, true), "in the upper half, too");
	ok(touch_at(v, LINEAR + 0x2000, true), "a page of which the lower half has one");
	as_larger(v, RV_U, root, 1, false);
	ok(touch_at(v, STACK - 0x1000, true), "both for writing");
	set_code(DATA(23), true);
	as_larger(v, RV_S, root, 1, true);
	ok(seen_at(v, LINEAR + 0x2000) == '-' && seen_at(v, STACK - 0x1000) == '-' &&
	   seen_at(v, LINEAR) == 'w', "it has code: both are gone");
	set_code(DATA(23), false);
}

static void regions_by_number(struct vmxl_vcpu *v, struct vmxl_vcpu *w, u64 root, u64 other)
{
	unsigned int maps = nr_maps, i, n = 0;

	as_larger(w, RV_S, root, 1, false);
	ok(!has_region(w, LINEAR) && touch_at(w, LINEAR, false) && nr_maps == maps,
	   "vCPUs share regions of the upper half");
	as_larger(v, RV_U, root, 1, false);
	touch_at(v, STACK, true);
	as_larger(v, RV_U, other, 2, false);
	ok(!has_region(v, STACK) && get_region(v, STACK) && seen_at(v, STACK) == '-',
	   "another address space has its own of the lower");
	as_larger(v, RV_U, root, 1, false);
	ok(has_region(v, STACK) && seen_at(v, STACK) == 'w', "they are there when it is back");
	for (i = 0; i < 20; i++)
		n += !get_region(v, (u64)(i + 1) << VMXL_WIN_BITS);
	ok(!n, "any number of regions comes");
	for (i = 0; i < 512; i++)
		n += has_region(v, (u64)i << VMXL_WIN_BITS);
	ok(n == VMXL_WIN_MAX_REGIONS, "so many stay");
	ok(get_region(v, STACK) && seen_at(v, STACK) == 'w', "what was given up comes again");
	as_larger(v, RV_S, root, 1, false);
	for (i = n = 0; i < 20; i++)
		n += get_region(v, LINEAR - ((u64)i << VMXL_WIN_BITS));
	ok(n > 4 && n < 8, "there is a bound on those of the upper half: %u", n);
	vmxl_window_put(v);
	as_larger(v, RV_U, other, 3, false);
	ok(!has_region(v, STACK), "given back");
}

static void test_regions(const struct paging *mode)
{
	struct vmxl_vcpu *v = cpu(0), *w = cpu(1);
	u64 root, other;

	paging = mode;
	reset();
	root = new_table();
	other = new_table();
	top = mode->mode - 6;
	map(root, LOW, DATA(18), UDATA, 0);
	map(root, STACK, DATA(16), UDATA, 0);
	map(root, STACK - 0x1000, DATA(23), UDATA, 0);
	map(root, PROGRAM, DATA(17), UDATA, 0);
	map(root, LINEAR, DATA(19), KDATA, 0);
	map(root, LINEAR + 0x1000, DATA(19), KDATA | U, 0);
	map(root, LINEAR + 0x2000, DATA(23), KDATA, 0);
	map(root, 0x8000000000ULL, 0, UDATA, 3);
	if (mode->alias)
		map(root, mode->alias, DATA(24), KDATA, 0);
	regions_by_kind(v, root);
	regions_by_fence(v, root);
	if (!mode->alias)		/* takes all of the upper half that there may be */
		regions_by_number(v, w, root, other);
	vmxl_window_put(v);
	top = 2;
	as_mode(v, RV_U, root1, 1, false);
	as_mode(w, RV_S, root1, 1, false);
	ok(v->win.n && touch(w, HIGH, true), "39-bit addresses as before");
}

int main(void)
{
	windows_open();
	test_regions(&modes[1]);
	test_regions(&modes[0]);
	windows_close();
	return tap_done();
}
