// SPDX-License-Identifier: GPL-2.0
/* SBI, where the module is the firmware; harts that start, stop and fence each other. */
#include <pthread.h>
#include <unistd.h>
#include "rv64_env.h"
#include "../../kmod/worker.h"

struct ret {
	enum vmxl_act act;
	s64 error;
	u64 value;
};

#define PC	0x80001000ULL

/* An ecall of @v: up to five arguments. */
static struct ret ecall(struct vmxl_vcpu *v, u64 eid, u64 fid, u64 a0, u64 a1, u64 a2, u64 a3,
			u64 a4)
{
	struct vmxl_rv64_regs *r = rv_regs(v);
	struct ret ret;

	v->gs->pc = PC;
	r->mode = RV_S;
	memcpy(&r->x[10], (u64[]) { a0, a1, a2, a3, a4, 0, fid, eid }, 64);
	ret.act = vmxl_rv64_trap(v, RV_EXC_ECALL_S, 0);
	ret.error = r->x[10];
	ret.value = r->x[11];
	return ret;
}

#define sbi(e, eid, fid, ...) sbi_(e, eid, fid, (u64[5]) { __VA_ARGS__ })
static struct ret sbi_(struct env *e, u64 eid, u64 fid, const u64 *a)
{
	return ecall(e->v, eid, fid, a[0], a[1], a[2], a[3], a[4]);
}

static bool done(struct env *e, struct ret r)
{
	return r.act == VMXL_ACT_LEAVE && e->v->gs->pc == PC + 4;
}

static void test_base(struct env *e)
{
	static const struct { u32 eid; bool there; } exts[] = {
		{ 0x10, true }, { 0x54494d45, true }, { 0x735049, true }, { 0x52464e43, true },
		{ 0x48534d, true }, { 0x53525354, true }, { 0x4442434e, true },
		{ 0x53555350, true }, { 0x504d55, true }, { 0x535441, true }, { 0, true },
		{ 8, true }, { 9, false }, { 0x535345, false }, { 0x434f4e, false },
		{ 0xffffffff, false },
	};
	unsigned int i;
	struct ret r = sbi(e, 0x10, 0);

	ok(done(e, r) && !r.error && r.value == 2 << 24, "version 2.0");
	for (i = 0; i < ARRAY_SIZE(exts); i++) {
		r = sbi(e, 0x10, 3, exts[i].eid);
		ok(!r.error && !!r.value == exts[i].there, "extension 0x%x: %d", exts[i].eid,
		   exts[i].there);
	}
	for (i = 4; i <= 6; i++)
		check(!sbi(e, 0x10, i).error, "base function %u", i);
	ok(sbi(e, 0x10, 7).error == -2, "no base function 7");
	r = sbi(e, 0x12345678, 0);
	ok(done(e, r) && r.error == -2, "an unknown extension is not supported");
}

static void test_time(struct env *e)
{
	u64 now;

	vmxl_rv64_csr_get(e->v, RV_CSR_TIME, &now);
	ok(!sbi(e, SBI_TIME, 0, now + 100000000).error, "set_timer");
	ok(!(csr(e, RV_CSR_SIP) & BIT(RV_IRQ_STI)), "is not pending before its time");
	sbi(e, SBI_TIME, 0, 0);
	ok(csr(e, RV_CSR_SIP) & BIT(RV_IRQ_STI), "is when it has passed");
	sbi(e, SBI_TIME, 0, ~0ULL);
	ok(!(csr(e, RV_CSR_SIP) & BIT(RV_IRQ_STI)), "is cleared by a later one");
	vmxl_rv64_csr_get(e->v, RV_CSR_TIME, &now);
	sbi(e, SBI_TIME, 0, now + 50000);	/* 5 ms */
	ok(eventually(csr(e, RV_CSR_SIP) & BIT(RV_IRQ_STI)), "fires");
	sbi(e, SBI_LEGACY_SET_TIMER, 99, ~0ULL);
	ok(!(csr(e, RV_CSR_SIP) & BIT(RV_IRQ_STI)), "the legacy call does the same");
}

static bool has_ipi(struct env *e, unsigned int i)
{
	return test_and_clear_bit(RV_IRQ_SSI, &rv_arch(e->vcpu[i])->soft);
}

static void test_ipi(struct env *e)
{
	ok(!sbi(e, SBI_IPI, 0, 5, 0).error, "IPI");
	ok(has_ipi(e, 0) && !has_ipi(e, 1) && has_ipi(e, 2), "to harts 0 and 2");
	ok(!sbi(e, SBI_IPI, 0, 1, 1).error && has_ipi(e, 1) && !has_ipi(e, 0), "with a base");
	ok(!sbi(e, SBI_IPI, 0, 0, ~0ULL).error && has_ipi(e, 0) && has_ipi(e, 1) && has_ipi(e, 2),
	   "to all");
	ok(sbi(e, SBI_IPI, 0, 8, 0).error == -3 && !has_ipi(e, 0), "to a hart that there is not");
	ok(sbi(e, SBI_IPI, 0, 1, ~1ULL).error == -3, "with a base that there is not");
	ok(!sbi(e, SBI_IPI, 0, 0, 12345).error, "to nobody");
	memcpy(e->ram, "\2\0\0\0\0\0\0\0", 8);
	ok(!sbi(e, SBI_LEGACY_SEND_IPI, 0, ENV_RAM).error && has_ipi(e, 1) && !has_ipi(e, 0),
	   "the legacy call reads its mask");
	ok(!sbi(e, SBI_LEGACY_SEND_IPI, 0, 0).error && has_ipi(e, 2), "no mask: to all");
	ecall(e->v, SBI_LEGACY_SEND_IPI, 0, 1ULL << 60, 0, 0, 0, 0);
	ok(e->r->scause == RV_EXC_LOAD_ACCESS && e->r->sepc == PC, "a bad mask is a fault of the ecall");
	set_bit(RV_IRQ_SSI, &rv_arch(e->v)->soft);
	ok(sbi(e, SBI_LEGACY_CLEAR_IPI, 0).error == 1 && !has_ipi(e, 0), "clear_ipi");
}

static void test_hsm(struct env *e)
{
	const struct vmxl_guest *g = e->vm->guest;
	struct vmxl_rv64_regs *r1 = rv_regs(e->vcpu[1]);

	ok(sbi(e, SBI_HSM, 2, 0).value == 0 && sbi(e, SBI_HSM, 2, 1).value == 1, "hart 1 is stopped");
	ok(sbi(e, SBI_HSM, 2, 9).error == -3, "hart 9 is none");
	ok(sbi(e, SBI_HSM, 0, 9, ENV_RAM).error == -3, "and cannot be started");
	ok(sbi(e, SBI_HSM, 0, 1, 0x1000).error == -5, "nor can one where there is no memory");
	ok(g->halted(e->vcpu[1]) && !g->runnable(e->vcpu[1]), "it does not run");
	ok(!sbi(e, SBI_HSM, 0, 1, ENV_RAM + 0x400, 0x77).error, "hart 1 starts");
	ok(sbi(e, SBI_HSM, 2, 1).value == 2, "START_PENDING");
	ok(sbi(e, SBI_HSM, 0, 1, ENV_RAM, 0).error == -6, "and cannot be started twice");
	ok(g->runnable(e->vcpu[1]), "it has something to do");
	r1->satp = 8ULL << 60;
	g->poll(e->vcpu[1]);
	ok(!g->halted(e->vcpu[1]) && e->vcpu[1]->gs->pc == ENV_RAM + 0x400 && r1->x[10] == 1 &&
	   r1->x[11] == 0x77 && r1->mode == RV_S && !r1->satp && !(r1->mstatus & RV_MSTATUS_SIE),
	   "in the state that SBI says");
	ok(sbi(e, SBI_HSM, 2, 1).value == 0, "STARTED");
	ecall(e->vcpu[1], SBI_HSM, 1, 0, 0, 0, 0, 0);
	ok(g->halted(e->vcpu[1]) && sbi(e, SBI_HSM, 2, 1).value == 1, "and stops");

	ok(sbi(e, SBI_HSM, 3, 1).error == -3, "no such suspend");
	e->r->mie = BIT(RV_IRQ_SSI);
	e->r->mstatus &= ~RV_MSTATUS_SIE;
	ok(done(e, sbi(e, SBI_HSM, 3, 0)) && g->halted(e->v), "suspend, retentive");
	ok(vmxl_rv64_hsm_state(e->v) == RV_HSM_SUSPENDED, "SUSPENDED");
	set_bit(RV_IRQ_SSI, &rv_arch(e->v)->soft);
	ok(g->runnable(e->v), "an interrupt wakes it");
	g->poll(e->v);
	ok(!g->halted(e->v) && vmxl_rv64_hsm_state(e->v) == RV_HSM_STARTED, "STARTED");
	clear_bit(RV_IRQ_SSI, &rv_arch(e->v)->soft);
	sbi(e, SBI_HSM, 3, 0x80000000, ENV_RAM + 8, 0x55);
	ok(e->v->gs->pc == ENV_RAM + 8 && e->r->x[11] == 0x55 && g->halted(e->v),
	   "suspend, not retentive");
	rv_arch(e->v)->halted = false;
	rv_arch(e->v)->suspended = false;
}

static void test_reset(struct env *e)
{
	struct vmxl_run *run = e->v->run;

	ok(sbi(e, SBI_SRST, 0, 0, 1).act == VMXL_ACT_EXIT && e->v->gs->pc == PC + 4 &&
	   run->exit_reason == VMXL_EXIT_SYSTEM_EVENT &&
	   run->system_event.type == VMXL_SYSTEM_EVENT_SHUTDOWN && run->system_event.data[0] == 1,
	   "shutdown");
	ok(sbi(e, SBI_SRST, 0, 1, 0).act == VMXL_ACT_EXIT &&
	   run->system_event.type == VMXL_SYSTEM_EVENT_RESET && run->system_event.data[0] == 1,
	   "cold reboot");
	ok(sbi(e, SBI_SRST, 0, 3, 0).error == -3 && sbi(e, SBI_SRST, 0, 0, 2).error == -3, "reserved");
	ok(sbi(e, SBI_LEGACY_SHUTDOWN, 0).act == VMXL_ACT_EXIT, "legacy shutdown");
	ok(sbi(e, SBI_SUSP, 0, 1).error == -3, "no such sleep");
	ok(sbi(e, SBI_SUSP, 0, 0, 0x10).error == -5, "no such address");
	WRITE_ONCE(e->vcpu[2]->mp_state, VMXL_MP_RUNNABLE);
	ok(sbi(e, SBI_SUSP, 0, 0, ENV_RAM).error == -4, "not while others run");
	WRITE_ONCE(e->vcpu[2]->mp_state, VMXL_MP_STOPPED);
	ok(sbi(e, SBI_SUSP, 0, 0, ENV_RAM + 4, 3).act == VMXL_ACT_EXIT &&
	   run->system_event.type == VMXL_SYSTEM_EVENT_SUSPEND && e->v->gs->pc == ENV_RAM + 4 &&
	   e->r->x[11] == 3, "suspend to RAM");
	e->r->mie = 0;
	set_bit(RV_IRQ_SSI, &rv_arch(e->v)->soft);
	e->vm->guest->poll(e->v);
	ok(e->vm->guest->halted(e->v) && !e->vm->guest->runnable(e->v),
	   "what is not enabled does not wake it");
	e->r->mie = BIT(RV_IRQ_SSI);
	ok(e->vm->guest->runnable(e->v), "what is enabled does");
	e->vm->guest->poll(e->v);
	ok(!e->vm->guest->halted(e->v) && e->v->gs->pc == ENV_RAM + 4,
	   "and it is where it said, with interrupts off");
	clear_bit(RV_IRQ_SSI, &rv_arch(e->v)->soft);
}

static void test_console(struct env *e)
{
	const struct vmxl_guest *g = e->vm->guest;
	struct vmxl_run *run = e->v->run;

	ok(sbi(e, SBI_DBCN, 0, 5, ENV_RAM).act == VMXL_ACT_EXIT &&
	   run->exit_reason == VMXL_EXIT_RISCV_SBI && run->riscv_sbi.extension_id == SBI_DBCN &&
	   run->riscv_sbi.function_id == 0 && run->riscv_sbi.args[0] == 5 &&
	   run->riscv_sbi.args[1] == ENV_RAM && e->v->gs->pc == PC + 4, "DBCN is user space's");
	run->riscv_sbi.ret[0] = 0;
	run->riscv_sbi.ret[1] = 5;
	g->sbi_complete(e->v);
	ok(e->r->x[10] == 0 && e->r->x[11] == 5, "which answers");
	e->r->x[10] = 77;
	g->sbi_complete(e->v);
	ok(e->r->x[10] == 77, "once");
	ok(sbi(e, SBI_DBCN, 3).error == -2, "no such DBCN function");
	ok(sbi(e, SBI_LEGACY_GETCHAR, 0, 0, 0x1234).act == VMXL_ACT_EXIT, "legacy getchar");
	run->riscv_sbi.ret[0] = 'x';
	run->riscv_sbi.ret[1] = 1;
	g->sbi_complete(e->v);
	ok(e->r->x[10] == 'x' && e->r->x[11] == 0x1234, "leaves a1 alone");
}

static void test_pmu(struct env *e)
{
	u64 hw = 0xfffffffd, fw = 0xffff00000000ULL;
	struct ret r = sbi(e, SBI_PMU, 0);
	u64 c;

	ok(r.value == 48, "%llu counters", (unsigned long long)r.value);
	ok(sbi(e, SBI_PMU, 1, 0).value == (0xc00 | 63 << 12), "counter 0 is cycle");
	ok(sbi(e, SBI_PMU, 1, 1).error == -3, "counter 1 is none");
	ok(sbi(e, SBI_PMU, 1, 40).value >> 63, "counter 40 is firmware's");
	ok(sbi(e, SBI_PMU, 1, 48).error == -3, "counter 48 is none");
	ok(!sbi(e, SBI_PMU, 4, 0, hw | fw | 2, 1).error ||
	   sbi(e, SBI_PMU, 4, 0, hw | fw | 2, 1).error == -8, "all are stopped");
	r = sbi(e, SBI_PMU, 2, 0, hw, 2, 1);
	ok(!r.error && r.value >= 3, "cycles on counter %llu", (unsigned long long)r.value);
	c = r.value;
	ok(!sbi(e, SBI_PMU, 3, c, 1, 1, 1000).error, "start at 1000");
	ok(sbi(e, SBI_PMU, 3, c, 1, 0).error == -7, "start twice");
	e->v->gs->icount += 50;
	ok(csr(e, RV_CSR_CYCLE + c) >= 1050 && csr(e, RV_CSR_CYCLE + c) < 1100, "it counts");
	ok(!sbi(e, SBI_PMU, 4, c, 1, 1).error && sbi(e, SBI_PMU, 4, c, 1, 0).error == -8, "stop");
	ok(sbi(e, SBI_PMU, 2, 0, hw, 0, 3).error == -2, "no cache events");
	ok(sbi(e, SBI_PMU, 2, 0, hw, 0x100, 1).error == -3, "reserved flags");
	ok(sbi(e, SBI_PMU, 2, 60, 1, 0, 1).error == -3, "a set that there is not");
	r = sbi(e, SBI_PMU, 2, 0, fw, 6, 0xf0005);
	ok(!r.error && r.value >= 32, "set_timer on counter %llu", (unsigned long long)r.value);
	c = r.value;
	sbi(e, SBI_TIME, 0, ~0ULL);
	sbi(e, SBI_TIME, 0, ~0ULL);
	ok(sbi(e, SBI_PMU, 5, c).value == 2, "it counted two");
	ok(sbi(e, SBI_PMU, 5, 3).error == -3, "fw_read of the hardware's");
	ok(sbi(e, SBI_PMU, 7, 0).error == -2, "no snapshots");
}

static void write_satp(struct vmxl_vcpu *v, u64 satp)
{
	check(!vmxl_rv64_csr_write(v, RV_CSR_SATP, satp), "satp is written");
}

static void enter_asid(struct vmxl_vcpu *v, u64 asid)
{
	write_satp(v, 8ULL << RV_SATP_MODE_SHIFT | asid << RV_SATP_ASID_SHIFT);
}

/* A hart that fences others, and serves their fences, until told to end. */
static struct { struct env *e; bool end; unsigned long nr[ENV_VCPUS], seen[ENV_VCPUS]; } race;

static void *fencer(void *arg)
{
	unsigned long id = (unsigned long)arg;
	struct vmxl_vcpu *v = race.e->vcpu[id];
	bool waits = false;
	u64 asid = id;
	int idx;

	shim_enter();
	idx = srcu_read_lock(&v->vm->srcu);
	WRITE_ONCE(v->in_guest, true);
	while (waits || !READ_ONCE(race.end)) {
		smp_store_mb(v->run->kick, 0);
		v->vm->guest->poll(v);
		/* All others, those in the first's address space, and go to the next one's. */
		if (!waits)
			asid++;
		ecall(v, SBI_RFENCE, 1 + asid % 2, 0, ~0ULL, 0x1000 * id, 0x1000, 0);
		waits = v->gs->pc == PC;
		if (!waits)
			enter_asid(v, asid / 4 % 2);
		if (!waits)
			WRITE_ONCE(race.nr[id], race.nr[id] + 1);
	}
	smp_store_release(&v->in_guest, false);
	srcu_read_unlock(&v->vm->srcu, idx);
	shim_leave();
	return NULL;
}

static void test_fence(struct env *e)
{
	struct vmxl_rv64_vcpu *a1 = rv_arch(e->vcpu[1]);
	const struct vmxl_guest *g = e->vm->guest;
	pthread_t t[ENV_VCPUS];
	unsigned long i;

	ok(done(e, sbi(e, SBI_RFENCE, 1, 7, 0, 0, 0)), "harts that are stopped are not waited for");
	WRITE_ONCE(e->vcpu[1]->mp_state, VMXL_MP_RUNNABLE);
	ok(done(e, sbi(e, SBI_RFENCE, 1, 2, 0, 0x1000, 0x1000)), "nor are those out of guest code");
	ok(a1->nr_fence == 1 && a1->fence[0].start == 0x1000 && a1->fence[0].asid == VMXL_ASID_ALL,
	   "but they will do it");
	g->poll(e->vcpu[1]);
	ok(!a1->nr_fence && a1->fence_done == a1->fence_queued, "before they run");
	WRITE_ONCE(e->vcpu[1]->in_guest, true);
	enter_asid(e->vcpu[1], 9);
	e->vcpu[1]->run->kick = 0;
	ok(done(e, sbi(e, SBI_RFENCE, 2, 2, 0, 0x1000, 0x1000, 8)) && !e->vcpu[1]->run->kick,
	   "nor is one that runs in another address space, and it is not kicked");
	ok(a1->nr_fence == 1, "it is told");
	enter_asid(e->vcpu[1], 9);
	ok(a1->nr_fence == 1, "goes on where it is");
	enter_asid(e->vcpu[1], 8);
	ok(!a1->nr_fence && a1->fence_done == a1->fence_queued, "and does it before it goes there");
	done(e, sbi(e, SBI_RFENCE, 2, 2, 0, 0x1000, 0x1000, 9));
	write_satp(e->vcpu[1], 0);
	ok(done(e, sbi(e, SBI_RFENCE, 2, 2, 0, 0x1000, 0x1000, 0)),
	   "without translation there is no address space");
	enter_asid(e->vcpu[1], 9);
	ok(sbi(e, SBI_RFENCE, 2, 2, 0, 0x1000, 0x1000, 9).act == VMXL_ACT_LEAVE &&
	   e->v->gs->pc == PC && e->vcpu[1]->run->kick, "one that runs there is waited for");
	e->r->mie = BIT(RV_IRQ_SSI);
	e->r->mstatus |= RV_MSTATUS_SIE;
	set_bit(RV_IRQ_SSI, &rv_arch(e->v)->soft);
	g->poll(e->v);
	ok(e->v->gs->pc == PC, "no interrupt meanwhile");
	ok(sbi(e, SBI_RFENCE, 2, 2, 0, 0x1000, 0x1000, 9).act == VMXL_ACT_LEAVE &&
	   a1->nr_fence == 1, "it is not asked twice");
	g->poll(e->vcpu[1]);
	ok(done(e, sbi(e, SBI_RFENCE, 2, 2, 0, 0x1000, 0x1000, 9)), "until it has done it");
	g->poll(e->v);
	ok(e->r->sepc == PC + 4, "then interrupts are taken");
	clear_bit(RV_IRQ_SSI, &rv_arch(e->v)->soft);
	WRITE_ONCE(e->vcpu[1]->in_guest, false);
	ok(sbi(e, SBI_RFENCE, 2, 1, 0, 0, 0, 0x10000).error == -3, "no such ASID");
	ok(sbi(e, SBI_RFENCE, 3, 1, 0, 0, 0).error == -2, "no hypervisor");
	ok(done(e, sbi(e, SBI_RFENCE, 1, 1, 0, ~0ULL - 5, 100)), "a range that wraps");
	for (i = 0; i < 40; i++)
		sbi(e, SBI_RFENCE, 1, 2, 0, 0x1000, 0x1000);
	ok(a1->nr_fence == RV_NR_FENCES + 1, "too many fences are one");
	g->poll(e->vcpu[1]);

	race.e = e;
	WRITE_ONCE(e->vcpu[2]->mp_state, VMXL_MP_RUNNABLE);
	for (i = 0; i < ENV_VCPUS; i++)
		pthread_create(&t[i], NULL, fencer, (void *)i);
	usleep(500000);
	eventually(READ_ONCE(race.nr[0]) && READ_ONCE(race.nr[1]) && READ_ONCE(race.nr[2]));
	WRITE_ONCE(race.end, true);
	for (i = 0; i < ENV_VCPUS; i++)
		pthread_join(t[i], NULL);
	ok(race.nr[0] && race.nr[1] && race.nr[2], "three harts fence each other: %lu %lu %lu",
	   race.nr[0], race.nr[1], race.nr[2]);
}

static void test_modes(struct env *e)
{
	u64 val;

	e->v->gs->pc = PC;
	e->r->mode = RV_U;
	e->r->stvec = 0x80008000;
	vmxl_rv64_trap(e->v, RV_EXC_ECALL_U, 0);
	ok(e->v->gs->pc == 0x80008000 && e->r->scause == RV_EXC_ECALL_U && e->r->mode == RV_S,
	   "an ecall from U-mode is S-mode's");
	ok(vmxl_rv64_csr_read(e->v, RV_CSR_MSTATUS, &val), "no M-mode CSRs");
	e->r->medeleg = 0;
	vmxl_rv64_trap(e->v, RV_EXC_ILLEGAL, 0);
	ok(e->r->mode == RV_S && e->r->scause == RV_EXC_ILLEGAL, "whatever medeleg says");
	ok(e->vm->guest->set_reg(e->v, VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | VMXL_RV64_CORE |
				 VMXL_RV64_CORE_MODE, RV_M) == -EINVAL, "no M-mode");
}

#define STA	(ENV_RAM + 0x2040)
#define STA_REG	(VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | VMXL_RV64_SBI | VMXL_RV64_SBI_STA_SHMEM)

static u64 sta_reg(struct env *e)
{
	u64 val = 0;

	check(!e->vm->guest->get_reg(e->v, STA_REG, &val), "STA_SHMEM");
	return val;
}

static void test_sta_arguments(struct env *e)
{
	const struct vmxl_guest *g = e->vm->guest;
	u64 val;

	ok(sbi(e, SBI_STA, 0, STA, 0, 1).error == -3, "STA: no flags");
	ok(sbi(e, SBI_STA, 0, STA + 8, 0, 0).error == -3, "64-byte aligned");
	ok(sbi(e, SBI_STA, 0, ~0ULL, 0, 0).error == -5 &&
	   sbi(e, SBI_STA, 0, STA, 1, 0).error == -5, "no such address");
	ok(sbi(e, SBI_STA, 0, 0x1000, 0, 0).error == -5 && sta_reg(e) == ~0ULL, "no memory there");
	ok(sbi(e, SBI_STA, 1, STA, 0, 0).error == -2, "one function");
	ok(g->set_reg(e->v, STA_REG, STA + 8) == -EINVAL && g->set_reg(e->v, STA_REG + 1, 0) ==
	   -ENOENT && g->get_reg(e->v, STA_REG + 1, &val) == -ENOENT, "nor by ONE_REG");
}

/* What the guest finds: sequence, steal, preempted */
static bool sta_is(struct env *e, u32 sequence, u64 steal, u8 preempted)
{
	const u8 *p = e->ram + (STA - ENV_RAM);
	u64 s;

	memcpy(&s, p + 8, 8);
	return *(const u32 *)p == sequence && s == steal && p[16] == preempted;
}

static void test_sta(struct env *e)
{
	struct vmxl_sched_params params = { .policy = VMXL_SCHED_POLICY_FAIR };
	const struct vmxl_guest *g = e->vm->guest;

	test_sta_arguments(e);
	check(!vmxl_workers_set_sched(e->vm, &params), "a scheduler");
	e->v->se.wait_ns = 1000;
	memset(e->ram + (STA - ENV_RAM), 0xff, 64);
	ok(!sbi(e, SBI_STA, 0, STA, 0, 0).error && sta_is(e, 0, 0, 0) && sta_reg(e) == STA,
	   "shared memory, zeroed");
	g->poll(e->v);
	ok(sta_is(e, 0, 0, 0), "what was stolen before does not count");
	e->v->se.wait_ns += 500;
	e->v->se.delay_ns += 30;
	g->poll(e->v);
	ok(sta_is(e, 2, 530, 0), "stolen: waited for a worker, and that for a CPU");
	g->poll(e->v);
	ok(sta_is(e, 2, 530, 0), "is told once");
	g->preempted(e->v);
	ok(sta_is(e, 2, 530, 1), "preempted");
	e->v->se.wait_ns += 70;
	g->poll(e->v);
	ok(sta_is(e, 4, 600, 0), "runs again");
	rv_arch(e->v)->halted = true;
	e->v->se.wait_ns += 5;
	e->r->mie = 0;
	g->preempted(e->v);
	g->poll(e->v);
	ok(sta_is(e, 4, 600, 0), "nothing is written while it sleeps");
	rv_arch(e->v)->halted = false;
	*(u32 *)(e->ram + (STA - ENV_RAM)) = 7;
	g->poll(e->v);
	ok(sta_is(e, 8, 605, 0), "a guest that writes there has inconsistent data at most");
	ok(!g->set_reg(e->v, STA_REG, ~0ULL) && !g->set_reg(e->v, STA_REG, STA), "saved, restored");
	e->v->se.wait_ns += 4;
	g->poll(e->v);
	ok(sta_is(e, 10, 609, 0), "goes on where it was");
	ok(!sbi(e, SBI_STA, 0, ~0ULL, ~0ULL, 0).error && sta_reg(e) == ~0ULL, "off");
	e->v->se.wait_ns += 4;
	g->poll(e->v);
	ok(sta_is(e, 10, 609, 0), "is off");
	check(!g->set_reg(e->v, STA_REG, 0x1000), "a hole");
	e->v->se.wait_ns += 4;
	g->poll(e->v);
	ok(sta_reg(e) == ~0ULL, "memory that is gone ends it");
	check(!g->set_reg(e->v, STA_REG, STA), "on");
	vmxl_rv64_reset(e->v);
	ok(sta_reg(e) == ~0ULL, "so does a reset");
}

int main(void)
{
	struct env e;

	env_open(&e, VMXL_VM_FIRMWARE);
	test_base(&e);
	test_time(&e);
	test_ipi(&e);
	test_hsm(&e);
	test_reset(&e);
	test_console(&e);
	test_pmu(&e);
	test_fence(&e);
	test_modes(&e);
	test_sta(&e);
	env_close(&e);
	return tap_done();
}
