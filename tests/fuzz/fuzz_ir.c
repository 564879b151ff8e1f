// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: the text form of the IR. What can be parsed is selected,
 * valid or not. What the verifier accepts too is printed, parsed again, which
 * must give the same unit, and run by the interpreter; that must end as naive
 * evaluation does (tests/ir/eval.c), but for units with jumps, which evaluation
 * might not get out of.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../ir/harness.h"

#define MAX_TEXT	(1u << 20)
#define BUDGET		1000

static struct vmxl_ir back;
static struct outcome got, want;
static char text[MAX_TEXT];
static size_t text_len;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed);
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max);

static void print_to_text(void *ctx, const char *fmt, ...) __printf(2, 3);

static void print_to_text(void *ctx, const char *fmt, ...)
{
	va_list ap;

	(void)ctx;
	va_start(ap, fmt);
	text_len += vsnprintf(text + text_len, sizeof(text) - text_len, fmt, ap);
	va_end(ap);
	if (text_len >= sizeof(text))
		abort();
}

static void print_unit(const struct vmxl_ir *ir)
{
	text_len = 0;
	vmxl_ir_print(ir, print_to_text, NULL);
}

static void finding(const char *what)
{
	print_unit(&m.ir);
	fprintf(stderr, "fuzz: %s:\n%s", what, text);
	abort();
}

/* In memory of its own, so that not a byte is read beyond the end */
static bool parse(struct vmxl_ir *ir, const void *data, size_t size)
{
	char *copy = malloc(size + 1);
	const char *err;
	unsigned int line;
	int ret;

	memcpy(copy, data, size);
	copy[size] = 0;
	ir->guest = &test_guest;
	ret = vmxl_ir_parse(ir, copy, &err, &line);
	free(copy);
	if (!ret != !err)
		abort();
	return !ret;
}

/* A third each: numbers, addresses in memory, edges */
static void fill(u64 seed, bool fast)
{
	unsigned int i;

	machine_reset(fast);
	rnd_seed(seed);
	for (i = 0; i < NR_X + 2 * NR_V; i++)
		m.gs.guest[i] = i % 3 == 0 ? rnd() : i % 3 == 1 ? rnd_edge() :
				MEM_BASE + rnd() % MEM_SIZE;
	for (i = 0; i < MEM_SIZE; i += 8)
		((u64 *)m.mem)[i / 8] = rnd();
}

static void run(u64 seed, bool fast)
{
	fill(seed, fast);
	if (machine_run(&m.ir, BUDGET, &got))
		finding("a valid unit cannot be selected");
	if (cannot_compare(&m.ir))
		return;
	fill(seed, fast);
	eval_run(&m.ir, &want);
	/* The helper's business */
	if (want.left == LEFT_EXIT || want.left == LEFT_LEAVE)
		want.icount = got.icount;
	if (memcmp(&got, &want, sizeof(got)))
		finding("the interpreter and evaluation differ");
}

static u64 hash(const u8 *data, size_t size)
{
	u64 h = 0xcbf29ce484222325ULL;

	while (size--)
		h = (h ^ *data++) * 0x100000001b3ULL;
	return h;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	bool valid;

	if (!parse(&m.ir, data, size))
		return 0;
	print_unit(&m.ir);
	valid = !vmxl_ir_verify(&m.ir, NULL);
	if (valid && (!parse(&back, text, text_len) || !same_ir(&m.ir, &back)))
		finding("the text form does not give the unit back");
	if (valid) {
		run(hash(data, size), true);
		run(hash(data, size), false);
	} else {
		vmxl_iselect(&m.ir, &m.icode);
	}
	return 0;
}

static u32 below(u32 n)
{
	return (rnd() >> 32) % n;
}

/* References to ops from @at on move by one. */
static void open_gap(struct vmxl_ir *ir, u32 at)
{
	u32 i;

	memmove(&ir->ops[at + 1], &ir->ops[at], (ir->nr_ops - at) * sizeof(ir->ops[0]));
	ir->nr_ops++;
	for (i = at + 1; i < ir->nr_ops; i++) {
		ir->ops[i].a += ir->ops[i].a >= at;
		ir->ops[i].b += ir->ops[i].b >= at;
		ir->ops[i].c += ir->ops[i].c >= at;
	}
	for (i = 0; i < ir->nr_insns; i++)
		ir->insns[i].op += ir->insns[i].op > at;
}

static s64 some_imm(const struct vmxl_ir *ir, const struct vmxl_op *op)
{
	switch (vmxl_opdesc[op->op].imm) {
	case VMXL_IMM_SLOT:
		return test_guest.slots[below(NR_X / 2 + NR_V)].slot;
	case VMXL_IMM_EXIT:
		return below(ir->nr_exits + 1);
	case VMXL_IMM_LABEL:
		return below(ir->nr_labels + 1);
	case VMXL_IMM_HELPER:
		return below(test_guest.nr_helpers);
	case VMXL_IMM_NONE:
		return 0;
	case VMXL_IMM_DISP:
		return (s64)below(64) - 32;
	default:
		return below(2) ? (s64)rnd_edge() : below(2) ? 1 << below(13) : below(66);
	}
}

static void random_op(const struct vmxl_ir *ir, struct vmxl_op *op, u32 at)
{
	u32 *args[] = { &op->a, &op->b, &op->c };
	unsigned int n;

	op->op = 1 + below(VMXL_IR_NR - 1);
	op->type = below(VMXL_T_NR);
	op->aux = below(4) ? below(20) : below(256);
	op->imm = some_imm(ir, op);
	for (n = 0; n < ARRAY_SIZE(args); n++)
		*args[n] = n < vmxl_opdesc[op->op].nargs && at > 1 ? 1 + below(at - 1) : 0;
}

static void change_op(const struct vmxl_ir *ir, struct vmxl_op *op, u32 at)
{
	switch (below(6)) {
	case 0:
		op->type = below(VMXL_T_NR);
		break;
	case 1:
		op->aux ^= 1 << below(8);
		break;
	case 2:
		op->imm = some_imm(ir, op);
		break;
	case 3:
		op->a = below(at);
		break;
	case 4:
		op->b = below(at);
		break;
	default:
		random_op(ir, op, at);
	}
}

/* One change of m.ir, if one that leaves it valid can be found soon */
static void mutate_unit(void)
{
	bool add = below(3) && m.ir.nr_ops < VMXL_IR_MAX_OPS;
	unsigned int tries = 200;
	u32 at = 1 + below(m.ir.nr_ops - 1);

	do {
		back = m.ir;
		if (add) {
			open_gap(&back, at);
			back.ops[at] = (struct vmxl_op){};
			random_op(&back, &back.ops[at], at);
		} else {
			change_op(&back, &back.ops[at], at);
		}
	} while (vmxl_ir_verify(&back, NULL) && --tries);
	m.ir = back;
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed)
{
	unsigned int times;

	rnd_seed(seed);
	times = 1 + below(6);
	if (!below(4) || !parse(&m.ir, data, size) || m.ir.nr_ops < 2)
		return LLVMFuzzerMutate(data, size, max);
	while (times--)
		mutate_unit();
	print_unit(&m.ir);
	if (text_len > max)
		return LLVMFuzzerMutate(data, size, max);
	memcpy(data, text, text_len);
	return text_len;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	machine_reset(true);
	return 0;
}
