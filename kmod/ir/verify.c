// SPDX-License-Identifier: GPL-2.0
/*
 * The IR verifier: every rule that Documentation/ir.rst gives for a unit.
 *
 * Input: any struct vmxl_ir. Output: NULL, or a message and the op. Run by
 * debug builds, tests and fuzzers; instruction selection checks for itself
 * what it must not rely on.
 */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include "../mmu/tlb.h"
#include "ir.h"

#define NOWHERE		U16_MAX

struct verify {
	const struct vmxl_ir *ir;
	unsigned int i;
	unsigned int seg;		/* last LABEL */
	unsigned int insn;		/* instruction marks passed */
	u16 label_insn[VMXL_IR_MAX_LABELS];	/* instruction that a label stands in */
};

#define T(t)		BIT(VMXL_T_##t)
#define T_INT		(T(I64) | T(S32) | T(Z32))
#define T_FP		(T(F16) | T(F32) | T(F64))

/* The types that an op may have */
static unsigned long types_of(u16 op)
{
	switch (op) {
	case VMXL_IR_MULHS:
	case VMXL_IR_MULHU:
	case VMXL_IR_MULHSU:
	case VMXL_IR_CLMUL:
	case VMXL_IR_CLMULH:
	case VMXL_IR_FL_TEST:
	case VMXL_IR_RMW:
	case VMXL_IR_LDX:
	case VMXL_IR_STX:
	case VMXL_IR_VGET:
	case VMXL_IR_CALL:
		return T(I64);
	case VMXL_IR_GET:
	case VMXL_IR_PUT:
	case VMXL_IR_LD:
	case VMXL_IR_ST:
	case VMXL_IR_CAS:
		return T(I64) | T(V128);
	case VMXL_IR_SET:
	case VMXL_IR_BR:
	case VMXL_IR_BRL:
		return T(I64) | T(Z32);
	case VMXL_IR_FTOIMOD:
		return T(F64);
	}
	if (op <= VMXL_IR_SEL)
		return T_INT;
	if (op <= VMXL_IR_FL_UMUL)
		return T(I8) | T(I16) | T(Z32) | T(I64);
	if (op <= VMXL_IR_PROBE)
		return T(NONE);
	if (op <= VMXL_IR_FUNBOX)
		return T_FP;
	return op <= VMXL_IR_VSET ? T(V128) : T(NONE);
}

static bool aux_ok(const struct vmxl_op *op)
{
	switch (vmxl_ir_aux_kind(op->op)) {
	case VMXL_AUX_CC:
		return op->aux < VMXL_CC_NR;
	case VMXL_AUX_FLCC:
		return op->aux < VMXL_FLCC_NR;
	case VMXL_AUX_MEM:
		return ((op->aux & VMXL_MEM_MT) == VMXL_MT_V128) == (op->type == VMXL_T_V128);
	case VMXL_AUX_RM:
		return op->aux < VMXL_IR_NR_RM;
	case VMXL_AUX_LANE:
		return op->aux < ARRAY_SIZE(vmxl_ir_lane_name);
	default:
		return !op->aux;
	}
}

static bool field_ok(const struct vmxl_op *op)
{
	s64 pos = op->imm & 0xff, len = op->imm >> 8;

	return op->imm >= 0 && len > 0 && pos + len <= (op->type == VMXL_T_I64 ? 64 : 32);
}

static bool below(s64 imm, u64 limit)
{
	return (u64)imm < limit;
}

/* imm where its meaning is the op's own */
static bool num_ok(const struct vmxl_op *op)
{
	switch (op->op) {
	case VMXL_IR_SHADD:
		return below(op->imm, op->type == VMXL_T_I64 ? 64 : 32);
	case VMXL_IR_EXTRACT:
	case VMXL_IR_DEPOSIT:
		return field_ok(op);
	case VMXL_IR_RMW:
		return below(op->imm, VMXL_RMW_NR);
	case VMXL_IR_LDX:
	case VMXL_IR_STX:
		return below(op->imm, VMXL_LDX_PAIR + 1);
	case VMXL_IR_FENCE:
		return below(op->imm, VMXL_FENCE_ALL + 1);
	case VMXL_IR_ZBLK:
		return op->imm > 0 && op->imm <= VMXL_PAGE_SIZE && is_power_of_2(op->imm);
	case VMXL_IR_PROBE:
		return below(op->imm, VMXL_ACCESS_RW_ANY + 1);
	case VMXL_IR_FRINT:
		return below(op->imm, 2);
	case VMXL_IR_FCVT:
		return below(op->imm, VMXL_T_NR) && (T_FP & BIT(op->imm)) && op->imm != op->type;
	case VMXL_IR_FTOI:
	case VMXL_IR_ITOF:
		return below(op->imm, VMXL_FINT_U64 + 1);
	case VMXL_IR_VSHL:
	case VMXL_IR_VSHR:
	case VMXL_IR_VSAR:
		return below(op->imm, 8u << (op->aux & 3));
	case VMXL_IR_VGET:
	case VMXL_IR_VSET:
		return below(op->imm, 16u >> (op->aux & 3));
	case VMXL_IR_JUMPR:
		return below(op->imm, VMXL_HINT_RET + 1);
	case VMXL_IR_SWITCH:
		return below(op->imm, 2);
	case VMXL_IR_TRAP:
		return op->imm == (u32)op->imm;
	default:
		return false;
	}
}

static bool imm_ok(const struct verify *v, const struct vmxl_op *op)
{
	switch (vmxl_opdesc[op->op].imm) {
	case VMXL_IMM_CONST:
		return true;
	case VMXL_IMM_SLOT:
		return vmxl_ir_slot_ok(op->imm, op->type == VMXL_T_V128);
	case VMXL_IMM_DISP:
		return op->imm == (s32)op->imm;
	case VMXL_IMM_EXIT:
		return below(op->imm, v->ir->nr_exits);
	case VMXL_IMM_LABEL:
		return below(op->imm, v->ir->nr_labels);
	case VMXL_IMM_HELPER:
		return below(op->imm, vmxl_ir_nr_helpers(v->ir));
	case VMXL_IMM_NUM:
		return num_ok(op);
	default:
		return !op->imm;
	}
}

static const char *check_arg(const struct verify *v, const struct vmxl_op *op, unsigned int n)
{
	vmxl_ref r = vmxl_ir_arg(op, n);

	if (n >= vmxl_opdesc[op->op].nargs)
		return r ? "operand that the op does not have" : NULL;
	if (!r)
		return op->op == VMXL_IR_CALL ? NULL : "operand missing";
	if (r >= v->i)
		return "value used before it is made";
	if (vmxl_opdesc[v->ir->ops[r].op].res == VMXL_RES_NONE)
		return "operand is an op without result";
	if (r < v->seg)
		return "value used after a label";
	if (vmxl_ir_res_is_v128(&v->ir->ops[r]) != vmxl_ir_arg_is_v128(op, n))
		return "operand of the wrong width";
	return NULL;
}

static bool ends(const struct vmxl_op *op)
{
	return vmxl_opdesc[op->op].effects & VMXL_EFF_END;
}

/* What cannot be reached any other way must begin with a label. */
static const char *check_flow(const struct verify *v, const struct vmxl_op *op)
{
	bool stops = ends(op) || op->op == VMXL_IR_GOTO;

	if (v->i == v->ir->nr_ops - 1)
		return ends(op) ? NULL : "unit does not end with an END op";
	if (stops && v->ir->ops[v->i + 1].op != VMXL_IR_LABEL)
		return "op cannot be reached";
	return NULL;
}

static const char *check_op(struct verify *v, const struct vmxl_op *op)
{
	const char *msg;
	unsigned int n;

	if (op->op <= VMXL_IR_NONE || op->op >= VMXL_IR_NR)
		return "unknown op";
	if (op->type >= VMXL_T_NR || !(types_of(op->op) & BIT(op->type)))
		return "type that the op does not have";
	if (!aux_ok(op))
		return "bad aux";
	if (!imm_ok(v, op))
		return "bad immediate";
	for (n = 0; n < 3; n++) {
		msg = check_arg(v, op, n);
		if (msg)
			return msg;
	}
	return check_flow(v, op);
}

static void pass_insns(struct verify *v, unsigned int i)
{
	while (v->insn < v->ir->nr_insns && v->ir->insns[v->insn].op <= i)
		v->insn++;
}

static const char *place_label(struct verify *v, const struct vmxl_op *op)
{
	if (op->op != VMXL_IR_LABEL)
		return NULL;
	v->seg = v->i;
	if (v->label_insn[op->imm] != NOWHERE)
		return "label placed twice";
	v->label_insn[op->imm] = v->insn;
	return NULL;
}

static const char *check_goto(struct verify *v, const struct vmxl_op *op)
{
	if (op->op != VMXL_IR_GOTO && op->op != VMXL_IR_BRL)
		return NULL;
	if (v->label_insn[op->imm] == NOWHERE)
		return "label not placed";
	return v->label_insn[op->imm] == v->insn ? NULL : "jump into another instruction";
}

typedef const char *(*check_fn)(struct verify *v, const struct vmxl_op *op);

static const char *check_ops(struct verify *v, check_fn check)
{
	const char *msg;

	v->insn = 0;
	v->seg = 0;
	for (v->i = 1; v->i < v->ir->nr_ops; v->i++) {
		pass_insns(v, v->i);
		msg = check(v, &v->ir->ops[v->i]);
		if (msg)
			return msg;
	}
	return NULL;
}

static const char *check_op_and_label(struct verify *v, const struct vmxl_op *op)
{
	return check_op(v, op) ?: place_label(v, op);
}

static const char *check_tables(const struct vmxl_ir *ir)
{
	unsigned int i;

	if (ir->full)
		return "unit is full";
	if (ir->nr_ops < 2 || ir->nr_ops > VMXL_IR_MAX_OPS || ir->nr_insns > VMXL_IR_MAX_INSNS ||
	    ir->nr_exits > VMXL_IR_MAX_EXITS || ir->nr_labels > VMXL_IR_MAX_LABELS)
		return "bad count";
	if (ir->end < ir->pc || ir->end - ir->pc > U16_MAX)
		return "bad end";
	for (i = 0; i < ir->nr_insns; i++) {
		if (ir->insns[i].op < 1 || ir->insns[i].op > ir->nr_ops ||
		    (i && ir->insns[i].op < ir->insns[i - 1].op))
			return "instruction marks out of order";
		if (ir->insns[i].off > ir->end - ir->pc ||
		    (i && ir->insns[i].off < ir->insns[i - 1].off))
			return "instruction addresses out of order";
	}
	for (i = 0; i < ir->nr_exits; i++) {
		if (ir->exits[i].ninsn > ir->nr_insns || ir->exits[i].hint > VMXL_HINT_RET ||
		    ir->exits[i].linkable > 1 || ir->exits[i].reserved)
			return "bad exit";
	}
	return NULL;
}

/**
 * vmxl_ir_verify() - check a unit
 * @ir: the unit
 * @at: out: the op that is wrong, 0 if it is not an op; may be NULL
 *
 * Return: NULL if it is well-formed, or what is wrong.
 */
const char *vmxl_ir_verify(const struct vmxl_ir *ir, u32 *at)
{
	struct verify v = { .ir = ir };
	const char *msg = check_tables(ir);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(v.label_insn); i++)
		v.label_insn[i] = NOWHERE;
	if (!msg)
		msg = check_ops(&v, check_op_and_label);
	if (!msg)
		msg = check_ops(&v, check_goto);
	if (at)
		*at = msg ? v.i : 0;
	return msg;
}
