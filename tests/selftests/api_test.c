// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/vmx_xlate itself: version, capabilities, what is no ioctl of which file.
 */
#include <fcntl.h>
#include <linux/ioctl.h>
#include <unistd.h>

#include "lib.h"

static void api_version(void)
{
	int sys = open_dev();

	CHECK_EQ(sys_ioctl(sys, VMXL_GET_API_VERSION, 0), VMXL_API_VERSION);
	CHECK_ERR(sys_ioctl(sys, VMXL_GET_API_VERSION, 1), EINVAL);
	sys_close(sys);
}

static const struct {
	u32 cap;
	long val;
} caps[] = {
	{ 0, 0 },
	{ VMXL_CAP_USER_MEMORY, 1 },
	{ VMXL_CAP_NR_MEMSLOTS, 64 },
	{ VMXL_CAP_MAX_VCPUS, 256 },
	{ VMXL_CAP_ISA_RV64, 1 },
	{ VMXL_CAP_ISA_A64, 0 },
	{ VMXL_CAP_ISA_X86_64, 0 },
	{ VMXL_CAP_FIRMWARE, 1 },
	{ VMXL_CAP_ONE_REG, 1 },
	{ VMXL_CAP_IRQ_LINE, 1 },
	{ VMXL_CAP_IRQFD, 1 },
	{ VMXL_CAP_IRQFD_RESAMPLE, 1 },
	{ VMXL_CAP_IOEVENTFD, 1 },
	{ VMXL_CAP_DEVICE_CTRL, 1 },
	{ VMXL_CAP_READONLY_MEM, 1 },
	{ VMXL_CAP_DIRTY_LOG, 1 },
	{ VMXL_CAP_MEMORY_WRITTEN, 1 },
	{ VMXL_CAP_IMMEDIATE_EXIT, 1 },
	{ VMXL_CAP_GUEST_DEBUG, 1 },
	{ VMXL_CAP_MP_STATE, 1 },
	{ VMXL_CAP_STATS_FD, 1 },
	{ VMXL_CAP_MAX_WORKERS, 64 },
	{ VMXL_CAP_MEMORY_WRITTEN + 1, 0 },
	{ ~0u, 0 },
};

static void capabilities(void)
{
	struct vm vm = vm_new(0);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(caps); i++) {
		CHECK_EQ(sys_ioctl(vm.sys, VMXL_CHECK_EXTENSION, caps[i].cap), caps[i].val);
		CHECK_EQ(sys_ioctl(vm.fd, VMXL_CHECK_EXTENSION, caps[i].cap), caps[i].val);
	}
	vm_close(&vm);
}

static void mmap_size(void)
{
	int sys = open_dev();

	CHECK_EQ(sys_ioctl(sys, VMXL_GET_VCPU_MMAP_SIZE, 0), PAGE);
	CHECK_ERR(sys_ioctl(sys, VMXL_GET_VCPU_MMAP_SIZE, 1), EINVAL);
	sys_close(sys);
}

enum { SYS = 1, VM = 2, VCPU = 4, DEV = 8 };

/* Which files know a command; all others answer ENOTTY. */
static const struct {
	const char *name;
	unsigned int cmd;
	unsigned int files;
} cmds[] = {
#define C(cmd, files) { #cmd, cmd, files }
	C(VMXL_GET_API_VERSION, SYS),
	C(VMXL_CHECK_EXTENSION, SYS | VM),
	C(VMXL_CREATE_VM, SYS),
	C(VMXL_GET_VCPU_MMAP_SIZE, SYS),
	C(VMXL_CREATE_VCPU, VM),
	C(VMXL_SET_USER_MEMORY_REGION, VM),
	C(VMXL_GET_DIRTY_LOG, VM),
	C(VMXL_IRQ_LINE, VM),
	C(VMXL_IRQFD, VM),
	C(VMXL_IOEVENTFD, VM),
	C(VMXL_CREATE_DEVICE, VM),
	C(VMXL_GET_CODE_LOG, VM),
	C(VMXL_MEMORY_WRITTEN, VM),
	C(VMXL_GET_STATS_FD, VM | VCPU),
	C(VMXL_RUN, VCPU),
	C(VMXL_GET_ONE_REG, VCPU),
	C(VMXL_SET_ONE_REG, VCPU),
	C(VMXL_GET_REG_LIST, VCPU),
	C(VMXL_GET_MP_STATE, VCPU),
	C(VMXL_SET_MP_STATE, VCPU),
	C(VMXL_SET_GUEST_DEBUG, VCPU),
	C(VMXL_SET_DEVICE_ATTR, DEV),
	C(VMXL_GET_DEVICE_ATTR, DEV),
	C(VMXL_HAS_DEVICE_ATTR, DEV),
#undef C
};

/* The same number with another size or direction is another command. */
static void try_variants(int fd, unsigned int cmd)
{
	unsigned int size = _IOC_SIZE(cmd), dir = _IOC_DIR(cmd), nr = _IOC_NR(cmd), i;

	for (i = 0; i < 4; i++)
		if (i != dir)
			CHECK_ERR(sys_ioctl(fd, _IOC(i, VMXL_IOC, nr, size), 0), ENOTTY);
	CHECK_ERR(sys_ioctl(fd, _IOC(dir, VMXL_IOC, nr, size + 8), 0), ENOTTY);
	CHECK_ERR(sys_ioctl(fd, _IOC(dir, VMXL_IOC - 1, nr, size), 0), ENOTTY);
	if (size)
		CHECK_ERR(sys_ioctl(fd, _IOC(dir, VMXL_IOC, nr, size - 4), 0), ENOTTY);
}

static void unknown_commands(void)
{
	struct vm vm = vm_new(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	int fds[4] = { vm.sys, vm.fd, vcpu.fd, vm_device(vm.fd, VMXL_DEV_RISCV_PLIC) };
	unsigned int i, f;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		tap_context(cmds[i].name);
		for (f = 0; f < 4; f++) {
			try_variants(fds[f], cmds[i].cmd);
			if (!(cmds[i].files & (1u << f)))
				CHECK_ERR(sys_ioctl(fds[f], cmds[i].cmd, 0), ENOTTY);
		}
	}
	tap_context(NULL);
	for (f = 0; f < 4; f++)
		for (i = 0; i < 256; i++)
			CHECK_ERR(sys_ioctl(fds[f], _IOWR(VMXL_IOC, i, u64[100]), 0), ENOTTY);
	sys_close(fds[3]);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* Bad pointers are an error wherever a structure is passed. */
static void bad_pointers(void)
{
	struct vm vm = vm_new(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	int fds[4] = { vm.sys, vm.fd, vcpu.fd, vm_device(vm.fd, VMXL_DEV_RISCV_PLIC) };
	static const unsigned long bad[] = { 0, 8, ~0ul - 7, 1ul << 63, 0x7ffffffffff8 };
	unsigned int i, f, b;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		tap_context(cmds[i].name);
		for (f = 0; f < 4; f++)
			for (b = 0; _IOC_SIZE(cmds[i].cmd) && b < ARRAY_SIZE(bad); b++)
				if (cmds[i].files & (1u << f))
					CHECK_ERR(sys_ioctl(fds[f], cmds[i].cmd, bad[b]), EFAULT);
	}
	sys_close(fds[3]);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

static void close_on_exec(void)
{
	struct vm vm;
	struct vcpu vcpu;
	int dev;

	need_kernel();
	vm = vm_new(0);
	vcpu = vcpu_new(&vm, 0);
	dev = vm_device(vm.fd, VMXL_DEV_RISCV_PLIC);
	CHECK(fcntl(vm.fd, F_GETFD) & FD_CLOEXEC);
	CHECK(fcntl(vcpu.fd, F_GETFD) & FD_CLOEXEC);
	CHECK(fcntl(dev, F_GETFD) & FD_CLOEXEC);
	sys_close(dev);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* There is nothing to read, write or map but the vCPU's page. */
static void other_calls(void)
{
	struct vm vm;
	char c = 0;

	need_kernel();
	vm = vm_new(0);
	CHECK_ERR(read(vm.sys, &c, 1), EINVAL);
	CHECK_ERR(write(vm.fd, &c, 1), EINVAL);
	CHECK(sys_mmap(PAGE, 3, 1, vm.sys, 0) == (void *)-1l);
	CHECK(sys_mmap(PAGE, 3, 1, vm.fd, 0) == (void *)-1l);
	vm_close(&vm);
}

static const struct test tests[] = {
	TEST(api_version),
	TEST(capabilities),
	TEST(mmap_size),
	TEST(unknown_commands),
	TEST(bad_pointers),
	TEST(close_on_exec),
	TEST(other_calls),
};
TEST_MAIN(tests)
