// SPDX-License-Identifier: GPL-2.0
/*
 * IR: the builder's limits, the packed flags against the processor's own, text
 * that is not well-formed. What units mean is tested in tests/ir.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../kmod/ir/alu.h"
#include "../../kmod/ir/build.h"
#include "../../kmod/ir/interp.h"

static unsigned int tests, failures;

static void ok(bool good, const char *what)
{
	printf("%sok %u - %s\n", good ? "" : "not ", ++tests, what);
	failures += !good;
}

static u64 rnd_state = 1;

static u64 rnd(void)
{
	u64 z = rnd_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static u64 rnd_edge(void)
{
	u64 r = rnd();

	return r & 1 ? rnd() >> (r >> 8 & 63) : (r >> 16 & 3) - (1ULL << (r >> 8 & 63));
}

/* The builder: running out of room sets full and writes nothing beyond. */

static struct vmxl_ir *new_unit(void)
{
	struct vmxl_ir *ir = malloc(sizeof(*ir));

	vmxl_ir_init(ir, NULL, 0x1000);
	return ir;
}

static void test_full(void)
{
	struct vmxl_ir *ir = new_unit();
	unsigned int i;
	bool good = true;

	for (i = 1; i < VMXL_IR_MAX_OPS; i++)
		good &= vmxl_ir_const(ir, i) == i && !ir->full;
	good &= !vmxl_ir_const(ir, 1) && ir->full && ir->nr_ops == VMXL_IR_MAX_OPS;
	ok(good, "a unit full of ops");
	ok(vmxl_iselect(ir, NULL) == -E2BIG, "is to be cut shorter");

	vmxl_ir_init(ir, NULL, 0x1000);
	for (i = 0, good = true; i < VMXL_IR_MAX_INSNS; i++) {
		vmxl_ir_insn(ir, 0x1000 + 4 * i);
		good &= !ir->full;
	}
	vmxl_ir_insn(ir, 0x2000);
	ok(good && ir->full && ir->nr_insns == VMXL_IR_MAX_INSNS, "a unit full of instructions");

	vmxl_ir_init(ir, NULL, 0x1000);
	for (i = 0, good = true; i < VMXL_IR_MAX_EXITS; i++)
		good &= vmxl_ir_exit(ir, i, 1, true, VMXL_HINT_NONE) == i && !ir->full;
	good &= vmxl_ir_exit(ir, 0, 1, true, VMXL_HINT_NONE) == 0;
	ok(good && ir->full && ir->nr_exits == VMXL_IR_MAX_EXITS, "a unit full of exits");

	vmxl_ir_init(ir, NULL, 0x1000);
	for (i = 0, good = true; i < VMXL_IR_MAX_LABELS; i++)
		good &= vmxl_ir_label(ir) == i && !ir->full;
	good &= vmxl_ir_label(ir) == 0;
	ok(good && ir->full && ir->nr_labels == VMXL_IR_MAX_LABELS, "a unit full of labels");
	free(ir);
}

static void test_builder(void)
{
	struct vmxl_ir *ir = new_unit();
	vmxl_ref a, b;

	vmxl_ir_insn(ir, 0x1000);
	a = ir_const(ir, 5);
	b = ir_const(ir, 5);
	ok(a == b, "a constant next to itself is one value");
	a = ir_add(ir, VMXL_T_I64, a, ir_get(ir, VMXL_SLOT_GUEST));
	ir_put(ir, VMXL_SLOT_GUEST, a);
	ir_jump(ir, vmxl_ir_exit(ir, 0x1004, 1, true, VMXL_HINT_NONE));
	ir->end = 0x1004;
	ok(!vmxl_ir_verify(ir, NULL), "what the builder makes is well-formed");
	free(ir);
}

/* Values in more places than there are */
static void test_selection_full(void)
{
	struct vmxl_icode *code = malloc(sizeof(*code));
	struct vmxl_ir *ir = new_unit();
	vmxl_ref v[400], sum;
	unsigned int i;

	for (i = 0; i < 250; i++)
		v[i] = ir_mul(ir, VMXL_T_I64, ir_get(ir, VMXL_SLOT_GUEST), ir_const(ir, i + 3));
	ok(!ir->full, "many values at once");
	sum = v[0];
	for (i = 1; i < 150; i++)
		sum = ir_add(ir, VMXL_T_I64, sum, v[i]);
	ir_trap(ir, 0, sum);
	/* Only those that are used take room. */
	ok(!vmxl_iselect(ir, code), "of which 150 are used");
	ok(code->nr == 300, "unused ones are not there");
	free(ir);

	ir = new_unit();
	for (i = 0; i < 330; i++)
		v[i] = ir_clz(ir, VMXL_T_I64, ir_get(ir, VMXL_SLOT_GUEST + 1));
	sum = v[0];
	for (i = 1; i < 330; i++)
		sum = ir_add(ir, VMXL_T_I64, sum, v[i]);
	ok(vmxl_iselect(ir, code) == -EINVAL, "no END op: refused");
	ir_trap(ir, 0, sum);
	ok(ir->full || vmxl_iselect(ir, code) == -E2BIG, "more values than temporaries: too big");
	free(code);
	free(ir);
}

/* Flags: what the processor says */

#ifdef __x86_64__
#define X86_C	0x001
#define X86_P	0x004
#define X86_A	0x010
#define X86_Z	0x040
#define X86_N	0x080
#define X86_V	0x800

static u64 from_x86(u64 f)
{
	return (f & X86_C ? VMXL_FL_C : 0) | (f & X86_P ? VMXL_FL_P : 0) |
	       (f & X86_A ? VMXL_FL_A : 0) | (f & X86_Z ? VMXL_FL_Z : 0) |
	       (f & X86_N ? VMXL_FL_N : 0) | (f & X86_V ? VMXL_FL_V : 0);
}

/* Two-operand instructions, after the carry was set to bit 0 of c */
#define HW2(name, insn, type)						\
static u64 hw_##name(u64 a, u64 b, u64 c)				\
{									\
	u64 f;								\
	type x = a, y = b;						\
									\
	asm volatile("bt $0, %3\n\t" insn " %2, %1\n\tpushf\n\tpop %0"	\
		     : "=&r" (f), "+r" (x) : "r" (y), "r" (c) : "cc");	\
	return from_x86(f);						\
}

#define HW_SHIFT(name, insn, type)					\
static u64 hw_##name(u64 a, u64 b, u64 c)				\
{									\
	u64 f;								\
	type x = a;							\
									\
	asm volatile(insn " %%cl, %1\n\tpushf\n\tpop %0"		\
		     : "=&r" (f), "+r" (x) : "c" ((u8)b) : "cc");	\
	return from_x86(f);						\
}

#define HW_MUL(name, insn, type)					\
static u64 hw_##name(u64 a, u64 b, u64 c)				\
{									\
	u64 f, lo = (type)a;						\
	type y = b;							\
									\
	asm volatile(insn " %2\n\tpushf\n\tpop %0"			\
		     : "=&r" (f), "+a" (lo) : "r" (y) : "rdx", "cc");	\
	return from_x86(f);						\
}

#define HW_ALL(suffix, letter, type)					\
	HW2(add##suffix, "add" letter, type)				\
	HW2(adc##suffix, "adc" letter, type)				\
	HW2(sub##suffix, "sub" letter, type)				\
	HW2(sbb##suffix, "sbb" letter, type)				\
	HW2(test##suffix, "test" letter, type)				\
	HW_SHIFT(shl##suffix, "shl" letter, type)			\
	HW_SHIFT(shr##suffix, "shr" letter, type)			\
	HW_SHIFT(sar##suffix, "sar" letter, type)			\
	HW_MUL(mul##suffix, "mul" letter, type)				\
	HW_MUL(imul##suffix, "imul" letter, type)

HW_ALL(8, "b", u8)
HW_ALL(16, "w", u16)
HW_ALL(32, "l", u32)
HW_ALL(64, "q", u64)

struct hw {
	const char *name;
	u16 op;
	u8 type;
	u8 width;
	u64 (*fn)(u64 a, u64 b, u64 c);
};

#define ROWS(suffix, type)						\
	{ "add" #suffix, VMXL_IR_FL_ADD, type, suffix, hw_add##suffix },	\
	{ "adc" #suffix, VMXL_IR_FL_ADC, type, suffix, hw_adc##suffix },	\
	{ "sub" #suffix, VMXL_IR_FL_SUB, type, suffix, hw_sub##suffix },	\
	{ "sbb" #suffix, VMXL_IR_FL_SBB, type, suffix, hw_sbb##suffix },	\
	{ "test" #suffix, VMXL_IR_FL_LOGIC, type, suffix, hw_test##suffix }, \
	{ "shl" #suffix, VMXL_IR_FL_SHL, type, suffix, hw_shl##suffix },	\
	{ "shr" #suffix, VMXL_IR_FL_SHR, type, suffix, hw_shr##suffix },	\
	{ "sar" #suffix, VMXL_IR_FL_SAR, type, suffix, hw_sar##suffix },	\
	{ "mul" #suffix, VMXL_IR_FL_UMUL, type, suffix, hw_mul##suffix },	\
	{ "imul" #suffix, VMXL_IR_FL_MUL, type, suffix, hw_imul##suffix },

static const struct hw hw[] = {
	ROWS(8, VMXL_T_I8) ROWS(16, VMXL_T_I16) ROWS(32, VMXL_T_Z32) ROWS(64, VMXL_T_I64)
};

/* The flags that the architecture defines for these operands */
static u64 defined(const struct hw *h, u64 b)
{
	unsigned int n = b & (h->width == 64 ? 63 : 31);
	u64 zpn = VMXL_FL_Z | VMXL_FL_P | VMXL_FL_N;

	switch (h->op) {
	case VMXL_IR_FL_LOGIC:
		return zpn | VMXL_FL_C | VMXL_FL_V;
	case VMXL_IR_FL_MUL:
	case VMXL_IR_FL_UMUL:
		return VMXL_FL_C | VMXL_FL_V;
	case VMXL_IR_FL_SHL:
	case VMXL_IR_FL_SHR:
		if (n >= h->width)
			return zpn;
		return zpn | VMXL_FL_C | (n == 1 ? VMXL_FL_V : 0);
	case VMXL_IR_FL_SAR:
		return zpn | VMXL_FL_C | (n == 1 ? VMXL_FL_V : 0);
	default:
		return ~0ULL;
	}
}

static bool same_flags(const struct hw *h, u64 a, u64 b, u64 c)
{
	bool shift = h->op >= VMXL_IR_FL_SHL && h->op <= VMXL_IR_FL_SAR;
	u64 got, want;

	if (h->op == VMXL_IR_FL_LOGIC)
		b = a;
	if (shift && !(b & (h->width == 64 ? 63 : 31)))
		return vmxl_alu_flags(h->op, h->type, a, b, 0x2a) == 0x2a;
	got = vmxl_alu_flags(h->op, h->type, a, b, c) & defined(h, b);
	want = h->fn(a, b, c) & defined(h, b);
	if (got != want)
		printf("# %s %#llx %#llx %llu: %#llx, not %#llx\n", h->name, a, b, c, got, want);
	return got == want;
}

static void test_flags(void)
{
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(hw); i++) {
		bool good = true;

		for (n = 0; n < 20000 && good; n++)
			good = same_flags(&hw[i], rnd_edge(), rnd_edge(), rnd() & 1);
		for (n = 0; n < 256 && good; n++)
			good = same_flags(&hw[i], 0x80 + n / 8, n, n & 1);
		ok(good, hw[i].name);
	}
}
#else
static void test_flags(void)
{
	printf("ok %u - flags # SKIP the processor has none\n", ++tests);
}
#endif

/* Text: pieces of a unit put together at random, and cut off anywhere */

static const char *const pieces[] = {
	"unit 0x1000 0x1008", " fp 1", " labels 3", "\n", "\n", "\n", "\t", " ", ", ", " = ",
	"exit e0 0x1008 2 link call", "exit", " e1", "insn 0x1000", "insn", "%1", "%a", "%", "_",
	"add.i64 ", "fl.add.i8", "ld.i64.u8.acq ", "put.i64 ", "call.i64", "get.i64", "const.i64",
	"$x1", "$600", "$", "@0", "@", "L0", "L", "e0", "0x", "0xffffffffffffffff", "-1",
	"99999999999999999999999", ".", ".aux7", ".none", "; comment", "label", "jump e0",
	"vget.i64.b", "\xff", "\x01", "unit",
};

static void test_text(void)
{
	struct vmxl_ir *ir = new_unit();
	unsigned int n, k, line, good = 0;
	const char *err;
	char *text;

	for (n = 0; n < 50000; n++) {
		size_t len = 0;
		int ret;

		text = malloc(2048);
		if (n & 1)
			len = sprintf(text, "unit 0x1000 0x1008\n%%1 = get.i64 $600\n");
		for (k = rnd() % 30; k; k--)
			len += sprintf(text + len, "%s", pieces[rnd() % ARRAY_SIZE(pieces)]);
		text = realloc(text, len + 1);
		text[len - (len ? rnd() % 3 % len : 0)] = 0;
		ret = vmxl_ir_parse(ir, text, &err, &line);
		good += !ret == !err && (!ret || line > 0 || !*text);
		if (!ret)
			vmxl_ir_verify(ir, NULL);
		free(text);
	}
	ok(good == n, "any text is parsed or refused with a message");
	free(ir);
}

int main(void)
{
	test_builder();
	test_full();
	test_selection_full();
	test_flags();
	test_text();
	printf("1..%u\n", tests);
	return failures != 0;
}
