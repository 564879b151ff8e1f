// SPDX-License-Identifier: GPL-2.0
/*
 * Instructions as text, both ways. How an argument is spread over the bits of
 * an instruction is found by extracting one bit at a time, so that nothing
 * here repeats the decode table.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "asm.h"

u64 rv_rnd(struct rv_rng *r)
{
	u64 z = r->s += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

bool rv_matches(const struct vmxl_rv64_row *row, u32 w)
{
	if ((w & row->mask) != row->match)
		return false;
	for (int n = 0; n < 2; n++)
		if (row->not_mask[n] && (w & row->not_mask[n]) == row->not_match[n])
			return false;
	return true;
}

static u32 word_mask(const struct vmxl_rv64_row *row)
{
	return row->len == 4 ? ~0u : 0xffff;
}

u32 rv_sample(const struct vmxl_rv64_row *row, struct rv_rng *r)
{
	struct vmxl_rv64_insn i;
	u32 w;

	do {
		w = (row->match | ((u32)rv_rnd(r) & ~row->mask)) & word_mask(row);
		vmxl_rv64_decode(&i, w);
	} while (i.row != row);
	return w;
}

#define NARGS	7

static void to_array(const struct vmxl_rv64_insn *i, u32 *a)
{
	const u32 v[NARGS] = { i->rd, i->rs1, i->rs2, i->rs3, i->rm, i->aqrl, i->imm };

	memcpy(a, v, sizeof(v));
}

bool rv_encode(const struct vmxl_rv64_insn *i, u32 *w)
{
	u32 want[NARGS], base[NARGS], got[NARGS];
	struct vmxl_rv64_insn t = { };

	to_array(i, want);
	vmxl_rv64_extract(&t, i->row->fmt, i->row->match);
	to_array(&t, base);
	*w = i->row->match;
	for (int b = 0; b < i->row->len * 8; b++) {
		if (i->row->mask & 1u << b)
			continue;
		vmxl_rv64_extract(&t, i->row->fmt, i->row->match | 1u << b);
		to_array(&t, got);
		for (int n = 0; n < NARGS; n++) {
			u32 delta = got[n] ^ base[n];

			if ((want[n] ^ base[n]) & delta & -delta)
				*w |= 1u << b;
		}
	}
	if (!vmxl_rv64_decode(&t, *w) || t.row != i->row)
		return false;
	to_array(&t, got);
	return !memcmp(got, want, sizeof(got));
}

static const struct vmxl_rv64_row *find_row(const char *name)
{
	for (int n = 0; n < RV_I_ILLEGAL; n++)
		if (!strcmp(vmxl_rv64_rows[n].name, name))
			return &vmxl_rv64_rows[n];
	return NULL;
}

static const char *const rms[8] = { "rne", "rtz", "rdn", "rup", "rmm", "rm5", "rm6", "dyn" };

/* ".aq", ".rl", ".aqrl" after an atomic's name */
static const struct vmxl_rv64_row *find_mnemonic(char *name, u8 *aqrl)
{
	static const char *const suffix[] = { NULL, ".rl", ".aq", ".aqrl" };
	const struct vmxl_rv64_row *row = find_row(name);
	size_t len = strlen(name);

	for (int n = 3; !row && n; n--) {
		size_t l = strlen(suffix[n]);

		if (len > l && !strcmp(name + len - l, suffix[n])) {
			name[len - l] = 0;
			*aqrl = n;
			row = find_row(name);
		}
	}
	return row;
}

static bool number(const char **s, long long *v)
{
	char *end;

	*v = **s == '-' ? strtoll(*s, &end, 0) : (long long)strtoull(*s, &end, 0);
	if (end == *s)
		return false;
	*s = end;
	return true;
}

static bool reg(const char **s, char kind, long long *v)
{
	if (**s != kind)
		return false;
	++*s;
	return number(s, v) && *v >= 0 && *v < 32;
}

static bool round_name(const char **s, long long *v)
{
	for (int n = 0; n < 8; n++)
		if (!strncmp(*s, rms[n], 3)) {
			*v = n;
			*s += 3;
			return true;
		}
	return false;
}

/* A number, or ".+8": so far from the instruction */
static bool place(const char **s, u64 pc, long long *v)
{
	bool relative = **s == '.';

	if (relative)
		*s += 1 + ((*s)[1] == '+');
	if (!number(s, v))
		return false;
	*v += relative ? pc : 0;
	return true;
}

/* The argument that letter @c of the syntax stands for */
static bool argument(struct vmxl_rv64_insn *i, char c, const char **s, u64 pc)
{
	bool is_reg = strchr("dstr", tolower(c));
	long long v;

	if (c == 'm' ? !round_name(s, &v) :
	    is_reg ? !reg(s, isupper(c) ? 'f' : 'x', &v) : !place(s, pc, &v))
		return false;
	switch (tolower(c)) {
	case 'd': i->rd = v; break;
	case 's': case 'z': case 'v': i->rs1 = v; break;
	case 't': i->rs2 = v; break;
	case 'r': i->rs3 = v; break;
	case 'm': i->rm = v; break;
	case 'u': i->imm = (u32)v << 12; break;
	case 'p': i->imm = v - pc; break;
	default: i->imm = v; break;
	}
	return true;
}

/* What the format sets by itself */
static void implied(struct vmxl_rv64_insn *i)
{
	const char *syntax = i->row->syntax;
	struct vmxl_rv64_insn t = { };

	vmxl_rv64_extract(&t, i->row->fmt, i->row->match);
	i->rd = t.rd;
	i->rs1 = t.rs1;
	i->rs2 = t.rs2;
	if (!strpbrk(syntax, "iupcf"))
		i->imm = t.imm;
	i->rm = strchr(syntax, 'm') ? 7 : t.rm;
}

const char *rv_asm(const char *text, u64 pc, u32 *w)
{
	struct vmxl_rv64_insn i = { };
	char name[32];
	int n = 0;

	if (sscanf(text, " %31[^ ,\t\n]%n", name, &n) != 1)
		return "no instruction";
	i.row = find_mnemonic(name, &i.aqrl);
	if (!i.row)
		return "no such instruction";
	implied(&i);
	text += n;
	for (const char *c = i.row->syntax; *c; c++) {
		text += strspn(text, " \t");
		if (!isalpha((unsigned char)*c)) {
			if (*text != *c && strcmp(c, ",m"))
				return "operands";
			if (*text != *c)
				break;
			text++;
		} else if (!argument(&i, *c, &text, pc)) {
			return "operand";
		}
	}
	/* a register that is both source and destination is written once */
	if (!strchr(i.row->syntax, 's') && i.row->len == 2 && strchr(i.row->syntax, 'd')) {
		struct vmxl_rv64_insn t = { };

		vmxl_rv64_extract(&t, i.row->fmt, i.row->match | (0xffff & ~i.row->mask));
		i.rs1 = t.rs1 == t.rd ? i.rd : t.rs1;
	}
	return rv_encode(&i, w) ? NULL : "an operand does not fit";
}

static int put_argument(char *buf, size_t size, const struct vmxl_rv64_insn *i, char c, u64 pc)
{
	char f = isupper(c) ? 'f' : 'x';

	switch (tolower(c)) {
	case 'd': return snprintf(buf, size, "%c%d", f, i->rd);
	case 's': return snprintf(buf, size, "%c%d", f, i->rs1);
	case 't': return snprintf(buf, size, "%c%d", f, i->rs2);
	case 'r': return snprintf(buf, size, "%c%d", f, i->rs3);
	case 'm': return snprintf(buf, size, "%s", rms[i->rm]);
	case 'z': case 'v': return snprintf(buf, size, "%d", i->rs1);
	case 'u': return snprintf(buf, size, "0x%x", (u32)i->imm >> 12);
	case 'p': return snprintf(buf, size, "0x%llx", (unsigned long long)pc + i->imm);
	case 'c': return snprintf(buf, size, "0x%x", i->imm);
	case 'i': return snprintf(buf, size, "%d", i->imm);
	default: return snprintf(buf, size, "%d", i->imm & 0xfff);
	}
}

void rv_print(char *buf, size_t size, u32 w, u64 pc)
{
	static const char *const order[] = { "", ".rl", ".aq", ".aqrl" };
	struct vmxl_rv64_insn i;
	size_t n;

	if (!vmxl_rv64_decode(&i, w)) {
		snprintf(buf, size, ".word 0x%x", w);
		return;
	}
	n = snprintf(buf, size, "%s%s ", i.row->name, order[i.aqrl & 3]);
	for (const char *c = i.row->syntax; *c && n < size; c++) {
		if (isalpha((unsigned char)*c))
			n += put_argument(buf + n, size - n, &i, *c, pc);
		else
			n += snprintf(buf + n, size - n, "%c", *c);
	}
}
