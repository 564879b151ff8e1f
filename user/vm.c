// SPDX-License-Identifier: GPL-2.0
/*
 * VM ioctls and the life of a VM. See vm.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "sys.h"
#include "vm.h"

static const unsigned int needed_caps[] = {
	VMXL_CAP_USER_MEMORY, VMXL_CAP_ONE_REG, VMXL_CAP_IRQ_LINE,
	VMXL_CAP_DEVICE_CTRL, VMXL_CAP_IMMEDIATE_EXIT, VMXL_CAP_MP_STATE,
};

/* The module accounts the guest's memory as locked: take what may be had. */
static void raise_memlock(void)
{
	struct rlimit lim;

	if (getrlimit(RLIMIT_MEMLOCK, &lim))
		return;
	lim.rlim_cur = lim.rlim_max;
	setrlimit(RLIMIT_MEMLOCK, &lim);
}

int vm_open_module(void)
{
	int fd = sys_open(VM_DEVICE_PATH);

	if (fd < 0 && errno == ENOENT)
		return error("%s is not there: is the vmx_xlate module loaded?", VM_DEVICE_PATH);
	return fd < 0 ? error_errno("%s", VM_DEVICE_PATH) : fd;
}

static int check_module(struct vm *vm)
{
	int version = sys_ioctl(vm->sys_fd, VMXL_GET_API_VERSION, 0);
	unsigned int i;

	if (version != VMXL_API_VERSION)
		return error("the module speaks API version %d, this launcher %d", version,
			     VMXL_API_VERSION);
	for (i = 0; i < ARRAY_SIZE(needed_caps); i++) {
		if (!vm_check_extension(vm, needed_caps[i]))
			return error("the module lacks capability %u", needed_caps[i]);
	}
	return 0;
}

int vm_create(struct vm *vm, const struct vm_isa_ops *isa, u32 flags, struct loop *loop)
{
	struct vmxl_create_vm args = { .isa = isa->isa, .flags = flags };

	*vm = (struct vm) { .isa = isa, .sys_fd = -1, .fd = -1, .loop = loop };
	pthread_mutex_init(&vm->dump_lock, NULL);
	raise_memlock();
	vm->sys_fd = vm_open_module();
	if (vm->sys_fd < 0 || check_module(vm))
		return -1;
	vm->fd = sys_ioctl(vm->sys_fd, VMXL_CREATE_VM, (unsigned long)&args);
	if (vm->fd < 0)
		return error_errno("creating a VM of instruction set %s", isa->name);
	return 0;
}

void vm_destroy(struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < vm->nr_workers; i++)
		worker_destroy(&vm->workers[i]);
	free(vm->workers);
	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_destroy(&vm->vcpus[i]);
	free(vm->vcpus);
	if (vm->fd >= 0)
		sys_close(vm->fd);
	if (vm->sys_fd >= 0)
		sys_close(vm->sys_fd);
	mem_free(&vm->mem);
	pthread_mutex_destroy(&vm->dump_lock);
}

int vm_check_extension(struct vm *vm, unsigned int cap)
{
	int ret = sys_ioctl(vm->sys_fd, VMXL_CHECK_EXTENSION, cap);

	return ret < 0 ? 0 : ret;
}

int vm_add_memory(struct vm *vm, u64 gpa, u64 size)
{
	struct vmxl_memory_region region = {
		.slot = vm->mem.nr_slots,
		.guest_phys_addr = gpa,
		.memory_size = size,
	};

	vm->mem.vm_fd = vm->fd;
	vm->mem.has_vm = true;
	if (mem_add(&vm->mem, gpa, size))
		return -1;
	region.userspace_addr = (uintptr_t)mem_at(&vm->mem, gpa, size);
	if (!sys_ioctl(vm->fd, VMXL_SET_USER_MEMORY_REGION, (unsigned long)&region))
		return 0;
	if (errno == ENOMEM)
		return error("%llu MiB of guest memory: not enough memory, or more than may be locked (ulimit -l)",
			     (unsigned long long)(size >> 20));
	return error_errno("%llu MiB of guest memory", (unsigned long long)(size >> 20));
}

int vm_add_vcpus(struct vm *vm, unsigned int nr)
{
	int max = vm_check_extension(vm, VMXL_CAP_MAX_VCPUS);
	int run_size = sys_ioctl(vm->sys_fd, VMXL_GET_VCPU_MMAP_SIZE, 0);
	unsigned int i;

	if (nr > (unsigned int)max)
		return error("%u vCPUs: the module allows %d", nr, max);
	if (run_size < (int)sizeof(struct vmxl_run))
		return error("the module's vCPU page is too small: %d bytes", run_size);
	vm->vcpus = calloc(nr, sizeof(*vm->vcpus));
	if (!vm->vcpus)
		return error("out of memory");
	for (i = 0; i < nr; i++) {
		if (vcpu_create(vm, i, run_size))
			return -1;
		vm->nr_vcpus = i + 1;
	}
	return 0;
}

int vm_new_device(struct vm *vm, const char *name, u32 type)
{
	struct vmxl_create_device args = { .type = type };

	if (sys_ioctl(vm->fd, VMXL_CREATE_DEVICE, (unsigned long)&args))
		return error_errno("creating the %s", name);
	return args.fd;
}

int vm_device_set(int fd, const char *name, u32 group, u64 attr, u64 value)
{
	struct vmxl_device_attr args = {
		.group = group,
		.attr = attr,
		.addr = group == VMXL_DEV_GRP_CTRL ? 0 : (uintptr_t)&value,
	};

	if (sys_ioctl(fd, VMXL_SET_DEVICE_ATTR, (unsigned long)&args))
		return error_errno("%s: setting attribute %u/%llu", name, group,
				   (unsigned long long)attr);
	return 0;
}

int vm_create_device(struct vm *vm, const char *name, u32 type, u64 gpa)
{
	int fd = vm_new_device(vm, name, type);

	if (fd < 0)
		return -1;
	if (vm_device_set(fd, name, VMXL_DEV_GRP_ADDR, 0, gpa) ||
	    vm_device_set(fd, name, VMXL_DEV_GRP_CTRL, VMXL_DEV_CTRL_INIT, 0)) {
		sys_close(fd);
		return -1;
	}
	return fd;
}

void vm_irq_line(struct vm *vm, u32 gsi, bool level)
{
	struct vmxl_irq_level args = { .gsi = gsi, .level = level };

	if (sys_ioctl(vm->fd, VMXL_IRQ_LINE, (unsigned long)&args))
		verbose("interrupt line %u: %s", gsi, strerror(errno));
}

int vm_ioeventfd(struct vm *vm, u64 gpa, u32 value, int eventfd)
{
	struct vmxl_ioeventfd args = {
		.datamatch = value,
		.addr = gpa,
		.len = 4,
		.fd = eventfd,
		.flags = VMXL_IOEVENTFD_DATAMATCH,
	};

	return sys_ioctl(vm->fd, VMXL_IOEVENTFD, (unsigned long)&args);
}

void vm_stop(struct vm *vm, enum vm_outcome outcome, int status)
{
	enum vm_outcome running = VM_RUNNING;

	if (!atomic_compare_exchange_strong(&vm->outcome, &running, outcome))
		return;
	vm->status = status;
	loop_stop(vm->loop);
}

static int start_threads(struct vm *vm)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < vm->nr_workers && !ret; i++)
		ret = worker_start(&vm->workers[i]);
	for (i = 0; i < vm->nr_vcpus && !vm->nr_workers && !ret; i++)
		ret = vcpu_start(&vm->vcpus[i]);
	return ret;
}

static void end_threads(struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < vm->nr_workers; i++)
		worker_kick(&vm->workers[i]);
	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_kick(&vm->vcpus[i]);
	for (i = 0; i < vm->nr_workers; i++)
		worker_join(&vm->workers[i]);
	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_join(&vm->vcpus[i]);
}

int vm_run(struct vm *vm)
{
	int ret = start_threads(vm);

	if (ret)
		vm_stop(vm, VM_STOPPED, STATUS_FAIL);
	loop_run(vm->loop);
	end_threads(vm);
	return ret;
}
