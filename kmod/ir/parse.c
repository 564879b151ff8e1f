// SPDX-License-Identifier: GPL-2.0
/*
 * The IR parser. Input: text as vmxl_ir_print() writes it, or written by hand
 * (Documentation/ir.rst has the grammar). Output: the unit, not verified.
 * Rules: any text is answered with a unit or with a message; values and
 * labels need not be numbered as the printer numbers them.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../guest/guest.h"
#include "ir.h"

struct parser {
	const char *p;
	struct vmxl_ir *ir;
	const char *err;
	const char **names;	/* by value: its name in the text */
};

static bool fail(struct parser *s, const char *msg)
{
	if (!s->err)
		s->err = msg;
	return false;
}

static bool ident(char c)
{
	return isalnum(c) || c == '_';
}

static void blanks(struct parser *s)
{
	while (*s->p == ' ' || *s->p == '\t')
		s->p++;
}

/* At the end of a line, or at a comment that goes on to it */
static bool at_eol(struct parser *s)
{
	blanks(s);
	return !*s->p || *s->p == '\n' || *s->p == ';';
}

static bool accept(struct parser *s, char c)
{
	blanks(s);
	if (*s->p != c)
		return false;
	s->p++;
	return true;
}

/* The word at hand, if it is this one */
static bool accept_word(struct parser *s, const char *word)
{
	size_t len = strlen(word);

	blanks(s);
	if (strncmp(s->p, word, len) || ident(s->p[len]))
		return false;
	s->p += len;
	return true;
}

/* Index of the word at hand in a table, or -1 */
static int lookup(struct parser *s, const char * const *names, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (*names[i] && accept_word(s, names[i]))
			return i;
	return -1;
}

static bool digits(struct parser *s, unsigned int base, u64 *val)
{
	const char *start = s->p;
	int d;

	for (*val = 0; isxdigit(*s->p); s->p++) {
		d = isdigit(*s->p) ? *s->p - '0' : tolower(*s->p) - 'a' + 10;
		if (d >= base)
			break;
		if (*val > (U64_MAX - d) / base)
			return fail(s, "number too large");
		*val = *val * base + d;
	}
	if (s->p == start || ident(*s->p))
		return fail(s, "number expected");
	return true;
}

static bool number(struct parser *s, u64 *val)
{
	bool neg = accept(s, '-');
	unsigned int base = 10;

	blanks(s);
	if (s->p[0] == '0' && s->p[1] == 'x') {
		s->p += 2;
		base = 16;
	}
	if (!digits(s, base, val))
		return false;
	if (neg)
		*val = -*val;
	return true;
}

static bool number32(struct parser *s, u32 *val)
{
	u64 v;

	if (!number(s, &v))
		return false;
	*val = v;
	return v <= U32_MAX || fail(s, "number too large");
}

static bool same_name(const char *a, const char *b)
{
	while (ident(*a) && *a == *b) {
		a++;
		b++;
	}
	return !ident(*a) && !ident(*b);
}

/* %name; 0 if no value has the name */
static bool value_name(struct parser *s, const char **name, vmxl_ref *r)
{
	vmxl_ref i;

	if (!accept(s, '%') || !ident(*s->p))
		return fail(s, "value expected");
	*name = s->p;
	while (ident(*s->p))
		s->p++;
	*r = 0;
	for (i = s->ir->nr_ops - 1; i; i--) {
		if (s->names[i] && same_name(s->names[i], *name)) {
			*r = i;
			break;
		}
	}
	return true;
}

static bool parse_ref(struct parser *s, vmxl_ref *r)
{
	const char *name;

	if (accept_word(s, "_")) {
		*r = 0;
		return true;
	}
	if (!value_name(s, &name, r))
		return false;
	return *r || fail(s, "unknown value");
}

/* Suffixes: the type, then what aux holds */

static bool suffix_num(struct parser *s, struct vmxl_op *op)
{
	u64 val;

	if (strncmp(s->p, "aux", 3))
		return fail(s, "unknown suffix");
	s->p += 3;
	if (!digits(s, 10, &val))
		return false;
	op->aux = val;
	return val <= U8_MAX || fail(s, "number too large");
}

static bool suffix_mem(struct parser *s, struct vmxl_op *op)
{
	int i = lookup(s, vmxl_ir_mt_name, VMXL_MT_NR);

	if (i >= 0) {
		op->aux = (op->aux & ~VMXL_MEM_MT) | i;
		return true;
	}
	i = lookup(s, vmxl_ir_memflag_name, ARRAY_SIZE(vmxl_ir_memflag_name));
	if (i < 0)
		return suffix_num(s, op);
	op->aux |= VMXL_MEM_ALIGN << i;
	return true;
}

static bool suffix(struct parser *s, struct vmxl_op *op)
{
	int i = -1;

	if (!op->type) {
		i = lookup(s, vmxl_ir_type_name, VMXL_T_NR);
		if (i > 0) {
			op->type = i;
			return true;
		}
	}
	switch (vmxl_ir_aux_kind(op->op)) {
	case VMXL_AUX_CC:
		i = lookup(s, vmxl_ir_cc_name, VMXL_CC_NR);
		break;
	case VMXL_AUX_FLCC:
		i = lookup(s, vmxl_ir_flcc_name, VMXL_FLCC_NR);
		break;
	case VMXL_AUX_MEM:
		return suffix_mem(s, op);
	case VMXL_AUX_RM:
		i = lookup(s, vmxl_ir_rm_name, VMXL_IR_NR_RM);
		break;
	case VMXL_AUX_LANE:
		i = lookup(s, vmxl_ir_lane_name, ARRAY_SIZE(vmxl_ir_lane_name));
		break;
	default:
		break;
	}
	if (i < 0)
		return suffix_num(s, op);
	op->aux = i;
	return true;
}

/* The op's name; names may contain dots, so the longest one counts */
static bool op_name(struct parser *s, struct vmxl_op *op)
{
	size_t best = 0, len;
	unsigned int i;

	for (i = VMXL_IR_NONE + 1; i < VMXL_IR_NR; i++) {
		len = strlen(vmxl_opdesc[i].name);
		if (len > best && !strncmp(s->p, vmxl_opdesc[i].name, len) && !ident(s->p[len])) {
			best = len;
			op->op = i;
		}
	}
	s->p += best;
	return best || fail(s, "unknown op");
}

/* Immediates */

static bool parse_slot(struct parser *s, s64 *imm)
{
	const struct vmxl_slot_name *n = s->ir->guest ? s->ir->guest->slots : NULL;

	if (!accept(s, '$'))
		return fail(s, "slot expected");
	for (; n && n->name; n++) {
		if (accept_word(s, n->name)) {
			*imm = n->slot;
			return true;
		}
	}
	return number(s, (u64 *)imm);
}

static bool parse_helper(struct parser *s, s64 *imm)
{
	unsigned int i;

	if (!accept(s, '@'))
		return fail(s, "helper expected");
	for (i = 0; i < vmxl_ir_nr_helpers(s->ir); i++) {
		if (accept_word(s, s->ir->guest->helpers[i].name)) {
			*imm = i;
			return true;
		}
	}
	return number(s, (u64 *)imm);
}

static bool parse_label(struct parser *s, s64 *imm)
{
	if (!accept(s, 'L'))
		return fail(s, "label expected");
	if (!number(s, (u64 *)imm))
		return false;
	if ((u64)*imm >= VMXL_IR_MAX_LABELS)
		return fail(s, "too many labels");
	s->ir->nr_labels = max(s->ir->nr_labels, (u32)*imm + 1);
	return true;
}

static bool parse_imm(struct parser *s, struct vmxl_op *op)
{
	switch (vmxl_opdesc[op->op].imm) {
	case VMXL_IMM_SLOT:
		return parse_slot(s, &op->imm);
	case VMXL_IMM_HELPER:
		return parse_helper(s, &op->imm);
	case VMXL_IMM_LABEL:
		return parse_label(s, &op->imm);
	case VMXL_IMM_EXIT:
		if (!accept(s, 'e'))
			return fail(s, "exit expected");
		return number(s, (u64 *)&op->imm);
	default:
		return number(s, (u64 *)&op->imm);
	}
}

/* Values, then the immediate, with commas between them */
static bool operands(struct parser *s, struct vmxl_op *op)
{
	vmxl_ref *args[3] = { &op->a, &op->b, &op->c };
	unsigned int n = 0;

	if (at_eol(s))
		return true;
	do {
		blanks(s);
		if (*s->p != '%' && *s->p != '_')
			return parse_imm(s, op);
		if (n == ARRAY_SIZE(args))
			return fail(s, "too many operands");
		if (!parse_ref(s, args[n++]))
			return false;
	} while (accept(s, ','));
	return true;
}

static bool missing(const struct vmxl_op *op)
{
	unsigned int n;

	if (op->op == VMXL_IR_CALL)
		return false;
	for (n = 0; n < vmxl_opdesc[op->op].nargs; n++)
		if (!vmxl_ir_arg(op, n))
			return true;
	return false;
}

static bool parse_op(struct parser *s)
{
	const char *name = NULL;
	struct vmxl_op op = {};
	vmxl_ref r;

	blanks(s);
	if (*s->p == '%') {
		if (!value_name(s, &name, &r))
			return false;
		if (r)
			return fail(s, "value named twice");
		if (!accept(s, '='))
			return fail(s, "= expected");
		blanks(s);
	}
	if (!op_name(s, &op))
		return false;
	while (*s->p == '.') {
		s->p++;
		if (!suffix(s, &op))
			return false;
	}
	if (!operands(s, &op))
		return false;
	if (missing(&op))
		return fail(s, "operand missing");
	r = vmxl_ir_emit(s->ir, op);
	if (!r)
		return fail(s, "too many ops");
	s->names[r] = name;
	return true;
}

static bool parse_unit(struct parser *s)
{
	struct vmxl_ir *ir = s->ir;

	if (!number(s, &ir->pc) || !number(s, &ir->end))
		return false;
	if (accept_word(s, "fp") && !number32(s, &ir->fp))
		return false;
	if (accept_word(s, "labels") && !number32(s, &ir->nr_labels))
		return false;
	return ir->nr_labels <= VMXL_IR_MAX_LABELS || fail(s, "too many labels");
}

static bool parse_exit(struct parser *s)
{
	enum vmxl_hint hint = VMXL_HINT_NONE;
	u32 nr, ninsn;
	bool link;
	int i;
	u64 pc;

	if (!accept(s, 'e'))
		return fail(s, "exit expected");
	if (!number32(s, &nr) || !number(s, &pc) || !number32(s, &ninsn))
		return false;
	link = accept_word(s, "link");
	i = lookup(s, vmxl_ir_hint_name, ARRAY_SIZE(vmxl_ir_hint_name));
	if (i > 0)
		hint = i;
	if (nr != s->ir->nr_exits)
		return fail(s, "exits out of order");
	vmxl_ir_exit(s->ir, pc, ninsn, link, hint);
	return !s->ir->full || fail(s, "too many exits");
}

static bool parse_insn(struct parser *s)
{
	u64 pc;

	if (!number(s, &pc))
		return false;
	if (pc - s->ir->pc > U32_MAX)
		return fail(s, "instruction outside the unit");
	vmxl_ir_insn(s->ir, pc);
	return !s->ir->full || fail(s, "too many instructions");
}

static bool parse_line(struct parser *s, bool *begun)
{
	bool ok;

	if (at_eol(s))
		ok = true;
	else if (!*begun)
		*begun = ok = accept_word(s, "unit") && parse_unit(s);
	else if (accept_word(s, "exit"))
		ok = parse_exit(s);
	else if (accept_word(s, "insn"))
		ok = parse_insn(s);
	else
		ok = parse_op(s);
	if (!ok)
		return fail(s, "unit expected");
	return at_eol(s) || fail(s, "end of line expected");
}

/**
 * vmxl_ir_parse() - read the text form
 * @ir: out: the unit; its @guest is the caller's to set beforehand, or NULL
 * @text: the text
 * @err: out: message if it is not well-formed
 * @line: out: the line that it is about, from 1
 *
 * Return: 0, -EINVAL with @err and @line set, or -ENOMEM.
 */
int vmxl_ir_parse(struct vmxl_ir *ir, const char *text, const char **err, unsigned int *line)
{
	struct parser s = { .p = text, .ir = ir };
	bool begun = false;

	*err = NULL;
	*line = 0;
	s.names = kvcalloc(VMXL_IR_MAX_OPS, sizeof(*s.names), GFP_KERNEL);
	if (!s.names) {
		*err = "out of memory";
		return -ENOMEM;
	}
	vmxl_ir_init(ir, ir->guest, 0);
	while (*s.p && !s.err) {
		++*line;
		if (!parse_line(&s, &begun))
			break;
		s.p += strcspn(s.p, "\n");
		s.p += *s.p == '\n';
	}
	if (!begun)
		fail(&s, "unit expected");
	kvfree(s.names);
	*err = s.err;
	return s.err ? -EINVAL : 0;
}
