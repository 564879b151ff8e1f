// SPDX-License-Identifier: GPL-2.0
/*
 * RV64 to IR: loads, stores, atomics, fences, cache-block operations.
 * Parameters of the decode table's rows are in i->row->p.
 */
#include <linux/bits.h>
#include <linux/minmax.h>
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

/*
 * LR and SC in pairs (enum vmxl_ldx): the SC of a constrained LR/SC loop, which
 * is at most 16 instructions long, comes after its LR in a straight line. What
 * branches away in between must not come to an SC in such a loop: that would
 * have to succeed in the end, and does not if its LR took no reservation.
 *
 * An LR that is there for a WRS takes none, either: that may stall for no time, and a
 * reservation costs stores of others to the page a fault each. It is one of a pair whose
 * SC does not come.
 */
#define PAIR_BYTES	64
#define PAIR_OPS	16	/* of an instruction in between, at most */

enum pair_kind { PAIR_OTHER, PAIR_ALU, PAIR_BRANCH, PAIR_JUMP, PAIR_SC, PAIR_WRS };

static const u8 pair_kinds[RV_TR_NR] = {
	[RV_TR_lui] = PAIR_ALU, [RV_TR_auipc] = PAIR_ALU, [RV_TR_alu] = PAIR_ALU,
	[RV_TR_alui] = PAIR_ALU, [RV_TR_set] = PAIR_ALU, [RV_TR_seti] = PAIR_ALU,
	[RV_TR_unary] = PAIR_ALU, [RV_TR_shadd] = PAIR_ALU, [RV_TR_shadd_uw] = PAIR_ALU,
	[RV_TR_slli_uw] = PAIR_ALU, [RV_TR_bit] = PAIR_ALU, [RV_TR_biti] = PAIR_ALU,
	[RV_TR_bext] = PAIR_ALU, [RV_TR_bexti] = PAIR_ALU, [RV_TR_czero_eqz] = PAIR_ALU,
	[RV_TR_czero_nez] = PAIR_ALU, [RV_TR_branch] = PAIR_BRANCH, [RV_TR_jal] = PAIR_JUMP,
	[RV_TR_sc] = PAIR_SC, [RV_TR_wrs] = PAIR_WRS,
};

/**
 * struct pair - the search for an LR's SC
 * @lr: the LR
 * @n: instructions between it and the SC
 * @reached: halfwords after the LR where control may come to
 * @skipped: those where branches before the SC lead to
 * @sc: pc of the SC, 0: not found yet
 * @waits: a WRS comes instead
 * @end: of the last instruction looked at
 */
struct pair {
	const struct vmxl_rv64_insn *lr;
	u32 n;
	u64 reached, skipped;
	u64 sc, end;
	bool waits;
};

static u64 pair_bit(s64 pos)
{
	return pos >= 0 && pos < PAIR_BYTES / 2 ? BIT_ULL(pos) : 0;
}

/* A branch or jump at @pos. What goes back to the LR begins anew; a loop elsewhere is looked at. */
static bool pair_jump(struct vmxl_rv64_tr *tr, struct pair *p, s64 pos,
		      const struct vmxl_rv64_insn *i)
{
	s64 to = pos + i->imm / 2, sc = ((s64)p->sc - (s64)tr->next) / 2;

	if ((i->imm & 2) && !rv_tr_has_c(tr))
		return false;
	if (to >= 0 && to <= pos && (!p->sc || to <= sc || !(p->reached & pair_bit(to))))
		return false;
	p->reached |= pair_bit(to);
	p->skipped |= p->sc ? 0 : pair_bit(to);
	return true;
}

static bool pair_sc(struct pair *p, s64 pos, u64 pc, const struct vmxl_rv64_insn *i)
{
	if (p->sc || p->waits || i->rs1 != p->lr->rs1 ||
	    vmxl_mt_size(i->row->p[0]) != vmxl_mt_size(p->lr->row->p[0]) ||
	    (p->skipped & (BIT_ULL(pos + 1) - 1)))
		return false;
	p->sc = pc;
	return true;
}

/* The instruction at @pos. false: no pair */
static bool pair_insn(struct vmxl_rv64_tr *tr, struct pair *p, s64 pos)
{
	u64 pc = tr->next + 2 * pos;
	struct vmxl_rv64_insn i;
	unsigned int kind;

	if (!vmxl_rv64_tr_peek(tr, pc, &i))
		return false;
	p->end = pc + i.row->len;
	kind = pair_kinds[i.row->fn];
	if (kind == PAIR_SC)
		return pair_sc(p, pos, pc, &i);
	if (kind == PAIR_WRS && !p->sc)
		p->waits = true;
	if (!p->sc && !p->waits && (kind == PAIR_OTHER || kind == PAIR_JUMP ||
				    (kind == PAIR_ALU && i.rd == p->lr->rs1)))
		return false;
	p->n += !p->sc;
	if (kind == PAIR_ALU || kind == PAIR_BRANCH)
		p->reached |= pair_bit(pos + i.row->len / 2);
	return (kind != PAIR_BRANCH && kind != PAIR_JUMP) || pair_jump(tr, p, pos, &i);
}

/* Have the unit room for @p? */
static bool pair_fits(const struct vmxl_rv64_tr *tr, const struct pair *p)
{
	return tr->ninsn + p->n + 1 <= tr->max_insns &&
	       tr->ir->nr_ops + (p->n + 3) * PAIR_OPS < VMXL_IR_MAX_OPS - VMXL_RV64_OPS_SPARE &&
	       tr->ir->nr_exits + p->n + 1 < VMXL_IR_MAX_EXITS - VMXL_RV64_EXITS_SPARE;
}

static enum vmxl_ldx find_pair(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *lr)
{
	struct pair p = { .lr = lr, .reached = 1 };
	s64 pos;

	tr->pair = 0;
	tr->waits = false;
	if (lr->rd && lr->rd == lr->rs1)
		return VMXL_LDX_RESERVE;
	for (pos = 0; pos < PAIR_BYTES / 2; pos++)
		if ((p.reached & BIT_ULL(pos)) && !pair_insn(tr, &p, pos))
			return VMXL_LDX_RESERVE;
	if (!p.waits && (!p.sc || !pair_fits(tr, &p)))
		return VMXL_LDX_RESERVE;
	tr->pair = p.sc;
	tr->waits = p.waits;
	tr->seen = max(tr->seen, p.end);
	return VMXL_LDX_PAIR;
}

/* p: memory type */
void vmxl_rv64_tr_lr(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	enum vmxl_ldx how = find_pair(tr, i);
	vmxl_ref addr = rv_tr_get(tr, i->rs1);
	vmxl_ref v = ir_ldx(tr->ir, addr, i->row->p[0] | order(i), how);

	if (tr->waits)
		ir_put(tr->ir, RV_SLOT(wait_addr),
		       ir_or(tr->ir, VMXL_T_I64, addr,
			     ir_const(tr->ir, vmxl_mt_size(i->row->p[0]) == 8)));
	rv_tr_put(tr, i->rd, v);
}

/* p: memory type */
void vmxl_rv64_tr_sc(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref addr = rv_tr_get(tr, i->rs1);
	vmxl_ref v = rv_tr_get(tr, i->rs2);
	enum vmxl_ldx how = tr->pair == tr->pc ? VMXL_LDX_PAIR : VMXL_LDX_RESERVE;

	rv_tr_put(tr, i->rd, ir_stx(tr->ir, addr, i->row->p[0] | order(i), v, how));
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
	/*
	 * Release: others may wait for what it writes next, so it does not just spin. A full
	 * fence is also what compilers make of an acquire, in a loop that does.
	 */
	if ((pred & FENCE_W) && (succ & (FENCE_R | FENCE_W)) == FENCE_W)
		ir_put(tr->ir, RV_SLOT(pauses), ir_const(tr->ir, 0));
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
