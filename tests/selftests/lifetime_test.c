// SPDX-License-Identifier: GPL-2.0
/*
 * Descriptors closed in any order, shared, inherited, passed to others; processes
 * that die at any moment. Whether anything is left behind, the module tells when
 * it is unloaded.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib.h"

static const u32 loop_code[] = {
	RV_ADDI(RV_A2, RV_A2, 1),
	RV_SD(RV_A2, 0, RV_A0),
	RV_J(-8),
};

static const u32 store_code[] = { RV_SD(RV_A2, 0, RV_A1), RV_J(-4) };

/* What a VM consists of, by descriptor */
enum { FD_VM, FD_VCPU0, FD_VCPU1, FD_PLIC, FD_ACLINT, NR_FDS };

static void make_all(struct vm *vm, int fds[NR_FDS])
{
	*vm = vm_new_ram(VMXL_VM_FIRMWARE);
	fds[FD_VM] = vm->fd;
	fds[FD_VCPU0] = CHECK_OK(sys_ioctl(vm->fd, VMXL_CREATE_VCPU, 0));
	fds[FD_VCPU1] = CHECK_OK(sys_ioctl(vm->fd, VMXL_CREATE_VCPU, 1));
	fds[FD_PLIC] = vm_plic(vm->fd, 31);
	fds[FD_ACLINT] = vm_device(vm->fd, VMXL_DEV_RISCV_ACLINT);
}

/* The n-th permutation of 0..4 */
static void permute(unsigned int n, int order[NR_FDS])
{
	int left[NR_FDS] = { 0, 1, 2, 3, 4 }, i, at;

	for (i = 0; i < NR_FDS; i++) {
		at = n % (NR_FDS - i);
		n /= NR_FDS - i;
		order[i] = left[at];
		memmove(left + at, left + at + 1, (NR_FDS - i - 1 - at) * sizeof(int));
	}
}

static void close_in_any_order(void)
{
	int fds[NR_FDS], order[NR_FDS];
	unsigned int n, i;
	struct vm vm;

	for (n = 0; n < 120; n++) {
		int ev = CHECK_OK(eventfd(0, 0));

		make_all(&vm, fds);
		CHECK_OK(__vm_irqfd(vm.fd, ev, 5, 0));
		CHECK_OK(__vm_ioeventfd(vm.fd, ev, MMIO, 4, 0, 0));
		permute(n, order);
		if (n & 1)
			close(ev);
		for (i = 0; i < NR_FDS; i++)
			CHECK_OK(sys_close(fds[order[i]]));
		if (!(n & 1))
			close(ev);
		sys_close(vm.sys);
		pages_free(vm.ram, RAM_SIZE);
	}
}

/* A vCPU runs without the VM's descriptor, and with its memory gone from the map. */
static void vcpu_outlives_vm_fd(void)
{
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	u8 *ram = vm.ram;

	GUEST(&vm, &vcpu, RAM, store_code);
	set_reg(&vcpu, REG_X(RV_A1), MMIO);
	set_reg(&vcpu, REG_X(RV_A2), 3);
	expect_store(&vcpu, MMIO, 8, 3);
	vm.ram = NULL;
	vm_close(&vm);
	expect_store(&vcpu, MMIO, 8, 3);
	expect_store(&vcpu, MMIO, 8, 3);
	pages_free(ram, RAM_SIZE);
	if (on_kernel) {
		vcpu_run(&vcpu, VMXL_EXIT_INTERNAL_ERROR);
		CHECK_EQ(vcpu.run->internal.suberror, VMXL_INTERNAL_ERROR_HVA);
	}
	vcpu_close(&vcpu);
}

static void *run_thread(void *opaque)
{
	struct vcpu *vcpu = opaque;

	return (void *)(long)(__vcpu_run(vcpu) < 0 ? errno : 0);
}

static void loop_in_ram(const struct vm *vm, const struct vcpu *vcpu)
{
	GUEST(vm, vcpu, RAM, loop_code);
	set_reg(vcpu, REG_X(RV_A0), RAM + 0x1000);
}

/* All descriptors are closed while a thread is in RUN. */
static void close_while_running(void)
{
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	u64 *count = (u64 *)(vm.ram + 0x1000);
	pthread_t thread;
	void *ret;

	loop_in_ram(&vm, &vcpu);
	CHECK(!pthread_create(&thread, NULL, run_thread, &vcpu));
	while (!__atomic_load_n(count, __ATOMIC_RELAXED))
		;
	CHECK_OK(sys_close(vm.fd));
	CHECK_OK(sys_close(vm.sys));
	CHECK_OK(sys_close(vcpu.fd));
	vcpu.run->immediate_exit = 1;
	pthread_join(thread, &ret);
	CHECK_EQ((long)ret, EINTR);
	CHECK_OK(sys_munmap(vcpu.run, PAGE));
	pages_free(vm.ram, RAM_SIZE);
}

/* Slots come and go, dirty logs are read, while vCPUs run. */
static void memory_while_running(void)
{
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu[2] = { vcpu_new(&vm, 0), vcpu_new(&vm, 1) };
	u8 *p = pages_new(16 * PAGE);
	const u64 gpa = 0x100000000;
	pthread_t thread[2];
	unsigned int i;
	u64 log;

	for (i = 0; i < 2; i++) {
		loop_in_ram(&vm, &vcpu[i]);
		set_reg(&vcpu[i], REG_X(RV_A0), gpa + i * PAGE);
		vm_memory(vm.fd, 1, VMXL_MEM_LOG_DIRTY_PAGES, gpa, 16 * PAGE, p);
	}
	for (i = 0; i < 2; i++)
		CHECK(!pthread_create(&thread[i], NULL, run_thread, &vcpu[i]));
	for (i = 0; i < 2; i++)
		while (!__atomic_load_n((u64 *)(p + i * PAGE), __ATOMIC_RELAXED))
			;
	for (i = 0; i < 200; i++) {
		vm_memory(vm.fd, 2, 0, gpa + 64 * PAGE, 16 * PAGE, p);
		CHECK_OK(__vm_dirty_log(vm.fd, 1, &log));
		vm_memory(vm.fd, 1, i & 1 ? VMXL_MEM_LOG_DIRTY_PAGES : 0, gpa, 16 * PAGE, p);
		vm_memory(vm.fd, 1, VMXL_MEM_LOG_DIRTY_PAGES, gpa, 16 * PAGE, p);
		vm_memory(vm.fd, 2, 0, 0, 0, NULL);
	}
	for (i = 0; i < 2; i++)
		vcpu[i].run->immediate_exit = 1;
	for (i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	for (i = 0; i < 2; i++) {
		CHECK(((u64 *)(p + i * PAGE))[0] > 0);
		vcpu_close(&vcpu[i]);
	}
	vm_close(&vm);
	pages_free(p, 16 * PAGE);
}

/* How a child sees descriptors of a VM that is not its own: 0 if all answer EIO */
static int probe_foreign(int vm, int vcpu, int dev)
{
	u64 val = 0;

	if (sys_ioctl(vm, VMXL_CHECK_EXTENSION, 1) >= 0 || errno != EIO)
		return 1;
	if (sys_ioctl(vm, VMXL_CREATE_VCPU, 9) >= 0 || errno != EIO)
		return 2;
	if (sys_ioctl(vcpu, VMXL_RUN, 0) >= 0 || errno != EIO)
		return 3;
	if (__get_reg(vcpu, REG_PC, &val) >= 0 || errno != EIO)
		return 4;
	if (__dev_attr(dev, VMXL_GET_DEVICE_ATTR, VMXL_DEV_GRP_ADDR, 0, &val) >= 0 || errno != EIO)
		return 5;
	/* Unknown ones as well */
	return sys_ioctl(vm, 0, 0) >= 0 || errno != EIO ? 6 : 0;
}

static int wait_for(pid_t pid)
{
	int status;

	CHECK_EQ(waitpid(pid, &status, 0), pid);
	return status;
}

static void forked(void)
{
	struct vcpu vcpu;
	struct vm vm;
	pid_t pid;
	int dev;

	need_kernel();
	vm = vm_new_ram(0);
	vcpu = vcpu_new(&vm, 0);
	dev = vm_plic(vm.fd, 31);
	GUEST(&vm, &vcpu, RAM, store_code);
	set_reg(&vcpu, REG_X(RV_A1), MMIO);
	set_reg(&vcpu, REG_X(RV_A2), 1);
	expect_store(&vcpu, MMIO, 8, 1);
	pid = fork();
	if (!pid)
		_exit(probe_foreign(vm.fd, vcpu.fd, dev));
	CHECK_EQ(wait_for(pid), 0);
	/* The parent's guest still sees the parent's memory: pinned pages are not shared. */
	pid = fork();
	if (!pid) {
		memset(vm.ram, 0xff, PAGE);
		_exit(0);
	}
	CHECK_EQ(wait_for(pid), 0);
	expect_store(&vcpu, MMIO, 8, 1);
	sys_close(dev);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* A process that ends takes nothing down that its child holds, and leaves it useless. */
static void child_outlives_parent(void)
{
	int status, pipefd[2];
	char answer = 1;
	pid_t pid;

	need_kernel();
	CHECK_OK(pipe(pipefd));
	pid = fork();
	if (!pid) {
		struct vm vm = vm_new_ram(0);
		struct vcpu vcpu = vcpu_new(&vm, 0);
		int dev = vm_plic(vm.fd, 31);

		loop_in_ram(&vm, &vcpu);
		if (fork())
			_exit(0);
		usleep(100000);
		answer = probe_foreign(vm.fd, vcpu.fd, dev);
		_exit(write(pipefd[1], &answer, 1) != 1);
	}
	close(pipefd[1]);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(read(pipefd[0], &answer, 1), 1);
	CHECK_EQ(answer, 0);
	close(pipefd[0]);
}

static void send_fds(int sock, const int *fds, unsigned int nr)
{
	char c = 0, space[CMSG_SPACE(3 * sizeof(int))] = {};
	struct iovec iov = { &c, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = space,
		.msg_controllen = CMSG_SPACE(nr * sizeof(int)),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(nr * sizeof(int));
	memcpy(CMSG_DATA(cmsg), fds, nr * sizeof(int));
	CHECK_EQ(sendmsg(sock, &msg, 0), 1);
}

static int receiver(int sock)
{
	char c, space[CMSG_SPACE(3 * sizeof(int))];
	struct iovec iov = { &c, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = space,
		.msg_controllen = sizeof(space),
	};
	int fds[3];

	if (recvmsg(sock, &msg, 0) != 1 || !CMSG_FIRSTHDR(&msg))
		return 100;
	memcpy(fds, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fds));
	/* Wait until the sender has closed its own. */
	if (read(sock, &c, 1) != 1)
		return 101;
	return probe_foreign(fds[0], fds[1], fds[2]);
}

static void passed(void)
{
	int sock[2], fds[3];
	struct vcpu vcpu;
	struct vm vm;
	pid_t pid;

	need_kernel();
	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, sock));
	pid = fork();
	if (!pid)
		_exit(receiver(sock[1]));
	vm = vm_new_ram(0);
	vcpu = vcpu_new(&vm, 0);
	fds[0] = vm.fd;
	fds[1] = vcpu.fd;
	fds[2] = vm_plic(vm.fd, 31);
	send_fds(sock[0], fds, 3);
	sys_close(fds[2]);
	vcpu_close(&vcpu);
	vm_close(&vm);
	CHECK_EQ(write(sock[0], "x", 1), 1);
	CHECK_EQ(wait_for(pid), 0);
	close(sock[0]);
	close(sock[1]);
}

/* Descriptors in a socket's queue that nobody receives */
static void passed_to_nobody(void)
{
	int sock[2];
	struct vm vm;

	need_kernel();
	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, sock));
	vm = vm_new_ram(0);
	send_fds(sock[0], &vm.fd, 1);
	vm_close(&vm);
	close(sock[0]);
	close(sock[1]);
}

/* A VM with two vCPUs that run, wait, exit; it goes on until it is killed. */
static void victim(void)
{
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu[3] = { vcpu_new(&vm, 0), vcpu_new(&vm, 1), vcpu_new(&vm, 2) };
	static const u32 wait_code[] = { RV_WFI, RV_J(-4) };
	int ev = CHECK_OK(eventfd(0, 0)), plic = vm_plic(vm.fd, 31);
	pthread_t thread;
	u64 log[8];

	vm_memory(vm.fd, 0, VMXL_MEM_LOG_DIRTY_PAGES, RAM, RAM_SIZE, vm.ram);
	CHECK_OK(__vm_irqfd(vm.fd, ev, 5, 0));
	loop_in_ram(&vm, &vcpu[0]);
	GUEST(&vm, &vcpu[1], RAM + 0x2000, wait_code);
	GUEST(&vm, &vcpu[2], RAM + 0x3000, store_code);
	set_reg(&vcpu[2], REG_X(RV_A1), MMIO);
	CHECK(!pthread_create(&thread, NULL, run_thread, &vcpu[0]));
	CHECK(!pthread_create(&thread, NULL, run_thread, &vcpu[1]));
	for (;;) {
		__vcpu_run(&vcpu[2]);
		__vm_dirty_log(vm.fd, 0, log);
		__vm_memory(vm.fd, 1, 0, 0x100000000, 16 * PAGE, vm.ram);
		__vm_memory(vm.fd, 1, 0, 0, 0, NULL);
	}
	sys_close(plic);
}

static void killed(void)
{
	unsigned int i;
	int status;
	pid_t pid;

	need_kernel();
	for (i = 0; i < 100; i++) {
		pid = fork();
		if (!pid)
			victim();
		usleep(random() % 20000);
		CHECK_OK(kill(pid, SIGKILL));
		status = wait_for(pid);
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
}

static const struct test tests[] = {
	TEST(close_in_any_order),
	TEST(vcpu_outlives_vm_fd),
	TEST(close_while_running),
	TEST(memory_while_running),
	TEST(forked),
	TEST(child_outlives_parent),
	TEST(passed),
	TEST(passed_to_nobody),
	TEST(killed),
};
TEST_MAIN(tests)
