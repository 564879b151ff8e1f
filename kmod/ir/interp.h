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

struct vmxl_block;
struct vmxl_ir;
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

/**
 * struct vmxl_icode - vmxl_iselect()'s result, scratch memory of the translator
 */
struct vmxl_icode {
	unsigned int nr;
	unsigned int nr_insns;
	struct vmxl_iop code[2048];
	struct vmxl_iinsn insns[128];
};

/* 0, or -E2BIG: cut the unit shorter. Exits and labels stay indices, resolved in vmxl_interp_bind(). */
int vmxl_iselect(const struct vmxl_ir *ir, struct vmxl_icode *out);

/* Resolve the exit indices and labels in block->code to block->links and positions. */
void vmxl_interp_bind(struct vmxl_block *block);

/**
 * vmxl_interp_run() - execute from @block on
 * @vcpu: its gstate holds the state
 * @block: where to begin
 * @budget: leave after about so many guest instructions
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
