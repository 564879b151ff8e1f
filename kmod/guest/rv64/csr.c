// SPDX-License-Identifier: GPL-2.0
/*
 * Control and status registers: one table, sorted by number. A row says where
 * a register is kept and which of its bits can be written, or which functions
 * read and write it; what the ISA configuration must have for it to exist; and
 * who else has a say in whether it may be accessed. Privilege and read-only
 * are in the number itself.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "csr.h"
#include "pmp.h"
#include "rv64.h"

/* What changes when the register does */
#define F_IRQ	BIT(0)		/* an interrupt may be due */
#define F_VIEW	BIT(1)		/* shows other registers: no state of its own */

struct csr {
	u16 first, last;
	u16 flags;
	u16 slot;		/* u64 of struct vmxl_rv64_regs; used where there is no function */
	u64 mask;		/* bits that can be written there */
	u64 isa;		/* VMXL_RV64_ISA_* that it takes */
	bool (*allowed)(struct vmxl_vcpu *vcpu, u32 nr);
	u64 (*read)(struct vmxl_vcpu *vcpu, u32 nr);
	void (*write)(struct vmxl_vcpu *vcpu, u32 nr, u64 val);
};

#define MSTATUS_MASK	(RV_SSTATUS_MASK | RV_MSTATUS_MIE | RV_MSTATUS_MPIE | RV_MSTATUS_MPP | \
			 RV_MSTATUS_MPRV | RV_MSTATUS_TVM | RV_MSTATUS_TW | RV_MSTATUS_TSR)

#define MISA_BIT(c)	BIT_ULL((c) - 'a')
#define EXC_BITS	(0x1fULL)

static bool bit_of(u64 word, u32 nr)
{
	return word >> (nr & 31) & 1;
}

/* ---- floating point ---- */

static bool fs_on(struct vmxl_vcpu *vcpu, u32 nr)
{
	return rv_regs(vcpu)->mstatus & RV_MSTATUS_FS;
}

static u64 read_fcsr(struct vmxl_vcpu *vcpu, u32 nr)
{
	u64 flags = vcpu->gs->fp_flags & EXC_BITS, frm = rv_regs(vcpu)->frm & 7;

	return nr == RV_CSR_FFLAGS ? flags : nr == RV_CSR_FRM ? frm : frm << 5 | flags;
}

static void write_fcsr(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);

	if (nr != RV_CSR_FRM)
		vcpu->gs->fp_flags = val & EXC_BITS;
	if (nr != RV_CSR_FFLAGS)
		r->frm = (nr == RV_CSR_FRM ? val : val >> 5) & 7;
	r->mstatus |= RV_MSTATUS_FS;
}

/* ---- status ---- */

static u64 read_mstatus(struct vmxl_vcpu *vcpu, u32 nr)
{
	u64 st = rv_regs(vcpu)->mstatus & MSTATUS_MASK;

	if ((st & RV_MSTATUS_FS) == RV_MSTATUS_FS)
		st |= RV_MSTATUS_SD;
	if (nr == RV_CSR_SSTATUS)
		return (st & (RV_SSTATUS_MASK | RV_MSTATUS_SD)) | RV_MSTATUS_UXL64;
	return st | RV_MSTATUS_UXL64 | RV_MSTATUS_SXL64;
}

static void write_mstatus(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	u64 mask = nr == RV_CSR_SSTATUS ? RV_SSTATUS_MASK : MSTATUS_MASK;
	u64 old = r->mstatus;

	if (!rv_has(vcpu, VMXL_RV64_ISA_F))
		mask &= ~RV_MSTATUS_FS;
	if ((val & RV_MSTATUS_MPP) == 2ULL << RV_MSTATUS_MPP_SHIFT)
		mask &= ~RV_MSTATUS_MPP;
	r->mstatus = (old & ~mask) | (val & mask);
	if ((old ^ r->mstatus) & RV_MSTATUS_VIEW)
		vmxl_rv64_mmu_update(vcpu);
}

static u64 read_misa(struct vmxl_vcpu *vcpu, u32 nr)
{
	static const struct { u64 isa; u64 bits; } letters[] = {
		{ VMXL_RV64_ISA_M, MISA_BIT('m') }, { VMXL_RV64_ISA_A, MISA_BIT('a') },
		{ VMXL_RV64_ISA_F, MISA_BIT('f') }, { VMXL_RV64_ISA_D, MISA_BIT('d') },
		{ VMXL_RV64_ISA_C, MISA_BIT('c') },
		{ VMXL_RV64_ISA_ZBA | VMXL_RV64_ISA_ZBB | VMXL_RV64_ISA_ZBS, MISA_BIT('b') },
	};
	u64 misa = 2ULL << 62 | MISA_BIT('i') | MISA_BIT('s') | MISA_BIT('u');
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(letters); i++)
		if (rv_has(vcpu, letters[i].isa))
			misa |= letters[i].bits;
	return misa;
}

static void write_ignored(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
}

/* ---- interrupts ---- */

static u64 irqs(struct vmxl_vcpu *vcpu)
{
	u64 lcofi = rv_has(vcpu, VMXL_RV64_ISA_SSCOFPMF) ? 0 : BIT(RV_IRQ_LCOFI);

	return (RV_M_IRQS | RV_S_IRQS) & ~lcofi;
}

/* Those that the S-mode view of mie and mip has */
static u64 s_irqs(struct vmxl_vcpu *vcpu)
{
	return irqs(vcpu) & RV_S_IRQS & (rv_firmware(vcpu) ? RV_S_IRQS : rv_regs(vcpu)->mideleg);
}

static u64 read_mideleg(struct vmxl_vcpu *vcpu, u32 nr)
{
	return rv_regs(vcpu)->mideleg & irqs(vcpu) & RV_S_IRQS;
}

static void write_mideleg(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	rv_regs(vcpu)->mideleg = val & irqs(vcpu) & RV_S_IRQS;
}

static u64 read_ie(struct vmxl_vcpu *vcpu, u32 nr)
{
	return rv_regs(vcpu)->mie & (nr == RV_CSR_SIE ? s_irqs(vcpu) : irqs(vcpu));
}

static void write_ie(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	u64 mask = nr == RV_CSR_SIE ? s_irqs(vcpu) : irqs(vcpu);

	rv_regs(vcpu)->mie = (rv_regs(vcpu)->mie & ~mask) | (val & mask);
}

static u64 read_ip(struct vmxl_vcpu *vcpu, u32 nr)
{
	return vmxl_rv64_mip(vcpu) & (nr == RV_CSR_SIP ? s_irqs(vcpu) : irqs(vcpu));
}

/* Bits of @mask that differ from what they were get the value in @val: others set them too. */
static void write_soft(struct vmxl_vcpu *vcpu, u64 mask, u64 val)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	unsigned long change = (READ_ONCE(a->soft) ^ val) & mask;
	unsigned int n;

	for_each_set_bit(n, &change, 64) {
		if (val & BIT_ULL(n))
			set_bit(n, &a->soft);
		else
			clear_bit(n, &a->soft);
	}
}

static void write_ip(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	u64 mask = BIT(RV_IRQ_SSI) | BIT(RV_IRQ_LCOFI);

	if (nr == RV_CSR_MIP) {
		mask |= BIT(RV_IRQ_SEI);
		if (!vmxl_rv64_timer_on(vcpu))
			mask |= BIT(RV_IRQ_STI);
		mask &= irqs(vcpu);
	} else {
		mask &= s_irqs(vcpu);
	}
	write_soft(vcpu, mask, val);
}

/* ---- traps ---- */

static void write_tvec(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	u64 *p = nr == RV_CSR_STVEC ? &rv_regs(vcpu)->stvec : &rv_regs(vcpu)->mtvec;

	if (!(val & 2))
		*p = val;
}

static u64 epc_mask(struct vmxl_vcpu *vcpu)
{
	return rv_has(vcpu, VMXL_RV64_ISA_C) ? ~1ULL : ~3ULL;
}

static u64 read_epc(struct vmxl_vcpu *vcpu, u32 nr)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);

	return (nr == RV_CSR_SEPC ? r->sepc : r->mepc) & epc_mask(vcpu);
}

static void write_epc(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	*(nr == RV_CSR_SEPC ? &rv_regs(vcpu)->sepc : &rv_regs(vcpu)->mepc) = val & epc_mask(vcpu);
}

/* ---- environment configuration ---- */

static u64 envcfg_mask(struct vmxl_vcpu *vcpu, bool machine)
{
	u64 mask = RV_ENVCFG_FIOM;

	if (rv_has(vcpu, VMXL_RV64_ISA_ZICBOM))
		mask |= RV_ENVCFG_CBIE | RV_ENVCFG_CBCFE;
	if (rv_has(vcpu, VMXL_RV64_ISA_ZICBOZ))
		mask |= RV_ENVCFG_CBZE;
	if (!machine)
		return mask;
	if (rv_has(vcpu, VMXL_RV64_ISA_SVADU))
		mask |= RV_ENVCFG_ADUE;
	if (rv_has(vcpu, VMXL_RV64_ISA_SVPBMT))
		mask |= RV_ENVCFG_PBMTE;
	if (rv_has(vcpu, VMXL_RV64_ISA_SSTC))
		mask |= RV_ENVCFG_STCE;
	return mask;
}

/* As the ISA configuration has it: firmware's presets are made before that is settled. */
u64 vmxl_rv64_menvcfg(struct vmxl_vcpu *vcpu)
{
	return rv_regs(vcpu)->menvcfg & envcfg_mask(vcpu, true);
}

static u64 read_envcfg(struct vmxl_vcpu *vcpu, u32 nr)
{
	return nr == RV_CSR_MENVCFG ? vmxl_rv64_menvcfg(vcpu) :
	       rv_regs(vcpu)->senvcfg & envcfg_mask(vcpu, false);
}

static void write_envcfg(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	u64 *p = nr == RV_CSR_MENVCFG ? &r->menvcfg : &r->senvcfg;
	u64 old = *p, mask = envcfg_mask(vcpu, nr == RV_CSR_MENVCFG);

	if ((val & RV_ENVCFG_CBIE) == 2ULL << RV_ENVCFG_CBIE_SHIFT)
		mask &= ~RV_ENVCFG_CBIE;
	*p = (old & ~mask) | (val & mask);
	if ((old ^ *p) & RV_ENVCFG_STCE)
		vmxl_rv64_timer_update(vcpu);
}

/* ---- address translation ---- */

/* S-mode's own translation is off limits to it under TVM. */
static bool not_tvm(struct vmxl_vcpu *vcpu, u32 nr)
{
	return rv_mode(vcpu) != RV_S || !(rv_regs(vcpu)->mstatus & RV_MSTATUS_TVM);
}

static void write_satp(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	u64 mode = val >> RV_SATP_MODE_SHIFT;

	if (mode && (mode < RV_MODE_SV39 || mode > rv_vm(vcpu->vm)->mmu))
		return;
	rv_regs(vcpu)->satp = val;
	vmxl_rv64_mmu_update(vcpu);
}

static bool pmp_locked(struct vmxl_vcpu *vcpu, unsigned int i)
{
	return rv_regs(vcpu)->pmpcfg[i / 8] >> (i % 8 * 8) & RV_PMP_L;
}

static u64 read_pmpcfg(struct vmxl_vcpu *vcpu, u32 nr)
{
	return rv_regs(vcpu)->pmpcfg[(nr - RV_CSR_PMPCFG0) / 2];
}

static void write_pmpcfg(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	u64 *reg = &rv_regs(vcpu)->pmpcfg[(nr - RV_CSR_PMPCFG0) / 2];
	u8 cfg[8], new[8];
	unsigned int i;

	memcpy(cfg, reg, 8);
	memcpy(new, &val, 8);
	for (i = 0; i < 8; i++) {
		if (cfg[i] & RV_PMP_L)
			continue;
		cfg[i] = new[i] & (RV_PMP_L | RV_PMP_A | RV_PMP_R | RV_PMP_W | RV_PMP_X);
		if (!(cfg[i] & RV_PMP_R))
			cfg[i] &= ~RV_PMP_W;
	}
	memcpy(reg, cfg, 8);
	vmxl_rv64_pmp_update(vcpu);
}

static u64 read_pmpaddr(struct vmxl_vcpu *vcpu, u32 nr)
{
	return rv_regs(vcpu)->pmpaddr[nr - RV_CSR_PMPADDR0] & RV_PMPADDR_MASK;
}

static void write_pmpaddr(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	unsigned int i = nr - RV_CSR_PMPADDR0, next = i + 1;

	if (pmp_locked(vcpu, i))
		return;
	if (next < RV_NR_PMP && pmp_locked(vcpu, next) &&
	    (r->pmpcfg[next / 8] >> (next % 8 * 8) & RV_PMP_A) == RV_PMP_TOR)
		return;
	r->pmpaddr[i] = val & RV_PMPADDR_MASK;
	vmxl_rv64_pmp_update(vcpu);
}

/* ---- timers and counters ---- */

/* mcounteren and scounteren, for the modes below M */
static bool counter_enabled(struct vmxl_vcpu *vcpu, u32 nr)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	enum vmxl_rv64_mode mode = rv_mode(vcpu);

	if (mode == RV_M)
		return true;
	return bit_of(r->mcounteren, nr) && (mode == RV_S || bit_of(r->scounteren, nr));
}

static bool stimecmp_allowed(struct vmxl_vcpu *vcpu, u32 nr)
{
	return rv_mode(vcpu) == RV_M || (bit_of(rv_regs(vcpu)->mcounteren, RV_CSR_TIME) &&
					 (vmxl_rv64_menvcfg(vcpu) & RV_ENVCFG_STCE));
}

static void write_stimecmp(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	rv_regs(vcpu)->stimecmp = val;
	vmxl_rv64_timer_update(vcpu);
}

static u64 read_time(struct vmxl_vcpu *vcpu, u32 nr)
{
	return vmxl_rv_time(vcpu->vm);
}

static u64 read_counter(struct vmxl_vcpu *vcpu, u32 nr)
{
	return vmxl_rv64_hpm_read(vcpu, nr & 31);
}

static void write_counter(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	vmxl_rv64_hpm_write(vcpu, nr & 31, val);
}

static void write_countinhibit(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	vmxl_rv64_hpm_inhibit(vcpu, val);
}

static u64 read_event(struct vmxl_vcpu *vcpu, u32 nr)
{
	vmxl_rv64_hpm_sync(vcpu);
	return rv_regs(vcpu)->mhpmevent[nr & 31];
}

static void write_event(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	vmxl_rv64_hpm_event(vcpu, nr & 31, val);
}

static u64 read_scountovf(struct vmxl_vcpu *vcpu, u32 nr)
{
	u32 of = vmxl_rv64_hpm_overflown(vcpu);

	return rv_mode(vcpu) == RV_M ? of : of & rv_regs(vcpu)->mcounteren;
}

static u64 read_hartid(struct vmxl_vcpu *vcpu, u32 nr)
{
	return vcpu->id;
}

static u64 read_zero(struct vmxl_vcpu *vcpu, u32 nr)
{
	return 0;
}

/* ---- the table ---- */

#define KEPT(nr, reg, m, ...) \
	{ .first = (nr), .last = (nr), .slot = offsetof(struct vmxl_rv64_regs, reg) / 8, \
	  .mask = (m), __VA_ARGS__ }
#define FUNC(nr, rd, wr, ...) \
	{ .first = (nr), .last = (nr), .read = (rd), .write = (wr), __VA_ARGS__ }
#define FUNCS(a, b, rd, wr, ...) \
	{ .first = (a), .last = (b), .read = (rd), .write = (wr), __VA_ARGS__ }
#define ALL	(~0ULL)

static const struct csr csr_table[] = {
	FUNCS(RV_CSR_FFLAGS, RV_CSR_FCSR, read_fcsr, write_fcsr,
	      .isa = VMXL_RV64_ISA_F, .allowed = fs_on),

	FUNC(RV_CSR_SSTATUS, read_mstatus, write_mstatus, .flags = F_IRQ | F_VIEW),
	FUNC(RV_CSR_SIE, read_ie, write_ie, .flags = F_IRQ | F_VIEW),
	KEPT(RV_CSR_STVEC, stvec, ALL, .write = write_tvec),
	KEPT(RV_CSR_SCOUNTEREN, scounteren, 0xffffffff),
	FUNC(RV_CSR_SENVCFG, read_envcfg, write_envcfg),
	KEPT(RV_CSR_SSCRATCH, sscratch, ALL),
	FUNC(RV_CSR_SEPC, read_epc, write_epc),
	KEPT(RV_CSR_SCAUSE, scause, ALL),
	KEPT(RV_CSR_STVAL, stval, ALL),
	FUNC(RV_CSR_SIP, read_ip, write_ip, .flags = F_IRQ | F_VIEW),
	KEPT(RV_CSR_STIMECMP, stimecmp, ALL, .write = write_stimecmp,
	     .isa = VMXL_RV64_ISA_SSTC, .allowed = stimecmp_allowed),
	KEPT(RV_CSR_SATP, satp, ALL, .write = write_satp, .allowed = not_tvm),

	FUNC(RV_CSR_MSTATUS, read_mstatus, write_mstatus, .flags = F_IRQ),
	FUNC(RV_CSR_MISA, read_misa, write_ignored, .flags = F_VIEW),
	KEPT(RV_CSR_MEDELEG, medeleg, RV_MEDELEG_MASK),
	FUNC(RV_CSR_MIDELEG, read_mideleg, write_mideleg, .flags = F_IRQ),
	FUNC(RV_CSR_MIE, read_ie, write_ie, .flags = F_IRQ),
	KEPT(RV_CSR_MTVEC, mtvec, ALL, .write = write_tvec),
	KEPT(RV_CSR_MCOUNTEREN, mcounteren, 0xffffffff),
	FUNC(RV_CSR_MENVCFG, read_envcfg, write_envcfg),
	KEPT(RV_CSR_MCOUNTINHIBIT, mcountinhibit, ALL, .write = write_countinhibit),
	FUNCS(RV_CSR_MHPMEVENT3, RV_CSR_MHPMEVENT31, read_event, write_event),
	KEPT(RV_CSR_MSCRATCH, mscratch, ALL),
	FUNC(RV_CSR_MEPC, read_epc, write_epc),
	KEPT(RV_CSR_MCAUSE, mcause, ALL),
	KEPT(RV_CSR_MTVAL, mtval, ALL),
	FUNC(RV_CSR_MIP, read_ip, write_ip, .flags = F_IRQ),
	FUNC(RV_CSR_PMPCFG0, read_pmpcfg, write_pmpcfg),
	FUNC(RV_CSR_PMPCFG2, read_pmpcfg, write_pmpcfg),
	FUNCS(RV_CSR_PMPADDR0, RV_CSR_PMPADDR15, read_pmpaddr, write_pmpaddr),

	FUNC(RV_CSR_MCYCLE, read_counter, write_counter),
	FUNCS(RV_CSR_MINSTRET, RV_CSR_MHPMCOUNTER31, read_counter, write_counter),

	FUNC(RV_CSR_CYCLE, read_counter, NULL, .isa = VMXL_RV64_ISA_ZICNTR,
	     .allowed = counter_enabled, .flags = F_VIEW),
	FUNC(RV_CSR_TIME, read_time, NULL, .isa = VMXL_RV64_ISA_ZICNTR,
	     .allowed = counter_enabled, .flags = F_VIEW),
	FUNC(RV_CSR_INSTRET, read_counter, NULL, .isa = VMXL_RV64_ISA_ZICNTR,
	     .allowed = counter_enabled, .flags = F_VIEW),
	FUNCS(RV_CSR_HPMCOUNTER3, RV_CSR_HPMCOUNTER31, read_counter, NULL,
	      .isa = VMXL_RV64_ISA_ZIHPM, .allowed = counter_enabled, .flags = F_VIEW),
	FUNC(RV_CSR_SCOUNTOVF, read_scountovf, NULL, .isa = VMXL_RV64_ISA_SSCOFPMF,
	     .flags = F_VIEW),
	FUNCS(RV_CSR_MVENDORID, RV_CSR_MIMPID, read_zero, NULL),
	FUNC(RV_CSR_MHARTID, read_hartid, NULL),
	FUNC(RV_CSR_MCONFIGPTR, read_zero, NULL),
};

/* The first row that does not end before @nr, or NULL */
static const struct csr *find_from(u32 nr)
{
	unsigned int lo = 0, hi = ARRAY_SIZE(csr_table);

	while (lo < hi) {
		unsigned int mid = (lo + hi) / 2;

		if (csr_table[mid].last < nr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < ARRAY_SIZE(csr_table) ? &csr_table[lo] : NULL;
}

/* The row of @nr, if this hart has such a register */
static const struct csr *find(struct vmxl_vcpu *vcpu, u32 nr)
{
	const struct csr *c = find_from(nr);

	return c && c->first <= nr && rv_has(vcpu, c->isa) ? c : NULL;
}

static bool read_only(u32 nr)
{
	return (nr >> 10 & 3) == 3;
}

static const struct csr *find_accessible(struct vmxl_vcpu *vcpu, u32 nr, bool write)
{
	const struct csr *c;

	if ((nr >> 8 & 3) > rv_mode(vcpu) || (write && read_only(nr)))
		return NULL;
	c = find(vcpu, nr);
	return c && (!c->allowed || c->allowed(vcpu, nr)) ? c : NULL;
}

static u64 csr_read(struct vmxl_vcpu *vcpu, const struct csr *c, u32 nr)
{
	return c->read ? c->read(vcpu, nr) : ((u64 *)rv_regs(vcpu))[c->slot];
}

static void csr_write(struct vmxl_vcpu *vcpu, const struct csr *c, u32 nr, u64 val)
{
	if (c->write)
		c->write(vcpu, nr, val);
	else
		((u64 *)rv_regs(vcpu))[c->slot] = val & c->mask;
	if (c->flags & F_IRQ)
		vmxl_rv64_irq_check(vcpu);
}

/*
 * What CSRRS and CSRRC start from: the register, but of mip.SEIP only the
 * bit that software has set, not the line of the interrupt controller.
 */
static u64 rmw_base(struct vmxl_vcpu *vcpu, u32 nr, u64 old)
{
	u64 sei = BIT(RV_IRQ_SEI);

	if (nr != RV_CSR_MIP)
		return old;
	return (old & ~sei) | (READ_ONCE(rv_arch(vcpu)->soft) & sei);
}

int vmxl_rv64_csr_op(struct vmxl_vcpu *vcpu, u32 nr, u32 op, u64 val, u64 *old)
{
	const struct csr *c = find_accessible(vcpu, nr, op & RV_CSR_WRITE);
	u64 cur = 0;

	if (!c)
		return -EINVAL;
	if (op & (RV_CSR_READ | RV_CSR_SET | RV_CSR_CLEAR))
		cur = csr_read(vcpu, c, nr);
	if (old)
		*old = cur;
	if (!(op & RV_CSR_WRITE))
		return 0;
	if (op & RV_CSR_SET)
		val |= rmw_base(vcpu, nr, cur);
	else if (op & RV_CSR_CLEAR)
		val = rmw_base(vcpu, nr, cur) & ~val;
	csr_write(vcpu, c, nr, val);
	return 0;
}

int vmxl_rv64_csr_read(struct vmxl_vcpu *vcpu, u32 nr, u64 *val)
{
	return vmxl_rv64_csr_op(vcpu, nr, RV_CSR_READ, 0, val);
}

int vmxl_rv64_csr_write(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	return vmxl_rv64_csr_op(vcpu, nr, RV_CSR_WRITE, val, NULL);
}

int vmxl_rv64_csr_get(struct vmxl_vcpu *vcpu, u32 nr, u64 *val)
{
	const struct csr *c = find(vcpu, nr);

	if (!c)
		return -ENOENT;
	*val = csr_read(vcpu, c, nr);
	return 0;
}

int vmxl_rv64_csr_set(struct vmxl_vcpu *vcpu, u32 nr, u64 val)
{
	const struct csr *c = find(vcpu, nr);

	if (!c)
		return -ENOENT;
	if (read_only(nr))
		return val == csr_read(vcpu, c, nr) ? 0 : -EINVAL;
	/* what was read has the lines in it, which are not software's */
	if (nr == RV_CSR_MIP)
		val &= ~READ_ONCE(rv_arch(vcpu)->lines);
	csr_write(vcpu, c, nr, val);
	return 0;
}

int vmxl_rv64_csr_next(struct vmxl_vcpu *vcpu, u32 nr)
{
	const struct csr *c = find_from(nr), *end = csr_table + ARRAY_SIZE(csr_table);

	for (; c && c < end; c++)
		if (!(c->flags & F_VIEW) && rv_has(vcpu, c->isa))
			return max_t(u32, c->first, nr);
	return -1;
}
