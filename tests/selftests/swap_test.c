// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory is swapped out, to a disk in memory, and comes back: with what the guest and
 * its owner have written to it, before and at the time.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/swap.h>
#include <unistd.h>

#include "lib.h"

#define DISK		"/dev/ram0"
#define DISK_PAGES	4096
#define LOAD_DISK	"modprobe brd rd_nr=1 rd_size=16384 2>/dev/null"

#define CONTROL		(RAM + RAM_SIZE)	/* slot 1, a page */
#define MEMORY		(RAM + 2 * RAM_SIZE)	/* slot 2 */
#define PAGES		64ul
#define SIZE		(PAGES * PAGE)
#define WORDS		(PAGE / sizeof(u64))

#define ROUNDS		10
#define AT_ONCE		50	/* rounds while it is sent out */
#define TRIES		1000
#define FEW_TRIES	10

/* What a swap area begins with */
struct header {
	u8 boot[1024];
	u32 version, last_page, nr_bad;
	u8 reserved[PAGE - 1024 - 3 * sizeof(u32) - 10];
	char magic[10];
};

_Static_assert(sizeof(struct header) == PAGE, "a page");

static struct setup {
	struct vm vm;
	struct vcpu vcpu;
	u64 *control;		/* how often it is asked to go round, and how often it did */
	u64 *memory;
	u64 rounds, added;	/* each page's first word, and second */
	pthread_t thread;
} s;

static u64 *page(unsigned long i)
{
	return s.memory + i * WORDS;
}

static bool swap_on(void)
{
	struct header h = { .version = 1, .last_page = DISK_PAGES - 1 };
	int fd;

	if (system(LOAD_DISK))
		return false;
	memcpy(h.magic, "SWAPSPACE2", sizeof(h.magic));
	fd = open(DISK, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	CHECK_EQ(write(fd, &h, sizeof(h)), sizeof(h));
	CHECK_OK(fsync(fd));
	close(fd);
	return !swapon(DISK, 0);
}

/* Pages that were written to swap since the system was started */
static u64 swapped_out(void)
{
	FILE *f = fopen("/proc/vmstat", "r");
	unsigned long long n = 0;
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "pswpout %llu", &n) == 1)
			break;
	if (f)
		fclose(f);
	return n;
}

/* In U-mode: when asked add one to each page's first word, and answer. */
static void set_up(int flags)
{
	static const u32 code[] = {
		RV_LD(RV_T0, 0, RV_A0),
		RV_BEQ(RV_T0, RV_T1, -4),
		RV_ADDI(RV_T2, RV_A3, 0),
		RV_LD(RV_A2, 0, RV_T2),
		RV_ADDI(RV_A2, RV_A2, 1),
		RV_SD(RV_A2, 0, RV_T2),
		RV_ADD(RV_T2, RV_T2, RV_A5),
		RV_BNE(RV_T2, RV_A4, -16),
		RV_ADDI(RV_T1, RV_T0, 0),
		RV_SD(RV_T1, 8, RV_A0),
		RV_J(-40),
	};
	unsigned long i, k;

	s.vm = vm_new_ram(VMXL_VM_FIRMWARE);
	s.vcpu = vcpu_new(&s.vm, 0);
	s.control = pages_new(PAGE);
	s.memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
	CHECK(s.memory != MAP_FAILED);
	madvise(s.memory, SIZE, MADV_NOHUGEPAGE);
	for (i = 0; i < PAGES; i++)
		for (k = 2; k < WORDS; k++)
			page(i)[k] = i << 32 | k;
	s.rounds = 0;
	s.added = 0;
	vm_memory(s.vm.fd, 1, 0, CONTROL, PAGE, s.control);
	vm_memory(s.vm.fd, 2, 0, MEMORY, SIZE, s.memory);
	GUEST(&s.vm, &s.vcpu, RAM, code);
	user_mode(&s.vm, &s.vcpu);
	set_reg(&s.vcpu, REG_X(RV_T1), 0);
	set_reg(&s.vcpu, REG_X(RV_A0), CONTROL);
	set_reg(&s.vcpu, REG_X(RV_A3), MEMORY);
	set_reg(&s.vcpu, REG_X(RV_A4), MEMORY + SIZE);
	set_reg(&s.vcpu, REG_X(RV_A5), PAGE);
}

static void *execute(void *arg)
{
	return (void *)(long)(__vcpu_run(&s.vcpu) < 0 ? errno : 0);
}

static void stop(void)
{
	void *err;

	__atomic_store_n(&s.vcpu.run->immediate_exit, 1, __ATOMIC_RELEASE);
	CHECK(!pthread_join(s.thread, &err));
	CHECK_EQ((long)err, EINTR);
	s.vcpu.run->immediate_exit = 0;
}

static void tear_down(void)
{
	vcpu_close(&s.vcpu);
	vm_close(&s.vm);
	pages_free(s.control, PAGE);
	pages_free(s.memory, SIZE);
}

static void ask(void)
{
	s.rounds++;
	__atomic_store_n(&s.control[0], s.rounds, __ATOMIC_RELEASE);
}

/* However busy the machine is; a minute is a guest that is stuck. */
static void wait_for_answer(void)
{
	unsigned int i;

	for (i = 0; i < 60000; i++) {
		if (__atomic_load_n(&s.control[1], __ATOMIC_ACQUIRE) == s.rounds)
			return;
		usleep(1000);
	}
	FAIL("the guest does not answer");
}

static void check_memory(void)
{
	unsigned long i, k;

	for (i = 0; i < PAGES; i++) {
		CHECK_EQ(page(i)[0], s.rounds);
		CHECK_EQ(page(i)[1], s.added);
		for (k = 2; k < WORDS; k++)
			CHECK_EQ(page(i)[k], i << 32 | k);
	}
}

/* The owner writes to each page, too. */
static void add(void)
{
	unsigned long i;

	s.added++;
	for (i = 0; i < PAGES; i++)
		page(i)[1]++;
}

/*
 * Have reclaim take the memory. Of what the guest had the module lets go when it is taken out
 * of this process; such a page goes the next time that it is there. Return: pages that stay.
 */
static unsigned int send_out(unsigned int tries)
{
	unsigned char there[PAGES];
	unsigned int i, left = PAGES;

	while (left && tries--) {
		CHECK_OK(madvise(s.memory, SIZE, MADV_PAGEOUT));
		CHECK_OK(mincore(s.memory, SIZE, there));
		for (i = left = 0; i < PAGES; i++) {
			if (!(there[i] & 1))
				continue;
			left++;
			(void)*(volatile u64 *)page(i);
		}
		/* What another processor has not yet told reclaim about */
		if (left && tries % 8 == 0)
			write_file("/proc/sys/vm/compact_memory", "1");
		if (left && tries)
			usleep(1000);
	}
	return left;
}

/* The slot goes, and what was pinned for it. */
static void renew_slot(void)
{
	vm_memory(s.vm.fd, 2, 0, MEMORY, 0, s.memory);
	vm_memory(s.vm.fd, 2, 0, MEMORY, SIZE, s.memory);
}

/* Out, in by the owner's hand and by the guest's, again and again. Pages that stayed at first */
static unsigned int go_round(bool shared)
{
	unsigned int i, left, stayed = 0;

	for (i = 0; i < ROUNDS; i++) {
		ask();
		wait_for_answer();
		check_memory();
		left = send_out(shared ? TRIES : FEW_TRIES);
		stayed += left;
		CHECK(!shared || !left);
		if (left) {
			renew_slot();
			CHECK_EQ(send_out(TRIES), 0);
		}
		if (i % 2)
			add();
	}
	return stayed;
}

static void go_round_meanwhile(void)
{
	unsigned int i;

	for (i = 0; i < AT_ONCE; i++) {
		ask();
		add();
		send_out(2);
		wait_for_answer();
	}
	check_memory();
}

static void swaps(bool shared)
{
	unsigned int stayed;
	u64 before;

	need_kernel();
	if (!swap_on())
		tap_skip("no disk in memory, or no swap");
	before = swapped_out();
	set_up(shared ? MAP_SHARED : MAP_PRIVATE);
	CHECK_EQ(send_out(TRIES), 0);
	CHECK(!pthread_create(&s.thread, NULL, execute, NULL));
	stayed = go_round(shared);
	go_round_meanwhile();
	stop();
	vm_memory(s.vm.fd, 2, 0, MEMORY, 0, s.memory);
	CHECK_EQ(send_out(TRIES), 0);
	check_memory();
	tap_note("%llu pages swapped out; of %lu that the guest had %u stayed",
		 (unsigned long long)(swapped_out() - before), ROUNDS * PAGES, stayed);
	CHECK(swapped_out() - before >= PAGES * ROUNDS);
	tear_down();
	CHECK_OK(swapoff(DISK));
}

static void private_memory(void)
{
	swaps(false);
}

static void shared_memory(void)
{
	swaps(true);
}

static const struct test tests[] = {
	TEST(private_memory),
	TEST(shared_memory),
};

TEST_MAIN(tests)
