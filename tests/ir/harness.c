// SPDX-License-Identifier: GPL-2.0
/* The machine of harness.h, TAP, random numbers. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness.h"

struct machine m;

static unsigned int tests, failures;

void tap_ok(bool ok, const char *fmt, ...)
{
	va_list ap;

	printf("%sok %u - ", ok ? "" : "not ", ++tests);
	failures += !ok;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

void tap_note(const char *fmt, ...)
{
	va_list ap;

	printf("# ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

int tap_done(void)
{
	printf("1..%u\n", tests);
	return failures != 0;
}

static u64 rnd_state = 1;

void rnd_seed(u64 seed)
{
	rnd_state = seed * 2 + 1;
}

u64 rnd(void)
{
	u64 z = rnd_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

u64 rnd_edge(void)
{
	static const u64 edge[] = {
		0, 1, 2, ~0ULL, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0x7fffffff, 0x80000000,
		0xffffffff, 0x100000000ULL, 0x7fffffffffffffffULL, 0x8000000000000000ULL,
		0xffffffff80000000ULL, 0x00ff00ff00ff00ffULL, 63, 64, 31, 32,
	};
	u64 r = rnd();

	switch (r & 3) {
	case 0:
		return edge[(r >> 8) % ARRAY_SIZE(edge)];
	case 1:
		return rnd() >> (r >> 8 & 63);
	case 2:
		return edge[(r >> 8) % ARRAY_SIZE(edge)] + (r >> 32) % 5 - 2;
	default:
		return rnd();
	}
}

void print_to_stdout(void *ctx, const char *fmt, ...)
{
	va_list ap;

	(void)ctx;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

/* The guest */

static enum vmxl_act h_add(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c)
{
	(void)vcpu;
	*ret = a + 3 * b + 5 * c;
	return VMXL_ACT_NEXT;
}

/* Writes guest state behind the unit's back. */
static enum vmxl_act h_swap(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c)
{
	u64 *x = vcpu->gs->guest, t = x[1];

	(void)c;
	x[1] = x[2];
	x[2] = t;
	x[3] += a;
	*ret = x[3] ^ b;
	return VMXL_ACT_NEXT;
}

static enum vmxl_act h_leave(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c)
{
	(void)b;
	(void)c;
	*ret = 1;
	if (!a)
		return VMXL_ACT_NEXT;
	vcpu->gs->pc = a;
	return VMXL_ACT_LEAVE;
}

static enum vmxl_act h_exit(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c)
{
	(void)vcpu;
	(void)ret;
	(void)a;
	(void)b;
	(void)c;
	return VMXL_ACT_EXIT;
}

static const struct vmxl_helper helpers[] = {
	[HELPER_ADD] = { "add3", h_add },
	[HELPER_SWAP] = { "swap", h_swap },
	[HELPER_LEAVE] = { "leave_to", h_leave },
	[HELPER_EXIT] = { "exit", h_exit },
};

static enum vmxl_act event(struct vmxl_vcpu *vcpu, enum left left, u32 code, u64 val)
{
	(void)vcpu;
	m.event = left;
	m.code = code;
	m.val = val;
	return VMXL_ACT_LEAVE;
}

static enum vmxl_act guest_trap(struct vmxl_vcpu *vcpu, u32 code, u64 val)
{
	return event(vcpu, LEFT_TRAP, code, val);
}

#define X(n)	{ "x" #n, SLOT_X(n) }
#define V(n)	{ "v" #n, SLOT_V(n) }

static const struct vmxl_slot_name slots[] = {
	X(0), X(1), X(2), X(3), X(4), X(5), X(6), X(7), X(8), X(9), X(10), X(11),
	X(12), X(13), X(14), X(15), V(0), V(1), V(2), V(3), V(4), V(5), V(6), V(7),
	{ "fflags", VMXL_SLOT(fp_flags) }, {},
};

#undef X
#undef V

static void guest_sync(struct vmxl_vcpu *vcpu)
{
}

const struct vmxl_guest test_guest = {
	.name = "test",
	.helpers = helpers,
	.nr_helpers = ARRAY_SIZE(helpers),
	.slots = slots,
	.nr_slots = NR_X + 2 * NR_V,
	.trap = guest_trap,
	.sync = guest_sync,
};

/* Memory: the slow paths, by bytes */

static bool mem_ok(u64 gva, unsigned int size, enum vmxl_access access)
{
	u64 off = gva - MEM_BASE;

	if (off >= MEM_SIZE || off + size > MEM_SIZE)
		return false;
	return access != VMXL_ACCESS_WRITE || (off + size - 1) >> 12 != MEM_RO_PAGE;
}

static enum vmxl_act mem_fault(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access)
{
	return event(vcpu, LEFT_FAULT, access, gva);
}

static u64 extend(u64 v, unsigned int aux)
{
	switch (aux & VMXL_MEM_MT) {
	case VMXL_MT_S8:
		return (s8)v;
	case VMXL_MT_S16:
		return (s16)v;
	case VMXL_MT_S32:
		return (s32)v;
	default:
		return v;
	}
}

enum vmxl_act vmxl_mem_load(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux, u64 *val)
{
	unsigned int size = vmxl_mt_size(aux);

	m.nr_slow++;
	if (!mem_ok(gva, size, VMXL_ACCESS_READ) ||
	    ((aux & VMXL_MEM_ALIGN) && (gva & (size - 1))))
		return mem_fault(vcpu, gva, VMXL_ACCESS_READ);
	val[0] = 0;
	memcpy(val, &m.mem[gva - MEM_BASE], size);
	*val = extend(*val, aux);
	return VMXL_ACT_NEXT;
}

enum vmxl_act vmxl_mem_store(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux, const u64 *val)
{
	unsigned int size = vmxl_mt_size(aux);

	m.nr_slow++;
	if (!mem_ok(gva, size, VMXL_ACCESS_WRITE) ||
	    ((aux & VMXL_MEM_ALIGN) && (gva & (size - 1))))
		return mem_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	memcpy(&m.mem[gva - MEM_BASE], val, size);
	return VMXL_ACT_NEXT;
}

static bool atomic_ok(u64 gva, unsigned int size)
{
	return !(gva & (size - 1)) && mem_ok(gva, size, VMXL_ACCESS_WRITE);
}

static u64 narrow(u64 v, unsigned int size, bool is_signed)
{
	unsigned int sh = 64 - 8 * size;

	return is_signed ? (u64)((s64)(v << sh) >> sh) : v << sh >> sh;
}

static u64 rmw(enum vmxl_rmw kind, u64 a, u64 b, unsigned int size)
{
	s64 sa = narrow(a, size, true), sb = narrow(b, size, true);
	u64 ua = narrow(a, size, false), ub = narrow(b, size, false);

	switch (kind) {
	case VMXL_RMW_SWAP:
		return b;
	case VMXL_RMW_ADD:
		return a + b;
	case VMXL_RMW_AND:
		return a & b;
	case VMXL_RMW_OR:
		return a | b;
	case VMXL_RMW_XOR:
		return a ^ b;
	case VMXL_RMW_ANDN:
		return a & ~b;
	case VMXL_RMW_SMIN:
		return sa < sb ? a : b;
	case VMXL_RMW_SMAX:
		return sa > sb ? a : b;
	case VMXL_RMW_UMIN:
		return ua < ub ? a : b;
	default:
		return ua > ub ? a : b;
	}
}

enum vmxl_act vmxl_mem_rmw(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
			   enum vmxl_rmw kind, u64 operand, u64 *old)
{
	unsigned int size = vmxl_mt_size(aux);
	u64 was = 0, now;

	m.nr_slow++;
	if (!atomic_ok(gva, size))
		return mem_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	memcpy(&was, &m.mem[gva - MEM_BASE], size);
	now = rmw(kind, was, operand, size);
	memcpy(&m.mem[gva - MEM_BASE], &now, size);
	*old = extend(was, aux);
	return VMXL_ACT_NEXT;
}

enum vmxl_act vmxl_mem_cas(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
			   const u64 *expected, const u64 *val, u64 *old)
{
	unsigned int size = vmxl_mt_size(aux);
	u8 *p;

	if (!atomic_ok(gva, size))
		return mem_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	p = &m.mem[gva - MEM_BASE];
	old[0] = 0;
	memcpy(old, p, size);
	if (!memcmp(old, expected, size))
		memcpy(p, val, size);
	*old = extend(*old, aux);
	return VMXL_ACT_NEXT;
}

/* Nobody else stores: one of a pair reserves as well as any other. */
enum vmxl_act vmxl_mem_ldx(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
			   enum vmxl_ldx how, u64 *val)
{
	enum vmxl_act act;

	if (gva & (vmxl_mt_size(aux) - 1))
		return mem_fault(vcpu, gva, VMXL_ACCESS_READ);
	act = vmxl_mem_load(vcpu, gva, aux, val);
	if (act == VMXL_ACT_NEXT)
		m.resv = gva;
	return act;
}

enum vmxl_act vmxl_mem_stx(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
			   enum vmxl_ldx how, const u64 *val, u64 *failed)
{
	bool held = m.resv == gva;

	if (!atomic_ok(gva, vmxl_mt_size(aux)))
		return mem_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	*failed = !held;
	m.resv = 0;
	return held ? vmxl_mem_store(vcpu, gva, aux, val) : VMXL_ACT_NEXT;
}

enum vmxl_act vmxl_mem_zero(struct vmxl_vcpu *vcpu, u64 gva, u64 len)
{
	if (!mem_ok(gva, len, VMXL_ACCESS_WRITE))
		return mem_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	memset(&m.mem[gva - MEM_BASE], 0, len);
	return VMXL_ACT_NEXT;
}

enum vmxl_act vmxl_mem_probe(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access)
{
	if (access == VMXL_ACCESS_RW_ANY)
		access = VMXL_ACCESS_READ;
	return mem_ok(gva, 1, access) ? VMXL_ACT_NEXT : mem_fault(vcpu, gva, access);
}

/* The machine */

static void fill_l1(enum vmxl_access access, unsigned int page)
{
	u64 gva = MEM_BASE + page * VMXL_PAGE_SIZE;
	struct vmxl_tlb_l1 *e = &m.tlb.l1[access][vmxl_tlb_l1_index(gva)];

	e->tag = vmxl_tlb_tag(gva, m.vcpu.as[access]);
	e->addend = (u64)(uintptr_t)m.mem - MEM_BASE;
}

void machine_reset(bool fast)
{
	unsigned int i;

	memset(m.run, 0, sizeof(m.run));
	memset(&m.gs, 0, sizeof(m.gs));
	memset(m.tlb.l1, 0xff, sizeof(m.tlb.l1));
	memset(m.jcache.e, 0xff, sizeof(m.jcache.e));
	memset(m.mem, 0, sizeof(m.mem));
	m.vm.guest = &test_guest;
	m.vcpu.vm = &m.vm;
	m.vcpu.gs = &m.gs;
	m.vcpu.tlb = &m.tlb;
	m.vcpu.jcache = &m.jcache;
	m.vcpu.ir = &m.ir;
	m.vcpu.icode = &m.icode;
	for (i = 0; i < 3; i++)
		m.vcpu.as[i] = VMXL_TLB_AS_NR(i + 1);
	m.ir.guest = &test_guest;
	m.resv = 0;
	m.nr_slow = 0;
	m.fast = fast;
	for (i = 0; fast && i < MEM_SIZE >> 12; i++) {
		fill_l1(VMXL_ACCESS_READ, i);
		if (i != MEM_RO_PAGE)
			fill_l1(VMXL_ACCESS_WRITE, i);
	}
}

struct vmxl_block *machine_block(const struct vmxl_ir *ir)
{
	struct vmxl_block *b;
	unsigned int i;

	if (vmxl_iselect(ir, &m.icode))
		return NULL;
	b = calloc(1, sizeof(*b) + m.icode.nr * sizeof(b->code[0]));
	b->links = calloc(ir->nr_exits + 1, sizeof(*b->links));
	b->insns = calloc(m.icode.nr_insns + 1, sizeof(*b->insns));
	b->key.pc = ir->pc;
	b->nr_code = m.icode.nr;
	b->nr_insns = m.icode.nr_insns;
	b->nr_links = ir->nr_exits;
	memcpy(b->code, m.icode.code, m.icode.nr * sizeof(b->code[0]));
	memcpy(b->insns, m.icode.insns, m.icode.nr_insns * sizeof(b->insns[0]));
	for (i = 0; i < ir->nr_exits; i++)
		b->links[i] = (struct vmxl_link){
			.from = b, .pc = ir->exits[i].pc, .ninsn = ir->exits[i].ninsn,
			.linkable = ir->exits[i].linkable,
		};
	vmxl_interp_bind(b);
	return b;
}

static void outcome_fill(struct outcome *out, enum left left)
{
	*out = (struct outcome){
		.left = left, .pc = m.gs.pc, .icount = m.gs.icount, .fp_flags = m.gs.fp_flags,
	};
	if (left == LEFT_TRAP || left == LEFT_FAULT) {
		out->code = m.code;
		out->val = m.val;
	}
	memcpy(out->slot, m.gs.guest, sizeof(out->slot));
	memcpy(out->mem, m.mem, sizeof(out->mem));
}

int machine_run(const struct vmxl_ir *ir, long budget, struct outcome *out)
{
	struct vmxl_block *b = machine_block(ir);
	struct vmxl_link *link;
	enum vmxl_act act;

	m.event = LEFT_NEXT;
	if (!b) {
		outcome_fill(out, LEFT_BAD);
		return -1;
	}
	act = vmxl_interp_run(&m.vcpu, b, budget, &link);
	if (m.event == LEFT_NEXT)
		m.event = act == VMXL_ACT_NEXT ? LEFT_NEXT :
			  act == VMXL_ACT_LEAVE ? LEFT_LEAVE : LEFT_EXIT;
	outcome_fill(out, m.event);
	free(b->links);
	free(b->insns);
	free(b);
	return 0;
}
