// SPDX-License-Identifier: GPL-2.0
/*
 * The SMMU by its registers and queues, as a driver sees it; its performance
 * counters; as a device of a VM.
 */
#include "smmu_env.h"

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

/* ---- interrupts and the event queue ---- */

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
	smmu_open();
	test_probe();
	test_guards();
	test_commands();
	test_cmd_errors();
	test_cmd_worker();
	test_interrupts();
	test_overflow();
	test_pmcg();
	test_device();
	return smmu_close();
}
