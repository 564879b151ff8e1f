/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest memory with an SMMU's tables in it, made at random: streams, CDs and
 * translation tables of all kinds that the SMMU at hand has, mostly valid.
 * Contexts have VMIDs and ASIDs of their own, so that caches are of use; tests
 * that break the tables (world_flip()) must leave caches empty.
 */
#ifndef TESTS_SMMU_WORLD_H
#define TESTS_SMMU_WORLD_H

#include "oracle.h"

#define RAM_BASE	0x80000000ULL
#define RAM_SIZE	(4u << 20)
#define POOL_START	0x10000		/* below: queues */

#define MAX_S2		3
#define MAX_S1		6
#define MAX_STREAMS	24
#define MAX_PAGES	24
#define MAX_SPOTS	8192

/* A tree of tables; @off: what is added to PAs to have what pointers say */
struct tab {
	bool used, s2, be, ds, httu, contig, ng;
	unsigned int gran, ia;
	int level;
	u64 root, off, top;
};

/* Something mapped: an address, the size of the leaf and where its descriptor is */
struct page_at {
	u64 ia, desc;
	unsigned int shift;
	int level;
	unsigned int group;	/* log2 of a contiguous group's pages, of which @ia is the first */
	u64 first;		/* where its descriptors are: @desc is 0 then */
};

struct s2ctx {
	u16 vmid;
	struct tab t;
	u64 w[8];		/* its part of an STE */
	unsigned int nr;
	struct page_at page[MAX_PAGES];
};

struct s1ctx {
	u16 asid, vmid;
	bool el2, e2h;
	struct s2ctx *s2;
	struct tab t[2];
	u64 cd[8];
	unsigned int nr;
	struct page_at page[MAX_PAGES];
};

struct stream {
	u32 sid;
	u64 ste;		/* where it is */
	struct s1ctx *s1;	/* the one of CD 0, or the only one */
	struct s2ctx *s2;
	unsigned int cdmax, fmt;
	u64 cdtab;
	struct s1ctx *ssid[8];
	u64 cd_at[8];
};

struct world {
	u8 *ram;
	u32 used;
	const struct orc *o;
	u64 strtab_base;
	u32 strtab_cfg;
	unsigned int nr_s1, nr_s2, nr_streams, nr_spots;
	struct s2ctx s2[MAX_S2];
	struct s1ctx s1[MAX_S1];
	struct stream stream[MAX_STREAMS];
	u64 spot[MAX_SPOTS];	/* words of tables */
};

/* Knobs of world_make() */
#define WORLD_HTTU	(1u << 0)
#define WORLD_STALL	(1u << 1)
#define WORLD_CONTIG	(1u << 2)
#define WORLD_TIDY	(1u << 3)	/* nothing illegal, permissions mostly given */

void world_seed(u64 seed);
u64 rnd(void);
static inline u64 rnd_below(u64 n)
{
	return rnd() % n;
}

static inline bool one_in(unsigned int n)
{
	return !rnd_below(n);
}

void world_make(struct world *w, const struct orc *o, u8 *ram, unsigned int knobs);
/* An access that has a chance to succeed */
void world_request(struct world *w, struct orc_req *req);
/* Another leaf, or none, in the place of @p, which is not of a contiguous group */
void world_remap_s1(struct world *w, struct s1ctx *c, const struct page_at *p);
void world_remap_s2(struct world *w, struct s2ctx *c, const struct page_at *p);
/* Of a contiguous group: all of it elsewhere, or nowhere */
void world_remap_group(struct world *w, struct s1ctx *c, const struct page_at *p);
void world_flip(struct world *w);

static inline u64 *world_at(struct world *w, u64 pa)
{
	return (u64 *)(w->ram + (pa - RAM_BASE));
}

/* orc.read of a world: opaque is the RAM */
int world_read(void *opaque, const struct orc_where *where, u64 pa, void *dst, u32 len);

/* A field of a structure of words */
static inline void set_bits(u64 *w, unsigned int hi, unsigned int lo, u64 val)
{
	unsigned int n;

	for (n = lo; n <= hi; n++, val >>= 1) {
		w[n / 64] &= ~(1ULL << (n % 64));
		w[n / 64] |= (val & 1) << (n % 64);
	}
}

#endif /* TESTS_SMMU_WORLD_H */
