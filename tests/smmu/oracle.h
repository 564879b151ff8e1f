/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What Arm IHI 0070 (SMMUv3, Non-secure state, VMSAv8-64) says becomes of an
 * access of a device: a reading of its own, by brute force and without caches,
 * to hold the model against. In: the registers, and memory through a callback;
 * out: the address, or the event record. It writes nothing: what hardware
 * would write to translation tables is in the answer.
 *
 * It knows nothing of the model's code.
 */
#ifndef TESTS_SMMU_ORACLE_H
#define TESTS_SMMU_ORACLE_H

#include <linux/types.h>

#define ORC_R		1u
#define ORC_W		2u
#define ORC_X		4u
#define ORC_PRIV	8u

/* Events, by number */
#define C_BAD_STREAMID		0x02
#define F_STE_FETCH		0x03
#define C_BAD_STE		0x04
#define F_BAD_ATS_TREQ		0x05
#define F_STREAM_DISABLED	0x06
#define F_TRANSL_FORBIDDEN	0x07
#define C_BAD_SUBSTREAMID	0x08
#define F_CD_FETCH		0x09
#define C_BAD_CD		0x0a
#define F_WALK_EABT		0x0b
#define F_TRANSLATION		0x10
#define F_ADDR_SIZE		0x11
#define F_ACCESS		0x12
#define F_PERMISSION		0x13

/* What it is that is read, for callbacks that want to know */
enum orc_kind { ORC_L1STD, ORC_STE, ORC_L1CD, ORC_CD, ORC_S1, ORC_S2 };

/**
 * struct orc_where - what a location is for
 * @kind: the structure
 * @sid: StreamID and @ssid: index of the CD, of L1STD to CD
 * @vmid: of S1 and S2; @asid: of S1
 * @level: of the walk, of S1 and S2; @ia: the address that is being translated
 * @for_s1: of S2: on behalf of stage 1 (a combined entry may hold it)
 */
struct orc_where {
	enum orc_kind kind;
	u32 sid, ssid;
	u16 vmid, asid;
	int level;
	u64 ia;
	bool for_s1;
};

struct orc {
	u32 idr0, idr1, idr3, idr5, aidr;
	u32 cr0, cr2, gbpa;
	u64 strtab_base;
	u32 strtab_cfg;
	/* Memory as hardware reads it: 0, or there is none (an external abort) */
	int (*read)(void *opaque, const struct orc_where *where, u64 pa, void *dst, u32 len);
	void *opaque;
};

struct orc_req {
	u32 sid, ssid;
	u64 addr;
	bool ssv;
	u32 access;		/* ORC_R, ORC_W or both; ORC_X and ORC_PRIV qualify */
};

/* An update of a descriptor: these bits changed for certain, those perhaps */
struct orc_update {
	u64 pa, old, must, may;
};

enum orc_verdict { ORC_OK, ORC_ABORT, ORC_RAZWI, ORC_STALL };

#define ORC_UPDATES	48

/**
 * struct orc_res - the answer
 * @verdict: what the device sees
 * @unpredictable: the specification allows more than one behaviour here
 * @pa, @shift: of OK: the address, and the size that one entry can cover at most
 * @perm: of OK: ORC_R, _W, _X for the access's privilege
 * @clean: of OK: ORC_W of @perm holds only after another update of a descriptor
 * @event: number of the event, or 0; @record, @mask: the record and the bits
 *	of it that the specification defines
 * @update: what became of the translation tables
 */
struct orc_res {
	enum orc_verdict verdict;
	bool unpredictable;
	u64 pa;
	u32 shift;
	u32 perm;
	bool clean;
	u8 event;
	u64 record[4], mask[4];
	unsigned int nr_update;
	struct orc_update update[ORC_UPDATES];
};

void orc_translate(const struct orc *o, const struct orc_req *req, struct orc_res *res);

/**
 * struct orc_ats - how an ATS translation request is answered
 * @verdict: the status; DENIED is a success without rights
 * @event: F_BAD_ATS_TREQ or 0; @unpredictable: as orc_res
 * @pa, @shift: of OK, as orc_res; of split-stage ATS, an IPA
 * @perm: of OK: what is granted; @may: what may be granted beside it
 */
struct orc_ats {
	enum { ORC_ATS_OK, ORC_ATS_DENIED, ORC_ATS_UR, ORC_ATS_CA } verdict;
	u8 event;
	bool unpredictable;
	u64 pa;
	u32 shift;
	u32 perm, may;
};

/* A request: of req->access, ORC_W is NW = 0, and ORC_R is implied. */
void orc_ats_request(const struct orc *o, const struct orc_req *req, struct orc_ats *res);
/* A transaction whose address is translated already, without a PASID */
void orc_ats_translated(const struct orc *o, const struct orc_req *req, struct orc_res *res);

/* One line about an answer, for diagnostics */
void orc_print(const struct orc_req *req, const struct orc_res *res);

/* Bits @hi to @lo of a structure of 64-bit words */
static inline u64 orc_bits(const u64 *w, unsigned int hi, unsigned int lo)
{
	u64 v = w[lo / 64] >> (lo % 64);

	if (hi / 64 != lo / 64)
		v |= w[hi / 64] << (64 - lo % 64);
	return hi - lo == 63 ? v : v & ((1ULL << (hi - lo + 1)) - 1);
}

#endif /* TESTS_SMMU_ORACLE_H */
