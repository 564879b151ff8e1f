// SPDX-License-Identifier: GPL-2.0
/*
 * The SMMU, and DMA through it. See smmu.h.
 */
#include "smmu.h"
#include "sys.h"
#include "vm.h"

/* Ranges of one look-up: more than a request of 1 MiB has in pages. */
#define MAX_RANGES	257

static int set_up(int fd, u64 base, u32 irq)
{
	static const u32 attrs[SMMU_NR_IRQS] = {
		VMXL_SMMU_IRQ_EVENTQ, VMXL_SMMU_IRQ_PRIQ, VMXL_SMMU_IRQ_SYNC,
		VMXL_SMMU_IRQ_GERROR, VMXL_SMMU_IRQ_PMCG,
	};
	unsigned int i;

	if (vm_device_set(fd, "SMMU", VMXL_DEV_GRP_ADDR, 0, base))
		return -1;
	for (i = 0; i < SMMU_NR_IRQS; i++) {
		if (vm_device_set(fd, "SMMU", VMXL_DEV_GRP_CONFIG, attrs[i], irq + i))
			return -1;
	}
	return vm_device_set(fd, "SMMU", VMXL_DEV_GRP_CTRL, VMXL_DEV_CTRL_INIT, 0);
}

int smmu_create(struct vm *vm, u64 base, u32 irq)
{
	int fd = vm_new_device(vm, "SMMU", VMXL_DEV_ARM_SMMUV3);

	if (fd < 0 || !set_up(fd, base, irq))
		return fd;
	sys_close(fd);
	return -1;
}

/* The ranges of a segment; 0: a part of it is not memory that the stream may have. */
static unsigned int lookup(const struct stream *stream, u64 addr, u64 len, bool write,
			   struct vmxl_smmu_range *out, unsigned int max)
{
	struct vmxl_smmu_seg in = { .iova = addr, .len = len };
	struct vmxl_smmu_lookup l = {
		.sid = stream->sid,
		.access = write ? VMXL_SMMU_WRITE : VMXL_SMMU_READ,
		.flags = VMXL_SMMU_NO_STALL,
		.in = (uintptr_t)&in,
		.out = (uintptr_t)out,
		.nr_in = 1,
		.nr_out = max,
	};
	unsigned int i;

	if (sys_ioctl(stream->smmu_fd, VMXL_SMMU_LOOKUP, (unsigned long)&l) || l.done != len)
		return 0;
	for (i = 0; i < l.nr_out; i++) {
		if (!out[i].hva)
			return 0;
	}
	return l.nr_out;
}

void *dma_at(const struct guest_mem *mem, const struct stream *stream, u64 addr, u64 len,
	     bool write)
{
	struct vmxl_smmu_range range;

	if (!stream)
		return mem_at(mem, addr, len);
	if (lookup(stream, addr, len, write, &range, 1) != 1)
		return NULL;
	return (void *)(uintptr_t)range.hva;
}

unsigned int dma_iov(const struct guest_mem *mem, const struct stream *stream, u64 addr, u64 len,
		     bool write, struct iovec *iov, unsigned int max)
{
	struct vmxl_smmu_range range[MAX_RANGES];
	unsigned int n, i;

	if (!stream) {
		*iov = (struct iovec) { mem_at(mem, addr, len), len };
		return iov->iov_base ? 1 : 0;
	}
	n = lookup(stream, addr, len, write, range, MIN(max, (unsigned int)MAX_RANGES));
	for (i = 0; i < n; i++)
		iov[i] = (struct iovec) { (void *)(uintptr_t)range[i].hva, range[i].len };
	return n;
}
