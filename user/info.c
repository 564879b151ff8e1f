// SPDX-License-Identifier: GPL-2.0
/*
 * `vmxl info`: what the loaded module can do.
 */
#include <linux/vmx_xlate.h>
#include <stdio.h>
#include <string.h>

#include "run.h"
#include "sys.h"
#include "vm.h"

static const struct {
	unsigned int cap;
	const char *name;
} caps[] = {
	{ VMXL_CAP_ISA_RV64, "guests: rv64" },
	{ VMXL_CAP_ISA_A64, "guests: a64" },
	{ VMXL_CAP_ISA_X86_64, "guests: x86-64" },
	{ VMXL_CAP_MAX_VCPUS, "vCPUs of a VM" },
	{ VMXL_CAP_MAX_WORKERS, "workers of a VM" },
	{ VMXL_CAP_NR_MEMSLOTS, "memory slots of a VM" },
	{ VMXL_CAP_USER_MEMORY, "user memory" },
	{ VMXL_CAP_READONLY_MEM, "read-only memory" },
	{ VMXL_CAP_DIRTY_LOG, "dirty log" },
	{ VMXL_CAP_FIRMWARE, "built-in firmware" },
	{ VMXL_CAP_ONE_REG, "one-reg" },
	{ VMXL_CAP_MP_STATE, "mp-state" },
	{ VMXL_CAP_GUEST_DEBUG, "guest debug" },
	{ VMXL_CAP_IMMEDIATE_EXIT, "immediate exit" },
	{ VMXL_CAP_IRQ_LINE, "irq-line" },
	{ VMXL_CAP_IRQFD, "irqfd" },
	{ VMXL_CAP_IRQFD_RESAMPLE, "irqfd with resampling" },
	{ VMXL_CAP_IOEVENTFD, "ioeventfd" },
	{ VMXL_CAP_DEVICE_CTRL, "device control" },
	{ VMXL_CAP_CODE_LOG, "log of translated code" },
	{ VMXL_CAP_MEMORY_WRITTEN, "code follows what devices write" },
	{ VMXL_CAP_STATS_FD, "counters as a file" },
};

int cmd_info(int argc, char **argv)
{
	unsigned int i;
	int fd;

	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		printf("Usage: vmxl info\n\nPrints what the loaded module can do.\n");
		return STATUS_OK;
	}
	if (argc > 1) {
		error("info takes no arguments");
		return STATUS_USAGE;
	}
	fd = vm_open_module();
	if (fd < 0)
		return STATUS_FAIL;
	printf("%-24s %d\n", "API version", sys_ioctl(fd, VMXL_GET_API_VERSION, 0));
	for (i = 0; i < ARRAY_SIZE(caps); i++)
		printf("%-24s %d\n", caps[i].name,
		       sys_ioctl(fd, VMXL_CHECK_EXTENSION, caps[i].cap));
	sys_close(fd);
	return STATUS_OK;
}
