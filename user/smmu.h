/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The SMMU in front of the virtio devices (--smmu), and what a device sees of
 * guest memory: all of it, or what the SMMU lets its stream have. The device is in
 * the module (Documentation/smmuv3.rst); device models ask it by batched look-ups.
 */
#ifndef VMXL_USER_SMMU_H
#define VMXL_USER_SMMU_H

#include <sys/uio.h>

#include "mem.h"

#define SMMU_SIZE	0x40000		/* the counters' pages from SMMU_PMCG on */
#define SMMU_PMCG	0x20000
#define SMMU_PMCG_PAGE1	0x30000
#define SMMU_NR_IRQS	5		/* event queue, PRI queue, CMD_SYNC, errors, counters */

struct vm;

/* At base, with interrupts from irq on; its descriptor, or -1. */
int smmu_create(struct vm *vm, u64 base, u32 irq);

/* A stream of an SMMU. */
struct stream {
	int smmu_fd;
	u32 sid;
};

/*
 * Where [addr, addr + len) of a device is: stream NULL: guest memory as it is. What is
 * returned is good for one request: the guest may unmap it when that is done.
 */
void *dma_at(const struct guest_mem *mem, const struct stream *stream, u64 addr, u64 len,
	     bool write);
/* The same where it is in several places: how many, at most max; 0: not all of it is there. */
unsigned int dma_iov(const struct guest_mem *mem, const struct stream *stream, u64 addr, u64 len,
		     bool write, struct iovec *iov, unsigned int max);

#endif
