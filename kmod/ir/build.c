// SPDX-License-Identifier: GPL-2.0
/*
 * The IR builder.
 *
 * Input: ops in program order. Output: struct vmxl_ir, every index in bounds.
 * Rules: running out of room sets ir->full and drops what does not fit; the
 * unit is of no use then, but nothing is written out of bounds.
 */
#include "ir.h"

/**
 * vmxl_ir_init() - begin a unit
 * @ir: the unit
 * @guest: whose slots and helpers it names
 * @pc: guest virtual address of its first instruction
 */
void vmxl_ir_init(struct vmxl_ir *ir, const struct vmxl_guest *guest, u64 pc)
{
	ir->guest = guest;
	ir->pc = pc;
	ir->end = pc;
	ir->nr_ops = 1;
	ir->nr_insns = 0;
	ir->nr_exits = 0;
	ir->nr_labels = 0;
	ir->fp = 0;
	ir->full = false;
	ir->ops[0] = (struct vmxl_op){ .op = VMXL_IR_NONE };
}

/**
 * vmxl_ir_insn() - the ops that follow are those of the instruction at @pc
 * @ir: the unit
 * @pc: guest virtual address, at or after the one before
 */
void vmxl_ir_insn(struct vmxl_ir *ir, u64 pc)
{
	struct vmxl_ir_insn *insn;

	if (ir->nr_insns == VMXL_IR_MAX_INSNS) {
		ir->full = true;
		return;
	}
	insn = &ir->insns[ir->nr_insns++];
	insn->op = ir->nr_ops;
	insn->off = pc - ir->pc;
}

/**
 * vmxl_ir_emit() - append an op
 * @ir: the unit
 * @op: the op
 *
 * Return: the name of its value, or VMXL_IR_NONE if the unit is full.
 */
vmxl_ref vmxl_ir_emit(struct vmxl_ir *ir, struct vmxl_op op)
{
	if (ir->nr_ops == VMXL_IR_MAX_OPS) {
		ir->full = true;
		return VMXL_IR_NONE;
	}
	ir->ops[ir->nr_ops] = op;
	return ir->nr_ops++;
}

/**
 * vmxl_ir_const() - a constant
 * @ir: the unit
 * @val: its value
 *
 * Return: the name of the value; constants next to each other are not repeated.
 */
vmxl_ref vmxl_ir_const(struct vmxl_ir *ir, u64 val)
{
	const struct vmxl_op *last = &ir->ops[ir->nr_ops - 1];

	if (last->op == VMXL_IR_CONST && (u64)last->imm == val)
		return ir->nr_ops - 1;
	return vmxl_ir_op3(ir, VMXL_IR_CONST, VMXL_T_I64, 0, 0, 0, 0, val);
}

/**
 * vmxl_ir_exit() - an exit, to be named by BR, JUMP or LEAVE
 * @ir: the unit
 * @pc: where the guest goes on
 * @ninsn: guest instructions of the unit that have been executed then
 * @linkable: may be linked to the block at @pc directly
 * @hint: for the return-address prediction
 *
 * Return: its number, 0 if there is no room.
 */
u32 vmxl_ir_exit(struct vmxl_ir *ir, u64 pc, u32 ninsn, bool linkable, enum vmxl_hint hint)
{
	if (ir->nr_exits == VMXL_IR_MAX_EXITS) {
		ir->full = true;
		return 0;
	}
	ir->exits[ir->nr_exits] = (struct vmxl_ir_exit){
		.pc = pc, .ninsn = ninsn, .linkable = linkable, .hint = hint,
	};
	return ir->nr_exits++;
}

/**
 * vmxl_ir_label() - a label, to be placed by a LABEL op
 * @ir: the unit
 *
 * Return: its number, 0 if there is no room.
 */
u32 vmxl_ir_label(struct vmxl_ir *ir)
{
	if (ir->nr_labels == VMXL_IR_MAX_LABELS) {
		ir->full = true;
		return 0;
	}
	return ir->nr_labels++;
}
