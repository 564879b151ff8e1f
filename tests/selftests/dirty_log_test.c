// SPDX-License-Identifier: GPL-2.0
/*
 * GET_DIRTY_LOG: which pages the guest has written since it was last asked.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>

#include "lib.h"

#define GPA	0x100000000ull
#define NPAGES	130		/* no multiple of 64 */

/* a0: address, a2: value; then tell by MMIO */
static const u32 store_code[] = {
	RV_SD(RV_A2, 0, RV_A0),
	RV_SD(RV_A2, 0, RV_A1),
};

struct setup {
	struct vm vm;
	struct vcpu vcpu;
	u64 *mem;
	u64 log[(NPAGES + 63) / 64];
};

static void set_up(struct setup *s, u32 flags)
{
	s->vm = vm_new_ram(0);
	s->vcpu = vcpu_new(&s->vm, 0);
	s->mem = pages_new(NPAGES * PAGE);
	vm_memory(s->vm.fd, 1, flags, GPA, NPAGES * PAGE, s->mem);
	GUEST(&s->vm, &s->vcpu, RAM, store_code);
	set_reg(&s->vcpu, REG_X(RV_A1), MMIO);
}

static void tear_down(struct setup *s)
{
	vcpu_close(&s->vcpu);
	vm_close(&s->vm);
	pages_free(s->mem, NPAGES * PAGE);
}

static void store(struct setup *s, u64 gpa, u64 val)
{
	set_reg(&s->vcpu, REG_PC, RAM);
	set_reg(&s->vcpu, REG_X(RV_A0), gpa);
	set_reg(&s->vcpu, REG_X(RV_A2), val);
	expect_store(&s->vcpu, MMIO, 8, val);
}

/* Read the log; the number of pages in it */
static unsigned int get_log(struct setup *s)
{
	unsigned int i, n = 0;

	memset(s->log, 0xff, sizeof(s->log));
	CHECK_OK(__vm_dirty_log(s->vm.fd, 1, s->log));
	for (i = 0; i < ARRAY_SIZE(s->log); i++)
		n += __builtin_popcountll(s->log[i]);
	return n;
}

static bool in_log(const struct setup *s, unsigned int page)
{
	return s->log[page / 64] >> (page % 64) & 1;
}

static void pages_written(void)
{
	static const unsigned int pages[] = { 0, 1, 63, 64, 100, NPAGES - 1 };
	struct setup s;
	unsigned int i, round;

	set_up(&s, VMXL_MEM_LOG_DIRTY_PAGES);
	CHECK_EQ(get_log(&s), 0);
	/* The second round finds the TLB filled by the first. */
	for (round = 1; round < 4; round++) {
		for (i = 0; i < ARRAY_SIZE(pages); i++)
			store(&s, GPA + pages[i] * PAGE + 8 * i, round);
		CHECK_EQ(get_log(&s), ARRAY_SIZE(pages));
		for (i = 0; i < ARRAY_SIZE(pages); i++)
			CHECK(in_log(&s, pages[i]));
		CHECK_EQ(get_log(&s), 0);
	}
	tear_down(&s);
}

static void page_crossing(void)
{
	struct setup s;

	set_up(&s, VMXL_MEM_LOG_DIRTY_PAGES);
	store(&s, GPA + 3 * PAGE - 4, 1);
	CHECK_EQ(get_log(&s), 2);
	CHECK(in_log(&s, 2) && in_log(&s, 3));
	tear_down(&s);
}

static void on_and_off(void)
{
	struct setup s;

	set_up(&s, 0);
	store(&s, GPA, 1);
	CHECK_ERR(__vm_dirty_log(s.vm.fd, 1, s.log), ENOENT);
	vm_memory(s.vm.fd, 1, VMXL_MEM_LOG_DIRTY_PAGES, GPA, NPAGES * PAGE, s.mem);
	CHECK_EQ(get_log(&s), 0);
	store(&s, GPA, 2);
	CHECK_EQ(get_log(&s), 1);
	store(&s, GPA, 3);
	vm_memory(s.vm.fd, 1, 0, GPA, NPAGES * PAGE, s.mem);
	CHECK_ERR(__vm_dirty_log(s.vm.fd, 1, s.log), ENOENT);
	store(&s, GPA, 4);
	vm_memory(s.vm.fd, 1, VMXL_MEM_LOG_DIRTY_PAGES, GPA, NPAGES * PAGE, s.mem);
	CHECK_EQ(get_log(&s), 0);
	store(&s, GPA + PAGE, 5);
	CHECK_EQ(get_log(&s), 1);
	CHECK(in_log(&s, 1));
	CHECK_EQ(s.mem[0], 4);
	tear_down(&s);
}

/* A log that cannot be delivered is not lost. */
static void bad_pointer(void)
{
	struct setup s;

	set_up(&s, VMXL_MEM_LOG_DIRTY_PAGES);
	store(&s, GPA + 5 * PAGE, 1);
	CHECK_ERR(__vm_dirty_log(s.vm.fd, 1, NULL), EFAULT);
	CHECK_EQ(get_log(&s), 1);
	CHECK(in_log(&s, 5));
	tear_down(&s);
}

static void reject(void)
{
	struct setup s;
	struct vmxl_dirty_log args = { .slot = 1, .reserved = 1, .bitmap = (uintptr_t)s.log };

	set_up(&s, VMXL_MEM_LOG_DIRTY_PAGES);
	CHECK_ERR(sys_ioctl(s.vm.fd, VMXL_GET_DIRTY_LOG, (unsigned long)&args), EINVAL);
	CHECK_ERR(__vm_dirty_log(s.vm.fd, 64, s.log), EINVAL);
	CHECK_ERR(__vm_dirty_log(s.vm.fd, ~0u, s.log), EINVAL);
	CHECK_ERR(__vm_dirty_log(s.vm.fd, 0, s.log), ENOENT);
	CHECK_ERR(__vm_dirty_log(s.vm.fd, 9, s.log), ENOENT);
	tear_down(&s);
}

/* a0: address of a counter in page 0 of the slot, a3: its end */
static const u32 count_code[] = {
	RV_ADDI(RV_A2, RV_ZERO, 0),
	RV_ADDI(RV_A2, RV_A2, 1),
	RV_SD(RV_A2, 0, RV_A0),
	RV_BLTU(RV_A2, RV_A3, -8),
	RV_SD(RV_A2, 0, RV_A1),
};

static void *run_thread(void *opaque)
{
	struct setup *s = opaque;

	return (void *)(long)__vcpu_run(&s->vcpu);
}

/*
 * No write is lost: the page's content as it was when the bit was last seen is
 * the content at the end, unless the bit is set again.
 */
static void no_write_is_lost(void)
{
	u64 end = on_kernel ? 3000000 : 30000000, seen = 0;
	struct setup s;
	pthread_t thread;
	unsigned int logs = 0;
	void *ret;

	set_up(&s, VMXL_MEM_LOG_DIRTY_PAGES);
	GUEST(&s.vm, &s.vcpu, RAM, count_code);
	set_reg(&s.vcpu, REG_X(RV_A0), GPA);
	set_reg(&s.vcpu, REG_X(RV_A3), end);
	CHECK(!pthread_create(&thread, NULL, run_thread, &s));
	while (__atomic_load_n(&s.mem[0], __ATOMIC_ACQUIRE) < end) {
		if (!get_log(&s))
			continue;
		CHECK(in_log(&s, 0));
		seen = __atomic_load_n(&s.mem[0], __ATOMIC_ACQUIRE);
		logs++;
	}
	pthread_join(thread, &ret);
	CHECK_EQ((long)ret, 0);
	CHECK_EQ(s.vcpu.run->exit_reason, VMXL_EXIT_MMIO);
	if (!get_log(&s))
		CHECK_EQ(seen, end);
	tap_note("%u logs with a bit set while the guest wrote", logs);
	tear_down(&s);
}

static const struct test tests[] = {
	TEST(pages_written),
	TEST(page_crossing),
	TEST(on_and_off),
	TEST(bad_pointer),
	TEST(reject),
	TEST(no_write_is_lost),
};
TEST_MAIN(tests)
