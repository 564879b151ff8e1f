// SPDX-License-Identifier: GPL-2.0
/*
 * RV64 to IR: loads, stores, atomics, fences, cache-block operations.
 * Parameters of the decode table's rows are in i->row->p.
 */
#include "translate.h"

/* p: memory type */
void vmxl_rv64_tr_load(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref v = ir_ld(tr->ir, rv_tr_get(tr, i->rs1), i->imm, i->row->p[0]);

	rv_tr_put(tr, i->rd, v);
}

/* p: memory type */
void vmxl_rv64_tr_store(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref addr = rv_tr_get(tr, i->rs1);

	ir_st(tr->ir, addr, i->imm, i->row->p[0], rv_tr_get(tr, i->rs2));
}

static u8 order(const struct vmxl_rv64_insn *i)
{
	return (i->aqrl & 2 ? VMXL_MEM_ACQ : 0) | (i->aqrl & 1 ? VMXL_MEM_REL : 0);
}

/* p: memory type */
void vmxl_rv64_tr_lr(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref v = ir_ldx(tr->ir, rv_tr_get(tr, i->rs1), i->row->p[0] | order(i));

	rv_tr_put(tr, i->rd, v);
}

/* p: memory type */
void vmxl_rv64_tr_sc(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref addr = rv_tr_get(tr, i->rs1);
	vmxl_ref v = rv_tr_get(tr, i->rs2);

	rv_tr_put(tr, i->rd, ir_stx(tr->ir, addr, i->row->p[0] | order(i), v));
}

/* p: operation, memory type */
void vmxl_rv64_tr_amo(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	const u8 *p = i->row->p;
	vmxl_ref addr = rv_tr_get(tr, i->rs1);
	vmxl_ref v = rv_tr_get(tr, i->rs2);

	rv_tr_put(tr, i->rd, ir_rmw(tr->ir, p[0], addr, p[1] | order(i), v));
}

#define FENCE_W		1u
#define FENCE_R		2u
#define FENCE_O		4u
#define FENCE_I		8u

/* A fence's predecessor and successor sets: what of it concerns memory, and devices */
void vmxl_rv64_tr_fence(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u32 pred = i->imm >> 4 & 15, succ = i->imm & 15, mask = 0;

	if (pred & FENCE_R)
		mask |= (succ & FENCE_R ? VMXL_FENCE_RR : 0) | (succ & FENCE_W ? VMXL_FENCE_RW : 0);
	if (pred & FENCE_W)
		mask |= (succ & FENCE_R ? VMXL_FENCE_WR : 0) | (succ & FENCE_W ? VMXL_FENCE_WW : 0);
	if (pred && succ && ((pred | succ) & (FENCE_I | FENCE_O)))
		mask |= VMXL_FENCE_IO;
	if (mask)
		ir_fence(tr->ir, mask);
}

void vmxl_rv64_tr_fence_tso(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	ir_fence(tr->ir, VMXL_FENCE_RR | VMXL_FENCE_RW | VMXL_FENCE_WW);
}

/* A fault is one of the address in rs1, not of the block's. */
void vmxl_rv64_tr_cbo_zero(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref addr, block;

	if (!(tr->key & RV_KEY_CBZE)) {
		vmxl_rv64_tr_illegal(tr, i);
		return;
	}
	addr = rv_tr_get(tr, i->rs1);
	ir_probe(tr->ir, addr, VMXL_ACCESS_WRITE);
	block = ir_and(tr->ir, VMXL_T_I64, addr, ir_const(tr->ir, -(u64)VMXL_RV64_CBO_BLOCK));
	ir_zblk(tr->ir, block, VMXL_RV64_CBO_BLOCK);
}

/* Memory is coherent: clean and flush only fault, as a load and a store both would. */
void vmxl_rv64_tr_cbo_probe(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	if (tr->key & RV_KEY_CBCFE)
		ir_probe(tr->ir, rv_tr_get(tr, i->rs1), VMXL_ACCESS_RW_ANY);
	else
		vmxl_rv64_tr_illegal(tr, i);
}

void vmxl_rv64_tr_cbo_inval(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	if (tr->key & 3u << RV_KEY_CBIE_SHIFT)
		ir_probe(tr->ir, rv_tr_get(tr, i->rs1), VMXL_ACCESS_RW_ANY);
	else
		vmxl_rv64_tr_illegal(tr, i);
}
