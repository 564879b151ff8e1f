// SPDX-License-Identifier: GPL-2.0
/*
 * The passes of kmod/opt: what they make of the units in test files, whether
 * random units mean the same after each of them and after all, whether units
 * with damage done to them do any harm, what they cost.
 *
 *	opt [-n units] [-s seed] [FILE...]
 *
 * A case in a file is
 *	case TITLE
 *	passes NAME... [leaves OP...] [disp MAX]
 *	unit ...
 *	becomes
 *	unit ...
 *	end
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../../kmod/opt/opt.h"
#include "harness.h"

static struct vmxl_opt ctx;
static DECLARE_BITMAP(leaves, VMXL_IR_NR);

struct text {
	char buf[1 << 16];
	size_t len;
};

static void print_to_text(void *to, const char *fmt, ...)
{
	struct text *t = to;
	va_list ap;

	va_start(ap, fmt);
	t->len += vsnprintf(t->buf + t->len, sizeof(t->buf) - t->len, fmt, ap);
	va_end(ap);
	t->len = min(t->len, sizeof(t->buf) - 1);
}

/* Test files */

static const char *file;
static unsigned int lineno;

static u32 pass_by_name(const char *name)
{
	unsigned int p;

	if (!strcmp(name, "all"))
		return VMXL_OPT_ALL;
	for (p = 0; p < VMXL_OPT_NR; p++)
		if (!strcmp(name, vmxl_opt_name(p)))
			return 1u << p;
	return 0;
}

static bool op_leaves(const char *name)
{
	unsigned int op;

	for (op = VMXL_IR_NONE + 1; op < VMXL_IR_NR; op++) {
		if (!strcmp(name, vmxl_opdesc[op].name)) {
			__set_bit(op, leaves);
			return true;
		}
	}
	return false;
}

/* The line "passes ..."; false if there is something in it that is not known */
static bool settings(char *line, u32 *passes)
{
	enum { PASSES, LEAVES, DISP } in = PASSES;
	bool good = true;
	char *w;

	strtok(line, " \t\n");
	while ((w = strtok(NULL, " \t\n"))) {
		u32 p = pass_by_name(w);

		if (!strcmp(w, "leaves"))
			in = LEAVES;
		else if (!strcmp(w, "disp"))
			in = DISP;
		else if (in == PASSES)
			*passes |= p;
		else if (in == DISP)
			ctx.max_disp = atoi(w);
		if (in == PASSES)
			good &= p != 0;
		else if (in == LEAVES && strcmp(w, "leaves"))
			good &= op_leaves(w);
	}
	return good;
}

/* Lines up to one that begins with @end */
static bool read_until(FILE *f, const char *end, struct text *t)
{
	char line[512];

	t->len = 0;
	while (fgets(line, sizeof(line), f)) {
		lineno++;
		if (!strncmp(line, end, strlen(end)))
			return true;
		print_to_text(t, "%s", line);
	}
	return false;
}

static bool parse(struct vmxl_ir *ir, const char *text)
{
	const char *err;
	unsigned int line;
	u32 at;

	ir->guest = &test_guest;
	if (vmxl_ir_parse(ir, text, &err, &line)) {
		tap_note("%s, line %u of a unit before line %u", err, line, lineno);
		return false;
	}
	err = vmxl_ir_verify(ir, &at);
	if (err)
		tap_note("op %u: %s", at, err);
	return !err;
}

static bool same_text(const struct vmxl_ir *got, const struct vmxl_ir *want)
{
	static struct text g, w;

	g.len = 0;
	w.len = 0;
	vmxl_ir_print(got, print_to_text, &g);
	vmxl_ir_print(want, print_to_text, &w);
	if (!strcmp(g.buf, w.buf))
		return true;
	printf("# got:\n%s# want:\n%s", g.buf, w.buf);
	return false;
}

static bool test_case(FILE *f)
{
	static struct vmxl_ir ir, want;
	static struct text before, after;
	char line[512];
	u32 passes = 0;

	ctx.max_disp = S32_MAX;
	ctx.leaves = leaves;
	bitmap_zero(leaves, VMXL_IR_NR);
	if (!fgets(line, sizeof(line), f) || ++lineno == 0 || !settings(line, &passes)) {
		tap_note("line %u: passes expected", lineno);
		return false;
	}
	if (!read_until(f, "becomes", &before) || !read_until(f, "end", &after))
		return false;
	if (!parse(&ir, before.buf) || !parse(&want, after.buf))
		return false;
	if (vmxl_optimize(&ir, &ctx, passes) || vmxl_ir_verify(&ir, NULL)) {
		tap_note("not a unit any more");
		vmxl_ir_print(&ir, print_to_stdout, NULL);
		return false;
	}
	return same_text(&ir, &want);
}

static void test_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[512], title[512];
	unsigned int at;

	file = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	lineno = 0;
	if (!f) {
		tap_ok(false, "%s: cannot be read", path);
		return;
	}
	while (fgets(line, sizeof(line), f)) {
		lineno++;
		if (strncmp(line, "case ", 5))
			continue;
		line[strcspn(line, "\n")] = 0;
		snprintf(title, sizeof(title), "%s", line + 5);
		at = lineno;
		tap_ok(test_case(f), "%s:%u %s", file, at, title);
	}
	fclose(f);
}

/* Random units: the same outcome */

static struct vmxl_gstate start_gs;
static u8 start_mem[MEM_SIZE];

static void start(void)
{
	m.gs = start_gs;
	memcpy(m.mem, start_mem, sizeof(m.mem));
	m.resv = 0;
}

static bool same_as(const struct outcome *want, struct outcome *got)
{
	if (want->left == LEFT_EXIT || want->left == LEFT_LEAVE)
		got->icount = want->icount;	/* the helper's business */
	return same_outcome(got, want);
}

static bool still_same(const struct vmxl_ir *ir, u32 passes, const struct outcome *want)
{
	static struct outcome got;
	static struct vmxl_ir opt;
	const char *msg;
	u32 at = 0;

	opt = *ir;
	if (vmxl_optimize(&opt, &ctx, passes)) {
		tap_note("passes %#x: refused", passes);
		return false;
	}
	msg = vmxl_ir_verify(&opt, &at);
	if (!msg) {
		start();
		eval_run(&opt, &got);
		if (!same_as(want, &got))
			msg = "another outcome of evaluation";
	}
	if (!msg && passes == VMXL_OPT_ALL) {
		start();
		machine_run(&opt, 1000, &got);
		if (!same_as(want, &got))
			msg = "another outcome of interpretation";
	}
	if (!msg)
		return true;
	tap_note("passes %#x: op %u: %s", passes, at, msg);
	vmxl_ir_print(ir, print_to_stdout, NULL);
	tap_note("optimised:");
	vmxl_ir_print(&opt, print_to_stdout, NULL);
	return false;
}

static void random_settings(u64 seed)
{
	rnd_seed(seed);
	bitmap_zero(leaves, VMXL_IR_NR);
	if (pick(2))
		__set_bit(VMXL_IR_ADD + pick(VMXL_IR_SEL), leaves);
	ctx.leaves = pick(2) ? leaves : NULL;
	ctx.max_disp = pick(2) ? S32_MAX : pick(64);
}

static u64 ops_before, changes[VMXL_OPT_NR + 1];

/* @n: passes one by one, then all */
static bool random_unit(u64 seed, unsigned int *n)
{
	static struct outcome want;
	static struct vmxl_ir ir;

	rnd_seed(seed);
	gen_unit(&ir);
	gen_state(seed, true);
	start_gs = m.gs;
	memcpy(start_mem, m.mem, sizeof(start_mem));
	eval_run(&ir, &want);
	random_settings(seed);
	ops_before += ir.nr_ops - 1;
	for (*n = 0; *n < VMXL_OPT_NR; ++*n) {
		if (!still_same(&ir, 1u << *n, &want))
			return false;
		changes[*n] += ctx.changes[*n];
	}
	return still_same(&ir, VMXL_OPT_ALL, &want) && still_same(&ir, pick(VMXL_OPT_ALL), &want);
}

static void random_units(u64 seed, u64 count)
{
	unsigned int n = 0;
	bool ok = true;
	u64 i;

	for (i = 0; i < count && ok; i++) {
		ok = random_unit(seed + i, &n);
		if (!ok)
			tap_note("seed %llu, %s", seed + i,
				 n < VMXL_OPT_NR ? vmxl_opt_name(n) : "several passes");
	}
	tap_ok(ok, "%llu random units", i);
	for (n = 0; n < VMXL_OPT_NR; n++)
		tap_ok(changes[n] > count / 100, "%s changed something %llu times in %llu ops",
		       vmxl_opt_name(n), changes[n], ops_before);
}

/* Damage: refused by the verifier before or after, or the same still */

static bool damaged_unit(u64 seed)
{
	static struct outcome want;
	static struct vmxl_ir ir, opt;
	unsigned int k;
	bool valid;

	rnd_seed(seed);
	gen_unit(&ir);
	for (k = 1 + pick(3); k; k--)
		gen_damage(&ir);
	valid = !vmxl_ir_verify(&ir, NULL);
	random_settings(seed);
	if (!valid || cannot_compare(&ir)) {
		int err;

		opt = ir;
		err = vmxl_optimize(&opt, &ctx, VMXL_OPT_ALL);
		if (!valid || (!err && !vmxl_ir_verify(&opt, NULL)))
			return true;
		tap_note("seed %llu: %d", seed, err);
		return false;
	}
	gen_state(seed, true);
	start_gs = m.gs;
	memcpy(start_mem, m.mem, sizeof(start_mem));
	eval_run(&ir, &want);
	return still_same(&ir, VMXL_OPT_ALL, &want);
}

static void damaged_units(u64 seed, u64 count)
{
	bool ok = true;
	u64 i;

	for (i = 0; i < count && ok; i++)
		ok = damaged_unit(seed + i);
	tap_ok(ok, "%llu damaged units", i);
	if (!ok)
		tap_note("seed %llu", seed + i - 1);
}

/* Bad settings of tables that the verifier refuses as well */
static void refused(void)
{
	static struct vmxl_ir ir;
	bool ok = true;

	rnd_seed(1);
	gen_unit(&ir);
	ir.full = true;
	ok &= vmxl_optimize(&ir, &ctx, VMXL_OPT_ALL) != 0;
	ir.full = false;
	ir.nr_ops = VMXL_IR_MAX_OPS + 1;
	ok &= vmxl_optimize(&ir, &ctx, VMXL_OPT_ALL) != 0;
	ir.nr_ops = 0;
	ok &= vmxl_optimize(&ir, &ctx, VMXL_OPT_ALL) != 0;
	tap_ok(ok, "units that are none are refused");
}

/* What it costs: instructions as RV64's translator writes them, 40 of them */

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static const char sample[] =
	"insn %u\n\t%%a%u = get.i64 $x2\n\t%%b%u = const.i64 -32\n\t%%c%u = add.i64 %%a%u, %%b%u\n"
	"\tput.i64 %%c%u, $x2\n"
	"insn %u\n\t%%d%u = get.i64 $x2\n\t%%e%u = get.i64 $x1\n\tst.i64.u64 %%d%u, %%e%u, 24\n"
	"insn %u\n\t%%f%u = get.i64 $x10\n\t%%g%u = const.i64 32\n\t%%h%u = shl.i64 %%f%u, %%g%u\n"
	"\tput.i64 %%h%u, $x10\n"
	"insn %u\n\t%%i%u = get.i64 $x10\n\t%%j%u = const.i64 29\n\t%%k%u = shr.i64 %%i%u, %%j%u\n"
	"\tput.i64 %%k%u, $x10\n"
	"insn %u\n\t%%l%u = get.i64 $x10\n\t%%m%u = get.i64 $x11\n\t%%n%u = add.i64 %%l%u, %%m%u\n"
	"\tput.i64 %%n%u, $x10\n"
	"insn %u\n\t%%o%u = get.i64 $x10\n\t%%p%u = ld.i64.u64 %%o%u, 8\n\tput.i64 %%p%u, $x12\n"
	"insn %u\n\t%%q%u = get.i64 $x12\n\t%%r%u = const.i64 1\n\t%%s%u = add.s32 %%q%u, %%r%u\n"
	"\tput.i64 %%s%u, $x12\n"
	"insn %u\n\t%%t%u = get.i64 $x12\n\t%%u%u = const.i64 0\n\tbr.i64.eq %%t%u, %%u%u, e0\n";

static void make_sample(struct vmxl_ir *ir)
{
	static struct text t;
	unsigned int k, insn = 0;
	const char *p;

	t.len = 0;
	print_to_text(&t, "unit 0 160\nexit e0 0 8\nexit e1 160 40\n");
	for (k = 0; k < 5; k++) {
		for (p = sample; *p; p++) {
			if (p[0] == '%' && p[1] == '%')
				print_to_text(&t, "%%"), p++;
			else if (p[0] == '%')
				print_to_text(&t, "%u", p[-1] == ' ' ? 4 * insn++ : k), p++;
			else
				print_to_text(&t, "%c", *p);
		}
	}
	print_to_text(&t, "jump e1\n");
	parse(ir, t.buf);
}

static void cost(void)
{
	static struct vmxl_ir ir, opt;
	unsigned int p, i, n = 2000;
	double t, copy = 1e9, all = 1e9;

	ctx.max_disp = S32_MAX;
	ctx.leaves = NULL;
	make_sample(&ir);
	for (p = 0; p <= VMXL_OPT_NR + 1; p++) {
		double best = 1e9;

		for (i = 0; i < n; i++) {
			t = now_ns();
			memcpy(&opt, &ir, offsetof(struct vmxl_ir, ops[ir.nr_ops]));
			memcpy(opt.insns, ir.insns, sizeof(ir.insns));
			if (p)
				vmxl_optimize(&opt, &ctx, p > VMXL_OPT_NR ? VMXL_OPT_ALL :
					      (1u << (p - 1)));
			best = min(best, now_ns() - t);
		}
		if (!p)
			copy = best;
		else if (p <= VMXL_OPT_NR)
			tap_note("%-8s %5.0f ns", vmxl_opt_name(p - 1), best - copy);
		else
			all = best - copy;
	}
	tap_note("all passes, 40 instructions: %.0f ns, %u ops become %u", all, ir.nr_ops - 1,
		 opt.nr_ops - 1);
}

int main(int argc, char **argv)
{
	u64 n = 20000, seed = 1;
	int c;

	while ((c = getopt(argc, argv, "n:s:")) != -1) {
		if (c == 'n')
			n = strtoull(optarg, NULL, 0);
		else if (c == 's')
			seed = strtoull(optarg, NULL, 0);
		else
			return 2;
	}
	while (optind < argc)
		test_file(argv[optind++]);
	refused();
	random_units(seed, n);
	damaged_units(seed, n);
	cost();
	return tap_done();
}
