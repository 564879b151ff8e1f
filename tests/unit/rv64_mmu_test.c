// SPDX-License-Identifier: GPL-2.0
/*
 * Translation and PMP against a second reading of the privileged architecture:
 * random page tables, entries, status and PMP registers; every answer, every
 * accessed and dirty bit and every cached permission is compared.
 */
#include "rv64_env.h"

#define PT_PAGES	48		/* page-table pages, from ENV_RAM on */

static u64 ram_read(struct env *e, u64 pa)
{
	u64 val;

	memcpy(&val, e->ram + (pa - ENV_RAM), 8);
	return val;
}

static void ram_write(struct env *e, u64 pa, u64 val)
{
	memcpy(e->ram + (pa - ENV_RAM), &val, 8);
}

static bool in_ram(u64 pa)
{
	return pa >= ENV_RAM && pa < ENV_RAM + ENV_RAM_SIZE;
}

/* ---- PMP, byte by byte ---- */

static int pmp_match(struct env *e, u64 pa)
{
	unsigned int i, bits;

	for (i = 0; i < 16; i++) {
		u8 cfg = e->r->pmpcfg[i / 8] >> (8 * (i % 8));
		u64 a = e->r->pmpaddr[i], word = pa >> 2;

		switch (cfg >> 3 & 3) {
		case 1:
			if (word >= (i ? e->r->pmpaddr[i - 1] : 0) && word < a)
				return i;
			break;
		case 2:
			if (word == a)
				return i;
			break;
		case 3:
			for (bits = 0; bits < 54 && (a >> bits & 1); bits++)
				;
			if (bits >= 54 || word >> (bits + 1) == a >> (bits + 1))
				return i;
			break;
		}
	}
	return -1;
}

static bool pmp_ok(struct env *e, u64 pa, unsigned int len, u32 mode, enum vmxl_access access)
{
	static const u8 bit[] = { 1, 2, 4 };
	int first = 16;
	unsigned int i;
	u8 cfg;

	for (i = 0; i < len; i++) {
		int m = pmp_match(e, pa + i);

		if (m >= 0 && m < first)
			first = m;
	}
	if (first == 16)
		return mode == RV_M;
	for (i = 0; i < len; i++)
		if (pmp_match(e, pa + i) != first)
			return false;
	cfg = e->r->pmpcfg[first / 8] >> (8 * (first % 8));
	if (mode == RV_M && !(cfg & 0x80))
		return true;
	if (access == VMXL_ACCESS_RW_ANY)
		return cfg & 3;
	return cfg & bit[access];
}

/* ---- the walk ---- */

struct answer {
	int fault;		/* 0, 1 page, VMXL_FAULT_BUS */
	u64 pa;
	unsigned int shift;
	bool global;
	u64 pte_at, pte_new;	/* entry that was to be updated, 0: none */
};

static void oracle(struct env *e, u64 va, unsigned int len, enum vmxl_access access, bool unpriv,
		   struct answer *r)
{
	u64 st = e->r->mstatus, satp = e->r->satp, menv = e->r->menvcfg, pte = 0, a, at = 0;
	u32 mode = e->r->mode;
	int levels, i;
	bool store = access == VMXL_ACCESS_WRITE, ok;

	*r = (struct answer) { };
	if (access != VMXL_ACCESS_EXEC && (st >> 17 & 1))
		mode = st >> 11 & 3;
	if (unpriv)
		mode = RV_U;
	if (mode == RV_M || !(satp >> 60)) {
		r->pa = va;
		r->shift = 12;
		r->global = true;
		if (va >> 56)
			r->fault = VMXL_FAULT_BUS;
		goto final;
	}
	levels = (satp >> 60) - 5;
	i = 64 - (12 + 9 * levels);
	r->fault = 1;
	if ((u64)((s64)(va << i) >> i) != va)
		return;
	a = (satp & 0xfffffffffffULL) << 12;
	for (i = levels - 1; i >= 0; i--) {
		at = a + 8 * ((va >> (12 + 9 * i)) & 511);
		if (!pmp_ok(e, at, 8, RV_S, VMXL_ACCESS_READ) || !in_ram(at)) {
			r->fault = VMXL_FAULT_BUS;
			return;
		}
		pte = ram_read(e, at);
		if (!(pte & 1) || (pte & 6) == 4 || (pte >> 54 & 0x7f))
			return;
		if (pte & 0xa)
			break;
		if ((pte >> 61) || (pte & 0xd0))
			return;
		a = (pte >> 10 & 0xfffffffffffULL) << 12;
	}
	if (i < 0)
		return;
	if (pte >> 61 & 3 && (!(menv >> 62 & 1) || (pte >> 61 & 3) == 3))
		return;
	if (pte >> 63 && (i || (pte >> 10 & 15) != 8))
		return;
	if (i && (pte >> 10 & ((1ULL << 9 * i) - 1)))
		return;
	if (mode == RV_U && !(pte & 0x10))
		return;
	if (mode == RV_S && (pte & 0x10) && (access == VMXL_ACCESS_EXEC || !(st >> 18 & 1)))
		return;
	ok = (pte & 2) || ((st >> 19 & 1) && (pte & 8));
	if (access == VMXL_ACCESS_WRITE)
		ok = pte & 4;
	else if (access == VMXL_ACCESS_EXEC)
		ok = pte & 8;
	else if (access == VMXL_ACCESS_RW_ANY)
		ok = ok || (pte & 4);
	if (!ok)
		return;
	if (!(pte & 0x40) || (store && !(pte & 0x80))) {
		if (!(menv >> 61 & 1))
			return;
		if (!pmp_ok(e, at, 8, RV_S, VMXL_ACCESS_WRITE)) {
			r->fault = VMXL_FAULT_BUS;
			return;
		}
		r->pte_at = at;
		r->pte_new = pte | 0x40 | (store ? 0x80 : 0);
	}
	r->fault = 0;
	r->shift = pte >> 63 ? 16 : 12 + 9 * i;
	r->global = pte >> 5 & 1;
	r->pa = (pte >> 10 & 0xfffffffffffULL) << 12;
	r->pa = (r->pa & ~((1ULL << r->shift) - 1)) | (va & ((1ULL << r->shift) - 1));
final:
	if (!r->fault && !pmp_ok(e, r->pa, len, mode, access))
		r->fault = VMXL_FAULT_BUS;
}

/* ---- random state ---- */

static u64 random_pte(unsigned int level)
{
	u64 pte = rnd() & 0xff, r = rnd();

	if (r >> 60 < 14)
		pte |= 1;
	if (level && (r >> 56 & 15) < 12)
		pte = (pte & 0x21) | (ENV_RAM / 4096 + rnd() % PT_PAGES) << 10;
	else
		pte |= (ENV_RAM / 4096 + rnd() % (ENV_RAM_SIZE / 4096)) << 10;
	if (level && (r >> 52 & 3) && (pte & 0xe))
		pte &= ~(((1ULL << 9 * level) - 1) << 10);
	if ((r >> 48 & 15) == 0)
		pte |= 1ULL << (54 + rnd() % 10);
	if (!level && (r >> 44 & 7) == 0)
		pte = (pte & ~(15ULL << 10)) | 8ULL << 10 | 1ULL << 63;
	if ((r >> 40 & 15) == 0)
		pte |= rnd() << 61 & 3ULL << 61;
	return pte;
}

static void random_tables(struct env *e)
{
	unsigned int i;

	for (i = 0; i < PT_PAGES * 512; i++)
		ram_write(e, ENV_RAM + i * 8, random_pte(rnd() >> 62 ? 1 : 0));
}

static void random_pmp(struct env *e, bool busy)
{
	unsigned int i;

	for (i = 0; i < 16; i++) {
		u64 at = (ENV_RAM >> 2) + (rnd() % (ENV_RAM_SIZE >> 2));
		u64 size = rnd() % 20;

		vmxl_rv64_csr_write(e->v, RV_CSR_PMPADDR0 + i,
				    rnd() >> 63 ? at :
				    (at >> size << size) | ((1ULL << size) - 1) >> 1);
	}
	vmxl_rv64_csr_write(e->v, RV_CSR_PMPADDR15, ~0ULL);
	if (busy) {
		vmxl_rv64_csr_write(e->v, RV_CSR_PMPCFG0, rnd() & 0x9f9f9f9f9f9f9f9fULL);
		vmxl_rv64_csr_write(e->v, RV_CSR_PMPCFG2,
				    (rnd() & 0x009f9f9f9f9f9f9fULL) | 0x1fULL << 56);
	} else {
		vmxl_rv64_csr_write(e->v, RV_CSR_PMPCFG2, 0x1fULL << 56);
	}
}

static void random_status(struct env *e)
{
	static const u32 modes[] = { RV_U, RV_S, RV_S, RV_M };
	u64 satp = rnd();

	e->r->mode = modes[rnd() >> 62];
	e->r->mstatus = (rnd() & (RV_MSTATUS_SUM | RV_MSTATUS_MXR)) |
			(u64)modes[rnd() >> 62] << RV_MSTATUS_MPP_SHIFT;
	if (rnd() >> 62 == 0)
		e->r->mstatus |= RV_MSTATUS_MPRV;
	e->r->menvcfg = rnd() & (RV_ENVCFG_ADUE | RV_ENVCFG_PBMTE);
	e->r->satp = (8 + satp % 3) << 60 | (ENV_RAM / 4096 + rnd() % PT_PAGES);
	if (satp >> 60 == 0)
		e->r->satp = 0;
	vmxl_rv64_mmu_update(e->v);
}

static u64 random_va(void)
{
	u64 va = rnd() & ~7ULL;
	unsigned int bits = 39 + 9 * (rnd() % 3);

	switch (rnd() >> 61) {
	case 0:
		return va;
	case 1:
		return ENV_RAM + va % ENV_RAM_SIZE;
	default:
		return (u64)((s64)(va << (64 - bits)) >> (64 - bits));
	}
}

static bool perm_holds(struct env *e, u64 va, unsigned int len, enum vmxl_access access,
		       bool unpriv)
{
	struct answer r;

	oracle(e, va, len, access, unpriv, &r);
	return !r.fault && !r.pte_at;
}

static void compare(struct env *e, u64 va, unsigned int len, enum vmxl_access access, bool unpriv)
{
	struct vmxl_walk w = { .len = len };
	struct answer want;
	enum vmxl_access a;
	u64 pte = 0;
	int fault;

	oracle(e, va, len, access, unpriv, &want);
	if (want.pte_at)
		pte = ram_read(e, want.pte_at);
	fault = vmxl_rv64_walk(e->v, va, access, unpriv, &w);
	check(fault == want.fault, "va 0x%llx access %d mode %llu satp 0x%llx mstatus 0x%llx: "
	      "fault %d, expected %d", (unsigned long long)va, access,
	      (unsigned long long)e->r->mode, (unsigned long long)e->r->satp,
	      (unsigned long long)e->r->mstatus, fault, want.fault);
	if (want.pte_at)
		check(ram_read(e, want.pte_at) == want.pte_new, "A and D: 0x%llx, was 0x%llx",
		      (unsigned long long)ram_read(e, want.pte_at), (unsigned long long)pte);
	if (fault || want.fault)
		return;
	check(w.gpa == want.pa && w.shift == want.shift && w.global == want.global,
	      "va 0x%llx: pa 0x%llx shift %u", (unsigned long long)va, (unsigned long long)w.gpa,
	      w.shift);
	if (access == VMXL_ACCESS_EXEC)
		return;		/* its view is not that of data */
	for (a = VMXL_ACCESS_READ; a <= VMXL_ACCESS_WRITE; a++) {
		check(perm_holds(e, va, len, a, unpriv) == !!(w.perms & 1 << a),
		      "va 0x%llx: permission %d", (unsigned long long)va, a);
		if (!w.nocache)
			check(perm_holds(e, va & ~0xfffULL, 8, a, unpriv) == !!(w.perms & 1 << a) &&
			      perm_holds(e, va | 0xff8, 8, a, unpriv) == !!(w.perms & 1 << a),
			      "va 0x%llx: permission %d of the page", (unsigned long long)va, a);
	}
}

static void test_walks(struct env *e)
{
	static const u8 lens[] = { 1, 2, 4, 8 };
	unsigned int i, good = 0;

	for (i = 0; i < 60000; i++) {
		struct answer r;
		enum vmxl_access access = rnd() >> 62;
		unsigned int len = lens[rnd() >> 62];
		bool unpriv = rnd() >> 61 == 0;
		u64 va = random_va() + (rnd() >> 62 == 0 ? rnd() % 4096 & ~(len - 1) : 0);

		if (i % 512 == 0) {
			env_reset(e, RV_M);
			random_pmp(e, i & 512);
			random_tables(e);
		}
		if (i % 4 == 0)
			random_status(e);
		oracle(e, va, len, access, unpriv, &r);
		good += !r.fault;
		compare(e, va, len, access, unpriv);
	}
	ok(good > 3000, "translations: %u of %u succeed", good, i);
}

static void test_pmp(struct env *e)
{
	static const u8 lens[] = { 1, 2, 4, 8 };
	unsigned int i;

	for (i = 0; i < 40000; i++) {
		unsigned int len = lens[rnd() >> 62];
		u64 pa = ENV_RAM + (rnd() % ENV_RAM_SIZE & ~(u64)(len - 1));
		enum vmxl_access access = rnd() % 3;
		u32 mode = rnd() >> 63 ? RV_M : rnd() >> 63;
		u8 perms;

		if (i % 64 == 0) {
			env_reset(e, RV_M);
			random_pmp(e, true);
		}
		if (i & 1) {	/* at an edge */
			pa = (e->r->pmpaddr[rnd() % 16] << 2) - (rnd() % 3) * len;
			pa &= ~(u64)(len - 1) & ((1ULL << 56) - 1);
		}
		perms = vmxl_rv64_pmp_perms(e->v, pa, len, mode, NULL);
		check(!!(perms & 1 << access) == pmp_ok(e, pa, len, mode, access),
		      "PMP: pa 0x%llx len %u mode %u access %d", (unsigned long long)pa, len, mode,
		      access);
	}
	ok(1, "PMP");
}

static void test_views(struct env *e)
{
	u32 sum, plain, user;

	env_reset(e, RV_S);
	e->r->satp = 8ULL << 60 | ENV_RAM / 4096;
	vmxl_rv64_mmu_update(e->v);
	plain = e->v->as[VMXL_ACCESS_READ];
	ok(plain == e->v->as[VMXL_ACCESS_WRITE] && plain == e->v->as[VMXL_ACCESS_EXEC],
	   "one number for all accesses");
	vmxl_rv64_csr_write(e->v, RV_CSR_SSTATUS, RV_MSTATUS_SUM);
	sum = e->v->as[VMXL_ACCESS_READ];
	ok(sum != plain && e->v->as[VMXL_ACCESS_EXEC] == plain, "SUM is a view of data only");
	user = e->v->as_unpriv;
	vmxl_rv64_csr_write(e->v, RV_CSR_SSTATUS, 0);
	ok(e->v->as[VMXL_ACCESS_READ] == plain && e->v->as_unpriv == user, "and back");
	e->r->mode = RV_U;
	vmxl_rv64_mmu_update(e->v);
	ok(e->v->as[VMXL_ACCESS_READ] == user, "U-mode is the unprivileged view");
	e->r->satp |= 1ULL << 44;
	vmxl_rv64_mmu_update(e->v);
	ok(e->v->as[VMXL_ACCESS_READ] != user, "another ASID is another space");
}

int main(void)
{
	struct env e;

	env_open(&e, 0);
	test_pmp(&e);
	test_walks(&e);
	test_views(&e);
	env_close(&e);
	return tap_done();
}
