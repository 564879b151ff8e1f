// SPDX-License-Identifier: GPL-2.0
/*
 * Instruction selection for the interpreter: IR to struct vmxl_iop.
 *
 * Input: a unit. Output: struct vmxl_icode. A pass backwards finds the last
 * use of each value and the next write to each slot; a pass forwards emits.
 *   GET	costs nothing where its slot is not written before the last use
 *   PUT	costs nothing where the op that made the value can write the slot
 *		at once: nothing in between may leave the block or look at the
 *		slot
 *   CONST	becomes an immediate; ops on constants are evaluated
 * Handlers read all operands before they write their result, so that a
 * temporary freed by an op's last use can take its result.
 *
 * Rule: a malformed unit is refused; no slot, exit, label or helper in the
 * output is out of range.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/string.h>
#include "../fp/fp.h"
#include "../mmu/tlb.h"
#include "iop.h"

#define NO_OP		U16_MAX		/* "never" as the index of an op */
#define FOLD_REACH	8		/* how far behind its value a PUT is looked for */
#define FP_FLAGS	VMXL_SLOT(fp_flags)

struct sel {
	const struct vmxl_ir *ir;
	struct vmxl_icode *o;
	unsigned int i;			/* op at hand */
	unsigned int seg;		/* last LABEL: values before it are gone */
	unsigned int barrier;		/* last op that may have written any slot */
	unsigned int nr_free, nr_free_v;
	u16 held[3];			/* temporaries with constants, for this op */
	unsigned int nr_held;
	int err;
};

static void bad(struct sel *s)
{
	if (!s->err)
		s->err = -EINVAL;
}

static void emit(struct sel *s, struct vmxl_iop op)
{
	if (s->o->nr == ARRAY_SIZE(s->o->code)) {
		s->err = -E2BIG;
		return;
	}
	s->o->code[s->o->nr++] = op;
}

/* Temporaries: two stacks in sel.free, of single slots and of pairs */

static void free_all(struct sel *s)
{
	u16 *f = s->o->sel.free;
	unsigned int i;

	for (i = 0; i < VMXL_TMP_NR; i++)
		f[i] = VMXL_TMP_FIRST + VMXL_TMP_NR - 1 - i;
	for (i = 0; i < VMXL_TMP_NR_V; i++)
		f[VMXL_TMP_NR + i] = VMXL_TMP_FIRST_V + 2 * i;
	s->nr_free = VMXL_TMP_NR;
	s->nr_free_v = VMXL_TMP_NR_V;
}

static u16 tmp_get(struct sel *s, bool v)
{
	if (v ? !s->nr_free_v : !s->nr_free) {
		s->err = -E2BIG;
		return VMXL_TMP_SINK;
	}
	return v ? s->o->sel.free[VMXL_TMP_NR + --s->nr_free_v] : s->o->sel.free[--s->nr_free];
}

static void tmp_put(struct sel *s, u16 slot)
{
	if (slot >= VMXL_TMP_FIRST_V && slot < VMXL_SLOT_GUEST)
		s->o->sel.free[VMXL_TMP_NR + s->nr_free_v++] = slot;
	else if (slot >= VMXL_TMP_FIRST && slot < VMXL_TMP_FIRST_V)
		s->o->sel.free[s->nr_free++] = slot;
}

/* First pass: uses and writes, from the end */

static bool arg_ok(const struct vmxl_ir *ir, const struct vmxl_op *op, unsigned int n,
		   unsigned int i)
{
	vmxl_ref r = vmxl_ir_arg(op, n);
	const struct vmxl_op *def;

	if (n >= vmxl_opdesc[op->op].nargs || (!r && op->op == VMXL_IR_CALL))
		return !r;
	if (!r || r >= i)
		return false;
	def = &ir->ops[r];
	return def->op < VMXL_IR_NR && vmxl_opdesc[def->op].res != VMXL_RES_NONE &&
	       vmxl_ir_res_is_v128(def) == vmxl_ir_arg_is_v128(op, n);
}

static bool op_ok(const struct vmxl_ir *ir, const struct vmxl_op *op, unsigned int i)
{
	if (op->op <= VMXL_IR_NONE || op->op >= VMXL_IR_NR || op->type >= VMXL_T_NR)
		return false;
	return arg_ok(ir, op, 0, i) && arg_ok(ir, op, 1, i) && arg_ok(ir, op, 2, i);
}

static bool imm_ok(const struct vmxl_ir *ir, const struct vmxl_op *op)
{
	switch (vmxl_opdesc[op->op].imm) {
	case VMXL_IMM_SLOT:
		return vmxl_ir_slot_ok(op->imm, op->type == VMXL_T_V128);
	case VMXL_IMM_DISP:
		return op->imm == (s32)op->imm;
	case VMXL_IMM_EXIT:
		return (u64)op->imm < ir->nr_exits;
	case VMXL_IMM_LABEL:
		return (u64)op->imm < min_t(u32, ir->nr_labels, VMXL_IR_MAX_LABELS);
	case VMXL_IMM_HELPER:
		return (u64)op->imm < vmxl_ir_nr_helpers(ir);
	default:
		return true;
	}
}

static bool writes_fp_flags(const struct vmxl_op *op)
{
	return op->op >= VMXL_IR_FADD && op->op <= VMXL_IR_FTOIMOD;
}

static void scan_slots(struct sel *s, const struct vmxl_op *op, unsigned int i,
		       unsigned int *next_any)
{
	u16 *next = s->o->sel.slot_next;
	unsigned int v = op->type == VMXL_T_V128;

	if (op->op == VMXL_IR_GET || op->op == VMXL_IR_PUT) {
		s->o->sel.next[i] = min3((unsigned int)next[op->imm],
					 (unsigned int)next[op->imm + v], *next_any);
		if (op->op == VMXL_IR_PUT) {
			next[op->imm] = i;
			next[op->imm + v] = i;
		}
	} else if (op->op == VMXL_IR_CALL || op->op == VMXL_IR_LABEL) {
		*next_any = i;
	} else if (writes_fp_flags(op)) {
		next[FP_FLAGS] = i;
	}
}

static void scan(struct sel *s)
{
	unsigned int i, n, next_any = NO_OP;
	u16 *last = s->o->sel.last;

	for (i = s->ir->nr_ops - 1; i; i--) {
		const struct vmxl_op *op = &s->ir->ops[i];

		if (!op_ok(s->ir, op, i) || !imm_ok(s->ir, op)) {
			bad(s);
			return;
		}
		if (vmxl_ir_pure(op) && !last[i])
			continue;
		for (n = 0; n < vmxl_opdesc[op->op].nargs; n++)
			if (!last[vmxl_ir_arg(op, n)])
				last[vmxl_ir_arg(op, n)] = i;
		scan_slots(s, op, i, &next_any);
	}
}

/* Second pass: where values are */

/* A value sits in a slot up to its last use: nothing may write it early. */
static void settle(struct sel *s, vmxl_ref r, u16 slot)
{
	unsigned int v = vmxl_ir_res_is_v128(&s->ir->ops[r]);
	u16 *busy = s->o->sel.slot_busy, last = s->o->sel.last[r];

	s->o->sel.loc[r] = slot;
	busy[slot] = max(busy[slot], last);
	busy[slot + v] = max(busy[slot + v], last);
}

static void hold(struct sel *s, u16 slot)
{
	if (s->nr_held < ARRAY_SIZE(s->held))
		s->held[s->nr_held++] = slot;
}

static bool is_const(struct sel *s, vmxl_ref r, u64 *val)
{
	*val = r ? s->o->sel.val[r] : 0;
	return !r || s->o->sel.known[r];
}

/* The slot of an operand; a constant that has none is put into a temporary. */
static u16 use(struct sel *s, vmxl_ref r)
{
	u64 val;
	u16 t;

	if (r && r <= s->seg) {
		bad(s);
		return VMXL_TMP_ZERO;
	}
	if (r && s->o->sel.loc[r])
		return s->o->sel.loc[r];
	if (!is_const(s, r, &val))
		bad(s);
	if (!val)
		return VMXL_TMP_ZERO;
	t = tmp_get(s, false);
	emit(s, (struct vmxl_iop){ .op = VMXL_IOP_MOVI, .d = t, .imm = val });
	hold(s, t);
	return t;
}

/* All operands have been looked up: those used for the last time give up their places. */
static void release(struct sel *s)
{
	const struct vmxl_op *op = &s->ir->ops[s->i];
	unsigned int n;

	while (s->nr_held)
		tmp_put(s, s->held[--s->nr_held]);
	for (n = 0; n < vmxl_opdesc[op->op].nargs; n++) {
		vmxl_ref r = vmxl_ir_arg(op, n);

		if (!r || s->o->sel.last[r] != s->i)
			continue;
		tmp_put(s, s->o->sel.loc[r]);
		s->o->sel.loc[r] = 0;
	}
}

static bool same_slot(const struct vmxl_op *x, const struct vmxl_op *y)
{
	return x->imm < y->imm + 1 + (y->type == VMXL_T_V128) &&
	       y->imm < x->imm + 1 + (x->type == VMXL_T_V128);
}

/* The PUT of the value at hand, if nothing up to it can see that it is made early; or 0 */
static unsigned int early_put(struct sel *s)
{
	const struct vmxl_op *ops = s->ir->ops, *p;
	unsigned int j, k, end = min(s->i + 1 + FOLD_REACH, s->ir->nr_ops);

	for (j = s->i + 1; j < end; j++) {
		if (ops[j].op == VMXL_IR_PUT && ops[j].a == s->i)
			break;
		if (!vmxl_ir_pure(&ops[j]) && ops[j].op != VMXL_IR_PUT)
			return 0;
	}
	if (j == end)
		return 0;
	p = &ops[j];
	for (k = s->i + 1; k < j; k++)
		if ((ops[k].op == VMXL_IR_GET || ops[k].op == VMXL_IR_PUT) &&
		    same_slot(&ops[k], p))
			return 0;
	if (s->o->sel.slot_busy[p->imm] > s->i || s->o->sel.last[s->i] > s->o->sel.next[j] ||
	    (p->type == VMXL_T_V128 && s->o->sel.slot_busy[p->imm + 1] > s->i))
		return 0;
	return j;
}

/* A place for the result of the op at hand; operands have been looked up. */
static u16 dest(struct sel *s)
{
	bool v = vmxl_ir_res_is_v128(&s->ir->ops[s->i]);
	unsigned int j;
	u16 t;

	release(s);
	if (!s->o->sel.last[s->i])
		return VMXL_TMP_SINK;
	j = early_put(s);
	if (j) {
		settle(s, s->i, s->ir->ops[j].imm);
		s->o->sel.loc[j] = s->o->sel.loc[s->i];		/* PUT is done */
		return s->o->sel.loc[s->i];
	}
	t = tmp_get(s, v);
	s->o->sel.loc[s->i] = t;
	return t;
}

static void set_const(struct sel *s, u64 val)
{
	s->o->sel.known[s->i] = true;
	s->o->sel.val[s->i] = val;
	release(s);
}

static void move(struct sel *s, vmxl_ref r)
{
	bool v = vmxl_ir_res_is_v128(&s->ir->ops[s->i]);
	u16 a = use(s, r), d = dest(s);

	if (a != d)
		emit(s, (struct vmxl_iop){ .op = v ? VMXL_IOP_MOVV : VMXL_IOP_MOV, .d = d, .a = a });
}

/* Second pass: by kind of op */

static void sel_get(struct sel *s, const struct vmxl_op *op)
{
	bool v = op->type == VMXL_T_V128;
	unsigned int put = s->o->sel.slot_const[op->imm];

	if (!v && put > s->barrier) {
		s->o->sel.known[s->i] = true;
		s->o->sel.val[s->i] = s->o->sel.val[s->ir->ops[put].a];
	}
	if (s->o->sel.last[s->i] <= s->o->sel.next[s->i]) {
		settle(s, s->i, op->imm);
	} else if (!s->o->sel.known[s->i]) {
		u16 d = dest(s);

		emit(s, (struct vmxl_iop){
			.op = v ? VMXL_IOP_MOVV : VMXL_IOP_MOV, .d = d, .a = op->imm,
		});
	}
}

static void sel_put(struct sel *s, const struct vmxl_op *op)
{
	bool v = op->type == VMXL_T_V128, put_const;
	u16 slot = op->imm, a;
	u64 val;

	s->o->sel.slot_const[slot] = 0;
	s->o->sel.slot_const[slot + v] = 0;
	if (s->o->sel.loc[s->i]) {
		release(s);
		return;
	}
	put_const = is_const(s, op->a, &val);
	if (put_const) {
		emit(s, (struct vmxl_iop){ .op = VMXL_IOP_MOVI, .d = slot, .imm = val });
		s->o->sel.slot_const[slot] = s->i;
		if (!s->o->sel.loc[op->a] && s->o->sel.last[op->a] <= s->o->sel.next[s->i])
			settle(s, op->a, slot);
	} else {
		a = use(s, op->a);
		if (a != slot)
			emit(s, (struct vmxl_iop){
				.op = v ? VMXL_IOP_MOVV : VMXL_IOP_MOV, .d = slot, .a = a,
			});
	}
	release(s);
}

/* First variant of the integer ops with two operands, and whether they have but 64 bits */
static const struct {
	u16 iop;
	bool only64;
} alu2_row[VMXL_IR_NR] = {
#define X(n)	[VMXL_IR_##n] = { VMXL_IOP_##n##_64, false },
	VMXL_ALU2(X)
#undef X
#define X(n)	[VMXL_IR_##n] = { VMXL_IOP_##n##_64, true },
	VMXL_ALU2L(X)
#undef X
};

static bool commutes(u16 op)
{
	switch (op) {
	case VMXL_IR_ADD:
	case VMXL_IR_MUL:
	case VMXL_IR_MULHS:
	case VMXL_IR_MULHU:
	case VMXL_IR_AND:
	case VMXL_IR_OR:
	case VMXL_IR_XOR:
	case VMXL_IR_XNOR:
	case VMXL_IR_CLMUL:
	case VMXL_IR_CLMULH:
		return true;
	default:
		return op >= VMXL_IR_SMIN && op <= VMXL_IR_UMAX;
	}
}

/* x op 0 = x, on 64 bits */
static bool zero_is_neutral(const struct vmxl_op *op)
{
	if (op->type != VMXL_T_I64)
		return false;
	return op->op == VMXL_IR_ADD || op->op == VMXL_IR_SUB || op->op == VMXL_IR_OR ||
	       op->op == VMXL_IR_XOR || (op->op >= VMXL_IR_SHL && op->op <= VMXL_IR_ROR);
}

static bool type_is_int(const struct vmxl_op *op)
{
	return op->type >= VMXL_T_I64 && op->type <= VMXL_T_Z32;
}

static void sel_alu2(struct sel *s, const struct vmxl_op *op)
{
	u16 iop = alu2_row[op->op].iop + 2 * (op->type - VMXL_T_I64), a, b;
	vmxl_ref ra = op->a, rb = op->b;
	u64 val;

	if (alu2_row[op->op].only64 && op->type != VMXL_T_I64) {
		bad(s);
		return;
	}
	if (commutes(op->op) && is_const(s, ra, &val))
		swap(ra, rb);
	if (!is_const(s, rb, &val)) {
		a = use(s, ra);
		b = use(s, rb);
		emit(s, (struct vmxl_iop){ .op = iop, .d = dest(s), .a = a, .b = b });
	} else if (!val && zero_is_neutral(op)) {
		move(s, ra);
	} else {
		a = use(s, ra);
		emit(s, (struct vmxl_iop){ .op = iop + 1, .d = dest(s), .a = a, .imm = val });
	}
}

/* Ops that have a variant for each type and no immediate form; @imm as the handler wants it */
static void sel_typed(struct sel *s, const struct vmxl_op *op, u16 iop, u16 b, s64 imm)
{
	unsigned int nargs = vmxl_opdesc[op->op].nargs;
	u16 a = use(s, op->a);

	if (nargs > 1)
		b = use(s, op->b);
	if (nargs > 2)
		imm = use(s, op->c);
	iop += op->type - VMXL_T_I64;
	emit(s, (struct vmxl_iop){ .op = iop, .d = dest(s), .a = a, .b = b, .imm = imm });
}

static const u16 alu1_row[VMXL_IR_NR] = {
#define X(n)	[VMXL_IR_##n] = VMXL_IOP_##n##_64,
	VMXL_ALU1(X)
#undef X
};

static void sel_extract(struct sel *s, const struct vmxl_op *op)
{
	u64 mask = vmxl_field_mask(op->imm);

	/* On 32 bits the operand's upper half is not there. */
	if (op->type != VMXL_T_I64)
		mask &= (op->imm & 63) < 32 ? U32_MAX >> (op->imm & 31) : 0;
	sel_typed(s, op, VMXL_IOP_EXTRACT_64, op->imm & 63, mask);
}

static void sel_set(struct sel *s, const struct vmxl_op *op)
{
	u16 iop = VMXL_IOP_SET_EQ_64 + 4 * op->aux + (op->type == VMXL_T_I64 ? 0 : 2), a, b = 0;
	u64 val = 0;

	if (op->aux >= VMXL_CC_NR) {
		bad(s);
		return;
	}
	a = use(s, op->a);
	if (is_const(s, op->b, &val))
		iop++;
	else
		b = use(s, op->b);
	emit(s, (struct vmxl_iop){ .op = iop, .d = dest(s), .a = a, .b = b, .imm = val });
}

static void sel_int(struct sel *s, const struct vmxl_op *op)
{
	u64 v[3], res;

	if (!type_is_int(op)) {
		bad(s);
		return;
	}
	if (is_const(s, op->a, &v[0]) && is_const(s, op->b, &v[1]) &&
	    is_const(s, op->c, &v[2]) && vmxl_alu_eval(op, v, &res)) {
		set_const(s, res);
		return;
	}
	switch (op->op) {
	case VMXL_IR_SHADD:
		sel_typed(s, op, VMXL_IOP_SHADD_64, 0, op->imm & 63);
		break;
	case VMXL_IR_EXTRACT:
		sel_extract(s, op);
		break;
	case VMXL_IR_DEPOSIT:
		sel_typed(s, op, VMXL_IOP_DEPOSIT_64, 0, op->imm);
		break;
	case VMXL_IR_SET:
		sel_set(s, op);
		break;
	case VMXL_IR_SEL:
		sel_typed(s, op, VMXL_IOP_SEL_64, 0, 0);
		break;
	default:
		if (alu1_row[op->op])
			sel_typed(s, op, alu1_row[op->op], 0, 0);
		else
			sel_alu2(s, op);
	}
}

static void sel_flags(struct sel *s, const struct vmxl_op *op)
{
	u16 a = use(s, op->a), b = 0, c = VMXL_TMP_ZERO;

	if (op->op == VMXL_IR_FL_TEST) {
		emit(s, (struct vmxl_iop){
			.op = VMXL_IOP_FL_TEST, .d = dest(s), .a = a, .imm = op->aux,
		});
		return;
	}
	if (vmxl_opdesc[op->op].nargs > 1)
		b = use(s, op->b);
	if (vmxl_opdesc[op->op].nargs > 2)
		c = use(s, op->c);
	emit(s, (struct vmxl_iop){
		.op = VMXL_IOP_FLAGS, .d = dest(s), .a = a, .b = b,
		.aux = op->op | op->type << 8 | (u32)c << 16,
	});
}

static void sel_vec(struct sel *s, const struct vmxl_op *op)
{
	u16 a = use(s, op->a), b = VMXL_TMP_ZERO;

	if (vmxl_opdesc[op->op].nargs > 1)
		b = use(s, op->b);
	emit(s, (struct vmxl_iop){
		.op = VMXL_IOP_VEC, .d = dest(s), .a = a, .b = b,
		.disp = op->imm, .aux = op->op | op->aux << 8,
	});
}

/* Memory */

#define MEM_UNUSUAL	(VMXL_MEM_UNPRIV | VMXL_MEM_ACQ | VMXL_MEM_REL | VMXL_MEM_TSO)

static const u16 ld_row[VMXL_MT_NR] = {
	VMXL_IOP_LD_U8, VMXL_IOP_LD_U16, VMXL_IOP_LD_U32, VMXL_IOP_LD_U64,
	VMXL_IOP_LD_S8, VMXL_IOP_LD_S16, VMXL_IOP_LD_S32, VMXL_IOP_LD_V128,
};

static const u16 st_row[VMXL_MT_NR] = {
	VMXL_IOP_ST_8, VMXL_IOP_ST_16, VMXL_IOP_ST_32, VMXL_IOP_ST_64,
	VMXL_IOP_ST_8, VMXL_IOP_ST_16, VMXL_IOP_ST_32, VMXL_IOP_ST_V128,
};

/* The base of an address; a small constant goes into the displacement. */
static u16 use_addr(struct sel *s, vmxl_ref r, s32 *disp)
{
	u64 val;

	if (is_const(s, r, &val) && !s->o->sel.loc[r] && (s64)(val + *disp) == (s32)(val + *disp)) {
		*disp += val;
		return VMXL_TMP_ZERO;
	}
	return use(s, r);
}

static u16 rmw_iop(const struct vmxl_op *op)
{
	if (op->aux & VMXL_MEM_UNPRIV)
		return VMXL_IOP_RMWG;
	switch (op->aux & VMXL_MEM_MT) {
	case VMXL_MT_S32:
		return VMXL_IOP_RMW_32;
	case VMXL_MT_U64:
		return VMXL_IOP_RMW_64;
	default:
		return VMXL_IOP_RMWG;
	}
}

static bool mem_ok(const struct vmxl_op *op)
{
	bool v128 = (op->aux & VMXL_MEM_MT) == VMXL_MT_V128;

	switch (op->op) {
	case VMXL_IR_ZBLK:
		return op->imm > 0 && op->imm <= VMXL_PAGE_SIZE && is_power_of_2(op->imm);
	case VMXL_IR_PROBE:
		return op->imm >= 0 && op->imm <= VMXL_ACCESS_RW_ANY;
	case VMXL_IR_RMW:
		return !v128 && op->imm >= 0 && op->imm < VMXL_RMW_NR;
	case VMXL_IR_LDX:
	case VMXL_IR_STX:
		return !v128 && op->type != VMXL_T_V128;
	default:
		return v128 == (op->type == VMXL_T_V128);
	}
}

static void sel_ld_st(struct sel *s, const struct vmxl_op *op)
{
	bool st = op->op == VMXL_IR_ST, plain = !(op->aux & MEM_UNUSUAL);
	struct vmxl_iop o = { .disp = op->imm, .aux = op->aux };
	unsigned int mt = op->aux & VMXL_MEM_MT;

	o.a = use_addr(s, op->a, &o.disp);
	if (st) {
		o.op = plain ? st_row[mt] : VMXL_IOP_STG;
		o.b = use(s, op->b);
		release(s);
	} else {
		o.op = plain ? ld_row[mt] : VMXL_IOP_LDG;
		o.d = dest(s);
	}
	emit(s, o);
}

static void sel_atomic(struct sel *s, const struct vmxl_op *op)
{
	struct vmxl_iop o = { .aux = op->aux };

	o.a = use(s, op->a);
	if (vmxl_opdesc[op->op].nargs > 1)
		o.b = use(s, op->b);
	switch (op->op) {
	case VMXL_IR_RMW:
		o.op = rmw_iop(op);
		o.disp = op->imm;
		break;
	case VMXL_IR_CAS:
		o.op = VMXL_IOP_CAS;
		o.disp = use(s, op->c);
		break;
	case VMXL_IR_LDX:
		o.op = VMXL_IOP_LDX;
		break;
	default:
		o.op = VMXL_IOP_STX;
	}
	o.d = dest(s);
	emit(s, o);
}

static void sel_mem(struct sel *s, const struct vmxl_op *op)
{
	u16 a;

	if (!mem_ok(op)) {
		bad(s);
		return;
	}
	switch (op->op) {
	case VMXL_IR_LD:
	case VMXL_IR_ST:
		sel_ld_st(s, op);
		break;
	case VMXL_IR_ZBLK:
	case VMXL_IR_PROBE:
		a = use(s, op->a);
		release(s);
		emit(s, (struct vmxl_iop){
			.op = op->op == VMXL_IR_ZBLK ? VMXL_IOP_ZBLK : VMXL_IOP_PROBE,
			.a = a, .imm = op->imm,
		});
		break;
	default:
		sel_atomic(s, op);
	}
}

/* Floating point */

static const u16 fp2_row[VMXL_IR_NR] = {
#define X(n, fn)	[VMXL_IR_##n] = VMXL_IOP_##n,
	VMXL_IOP_FP2(X)
#undef X
};

static bool fp_format(u8 type, u8 *fmt)
{
	if (type < VMXL_T_F16 || type > VMXL_T_F64)
		return false;
	*fmt = type == VMXL_T_F16 ? VMXL_FP_H : type == VMXL_T_F32 ? VMXL_FP_S : VMXL_FP_D;
	return true;
}

static bool fp_imm_ok(const struct vmxl_op *op)
{
	u8 fmt;

	switch (op->op) {
	case VMXL_IR_FCVT:
		return op->imm == (u8)op->imm && fp_format(op->imm, &fmt);
	case VMXL_IR_FTOI:
	case VMXL_IR_ITOF:
		return op->imm >= 0 && op->imm <= VMXL_FINT_U64;
	default:
		return true;
	}
}

/* FUNBOX and FBOX: 64 bits are what they are; boxing is setting the upper bits */
static void sel_box(struct sel *s, const struct vmxl_op *op)
{
	bool half = op->type == VMXL_T_F16;
	u16 a, iop;
	s64 imm = 0;

	if (op->type == VMXL_T_F64) {
		move(s, op->a);
		return;
	}
	if (!half && op->type != VMXL_T_F32) {
		bad(s);
		return;
	}
	if (op->op == VMXL_IR_FBOX) {
		iop = VMXL_IOP_OR_64I;
		imm = half ? ~0xffffLL : ~0xffffffffLL;
	} else {
		iop = half ? VMXL_IOP_FUNBOX16 : VMXL_IOP_FUNBOX32;
	}
	a = use(s, op->a);
	emit(s, (struct vmxl_iop){ .op = iop, .d = dest(s), .a = a, .imm = imm });
}

static void sel_fp(struct sel *s, const struct vmxl_op *op)
{
	struct vmxl_fpimm f = {
		.rm = op->aux, .nan = s->ir->fp, .toint = s->ir->fp >> 8,
		.policy = s->ir->fp >> 16, .sub = op->op, .c = op->imm,
	};
	u16 iop = fp2_row[op->op], a, b = 0;
	struct vmxl_iop o = {};

	if (!fp_format(op->type, &f.fmt) || !fp_imm_ok(op)) {
		bad(s);
		return;
	}
	a = use(s, op->a);
	if (vmxl_opdesc[op->op].nargs > 1)
		b = use(s, op->b);
	if (op->op == VMXL_IR_FMA) {
		iop = VMXL_IOP_FMA;
		f.c = use(s, op->c);
	} else if (op->op == VMXL_IR_FSQRT) {
		iop = VMXL_IOP_FSQRT;
	} else if (!iop) {
		iop = VMXL_IOP_FPX;
	}
	o.op = iop;
	o.d = dest(s);
	o.a = a;
	o.b = b;
	memcpy(&o.imm, &f, sizeof(f));
	s->o->sel.slot_const[FP_FLAGS] = 0;
	emit(s, o);
}

/* Control */

static void sel_label(struct sel *s, const struct vmxl_op *op)
{
	if (s->o->sel.label[op->imm] != NO_OP)
		bad(s);
	s->o->sel.label[op->imm] = s->o->nr;
	s->seg = s->i;
	s->barrier = s->i;
	free_all(s);
}

/* BR's constant has 16 bits; on 32 bits only the low half counts. */
static bool br_const(struct sel *s, const struct vmxl_op *op, u64 *val)
{
	if (!is_const(s, op->b, val))
		return false;
	if (op->type != VMXL_T_I64)
		*val = (s32)*val;
	return (s64)*val == (s16)*val;
}

static void sel_branch(struct sel *s, const struct vmxl_op *op)
{
	bool br = op->op == VMXL_IR_BR, w64 = op->type == VMXL_T_I64;
	struct vmxl_iop o = { .imm = op->imm };
	u64 a, b;

	if (op->aux >= VMXL_CC_NR || !type_is_int(op)) {
		bad(s);
		return;
	}
	if (is_const(s, op->a, &a) && is_const(s, op->b, &b)) {
		release(s);
		o.op = br ? VMXL_IOP_JUMP : VMXL_IOP_GOTO;
		if (vmxl_alu_cc(op->aux, op->type, a, b))
			emit(s, o);
		return;
	}
	if (br)
		o.op = VMXL_IOP_BR_EQ_64 + 4 * op->aux + (w64 ? 0 : 2);
	else
		o.op = VMXL_IOP_BRL_EQ_64 + 2 * op->aux + !w64;
	o.a = use(s, op->a);
	if (br && br_const(s, op, &b)) {
		o.b = b;
		o.op++;
	} else {
		o.b = use(s, op->b);
	}
	release(s);
	emit(s, o);
}

static void sel_call(struct sel *s, const struct vmxl_op *op)
{
	struct vmxl_iop o = { .op = VMXL_IOP_CALL, .disp = op->imm };

	o.a = use(s, op->a);
	o.b = use(s, op->b);
	o.aux = use(s, op->c);
	s->barrier = s->i;
	o.d = dest(s);
	emit(s, o);
}

static void sel_control(struct sel *s, const struct vmxl_op *op, unsigned int insns)
{
	struct vmxl_iop o = { .imm = op->imm };

	switch (op->op) {
	case VMXL_IR_LABEL:
		sel_label(s, op);
		return;
	case VMXL_IR_CALL:
		sel_call(s, op);
		return;
	case VMXL_IR_BR:
	case VMXL_IR_BRL:
		sel_branch(s, op);
		return;
	case VMXL_IR_GOTO:
		o.op = VMXL_IOP_GOTO;
		break;
	case VMXL_IR_JUMP:
		o.op = VMXL_IOP_JUMP;
		break;
	case VMXL_IR_JUMPR:
		o.op = VMXL_IOP_JUMPR;
		o.imm = max(insns, 1u);
		o.a = use(s, op->a);
		break;
	case VMXL_IR_TRAP:
		o.op = VMXL_IOP_TRAP;
		o.a = use(s, op->a);
		break;
	default:
		o.op = VMXL_IOP_LEAVE;
	}
	release(s);
	emit(s, o);
}

static void sel_op(struct sel *s, const struct vmxl_op *op, unsigned int insns)
{
	if (op->op == VMXL_IR_CONST)
		set_const(s, alu_extend(op->type, op->imm));
	else if (op->op == VMXL_IR_GET)
		sel_get(s, op);
	else if (op->op == VMXL_IR_PUT)
		sel_put(s, op);
	else if (op->op <= VMXL_IR_SEL)
		sel_int(s, op);
	else if (op->op <= VMXL_IR_FL_TEST)
		sel_flags(s, op);
	else if (op->op == VMXL_IR_FENCE)
		emit(s, (struct vmxl_iop){ .op = VMXL_IOP_FENCE, .imm = op->imm });
	else if (op->op <= VMXL_IR_PROBE)
		sel_mem(s, op);
	else if (op->op <= VMXL_IR_FTOIMOD)
		sel_fp(s, op);
	else if (op->op <= VMXL_IR_FUNBOX)
		sel_box(s, op);
	else if (op->op <= VMXL_IR_VSET)
		sel_vec(s, op);
	else
		sel_control(s, op, insns);
}

/* Instructions whose ops begin before op @i begin at the output's end. */
static unsigned int mark_insns(struct sel *s, unsigned int insn, unsigned int i)
{
	const struct vmxl_ir *ir = s->ir;

	for (; insn < ir->nr_insns && ir->insns[insn].op <= i; insn++) {
		if (ir->insns[insn].off > U16_MAX)
			s->err = -E2BIG;
		s->o->insns[insn].iop = s->o->nr;
		s->o->insns[insn].off = ir->insns[insn].off;
	}
	return insn;
}

static void select_all(struct sel *s)
{
	unsigned int insn = 0;

	for (s->i = 1; s->i < s->ir->nr_ops && !s->err; s->i++) {
		const struct vmxl_op *op = &s->ir->ops[s->i];

		insn = mark_insns(s, insn, s->i);
		if (!vmxl_ir_pure(op) || s->o->sel.last[s->i])
			sel_op(s, op, insn);
	}
	mark_insns(s, insn, U32_MAX);
	s->o->nr_insns = s->ir->nr_insns;
}

/* Labels become distances. */
static void resolve_labels(struct sel *s)
{
	unsigned int i;

	for (i = 0; i < s->o->nr; i++) {
		struct vmxl_iop *o = &s->o->code[i];
		u16 to;

		if (o->op < VMXL_IOP_GOTO || o->op > VMXL_IOP_BRL_GEU_Z)
			continue;
		to = s->o->sel.label[o->imm];
		if (to >= s->o->nr)
			bad(s);
		o->imm = (s64)to - i;
	}
}

static void reset(struct sel *s)
{
	struct vmxl_icode *o = s->o;
	unsigned int nr = s->ir->nr_ops;

	o->nr = 0;
	o->nr_insns = 0;
	memset(o->sel.last, 0, nr * sizeof(o->sel.last[0]));
	memset(o->sel.loc, 0, nr * sizeof(o->sel.loc[0]));
	memset(o->sel.known, 0, nr * sizeof(o->sel.known[0]));
	memset(o->sel.slot_next, 0xff, sizeof(o->sel.slot_next));
	memset(o->sel.slot_busy, 0, sizeof(o->sel.slot_busy));
	memset(o->sel.slot_const, 0, sizeof(o->sel.slot_const));
	memset(o->sel.label, 0xff, sizeof(o->sel.label));
	free_all(s);
}

/**
 * vmxl_iselect() - select the interpreter's ops for a unit
 * @ir: the unit
 * @out: out: ops and instruction marks
 *
 * Return: 0; -E2BIG if it does not fit: cut the unit shorter; -EINVAL if the
 * unit is malformed.
 */
int vmxl_iselect(const struct vmxl_ir *ir, struct vmxl_icode *out)
{
	struct sel s = { .ir = ir, .o = out };
	const struct vmxl_op *last;

	if (ir->full)
		return -E2BIG;
	if (ir->nr_ops < 2 || ir->nr_ops > VMXL_IR_MAX_OPS ||
	    ir->nr_insns > VMXL_IR_MAX_INSNS || ir->nr_exits > VMXL_IR_MAX_EXITS)
		return -EINVAL;
	last = &ir->ops[ir->nr_ops - 1];
	if (last->op >= VMXL_IR_NR || !(vmxl_opdesc[last->op].effects & VMXL_EFF_END))
		return -EINVAL;
	reset(&s);
	scan(&s);
	if (!s.err)
		select_all(&s);
	if (!s.err)
		resolve_labels(&s);
	return s.err;
}
