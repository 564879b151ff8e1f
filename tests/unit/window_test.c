// SPDX-License-Identifier: GPL-2.0
/*
 * Windows: what they may show, and that nothing stays visible that was flushed,
 * protected or taken away. The host's page tables are a list here.
 */
#include "rv64_env.h"
#include "../../kmod/count.h"
#include "../../kmod/enter.h"
#include "../../kmod/map.h"
#include "../../kmod/mmu/window_impl.h"

#define GUEST_RAM	0x100000000ULL	/* a slot of its own, all but page tables */
#define GUEST_PAGES	1024
#define DATA(i)		(GUEST_RAM + (u64)(i) * 4096)

#define V	0x01
#define R	0x02
#define W	0x04
#define X	0x08
#define U	0x10
#define G	0x20
#define A	0x40
#define D	0x80
#define UDATA	(V | R | W | U | A | D)
#define KDATA	(V | R | W | G | A | D)

#define LOW	0x10000000ULL
#define HIGH	0xffffffd800000000ULL

static struct env e;
static u8 *ram;
static u64 next_table;

/* ---- the host's page tables ---- */

#define MAX_PTES	4096
#define WIN_SPACE	0x5000000000ULL
#define WIN_START(nr)	(0x10000000000ULL + (nr) * WIN_SPACE)
#define WIN_NR(addr)	(((addr) - WIN_START(0)) / WIN_SPACE)
#define WIN_LEN		((1ULL << VMXL_WIN_BITS) + 2 * VMXL_WIN_GUARD + PMD_SIZE)
#define WIN_SKIP	(PMD_SIZE - VMXL_WIN_GUARD)	/* before the guard */
#define WIN_BASE(nr)	(WIN_START(nr) + WIN_SKIP + VMXL_WIN_GUARD)

struct pte {
	unsigned int nr;
	u64 off;
	unsigned long pfn;
	bool writable;
};

static struct pte ptes[MAX_PTES];
static unsigned int nr_ptes, nr_zaps, nr_maps, max_maps = 1000, oom_in;

/* Tables of 2 MiB of a window: there once a page was inserted, for good; or one huge page */
#define MAX_PMDS	64

struct pmd {
	unsigned long at;	/* address, by size */
	bool huge;
};

static struct pmd pmds[MAX_PMDS];
static unsigned int nr_pmds, nr_split;
static bool small_only = true;

u64 __wrap_vmxl_map(struct vmxl_vm *vm, enum vmxl_map_kind kind, unsigned int nr, size_t len);
void __wrap_vmxl_map_zap(struct vmxl_vm *vm, enum vmxl_map_kind kind, unsigned int nr, u64 off,
			 u64 len);
struct vm_area_struct *__wrap_vmxl_map_lock(struct vmxl_vm *vm, u64 addr);
void __wrap_vmxl_map_unlock(struct vmxl_vm *vm);
vm_fault_t __wrap_vmf_insert_pfn_prot(struct vm_area_struct *vma, unsigned long addr,
				      unsigned long pfn, pgprot_t prot);

vm_fault_t __wrap_vmf_insert_pfn_pmd(struct vm_fault *vmf, unsigned long pfn, bool write);

static struct pmd *find_pmd(unsigned long addr)
{
	unsigned int i;

	for (i = 0; i < nr_pmds; i++)
		if (pmds[i].at == addr >> PMD_SHIFT)
			return &pmds[i];
	return NULL;
}

static void add_pmd(unsigned long addr, bool huge)
{
	struct pmd *p = find_pmd(addr);

	if (p || small_only) {
		check(!p || !p->huge, "no page within a huge one");
		return;
	}
	if (nr_pmds == MAX_PMDS)
		env_die("too many tables");
	pmds[nr_pmds++] = (struct pmd) { addr >> PMD_SHIFT, huge };
}

u64 __wrap_vmxl_map(struct vmxl_vm *vm, enum vmxl_map_kind kind, unsigned int nr, size_t len)
{
	check(len == WIN_LEN, "a window and its guards");
	if (nr_maps == max_maps)
		return 0;
	nr_maps++;
	return WIN_START(nr);
}

void __wrap_vmxl_map_zap(struct vmxl_vm *vm, enum vmxl_map_kind kind, unsigned int nr, u64 off,
			 u64 len)
{
	u64 start = WIN_START(nr) + off;
	unsigned int i;

	nr_zaps++;
	for (i = 0; i < nr_pmds;) {
		u64 at = (u64)pmds[i].at << PMD_SHIFT;

		if (!pmds[i].huge || at + PMD_SIZE <= start || at >= start + len) {
			i++;
			continue;
		}
		nr_split += at < start || at + PMD_SIZE > start + len;
		pmds[i] = pmds[--nr_pmds];
	}
	for (i = 0; i < nr_ptes;)
		if (ptes[i].nr == nr && ptes[i].off >= off && ptes[i].off < off + len)
			ptes[i] = ptes[--nr_ptes];
		else
			i++;
}

vm_fault_t __wrap_vmf_insert_pfn_prot(struct vm_area_struct *vma, unsigned long addr,
				      unsigned long pfn, pgprot_t prot)
{
	unsigned int nr = WIN_NR(vma->vm_start), i;
	u64 off = addr - vma->vm_start;

	if (oom_in && !--oom_in)
		return VM_FAULT_OOM;
	for (i = 0; i < nr_ptes; i++)
		if (ptes[i].nr == nr && ptes[i].off == off)
			return VM_FAULT_NOPAGE;
	if (nr_ptes == MAX_PTES)
		env_die("too many pages");
	add_pmd(addr, false);
	ptes[nr_ptes++] = (struct pte) { nr, off, pfn, prot & VM_WRITE };
	return VM_FAULT_NOPAGE;
}

vm_fault_t __wrap_vmf_insert_pfn_pmd(struct vm_fault *vmf, unsigned long pfn, bool write)
{
	unsigned long addr = vmf->address & PMD_MASK;
	unsigned int nr = WIN_NR(addr), i;

	if (oom_in && !--oom_in)
		return VM_FAULT_OOM;
	check(!find_pmd(addr), "a huge page where nothing is");
	check(!(pfn & (PMD_SIZE / PAGE_SIZE - 1)), "a huge page's frame");
	add_pmd(addr, true);
	for (i = 0; i < PMD_SIZE / PAGE_SIZE; i++)
		ptes[nr_ptes++] = (struct pte) { nr, addr - WIN_START(nr) + i * PAGE_SIZE, pfn + i,
						 write };
	return VM_FAULT_NOPAGE;
}

static unsigned int nr_locked;
static bool map_is_busy;

struct vm_area_struct *__wrap_vmxl_map_lock(struct vmxl_vm *vm, u64 addr)
{
	static struct vm_area_struct vma = {
		.vm_flags = VM_READ | VM_WRITE | VM_SHARED | VM_PFNMAP,
	};

	if (map_is_busy)
		return NULL;
	vma.vm_start = WIN_START(WIN_NR(addr));
	vma.vm_end = vma.vm_start + WIN_LEN;
	nr_locked++;
	return &vma;
}

void __wrap_vmxl_map_unlock(struct vmxl_vm *vm)
{
	nr_locked--;
}

static struct pte *find_pte(unsigned int nr, u64 gva)
{
	u64 off = WIN_SKIP + VMXL_WIN_GUARD + (gva & ((1ULL << VMXL_WIN_BITS) - 4096));
	unsigned int i;

	for (i = 0; i < nr_ptes; i++)
		if (ptes[i].nr == nr && ptes[i].off == off)
			return &ptes[i];
	return NULL;
}

/* What @v sees at @gva: '-' nothing, 'r' it may read, 'w' it may write as well */
static char seen(struct vmxl_vcpu *v, u64 gva)
{
	struct pte *p = find_pte((s64)gva < 0 ? 0 : v->win.n, gva);

	return !p ? '-' : p->writable ? 'w' : 'r';
}

static unsigned long pfn_of(u64 gpa)
{
	void *p = vmxl_gpa_map(e.vm, gpa, NULL);

	return IS_ERR(p) ? 0 : page_to_pfn(virt_to_page(p));
}

static bool shows(struct vmxl_vcpu *v, u64 gva, u64 gpa)
{
	struct pte *p = find_pte((s64)gva < 0 ? 0 : v->win.n, gva);

	return p && p->pfn == pfn_of(gpa);
}

/* ---- the guest ---- */

static u64 new_table(void)
{
	u64 pa = next_table;

	next_table += 4096;
	memset(e.ram + (pa - ENV_RAM), 0, 4096);
	return pa;
}

static int top = 2;	/* level of the roots */

/* Leaves at @level: 0 to top */
static void map(u64 root, u64 va, u64 pa, u64 flags, int level)
{
	u64 *table = (u64 *)(e.ram + (root - ENV_RAM));
	int i;

	for (i = top; i > level; i--) {
		u64 *pte = &table[va >> (12 + 9 * i) & 0x1ff];

		if (!*pte)
			*pte = new_table() >> 2 | V;
		table = (u64 *)(e.ram + ((*pte << 2 & ~0xfffULL) - ENV_RAM));
	}
	table[va >> (12 + 9 * level) & 0x1ff] = flags ? pa >> 2 | flags : 0;
}

static bool as_mode(struct vmxl_vcpu *v, enum vmxl_rv64_mode mode, u64 root, u64 asid, bool sum)
{
	struct vmxl_rv64_regs *r = rv_regs(v);

	r->mode = mode;
	r->satp = 8ULL << 60 | asid << 44 | root >> 12;
	r->mstatus = sum ? RV_MSTATUS_SUM : 0;
	vmxl_rv64_mmu_update(v);
	return vmxl_window_select(v, mode == RV_U ? VMXL_WIN_LOW :
				     sum ? VMXL_WIN_BOTH : VMXL_WIN_HIGH);
}

static struct vm_area_struct vma_of(struct vmxl_vcpu *v, u64 gva)
{
	u64 start = WIN_START((s64)gva < 0 ? 0 : v->win.n);

	return (struct vm_area_struct) {
		.vm_start = start, .vm_end = start + WIN_LEN,
		.vm_flags = VM_READ | VM_WRITE | VM_SHARED | VM_PFNMAP,
	};
}

/* As the kernel does it: a write to a huge page that is for reading splits it first. */
static enum vmxl_wfault host_fault(struct vmxl_vcpu *v, struct vm_area_struct *vma, u64 addr,
				   u64 gva, bool write, unsigned int flags)
{
	struct pmd *p = find_pmd(addr);
	pmd_t pmd = { small_only || p };
	struct vm_fault vmf = { .vma = vma, .address = addr, .pmd = &pmd, .flags = flags };

	if (p && p->huge && write && seen(v, gva) == 'r') {
		__wrap_vmxl_map_zap(e.vm, VMXL_MAP_WINDOW, WIN_NR(addr),
				    (addr & PMD_MASK) - vma->vm_start, PMD_SIZE);
		pmd.pmd = 0;
	}
	return vmxl_window_fault(v, &vmf, gva, write);
}

static enum vmxl_wfault fault_again(struct vmxl_vcpu *v, u64 gva, bool write, unsigned int flags)
{
	u64 addr = ((s64)gva < 0 ? v->win.high : v->win.low) + gva, back = 0;
	struct vm_area_struct vma = vma_of(v, gva);

	check(vmxl_window_gva(v, addr, &back) && back == gva, "an address of a window");
	return host_fault(v, &vma, addr, gva, write, flags);
}

static enum vmxl_wfault fault(struct vmxl_vcpu *v, u64 gva, bool write)
{
	return fault_again(v, gva, write, FAULT_FLAG_ALLOW_RETRY);
}

/* An access as translated code makes it. Whether it succeeds without the interpreter */
static bool touch(struct vmxl_vcpu *v, u64 gva, bool write)
{
	unsigned int flags = FAULT_FLAG_ALLOW_RETRY;
	int i;

	for (i = 0; i < 10; i++) {
		char s = seen(v, gva);

		if (s == 'w' || (s == 'r' && !write))
			return true;
		switch (fault_again(v, gva, write, flags)) {
		case VMXL_WFAULT_STEP:
			return false;
		case VMXL_WFAULT_SLEEP:
			if (vmxl_window_walk(v, gva, write) != VMXL_WFAULT_DONE)
				return false;
			flags |= FAULT_FLAG_TRIED;
			break;
		case VMXL_WFAULT_DONE:
			break;
		}
	}
	ok(0, "an access comes to an end");
	return false;
}

static void set_code(u64 gpa, bool code)
{
	struct vmxl_memslot *slot = vmxl_memslot_find(e.vm, gpa);
	u8 *f = &slot->pflags[(gpa - slot->gpa) >> 12];

	*f = code ? *f | VMXL_PF_CODE : *f & ~VMXL_PF_CODE;
	if (code)
		vmxl_window_protect(e.vm, slot, gpa);
}

static u64 root1, root2;

/* Everything as at the start, with two address spaces that share the upper half */
static void reset(void)
{
	unsigned int i;

	for (i = 0; i < ENV_VCPUS; i++) {
		vmxl_window_put(e.vcpu[i]);
		vmxl_tlb_flush(e.vcpu[i]);
	}
	vmxl_window_zap_all(e.vm);
	check(!nr_ptes, "windows are empty");
	nr_pmds = 0;
	next_table = ENV_RAM;
	root1 = new_table();
	root2 = new_table();
	map(root1, HIGH, DATA(0), KDATA, 0);
	memcpy(e.ram + (root2 - ENV_RAM), e.ram + (root1 - ENV_RAM), 4096);
}

static struct vmxl_vcpu *cpu(unsigned int i)
{
	return e.vcpu[i];
}

static void set_slot(u32 flags, u64 size)
{
	struct vmxl_memory_region region = {
		.slot = 1, .flags = flags, .guest_phys_addr = GUEST_RAM, .memory_size = size,
		.userspace_addr = (uintptr_t)ram,
	};

	srcu_read_unlock(&e.vm->srcu, e.srcu);
	if (vmxl_memslot_set(e.vm, &region))
		env_die("no memory slot");
	e.srcu = srcu_read_lock(&e.vm->srcu);
}

/* ---- tests ---- */

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

/* ---- larger addresses ---- */

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

static u64 dirty_bits(unsigned int word)
{
	static unsigned long bits[GUEST_PAGES / 64];
	struct vmxl_dirty_log log = { .slot = 1, .bitmap = (uintptr_t)bits };

	srcu_read_unlock(&e.vm->srcu, e.srcu);
	if (vmxl_memslot_get_dirty(e.vm, &log))
		env_die("no dirty log");
	e.srcu = srcu_read_lock(&e.vm->srcu);
	return bits[word];
}

static void flush_requests(void)
{
	unsigned int i;

	for (i = 0; i < ENV_VCPUS; i++)
		if (test_and_clear_bit(VMXL_REQ_TLB_FLUSH, &e.vcpu[i]->requests))
			vmxl_tlb_flush(e.vcpu[i]);
}

static unsigned int count_seen(struct vmxl_vcpu *v, u64 gva, unsigned int pages, char how)
{
	unsigned int i, n = 0;

	for (i = 0; i < pages; i++)
		n += seen(v, gva + (u64)i * 4096) == how;
	return n;
}

/* Go through memory; how many faults that took */
static unsigned int sweep(struct vmxl_vcpu *v, u64 gva, unsigned int pages)
{
	unsigned int i, n = 0;

	for (i = 0; i < pages; i++) {
		if (seen(v, gva + (u64)i * 4096) != '-')
			continue;
		check(touch(v, gva + (u64)i * 4096, false), "a page on the way");
		n++;
	}
	return n;
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

/* ---- huge pages ---- */

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
	struct vmxl_windows *ws;
	unsigned int i;
	void *area;

	env_open(&e, 0);
	ws = e.vm->windows;
	if (!ws)
		e.vm->windows = vmxl_windows_create(e.vm);
	area = mmap(NULL, GUEST_PAGES * 4096 + PMD_SIZE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ram = (u8 *)ALIGN((uintptr_t)area, PMD_SIZE);
	set_slot(0, GUEST_PAGES * 4096);
	for (i = 0; i < ENV_VCPUS; i++) {
		rv_regs(cpu(i))->pmpaddr[0] = (1ULL << 54) - 1;
		rv_regs(cpu(i))->pmpcfg[0] = 0x1f;
		vmxl_rv64_pmp_update(cpu(i));
	}
	flush_requests();
	test_select();
	test_rules();
	test_compare();
	test_chunks();
	test_pmp();
	test_fences();
	test_stale();
	test_fence();
	test_large();
	test_around();
	test_neighbours();
	test_ahead();
	test_page_goes();
	test_sweep();
	test_check();
	test_busy();
	test_reservation();
	test_code();
	test_huge();
	test_slots();
	test_lru();
	test_regions(&modes[1]);
	test_regions(&modes[0]);
	test_failures();
	test_random();
	for (i = 0; i < ENV_VCPUS; i++)
		vmxl_window_put(cpu(i));
	if (!ws) {
		vmxl_windows_destroy(e.vm->windows);
		e.vm->windows = NULL;
	}
	env_close(&e);
	munmap(area, GUEST_PAGES * 4096 + PMD_SIZE);
	return tap_done();
}
