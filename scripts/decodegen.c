// SPDX-License-Identifier: GPL-2.0
/*
 * decodegen: a decoder from decode tables.
 *
 * Usage: decodegen -o DIR TABLE...
 * Inputs:  TABLE: the form is explained at the head of
 *          kmod/guest/rv64/insn32.decode.
 * Outputs: DIR/decode.h: numbers of instructions, formats and translators;
 *          DIR/decode.c: the table of instructions, a switch tree for each
 *          instruction length, and the extraction of arguments.
 * Rules:   the order of definitions and rows, and of tables, does not matter.
 *          Two rows that match the same word, a bit that no argument takes, an
 *          argument that a fixed bit cuts into, a name that is not defined or
 *          defined and not used, are errors.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SEGS	12
#define MAX_ARGS	6
#define MAX_ROWS	1024
#define MAX_DEFS	128
#define MAX_PARAMS	3
#define MAX_NOT		2
#define MAX_TOKENS	64

struct seg {
	int pos, len;			/* pos < 0: len zero bits */
};

struct field {
	char *name;
	struct seg seg[MAX_SEGS];	/* the most significant first */
	int nseg;
	bool is_signed;
	int add;
	uint32_t mask;
	bool used;
};

struct arg {
	char *name;
	struct field *field;		/* NULL: constant */
	int value;
};

struct format {
	char *name, *syntax;
	struct arg arg[MAX_ARGS];
	int nargs;
	uint32_t mask;			/* bits that arguments are made of */
	int len;			/* in bits, of the rows that use it */
};

struct translator {
	char *name;
	char *kind[MAX_PARAMS];
	int nparams;
	bool used;
};

struct row {
	char *name, *id;
	uint32_t mask, match, ignored;
	int len;
	struct format *fmt;
	char *isa;
	struct translator *tr;
	char *param[MAX_PARAMS];
	uint32_t not_mask[MAX_NOT], not_match[MAX_NOT];
	int nnot;
	bool special;
	int line;
	const char *file;
};

/* What a translator's parameter expands to */
static const struct { const char *kind, *prefix; } kinds[] = {
	{ "ir", "VMXL_IR_" }, { "type", "VMXL_T_" }, { "mt", "VMXL_MT_" },
	{ "cc", "VMXL_CC_" }, { "rmw", "VMXL_RMW_" }, { "fint", "VMXL_FINT_" },
	{ "csr", "RV_CSR_" }, { "mode", "RV_" }, { "helper", "RV_H_" }, { "num", "" },
};

static const char *const arg_names[] = { "rd", "rs1", "rs2", "rs3", "rm", "aqrl", "imm" };

static struct field fields[MAX_DEFS];
static struct format formats[MAX_DEFS];
static struct translator translators[MAX_DEFS];
static struct row rows[MAX_ROWS];
static int nfields, nformats, ntranslators, nrows;

static const char *file;
static int line;
static bool failed;

static void __attribute__((format(printf, 1, 2))) error(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", file, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	failed = true;
}

static void __attribute__((noreturn)) fatal(const char *what)
{
	error("%s", what);
	exit(1);
}

static char *copy(const char *s)
{
	char *d = strdup(s);

	if (!d)
		fatal("out of memory");
	return d;
}

static uint32_t bits(int pos, int len)
{
	return (len >= 32 ? ~0u : (1u << len) - 1) << pos;
}

/* definitions */

static struct field *find_field(const char *name)
{
	for (int i = 0; i < nfields; i++)
		if (!strcmp(fields[i].name, name)) {
			fields[i].used = true;
			return &fields[i];
		}
	error("no field %s", name);
	return NULL;
}

static struct format *find_format(const char *name)
{
	for (int i = 0; i < nformats; i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}

static struct translator *find_translator(const char *name)
{
	for (int i = 0; i < ntranslators; i++)
		if (!strcmp(translators[i].name, name))
			return &translators[i];
	return NULL;
}

/* "31:20", "7", ":12" or "+8" */
static void parse_segment(struct field *f, const char *t)
{
	struct seg *s = &f->seg[f->nseg];
	int hi, lo;

	if (t[0] == '+') {
		f->add = atoi(t + 1);
		return;
	}
	if (f->nseg == MAX_SEGS)
		fatal("too many bit ranges");
	f->nseg++;
	if (t[0] == ':') {
		s->pos = -1;
		s->len = atoi(t + 1);
		return;
	}
	if (sscanf(t, "%d:%d", &hi, &lo) != 2) {
		hi = atoi(t);
		lo = hi;
	}
	if (hi < lo || lo < 0 || hi > 31 || !isdigit(t[0])) {
		error("bad bit range %s", t);
		return;
	}
	s->pos = lo;
	s->len = hi - lo + 1;
	if (f->mask & bits(lo, s->len))
		error("field %s takes a bit twice", f->name);
	f->mask |= bits(lo, s->len);
}

static void parse_field(char **tok, int n)
{
	struct field *f = &fields[nfields++];

	if (nfields == MAX_DEFS || n < 2)
		fatal("bad field");
	f->name = copy(tok[0] + 1);
	for (int i = 1; i < n; i++) {
		if (i == 1 && tok[i][0] == 's') {
			f->is_signed = true;
			parse_segment(f, tok[i] + 1);
		} else {
			parse_segment(f, tok[i]);
		}
	}
}

static void parse_arg(struct format *f, char *t)
{
	struct arg *a = &f->arg[f->nargs++];
	char *eq = strchr(t, '=');
	bool known = false;

	if (f->nargs > MAX_ARGS)
		fatal("too many arguments");
	if (eq)
		*eq = 0;
	for (size_t i = 0; i < sizeof(arg_names) / sizeof(arg_names[0]); i++)
		known |= !strcmp(arg_names[i], t);
	if (!known)
		error("no argument is named %s", t);
	a->name = copy(t);
	if (eq && isdigit(eq[1])) {
		a->value = atoi(eq + 1);
		return;
	}
	a->field = find_field(eq ? eq + 1 : t);
	if (!a->field)
		fatal("bad format");
	f->mask |= a->field->mask;	/* arguments may share bits: rd and rs1 */
}

static void parse_format(char **tok, int n)
{
	struct format *f = &formats[nformats++];

	if (nformats == MAX_DEFS || n < 2 || tok[n - 1][0] != '"')
		fatal("bad format");
	f->name = copy(tok[0] + 1);
	f->syntax = copy(tok[n - 1]);
	for (int i = 1; i < n - 1; i++)
		parse_arg(f, tok[i]);
}

static const char *prefix_of(const char *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].kind, kind))
			return kinds[i].prefix;
	return NULL;
}

/* "(a, b)" and "(a b)" to words */
static int parse_params(char **tok, int n, char **out)
{
	int np = 0;

	for (int i = 0; i < n; i++)
		for (char *w = strtok(tok[i], "(), "); w; w = strtok(NULL, "(), ")) {
			if (np == MAX_PARAMS)
				fatal("too many parameters");
			out[np++] = copy(w);
		}
	return np;
}

static void parse_translator(char **tok, int n)
{
	struct translator *t = &translators[ntranslators];

	if (ntranslators == MAX_DEFS)
		fatal("too many translators");
	if (find_translator(tok[0] + 1))
		error("translator %s is defined twice", tok[0] + 1);
	ntranslators++;
	t->name = copy(tok[0] + 1);
	t->nparams = parse_params(tok + 1, n - 1, t->kind);
	for (int i = 0; i < t->nparams; i++)
		if (!prefix_of(t->kind[i]))
			error("no kind %s", t->kind[i]);
}

/* rows */

static bool is_pattern(const char *t)
{
	return strspn(t, "01.-") == strlen(t);
}

static int parse_pattern(struct row *r, char **tok, int n)
{
	int i;

	for (i = 1; i < n && is_pattern(tok[i]); i++)
		for (const char *c = tok[i]; *c; c++, r->len++) {
			r->mask = r->mask << 1 | (*c == '0' || *c == '1');
			r->match = r->match << 1 | (*c == '1');
			r->ignored = r->ignored << 1 | (*c == '-');
		}
	if (r->len != 16 && r->len != 32)
		error("%s: %d bits", r->name, r->len);
	return i;
}

/* The bits that field @f has where its value is @value */
static bool encode_field(const struct field *f, int value, uint32_t *match)
{
	uint32_t v = value - f->add;

	*match = 0;
	for (int i = f->nseg - 1; i >= 0; i--) {
		const struct seg *s = &f->seg[i];

		if (s->pos >= 0)
			*match |= (v & bits(0, s->len)) << s->pos;
		else if (v & bits(0, s->len))
			return false;
		v = s->len >= 32 ? 0 : v >> s->len;
	}
	return f->is_signed || !v;
}

/* "rd!=2" */
static void parse_condition(struct row *r, char *t)
{
	char *ne = strstr(t, "!=");
	struct arg *a = NULL;

	if (!ne) {
		error("%s: what is %s?", r->name, t);
		return;
	}
	*ne = 0;
	for (int i = 0; i < r->fmt->nargs; i++)
		if (!strcmp(r->fmt->arg[i].name, t))
			a = &r->fmt->arg[i];
	if (!a || !a->field || r->nnot == MAX_NOT ||
	    !encode_field(a->field, atoi(ne + 2), &r->not_match[r->nnot])) {
		error("%s: condition on %s", r->name, t);
		return;
	}
	r->not_mask[r->nnot++] = a->field->mask;
}

static void check_bits(const struct row *r)
{
	uint32_t all = r->len == 32 ? ~0u : 0xffff;
	uint32_t open = all & ~r->mask & ~r->ignored;

	if (open & ~r->fmt->mask)
		error("%s: bits %#x belong to no argument", r->name, open & ~r->fmt->mask);
	if (r->ignored & r->fmt->mask)
		error("%s: an ignored bit belongs to an argument", r->name);
	if (r->fmt->mask & ~all)
		error("%s: format is too long", r->name);
	if (r->len == 32 && (r->match & 3) != 3)
		error("%s: 32-bit instructions end in 11", r->name);
}

static char *identifier(const char *name)
{
	char *id = copy(name);

	for (char *c = id; *c; c++)
		if (!isalnum((unsigned char)*c))
			*c = '_';
	return id;
}

/* "name(a, b)", which may be several words: how many */
static int parse_call(struct row *r, char **tok, int n)
{
	char *paren = strchr(tok[0], '(');
	int i = 0;

	while (i < n && !strchr(tok[i], ')'))
		i++;
	if (i == n || !paren)
		fatal("no translator");
	*paren = 0;
	r->tr = find_translator(tok[0]);
	if (!r->tr)
		fatal("no such translator");
	r->tr->used = true;
	tok[0] = paren + 1;
	if (parse_params(tok, i + 1, r->param) != r->tr->nparams)
		error("%s: %s has %d parameters", r->name, r->tr->name, r->tr->nparams);
	return i + 1;
}

static void parse_row(char **tok, int n)
{
	struct row *r = &rows[nrows++];
	int i;

	if (nrows == MAX_ROWS)
		fatal("too many rows");
	r->name = copy(tok[0]);
	r->id = identifier(tok[0]);
	r->line = line;
	r->file = file;
	i = parse_pattern(r, tok, n);
	if (i + 3 > n || tok[i][0] != '@')
		fatal("a row is: name pattern @format extension translator() conditions");
	r->fmt = find_format(tok[i] + 1);
	if (!r->fmt)
		fatal("no such format");
	if (r->fmt->len && r->fmt->len != r->len)
		error("format %s is used by both lengths", r->fmt->name);
	r->fmt->len = r->len;
	r->isa = copy(tok[i + 1]);
	i += 2;
	for (i += parse_call(r, tok + i, n - i); i < n; i++) {
		if (!strcmp(tok[i], "special"))
			r->special = true;
		else
			parse_condition(r, tok[i]);
	}
	check_bits(r);
}

/* Words; what is quoted is one, with its first quote kept */
static int split(char *s, char **tok)
{
	int n = 0;

	for (;;) {
		s += strspn(s, " \t\r\n");
		if (!*s || *s == '#')
			return n;
		if (n == MAX_TOKENS)
			fatal("line is too long");
		tok[n++] = s;
		s = *s == '"' ? s + 1 + strcspn(s + 1, "\"\n") : s + strcspn(s, " \t\r\n");
		if (*s)
			*s++ = 0;
	}
}

static bool is_definition(const char *word)
{
	return strchr("%@!", word[0]);
}

static void parse_line(char **tok, int n)
{
	switch (tok[0][0]) {
	case '%': parse_field(tok, n); break;
	case '@': parse_format(tok, n); break;
	case '!': parse_translator(tok, n); break;
	default: parse_row(tok, n); break;
	}
}

/* The definitions of a file, or its rows */
static void parse_file(const char *path, bool definitions)
{
	char buf[512], *tok[MAX_TOKENS];
	FILE *in = fopen(path, "r");
	int n;

	file = path;
	line = 0;
	if (!in)
		fatal("cannot open");
	while (fgets(buf, sizeof(buf), in)) {
		line++;
		n = split(buf, tok);
		if (n && is_definition(tok[0]) == definitions)
			parse_line(tok, n);
	}
	fclose(in);
}

/* checks */

/* Does a condition of @a exclude all that @b matches? */
static bool excludes(const struct row *a, const struct row *b)
{
	for (int i = 0; i < a->nnot; i++)
		if ((b->mask & a->not_mask[i]) == a->not_mask[i] &&
		    (b->match & a->not_mask[i]) == a->not_match[i])
			return true;
	return false;
}

static bool is_case_of(const struct row *a, const struct row *b)
{
	return a->special && (a->mask & b->mask) == b->mask &&
	       !((a->match ^ b->match) & b->mask) && a->mask != b->mask;
}

static void check_pair(const struct row *a, const struct row *b)
{
	file = b->file;
	line = b->line;
	if (!strcmp(a->name, b->name))
		error("%s is there twice", b->name);
	if (a->len != b->len || ((a->match ^ b->match) & a->mask & b->mask))
		return;
	if (excludes(a, b) || excludes(b, a) || is_case_of(a, b) || is_case_of(b, a))
		return;
	error("%s overlaps %s of %s:%d", b->name, a->name, a->file, a->line);
}

static void check_all(void)
{
	for (int i = 0; i < nrows; i++)
		for (int j = 0; j < i; j++)
			check_pair(&rows[j], &rows[i]);
	for (int i = 0; i < nfields; i++)
		if (!fields[i].used)
			error("field %s is not used", fields[i].name);
	for (int i = 0; i < nformats; i++)
		if (!formats[i].len)
			error("format %s is not used", formats[i].name);
	for (int i = 0; i < ntranslators; i++)
		if (!translators[i].used)
			error("translator %s is not used", translators[i].name);
}

/* output */

static FILE *out;

static void indent(int depth)
{
	while (depth--)
		fputc('\t', out);
}

static void banner(const char *what)
{
	fprintf(out, "%s", what);
	fprintf(out, "/* Do not edit: made by scripts/decodegen.c of the decode tables. */\n");
}

static void emit_header(void)
{
	banner("/* SPDX-License-Identifier: GPL-2.0 */\n");
	fprintf(out, "#ifndef VMXL_RV64_DECODE_H\n#define VMXL_RV64_DECODE_H\n\n");
	fprintf(out, "enum vmxl_rv64_insn_id {\n");
	for (int i = 0; i < nrows; i++)
		fprintf(out, "\tRV_I_%s,\n", rows[i].id);
	fprintf(out, "\tRV_I_ILLEGAL,\n\tRV_I_NR\n};\n\nenum vmxl_rv64_fmt {\n");
	for (int i = 0; i < nformats; i++)
		fprintf(out, "\tRV_FMT_%s,\n", formats[i].name);
	fprintf(out, "\tRV_FMT_NR\n};\n\n/* X(name): vmxl_rv64_tr_<name>() translates */\n");
	fprintf(out, "#define RV_TRANSLATORS(X) \\\n");
	for (int i = 0; i < ntranslators; i++)
		fprintf(out, "\tX(%s)%s\n", translators[i].name, i + 1 < ntranslators ? " \\" : "");
	fprintf(out, "\n#define X(name) RV_TR_##name,\n"
		"enum vmxl_rv64_tr_id { RV_TRANSLATORS(X) RV_TR_NR };\n"
		"#undef X\n\n#endif /* VMXL_RV64_DECODE_H */\n");
}

/* "ZFA+D" to "VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_D" */
static void emit_isa(const char *isa)
{
	char *s = copy(isa);
	const char *sep = "";

	for (char *w = strtok(s, "+"); w; w = strtok(NULL, "+")) {
		if (strcmp(w, "I"))
			fprintf(out, "%sVMXL_RV64_ISA_%s", sep, w);
		else
			fprintf(out, "%s0", sep);
		sep = " | ";
	}
	free(s);
}

static void emit_row(const struct row *r)
{
	fprintf(out, "\t[RV_I_%s] = { \"%s\", %s\", 0x%08x, 0x%08x,\n", r->id, r->name,
		r->fmt->syntax, r->mask, r->match);
	fprintf(out, "\t\t{ 0x%x, 0x%x }, { 0x%x, 0x%x },\n\t\t", r->not_mask[0], r->not_mask[1],
		r->not_match[0], r->not_match[1]);
	emit_isa(r->isa);
	fprintf(out, ", %d, RV_FMT_%s, RV_TR_%s", r->len / 8, r->fmt->name, r->tr->name);
	for (int i = 0; i < r->tr->nparams; i++)
		fprintf(out, "%s%s%s", i ? ", " : ",\n\t\t{ ", prefix_of(r->tr->kind[i]),
			r->param[i]);
	fprintf(out, "%s },\n", r->tr->nparams ? " }" : "");
}

static void emit_table(void)
{
	fprintf(out, "const struct vmxl_rv64_row vmxl_rv64_rows[RV_I_NR] = {\n");
	for (int i = 0; i < nrows; i++)
		emit_row(&rows[i]);
	fprintf(out, "\t[RV_I_ILLEGAL] = { \"illegal\", \"\" },\n};\n");
}

/* The value of a field of word w, as an expression */
static void emit_field(const struct field *f)
{
	int shift = 0;
	bool first = true;

	for (int i = 0; i < f->nseg; i++)
		shift += f->seg[i].len;
	for (int i = 0; i < f->nseg; i++) {
		const struct seg *s = &f->seg[i];

		shift -= s->len;
		if (s->pos < 0)
			continue;
		fprintf(out, "%s%s(w, %d, %d)", first ? "" : " | ",
			first && f->is_signed ? "sbits" : "bits", s->pos, s->len);
		if (shift)
			fprintf(out, " << %d", shift);
		first = false;
	}
	if (f->add)
		fprintf(out, " + %d", f->add);
}

static void emit_extract(void)
{
	fprintf(out, "\nvoid vmxl_rv64_extract(struct vmxl_rv64_insn *i, "
		"enum vmxl_rv64_fmt fmt, u32 w)\n{\n\tswitch (fmt) {\n");
	for (int i = 0; i < nformats; i++) {
		fprintf(out, "\tcase RV_FMT_%s:\n", formats[i].name);
		for (int j = 0; j < formats[i].nargs; j++) {
			const struct arg *a = &formats[i].arg[j];

			fprintf(out, "\t\ti->%s = ", a->name);
			if (a->field)
				emit_field(a->field);
			else
				fprintf(out, "%d", a->value);
			fprintf(out, ";\n");
		}
		fprintf(out, "\t\tbreak;\n");
	}
	fprintf(out, "\tdefault:\n\t\tbreak;\n\t}\n}\n");
}

static void emit_leaf(const struct row *r, uint32_t tested, int depth)
{
	uint32_t left = r->mask & ~tested;

	indent(depth);
	if (left || r->nnot) {
		fprintf(out, "if (");
		if (left)
			fprintf(out, "(w & 0x%x) == 0x%x", left, r->match & left);
		for (int i = 0; i < r->nnot; i++)
			fprintf(out, "%s(w & 0x%x) != 0x%x", left || i ? " && " : "",
				r->not_mask[i], r->not_match[i]);
		fprintf(out, ")\n");
		indent(depth + 1);
	}
	fprintf(out, "return RV_I_%s;\n", r->id);
}

static int by_special(const void *a, const void *b)
{
	const struct row *x = *(const struct row *const *)a, *y = *(const struct row *const *)b;

	if (x->special != y->special)
		return y->special - x->special;
	return (x > y) - (x < y);
}

/*
 * The rows @set agree in the bits @tested. Switch on the bits that are fixed
 * in all of them, else ask for one after the other.
 */
static void emit_tree(struct row **set, size_t n, uint32_t tested, int depth)
{
	uint32_t common = ~tested;
	struct row **sub;

	for (size_t i = 0; i < n; i++)
		common &= set[i]->mask;
	if (n == 1 || !common) {
		qsort(set, n, sizeof(*set), by_special);
		for (size_t i = 0; i < n; i++)
			emit_leaf(set[i], tested, depth);
		return;
	}
	sub = calloc(n, sizeof(*sub));
	if (!sub)
		fatal("out of memory");
	indent(depth);
	fprintf(out, "switch (w & 0x%x) {\n", common);
	for (size_t i = 0; i < n; i++) {
		uint32_t v = set[i]->match & common;
		size_t m = 0;
		bool seen = false;

		for (size_t j = 0; j < i; j++)
			seen |= (set[j]->match & common) == v;
		if (seen)
			continue;
		for (size_t j = i; j < n; j++)
			if ((set[j]->match & common) == v)
				sub[m++] = set[j];
		indent(depth);
		fprintf(out, "case 0x%x:\n", v);
		emit_tree(sub, m, tested | common, depth + 1);
		if (m > 1 || sub[0]->nnot || (sub[0]->mask & ~(tested | common))) {
			indent(depth + 1);
			fprintf(out, "break;\n");
		}
	}
	indent(depth);
	fprintf(out, "}\n");
	free(sub);
}

static void emit_decoder(int len)
{
	struct row *set[MAX_ROWS];
	int n = 0;

	for (int i = 0; i < nrows; i++)
		if (rows[i].len == len)
			set[n++] = &rows[i];
	fprintf(out, "\nenum vmxl_rv64_insn_id vmxl_rv64_decode%d(u32 w)\n{\n", len);
	emit_tree(set, n, len == 32 ? 0 : 0xffff0000, 1);
	fprintf(out, "\treturn RV_I_ILLEGAL;\n}\n");
}

static void emit_source(void)
{
	banner("// SPDX-License-Identifier: GPL-2.0\n");
	fprintf(out, "#include <uapi/linux/vmx_xlate.h>\n"
		"#include \"insn.h\"\n#include \"rv64.h\"\n\n");
	fprintf(out, "static inline u32 bits(u32 w, int pos, int len)\n{\n"
		"\treturn w << (32 - pos - len) >> (32 - len);\n}\n\n");
	fprintf(out, "static inline u32 sbits(u32 w, int pos, int len)\n{\n"
		"\treturn (s32)(w << (32 - pos - len)) >> (32 - len);\n}\n\n");
	emit_table();
	emit_extract();
	emit_decoder(16);
	emit_decoder(32);
}

static void write_file(const char *dir, const char *name, void (*emit)(void))
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	out = fopen(path, "w");
	if (!out) {
		perror(path);
		exit(1);
	}
	emit();
	if (fclose(out)) {
		perror(path);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	if (argc < 4 || strcmp(argv[1], "-o")) {
		fprintf(stderr, "usage: decodegen -o DIR TABLE...\n");
		return 2;
	}
	for (int pass = 0; pass < 2; pass++)
		for (int i = 3; i < argc; i++)
			parse_file(argv[i], !pass);
	check_all();
	if (failed)
		return 1;
	write_file(argv[2], "decode.h", emit_header);
	write_file(argv[2], "decode.c", emit_source);
	return 0;
}
