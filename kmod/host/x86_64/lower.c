// SPDX-License-Identifier: GPL-2.0
/*
 * The driver of lowering. Input: a unit that vmxl_ir_verify() accepts. Output:
 * struct vmxl_hcode.
 *
 * A pass backwards counts uses; one forwards lowers op by op. Before each guest
 * instruction it looks whether the instruction can be left to the interpreter
 * halfway: an op that may do so after one that has changed something, or one
 * that there is no code for, make the whole instruction a step.
 *
 * A malformed unit is refused, or gives code that is of no use; nothing is
 * accessed out of bounds.
 */
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "emit.h"

#define X86_REACH	8	/* how far behind its value a PUT is looked for */

/* What an op does to the instruction that it is in */
#define STEPS	BIT(0)		/* may leave it to the interpreter */
#define EFFECT	BIT(1)		/* changes guest state */

struct lowering {
	x86_lower_fn fn;	/* NULL: no code for it */
	u8 flags;
};

#define L(op, name)		[VMXL_IR_##op] = { vmxl_x86_lower_##name, 0 }
#define LF(op, name, flags)	[VMXL_IR_##op] = { vmxl_x86_lower_##name, flags }

/* CONST has no code of its own. */
static void lower_const(struct x86_ctx *c, const struct vmxl_op *op)
{
}

static const struct lowering lowering[VMXL_IR_NR] = {
	[VMXL_IR_CONST] = { lower_const, 0 },
	L(GET, get), LF(PUT, put, EFFECT), L(COUNTER, counter),
	L(ADD, alu), L(SUB, alu), L(AND, alu), L(OR, alu), L(XOR, alu),
	L(MUL, mul), L(MULHS, mulh), L(MULHU, mulh), L(MULHSU, mulh),
	L(DIVS, div), L(DIVU, div), L(REMS, div), L(REMU, div),
	L(ANDN, not), L(ORN, not), L(XNOR, not),
	L(SHL, shift), L(SHR, shift), L(SAR, shift), L(ROL, shift), L(ROR, shift),
	L(SHADD, shadd),
	L(SMIN, minmax), L(SMAX, minmax), L(UMIN, minmax), L(UMAX, minmax),
	L(CLZ, count), L(CTZ, count), L(POPCNT, popcnt),
	L(BSWAP, bswap), L(BITREV, bitrev), L(ORCB, orcb), L(CLMUL, clmul), L(CLMULH, clmul),
	L(SEXT8, extend), L(SEXT16, extend), L(SEXT32, extend),
	L(ZEXT8, extend), L(ZEXT16, extend), L(ZEXT32, extend),
	L(EXTRACT, extract), L(DEPOSIT, deposit), L(SET, set), L(SEL, sel),
	LF(LD, ld, STEPS), LF(ST, st, STEPS | EFFECT), LF(RMW, rmw, STEPS | EFFECT),
	LF(CAS, cas, STEPS | EFFECT), LF(LDX, ldx, STEPS), LF(STX, stx, STEPS | EFFECT),
	L(FENCE, fence), L(PAUSE, pause),
	LF(ZBLK, zblk, STEPS | EFFECT), LF(PROBE, probe, STEPS),
	L(FADD, farith), L(FSUB, farith), L(FMUL, farith), L(FDIV, farith), L(FSQRT, farith),
	LF(FMA, fma, STEPS), LF(FMIN, fminmax, STEPS), LF(FMAX, fminmax, STEPS),
	LF(FMINM, fminmax, STEPS), LF(FMAXM, fminmax, STEPS),
	L(FEQ, fcmp), L(FLT, fcmp), L(FLE, fcmp), L(FLTQ, fcmp), L(FLEQ, fcmp),
	L(FRINT, frint), L(FCVT, fcvt), LF(FTOI, ftoi, STEPS), L(ITOF, itof),
	L(FBOX, fbox), LF(FUNBOX, funbox, STEPS),
	L(LABEL, label), LF(GOTO, goto, STEPS), LF(BRL, brl, STEPS),
	L(BR, br), L(JUMP, jump), L(JUMPR, jumpr), L(LEAVE, leave),
	L(SWITCH, switch), LF(TRAP, trap, STEPS),
	LF(CALL, trap, STEPS),
};

static bool is_fp(u16 op)
{
	return op >= VMXL_IR_FADD && op <= VMXL_IR_FUNBOX;
}

static bool rounds(u16 op)
{
	return (op >= VMXL_IR_FADD && op <= VMXL_IR_FMA) ||
	       (op >= VMXL_IR_FRINT && op <= VMXL_IR_ITOF);
}

static bool fp_ok(const struct x86_ctx *c, const struct vmxl_op *op)
{
	if (op->op == VMXL_IR_FBOX)
		return true;
	if (op->type == VMXL_T_F16 || (rounds(op->op) && op->aux > 3) || c->ir->fp)
		return false;
	switch (op->op) {
	case VMXL_IR_FMA:
		return x86_has(c, X86_F_FMA);
	case VMXL_IR_FRINT:
		return x86_has(c, X86_F_SSE41);
	case VMXL_IR_FCVT:
		return op->imm != VMXL_T_F16;
	default:
		return true;
	}
}

static bool mem_ok(const struct x86_ctx *c, const struct vmxl_op *op)
{
	if (c->args->window == VMXL_WIN_NONE || (op->aux & VMXL_MEM_UNPRIV))
		return false;
	switch (op->op) {
	case VMXL_IR_RMW:
		return vmxl_mt_size(op->aux) >= 4;
	case VMXL_IR_LDX:
		return vmxl_mt_size(op->aux) >= 4 && op->imm == VMXL_LDX_PAIR;
	case VMXL_IR_STX:
		return vmxl_mt_size(op->aux) >= 4;
	case VMXL_IR_ZBLK:
		return op->imm >= 16 && op->imm <= 128 &&
		       (c->args->window == VMXL_WIN_LOW || c->args->window == VMXL_WIN_HIGH);
	case VMXL_IR_PROBE:
		return op->imm == VMXL_ACCESS_READ || op->imm == VMXL_ACCESS_WRITE;
	default:
		return true;
	}
}

static_assert(VMXL_IR_MAX_LABELS <= 64);	/* bits of a u64 in insn_flags() */

/* Is there code for an op? */
static bool can_lower(const struct x86_ctx *c, const struct vmxl_op *op)
{
	if (!lowering[op->op].fn || op->type == VMXL_T_V128)
		return false;
	if (op->op >= VMXL_IR_LD && op->op <= VMXL_IR_PROBE && op->op != VMXL_IR_FENCE &&
	    op->op != VMXL_IR_PAUSE)
		return mem_ok(c, op);
	if (is_fp(op->op))
		return fp_ok(c, op);
	if (op->op == VMXL_IR_GET || op->op == VMXL_IR_PUT)
		return op->imm >= (s64)VMXL_SLOT_GUEST;
	return true;
}

/**
 * vmxl_x86_leaves() - pure ops before which the unit may be left
 * @map: out: a bit for each op
 */
void vmxl_x86_leaves(unsigned long *map)
{
	unsigned int op;

	bitmap_zero(map, VMXL_IR_NR);
	for (op = VMXL_IR_NONE + 1; op < VMXL_IR_NR; op++)
		if (!lowering[op].fn || (lowering[op].flags & STEPS))
			__set_bit(op, map);
}

/* The pass backwards */

static bool arg_ok(const struct x86_ctx *c, const struct vmxl_op *op, unsigned int n,
		   unsigned int i)
{
	vmxl_ref r = vmxl_ir_arg(op, n);

	if (!r)
		return n >= vmxl_opdesc[op->op].nargs || op->op == VMXL_IR_CALL;
	return n < vmxl_opdesc[op->op].nargs && r < i &&
	       vmxl_opdesc[c->ir->ops[r].op].res != VMXL_RES_NONE;
}

static bool imm_ok(const struct x86_ctx *c, const struct vmxl_op *op)
{
	switch (vmxl_opdesc[op->op].imm) {
	case VMXL_IMM_SLOT:
		return vmxl_ir_slot_ok(op->imm, op->type == VMXL_T_V128);
	case VMXL_IMM_DISP:
		return op->imm == (s32)op->imm;
	case VMXL_IMM_EXIT:
		return (u64)op->imm < min_t(u32, c->ir->nr_exits, VMXL_IR_MAX_EXITS);
	case VMXL_IMM_LABEL:
		return (u64)op->imm < min_t(u32, c->ir->nr_labels, VMXL_IR_MAX_LABELS);
	default:
		return true;
	}
}

static bool op_ok(const struct x86_ctx *c, const struct vmxl_op *op, unsigned int i)
{
	return op->op > VMXL_IR_NONE && op->op < VMXL_IR_NR && op->type < VMXL_T_NR &&
	       arg_ok(c, op, 0, i) && arg_ok(c, op, 1, i) && arg_ok(c, op, 2, i) && imm_ok(c, op);
}

static void count_use(struct x86_ctx *c, vmxl_ref r, unsigned int i, bool wantx)
{
	struct x86_vloc *loc = &c->v[r];

	if (!loc->last)
		loc->last = i;
	if (loc->uses < U8_MAX)
		loc->uses++;
	if (wantx)
		loc->flag |= X86_V_WANTX;
}

static void scan(struct x86_ctx *c)
{
	unsigned int i, n;

	for (i = 1; i < c->ir->nr_ops; i++)
		c->v[i] = (struct x86_vloc){ .reg = X86_NOREG, .xmm = X86_NOREG };
	for (i = c->ir->nr_ops - 1; i; i--) {
		const struct vmxl_op *op = x86_op(c, i);
		bool fp = is_fp(op->op) && op->op <= VMXL_IR_FBOX && op->op != VMXL_IR_ITOF;

		if (!op_ok(c, op, i)) {
			x86_fail(c, -EINVAL);
			return;
		}
		if (vmxl_ir_pure(op) && !c->v[i].last)
			continue;
		for (n = 0; n < vmxl_opdesc[op->op].nargs; n++)
			if (vmxl_ir_arg(op, n))
				count_use(c, vmxl_ir_arg(op, n), i, fp);
		if (vmxl_opdesc[op->op].imm == VMXL_IMM_EXIT && c->exit_refs[op->imm] < 2)
			c->exit_refs[op->imm]++;
	}
}

/* The pass forwards */

static bool dead(const struct x86_ctx *c, unsigned int i)
{
	return vmxl_ir_pure(x86_op(c, i)) && !c->v[i].last;
}

/* May a PUT be done before this op? It neither leaves the unit nor looks at slots but by GET. */
static bool quiet(const struct vmxl_op *op)
{
	return op->op <= VMXL_IR_SEL || op->op == VMXL_IR_FBOX;
}

static bool aliased(const struct x86_ctx *c, unsigned int slot)
{
	unsigned int k;

	for (k = 0; k < c->nr_live; k++)
		if (c->v[c->live[k]].slot == slot && c->v[c->live[k]].last > c->i)
			return true;
	return false;
}

/**
 * vmxl_x86_early_put() - find a PUT of the result of the op at hand that may be done at once
 * @c: the unit
 *
 * Return: the PUT, or 0.
 */
unsigned int vmxl_x86_early_put(const struct x86_ctx *c)
{
	unsigned int j, k, end = min(c->i + 1 + X86_REACH, c->insn_end);
	const struct vmxl_op *op;

	for (j = c->i + 1; j < end; j++) {
		op = x86_op(c, j);
		if (op->op == VMXL_IR_PUT && op->a == c->i)
			break;
		if (!quiet(op))
			return 0;
	}
	if (j >= end)
		return 0;
	for (k = c->i + 1; k < j; k++)
		if ((x86_op(c, k)->op == VMXL_IR_GET || x86_op(c, k)->op == VMXL_IR_PUT) &&
		    x86_op(c, k)->imm == op->imm)
			return 0;
	return aliased(c, op->imm) ? 0 : j;
}

/* What the ops of an instruction do, taken together; ~0: it cannot be lowered */
static unsigned int insn_flags(const struct x86_ctx *c)
{
	unsigned int i, all = 0, bad = 0;
	u64 labels = 0;
	bool loop = false, branch = false;

	for (i = c->i; i < c->insn_end; i++) {
		const struct vmxl_op *op = x86_op(c, i);
		unsigned int flags = lowering[op->op].flags;

		if (dead(c, i))
			continue;
		if (!can_lower(c, op))
			return ~0u;
		if (op->op == VMXL_IR_FUNBOX && op->type == VMXL_T_F64)
			flags = 0;
		if (op->op == VMXL_IR_LABEL) {
			labels |= BIT_ULL(op->imm);
		} else if (op->op == VMXL_IR_GOTO || op->op == VMXL_IR_BRL) {
			branch = true;
			if (labels & BIT_ULL(op->imm))
				loop = true;
			else
				flags = 0;
		} else if (op->op == VMXL_IR_CALL && !branch) {
			return ~0u;
		}
		if ((flags & STEPS) && (all & EFFECT))
			bad = ~0u;
		all |= flags;
	}
	/* Through a loop, anything may come before anything. */
	if (loop && all == (STEPS | EFFECT))
		bad = ~0u;
	return all | bad;
}

static void begin_insn(struct x86_ctx *c, unsigned int n)
{
	const struct vmxl_ir_insn *in = &c->ir->insns[n];

	c->insn = n;
	c->effect = false;
	c->insn_end = n + 1 < c->ir->nr_insns ? in[1].op : c->ir->nr_ops;
	c->out->insns[n] = (struct vmxl_hinsn){ .host = x86_here(c), .off = in->off };
	c->out->nr_insns = n + 1;
}

static bool insn_steps(struct x86_ctx *c)
{
	if (insn_flags(c) != ~0u)
		return false;
	x86_step(c, X86_ALWAYS);
	c->stop = true;
	return true;
}

static void lower_one(struct x86_ctx *c)
{
	const struct vmxl_op *op = x86_op(c, c->i);

	if (op->op == VMXL_IR_LABEL)
		c->skip = false;
	if (!c->skip && !dead(c, c->i) && !(c->v[c->i].flag & X86_V_DONE))
		lowering[op->op].fn(c, op);
	if (lowering[op->op].flags & EFFECT)
		c->effect = true;
	if (op->op == VMXL_IR_BR)
		c->sided = true;
	vmxl_x86_op_end(c);
}

static void lower_all(struct x86_ctx *c)
{
	unsigned int next = 0;

	vmxl_x86_assume(c);
	c->loop = x86_here(c);
	c->insn_end = c->ir->nr_insns ? c->ir->insns[0].op : c->ir->nr_ops;
	for (c->i = 1; c->i < c->ir->nr_ops && !c->err; c->i++) {
		bool first = c->i == 1;

		while (next < c->ir->nr_insns && c->ir->insns[next].op <= c->i) {
			begin_insn(c, next++);
			first = true;
		}
		if (first && insn_steps(c))
			return;
		lower_one(c);
	}
}

static void init_slots(struct x86_ctx *c)
{
	unsigned int k;

	for (k = 0; k < VMXL_SLOT_NR; k++)
		c->s[k] = (struct x86_slot){ .reg = X86_NOREG };
	for (k = 0; k < c->args->nr_hot && k < X86_NR_HOT; k++)
		c->s[c->args->hot[k]].reg = vmxl_x86_hot_reg[k];
}

static bool tables_ok(const struct vmxl_ir *ir)
{
	unsigned int i;

	if (ir->full || ir->nr_ops < 2 || ir->nr_ops > VMXL_IR_MAX_OPS ||
	    ir->nr_insns > VMXL_IR_MAX_INSNS || ir->nr_exits > VMXL_IR_MAX_EXITS)
		return false;
	for (i = 0; i < ir->nr_insns; i++)
		if (ir->insns[i].off > U16_MAX || ir->insns[i].op > ir->nr_ops)
			return false;
	return true;
}

/* @assumed: what holds wherever the unit's loop begins anew, or NULL */
static void lower_unit(struct x86_ctx *c, const struct vmxl_compile_args *args,
		       struct vmxl_hcode *out, const struct x86_bases *assumed)
{
	memset(c, 0, offsetof(struct x86_ctx, v));
	c->args = args;
	c->ir = args->ir;
	c->out = out;
	c->feat = vmxl_x86_features & X86_F_KNOWN ? vmxl_x86_features : vmxl_x86_detect();
	if (assumed)
		c->assumed = *assumed;
	out->len = 0;
	out->entry = 0;
	out->nr_insns = 0;
	out->nr_exits = args->ir->nr_exits;
	out->nr_relocs = 0;
	memset(out->exits, 0, args->ir->nr_exits * sizeof(out->exits[0]));
	init_slots(c);
	scan(c);
	if (!c->err)
		lower_all(c);
}

/* There is a loop in which something need not be checked again. */
static bool again(const struct x86_ctx *c)
{
	return !c->err && c->found.nr && c->found.b[0].seen;
}

/**
 * vmxl_x86_compile() - lower a unit
 * @args: the unit, and where things are
 * @out: the code
 *
 * Return: 0; -E2BIG: cut the unit shorter; -EINVAL: not a unit.
 */
int vmxl_x86_compile(const struct vmxl_compile_args *args, struct vmxl_hcode *out)
{
	struct x86_ctx *c = (struct x86_ctx *)out->scratch;
	struct x86_bases bases;

	static_assert(sizeof(*c) <= sizeof(out->scratch));
	if (!tables_ok(args->ir))
		return -EINVAL;
	lower_unit(c, args, out, NULL);
	if (again(c)) {
		bases = c->found;
		lower_unit(c, args, out, &bases);
		if (c->err || c->broken)
			lower_unit(c, args, out, NULL);
	}
	if (!c->err)
		vmxl_x86_tail(c);
	return c->err;
}
