/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An SMMU for the tests: a driver, which does what Linux's arm-smmu-v3 does in
 * its order, tables in guest memory, and devices that access it. A test is one
 * file; the state is its own.
 */
#ifndef SMMU_ENV_H
#define SMMU_ENV_H

#include <errno.h>
#include <unistd.h>
#include "rv64_env.h"
#include "../../kmod/smmu/hw.h"
#include "../../kmod/smmu/smmu.h"

static struct env e;
static struct vmxl_smmu *s;

/* Guest memory: queues, tables, then what tests allocate */
#define CMDQ		(ENV_RAM + 0x10000)
#define EVENTQ		(ENV_RAM + 0x20000)
#define PRIQ		(ENV_RAM + 0x30000)
#define STRTAB		(ENV_RAM + 0x40000)
#define MSIS		(ENV_RAM + 0x60000)
#define HEAP		(ENV_RAM + 0x100000)
#define LOG2_Q		4	/* entries */
#define LOG2_SIDS	6

static u64 heap = HEAP;

static inline u64 get64(u64 gpa)
{
	return *(u64 *)(e.ram + (gpa - ENV_RAM));
}

static inline void put64(u64 gpa, u64 val)
{
	*(u64 *)(e.ram + (gpa - ENV_RAM)) = val;
}

/* Zeroed, aligned to its size */
static inline u64 alloc(u64 size)
{
	u64 gpa = (heap + size - 1) & ~(size - 1);

	heap = gpa + size;
	if (heap > ENV_RAM + ENV_RAM_SIZE)
		env_die("the heap is full");
	memset(e.ram + (gpa - ENV_RAM), 0, size);
	return gpa;
}

static inline u32 rd(u64 off)
{
	return vmxl_smmu_mmio_read(s, off, 4);
}

static inline void wr(u64 off, u32 val)
{
	vmxl_smmu_mmio_write(s, off, 4, val);
}

static inline void wr64(u64 off, u64 val)
{
	vmxl_smmu_mmio_write(s, off, 8, val);
}

/* ---- a driver ---- */

#define P1(off)		(VMXL_SMMU_PAGE1 + (off))

static inline void enable(u32 bits)
{
	wr(REG_CR0, bits);
	check(rd(REG_CR0ACK) == bits, "CR0 is acknowledged");
}

static inline u32 next(u32 index)
{
	return (index + 1) & ((2u << LOG2_Q) - 1);
}

static inline void submit(u64 w0, u64 w1)
{
	u32 prod = rd(REG_CMDQ_PROD), at = prod & ((1u << LOG2_Q) - 1);

	put64(CMDQ + at * 16, w0);
	put64(CMDQ + at * 16 + 8, w1);
	wr(REG_CMDQ_PROD, next(prod));
}

/* One command, which must be consumed */
static inline void cmd(u64 w0, u64 w1)
{
	submit(w0, w1);
	check(rd(REG_CMDQ_CONS) == rd(REG_CMDQ_PROD), "command 0x%x is consumed",
	      (unsigned int)(w0 & 0xff));
}

static inline void cfgi_all(void)
{
	cmd(CMD_CFGI_STE_RANGE, 31);
}

static inline void tlbi_all(void)
{
	cmd(CMD_TLBI_EL2_ALL, 0);
	cmd(CMD_TLBI_NSNH_ALL, 0);
}

/* The device as the driver finds it: off, and set up once more */
static inline void driver_reset(void)
{
	enable(0);
	wr(REG_CR1, 0xd75);
	wr(REG_CR2, CR2_RECINVSID);
	wr64(REG_STRTAB_BASE, STRTAB | STRTAB_RA);
	wr(REG_STRTAB_BASE_CFG, LOG2_SIDS);
	wr64(REG_CMDQ_BASE, CMDQ | Q_HINT | LOG2_Q);
	wr(REG_CMDQ_PROD, 0);
	wr(REG_CMDQ_CONS, 0);
	wr(REG_GERRORN, rd(REG_GERROR));
	enable(CR0_CMDQEN);
	cfgi_all();
	tlbi_all();
	cmd(CMD_SYNC, 0);
	wr64(REG_EVENTQ_BASE, EVENTQ | Q_HINT | LOG2_Q);
	wr(P1(REG_EVENTQ_PROD), 0);
	wr(P1(REG_EVENTQ_CONS), 0);
	enable(CR0_CMDQEN | CR0_EVENTQEN);
	wr64(REG_PRIQ_BASE, PRIQ | Q_HINT | LOG2_Q);
	wr(P1(REG_PRIQ_PROD), 0);
	wr(P1(REG_PRIQ_CONS), 0);
	enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_PRIQEN);
	wr(REG_IRQ_CTRL, 0);
	wr(REG_IRQ_CTRL, IRQ_EVENTQ | IRQ_PRIQ | IRQ_GERROR);
	check(rd(REG_IRQ_CTRLACK) == 7, "IRQ_CTRL is acknowledged");
	enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_PRIQEN | CR0_SMMUEN);
}

static inline u64 ste_addr(u32 sid)
{
	return STRTAB + sid * STE_SIZE;
}

static inline void set_ste(u32 sid, u64 w0, u64 w1, u64 w2, u64 w3)
{
	put64(ste_addr(sid) + 8, w1);
	put64(ste_addr(sid) + 16, w2);
	put64(ste_addr(sid) + 24, w3);
	put64(ste_addr(sid), w0);
	cmd(CMD_CFGI_STE | (u64)sid << 32, 1);
}

#define CONFIG(c)	(STE0_V | FIELD_PREP(STE0_CONFIG, (c)))
#define S1_ONLY		5
#define S2_ONLY		6
#define NESTED		7

/* ---- translation tables ---- */

static inline unsigned int lshift(unsigned int gran, unsigned int level)
{
	return gran + (3 - level) * (gran - 3);
}

/* The descriptor of @va at @level, below @table of level @from; tables are made as needed. */
static inline u64 desc_at(u64 table, unsigned int gran, unsigned int from, unsigned int level,
			  u64 va)
{
	unsigned int stride = gran - 3;
	u64 at;

	for (;; from++) {
		at = table + (va >> lshift(gran, from) & ((1ULL << stride) - 1)) * 8;
		if (from == level)
			return at;
		if (!(get64(at) & 1))
			put64(at, alloc(1ULL << gran) | 3);
		table = get64(at) & GENMASK_ULL(47, 12) & ~((1ULL << gran) - 1);
	}
}

#define PTE_S1	(TTD_VALID | TTD_AF | TTD_NG | TTD_AP_EL0)	/* read and write for all */
#define PTE_S2	(TTD_VALID | TTD_AF | TTD_AP_EL0 | TTD_AP_RO | 0xfULL << 2)

static inline void map(u64 table, unsigned int gran, unsigned int from, unsigned int level,
		       u64 va, u64 pa, u64 attrs)
{
	put64(desc_at(table, gran, from, level, va),
	      pa | attrs | (level == 3 ? TTD_TABLE : 0));
}

/* A stage 1 of 39 bits and 4K pages, as Linux's for 39 bits */
struct s1 {
	u64 cd;
	u64 table;	/* level 1 */
};

static inline u64 cd_word0(u16 asid)
{
	return CD0_V | CD0_AA64 | CD0_R | CD0_A | CD0_EPD1 | FIELD_PREP(CD0_T0SZ, 25) |
	       FIELD_PREP(CD0_IPS, 5) | FIELD_PREP(CD0_ASID, asid);
}

static inline struct s1 new_s1(u16 asid)
{
	struct s1 t = { .cd = alloc(CD_SIZE), .table = alloc(4096) };

	put64(t.cd + 8, t.table);
	put64(t.cd, cd_word0(asid));
	return t;
}

/* A stage 2 of 39 bits, 4K pages, from level 1 */
static inline u64 s2_word2(u16 vmid)
{
	return FIELD_PREP(STE2_S2VMID, vmid) | FIELD_PREP(STE2_S2T0SZ, 25) |
	       FIELD_PREP(STE2_S2SL0, 1) | FIELD_PREP(STE2_S2PS, 5) | STE2_S2AA64 | STE2_S2R;
}

/* Stage 2 that maps RAM where it is, page by page; and something else */
static u64 nest_root;

static inline void nest_map_ram(u64 attrs)
{
	u64 gpa;

	nest_root = alloc(4096);
	for (gpa = ENV_RAM; gpa < ENV_RAM + ENV_RAM_SIZE; gpa += 4096)
		map(nest_root, 12, 1, 3, gpa, gpa, attrs);
	map(nest_root, 12, 1, 2, 0x90000000, 0xb0000000, PTE_S2);
}

/* ---- devices ---- */

#define RD	VMXL_SMMU_READ
#define WR	VMXL_SMMU_WRITE
#define EX	VMXL_SMMU_EXEC
#define PR	VMXL_SMMU_PRIV
#define TREQ	VMXL_SMMU_ATS_TREQ
#define TRANSL	VMXL_SMMU_TRANSLATED

static struct vmxl_smmu_res res;

static inline enum vmxl_smmu_status dma_as(u32 sid, u32 flags, u32 ssid, u64 iova, u32 access)
{
	struct vmxl_smmu_req req = {
		.sid = sid, .ssid = ssid, .flags = flags, .iova = iova, .access = access,
	};

	vmxl_smmu_translate(s, &req, &res);
	return res.status;
}

static inline enum vmxl_smmu_status dma(u32 sid, u64 iova, u32 access)
{
	return dma_as(sid, 0, 0, iova, access);
}

/* Whether it goes there */
static inline bool goes(u32 sid, u64 iova, u32 access, u64 gpa)
{
	return dma(sid, iova, access) == VMXL_SMMU_OK && res.gpa == gpa;
}

static u64 ev[4];

/* The next event record; its number, or 0 */
static inline u32 event(void)
{
	u32 cons = rd(P1(REG_EVENTQ_CONS)), at = cons & ((1u << LOG2_Q) - 1), i;

	if (((rd(P1(REG_EVENTQ_PROD)) ^ cons) & ((2u << LOG2_Q) - 1)) == 0)
		return 0;
	for (i = 0; i < 4; i++)
		ev[i] = get64(EVENTQ + at * 32 + i * 8);
	wr(P1(REG_EVENTQ_CONS), (cons & Q_OVFLG) | next(cons));
	return ev[0] & 0xff;
}

/* An abort that software is told of */
static inline bool faults(u32 sid, u64 iova, u32 access, u32 what)
{
	return dma(sid, iova, access) == VMXL_SMMU_ABORT && res.event == what && event() == what &&
	       ev[0] >> 32 == sid;
}

static inline struct vmxl_smmu_stats stats(void)
{
	struct vmxl_smmu_stats st;

	vmxl_smmu_get_stats(s, &st);
	return st;
}

/* Descriptors that an access makes the SMMU read */
static inline u64 reads(u32 sid, u64 iova, u32 access)
{
	u64 before = stats().desc_read;

	check(dma(sid, iova, access) == VMXL_SMMU_OK, "0x%llx is mapped",
	      (unsigned long long)iova);
	return stats().desc_read - before;
}

/* ---- a test ---- */

static inline void smmu_open(void)
{
	env_open(&e, 0);
	s = vmxl_smmu_new(e.vm);
	if (!s)
		env_die("no SMMU");
}

/* What main() returns */
static inline int smmu_close(void)
{
	vmxl_smmu_free(s);
	env_close(&e);
	return tap_done();
}

#endif
