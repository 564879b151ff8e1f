// SPDX-License-Identifier: GPL-2.0
/*
 * Windows: nothing stays visible that was flushed, protected or taken away, and what
 * is as it was stays.
 */
#include "window_env.h"

/* Pages that one table maps in a row are compared as one; each says whether it changed. */
static void test_compare(void)
{
	struct vmxl_vcpu *v = cpu(0);
	int i;

	reset();
	for (i = 0; i < 8; i++)
		map(root1, LOW + i * 0x1000, DATA(16 + i), UDATA, 0);
	as_mode(v, RV_U, root1, 1, false);
	for (i = 0; i < 8; i++)
		touch(v, LOW + i * 0x1000, true);
	map(root1, LOW + 0x2000, DATA(40), UDATA, 0);
	map(root1, LOW + 0x4000, DATA(20), UDATA & ~W, 0);
	map(root1, LOW + 0x6000, DATA(22), UDATA & ~U, 0);
	map(root1, LOW + 0x7000, 0, 0, 0);
	vmxl_tlb_flush_asid(v, 1);
	for (i = 0; i < 8; i++)
		ok(seen(v, LOW + i * 0x1000) == "ww-w-w--"[i], "page %d of a row", i);
	ok(touch(v, LOW + 0x2000, true) && shows(v, LOW + 0x2000, DATA(40)), "the new one comes");
}

/* What PMP says of a page is not said of its neighbours. */
static void test_pmp(void)
{
	struct vmxl_vcpu *v = cpu(0);
	struct vmxl_rv64_regs *r = rv_regs(v);

	reset();
	map(root1, LOW, DATA(0), UDATA, 1);
	r->pmpaddr[0] = DATA(21) >> 2;
	r->pmpaddr[1] = DATA(22) >> 2;
	r->pmpaddr[2] = (1ULL << 54) - 1;
	r->pmpcfg[0] = 0x1f0800;		/* page 21: nothing; all else: all */
	vmxl_rv64_pmp_update(v);
	as_mode(v, RV_U, root1, 1, false);
	ok(touch(v, LOW + 0x10000, false) && seen(v, LOW + 0x11000) == '-' &&
	   seen(v, LOW + 0x15000) == '-', "a divided neighbourhood is left alone");
	ok(!touch(v, LOW + 0x15000, false), "and PMP obeyed");
	ok(touch(v, LOW + 0x20000, false) && seen(v, LOW + 0x21000) == 'w',
	   "one that is not divided comes as a whole");
	touch(v, LOW + 0x22000, true);
	r->pmpaddr[0] = DATA(33) >> 2;
	r->pmpaddr[1] = DATA(34) >> 2;
	vmxl_rv64_pmp_update(v);
	ok(seen(v, LOW + 0x21000) == '-' && seen(v, LOW + 0x22000) == 'w',
	   "a change of PMP takes out what it forbids");
	r->pmpcfg[0] = 0x1f0900;		/* reads only */
	r->pmpaddr[0] = DATA(34) >> 2;
	r->pmpaddr[1] = DATA(35) >> 2;
	vmxl_rv64_pmp_update(v);
	ok(seen(v, LOW + 0x22000) == '-', "and pages that show more than it permits");
	ok(touch(v, LOW + 0x23000, false), "a page");
	r->pmpaddr[0] = DATA(35) >> 2;
	r->pmpaddr[1] = (DATA(35) + 8) >> 2;
	vmxl_rv64_pmp_update(v);
	ok(seen(v, LOW + 0x23000) == '-', "that it divides now is gone");
	ok(!touch(v, LOW + 0x23000, false), "and not shown");
	r->pmpaddr[0] = (1ULL << 54) - 1;
	r->pmpcfg[0] = 0x1f;
	vmxl_rv64_pmp_update(v);
}

static void test_fences(void)
{
	struct vmxl_vcpu *v = cpu(0), *w = cpu(1);
	unsigned int zaps;

	reset();
	map(root1, LOW, DATA(16), UDATA, 0);
	map(root1, LOW + 0x20000, DATA(17), UDATA, 0);
	as_mode(v, RV_U, root1, 1, false);
	as_mode(w, RV_U, root1, 1, false);
	touch(v, LOW, false);
	vmxl_window_zap_all(e.vm);
	touch(w, LOW, false);
	zaps = nr_zaps;
	vmxl_tlb_flush_page(v, LOW + 0x50000, 1);
	vmxl_tlb_flush_page(v, HIGH, 1);
	vmxl_tlb_flush_page(v, 1ULL << 40, 1);
	vmxl_tlb_flush_page(v, LOW, 2);
	ok(zaps == nr_zaps && seen(v, LOW) == 'w', "what was not inserted costs no zap");
	map(root1, LOW, DATA(18), UDATA, 0);
	vmxl_tlb_flush_page(v, LOW, 1);
	ok(seen(v, LOW) == '-', "a page flushed is gone");
	ok(fault(w, LOW, false) == VMXL_WFAULT_SLEEP, "an older TLB cannot bring it back");
	ok(touch(w, LOW, false) && shows(v, LOW, DATA(18)), "a new walk can");
	touch(v, LOW + 0x20000, true);
	vmxl_tlb_flush_page(v, LOW, VMXL_ASID_ALL);
	ok(seen(v, LOW) == '-' && seen(v, LOW + 0x20000) == 'w', "in every address space");
	vmxl_tlb_flush_asid(v, 2);
	ok(seen(v, LOW + 0x20000) == 'w', "another ASID's flush leaves it");
	touch(v, LOW, true);
	map(root1, LOW + 0x20000, DATA(19), UDATA, 0);
	vmxl_tlb_flush_asid(v, 1);
	ok(seen(v, LOW + 0x20000) == '-' && seen(v, LOW) == 'w',
	   "its own finds the page that has changed");
	as_mode(v, RV_S, root1, 1, false);
	touch(v, HIGH, true);
	vmxl_tlb_flush_asid(v, 1);
	ok(seen(v, HIGH) == 'w', "a flush of the ASID leaves what is global");
	vmxl_tlb_flush_page(v, HIGH, VMXL_ASID_ALL);
	ok(seen(v, HIGH) == '-', "one for all ASIDs does not");
	touch(v, HIGH, true);
	vmxl_tlb_flush(v);
	ok(seen(v, HIGH) == 'w', "a flush of everything finds that it has not changed");
}

/* A fence of everything compares the upper half with the page tables. */
static void test_check(void)
{
	struct vmxl_vcpu *v = cpu(0), *w = cpu(1);
	int i;

	reset();
	for (i = 0; i < 6; i++)
		map(root1, HIGH + 0x100000 + i * 0x1000, DATA(16 + i), KDATA, 0);
	map(root1, HIGH + 0x40000000, GUEST_RAM & ~0x1fffffULL, KDATA, 1);
	as_mode(v, RV_S, root1, 1, false);
	as_mode(w, RV_S, root1, 1, false);
	for (i = 0; i < 6; i++)
		touch(v, HIGH + 0x100000 + i * 0x1000, true);
	for (i = 0; i < 512; i += 16)
		touch(v, HIGH + 0x40000000 + i * 0x1000, true);
	map(root1, HIGH + 0x100000, 0, 0, 0);
	map(root1, HIGH + 0x101000, DATA(30), KDATA, 0);
	map(root1, HIGH + 0x102000, DATA(18), KDATA & ~W, 0);
	map(root1, HIGH + 0x103000, DATA(19), KDATA & ~A, 0);
	map(root1, HIGH + 0x104000, DATA(20), KDATA & ~G, 0);
	vmxl_tlb_flush(v);
	ok(seen(v, HIGH + 0x100000) == '-' && seen(v, HIGH + 0x101000) == '-' &&
	   seen(v, HIGH + 0x102000) == '-', "what goes, moves, becomes read-only is dropped");
	ok(seen(v, HIGH + 0x103000) == '-' && seen(v, HIGH + 0x104000) == '-',
	   "as is what has to be marked accessed, or is not global any more");
	ok(seen(v, HIGH + 0x105000) == 'w' && shows(v, HIGH + 0x105000, DATA(21)) &&
	   seen(v, HIGH + 0x40000000) == 'w' && seen(v, HIGH + 0x401ff000) == 'w',
	   "the rest stays");
	ok(fault(w, HIGH + 0x100000, false) == VMXL_WFAULT_SLEEP, "others walk anew");
	map(root1, HIGH + 0x40000000, DATA(0) + 0x200000, KDATA, 1);
	vmxl_tlb_flush(v);
	ok(seen(v, HIGH + 0x40000000) == '-' && seen(v, HIGH + 0x401ff000) == '-' &&
	   seen(v, HIGH + 0x105000) == 'w', "a large mapping that moves");
	rv_regs(v)->mode = RV_M;
	vmxl_rv64_mmu_update(v);
	vmxl_tlb_flush(v);
	ok(seen(v, HIGH + 0x105000) == '-', "in another view nothing can be compared");
}

/* A page that is mapped anew all the time */
static void test_busy(void)
{
	struct vmxl_vcpu *v = cpu(0);
	int i, steps;

	reset();
	as_mode(v, RV_S, root1, 1, false);
	for (i = 0; i < 8; i++) {
		map(root1, HIGH + 0x200000, DATA(16 + i), KDATA, 0);
		vmxl_tlb_flush_page(v, HIGH + 0x200000, VMXL_ASID_ALL);
		ok(touch(v, HIGH + 0x200000, true), "a page that changes is seen");
	}
	vmxl_tlb_flush_page(v, HIGH + 0x200000, VMXL_ASID_ALL);
	for (steps = 0; steps < 2000 && !touch(v, HIGH + 0x200000, true); steps++)
		;
	ok(steps == 512, "after eight fences the interpreter has it, for a while");
	ok(seen(v, HIGH + 0x200000) == 'w', "then it is seen again");
}

/* Windows that the vCPU has not in use when it flushes */
static void test_stale(void)
{
	struct vmxl_vcpu *v = cpu(0), *w = cpu(1);

	reset();
	map(root1, LOW, DATA(16), UDATA, 0);
	as_mode(v, RV_U, root2, 2, false);
	as_mode(w, RV_U, root1, 1, false);
	touch(w, LOW, false);
	map(root1, LOW, DATA(17), UDATA, 0);
	vmxl_tlb_flush(v);
	ok(seen(w, LOW) == 'w', "another's window is its own matter");
	vmxl_tlb_flush_page(v, LOW, VMXL_ASID_ALL);
	ok(seen(w, LOW) == 'w', "also for a page");
	as_mode(v, RV_U, root1, 1, false);
	ok(v->win.n == w->win.n && seen(v, LOW) == '-', "until one shares it");
	ok(fault(w, LOW, false) == VMXL_WFAULT_SLEEP, "the other's TLB is too old then");
	ok(touch(v, LOW, false) && shows(v, LOW, DATA(17)), "and sees what is there");
	as_mode(v, RV_U, root2, 2, false);
	as_mode(v, RV_U, root1, 1, false);
	ok(seen(v, LOW) == 'w', "what was not flushed stays from one use to the next");
	reset();
	map(root1, LOW, DATA(16), UDATA, 0);
	as_mode(w, RV_U, root1, 1, false);
	touch(w, LOW, false);
	vmxl_window_put(w);
	map(root1, LOW, DATA(17), UDATA, 0);
	vmxl_tlb_flush_asid(v, 1);
	as_mode(v, RV_U, root1, 1, false);
	ok(seen(v, LOW) == '-', "a window without users as well");
}

/* A fence whose asker sees to the windows of all that it is for */
static void test_fence(void)
{
	struct vmxl_vcpu *v = cpu(0), *w = cpu(1);
	unsigned int zaps;

	reset();
	map(root1, LOW, DATA(16), UDATA, 0);
	map(root2, LOW, DATA(17), UDATA, 0);
	as_mode(v, RV_S, root2, 2, false);
	touch(v, HIGH, true);
	as_mode(w, RV_U, root1, 1, false);
	touch(w, LOW, false);
	vmxl_tlb_flush(v);
	ok(seen(w, LOW) == 'w', "a window that is stale and in use");
	vmxl_window_fence_page(e.vm, LOW, 2);
	ok(seen(w, LOW) == 'w', "keeps what another address space is fenced for");
	vmxl_window_fence_page(e.vm, LOW, 1);
	ok(seen(w, LOW) == '-', "and loses a page that all are fenced for");
	ok(fault(w, LOW, false) == VMXL_WFAULT_SLEEP, "which an older TLB cannot bring back");
	vmxl_tlb_forget_page(w, LOW, 1);
	touch(w, LOW, false);
	as_mode(v, RV_S, root2, 2, false);
	touch(v, HIGH, true);
	zaps = nr_zaps;
	vmxl_tlb_forget(v);
	vmxl_tlb_forget_asid(w, 1);
	ok(nr_zaps == zaps && seen(w, LOW) == 'w', "who forgets zaps nothing");
	vmxl_window_fence_asid(v, 1);
	ok(seen(w, LOW) == '-' && seen(v, HIGH) == 'w', "a fence for an ASID");
	touch(w, LOW, false);
	map(root1, LOW, DATA(18), UDATA, 0);
	vmxl_window_fence_asid(v, VMXL_ASID_ALL);
	ok(seen(w, LOW) == '-' && seen(v, HIGH) == 'w',
	   "a fence for everything leaves what is as it was");
}

/*
 * At random: what a vCPU has fenced after the last change of the page tables
 * it must not see in its old state, and pages with code nobody may write.
 */
#define NR_VA	24
#define NR_DATA	32

static u64 now, changed[3][NR_VA], fenced[ENV_VCPUS][3][NR_VA], frame[3][NR_VA];
static bool code[NR_DATA];

static u64 va_of(unsigned int space, unsigned int i)
{
	/* Some next to each other, the rest far apart */
	return (space == 2 ? HIGH + 0x100000000ULL : LOW) +
	       (i < 12 ? i * 0x1000ULL : i * 0x7654000ULL);
}

static void check_seen(struct vmxl_vcpu *v)
{
	unsigned int space = rv_regs(v)->satp >> 44 & 0xffff, s, i;

	for (i = 0; i < nr_ptes; i++) {
		if (!ptes[i].writable)
			continue;
		for (s = 0; s < NR_DATA; s++)
			check(!code[s] || pfn_of(DATA(s)) != ptes[i].pfn, "code is not writable");
	}
	for (s = 0; s < 3; s++)
		for (i = 0; i < NR_VA; i++) {
			if ((s == 2 ? !v->win.high : s != space - 1) ||
			    fenced[v->id][s][i] <= changed[s][i] || seen(v, va_of(s, i)) == '-')
				continue;
			check(frame[s][i] != ~0ULL && shows(v, va_of(s, i), DATA(frame[s][i])),
			      "what was fenced is not seen");
		}
}

static void fence_random(struct vmxl_vcpu *v, unsigned int s, unsigned int i)
{
	unsigned int k, t;

	now++;
	switch (rnd() >> 61) {
	case 0:
		vmxl_tlb_flush(v);
		for (t = 0; t < 3; t++)
			for (k = 0; k < NR_VA; k++)
				fenced[v->id][t][k] = now;
		break;
	case 1:
		vmxl_tlb_flush_asid(v, s % 2 + 1);
		for (k = 0; k < NR_VA; k++)
			fenced[v->id][s % 2][k] = now;
		break;
	case 2:
		vmxl_tlb_flush_page(v, va_of(s, i), VMXL_ASID_ALL);
		fenced[v->id][s][i] = now;
		if (s < 2)
			fenced[v->id][!s][i] = now;
		break;
	default:
		vmxl_tlb_flush_page(v, va_of(s, i), s == 2 ? VMXL_ASID_ALL : s + 1);
		fenced[v->id][s][i] = now;
	}
}

static void random_step(void)
{
	struct vmxl_vcpu *v = cpu(rnd() % ENV_VCPUS);
	unsigned int s = rnd() % 3, i = rnd() % NR_VA, f = rnd() % NR_DATA;
	u64 space = rv_regs(v)->satp >> 44 & 0xffff;

	switch (rnd() % 8) {
	case 0:
		now++;
		changed[s][i] = now;
		frame[s][i] = rnd() & 1 ? f : ~0ULL;
		map(s == 1 ? root2 : root1, va_of(s, i), DATA(f),
		    frame[s][i] == ~0ULL ? 0 : s == 2 ? KDATA : UDATA, 0);
		break;
	case 1:
		if (rnd() & 1)
			vmxl_window_want(v, va_of(s, i));
		fence_random(v, s, i);
		break;
	case 2:
		as_mode(v, RV_S, s == 1 ? root2 : root1, s == 1 ? 2 : 1, true);
		break;
	case 3:
		code[f] = !code[f];
		set_code(DATA(f), code[f]);
		break;
	default:
		touch(v, va_of(rnd() & 1 ? 2 : space - 1, i), rnd() & 1);
	}
	check_seen(v);
}

static void test_random(void)
{
	unsigned int i;

	reset();
	memset(frame, 0xff, sizeof(frame));
	/* The upper half's tables are shared. */
	map(root1, va_of(2, 0), DATA(0), KDATA, 0);
	memcpy(e.ram + (root2 - ENV_RAM), e.ram + (root1 - ENV_RAM), 4096);
	map(root1, va_of(2, 0), 0, 0, 0);
	for (i = 0; i < ENV_VCPUS; i++)
		as_mode(cpu(i), RV_S, root1, 1, true);
	for (i = 0; i < 20000; i++)
		random_step();
	ok(nr_ptes, "page tables, fences and code at random");
}

int main(void)
{
	windows_open();
	test_compare();
	test_pmp();
	test_fences();
	test_stale();
	test_fence();
	test_check();
	test_busy();
	test_random();
	windows_close();
	return tap_done();
}
