// SPDX-License-Identifier: GPL-2.0
/*
 * Per-instruction tests of the RV64 guest. TAP.
 *
 * 1. Tables (*.t): one test a line, "instructions | before | after", separated
 *    by ";" and blanks. What is not named after "|" must stay as it was; "?"
 *    is any value. Values: numbers; @n, n bytes after the first instruction;
 *    s1.5 d1.5 h1.5, NaN-boxed floating-point numbers. x31 is out of bounds,
 *    but that it points to the sandbox's middle; x2 and x8 to its begin.
 *    "trap" is the cause of the exception that ends the test, "tval" its value.
 *    A line is executed in M-mode, which is interpreted, and, if it can be
 *    there, in U-mode, compiled; the lines of rv64s.t in S-mode, compiled, those
 *    of rv64u.t in U-mode only. What is compiled is executed at two places, one across a page, undisturbed,
 *    with a kick at each entry (it is left at the first look at it), and with
 *    interrupts.
 * 2. Every instruction of the decode table is in a line of them, and in one that
 *    is compiled.
 * 3. Each unprivileged one with combinations of edge operands, interpreted and
 *    compiled, compared with qemu-riscv64, if there is one (--oracle).
 * With --base, the machine has no extension but F and D (the runner needs
 * them): the tables are those of this machine, and all instructions of other
 * extensions are illegal.
 */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uapi/linux/vmx_xlate.h>
#include "../../../kmod/opt/opt.h"
#include "../../diff/gen.h"
#include "machine.h"

#define MAX_TEXT	64
#define ACROSS		0xffa			/* of a page: the first instruction crosses it */

static void *image;
static u64 start = IMG_CODE + 4;		/* of a test's first instruction */
static unsigned int nr_tests, nr_failed;
static unsigned int seen[RV_I_NR], seen_compiled[RV_I_NR];

static void report(bool ok, const char *what)
{
	nr_failed += !ok;
	printf("%sok %u - %s\n", ok ? "" : "not ", ++nr_tests, what);
}

/* A line's expectation: values, and which of them do not matter */
struct expect {
	struct image_state st;
	bool any_x[32];
	uint64_t trap, tval;
	bool has_tval;
};

static uint64_t half(double v)
{
	_Float16 h = v;
	uint16_t bits;

	memcpy(&bits, &h, sizeof(bits));
	return ~0ULL << 16 | bits;
}

static uint64_t single(double v)
{
	float f = v;
	uint32_t bits;

	memcpy(&bits, &f, sizeof(bits));
	return ~0ULL << 32 | bits;
}

static uint64_t value(const char *s)
{
	double v;
	uint64_t bits;

	switch (*s) {
	case '@':
		return start + strtoll(s + 1, NULL, 0);
	case 'h':
		return half(strtod(s + 1, NULL));
	case 's':
		return single(strtod(s + 1, NULL));
	case 'd':
		v = strtod(s + 1, NULL);
		memcpy(&bits, &v, sizeof(bits));
		return bits;
	case '-':
		return strtoll(s, NULL, 0);
	default:
		return strtoull(s, NULL, 0);
	}
}

/* "x5=3"; false if it is no such thing */
static bool assign(struct expect *e, char *word)
{
	char *eq = strchr(word, '=');
	unsigned int n;
	uint64_t v;

	if (!eq)
		return false;
	*eq = 0;
	v = value(eq + 1);
	if (sscanf(word, "x%u", &n) == 1 && n < 31) {
		e->st.x[n] = v;
		e->any_x[n] = eq[1] == '?';
	} else if (sscanf(word, "f%u", &n) == 1 && n < 32) {
		e->st.f[n] = v;
	} else if (sscanf(word, "mem%u", &n) == 1 && n < IMG_MEM) {
		e->st.mem[n] = v;
	} else if (!strcmp(word, "fcsr")) {
		e->st.fcsr = v;
	} else if (!strcmp(word, "trap")) {
		e->trap = v + 1;
	} else if (!strcmp(word, "tval")) {
		e->tval = v;
		e->has_tval = true;
	} else {
		return false;
	}
	return true;
}

static bool assign_all(struct expect *e, char *s)
{
	for (char *w = strtok(s, " \t\n"); w; w = strtok(NULL, " \t\n"))
		if (!assign(e, w))
			return false;
	return true;
}

static void initial(struct image_state *st)
{
	memset(st, 0, sizeof(*st));
	for (int n = 0; n < 32; n++) {
		st->x[n] = 0x1111111111111111ULL * (n & 15) + n;
		st->f[n] = 0x3ff0000000000000ULL + n;
	}
	for (int n = 0; n < IMG_MEM; n++)
		st->mem[n] = 0x8081828384858687ULL + n;
	st->x[2] = IMG_SANDBOX;
	st->x[8] = IMG_SANDBOX;
}

/* Instructions of a line, "a ; b" */
static const char *assemble(struct gen_seq *s, char *text)
{
	char *save;

	s->nr = 0;
	s->len = 0;
	for (char *t = strtok_r(text, ";", &save); t; t = strtok_r(NULL, ";", &save)) {
		struct vmxl_rv64_insn i;
		const char *err;
		u32 w;

		if (s->nr == GEN_MAX)
			return "too long";
		err = rv_asm(t, start + s->len, &w);
		if (err)
			return err;
		vmxl_rv64_decode(&i, w);
		seen[i.row - vmxl_rv64_rows]++;
		s->insn[s->nr++] = (struct gen_insn){ .w = w, .off = s->len };
		s->len += gen_insn_len(w);
	}
	return NULL;
}

static bool complain(const char *what, int n, uint64_t got, uint64_t want)
{
	if (got == want)
		return true;
	printf("# %s%d is %#llx, not %#llx\n", what, n, (unsigned long long)got,
	       (unsigned long long)want);
	return false;
}

static bool check(const struct image_case *c, const struct expect *e)
{
	bool ok = complain("trap", 0, c->trap, e->trap);

	if (e->has_tval)
		ok &= complain("tval", 0, c->tval, e->tval);
	ok &= complain("fcsr", 0, c->out.fcsr, e->st.fcsr);
	for (int n = 1; n < 31; n++)
		ok &= e->any_x[n] || complain("x", n, c->out.x[n], e->st.x[n]);
	for (int n = 0; n < 32; n++)
		ok &= complain("f", n, c->out.f[n], e->st.f[n]);
	for (int n = 0; n < IMG_MEM; n++)
		ok &= complain("mem", n, c->out.mem[n], e->st.mem[n]);
	return ok;
}

static bool run_one(struct gen_seq *s, const struct expect *e, enum machine_kind kind)
{
	struct image_case *c = image_cases(image);

	memset(c, 0, sizeof(*c));
	c->code = start - 4;
	c->in = s->in;
	gen_write(s, image_at(image, c->code));
	return !machine_run(image, 1, kind) && check(c, e);
}

/* What U-mode may not do, or not alike */
static bool needs_privilege(const struct vmxl_rv64_insn *i)
{
	static const char *const no[] = { "sret", "mret", "wfi", "sfence", "sinval" };

	for (size_t n = 0; n < sizeof(no) / sizeof(no[0]); n++)
		if (!strncmp(i->row->name, no[n], strlen(no[n])))
			return true;
	return strchr(i->row->syntax, 'c') && (i->imm >> 8 & 3);
}

static bool line_needs_privilege(const struct gen_seq *s)
{
	struct vmxl_rv64_insn i;

	for (unsigned int n = 0; n < s->nr; n++) {
		vmxl_rv64_decode(&i, s->insn[n].w);
		if (needs_privilege(&i))
			return true;
	}
	return false;
}

/* The same exception where there is an address space, and another mode */
static void in_user_mode(struct expect *e)
{
	static const u8 cause[16] = { [5] = 13, [7] = 15, [11] = 8 };

	if (e->trap && cause[e->trap - 1])
		e->trap = cause[e->trap - 1] + 1;
}

static bool has_sc(const struct gen_seq *s)
{
	for (unsigned int n = 0; n < s->nr; n++)
		if ((s->insn[n].w & 0xf800007f) == 0x1800002f)
			return true;
	return false;
}

/* As it comes; left wherever that can be; and with an interrupt there */
static void run_compiled(struct gen_seq *s, struct expect *e, enum machine_kind kind,
			 const char *name)
{
	struct machine_how how = { .passes = VMXL_OPT_ALL };
	struct vmxl_rv64_insn i;
	char what[600];
	bool ok;

	for (unsigned int n = 0; n < s->nr; n++) {
		vmxl_rv64_decode(&i, s->insn[n].w);
		seen_compiled[i.row - vmxl_rv64_rows]++;
	}
	machine_set_how(&how);
	ok = run_one(s, e, kind);
	how.kick = true;
	machine_set_how(&how);
	ok &= run_one(s, e, kind);
	/* no reservation survives an SRET; S-mode's tests have interrupts of their own */
	how.interrupt = kind == MACHINE_COMPILED && !has_sc(s);
	machine_set_how(&how);
	ok &= run_one(s, e, kind);
	snprintf(what, sizeof(what), "compiled%s: %s",
		 start == IMG_CODE + 4 ? "" : ", across a page", name);
	report(ok, what);
}

static void run_line(char *line, enum machine_kind kind)
{
	char *before = strchr(line, '|'), *after = before ? strchr(before + 1, '|') : NULL;
	static struct gen_seq s;
	struct expect e = { };
	char name[512];
	const char *err;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(line, "\n"), line);
	if (!after) {
		report(false, name);
		return;
	}
	*before++ = 0;
	*after++ = 0;
	initial(&e.st);
	err = assemble(&s, line);
	if (err || !assign_all(&e, before)) {
		printf("# %s\n", err ?: "before");
		report(false, name);
		return;
	}
	s.in = e.st;
	if (!assign_all(&e, after))
		report(false, name);
	if (kind == MACHINE_M) {
		report(run_one(&s, &e, kind), name);
	} else if (kind == MACHINE_U) {
		report(run_one(&s, &e, kind), name);
	} else if (kind == MACHINE_S) {
		run_compiled(&s, &e, kind, name);
	} else if (!line_needs_privilege(&s)) {
		in_user_mode(&e);
		run_compiled(&s, &e, kind, name);
	}
}

/* Without C no instruction can cross a page. */
static bool base;

/* Interpreted; compiled; and compiled across a page */
static void run_everywhere(const char *line, enum machine_kind kind)
{
	char copy[512];

	if (kind == MACHINE_COMPILED) {
		snprintf(copy, sizeof(copy), "%s", line);
		run_line(copy, MACHINE_U);
	}
	for (int n = 0; n < (base ? 2 : 3); n++) {
		snprintf(copy, sizeof(copy), "%s", line);
		start = n < 2 ? IMG_CODE + 4 : IMG_CODE + ACROSS + 4;
		if (n || kind == MACHINE_M)
			run_line(copy, n && kind == MACHINE_M ? MACHINE_COMPILED : kind);
	}
	start = IMG_CODE + 4;
}

static void run_table(const char *path)
{
	const char *name = strrchr(path, '/');
	enum machine_kind kind = MACHINE_M;
	char line[512];
	FILE *f = fopen(path, "r");

	if (!f) {
		report(false, path);
		return;
	}
	name = name ? name + 1 : path;
	if (!strcmp(name, "rv64s.t"))
		kind = MACHINE_S;
	else if (!strcmp(name, "rv64u.t"))
		kind = MACHINE_COMPILED;
	while (fgets(line, sizeof(line), f))
		if (line[0] != '#' && line[0] != '\n')
			run_everywhere(line, kind);
	fclose(f);
}

static void check_seen(const unsigned int *what, const char *title)
{
	bool ok = true;

	for (int n = 0; n < RV_I_ILLEGAL; n++)
		if (!what[n]) {
			printf("# no line tests %s\n", vmxl_rv64_rows[n].name);
			ok = false;
		}
	report(ok, title);
}

static void check_complete(void)
{
	struct machine_count c;

	check_seen(seen, "every instruction is in a table");
	check_seen(seen_compiled, "every instruction is in a line that is compiled");
	machine_get_count(&c);
	printf("# %llu blocks compiled, %llu not; code was entered %llu times\n",
	       (unsigned long long)c.compiled, (unsigned long long)c.failed,
	       (unsigned long long)c.entered);
	report(c.entered && c.compiled, "translated code was executed");
}

/* An instruction of an extension that is not there */
static void run_absent(const struct vmxl_rv64_row *row, struct rv_rng *r)
{
	static struct gen_seq s;
	struct expect e = { .trap = 1 + 2 };
	char name[64];

	initial(&e.st);
	s.in = e.st;
	s.insn[0] = (struct gen_insn){ .w = rv_sample(row, r) };
	s.nr = 1;
	s.len = row->len;
	e.tval = s.insn[0].w;
	e.has_tval = true;
	snprintf(name, sizeof(name), "%s without its extension", row->name);
	report(run_one(&s, &e, MACHINE_M), name);
}

#define ISA_FD	(VMXL_RV64_ISA_F | VMXL_RV64_ISA_D)

static void absent_tests(void)
{
	struct rv_rng r = { .s = 43 };

	for (int n = 0; n < RV_I_ILLEGAL; n++)
		if (vmxl_rv64_rows[n].isa & ~ISA_FD)
			run_absent(&vmxl_rv64_rows[n], &r);
}

/* Edge operands */

static const u64 edges_x[] = {
	0, 1, 2, 31, 32, 63, 64, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
	0x7fffffffffffffff, 0x8000000000000000, 0xffffffff80000000, -1ULL, 0x0123456789abcdef,
};

static const u64 edges_d[] = {
	0, 0x8000000000000000, 1, 0x000fffffffffffff, 0x0010000000000000, 0x7fefffffffffffff,
	0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000, 0x7ff0000000000001,
	0xfff8000000000001, 0x3ff0000000000000, 0xbff8000000000000, 0x4004000000000000,
	0x3fe0000000000001, 0x41dfffffffe00000, 0xc1e0000000200000, 0x43e0000000000000,
};

static const u64 edges_s[] = {
	0, 0x80000000, 1, 0x007fffff, 0x00800000, 0x7f7fffff, 0x7f800000, 0xff800000,
	0x7fc00000, 0x7f800001, 0xffc00001, 0x3f800000, 0xbfc00000, 0x40200000, 0x3f000001,
	0x4f000000, 0xcf000001, 0x5f000000,
};

static const u64 edges_h[] = {
	0, 0x8000, 1, 0x03ff, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x7c01, 0xfe01,
	0x3c00, 0xbe00, 0x4100, 0x3801, 0x7800, 0xf801, 0x6400,
};

#define PICK(n, a)	((a)[(n) % (sizeof(a) / sizeof((a)[0]))])

/* The format of FP operands: by the name's last part, fcvt's being the source */
static char fp_kind(const char *name)
{
	return name[strlen(name) - 1];
}

static u64 edge_f(char kind, unsigned int n)
{
	if (n % 19 == 18)			/* not NaN-boxed */
		return kind == 'd' ? 0xffffffff3f800000 : 0x3ff0000000000000;
	switch (kind) {
	case 's': case 'w': return ~0ULL << 32 | PICK(n, edges_s);
	case 'h': return ~0ULL << 16 | PICK(n, edges_h);
	default: return PICK(n, edges_d);
	}
}

static bool unprivileged(const struct vmxl_rv64_row *row)
{
	static const char *const no[] = {
		"ecall", "ebreak", "c.ebreak", "sret", "mret", "wfi", "sfence", "sinval", "wrs.",
		"cbo.", "csr", "jal", "c.j", "lr.", "fence", "pause",
	};

	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (!strncmp(row->name, no[i], strlen(no[i])))
			return false;
	return true;
}

/* Case @n of @row: registers that differ from each other hold edge values. */
static void edge_case(struct gen_seq *s, const struct vmxl_rv64_row *row, unsigned int n,
		      struct rv_rng *r)
{
	struct vmxl_rv64_insn i;
	bool memory = strstr(row->syntax, "(s)");
	bool jump = strchr(row->syntax, 'p');
	char kind = fp_kind(row->name);
	unsigned int k = rv_below(r, 19), l = n / 19;
	u32 w;

	initial(&s->in);
	for (int m = 0; m < 32; m++)
		s->in.f[m] = edge_f(kind, k + m);
	do {
		w = rv_sample(row, r);
		vmxl_rv64_decode(&i, w);
		if (jump)
			i.imm = 8;
		if (memory) {
			i.rs1 = row->len == 4 ? 31 : i.rs1 == 2 ? 2 : 8;
			i.imm = strchr(row->syntax, 'i') && row->len == 4 ?
				(int)rv_below(r, 496) - 256 : i.imm;
		}
	} while (!rv_encode(&i, &w) || (i.rd == 31 && strchr(row->syntax, 'd')) ||
		 (memory && row->len == 2 && i.imm > 496));
	/* x31 as a source is the sandbox's address: as good as any */
	for (int m = 1; m < 31; m++)
		if (!memory || (m != 2 && m != 8))
			s->in.x[m] = PICK(k + m, edges_x);
	if (!memory && i.rs1 != 31)
		s->in.x[i.rs1] = PICK(n, edges_x);
	s->in.f[i.rs1] = edge_f(kind, n);
	if (i.rs2 != i.rs1) {
		if (!memory || (i.rs2 != 2 && i.rs2 != 8))
			s->in.x[i.rs2] = PICK(n / 16, edges_x);
		s->in.f[i.rs2] = edge_f(kind, l);
	}
	s->in.fcsr = rv_below(r, 5) << 5;
	s->insn[0] = (struct gen_insn){ .w = w, .dest = -1 };
	rv_asm("addi x7,x7,1", 0, &s->insn[1].w);
	s->insn[1].off = row->len;
	s->nr = jump ? 2 : 1;
	if (jump && row->len == 2) {
		i.imm = 6;
		rv_encode(&i, &s->insn[0].w);
	}
	s->len = row->len + (jump ? 4 : 0);
}

#define EDGE_CASES	400
#define EDGE_SLOT	64		/* bytes of code */

static struct image_case edge_want[EDGE_CASES];

static void write_edges(const struct gen_seq *s)
{
	struct image_case *c = image_cases(image);

	memset(c, 0, EDGE_CASES * sizeof(*c));
	for (unsigned int n = 0; n < EDGE_CASES; n++) {
		c[n].code = IMG_CODE + n * EDGE_SLOT;
		c[n].in = s[n].in;
		gen_write(&s[n], image_at(image, c[n].code));
	}
}

static bool same_as_oracle(void)
{
	const struct image_case *c = image_cases(image);
	char text[MAX_TEXT];
	int bad = 0;

	for (unsigned int n = 0; n < EDGE_CASES && bad < 3; n++) {
		const struct image_case *want = &edge_want[n];
		struct expect e = { .st = want->out, .trap = want->trap };
		u32 w;

		if (!memcmp(&c[n].out, &want->out, sizeof(want->out)) && c[n].trap == want->trap)
			continue;
		memcpy(&w, image_at(image, c[n].code + 4), 4);
		rv_print(text, sizeof(text), vmxl_rv64_is32(w) ? w : w & 0xffff, start);
		printf("# %s:\n", text);
		check(&c[n], &e);
		bad++;
	}
	return !bad;
}

static void run_edges(const struct vmxl_rv64_row *row, const char *oracle, struct rv_rng *r)
{
	static const char *const how[] = { [MACHINE_COMPILED] = "compiled: " };
	static const enum machine_kind kinds[] = { MACHINE_M, MACHINE_COMPILED };
	static struct gen_seq s[EDGE_CASES];
	char name[64];
	bool ok;

	for (unsigned int n = 0; n < EDGE_CASES; n++)
		edge_case(&s[n], row, n, r);
	write_edges(s);
	ok = !oracle_run(image, EDGE_CASES, oracle, edge_want);
	for (unsigned int k = 0; k < 2; k++) {
		snprintf(name, sizeof(name), "%s%s: edge operands", how[kinds[k]] ?: "", row->name);
		write_edges(s);
		report(ok && !machine_run(image, EDGE_CASES, kinds[k]) && same_as_oracle(), name);
	}
}

static void edge_tests(const char *oracle)
{
	struct rv_rng r = { .s = 42 };

	for (int n = 0; n < RV_I_ILLEGAL; n++) {
		if (!unprivileged(&vmxl_rv64_rows[n]))
			continue;
		if (oracle)
			run_edges(&vmxl_rv64_rows[n], oracle, &r);
		else
			printf("ok %u - %s: edge operands # SKIP no oracle\n", ++nr_tests,
			       vmxl_rv64_rows[n].name);
	}
}

int main(int argc, char **argv)
{
	static const struct option longopts[] = {
		{ "oracle", 1, NULL, 'o' }, { "runner", 1, NULL, 'r' },
		{ "base", 0, NULL, 'b' }, { }
	};
	const char *oracle = NULL, *runner = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "", longopts, NULL)) != -1) {
		if (c == 'o')
			oracle = optarg;
		else if (c == 'r')
			runner = optarg;
		else if (c == 'b')
			base = true;
		else
			return 2;
	}
	if (!runner || optind == argc) {
		fprintf(stderr, "usage: insn_test --runner FILE [--oracle PROGRAM | --base] TABLE...\n");
		return 2;
	}
	image = image_create(runner);
	if (base)
		machine_set_isa(ISA_FD);
	while (optind < argc)
		run_table(argv[optind++]);
	if (base) {
		absent_tests();
	} else {
		check_complete();
		edge_tests(oracle);
	}
	printf("1..%u\n", nr_tests);
	return !!nr_failed;
}
