// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: the SMMU. The input is a guest and its devices: tables made
 * from a seed, then words of them overwritten, commands, register accesses and
 * translations. While an input only spoils tables, each access must become what
 * the oracle says; when it takes to registers and raw commands, all that is
 * asked is that the SMMU survives and can be brought up again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "../smmu/rig.h"
#include "../smmu/world.h"

#define MAX_OPS		200
#define MAX_STALLS	1024

enum fuzz_op { OP_ACCESS, OP_ACCESS_RAW, OP_WORD, OP_BIT, OP_DESC, OP_CMD, OP_REG, OP_READ,
	       OP_STALL, OP_EVENT, OP_ATS, OP_PRI, NR_OPS };

struct input {
	const u8 *data;
	size_t len;
};

static struct rig rig;
static struct world world;
static bool wild;		/* the oracle does not follow any more */
static struct {
	u32 sid;
	u16 stag;
} stall[MAX_STALLS];
static unsigned int nr_stalls;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8 *data, size_t len);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	rig_open(&rig, 0);
	if (vmxl_smmu_config(rig.smmu, VMXL_SMMU_ATS, 1))
		abort();
	return 0;
}

static u64 take(struct input *in, size_t n)
{
	u64 value = 0;

	n = min(n, in->len);
	memcpy(&value, in->data, n);
	in->data += n;
	in->len -= n;
	return value;
}

/* A stall that somebody must ask after */
static void remember(u32 sid, const struct vmxl_smmu_res *res)
{
	if (res->status != VMXL_SMMU_STALL || nr_stalls == MAX_STALLS)
		return;
	stall[nr_stalls].sid = sid;
	stall[nr_stalls++].stag = res->stag;
}

static void access(struct orc_req *req)
{
	struct vmxl_smmu_res res;

	if (wild) {
		rig_translate(&rig, req, &res);
		remember(req->sid, &res);
		return;
	}
	rig_forget(&rig);
	rig_snapshot(&rig, RAM_SIZE);
	if (!rig_check(&rig, req)) {
		fflush(stdout);
		abort();
	}
}

static void fuzz_access(struct input *in)
{
	struct orc_req req;

	world_request(&world, &req);
	req.addr ^= take(in, 1) << 12;
	access(&req);
}

static void fuzz_access_raw(struct input *in)
{
	u64 flags = take(in, 1);
	struct orc_req req = {
		.sid = flags & 1 ? world.stream[0].sid : take(in, 4), .ssv = flags & 2,
		.ssid = flags & 2 ? take(in, 3) : 0,
		.access = flags & 4 ? ORC_W : ORC_R | (flags & 8 ? ORC_X : 0),
	};

	req.access |= flags & 16 ? ORC_PRIV : 0;
	req.addr = flags & 32 ? take(in, 8) : take(in, 4);
	req.ssid &= 0xfffff;
	access(&req);
}

/* With any flags at all, where nobody compares */
static void fuzz_ats(struct input *in)
{
	struct vmxl_smmu_req q = {};
	struct vmxl_smmu_res res;
	struct orc_req req;

	world_request(&world, &req);
	req.access |= take(in, 1) & (ORC_W | ORC_X | ORC_PRIV);
	if (!wild) {
		rig_forget(&rig);
		if (!rig_check_ats(&rig, &req)) {
			fflush(stdout);
			abort();
		}
		return;
	}
	q.sid = req.sid;
	q.ssid = req.ssid;
	q.iova = req.addr;
	q.access = req.access;
	q.flags = take(in, 2);
	vmxl_smmu_translate(rig.smmu, &q, &res);
	remember(q.sid, &res);
}

static void fuzz_pri(struct input *in)
{
	struct vmxl_smmu_req q = {
		.sid = world.stream[0].sid, .ssid = take(in, 1), .iova = take(in, 4),
		.access = take(in, 1), .flags = take(in, 2),
	};
	struct vmxl_smmu_msg msg;

	wild = true;
	vmxl_smmu_page_request(rig.smmu, &q, take(in, 2));
	vmxl_smmu_next_msg(rig.smmu, &msg);
}

/* A whole word of a table; not the contiguous hint, whose misuse has no defined outcome */
static void fuzz_word(struct input *in)
{
	u64 *word = world_at(&world, world.spot[take(in, 2) % world.nr_spots]);

	*word = take(in, 8) & ~(1ULL << 52 | 1ULL << 12);
}

static void fuzz_desc(struct input *in)
{
	u64 *word = world_at(&world, world.spot[take(in, 2) % world.nr_spots]);
	unsigned int shift = take(in, 1) % 57;

	*word ^= take(in, 1) << shift & ~(1ULL << 52 | 1ULL << 12);
}

static void fuzz_cmd(struct input *in)
{
	static const u8 ops[] = {
		CMD_PREFETCH_CONFIG, CMD_PREFETCH_ADDR, CMD_CFGI_STE, CMD_CFGI_RANGE,
		CMD_CFGI_CD, CMD_CFGI_CD_ALL, CMD_TLBI_NH_ALL, CMD_TLBI_NH_ASID, CMD_TLBI_NH_VA,
		CMD_TLBI_NH_VAA, CMD_TLBI_EL2_ALL, CMD_TLBI_EL2_ASID, CMD_TLBI_EL2_VA,
		CMD_TLBI_EL2_VAA, CMD_TLBI_S12_VMALL, CMD_TLBI_S2_IPA, CMD_TLBI_NSNH_ALL,
		CMD_ATC_INV, CMD_PRI_RESP, CMD_RESUME, CMD_STALL_TERM, CMD_SYNC,
	};
	u64 op = take(in, 1), w0 = take(in, 8), w1 = take(in, 8);

	w0 = op < 200 ? (w0 & ~0xffULL) | ops[op % sizeof(ops)] : w0;
	wild = true;
	rig_cmd(&rig, w0, w1);
	vmxl_smmu_flush(rig.smmu);
	if (op & 1)
		rig_wr(&rig, R_GERRORN, rig_rd(&rig, R_GERROR));
}

static void fuzz_reg(struct input *in)
{
	u64 off = take(in, 1) * 4, val;

	off += take(in, 1) % (VMXL_SMMU_SIZE >> 16) << 16;
	wild = true;
	if (off & 4 || take(in, 1) & 1) {
		rig_wr(&rig, off, take(in, 4));
		return;
	}
	val = take(in, 8);
	/* Queues and tables in memory are more worth than those elsewhere. */
	if (val & 1)
		val = RAM_BASE | (val & (RAM_SIZE - 1));
	rig_wr64(&rig, off, val);
}

static void fuzz_read(struct input *in)
{
	u64 off = take(in, 2) * 8 % VMXL_SMMU_SIZE;

	vmxl_smmu_mmio_read(rig.smmu, off, take(in, 1) & 1 ? 4 : 8);
}

static void fuzz_event(struct input *in)
{
	u64 record[4];

	if (take(in, 1) & 1)
		rig_event(&rig, record);
	else
		vmxl_smmu_flush(rig.smmu);
}

static void one_op(struct input *in)
{
	switch ((enum fuzz_op)(take(in, 1) % NR_OPS)) {
	case OP_ACCESS:
		fuzz_access(in);
		break;
	case OP_ACCESS_RAW:
		fuzz_access_raw(in);
		break;
	case OP_WORD:
		fuzz_word(in);
		break;
	case OP_BIT:
		world_flip(&world);
		break;
	case OP_DESC:
		fuzz_desc(in);
		break;
	case OP_CMD:
		fuzz_cmd(in);
		break;
	case OP_REG:
		fuzz_reg(in);
		break;
	case OP_READ:
		fuzz_read(in);
		break;
	case OP_STALL:
		vmxl_smmu_stall_poll(rig.smmu, take(in, 2), take(in, 1));
		break;
	case OP_EVENT:
		fuzz_event(in);
		break;
	case OP_ATS:
		fuzz_ats(in);
		break;
	case OP_PRI:
		fuzz_pri(in);
		break;
	case NR_OPS:
		break;
	}
}

/* When translation is switched off no access waits any longer. */
static void end_stalls(void)
{
	vmxl_smmu_flush(rig.smmu);
	rig_disable(&rig);
	while (nr_stalls) {
		nr_stalls--;
		if (vmxl_smmu_stall_poll(rig.smmu, stall[nr_stalls].sid,
					 stall[nr_stalls].stag) == VMXL_SMMU_STALL)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	struct input in = { data, len };
	u32 knobs, cr2, ops;

	memset(rig.ram, 0, RAM_SIZE);
	world_seed(take(&in, 2));
	knobs = take(&in, 1);
	cr2 = CR2_RECINVSID | (knobs >> 7);
	rig.o.cr2 = cr2;
	rig.dirty = knobs & WORLD_HTTU;
	wild = false;
	world_make(&world, &rig.o, rig.ram, knobs & 15);
	rig_enable(&rig, world.strtab_base, world.strtab_cfg, cr2);
	for (ops = 0; ops < MAX_OPS && in.len; ops++)
		one_op(&in);
	end_stalls();
	return 0;
}
