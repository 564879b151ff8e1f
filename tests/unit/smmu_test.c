// SPDX-License-Identifier: GPL-2.0
/*
 * The SMMU by its registers and queues, as a driver sees it, and by the accesses
 * of devices. What Linux's arm-smmu-v3 does is done here in its order.
 */
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

static u64 get64(u64 gpa)
{
	return *(u64 *)(e.ram + (gpa - ENV_RAM));
}

static void put64(u64 gpa, u64 val)
{
	*(u64 *)(e.ram + (gpa - ENV_RAM)) = val;
}

/* Zeroed, aligned to its size */
static u64 alloc(u64 size)
{
	u64 gpa = (heap + size - 1) & ~(size - 1);

	heap = gpa + size;
	if (heap > ENV_RAM + ENV_RAM_SIZE)
		env_die("the heap is full");
	memset(e.ram + (gpa - ENV_RAM), 0, size);
	return gpa;
}

static u32 rd(u64 off)
{
	return vmxl_smmu_mmio_read(s, off, 4);
}

static void wr(u64 off, u32 val)
{
	vmxl_smmu_mmio_write(s, off, 4, val);
}

static void wr64(u64 off, u64 val)
{
	vmxl_smmu_mmio_write(s, off, 8, val);
}

/* ---- a driver ---- */

#define P1(off)		(VMXL_SMMU_PAGE1 + (off))

static void enable(u32 bits)
{
	wr(REG_CR0, bits);
	check(rd(REG_CR0ACK) == bits, "CR0 is acknowledged");
}

static u32 next(u32 index)
{
	return (index + 1) & ((2u << LOG2_Q) - 1);
}

static void submit(u64 w0, u64 w1)
{
	u32 prod = rd(REG_CMDQ_PROD), at = prod & ((1u << LOG2_Q) - 1);

	put64(CMDQ + at * 16, w0);
	put64(CMDQ + at * 16 + 8, w1);
	wr(REG_CMDQ_PROD, next(prod));
}

/* One command, which must be consumed */
static void cmd(u64 w0, u64 w1)
{
	submit(w0, w1);
	check(rd(REG_CMDQ_CONS) == rd(REG_CMDQ_PROD), "command 0x%x is consumed",
	      (unsigned int)(w0 & 0xff));
}

static void cfgi_all(void)
{
	cmd(CMD_CFGI_STE_RANGE, 31);
}

static void tlbi_all(void)
{
	cmd(CMD_TLBI_EL2_ALL, 0);
	cmd(CMD_TLBI_NSNH_ALL, 0);
}

/* The device as the driver finds it: off, and set up once more */
static void driver_reset(void)
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

static u64 ste_addr(u32 sid)
{
	return STRTAB + sid * STE_SIZE;
}

static void set_ste(u32 sid, u64 w0, u64 w1, u64 w2, u64 w3)
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

static unsigned int lshift(unsigned int gran, unsigned int level)
{
	return gran + (3 - level) * (gran - 3);
}

/* The descriptor of @va at @level, below @table of level @from; tables are made as needed. */
static u64 desc_at(u64 table, unsigned int gran, unsigned int from, unsigned int level, u64 va)
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

static void map(u64 table, unsigned int gran, unsigned int from, unsigned int level, u64 va,
		u64 pa, u64 attrs)
{
	put64(desc_at(table, gran, from, level, va),
	      pa | attrs | (level == 3 ? TTD_TABLE : 0));
}

/* A stage 1 of 39 bits and 4K pages, as Linux's for 39 bits */
struct s1 {
	u64 cd;
	u64 table;	/* level 1 */
};

static u64 cd_word0(u16 asid)
{
	return CD0_V | CD0_AA64 | CD0_R | CD0_A | CD0_EPD1 | FIELD_PREP(CD0_T0SZ, 25) |
	       FIELD_PREP(CD0_IPS, 5) | FIELD_PREP(CD0_ASID, asid);
}

static struct s1 new_s1(u16 asid)
{
	struct s1 t = { .cd = alloc(CD_SIZE), .table = alloc(4096) };

	put64(t.cd + 8, t.table);
	put64(t.cd, cd_word0(asid));
	return t;
}

/* A stage 2 of 39 bits, 4K pages, from level 1 */
static u64 s2_word2(u16 vmid)
{
	return FIELD_PREP(STE2_S2VMID, vmid) | FIELD_PREP(STE2_S2T0SZ, 25) |
	       FIELD_PREP(STE2_S2SL0, 1) | FIELD_PREP(STE2_S2PS, 5) | STE2_S2AA64 | STE2_S2R;
}

/* ---- devices ---- */

static struct vmxl_smmu_res res;

static enum vmxl_smmu_status dma_as(u32 sid, u32 flags, u32 ssid, u64 iova, u32 access)
{
	struct vmxl_smmu_req req = {
		.sid = sid, .ssid = ssid, .flags = flags, .iova = iova, .access = access,
	};

	vmxl_smmu_translate(s, &req, &res);
	return res.status;
}

static enum vmxl_smmu_status dma(u32 sid, u64 iova, u32 access)
{
	return dma_as(sid, 0, 0, iova, access);
}

#define RD	VMXL_SMMU_READ
#define WR	VMXL_SMMU_WRITE
#define EX	VMXL_SMMU_EXEC
#define PR	VMXL_SMMU_PRIV

/* Whether it goes there */
static bool goes(u32 sid, u64 iova, u32 access, u64 gpa)
{
	return dma(sid, iova, access) == VMXL_SMMU_OK && res.gpa == gpa;
}

static u64 ev[4];

/* The next event record; its number, or 0 */
static u32 event(void)
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
static bool faults(u32 sid, u64 iova, u32 access, u32 what)
{
	return dma(sid, iova, access) == VMXL_SMMU_ABORT && res.event == what && event() == what &&
	       ev[0] >> 32 == sid;
}

static struct vmxl_smmu_stats stats(void)
{
	struct vmxl_smmu_stats st;

	vmxl_smmu_get_stats(s, &st);
	return st;
}

/* Descriptors that an access makes the SMMU read */
static u64 reads(u32 sid, u64 iova, u32 access)
{
	u64 before = stats().desc_read;

	check(dma(sid, iova, access) == VMXL_SMMU_OK, "0x%llx is mapped",
	      (unsigned long long)iova);
	return stats().desc_read - before;
}

/* ---- registers ---- */

static void test_probe(void)
{
	u32 idr0 = rd(REG_IDR0), idr1 = rd(REG_IDR1), idr5 = rd(REG_IDR5);

	ok((idr0 & 3) == 3 && (idr0 >> 2 & 3) == 2, "both stages, AArch64 tables");
	ok((idr0 >> 21 & 3) == 2 && (idr0 >> 27 & 3) == 1, "little-endian, two-level tables");
	ok(idr0 & IDR0_COHACC && idr0 & IDR0_MSI, "SYNC can be polled for in memory");
	ok(!(idr1 >> 28 & 7) && (idr1 >> 21 & 31) >= 7, "queues where the driver wants them");
	ok((idr1 & 63) == 16 && (idr1 >> 6 & 31) == 20, "StreamIDs and SubstreamIDs");
	ok(rd(REG_IDR3) & IDR3_RIL, "range invalidation");
	ok((idr5 & 7) == 5 && (idr5 >> 4 & 7) == 7 && idr5 >> 16, "48 bits, all granules, stalls");
	ok(rd(REG_AIDR) == 2, "SMMUv3.2");
	ok(!rd(REG_IDR2) && !rd(0xe00) && !rd(P1(0)), "nothing elsewhere");
	wr(REG_IDR0, 0);
	ok(rd(REG_IDR0) == idr0, "which does not change");
	wr(REG_GBPA, GBPA_ABORT);
	ok(!(rd(REG_GBPA) & GBPA_ABORT), "GBPA needs Update");
	wr(REG_GBPA, GBPA_UPDATE | GBPA_ABORT);
	ok(rd(REG_GBPA) == GBPA_ABORT, "which clears itself");
	ok(dma(1, 0x1000, RD) == VMXL_SMMU_ABORT && !res.event, "all is aborted");
	wr(REG_GBPA, GBPA_UPDATE);
	ok(goes(1, 0x1234, WR, 0x1234) && res.shift == 48, "or all passes");
	ok(dma(1, 1ULL << 48, RD) == VMXL_SMMU_ABORT, "that is an address");
}

static void test_guards(void)
{
	driver_reset();
	wr64(REG_STRTAB_BASE, 0);
	wr(REG_STRTAB_BASE_CFG, 0);
	wr64(REG_CMDQ_BASE, 0);
	wr64(REG_EVENTQ_BASE, 0);
	wr64(REG_PRIQ_BASE, 0);
	wr(REG_CMDQ_CONS, 5);
	wr(P1(REG_EVENTQ_PROD), 5);
	wr(REG_CR2, 0);
	wr(REG_CR1, 0);
	wr64(REG_EVENTQ_IRQ_CFG0, MSIS);
	ok(vmxl_smmu_mmio_read(s, REG_STRTAB_BASE, 8) == (STRTAB | STRTAB_RA) &&
	   rd(REG_STRTAB_BASE_CFG) == LOG2_SIDS && rd(REG_CR2) == CR2_RECINVSID,
	   "the stream table is fixed while it is used");
	ok(rd(REG_CMDQ_BASE) == (u32)(CMDQ | LOG2_Q) && rd(REG_CMDQ_BASE + 4) == 1u << 30 &&
	   rd(REG_CMDQ_CONS) == rd(REG_CMDQ_PROD) && !rd(P1(REG_EVENTQ_PROD)), "so are queues");
	ok(rd(REG_CR1) == 0xd75, "attributes");
	ok(!rd(REG_EVENTQ_IRQ_CFG0), "and messages");
	ok(rd(REG_EVENTQ_PROD) == rd(P1(REG_EVENTQ_PROD)), "page 0 has page 1's, too");
	enable(CR0_CMDQEN | CR0_SMMUEN);
	wr(REG_CR1, 0);
	ok(rd(REG_CR1) == 0xd75, "tables' and queues'");
	enable(0);
	wr(REG_CR1, 0);
	ok(!rd(REG_CR1), "not once all is off");
	wr(REG_STRTAB_BASE, 0x12345678);
	wr(REG_STRTAB_BASE + 4, ~0u);
	ok(vmxl_smmu_mmio_read(s, REG_STRTAB_BASE, 8) == 0x400fffff12345640ULL,
	   "by halves, and only what there is");
	ok(!vmxl_smmu_mmio_read(s, REG_CR0, 8) && !vmxl_smmu_mmio_read(s, REG_CR1, 2) &&
	   !vmxl_smmu_mmio_read(s, REG_CR1 + 2, 4) && !vmxl_smmu_mmio_read(s, REG_IDR0, 8) &&
	   !vmxl_smmu_mmio_read(s, 0x3fff8, 8), "other widths read 0");
	vmxl_smmu_mmio_write(s, REG_CR1, 2, 0xffff);
	vmxl_smmu_mmio_write(s, 0x3fff8, 8, ~0ULL);
	ok(!rd(REG_CR1), "and write nothing");
}

/* ---- commands ---- */

static void test_commands(void)
{
	static const u8 good[] = { 1, 2, 3, 4, 5, 6, 0x10, 0x11, 0x12, 0x13, 0x20, 0x21, 0x22,
				   0x23, 0x28, 0x2a, 0x30, 0x40, 0x41, 0x44, 0x45, 0x46 };
	unsigned int op, i, ill = 0;

	driver_reset();
	for (i = 0; i < sizeof(good); i++)
		cmd(good[i], 0);
	ok(rd(REG_CMDQ_CONS) == rd(REG_CMDQ_PROD), "every command");
	for (op = 0; op < 256; op++) {
		if (memchr(good, op, sizeof(good)))
			continue;
		submit(op, 0);
		ill += rd(REG_CMDQ_CONS) >> 24 == CERROR_ILL && rd(REG_GERROR) != rd(REG_GERRORN);
		/* What is there is replaced, and the error acknowledged. */
		put64(CMDQ + (rd(REG_CMDQ_CONS) & 15) * 16, CMD_SYNC);
		wr(REG_GERRORN, rd(REG_GERROR));
		check((rd(REG_CMDQ_CONS) & 0x1f) == rd(REG_CMDQ_PROD), "it goes on after 0x%x", op);
	}
	ok(ill == 256 - sizeof(good), "and no other: CERROR_ILL (%u)", ill);
}

static void bad(u64 w0, u64 w1, u32 code, const char *what)
{
	u32 at = rd(REG_CMDQ_PROD);

	submit(w0, w1);
	submit(CMD_SYNC, 0);
	ok(rd(REG_CMDQ_CONS) == (at | code << 24) && (rd(REG_GERROR) ^ rd(REG_GERRORN)) == 1,
	   "%s", what);
	submit(CMD_SYNC, 0);
	check((rd(REG_CMDQ_CONS) & 0xff) == at, "stopped");
	put64(CMDQ + (at & 15) * 16, CMD_SYNC);
	wr(REG_GERRORN, rd(REG_GERROR));
	check((rd(REG_CMDQ_CONS) & 0x1f) == rd(REG_CMDQ_PROD), "resumed");
}

static void test_cmd_errors(void)
{
	struct vmxl_smmu_msg msg;
	unsigned int i;

	driver_reset();
	bad(CMD_CFGI_STE | CMD_SSEC, 0, CERROR_ILL, "SSec");
	bad(CMD_SYNC | FIELD_PREP(CMD_SYNC_CS, 3), 0, CERROR_ILL, "a reserved signal");
	bad(CMD_TLBI_NH_VA, FIELD_PREP(CMD1_TG, 1), CERROR_ILL, "a granule without range and level");
	bad(CMD_TLBI_NH_VA, FIELD_PREP(CMD1_TG, 2) | FIELD_PREP(CMD1_TTL, 1), CERROR_ILL,
	    "16K has no level 1");
	bad(CMD_ATC_INV, 53, CERROR_ILL, "a size");
	bad(CMD_PRI_RESPONSE, 3ULL << 12, CERROR_ILL, "a response");
	check(!vmxl_smmu_config(s, VMXL_SMMU_ATS, 1), "ATS");
	for (i = 0; i < 256; i++)
		cmd(CMD_ATC_INV, i << 12);
	cmd(CMD_SYNC, 0);
	cmd(CMD_ATC_INV, 0);
	bad(CMD_SYNC, 0, CERROR_ATC_INV_SYNC, "devices that do not take invalidations");
	for (i = 0; vmxl_smmu_next_msg(s, &msg); i++)
		check(msg.type == VMXL_SMMU_MSG_ATC_INV && msg.addr == i << 12, "in order");
	ok(i == 256, "the others do");
	check(!vmxl_smmu_config(s, VMXL_SMMU_ATS, 0), "no ATS");
	enable(0);
	wr64(REG_CMDQ_BASE, 0x1000 | LOG2_Q);
	enable(CR0_CMDQEN);
	wr(REG_CMDQ_PROD, next(rd(REG_CMDQ_PROD)));
	ok(rd(REG_CMDQ_CONS) >> 24 == CERROR_ABT, "no memory");
	wr(REG_GERRORN, rd(REG_GERROR));
	ok((rd(REG_GERROR) ^ rd(REG_GERRORN)) == 1, "is found again");
	enable(0);
}

/*
 * More commands than one store carries out: the worker does the rest. It may be
 * done with it before we look; not each time, unless the store did it all.
 */
static void test_cmd_worker(void)
{
	bool left = false;
	unsigned int i, n;
	u64 q = alloc(0x10000);

	driver_reset();
	enable(0);
	wr64(REG_CMDQ_BASE, q | 12);
	for (i = 0; i < 4096; i++)
		put64(q + i * 16, i % 2 ? CMD_SYNC : CMD_TLBI_NSNH_ALL);
	for (n = 0; n < 200 && !left; n++) {
		enable(0);
		wr(REG_CMDQ_PROD, 0);
		wr(REG_CMDQ_CONS, 0);
		enable(CR0_CMDQEN);
		wr(REG_CMDQ_PROD, 4096);
		left = rd(REG_CMDQ_CONS) < 4096;
		vmxl_smmu_flush(s);
	}
	ok(left, "a store does not do it all");
	ok(rd(REG_CMDQ_CONS) == 4096, "a worker does");
	ok(eventually(rd(REG_CMDQ_CONS) == 4096), "all");
	enable(0);
}

/* ---- interrupts ---- */

static void test_interrupts(void)
{
	driver_reset();
	put64(MSIS, 0);
	cmd(CMD_SYNC | FIELD_PREP(CMD_SYNC_CS, 1) | 0x1234ULL << 32, MSIS + 4);
	ok(get64(MSIS) == 0x1234ULL << 32, "SYNC writes to memory");
	cmd(CMD_SYNC | FIELD_PREP(CMD_SYNC_CS, 1), 0x1000);
	ok((rd(REG_GERROR) ^ rd(REG_GERRORN)) == GERROR_MSI_CMDQ_ABT, "if it can");
	wr(REG_GERRORN, rd(REG_GERROR));
	wr(REG_IRQ_CTRL, 0);
	wr64(REG_EVENTQ_IRQ_CFG0, MSIS + 8);
	wr(REG_EVENTQ_IRQ_CFG1, 77);
	wr64(REG_GERROR_IRQ_CFG0, MSIS + 16);
	wr(REG_GERROR_IRQ_CFG1, 78);
	wr64(REG_PRIQ_IRQ_CFG0, 0x1000);
	wr(REG_IRQ_CTRL, IRQ_EVENTQ | IRQ_GERROR | IRQ_PRIQ);
	ok(faults(0, 0, RD, EVT_C_BAD_STE) && get64(MSIS + 8) == 77, "an event's message");
	put64(MSIS + 8, 0);
	dma(0, 0, RD);
	check(get64(MSIS + 8) == 77, "empty no more");
	put64(MSIS + 8, 0);
	dma(0, 0, RD);
	ok(!get64(MSIS + 8), "one for those that come together");
	check(event() && event() && !event(), "two events");
	vmxl_smmu_page_request(s, &(struct vmxl_smmu_req) { .sid = 1 }, 1);
	ok((rd(REG_GERROR) ^ rd(REG_GERRORN)) == GERROR_MSI_PRIQ_ABT && get64(MSIS + 16) == 78,
	   "a global error, and its message");
	wr(REG_GERRORN, rd(REG_GERROR));
	wr(REG_IRQ_CTRL, 0);
	wr64(REG_GERROR_IRQ_CFG0, 0x1000);
	wr64(REG_EVENTQ_IRQ_CFG0, 0x1000);
	wr(REG_IRQ_CTRL, IRQ_EVENTQ | IRQ_GERROR);
	dma(0, 0, RD);
	ok((rd(REG_GERROR) ^ rd(REG_GERRORN)) == (GERROR_MSI_EVENTQ_ABT | GERROR_MSI_GERROR_ABT),
	   "messages that cannot be written");
	wr(REG_IRQ_CTRL, 0);
	wr64(REG_GERROR_IRQ_CFG0, 0);
	wr64(REG_EVENTQ_IRQ_CFG0, 0);
	wr64(REG_PRIQ_IRQ_CFG0, 0);
}

/* ---- the event queue ---- */

static void test_overflow(void)
{
	u32 i, prod;

	driver_reset();
	for (i = 0; i < 16; i++)
		dma(0, i, RD);
	prod = rd(P1(REG_EVENTQ_PROD));
	ok(prod == 16, "a full queue");
	dma(0, 0, RD);
	ok(rd(P1(REG_EVENTQ_PROD)) == (16 | Q_OVFLG) && rd(REG_GERROR) == rd(REG_GERRORN),
	   "overflows, which is no error");
	dma(0, 0, RD);
	ok(rd(P1(REG_EVENTQ_PROD)) == (16 | Q_OVFLG), "once");
	check(event() == EVT_C_BAD_STE, "an event");
	dma(0, 0, RD);
	ok(rd(P1(REG_EVENTQ_PROD)) == (17 | Q_OVFLG), "there is room before it is acknowledged");
	dma(0, 0, RD);
	wr(P1(REG_EVENTQ_CONS), rd(P1(REG_EVENTQ_CONS)) | Q_OVFLG);
	dma(0, 0, RD);
	ok(rd(P1(REG_EVENTQ_PROD)) == 17, "and acknowledged it comes again");
	while (event())
		;
	wr(P1(REG_EVENTQ_CONS), rd(P1(REG_EVENTQ_CONS)) & ~Q_OVFLG);
	enable(CR0_CMDQEN);
	wr64(REG_EVENTQ_BASE, 0x1000 | LOG2_Q);
	wr(P1(REG_EVENTQ_PROD), 0);
	wr(P1(REG_EVENTQ_CONS), 0);
	enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN);
	dma(0, 0, RD);
	ok((rd(REG_GERROR) ^ rd(REG_GERRORN)) == GERROR_EVENTQ_ABT &&
	   !rd(P1(REG_EVENTQ_PROD)), "a queue that is not there");
	enable(0);
}

/* ---- streams ---- */

static void test_streams(void)
{
	driver_reset();
	memset(e.ram + (STRTAB - ENV_RAM), 0, 0x10000);
	ok(faults(1, 0, RD, EVT_C_BAD_STE), "an STE that is not valid");
	set_ste(1, CONFIG(0), 0, 0, 0);
	ok(dma(1, 0, RD) == VMXL_SMMU_ABORT && !res.event && !event(), "abort, silently");
	set_ste(1, CONFIG(4), 0, 0, 0);
	ok(goes(1, 0x12345, WR, 0x12345), "bypass");
	ok(faults(1, 1ULL << 48, WR, EVT_F_ADDR_SIZE) && ev[2] == 1ULL << 48 &&
	   ev[1] == FIELD_PREP(EVT1_CLASS, CLASS_IN), "of what is an address");
	ok(dma_as(1, VMXL_SMMU_SSV, 3, 0, RD) == VMXL_SMMU_ABORT &&
	   event() == EVT_C_BAD_SUBSTREAMID && ev[0] == (0x08 | 3 << 12 | 1ULL << 32),
	   "without substreams");
	ok(faults(64, 0, RD, EVT_C_BAD_STREAMID), "beyond the table");
	enable(CR0_CMDQEN | CR0_EVENTQEN);
	wr(REG_CR2, 0);
	enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN);
	ok(dma(64, 0, RD) == VMXL_SMMU_ABORT && !event(), "recorded only with RECINVSID");
	enable(CR0_CMDQEN | CR0_EVENTQEN);
	wr64(REG_STRTAB_BASE, 0x1000);
	enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN);
	ok(faults(2, 0, RD, EVT_F_STE_FETCH) && ev[3] == 0x1080, "no memory");
}

static void test_two_level(void)
{
	u64 l1 = alloc(4096), l2 = alloc(64 * STE_SIZE);

	driver_reset();
	enable(CR0_CMDQEN | CR0_EVENTQEN);
	wr64(REG_STRTAB_BASE, l1);
	wr(REG_STRTAB_BASE_CFG, 1u << 16 | 6u << 6 | 12);
	enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN);
	ok(faults(70, 0, RD, EVT_C_BAD_STREAMID), "no second level");
	put64(l1 + 8, l2 | 4);
	put64(l2 + 6 * STE_SIZE, CONFIG(4));
	ok(goes(70, 0x77, RD, 0x77), "a second level");
	ok(faults(64 + 8, 0, RD, EVT_C_BAD_STREAMID), "of eight");
	put64(l1 + 16, l2 | 8);
	ok(faults(128, 0, RD, EVT_C_BAD_STREAMID), "a span beyond the split");
	put64(l1 + 24, 0x1000 | 7);
	ok(faults(193, 0, RD, EVT_F_STE_FETCH) && ev[3] == 0x1040, "that is no memory");
	/* Linear again: the format is not remembered. */
	enable(CR0_CMDQEN | CR0_EVENTQEN);
	wr64(REG_STRTAB_BASE, STRTAB);
	wr(REG_STRTAB_BASE_CFG, LOG2_SIDS);
	enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN);
	ok(goes(1, 0x12345, WR, 0x12345), "linear again");
}

/* ---- stage 1 ---- */

static void test_stage1(void)
{
	struct s1 t = new_s1(1);

	driver_reset();
	set_ste(2, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	map(t.table, 12, 1, 3, 0x12345000, 0x90001000, PTE_S1);
	map(t.table, 12, 1, 3, 0x12346000, 0x90002000, PTE_S1 | TTD_AP_RO);
	map(t.table, 12, 1, 3, 0x12347000, 0x90003000, (PTE_S1 | TTD_PXN | TTD_UXN) & ~TTD_AP_EL0);
	map(t.table, 12, 1, 3, 0x12348000, 0x90004000, PTE_S1 & ~TTD_AF);
	map(t.table, 12, 1, 2, 0x40000000, 0xa0000000, PTE_S1);
	map(t.table, 12, 1, 1, 0x80000000, 0xc0000000, PTE_S1);
	ok(goes(2, 0x12345678, RD | WR, 0x90001678) && res.shift == 12 &&
	   res.perm == (RD | WR | EX), "a page");
	ok(goes(2, 0x12345fff, WR, 0x90001fff), "again");
	ok(goes(2, 0x12346001, RD, 0x90002001) && res.perm == (RD | EX), "a read-only page");
	ok(faults(2, 0x12346001, WR, EVT_F_PERMISSION) && ev[2] == 0x12346001 &&
	   ev[1] == FIELD_PREP(EVT1_CLASS, CLASS_IN), "is not written");
	ok(goes(2, 0x12347000, WR | PR, 0x90003000) && res.perm == (RD | WR), "a privileged page");
	ok(faults(2, 0x12347000, RD, EVT_F_PERMISSION) &&
	   ev[1] == (EVT1_RNW | FIELD_PREP(EVT1_CLASS, CLASS_IN)), "is for them");
	ok(faults(2, 0x12347000, EX | RD | PR, EVT_F_PERMISSION) &&
	   ev[1] == (EVT1_RNW | EVT1_IND | EVT1_PNU | FIELD_PREP(EVT1_CLASS, CLASS_IN)),
	   "not for execution");
	ok(faults(2, 0x12348000, RD, EVT_F_ACCESS), "the access flag");
	ok(faults(2, 0x12349000, RD, EVT_F_TRANSLATION), "nothing");
	ok(goes(2, 0x401fffff, RD, 0xa01fffff) && res.shift == 21, "2 MiB");
	ok(goes(2, 0x81234567, RD, 0xc1234567) && res.shift == 30, "1 GiB");
	ok(faults(2, 1ULL << 39, RD, EVT_F_TRANSLATION), "beyond T0SZ");
	ok(faults(2, ~0ULL, RD, EVT_F_TRANSLATION), "EPD1");
	map(t.table, 12, 1, 2, 0x40200000, 1ULL << 47, PTE_S1);
	put64(t.cd, cd_word0(1) & ~FIELD_PREP(CD0_IPS, 4));
	cmd(CMD_CFGI_CD | 2ULL << 32, 1);
	ok(faults(2, 0x40200000, RD, EVT_F_ADDR_SIZE), "an address beyond IPS");
	map(t.table, 12, 1, 1, 0xc0000000, 0x1000, 3);
	ok(faults(2, 0xc0000000, RD, EVT_F_WALK_EABT) && ev[3] == 0x1000 &&
	   ev[1] == (EVT1_RNW | FIELD_PREP(EVT1_CLASS, CLASS_TT)), "tables that are no memory");
	map(t.table, 12, 1, 3, 0x1234a000, 0x90004000, TTD_VALID | TTD_AF);
	put64(desc_at(t.table, 12, 1, 3, 0x1234a000), 0x90004000 | TTD_VALID | TTD_AF);
	ok(faults(2, 0x1234a000, RD, EVT_F_TRANSLATION), "no blocks at level 3");
}

/* The two halves of the address space, top byte ignored in each by its own bit */
static void test_ttb1(void)
{
	struct s1 t = new_s1(2);
	u64 high = alloc(4096), w0 = (cd_word0(2) & ~CD0_EPD1) | FIELD_PREP(CD0_T1SZ, 25) |
				     FIELD_PREP(CD0_TG1, 2);

	put64(t.cd + 16, high);
	put64(t.cd, w0);
	driver_reset();
	set_ste(3, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1);
	map(high, 12, 1, 3, 0x6000, 0x90002000, PTE_S1);
	ok(goes(3, 0x5123, RD, 0x90001123), "by TTB0");
	ok(goes(3, 0xffffff8000006123, RD, 0x90002123), "by TTB1");
	ok(faults(3, 0x12ffff8000006123, RD, EVT_F_TRANSLATION), "no TBI");
	put64(t.cd, w0 | CD0_TBI0);
	cmd(CMD_CFGI_CD | 3ULL << 32, 1);
	ok(goes(3, 0x1200000000005123, RD, 0x90001123) && goes(3, 0x34005123, RD, 0x90001123) == 0,
	   "TBI0 is for TTB0");
	check(event() == EVT_F_TRANSLATION, "unmapped");
	ok(faults(3, 0x12ffff8000006123, RD, EVT_F_TRANSLATION), "only");
	put64(t.cd, w0 | CD0_TBI1);
	cmd(CMD_CFGI_CD | 3ULL << 32, 1);
	ok(goes(3, 0x12ffff8000006123, RD, 0x90002123) &&
	   goes(3, 0x00ffff8000006456, RD, 0x90002456), "TBI1 is for TTB1");
	ok(faults(3, 0x1200000000005123, RD, EVT_F_TRANSLATION) &&
	   ev[2] == 0x1200000000005123, "only; events have the address as it was");
}

static void bad_cd(struct s1 *t, u64 w0, const char *what)
{
	put64(t->cd, w0);
	cmd(CMD_CFGI_CD | 4ULL << 32, 1);
	ok(faults(4, 0x5000, RD, EVT_C_BAD_CD), "C_BAD_CD: %s", what);
}

static void test_bad_cd(void)
{
	struct s1 t = new_s1(3);
	u64 w0 = cd_word0(3);

	driver_reset();
	set_ste(4, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1);
	bad_cd(&t, w0 & ~CD0_V, "not valid");
	bad_cd(&t, w0 & ~CD0_AA64, "AArch32");
	bad_cd(&t, w0 | CD0_ENDI, "big-endian");
	bad_cd(&t, w0 | CD0_TG0, "a reserved granule");
	bad_cd(&t, (w0 & ~CD0_T0SZ) | 49, "T0SZ too large");
	bad_cd(&t, (w0 & ~CD0_T0SZ) | 15, "T0SZ too small");
	bad_cd(&t, w0 & ~CD0_EPD1, "nothing in TTB1's fields");
	put64(t.cd + 8, 1ULL << 48 | t.table);
	bad_cd(&t, w0, "a table beyond IPS");
	put64(t.cd + 8, t.table);
	set_ste(4, CONFIG(S1_ONLY) | t.cd, STE1_S1STALLD, 0, 0);
	bad_cd(&t, w0 | CD0_S, "stalls where they are disabled");
	set_ste(4, CONFIG(S1_ONLY) | 0x1000, 0, 0, 0);
	ok(faults(4, 0x5000, RD, EVT_F_CD_FETCH) && ev[3] == 0x1000, "a CD that is no memory");
}

static void test_bad_ste(void)
{
	static const struct { u64 w0, w1, w2; const char *what; } ste[] = {
		{ CONFIG(S1_ONLY), 1ULL << 30, 0, "STRW" },
		{ CONFIG(S1_ONLY) | 21ULL << 59, 0, 0, "S1CDMax" },
		{ CONFIG(S2_ONLY), 0, 0, "stage 2 in AArch32" },
		{ CONFIG(S2_ONLY), 0, STE2_S2AA64 | 3ULL << 46 | 25ULL << 32, "S2TG" },
		{ CONFIG(S2_ONLY), 0, STE2_S2AA64 | STE2_S2ENDI | 25ULL << 32 | 1ULL << 38,
		  "S2ENDI" },
		{ CONFIG(S2_ONLY), 0, STE2_S2AA64 | 49ULL << 32, "S2T0SZ too large" },
		{ CONFIG(S2_ONLY), 0, STE2_S2AA64 | 15ULL << 32 | 2ULL << 38, "or too small" },
		{ CONFIG(S2_ONLY), 0, STE2_S2AA64 | 25ULL << 32 | 2ULL << 38, "S2SL0 too high" },
		{ CONFIG(S2_ONLY), 0, STE2_S2AA64 | 25ULL << 32 | 3ULL << 38, "or too low" },
		{ CONFIG(S2_ONLY), 0, STE2_S2AA64 | 3ULL << 38 | 2ULL << 46 | 25ULL << 32,
		  "or reserved" },
		{ CONFIG(S2_ONLY), 1ULL << 28, STE2_S2AA64 | STE2_S2S | 25ULL << 32 | 1ULL << 38,
		  "ATS and stalls" },
		{ CONFIG(S1_ONLY), 2ULL << 28, 0, "split-stage ATS with one stage" },
	};
	unsigned int i;

	driver_reset();
	for (i = 0; i < ARRAY_SIZE(ste); i++) {
		set_ste(5, ste[i].w0, ste[i].w1, ste[i].w2, 0);
		ok(faults(5, 0, RD, EVT_C_BAD_STE), "C_BAD_STE: %s", ste[i].what);
	}
	set_ste(5, CONFIG(S2_ONLY), 0, s2_word2(1) & ~STE2_S2PS, 1ULL << 33);
	ok(faults(5, 0, RD, EVT_C_BAD_STE), "C_BAD_STE: S2TTB beyond S2PS");
}

/* ---- substreams ---- */

static void test_substreams(void)
{
	struct s1 t[3] = { new_s1(10), new_s1(11), new_s1(12) };
	u64 cds = alloc(8 * CD_SIZE), l1 = alloc(1 << 17), l2 = alloc(65536);
	unsigned int i;

	driver_reset();
	for (i = 0; i < 3; i++) {
		map(t[i].table, 12, 1, 3, 0x5000, 0x90001000 + (i << 12), PTE_S1);
		memcpy(e.ram + (cds + i * CD_SIZE - ENV_RAM), e.ram + (t[i].cd - ENV_RAM), CD_SIZE);
		memcpy(e.ram + (l2 + i * CD_SIZE - ENV_RAM), e.ram + (t[i].cd - ENV_RAM), CD_SIZE);
	}
	set_ste(6, CONFIG(S1_ONLY) | cds | 3ULL << 59, S1DSS_SSID0, 0, 0);
	ok(goes(6, 0x5000, RD, 0x90001000), "S1DSS: without a substream, CD 0");
	ok(dma_as(6, VMXL_SMMU_SSV, 1, 0x5000, RD) == VMXL_SMMU_OK && res.gpa == 0x90002000 &&
	   dma_as(6, VMXL_SMMU_SSV, 2, 0x5000, RD) == VMXL_SMMU_OK && res.gpa == 0x90003000,
	   "substreams have their own");
	dma_as(6, VMXL_SMMU_SSV, 0, 0x5000, RD);
	ok(res.status == VMXL_SMMU_ABORT && event() == EVT_F_STREAM_DISABLED, "not substream 0");
	dma_as(6, VMXL_SMMU_SSV, 8, 0x5000, RD);
	ok(event() == EVT_C_BAD_SUBSTREAMID, "nor one beyond the table");
	dma_as(6, VMXL_SMMU_SSV, 5, 0x6000, RD);
	ok(event() == EVT_C_BAD_CD && ev[0] == (0x0a | EVT0_SSV | 5 << 12 | 6ULL << 32),
	   "nor one that is not valid");
	set_ste(6, CONFIG(S1_ONLY) | cds | 3ULL << 59, S1DSS_BYPASS, 0, 0);
	ok(goes(6, 0x5000, RD, 0x5000), "S1DSS: bypass");
	set_ste(6, CONFIG(S1_ONLY) | cds | 3ULL << 59, S1DSS_TERMINATE, 0, 0);
	ok(faults(6, 0x5000, RD, EVT_F_STREAM_DISABLED), "S1DSS: terminate");
	for (i = 1; i < 3; i++) {
		set_ste(6, CONFIG(S1_ONLY) | l1 | 20ULL << 59 | i << 4, S1DSS_SSID0, 0, 0);
		put64(l1, l2 | 1);
		put64(l1 + 8, 1ULL << 48 | 1);
		ok(dma_as(6, VMXL_SMMU_SSV, 2, 0x5000, RD) == VMXL_SMMU_OK &&
		   res.gpa == 0x90003000, "two levels of CDs, leaves of %u KiB", i == 1 ? 4 : 64);
		dma_as(6, VMXL_SMMU_SSV, i == 1 ? 64 : 1024, 0x5000, RD);
		ok(event() == EVT_C_BAD_SUBSTREAMID, "out of range");
		dma_as(6, VMXL_SMMU_SSV, i == 1 ? 640 : 10240, 0x5000, RD);
		ok(event() == EVT_C_BAD_SUBSTREAMID, "not there");
	}
	put64(cds, cd_word0(10) & ~CD0_V);
	set_ste(6, CONFIG(S1_ONLY) | cds | 3ULL << 59, S1DSS_SSID0, 0, 0);
	dma_as(6, VMXL_SMMU_SSV, 1, 0x5000, RD);
	put64(cds + CD_SIZE, 0);
	ok(dma_as(6, VMXL_SMMU_SSV, 1, 0x5000, RD) == VMXL_SMMU_OK, "CDs are cached");
	cmd(CMD_CFGI_CD | 6ULL << 32 | 2 << 12, 1);
	ok(dma_as(6, VMXL_SMMU_SSV, 1, 0x5000, RD) == VMXL_SMMU_OK, "each");
	cmd(CMD_CFGI_CD | 6ULL << 32 | 1 << 12, 1);
	dma_as(6, VMXL_SMMU_SSV, 1, 0x5000, RD);
	ok(event() == EVT_C_BAD_CD, "until invalidated");
	dma_as(6, VMXL_SMMU_SSV, 2, 0x5000, RD);
	put64(cds + 2 * CD_SIZE, 0);
	cmd(CMD_CFGI_CD_ALL | 6ULL << 32, 0);
	dma_as(6, VMXL_SMMU_SSV, 2, 0x5000, RD);
	ok(event() == EVT_C_BAD_CD, "all of them");
}

/* ---- stage 2, and both ---- */

static void test_stage2(void)
{
	u64 root = alloc(4096);

	driver_reset();
	set_ste(7, CONFIG(S2_ONLY), 0, s2_word2(1), root);
	map(root, 12, 1, 3, 0x7000, 0x90007000, PTE_S2);
	map(root, 12, 1, 3, 0x8000, 0x90008000, PTE_S2 & ~TTD_AP_RO);
	map(root, 12, 1, 3, 0x9000, 0x90009000, PTE_S2 | 1ULL << 53);	/* XN: not privileged */
	map(root, 12, 1, 3, 0xa000, 0x9000a000, PTE_S2 | 2ULL << 53);
	map(root, 12, 1, 3, 0xb000, 0x9000b000, PTE_S2 & ~TTD_AF);
	ok(goes(7, 0x7abc, RD | WR, 0x90007abc) && res.perm == (RD | WR | EX), "stage 2");
	ok(faults(7, 0x8000, WR, EVT_F_PERMISSION) && ev[3] == 0x8000 &&
	   ev[1] == (EVT1_S2 | FIELD_PREP(EVT1_CLASS, CLASS_IN)), "a read-only page");
	ok(goes(7, 0x9000, EX | RD, 0x90009000) && faults(7, 0x9000, EX | PR, EVT_F_PERMISSION),
	   "execute-never of the privileged");
	ok(faults(7, 0xa000, EX, EVT_F_PERMISSION), "of all");
	ok(faults(7, 0xb000, RD, EVT_F_ACCESS), "the access flag");
	ok(faults(7, 0xc000, RD, EVT_F_TRANSLATION), "nothing");
	ok(faults(7, 1ULL << 39, RD, EVT_F_TRANSLATION), "beyond S2T0SZ");
	ok(faults(7, 1ULL << 48, RD, EVT_F_ADDR_SIZE) && !(ev[1] & EVT1_S2), "beyond all");
	set_ste(7, CONFIG(S2_ONLY), 0, s2_word2(1) & ~STE2_S2R, root);
	ok(dma(7, 0xc000, RD) == VMXL_SMMU_ABORT && !res.event && !event(), "not recorded");
	/* Overrides */
	set_ste(7, CONFIG(S2_ONLY), FIELD_PREP(STE1_PRIVCFG, 3) | FIELD_PREP(STE1_INSTCFG, 3),
		s2_word2(1), root);
	ok(faults(7, 0x9000, RD, EVT_F_PERMISSION) && ev[1] & EVT1_PNU && ev[1] & EVT1_IND,
	   "all is privileged, and instructions");
	set_ste(7, CONFIG(S2_ONLY), FIELD_PREP(STE1_PRIVCFG, 2) | FIELD_PREP(STE1_INSTCFG, 2),
		s2_word2(1), root);
	ok(goes(7, 0xa000, EX | PR, 0x9000a000), "or nothing is");
}

/* Stage 2 that maps RAM where it is, page by page; and something else */
static u64 nest_root;

static void nest_map_ram(u64 attrs)
{
	u64 gpa;

	nest_root = alloc(4096);
	for (gpa = ENV_RAM; gpa < ENV_RAM + ENV_RAM_SIZE; gpa += 4096)
		map(nest_root, 12, 1, 3, gpa, gpa, attrs);
	map(nest_root, 12, 1, 2, 0x90000000, 0xb0000000, PTE_S2);
}

static void test_nested(void)
{
	struct s1 t = new_s1(20);
	u64 at;

	nest_map_ram(PTE_S2);
	driver_reset();
	set_ste(8, CONFIG(NESTED) | t.cd, 0, s2_word2(8), nest_root);
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1);
	map(t.table, 12, 1, 3, 0x6000, 0xa0000000, PTE_S1);
	map(t.table, 12, 1, 2, 0x200000, ENV_RAM, PTE_S1);
	ok(goes(8, 0x5123, WR, 0xb0001123) && res.shift == 12, "nested");
	ok(goes(8, 0x205678, WR, ENV_RAM + 0x5678) && res.shift == 12, "the smaller page");
	ok(faults(8, 0x6000, RD, EVT_F_TRANSLATION) && ev[3] == 0xa0000000 && ev[2] == 0x6000 &&
	   ev[1] == (EVT1_S2 | EVT1_RNW | FIELD_PREP(EVT1_CLASS, CLASS_IN)), "stage 2 of it");
	/* A stage 1 block is invalidated by any address in it. */
	check(goes(8, 0x207000, WR, ENV_RAM + 0x7000), "mapped");
	put64(desc_at(t.table, 12, 1, 2, 0x200000), 0);
	cmd(CMD_TLBI_NH_VA | 8ULL << 32 | 20ULL << 48, 0x210000 | 1);
	ok(faults(8, 0x207000, RD, EVT_F_TRANSLATION) && faults(8, 0x205000, RD, EVT_F_TRANSLATION),
	   "all that a stage 1 block was split to");
	/* Tables that stage 2 does not map */
	at = desc_at(t.table, 12, 1, 3, 0x5000) & ~0xfffULL;
	put64(desc_at(nest_root, 12, 1, 3, at), 0);
	cmd(CMD_TLBI_S12_VMALL | 8ULL << 32, 0);
	ok(faults(8, 0x5000, RD, EVT_F_TRANSLATION) && ev[3] == at &&
	   ev[1] == (EVT1_S2 | EVT1_RNW | FIELD_PREP(EVT1_CLASS, CLASS_TT)), "tables' stage 2");
	map(nest_root, 12, 1, 3, at, at, PTE_S2 & ~0x3cULL);
	set_ste(8, CONFIG(NESTED) | t.cd, 0, s2_word2(8) | STE2_S2PTW, nest_root);
	cmd(CMD_TLBI_S12_VMALL | 8ULL << 32, 0);
	dma(8, 0x5000, RD);
	event();
	map(nest_root, 12, 1, 3, t.cd & ~0xfffULL, t.cd & ~0xfffULL, PTE_S2);
	ok(faults(8, 0x5000, RD, EVT_F_PERMISSION) && ev[1] & EVT1_TTRNW, "S2PTW");
	set_ste(8, CONFIG(NESTED) | t.cd, STE1_S2FWB, s2_word2(8) | STE2_S2PTW, nest_root);
	ok(faults(8, 0x5000, RD, EVT_F_PERMISSION), "and with S2FWB");
	map(nest_root, 12, 1, 3, at, at, PTE_S2);
	put64(desc_at(nest_root, 12, 1, 3, t.cd), 0);
	cmd(CMD_TLBI_S12_VMALL | 8ULL << 32, 0);
	set_ste(8, CONFIG(NESTED) | t.cd, 0, s2_word2(8), nest_root);
	ok(faults(8, 0x5000, RD, EVT_F_TRANSLATION) && ev[3] == (t.cd & ~0xfffULL) &&
	   ev[1] == (EVT1_S2 | EVT1_RNW | FIELD_PREP(EVT1_CLASS, CLASS_CD)), "the CD's stage 2");
	map(nest_root, 12, 1, 3, t.cd & ~0xfffULL, 0x1000, PTE_S2);
	ok(faults(8, 0x5000, RD, EVT_F_CD_FETCH) && ev[3] >> 12 == 1, "a CD that is no memory");
}

/* ---- granules ---- */

static void test_granules(void)
{
	static const struct { u8 gran, tg, tsz, from, block; } g[] = {
		{ 12, 0, 16, 0, 1 }, { 12, 0, 48, 3, 0 }, { 14, 2, 17, 1, 2 }, { 14, 2, 28, 2, 2 },
		{ 16, 1, 22, 2, 2 }, { 16, 1, 16, 1, 2 }, { 12, 0, 39, 2, 2 },
	};
	unsigned int i;

	driver_reset();
	for (i = 0; i < ARRAY_SIZE(g); i++) {
		u64 cd = alloc(CD_SIZE), root = alloc(1ULL << g[i].gran);
		u64 va = 1ULL << g[i].gran, block = 1ULL << lshift(g[i].gran, g[i].block);

		put64(cd + 8, root);
		put64(cd, (cd_word0(30 + i) & ~CD0_T0SZ) | g[i].tsz | (u64)g[i].tg << 6);
		set_ste(9, CONFIG(S1_ONLY) | cd, 0, 0, 0);
		map(root, g[i].gran, g[i].from, 3, va, 0x90000000, PTE_S1);
		ok(goes(9, va + 0x123, RD, 0x90000123) && res.shift == g[i].gran,
		   "granule 1 << %u, T0SZ %u", g[i].gran, g[i].tsz);
		if (!g[i].block)
			continue;
		map(root, g[i].gran, g[i].from, g[i].block, block, 1ULL << 40, PTE_S1);
		ok(goes(9, block + 0x12345, RD, (1ULL << 40) + 0x12345) &&
		   1ULL << res.shift == block, "a block");
		put64(desc_at(root, g[i].gran, g[i].from, g[i].from, 0), 1);
		ok(g[i].from >= g[i].block || faults(9, 0, RD, EVT_F_TRANSLATION),
		   "no blocks above");
	}
}

static void test_52_bits(void)
{
	struct vmxl_smmu *old = s;
	u64 cd = alloc(CD_SIZE), root = alloc(1 << 16), l2;

	s = vmxl_smmu_new(e.vm);
	check(!vmxl_smmu_config(s, VMXL_SMMU_OAS, 52), "52 bits");
	driver_reset();
	ok((rd(REG_IDR5) & 7) == 6, "52 bits");
	put64(cd + 8, root);
	put64(cd, (cd_word0(1) & ~(CD0_T0SZ | CD0_IPS)) | 12 | 1 << 6 | 6ULL << 32);
	set_ste(9, CONFIG(S1_ONLY) | cd, 0, 0, 0);
	map(root, 16, 1, 3, 5ULL << 48, 0, PTE_S1 | 0xaULL << 12);
	ok(goes(9, (5ULL << 48) + 0x1234, RD, (0xaULL << 48) + 0x1234), "both ways");
	map(root, 16, 1, 1, 6ULL << 42, 3ULL << 42, PTE_S1);
	ok(goes(9, (6ULL << 42) + 0x1234567, RD, (3ULL << 42) + 0x1234567) && res.shift == 42,
	   "4 TiB blocks");
	l2 = desc_at(root, 16, 1, 1, 7ULL << 42);
	put64(l2, get64(l2) | 3 | 1 << 12);
	put64(cd, (get64(cd) & ~CD0_IPS) | 5ULL << 32);
	cmd(CMD_CFGI_CD | 9ULL << 32, 1);
	ok(faults(9, 7ULL << 42, RD, EVT_F_ADDR_SIZE), "not beyond IPS");
	vmxl_smmu_free(s);
	s = old;
}

#define LPA2_VA		(3ULL << 48 | 0x5000000)
#define LPA2_PA		0xf000090000000ULL
#define LPA2_BLOCK	(5ULL << 39)

/* A page, and a block as large as they are with 52 bits only */
static u64 lpa2_tables(unsigned int gran, u64 attrs)
{
	u64 root = alloc(1ULL << gran), top = alloc(64);

	/* Bits 51 and 50 are at 9 and 8. */
	map(root, gran, 0, 3, LPA2_VA, (LPA2_PA & GENMASK_ULL(49, 12)) | 3 << 8, attrs);
	map(root, gran, 0, gran == 12 ? 0 : 1, LPA2_BLOCK, 3 << 8, attrs);
	if (gran == 14)
		return root;	/* of 32 entries */
	put64(top + (LPA2_VA >> 48) * 8, root | 3);
	put64(top, root | 3);
	return top;
}

static bool lpa2_works(unsigned int gran, unsigned int block)
{
	return goes(9, LPA2_VA + 0x123, RD, LPA2_PA + 0x123) && res.shift == gran &&
	       goes(9, LPA2_BLOCK + 0x1234567, RD, (3ULL << 50) + 0x1234567) && res.shift == block;
}

/* LPA2: 52 bits by 4K and 16K granules, in either stage */
static void test_lpa2(void)
{
	static const struct { u8 gran, tg, block, sl0; u64 sl2; } g[] = {
		{ 12, 0, 39, 0, STE3_S2SL0_2 }, { 14, 2, 36, 3, 0 },
	};
	struct vmxl_smmu *old = s;
	unsigned int i;

	s = vmxl_smmu_new(e.vm);
	check(!vmxl_smmu_config(s, VMXL_SMMU_OAS, 52), "52 bits");
	driver_reset();
	ok(rd(REG_IDR5) & IDR5_DS, "LPA2 comes with 52 bits");
	for (i = 0; i < ARRAY_SIZE(g); i++) {
		u64 cd = alloc(CD_SIZE), w2 = s2_word2(9) & ~(STE2_S2T0SZ | STE2_S2SL0 | STE2_S2PS);
		u64 w3 = lpa2_tables(g[i].gran, PTE_S2);

		put64(cd + 8, lpa2_tables(g[i].gran, PTE_S1));
		put64(cd + 16, CD2_DS);
		put64(cd, (cd_word0(30 + i) & ~(CD0_T0SZ | CD0_IPS)) | 12 | g[i].tg << 6 |
			  6ULL << 32);
		set_ste(9, CONFIG(S1_ONLY) | cd, 0, 0, 0);
		ok(lpa2_works(g[i].gran, g[i].block), "granule 1 << %u, stage 1", g[i].gran);
		put64(cd, (get64(cd) & ~CD0_IPS) | 5ULL << 32);
		cmd(CMD_CFGI_CD | 9ULL << 32, 1);
		ok(faults(9, LPA2_VA, RD, EVT_F_ADDR_SIZE), "not beyond IPS");
		put64(cd + 16, 0);
		cmd(CMD_CFGI_CD | 9ULL << 32, 1);
		ok(faults(9, LPA2_VA, RD, EVT_C_BAD_CD), "nor without DS");
		w2 |= 12ULL << 32 | FIELD_PREP(STE2_S2SL0, g[i].sl0) | (u64)g[i].tg << 46 |
		      6ULL << 48;
		set_ste(9, CONFIG(S2_ONLY), 0, w2, w3 | STE3_S2DS | g[i].sl2);
		ok(lpa2_works(g[i].gran, g[i].block), "stage 2");
		set_ste(9, CONFIG(S2_ONLY), 0, w2, w3);
		ok(faults(9, LPA2_VA, RD, EVT_C_BAD_STE), "not without S2DS");
	}
	vmxl_smmu_free(s);
	s = old;
}

/* Sixteen pages that map alike are one entry, and go as one. */
static void test_contig(void)
{
	const u64 contig = PTE_S1 | TTD_CONTIG, va = 0x40000, pa = 0x90040000;
	struct s1 t = new_s1(34);
	unsigned int i, n = 0;

	driver_reset();
	set_ste(9, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	for (i = 0; i < 16; i++)
		map(t.table, 12, 1, 3, va + i * 4096, pa + i * 4096, contig);
	ok(reads(9, va + 0x3000, RD) && res.shift == 16 && res.gpa == pa + 0x3000, "one entry");
	for (i = 0; i < 16; i++)
		n += reads(9, va + i * 4096, WR) || res.gpa != pa + i * 4096;
	ok(!n, "is all sixteen's");
	cmd(CMD_TLBI_NH_VA | 34ULL << 48, (va + 0x9000) | 1);
	ok(reads(9, va, RD), "and goes with any of them");
	cmd(CMD_TLBI_NH_VA | 34ULL << 48, (va + 0x9000) | 1);
	map(t.table, 12, 1, 3, va + 0x3000, 0x91000000, contig);
	ok(goes(9, va + 0x3000, RD, 0x91000000) && res.shift == 12, "one that is out of order is alone");
	put64(t.cd, cd_word0(34) | CD0_HA);
	cmd(CMD_CFGI_CD | 9ULL << 32, 1);
	ok(goes(9, va, RD, pa) && res.shift == 12, "and so are those that keep their access flags");
}

static void test_vmid_wildcard(void)
{
	struct s1 t = new_s1(35);
	unsigned int vmw, n = 0;

	driver_reset();
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1);
	set_ste(9, CONFIG(S1_ONLY) | t.cd, 0, 0x20, 0);
	for (vmw = 0; vmw < 8; vmw++) {
		unsigned int bit;

		enable((rd(REG_CR0) & ~CR0_VMW) | FIELD_PREP(CR0_VMW, vmw));
		for (bit = 0; bit < 5; bit++) {
			check(goes(9, 0x5000, RD, 0x90001000), "mapped");
			cmd(CMD_TLBI_NH_ALL | (0x20ULL ^ 1 << bit) << 32, 0);
			n += !!reads(9, 0x5000, RD) != (vmw <= 4 && bit < vmw);
		}
	}
	ok(!n && rd(REG_IDR0) & IDR0_VMW, "CR0.VMW has commands not look at some bits of VMIDs");
	enable(rd(REG_CR0) & ~CR0_VMW);
}

/* ---- access flag and dirty state ---- */

static void test_httu(void)
{
	struct s1 t = new_s1(40);
	u64 pte = desc_at(t.table, 12, 1, 3, 0x5000), s2;

	driver_reset();
	put64(t.cd, cd_word0(40) | CD0_HA | CD0_HD);
	set_ste(10, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, (PTE_S1 & ~TTD_AF) | TTD_AP_RO | TTD_DBM);
	ok(goes(10, 0x5000, RD, 0x90001000) && get64(pte) & TTD_AF && get64(pte) & TTD_AP_RO,
	   "read: accessed");
	ok(goes(10, 0x5000, WR, 0x90001000) && !(get64(pte) & TTD_AP_RO), "written: dirty");
	ok(!reads(10, 0x5000, WR), "and cached as such");
	map(t.table, 12, 1, 3, 0x6000, 0x90002000, (PTE_S1 & ~TTD_AF) | TTD_AP_RO);
	ok(faults(10, 0x6000, WR, EVT_F_PERMISSION), "not what is read-only");
	put64(t.cd, cd_word0(40) | CD0_AFFD);
	cmd(CMD_CFGI_CD | 10ULL << 32, 1);
	ok(goes(10, 0x6000, RD, 0x90002000) &&
	   !(get64(desc_at(t.table, 12, 1, 3, 0x6000)) & TTD_AF), "AFFD: no flag, no fault");
	/* Both stages: stage 1's tables must be writable at stage 2, and are dirty then. */
	t = new_s1(41);
	pte = desc_at(t.table, 12, 1, 3, 0x5000);
	put64(t.cd, cd_word0(41) | CD0_HA | CD0_HD);
	nest_map_ram((PTE_S2 & ~(TTD_AF | TTD_AP_RO)) | TTD_DBM);
	s2 = desc_at(nest_root, 12, 1, 3, pte);
	map(t.table, 12, 1, 3, 0x5000, ENV_RAM, (PTE_S1 & ~TTD_AF) | TTD_AP_RO | TTD_DBM);
	set_ste(10, CONFIG(NESTED) | t.cd, 0, s2_word2(10) | STE2_S2HA | STE2_S2HD, nest_root);
	ok(goes(10, 0x5000, RD, ENV_RAM) && get64(pte) & TTD_AF && get64(s2) & TTD_AP_RO &&
	   !(get64(desc_at(nest_root, 12, 1, 3, ENV_RAM)) & TTD_AP_RO), "nested, read");
	ok(goes(10, 0x5000, WR, ENV_RAM) && !(get64(pte) & TTD_AP_RO) &&
	   get64(desc_at(nest_root, 12, 1, 3, ENV_RAM)) & TTD_AP_RO, "nested, written");
	put64(pte, get64(pte) & ~TTD_AF);
	put64(s2, get64(s2) & ~(TTD_AP_RO | TTD_DBM));
	cmd(CMD_TLBI_S12_VMALL | 10ULL << 32, 0);
	ok(faults(10, 0x5000, RD, EVT_F_PERMISSION) && !(ev[1] & EVT1_TTRNW) && ev[1] & EVT1_S2 &&
	   ev[3] == (pte & ~0xfffULL), "tables that stage 2 does not let be written");
	set_ste(10, CONFIG(NESTED) | t.cd, 0, s2_word2(10) | STE2_S2AFFD, nest_root);
	ok(goes(10, 0x5000, RD, ENV_RAM) == 0, "without HTTU at stage 2");
	event();
}

/* ---- permissions of stage 1 ---- */

static bool grants(u32 sid, u64 va, u32 priv, u32 unpriv)
{
	static const u32 access[] = { RD, WR, EX };
	unsigned int i;
	bool good = true;

	for (i = 0; i < 3; i++) {
		good &= (dma(sid, va, access[i] | PR) == VMXL_SMMU_OK) == !!(priv & access[i]);
		good &= (dma(sid, va, access[i]) == VMXL_SMMU_OK) == !!(unpriv & access[i]);
	}
	while (event())
		;
	return good;
}

static void test_perms(void)
{
	struct s1 t = new_s1(50);
	u64 el1 = PTE_S1 & ~TTD_AP_EL0, l2;

	driver_reset();
	set_ste(11, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	map(t.table, 12, 1, 3, 0x1000, 0x90001000, el1);
	map(t.table, 12, 1, 3, 0x2000, 0x90001000, PTE_S1);
	map(t.table, 12, 1, 3, 0x3000, 0x90001000, el1 | TTD_AP_RO);
	map(t.table, 12, 1, 3, 0x4000, 0x90001000, PTE_S1 | TTD_AP_RO);
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1 | TTD_AP_RO | TTD_UXN | TTD_PXN);
	ok(grants(11, 0x1000, RD | WR | EX, EX) && grants(11, 0x2000, RD | WR, RD | WR | EX) &&
	   grants(11, 0x3000, RD | EX, EX) && grants(11, 0x4000, RD | EX, RD | EX) &&
	   grants(11, 0x5000, RD, RD), "EL1 and EL0");
	put64(t.cd, cd_word0(50) | CD0_WXN);
	cmd(CMD_CFGI_CD | 11ULL << 32, 1);
	ok(grants(11, 0x1000, RD | WR, EX) && grants(11, 0x2000, RD | WR, RD | WR) &&
	   grants(11, 0x4000, RD | EX, RD | EX), "WXN");
	put64(t.cd, cd_word0(50) | CD0_PAN);
	cmd(CMD_CFGI_CD | 11ULL << 32, 1);
	ok(grants(11, 0x1000, RD | WR | EX, EX) && grants(11, 0x2000, 0, RD | WR | EX) &&
	   grants(11, 0x4000, EX, RD | EX), "PAN");
	put64(t.cd, cd_word0(50));
	put64(t.cd + 8, t.table | CD1_E0PD0);
	cmd(CMD_CFGI_CD | 11ULL << 32, 1);
	ok(grants(11, 0x2000, RD | WR, 0) && faults(11, 0x2000, RD, EVT_F_TRANSLATION), "E0PD");
	put64(t.cd + 8, t.table);
	l2 = desc_at(t.table, 12, 1, 2, 0);
	put64(l2, get64(l2) | TTD_APTABLE_NOEL0 | TTD_PXNTABLE);
	cmd(CMD_CFGI_CD | 11ULL << 32, 1);
	cmd(CMD_TLBI_NH_ALL, 0);
	ok(grants(11, 0x2000, RD | WR, EX) && grants(11, 0x4000, RD, EX), "APTable, PXNTable");
	put64(l2, get64(l2) | TTD_APTABLE_RO | TTD_UXNTABLE);
	cmd(CMD_TLBI_NH_ALL, 0);
	ok(grants(11, 0x2000, RD, 0), "all of them");
	put64(t.cd + 8, t.table | CD1_HAD0);
	cmd(CMD_CFGI_CD | 11ULL << 32, 1);
	ok(grants(11, 0x2000, RD | WR, RD | WR | EX), "HAD");
	/* EL2: one privilege, no ASID */
	put64(t.cd, cd_word0(50) & ~CD0_EPD1);
	set_ste(11, CONFIG(S1_ONLY) | t.cd, (u64)STRW_EL2 << 30, 0, 0);
	ok(grants(11, 0x1000, RD | WR | EX, RD | WR | EX) &&
	   grants(11, 0x5000, RD, RD), "EL2");
	ok(faults(11, ~0xfffULL, RD, EVT_F_TRANSLATION), "has no TTB1");
	enable(CR0_CMDQEN | CR0_EVENTQEN);
	wr(REG_CR2, CR2_E2H | CR2_RECINVSID);
	enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN);
	put64(t.cd, cd_word0(50));
	ok(grants(11, 0x1000, RD | WR | EX, EX), "E2H");
	check(reads(11, 0x2000, RD) && !reads(11, 0x2000, RD), "cached");
	cmd(CMD_TLBI_EL2_ASID | 51ULL << 48, 0);
	ok(!reads(11, 0x2000, RD), "another ASID");
	cmd(CMD_TLBI_EL2_ASID | 50ULL << 48, 0);
	ok(reads(11, 0x2000, RD), "its own");
	cmd(CMD_TLBI_EL2_VA | 50ULL << 48, 0x2001);
	ok(reads(11, 0x2000, RD) == 1, "by address");
	cmd(CMD_TLBI_EL2_VAA, 0x2001);
	ok(reads(11, 0x2000, RD) == 1, "of all ASIDs");
}

/* ---- the TLB ---- */

static void test_tlb(void)
{
	struct s1 a = new_s1(60), b = new_s1(61);
	struct vmxl_smmu_stats before;
	u64 va;

	driver_reset();
	set_ste(12, CONFIG(S1_ONLY) | a.cd, 0, 0, 0);
	set_ste(13, CONFIG(S1_ONLY) | b.cd, 0, 0, 0);
	for (va = 0; va < 0x400000; va += 0x1000) {
		map(a.table, 12, 1, 3, va, 0x90000000 + va, PTE_S1);
		map(b.table, 12, 1, 3, va, 0xa0000000 + va, PTE_S1);
	}
	map(a.table, 12, 1, 3, 0x800000, 0x91000000, PTE_S1 & ~TTD_NG);
	ok(reads(12, 0x1000, RD) == 3, "a walk");
	ok(reads(12, 0x1234, WR) == 0, "a hit");
	ok(reads(12, 0x2000, RD) == 1, "a walk from the last table");
	ok(reads(12, 0x200000, RD) == 3 && reads(12, 0x201000, RD) == 1, "which there is one of");
	check(reads(13, 0x1000, RD) == 3 && reads(13, 0x2000, RD) == 1 &&
	      reads(12, 0x800000, RD) == 3, "another context");

	before = stats();
	cmd(CMD_TLBI_NH_VA | 60ULL << 48, 0x1000 | 1);
	ok(stats().drop == before.drop + 1, "one page of one ASID");
	ok(!reads(12, 0x2000, RD) && !reads(13, 0x1000, RD) && reads(12, 0x1000, RD) == 1,
	   "and no more");
	cmd(CMD_TLBI_NH_VA | 60ULL << 48, 0x1000);
	ok(reads(12, 0x1000, RD) == 3 && !reads(12, 0x2000, RD), "not only the leaf");
	cmd(CMD_TLBI_NH_VA | 1ULL << 32 | 60ULL << 48, 0x1000 | 1);
	cmd(CMD_TLBI_NH_VA | 62ULL << 48, 0x1000 | 1);
	ok(!reads(12, 0x1000, RD), "another VMID, another ASID");
	cmd(CMD_TLBI_NH_VAA, 0x1000 | 1);
	ok(reads(12, 0x1000, RD) == 1 && reads(13, 0x1000, RD) == 1, "of all ASIDs");
	cmd(CMD_TLBI_NH_VA | 62ULL << 48, 0x800000 | 1);
	ok(reads(12, 0x800000, RD) == 1, "global ones are of every ASID");
	cmd(CMD_TLBI_NH_ASID | 60ULL << 48, 0);
	ok(!reads(12, 0x800000, RD) && reads(12, 0x2000, RD) == 3 && !reads(13, 0x2000, RD),
	   "but go with none");
	cmd(CMD_TLBI_S12_VMALL | 1ULL << 32, 0);
	ok(!reads(12, 0x2000, RD), "another VMID");
	cmd(CMD_TLBI_NH_ALL, 0);
	ok(reads(12, 0x800000, RD) && reads(12, 0x2000, RD) && reads(13, 0x2000, RD), "all");

	/* Ranges */
	for (va = 0; va < 0x40000; va += 0x1000)
		dma(12, va, RD);
	before = stats();
	cmd(CMD_TLBI_NH_VA | 60ULL << 48 | 3 << 12 | 1 << 20,
	    0x8000 | 1 | FIELD_PREP(CMD1_TG, 1) | FIELD_PREP(CMD1_TTL, 3));
	ok(stats().drop == before.drop + 8, "a range of eight");
	ok(!reads(12, 0x7000, RD) && !reads(12, 0x10000, RD) && reads(12, 0x8000, RD) == 1 &&
	   reads(12, 0xf000, RD) == 1, "just these");
	cmd(CMD_TLBI_NH_VA | 60ULL << 48,
	    0x8000 | 1 | FIELD_PREP(CMD1_TG, 1) | FIELD_PREP(CMD1_TTL, 2));
	cmd(CMD_TLBI_NH_VA | 60ULL << 48,
	    0x8000 | 1 | FIELD_PREP(CMD1_TG, 3) | FIELD_PREP(CMD1_TTL, 3));
	ok(!reads(12, 0x8000, RD), "another level, another granule");
	before = stats();
	cmd(CMD_TLBI_NH_VA | 60ULL << 48 | 31 << 12 | 31 << 20, 1 | FIELD_PREP(CMD1_TG, 1));
	ok(stats().drop - before.drop >= 56 && reads(12, 0x8000, RD) == 1 &&
	   !reads(13, 0x2000, RD), "a large one");
	cmd(CMD_TLBI_NH_VA | 60ULL << 48 | 31 << 12 | 31 << 20, FIELD_PREP(CMD1_TG, 1));
	ok(reads(12, 0x8000, RD) == 3, "with its tables");
	cmd(CMD_TLBI_NH_VA | 60ULL << 48 | 31 << 12 | 31 << 20,
	    ~0ULL << 40 | FIELD_PREP(CMD1_TG, 1));
	ok(!reads(12, 0x8000, RD), "that does not wrap");

	/* Configurations, and what is not theirs */
	cmd(CMD_CFGI_STE | 12ULL << 32, 1);
	ok(!reads(12, 0x8000, RD), "an STE is not its translations");
	before = stats();
	cmd(CMD_CFGI_STE_RANGE | 12ULL << 32, 0);
	ok(stats().cfg_drop == before.cfg_drop + 2, "two STEs");
	dma(12, 0x8000, RD);
	dma(14, 0x8000, RD);
	cmd(CMD_CFGI_STE | 13ULL << 32, 1);
	before = stats();
	dma(12, 0x8000, RD);
	ok(stats().cfg_miss == before.cfg_miss, "another's STE");
	while (event())
		;
	/* More than there is room for */
	for (va = 0; va < 0x400000; va += 0x1000)
		check(goes(12, va, RD, 0x90000000 + va) && goes(13, va, RD, 0xa0000000 + va),
		      "0x%llx", (unsigned long long)va);
	ok(1, "all of 4 MiB");
}

/* More contexts than the SMMU remembers, from more substreams than it does */
static void test_many(void)
{
	u64 cds = alloc(2048 * CD_SIZE), table = alloc(4096);
	unsigned int i, n, good = 0;

	driver_reset();
	map(table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1);
	for (i = 0; i < 2048; i++) {
		put64(cds + i * CD_SIZE + 8, table);
		put64(cds + i * CD_SIZE, cd_word0(i));
	}
	set_ste(14, CONFIG(S1_ONLY) | cds | 11ULL << 59, S1DSS_SSID0, 0, 0);
	for (n = 0; n < 2; n++)
		for (i = 1; i < 2048; i++)
			good += dma_as(14, VMXL_SMMU_SSV, i, 0x5000, RD) == VMXL_SMMU_OK;
	ok(good == 2 * 2047, "2047 substreams");
}

/* ---- stalls ---- */

static void test_stalls(void)
{
	struct s1 t = new_s1(70);
	u64 rec1 = EVT1_STALL | EVT1_RNW | FIELD_PREP(EVT1_CLASS, CLASS_IN);
	unsigned int i, n;
	u16 stag;

	driver_reset();
	put64(t.cd, (cd_word0(70) | CD0_S) & ~CD0_R);
	set_ste(15, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	ok(dma(15, 0x5000, RD) == VMXL_SMMU_STALL && event() == EVT_F_TRANSLATION &&
	   ev[1] == (rec1 | res.stag), "a stall is recorded");
	stag = res.stag;
	ok(vmxl_smmu_stall_poll(s, 15, stag) == VMXL_SMMU_STALL, "and waits");
	cmd(CMD_RESUME | CMD_RESUME_AC | 14ULL << 32, stag);
	cmd(CMD_RESUME | CMD_RESUME_AC | 15ULL << 32, stag + 1);
	cmd(CMD_RESUME | CMD_RESUME_AC | 15ULL << 32, 0xffff);
	ok(vmxl_smmu_stall_poll(s, 15, stag) == VMXL_SMMU_STALL, "for what is for it");
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1);
	cmd(CMD_RESUME | CMD_RESUME_AC | 15ULL << 32, stag);
	ok(vmxl_smmu_stall_poll(s, 15, stag) == VMXL_SMMU_OK && goes(15, 0x5000, RD, 0x90001000),
	   "a retry");
	ok(vmxl_smmu_stall_poll(s, 15, stag) == VMXL_SMMU_ABORT &&
	   vmxl_smmu_stall_poll(s, 15, 1000) == VMXL_SMMU_ABORT, "is told once");
	dma(15, 0x6000, RD);
	stag = res.stag;
	cmd(CMD_RESUME | 15ULL << 32, stag);
	ok(event() && vmxl_smmu_stall_poll(s, 15, stag) == VMXL_SMMU_RAZWI, "ended as done");
	dma(15, 0x6000, RD);
	cmd(CMD_RESUME | CMD_RESUME_AB | 15ULL << 32, res.stag);
	ok(event() && vmxl_smmu_stall_poll(s, 15, res.stag) == VMXL_SMMU_ABORT, "aborted");
	ok(dma_as(15, VMXL_SMMU_NO_STALL, 0, 0x6000, RD) == VMXL_SMMU_ABORT &&
	   event() && !(ev[1] & EVT1_STALL), "a device that cannot wait");
	for (i = 0; dma(15, 0x6000, RD) == VMXL_SMMU_STALL; i++)
		;
	ok(i == rd(REG_IDR5) >> 16, "as many as it says: %u", i);
	ok(rd(P1(REG_EVENTQ_PROD)) & Q_OVFLG, "the one too many is lost");
	wr(P1(REG_EVENTQ_CONS), rd(P1(REG_EVENTQ_CONS)) | Q_OVFLG);
	for (n = 0; event() == EVT_F_TRANSLATION && ev[1] & EVT1_STALL; n++)
		;
	ok(n == i, "no stall is: %u", n);
	cmd(CMD_STALL_TERM | 15ULL << 32, 0);
	for (n = 0, stag = 0; stag < i; stag++)
		n += vmxl_smmu_stall_poll(s, 15, stag) == VMXL_SMMU_ABORT;
	ok(n == i, "CMD_STALL_TERM ends all");
	wr(P1(REG_EVENTQ_CONS), rd(P1(REG_EVENTQ_CONS)) & ~Q_OVFLG);
	dma(15, 0x6000, RD);
	enable(CR0_CMDQEN);
	ok(vmxl_smmu_stall_poll(s, 15, res.stag) == VMXL_SMMU_ABORT, "so does SMMUEN");
	/* Terminated as configured */
	driver_reset();
	put64(t.cd, cd_word0(70) & ~CD0_A);
	cmd(CMD_CFGI_CD | 15ULL << 32, 1);
	ok(dma(15, 0x6000, WR) == VMXL_SMMU_RAZWI && event() == EVT_F_TRANSLATION, "RAZ/WI");
	put64(t.cd, cd_word0(70) & ~(CD0_A | CD0_R));
	cmd(CMD_CFGI_CD | 15ULL << 32, 1);
	ok(dma(15, 0x6000, WR) == VMXL_SMMU_RAZWI && !event(), "silently");
}

/* ---- ATS and PRI ---- */

#define TREQ	VMXL_SMMU_ATS_TREQ
#define TRANSL	VMXL_SMMU_TRANSLATED

static void test_ats(void)
{
	struct s1 t = new_s1(80);

	driver_reset();
	ok(dma_as(16, TREQ, 0, 0x5000, RD) == VMXL_SMMU_CA && !event(), "a bad configuration");
	set_ste(16, CONFIG(0), 0, 0, 0);
	ok(dma_as(16, TREQ, 0, 0x5000, RD) == VMXL_SMMU_UR && !event(), "an aborting one");
	set_ste(16, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1 | TTD_AP_RO);
	map(t.table, 12, 1, 3, 0x6000, 0x90002000, PTE_S1 & ~TTD_AP_EL0);
	ok(dma_as(16, TREQ, 0, 0x5000, RD | WR) == VMXL_SMMU_UR &&
	   event() == EVT_F_BAD_ATS_TREQ && ev[2] >> 12 == 5, "without EATS");
	set_ste(16, CONFIG(S1_ONLY) | t.cd, (u64)EATS_FULL << 28, 0, 0);
	ok(dma_as(16, TREQ, 0, 0x5123, RD | WR | EX) == VMXL_SMMU_OK && res.gpa == 0x90001123 &&
	   res.perm == RD, "what may be done is granted; to execute, by PASID only");
	ok(dma_as(16, TREQ, 0, 0x6000, RD) == VMXL_SMMU_DENIED && !event(), "or nothing");
	ok(dma_as(16, TREQ, 0, 0x6000, RD | EX) == VMXL_SMMU_DENIED, "to execute alone is nothing");
	ok(dma_as(16, TREQ, 0, 0x9000, RD) == VMXL_SMMU_DENIED && !event(), "not mapped");
	ok(dma_as(16, TRANSL, 0, 0x90001123, RD) == VMXL_SMMU_OK && res.gpa == 0x90001123,
	   "translated traffic passes");
	enable(rd(REG_CR0) | CR0_ATSCHK);
	ok(dma_as(16, TRANSL, 0, 0x90001123, RD) == VMXL_SMMU_OK && res.gpa == 0x90001123,
	   "if EATS lets it");
	set_ste(16, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	ok(dma_as(16, TRANSL, 0, 0x90001123, RD) == VMXL_SMMU_ABORT &&
	   event() == EVT_F_TRANSL_FORBIDDEN && ev[2] == 0x90001123, "or not");
	set_ste(16, CONFIG(0), 0, 0, 0);
	ok(dma_as(16, TRANSL, 0, 0, RD) == VMXL_SMMU_ABORT && !event(), "silently, in abort");
	set_ste(16, 0, 0, 0, 0);
	ok(dma_as(16, TRANSL, 0, 0, RD) == VMXL_SMMU_ABORT && !event(), "or without an STE");
	/* Split-stage: what is answered is stage 1's, and stage 2 is for what comes of it. */
	nest_map_ram(PTE_S2);
	set_ste(16, CONFIG(NESTED) | t.cd, (u64)EATS_SPLIT << 28, s2_word2(16), nest_root);
	ok(dma_as(16, TREQ, 0, 0x5123, RD) == VMXL_SMMU_OK && res.gpa == 0x90001123, "split-stage");
	ok(dma_as(16, TRANSL, 0, 0x90001123, RD) == VMXL_SMMU_OK && res.gpa == 0xb0001123,
	   "and the other stage");
	ok(dma_as(16, TRANSL, 0, 0x70000000, RD) == VMXL_SMMU_ABORT &&
	   event() == EVT_F_TRANSLATION && ev[1] & EVT1_S2, "which may fault");
	set_ste(16, CONFIG(NESTED) | t.cd | 1ULL << 59, (u64)EATS_SPLIT << 28 | S1DSS_BYPASS,
		s2_word2(16), nest_root);
	ok(dma_as(16, TREQ, 0, 0x90001123, RD) == VMXL_SMMU_OK && res.gpa == 0x90001123,
	   "stage 1 bypassed");
	ok(dma_as(16, TREQ, 0, 0x5123, RD) == VMXL_SMMU_DENIED, "stage 2 grants, still");
	enable(rd(REG_CR0) & ~(CR0_ATSCHK | CR0_SMMUEN));
	ok(dma_as(16, TREQ, 0, 0x5123, RD) == VMXL_SMMU_UR && event() == EVT_F_BAD_ATS_TREQ &&
	   dma_as(16, TRANSL, 0, 0x5123, RD) == VMXL_SMMU_ABORT &&
	   event() == EVT_F_TRANSL_FORBIDDEN, "SMMUEN is needed");
}

static void page_request(u32 flags, u32 access, u16 prgi)
{
	struct vmxl_smmu_req req = {
		.sid = 17, .ssid = 5, .iova = 0x5678, .flags = flags, .access = access,
	};

	vmxl_smmu_page_request(s, &req, prgi);
}

static void test_pri(void)
{
	struct vmxl_smmu_msg msg;
	u32 i;

	driver_reset();
	check(!vmxl_smmu_config(s, VMXL_SMMU_ATS, 1), "ATS");
	wr(REG_IRQ_CTRL, 0);
	wr64(REG_PRIQ_IRQ_CFG0, MSIS);
	wr(REG_PRIQ_IRQ_CFG1, 99);
	wr(REG_PRIQ_IRQ_CFG2, PRIQ_CFG2_LO);
	wr(REG_IRQ_CTRL, IRQ_PRIQ);
	put64(MSIS, 0);
	page_request(VMXL_SMMU_SSV, RD | WR, 7);
	ok(rd(P1(REG_PRIQ_PROD)) == 1 && !get64(MSIS) &&
	   get64(PRIQ) == (17 | 5ULL << 32 | PRIQ0_READ | PRIQ0_WRITE | PRIQ0_SSV) &&
	   get64(PRIQ + 8) == (0x5000 | 7), "a page request");
	page_request(VMXL_SMMU_PRI_LAST, RD | EX | PR, 7);
	ok(get64(MSIS) == 99 && get64(PRIQ + 16) == (17 | PRIQ0_READ | PRIQ0_EXEC | PRIQ0_PRIV |
						   PRIQ0_LAST), "the last interrupts");
	cmd(CMD_PRI_RESPONSE | 17ULL << 32 | CMD_SSV | 5 << 12, 2ULL << 12 | 7);
	ok(vmxl_smmu_next_msg(s, &msg) && msg.type == VMXL_SMMU_MSG_PRI_RESP && msg.sid == 17 &&
	   msg.ssid == 5 && msg.flags == VMXL_SMMU_SSV && msg.prgi == 7 && msg.resp == 2,
	   "the response");
	cmd(CMD_ATC_INV | 17ULL << 32 | CMD_SSV | CMD_ATC_GLOBAL | 5 << 12, 0x12345000 | 4);
	ok(vmxl_smmu_next_msg(s, &msg) && msg.type == VMXL_SMMU_MSG_ATC_INV && msg.ssid == 5 &&
	   msg.flags == (VMXL_SMMU_SSV | VMXL_SMMU_MSG_GLOBAL) && msg.addr == 0x12340000 &&
	   msg.size == 16, "an invalidation");
	cmd(CMD_ATC_INV | 17ULL << 32, 52);
	ok(vmxl_smmu_next_msg(s, &msg) && msg.size == 64 && !msg.addr &&
	   !vmxl_smmu_next_msg(s, &msg), "of everything");
	for (i = 2; i < 16; i++)
		page_request(0, RD, i);
	put64(MSIS, 0);
	page_request(0, RD, 16);
	ok(rd(P1(REG_PRIQ_PROD)) == (16 | Q_OVFLG) && !vmxl_smmu_next_msg(s, &msg), "overflow");
	wr(P1(REG_PRIQ_CONS), 16);
	page_request(VMXL_SMMU_PRI_LAST | VMXL_SMMU_SSV, RD, 17);
	ok(rd(P1(REG_PRIQ_PROD)) == (16 | Q_OVFLG) && get64(MSIS) == 99 &&
	   vmxl_smmu_next_msg(s, &msg) && msg.resp == 2 && msg.prgi == 17 && msg.ssid == 5,
	   "is answered, until acknowledged");
	wr(P1(REG_PRIQ_CONS), 16 | Q_OVFLG);
	page_request(0, RD, 18);
	ok(rd(P1(REG_PRIQ_PROD)) == (17 | Q_OVFLG), "and over");
	enable(CR0_CMDQEN | CR0_SMMUEN);
	page_request(VMXL_SMMU_PRI_LAST | VMXL_SMMU_SSV, RD, 19);
	ok(vmxl_smmu_next_msg(s, &msg) && msg.resp == 0 && !msg.flags, "no queue: failure");
	enable(CR0_CMDQEN);
	cmd(CMD_ATC_INV | 17ULL << 32, 52);
	cmd(CMD_PRI_RESPONSE | 17ULL << 32, 0);
	ok(!vmxl_smmu_next_msg(s, &msg), "no SMMU, no messages");
	wr(REG_IRQ_CTRL, 0);
	wr64(REG_PRIQ_IRQ_CFG0, 0);
	check(!vmxl_smmu_config(s, VMXL_SMMU_ATS, 0), "no ATS");
}

/* ---- counters ---- */

#define PMCG(off)	(VMXL_SMMU_PMCG + (off))

static u64 counter(u32 n)
{
	return vmxl_smmu_mmio_read(s, VMXL_SMMU_PMCG_PAGE1 + n * 8, 8);
}

static void test_pmcg(void)
{
	struct s1 t = new_s1(90);
	u32 cfgr = rd(PMCG(0xe00)), i;

	driver_reset();
	ok((cfgr & 63) == 7 && (cfgr >> 8 & 63) == 63 && cfgr >> 20 & 1, "eight counters");
	ok(vmxl_smmu_mmio_read(s, PMCG(0xe20), 8) == 0xff && !rd(PMCG(0xe28)), "eight events");
	set_ste(18, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1);
	for (i = 0; i < 8; i++) {
		wr(PMCG(0x400 + i * 4), i | 1u << 29);
		wr(PMCG(0xa00 + i * 4), ~0u);
	}
	ok(rd(PMCG(0x404)) == (1 | 1u << 29) && rd(PMCG(0xa04)) == ~0u, "their types");
	vmxl_smmu_mmio_write(s, PMCG(0xc00), 8, ~0ULL);
	ok(rd(PMCG(0xc00)) == 0xff && rd(PMCG(0xc20)) == 0xff, "enabled");
	check(dma(18, 0x5000, RD) == VMXL_SMMU_OK, "a page");
	ok(!counter(1), "not yet");
	wr(PMCG(0xe04), 1);
	check(dma(18, 0x5000, RD) == VMXL_SMMU_OK && dma(18, 0x5008, RD) == VMXL_SMMU_OK, "hits");
	cmd(CMD_CFGI_STE | 18ULL << 32, 1);
	cmd(CMD_TLBI_NSNH_ALL, 0);
	check(dma(18, 0x5000, RD) == VMXL_SMMU_OK, "a miss");
	dma_as(18, TREQ, 0, 0x5000, RD);
	event();
	dma_as(18, TRANSL, 0, 0x5000, RD);
	ok(counter(1) == 5 && counter(2) == 1 && counter(3) == 1 && counter(4) == 3 &&
	   counter(5) == 2 && counter(6) == 1 && counter(7) == 1, "what there was");
	ok(counter(0) && counter(0) < counter(0), "the clock runs");
	/* Filters: this stream only, streams 16 to 23, streams 0 to 7 */
	wr(PMCG(0xe04), 0);
	for (i = 1; i < 4; i++) {
		wr(PMCG(0x400 + i * 4), 1 | (i > 1) << 29);
		vmxl_smmu_mmio_write(s, VMXL_SMMU_PMCG_PAGE1 + i * 8, 8, 0);
	}
	wr(PMCG(0xa04), 18);
	wr(PMCG(0xa08), 16 | 3);
	wr(PMCG(0xa0c), 3);
	wr(PMCG(0xe04), 1);
	dma(18, 0x5000, RD);
	dma(17, 0x5000, RD);
	event();
	ok(counter(1) == 1 && counter(2) == 2 && !counter(3), "of the streams asked for");
	/* Overflow: a message, and a capture of all */
	put64(MSIS, 0);
	vmxl_smmu_mmio_write(s, PMCG(0xe58), 8, MSIS);
	wr(PMCG(0xe60), 55);
	wr(PMCG(0xe64), 0x7f);
	wr(PMCG(0xe50), 1);
	ok(rd(PMCG(0xe58)) == (u32)MSIS && rd(PMCG(0xe60)) == 55 && rd(PMCG(0xe64)) == 0x3f &&
	   rd(PMCG(0xe54)) == 1, "its message");
	wr(PMCG(0x404), 1 | 1u << 31);
	wr(PMCG(0xc40), 2);
	wr(VMXL_SMMU_PMCG_PAGE1 + 8, ~0u);
	wr(VMXL_SMMU_PMCG_PAGE1 + 12, ~0u);
	dma(18, 0x5000, RD);
	ok(!counter(1) && get64(MSIS) == 55 && rd(VMXL_SMMU_PMCG_PAGE1 + 0xcc0) == 2 &&
	   vmxl_smmu_mmio_read(s, PMCG(0x600 + 16), 8) >= 2, "overflow");
	put64(MSIS, 0);
	vmxl_smmu_mmio_write(s, VMXL_SMMU_PMCG_PAGE1 + 8, 8, ~0ULL);
	dma(18, 0x5000, RD);
	ok(!get64(MSIS), "once");
	wr(PMCG(0xc80), 2);
	wr(PMCG(0xd88), 1);
	ok(!rd(PMCG(0xcc0)) && !vmxl_smmu_mmio_read(s, PMCG(0x608), 8), "cleared, captured");
	wr(PMCG(0xcc0), 4);
	wr(PMCG(0xc60), 2);
	wr(PMCG(0xc20), ~0u);
	ok(rd(PMCG(0xcc0)) == 4 && !rd(PMCG(0xc40)) && !rd(PMCG(0xc00)), "off");
	vmxl_smmu_mmio_write(s, PMCG(0xc82), 4, ~0u);
	ok(!vmxl_smmu_mmio_read(s, PMCG(2), 4) && rd(PMCG(0xcc0)) == 4, "other widths");
	wr(PMCG(0xe04), 0);
}

/* ---- as a device of the VM ---- */

#define BASE	0x40000000ULL

static u32 bus_rd(u64 off)
{
	u64 val = 0;

	check(!vmxl_bus_read(e.v, BASE + off, 4, &val), "read");
	return val;
}

static void test_device(void)
{
	struct vmxl_device *dev;
	u64 off, val, words[0x8000 / 4];
	unsigned int n = 0;
	int fd;

	dev = env_device(&e, VMXL_DEV_ARM_SMMUV3, BASE, &fd);
	ok(bus_rd(REG_AIDR) == 2 && !bus_rd(VMXL_SMMU_SIZE - 4), "on the bus");
	check(!vmxl_bus_write(e.v, BASE + REG_GERRORN, 4, GERROR_EVENTQ_ABT), "a write");
	ok(bus_rd(REG_GERRORN) == GERROR_EVENTQ_ABT, "writes");
	ok(dev->ops->set_attr(dev, VMXL_DEV_GRP_CONFIG, VMXL_SMMU_OAS, 52) == -EBUSY &&
	   dev->ops->set_attr(dev, VMXL_DEV_GRP_CONFIG, VMXL_SMMU_OAS, 47) == -EINVAL &&
	   dev->ops->set_attr(dev, VMXL_DEV_GRP_CONFIG, 9, 0) == -ENXIO &&
	   dev->ops->get_attr(dev, VMXL_DEV_GRP_CONFIG, 9, &val) == -ENXIO,
	   "what is fixed, wrong, unknown");
	ok(!dev->ops->get_attr(dev, VMXL_DEV_GRP_CONFIG, VMXL_SMMU_OAS, &val) && val == 48 &&
	   !dev->ops->get_attr(dev, VMXL_DEV_GRP_CONFIG, VMXL_SMMU_SIDSIZE, &val) && val == 16 &&
	   !dev->ops->get_attr(dev, VMXL_DEV_GRP_CONFIG, VMXL_SMMU_MSI_FRAME, &val) && !~val &&
	   !dev->ops->get_attr(dev, VMXL_DEV_GRP_CONFIG, VMXL_SMMU_IRQ_SYNC, &val) &&
	   val == 0xffffffff &&
	   !dev->ops->get_attr(dev, VMXL_DEV_GRP_CONFIG, VMXL_SMMU_ATS, &val) && !val &&
	   !dev->ops->get_attr(dev, VMXL_DEV_GRP_ADDR, 0, &val) && val == BASE,
	   "configuration");
	for (off = 0; off < 0x8000; off += 4) {
		if (dev->ops->has_attr(dev, VMXL_DEV_GRP_REGS, off))
			continue;
		check(!dev->ops->get_attr(dev, VMXL_DEV_GRP_REGS, off, &words[n]), "saved");
		check(!dev->ops->set_attr(dev, VMXL_DEV_GRP_REGS, off, words[n++]), "restored");
	}
	ok(n == 1372, "%u words of state", n);
	ok(dev->ops->set_attr(dev, VMXL_DEV_GRP_REGS, REG_CR0, 32) == -EINVAL &&
	   dev->ops->set_attr(dev, VMXL_DEV_GRP_REGS, 0x4000, 5) == -EINVAL &&
	   dev->ops->set_attr(dev, VMXL_DEV_GRP_REGS, 0x5000, 257) == -EINVAL &&
	   dev->ops->get_attr(dev, VMXL_DEV_GRP_REGS, REG_IDR0, &val) == -ENXIO, "not any");
	close(fd);
}

int main(void)
{
	env_open(&e, 0);
	s = vmxl_smmu_new(e.vm);
	if (!s)
		env_die("no SMMU");
	test_probe();
	test_guards();
	test_commands();
	test_cmd_errors();
	test_cmd_worker();
	test_interrupts();
	test_overflow();
	test_streams();
	test_two_level();
	test_stage1();
	test_ttb1();
	test_bad_cd();
	test_bad_ste();
	test_substreams();
	test_stage2();
	test_nested();
	test_granules();
	test_52_bits();
	test_lpa2();
	test_contig();
	test_vmid_wildcard();
	test_httu();
	test_perms();
	test_tlb();
	test_many();
	test_stalls();
	test_ats();
	test_pri();
	test_pmcg();
	test_device();
	vmxl_smmu_free(s);
	env_close(&e);
	return tap_done();
}
