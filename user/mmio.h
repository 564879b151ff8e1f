/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bus: which device answers at which guest physical address. Regions are
 * registered before the first vCPU runs and do not change afterwards, so that
 * look-ups need no lock; each device has its own.
 */
#ifndef VMXL_USER_MMIO_H
#define VMXL_USER_MMIO_H

#include <stdatomic.h>

#include "util.h"

#define MMIO_MAX_REGIONS	16

/* len is 1, 2, 4 or 8 and offset + len lies in the region. */
struct mmio_ops {
	const char *name;
	u64 (*read)(void *opaque, u64 offset, unsigned int len);
	void (*write)(void *opaque, u64 offset, u64 value, unsigned int len);
};

struct mmio_region {
	u64 base;
	u64 size;
	const struct mmio_ops *ops;
	void *opaque;
	atomic_ulong nr_reads, nr_writes;
};

struct mmio_bus {
	struct mmio_region regions[MMIO_MAX_REGIONS];
	unsigned int nr_regions;
	atomic_ulong nr_unclaimed;
};

int mmio_add(struct mmio_bus *bus, u64 base, u64 size, const struct mmio_ops *ops, void *opaque);
/* One guest access; data is what a vmxl_run page holds. Unclaimed reads give zeros. */
void mmio_access(struct mmio_bus *bus, u64 addr, u8 *data, unsigned int len, bool is_write);

#endif
