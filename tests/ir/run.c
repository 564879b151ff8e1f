// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the test files of this directory: run FILE... Each case is a unit in
 * text form with what is before and after it, Documentation/ir.rst has the
 * format. What the interpreter gave is then compared with compiled code: that
 * of the unit as it is, and after the passes. The last tests are that every op
 * occurred in some case, and that every case was compiled.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../kmod/opt/opt.h"
#include "compiled.h"

static const char *file;
static unsigned int lineno;
static bool seen[VMXL_IR_NR];
static struct outcome out;
static char text[1 << 16];
static bool failed;

static void complain(const char *fmt, ...) __printf(1, 2);

static void complain(const char *fmt, ...)
{
	va_list ap;

	printf("# %s:%u: ", file, lineno);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	failed = true;
}

static u64 num(const char *s)
{
	char *end;
	u64 v = strtoull(s, &end, 0);

	if (!*s || *end)
		complain("bad number '%s'", s);
	return v;
}

static int slot_by_name(const char *name)
{
	const struct vmxl_slot_name *n;

	for (n = test_guest.slots; n->name; n++)
		if (!strcmp(n->name, name))
			return n->slot;
	return -1;
}

/* Words of a line, cut at a comment */
static unsigned int split(char *line, char **w, unsigned int max)
{
	unsigned int n = 0;
	char *p;

	line[strcspn(line, ";\n")] = 0;
	for (p = strtok(line, " \t,"); p && n < max; p = strtok(NULL, " \t,"))
		w[n++] = p;
	return n;
}

static u64 *mem_at(const char *addr, u8 *mem, unsigned int len)
{
	u64 off = num(addr) - MEM_BASE;

	if (off > MEM_SIZE || len > MEM_SIZE - off) {
		complain("address outside memory");
		return NULL;
	}
	return (u64 *)(mem + off);
}

static void cmd_mem(char **w, unsigned int n)
{
	u8 *p = (u8 *)mem_at(w[1], m.mem, n - 2);
	unsigned int i;

	for (i = 2; p && i < n; i++)
		p[i - 2] = strtoul(w[i], NULL, 16);
}

/* set NAME VALUE [HIGH]... */
static void cmd_set(char **w, unsigned int n)
{
	u64 *s = (u64 *)&m.gs;
	unsigned int i = 1;

	while (i + 1 < n) {
		int slot = slot_by_name(w[i]);

		if (slot < 0) {
			complain("no slot %s", w[i]);
			return;
		}
		s[slot] = num(w[i + 1]);
		if (*w[i] == 'v')
			s[slot + 1] = num(w[i++ + 2]);
		i += 2;
	}
}

static bool parse_unit(const char **msg)
{
	unsigned int line, i;

	m.ir.guest = &test_guest;
	if (vmxl_ir_parse(&m.ir, text, msg, &line)) {
		lineno += line;
		return false;
	}
	for (i = 1; i < m.ir.nr_ops; i++)
		seen[m.ir.ops[i].op] = true;
	return true;
}

/* The state before a unit */
static struct {
	struct vmxl_gstate gs;
	u8 mem[MEM_SIZE];
	u8 run[2];
} before;

static void keep_state(void)
{
	before.gs = m.gs;
	memcpy(before.mem, m.mem, MEM_SIZE);
	memcpy(before.run, m.run, sizeof(before.run));
}

/* @kick: compiled code leaves a loop where the interpreter of one unit does */
static void restore_state(u64 kick)
{
	m.gs = before.gs;
	memcpy(m.mem, before.mem, MEM_SIZE);
	memcpy(m.run, before.run, sizeof(before.run));
	m.run[0] |= kick;
}

static bool compiling;
static unsigned int nr_compiled, nr_whole;

static bool same_compiled(const struct vmxl_ir *ir, bool optimize)
{
	u32 why;

	cc.optimize = optimize;
	if (compiled_same(ir, restore_state, 1, &why)) {
		nr_compiled++;
		nr_whole += why != VMXL_UEXIT_STEP;
		return true;
	}
	complain("compiled code does otherwise, passes %#x", optimize ? cc.passes : 0);
	vmxl_ir_print(ir, print_to_stdout, NULL);
	return false;
}

/* All slots in memory, and some in registers; no passes, each one, and all */
static void run_compiled(const struct vmxl_ir *ir)
{
	static struct vmxl_ir split;
	unsigned int pass;

	compiled_choose_hot(0, 0);
	if (!same_compiled(ir, false))
		return;
	compiled_choose_hot(10, 1);
	if (!same_compiled(ir, false))
		return;
	split = *ir;
	if (!compiled_split(&split))
		return;
	for (pass = 0; pass <= VMXL_OPT_NR; pass++) {
		cc.passes = pass < VMXL_OPT_NR ? 1u << pass : VMXL_OPT_ALL;
		if (!same_compiled(&split, true))
			return;
	}
}

static void run_unit(long budget)
{
	const char *msg;
	u32 at;

	if (!parse_unit(&msg)) {
		complain("%s", msg);
		return;
	}
	msg = vmxl_ir_verify(&m.ir, &at);
	if (msg) {
		complain("op %u: %s", at, msg);
		return;
	}
	keep_state();
	if (machine_run(&m.ir, budget, &out))
		complain("unit was refused");
}

/* After all that is expected of the interpreter */
static void run_unit_compiled(void)
{
	static struct vmxl_ir ir;

	if (!compiling || failed)
		return;
	ir = m.ir;
	run_compiled(&ir);
}

static const char * const left_name[] = {
	[LEFT_NEXT] = "next", [LEFT_LEAVE] = "leave", [LEFT_EXIT] = "exit",
	[LEFT_TRAP] = "trap", [LEFT_FAULT] = "fault", [LEFT_BAD] = "bad",
};

static void want(const char *what, u64 got, u64 wanted)
{
	if (got != wanted)
		complain("%s is %#llx, not %#llx", what, got, wanted);
}

static void expect_left(char **w, unsigned int n)
{
	if (strcmp(left_name[out.left], w[2]))
		complain("left by %s, not %s", left_name[out.left], w[2]);
	if (n > 3)
		want("code", out.code, num(w[3]));
	if (n > 4)
		want("value", out.val, num(w[4]));
}

static void expect_mem(char **w, unsigned int n)
{
	u8 *p = (u8 *)mem_at(w[2], out.mem, n - 3);
	unsigned int i;

	for (i = 3; p && i < n; i++)
		want("byte", p[i - 3], strtoul(w[i], NULL, 16));
}

static void expect(char **w, unsigned int n)
{
	int slot = n > 2 ? slot_by_name(w[1]) : -1;

	if (n < 3)
		complain("expect what?");
	else if (!strcmp(w[1], "left"))
		expect_left(w, n);
	else if (!strcmp(w[1], "pc"))
		want("pc", out.pc, num(w[2]));
	else if (!strcmp(w[1], "icount"))
		want("icount", out.icount, num(w[2]));
	else if (!strcmp(w[1], "slow"))
		want("slow accesses", m.nr_slow, num(w[2]));
	else if (!strcmp(w[1], "ops"))
		want("ops selected", m.icode.nr, num(w[2]));
	else if (!strcmp(w[1], "mem"))
		expect_mem(w, n);
	else if (slot == VMXL_SLOT(fp_flags))
		want(w[1], out.fp_flags, num(w[2]));
	else if (slot < 0)
		complain("no slot %s", w[1]);
	else
		want(w[1], out.slot[slot - VMXL_SLOT_GUEST], num(w[2]));
	if (n > 3 && slot > 0 && *w[1] == 'v')
		want("high half", out.slot[slot + 1 - VMXL_SLOT_GUEST], num(w[3]));
}

/* A unit that the verifier refuses; whatever selection makes of it is memory-safe. */
static void reject(const char *wanted)
{
	const char *msg;

	if (!parse_unit(&msg)) {
		complain("%s", msg);
		return;
	}
	msg = vmxl_ir_verify(&m.ir, NULL);
	if (!msg || strcmp(msg, wanted))
		complain("verifier says '%s', not '%s'", msg ?: "nothing", wanted);
	vmxl_iselect(&m.ir, &m.icode);
}

static void syntax(const char *wanted)
{
	const char *msg = NULL;
	unsigned int at = lineno;

	parse_unit(&msg);
	lineno = at;
	if (!msg || strcmp(msg, wanted))
		complain("parser says '%s', not '%s'", msg ?: "nothing", wanted);
}

/* Rest of a line after its first word, without the newline */
static const char *rest(char *line)
{
	char *p = line + strspn(line, " \t");

	p += strcspn(p, " \t\n");
	p += strspn(p, " \t");
	p[strcspn(p, "\n")] = 0;
	return p;
}

static bool word(const char *line, const char *w)
{
	size_t n = strlen(w);

	line += strspn(line, " \t");
	return !strncmp(line, w, n) && strchr(" \t\n", line[n]);
}

/* The lines of a unit, up to one that is no part of it */
static bool read_unit(FILE *f, char *line, size_t size)
{
	size_t len = 0;

	do {
		if (word(line, "expect") || word(line, "reject") || word(line, "syntax") ||
		    word(line, "end"))
			return true;
		len += snprintf(text + len, sizeof(text) - len, "%s", line);
		lineno++;
	} while (len < sizeof(text) && fgets(line, size, f));
	complain("file ends within a case");
	return false;
}

static void test_case(FILE *f, const char *title)
{
	char line[4096], name[200], *w[64];
	unsigned int n, start = lineno;
	bool fast = true, ran = false;
	long budget = 1000;

	snprintf(name, sizeof(name), "%s", title);
	machine_reset(true);
	failed = false;
	while (fgets(line, sizeof(line), f)) {
		lineno++;
		if (word(line, "unit")) {
			lineno--;
			if (!read_unit(f, line, sizeof(line)))
				break;
			lineno++;
		}
		if (word(line, "reject")) {
			reject(rest(line));
			continue;
		}
		if (word(line, "syntax")) {
			syntax(rest(line));
			continue;
		}
		n = split(line, w, ARRAY_SIZE(w));
		if (!n)
			continue;
		if (!strcmp(w[0], "end"))
			break;
		if (!strcmp(w[0], "expect")) {
			if (!ran)
				run_unit(budget);
			ran = true;
			expect(w, n);
		} else if (!strcmp(w[0], "set")) {
			cmd_set(w, n);
		} else if (!strcmp(w[0], "mem")) {
			cmd_mem(w, n);
		} else if (!strcmp(w[0], "budget")) {
			budget = num(w[1]);
		} else if (!strcmp(w[0], "resv")) {
			atomic_set(&m.vm.nr_resv, num(w[1]));
		} else if (!strcmp(w[0], "kick")) {
			m.run[1] = 1;
		} else if (!strcmp(w[0], "slow")) {
			fast = !fast;
			machine_reset(false);
		} else {
			complain("unknown command %s", w[0]);
		}
	}
	if (ran)
		run_unit_compiled();
	atomic_set(&m.vm.nr_resv, 0);
	tap_ok(!failed, "%s:%u %s", file, start, name);
}

/* One row of a table: operands = result, or result and exceptions */
static void table_row(const char *op, const char *imm, char **w, unsigned int n)
{
	u64 val[3] = {}, res, fl = 0;
	unsigned int i, nargs = 0;
	size_t len;

	for (i = 0; i < n && strcmp(w[i], "="); i++)
		if (nargs < 3)
			val[nargs++] = num(w[i]);
	if (i + 1 >= n) {
		complain("no result in row");
		return;
	}
	res = num(w[i + 1]);
	if (i + 2 < n)
		fl = num(w[i + 2]);
	machine_reset(true);
	len = snprintf(text, sizeof(text), "unit 0 4\nexit e0 4 1\ninsn 0\n");
	for (i = 0; i < nargs; i++) {
		m.gs.guest[i + 1] = val[i];
		len += snprintf(text + len, sizeof(text) - len, "%%a%u = get.i64 $x%u\n", i, i + 1);
	}
	len += snprintf(text + len, sizeof(text) - len, "%%r = %s", op);
	for (i = 0; i < nargs; i++)
		len += snprintf(text + len, sizeof(text) - len, "%s%%a%u", i ? ", " : " ", i);
	snprintf(text + len, sizeof(text) - len, "%s%s\nput.i64 %%r, $x4\njump e0\n",
		 *imm ? ", " : "", imm);
	i = lineno;
	run_unit(10);
	lineno = i;
	want("result", out.slot[4], res);
	want("exceptions", out.fp_flags, fl);
	run_unit_compiled();
}

static void test_table(FILE *f, char **hdr, unsigned int nhdr)
{
	char op[64], imm[32] = "", line[512], *w[16];
	unsigned int n, start = lineno;

	snprintf(op, sizeof(op), "%s", nhdr > 1 ? hdr[1] : "");
	if (nhdr > 2)
		snprintf(imm, sizeof(imm), "%s", hdr[2]);
	failed = false;
	while (fgets(line, sizeof(line), f)) {
		lineno++;
		n = split(line, w, ARRAY_SIZE(w));
		if (n && !strcmp(w[0], "end"))
			break;
		if (n)
			table_row(op, imm, w, n);
	}
	tap_ok(!failed, "%s:%u table %s %s", file, start, op, imm);
}

static void test_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[512], copy[512], *w[8];
	unsigned int n;

	file = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	lineno = 0;
	if (!f) {
		tap_ok(false, "%s: cannot be read", path);
		return;
	}
	while (fgets(line, sizeof(line), f)) {
		lineno++;
		snprintf(copy, sizeof(copy), "%s", line);
		n = split(line, w, ARRAY_SIZE(w));
		if (!n)
			continue;
		if (!strcmp(w[0], "case"))
			test_case(f, rest(copy));
		else if (!strcmp(w[0], "table"))
			test_table(f, w, n);
		else
			tap_ok(false, "%s:%u: case or table expected", file, lineno);
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	unsigned int i, missing = 0;

	compiling = compiled_init();
	cc.args.window = VMXL_WIN_LOW;
	cc.args.count = true;
	for (i = 1; i < (unsigned int)argc; i++)
		test_file(argv[i]);
	for (i = VMXL_IR_NONE + 1; i < VMXL_IR_NR; i++) {
		if (!seen[i]) {
			tap_note("no test of %s", vmxl_opdesc[i].name);
			missing++;
		}
	}
	tap_ok(!missing, "every op is tested");
	if (compiling)
		tap_ok(nr_compiled > 1000 && nr_whole > nr_compiled / 2,
		       "compiled: %u runs, %u of them to the end of the unit", nr_compiled,
		       nr_whole);
	else
		tap_ok(true, "compiled # SKIP no room for two windows");
	return tap_done();
}
