/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The SMMU in front of the virtio devices (--smmu), and what a device sees of
 * guest memory: all of it, or what the SMMU lets its stream have. The device is in
 * the module (Documentation/smmuv3.rst); device models go by batched look-ups, or by
 * windows, where an access that is not allowed is a fault: see dma_begin().
 */
#ifndef VMXL_USER_SMMU_H
#define VMXL_USER_SMMU_H

#include <setjmp.h>
#include <sys/uio.h>

#include "mem.h"

#define SMMU_SIZE	0x40000		/* the counters' pages from SMMU_PMCG on */
#define SMMU_PMCG	0x20000
#define SMMU_PMCG_PAGE1	0x30000
#define SMMU_NR_IRQS	5		/* event queue, PRI queue, CMD_SYNC, errors, counters */

struct vm;

/* How devices get at memory */
enum smmu_way { SMMU_NONE, SMMU_LOOKUP, SMMU_WINDOWS };

/* At base, with interrupts from irq on; its descriptor, or -1. */
int smmu_create(struct vm *vm, u64 base, u32 irq);
/* "lookup" or "windows"; SMMU_NONE: it is neither. */
enum smmu_way smmu_parse(const char *text);

/* What windows do not reach is looked up. */
#define STREAM_WINDOWS	4

/* A stream of an SMMU; windows are made where the device goes. Its device's lock covers it. */
struct stream {
	int smmu_fd;
	u32 sid;
	unsigned int max_win;		/* 0: look-ups only */
	unsigned int nr_win;
	struct stream_window {
		u64 iova;
		u8 *hva;
	} win[STREAM_WINDOWS];
};

void stream_init(struct stream *stream, const struct vm *vm, u32 sid);

/*
 * Where [addr, addr + len) of a device is: stream NULL: guest memory as it is. What is
 * returned is good for one request: the guest may unmap it when that is done. A place in
 * a window may turn out not to be there when it is accessed.
 */
void *dma_at(const struct guest_mem *mem, struct stream *stream, u64 addr, u64 len, bool write);
/* The same where it is in several places: how many, at most max; 0: not all of it is there. */
unsigned int dma_iov(const struct guest_mem *mem, struct stream *stream, u64 addr, u64 len,
		     bool write, struct iovec *iov, unsigned int max);

/*
 * What dma_at() and dma_iov() gave is accessed between dma_begin() and dma_end(), which
 * are in one function. An access that is not allowed has dma_begin() return again, false
 * this time: only dma_end() is left to do. They nest.
 */
struct dma_guard {
	sigjmp_buf back;
	struct dma_guard *outer;
};

#define dma_begin(g)	(dma_enter(g), !sigsetjmp((g)->back, 0))

void dma_enter(struct dma_guard *guard);
void dma_end(struct dma_guard *guard);
/* Have all of it mapped, for a system call: whether it is there. */
bool dma_touch(const struct iovec *iov, unsigned int nr, bool write);

#endif
