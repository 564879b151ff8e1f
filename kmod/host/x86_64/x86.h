/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The x86-64 back-end: what its files share.
 *
 * One pass forwards over a unit. A value (the result of an op) is a constant,
 * or is in one or more of: a scratch register, an XMM register, a slot of the
 * guest state (because it was read from there or PUT there), a spill slot in
 * gstate.tmp. Guest slots that are hot are registers; writing such a slot moves
 * what is still needed of its old value out of the way.
 *
 *	encode.c	operands to bytes
 *	emit.c		bytes into the buffer, jumps, what is out of line
 *	value.c		where values are
 *	lower.c		the driver: use counts, instructions, exits to the interpreter
 *	lower_*.c	the ops
 *	checks.c	addresses that need not be checked: a pass of its own, while lowering
 *	stubs.c		entry and exit, common to all units
 *	cpu.c		what the processor has
 *	x86_64.c	struct vmxl_host
 *
 * An op has the interpreter repeat its instruction (a "step") where it meets a
 * case that is not worth code. Nothing of the instruction may have been done by
 * then; lower.c sees to it.
 */
#ifndef VMXL_X86_H
#define VMXL_X86_H

#include <linux/bits.h>
#include <linux/types.h>
#include "../../ir/ir.h"
#include "../../vcpu.h"
#include "../host.h"
#include "encode.h"

/* Registers with a fixed meaning; the others hold hot slots */
#define X86_R_UAREA	X86_R15
#define X86_R_WINDOW	X86_R14
#define X86_NR_SCRATCH	3		/* rax, rcx, rdx */
#define X86_NR_HOT	10
#define X86_NR_XMM	15
#define X86_XBOX	15		/* XMM register: all ones above 32 zeroes */

extern const u8 vmxl_x86_hot_reg[X86_NR_HOT];

/* cpu.c */
#define X86_F_BMI1	BIT(0)		/* andn, tzcnt */
#define X86_F_BMI2	BIT(1)		/* shlx, rorx, mulx */
#define X86_F_LZCNT	BIT(2)
#define X86_F_POPCNT	BIT(3)
#define X86_F_FMA	BIT(4)
#define X86_F_SSE41	BIT(5)		/* roundsd */
#define X86_F_PCLMUL	BIT(6)
#define X86_F_KNOWN	BIT(31)

extern u32 vmxl_x86_features;
u32 vmxl_x86_detect(void);
u32 vmxl_x86_counter_khz(void);

/* What is out of line at the end of a unit; also the rest of a jump there */
enum x86_out {
	X86_OUT_LABEL,		/* not out of line: label arg, which was not placed yet */
	X86_OUT_STEP,		/* arg: guest instruction */
	X86_OUT_LINK,		/* arg: exit that is not linked yet, */
	X86_OUT_POLL,		/* or before which kick was seen */
	X86_OUT_FAR,		/* arg: exit that goes through the jump cache */
	X86_OUT_NAN32,		/* arg: XMM register that gets the default NaN; */
	X86_OUT_NAN64,		/* then back */
	X86_OUT_U64TOF32,	/* arg: XMM register << 8 | register to convert << 4 | temporary; */
	X86_OUT_U64TOF64,	/* then back */
	X86_OUT_NR
};

struct x86_fix {
	u32 site;		/* offset of the 32-bit displacement that leads there */
	u16 arg;
	u8 kind;		/* enum x86_out */
};

#define X86_MAX_FIX	1024
#define X86_NR_SPILL	64
#define X86_SPILL0	(VMXL_SLOT_GUEST - X86_NR_SPILL)
#define X86_MAX_LIVE	256

/* owner of a register */
#define X86_FREE	0
#define X86_TEMP	U16_MAX		/* until the end of the op */

/* x86_ctx.flag, by value */
#define X86_V_DONE	BIT(0)		/* PUT: done where the value was made */
#define X86_V_BOXED	BIT(1)		/* NaN-boxed 32 bits; also in x86_ctx.slot_flag */
#define X86_V_WANTX	BIT(2)		/* some user wants it in an XMM register */
#define X86_V_CHECKED	BIT(3)		/* within @dist of an address checked against the window */

struct x86_vloc {
	u16 slot;		/* where the value is, or 0 */
	u8 reg;			/* scratch register or X86_NOREG */
	u8 xmm;			/* XMM register or X86_NOREG */
	u8 flag;		/* X86_V_* */
	u8 uses;		/* up to 255 */
	u16 last;		/* op that uses it last, or 0: none does */
	s16 dist;		/* of X86_V_CHECKED */
};

struct x86_slot {
	u16 val;		/* value known to be in it, or 0 */
	s16 dist;
	u8 flag;		/* X86_V_BOXED, X86_V_CHECKED */
	u8 reg;			/* its hot register, or X86_NOREG */
};

#define X86_MAX_BASES	6

/*
 * What is known of slots wherever a unit's loop begins anew: @slot is @dist away
 * from an address within the window. @seen: @dist is of an earlier jump back.
 */
struct x86_bases {
	u32 nr;
	struct {
		u16 slot;
		s16 dist;
		bool seen;
	} b[X86_MAX_BASES];
};

/**
 * struct x86_ctx - a unit being compiled; lives in vmxl_hcode.scratch
 * @i: op at hand
 * @insn: guest instruction at hand
 * @insn_end: first op after it
 * @effect: the instruction has changed guest state so far
 * @stop: the rest of the unit is left to the interpreter
 * @skip: the ops up to the next label are not reached
 * @err: -E2BIG, or -EINVAL: a unit that no pass would make
 * @feat: X86_F_*
 * @pinned: scratch registers that the op at hand uses; @xpinned: XMM registers
 * @owner: values in scratch registers; @xowner: in XMM registers
 * @live: values that are in guest slots
 * @spill: spill slots in use
 * @loop: where a jump to the unit's own beginning goes
 * @assumed: what is known there
 * @found: what might be: slots that were checked before anything could leave the
 *	unit, as long as what each jump back finds is the same
 * @sided: something could leave the unit, or there was a label
 * @broken: @assumed does not hold
 * @tail: offset of the unit's way out
 */
struct x86_ctx {
	const struct vmxl_compile_args *args;
	const struct vmxl_ir *ir;
	struct vmxl_hcode *out;
	unsigned int i;
	unsigned int insn;
	unsigned int insn_end;
	bool effect;
	bool stop;
	bool skip;
	int err;
	u32 feat;

	u32 pinned, xpinned;
	u16 owner[X86_NR_SCRATCH];
	u16 xowner[X86_NR_XMM];
	u16 nr_live;
	u16 live[X86_MAX_LIVE];
	u64 spill;

	u32 loop;
	struct x86_bases assumed, found;
	bool sided, broken;

	u32 tail, step_wide, step_byte;		/* ways out, where there are any */
	u32 nan32, nan64;			/* constants there */
	u32 nr_fix;
	struct x86_fix fix[X86_MAX_FIX];
	u32 label[VMXL_IR_MAX_LABELS];		/* offset + 1, or 0: not placed yet */
	u8 exit_refs[VMXL_IR_MAX_EXITS];
	u32 step_at[VMXL_IR_MAX_INSNS];		/* offset of its step, or 0 */
	u32 exit_at[VMXL_IR_MAX_EXITS];		/* where all its users jump to, if more than one */
	struct x86_vloc v[VMXL_IR_MAX_OPS];
	struct x86_slot s[VMXL_SLOT_NR];
};

/* An operand: register or memory, or a constant */
struct x86_opnd {
	struct x86_rm rm;
	s32 imm;
	bool is_imm;
};

typedef void (*x86_lower_fn)(struct x86_ctx *c, const struct vmxl_op *op);

static inline bool x86_w64(const struct vmxl_op *op)
{
	return op->type == VMXL_T_I64;
}

static inline u32 x86_w(bool w64)
{
	return w64 ? X86_W : 0;
}

static inline bool x86_has(const struct x86_ctx *c, u32 feature)
{
	return c->feat & feature;
}

static inline void x86_fail(struct x86_ctx *c, int err)
{
	if (!c->err)
		c->err = err;
}

static inline struct x86_rm x86_uarea(s32 disp)
{
	return x86_mem(X86_R_UAREA, disp);
}

/* A slot of gstate in memory */
static inline struct x86_rm x86_slot_mem(const struct x86_ctx *c, unsigned int slot)
{
	return x86_uarea(c->args->lay->slot0 + 8 * (s32)slot);
}

/* Where a slot is: its hot register, or memory */
static inline struct x86_rm x86_slot_rm(const struct x86_ctx *c, unsigned int slot)
{
	return c->s[slot].reg != X86_NOREG ? x86_reg(c->s[slot].reg) : x86_slot_mem(c, slot);
}

static inline bool x86_is_reg(const struct x86_opnd *o, unsigned int reg)
{
	return !o->is_imm && !o->rm.mem && o->rm.base == reg;
}

static inline const struct vmxl_op *x86_op(const struct x86_ctx *c, vmxl_ref v)
{
	return &c->ir->ops[v];
}

/* Does the op at hand use the value as one operand only? */
static inline bool x86_sole_use(const struct x86_ctx *c, vmxl_ref v)
{
	const struct vmxl_op *op = x86_op(c, c->i);

	return (op->a == v) + (op->b == v) + (op->c == v) == 1;
}

/* lower.c */
int vmxl_x86_compile(const struct vmxl_compile_args *args, struct vmxl_hcode *out);
void vmxl_x86_leaves(unsigned long *map);
unsigned int vmxl_x86_early_put(const struct x86_ctx *c);	/* PUT that may be done now, or 0 */

/* stubs.c */
int vmxl_x86_stubs(u8 *buf, size_t size, bool hosted, const struct vmxl_compile_args *args,
		   u32 off[VMXL_STUB_NR]);

/* tail.c: what follows the unit's code */
void vmxl_x86_tail(struct x86_ctx *c);

/* lower_int.c */
void vmxl_x86_lower_alu(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_mul(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_mulh(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_div(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_shift(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_shadd(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_minmax(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_set(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_sel(struct x86_ctx *c, const struct vmxl_op *op);

/* lower_bit.c */
void vmxl_x86_lower_not(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_count(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_popcnt(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_bswap(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_bitrev(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_orcb(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_clmul(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_extend(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_extract(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_deposit(struct x86_ctx *c, const struct vmxl_op *op);

/* lower_mem.c */
void vmxl_x86_lower_ld(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_st(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_rmw(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_cas(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_ldx(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_stx(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_fence(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_counter(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_pause(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_zblk(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_probe(struct x86_ctx *c, const struct vmxl_op *op);

/* checks.c */
bool vmxl_x86_near(s64 dist);
bool vmxl_x86_checked(const struct x86_ctx *c, vmxl_ref v, s64 disp);
void vmxl_x86_check(struct x86_ctx *c, unsigned int reg);
void vmxl_x86_accessed(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_track(struct x86_ctx *c, const struct vmxl_op *op, vmxl_ref a, s64 add);
void vmxl_x86_found(struct x86_ctx *c, vmxl_ref v);
void vmxl_x86_assume(struct x86_ctx *c);
void vmxl_x86_back_edge(struct x86_ctx *c);

/* lower_fp.c */
void vmxl_x86_lower_farith(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_fma(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_fminmax(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_fcmp(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_frint(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_fbox(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_funbox(struct x86_ctx *c, const struct vmxl_op *op);

/* lower_cvt.c */
void vmxl_x86_lower_fcvt(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_ftoi(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_itof(struct x86_ctx *c, const struct vmxl_op *op);

/* lower_ctl.c */
void vmxl_x86_lower_get(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_put(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_label(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_goto(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_brl(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_br(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_jump(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_jumpr(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_leave(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_switch(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_lower_trap(struct x86_ctx *c, const struct vmxl_op *op);
void vmxl_x86_probe_far(struct x86_ctx *c, u64 pc);
enum x86_cc vmxl_x86_compare(struct x86_ctx *c, const struct vmxl_op *op);

#endif /* VMXL_X86_H */
