// SPDX-License-Identifier: GPL-2.0
/*
 * Address translation: Sv39, Sv48, Sv57 with Svnapot, Svpbmt and Svadu, the
 * views under which the software TLB keeps its result, and the key of blocks.
 * Nobody keeps what a walk did not find, so one that becomes valid needs no fence
 * (Svvptc).
 */
#include <linux/bits.h>
#include <linux/kernel.h>
#include "../../mmu/mem.h"
#include "pmp.h"
#include "rv64.h"

#define PTE_V		BIT_ULL(0)
#define PTE_R		BIT_ULL(1)
#define PTE_W		BIT_ULL(2)
#define PTE_X		BIT_ULL(3)
#define PTE_U		BIT_ULL(4)
#define PTE_G		BIT_ULL(5)
#define PTE_A		BIT_ULL(6)
#define PTE_D		BIT_ULL(7)
#define PTE_PPN_SHIFT	10
#define PTE_PPN		GENMASK_ULL(53, 10)
#define PTE_RESERVED	GENMASK_ULL(60, 54)
#define PTE_PBMT	GENMASK_ULL(62, 61)
#define PTE_N		BIT_ULL(63)

#define NAPOT_BITS	4		/* the only size: 64 KiB */
#define MAX_RETRIES	64		/* of a walk whose A/D update another hart got ahead of */

#define FAULT_PAGE	1
#define PERM(access)	(1u << (access))

/* How one kind of access is translated */
struct view {
	enum vmxl_rv64_mode mode;
	bool bare;
	bool sum;
	bool mxr;
};

static bool is_bare(struct vmxl_vcpu *vcpu, enum vmxl_rv64_mode mode)
{
	return mode == RV_M || !(rv_regs(vcpu)->satp >> RV_SATP_MODE_SHIFT);
}

static struct view view_of(struct vmxl_vcpu *vcpu, enum vmxl_access access, bool unpriv)
{
	u64 st = rv_regs(vcpu)->mstatus;
	struct view v = { .mode = unpriv ? RV_U : rv_mode(vcpu) };

	if (access != VMXL_ACCESS_EXEC) {
		if (!unpriv && (st & RV_MSTATUS_MPRV) && !rv_firmware(vcpu))
			v.mode = (st & RV_MSTATUS_MPP) >> RV_MSTATUS_MPP_SHIFT & 3;
		v.sum = v.mode == RV_S && (st & RV_MSTATUS_SUM);
		v.mxr = st & RV_MSTATUS_MXR;
	}
	v.bare = is_bare(vcpu, v.mode);
	if (v.bare) {
		v.sum = false;
		v.mxr = false;
	}
	return v;
}

static struct vmxl_tlb_as as_of(struct vmxl_vcpu *vcpu, struct view v)
{
	u64 satp = rv_regs(vcpu)->satp;
	struct vmxl_tlb_as as = {
		.view = v.mode | v.bare << 2 | v.sum << 3 | v.mxr << 4,
	};

	if (!v.bare) {
		as.root = satp;
		as.asid = satp >> RV_SATP_ASID_SHIFT & RV_SATP_ASID;
	} else {
		as.asid = RV_SATP_ASID + 1;	/* none that a fence could name */
	}
	return as;
}

/* Through which window loads and stores go: plain U-mode's and S-mode's have one. */
static enum vmxl_window_kind window_of(struct vmxl_vcpu *vcpu)
{
	bool sv39 = rv_regs(vcpu)->satp >> RV_SATP_MODE_SHIFT == RV_MODE_SV39;
	struct view v = view_of(vcpu, VMXL_ACCESS_READ, false);
	enum vmxl_window_kind kind = VMXL_WIN_HIGH;

	if (v.bare || v.mxr || v.mode != rv_mode(vcpu))
		return VMXL_WIN_NONE;
	if (v.mode == RV_U)
		kind = VMXL_WIN_LOW;
	else if (v.sum)
		kind = VMXL_WIN_BOTH;
	return kind | (sv39 ? 0 : VMXL_WIN_REGIONS);
}

/* Bring vcpu->as, as_unpriv and the key's window up to date with mode, mstatus and satp. */
void vmxl_rv64_mmu_update(struct vmxl_vcpu *vcpu)
{
	struct vmxl_tlb_as as[4];
	u32 nr[4];

	if (unlikely(!vcpu->tlb))
		return;
	vmxl_rv64_fence_as(vcpu);
	rv_arch(vcpu)->view_mode = rv_regs(vcpu)->mode;
	rv_arch(vcpu)->view_status = rv_regs(vcpu)->mstatus;
	rv_arch(vcpu)->window = window_of(vcpu);
	as[VMXL_ACCESS_READ] = as_of(vcpu, view_of(vcpu, VMXL_ACCESS_READ, false));
	as[VMXL_ACCESS_WRITE] = as[VMXL_ACCESS_READ];
	as[VMXL_ACCESS_EXEC] = as_of(vcpu, view_of(vcpu, VMXL_ACCESS_EXEC, false));
	as[3] = as_of(vcpu, view_of(vcpu, VMXL_ACCESS_READ, true));
	vmxl_tlb_as(vcpu, as, nr, 4);
	memcpy(vcpu->as, nr, sizeof(vcpu->as));
	vcpu->as_unpriv = nr[3];
}

/* Translated code writes mode, and those bits of mstatus that sstatus has. */
void vmxl_rv64_sync(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	struct vmxl_rv64_regs *r = rv_regs(vcpu);

	if (r->mode != a->view_mode || ((r->mstatus ^ a->view_status) & RV_MSTATUS_VIEW))
		vmxl_rv64_mmu_update(vcpu);
}

/* What the page-table entry lets the view do, A and D aside */
static unsigned int pte_perms(u64 pte, struct view v)
{
	unsigned int perms = 0;

	if (v.mode == RV_U && !(pte & PTE_U))
		return 0;
	if ((pte & PTE_R) || (v.mxr && (pte & PTE_X)))
		perms |= PERM(VMXL_ACCESS_READ);
	if (pte & PTE_W)
		perms |= PERM(VMXL_ACCESS_WRITE);
	if (pte & PTE_X)
		perms |= PERM(VMXL_ACCESS_EXEC);
	if (v.mode == RV_S && (pte & PTE_U)) {
		perms &= ~PERM(VMXL_ACCESS_EXEC);
		if (!v.sum)
			perms = 0;
	}
	return perms;
}

static bool allowed(unsigned int perms, enum vmxl_access access)
{
	if (access == VMXL_ACCESS_RW_ANY)
		return perms & (PERM(VMXL_ACCESS_READ) | PERM(VMXL_ACCESS_WRITE));
	return perms & PERM(access);
}

/* Encodings of a valid entry that are reserved, with what this hart has switched on */
static bool pte_reserved(struct vmxl_vcpu *vcpu, u64 pte, unsigned int level)
{
	bool leaf = pte & (PTE_R | PTE_X);

	if ((pte & (PTE_R | PTE_W)) == PTE_W || (pte & PTE_RESERVED))
		return true;
	if (!leaf)
		return pte & (PTE_N | PTE_PBMT | PTE_U | PTE_A | PTE_D);
	if ((pte & PTE_PBMT) && (!(vmxl_rv64_menvcfg(vcpu) & RV_ENVCFG_PBMTE) ||
				 (pte & PTE_PBMT) == PTE_PBMT))
		return true;
	if (!(pte & PTE_N))
		return false;
	return level || !rv_has(vcpu, VMXL_RV64_ISA_SVNAPOT) ||
	       (pte >> PTE_PPN_SHIFT & GENMASK(NAPOT_BITS - 1, 0)) != BIT(NAPOT_BITS - 1);
}

/* A walk under way */
struct walk {
	struct vmxl_vcpu *vcpu;
	u64 gva;
	enum vmxl_access access;
	bool peek;
	struct view view;
	u64 satp;		/* read once: the registers may change under us */
	u64 pte, addr;		/* the entry last read, and where */
	unsigned int level;
};

/* Page-table accesses are S-mode's, whoever they are for. */
static int pte_read(struct walk *k)
{
	u8 perms = vmxl_rv64_pmp_perms(k->vcpu, k->addr, 8, RV_S, NULL);

	if (!(perms & PERM(VMXL_ACCESS_READ)) || vmxl_pt_read64(k->vcpu, k->addr, &k->pte))
		return VMXL_FAULT_BUS;
	return 0;
}

static unsigned int levels(u64 satp)
{
	return 3 + (satp >> RV_SATP_MODE_SHIFT) - RV_MODE_SV39;
}

/* Go down to the leaf. */
static int find_leaf(struct walk *k)
{
	u64 table = (k->satp & RV_SATP_PPN) << VMXL_PAGE_SHIFT;
	int ret;

	for (k->level = levels(k->satp); k->level--;) {
		k->addr = table + (k->gva >> (VMXL_PAGE_SHIFT + 9 * k->level) & 0x1ff) * 8;
		ret = pte_read(k);
		if (ret)
			return ret;
		if (!(k->pte & PTE_V) || pte_reserved(k->vcpu, k->pte, k->level))
			return FAULT_PAGE;
		if (k->pte & (PTE_R | PTE_X))
			return 0;
		table = (k->pte & PTE_PPN) << (VMXL_PAGE_SHIFT - PTE_PPN_SHIFT);
	}
	return FAULT_PAGE;
}

/* 0: the entry has A, and D for a store. -EAGAIN: it has changed. */
static int set_accessed(struct walk *k)
{
	u64 want = k->pte | PTE_A | (k->access == VMXL_ACCESS_WRITE ? PTE_D : 0);
	u8 perms;
	int ret;

	if (want == k->pte)
		return 0;
	if (k->peek || !(vmxl_rv64_menvcfg(k->vcpu) & RV_ENVCFG_ADUE))
		return FAULT_PAGE;
	perms = vmxl_rv64_pmp_perms(k->vcpu, k->addr, 8, RV_S, NULL);
	if (!(perms & PERM(VMXL_ACCESS_WRITE)))
		return VMXL_FAULT_BUS;
	ret = vmxl_pt_update64(k->vcpu, k->addr, k->pte, want);
	if (ret)
		return ret == -EAGAIN ? ret : VMXL_FAULT_BUS;
	k->pte = want;
	return 0;
}

static int walk_once(struct walk *k, struct vmxl_walk *w)
{
	unsigned int shift, perms;
	int ret = find_leaf(k);
	u64 mask;

	if (ret)
		return ret;
	shift = VMXL_PAGE_SHIFT + 9 * k->level;
	if ((k->pte & PTE_PPN) << 2 & (BIT_ULL(shift) - 1))
		return FAULT_PAGE;
	perms = pte_perms(k->pte, k->view);
	if (!allowed(perms, k->access))
		return FAULT_PAGE;
	ret = set_accessed(k);
	if (ret)
		return ret;
	if (!(k->pte & PTE_D))
		perms &= ~PERM(VMXL_ACCESS_WRITE);
	if (k->pte & PTE_N)
		shift = VMXL_PAGE_SHIFT + NAPOT_BITS;
	mask = BIT_ULL(shift) - 1;
	w->gpa = ((k->pte & PTE_PPN) << 2 & ~mask) | (k->gva & mask);
	w->shift = shift;
	w->perms = perms;
	w->global = k->pte & PTE_G;
	w->unpriv = k->pte & PTE_U;
	w->device = k->pte & PTE_PBMT;
	return 0;
}

static bool canonical(u64 gva, u64 satp)
{
	s64 top = (s64)gva >> (VMXL_PAGE_SHIFT + 9 * levels(satp) - 1);

	return top == 0 || top == -1;
}

static int walk_tables(struct walk *k, struct vmxl_walk *w)
{
	u64 mode = k->satp >> RV_SATP_MODE_SHIFT;
	unsigned int i;
	int ret = -EAGAIN;

	/* the register may be anything: no shift by what is not a mode */
	if (mode < RV_MODE_SV39 || mode > RV_MODE_SV57 || !canonical(k->gva, k->satp))
		return FAULT_PAGE;
	for (i = 0; i < MAX_RETRIES && ret == -EAGAIN; i++)
		ret = walk_once(k, w);
	return ret == -EAGAIN ? FAULT_PAGE : ret;
}

static int walk_bare(u64 gva, struct vmxl_walk *w)
{
	if (gva >> RV_PA_BITS)
		return VMXL_FAULT_BUS;
	w->gpa = gva;
	w->shift = VMXL_PAGE_SHIFT;
	w->perms = RV_PERMS_ALL;
	w->global = true;
	w->unpriv = false;
	w->device = false;
	return 0;
}

/* For how much of a large mapping what PMP says of a piece of it holds */
static u8 pmp_around(struct walk *k, const struct vmxl_walk *w)
{
	static const u8 less[] = { 30, 21, 16 };
	unsigned int i = 0, shift = w->shift;
	bool divided;

	if (w->nocache)
		return VMXL_PAGE_SHIFT;
	while (shift > VMXL_PAGE_SHIFT) {
		vmxl_rv64_pmp_perms(k->vcpu, w->gpa & (~0ULL << shift), BIT_ULL(shift),
				    k->view.mode, &divided);
		if (!divided)
			return shift;
		while (i < ARRAY_SIZE(less) && less[i] >= shift)
			i++;
		shift = i < ARRAY_SIZE(less) ? less[i] : VMXL_PAGE_SHIFT;
	}
	return VMXL_PAGE_SHIFT;
}

/* A page that one PMP entry or none covers may be kept, another is asked about each time. */
static int check_pmp(struct walk *k, struct vmxl_walk *w)
{
	enum vmxl_rv64_mode mode = k->view.mode;
	u8 perms = vmxl_rv64_pmp_perms(k->vcpu, w->gpa & VMXL_PAGE_MASK, VMXL_PAGE_SIZE, mode,
				       &w->nocache);

	if (w->nocache)
		perms = vmxl_rv64_pmp_perms(k->vcpu, w->gpa, max_t(u64, w->len, 1), mode, NULL);
	w->perms &= perms;
	w->around = pmp_around(k, w);
	return allowed(perms, k->access) && allowed(w->perms, k->access) ? 0 : VMXL_FAULT_BUS;
}

/* Entries that follow in the same table, for pages that follow, and else like this one */
static u32 count_alike(struct walk *k)
{
	u32 n, left = (VMXL_PAGE_SIZE - (k->addr & ~VMXL_PAGE_MASK)) / 8;
	u64 next;
	u8 perms = vmxl_rv64_pmp_perms(k->vcpu, k->addr, left * 8, RV_S, NULL);

	if (!(perms & PERM(VMXL_ACCESS_READ)))
		return 1;
	for (n = 1; n < left; n++)
		if (vmxl_pt_read64(k->vcpu, k->addr + n * 8, &next) ||
		    next != k->pte + ((u64)n << PTE_PPN_SHIFT))
			break;
	return n;
}

static u32 find_run(struct walk *k, const struct vmxl_walk *w)
{
	bool divided;
	u32 n;

	if (w->nocache || k->view.bare)
		return 1;
	if (w->shift > VMXL_PAGE_SHIFT)
		return (BIT_ULL(w->around) - (k->gva & (BIT_ULL(w->around) - 1)) +
			VMXL_PAGE_SIZE - 1) >> VMXL_PAGE_SHIFT;
	n = count_alike(k);
	vmxl_rv64_pmp_perms(k->vcpu, w->gpa & VMXL_PAGE_MASK, (u64)n << VMXL_PAGE_SHIFT,
			    k->view.mode, &divided);
	return divided ? 1 : n;
}

/**
 * vmxl_rv64_walk() - translate a guest virtual address
 * @vcpu: the vCPU
 * @gva: address
 * @access: what for
 * @unpriv: as U-mode would
 * @w: in: len; out: the rest
 *
 * Return: 0 or a code for vmxl_rv64_fault().
 */
int vmxl_rv64_walk(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access, bool unpriv,
		   struct vmxl_walk *w)
{
	struct walk k = {
		.vcpu = vcpu, .gva = gva, .access = access, .peek = w->peek,
		.view = view_of(vcpu, access, unpriv),
		.satp = READ_ONCE(rv_regs(vcpu)->satp),
	};
	int ret = k.view.bare ? walk_bare(gva, w) : walk_tables(&k, w);

	if (!ret)
		ret = check_pmp(&k, w);
	if (!ret && w->peek)
		w->run = find_run(&k, w);
	return ret;
}

static u32 key_cbie(u64 menv, u64 senv, enum vmxl_rv64_mode mode)
{
	u32 m = (menv & RV_ENVCFG_CBIE) >> RV_ENVCFG_CBIE_SHIFT;
	u32 s = (senv & RV_ENVCFG_CBIE) >> RV_ENVCFG_CBIE_SHIFT;

	if (mode == RV_M)
		return 3;
	if (mode == RV_S)
		return m;
	return m && s ? m & s : 0;
}

/* Cache-block instructions, as menvcfg and senvcfg have it for the mode */
static u32 key_cbo(struct vmxl_vcpu *vcpu, enum vmxl_rv64_mode mode)
{
	u64 menv = vmxl_rv64_menvcfg(vcpu), senv = rv_regs(vcpu)->senvcfg;
	u64 on = mode == RV_M ? ~0ULL : mode == RV_S ? menv : menv & senv;
	u32 flags = key_cbie(menv, senv, mode) << RV_KEY_CBIE_SHIFT;

	if (on & RV_ENVCFG_CBZE)
		flags |= RV_KEY_CBZE;
	if (on & RV_ENVCFG_CBCFE)
		flags |= RV_KEY_CBCFE;
	return flags;
}

void vmxl_rv64_key(struct vmxl_vcpu *vcpu, struct vmxl_key *key)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	enum vmxl_rv64_mode mode = rv_mode(vcpu);
	u64 fs = r->mstatus & RV_MSTATUS_FS;
	u32 flags = mode | (r->frm & 7) << RV_KEY_FRM_SHIFT | key_cbo(vcpu, mode);

	if (!fs || !rv_has(vcpu, VMXL_RV64_ISA_F))
		flags |= RV_KEY_FS_OFF;
	else if (fs == RV_MSTATUS_FS)
		flags |= RV_KEY_FS_DIRTY;
	if (mode == RV_M || !(r->mstatus & RV_MSTATUS_TW))
		flags |= RV_KEY_WRS;
	flags |= rv_arch(vcpu)->window << RV_KEY_WIN_SHIFT;
	key->pc = vcpu->gs->pc;
	key->flags = flags;
	key->limit = vcpu->limit;
}

enum vmxl_window_kind vmxl_rv64_window(u32 flags)
{
	return (flags & RV_KEY_WIN) >> RV_KEY_WIN_SHIFT;
}

/* What the keys of views depend on beside mode, FS and SUM: see vmxl_rv64_key(). */
static u64 view_sig(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	u64 cbo = key_cbo(vcpu, RV_S) | (u64)key_cbo(vcpu, RV_U) << 32;

	return cbo << 8 | (r->mstatus & RV_MSTATUS_TW ? BIT_ULL(3) : 0) | (r->frm & 7);
}

/**
 * vmxl_rv64_view() - the number of the present view
 * @vcpu: the vCPU
 * @sig: out: what its key depends on beside the number
 *
 * Return: RV_VIEW_*; -1 where windows are none, or of regions.
 */
int vmxl_rv64_view(struct vmxl_vcpu *vcpu, u64 *sig)
{
	enum vmxl_rv64_mode mode = rv_mode(vcpu);
	enum vmxl_window_kind window = rv_arch(vcpu)->window;
	u64 st = rv_regs(vcpu)->mstatus;
	u32 view = (st >> RV_VIEW_FS_SHIFT & RV_VIEW_FS) | (st >> RV_VIEW_SUM_SHIFT & RV_VIEW_SUM);

	*sig = view_sig(vcpu);
	if (mode == RV_M || window == VMXL_WIN_NONE || (window & VMXL_WIN_REGIONS) ||
	    (mode == RV_U && (view & RV_VIEW_SUM)))
		return -1;
	return view | (mode == RV_S);
}
