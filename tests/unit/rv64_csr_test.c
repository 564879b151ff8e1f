// SPDX-License-Identifier: GPL-2.0
/* CSRs: which exist, for whom, and what sticks when they are written. */
#include <errno.h>
#include "rv64_env.h"

/* Register by register, as the manual lists them; what this hart is to have. */
static bool expected(u32 nr)
{
	switch (nr) {
	case 0x001 ... 0x003:
	case 0x100: case 0x104 ... 0x106: case 0x10a:
	case 0x140 ... 0x144: case 0x14d: case 0x180:
	case 0x300 ... 0x306: case 0x30a: case 0x320: case 0x323 ... 0x33f:
	case 0x340 ... 0x344:
	case 0x3a0: case 0x3a2: case 0x3b0 ... 0x3bf:
	case 0xb00: case 0xb02 ... 0xb1f:
	case 0xc00 ... 0xc1f: case 0xda0:
	case 0xf11 ... 0xf15:
		return true;
	}
	return false;
}

static void test_existence(struct env *e)
{
	u64 val;
	u32 nr;

	env_reset(e, RV_M);
	e->r->mstatus |= RV_MSTATUS_FS;
	for (nr = 0; nr < 4096; nr++)
		check(!vmxl_rv64_csr_read(e->v, nr, &val) == expected(nr) &&
		      !vmxl_rv64_csr_get(e->v, nr, &val) == expected(nr),
		      "CSR 0x%x is %sthere", nr, expected(nr) ? "" : "not ");
	ok(1, "the CSRs that exist");
}

static void test_privilege(struct env *e)
{
	static const enum vmxl_rv64_mode modes[] = { RV_U, RV_S, RV_M };
	u64 val;
	u32 nr, m;

	for (m = 0; m < 3; m++) {
		env_reset(e, modes[m]);
		e->r->mstatus |= RV_MSTATUS_FS;
		e->r->mcounteren = ~0u;
		e->r->scounteren = ~0u;
		e->r->menvcfg = RV_ENVCFG_STCE;
		for (nr = 0; nr < 4096; nr++) {
			bool may = expected(nr) && modes[m] >= (nr >> 8 & 3);

			check(!vmxl_rv64_csr_read(e->v, nr, &val) == may,
			      "mode %d reads CSR 0x%x: %d", modes[m], nr, may);
			if (may)
				check(!vmxl_rv64_csr_write(e->v, nr, val) == (nr < 0xc00),
				      "mode %d writes CSR 0x%x: %d", modes[m], nr, nr < 0xc00);
			e->r->mode = modes[m];
		}
	}
	ok(1, "privilege and read-only");
}

/* M-mode writes, then reads. Everything else is as after reset. */
static const struct { u32 nr; u64 write, read; } warl[] = {
	{ 0x300, ~0ULL, 0x8000000a007e79aa },	/* MPP 3, FS dirty, SD, UXL, SXL */
	{ 0x300, 0, 0xa00000000 },
	{ 0x300, 0x1000, 0xa00000000 },		/* MPP 2 is reserved: as it was */
	{ 0x300, 0x0800, 0xa00000800 },
	{ 0x300, 0x2000, 0xa00002000 },		/* FS initial: no SD */
	{ 0x100, ~0ULL, 0x80000002000c6122 },
	{ 0x100, 0x2, 0x200000002 },
	{ 0x302, ~0ULL, 0xb3ff },
	{ 0x303, ~0ULL, 0x2222 },
	{ 0x304, ~0ULL, 0x2aaa },
	{ 0x344, ~0ULL, 0x2222 },		/* the timer is M-mode's to make */
	{ 0x305, 0x80000001, 0x80000001 },
	{ 0x305, 0x80000002, 0 },		/* a reserved mode: as it was */
	{ 0x305, 0x80000000, 0x80000000 },
	{ 0x105, 0x80000007, 0 },
	{ 0x105, 0x80000005, 0x80000005 },
	{ 0x306, ~0ULL, 0xffffffff },
	{ 0x106, ~0ULL, 0xffffffff },
	{ 0x30a, ~0ULL, 0xe0000000000000f1 },
	{ 0x30a, 0x20, 0 },			/* CBIE 2 is reserved */
	{ 0x30a, 0x10, 0x10 },
	{ 0x10a, ~0ULL, 0xf1 },
	{ 0x320, ~0ULL, 0xfffffffd },
	{ 0x323, ~0ULL, 0xf000000000000000 },	/* an event that is none */
	{ 0x323, 2, 2 },
	{ 0x33f, 0x7000000000000001, 0x7000000000000001 },
	{ 0x340, 0x123456789abcdef0, 0x123456789abcdef0 },
	{ 0x341, ~0ULL, ~1ULL },
	{ 0x141, 0x7, 0x6 },
	{ 0x342, ~0ULL, ~0ULL },
	{ 0x343, ~0ULL, ~0ULL },
	{ 0x180, 0x8123456789abcdef, 0x8123456789abcdef },
	{ 0x180, 0xa000000000000001, 0xa000000000000001 },
	{ 0x180, 0xb000000000000001, 0 },	/* no such mode: nothing is written */
	{ 0x180, 0x1000000000000001, 0 },
	{ 0x180, 0x0fffffffffffffff, 0x0fffffffffffffff },
	{ 0x14d, 0x123, 0x123 },
	{ 0x3a0, ~0ULL, 0x9f9f9f9f9f9f9f9f },
	{ 0x3a2, 0x0202020202020202, 0 },	/* W without R */
	{ 0x3a0, 0x1f1e1d1c1b1a1918, 0x1f1c1d1c1b181918 },
	{ 0x3b0, ~0ULL, (1ULL << 54) - 1 },
	{ 0x003, ~0ULL, 0xff },
	{ 0x001, ~0ULL, 0x1f },
	{ 0x002, ~0ULL, 0x7 },
	{ 0x301, 0, 0x800000000014112f },	/* writes are ignored */
	{ 0xb00, 1000, 1000 },
	{ 0xb02, 1000, 1000 },
	{ 0xb03, 1000, 1000 },
	{ 0xb1f, ~0ULL, ~0ULL },
};

static void test_warl(struct env *e)
{
	unsigned int i;
	u64 val;

	for (i = 0; i < ARRAY_SIZE(warl); i++) {
		env_reset(e, RV_M);
		if (warl[i].nr < 4)
			e->r->mstatus |= RV_MSTATUS_FS;
		vmxl_rv64_csr_write(e->v, warl[i].nr, warl[i].write);
		val = csr(e, warl[i].nr);
		ok(val == warl[i].read, "CSR 0x%03x: 0x%llx is 0x%llx", warl[i].nr,
		   (unsigned long long)warl[i].write, (unsigned long long)warl[i].read);
		if (val != warl[i].read)
			printf("# but 0x%llx\n", (unsigned long long)val);
	}
}

static void test_set_clear(struct env *e)
{
	u64 old;

	env_reset(e, RV_M);
	vmxl_rv64_csr_write(e->v, RV_CSR_MSCRATCH, 0xf0);
	vmxl_rv64_csr_op(e->v, RV_CSR_MSCRATCH, RV_CSR_READ | RV_CSR_WRITE | RV_CSR_SET, 0x0f,
			 &old);
	ok(old == 0xf0 && csr(e, RV_CSR_MSCRATCH) == 0xff, "set");
	vmxl_rv64_csr_op(e->v, RV_CSR_MSCRATCH, RV_CSR_READ | RV_CSR_WRITE | RV_CSR_CLEAR, 0x3c,
			 &old);
	ok(old == 0xff && csr(e, RV_CSR_MSCRATCH) == 0xc3, "clear");
	ok(!vmxl_rv64_csr_op(e->v, RV_CSR_MHARTID, RV_CSR_READ | RV_CSR_SET, 0, &old),
	   "csrrs with x0 reads a read-only register");
	ok(vmxl_rv64_csr_op(e->v, RV_CSR_MHARTID, RV_CSR_READ | RV_CSR_WRITE | RV_CSR_SET, 0, &old),
	   "csrrs with a register does not");
}

static void test_seip(struct env *e)
{
	const struct vmxl_guest *g = e->vm->guest;
	u64 old;

	env_reset(e, RV_M);
	g->irq(e->v, RV_IRQ_SEI, true);
	vmxl_rv64_csr_op(e->v, RV_CSR_MIP, RV_CSR_READ | RV_CSR_WRITE | RV_CSR_SET,
			 BIT(RV_IRQ_SSI), &old);
	ok(old == BIT(RV_IRQ_SEI), "mip shows the line");
	g->irq(e->v, RV_IRQ_SEI, false);
	ok(csr(e, RV_CSR_MIP) == BIT(RV_IRQ_SSI), "csrrs did not make the line software's");
	vmxl_rv64_csr_write(e->v, RV_CSR_MIP, BIT(RV_IRQ_SEI));
	g->irq(e->v, RV_IRQ_SEI, false);
	ok(csr(e, RV_CSR_MIP) == BIT(RV_IRQ_SEI), "the software bit stays");
}

static void test_s_views(struct env *e)
{
	env_reset(e, RV_M);
	vmxl_rv64_csr_write(e->v, RV_CSR_MIDELEG, BIT(RV_IRQ_SSI));
	vmxl_rv64_csr_write(e->v, RV_CSR_MIE, ~0ULL);
	ok(csr(e, RV_CSR_SIE) == BIT(RV_IRQ_SSI), "sie shows what is delegated");
	vmxl_rv64_csr_write(e->v, RV_CSR_SIE, 0);
	ok(csr(e, RV_CSR_MIE) == (0x2aaa & ~BIT(RV_IRQ_SSI)), "and writes no more");
	vmxl_rv64_csr_write(e->v, RV_CSR_SIP, ~0ULL);
	ok(csr(e, RV_CSR_MIP) == BIT(RV_IRQ_SSI), "sip writes SSIP");
	vmxl_rv64_csr_write(e->v, RV_CSR_MIDELEG, ~0ULL);
	vmxl_rv64_csr_write(e->v, RV_CSR_SIP, 0);
	ok(csr(e, RV_CSR_MIP) == 0, "and clears it");
	vmxl_rv64_csr_write(e->v, RV_CSR_SIP, ~0ULL);
	ok(csr(e, RV_CSR_MIP) == (BIT(RV_IRQ_SSI) | BIT(RV_IRQ_LCOFI)), "STIP and SEIP are not S-mode's");
}

static void test_fp(struct env *e)
{
	u64 val;

	env_reset(e, RV_M);
	ok(vmxl_rv64_csr_read(e->v, RV_CSR_FCSR, &val), "no fcsr while FS is off");
	e->r->mstatus |= 1ULL << 13;
	ok(!vmxl_rv64_csr_write(e->v, RV_CSR_FCSR, 0xab), "fcsr while it is not");
	ok(e->v->gs->fp_flags == 0x0b && e->r->frm == 5, "flags and mode");
	ok((e->r->mstatus & RV_MSTATUS_FS) == RV_MSTATUS_FS, "a write dirties it");
}

/* Every combination of mode and enables, for a few counters */
static void test_counter_enables(struct env *e)
{
	static const u32 counters[] = { 0xc00, 0xc01, 0xc02, 0xc03, 0xc1f };
	u32 i, combination;
	u64 val;

	for (i = 0; i < ARRAY_SIZE(counters); i++) {
		for (combination = 0; combination < 12; combination++) {
			u32 mode = combination / 4 == 2 ? RV_M : combination / 4;
			bool m = combination & 1, s = combination & 2;
			bool may = mode == RV_M || (m && (mode == RV_S || s));

			env_reset(e, mode);
			e->r->mcounteren = m ? BIT(counters[i] & 31) : ~BIT(counters[i] & 31);
			e->r->scounteren = s ? BIT(counters[i] & 31) : ~BIT(counters[i] & 31);
			check(!vmxl_rv64_csr_read(e->v, counters[i], &val) == may,
			      "counter 0x%x in mode %u, M %d S %d: %d", counters[i], mode, m, s,
			      may);
		}
	}
	ok(1, "counter enables");
}

static void test_tvm_stce(struct env *e)
{
	u64 val;

	env_reset(e, RV_S);
	ok(!vmxl_rv64_csr_read(e->v, RV_CSR_SATP, &val), "satp");
	e->r->mstatus |= RV_MSTATUS_TVM;
	ok(vmxl_rv64_csr_read(e->v, RV_CSR_SATP, &val), "not under TVM");
	ok(vmxl_rv64_csr_read(e->v, RV_CSR_STIMECMP, &val), "no stimecmp without STCE");
	e->r->menvcfg = RV_ENVCFG_STCE;
	ok(vmxl_rv64_csr_read(e->v, RV_CSR_STIMECMP, &val), "nor without mcounteren.TM");
	e->r->mcounteren = 2;
	ok(!vmxl_rv64_csr_read(e->v, RV_CSR_STIMECMP, &val), "but with both");
}

static void test_counters(struct env *e)
{
	env_reset(e, RV_M);
	e->v->gs->icount = 100;
	vmxl_rv64_csr_write(e->v, RV_CSR_MINSTRET, 5);
	e->v->gs->icount = 110;
	ok(csr(e, RV_CSR_MINSTRET) == 15, "minstret counts");
	vmxl_rv64_csr_write(e->v, RV_CSR_MCOUNTINHIBIT, 4);
	e->v->gs->icount = 200;
	ok(csr(e, RV_CSR_MINSTRET) == 15, "until it is inhibited");
	vmxl_rv64_csr_write(e->v, RV_CSR_MCOUNTINHIBIT, 0);
	e->v->gs->icount = 201;
	ok(csr(e, RV_CSR_MINSTRET) == 16, "and goes on");

	vmxl_rv64_csr_write(e->v, 0x323, 2 | 1ULL << 61);	/* instructions, not in S-mode */
	e->v->gs->icount += 10;
	vmxl_rv64_set_mode(e->v, RV_S);
	e->v->gs->icount += 100;
	vmxl_rv64_set_mode(e->v, RV_U);
	e->v->gs->icount += 1000;
	ok(csr(e, 0xb03) == 1010, "a counter filters by mode");

	vmxl_rv64_csr_set(e->v, 0xb03, ~0ULL - 5);
	e->v->gs->icount += 5;
	ok(!(csr(e, RV_CSR_MIP) & BIT(RV_IRQ_LCOFI)) && !csr(e, RV_CSR_SCOUNTOVF), "up to the edge");
	e->v->gs->icount += 1;
	vmxl_rv64_hpm_sync(e->v);
	ok((csr(e, RV_CSR_MIP) & BIT(RV_IRQ_LCOFI)) && csr(e, 0x323) >> 63, "over it: OF and LCOFIP");
	e->r->mcounteren = 0;
	e->r->mode = RV_S;
	ok(csr(e, RV_CSR_SCOUNTOVF) == 0, "scountovf is subject to mcounteren");
	e->r->mcounteren = 8;
	ok(csr(e, RV_CSR_SCOUNTOVF) == 8, "and shows OF");
}

static void test_pmp_lock(struct env *e)
{
	env_reset(e, RV_M);
	vmxl_rv64_csr_write(e->v, 0x3b1, 0x1000);
	vmxl_rv64_csr_write(e->v, 0x3b2, 0x2000);
	vmxl_rv64_csr_write(e->v, 0x3a0, 0x8f0000);	/* entry 2: locked, TOR */
	vmxl_rv64_csr_write(e->v, 0x3b2, 1);
	vmxl_rv64_csr_write(e->v, 0x3b1, 1);
	vmxl_rv64_csr_write(e->v, 0x3b0, 1);
	vmxl_rv64_csr_write(e->v, 0x3a0, 0x01);
	ok(csr(e, 0x3b2) == 0x2000, "a locked address stays");
	ok(csr(e, 0x3b1) == 0x1000, "and the one below a locked TOR");
	ok(csr(e, 0x3b0) == 1, "but not others");
	ok(csr(e, 0x3a0) == 0x8f0001, "a locked configuration stays");
}

/* Write back what was read, in the order of the list: a saved state. */
static void test_reg_list(struct env *e)
{
	const struct vmxl_guest *g = e->vm->guest;
	static u64 id[1024], val[1024], now;
	unsigned int n, i;

	env_reset(e, RV_M);
	vmxl_rv64_csr_write(e->v, 0x3b0, 0x1000);
	vmxl_rv64_csr_write(e->v, 0x3a0, 0x98);
	for (i = 1; i < 32; i++) {
		e->r->x[i] = rnd();
		e->r->f[i] = e->r->x[i];
	}
	e->r->satp = 0x8000000000080000;
	n = g->reg_list(e->v, NULL);
	ok(n > 33 + 32 + 4 && n < ARRAY_SIZE(id), "%u registers", n);
	ok(g->reg_list(e->v, id) == n, "the list is as long as it says");
	for (i = 0; i < n; i++)
		check(!g->get_reg(e->v, id[i], &val[i]), "register 0x%llx",
		      (unsigned long long)id[i]);
	env_reset(e, RV_M);
	for (i = 0; i < n; i++)
		check(!g->set_reg(e->v, id[i], val[i]), "register 0x%llx is written",
		      (unsigned long long)id[i]);
	for (i = 0; i < n; i++)
		check(!g->get_reg(e->v, id[i], &now) && now == val[i], "register 0x%llx is back",
		      (unsigned long long)id[i]);
	ok(g->get_reg(e->v, VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | VMXL_RV64_CSR | 0x7c0, &now) ==
	   -ENOENT, "no such CSR");
	ok(g->get_reg(e->v, VMXL_REG_RV64 | VMXL_REG_SIZE_U32 | VMXL_RV64_CORE, &now) == -ENOENT,
	   "no such size");
	ok(g->set_reg(e->v, VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | VMXL_RV64_CORE |
		      VMXL_RV64_CORE_MODE, 2) == -EINVAL, "no such mode");
}

static void test_config(struct env *e)
{
	const u64 base = VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | VMXL_RV64_CONFIG;
	const struct vmxl_guest *g = e->vm->guest;
	u64 val;

	env_reset(e, RV_M);
	g->get_reg(e->v, base, &val);
	ok(val == VMXL_RV64_ISA_ALL, "all extensions at first");
	ok(g->set_reg(e->v, base, val | 1ULL << 63) == -EINVAL, "no extension that there is not");
	ok(g->set_reg(e->v, base, val & ~VMXL_RV64_ISA_F) == -EINVAL, "no D without F");
	ok(!g->set_reg(e->v, base, VMXL_RV64_ISA_M | VMXL_RV64_ISA_A), "but few");
	ok(csr(e, RV_CSR_MISA) == 0x8000000000141101, "misa follows");
	ok(vmxl_rv64_csr_get(e->v, RV_CSR_FCSR, &val) == -ENOENT, "no fcsr then");
	vmxl_rv64_csr_write(e->v, RV_CSR_MENVCFG, ~0ULL);
	ok(csr(e, RV_CSR_MENVCFG) == 1, "menvcfg follows");
	vmxl_rv64_csr_write(e->v, RV_CSR_MSTATUS, ~0ULL);
	ok(!(csr(e, RV_CSR_MSTATUS) & RV_MSTATUS_FS), "mstatus.FS follows");
	vmxl_rv64_csr_write(e->v, RV_CSR_MEPC, 2);
	ok(csr(e, RV_CSR_MEPC) == 0, "mepc follows");
	ok(!g->set_reg(e->v, base + 1, 8), "Sv39 only");
	vmxl_rv64_csr_write(e->v, RV_CSR_SATP, 9ULL << 60);
	ok(!csr(e, RV_CSR_SATP), "satp follows");
	ok(g->set_reg(e->v, base + 1, 11) == -EINVAL, "no mode 11");
	ok(g->set_reg(e->v, base + 2, 1) == -EINVAL, "the timebase is fixed");
	ok(!g->set_reg(e->v, base, VMXL_RV64_ISA_ALL) && !g->set_reg(e->v, base + 1, 10), "all again");
	g->poll(e->v);
	ok(g->set_reg(e->v, base, VMXL_RV64_ISA_M) == -EBUSY, "not once it has run");
	ok(!g->set_reg(e->v, base, VMXL_RV64_ISA_ALL), "the same may be written");
}

int main(void)
{
	struct env e;

	env_open(&e, 0);
	test_existence(&e);
	test_privilege(&e);
	test_warl(&e);
	test_set_clear(&e);
	test_seip(&e);
	test_s_views(&e);
	test_fp(&e);
	test_counter_enables(&e);
	test_tvm_stce(&e);
	test_counters(&e);
	test_pmp_lock(&e);
	test_reg_list(&e);
	test_config(&e);
	env_close(&e);
	return tap_done();
}
