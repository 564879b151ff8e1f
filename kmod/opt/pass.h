/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the passes share. Rules for a pass:
 *  - it walks the ops once, in place, without recursion or allocation;
 *  - an op that is not needed any more is replaced by another value
 *    (opt_replace) and left to dce, or, if it has no result, killed;
 *  - ops are never moved or added, so that values stay within their labels and
 *    whatever leaves the unit sees the PUTs that were before it;
 *  - a new constant is made of one that has no other use (opt_set_const);
 *  - a value that is given another use has one already: dead ops stay dead.
 */
#ifndef VMXL_OPT_PASS_H
#define VMXL_OPT_PASS_H

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "../ir/alu.h"
#include "opt.h"

/* One file each */
void vmxl_opt_forward(struct vmxl_ir *ir, struct vmxl_opt *ctx);
void vmxl_opt_deadput(struct vmxl_ir *ir, struct vmxl_opt *ctx);
void vmxl_opt_fold(struct vmxl_ir *ir, struct vmxl_opt *ctx);
void vmxl_opt_narrow(struct vmxl_ir *ir, struct vmxl_opt *ctx);
void vmxl_opt_demand(struct vmxl_ir *ir, struct vmxl_opt *ctx);
void vmxl_opt_fuse(struct vmxl_ir *ir, struct vmxl_opt *ctx);
void vmxl_opt_cse(struct vmxl_ir *ir, struct vmxl_opt *ctx);
void vmxl_opt_dce(struct vmxl_ir *ir, struct vmxl_opt *ctx);

/* opt.c: properties of ops */
#define OPT_COMMUTES	1u	/* a op b = b op a */
#define OPT_LOW		2u	/* low bits of the result depend on low bits of the operands only */
extern const u8 vmxl_opt_traits[VMXL_IR_NR];

void vmxl_opt_count_uses(const struct vmxl_ir *ir, struct vmxl_opt *ctx);

static inline void opt_changed(struct vmxl_opt *ctx)
{
	ctx->changes[ctx->pass]++;
}

/* The first thing that a pass does to an op when it replaces values */
static inline void opt_args(struct vmxl_opt *ctx, struct vmxl_op *op, unsigned int i)
{
	op->a = ctx->to[op->a];
	op->b = ctx->to[op->b];
	op->c = ctx->to[op->c];
	ctx->to[i] = i;
}

static inline void opt_replace(struct vmxl_opt *ctx, unsigned int i, vmxl_ref with)
{
	ctx->to[i] = with;
	ctx->uses[with] += ctx->uses[i];
	opt_changed(ctx);
}

static inline void opt_kill(struct vmxl_opt *ctx, struct vmxl_op *op)
{
	*op = (struct vmxl_op){ .op = VMXL_IR_NONE };
	ctx->holes = true;
	opt_changed(ctx);
}

/* A value that nobody uses; nobody will, either */
static inline bool opt_is_dead(const struct vmxl_opt *ctx, const struct vmxl_op *op,
			       unsigned int i)
{
	return !ctx->uses[i] && vmxl_ir_pure(op);
}

static inline bool opt_is_const(const struct vmxl_ir *ir, vmxl_ref r)
{
	return ir->ops[r].op == VMXL_IR_CONST;
}

/* The value of a CONST */
static inline u64 opt_const(const struct vmxl_ir *ir, vmxl_ref r)
{
	return alu_extend(ir->ops[r].type, ir->ops[r].imm);
}

static inline void opt_make_const(struct vmxl_opt *ctx, struct vmxl_op *op, u64 val)
{
	*op = (struct vmxl_op){ .op = VMXL_IR_CONST, .type = VMXL_T_I64, .imm = val };
	opt_changed(ctx);
}

/* Give another value to a CONST, if it has but one use. */
static inline bool opt_set_const(struct vmxl_ir *ir, struct vmxl_opt *ctx, vmxl_ref r, u64 val)
{
	if (ctx->uses[r] > 1)
		return false;
	ir->ops[r].type = VMXL_T_I64;
	ir->ops[r].imm = val;
	return true;
}

/* Make an op the low 32 bits of a value, or the value, as its type says. */
static inline void opt_copy(struct vmxl_opt *ctx, struct vmxl_op *op, unsigned int i, vmxl_ref v)
{
	if (op->type == VMXL_T_I64) {
		opt_replace(ctx, i, v);
		return;
	}
	*op = (struct vmxl_op){
		.op = op->type == VMXL_T_S32 ? VMXL_IR_SEXT32 : VMXL_IR_ZEXT32,
		.type = VMXL_T_I64, .a = v,
	};
	ctx->uses[v]++;
	opt_changed(ctx);
}

/* Bits that SEXT8 to ZEXT32 keep, 0 for other ops and for 32-bit forms */
static inline unsigned int opt_ext_bits(const struct vmxl_op *op)
{
	static_assert(VMXL_IR_SEXT8 + 1 == VMXL_IR_SEXT16 && VMXL_IR_SEXT8 + 2 == VMXL_IR_SEXT32 &&
		      VMXL_IR_SEXT8 + 3 == VMXL_IR_ZEXT8 && VMXL_IR_SEXT8 + 4 == VMXL_IR_ZEXT16 &&
		      VMXL_IR_SEXT8 + 5 == VMXL_IR_ZEXT32);

	if (op->op < VMXL_IR_SEXT8 || op->op > VMXL_IR_ZEXT32 || op->type != VMXL_T_I64)
		return 0;
	return 8u << (op->op - VMXL_IR_SEXT8) % 3;
}

static inline bool opt_is_fp(const struct vmxl_op *op)
{
	return op->op >= VMXL_IR_FADD && op->op <= VMXL_IR_FTOIMOD;
}

static inline unsigned int opt_fp_bits(u8 type)
{
	return type == VMXL_T_F16 ? 16 : type == VMXL_T_F32 ? 32 : 64;
}

/* The slots: who read or wrote each last */

static inline void opt_slots_init(struct vmxl_opt *ctx)
{
	ctx->barrier = 0;
	memset(ctx->by, 0, sizeof(ctx->by));
}

/* The value that a slot (of PUT or GET @op) is known to have, or 0 */
static inline vmxl_ref opt_slot_value(const struct vmxl_ir *ir, const struct vmxl_opt *ctx,
				      const struct vmxl_op *op)
{
	unsigned int d = ctx->by[op->imm];
	const struct vmxl_op *def = &ir->ops[d];

	if (d <= ctx->barrier || def->type != op->type)
		return 0;
	if (op->type == VMXL_T_V128 && (def->imm != op->imm || ctx->by[op->imm + 1] != d))
		return 0;
	return def->op == VMXL_IR_GET ? ctx->to[d] : def->a;
}

static inline void opt_slot_set(struct vmxl_opt *ctx, const struct vmxl_op *op, unsigned int i)
{
	ctx->by[op->imm] = i;
	if (op->type == VMXL_T_V128)
		ctx->by[op->imm + 1] = i;
}

/* Ops but GET and PUT: what they do to the slots */
static inline void opt_slots_other(struct vmxl_opt *ctx, const struct vmxl_op *op, unsigned int i)
{
	if (op->op == VMXL_IR_CALL || op->op == VMXL_IR_LABEL)
		ctx->barrier = i;
	else if (opt_is_fp(op))
		ctx->by[VMXL_SLOT(fp_flags)] = 0;
}

#endif /* VMXL_OPT_PASS_H */
