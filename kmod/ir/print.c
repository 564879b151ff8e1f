// SPDX-License-Identifier: GPL-2.0
/*
 * The IR printer. Input: any unit. Output: its text form, which parse.c reads
 * back to the same unit; Documentation/ir.rst has the grammar.
 */
#include <linux/kernel.h>
#include "../guest/guest.h"
#include "ir.h"

const char * const vmxl_ir_type_name[VMXL_T_NR] = {
	"none", "i64", "s32", "z32", "i16", "i8", "f16", "f32", "f64", "v128",
};

const char * const vmxl_ir_cc_name[VMXL_CC_NR] = {
	"eq", "ne", "lt", "ge", "ltu", "geu",
};

const char * const vmxl_ir_flcc_name[VMXL_FLCC_NR] = {
	"z", "nz", "c", "nc", "n", "nn", "v", "nv", "p", "np", "cz", "ncz",
	"lt", "ge", "le", "gt", "hi", "ls",
};

const char * const vmxl_ir_mt_name[VMXL_MT_NR] = {
	"u8", "u16", "u32", "u64", "s8", "s16", "s32", "v128",
};

const char * const vmxl_ir_memflag_name[5] = {
	"align", "unpriv", "acq", "rel", "tso",
};

const char * const vmxl_ir_rm_name[VMXL_IR_NR_RM] = {
	"rne", "rtz", "rdn", "rup", "rmm", "odd",
};

const char * const vmxl_ir_lane_name[4] = {
	"b", "h", "w", "d",
};

const char * const vmxl_ir_hint_name[3] = {
	"", "call", "ret",
};

/**
 * vmxl_ir_aux_kind() - what aux of an op means
 * @op: VMXL_IR_*
 */
enum vmxl_ir_aux vmxl_ir_aux_kind(u16 op)
{
	switch (op) {
	case VMXL_IR_SET:
	case VMXL_IR_BR:
	case VMXL_IR_BRL:
		return VMXL_AUX_CC;
	case VMXL_IR_FL_TEST:
		return VMXL_AUX_FLCC;
	case VMXL_IR_LD:
	case VMXL_IR_ST:
	case VMXL_IR_RMW:
	case VMXL_IR_CAS:
	case VMXL_IR_LDX:
	case VMXL_IR_STX:
		return VMXL_AUX_MEM;
	default:
		if (op >= VMXL_IR_FADD && op <= VMXL_IR_FTOIMOD)
			return VMXL_AUX_RM;
		return op >= VMXL_IR_VAND && op <= VMXL_IR_VSET ? VMXL_AUX_LANE : VMXL_AUX_NONE;
	}
}

struct printer {
	vmxl_print_fn print;
	void *ctx;
	const char *sep;		/* before the next operand */
};

#define P(p, ...) ((p)->print((p)->ctx, __VA_ARGS__))

/* A name, or the number if there is none */
static void print_name(struct printer *p, const char * const *names, unsigned int nr,
		       unsigned int val)
{
	if (val < nr)
		P(p, ".%s", names[val]);
	else
		P(p, ".aux%u", val);
}

static void print_mem(struct printer *p, u8 aux)
{
	unsigned int i;

	print_name(p, vmxl_ir_mt_name, VMXL_MT_NR, aux & VMXL_MEM_MT);
	for (i = 0; i < ARRAY_SIZE(vmxl_ir_memflag_name); i++)
		if (aux & (VMXL_MEM_ALIGN << i))
			P(p, ".%s", vmxl_ir_memflag_name[i]);
}

static void print_aux(struct printer *p, const struct vmxl_op *op)
{
	switch (vmxl_ir_aux_kind(op->op)) {
	case VMXL_AUX_CC:
		print_name(p, vmxl_ir_cc_name, VMXL_CC_NR, op->aux);
		break;
	case VMXL_AUX_FLCC:
		print_name(p, vmxl_ir_flcc_name, VMXL_FLCC_NR, op->aux);
		break;
	case VMXL_AUX_MEM:
		print_mem(p, op->aux);
		break;
	case VMXL_AUX_RM:
		print_name(p, vmxl_ir_rm_name, VMXL_IR_NR_RM, op->aux);
		break;
	case VMXL_AUX_LANE:
		print_name(p, vmxl_ir_lane_name, ARRAY_SIZE(vmxl_ir_lane_name), op->aux);
		break;
	default:
		if (op->aux)
			P(p, ".aux%u", op->aux);
	}
}

static void print_slot(struct printer *p, const struct vmxl_guest *guest, s64 slot)
{
	const struct vmxl_slot_name *n = guest ? guest->slots : NULL;

	for (; n && n->name; n++) {
		if (n->slot == slot) {
			P(p, "$%s", n->name);
			return;
		}
	}
	P(p, "$%lld", slot);
}

static void print_imm(struct printer *p, const struct vmxl_ir *ir, const struct vmxl_op *op)
{
	u8 kind = vmxl_opdesc[op->op].imm;

	if (kind == VMXL_IMM_NONE && !op->imm)
		return;
	P(p, "%s", p->sep);
	switch (kind) {
	case VMXL_IMM_SLOT:
		print_slot(p, ir->guest, op->imm);
		break;
	case VMXL_IMM_EXIT:
		P(p, "e%lld", op->imm);
		break;
	case VMXL_IMM_LABEL:
		P(p, "L%lld", op->imm);
		break;
	case VMXL_IMM_HELPER:
		if ((u64)op->imm < vmxl_ir_nr_helpers(ir))
			P(p, "@%s", ir->guest->helpers[op->imm].name);
		else
			P(p, "@%lld", op->imm);
		break;
	case VMXL_IMM_CONST:
		P(p, "%#llx", op->imm);
		break;
	default:
		P(p, "%lld", op->imm);
	}
}

/* Trailing operands that are absent and not the op's are left out. */
static void print_args(struct printer *p, const struct vmxl_op *op)
{
	unsigned int n, nargs = vmxl_opdesc[op->op].nargs;

	while (nargs < 3 && vmxl_ir_arg(op, nargs))
		nargs++;
	for (n = 0; n < nargs; n++) {
		vmxl_ref r = vmxl_ir_arg(op, n);

		if (r)
			P(p, "%s%%%u", p->sep, r);
		else
			P(p, "%s_", p->sep);
		p->sep = ", ";
	}
}

static void print_op(struct printer *p, const struct vmxl_ir *ir, unsigned int i)
{
	const struct vmxl_op *op = &ir->ops[i];

	P(p, "\t");
	if (op->op >= VMXL_IR_NR) {
		P(p, "op%u\n", op->op);
		return;
	}
	if (vmxl_opdesc[op->op].res != VMXL_RES_NONE)
		P(p, "%%%u = ", i);
	P(p, "%s", vmxl_opdesc[op->op].name);
	if (op->type)
		print_name(p, vmxl_ir_type_name, VMXL_T_NR, op->type);
	print_aux(p, op);
	p->sep = " ";
	print_args(p, op);
	print_imm(p, ir, op);
	P(p, "\n");
}

static void print_exits(struct printer *p, const struct vmxl_ir *ir)
{
	unsigned int i;

	for (i = 0; i < ir->nr_exits && i < VMXL_IR_MAX_EXITS; i++) {
		const struct vmxl_ir_exit *e = &ir->exits[i];

		P(p, "exit e%u %#llx %u%s", i, e->pc, e->ninsn, e->linkable ? " link" : "");
		if (e->hint && e->hint < ARRAY_SIZE(vmxl_ir_hint_name))
			P(p, " %s", vmxl_ir_hint_name[e->hint]);
		P(p, "\n");
	}
}

/**
 * vmxl_ir_print() - print a unit in the text form
 * @ir: the unit
 * @print: called with pieces of the text
 * @ctx: first argument of @print
 */
void vmxl_ir_print(const struct vmxl_ir *ir, vmxl_print_fn print, void *ctx)
{
	struct printer p = { .print = print, .ctx = ctx };
	unsigned int i, insn = 0, nr_insns = min_t(u32, ir->nr_insns, VMXL_IR_MAX_INSNS);

	P(&p, "unit %#llx %#llx", ir->pc, ir->end);
	if (ir->fp)
		P(&p, " fp %#x", ir->fp);
	if (ir->nr_labels)
		P(&p, " labels %u", ir->nr_labels);
	P(&p, "\n");
	print_exits(&p, ir);
	for (i = 1; i <= ir->nr_ops && i <= VMXL_IR_MAX_OPS; i++) {
		for (; insn < nr_insns && ir->insns[insn].op <= i; insn++)
			P(&p, "insn %#llx\n", ir->pc + ir->insns[insn].off);
		if (i < ir->nr_ops && i < VMXL_IR_MAX_OPS)
			print_op(&p, ir, i);
	}
}
