// SPDX-License-Identifier: GPL-2.0
/*
 * LR/SC and AMOs of many vCPUs against each other and against a device: a thread of
 * this process that adds and stores to guest memory as DMA does.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>

#include "smp.h"

#define NR_VCPUS	8
#define TURNS		3000

/* Where the counters are, from RAM on; each in a cache line of its own but the last two */
enum {
	AMO_D = 0x8000,
	AMO_W = 0x8040,
	LRSC_D = 0x8080,
	LRSC_W = 0x80c0,
	MIXED = 0x8100,		/* by AMOs and by LR/SC */
	LOW = 0x8140,		/* two words that lie together */
	HIGH = 0x8144,
};

#define LRSC_ADD(width, base) \
	RV_LR(0, width, RV_T0, base), \
	RV_ADDI(RV_T0, RV_T0, 1), \
	RV_SC(0, width, RV_T1, RV_T0, base), \
	RV_BNE(RV_T1, RV_ZERO, -12)

#define AMO_ADD(width, base)	RV_ATOMIC(RV_AMO_ADD, 0, width, RV_ZERO, RV_A5, base)

/* a0: turns; a1 to a4, s0, s1, tp: the counters; a5: 1; a6: the device; a7: ~1 */
static const u32 count_code[] = {
	AMO_ADD(RV_D, RV_A1),
	AMO_ADD(RV_W, RV_A2),
	LRSC_ADD(RV_D, RV_A3),
	LRSC_ADD(RV_W, RV_A4),
	AMO_ADD(RV_D, RV_S0),
	LRSC_ADD(RV_D, RV_S0),
	AMO_ADD(RV_W, RV_S1),
	LRSC_ADD(RV_W, RV_TP),
	RV_ADDI(RV_A0, RV_A0, -1),
	RV_BNE(RV_A0, RV_ZERO, -4 * 21),
	RV_SD(RV_ZERO, 0, RV_A6),
	RV_J(0),
};

/* What the device stores whole, and the guest changes in its low half alone */
static const u32 change_code[] = {
	LRSC_ADD(RV_D, RV_A1),
	AMO_ADD(RV_D, RV_A1),
	RV_ATOMIC(RV_AMO_XOR, RV_AQRL, RV_D, RV_ZERO, RV_A5, RV_A1),
	RV_ATOMIC(RV_AMO_OR, 0, RV_D, RV_ZERO, RV_A5, RV_A1),
	RV_ATOMIC(RV_AMO_AND, 0, RV_D, RV_ZERO, RV_A7, RV_A1),
	RV_ATOMIC(RV_AMO_MAXU, 0, RV_W, RV_ZERO, RV_A5, RV_A1),
	LRSC_ADD(RV_W, RV_A1),
	RV_ADDI(RV_A0, RV_A0, -1),
	RV_BNE(RV_A0, RV_ZERO, -4 * 14),
	RV_SD(RV_ZERO, 0, RV_A6),
	RV_J(0),
};

static struct smp smp;
static unsigned int device_stops;
static u64 device_added;

static void *device_adds(void *arg)
{
	u8 *ram = smp.vm.ram;
	u64 n = 0;

	do {
		__atomic_fetch_add((u64 *)(ram + AMO_D), 1, __ATOMIC_RELAXED);
		__atomic_fetch_add((u32 *)(ram + AMO_W), 1, __ATOMIC_RELAXED);
		__atomic_fetch_add((u64 *)(ram + LRSC_D), 1, __ATOMIC_RELAXED);
		__atomic_fetch_add((u32 *)(ram + LRSC_W), 1, __ATOMIC_RELAXED);
		__atomic_fetch_add((u64 *)(ram + MIXED), 1, __ATOMIC_RELAXED);
		__atomic_fetch_add((u32 *)(ram + LOW), 1, __ATOMIC_RELAXED);
		__atomic_fetch_add((u32 *)(ram + HIGH), 1, __ATOMIC_RELAXED);
		n++;
	} while (!__atomic_load_n(&device_stops, __ATOMIC_ACQUIRE));
	device_added = n;
	return NULL;
}

/* Nothing but this thread changes the upper half: it must stay what was stored. */
static void *device_stores(void *arg)
{
	u64 *word = (u64 *)(smp.vm.ram + AMO_D), seq = 0;
	unsigned int looks;

	do {
		seq = (seq + 1) & 0xffffffff;
		__atomic_store_n(word, seq << 32, __ATOMIC_RELAXED);
		for (looks = 0; looks < 20; looks++)
			if (__atomic_load_n(word, __ATOMIC_RELAXED) >> 32 != seq)
				return "the guest brought back what the device had stored over";
	} while (!__atomic_load_n(&device_stops, __ATOMIC_ACQUIRE));
	device_added = seq;
	return NULL;
}

static void start(unsigned int id, unsigned int turns)
{
	const struct { unsigned int reg; u64 val; } regs[] = {
		{ RV_A0, turns }, { RV_A1, RAM + AMO_D }, { RV_A2, RAM + AMO_W },
		{ RV_A3, RAM + LRSC_D }, { RV_A4, RAM + LRSC_W }, { RV_S0, RAM + MIXED },
		{ RV_S1, RAM + LOW }, { RV_TP, RAM + HIGH }, { RV_A5, 1 }, { RV_A6, MMIO },
		{ RV_A7, ~1ull },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regs); i++)
		set_reg(&smp.vcpu[id], REG_X(regs[i].reg), regs[i].val);
	smp_start(&smp, id, RAM);
}

static unsigned int turns(void)
{
	const char *text = getenv("ATOMIC_TURNS");

	return text ? strtoul(text, NULL, 0) : TURNS;
}

/* All vCPUs run @code beside a device; what the device has to say is a failure. */
static void run(const u32 *code, size_t size, void *(*device)(void *arg), unsigned int nr_workers)
{
	struct vmxl_sched_params sched = {
		.policy = VMXL_SCHED_POLICY_FAIR, .slice_ns = 100000,
	};
	pthread_t thread;
	void *failed;
	unsigned int i;

	smp_new(&smp, NR_VCPUS, nr_workers);
	if (nr_workers)
		CHECK_OK(sys_ioctl(smp.vm.fd, VMXL_SET_SCHED, (unsigned long)&sched));
	memcpy(smp.vm.ram, code, size);
	for (i = 0; i < NR_VCPUS; i++)
		start(i, turns());
	device_stops = 0;
	CHECK(!pthread_create(&thread, NULL, device, NULL));
	smp_run(&smp, NR_VCPUS);
	__atomic_store_n(&device_stops, 1, __ATOMIC_RELEASE);
	pthread_join(thread, &failed);
	if (failed)
		FAIL("%s", (char *)failed);
}

static void count(unsigned int nr_workers)
{
	u64 all;
	u8 *ram;

	run(count_code, sizeof(count_code), device_adds, nr_workers);
	ram = smp.vm.ram;
	all = (u64)NR_VCPUS * turns() + device_added;
	tap_note("%u turns of %u vCPUs, %llu of the device", turns(), NR_VCPUS,
		 (unsigned long long)device_added);
	CHECK_EQ(*(u64 *)(ram + AMO_D), all);
	CHECK_EQ(*(u32 *)(ram + AMO_W), (u32)all);
	CHECK_EQ(*(u64 *)(ram + LRSC_D), all);
	CHECK_EQ(*(u32 *)(ram + LRSC_W), (u32)all);
	CHECK_EQ(*(u64 *)(ram + MIXED), all + NR_VCPUS * turns());
	CHECK_EQ(*(u32 *)(ram + LOW), (u32)all);
	CHECK_EQ(*(u32 *)(ram + HIGH), (u32)all);
	smp_close(&smp);
}

static void change(unsigned int nr_workers)
{
	run(change_code, sizeof(change_code), device_stores, nr_workers);
	tap_note("%u turns of %u vCPUs, %llu stores of the device", turns(), NR_VCPUS,
		 (unsigned long long)device_added);
	smp_close(&smp);
}

static void counters_on_threads(void)
{
	count(0);
}

static void counters_on_workers(void)
{
	count(3);
}

static void stores_on_threads(void)
{
	change(0);
}

static void stores_on_workers(void)
{
	change(3);
}

static const struct test tests[] = {
	TEST(counters_on_threads),
	TEST(counters_on_workers),
	TEST(stores_on_threads),
	TEST(stores_on_workers),
};
TEST_MAIN(tests)
