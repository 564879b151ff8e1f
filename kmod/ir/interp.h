/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tier 0: the IR interpreter. A unit is brought into a compact form once
 * (vmxl_iselect): operands become slots of struct vmxl_gstate, so that
 * reading and writing guest registers costs no op of its own, and constants
 * become immediates. Then vmxl_interp_run() executes it, and follows links
 * from block to block.
 */
#ifndef VMXL_INTERP_H
#define VMXL_INTERP_H

#include <linux/types.h>
#include "../vcpu.h"
#include "ir.h"

struct vmxl_block;
struct vmxl_link;

/* d, a, b: slots. imm: constant, displacement, third slot, link, ... by op */
struct vmxl_iop {
	u16 op;
	u16 d;
	u16 a;
	u16 b;
	union {
		s64 imm;
		struct {
			s32 disp;
			u32 aux;	/* memory: VMXL_MEM_*; else by op */
		};
	};
};

struct vmxl_iinsn {
	u16 iop;		/* index of the first op of the instruction */
	u16 off;		/* pc - block's pc */
};

#define VMXL_ICODE_MAX		2048

/**
 * struct vmxl_icode - vmxl_iselect()'s result, scratch memory of the translator
 * @nr: ops in @code
 * @nr_insns: entries of @insns
 * @code: exits are indices until vmxl_interp_bind(); labels are resolved
 * @insns: where each guest instruction begins
 * @sel: selection's own state, of no meaning to others
 */
struct vmxl_icode {
	unsigned int nr;
	unsigned int nr_insns;
	struct vmxl_iop code[VMXL_ICODE_MAX];
	struct vmxl_iinsn insns[VMXL_IR_MAX_INSNS];
	struct {
		/* by IR op: last user of its value, next write to its slot */
		u16 last[VMXL_IR_MAX_OPS];
		u16 next[VMXL_IR_MAX_OPS];
		u16 loc[VMXL_IR_MAX_OPS];	/* slot that has the value, or 0 */
		bool known[VMXL_IR_MAX_OPS];	/* the value is a constant, @val */
		u64 val[VMXL_IR_MAX_OPS];
		/* by slot: next write, last user of a value in it, PUT of a constant to it */
		u16 slot_next[VMXL_SLOT_NR];
		u16 slot_busy[VMXL_SLOT_NR];
		u16 slot_const[VMXL_SLOT_NR];
		u16 label[VMXL_IR_MAX_LABELS];
		u16 free[VMXL_GS_NTMP];		/* temporaries: single ones, then pairs */
	} sel;
};

/* 0; -E2BIG: cut the unit shorter; -EINVAL: not a unit that vmxl_ir_verify() accepts */
int vmxl_iselect(const struct vmxl_ir *ir, struct vmxl_icode *out);

/* Make the exits of @b->code point to @b->links. */
void vmxl_interp_bind(struct vmxl_block *b);

/**
 * vmxl_interp_run() - execute from @block on
 * @vcpu: its gstate holds the state
 * @block: where to begin
 * @budget: leave after about so many guest instructions; 1: one block
 * @link: out: exit to be linked to whatever comes next at gstate.pc, or NULL
 *
 * Leaves at a block boundary, or where a trap or helper asked for it; gstate
 * is exact then.
 * Context: vCPU's thread, within vm->srcu; may sleep.
 * Return: NEXT and LEAVE: dispatch at gstate.pc; EXIT: out to user space.
 */
enum vmxl_act vmxl_interp_run(struct vmxl_vcpu *vcpu, struct vmxl_block *block, long budget,
			      struct vmxl_link **link);

#endif /* VMXL_INTERP_H */
