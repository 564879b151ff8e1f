// SPDX-License-Identifier: GPL-2.0
/*
 * The op table as data: names, operand counts, effects. Everything here
 * comes from ops.h.
 */
#include <linux/build_bug.h>
#include "../guest/guest.h"
#include "ir.h"

#define X(name, text, nargs, res, imm, eff)				\
	[VMXL_IR_##name] = {						\
		text, nargs, VMXL_RES_##res, VMXL_IMM_##imm, VMXL_EFF_##eff,	\
	},

const struct vmxl_opdesc vmxl_opdesc[VMXL_IR_NR] = {
	[VMXL_IR_NONE] = { "none", 0, VMXL_RES_NONE, VMXL_IMM_NONE, VMXL_EFF_PURE },
	VMXL_IR_OPS(X)
};

#undef X

static_assert(VMXL_IR_NR <= 256);	/* struct vmxl_iop keeps op numbers in 8 bits */
static_assert(VMXL_IR_MAX_OPS <= U16_MAX);
static_assert(sizeof(struct vmxl_op) == 24);

/**
 * vmxl_ir_res_is_v128() - is an op's result 128 bits wide?
 * @op: the op
 */
bool vmxl_ir_res_is_v128(const struct vmxl_op *op)
{
	u8 res = vmxl_opdesc[op->op].res;

	return res == VMXL_RES_V128 || (res == VMXL_RES_ANY && op->type == VMXL_T_V128);
}

/**
 * vmxl_ir_arg_is_v128() - is an operand 128 bits wide?
 * @op: the op
 * @n: 0 to 2 for a, b, c
 */
bool vmxl_ir_arg_is_v128(const struct vmxl_op *op, unsigned int n)
{
	switch (op->op) {
	case VMXL_IR_PUT:
		return op->type == VMXL_T_V128;
	case VMXL_IR_ST:
	case VMXL_IR_STX:
	case VMXL_IR_CAS:
		return n > 0 && op->type == VMXL_T_V128;
	case VMXL_IR_VDUP:
		return false;
	case VMXL_IR_VSET:
		return n == 0;
	default:
		return op->op >= VMXL_IR_VAND && op->op <= VMXL_IR_VGET;
	}
}

/**
 * vmxl_ir_slot_ok() - may GET and PUT name a slot?
 * @slot: the slot
 * @v128: and the one after it
 */
bool vmxl_ir_slot_ok(s64 slot, bool v128)
{
	if (slot == VMXL_SLOT(fp_flags))
		return !v128;
	return slot >= (s64)VMXL_SLOT_GUEST && slot < (s64)VMXL_SLOT_NR - v128;
}

/**
 * vmxl_ir_nr_helpers() - helpers that CALL may name
 * @ir: the unit
 */
unsigned int vmxl_ir_nr_helpers(const struct vmxl_ir *ir)
{
	return ir->guest ? ir->guest->nr_helpers : 0;
}
