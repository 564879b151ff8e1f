// SPDX-License-Identifier: GPL-2.0
/*
 * RUN and the reasons for which it returns.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "lib.h"

struct setup {
	struct vm vm;
	struct vcpu vcpu;
};

static struct setup set_up(const u32 *code, size_t nr)
{
	struct setup s;

	s.vm = vm_new_ram(0);
	s.vcpu = vcpu_new(&s.vm, 0);
	guest_code(&s.vm, &s.vcpu, RAM, code, nr);
	set_reg(&s.vcpu, REG_X(RV_A1), MMIO);
	return s;
}

#define SET_UP(code) set_up(code, ARRAY_SIZE(code))

static void tear_down(struct setup *s)
{
	vcpu_close(&s->vcpu);
	vm_close(&s->vm);
}

static void run_arg(void)
{
	static const u32 code[] = { RV_SD(RV_A0, 0, RV_A1) };
	struct setup s = SET_UP(code);

	CHECK_ERR(sys_ioctl(s.vcpu.fd, VMXL_RUN, 1), EINVAL);
	expect_store(&s.vcpu, MMIO, 8, 0);
	tear_down(&s);
}

static void mmio_stores(void)
{
	static const u32 code[] = {
		RV_SB(RV_A0, 0, RV_A1),
		RV_SH(RV_A0, 2, RV_A1),
		RV_SW(RV_A0, 4, RV_A1),
		RV_SD(RV_A0, 8, RV_A1),
		RV_SW(RV_A0, -4, RV_A1),
	};
	const u64 val = 0x8877665544332211;
	struct setup s = SET_UP(code);

	set_reg(&s.vcpu, REG_X(RV_A0), val);
	expect_store(&s.vcpu, MMIO, 1, val & 0xff);
	expect_store(&s.vcpu, MMIO + 2, 2, val & 0xffff);
	expect_store(&s.vcpu, MMIO + 4, 4, val & 0xffffffff);
	/* The pc is the instruction's as long as its access is not complete. */
	CHECK_EQ(get_reg(&s.vcpu, REG_PC), RAM + 8);
	expect_store(&s.vcpu, MMIO + 8, 8, val);
	expect_store(&s.vcpu, MMIO - 4, 4, val & 0xffffffff);
	tear_down(&s);
}

static void mmio_loads(void)
{
	static const u32 code[] = {
		RV_LB(RV_T0, 0, RV_A1),
		RV_LBU(RV_T1, 0, RV_A1),
		RV_LH(RV_T2, 0, RV_A1),
		RV_LW(RV_A2, 0, RV_A1),
		RV_LWU(RV_A3, 0, RV_A1),
		RV_LD(RV_A4, 0, RV_A1),
		RV_SD(RV_ZERO, 0, RV_A1),
	};
	struct setup s = SET_UP(code);

	expect_load(&s.vcpu, MMIO, 1, 0x80);
	expect_load(&s.vcpu, MMIO, 1, 0x81);
	expect_load(&s.vcpu, MMIO, 2, 0x8002);
	expect_load(&s.vcpu, MMIO, 4, 0x80000003);
	expect_load(&s.vcpu, MMIO, 4, 0x80000004);
	expect_load(&s.vcpu, MMIO, 8, 0x8000000000000005);
	expect_store(&s.vcpu, MMIO, 8, 0);
	CHECK_EQ(get_reg(&s.vcpu, REG_X(RV_T0)), 0xffffffffffffff80);
	CHECK_EQ(get_reg(&s.vcpu, REG_X(RV_T1)), 0x81);
	CHECK_EQ(get_reg(&s.vcpu, REG_X(RV_T2)), 0xffffffffffff8002);
	CHECK_EQ(get_reg(&s.vcpu, REG_X(RV_A2)), 0xffffffff80000003);
	CHECK_EQ(get_reg(&s.vcpu, REG_X(RV_A3)), 0x80000004);
	CHECK_EQ(get_reg(&s.vcpu, REG_X(RV_A4)), 0x8000000000000005);
	tear_down(&s);
}

/* The value is the one in the page when RUN is called again, whatever else happened. */
static void mmio_is_completed_first(void)
{
	static const u32 code[] = { RV_LD(RV_A0, 0, RV_A1), RV_J(0) };
	struct setup s = SET_UP(code);

	expect_load(&s.vcpu, MMIO, 8, 0x1234);
	s.vcpu.run->immediate_exit = 1;
	CHECK_ERR(__vcpu_run(&s.vcpu), EINTR);
	CHECK_EQ(s.vcpu.run->exit_reason, VMXL_EXIT_INTR);
	CHECK_EQ(get_reg(&s.vcpu, REG_X(RV_A0)), 0x1234);
	CHECK_EQ(get_reg(&s.vcpu, REG_PC), RAM + 4);
	tear_down(&s);
}

/* Setting the pc gives up what was going on. */
static void mmio_is_given_up(void)
{
	static const u32 code[] = { RV_LD(RV_A0, 0, RV_A1), RV_SD(RV_A0, 8, RV_A1) };
	struct setup s = SET_UP(code);

	set_reg(&s.vcpu, REG_X(RV_A0), 7);
	expect_load(&s.vcpu, MMIO, 8, 1);
	set_reg(&s.vcpu, REG_PC, RAM + 4);
	expect_store(&s.vcpu, MMIO + 8, 8, 7);
	tear_down(&s);
}

static void immediate_exit(void)
{
	static const u32 code[] = { RV_SD(RV_ZERO, 0, RV_A1) };
	struct setup s = SET_UP(code);

	s.vcpu.run->immediate_exit = 1;
	CHECK_ERR(__vcpu_run(&s.vcpu), EINTR);
	CHECK_EQ(s.vcpu.run->exit_reason, VMXL_EXIT_INTR);
	CHECK_EQ(get_reg(&s.vcpu, REG_PC), RAM);
	s.vcpu.run->immediate_exit = 0;
	expect_store(&s.vcpu, MMIO, 8, 0);
	tear_down(&s);
}

static void signal_ends_loop(void)
{
	static const u32 code[] = { RV_ADDI(RV_A0, RV_A0, 1), RV_J(-4) };
	struct setup s = SET_UP(code);
	struct kicker *k = kick_in(50);

	CHECK_ERR(__vcpu_run(&s.vcpu), EINTR);
	CHECK_EQ(s.vcpu.run->exit_reason, VMXL_EXIT_INTR);
	kick_wait(k);
	CHECK(get_reg(&s.vcpu, REG_X(RV_A0)) > 0);
	tear_down(&s);
}

static void signal_ends_wait(void)
{
	static const u32 code[] = { RV_WFI, RV_SD(RV_ZERO, 0, RV_A1) };
	struct setup s = SET_UP(code);
	struct kicker *k = kick_in(50);

	CHECK_ERR(__vcpu_run(&s.vcpu), EINTR);
	kick_wait(k);
	k = kick_in(50);
	CHECK_ERR(__vcpu_run(&s.vcpu), EINTR);
	kick_wait(k);
	tear_down(&s);
}

static void *store_exit_flag(void *opaque)
{
	struct vcpu *vcpu = opaque;

	usleep(50000);
	__atomic_store_n(&vcpu->run->immediate_exit, 1, __ATOMIC_RELEASE);
	return NULL;
}

/* The flag alone ends a guest that executes; for one that waits, send a signal. */
static void exit_flag_ends_loop(void)
{
	static const u32 code[] = { RV_J(0) };
	struct setup s = SET_UP(code);
	pthread_t thread;

	CHECK(!pthread_create(&thread, NULL, store_exit_flag, &s.vcpu));
	CHECK_ERR(__vcpu_run(&s.vcpu), EINTR);
	pthread_join(thread, NULL);
	tear_down(&s);
}

/* No memory at the pc is a trap of the guest's; none at its trap handler is an error. */
static void fetch_error(void)
{
	static const u32 code[] = { RV_JALR(RV_ZERO, 0, RV_A1) };
	struct setup s = SET_UP(code);

	set_reg(&s.vcpu, REG_X(RV_A7), 0x77);
	set_reg(&s.vcpu, REG_CSR(RV_CSR_MTVEC), MMIO + 0x1000);
	vcpu_run(&s.vcpu, VMXL_EXIT_INTERNAL_ERROR);
	CHECK_EQ(s.vcpu.run->internal.suberror, VMXL_INTERNAL_ERROR_FETCH);
	CHECK_EQ(s.vcpu.run->internal.ndata, 34);
	CHECK_EQ(s.vcpu.run->internal.data[0], MMIO + 0x1000);
	CHECK_EQ(s.vcpu.run->internal.data[1], MMIO + 0x1000);
	CHECK_EQ(get_reg(&s.vcpu, REG_CSR(RV_CSR_MCAUSE)), 1);
	CHECK_EQ(s.vcpu.run->internal.data[2 + RV_A7], 0x77);
	/* It can be put right. */
	set_reg(&s.vcpu, REG_PC, RAM);
	set_reg(&s.vcpu, REG_X(RV_A1), RAM);
	s.vcpu.run->immediate_exit = 1;
	CHECK_ERR(__vcpu_run(&s.vcpu), EINTR);
	tear_down(&s);
}

static void single_step(void)
{
	static const u32 code[] = {
		RV_ADDI(RV_A0, RV_A0, 1),
		RV_SD(RV_A0, 0, RV_A1),
		RV_LD(RV_A2, 0, RV_A1),
		RV_J(-12),
	};
	static const u64 pcs[] = { 4, 8, 12, 0 };
	struct setup s = SET_UP(code);
	unsigned int i;

	CHECK_OK(__guest_debug(s.vcpu.fd, VMXL_DEBUG_SINGLESTEP));
	for (i = 0; i < 8; i++) {
		if (i % 4 == 1)
			expect_store(&s.vcpu, MMIO, 8, i / 4 + 1);
		if (i % 4 == 2)
			expect_load(&s.vcpu, MMIO, 8, 9);
		vcpu_run(&s.vcpu, VMXL_EXIT_DEBUG);
		CHECK_EQ(s.vcpu.run->debug.cause, VMXL_DEBUG_SINGLESTEP);
		CHECK_EQ(s.vcpu.run->debug.pc, RAM + pcs[i % 4]);
		CHECK_EQ(get_reg(&s.vcpu, REG_PC), RAM + pcs[i % 4]);
	}
	CHECK_EQ(get_reg(&s.vcpu, REG_X(RV_A0)), 2);
	CHECK_OK(__guest_debug(s.vcpu.fd, 0));
	expect_store(&s.vcpu, MMIO, 8, 3);
	tear_down(&s);
}

static void breakpoint(void)
{
	static const u32 code[] = { RV_EBREAK, RV_SD(RV_ZERO, 0, RV_A1) };
	struct setup s = SET_UP(code);

	CHECK_OK(__guest_debug(s.vcpu.fd, VMXL_DEBUG_ENABLE));
	vcpu_run(&s.vcpu, VMXL_EXIT_DEBUG);
	CHECK_EQ(s.vcpu.run->debug.cause, VMXL_DEBUG_ENABLE);
	CHECK_EQ(s.vcpu.run->debug.pc, RAM);
	CHECK_EQ(get_reg(&s.vcpu, REG_PC), RAM);
	/* Without it, it is the guest's: mtvec. */
	CHECK_OK(__guest_debug(s.vcpu.fd, 0));
	set_reg(&s.vcpu, REG_CSR(RV_CSR_MTVEC), RAM + 4);
	expect_store(&s.vcpu, MMIO, 8, 0);
	CHECK_EQ(get_reg(&s.vcpu, REG_CSR(RV_CSR_MCAUSE)), 3);
	tear_down(&s);
}

/* SBI SRST in a VM with built-in firmware: a7 SRST, a6 0, a0 type, a1 reason */
static void system_event(void)
{
	static const u32 code[] = { RV_ECALL, RV_J(-4) };
	struct vm vm = vm_new_ram(VMXL_VM_FIRMWARE);
	struct vcpu vcpu = vcpu_new(&vm, 0);

	GUEST(&vm, &vcpu, RAM, code);
	CHECK_EQ(get_reg(&vcpu, REG_MODE), 1);
	set_reg(&vcpu, REG_X(RV_A7), 0x53525354);
	set_reg(&vcpu, REG_X(RV_A1), 1);
	vcpu_run(&vcpu, VMXL_EXIT_SYSTEM_EVENT);
	CHECK_EQ(vcpu.run->system_event.type, VMXL_SYSTEM_EVENT_SHUTDOWN);
	CHECK(vcpu.run->system_event.ndata >= 1);
	CHECK_EQ(vcpu.run->system_event.data[0], 1);
	set_reg(&vcpu, REG_PC, RAM);
	set_reg(&vcpu, REG_X(RV_A0), 1);
	set_reg(&vcpu, REG_X(RV_A1), 0);
	set_reg(&vcpu, REG_X(RV_A7), 0x53525354);
	set_reg(&vcpu, REG_X(RV_A6), 0);
	vcpu_run(&vcpu, VMXL_EXIT_SYSTEM_EVENT);
	CHECK_EQ(vcpu.run->system_event.type, VMXL_SYSTEM_EVENT_RESET);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/*
 * A suspended machine sleeps in RUN, however often it is called, until an
 * interrupt is pending that the guest has enabled; then it is where it said.
 */
static void suspend(void)
{
	static const u32 code[] = {
		RV_ECALL,
		RV_SD(RV_A2, 0, RV_A3),		/* not reached */
		RV_ADDI(RV_ZERO, RV_ZERO, 0),
		RV_ADDI(RV_ZERO, RV_ZERO, 0),
		RV_SD(RV_A1, 0, RV_A3),
	};
	struct vm vm = vm_new_ram(VMXL_VM_FIRMWARE);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	struct kicker *k;
	u64 now;

	GUEST(&vm, &vcpu, RAM, code);
	set_reg(&vcpu, REG_X(RV_A7), 0x53555350);	/* SUSP: to RAM */
	set_reg(&vcpu, REG_X(RV_A0), 0);
	set_reg(&vcpu, REG_X(RV_A1), RAM + 16);
	set_reg(&vcpu, REG_X(RV_A2), 0x5a);
	set_reg(&vcpu, REG_X(RV_A3), MMIO);
	vcpu_run(&vcpu, VMXL_EXIT_SYSTEM_EVENT);
	CHECK_EQ(vcpu.run->system_event.type, VMXL_SYSTEM_EVENT_SUSPEND);

	/* Pending, but not enabled */
	set_reg(&vcpu, REG_CSR(RV_CSR_STIMECMP), 0);
	k = kick_in(50);
	CHECK_ERR(__vcpu_run(&vcpu), EINTR);
	kick_wait(k);
	/* Enabled, but not pending until 20 ms from now */
	now = get_reg(&vcpu, REG_CSR(RV_CSR_TIME));
	set_reg(&vcpu, REG_CSR(RV_CSR_STIMECMP), now + 200000);
	set_reg(&vcpu, REG_CSR(RV_CSR_SIE), 1 << 5);
	expect_store(&vcpu, MMIO, 8, 0x5a);
	CHECK(get_reg(&vcpu, REG_CSR(RV_CSR_TIME)) >= now + 200000);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

#define TIME_TRAPS	(RAM + 0x100)

/* In U-mode: read the clock A0 times; what goes back is stored beside where it tells of its end. */
static struct setup set_up_time(void)
{
	static const u32 code[] = {
		RV_MRET,
		RV_CSRRS(RV_A2, RV_CSR_TIME, RV_ZERO),
		RV_BLTU(RV_A2, RV_A3, 20),
		RV_ADDI(RV_A3, RV_A2, 0),
		RV_ADDI(RV_A0, RV_A0, -1),
		RV_BNE(RV_A0, RV_ZERO, -16),
		RV_SD(RV_A3, 0, RV_A1),
		RV_SD(RV_A2, 8, RV_A1),
	};
	static const u32 trap[] = {
		RV_CSRRS(RV_A0, RV_CSR_MCAUSE, RV_ZERO),
		RV_SD(RV_A0, 16, RV_A1),
	};
	struct setup s = SET_UP(code);

	GUEST(&s.vm, &s.vcpu, TIME_TRAPS, trap);
	set_reg(&s.vcpu, REG_CSR(RV_CSR_MTVEC), TIME_TRAPS);
	set_reg(&s.vcpu, REG_CSR(RV_CSR_PMPADDR0), ~0ULL >> 10);
	set_reg(&s.vcpu, REG_CSR(RV_CSR_PMPCFG0), 0x1f);
	return s;
}

static void expect_time(struct setup *s, u64 mcounteren, u64 scounteren, bool ok)
{
	u64 before = get_reg(&s->vcpu, REG_CSR(RV_CSR_TIME));

	set_reg(&s->vcpu, REG_PC, RAM);
	set_reg(&s->vcpu, REG_MODE, 3);
	set_reg(&s->vcpu, REG_X(RV_A0), 20000);
	set_reg(&s->vcpu, REG_X(RV_A3), before);
	set_reg(&s->vcpu, REG_CSR(RV_CSR_MSTATUS), 0);
	set_reg(&s->vcpu, REG_CSR(RV_CSR_MEPC), RAM + 4);
	set_reg(&s->vcpu, REG_CSR(RV_CSR_MCOUNTEREN), mcounteren);
	set_reg(&s->vcpu, REG_CSR(RV_CSR_SCOUNTEREN), scounteren);
	vcpu_run(&s->vcpu, VMXL_EXIT_MMIO);
	CHECK_EQ(s->vcpu.run->mmio.phys_addr, MMIO + (ok ? 0 : 16));
	if (ok)
		CHECK(get_reg(&s->vcpu, REG_X(RV_A3)) <= get_reg(&s->vcpu, REG_CSR(RV_CSR_TIME)));
	else
		CHECK_EQ(get_reg(&s->vcpu, REG_X(RV_A0)), 2);
}

/* One clock for all who read it, and who may not gets a trap. */
static void time_reads(void)
{
	struct setup s = set_up_time();

	expect_time(&s, 2, 2, true);
	expect_time(&s, 2, ~2U, false);
	expect_time(&s, ~2U, 2, false);
	expect_time(&s, 2, 2, true);
	tear_down(&s);
}

/* The thread may not read the host's counter: the guest reads its clock all the same. */
static void time_without_tsc(void)
{
	struct setup s = set_up_time();

	expect_time(&s, 2, 2, true);
#ifdef __x86_64__
	/* In one process the module's part is the thread, too. */
	if (!access("/sys/module/vmx_xlate", F_OK)) {
		CHECK(!prctl(PR_SET_TSC, PR_TSC_SIGSEGV));
		expect_time(&s, 2, 2, true);
		CHECK(!prctl(PR_SET_TSC, PR_TSC_ENABLE));
		expect_time(&s, 2, 2, true);
	}
#endif
	tear_down(&s);
}

/* SBI DBCN console_write_byte is user space's to answer. */
static void sbi_call(void)
{
	static const u32 code[] = { RV_ECALL, RV_SD(RV_A0, 0, RV_A2), RV_SD(RV_A1, 0, RV_A2) };
	struct vm vm = vm_new_ram(VMXL_VM_FIRMWARE);
	struct vcpu vcpu = vcpu_new(&vm, 0);

	GUEST(&vm, &vcpu, RAM, code);
	set_reg(&vcpu, REG_X(RV_A7), 0x4442434e);
	set_reg(&vcpu, REG_X(RV_A6), 2);
	set_reg(&vcpu, REG_X(RV_A0), 'x');
	set_reg(&vcpu, REG_X(RV_A2), MMIO);
	vcpu_run(&vcpu, VMXL_EXIT_RISCV_SBI);
	CHECK_EQ(vcpu.run->riscv_sbi.extension_id, 0x4442434e);
	CHECK_EQ(vcpu.run->riscv_sbi.function_id, 2);
	CHECK_EQ(vcpu.run->riscv_sbi.args[0], 'x');
	vcpu.run->riscv_sbi.ret[0] = 5;
	vcpu.run->riscv_sbi.ret[1] = 6;
	expect_store(&vcpu, MMIO, 8, 5);
	expect_store(&vcpu, MMIO, 8, 6);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* Code that the guest changes is translated anew after fence.i. */
static void self_modifying(void)
{
	static const u32 code[] = {
		RV_ADDI(RV_A2, RV_ZERO, 1),	/* patched: li a2, 2 */
		RV_SD(RV_A2, 0, RV_A1),
		RV_SW(RV_A3, 0, RV_A0),
		RV_FENCE_I,
		RV_J(-16),
	};
	struct setup s = SET_UP(code);

	set_reg(&s.vcpu, REG_X(RV_A0), RAM);
	set_reg(&s.vcpu, REG_X(RV_A3), RV_ADDI(RV_A2, RV_ZERO, 2));
	expect_store(&s.vcpu, MMIO, 8, 1);
	expect_store(&s.vcpu, MMIO, 8, 2);
	expect_store(&s.vcpu, MMIO, 8, 2);
	tear_down(&s);
}

/* What user space writes into the page at any time does no harm. */
static void *scribble(void *opaque)
{
	struct vcpu *vcpu = opaque;
	volatile u64 *p = (u64 *)vcpu->run + 1;
	unsigned int i, n;

	for (n = 0; n < 20000; n++)
		for (i = 0; i < sizeof(*vcpu->run) / 8 - 1; i++)
			p[i] = n * 0x9e3779b97f4a7c15;
	__atomic_store_n(&vcpu->run->immediate_exit, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void hostile_page(void)
{
	static const u32 code[] = {
		RV_SD(RV_A0, 0, RV_A1), RV_LD(RV_A0, 0, RV_A1), RV_J(-8),
	};
	struct setup s = SET_UP(code);
	pthread_t thread;

	CHECK(!pthread_create(&thread, NULL, scribble, &s.vcpu));
	while (!__vcpu_run(&s.vcpu))
		;
	CHECK_EQ(errno, EINTR);
	pthread_join(thread, NULL);
	tear_down(&s);
}

static void *run_thread(void *opaque)
{
	return (void *)(long)__vcpu_run(opaque);
}

/* Two threads on one vCPU take turns. */
static void two_threads(void)
{
	static const u32 code[] = {
		RV_ADDI(RV_A0, RV_A0, 1),
		RV_BLTU(RV_A0, RV_A2, -4),
		RV_SD(RV_A0, 0, RV_A1),
		RV_J(0),
	};
	struct setup s = SET_UP(code);
	pthread_t thread;
	void *ret;

	set_reg(&s.vcpu, REG_X(RV_A2), 1000000);
	CHECK(!pthread_create(&thread, NULL, run_thread, &s.vcpu));
	while (!get_reg(&s.vcpu, REG_X(RV_A0)))
		;
	CHECK_EQ(get_reg(&s.vcpu, REG_X(RV_A0)), 1000000);
	pthread_join(thread, &ret);
	CHECK_EQ((long)ret, 0);
	CHECK_EQ(s.vcpu.run->exit_reason, VMXL_EXIT_MMIO);
	tear_down(&s);
}

/* Two vCPUs count the same word up with atomic additions. */
static void smp_atomics(void)
{
	static const u32 code[] = {
		RV_AMOADD_D(RV_ZERO, RV_T0, RV_A0),
		RV_ADDI(RV_A2, RV_A2, -1),
		RV_BNE(RV_A2, RV_ZERO, -8),
		RV_SD(RV_ZERO, 0, RV_A1),
	};
	const unsigned int nr = 4, count = 100000;
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu[4];
	pthread_t thread[4];
	unsigned int i;
	void *ret;

	for (i = 0; i < nr; i++) {
		vcpu[i] = vcpu_new(&vm, i);
		GUEST(&vm, &vcpu[i], RAM, code);
		set_reg(&vcpu[i], REG_X(RV_A0), RAM + 0x1000);
		set_reg(&vcpu[i], REG_X(RV_A1), MMIO);
		set_reg(&vcpu[i], REG_X(RV_A2), count);
		set_reg(&vcpu[i], REG_X(RV_T0), 1);
	}
	for (i = 0; i < nr; i++)
		CHECK(!pthread_create(&thread[i], NULL, run_thread, &vcpu[i]));
	for (i = 0; i < nr; i++) {
		pthread_join(thread[i], &ret);
		CHECK_EQ((long)ret, 0);
		CHECK_EQ(vcpu[i].run->exit_reason, VMXL_EXIT_MMIO);
	}
	CHECK_EQ(*(u64 *)(vm.ram + 0x1000), nr * count);
	for (i = 0; i < nr; i++)
		vcpu_close(&vcpu[i]);
	vm_close(&vm);
}

/* How fast the guest is: no test of anything, but in every log */
static void speed(void)
{
	static const u32 code[] = {
		RV_ADDI(RV_A0, RV_A0, 1),
		RV_ADD(RV_A3, RV_A3, RV_A0),
		RV_SD(RV_A3, 0, RV_A4),
		RV_LD(RV_T0, 0, RV_A4),
		RV_BLTU(RV_A0, RV_A2, -16),
		RV_SD(RV_A0, 0, RV_A1),
	};
	struct setup s = SET_UP(code);
	const u64 loops = 2000000;
	struct timespec a, b;
	double sec;

	set_reg(&s.vcpu, REG_X(RV_A2), loops);
	set_reg(&s.vcpu, REG_X(RV_A4), RAM + 0x1000);
	clock_gettime(CLOCK_MONOTONIC, &a);
	expect_store(&s.vcpu, MMIO, 8, loops);
	clock_gettime(CLOCK_MONOTONIC, &b);
	sec = b.tv_sec - a.tv_sec + (b.tv_nsec - a.tv_nsec) / 1e9;
	tap_note("%.1f guest MIPS", loops * 5 / sec / 1e6);
	tear_down(&s);
}

static const struct test tests[] = {
	TEST(run_arg),
	TEST(mmio_stores),
	TEST(mmio_loads),
	TEST(mmio_is_completed_first),
	TEST(mmio_is_given_up),
	TEST(immediate_exit),
	TEST(signal_ends_loop),
	TEST(signal_ends_wait),
	TEST(exit_flag_ends_loop),
	TEST(fetch_error),
	TEST(single_step),
	TEST(breakpoint),
	TEST(system_event),
	TEST(suspend),
	TEST(time_reads),
	TEST(time_without_tsc),
	TEST(sbi_call),
	TEST(self_modifying),
	TEST(hostile_page),
	TEST(two_threads),
	TEST(smp_atomics),
	TEST(speed),
};
TEST_MAIN(tests)
