// SPDX-License-Identifier: GPL-2.0
/*
 * RV64 to IR: integer arithmetic (I, M, Zba, Zbb, Zbs, Zbc, Zicond).
 * Parameters of the decode table's rows are in i->row->p.
 */
#include "translate.h"

#define I64	VMXL_T_I64

void vmxl_rv64_tr_lui(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	rv_tr_put(tr, i->rd, ir_const(tr->ir, (s64)i->imm));
}

void vmxl_rv64_tr_auipc(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	rv_tr_put(tr, i->rd, ir_const(tr->ir, tr->pc + (s64)i->imm));
}

/* p: op, type */
void vmxl_rv64_tr_alu(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	const u8 *p = i->row->p;
	vmxl_ref a;

	if (!i->rd)
		return;
	if (p[0] == VMXL_IR_ADD && p[1] == I64 && !i->rs1) {	/* mv */
		rv_tr_put(tr, i->rd, rv_tr_get(tr, i->rs2));
		return;
	}
	a = rv_tr_get(tr, i->rs1);
	rv_tr_put(tr, i->rd, vmxl_ir_op3(tr->ir, p[0], p[1], a, rv_tr_get(tr, i->rs2), 0, 0, 0));
}

/* p: op, type */
void vmxl_rv64_tr_alui(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	const u8 *p = i->row->p;
	vmxl_ref a;

	if (!i->rd)
		return;
	if (p[0] == VMXL_IR_ADD && !i->rs1) {			/* li */
		rv_tr_put(tr, i->rd, ir_const(tr->ir, (s64)i->imm));
		return;
	}
	a = rv_tr_get(tr, i->rs1);
	if (i->imm || p[1] != I64 || p[0] == VMXL_IR_AND)
		a = vmxl_ir_op3(tr->ir, p[0], p[1], a, ir_const(tr->ir, (s64)i->imm), 0, 0, 0);
	rv_tr_put(tr, i->rd, a);
}

/* p: op, type */
void vmxl_rv64_tr_unary(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	const u8 *p = i->row->p;

	rv_tr_put(tr, i->rd, vmxl_ir_op3(tr->ir, p[0], p[1], rv_tr_get(tr, i->rs1), 0, 0, 0, 0));
}

/* p: condition */
void vmxl_rv64_tr_set(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref a = rv_tr_get(tr, i->rs1);

	rv_tr_put(tr, i->rd, ir_set(tr->ir, i->row->p[0], I64, a, rv_tr_get(tr, i->rs2)));
}

/* p: condition */
void vmxl_rv64_tr_seti(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref a = rv_tr_get(tr, i->rs1);

	rv_tr_put(tr, i->rd, ir_set(tr->ir, i->row->p[0], I64, a, ir_const(tr->ir, (s64)i->imm)));
}

/* p: shift */
void vmxl_rv64_tr_shadd(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref a = rv_tr_get(tr, i->rs1);

	rv_tr_put(tr, i->rd, ir_shadd(tr->ir, I64, i->row->p[0], a, rv_tr_get(tr, i->rs2)));
}

/* p: shift; zext.w is the one by 0 with x0 */
void vmxl_rv64_tr_shadd_uw(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref v = ir_zext32(tr->ir, I64, rv_tr_get(tr, i->rs1));

	if (i->row->p[0])
		v = ir_shadd(tr->ir, I64, i->row->p[0], v, rv_tr_get(tr, i->rs2));
	else if (i->rs2)
		v = ir_add(tr->ir, I64, v, rv_tr_get(tr, i->rs2));
	rv_tr_put(tr, i->rd, v);
}

void vmxl_rv64_tr_slli_uw(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref v = ir_zext32(tr->ir, I64, rv_tr_get(tr, i->rs1));

	rv_tr_put(tr, i->rd, ir_shl(tr->ir, I64, v, ir_const(tr->ir, i->imm)));
}

static void with_bit(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i, vmxl_ref bit)
{
	vmxl_ref a = rv_tr_get(tr, i->rs1);

	rv_tr_put(tr, i->rd, vmxl_ir_op3(tr->ir, i->row->p[0], I64, a, bit, 0, 0, 0));
}

/* p: op that combines rs1 with the bit */
void vmxl_rv64_tr_bit(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref one = ir_const(tr->ir, 1);
	vmxl_ref bit = ir_shl(tr->ir, I64, one, rv_tr_get(tr, i->rs2));

	with_bit(tr, i, bit);
}

/* p: op that combines rs1 with the bit */
void vmxl_rv64_tr_biti(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	with_bit(tr, i, ir_const(tr->ir, 1ULL << i->imm));
}

void vmxl_rv64_tr_bext(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref a = rv_tr_get(tr, i->rs1);
	vmxl_ref v = ir_shr(tr->ir, I64, a, rv_tr_get(tr, i->rs2));

	rv_tr_put(tr, i->rd, ir_and(tr->ir, I64, v, ir_const(tr->ir, 1)));
}

void vmxl_rv64_tr_bexti(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	rv_tr_put(tr, i->rd, ir_extract(tr->ir, I64, rv_tr_get(tr, i->rs1), i->imm, 1));
}

/* bits 126..63 of the carry-less product */
void vmxl_rv64_tr_clmulr(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref a = rv_tr_get(tr, i->rs1);
	vmxl_ref b = rv_tr_get(tr, i->rs2);
	vmxl_ref lo = ir_extract(tr->ir, I64, ir_clmul(tr->ir, I64, a, b), 63, 1);

	rv_tr_put(tr, i->rd, ir_shadd(tr->ir, I64, 1, ir_clmulh(tr->ir, I64, a, b), lo));
}

void vmxl_rv64_tr_czero_eqz(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref cond = rv_tr_get(tr, i->rs2);
	vmxl_ref v = rv_tr_get(tr, i->rs1);

	rv_tr_put(tr, i->rd, ir_sel(tr->ir, I64, cond, v, ir_const(tr->ir, 0)));
}

void vmxl_rv64_tr_czero_nez(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref cond = rv_tr_get(tr, i->rs2);
	vmxl_ref v = rv_tr_get(tr, i->rs1);

	rv_tr_put(tr, i->rd, ir_sel(tr->ir, I64, cond, ir_const(tr->ir, 0), v));
}
