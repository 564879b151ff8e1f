// SPDX-License-Identifier: GPL-2.0
/*
 * Guest code that is compiled and executed in user mode: by the thread that
 * called RUN, which signals, kicks and a lost descriptor reach.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "user_env.h"

static void for_ever(void)
{
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	__atomic_store_n((u64 *)s.data, 0, __ATOMIC_RELAXED);
	CHECK_ERR(__vcpu_run(&s.vcpu), EINTR);
}

static void on_usr2(int sig)
{
	u64 val;

	/* The vCPU is this thread's own, which is in RUN. */
	CHECK_ERR(__get_reg(s.vcpu.fd, REG_PC, &val), EBUSY);
	s.vcpu.run->immediate_exit = 1;
}

static pthread_t runner;

static void *signal_runner(void *arg)
{
	usleep(50000);
	pthread_kill(runner, SIGUSR2);
	return NULL;
}

/* A handler runs on top of guest code, and ends RUN by the flag. */
static void handler_ends_run(void)
{
	struct sigaction sa = { .sa_handler = on_usr2 };
	pthread_t thread;

	need_kernel();
	set_up(0);
	runner = pthread_self();
	sigaction(SIGUSR2, &sa, NULL);
	CHECK(!pthread_create(&thread, NULL, signal_runner, NULL));
	for_ever();
	pthread_join(thread, NULL);
	CHECK(count() > TURNS);
	s.vcpu.run->immediate_exit = 0;
	tear_down();
}

static void close_vcpu(void)
{
	close(s.vcpu.fd);
}

/* Without the descriptor there is no way back but the last one. */
static void closed_meanwhile(void)
{
	need_kernel();
	set_up(0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_ERR(run_and(close_vcpu), EBADF);
	munmap(s.vcpu.run, PAGE);
	vm_close(&s.vm);
	pages_free(s.data, PAGE);
}

#define NR_KICKS	100

static u64 asked[NR_KICKS], answered[NR_KICKS];
static unsigned int nr_answered;
static bool by_signal;

static u64 clock_ns(void)
{
	struct timespec ts;

	CHECK(!clock_gettime(CLOCK_MONOTONIC, &ts));
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static void on_kick(int sig)
{
	__atomic_store_n(&s.vcpu.run->immediate_exit, 1, __ATOMIC_RELAXED);
}

/* One after the other, each while the guest executes */
static void *kick_often(void *arg)
{
	unsigned int i;

	for (i = 0; i < NR_KICKS; i++) {
		usleep(1000);
		wait_for_store();
		asked[i] = clock_ns();
		if (by_signal)
			pthread_kill(runner, SIGUSR2);
		else
			__atomic_store_n(&s.vcpu.run->immediate_exit, 1, __ATOMIC_RELEASE);
		while (__atomic_load_n(&nr_answered, __ATOMIC_ACQUIRE) <= i)
			usleep(100);
	}
	return NULL;
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* RUN comes back when it is told to: how soon. A busy host has its say; a second is a fault. */
static void kick_latency(const char *how)
{
	u64 ns[NR_KICKS];
	pthread_t thread;
	unsigned int i;

	set_up(0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	runner = pthread_self();
	nr_answered = 0;
	CHECK(!pthread_create(&thread, NULL, kick_often, NULL));
	for (i = 0; i < NR_KICKS; i++) {
		CHECK_ERR(__vcpu_run(&s.vcpu), EINTR);
		answered[i] = clock_ns();
		__atomic_store_n(&s.vcpu.run->immediate_exit, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&nr_answered, i + 1, __ATOMIC_RELEASE);
	}
	pthread_join(thread, NULL);
	for (i = 0; i < NR_KICKS; i++)
		ns[i] = answered[i] - asked[i];
	qsort(ns, NR_KICKS, sizeof(ns[0]), compare);
	tap_note("RUN comes back by %s after %llu us, median; %llu us, longest", how,
		 (unsigned long long)ns[NR_KICKS / 2] / 1000,
		 (unsigned long long)ns[NR_KICKS - 1] / 1000);
	CHECK(ns[NR_KICKS / 2] < 1000000000);
	tear_down();
}

static void kicked(void)
{
	struct sigaction sa = { .sa_handler = on_kick };

	by_signal = false;
	kick_latency("the flag");
	if (!on_kernel)
		return;
	by_signal = true;
	sigaction(SIGUSR2, &sa, NULL);
	kick_latency("a signal");
}

/* RAM where it is and in the last region of the lower half, which programs have their stack in */
static void larger_addresses(u64 mode, u64 high)
{
	u64 *root, *above;
	u32 i;

	set_up(0);
	root = (u64 *)(s.vm.ram + (USER_TABLE + PAGE - RAM));
	above = (u64 *)(s.vm.ram + (USER_TABLE + 2 * PAGE - RAM));
	root[0] = USER_TABLE >> 2 | 1;
	root[high >> 39 & 511] = root[0];
	above[0] = (USER_TABLE + PAGE) >> 2 | 1;
	above[high >> 48] = above[0];
	set_reg(&s.vcpu, REG_CSR(0x180), mode << 60 | (USER_TABLE + (mode - 8) * PAGE) >> 12);
	for (i = 2; i < 6; i++) {
		set_reg(&s.vcpu, REG_X(RV_A0), TURNS);
		set_reg(&s.vcpu, REG_X(RV_A3), DATA + (i % 2 ? high : 0));
		expect_store(&s.vcpu, MMIO, 8, i * TURNS);
	}
	CHECK_EQ(count(), 5 * TURNS);
	tear_down();
}

static void addresses_of_48_bits(void)
{
	larger_addresses(9, 0x7f8000000000ull);
}

static void addresses_of_57_bits(void)
{
	larger_addresses(10, 0xffff8000000000ull);
}

static void not_in_user_mode(void)
{
	set_up(0);
	CHECK_ERR(sys_ioctl(s.vcpu.fd, VMXL_USER_EXIT, 0), EINVAL);
	CHECK_ERR(sys_ioctl(s.vcpu.fd, VMXL_USER_EXIT, 1), EINVAL);
	tear_down();
}

static const struct test tests[] = {
	TEST(handler_ends_run),
	TEST(closed_meanwhile),
	TEST(kicked),
	TEST(addresses_of_48_bits),
	TEST(addresses_of_57_bits),
	TEST(not_in_user_mode),
};

TEST_MAIN(tests)
