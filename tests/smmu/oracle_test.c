// SPDX-License-Identifier: GPL-2.0
/* The oracle itself, on tables made by hand: what it says is what is written here. */
#include <linux/kernel.h>
#include <linux/string.h>
#include <shim/tap.h>
#include "world.h"

#define STRTAB	0x80010000ULL
#define CDS	0x80020000ULL
#define S1	0x80030000ULL	/* tables of stage 1, a page each level */
#define S2	0x80050000ULL	/* of stage 2 */
#define CDS2	0x80080000ULL	/* a second level of CDs */
#define SID	3
#define VA	0x123456789000ULL
#define OUT	0x8765432000ULL
#define IPA	0x40000000ULL	/* nested: RAM is here */

#define AF	(1ULL << 10)
#define RW_USER	(1ULL << 6)
#define RO	(1ULL << 7)

static u8 ram[RAM_SIZE];
static struct orc o;
static struct orc_req req;
static struct orc_res res;
static u64 *ste, *cd;

static u64 *at(u64 pa)
{
	return (u64 *)(ram + (pa - RAM_BASE));
}

static void go(void)
{
	orc_translate(&o, &req, &res);
}

static bool gave(u64 pa, u32 shift)
{
	go();
	if (res.verdict == ORC_OK && res.pa == pa && res.shift == shift)
		return true;
	orc_print(&req, &res);
	return false;
}

static bool event(u8 number, enum orc_verdict verdict)
{
	go();
	if (res.verdict == verdict && res.event == number &&
	    (!number || (res.record[0] & 0xff) == number))
		return true;
	orc_print(&req, &res);
	return false;
}

/* A 4 KiB-granule table of four levels from @root, level n in page n: @addr to @leaf */
static u64 *chain(u64 root, u64 addr, u64 leaf, int last, s64 off)
{
	u64 table = root;
	int level;

	for (level = 0;; level++, table += 4096) {
		u64 *d = at(table) + (addr >> (39 - 9 * level) & 511);

		*d = level == last ? leaf : (table + 4096 + off) | 3;
		if (level == last)
			return d;
	}
}

static void start(void)
{
	memset(ram, 0, sizeof(ram));
	o = (struct orc) {
		.idr0 = 0x080c1a8b | 1 << 19 | 1 << 18, .idr1 = 16 << 6 | 16 | 1 << 26,
		.idr3 = 1 << 2 | 1 << 4 | 1 << 9, .idr5 = 0x4f6,
		.cr0 = 1, .cr2 = 2, .strtab_base = STRTAB, .strtab_cfg = 4,
		.read = world_read, .opaque = ram,
	};
	req = (struct orc_req) { .sid = SID, .addr = VA | 0x123, .access = ORC_R };
	ste = at(STRTAB + 64 * SID);
	cd = at(CDS);
	set_bits(ste, 0, 0, 1);
}

static u64 *s1_only(void)
{
	start();
	set_bits(ste, 3, 1, 5);
	set_bits(ste, 55, 6, CDS >> 6);
	set_bits(cd, 5, 0, 16);
	set_bits(cd, 30, 30, 1);
	set_bits(cd, 31, 31, 1);
	set_bits(cd, 34, 32, 5);
	set_bits(cd, 41, 41, 1);
	set_bits(cd, 46, 45, 3);
	set_bits(cd, 63, 48, 7);
	set_bits(cd, 115, 68, S1 >> 4);
	return chain(S1, VA, OUT | AF | RW_USER | 3, 3, 0);
}

static u64 *add_s2(void)
{
	set_bits(ste, 3, 1, orc_bits(ste, 3, 1) | 2);
	set_bits(ste, 143, 128, 5);
	set_bits(ste, 165, 160, 16);
	set_bits(ste, 167, 166, 2);
	set_bits(ste, 178, 176, 5);
	set_bits(ste, 179, 179, 1);
	set_bits(ste, 186, 186, 1);
	set_bits(ste, 243, 196, S2 >> 4);
	chain(S2, IPA, RAM_BASE | AF | 3 << 6 | 15 << 2 | 1, 2, 0);
	return chain(S2 + 4096 * 0, 0x1234567000, OUT | AF | 3 << 6 | 15 << 2 | 3, 3, 0);
}

static u64 *nested(void)
{
	s1_only();
	add_s2();
	set_bits(ste, 55, 6, (CDS - RAM_BASE + IPA) >> 6);
	set_bits(cd, 115, 68, (S1 - RAM_BASE + IPA) >> 4);
	return chain(S1, VA, 0x1234567000 | AF | RW_USER | 3, 3, IPA - RAM_BASE);
}

static void test_streams(void)
{
	start();
	o.cr0 = 0;
	ok(gave(VA | 0x123, 52), "disabled: bypass");
	req.addr = 1ULL << 52;
	ok(event(0, ORC_ABORT), "not beyond the size of addresses, and silently");
	req.addr = VA;
	o.gbpa = 1 << 20;
	ok(event(0, ORC_ABORT), "GBPA.ABORT");
	start();
	ok(event(0, ORC_ABORT), "Config 0: an abort without an event");
	set_bits(ste, 3, 1, 4);
	ok(gave(VA | 0x123, 52), "bypass");
	req.addr = 1ULL << 60;
	ok(event(F_ADDR_SIZE, ORC_ABORT) && res.record[1] == (1ULL << 35 | 2ULL << 40),
	   "an address that is too large for it");
	req.addr = 0;
	req.ssv = true;
	req.ssid = 9;
	ok(event(C_BAD_SUBSTREAMID, ORC_ABORT) && res.record[0] == (3ULL << 32 | 9 << 12 | 8),
	   "a substream where there is no stage 1");
	set_bits(ste, 0, 0, 0);
	ok(event(C_BAD_STE, ORC_ABORT) && res.record[0] == (3ULL << 32 | 9 << 12 | 1 << 11 | 4),
	   "V = 0");
	req.sid = 16;
	ok(event(C_BAD_STREAMID, ORC_ABORT), "a stream beyond the table");
	o.cr2 = 0;
	ok(event(0, ORC_ABORT), "without RECINVSID there is no record of it");
	req.sid = 15;
	o.strtab_base = RAM_BASE + RAM_SIZE;
	ok(event(F_STE_FETCH, ORC_ABORT) && res.record[3] == RAM_BASE + RAM_SIZE + 15 * 64,
	   "no memory where the STE is");
	o.strtab_base = STRTAB | 0x1c0;
	req = (struct orc_req) { .sid = SID, .addr = VA, .access = ORC_R };
	set_bits(ste, 0, 0, 1);
	ok(gave(VA, 52), "the base is aligned to the table's size");
}

static void test_two_level(void)
{
	start();
	o.strtab_cfg = 1 << 16 | 6 << 6 | 8;
	*at(STRTAB) = 0;
	o.cr2 = 2;
	req.sid = 64 + 5;
	*at(STRTAB + 8) = (STRTAB + 0x8000) | 4;
	*at(STRTAB + 0x8000 + 5 * 64) = 1 | 4 << 1;
	ok(gave(VA | 0x123, 52), "two levels");
	req.sid = 64 + 8;
	ok(event(C_BAD_STREAMID, ORC_ABORT), "beyond the span");
	req.sid = 5;
	ok(event(C_BAD_STREAMID, ORC_ABORT), "span 0");
	req.sid = 64 + 5;
	*at(STRTAB + 8) = (STRTAB + 0x8000) | 8;
	ok(event(C_BAD_STREAMID, ORC_ABORT), "a span beyond the split");
	*at(STRTAB + 8) = (STRTAB + 0x8040) | 7;
	ok(gave(VA | 0x123, 52), "the pointer is aligned to the span");
	o.idr0 &= ~(3 << 27);
	ok(event(C_BAD_STE, ORC_ABORT), "linear is all there is");
}

static void test_stage1(void)
{
	u64 *leaf = s1_only();

	ok(gave(OUT | 0x123, 12) && res.perm == (ORC_R | ORC_W | ORC_X), "a page");
	req.access = ORC_R | ORC_X | ORC_PRIV;
	ok(event(F_PERMISSION, ORC_ABORT) &&
	   res.record[1] == (1ULL << 33 | 1ULL << 34 | 1ULL << 35 | 2ULL << 40) &&
	   res.record[2] == req.addr, "what users can write privilege does not execute");
	*leaf = 0;
	ok(event(F_TRANSLATION, ORC_ABORT), "no page");
	set_bits(cd, 46, 46, 0);
	ok(event(F_TRANSLATION, ORC_RAZWI), "A = 0: reads 0");
	set_bits(cd, 45, 45, 0);
	ok(event(0, ORC_RAZWI), "R = 0: no record");
	set_bits(cd, 44, 44, 1);
	ok(event(F_TRANSLATION, ORC_STALL) && res.record[1] >> 31 & 1, "S = 1: a stall");
	set_bits(ste, 91, 91, 1);
	ok(event(C_BAD_CD, ORC_ABORT), "that S1STALLD does not allow");

	leaf = s1_only();
	*leaf &= ~AF;
	ok(event(F_ACCESS, ORC_ABORT), "AF = 0");
	set_bits(cd, 35, 35, 1);
	ok(gave(OUT | 0x123, 12), "AFFD");
	set_bits(cd, 43, 43, 1);
	go();
	ok(res.nr_update == 1 && res.update[0].must == AF, "HA sets it");
	*leaf = (*leaf | RO | 1ULL << 51) & ~AF;
	req.access = ORC_W;
	ok(event(F_PERMISSION, ORC_ABORT) && res.update[0].must == 0, "a clean page");
	set_bits(cd, 42, 42, 1);
	go();
	ok(res.verdict == ORC_OK && res.update[0].must == (AF | RO), "HD makes it dirty");
	o.idr0 &= ~(3 << 6);
	ok(event(C_BAD_CD, ORC_ABORT), "where there is no HTTU");

	leaf = s1_only();
	*leaf = (OUT & ~0x1fffffULL) | AF | 1;
	ok(event(F_TRANSLATION, ORC_ABORT), "no block at level 3");
	leaf = chain(S1, VA, (OUT & ~0x1fffffULL) | AF | RW_USER | 1, 2, 0);
	ok(gave((OUT & ~0x1fffffULL) | ((VA | 0x123) & 0x1fffff), 21), "a block");
	*leaf |= 1ULL << 52;
	go();
	ok(res.shift == 25, "contiguous ones");
	*leaf = 1ULL << 47 | AF | 1;
	set_bits(cd, 34, 32, 2);
	ok(event(F_ADDR_SIZE, ORC_ABORT), "an output beyond IPS");
	set_bits(cd, 115, 68, 1ULL << 40 >> 4);
	ok(event(C_BAD_CD, ORC_ABORT), "a table beyond it");
	set_bits(cd, 34, 32, 5);
	ok(event(F_WALK_EABT, ORC_ABORT) && res.record[3] == (1ULL << 40) + (VA >> 39) * 8 &&
	   res.record[1] == (1ULL << 35 | 1ULL << 40), "a table where there is no memory");
}

static void test_ranges(void)
{
	u64 *leaf = s1_only();

	req.addr |= 0x5aULL << 56;
	ok(event(F_TRANSLATION, ORC_ABORT), "a top byte");
	set_bits(cd, 38, 38, 1);
	ok(gave(OUT | 0x123, 12) && !res.event, "that TBI0 ignores");
	req.addr |= 1ULL << 55;
	ok(event(F_TRANSLATION, ORC_ABORT), "TTB1 is disabled");
	set_bits(cd, 30, 30, 0);
	ok(event(C_BAD_CD, ORC_ABORT), "its granule is reserved");
	set_bits(cd, 23, 16, 2 << 6 | 16);
	set_bits(cd, 179, 132, S1 >> 4);
	ok(event(F_TRANSLATION, ORC_ABORT), "TBI0 is not for TTB1");
	set_bits(cd, 38, 38, 0);
	req.addr = 0x5affULL << 48 | (VA | 0x123);
	ok(event(F_TRANSLATION, ORC_ABORT), "nor is anything");
	set_bits(cd, 39, 39, 1);
	ok(gave(OUT | 0x123, 12), "but TBI1");
	set_bits(cd, 5, 0, 17);
	req.addr = VA;
	ok(event(0x0, ORC_OK) && res.pa == OUT, "47 bits are enough for it");
	set_bits(cd, 5, 0, 20);
	ok(event(F_TRANSLATION, ORC_ABORT), "44 are not");
	set_bits(cd, 5, 0, 15);
	ok(event(C_BAD_CD, ORC_ABORT), "49 are too many for 4 KiB");
	set_bits(cd, 5, 0, 16);
	*leaf |= 1ULL << 54;
	req.access = ORC_R | ORC_X;
	ok(event(F_PERMISSION, ORC_ABORT), "UXN");
	set_bits(ste, 115, 114, 2);
	ok(event(0, ORC_OK), "INSTCFG makes it data");
	set_bits(ste, 113, 112, 3);
	set_bits(cd, 40, 40, 1);
	ok(event(F_PERMISSION, ORC_ABORT) && res.record[1] >> 33 & 1, "PRIVCFG and PAN");
	set_bits(ste, 95, 94, 2);
	ok(event(0, ORC_OK) && res.perm == (ORC_R | ORC_W), "EL2 has no PAN");
	set_bits(ste, 95, 94, 1);
	ok(event(C_BAD_STE, ORC_ABORT), "STRW 1 is reserved");
}

static void test_stage2(void)
{
	u64 *leaf;

	start();
	set_bits(ste, 3, 1, 4);
	leaf = add_s2();
	req.addr = 0x1234567abc;
	ok(gave(OUT | 0xabc, 12), "stage 2");
	*leaf &= ~(1ULL << 7);
	req.access = ORC_W | ORC_PRIV;
	ok(event(F_PERMISSION, ORC_ABORT) && res.record[3] == 0x1234567000 &&
	   (res.record[1] & res.mask[1]) == (1ULL << 33 | 1ULL << 39 | 2ULL << 40), "read-only");
	set_bits(ste, 186, 186, 0);
	ok(event(0, ORC_ABORT), "S2R = 0: no record");
	set_bits(ste, 185, 185, 1);
	ok(event(F_PERMISSION, ORC_STALL), "S2S");
	*leaf |= 1ULL << 53;
	req.access = ORC_R | ORC_X | ORC_PRIV;
	ok(event(F_PERMISSION, ORC_STALL), "XN[1:0] = 1: not for privilege");
	req.access = ORC_R | ORC_X;
	ok(event(0, ORC_OK), "but for users");
	req.addr = 1ULL << 48;
	ok(event(F_TRANSLATION, ORC_STALL) && res.record[1] >> 39 & 1, "beyond S2T0SZ");
	req.addr = 1ULL << 53;
	ok(event(F_ADDR_SIZE, ORC_ABORT) && !(res.record[1] >> 39 & 1), "beyond IAS");
	set_bits(ste, 167, 166, 0);
	ok(event(C_BAD_STE, ORC_ABORT), "a level that does not fit");
	set_bits(ste, 167, 166, 2);
	set_bits(ste, 179, 179, 0);
	ok(event(C_BAD_STE, ORC_ABORT), "S2AA64 = 0");
}

static void test_nested(void)
{
	u64 *leaf = nested(), *d;

	ok(gave(OUT | 0x123, 12), "nested");
	*leaf = 0x1234567000 | RW_USER | 3;
	set_bits(cd, 43, 43, 1);
	go();
	ok(res.verdict == ORC_OK && res.nr_update == 1, "HTTU of stage 1 through stage 2");
	d = at(S2 + 2 * 4096) + (IPA >> 21 & 511);
	*d &= ~(1ULL << 7);
	ok(event(F_PERMISSION, ORC_ABORT) && !(res.record[1] >> 44 & 1) &&
	   (res.record[1] >> 40 & 3) == 1 && !res.nr_update, "that may not write there");
	*d &= ~(15ULL << 2);
	*leaf |= AF;
	ok(event(0, ORC_OK), "tables in Device memory");
	set_bits(ste, 182, 182, 1);
	ok(event(F_PERMISSION, ORC_ABORT) && (res.record[1] >> 40 & 3) == 0 &&
	   res.record[3] == (CDS - RAM_BASE + IPA), "S2PTW: the CD cannot be had");
	*d = 0;
	ok(event(F_TRANSLATION, ORC_ABORT) && (res.record[1] >> 40 & 3) == 0, "not mapped");
	nested();
	set_bits(cd, 115, 68, (IPA + (2 << 20)) >> 4);
	ok(event(F_TRANSLATION, ORC_ABORT) && (res.record[1] >> 40 & 3) == 1 &&
	   res.record[1] >> 39 & 1 && res.record[3] == (IPA + (2 << 20)), "nor is the table");
	nested();
	*leaf = 0x7777777000 | AF | RW_USER | 3;
	ok(event(F_TRANSLATION, ORC_ABORT) && (res.record[1] >> 40 & 3) == 2 &&
	   res.record[3] == 0x7777777000, "nor what comes out of stage 1");
}

static void test_substreams(void)
{
	s1_only();
	set_bits(ste, 63, 59, 2);
	ok(event(F_STREAM_DISABLED, ORC_ABORT), "S1DSS 0: needs a substream");
	set_bits(ste, 65, 64, 1);
	ok(gave(VA | 0x123, 52), "S1DSS 1: bypass");
	set_bits(ste, 65, 64, 2);
	ok(gave(OUT | 0x123, 12), "S1DSS 2: CD 0");
	req.ssv = true;
	ok(event(F_STREAM_DISABLED, ORC_ABORT), "which is for nobody else");
	req.ssid = 1;
	ok(event(C_BAD_CD, ORC_ABORT), "CD 1 is not valid");
	memcpy(at(CDS + 64), cd, 64);
	ok(gave(OUT | 0x123, 12), "now it is");
	req.ssid = 4;
	ok(event(C_BAD_SUBSTREAMID, ORC_ABORT), "there are four");
	set_bits(ste, 63, 59, 12);
	set_bits(ste, 5, 4, 2);
	*at(CDS) = CDS2 | 1;
	memcpy(at(CDS2 + 64 * 4), at(CDS + 64), 64);
	ok(gave(OUT | 0x123, 12), "two levels of CDs");
	req.ssid = 1024;
	ok(event(C_BAD_SUBSTREAMID, ORC_ABORT) &&
	   res.record[0] == (3ULL << 32 | 1024u << 12 | 8), "an L1CD that is not valid");
	o.idr0 &= ~(1 << 19);
	ok(event(C_BAD_STE, ORC_ABORT), "where there are none");
}

int main(void)
{
	test_streams();
	test_two_level();
	test_stage1();
	test_ranges();
	test_stage2();
	test_nested();
	test_substreams();
	return tap_done();
}
