// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory that is a huge page on both sides is one entry of the host's page
 * tables in a window, until a page of it needs more than that. What the guest sees stays
 * right whatever becomes of it: each test has a guest that adds 1 to a word in each
 * page of 2 MiB, round and round, and looks at the sum.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib.h"

#define HUGE	0x200000ul
#define PAGES	(HUGE / PAGE)
#define DATA	0xc0000000ull		/* slot 1 */

struct setup {
	struct vm vm;
	struct vcpu vcpu;
	void *area;
	u8 *data;
};

static struct setup s;

static u64 counter(const char *name)
{
	struct {
		struct vmxl_stats_header h;
		char rest[16384];
	} f;
	int fd = CHECK_OK(sys_ioctl(s.vcpu.fd, VMXL_GET_STATS_FD, 0));
	struct vmxl_stats_desc *d;
	u64 val = 0;
	unsigned int i;

	CHECK(sys_pread(fd, &f, sizeof(f), 0) > 0);
	for (i = 0; i < f.h.num_desc; i++) {
		d = (void *)((char *)&f + f.h.desc_offset +
			     i * (sizeof(*d) + f.h.name_size));
		if (!strcmp(d->name, name))
			memcpy(&val, (char *)&f + f.h.data_offset + d->offset, sizeof(val));
	}
	CHECK_OK(sys_close(fd));
	return val;
}

/* A page of the guest's, 1 GiB, for RAM and for the data, which are as large on the host */
static void set_up(void)
{
	/* a0: rounds; a3: first word, a4: end. Tells a device when it has done. */
	static const u32 code[] = {
		RV_ADDI(RV_A5, RV_A3, 0),
		RV_LD(RV_A2, 0, RV_A5),
		RV_ADDI(RV_A2, RV_A2, 1),
		RV_SD(RV_A2, 0, RV_A5),
		RV_ADD(RV_A5, RV_A5, RV_A6),
		RV_BLTU(RV_A5, RV_A4, -16),
		RV_ADDI(RV_A0, RV_A0, -1),
		RV_BNE(RV_A0, RV_ZERO, -28),
		RV_SD(RV_A2, 0, RV_A1),
		RV_J(-36),
	};

	s.area = mmap(NULL, 2 * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(s.area != MAP_FAILED);
	s.data = (u8 *)(((uintptr_t)s.area + HUGE - 1) & -HUGE);
	madvise(s.data, HUGE, MADV_HUGEPAGE);
	s.vm = vm_new_ram(VMXL_VM_FIRMWARE);
	s.vcpu = vcpu_new(&s.vm, 0);
	vm_memory(s.vm.fd, 1, 0, DATA, HUGE, s.data);
	GUEST(&s.vm, &s.vcpu, RAM, code);
	user_mode(&s.vm, &s.vcpu)[DATA >> 30] = USER_LEAF(DATA);
	set_reg(&s.vcpu, REG_X(RV_A1), MMIO);
	set_reg(&s.vcpu, REG_X(RV_A3), DATA);
	set_reg(&s.vcpu, REG_X(RV_A4), DATA + HUGE);
	set_reg(&s.vcpu, REG_X(RV_A6), PAGE);
}

static void tear_down(void)
{
	vcpu_close(&s.vcpu);
	vm_close(&s.vm);
	munmap(s.area, 2 * HUGE);
}

/* @n rounds; the last page's word is then @last. */
static void rounds(u64 n, u64 last)
{
	set_reg(&s.vcpu, REG_X(RV_A0), n);
	expect_store(&s.vcpu, MMIO, 8, last);
}

static void set_up_huge(void)
{
	need_kernel();
	set_up();
	rounds(100, 100);
	if (!counter("window_huge")) {
		tear_down();
		tap_skip("the host has no huge page to give");
	}
	CHECK_EQ(counter("window_huge"), 1);
	CHECK(counter("window_page") >= PAGES);
}

static u64 word(unsigned int page)
{
	return *(volatile u64 *)(s.data + page * PAGE);
}

/* One entry, that is not gone through again page by page */
static void one_entry(void)
{
	u64 pages;

	set_up_huge();
	pages = counter("window_page");
	rounds(100, 200);
	CHECK_EQ(counter("window_page"), pages);
	CHECK_EQ(word(0), 200);
	CHECK_EQ(word(PAGES - 1), 200);
	tear_down();
}

/* What the owner gives back of a huge page is gone, and that page only. */
static void part_given_back(void)
{
	set_up_huge();
	CHECK_OK(pages_drop(s.data + 100 * PAGE, PAGE));
	rounds(100, 200);
	CHECK_EQ(word(99), 200);
	CHECK_EQ(word(100), 100);
	CHECK_EQ(word(101), 200);
	CHECK_OK(pages_drop(s.data + (PAGES - 1) * PAGE, PAGE));
	rounds(1, 1);
	CHECK_EQ(word(100), 101);
	tear_down();
}

static u8 resident[PAGES];

static unsigned int nr_resident(void)
{
	unsigned int i, n = 0;

	CHECK_OK(mincore(s.data, HUGE, resident));
	for (i = 0; i < PAGES; i++)
		n += resident[i] & 1;
	return n;
}

/* What is given back does not come again because its neighbours are used. */
static void half_given_back(void)
{
	set_up_huge();
	set_reg(&s.vcpu, REG_X(RV_A4), DATA + HUGE / 2);
	CHECK_OK(pages_drop(s.data + HUGE / 2, HUGE / 2));
	rounds(100, 200);
	CHECK(nr_resident() <= PAGES / 2 + 16);
	CHECK_EQ(word(PAGES / 2), 0);
	tear_down();
}

static void given_back(void)
{
	set_up_huge();
	CHECK_OK(pages_drop(s.data, HUGE));
	rounds(100, 100);
	CHECK_EQ(word(0), 100);
	tear_down();
}

/* Each page that is written is logged, and each time. */
static void logged(void)
{
	u64 bits[PAGES / 64];
	unsigned int i, k;

	set_up_huge();
	vm_memory(s.vm.fd, 1, VMXL_MEM_LOG_DIRTY_PAGES, DATA, HUGE, s.data);
	for (i = 0; i < 3; i++) {
		rounds(1, 101 + i);
		CHECK_OK(__vm_dirty_log(s.vm.fd, 1, bits));
		for (k = 0; k < PAGES / 64; k++)
			CHECK_EQ(bits[k], ~0ull);
	}
	set_reg(&s.vcpu, REG_X(RV_A4), DATA + 3 * PAGE);
	rounds(1, 104);
	CHECK_OK(__vm_dirty_log(s.vm.fd, 1, bits));
	CHECK_EQ(bits[0], 7);
	CHECK_EQ(bits[1], 0);
	vm_memory(s.vm.fd, 1, 0, DATA, HUGE, s.data);
	set_reg(&s.vcpu, REG_X(RV_A4), DATA + HUGE);
	rounds(100, 203);
	CHECK_EQ(word(0), 204);
	tear_down();
}

static void slot_moves(void)
{
	set_up_huge();
	vm_memory(s.vm.fd, 1, 0, DATA, 0, s.data);
	vm_memory(s.vm.fd, 1, 0, DATA + HUGE, HUGE, s.data);
	set_reg(&s.vcpu, REG_X(RV_A3), DATA + HUGE);
	set_reg(&s.vcpu, REG_X(RV_A4), DATA + 2 * HUGE);
	rounds(100, 200);
	CHECK_EQ(counter("window_huge"), 2);
	set_reg(&s.vcpu, REG_X(RV_A3), DATA);
	set_reg(&s.vcpu, REG_X(RV_A0), 1);
	expect_load(&s.vcpu, DATA, 8, 0);
	tear_down();
}

/*
 * Code in it, which then changes: stores to the page are seen, those to the others go
 * on. The code is that of set_up(), 64 bytes into page 7, and adds 1, then 2.
 */
static void code_in_it(void)
{
	static const u32 add_2 = RV_ADDI(RV_A2, RV_A2, 2);
	struct vmxl_memory_range range = { .guest_phys_addr = DATA + 7 * PAGE + 64, .size = 64 };
	unsigned int i;
	u8 *at;

	set_up_huge();
	at = s.data + 7 * PAGE + 64;
	memcpy(at, s.vm.ram, 40);
	CHECK_OK(sys_ioctl(s.vm.fd, VMXL_MEMORY_WRITTEN, (unsigned long)&range));
	for (i = 0; i < 3; i++) {
		set_reg(&s.vcpu, REG_PC, DATA + 7 * PAGE + 64);
		rounds(100, 100 * (i + 2));
	}
	CHECK_EQ(word(7), 400);
	CHECK_EQ(word(8), 400);
	memcpy(at + 8, &add_2, sizeof(add_2));
	CHECK_OK(sys_ioctl(s.vm.fd, VMXL_MEMORY_WRITTEN, (unsigned long)&range));
	set_reg(&s.vcpu, REG_PC, DATA + 7 * PAGE + 64);
	rounds(100, 600);
	CHECK_EQ(word(7), 600);
	tear_down();
}

/* The same, written by the guest itself */
static void code_written_by_guest(void)
{
	static const u32 writer[] = {
		RV_SW(RV_A2, 8, RV_A7),
		RV_FENCE_I,
		RV_JALR(RV_ZERO, 0, RV_A7),
	};
	unsigned int i;

	set_up_huge();
	memcpy(s.data + 7 * PAGE + 64, s.vm.ram, 40);
	GUEST(&s.vm, &s.vcpu, RAM + 0x1000, writer);
	set_reg(&s.vcpu, REG_X(RV_A7), DATA + 7 * PAGE + 64);
	for (i = 1; i < 20; i++) {
		u64 before = word(PAGES - 1);

		set_reg(&s.vcpu, REG_PC, RAM + 0x1000);
		set_reg(&s.vcpu, REG_X(RV_A2), RV_ADDI(RV_A2, RV_A2, i));
		rounds(50, before + 50 * i);
		CHECK_EQ(word(7), before + 50 * i);
	}
	tear_down();
}

/*
 * Mapped anew for reading: a store traps. The handler is in S-mode, which has RAM at
 * ALIAS as pages of its own and may access the device by SUM.
 */
#define ALIAS	0x40000000ull

static void for_reading(void)
{
	static const u32 fence[] = { RV_SFENCE_VMA, RV_SD(RV_A2, 0, RV_A1), RV_J(-4) };
	u64 leaf[] = { USER_LEAF(RAM) & ~0x10ull, USER_LEAF(DATA) & ~4ull };
	u8 *table;

	set_up_huge();
	table = s.vm.ram + (USER_TABLE - RAM);
	memcpy(table + (ALIAS >> 30) * 8, &leaf[0], sizeof(leaf[0]));
	memcpy(table + (DATA >> 30) * 8, &leaf[1], sizeof(leaf[1]));
	GUEST(&s.vm, &s.vcpu, RAM + 0x1000, fence);
	set_reg(&s.vcpu, REG_CSR(0x100), 1 << 18);		/* sstatus: SUM */
	set_reg(&s.vcpu, REG_CSR(0x105), ALIAS + 0x1000);	/* stvec */
	set_reg(&s.vcpu, REG_MODE, 1);
	set_reg(&s.vcpu, REG_PC, ALIAS + 0x1000);
	set_reg(&s.vcpu, REG_X(RV_A2), 5);
	expect_store(&s.vcpu, MMIO, 8, 5);
	set_reg(&s.vcpu, REG_MODE, 0);
	set_reg(&s.vcpu, REG_PC, RAM);
	set_reg(&s.vcpu, REG_X(RV_A0), 1);
	expect_store(&s.vcpu, MMIO, 8, 101);
	CHECK_EQ(get_reg(&s.vcpu, REG_CSR(0x142)), 15);		/* scause: store page fault */
	CHECK_EQ(word(0), 100);
	tear_down();
}

/* Who is killed in the middle of it leaves nothing behind that is mapped, or pinned. */
static void killed(void)
{
	int status, fd[2];
	char c;
	pid_t pid;

	need_kernel();
	CHECK_OK(pipe(fd));
	pid = fork();
	if (!pid) {
		set_up();
		rounds(10, 10);
		CHECK_EQ(write(fd[1], "x", 1), 1);
		rounds(1ull << 40, 0);
		_exit(0);
	}
	CHECK_EQ(read(fd[0], &c, 1), 1);
	usleep(20000);
	CHECK_OK(kill(pid, SIGKILL));
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	close(fd[0]);
	close(fd[1]);
}

static const struct test tests[] = {
	TEST(one_entry),
	TEST(part_given_back),
	TEST(half_given_back),
	TEST(given_back),
	TEST(logged),
	TEST(slot_moves),
	TEST(code_in_it),
	TEST(code_written_by_guest),
	TEST(for_reading),
	TEST(killed),
};

TEST_MAIN(tests)
