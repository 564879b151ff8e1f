// SPDX-License-Identifier: GPL-2.0
/*
 * vCPUs: creation, the shared page, MP state.
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "lib.h"

static void create(void)
{
	struct vm vm = vm_new(0);
	int fd[3];

	fd[0] = CHECK_OK(sys_ioctl(vm.fd, VMXL_CREATE_VCPU, 0));
	fd[1] = CHECK_OK(sys_ioctl(vm.fd, VMXL_CREATE_VCPU, 255));
	fd[2] = CHECK_OK(sys_ioctl(vm.fd, VMXL_CREATE_VCPU, 7));
	CHECK_ERR(sys_ioctl(vm.fd, VMXL_CREATE_VCPU, 7), EEXIST);
	CHECK_ERR(sys_ioctl(vm.fd, VMXL_CREATE_VCPU, 256), EINVAL);
	CHECK_ERR(sys_ioctl(vm.fd, VMXL_CREATE_VCPU, ~0ul), EINVAL);
	CHECK_ERR(sys_ioctl(vm.fd, VMXL_CREATE_VCPU, 1ul << 32), EINVAL);
	sys_close(fd[2]);
	/* A vCPU lives as long as its VM. */
	CHECK_ERR(sys_ioctl(vm.fd, VMXL_CREATE_VCPU, 7), EEXIST);
	sys_close(fd[0]);
	sys_close(fd[1]);
	vm_close(&vm);
}

static void create_all(void)
{
	struct vm vm = vm_new(VMXL_VM_FIRMWARE);
	int fd[256];
	unsigned int i;

	for (i = 0; i < 256; i++)
		fd[i] = CHECK_OK(sys_ioctl(vm.fd, VMXL_CREATE_VCPU, i));
	vm_close(&vm);
	for (i = 0; i < 256; i++)
		CHECK_OK(sys_close(fd[i]));
}

static void *map(int fd, size_t len, int prot, int flags, long offset)
{
	return sys_mmap(len, prot, flags, fd, offset);
}

static void map_page(void)
{
	const int rw = PROT_READ | PROT_WRITE;
	struct vm vm = vm_new(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	struct vmxl_run *again = map(vcpu.fd, PAGE, rw, MAP_SHARED, 0);

	CHECK(again != MAP_FAILED);
	vcpu.run->immediate_exit = 5;
	CHECK_EQ(again->immediate_exit, 5);
	CHECK(map(vcpu.fd, 2 * PAGE, rw, MAP_SHARED, 0) == MAP_FAILED);
	CHECK(map(vcpu.fd, PAGE, rw, MAP_SHARED, PAGE) == MAP_FAILED);
	CHECK(map(vcpu.fd, PAGE, rw, MAP_PRIVATE, 0) == MAP_FAILED);
	CHECK(map(vcpu.fd, PAGE, rw | PROT_EXEC, MAP_SHARED, 0) == MAP_FAILED);
	CHECK_OK(sys_munmap(again, PAGE));
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* The page may neither grow nor become executable. */
static void map_limits(void)
{
	struct vm vm;
	struct vcpu vcpu;

	need_kernel();
	vm = vm_new(0);
	vcpu = vcpu_new(&vm, 0);
	CHECK_ERR(mprotect(vcpu.run, PAGE, PROT_READ | PROT_EXEC), EACCES);
	CHECK(mremap(vcpu.run, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED);
	CHECK_OK(mprotect(vcpu.run, PAGE, PROT_READ));
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* What is mapped stays there when the descriptors are closed. */
static void map_outlives(void)
{
	struct vm vm;
	struct vcpu vcpu;

	need_kernel();
	vm = vm_new(0);
	vcpu = vcpu_new(&vm, 0);
	CHECK_OK(sys_close(vcpu.fd));
	vm_close(&vm);
	vcpu.run->immediate_exit = 1;
	CHECK_EQ(vcpu.run->immediate_exit, 1);
	CHECK_OK(sys_munmap(vcpu.run, PAGE));
}

static u32 mp_state(int fd)
{
	struct vmxl_mp_state mp = { ~0u, ~0u };

	CHECK_OK(sys_ioctl(fd, VMXL_GET_MP_STATE, (unsigned long)&mp));
	CHECK_EQ(mp.reserved, 0);
	return mp.state;
}

static void mp_states(void)
{
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	static const u32 code[] = { RV_LUI(RV_A0, 0x10000), RV_SW(RV_ZERO, 0, RV_A0) };
	struct vmxl_mp_state bad = { .state = VMXL_MP_STOPPED, .reserved = 1 };
	struct kicker *k;

	GUEST(&vm, &vcpu, RAM, code);
	CHECK_EQ(mp_state(vcpu.fd), VMXL_MP_RUNNABLE);
	CHECK_ERR(__mp_state(vcpu.fd, 2), EINVAL);
	CHECK_ERR(sys_ioctl(vcpu.fd, VMXL_SET_MP_STATE, (unsigned long)&bad), EINVAL);
	CHECK_OK(__mp_state(vcpu.fd, VMXL_MP_STOPPED));
	CHECK_EQ(mp_state(vcpu.fd), VMXL_MP_STOPPED);
	/* A stopped vCPU waits in RUN. */
	k = kick_in(100);
	CHECK_ERR(__vcpu_run(&vcpu), EINTR);
	kick_wait(k);
	CHECK_EQ(get_reg(&vcpu, REG_PC), RAM);
	CHECK_OK(__mp_state(vcpu.fd, VMXL_MP_RUNNABLE));
	expect_store(&vcpu, MMIO, 4, 0);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

static void debug_args(void)
{
	struct vm vm = vm_new(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	struct vmxl_guest_debug args = {};
	unsigned int i;

	for (i = 2; i < 32; i++)
		CHECK_ERR(__guest_debug(vcpu.fd, 1u << i), EINVAL);
	args.reserved = 1;
	CHECK_ERR(sys_ioctl(vcpu.fd, VMXL_SET_GUEST_DEBUG, (unsigned long)&args), EINVAL);
	args.reserved = 0;
	for (i = 0; i < 3; i++) {
		args.reserved2[i] = 1;
		CHECK_ERR(sys_ioctl(vcpu.fd, VMXL_SET_GUEST_DEBUG, (unsigned long)&args), EINVAL);
		args.reserved2[i] = 0;
	}
	CHECK_OK(__guest_debug(vcpu.fd, 3));
	CHECK_OK(__guest_debug(vcpu.fd, 0));
	vcpu_close(&vcpu);
	vm_close(&vm);
}

static const struct test tests[] = {
	TEST(create),
	TEST(create_all),
	TEST(map_page),
	TEST(map_limits),
	TEST(map_outlives),
	TEST(mp_states),
	TEST(debug_args),
};
TEST_MAIN(tests)
