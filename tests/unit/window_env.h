/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VM with windows whose page tables, the host's, are a list here: what a vCPU
 * sees at an address is looked up in it, and nothing is executed.
 */
#ifndef WINDOW_ENV_H
#define WINDOW_ENV_H

#include "rv64_env.h"
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

static inline struct pmd *find_pmd(unsigned long addr)
{
	unsigned int i;

	for (i = 0; i < nr_pmds; i++)
		if (pmds[i].at == addr >> PMD_SHIFT)
			return &pmds[i];
	return NULL;
}

static inline void add_pmd(unsigned long addr, bool huge)
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

static inline struct pte *find_pte(unsigned int nr, u64 gva)
{
	u64 off = WIN_SKIP + VMXL_WIN_GUARD + (gva & ((1ULL << VMXL_WIN_BITS) - 4096));
	unsigned int i;

	for (i = 0; i < nr_ptes; i++)
		if (ptes[i].nr == nr && ptes[i].off == off)
			return &ptes[i];
	return NULL;
}

/* What @v sees at @gva: '-' nothing, 'r' it may read, 'w' it may write as well */
static inline char seen(struct vmxl_vcpu *v, u64 gva)
{
	struct pte *p = find_pte((s64)gva < 0 ? 0 : v->win.n, gva);

	return !p ? '-' : p->writable ? 'w' : 'r';
}

static inline unsigned long pfn_of(u64 gpa)
{
	void *p = vmxl_gpa_map(e.vm, gpa, NULL);

	return IS_ERR(p) ? 0 : page_to_pfn(virt_to_page(p));
}

static inline bool shows(struct vmxl_vcpu *v, u64 gva, u64 gpa)
{
	struct pte *p = find_pte((s64)gva < 0 ? 0 : v->win.n, gva);

	return p && p->pfn == pfn_of(gpa);
}

/* ---- the guest ---- */

static inline u64 new_table(void)
{
	u64 pa = next_table;

	next_table += 4096;
	memset(e.ram + (pa - ENV_RAM), 0, 4096);
	return pa;
}

static int top = 2;	/* level of the roots */

/* Leaves at @level: 0 to top */
static inline void map(u64 root, u64 va, u64 pa, u64 flags, int level)
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

static inline bool as_mode(struct vmxl_vcpu *v, enum vmxl_rv64_mode mode, u64 root, u64 asid,
			   bool sum)
{
	struct vmxl_rv64_regs *r = rv_regs(v);

	r->mode = mode;
	r->satp = 8ULL << 60 | asid << 44 | root >> 12;
	r->mstatus = sum ? RV_MSTATUS_SUM : 0;
	vmxl_rv64_mmu_update(v);
	return vmxl_window_select(v, mode == RV_U ? VMXL_WIN_LOW :
				     sum ? VMXL_WIN_BOTH : VMXL_WIN_HIGH);
}

static inline struct vm_area_struct vma_of(struct vmxl_vcpu *v, u64 gva)
{
	u64 start = WIN_START((s64)gva < 0 ? 0 : v->win.n);

	return (struct vm_area_struct) {
		.vm_start = start, .vm_end = start + WIN_LEN,
		.vm_flags = VM_READ | VM_WRITE | VM_SHARED | VM_PFNMAP,
	};
}

/* As the kernel does it: a write to a huge page that is for reading splits it first. */
static inline enum vmxl_wfault host_fault(struct vmxl_vcpu *v, struct vm_area_struct *vma,
					  u64 addr, u64 gva, bool write, unsigned int flags)
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

static inline enum vmxl_wfault fault_again(struct vmxl_vcpu *v, u64 gva, bool write,
					   unsigned int flags)
{
	u64 addr = ((s64)gva < 0 ? v->win.high : v->win.low) + gva, back = 0;
	struct vm_area_struct vma = vma_of(v, gva);

	check(vmxl_window_gva(v, addr, &back) && back == gva, "an address of a window");
	return host_fault(v, &vma, addr, gva, write, flags);
}

static inline enum vmxl_wfault fault(struct vmxl_vcpu *v, u64 gva, bool write)
{
	return fault_again(v, gva, write, FAULT_FLAG_ALLOW_RETRY);
}

/* An access as translated code makes it. Whether it succeeds without the interpreter */
static inline bool touch(struct vmxl_vcpu *v, u64 gva, bool write)
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

static inline void set_code(u64 gpa, bool code)
{
	struct vmxl_memslot *slot = vmxl_memslot_find(e.vm, gpa);
	u8 *f = &slot->pflags[(gpa - slot->gpa) >> 12];

	*f = code ? *f | VMXL_PF_CODE : *f & ~VMXL_PF_CODE;
	if (code)
		vmxl_window_protect(e.vm, slot, gpa);
}

static u64 root1, root2;

/* Everything as at the start, with two address spaces that share the upper half */
static inline void reset(void)
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

static inline struct vmxl_vcpu *cpu(unsigned int i)
{
	return e.vcpu[i];
}

static inline void set_slot(u32 flags, u64 size)
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

static inline u64 dirty_bits(unsigned int word)
{
	static unsigned long bits[GUEST_PAGES / 64];
	struct vmxl_dirty_log log = { .slot = 1, .bitmap = (uintptr_t)bits };

	srcu_read_unlock(&e.vm->srcu, e.srcu);
	if (vmxl_memslot_get_dirty(e.vm, &log))
		env_die("no dirty log");
	e.srcu = srcu_read_lock(&e.vm->srcu);
	return bits[word];
}

static inline void flush_requests(void)
{
	unsigned int i;

	for (i = 0; i < ENV_VCPUS; i++)
		if (test_and_clear_bit(VMXL_REQ_TLB_FLUSH, &e.vcpu[i]->requests))
			vmxl_tlb_flush(e.vcpu[i]);
}

static inline unsigned int count_seen(struct vmxl_vcpu *v, u64 gva, unsigned int pages,
				      char how)
{
	unsigned int i, n = 0;

	for (i = 0; i < pages; i++)
		n += seen(v, gva + (u64)i * 4096) == how;
	return n;
}

/* Go through memory; how many faults that took */
static inline unsigned int sweep(struct vmxl_vcpu *v, u64 gva, unsigned int pages)
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

static bool made_windows;
static void *ram_area;

/* Windows as well where code is not compiled, and a slot that may have huge pages */
static inline void windows_open(void)
{
	unsigned int i;

	env_open(&e, 0);
	made_windows = !e.vm->windows;
	if (made_windows)
		e.vm->windows = vmxl_windows_create(e.vm);
	ram_area = mmap(NULL, GUEST_PAGES * 4096 + PMD_SIZE, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ram = (u8 *)ALIGN((uintptr_t)ram_area, PMD_SIZE);
	set_slot(0, GUEST_PAGES * 4096);
	for (i = 0; i < ENV_VCPUS; i++) {
		rv_regs(cpu(i))->pmpaddr[0] = (1ULL << 54) - 1;
		rv_regs(cpu(i))->pmpcfg[0] = 0x1f;
		vmxl_rv64_pmp_update(cpu(i));
	}
	flush_requests();
	reset();
	as_mode(cpu(0), RV_S, root1, 1, false);	/* whose window is the first of the upper half */
}

static inline void windows_close(void)
{
	unsigned int i;

	for (i = 0; i < ENV_VCPUS; i++)
		vmxl_window_put(cpu(i));
	if (made_windows) {
		vmxl_windows_destroy(e.vm->windows);
		e.vm->windows = NULL;
	}
	env_close(&e);
	munmap(ram_area, GUEST_PAGES * 4096 + PMD_SIZE);
}

#endif /* WINDOW_ENV_H */
