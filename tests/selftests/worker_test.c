// SPDX-License-Identifier: GPL-2.0
/*
 * Workers: threads that run whichever vCPU the module picks; and vCPUs that spin, with
 * threads of their own as well.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "lib.h"
#include "smp.h"

#define NR_VCPUS	6
#define TURNS		200

/* Stores its number to a device, counts in RAM with everybody else, TURNS times; stops. */
static const u32 code[] = {
	RV_SD(RV_A0, 0, RV_A1),
	RV_AMOADD_D(RV_ZERO, RV_A4, RV_A3),
	RV_ADDI(RV_A2, RV_A2, -1),
	RV_BNE(RV_A2, RV_ZERO, -12),
	RV_SD(RV_ZERO, 8, RV_A1),
	RV_J(0),
};

static struct vm vm;
static struct vcpu vcpus[NR_VCPUS];

static void set_up(unsigned int nr)
{
	unsigned int i;

	vm = vm_new_ram(0);
	for (i = 0; i < nr; i++) {
		vcpus[i] = vcpu_new(&vm, i);
		GUEST(&vm, &vcpus[i], RAM, code);
		CHECK_OK(__mp_state(vcpus[i].fd, VMXL_MP_RUNNABLE));
		set_reg(&vcpus[i], REG_X(RV_A0), i + 1);
		set_reg(&vcpus[i], REG_X(RV_A1), MMIO);
		set_reg(&vcpus[i], REG_X(RV_A2), TURNS);
		set_reg(&vcpus[i], REG_X(RV_A3), RAM + 0x8000);
		set_reg(&vcpus[i], REG_X(RV_A4), 1);
	}
}

static void tear_down(unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		vcpu_close(&vcpus[i]);
	vm_close(&vm);
}

static int worker_new(void)
{
	return CHECK_OK(sys_ioctl(vm.fd, VMXL_CREATE_WORKER, 0));
}

static void arguments(void)
{
	int fd[64], max, i;

	set_up(1);
	max = sys_ioctl(vm.fd, VMXL_CHECK_EXTENSION, VMXL_CAP_MAX_WORKERS);
	CHECK_EQ(max, 64);
	CHECK_ERR(sys_ioctl(vm.fd, VMXL_CREATE_WORKER, 1), EINVAL);
	for (i = 0; i < max; i++)
		fd[i] = worker_new();
	CHECK_ERR(sys_ioctl(vm.fd, VMXL_CREATE_WORKER, 0), EBUSY);
	CHECK_ERR(sys_ioctl(fd[0], VMXL_RUN, 1), EINVAL);
	CHECK_ERR(sys_ioctl(fd[0], VMXL_KICK_WORKER, 1), EINVAL);
	CHECK_ERR(sys_ioctl(fd[0], VMXL_USER_EXIT, 0), EINVAL);
	CHECK_ERR(sys_ioctl(fd[0], VMXL_USER_EXIT, 1), EINVAL);
	CHECK_ERR(sys_ioctl(fd[0], VMXL_CREATE_VCPU, 1), ENOTTY);
	CHECK_ERR(__vcpu_run(&vcpus[0]), EBUSY);
	sys_close(fd[5]);
	fd[5] = worker_new();
	for (i = 0; i < max; i++)
		sys_close(fd[i]);
	tear_down(1);
}

/* What a vCPU told the device, 0: that it is done */
static u64 told(int id)
{
	const struct vmxl_run *run = vcpus[id].run;
	u64 val = 0;

	CHECK_EQ(run->exit_reason, VMXL_EXIT_MMIO);
	CHECK(run->mmio.is_write && run->mmio.len == 8);
	CHECK(run->mmio.phys_addr == MMIO || run->mmio.phys_addr == MMIO + 8);
	memcpy(&val, run->mmio.data, 8);
	return val;
}

static unsigned int nr_done;

/* Run until all vCPUs are done. */
static void *work(void *arg)
{
	int fd = *(int *)arg, id;
	u64 val;

	while (__atomic_load_n(&nr_done, __ATOMIC_ACQUIRE) < NR_VCPUS) {
		id = sys_ioctl(fd, VMXL_RUN, 0);
		if (id < 0) {
			CHECK_EQ(errno, EINTR);
			continue;
		}
		CHECK(id < NR_VCPUS);
		val = told(id);
		CHECK(!val || val == (u64)id + 1);
		if (!val)
			__atomic_fetch_add(&nr_done, 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

static void share(unsigned int nr_workers, u32 policy)
{
	struct vmxl_sched_params sched = { .policy = policy, .slice_ns = 100000 };
	pthread_t thread[4];
	int fd[4];
	unsigned int i;

	set_up(NR_VCPUS);
	nr_done = 0;
	CHECK_OK(sys_ioctl(vm.fd, VMXL_SET_SCHED, (unsigned long)&sched));
	for (i = 0; i < nr_workers; i++)
		fd[i] = worker_new();
	for (i = 0; i < nr_workers; i++)
		CHECK(!pthread_create(&thread[i], NULL, work, &fd[i]));
	/* The others' vCPUs loop for ever: they do not come back by themselves. */
	while (__atomic_load_n(&nr_done, __ATOMIC_ACQUIRE) < NR_VCPUS)
		usleep(1000);
	for (i = 0; i < nr_workers; i++)
		CHECK_OK(sys_ioctl(fd[i], VMXL_KICK_WORKER, 0));
	for (i = 0; i < nr_workers; i++)
		pthread_join(thread[i], NULL);
	CHECK_EQ(*(u64 *)(vm.ram + 0x8000), NR_VCPUS * TURNS);
	for (i = 0; i < NR_VCPUS; i++)
		CHECK_EQ(get_reg(&vcpus[i], REG_X(RV_A2)), 0);
	for (i = 0; i < nr_workers; i++)
		sys_close(fd[i]);
	tear_down(NR_VCPUS);
}

static void one_worker(void)
{
	share(1, VMXL_SCHED_POLICY_FAIR);
	share(1, VMXL_SCHED_POLICY_RR);
}

static void more_workers(void)
{
	share(3, VMXL_SCHED_POLICY_FAIR);
	share(4, VMXL_SCHED_POLICY_RR);
}

static void policies(void)
{
	share(2, VMXL_SCHED_POLICY_CREDIT);
	share(2, VMXL_SCHED_POLICY_GANG);
}

static void *kick_later(void *arg)
{
	usleep(50000);
	sys_ioctl(*(int *)arg, VMXL_KICK_WORKER, 0);
	return NULL;
}

static void run_kicked(int fd)
{
	pthread_t thread;

	CHECK(!pthread_create(&thread, NULL, kick_later, &fd));
	CHECK_ERR(sys_ioctl(fd, VMXL_RUN, 0), EINTR);
	pthread_join(thread, NULL);
}

static void kicks(void)
{
	int fd;

	set_up(1);
	fd = worker_new();
	CHECK_OK(sys_ioctl(fd, VMXL_KICK_WORKER, 0));
	CHECK_ERR(sys_ioctl(fd, VMXL_RUN, 0), EINTR);
	CHECK_EQ(sys_ioctl(fd, VMXL_RUN, 0), 0);
	CHECK_EQ(told(0), 1);
	CHECK_OK(__mp_state(vcpus[0].fd, VMXL_MP_STOPPED));
	run_kicked(fd);		/* nothing to do */
	set_reg(&vcpus[0], REG_PC, RAM + 20);
	CHECK_OK(__mp_state(vcpus[0].fd, VMXL_MP_RUNNABLE));
	run_kicked(fd);		/* a loop */
	sys_close(fd);
	tear_down(1);
}

static u64 thread_ns(pthread_t thread)
{
	struct timespec ts;
	clockid_t clock;

	CHECK(!pthread_getcpuclockid(thread, &clock));
	CHECK(!clock_gettime(clock, &ts));
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static u64 wall_ns(void)
{
	struct timespec ts;

	CHECK(!clock_gettime(CLOCK_MONOTONIC, &ts));
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static void *run_until_kicked(void *arg)
{
	CHECK_ERR(sys_ioctl(*(int *)arg, VMXL_RUN, 0), EINTR);
	return NULL;
}

/* For how long the vCPU has not run, but for a wait that is under way, in ns */
static u64 not_run(void)
{
	return stat_of(vcpus[0].fd, "wait_ns") + stat_of(vcpus[0].fd, "delay_ns");
}

struct times {
	u64 wall;
	u64 thread;	/* CPU time of the worker's thread */
	u64 not_run;
};

/*
 * As the vCPU comes on, so that no wait is under way, or soon after that: then some of the
 * time before counts as waited for. One without a quota is always on.
 */
static struct times as_it_comes_on(pthread_t thread)
{
	u64 before = not_run();
	struct times t;
	unsigned int i;

	for (i = 0; i < 10000; i++) {
		usleep(100);
		t = (struct times){ wall_ns(), thread_ns(thread), not_run() };
		if (t.not_run != before)
			break;
	}
	return t;
}

/*
 * The vCPU's time as the module counts it is held to the quota. The thread's is that of
 * coming and going and of interrupts as well: little, but on a kernel that checks every
 * lock, or with thousands of timers (tests/debug/preempt). It says that the module counts.
 */
#define MOST_PERCENT		21
#define THREAD_PERCENT		30

/* What a vCPU uses of the time that there is: whether it is at most the quota */
static bool within_quota(const char *what)
{
	struct times a, b;
	pthread_t thread;
	long long all, ran;
	int fd;

	fd = worker_new();
	CHECK(!pthread_create(&thread, NULL, run_until_kicked, &fd));
	usleep(30000);
	a = as_it_comes_on(thread);
	usleep(600000);
	b = as_it_comes_on(thread);
	CHECK_OK(sys_ioctl(fd, VMXL_KICK_WORKER, 0));
	pthread_join(thread, NULL);
	sys_close(fd);
	all = b.wall - a.wall;
	ran = all - (long long)(b.not_run - a.not_run);
	b.thread -= a.thread;
	printf("# %s: %lld us of %lld us, %lld us of its thread\n", what, ran / 1000,
	       all / 1000, (long long)b.thread / 1000);
	/* 20 % and 5 % of that, and the period that has begun */
	return b.thread && ran <= all / 100 * MOST_PERCENT + 4000000 &&
	       (long long)b.thread <= all / 100 * THREAD_PERCENT + 4000000;
}

/*
 * A host that is busy may give it less than the quota, as a rule. But where the machine
 * is a virtual one, whose host stops it just then, the tick that takes the vCPU off comes
 * late, and that time counts as the thread's; the debt may come after the end.
 */
static void use_quota(const char *what)
{
	unsigned int i;

	for (i = 0; i < 5; i++)
		if (within_quota(what))
			return;
	CHECK(!"within the quota");
}

static void quota(void)
{
	struct vmxl_sched_params all = { .policy = VMXL_SCHED_POLICY_FAIR };
	struct vmxl_sched_vcpu one = { .vcpu = 0, .cap = 20 };

	set_up(1);
	set_reg(&vcpus[0], REG_PC, RAM + 20);
	CHECK_ERR(sys_ioctl(vm.fd, VMXL_SET_SCHED_VCPU, (unsigned long)&(struct vmxl_sched_vcpu){
		.cap = 20, .runtime_ns = 1000000 }), EINVAL);
	CHECK_OK(sys_ioctl(vm.fd, VMXL_SET_SCHED_VCPU, (unsigned long)&one));
	use_quota("a cap of 20 %");
	one.cap = 0;
	CHECK_OK(sys_ioctl(vm.fd, VMXL_SET_SCHED_VCPU, (unsigned long)&one));
	all.period_ns = 20000000;
	all.runtime_ns = 4000000;
	CHECK_OK(sys_ioctl(vm.fd, VMXL_SET_SCHED, (unsigned long)&all));
	use_quota("a quota of 20 %");
	tear_down(1);
}

/* An ioctl of a vCPU gets it from a worker that runs it for ever. */
static void *look(void *arg)
{
	unsigned int i;

	for (i = 0; i < 20; i++) {
		usleep(2000);
		if (get_reg(&vcpus[0], REG_PC) != RAM + 20)
			return "the guest is somewhere else";
	}
	sys_ioctl(*(int *)arg, VMXL_KICK_WORKER, 0);
	return NULL;
}

static void registers(void)
{
	pthread_t thread;
	void *failed;
	int fd;

	set_up(1);
	set_reg(&vcpus[0], REG_PC, RAM + 20);
	fd = worker_new();
	CHECK(!pthread_create(&thread, NULL, look, &fd));
	CHECK_ERR(sys_ioctl(fd, VMXL_RUN, 0), EINTR);
	pthread_join(thread, &failed);
	CHECK(!failed);
	sys_close(fd);
	tear_down(1);
}

/* A worker that goes leaves its vCPU to another one, also with an exit that is not done. */
static void worker_goes(void)
{
	int a, b;

	set_up(1);
	a = worker_new();
	CHECK_EQ(sys_ioctl(a, VMXL_RUN, 0), 0);
	CHECK_EQ(told(0), 1);
	sys_close(a);
	b = worker_new();
	CHECK_EQ(sys_ioctl(b, VMXL_RUN, 0), 0);
	CHECK_EQ(told(0), 1);
	CHECK_EQ(*(u64 *)(vm.ram + 0x8000), 1);
	vcpus[0].run->immediate_exit = 1;
	CHECK_EQ(sys_ioctl(b, VMXL_RUN, 0), 0);
	CHECK_EQ(vcpus[0].run->exit_reason, VMXL_EXIT_INTR);
	vcpus[0].run->immediate_exit = 0;
	CHECK_EQ(sys_ioctl(b, VMXL_RUN, 0), 0);
	CHECK_EQ(*(u64 *)(vm.ram + 0x8000), 2);
	sys_close(b);
	tear_down(1);
}

#define LONG_SLICE_NS	1000000000

/*
 * vCPU 0 waits for vCPU 1, which has no other worker and waits then, each in a loop with
 * @fence: how long it takes, ns
 */
static u64 spin(u32 hint, u32 fence)
{
	const u32 waits[] = {
		hint, RV_LD(RV_A0, 0, RV_A3), fence, RV_BEQ(RV_A0, RV_ZERO, -12),
		RV_SD(RV_ZERO, 8, RV_A1), RV_J(0),
	};
	const u32 tells[] = { RV_SD(RV_A4, 0, RV_A3), hint, fence, RV_J(-8) };
	struct vmxl_sched_params params = { .slice_ns = LONG_SLICE_NS };
	u64 begin;
	int fd;

	set_up(2);
	GUEST(&vm, &vcpus[0], RAM + 0x1000, waits);
	GUEST(&vm, &vcpus[1], RAM + 0x2000, tells);
	CHECK_OK(sys_ioctl(vm.fd, VMXL_SET_SCHED, (unsigned long)&params));
	fd = worker_new();
	begin = wall_ns();
	CHECK_EQ(sys_ioctl(fd, VMXL_RUN, 0), 0);
	begin = wall_ns() - begin;
	CHECK_EQ(told(0), 0);
	sys_close(fd);
	tear_down(2);
	return begin;
}

#define SPINNERS	8
#define ROUNDS		20

/* In turn each vCPU finds its number, and makes it the next one's; all others spin meanwhile. */
static void pass_on(u32 hint, unsigned int nr_workers)
{
	const u32 code[] = {
		hint, RV_LD(RV_A5, 0, RV_A3), RV_BNE(RV_A5, RV_A0, -8),
		RV_ADDI(RV_A5, RV_A5, 1), RV_FENCE(0, RV_FENCE_RW, RV_FENCE_W),
		RV_SD(RV_A5, 0, RV_A3), RV_ADDI(RV_A0, RV_A0, SPINNERS),
		RV_ADDI(RV_A2, RV_A2, -1), RV_BNE(RV_A2, RV_ZERO, -32),
		RV_SD(RV_ZERO, 8, RV_A1), RV_J(0),
	};
	struct smp smp;
	unsigned int i;

	smp_new(&smp, SPINNERS, nr_workers);
	memcpy(smp.vm.ram, code, sizeof(code));
	for (i = 0; i < SPINNERS; i++) {
		set_reg(&smp.vcpu[i], REG_X(RV_A0), i);
		set_reg(&smp.vcpu[i], REG_X(RV_A1), MMIO);
		set_reg(&smp.vcpu[i], REG_X(RV_A2), ROUNDS);
		set_reg(&smp.vcpu[i], REG_X(RV_A3), RAM + 0x8000);
		smp_start(&smp, i, RAM);
	}
	smp_run(&smp, SPINNERS);
	CHECK_EQ(*(u64 *)(smp.vm.ram + 0x8000), SPINNERS * ROUNDS);
	smp_close(&smp);
}

static void turns(void)
{
	unsigned int nr_workers;

	for (nr_workers = 0; nr_workers <= 2; nr_workers++) {
		pass_on(RV_PAUSE, nr_workers);
		pass_on(RV_WRS_STO, nr_workers);
	}
}

#define SBI_STA		0x535441
#define STEAL(i)	(RAM + 0x8000 + 64 * (i))

static u64 stolen(unsigned int i)
{
	return __atomic_load_n((u64 *)(vm.ram + 0x8000 + 64 * i + 8), __ATOMIC_RELAXED);
}

/* Two vCPUs that always run share a worker: each finds that the other steals its time. */
static void steal_time(void)
{
	static const u32 loop[] = { RV_ECALL, RV_J(0) };
	struct vmxl_sched_params params = { .slice_ns = 100000 };
	unsigned int i, tries;
	int fd;

	vm = vm_new_ram(VMXL_VM_FIRMWARE);
	for (i = 0; i < 2; i++) {
		vcpus[i] = vcpu_new(&vm, i);
		GUEST(&vm, &vcpus[i], RAM, loop);
		CHECK_OK(__mp_state(vcpus[i].fd, VMXL_MP_RUNNABLE));
		set_reg(&vcpus[i], REG_X(RV_A7), SBI_STA);
		set_reg(&vcpus[i], REG_X(RV_A0), STEAL(i));
	}
	CHECK_OK(sys_ioctl(vm.fd, VMXL_SET_SCHED, (unsigned long)&params));
	fd = worker_new();
	for (tries = 0; tries < 200 && !(stolen(0) && stolen(1)); tries++)
		run_kicked(fd);
	CHECK(stolen(0) && stolen(1));
	for (i = 0; i < 2; i++) {
		CHECK_EQ(get_reg(&vcpus[i], REG_X(RV_A0)), 0);
		CHECK_EQ(get_reg(&vcpus[i], REG(VMXL_RV64_SBI, VMXL_RV64_SBI_STA_SHMEM)), STEAL(i));
	}
	printf("# stolen: %llu us, %llu us\n", (unsigned long long)stolen(0) / 1000,
	       (unsigned long long)stolen(1) / 1000);
	sys_close(fd);
	tear_down(2);
}

/* How many instructions the first @nr vCPUs have executed */
static u64 executed(unsigned int nr)
{
	u64 sum = 0;

	while (nr--)
		sum += get_reg(&vcpus[nr], REG_ICOUNT);
	return sum;
}

/*
 * How long it takes one of @nr vCPUs on a worker to execute @hint, and give way: ns. On a
 * busy host the worker may be kicked before it has executed anything.
 */
static u64 give_way(unsigned int nr, u32 hint)
{
	const u32 loop[] = { hint, RV_J(-4) };
	u64 begin, ns, times, before;
	unsigned int i;
	int fd;

	set_up(nr);
	for (i = 0; i < nr; i++)
		GUEST(&vm, &vcpus[i], RAM + 0x1000, loop);
	fd = worker_new();
	run_kicked(fd);		/* until all is translated */
	before = executed(nr);
	begin = thread_ns(pthread_self());
	for (i = 0; i < 200 && executed(nr) < before + 2; i++)
		run_kicked(fd);
	ns = thread_ns(pthread_self()) - begin;
	times = executed(nr) - before;
	sys_close(fd);
	tear_down(nr);
	CHECK(times >= 2);
	return ns / (times / 2);
}

#define PAUSES			128	/* after so many it says that it spins, */
#define PAUSE_WINDOW_NS		100000	/* if they took less (kmod/thread.c) */

/* A kernel that watches itself needs longer for them than who spins does. */
static bool pauses_are_slow(void)
{
	return give_way(1, RV_PAUSE) * PAUSES > PAUSE_WINDOW_NS / 2;
}

/* Not by the end of its slice: that a busy host takes so long may happen, but not each time. */
static void lets_on(u32 hint, u32 fence)
{
	unsigned int i;

	for (i = 0; i < 5 && spin(hint, fence) >= LONG_SLICE_NS; i++)
		;
	if (i == 5 && hint == RV_PAUSE && pauses_are_slow())
		printf("# PAUSE is too slow here to be seen as a spin\n");
	else
		CHECK(i < 5);
}

/* An acquire is a full fence to some compilers. */
static void spins(void)
{
	lets_on(RV_PAUSE, RV_FENCE(0, RV_FENCE_R, RV_FENCE_RW));
	lets_on(RV_PAUSE, RV_FENCE(0, RV_FENCE_RW, RV_FENCE_RW));
	lets_on(RV_WRS_STO, RV_FENCE(0, RV_FENCE_RW, RV_FENCE_RW));
}

/* What is promised at native speed, which no sanitizer has (clang names them otherwise) */
#define SWITCH_NS		1000
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__)
static const bool native_speed;
#else
static const bool native_speed = true;
#endif

/* CPU time: a busy machine makes it more, but not each time. */
static void switch_cost(void)
{
	u64 alone, two, more, pause, pauses;
	unsigned int i;

	for (i = 0; i < 10; i++) {
		alone = give_way(1, RV_WRS_STO);
		two = give_way(2, RV_WRS_STO);
		if (two < alone + SWITCH_NS)
			break;
	}
	more = give_way(NR_VCPUS, RV_WRS_STO);
	pause = give_way(1, RV_PAUSE);
	pauses = give_way(2, RV_PAUSE);
	printf("# WRS: %llu ns alone, %llu ns with a switch between two vCPUs, %llu ns of %u\n",
	       (unsigned long long)alone, (unsigned long long)two, (unsigned long long)more,
	       NR_VCPUS);
	printf("# PAUSE: %llu ns alone, %llu ns beside another vCPU\n",
	       (unsigned long long)pause, (unsigned long long)pauses);
	CHECK(i < 10 || on_kernel || !native_speed);
}

static const struct test tests[] = {
	TEST(arguments),
	TEST(one_worker),
	TEST(more_workers),
	TEST(policies),
	TEST(quota),
	TEST(kicks),
	TEST(spins),
	TEST(turns),
	TEST(switch_cost),
	TEST(steal_time),
	TEST(registers),
	TEST(worker_goes),
};
TEST_MAIN(tests)
