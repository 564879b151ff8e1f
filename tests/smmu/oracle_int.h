/* SPDX-License-Identifier: GPL-2.0 */
/* Between the two halves of the oracle: configuration and table walks. */
#ifndef TESTS_SMMU_ORACLE_INT_H
#define TESTS_SMMU_ORACLE_INT_H

#include "oracle.h"

/* The CLASS field of events: what the faulting stage was translating */
enum orc_class { CLASS_CD, CLASS_TT, CLASS_IN };

/**
 * struct stage - a stage of translation, as configured
 * @nr: 1 or 2; @gran: log2 of the granule; @ia, @oa: sizes of addresses in bits
 * @level: where walks start; @base: of the table there
 * @el2: a single privilege level; @be: big-endian tables
 * @ds, @affd, @ha, @hd: as in CD and STE; @had, @wxn, @pan, @epan: of stage 1
 * @ptw: of stage 2: tables may not be in Device memory; @fwb: S2FWB
 * @xnx: XN has two bits; @pa52: 64 KiB granules reach 52 bits
 */
struct stage {
	int nr, level;
	unsigned int gran, ia, oa;
	u64 base;
	bool el2, be, ds, affd, ha, hd, had, wxn, pan, epan, ptw, fwb, xnx, pa52;
};

/* A fault on the way; number 0: none; @only_read: an atomic access lacks but that */
struct fault {
	u8 number;
	bool s2, tt_read, only_read;
	enum orc_class class;
	u64 ipa, fetch;
};

struct run {
	const struct orc *o;
	const struct orc_req *req;
	struct orc_res *res;
	struct stage s1, s2;
	bool has_s1, has_s2;
	u32 access;		/* after the STE's overrides */
	u16 vmid, asid;
	u32 cd_index;
	struct fault fault;
};

/* Where something ended up: an address, the size of the entry and the rights */
struct mapping {
	u64 addr;
	unsigned int shift;
	u32 perm;
	bool clean;
};

/*
 * Each: true, or run->fault tells. @access: what is done at that address.
 * orc_s2_walk() is also for what hardware reads of its own, by @class.
 */
bool orc_s1_walk(struct run *r, u64 va, u32 access, struct mapping *m);
bool orc_s2_walk(struct run *r, u64 ipa, u32 access, enum orc_class class, struct mapping *m);

#endif /* TESTS_SMMU_ORACLE_INT_H */
