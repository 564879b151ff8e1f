// SPDX-License-Identifier: GPL-2.0
/*
 * Random sequences of instructions.
 *
 * Rules: x2 and x8 point to the sandbox's begin, x31 into its middle; they
 * are the only bases of memory accesses, and x31 is never written. x30 counts
 * the rounds of a loop around the whole sequence. Other jumps go forward.
 */
#include <stdio.h>
#include <string.h>
#include "gen.h"

#define COUNTER		30
#define MIDDLE		31
#define SANDBOX_SIZE	(IMG_MEM * 8)

struct gen {
	struct gen_seq *s;
	const struct gen_opts *o;
	struct rv_rng *r;
	bool valid[32];		/* still points to the sandbox */
	bool loop;
};

static const u64 int_values[] = {
	0, 1, 2, 3, 7, 8, 31, 32, 63, 64, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff,
	0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff,
	0x8000000000000000, 0xffffffff80000000, 0xffffffff7fffffff, -1ULL, -2ULL,
	0x5555555555555555, 0xaaaaaaaaaaaaaaaa, 0x0123456789abcdef, 0x00ff00ff00ff00ff,
};

static const u64 f64_values[] = {
	0, 0x8000000000000000, 1, 0x8000000000000001, 0x000fffffffffffff, 0x0010000000000000,
	0x7fefffffffffffff, 0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000,
	0x7ff0000000000001, 0xfff8000000000001, 0x3ff0000000000000, 0xbff0000000000000,
	0x3fe0000000000000, 0x4000000000000000, 0x3ff8000000000000, 0x41dfffffffc00000,
	0x41e0000000000000, 0xc1e0000000000000, 0x41efffffffe00000, 0x43e0000000000000,
	0xc3e0000000000000, 0x43f0000000000000, 0x3fefffffffffffff, 0x3ff0000000000001,
	0x47efffffe0000000, 0x36a0000000000000, 0x3810000000000000, 0x40effc0000000000,
};

static const u32 f32_values[] = {
	0, 0x80000000, 1, 0x80000001, 0x007fffff, 0x00800000, 0x7f7fffff, 0x7f800000,
	0xff800000, 0x7fc00000, 0x7f800001, 0xffc00001, 0x3f800000, 0xbf800000, 0x3f000000,
	0x40000000, 0x3fc00000, 0x4effffff, 0x4f000000, 0xcf000000, 0x4f7fffff, 0x5f000000,
	0xdf000000, 0x5f800000, 0x3f7fffff, 0x3f800001, 0x477fe000, 0x33800000, 0x38800000,
};

static const u16 f16_values[] = {
	0, 0x8000, 1, 0x8001, 0x3ff, 0x400, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x7c01, 0xfe01,
	0x3c00, 0xbc00, 0x3800, 0x4000, 0x3e00, 0x77ff, 0x7800, 0xf800, 0x3bff, 0x3c01,
};

#define PICK(r, a)	((a)[rv_below(r, sizeof(a) / sizeof((a)[0]))])

u64 gen_value(struct rv_rng *r)
{
	u64 v = rv_rnd(r);

	switch (rv_below(r, 6)) {
	case 0: return v;
	case 1: return (s64)v >> rv_below(r, 64);
	case 2: return v >> rv_below(r, 64);
	case 3: return (s64)(s32)v;
	default: return PICK(r, int_values);
	}
}

/* A number with an exponent in the middle range, where operands meet */
static u64 near_one(struct rv_rng *r, unsigned int frac, unsigned int width)
{
	u64 bias = (1ULL << (width - frac - 2)) - 1;
	u64 v = rv_rnd(r);
	u64 exp = bias - 8 + rv_below(r, 17);

	if (v & 1)
		v &= ~0ULL << (frac - rv_below(r, 6));		/* few bits: exact results */
	return (v >> 63) << (width - 1) | exp << frac | (v & ((1ULL << frac) - 1));
}

u64 gen_float(struct rv_rng *r)
{
	switch (rv_below(r, 12)) {
	case 0: return rv_rnd(r);
	case 1: case 2: return PICK(r, f64_values);
	case 3: case 4: return near_one(r, 52, 64);
	case 5: case 6: return ~0ULL << 32 | PICK(r, f32_values);
	case 7: return ~0ULL << 32 | near_one(r, 23, 32);
	case 8: return ~0ULL << 32 | (u32)rv_rnd(r);
	case 9: return ~0ULL << 16 | PICK(r, f16_values);
	case 10: return ~0ULL << 16 | near_one(r, 10, 16);
	default: return ~0ULL << 16 | (u16)rv_rnd(r);
	}
}

void gen_state(struct image_state *st, struct rv_rng *r)
{
	st->fcsr = rv_below(r, 5) << 5 | (rv_below(r, 4) ? 0 : rv_below(r, 32));
	for (int i = 0; i < 32; i++) {
		st->x[i] = gen_value(r);
		st->f[i] = gen_float(r);
	}
	st->x[2] = IMG_SANDBOX;
	st->x[8] = IMG_SANDBOX;
	for (int i = 0; i < IMG_MEM; i++)
		st->mem[i] = rv_below(r, 2) ? gen_value(r) : gen_float(r);
}

/* Rows that are not for user mode, or that need more than a random choice */
static bool is_wanted(const struct vmxl_rv64_row *row, const struct gen_opts *o)
{
	static const char *const no[] = {
		"ecall", "ebreak", "c.ebreak", "sret", "mret", "wfi", "sfence", "sinval", "wrs.",
		"cbo.", "jalr", "c.jr", "c.jalr", "csr", "sc.", "pause",
	};
	/* qemu loses these' flags where their result is overwritten */
	static const char fround[] = "fround";

	if (row->isa & o->without)
		return false;
	if (o->only && strncmp(row->name, o->only, strlen(o->only)))
		return false;
	if (o->max > 1 && !strncmp(row->name, fround, strlen(fround)))
		return false;
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (!strncmp(row->name, no[i], strlen(no[i])))
			return false;
	return true;
}

static const struct vmxl_rv64_row *pick_row(struct gen *g)
{
	const struct vmxl_rv64_row *row;
	int tries = 100000;

	do {
		row = &vmxl_rv64_rows[rv_below(g->r, RV_I_ILLEGAL)];
	} while (!is_wanted(row, g->o) && --tries);
	return row;
}

static struct gen_insn *add(struct gen *g, u32 w)
{
	struct gen_insn *i = &g->s->insn[g->s->nr++];

	*i = (struct gen_insn){ .w = w, .off = g->s->len, .dest = -1, .base = -1 };
	g->s->len += gen_insn_len(w);
	return i;
}

static void add_text(struct gen *g, const char *text)
{
	u32 w;

	if (!rv_asm(text, 0, &w))
		add(g, w);
}

/* May the integer register @reg be written here? Forgets a pointer that is. */
static bool may_write(struct gen *g, unsigned int reg)
{
	if (reg == MIDDLE || reg == COUNTER)
		return false;
	if (reg == 2 || reg == 8) {
		if (g->loop || rv_below(g->r, 8))
			return false;
		g->valid[reg] = false;
	}
	return true;
}

static bool writes_x(const struct vmxl_rv64_insn *i)
{
	if (strchr(i->row->syntax, 'd'))
		return true;
	/* rd is implied where it is no jump or store: c.addi16sp */
	return !strcmp(i->row->name, "c.addi16sp");
}

static unsigned int access_size(const struct vmxl_rv64_row *row)
{
	const char *n = row->name;
	const char *dot = strchr(n, '.');

	if (!strncmp(n, "amo", 3) || !strncmp(n, "lr", 2))
		return dot[1] == 'w' ? 4 : 8;
	n += !strncmp(n, "c.", 2) ? 2 : 0;
	n += *n == 'f';
	switch (n[1]) {
	case 'b': return 1;
	case 'h': return 2;
	case 'w': return 4;
	default: return 8;
	}
}

/* Make a memory access go to the sandbox. */
static bool aim(struct gen *g, struct vmxl_rv64_insn *i)
{
	unsigned int size = access_size(i->row);
	int from;

	if (i->row->len == 4)
		i->rs1 = (const u8[]){ 2, 8, MIDDLE, MIDDLE }[rv_below(g->r, 4)];
	else if (i->rs1 != 2)
		i->rs1 = 8;
	if (!g->valid[i->rs1])
		return false;
	from = i->rs1 == MIDDLE ? IMG_SANDBOX - IMG_MIDDLE : 0;
	if (strchr(i->row->syntax, 'i') && i->row->len == 4) {
		i->imm = from + rv_below(g->r, SANDBOX_SIZE - size);
		if (rv_below(g->r, 4))
			i->imm &= -size;
	}
	return i->imm >= from && i->imm + (int)size <= from + SANDBOX_SIZE;
}

static bool legal_rm(struct gen *g, const struct vmxl_rv64_insn *i)
{
	return !strchr(i->row->syntax, 'm') || i->rm < 5 || i->rm == 7 || !rv_below(g->r, 100);
}

static bool is_memory(const struct vmxl_rv64_row *row)
{
	return strstr(row->syntax, "(s)");
}

static bool is_jump(const struct vmxl_rv64_row *row)
{
	return strchr(row->syntax, 'p');
}

/* One instruction of @row with random operands that keep the rules */
static void add_row(struct gen *g, const struct vmxl_rv64_row *row)
{
	struct vmxl_rv64_insn i;
	u32 w;

	for (int tries = 0; tries < 200; tries++) {
		w = rv_sample(row, g->r);
		vmxl_rv64_decode(&i, w);
		if (is_memory(row) && !aim(g, &i))
			continue;
		if (!legal_rm(g, &i) || (writes_x(&i) && !may_write(g, i.rd)))
			continue;
		if (!rv_encode(&i, &w))
			continue;
		add(g, w);
		if (is_jump(row))
			g->s->insn[g->s->nr - 1].dest = g->s->nr + rv_below(g->r, 4);
		return;
	}
}

/* A register that holds no pointer */
static unsigned int scratch(struct gen *g)
{
	return 9 + rv_below(g->r, 20);
}

/* A store-conditional that must succeed, and perhaps one that must fail */
static void add_lr_sc(struct gen *g)
{
	char suffix = rv_below(g->r, 2) ? 'w' : 'd';
	char text[64];

	snprintf(text, sizeof(text), "lr.%c%s x%u,(x31)", suffix,
		 PICK(g->r, ((const char *const[]){ "", ".aq", ".aqrl" })), scratch(g));
	add_text(g, text);
	for (int n = g->o->no_sc ? 0 : 1 + rv_below(g->r, 2); n; n--) {
		snprintf(text, sizeof(text), "sc.%c%s x%u,x%u,(x31)", suffix,
			 PICK(g->r, ((const char *const[]){ "", ".rl", ".aqrl" })), scratch(g),
			 rv_below(g->r, 32));
		add_text(g, text);
	}
}

static void add_csr(struct gen *g)
{
	char text[64];
	unsigned int rd = rv_below(g->r, 2) ? scratch(g) : 0;
	unsigned int n = rv_below(g->r, 32);

	switch (rv_below(g->r, 6)) {
	case 0: snprintf(text, sizeof(text), "csrrwi x%u,2,%u", rd, n % 5); break;
	case 1: snprintf(text, sizeof(text), "csrrwi x%u,3,%u", rd, n); break;
	case 2: snprintf(text, sizeof(text), "csrr%ci x%u,1,%u", "wsc"[n % 3], rd, n); break;
	case 3: snprintf(text, sizeof(text), "csrr%c x%u,1,x%u", "wsc"[n % 3], rd, n); break;
	case 4: snprintf(text, sizeof(text), "csrr%c x%u,2,x0", "sc"[n % 2], rd); break;
	default: snprintf(text, sizeof(text), "csrr%c x%u,3,x0", "sc"[n % 2], rd);
	}
	add_text(g, text);
}

/* What was added from @first on is executed from there or not at all. */
static void keep_together(struct gen *g, unsigned int first)
{
	for (unsigned int n = first; n < g->s->nr; n++) {
		g->s->insn[n].keep = true;
		g->s->insn[n].inner = n > first;
	}
}

/* Bits of sstatus by x@t: SIE, SPIE, SPP, FS, SUM, MXR */
static void add_status(struct gen *g)
{
	static const unsigned int bits[] = {
		0x2, 0x20, 0x100, 0x2000, 0x4000, 0x6000, 0x40000, 0x40002, 0x46000, 0x80000,
	};
	unsigned int t = scratch(g), first = g->s->nr, v = PICK(g->r, bits);
	char text[64];

	snprintf(text, sizeof(text), "lui x%u,%#x", t, v >> 12);
	add_text(g, text);
	snprintf(text, sizeof(text), "addi x%u,x%u,%d", t, t, (int)(v & 0xfff));
	add_text(g, text);
	if (rv_below(g->r, 3)) {
		snprintf(text, sizeof(text), "csrr%c x%u,0x100,x%u", "scs"[rv_below(g->r, 3)],
			 rv_below(g->r, 2) ? scratch(g) : 0, t);
		add_text(g, text);
	} else {
		snprintf(text, sizeof(text), "csrrs x%u,0x100,x0", t + 1);
		add_text(g, text);
		snprintf(text, sizeof(text), "xor x%u,x%u,x%u", t, t, t + 1);
		add_text(g, text);
		snprintf(text, sizeof(text), "csrrw x%u,0x100,x%u", t + 1, t);
		add_text(g, text);
	}
	keep_together(g, first);
}

/* MXR set and SUM clear, as another sequence may leave them, are not for compiled code here. */
static void add_plain_view(struct gen *g)
{
	unsigned int first = g->s->nr;

	add_text(g, "lui x9,0x80");
	add_text(g, "csrrc x0,0x100,x9");
	add_text(g, "lui x9,0x40");
	add_text(g, "csrrs x0,0x100,x9");
	keep_together(g, first);
}

/* An SRET to the instruction after it, in S-mode */
static void add_sret(struct gen *g)
{
	unsigned int t = 9 + rv_below(g->r, 10), first = g->s->nr;
	char text[64];

	add_text(g, "csrrci x0,0x100,2");
	snprintf(text, sizeof(text), "addi x%u,x0,%u", t, 0x100);
	add_text(g, text);
	snprintf(text, sizeof(text), "csrrs x0,0x100,x%u", t);
	add_text(g, text);
	snprintf(text, sizeof(text), "auipc x%u,0", t);
	add_text(g, text);
	snprintf(text, sizeof(text), "addi x%u,x%u,16", t, t);
	add_text(g, text);
	snprintf(text, sizeof(text), "csrrw x0,0x141,x%u", t);
	add_text(g, text);
	add_text(g, "sret");
	keep_together(g, first);
}

static void add_s_csr(struct gen *g)
{
	static const unsigned int csrs[] = { 0x140, 0x141, 0x142, 0x143, 0x144, 0x104, 0x100 };
	unsigned int nr = PICK(g->r, csrs), rd = rv_below(g->r, 2) ? scratch(g) : 0;
	bool irq = nr == 0x144 || nr == 0x104 || nr == 0x100;
	unsigned int n = irq ? 2 : rv_below(g->r, 32);
	char text[64];

	if (irq || rv_below(g->r, 2))
		snprintf(text, sizeof(text), "csrr%ci x%u,%#x,%u",
			 "scw"[rv_below(g->r, nr == 0x100 ? 2 : 3)], rd, nr, n);
	else
		snprintf(text, sizeof(text), "csrr%c x%u,%#x,x%u", "wsc"[rv_below(g->r, 3)], rd, nr,
			 rv_below(g->r, 32));
	add_text(g, text);
}

static void add_syscall(struct gen *g)
{
	unsigned int first = g->s->nr;
	char text[32];

	snprintf(text, sizeof(text), "lui x17,%#x", IMG_SYSCALL >> 12);
	add_text(g, text);
	add_text(g, "ecall");
	keep_together(g, first);
}

static void add_system(struct gen *g)
{
	if (g->o->system == 'u')
		add_syscall(g);
	else if (rv_below(g->r, 2))
		add_status(g);
	else if (rv_below(g->r, 3))
		add_s_csr(g);
	else
		add_sret(g);
}

/* auipc, then a jump through the register */
static void add_jalr(struct gen *g)
{
	unsigned int t = scratch(g), base = g->s->nr;
	bool compressed = rv_below(g->r, 2);
	struct gen_insn *i = &g->s->insn[base];
	char text[64];

	snprintf(text, sizeof(text), "auipc x%u,0", t);
	add_text(g, text);
	if (compressed) {
		snprintf(text, sizeof(text), "addi x%u,x%u,0", t, t);
		add_text(g, text);
		snprintf(text, sizeof(text), "c.j%sr x%u", rv_below(g->r, 2) ? "" : "al", t);
	} else {
		snprintf(text, sizeof(text), "jalr x%u,0(x%u)",
			 PICK(g->r, ((const unsigned int[]){ 0, 1, 5, t })), t);
	}
	add_text(g, text);
	i[1].base = base;
	i[1].dest = g->s->nr + rv_below(g->r, 3);
	for (unsigned int n = base; n < g->s->nr; n++) {
		g->s->insn[n].keep = true;
		g->s->insn[n].inner = n > base;
	}
}

/*
 * An access by x@t, which points to a page that cannot be accessed, or not be
 * written: what it does not end at is read only.
 */
static bool aim_at_fault(struct gen *g, struct vmxl_rv64_insn *i, unsigned int t)
{
	int size = access_size(i->row), back = 8;

	if (!is_memory(i->row) || !strncmp(i->row->name, "lr", 2) ||
	    (i->row->len == 2 && i->rs1 == 2))
		return false;
	if (!writes_x(i) && !strchr(i->row->syntax, 'D'))
		back = size - 1;		/* a store of all its bytes before would be one */
	i->rs1 = t;
	if (strchr(i->row->syntax, 'i') && i->row->len == 4)
		i->imm = (int)rv_below(g->r, back + 16) - back;
	return true;
}

static void add_fault(struct gen *g)
{
	unsigned int t = 9 + rv_below(g->r, 7);
	struct vmxl_rv64_insn i;
	char text[32];
	u32 w;

	snprintf(text, sizeof(text), "lui x%u,%#x", t,
		 (rv_below(g->r, 2) ? IMG_HOLE : IMG_RDONLY) >> 12);
	add_text(g, text);
	g->s->insn[g->s->nr - 1].keep = true;
	for (int tries = 0; tries < 200; tries++) {
		w = rv_sample(pick_row(g), g->r);
		vmxl_rv64_decode(&i, w);
		if (!aim_at_fault(g, &i, t) || (writes_x(&i) && !may_write(g, i.rd)) ||
		    !rv_encode(&i, &w))
			continue;
		add(g, w)->inner = true;
		return;
	}
}

/* A word that is no jump, no access, and does not write x@but */
static u32 plain_word(struct gen *g, unsigned int but)
{
	const struct vmxl_rv64_row *row;
	unsigned int nr = g->s->nr, len = g->s->len;
	struct vmxl_rv64_insn i;

	do {
		g->s->nr = nr;
		g->s->len = len;
		row = pick_row(g);
		if (row->len != 4 || is_jump(row) || is_memory(row))
			continue;
		add_row(g, row);
		vmxl_rv64_decode(&i, g->s->insn[nr].w);
	} while (g->s->nr == nr || (writes_x(&i) && i.rd == but));
	g->s->nr = nr;
	g->s->len = len;
	return g->s->insn[nr].w;
}

/* A loop that goes on until its accesses come to a page that there is not */
static void add_walk(struct gen *g)
{
	static const char *const access[] = {
		"ld x%u,%d(x%u)", "lb x%u,%d(x%u)", "lw x%u,%d(x%u)", "sd x%u,%d(x%u)",
		"sb x%u,%d(x%u)", "fld f%u,%d(x%u)", "fsw f%u,%d(x%u)",
	};
	unsigned int t = 9 + rv_below(g->r, 10), first = g->s->nr, head;
	bool up = rv_below(g->r, 2);
	int step = 1 + rv_below(g->r, 24);
	char text[48];

	snprintf(text, sizeof(text), "lui x%u,%#x", t, (up ? IMG_HOLE : IMG_RDONLY) >> 12);
	add_text(g, text);
	/* down from the page that can be read into the one before it */
	snprintf(text, sizeof(text), "addi x%u,x%u,%d", t, t,
		 (up ? -1 : 1) * (int)(32 + rv_below(g->r, 200)));
	add_text(g, text);
	head = g->s->nr;
	snprintf(text, sizeof(text), access[rv_below(g->r, 7)], t + 1,
		 (int)rv_below(g->r, 16) - 8, t);
	add_text(g, text);
	add(g, plain_word(g, t));
	snprintf(text, sizeof(text), "addi x%u,x%u,%d", t, t, up ? step : -step);
	add_text(g, text);
	/* no dest: nothing else may jump there */
	snprintf(text, sizeof(text), "bne x%u,x0,%d", t,
		 (int)g->s->insn[head].off - (int)g->s->len);
	add_text(g, text);
	for (unsigned int n = first; n < g->s->nr; n++) {
		g->s->insn[n].keep = n != head + 1;
		g->s->insn[n].inner = n > first;
	}
}

/* An instruction is overwritten: the next one, or one that has been executed before. */
static void add_patch(struct gen *g)
{
	u32 old = plain_word(g, 0), w = plain_word(g, 0);
	bool before = g->loop && rv_below(g->r, 2);
	unsigned int t = 9 + rv_below(g->r, 10), v = t + 1, first;
	char text[48];

	if (before)
		add(g, old);
	first = g->s->nr;
	snprintf(text, sizeof(text), "auipc x%u,0", t);
	add_text(g, text);
	snprintf(text, sizeof(text), "lui x%u,%#x", v, (w + 0x800) >> 12);
	add_text(g, text);
	snprintf(text, sizeof(text), "addi x%u,x%u,%d", v, v, (s32)(w << 20) >> 20);
	add_text(g, text);
	snprintf(text, sizeof(text), "sw x%u,%d(x%u)", v, before ? -4 : 20, t);
	add_text(g, text);
	add_text(g, "fence.i");
	for (unsigned int n = first; n < g->s->nr; n++) {
		g->s->insn[n].keep = true;
		g->s->insn[n].inner = n > first;
	}
	if (!before)
		add(g, old);
}

/* Destinations become offsets. */
static void resolve(struct gen_seq *s)
{
	for (unsigned int n = 0; n < s->nr; n++) {
		struct gen_insn *g = &s->insn[n];
		struct vmxl_rv64_insn i;
		unsigned int to;

		if (g->dest < 0)
			continue;
		while (g->dest < (int)s->nr && s->insn[g->dest].inner)
			g->dest++;
		to = g->dest < (int)s->nr ? s->insn[g->dest].off : s->len;
		vmxl_rv64_decode(&i, g->w);
		i.imm = to - (g->base >= 0 ? s->insn[g->base].off : g->off);
		if (!rv_encode(&i, &g->w))
			g->w = gen_insn_len(g->w) == 4 ? 0x13 : 1;
	}
}

static void loop_begin(struct gen *g)
{
	char text[32];

	snprintf(text, sizeof(text), "addi x30,x0,%u", 2 + rv_below(g->r, 3));
	add_text(g, text);
	g->s->insn[0].keep = true;
}

static void loop_end(struct gen *g)
{
	unsigned int n = g->s->nr;

	add_text(g, "addi x30,x30,-1");
	add_text(g, "bne x30,x0,0");
	g->s->insn[n].keep = true;
	g->s->insn[n + 1].keep = true;
	g->s->insn[n + 1].dest = 1;
	/* nothing jumps over the end of the loop's body */
	for (unsigned int k = 1; k < n; k++)
		if (g->s->insn[k].dest > (int)n)
			g->s->insn[k].dest = n;
}

void gen_sequence(struct gen_seq *s, const struct gen_opts *o, struct rv_rng *r)
{
	struct gen g = {
		.s = s, .o = o, .r = r,
		.valid = { [2] = true, [8] = true, [MIDDLE] = true },
	};
	unsigned int want = 1 + rv_below(r, o->max);

	s->nr = 0;
	s->len = 0;
	gen_state(&s->in, r);
	g.loop = !rv_below(r, 4);
	if (g.loop)
		loop_begin(&g);
	if (o->system == 's')
		add_plain_view(&g);
	for (int tries = 0; s->nr < want && tries < 1000; tries++) {
		unsigned int kind = o->only ? 99 : rv_below(r, 40);

		if (o->system && !rv_below(r, 4)) {
			add_system(&g);
		} else if (kind == 0) {
			add_lr_sc(&g);
		} else if (kind == 1) {
			add_csr(&g);
		} else if (kind == 2) {
			add_jalr(&g);
		} else if (kind == 3 && !rv_below(r, 4)) {
			add_fault(&g);
		} else if (kind == 4 && !rv_below(r, 4)) {
			add_patch(&g);
		} else if (kind == 5 && !rv_below(r, 4)) {
			add_walk(&g);
		} else {
			const struct vmxl_rv64_row *row = pick_row(&g);

			if (!strncmp(row->name, "lr.", 3))
				add_lr_sc(&g);
			else
				add_row(&g, row);
		}
	}
	if (g.loop)
		loop_end(&g);
	resolve(s);
}

/* Can @w, should it be an instruction, be executed where it stands? */
static bool is_harmless(u32 *w)
{
	if (!vmxl_rv64_is32(*w)) {
		u32 f3 = *w >> 13 & 7;

		if ((*w & 3) == 1)
			return f3 != 5 && f3 != 6 && f3 != 7;		/* jumps */
		return (*w & 3) != 2 || f3 != 4 || (*w >> 2 & 31);	/* by a register */
	}
	switch (*w & 0x7f) {
	case 0x63: case 0x67: case 0x6f: case 0x73: case 0x0f:		/* jumps, system */
		return false;
	case 0x2f:
		if ((*w >> 28 & 15) == 1)				/* a reservation stays */
			return false;
		*w |= 31 << 15;
		return true;
	case 0x07: case 0x27:
		/* QEMU moves whole vector registers even on a processor without V. */
		if ((*w >> 12 & 7) == 0 || (*w >> 12 & 7) > 4)
			return false;
		fallthrough;
	case 0x03: case 0x23:						/* memory: by x31 */
		*w |= 31 << 15;
		return true;
	default:
		return (*w & 0x1c) != 0x1c;				/* longer ones */
	}
}

void gen_word(struct gen_seq *s, struct rv_rng *r)
{
	struct gen g = { .s = s, .r = r };
	const struct vmxl_rv64_row *row;
	u32 w;

	gen_state(&s->in, r);
	for (int n = 8; n < 16; n++)
		s->in.x[n] = IMG_SANDBOX;
	do {
		row = &vmxl_rv64_rows[rv_below(r, RV_I_ILLEGAL)];
		w = rv_sample(row, r);
		for (int n = rv_below(r, 5); n; n--)
			w ^= 1u << rv_below(r, row->len * 8);
		if (!vmxl_rv64_is32(w))
			w &= 0xffff;
	} while (!is_harmless(&w));
	s->nr = 0;
	s->len = 0;
	add(&g, w);
}

static unsigned int put(char *at, unsigned int off, u32 w)
{
	unsigned int len = gen_insn_len(w);

	memcpy(at + off, &w, len);
	return off + len;
}

unsigned int gen_write(const struct gen_seq *s, void *at)
{
	u32 w;
	unsigned int off = 0;

	rv_asm("lui x31,0x40003", 0, &w);
	off = put(at, off, w);
	for (unsigned int n = 0; n < s->nr; n++)
		off = put(at, off, s->insn[n].w);
	rv_asm("lui x31,0x40000", 0, &w);
	off = put(at, off, w);
	rv_asm("jalr x0,0(x31)", 0, &w);
	return put(at, off, w);
}
