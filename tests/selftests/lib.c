// SPDX-License-Identifier: GPL-2.0
/*
 * What the tests share. See lib.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib.h"

void need_kernel(void)
{
	if (!on_kernel)
		tap_skip("needs the module in a kernel");
}

int open_dev(void)
{
	return CHECK_OK(sys_open(DEVICE_PATH));
}

int __create_vm(int sys, u32 isa, u32 flags)
{
	struct vmxl_create_vm args = { .isa = isa, .flags = flags };

	return sys_ioctl(sys, VMXL_CREATE_VM, (unsigned long)&args);
}

struct vm vm_new(u32 flags)
{
	struct vm vm = { .sys = open_dev() };

	vm.fd = CHECK_OK(__create_vm(vm.sys, VMXL_ISA_RV64, flags));
	return vm;
}

struct vm vm_new_ram(u32 flags)
{
	struct vm vm = vm_new(flags);

	vm.ram = pages_new(RAM_SIZE);
	vm_memory(vm.fd, 0, 0, RAM, RAM_SIZE, vm.ram);
	return vm;
}

void vm_close(struct vm *vm)
{
	CHECK_OK(sys_close(vm->fd));
	CHECK_OK(sys_close(vm->sys));
	if (vm->ram)
		pages_free(vm->ram, RAM_SIZE);
}

void *pages_new(size_t size)
{
	void *p = sys_guest_memory(size);

	CHECK(p != MAP_FAILED);
	return p;
}

void pages_free(void *p, size_t size)
{
	CHECK_OK(munmap(p, size));
}

int __vm_memory(int fd, u32 slot, u32 flags, u64 gpa, u64 size, const void *hva)
{
	struct vmxl_memory_region r = {
		.slot = slot, .flags = flags, .guest_phys_addr = gpa, .memory_size = size,
		.userspace_addr = (uintptr_t)hva,
	};

	return sys_ioctl(fd, VMXL_SET_USER_MEMORY_REGION, (unsigned long)&r);
}

void vm_memory(int fd, u32 slot, u32 flags, u64 gpa, u64 size, const void *hva)
{
	CHECK_OK(__vm_memory(fd, slot, flags, gpa, size, hva));
}

int __vm_dirty_log(int fd, u32 slot, void *bitmap)
{
	struct vmxl_dirty_log log = { .slot = slot, .bitmap = (uintptr_t)bitmap };

	return sys_ioctl(fd, VMXL_GET_DIRTY_LOG, (unsigned long)&log);
}

int __vm_irq_line(int fd, u32 gsi, u32 level)
{
	struct vmxl_irq_level args = { .gsi = gsi, .level = level };

	return sys_ioctl(fd, VMXL_IRQ_LINE, (unsigned long)&args);
}

int __vm_irqfd(int fd, int eventfd, u32 gsi, u32 flags)
{
	struct vmxl_irqfd args = { .fd = eventfd, .gsi = gsi, .flags = flags };

	return sys_ioctl(fd, VMXL_IRQFD, (unsigned long)&args);
}

int __vm_irqfd_resample(int fd, int eventfd, u32 gsi, int resamplefd)
{
	struct vmxl_irqfd args = {
		.fd = eventfd, .gsi = gsi, .flags = VMXL_IRQFD_RESAMPLE, .resamplefd = resamplefd,
	};

	return sys_ioctl(fd, VMXL_IRQFD, (unsigned long)&args);
}

int __vm_ioeventfd(int fd, int eventfd, u64 addr, u32 len, u64 match, u32 flags)
{
	struct vmxl_ioeventfd args = {
		.fd = eventfd, .addr = addr, .len = len, .datamatch = match, .flags = flags,
	};

	return sys_ioctl(fd, VMXL_IOEVENTFD, (unsigned long)&args);
}

int __vm_device(int fd, u32 type, u32 flags, int *dev)
{
	struct vmxl_create_device args = { .type = type, .flags = flags };
	int ret = sys_ioctl(fd, VMXL_CREATE_DEVICE, (unsigned long)&args);

	if (dev)
		*dev = args.fd;
	return ret;
}

int vm_device(int fd, u32 type)
{
	int dev = -1;

	CHECK_OK(__vm_device(fd, type, 0, &dev));
	CHECK(dev >= 0);
	return dev;
}

int __dev_attr(int dev, unsigned long cmd, u32 group, u64 attr, void *val)
{
	struct vmxl_device_attr args = { .group = group, .attr = attr, .addr = (uintptr_t)val };

	return sys_ioctl(dev, cmd, (unsigned long)&args);
}

void dev_set(int dev, u32 group, u64 attr, u64 val)
{
	CHECK_OK(__dev_attr(dev, VMXL_SET_DEVICE_ATTR, group, attr, &val));
}

u64 dev_get(int dev, u32 group, u64 attr)
{
	u64 val = 0;

	CHECK_OK(__dev_attr(dev, VMXL_GET_DEVICE_ATTR, group, attr, &val));
	return val;
}

void dev_init(int dev)
{
	CHECK_OK(__dev_attr(dev, VMXL_SET_DEVICE_ATTR, VMXL_DEV_GRP_CTRL, VMXL_DEV_CTRL_INIT,
			    NULL));
}

int vm_plic(int fd, u64 nr_sources)
{
	int dev = vm_device(fd, VMXL_DEV_RISCV_PLIC);

	dev_set(dev, VMXL_DEV_GRP_ADDR, 0, PLIC);
	dev_set(dev, VMXL_DEV_GRP_CONFIG, VMXL_PLIC_NR_SOURCES, nr_sources);
	dev_init(dev);
	return dev;
}

struct vcpu vcpu_new(const struct vm *vm, u32 id)
{
	struct vcpu vcpu = { .fd = CHECK_OK(sys_ioctl(vm->fd, VMXL_CREATE_VCPU, id)) };

	vcpu.run = sys_mmap(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu.fd, 0);
	CHECK(vcpu.run != MAP_FAILED);
	return vcpu;
}

void vcpu_close(struct vcpu *vcpu)
{
	CHECK_OK(sys_munmap(vcpu->run, PAGE));
	CHECK_OK(sys_close(vcpu->fd));
}

int __vcpu_run(const struct vcpu *vcpu)
{
	return sys_ioctl(vcpu->fd, VMXL_RUN, 0);
}

static void explain_internal(const struct vmxl_run *run)
{
	if (run->exit_reason == VMXL_EXIT_INTERNAL_ERROR)
		tap_note("internal error %u, pc 0x%llx, address 0x%llx", run->internal.suberror,
			 (unsigned long long)run->internal.data[0],
			 (unsigned long long)run->internal.data[1]);
	if (run->exit_reason == VMXL_EXIT_MMIO)
		tap_note("MMIO at 0x%llx, %u bytes, write %u",
			 (unsigned long long)run->mmio.phys_addr, run->mmio.len,
			 run->mmio.is_write);
}

void vcpu_run(const struct vcpu *vcpu, u32 exit_reason)
{
	CHECK_OK(__vcpu_run(vcpu));
	if (vcpu->run->exit_reason != exit_reason)
		explain_internal(vcpu->run);
	CHECK_EQ(vcpu->run->exit_reason, exit_reason);
	CHECK_EQ(vcpu->run->flags, 0);
}

int __get_reg(int fd, u64 id, u64 *val)
{
	struct vmxl_one_reg args = { .id = id, .addr = (uintptr_t)val };

	return sys_ioctl(fd, VMXL_GET_ONE_REG, (unsigned long)&args);
}

int __set_reg(int fd, u64 id, u64 val)
{
	struct vmxl_one_reg args = { .id = id, .addr = (uintptr_t)&val };

	return sys_ioctl(fd, VMXL_SET_ONE_REG, (unsigned long)&args);
}

u64 get_reg(const struct vcpu *vcpu, u64 id)
{
	u64 val = 0;

	CHECK_OK(__get_reg(vcpu->fd, id, &val));
	return val;
}

void set_reg(const struct vcpu *vcpu, u64 id, u64 val)
{
	CHECK_OK(__set_reg(vcpu->fd, id, val));
}

int __mp_state(int fd, u32 state)
{
	struct vmxl_mp_state args = { .state = state };

	return sys_ioctl(fd, VMXL_SET_MP_STATE, (unsigned long)&args);
}

u64 stat_of(int fd, const char *name)
{
	int stats = CHECK_OK(sys_ioctl(fd, VMXL_GET_STATS_FD, 0));
	const struct vmxl_stats_header *h;
	u8 buf[16384];
	size_t size;
	u32 i;

	CHECK(sys_pread(stats, buf, sizeof(buf), 0) > (ssize_t)sizeof(*h));
	sys_close(stats);
	h = (void *)buf;
	size = sizeof(struct vmxl_stats_desc) + h->name_size;
	for (i = 0; i < h->num_desc; i++) {
		const struct vmxl_stats_desc *d = (void *)(buf + h->desc_offset + i * size);
		u64 val;

		memcpy(&val, buf + h->data_offset + d->offset, sizeof(val));
		if (!strcmp(d->name, name))
			return val;
	}
	FAIL("no counter is called %s", name);
}

int __guest_debug(int fd, u32 control)
{
	struct vmxl_guest_debug args = { .control = control };

	return sys_ioctl(fd, VMXL_SET_GUEST_DEBUG, (unsigned long)&args);
}

void guest_code(const struct vm *vm, const struct vcpu *vcpu, u64 gpa, const u32 *code, size_t nr)
{
	memcpy(vm->ram + (gpa - RAM), code, nr * sizeof(*code));
	set_reg(vcpu, REG_PC, gpa);
}

const u32 guest_counts[] = {
	RV_LD(RV_A2, 0, RV_A3),
	RV_ADDI(RV_A2, RV_A2, 1),
	RV_SD(RV_A2, 0, RV_A3),
	RV_ADDI(RV_A0, RV_A0, -1),
	RV_BNE(RV_A0, RV_ZERO, -16),
	RV_SD(RV_A2, 0, RV_A1),
	RV_J(-24),
};

static void expect_mmio(const struct vcpu *vcpu, u64 addr, u32 len, bool write)
{
	vcpu_run(vcpu, VMXL_EXIT_MMIO);
	CHECK_EQ(vcpu->run->mmio.phys_addr, addr);
	CHECK_EQ(vcpu->run->mmio.len, len);
	CHECK_EQ(vcpu->run->mmio.is_write, write);
}

u64 *user_mode(const struct vm *vm, const struct vcpu *vcpu)
{
	u64 *table = (u64 *)(vm->ram + (USER_TABLE - RAM));

	memset(table, 0, PAGE);
	table[MMIO >> 30] = USER_LEAF(MMIO);
	table[RAM >> 30] = USER_LEAF(RAM);
	set_reg(vcpu, REG_CSR(0x180), 8ull << 60 | USER_TABLE >> 12);
	set_reg(vcpu, REG_MODE, 0);
	return table;
}

void expect_store(const struct vcpu *vcpu, u64 addr, u32 len, u64 val)
{
	u64 got = 0;

	expect_mmio(vcpu, addr, len, true);
	memcpy(&got, vcpu->run->mmio.data, len);
	CHECK_EQ(got, val);
}

void expect_load(const struct vcpu *vcpu, u64 addr, u32 len, u64 val)
{
	expect_mmio(vcpu, addr, len, false);
	memcpy(vcpu->run->mmio.data, &val, len);
}

struct kicker {
	pthread_t thread, victim;
	unsigned int ms;
};

static void on_kick(int sig)
{
	(void)sig;
}

static void *kicker_thread(void *opaque)
{
	struct kicker *k = opaque;

	usleep(k->ms * 1000);
	pthread_kill(k->victim, SIGUSR1);
	return NULL;
}

struct kicker *kick_in(unsigned int ms)
{
	struct sigaction sa = { .sa_handler = on_kick };
	struct kicker *k = calloc(1, sizeof(*k));

	CHECK(k);
	sigaction(SIGUSR1, &sa, NULL);
	k->victim = pthread_self();
	k->ms = ms;
	CHECK(!pthread_create(&k->thread, NULL, kicker_thread, k));
	return k;
}

void kick_wait(struct kicker *k)
{
	pthread_join(k->thread, NULL);
	free(k);
}

void in_child(int (*fn)(u32 arg), u32 arg)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(fn(arg));
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(status, 0);
}

bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return n == (ssize_t)strlen(text);
}
