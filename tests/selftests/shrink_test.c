// SPDX-License-Identifier: GPL-2.0
/*
 * Translated code goes when memory is short: the system's, a control group's. VMs
 * run on meanwhile, and do not notice.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib.h"

#define BLOCKS	(RAM + 0x20000)
#define NR	1500u			/* functions, a block each */
#define ROUNDS	40			/* until each is compiled */
#define TRIES	200

#define GROUP	"/sys/fs/cgroup/vmxl-shrink"
#define TRACING	"/sys/kernel/tracing"

struct setup {
	struct vm vm;
	struct vcpu vcpu;
	u64 sum;
};

/* In U-mode: call all functions, of which each adds one; tell the sum; again. */
static void set_up(struct setup *s)
{
	static const u32 code[] = {
		RV_ADD(RV_T0, RV_ZERO, RV_S0),
		RV_JALR(RV_RA, 0, RV_T0),
		RV_ADDI(RV_T0, RV_T0, 64),
		RV_BNE(RV_T0, RV_S1, -8),
		RV_SD(RV_A0, 0, RV_A1),
		RV_J(-20),
	};
	static const u32 function[] = {
		RV_ADDI(RV_A0, RV_A0, 1),
		RV_JALR(RV_ZERO, 0, RV_RA),
	};
	u32 i;

	s->vm = vm_new_ram(VMXL_VM_FIRMWARE);
	s->vcpu = vcpu_new(&s->vm, 0);
	s->sum = 0;
	for (i = 0; i < NR; i++)
		memcpy(s->vm.ram + (BLOCKS - RAM) + 64 * i, function, sizeof(function));
	GUEST(&s->vm, &s->vcpu, RAM, code);
	user_mode(&s->vm, &s->vcpu);
	set_reg(&s->vcpu, REG_X(RV_S0), BLOCKS);
	set_reg(&s->vcpu, REG_X(RV_S1), BLOCKS + 64 * NR);
	set_reg(&s->vcpu, REG_X(RV_A0), 0);
	set_reg(&s->vcpu, REG_X(RV_A1), MMIO);
}

static void tear_down(struct setup *s)
{
	vcpu_close(&s->vcpu);
	vm_close(&s->vm);
}

static void run_rounds(struct setup *s, unsigned int n)
{
	while (n--)
		expect_store(&s->vcpu, MMIO, 8, s->sum += NR);
}

/* Press until most of what the VM had is gone; then it runs as before. */
static void press(struct setup *s, const char *path, const char *text)
{
	u64 had = stat_of(s->vm.fd, "block_bytes");
	unsigned int i;

	CHECK(had > NR * 100);
	for (i = 0; i < TRIES && stat_of(s->vm.fd, "block_bytes") > had / 4; i++) {
		write_file(path, text);
		usleep(100000);
	}
	tap_note("%llu of %llu bytes of blocks left after %u tries, %llu of code",
		 (unsigned long long)stat_of(s->vm.fd, "block_bytes"), (unsigned long long)had, i,
		 (unsigned long long)stat_of(s->vm.fd, "code_used"));
	CHECK(stat_of(s->vm.fd, "block_bytes") <= had / 4);
	CHECK(stat_of(s->vm.fd, "reclaimed") > NR / 2);
	CHECK(stat_of(s->vm.fd, "code_used") < NR * 128 / 2);
	run_rounds(s, ROUNDS);
	CHECK(stat_of(s->vm.fd, "block_bytes") > had / 2);
}

static bool stop;

static void *runs(void *arg)
{
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
		run_rounds(arg, 1);
	return NULL;
}

/* Whether the trace has lines of an event, which was enabled */
static bool was_traced(const char *event)
{
	FILE *f = fopen(TRACING "/trace", "r");
	bool found = false;
	char line[512];

	while (f && !found && fgets(line, sizeof(line), f))
		found = strstr(line, event);
	if (f)
		fclose(f);
	return found;
}

static void system_short_of_memory(void)
{
	struct setup busy, idle;
	pthread_t thread;
	bool traced;

	need_kernel();
	set_up(&busy);
	set_up(&idle);
	run_rounds(&busy, ROUNDS);
	run_rounds(&idle, ROUNDS);
	traced = write_file(TRACING "/events/vmx_xlate/vmxl_reclaim/enable", "1");
	stop = false;
	CHECK(!pthread_create(&thread, NULL, runs, &busy));
	press(&idle, "/proc/sys/vm/drop_caches", "2");
	press(&idle, "/proc/sys/vm/drop_caches", "2");
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	CHECK(!pthread_join(thread, NULL));
	if (traced) {
		write_file(TRACING "/events/vmx_xlate/vmxl_reclaim/enable", "0");
		CHECK(was_traced("vmxl_reclaim"));
		write_file(TRACING "/trace", "0");
	}
	tap_note("the busy one: %llu blocks went, %llu are there",
		 (unsigned long long)stat_of(busy.vm.fd, "reclaimed"),
		 (unsigned long long)stat_of(busy.vm.fd, "blocks"));
	run_rounds(&busy, ROUNDS);
	tear_down(&idle);
	tear_down(&busy);
}

static bool enter_group(void)
{
	write_file("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	if (mkdir(GROUP, 0755) && errno != EEXIST)
		return false;
	return !access(GROUP "/memory.reclaim", W_OK) && write_file(GROUP "/cgroup.procs", "0");
}

/* The VM of a group that is short of memory gives; no other has to. */
static void group_short_of_memory(void)
{
	struct setup inside, outside;

	need_kernel();
	set_up(&outside);
	run_rounds(&outside, ROUNDS);
	if (!enter_group())
		tap_skip("no control group whose memory can be reclaimed");
	set_up(&inside);
	run_rounds(&inside, ROUNDS);
	press(&inside, GROUP "/memory.reclaim", "256M");
	CHECK_EQ(stat_of(outside.vm.fd, "reclaimed"), 0);
	tear_down(&inside);
	CHECK(write_file("/sys/fs/cgroup/cgroup.procs", "0"));
	rmdir(GROUP);
	run_rounds(&outside, 1);
	tear_down(&outside);
}

static const struct test tests[] = {
	TEST(system_short_of_memory),
	TEST(group_short_of_memory),
};

TEST_MAIN(tests)
