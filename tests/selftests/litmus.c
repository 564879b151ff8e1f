// SPDX-License-Identifier: GPL-2.0
/*
 * Litmus tests: what is written, as code and as what sequential consistency makes of
 * it. See litmus.h.
 */
#include <string.h>

#include "litmus.h"
#include "rv.h"
#include "tap.h"

static const struct {
	const char *text;
	unsigned int fm, pred, succ;
} fences[] = {
	{ "F", 0, RV_FENCE_RW, RV_FENCE_RW },
	{ "Frr", 0, RV_FENCE_R, RV_FENCE_R },
	{ "Fww", 0, RV_FENCE_W, RV_FENCE_W },
	{ "Frw", 0, RV_FENCE_R, RV_FENCE_W },
	{ "Fwr", 0, RV_FENCE_W, RV_FENCE_R },
	{ "Fr*", 0, RV_FENCE_R, RV_FENCE_RW },
	{ "F*w", 0, RV_FENCE_RW, RV_FENCE_W },
	{ "Ft", RV_FENCE_TSO, RV_FENCE_RW, RV_FENCE_RW },
};

static const struct {
	const char *text;
	enum litmus_how how;
	unsigned int order;
} suffixes[] = {
	{ "", LITMUS_PLAIN, 0 },
	{ ".amo", LITMUS_AMO, 0 },
	{ ".aq", LITMUS_AMO, RV_AQ },
	{ ".rl", LITMUS_AMO, RV_RL },
	{ ".aqrl", LITMUS_AMO, RV_AQRL },
	{ ".sc", LITMUS_LRSC, 0 },
	{ ".scaq", LITMUS_LRSC, RV_AQ },
	{ ".scrl", LITMUS_LRSC, RV_RL },
	{ ".scaqrl", LITMUS_LRSC, RV_AQRL },
};

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static bool same(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && !strncmp(text, word, len);
}

static void parse_fence(struct litmus_op *op, const char *text, size_t len)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fences); i++) {
		if (!same(text, len, fences[i].text))
			continue;
		op->kind = LITMUS_FENCE;
		op->fm = fences[i].fm;
		op->pred = fences[i].pred;
		op->succ = fences[i].succ;
		return;
	}
	FAIL("no fence \"%.*s\"", (int)len, text);
}

static void parse_suffix(struct litmus_op *op, const char *text, size_t len)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(suffixes); i++) {
		if (!same(text, len, suffixes[i].text))
			continue;
		op->how = suffixes[i].how;
		op->order = suffixes[i].order;
		CHECK(op->kind != LITMUS_SWAP || op->how != LITMUS_PLAIN);
		return;
	}
	FAIL("no suffix \"%.*s\"", (int)len, text);
}

/* "x=1", "r0=x", "r0=x=1", with what comes before and behind. */
static void parse_op(struct litmus_op *op, const char *text, const char *end)
{
	if (end - text > 2 && text[1] == ':') {
		op->dep = text[0];
		text += 2;
	}
	if (text[0] == 'F') {
		parse_fence(op, text, end - text);
		return;
	}
	op->kind = LITMUS_STORE;
	if (text[0] == 'r') {
		op->kind = LITMUS_LOAD;
		op->reg = text[1] - '0';
		text += 3;
	}
	op->var = text[0] - 'x';
	CHECK(op->reg < LITMUS_REGS && op->var < LITMUS_VARS);
	text++;
	if (text < end && text[0] == '=') {
		op->kind = op->kind == LITMUS_LOAD ? LITMUS_SWAP : LITMUS_STORE;
		op->val = text[1] - '0';
		text += 2;
	}
	parse_suffix(op, text, end - text);
}

static void parse_thread(struct litmus_parsed *p, unsigned int thread, const char *text)
{
	unsigned int last = 0;

	while (*text) {
		struct litmus_op *op = &p->op[thread][p->nr[thread]++];
		const char *end = text + strcspn(text, " ");

		CHECK(p->nr[thread] <= LITMUS_OPS);
		parse_op(op, text, end);
		op->dep_reg = last;
		if (op->kind == LITMUS_LOAD || op->kind == LITMUS_SWAP) {
			last = op->reg;
			p->owner[op->reg] = thread;
			if (op->reg >= p->nr_regs)
				p->nr_regs = op->reg + 1;
		}
		text = end + strspn(end, " ");
	}
}

void litmus_parse(const struct litmus *t, struct litmus_parsed *p)
{
	const char *f;

	memset(p, 0, sizeof(*p));
	while (p->nr_threads < LITMUS_THREADS && t->thread[p->nr_threads]) {
		parse_thread(p, p->nr_threads, t->thread[p->nr_threads]);
		p->nr_threads++;
	}
	for (f = t->finals; f && *f; f++)
		p->final[p->nr_finals++] = *f - 'x';
}

static const unsigned int address[LITMUS_VARS] = { RV_S0, RV_S1, RV_TP };

#define EMIT(insn)	(*code++ = (insn))

static uint32_t *emit_lrsc(uint32_t *code, const struct litmus_op *op, unsigned int width,
			   unsigned int base)
{
	unsigned int old = op->kind == LITMUS_STORE ? RV_T2 : RV_A0 + op->reg;

	/* An LR may not have rl alone. */
	EMIT(RV_LR(op->order & RV_AQ ? op->order : 0, width, old, base));
	if (op->kind != LITMUS_LOAD) {
		EMIT(RV_SC(op->order & RV_RL, width, RV_T2, RV_T1, base));
		EMIT(RV_BNE(RV_T2, RV_ZERO, -8));
	}
	return code;
}

static uint32_t *emit_amo(uint32_t *code, const struct litmus_op *op, unsigned int width,
			  unsigned int base)
{
	bool load = op->kind == LITMUS_LOAD;

	EMIT(RV_ATOMIC(load ? RV_AMO_OR : RV_AMO_SWAP, op->order, width,
		       op->kind == LITMUS_STORE ? RV_ZERO : RV_A0 + op->reg,
		       load ? RV_ZERO : RV_T1, base));
	return code;
}

static uint32_t *emit_op(uint32_t *code, const struct litmus_op *op, unsigned int width)
{
	unsigned int base = address[op->var], dep = RV_A0 + op->dep_reg;

	EMIT(RV_ADDI(RV_T1, RV_ZERO, op->val));
	if (op->dep == 'a' || op->dep == 'd')
		EMIT(RV_XOR(RV_T0, dep, dep));
	if (op->dep == 'a') {
		EMIT(RV_ADD(RV_T0, RV_T0, base));
		base = RV_T0;
	} else if (op->dep == 'd') {
		EMIT(RV_ADD(RV_T1, RV_T1, RV_T0));
	} else if (op->dep == 'c') {
		EMIT(RV_BNE(dep, RV_ZERO, 4));
	}
	if (op->how == LITMUS_LRSC)
		return emit_lrsc(code, op, width, base);
	if (op->how == LITMUS_AMO)
		return emit_amo(code, op, width, base);
	if (op->kind == LITMUS_LOAD)
		EMIT(RV_I(0x03, width, RV_A0 + op->reg, base, 0));
	else
		EMIT(RV_S(0x23, width, RV_T1, base, 0));
	return code;
}

unsigned int litmus_code(const struct litmus_parsed *p, unsigned int thread, unsigned int width,
			 uint32_t *code)
{
	uint32_t *start = code;
	unsigned int i;

	for (i = 0; i < p->nr[thread]; i++) {
		const struct litmus_op *op = &p->op[thread][i];

		if (op->kind == LITMUS_FENCE)
			EMIT(RV_FENCE(op->fm, op->pred, op->succ));
		else
			code = emit_op(code, op, width);
	}
	CHECK(code - start <= LITMUS_CODE);
	return code - start;
}

struct machine {
	unsigned int at[LITMUS_THREADS];
	unsigned int mem[LITMUS_VARS], reg[LITMUS_REGS];
};

static void step(struct machine *m, const struct litmus_op *op)
{
	if (op->kind == LITMUS_LOAD || op->kind == LITMUS_SWAP)
		m->reg[op->reg] = m->mem[op->var];
	if (op->kind == LITMUS_STORE || op->kind == LITMUS_SWAP)
		m->mem[op->var] = op->val;
}

static void ended(const struct litmus_parsed *p, const struct machine *m,
		  void (*see)(void *arg, const unsigned int *digits), void *arg)
{
	unsigned int digits[LITMUS_DIGITS], i;

	for (i = 0; i < p->nr_regs; i++)
		digits[i] = m->reg[i];
	for (i = 0; i < p->nr_finals; i++)
		digits[p->nr_regs + i] = m->mem[p->final[i]];
	see(arg, digits);
}

/* One more step of each thread in turn, down to the end. */
static void interleave(const struct litmus_parsed *p, const struct machine *before,
		       void (*see)(void *arg, const unsigned int *digits), void *arg)
{
	bool end = true;
	unsigned int t;

	for (t = 0; t < p->nr_threads; t++) {
		struct machine m = *before;

		if (m.at[t] == p->nr[t])
			continue;
		end = false;
		step(&m, &p->op[t][m.at[t]++]);
		interleave(p, &m, see, arg);
	}
	if (end)
		ended(p, before, see, arg);
}

void litmus_sc(const struct litmus_parsed *p,
	       void (*see)(void *arg, const unsigned int *digits), void *arg)
{
	struct machine m = { 0 };

	interleave(p, &m, see, arg);
}
