// SPDX-License-Identifier: GPL-2.0
/*
 * Instruction selection: a function for each kind of op.
 *
 * Input: an op whose operands and index are in range. Output: ops of the
 * interpreter. Rule: what an op's own fields say is checked here; a malformed
 * op is refused by sel_bad().
 */
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include "../fp/fp.h"
#include "../mmu/tlb.h"
#include "isel.h"

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

static void sel_alu2(struct vmxl_sel *s, const struct vmxl_op *op)
{
	u16 iop = alu2_row[op->op].iop + 2 * (op->type - VMXL_T_I64), a, b;
	vmxl_ref ra = op->a, rb = op->b;
	u64 val;

	if (alu2_row[op->op].only64 && op->type != VMXL_T_I64) {
		sel_bad(s);
		return;
	}
	if (commutes(op->op) && vmxl_sel_const(s, ra, &val))
		swap(ra, rb);
	if (!vmxl_sel_const(s, rb, &val)) {
		a = vmxl_sel_use(s, ra);
		b = vmxl_sel_use(s, rb);
		sel_emit(s, (struct vmxl_iop){ .op = iop, .d = vmxl_sel_dest(s), .a = a, .b = b });
	} else if (!val && zero_is_neutral(op)) {
		vmxl_sel_move(s, ra);
	} else {
		a = vmxl_sel_use(s, ra);
		sel_emit(s, (struct vmxl_iop){
			.op = iop + 1, .d = vmxl_sel_dest(s), .a = a, .imm = val,
		});
	}
}

/* Ops that have a variant for each type and no immediate form; @imm as the handler wants it */
static void sel_typed(struct vmxl_sel *s, const struct vmxl_op *op, u16 iop, u16 b, s64 imm)
{
	unsigned int nargs = vmxl_opdesc[op->op].nargs;
	u16 a = vmxl_sel_use(s, op->a);

	if (nargs > 1)
		b = vmxl_sel_use(s, op->b);
	if (nargs > 2)
		imm = vmxl_sel_use(s, op->c);
	iop += op->type - VMXL_T_I64;
	sel_emit(s, (struct vmxl_iop){
		.op = iop, .d = vmxl_sel_dest(s), .a = a, .b = b, .imm = imm,
	});
}

static const u16 alu1_row[VMXL_IR_NR] = {
#define X(n)	[VMXL_IR_##n] = VMXL_IOP_##n##_64,
	VMXL_ALU1(X)
#undef X
};

static void sel_extract(struct vmxl_sel *s, const struct vmxl_op *op)
{
	u64 mask = vmxl_field_mask(op->imm);

	/* On 32 bits the operand's upper half is not there. */
	if (op->type != VMXL_T_I64)
		mask &= (op->imm & 63) < 32 ? U32_MAX >> (op->imm & 31) : 0;
	sel_typed(s, op, VMXL_IOP_EXTRACT_64, op->imm & 63, mask);
}

static void sel_set(struct vmxl_sel *s, const struct vmxl_op *op)
{
	u16 iop = VMXL_IOP_SET_EQ_64 + 4 * op->aux + (op->type == VMXL_T_I64 ? 0 : 2), a, b = 0;
	u64 val = 0;

	if (op->aux >= VMXL_CC_NR) {
		sel_bad(s);
		return;
	}
	a = vmxl_sel_use(s, op->a);
	if (vmxl_sel_const(s, op->b, &val))
		iop++;
	else
		b = vmxl_sel_use(s, op->b);
	sel_emit(s, (struct vmxl_iop){
		.op = iop, .d = vmxl_sel_dest(s), .a = a, .b = b, .imm = val,
	});
}

static void sel_int(struct vmxl_sel *s, const struct vmxl_op *op)
{
	u64 v[3], res;

	if (!type_is_int(op)) {
		sel_bad(s);
		return;
	}
	if (vmxl_sel_const(s, op->a, &v[0]) && vmxl_sel_const(s, op->b, &v[1]) &&
	    vmxl_sel_const(s, op->c, &v[2]) && vmxl_alu_eval(op, v, &res)) {
		vmxl_sel_set_const(s, res);
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

static void sel_flags(struct vmxl_sel *s, const struct vmxl_op *op)
{
	u16 a = vmxl_sel_use(s, op->a), b = 0, c = VMXL_TMP_ZERO;

	if (op->op == VMXL_IR_FL_TEST) {
		sel_emit(s, (struct vmxl_iop){
			.op = VMXL_IOP_FL_TEST, .d = vmxl_sel_dest(s), .a = a, .imm = op->aux,
		});
		return;
	}
	if (vmxl_opdesc[op->op].nargs > 1)
		b = vmxl_sel_use(s, op->b);
	if (vmxl_opdesc[op->op].nargs > 2)
		c = vmxl_sel_use(s, op->c);
	sel_emit(s, (struct vmxl_iop){
		.op = VMXL_IOP_FLAGS, .d = vmxl_sel_dest(s), .a = a, .b = b,
		.aux = op->op | op->type << 8 | (u32)c << 16,
	});
}

static void sel_vec(struct vmxl_sel *s, const struct vmxl_op *op)
{
	u16 a = vmxl_sel_use(s, op->a), b = VMXL_TMP_ZERO;

	if (vmxl_opdesc[op->op].nargs > 1)
		b = vmxl_sel_use(s, op->b);
	sel_emit(s, (struct vmxl_iop){
		.op = VMXL_IOP_VEC, .d = vmxl_sel_dest(s), .a = a, .b = b,
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
static u16 use_addr(struct vmxl_sel *s, vmxl_ref r, s32 *disp)
{
	u64 val;

	if (vmxl_sel_const(s, r, &val) && !s->o->sel.loc[r] &&
	    (s64)(val + *disp) == (s32)(val + *disp)) {
		*disp += val;
		return VMXL_TMP_ZERO;
	}
	return vmxl_sel_use(s, r);
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
		return !v128 && op->type != VMXL_T_V128 && (u64)op->imm <= VMXL_LDX_PAIR;
	default:
		return v128 == (op->type == VMXL_T_V128);
	}
}

static void sel_ld_st(struct vmxl_sel *s, const struct vmxl_op *op)
{
	bool st = op->op == VMXL_IR_ST, plain = !(op->aux & MEM_UNUSUAL);
	struct vmxl_iop o = { .disp = op->imm, .aux = op->aux };
	unsigned int mt = op->aux & VMXL_MEM_MT;

	o.a = use_addr(s, op->a, &o.disp);
	if (st) {
		o.op = plain ? st_row[mt] : VMXL_IOP_STG;
		o.b = vmxl_sel_use(s, op->b);
		vmxl_sel_release(s);
	} else {
		o.op = plain ? ld_row[mt] : VMXL_IOP_LDG;
		o.d = vmxl_sel_dest(s);
	}
	sel_emit(s, o);
}

static void sel_atomic(struct vmxl_sel *s, const struct vmxl_op *op)
{
	struct vmxl_iop o = { .aux = op->aux };

	o.a = vmxl_sel_use(s, op->a);
	if (vmxl_opdesc[op->op].nargs > 1)
		o.b = vmxl_sel_use(s, op->b);
	switch (op->op) {
	case VMXL_IR_RMW:
		o.op = rmw_iop(op);
		o.disp = op->imm;
		break;
	case VMXL_IR_CAS:
		o.op = VMXL_IOP_CAS;
		o.disp = vmxl_sel_use(s, op->c);
		break;
	case VMXL_IR_LDX:
		o.op = VMXL_IOP_LDX;
		o.disp = op->imm;
		break;
	default:
		o.op = VMXL_IOP_STX;
		o.disp = op->imm;
	}
	o.d = vmxl_sel_dest(s);
	sel_emit(s, o);
}

static void sel_mem(struct vmxl_sel *s, const struct vmxl_op *op)
{
	u16 a;

	if (!mem_ok(op)) {
		sel_bad(s);
		return;
	}
	switch (op->op) {
	case VMXL_IR_LD:
	case VMXL_IR_ST:
		sel_ld_st(s, op);
		break;
	case VMXL_IR_ZBLK:
	case VMXL_IR_PROBE:
		a = vmxl_sel_use(s, op->a);
		vmxl_sel_release(s);
		sel_emit(s, (struct vmxl_iop){
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
static void sel_box(struct vmxl_sel *s, const struct vmxl_op *op)
{
	bool half = op->type == VMXL_T_F16;
	u16 a, iop;
	s64 imm = 0;

	if (op->type == VMXL_T_F64) {
		vmxl_sel_move(s, op->a);
		return;
	}
	if (!half && op->type != VMXL_T_F32) {
		sel_bad(s);
		return;
	}
	if (op->op == VMXL_IR_FBOX) {
		iop = VMXL_IOP_OR_64I;
		imm = half ? ~0xffffLL : ~0xffffffffLL;
	} else {
		iop = half ? VMXL_IOP_FUNBOX16 : VMXL_IOP_FUNBOX32;
	}
	a = vmxl_sel_use(s, op->a);
	sel_emit(s, (struct vmxl_iop){ .op = iop, .d = vmxl_sel_dest(s), .a = a, .imm = imm });
}

static void sel_fp(struct vmxl_sel *s, const struct vmxl_op *op)
{
	struct vmxl_fpimm f = {
		.rm = op->aux, .nan = s->ir->fp, .toint = s->ir->fp >> 8,
		.policy = s->ir->fp >> 16, .sub = op->op, .c = op->imm,
	};
	u16 iop = fp2_row[op->op], a, b = 0;
	struct vmxl_iop o = {};

	if (!fp_format(op->type, &f.fmt) || !fp_imm_ok(op)) {
		sel_bad(s);
		return;
	}
	a = vmxl_sel_use(s, op->a);
	if (vmxl_opdesc[op->op].nargs > 1)
		b = vmxl_sel_use(s, op->b);
	if (op->op == VMXL_IR_FMA) {
		iop = VMXL_IOP_FMA;
		f.c = vmxl_sel_use(s, op->c);
	} else if (op->op == VMXL_IR_FSQRT) {
		iop = VMXL_IOP_FSQRT;
	} else if (!iop) {
		iop = VMXL_IOP_FPX;
	}
	o.op = iop;
	o.d = vmxl_sel_dest(s);
	o.a = a;
	o.b = b;
	memcpy(&o.imm, &f, sizeof(f));
	s->o->sel.slot_const[VMXL_SEL_FLAGS] = 0;
	sel_emit(s, o);
}

/* Control */

static void sel_label(struct vmxl_sel *s, const struct vmxl_op *op)
{
	if (s->o->sel.label[op->imm] != VMXL_SEL_NEVER)
		sel_bad(s);
	s->o->sel.label[op->imm] = s->o->nr;
	s->seg = s->i;
	s->barrier = s->i;
	vmxl_sel_free_all(s);
}

/* BR's constant has 16 bits; on 32 bits only the low half counts. */
static bool br_const(struct vmxl_sel *s, const struct vmxl_op *op, u64 *val)
{
	if (!vmxl_sel_const(s, op->b, val))
		return false;
	if (op->type != VMXL_T_I64)
		*val = (s32)*val;
	return (s64)*val == (s16)*val;
}

static void sel_branch(struct vmxl_sel *s, const struct vmxl_op *op)
{
	bool br = op->op == VMXL_IR_BR, w64 = op->type == VMXL_T_I64;
	struct vmxl_iop o = { .imm = op->imm };
	u64 a, b;

	if (op->aux >= VMXL_CC_NR || !type_is_int(op)) {
		sel_bad(s);
		return;
	}
	if (vmxl_sel_const(s, op->a, &a) && vmxl_sel_const(s, op->b, &b)) {
		vmxl_sel_release(s);
		o.op = br ? VMXL_IOP_JUMP : VMXL_IOP_GOTO;
		if (vmxl_alu_cc(op->aux, op->type, a, b))
			sel_emit(s, o);
		return;
	}
	if (br)
		o.op = VMXL_IOP_BR_EQ_64 + 4 * op->aux + (w64 ? 0 : 2);
	else
		o.op = VMXL_IOP_BRL_EQ_64 + 2 * op->aux + !w64;
	o.a = vmxl_sel_use(s, op->a);
	if (br && br_const(s, op, &b)) {
		o.b = b;
		o.op++;
	} else {
		o.b = vmxl_sel_use(s, op->b);
	}
	vmxl_sel_release(s);
	sel_emit(s, o);
}

static void sel_call(struct vmxl_sel *s, const struct vmxl_op *op)
{
	struct vmxl_iop o = { .op = VMXL_IOP_CALL, .disp = op->imm };

	o.a = vmxl_sel_use(s, op->a);
	o.b = vmxl_sel_use(s, op->b);
	o.aux = vmxl_sel_use(s, op->c);
	s->barrier = s->i;
	o.d = vmxl_sel_dest(s);
	sel_emit(s, o);
}

static void sel_control(struct vmxl_sel *s, const struct vmxl_op *op, unsigned int insns)
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
		o.a = vmxl_sel_use(s, op->a);
		break;
	case VMXL_IR_SWITCH:
		o.op = VMXL_IOP_SWITCH;
		o.imm = max(insns, 1u) - !op->imm;
		o.a = vmxl_sel_use(s, op->a);
		break;
	case VMXL_IR_TRAP:
		o.op = VMXL_IOP_TRAP;
		o.a = vmxl_sel_use(s, op->a);
		break;
	default:
		o.op = VMXL_IOP_LEAVE;
	}
	vmxl_sel_release(s);
	sel_emit(s, o);
}

/**
 * vmxl_sel_op() - select for the op at hand
 * @s: selection
 * @op: the op
 * @insns: instructions begun so far
 */
void vmxl_sel_op(struct vmxl_sel *s, const struct vmxl_op *op, unsigned int insns)
{
	if (op->op == VMXL_IR_CONST)
		vmxl_sel_set_const(s, alu_extend(op->type, op->imm));
	else if (op->op == VMXL_IR_GET)
		vmxl_sel_get(s, op);
	else if (op->op == VMXL_IR_PUT)
		vmxl_sel_put(s, op);
	else if (op->op == VMXL_IR_COUNTER)
		sel_emit(s, (struct vmxl_iop){ .op = VMXL_IOP_COUNTER, .d = vmxl_sel_dest(s) });
	else if (op->op <= VMXL_IR_SEL)
		sel_int(s, op);
	else if (op->op <= VMXL_IR_FL_TEST)
		sel_flags(s, op);
	else if (op->op == VMXL_IR_FENCE)
		sel_emit(s, (struct vmxl_iop){ .op = VMXL_IOP_FENCE, .imm = op->imm });
	else if (op->op == VMXL_IR_PAUSE)
		sel_emit(s, (struct vmxl_iop){ .op = VMXL_IOP_PAUSE });
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
