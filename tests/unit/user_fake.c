// SPDX-License-Identifier: GPL-2.0
/*
 * The module's side of sys.h, without a module. See user_fake.h.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sys.h"
#include "user_fake.h"

/* Descriptors: what it is, and for vCPUs which one. */
#define FD_SYS		1000
#define FD_VM		1001
#define FD_DEVICE	1002
#define FD_VCPU		2000
#define MAX_VCPUS	8

struct fake_reg {
	__u64 id, value;
};

struct fake_vcpu {
	struct vmxl_run *run;
	struct fake_reg regs[128];
	unsigned int nr_regs;
};

bool fake_irq[1024];

static struct fake_vcpu vcpus[MAX_VCPUS];
static struct vmxl_memory_region ram;
static const char *script;
static const char *printing = "";

static int fail(int err)
{
	errno = err;
	return -1;
}

static struct fake_reg *find_reg(struct fake_vcpu *v, __u64 id, bool make)
{
	unsigned int i;

	for (i = 0; i < v->nr_regs; i++) {
		if (v->regs[i].id == id)
			return &v->regs[i];
	}
	if (!make || v->nr_regs == 128)
		return NULL;
	v->regs[v->nr_regs++] = (struct fake_reg) { .id = id };
	return &v->regs[v->nr_regs - 1];
}

static void set_config(struct fake_vcpu *v, unsigned int index, __u64 value)
{
	find_reg(v, VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | VMXL_RV64_CONFIG | index, true)->value =
		value;
}

static int create_vcpu(unsigned long index)
{
	struct fake_vcpu *v;

	if (index >= MAX_VCPUS)
		return fail(EINVAL);
	v = &vcpus[index];
	v->nr_regs = 0;
	set_config(v, VMXL_RV64_CONFIG_ISA, (1ULL << 24) - 1);
	set_config(v, VMXL_RV64_CONFIG_MMU, 10);
	set_config(v, VMXL_RV64_CONFIG_TIMEBASE, 10000000);
	set_config(v, VMXL_RV64_CONFIG_CBOZ, 64);
	return FD_VCPU + index;
}

static void exit_mmio(struct vmxl_run *run, const char *item, unsigned int len, bool is_write)
{
	char *end;
	__u64 value = 0;

	run->exit_reason = VMXL_EXIT_MMIO;
	run->mmio.phys_addr = strtoull(item, &end, 16);
	run->mmio.len = len;
	run->mmio.is_write = is_write;
	if (*end == '=')
		value = strtoull(end + 1, NULL, 16);
	memset(run->mmio.data, 0, sizeof(run->mmio.data));
	memcpy(run->mmio.data, &value, len);
}

static void exit_event(struct vmxl_run *run, unsigned int type, __u64 reason)
{
	run->exit_reason = VMXL_EXIT_SYSTEM_EVENT;
	run->system_event.type = type;
	run->system_event.ndata = 1;
	run->system_event.data[0] = reason;
}

/* The text goes to the start of RAM. */
static void exit_dbcn(struct vmxl_run *run, const char *text)
{
	size_t len = strlen(text);

	memcpy((void *)(unsigned long)ram.userspace_addr, text, len);
	run->exit_reason = VMXL_EXIT_RISCV_SBI;
	run->riscv_sbi.extension_id = 0x4442434e;
	run->riscv_sbi.function_id = 0;
	run->riscv_sbi.args[0] = len;
	run->riscv_sbi.args[1] = ram.guest_phys_addr;
	run->riscv_sbi.args[2] = 0;
}

static int hang(struct vmxl_run *run)
{
	while (!__atomic_load_n(&run->immediate_exit, __ATOMIC_ACQUIRE))
		poll(NULL, 0, 1000);
	run->exit_reason = VMXL_EXIT_INTR;
	return fail(EINTR);
}

/* The next character of a p item that is being printed, if there is one. */
static bool print_char(struct vmxl_run *run)
{
	char item[32];

	if (!*printing || *printing == ',')
		return false;
	snprintf(item, sizeof(item), "10000000=%x", (unsigned char)*printing++);
	exit_mmio(run, item, 1, true);
	return true;
}

static int run_item(struct vmxl_run *run, const char *item)
{
	if (!strcmp(item, "off") || !*item)
		exit_event(run, VMXL_SYSTEM_EVENT_SHUTDOWN, 0);
	else if (!strcmp(item, "fail"))
		exit_event(run, VMXL_SYSTEM_EVENT_SHUTDOWN, 1);
	else if (!strcmp(item, "reset"))
		exit_event(run, VMXL_SYSTEM_EVENT_RESET, 1);
	else if (!strcmp(item, "hang"))
		return hang(run);
	else if (!strcmp(item, "einval"))
		return fail(EINVAL);
	else if (!strcmp(item, "err"))
		run->exit_reason = VMXL_EXIT_INTERNAL_ERROR;
	else if (*item == 'd')
		exit_dbcn(run, item + 1);
	else
		exit_mmio(run, item + 1, *item == 'b' ? 1 : 4, *item != 'r');
	return 0;
}

static int run_vcpu(struct vmxl_run *run, bool first)
{
	char item[256];
	size_t len;

	if (!first || __atomic_load_n(&run->immediate_exit, __ATOMIC_ACQUIRE))
		return hang(run);
	if (!script)
		script = getenv("VMXL_FAKE") ? getenv("VMXL_FAKE") : "";
	if (print_char(run))
		return 0;
	len = strcspn(script, ",");
	snprintf(item, sizeof(item), "%.*s", (int)len, script);
	if (*item == 'p') {
		printing = script + 1;
		script += len + !!script[len];
		return run_vcpu(run, first);
	}
	script += len + !!script[len];
	return run_item(run, item);
}

int sys_open(const char *path)
{
	(void)path;
	return getenv("VMXL_FAKE_NONE") ? fail(ENOENT) : FD_SYS;
}

static int vcpu_ioctl(struct fake_vcpu *v, unsigned long cmd, unsigned long arg)
{
	struct vmxl_one_reg *one = (void *)arg;
	struct fake_reg *reg;

	switch (cmd) {
	case VMXL_RUN:
		return run_vcpu(v->run, v == vcpus);
	case VMXL_GET_ONE_REG:
	case VMXL_SET_ONE_REG:
		reg = find_reg(v, one->id, cmd == VMXL_SET_ONE_REG);
		if (!reg)
			return fail(ENOENT);
		if (cmd == VMXL_SET_ONE_REG)
			reg->value = *(__u64 *)(unsigned long)one->addr;
		else
			*(__u64 *)(unsigned long)one->addr = reg->value;
		return 0;
	case VMXL_SET_MP_STATE:
		return 0;
	default:
		return fail(ENOTTY);
	}
}

static int set_irq(const struct vmxl_irq_level *irq)
{
	if (irq->gsi >= 1024)
		return fail(EINVAL);
	fake_irq[irq->gsi] = irq->level;
	return 0;
}

int sys_ioctl(int fd, unsigned long cmd, unsigned long arg)
{
	if (fd >= FD_VCPU)
		return vcpu_ioctl(&vcpus[fd - FD_VCPU], cmd, arg);
	switch (cmd) {
	case VMXL_GET_API_VERSION: return VMXL_API_VERSION;
	case VMXL_CHECK_EXTENSION: return arg == VMXL_CAP_MAX_VCPUS ? MAX_VCPUS : 1;
	case VMXL_GET_VCPU_MMAP_SIZE: return 4096;
	case VMXL_CREATE_VM: return FD_VM;
	case VMXL_CREATE_VCPU: return create_vcpu(arg);
	case VMXL_SET_USER_MEMORY_REGION:
		ram = *(struct vmxl_memory_region *)arg;
		return 0;
	case VMXL_CREATE_DEVICE:
		((struct vmxl_create_device *)arg)->fd = FD_DEVICE;
		return 0;
	case VMXL_SET_DEVICE_ATTR: return 0;
	case VMXL_IRQ_LINE: return set_irq((void *)arg);
	case VMXL_IOEVENTFD: return fail(ENOSPC);
	default: return fail(ENOTTY);
	}
}

void *sys_mmap(size_t len, int prot, int flags, int fd, long offset)
{
	void *p = mmap(NULL, len, prot, flags | MAP_ANONYMOUS, -1, offset);

	vcpus[fd - FD_VCPU].run = p;
	return p;
}

ssize_t sys_pread(int fd, void *buf, size_t len, long offset)
{
	return pread(fd, buf, len, offset);
}

int sys_munmap(void *addr, size_t len)
{
	return munmap(addr, len);
}

int sys_close(int fd)
{
	(void)fd;
	return 0;
}

void *sys_guest_memory(size_t len)
{
	return mmap(NULL, len, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}
