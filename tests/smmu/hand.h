/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables made by hand in the rig's RAM, as a driver makes them: 4 KiB granule,
 * 48 bits, four levels; a linear stream table of 64 entries at HAND_STRTAB.
 */
#ifndef TESTS_SMMU_HAND_H
#define TESTS_SMMU_HAND_H

#include "rig.h"
#include "world.h"

#define HAND_STRTAB	(RAM_BASE + POOL_START)
#define HAND_CFG	6

#define D_AF		(1ULL << 10)
#define D_NG		(1ULL << 11)
#define D_USER		(1ULL << 6)
#define D_RO		(1ULL << 7)
#define D_S2RW		(3ULL << 6 | 15 << 2)
#define D_PAGE		(D_AF | 3)
#define D_DMA		(D_PAGE | D_NG | D_USER)	/* as an IOMMU driver maps it */

struct hand {
	struct rig *r;
	u64 next;
};

void hand_start(struct hand *h, struct rig *r);
/* Zeroed memory; @size is a power of two and the alignment */
u64 hand_alloc(struct hand *h, u64 size);
u64 *hand_at(struct hand *h, u64 pa);
u64 *hand_ste(struct hand *h, u32 sid);

/* The descriptor of @addr at @level (3: a page) below @root; tables are made. */
u64 *hand_slot(struct hand *h, u64 root, u64 addr, int level);
void hand_map(struct hand *h, u64 root, u64 addr, u64 desc);
/* A CD for TTB0 alone: faults are recorded, and abort */
void hand_cd(u64 *cd, u16 asid, u64 ttb);
/* An STE of stage 1; of stage 2 */
void hand_ste_s1(u64 *ste, u64 cdtab, u16 vmid);
void hand_ste_s2(u64 *ste, u64 ttb, u16 vmid);

#endif /* TESTS_SMMU_HAND_H */
