// SPDX-License-Identifier: GPL-2.0
/*
 * The dispatch of guest device accesses. See mmio.h.
 */
#include <string.h>

#include "mmio.h"

int mmio_add(struct mmio_bus *bus, u64 base, u64 size, const struct mmio_ops *ops, void *opaque)
{
	struct mmio_region *r;

	if (bus->nr_regions == MMIO_MAX_REGIONS)
		return error("too many devices");
	r = &bus->regions[bus->nr_regions++];
	r->base = base;
	r->size = size;
	r->ops = ops;
	r->opaque = opaque;
	return 0;
}

static struct mmio_region *find_region(struct mmio_bus *bus, u64 addr, unsigned int len)
{
	struct mmio_region *r;

	for (r = bus->regions; r < bus->regions + bus->nr_regions; r++) {
		if (addr >= r->base && addr - r->base < r->size &&
		    len <= r->size - (addr - r->base))
			return r;
	}
	return NULL;
}

void mmio_access(struct mmio_bus *bus, u64 addr, u8 *data, unsigned int len, bool is_write)
{
	struct mmio_region *r = find_region(bus, addr, len);
	u64 value = 0;

	if (!r || len > sizeof(value) || (len & (len - 1)) || !len) {
		/* The first few are worth a line, a guest that loops is not. */
		if (atomic_fetch_add(&bus->nr_unclaimed, 1) < 16)
			verbose("no device for a %u byte %s at 0x%llx", len,
				is_write ? "write" : "read", (unsigned long long)addr);
		if (!is_write)
			memset(data, 0, MIN(len, 16U));
		return;
	}
	if (is_write) {
		memcpy(&value, data, len);
		atomic_fetch_add_explicit(&r->nr_writes, 1, memory_order_relaxed);
		r->ops->write(r->opaque, addr - r->base, value, len);
	} else {
		atomic_fetch_add_explicit(&r->nr_reads, 1, memory_order_relaxed);
		value = r->ops->read(r->opaque, addr - r->base, len);
		memcpy(data, &value, len);
	}
}
