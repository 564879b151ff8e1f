// SPDX-License-Identifier: GPL-2.0
/*
 * Guest code that is executed in user mode while the memory that it is in, or writes to,
 * goes, moves or comes anew.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "user_env.h"

static void delete_slot(void)
{
	vm_memory(s.vm.fd, 1, 0, DATA, 0, s.data);
}

/* What was a window's page becomes a device in the middle of a loop. */
static void slot_goes(void)
{
	set_up(0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_EQ(run_and(delete_slot), 0);
	CHECK_EQ(s.vcpu.run->exit_reason, VMXL_EXIT_MMIO);
	CHECK_EQ(s.vcpu.run->mmio.phys_addr, DATA);
	tear_down();
}

static u64 seen[3];

static void look_at_log(void)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		wait_for_store();
		CHECK_OK(__vm_dirty_log(s.vm.fd, 1, &seen[i]));
	}
}

/* A page that is written all the time is dirty in each log. */
static void dirty_again(void)
{
	set_up(VMXL_MEM_LOG_DIRTY_PAGES);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_ERR(run_and(look_at_log), EINTR);
	CHECK_EQ(seen[0], 1);
	CHECK_EQ(seen[1], 1);
	CHECK_EQ(seen[2], 1);
	tear_down();
}

/* What the owner gives back is gone for the guest as well, which goes on with new pages. */
static void give_back(void)
{
	unsigned int i;

	for (i = 0; i < 100; i++) {
		CHECK_OK(pages_drop(s.data, PAGE));
		wait_for_store();
	}
}

static void given_back(void)
{
	set_up(0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_ERR(run_and(give_back), EINTR);
	tear_down();
}

static int file;

static void punch_hole(void)
{
	unsigned int i;

	for (i = 0; i < 100; i++) {
		CHECK_OK(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE));
		wait_for_store();
	}
}

static void hole_in_the_file(void)
{
	void *p;

	need_kernel();
	file = CHECK_OK(memfd_create("guest", MFD_CLOEXEC));
	CHECK_OK(ftruncate(file, PAGE));
	p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	CHECK(p != MAP_FAILED);
	set_up_on(p, 0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_ERR(run_and(punch_hole), EINTR);
	tear_down();
	close(file);
}

/* Reclaim, if there is where to; what the guest has counted is not lost by it. */
static void page_out(void)
{
	unsigned int i;
	u64 before;

	for (i = 0; i < 100; i++) {
		before = count();
		CHECK_OK(madvise(s.data, PAGE, MADV_PAGEOUT));
		wait_for_store();
		CHECK(count() >= before);
	}
}

static void reclaimed(void)
{
	need_kernel();
	set_up(0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_ERR(run_and(page_out), EINTR);
	tear_down();
}

#define HUGE		(2ul << 20)

/*
 * The host moves the page: with its neighbours into a huge one, which is then taken apart,
 * and by compaction. What the guest writes meanwhile is seen here.
 */
static void migrate(void)
{
	u8 *huge = (u8 *)((unsigned long)s.data & -HUGE);
	unsigned int i, n = 0;
	u64 before;

	for (i = 0; i < 20; i++) {
		before = count();
		memset(huge + HUGE / 2, i, HUGE / 2);
		n += !madvise(huge, HUGE, 25 /* MADV_COLLAPSE */);
		wait_for_store();
		CHECK_OK(madvise(huge + HUGE / 2, HUGE / 2, MADV_DONTNEED));
		write_file("/proc/sys/vm/compact_memory", "1");
		wait_for_store();
		CHECK(count() > before);
	}
	tap_note("%u of 20 times made a huge page", n);
}

static void migrated(void)
{
	u8 *p;

	need_kernel();
	p = mmap(NULL, 2 * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	set_up_on((u8 *)(((unsigned long)p + HUGE - 1) & -HUGE), 0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_ERR(run_and(migrate), EINTR);
	vcpu_close(&s.vcpu);
	vm_close(&s.vm);
	CHECK_OK(munmap(p, 2 * HUGE));
}

static void *unmap_data(void *arg)
{
	usleep(50000);
	CHECK_OK(munmap(s.data, PAGE));
	return NULL;
}

static void map_over(void *at)
{
	CHECK(mmap(at, PAGE, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_SHARED | MAP_ANONYMOUS,
		   -1, 0) == at);
}

/* Nothing is there any more, for the guest neither; then what is there is the guest's. */
static void memory_unmapped(void)
{
	pthread_t thread;

	need_kernel();
	set_up(0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK(!pthread_create(&thread, NULL, unmap_data, NULL));
	vcpu_run(&s.vcpu, VMXL_EXIT_INTERNAL_ERROR);
	CHECK_EQ(s.vcpu.run->internal.suberror, VMXL_INTERNAL_ERROR_HVA);
	pthread_join(thread, NULL);
	map_over(s.data);
	CHECK_ERR(run_and(wait_for_store), EINTR);
	tear_down();
}

/* Code that was translated goes with its page. */
static void code_replaced(void)
{
	static const u32 code[] = {
		RV_ADDI(RV_A2, RV_ZERO, 77),
		RV_SD(RV_A2, 0, RV_A1),
	};

	need_kernel();
	set_up(0);
	set_reg(&s.vcpu, REG_PC, RAM);
	map_over(s.vm.ram);
	memcpy(s.vm.ram, code, sizeof(code));
	expect_store(&s.vcpu, MMIO, 8, 77);
	tear_down();
}

static const struct test tests[] = {
	TEST(slot_goes),
	TEST(dirty_again),
	TEST(given_back),
	TEST(hole_in_the_file),
	TEST(reclaimed),
	TEST(migrated),
	TEST(memory_unmapped),
	TEST(code_replaced),
};

TEST_MAIN(tests)
