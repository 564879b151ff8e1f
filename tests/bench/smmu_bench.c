// SPDX-License-Identifier: GPL-2.0
/*
 * The SMMU's speed, in the module's code in user space: translations that hit,
 * that miss with their last-level table known, and invalidations of one page, with
 * the commands around them; messages until they are pending; then traces: 4K and
 * 128K requests in strict mode (map, use, unmap), and static mappings. Beside it a
 * design like QEMU's: one hash table of 256 entries that is flushed when full, a mutex
 * around all. --json: an object a line.
 */
#include <errno.h>
#include <pthread.h>
#include <time.h>
#include "../unit/rv64_env.h"
#include "../../kmod/device.h"
#include "../../kmod/smmu/internal.h"

#define CMDQ		(ENV_RAM + 0x10000)
#define STRTAB		(ENV_RAM + 0x20000)
#define CD		(ENV_RAM + 0x30000)
#define L1		(ENV_RAM + 0x31000)
#define L2		(ENV_RAM + 0x32000)
#define L3		(ENV_RAM + 0x40000)	/* one for each 2 MiB */
#define NR_L3		64
#define LOG2_Q		8
#define ASID		1
#define N		2000000

static struct env e;
static struct vmxl_smmu *s;
static u32 prod;

static u64 *ram(u64 gpa)
{
	return (u64 *)(e.ram + (gpa - ENV_RAM));
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void set_pte(u64 page, bool there)
{
	ram(L3)[page] = there ? (0x100000000ULL + (page << 12)) | 0xc43 : 0;
}

static void cmd(u64 w0, u64 w1)
{
	u64 *c = ram(CMDQ) + (prod & ((1u << LOG2_Q) - 1)) * 2;

	c[0] = w0;
	c[1] = w1;
	prod = (prod + 1) & ((2u << LOG2_Q) - 1);
}

static void kick(void)
{
	vmxl_smmu_mmio_write(s, REG_CMDQ_PROD, 4, prod);
}

static void tlbi(u64 page)
{
	cmd(CMD_TLBI_NH_VA | (u64)ASID << 48, page << 12 | 1);
}

static void setup(void)
{
	u64 *ste = ram(STRTAB + STE_SIZE), *cd = ram(CD);
	unsigned int i;

	s = vmxl_smmu_new(e.vm);
	if (!s)
		env_die("no SMMU");
	ram(L1)[0] = L2 | 3;
	for (i = 0; i < NR_L3; i++)
		ram(L2)[i] = (L3 + i * 4096) | 3;
	for (i = 0; i < NR_L3 * 512; i++)
		set_pte(i, true);
	cd[1] = L1;
	cd[0] = CD0_V | CD0_AA64 | CD0_R | CD0_A | CD0_EPD1 | 25 | FIELD_PREP(CD0_IPS, 5) |
		FIELD_PREP(CD0_ASID, ASID);
	ste[0] = STE0_V | 5 << 1 | CD;
	vmxl_smmu_mmio_write(s, REG_STRTAB_BASE, 8, STRTAB);
	vmxl_smmu_mmio_write(s, REG_STRTAB_BASE_CFG, 4, 6);
	vmxl_smmu_mmio_write(s, REG_CMDQ_BASE, 8, CMDQ | LOG2_Q);
	vmxl_smmu_mmio_write(s, REG_CR0, 4, CR0_CMDQEN | CR0_SMMUEN);
}

static u64 translate(u64 page)
{
	struct vmxl_smmu_req req = { .sid = 1, .iova = page << 12, .access = VMXL_SMMU_READ };
	struct vmxl_smmu_res res;

	vmxl_smmu_translate(s, &req, &res);
	check(res.status == VMXL_SMMU_OK, "page 0x%llx is mapped", (unsigned long long)page);
	return res.gpa;
}

/* ---- the yardstick: what QEMU's IOTLB does to hit, fill, and invalidate ---- */

#define Q_SIZE	256

static struct qent {
	u64 page, asid_vmid, gpa;
	struct qent *next;
} q_pool[Q_SIZE], *q_hash[Q_SIZE];

static unsigned int q_used;
static pthread_mutex_t q_lock = PTHREAD_MUTEX_INITIALIZER;

static unsigned int q_index(u64 page, u64 tag, unsigned int level)
{
	u32 a = page, b = page >> 32, c = tag + level;

	a -= c; a ^= c << 4 | c >> 28; c += b;
	b -= a; b ^= a << 6 | a >> 26; a += c;
	c -= b; c ^= b << 8 | b >> 24; b += a;
	a -= c; a ^= c << 16 | c >> 16; c += b;
	b -= a; b ^= a << 19 | a >> 13;
	c -= b; c ^= b << 4 | b >> 28;
	return c % Q_SIZE;
}

static struct qent *q_find(u64 page)
{
	unsigned int level;
	struct qent *q;

	for (level = 1; level <= 3; level++)
		for (q = q_hash[q_index(level == 3 ? page : page >> 9, ASID, level)]; q;
		     q = q->next)
			if (q->page == page && level == 3)
				return q;
	return NULL;
}

static void q_fill(u64 page)
{
	unsigned int at = q_index(page, ASID, 3);

	if (q_used == Q_SIZE) {
		memset(q_hash, 0, sizeof(q_hash));
		q_used = 0;
	}
	q_pool[q_used] = (struct qent) { page, ASID, 0x100000000ULL + (page << 12), q_hash[at] };
	q_hash[at] = &q_pool[q_used++];
}

static bool q_translate(u64 page)
{
	struct qent *q;

	pthread_mutex_lock(&q_lock);
	q = q_find(page);
	if (!q)
		q_fill(page);
	pthread_mutex_unlock(&q_lock);
	return q;
}

static void q_tlbi(u64 page)
{
	struct qent **p;

	pthread_mutex_lock(&q_lock);
	for (p = &q_hash[q_index(page, ASID, 3)]; *p; p = &(*p)->next) {
		if ((*p)->page == page) {
			*p = (*p)->next;
			break;
		}
	}
	pthread_mutex_unlock(&q_lock);
}

/* ---- measurements ---- */

static u64 sink;
static bool json;

static void line(const char *what, double ns, double like_qemu)
{
	if (json) {
		printf("{\"name\": \"%s\", \"ns\": %.1f", what, ns);
		if (like_qemu > 0)
			printf(", \"like_qemu_ns\": %.1f", like_qemu);
		printf("}\n");
		return;
	}
	printf("%-44s %8.1f ns", what, ns);
	if (like_qemu > 0)
		printf("   like QEMU %8.1f ns", like_qemu);
	putchar('\n');
}

static double hits(unsigned int pages, bool like_qemu)
{
	double t;
	unsigned int i;

	for (i = 0; i < pages; i++)
		sink += like_qemu ? q_translate(i) : translate(i);
	t = now();
	for (i = 0; i < N; i++)
		sink += like_qemu ? q_translate(i & (pages - 1)) : translate(i & (pages - 1));
	return (now() - t) / N;
}

/* Pages that nobody used since all were dropped, their tables known */
static double misses(void)
{
	unsigned int n, i, rounds = 50;
	double t = 0, start;

	for (n = 0; n < rounds; n++) {
		for (i = 0; i < 2048; i++) {
			tlbi(i);
			if (i % 64 == 63)
				kick();
		}
		start = now();
		for (i = 0; i < 2048; i++)
			sink += translate(i);
		t += now() - start;
	}
	return t / rounds / 2048;
}

/* Commands of @n pages in one kick, and what the kick costs beside them */
static double invalidations(unsigned int n)
{
	unsigned int r, i, rounds = 2000;
	double t = 0, start;

	for (r = 0; r < rounds; r++) {
		for (i = 0; i < n; i++)
			sink += translate(i);
		for (i = 0; i < n; i++)
			tlbi(i);
		cmd(CMD_SYNC, 0);
		start = now();
		kick();
		t += now() - start;
	}
	return t / rounds;
}

static double q_invalidations(void)
{
	unsigned int r, i, rounds = 20000;
	double t = 0, start;

	for (r = 0; r < rounds; r++) {
		for (i = 0; i < 32; i++)
			q_translate(i);
		start = now();
		for (i = 0; i < 32; i++)
			q_tlbi(i);
		t += now() - start;
	}
	return t / rounds / 32;
}

static void ratios(const char *what, unsigned int total, const struct vmxl_smmu_stats *a,
		   const struct vmxl_smmu_stats *b)
{
	double hits = total - (b->miss - a->miss), cached = b->walk_cached - a->walk_cached;
	const char *format = json ?
		"{\"name\": \"%s\", \"translations\": %u, \"hits\": %.4f, "
		"\"hits_or_one_read\": %.4f, \"reads_each\": %.4f}\n" :
		"    %s: %u translations: %.4f hits, %.4f hits or one read, %.3f reads each\n";

	printf(format, what, total, hits / total, (hits + cached) / total,
	       (double)(b->desc_read - a->desc_read) / total);
}

/* Requests of @pages pages: mapped, used @uses times each, unmapped */
static void strict(const char *what, unsigned int pages, unsigned int uses)
{
	struct vmxl_smmu_stats a, b;
	unsigned int r, i, u, rounds = 20000 / pages + 100, total = rounds * pages * uses;
	double t;

	vmxl_smmu_get_stats(s, &a);
	t = now();
	for (r = 0; r < rounds; r++) {
		unsigned int base = r * pages % 4096;

		for (i = 0; i < pages; i++)
			set_pte(base + i, true);
		for (u = 0; u < uses; u++)
			for (i = 0; i < pages; i++)
				sink += translate(base + i);
		for (i = 0; i < pages; i++) {
			set_pte(base + i, false);
			tlbi(base + i);
		}
		cmd(CMD_SYNC, 0);
		kick();
	}
	t = now() - t;
	vmxl_smmu_get_stats(s, &b);
	line(what, t / rounds, 0);
	ratios(what, total, &a, &b);
	for (i = 0; i < 4096 + pages; i++)
		set_pte(i, true);
}

/* Messages of a device, translated, until the interrupt controller has them pending: each once */
#define NR_MESSAGES	1000

static double messages(void)
{
	struct vmxl_smmu_req req = { .sid = 1, .access = VMXL_SMMU_WRITE };
	struct vmxl_device *plic = vmxl_plic_ops.create(e.vm);
	struct vmxl_smmu_res res;
	unsigned int i, lost = 0;
	double t;

	plic->ops = &vmxl_plic_ops;
	plic->vm = e.vm;
	if (plic->ops->set_attr(plic, VMXL_DEV_GRP_CONFIG, VMXL_PLIC_NR_SOURCES, 1023))
		lost++;
	e.vm->intc = plic;
	vmxl_smmu_config(s, VMXL_SMMU_MSI_FRAME, 0x100000000ULL);
	sink += translate(0);
	t = now();
	for (i = 1; i <= NR_MESSAGES; i++) {
		vmxl_smmu_translate(s, &req, &res);
		lost += res.status != VMXL_SMMU_OK || vmxl_smmu_msi(s, res.gpa, i);
	}
	t = now() - t;
	e.vm->intc = NULL;
	plic->ops->destroy(plic);
	tap_failed |= !!lost;
	return t / NR_MESSAGES;
}

int main(int argc, char **argv)
{
	json = argc > 1 && !strcmp(argv[1], "--json");
	env_open(&e, 0);
	setup();
	line("hit, 64 pages", hits(64, false), hits(64, true));
	line("hit, 2048 pages", hits(2048, false), 0);
	line("miss with its table known", misses(), 0);
	line("invalidation of a page, of 32", (invalidations(32) - invalidations(0)) / 32,
	     q_invalidations());
	line("kick and SYNC", invalidations(0), 0);
	line("message, from write to pending", messages(), 0);
	strict("4K requests, strict: map, 4 uses, unmap", 1, 4);
	strict("128K requests, strict: map, 2 uses, unmap", 32, 2);
	strict("static mappings", 2048, 64);
	vmxl_smmu_free(s);
	srcu_read_unlock(&e.vm->srcu, e.srcu);
	vmxl_vm_put(e.vm);
	shim_leave();
	shim_exit();
	return tap_failed || sink == 1;
}
