// SPDX-License-Identifier: GPL-2.0
/*
 * SET_USER_MEMORY_REGION: add, delete, move, flags, and what a guest sees of it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib.h"

/* a0: what to load from; the value goes to MMIO */
static const u32 load_code[] = {
	RV_LUI(RV_A1, 0x10000),
	RV_LD(RV_A2, 0, RV_A0),
	RV_SD(RV_A2, 0, RV_A1),
	RV_J(-8),
};

/* a0: where to store a2; then tell by MMIO */
static const u32 store_code[] = {
	RV_LUI(RV_A1, 0x10000),
	RV_SD(RV_A2, 0, RV_A0),
	RV_SD(RV_A2, 0, RV_A1),
	RV_J(-8),
};

#define GPA	0x100000000ull	/* 4 GiB: where the tests put their slots */

static void add_delete(void)
{
	struct vm vm = vm_new(0);
	u8 *p = pages_new(16 * PAGE);
	unsigned int i;

	for (i = 0; i < 64; i++)
		vm_memory(vm.fd, i, 0, GPA + i * 16 * PAGE, 16 * PAGE, p);
	CHECK_ERR(__vm_memory(vm.fd, 64, 0, GPA + 64 * 16 * PAGE, PAGE, p), EINVAL);
	for (i = 0; i < 64; i += 2)
		vm_memory(vm.fd, i, 0, 0, 0, NULL);
	for (i = 0; i < 64; i += 2)
		CHECK_ERR(__vm_memory(vm.fd, i, 0, 0, 0, NULL), EINVAL);
	for (i = 0; i < 64; i += 2)
		vm_memory(vm.fd, i, 0, GPA + i * 16 * PAGE, 16 * PAGE, p);
	/* The rest goes with the VM. */
	vm_close(&vm);
	pages_free(p, 16 * PAGE);
}

static void overlap(void)
{
	struct vm vm = vm_new(0);
	u8 *p = pages_new(16 * PAGE);

	vm_memory(vm.fd, 0, 0, GPA, 4 * PAGE, p);
	CHECK_ERR(__vm_memory(vm.fd, 1, 0, GPA, 4 * PAGE, p), EEXIST);
	CHECK_ERR(__vm_memory(vm.fd, 1, 0, GPA + 3 * PAGE, 4 * PAGE, p), EEXIST);
	CHECK_ERR(__vm_memory(vm.fd, 1, 0, GPA - 3 * PAGE, 4 * PAGE, p), EEXIST);
	CHECK_ERR(__vm_memory(vm.fd, 1, 0, GPA + PAGE, PAGE, p), EEXIST);
	CHECK_ERR(__vm_memory(vm.fd, 1, 0, GPA - PAGE, 6 * PAGE, p), EEXIST);
	vm_memory(vm.fd, 1, 0, GPA + 4 * PAGE, 4 * PAGE, p);
	vm_memory(vm.fd, 2, 0, GPA - 4 * PAGE, 4 * PAGE, p);
	/* Moving onto another is no better; moving by less than its size is fine. */
	CHECK_ERR(__vm_memory(vm.fd, 2, 0, GPA, 4 * PAGE, p), EEXIST);
	vm_memory(vm.fd, 2, 0, GPA - 5 * PAGE, 4 * PAGE, p);
	vm_close(&vm);
	pages_free(p, 16 * PAGE);
}

static void change(void)
{
	struct vm vm = vm_new(0);
	u8 *p = pages_new(16 * PAGE);

	vm_memory(vm.fd, 0, 0, GPA, 4 * PAGE, p);
	vm_memory(vm.fd, 0, 0, GPA, 4 * PAGE, p);
	vm_memory(vm.fd, 0, VMXL_MEM_LOG_DIRTY_PAGES, GPA, 4 * PAGE, p);
	vm_memory(vm.fd, 0, 0, GPA + PAGE, 4 * PAGE, p);
	CHECK_ERR(__vm_memory(vm.fd, 0, 0, GPA, 5 * PAGE, p), EINVAL);
	CHECK_ERR(__vm_memory(vm.fd, 0, 0, GPA, 4 * PAGE, p + PAGE), EINVAL);
	CHECK_ERR(__vm_memory(vm.fd, 0, VMXL_MEM_READONLY, GPA, 4 * PAGE, p), EINVAL);
	vm_close(&vm);
	pages_free(p, 16 * PAGE);
}

static const struct {
	const char *what;
	struct vmxl_memory_region r;
} rejects[] = {
#define R(what, slot, flags, gpa, size, hva) { what, { slot, flags, gpa, size, hva, {} } }
	R("slot number", 64, 0, GPA, PAGE, 0),
	R("slot number", ~0u, 0, GPA, PAGE, 0),
	R("flag 2", 0, 4, GPA, PAGE, 0),
	R("flag 31", 0, 1u << 31, GPA, PAGE, 0),
	R("size of no whole page", 0, 0, GPA, PAGE + 1, 0),
	R("size of no whole page", 0, 0, GPA, 8, 0),
	R("size", 0, 0, GPA, 1ull << 40, 0),
	R("size", 0, 0, GPA, ~(u64)(PAGE - 1), 0),
	R("misaligned gpa", 0, 0, GPA + 8, PAGE, 0),
	R("gpa that wraps", 0, 0, -(u64)PAGE, 2 * PAGE, 0),
	R("gpa that wraps to 0", 0, 0, -(u64)PAGE, PAGE, 0),
	R("misaligned hva", 0, 0, GPA, PAGE, 8),
	R("hva of the kernel", 0, 0, GPA, PAGE, 0xffff888000000000ull),
	R("hva that wraps", 0, 0, GPA, PAGE, -(u64)PAGE),
	R("hva that runs into the kernel", 0, 0, GPA, 2 * PAGE, 0x7ffffffff000ull),
#undef R
	{ "reserved", { 0, 0, GPA, PAGE, 0, { 1 } } },
	{ "reserved", { 0, 0, GPA, PAGE, 0, { 0, 1ull << 63 } } },
};

static void reject(void)
{
	struct vm vm = vm_new(0);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rejects); i++) {
		tap_context(rejects[i].what);
		CHECK_ERR(sys_ioctl(vm.fd, VMXL_SET_USER_MEMORY_REGION,
				    (unsigned long)&rejects[i].r), EINVAL);
	}
	vm_close(&vm);
}

static void load_from(const struct vcpu *vcpu, u64 gpa, u64 val)
{
	set_reg(vcpu, REG_PC, RAM);
	set_reg(vcpu, REG_X(RV_A0), gpa);
	expect_store(vcpu, MMIO, 8, val);
}

/* Whether it is a device to the guest now */
static void load_is_mmio(const struct vcpu *vcpu, u64 gpa)
{
	set_reg(vcpu, REG_PC, RAM);
	set_reg(vcpu, REG_X(RV_A0), gpa);
	expect_load(vcpu, gpa, 8, 0);
}

static void guest_sees_changes(void)
{
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	u64 *p = pages_new(16 * PAGE);

	p[0] = 0x1122334455667788;
	p[PAGE / 8] = 2;
	GUEST(&vm, &vcpu, RAM, load_code);
	load_is_mmio(&vcpu, GPA);
	vm_memory(vm.fd, 1, 0, GPA, 16 * PAGE, p);
	load_from(&vcpu, GPA, 0x1122334455667788);
	/* Memory is shared both ways. */
	p[0] = 99;
	load_from(&vcpu, GPA, 99);
	vm_memory(vm.fd, 1, 0, GPA + PAGE, 16 * PAGE, p);
	load_is_mmio(&vcpu, GPA);
	load_from(&vcpu, GPA + PAGE, 99);
	load_from(&vcpu, GPA + 2 * PAGE, 2);
	vm_memory(vm.fd, 1, 0, 0, 0, NULL);
	load_is_mmio(&vcpu, GPA + PAGE);
	vcpu_close(&vcpu);
	vm_close(&vm);
	pages_free(p, 16 * PAGE);
}

/* The same memory in two slots is the same memory. */
static void aliases(void)
{
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	u64 *p = pages_new(PAGE);

	vm_memory(vm.fd, 1, 0, GPA, PAGE, p);
	vm_memory(vm.fd, 2, 0, GPA + PAGE, PAGE, p);
	GUEST(&vm, &vcpu, RAM + PAGE, load_code);
	GUEST(&vm, &vcpu, RAM, store_code);
	set_reg(&vcpu, REG_X(RV_A0), GPA);
	set_reg(&vcpu, REG_X(RV_A2), 77);
	expect_store(&vcpu, MMIO, 8, 77);
	CHECK_EQ(p[0], 77);
	set_reg(&vcpu, REG_PC, RAM + PAGE);
	set_reg(&vcpu, REG_X(RV_A0), GPA + PAGE);
	expect_store(&vcpu, MMIO, 8, 77);
	vcpu_close(&vcpu);
	vm_close(&vm);
	pages_free(p, PAGE);
}

static void readonly(void)
{
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	u64 *p = pages_new(PAGE);

	p[0] = 5;
	vm_memory(vm.fd, 1, VMXL_MEM_READONLY, GPA, PAGE, p);
	GUEST(&vm, &vcpu, RAM, load_code);
	load_from(&vcpu, GPA, 5);
	/* User space may write: it is the guest's ROM. */
	p[0] = 6;
	load_from(&vcpu, GPA, 6);
	/* A store goes to user space, as to a device. */
	GUEST(&vm, &vcpu, RAM + PAGE, store_code);
	set_reg(&vcpu, REG_X(RV_A0), GPA);
	set_reg(&vcpu, REG_X(RV_A2), 7);
	expect_store(&vcpu, GPA, 8, 7);
	expect_store(&vcpu, MMIO, 8, 7);
	CHECK_EQ(p[0], 6);
	vcpu_close(&vcpu);
	vm_close(&vm);
	pages_free(p, PAGE);
}

/* A slot of memory that may only be read, as of a file, works if it is read-only. */
static void readonly_mapping(void)
{
	struct vm vm;
	struct vcpu vcpu;
	u64 *p;

	need_kernel();
	vm = vm_new_ram(0);
	vcpu = vcpu_new(&vm, 0);
	p = pages_new(PAGE);
	p[0] = 8;
	CHECK_OK(mprotect(p, PAGE, PROT_READ));
	vm_memory(vm.fd, 1, VMXL_MEM_READONLY, GPA, PAGE, p);
	GUEST(&vm, &vcpu, RAM, load_code);
	load_from(&vcpu, GPA, 8);
	vm_memory(vm.fd, 1, 0, 0, 0, NULL);
	vm_memory(vm.fd, 1, 0, GPA, PAGE, p);
	vcpu_run(&vcpu, VMXL_EXIT_INTERNAL_ERROR);
	CHECK_EQ(vcpu.run->internal.suberror, VMXL_INTERNAL_ERROR_HVA);
	vcpu_close(&vcpu);
	vm_close(&vm);
	pages_free(p, PAGE);
}

/* Memory that is not there is found out when the guest gets to it. */
static void no_memory_behind(void)
{
	struct vm vm;
	struct vcpu vcpu;
	u64 *p;

	need_kernel();
	vm = vm_new_ram(0);
	vcpu = vcpu_new(&vm, 0);
	p = pages_new(32 * PAGE);
	CHECK_OK(munmap((u8 *)p + 8 * PAGE, PAGE));
	p[9 * PAGE / 8] = 9;
	vm_memory(vm.fd, 1, 0, GPA, 32 * PAGE, p);
	GUEST(&vm, &vcpu, RAM, load_code);
	load_from(&vcpu, GPA + 7 * PAGE, 0);
	load_from(&vcpu, GPA + 9 * PAGE, 9);
	set_reg(&vcpu, REG_PC, RAM);
	set_reg(&vcpu, REG_X(RV_A0), GPA + 8 * PAGE);
	vcpu_run(&vcpu, VMXL_EXIT_INTERNAL_ERROR);
	CHECK_EQ(vcpu.run->internal.suberror, VMXL_INTERNAL_ERROR_HVA);
	/* The guest goes on when it is. */
	CHECK(mmap((u8 *)p + 8 * PAGE, PAGE, PROT_READ | PROT_WRITE,
		   MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
	p[8 * PAGE / 8] = 10;
	expect_store(&vcpu, MMIO, 8, 10);
	vcpu_close(&vcpu);
	vm_close(&vm);
	pages_free(p, 32 * PAGE);
}

/* Code is translated anew when another slot comes to be where it was. */
static void code_moves(void)
{
	static const u32 one[] = { RV_ADDI(RV_A2, RV_ZERO, 1), RV_SD(RV_A2, 0, RV_A1) };
	static const u32 two[] = { RV_ADDI(RV_A2, RV_ZERO, 2), RV_SD(RV_A2, 0, RV_A1) };
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	u8 *p = pages_new(2 * PAGE);
	int i;

	memcpy(p, one, sizeof(one));
	memcpy(p + PAGE, two, sizeof(two));
	set_reg(&vcpu, REG_X(RV_A1), MMIO);
	for (i = 0; i < 4; i++) {
		vm_memory(vm.fd, 1, 0, GPA, PAGE, p + (i & 1) * PAGE);
		set_reg(&vcpu, REG_PC, GPA);
		expect_store(&vcpu, MMIO, 8, 1 + (i & 1));
		vm_memory(vm.fd, 1, 0, 0, 0, NULL);
	}
	vcpu_close(&vcpu);
	vm_close(&vm);
	pages_free(p, 2 * PAGE);
}

/* Code that user space writes, as a device does by DMA */
static void code_written(void)
{
	static const u32 code[2][2] = {
		{ RV_ADDI(RV_A2, RV_ZERO, 1), RV_SD(RV_A2, 0, RV_A1) },
		{ RV_ADDI(RV_A2, RV_ZERO, 2), RV_SD(RV_A2, 0, RV_A1) },
	};
	struct vmxl_memory_range range = { .guest_phys_addr = GPA - 8, .size = 16 };
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	u8 *p = pages_new(PAGE);
	int i;

	vm_memory(vm.fd, 1, 0, GPA, PAGE, p);
	set_reg(&vcpu, REG_X(RV_A1), MMIO);
	for (i = 0; i < 100; i++) {
		memcpy(p, code[i & 1], sizeof(code[0]));
		CHECK_OK(sys_ioctl(vm.fd, VMXL_MEMORY_WRITTEN, (unsigned long)&range));
		set_reg(&vcpu, REG_PC, GPA);
		expect_store(&vcpu, MMIO, 8, 1 + (i & 1));
	}
	/* Where there is nothing, nothing is done. */
	range.guest_phys_addr = 1ULL << 50;
	CHECK_OK(sys_ioctl(vm.fd, VMXL_MEMORY_WRITTEN, (unsigned long)&range));
	vcpu_close(&vcpu);
	vm_close(&vm);
	pages_free(p, PAGE);
}

/* A reservation of what user space writes ends, even if it wrote the same; others stay. */
static void reservation_written(void)
{
	static const u32 lr_sc[] = {
		RV_LR_D(RV_A1, RV_A0), RV_SW(RV_ZERO, 0, RV_A2),
		RV_SC_D(RV_A1, RV_ZERO, RV_A0), RV_SW(RV_A1, 0, RV_A2),
	};
	/* Up to the line, into it, from within it, behind it */
	static const u64 at[] = { 0xe8, 0xf0, 0x138, 0x140 };
	struct vmxl_memory_range range = { .size = 24 };
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	u8 *p = pages_new(PAGE);
	int i;

	vm_memory(vm.fd, 1, 0, GPA, PAGE, p);
	guest_code(&vm, &vcpu, RAM + 0x100, lr_sc, ARRAY_SIZE(lr_sc));
	set_reg(&vcpu, REG_X(RV_A0), GPA + 0x100);
	set_reg(&vcpu, REG_X(RV_A2), MMIO);
	for (i = 0; i < 8; i++) {
		set_reg(&vcpu, REG_PC, RAM + 0x100);
		expect_store(&vcpu, MMIO, 4, 0);
		range.guest_phys_addr = GPA + at[i % 4];
		CHECK_OK(sys_ioctl(vm.fd, VMXL_MEMORY_WRITTEN, (unsigned long)&range));
		expect_store(&vcpu, MMIO, 4, i % 4 == 1 || i % 4 == 2);
	}
	range.size = 0;
	CHECK_OK(sys_ioctl(vm.fd, VMXL_MEMORY_WRITTEN, (unsigned long)&range));
	vcpu_close(&vcpu);
	vm_close(&vm);
	pages_free(p, PAGE);
}

static long vm_pin(void)
{
	char line[128];
	FILE *f = fopen("/proc/self/status", "r");
	long kb = -1;

	CHECK(f);
	while (fgets(line, sizeof(line), f))
		sscanf(line, "VmPin: %ld", &kb);
	fclose(f);
	return kb;
}

static void accounting(void)
{
	struct vm vm;
	u8 *p;
	long before;

	need_kernel();
	vm = vm_new(0);
	p = pages_new(64 * PAGE);
	before = vm_pin();
	vm_memory(vm.fd, 0, 0, GPA, 64 * PAGE, p);
	CHECK_EQ(vm_pin() - before, 256);
	vm_memory(vm.fd, 0, 0, GPA + PAGE, 64 * PAGE, p);
	CHECK_EQ(vm_pin() - before, 256);
	CHECK_ERR(__vm_memory(vm.fd, 1, 0, GPA, 64 * PAGE, p), EEXIST);
	CHECK_EQ(vm_pin() - before, 256);
	vm_memory(vm.fd, 0, 0, 0, 0, NULL);
	CHECK_EQ(vm_pin() - before, 0);
	vm_memory(vm.fd, 0, 0, GPA, 64 * PAGE, p);
	vm_close(&vm);
	CHECK_EQ(vm_pin() - before, 0);
	pages_free(p, 64 * PAGE);
}

/* In a child without CAP_IPC_LOCK: RLIMIT_MEMLOCK counts. */
static int limited_child(u32 unused)
{
	struct rlimit lim = { 64 * PAGE, 64 * PAGE };
	int sys = sys_open(DEVICE_PATH), vm;
	u8 *p = mmap(NULL, 128 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (sys < 0 || setrlimit(RLIMIT_MEMLOCK, &lim) || setuid(12345))
		return 1;
	vm = __create_vm(sys, VMXL_ISA_RV64, 0);
	if (vm < 0)
		return 2;
	if (!__vm_memory(vm, 0, 0, GPA, 65 * PAGE, p) || errno != ENOMEM)
		return 3;
	if (__vm_memory(vm, 0, 0, GPA, 64 * PAGE, p))
		return 4;
	if (!__vm_memory(vm, 1, 0, 0, PAGE, p) || errno != ENOMEM)
		return 5;
	if (__vm_memory(vm, 0, 0, 0, 0, NULL) || __vm_memory(vm, 1, 0, 0, PAGE, p))
		return 6;
	sys_close(vm);
	vm = __create_vm(sys, VMXL_ISA_RV64, 0);
	return vm < 0 || __vm_memory(vm, 0, 0, GPA, 64 * PAGE, p) ? 7 : 0;
}

static void memlock_limit(void)
{
	need_kernel();
	if (geteuid())
		tap_skip("needs root");
	in_child(limited_child, 0);
}

static void on_alarm(int sig)
{
}

/* The first memory of a process, and a signal after @us: the caller does not see it. */
static int disturbed_child(u32 us)
{
	const struct itimerval often = { { 0, 300 }, { 0, us } }, never = { { 0, 0 }, { 0, 0 } };
	int sys = sys_open(DEVICE_PATH), vm = __create_vm(sys, VMXL_ISA_RV64, 0), ret;
	u8 *p = pages_new(PAGE);

	if (vm < 0 || signal(SIGALRM, on_alarm) == SIG_ERR || setitimer(ITIMER_REAL, &often, NULL))
		return 1;
	ret = __vm_memory(vm, 0, 0, GPA, PAGE, p);
	if (setitimer(ITIMER_REAL, &never, NULL))
		return 2;
	return ret ? 3 : 0;
}

static void signals(void)
{
	u32 us;

	need_kernel();
	for (us = 1; us <= 100; us++)
		in_child(disturbed_child, us);
}

static const struct test tests[] = {
	TEST(add_delete),
	TEST(overlap),
	TEST(change),
	TEST(reject),
	TEST(guest_sees_changes),
	TEST(aliases),
	TEST(readonly),
	TEST(readonly_mapping),
	TEST(no_memory_behind),
	TEST(code_moves),
	TEST(code_written),
	TEST(reservation_written),
	TEST(accounting),
	TEST(memlock_limit),
	TEST(signals),
};
TEST_MAIN(tests)
