// SPDX-License-Identifier: GPL-2.0
/*
 * Traps: who takes what, read a second time from the privileged architecture
 * and tried in every combination of mode, delegation and enables. And which LR reserves.
 */
#include "rv64_env.h"
#include "../../kmod/codegen/cache.h"

static const enum vmxl_rv64_mode modes[] = { RV_U, RV_S, RV_M };
static const u32 irqs[] = { 1, 3, 5, 7, 9, 11, 13 };

#define PC	0x80001000ULL
#define STVEC	0x80002000ULL
#define MTVEC	0x80003000ULL

static void setup(struct env *e, enum vmxl_rv64_mode mode)
{
	env_reset(e, mode);
	e->v->gs->pc = PC;
	e->r->stvec = STVEC;
	e->r->mtvec = MTVEC;
}

static void check_exception(struct env *e, enum vmxl_rv64_mode mode, u32 cause, bool delegated)
{
	bool s = delegated && mode != RV_M;
	u64 epc, c, tval, st, pc, prev;

	setup(e, mode);
	e->r->medeleg = delegated ? BIT(cause) : 0xffff & ~BIT(cause);
	e->r->mstatus |= RV_MSTATUS_SIE | RV_MSTATUS_MIE;
	check(vmxl_rv64_trap(e->v, cause, 0x1234) == VMXL_ACT_LEAVE, "LEAVE");
	pc = e->v->gs->pc;
	st = e->r->mstatus;
	epc = s ? e->r->sepc : e->r->mepc;
	c = s ? e->r->scause : e->r->mcause;
	tval = s ? e->r->stval : e->r->mtval;
	prev = s ? st >> 8 & 1 : st >> 11 & 3;
	check(e->r->mode == (s ? RV_S : RV_M) && pc == (s ? STVEC : MTVEC) && epc == PC &&
	      c == cause && tval == 0x1234 && prev == mode,
	      "exception %u from mode %d, delegated %d", cause, mode, delegated);
	check(s ? (st & RV_MSTATUS_SPIE) && !(st & RV_MSTATUS_SIE) && (st & RV_MSTATUS_MIE) :
		     (st & RV_MSTATUS_MPIE) && !(st & RV_MSTATUS_MIE) && (st & RV_MSTATUS_SIE),
		 "interrupt enables after exception %u from mode %d", cause, mode);
}

static void test_exceptions(struct env *e)
{
	u32 m, cause;

	for (m = 0; m < 3; m++) {
		for (cause = 0; cause < 16; cause++) {
			check_exception(e, modes[m], cause, false);
			/* an ecall from M-mode cannot be delegated; 10 and 14 are reserved */
			if (cause != 10 && cause != 11 && cause != 14)
				check_exception(e, modes[m], cause, true);
		}
	}
	ok(1, "exceptions and delegation");
}

/* The interrupt that is to be taken, or -1; *s: by S-mode */
static int irq_oracle(u64 pending, u64 mideleg, enum vmxl_rv64_mode mode, bool mie, bool sie,
		      bool *s)
{
	static const u32 order[] = { 11, 3, 7, 9, 1, 5, 13 };
	unsigned int pass, i;

	for (pass = 0; pass < 2; pass++) {
		*s = pass;
		if (!pass && !(mode < RV_M || mie))
			continue;
		if (pass && !(mode < RV_S || (mode == RV_S && sie)))
			continue;
		for (i = 0; i < 7; i++)
			if ((pending >> order[i] & 1) && (mideleg >> order[i] & 1) == pass)
				return order[i];
	}
	return -1;
}

static u64 random_irqs(void)
{
	u64 bits = 0, r = rnd();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(irqs); i++)
		if (r >> (20 + i) & 1)
			bits |= BIT(irqs[i]);
	return bits;
}

static void check_irq(struct env *e, enum vmxl_rv64_mode mode, bool vectored)
{
	u64 lines = random_irqs(), mie_bits = random_irqs(), deleg = random_irqs() & 0x2222;
	bool mie = rnd() >> 63, sie = rnd() >> 63, s;
	int irq = irq_oracle(lines & mie_bits, deleg, mode, mie, sie, &s);
	u64 base, pc;

	setup(e, mode);
	e->r->menvcfg = RV_ENVCFG_STCE;
	e->r->stvec |= vectored;
	e->r->mtvec |= vectored;
	rv_arch(e->v)->lines = lines;
	e->r->mie = mie_bits;
	e->r->mideleg = deleg;
	e->r->mstatus |= (mie ? RV_MSTATUS_MIE : 0) | (sie ? RV_MSTATUS_SIE : 0);
	check(vmxl_rv64_irq_pending(e->v) == irq, "pending");
	e->vm->guest->poll(e->v);
	base = irq < 0 ? PC : s ? STVEC : MTVEC;
	pc = irq < 0 || !vectored ? base : base + 4 * irq;
	check(e->v->gs->pc == pc, "lines 0x%llx mie 0x%llx mideleg 0x%llx mode %d M %d S %d: %d",
	      (unsigned long long)lines, (unsigned long long)mie_bits, (unsigned long long)deleg,
	      mode, mie, sie, irq);
	if (irq >= 0)
		check((s ? e->r->scause : e->r->mcause) == (1ULL << 63 | irq) &&
		      (s ? e->r->sepc : e->r->mepc) == PC, "cause and epc of interrupt %d", irq);
}

static void test_irqs(struct env *e)
{
	unsigned int i;

	for (i = 0; i < 20000; i++)
		check_irq(e, modes[i % 3], i & 8);
	rv_arch(e->v)->lines = 0;
	ok(1, "interrupts, delegation and priority");
}

static void test_xret(struct env *e)
{
	u32 m, mpp, spp, ie;
	u64 st;

	for (m = 0; m < 3; m++) {
		for (ie = 0; ie < 2; ie++) {
			for (spp = 0; spp < 2; spp++) {
				setup(e, modes[m]);
				e->r->sepc = 0x4000;
				e->r->mstatus |= RV_MSTATUS_MPRV | (spp ? RV_MSTATUS_SPP : 0) |
						 (ie ? RV_MSTATUS_SPIE : RV_MSTATUS_SIE);
				vmxl_rv64_h_sret(e->v, NULL, 0, 0, 0);
				st = e->r->mstatus;
				if (modes[m] == RV_U) {
					check(e->v->gs->pc == MTVEC && e->r->mcause == 2, "sret in U");
					continue;
				}
				check(e->v->gs->pc == 0x4000 && e->r->mode == spp, "sret: pc, mode");
				check(!(st & (RV_MSTATUS_SPP | RV_MSTATUS_MPRV)) &&
				      (st & RV_MSTATUS_SPIE) && !!(st & RV_MSTATUS_SIE) == ie,
				      "sret: status");
			}
			for (mpp = 0; mpp < 4; mpp++) {
				if (mpp == 2)
					continue;
				setup(e, modes[m]);
				e->r->mepc = 0x5000;
				e->r->mstatus |= RV_MSTATUS_MPRV | (u64)mpp << 11 |
						 (ie ? RV_MSTATUS_MPIE : RV_MSTATUS_MIE);
				vmxl_rv64_h_mret(e->v, NULL, 0, 0, 0);
				st = e->r->mstatus;
				if (modes[m] != RV_M) {
					check(e->v->gs->pc == MTVEC && e->r->mcause == 2,
					      "mret in mode %d", modes[m]);
					continue;
				}
				check(e->v->gs->pc == 0x5000 && e->r->mode == mpp, "mret: pc, mode");
				check(!(st & RV_MSTATUS_MPP) && (st & RV_MSTATUS_MPIE) &&
				      !!(st & RV_MSTATUS_MIE) == ie &&
				      !!(st & RV_MSTATUS_MPRV) == (mpp == RV_M), "mret: status");
			}
		}
	}
	ok(1, "sret and mret");
	setup(e, RV_S);
	e->r->mstatus |= RV_MSTATUS_TSR;
	vmxl_rv64_h_sret(e->v, NULL, 0, 0, 0);
	ok(e->r->mcause == 2 && e->v->gs->pc == MTVEC, "sret under TSR is illegal");
}

static void test_wfi(struct env *e)
{
	const struct vmxl_guest *g = e->vm->guest;

	setup(e, RV_U);
	vmxl_rv64_h_wfi(e->v, NULL, 0, 0, 0);
	ok(e->r->mcause == 2 && !g->halted(e->v), "wfi in U-mode is illegal");
	setup(e, RV_S);
	e->r->mstatus |= RV_MSTATUS_TW;
	vmxl_rv64_h_wfi(e->v, NULL, 0, 0, 0);
	ok(e->r->mcause == 2 && !g->halted(e->v), "wfi under TW is illegal");
	setup(e, RV_S);
	e->r->mie = BIT(RV_IRQ_MTI);
	vmxl_rv64_h_wfi(e->v, NULL, 0, 0, 0);
	ok(g->halted(e->v) && !g->runnable(e->v) && e->v->gs->pc == PC + 4, "wfi halts");
	g->irq(e->v, RV_IRQ_MSI, true);
	ok(!g->runnable(e->v), "an interrupt that is not enabled does not wake");
	g->irq(e->v, RV_IRQ_MTI, true);
	ok(g->runnable(e->v), "one that is does");
	g->poll(e->v);
	ok(!g->halted(e->v) && e->r->mepc == PC + 4, "and is taken behind the wfi");
	setup(e, RV_M);
	e->r->mie = BIT(RV_IRQ_MTI);
	g->irq(e->v, RV_IRQ_MTI, true);
	vmxl_rv64_h_wfi(e->v, NULL, 0, 0, 0);
	ok(!g->halted(e->v) && e->v->gs->pc == PC + 4, "wfi goes on with one pending, enabled or not");
}

static void test_illegal(struct env *e)
{
	setup(e, RV_M);
	memcpy(e->ram + (PC - ENV_RAM), "\x73\x25\x00\x7c", 4);	/* csrr a0, 0x7c0 */
	vmxl_rv64_h_csr(e->v, NULL, 0x7c0 | RV_CSR_READ << 12, 0, 0);
	ok(e->r->mcause == 2 && e->r->mtval == 0x7c002573, "an absent CSR: the instruction in mtval");
}

static void test_debug(struct env *e)
{
	setup(e, RV_M);
	vmxl_rv64_h_ebreak(e->v, NULL, 0, 0, 0);
	ok(e->r->mcause == 3 && e->r->mtval == PC, "ebreak traps");
	setup(e, RV_M);
	e->v->debug = VMXL_DEBUG_ENABLE;
	ok(vmxl_rv64_h_ebreak(e->v, NULL, 0, 0, 0) == VMXL_ACT_EXIT && e->v->gs->pc == PC &&
	   e->v->run->exit_reason == VMXL_EXIT_DEBUG && e->v->run->debug.pc == PC, "or exits");
	e->v->debug = 0;
}

static void test_faults(struct env *e)
{
	static const u32 cause[3][4] = { { 13, 15, 12, 15 }, { 5, 7, 1, 7 }, { 4, 6, 0, 6 } };
	static const int code[] = { 1, VMXL_FAULT_BUS, VMXL_FAULT_ALIGN };
	u32 i, access;

	for (i = 0; i < 3; i++) {
		for (access = 0; access < 4; access++) {
			setup(e, RV_M);
			vmxl_rv64_fault(e->v, 0x77, access, code[i]);
			ok(e->r->mcause == cause[i][access] && e->r->mtval == 0x77,
			   "fault code %d of access %u is cause %u", code[i], access,
			   cause[i][access]);
		}
	}
}

#define LR	0x140527afu	/* lr.w.aq a5,(a0) */
#define SC	0x18b5262fu	/* sc.w a2,a1,(a0) */
#define XOR	0x00b7c7b3u	/* xor a5,a5,a1 */
#define OVER	0x00079463u	/* bnez a5, the next but one */
#define BACK	0xfe0798e3u	/* bnez a5, four before */
#define WRS	0x00d00073u	/* wrs.nto */
#define STO	0x01d00073u	/* wrs.sto */
#define LW	0x00052783u	/* lw a5,(a0) */
#define MOVE	0x00450513u	/* addi a0,a0,4 */
#define RET	0x00008067u

/* Which LR takes a reservation: none that waits, or has its SC behind it */
static void test_lr(struct env *e)
{
	static const struct {
		const char *what;
		u32 code[6];
		enum vmxl_ldx how;
	} cases[] = {
		{ "waits", { LR, XOR, OVER, WRS, BACK, RET }, VMXL_LDX_PAIR },
		{ "waits, not for long", { LR, STO, RET }, VMXL_LDX_PAIR },
		{ "waits before another", { LR, XOR, OVER, WRS, LR, SC }, VMXL_LDX_PAIR },
		{ "may have its SC after that", { LR, OVER, WRS, SC, RET }, VMXL_LDX_RESERVE },
		{ "loads before it waits", { LR, LW, WRS, RET }, VMXL_LDX_RESERVE },
		{ "waits for another word", { LR, MOVE, WRS, RET }, VMXL_LDX_RESERVE },
		{ "has its SC, and waits then", { LR, SC, WRS, RET }, VMXL_LDX_PAIR },
	};
	const struct vmxl_key key = { .pc = ENV_RAM + 0x1000 };
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		env_reset(e, RV_M);
		e->v->gs->pc = key.pc;
		memcpy(e->ram + 0x1000, cases[i].code, sizeof(cases[i].code));
		check(vmxl_unit(e->v, &key, 8, true) == VMXL_ACT_NEXT, "a unit");
		for (n = 1; n < e->v->ir->nr_ops && e->v->ir->ops[n].op != VMXL_IR_LDX;)
			n++;
		ok(n < e->v->ir->nr_ops && e->v->ir->ops[n].imm == cases[i].how,
		   "an LR that %s", cases[i].what);
	}
}

#define FENCE(fm, pred, succ)	((fm) << 28 | (pred) << 24 | (succ) << 20 | 0x0fu)
/* a0, a1, (a2) */
#define ATOMIC(f5, aqrl)	((f5) << 27 | (u32)(aqrl) << 25 | 0x00b6352fu)
#define IN(i, o, r, w)		((i) << 3 | (o) << 2 | (r) << 1 | (w))

/*
 * What orders memory is in the IR, also what x86-64 does by itself: an order that the
 * manual has and the IR has not would be missed on the first host that is weaker.
 */
static const struct {
	u32 insn;
	u8 op;
	u8 order;		/* of FENCE its imm, else of aux */
	const char *what;
} orders[] = {
	{ FENCE(0u, IN(0, 0, 1, 1), IN(0, 0, 1, 1)), VMXL_IR_FENCE, 0xf, "fence rw,rw" },
	{ FENCE(0u, IN(0, 0, 1, 0), IN(0, 0, 1, 0)), VMXL_IR_FENCE, VMXL_FENCE_RR,
	  "fence r,r" },
	{ FENCE(0u, IN(0, 0, 1, 0), IN(0, 0, 1, 1)), VMXL_IR_FENCE,
	  VMXL_FENCE_RR | VMXL_FENCE_RW, "fence r,rw" },
	{ FENCE(0u, IN(0, 0, 1, 1), IN(0, 0, 0, 1)), VMXL_IR_FENCE,
	  VMXL_FENCE_RW | VMXL_FENCE_WW, "fence rw,w" },
	{ FENCE(0u, IN(0, 0, 0, 1), IN(0, 0, 1, 0)), VMXL_IR_FENCE, VMXL_FENCE_WR,
	  "fence w,r" },
	{ FENCE(0u, IN(0, 0, 0, 1), IN(0, 0, 0, 1)), VMXL_IR_FENCE, VMXL_FENCE_WW,
	  "fence w,w" },
	{ FENCE(0u, IN(1, 1, 1, 1), IN(1, 1, 1, 1)), VMXL_IR_FENCE, VMXL_FENCE_ALL,
	  "fence iorw,iorw" },
	{ FENCE(0u, IN(0, 0, 0, 1), IN(0, 1, 0, 0)), VMXL_IR_FENCE, VMXL_FENCE_IO,
	  "fence w,o" },
	{ FENCE(8u, IN(0, 0, 1, 1), IN(0, 0, 1, 1)), VMXL_IR_FENCE,
	  VMXL_FENCE_RR | VMXL_FENCE_RW | VMXL_FENCE_WW, "fence.tso" },
	{ ATOMIC(0u, 0), VMXL_IR_RMW, 0, "amoadd.d" },
	{ ATOMIC(0u, 1), VMXL_IR_RMW, VMXL_MEM_REL, "amoadd.d.rl" },
	{ ATOMIC(0u, 2), VMXL_IR_RMW, VMXL_MEM_ACQ, "amoadd.d.aq" },
	{ ATOMIC(1u, 3), VMXL_IR_RMW, VMXL_MEM_ACQ | VMXL_MEM_REL, "amoswap.d.aqrl" },
	{ ATOMIC(2u, 2) & ~0x1f00000u, VMXL_IR_LDX, VMXL_MEM_ACQ, "lr.d.aq" },
	{ ATOMIC(2u, 3) & ~0x1f00000u, VMXL_IR_LDX, VMXL_MEM_ACQ | VMXL_MEM_REL,
	  "lr.d.aqrl" },
	{ ATOMIC(3u, 1), VMXL_IR_STX, VMXL_MEM_REL, "sc.d.rl" },
	{ ATOMIC(3u, 3), VMXL_IR_STX, VMXL_MEM_ACQ | VMXL_MEM_REL, "sc.d.aqrl" },
};

static void test_order(struct env *e)
{
	struct vmxl_block *b;
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		const u32 code[] = { orders[i].insn, 0x00008067 };
		const struct vmxl_op *op = e->v->ir->ops;
		unsigned int got;

		env_reset(e, RV_M);
		e->v->gs->pc = PC;
		memcpy(e->ram + (PC - ENV_RAM), code, sizeof(code));
		vmxl_cache_invalidate_all(e->vm->cache);
		vmxl_block_get(e->v, &b);
		for (n = 0; n < e->v->ir->nr_ops && op[n].op != orders[i].op;)
			n++;
		got = op[n].op == VMXL_IR_FENCE ? op[n].imm :
						  op[n].aux & (VMXL_MEM_ACQ | VMXL_MEM_REL);
		ok(n < e->v->ir->nr_ops && got == orders[i].order, "the order of %s",
		   orders[i].what);
	}
}

int main(void)
{
	struct env e;

	env_open(&e, 0);
	test_exceptions(&e);
	test_irqs(&e);
	test_xret(&e);
	test_wfi(&e);
	test_illegal(&e);
	test_debug(&e);
	test_faults(&e);
	test_lr(&e);
	test_order(&e);
	env_close(&e);
	return tap_done();
}
