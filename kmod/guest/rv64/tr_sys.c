// SPDX-License-Identifier: GPL-2.0
/*
 * RV64 to IR: jumps and branches, CSRs, traps, privileged instructions.
 * Parameters of the decode table's rows are in i->row->p.
 */
#include "translate.h"

#define I64	VMXL_T_I64

/* Registers that calls keep their return addresses in */
static bool is_link(unsigned int reg)
{
	return reg == 1 || reg == 5;
}

static void trap_misaligned(struct vmxl_rv64_tr *tr, vmxl_ref dest)
{
	ir_trap(tr->ir, RV_EXC_INSN_MISALIGNED, dest);
	tr->done = true;
}

void vmxl_rv64_tr_jal(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u64 dest = tr->pc + (s64)i->imm;
	u32 exit;

	if ((dest & 2) && !rv_tr_has_c(tr)) {
		trap_misaligned(tr, ir_const(tr->ir, dest));
		return;
	}
	rv_tr_put(tr, i->rd, ir_const(tr->ir, tr->next));
	exit = vmxl_rv64_tr_exit(tr, dest, is_link(i->rd) ? VMXL_HINT_CALL : VMXL_HINT_NONE);
	ir_jump(tr->ir, exit);
	tr->done = true;
}

static enum vmxl_hint jalr_hint(const struct vmxl_rv64_insn *i)
{
	if (is_link(i->rd))
		return VMXL_HINT_CALL;
	return is_link(i->rs1) ? VMXL_HINT_RET : VMXL_HINT_NONE;
}

/* Without C: a destination that is no multiple of 4 traps before rd is written. */
static void check_dest(struct vmxl_rv64_tr *tr, vmxl_ref dest)
{
	u32 ok = vmxl_ir_label(tr->ir);
	vmxl_ref bit = ir_and(tr->ir, I64, dest, ir_const(tr->ir, 2));

	ir_brl(tr->ir, VMXL_CC_EQ, I64, bit, ir_const(tr->ir, 0), ok);
	ir_trap(tr->ir, RV_EXC_INSN_MISALIGNED, dest);
	ir_label(tr->ir, ok);
}

static vmxl_ref jalr_dest(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref v = rv_tr_get(tr, i->rs1);

	if (i->imm)
		v = ir_addi(tr->ir, I64, v, i->imm);
	return ir_and(tr->ir, I64, v, ir_const(tr->ir, ~1ULL));
}

void vmxl_rv64_tr_jalr(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref dest = jalr_dest(tr, i);

	if (!rv_tr_has_c(tr)) {
		check_dest(tr, dest);
		dest = jalr_dest(tr, i);	/* a label ends the life of values */
	}
	rv_tr_put(tr, i->rd, ir_const(tr->ir, tr->next));
	ir_jumpr(tr->ir, dest, jalr_hint(i));
	tr->done = true;
}

/* p: condition. The unit goes on where the branch is not taken. */
void vmxl_rv64_tr_branch(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	enum vmxl_cc cc = i->row->p[0];
	u64 dest = tr->pc + (s64)i->imm;
	vmxl_ref a = rv_tr_get(tr, i->rs1);
	vmxl_ref b = rv_tr_get(tr, i->rs2);

	if ((dest & 2) && !rv_tr_has_c(tr)) {
		ir_br(tr->ir, cc ^ 1, I64, a, b, vmxl_rv64_tr_exit(tr, tr->next, VMXL_HINT_NONE));
		trap_misaligned(tr, ir_const(tr->ir, dest));
		return;
	}
	ir_br(tr->ir, cc, I64, a, b, vmxl_rv64_tr_exit(tr, dest, VMXL_HINT_NONE));
}

/* Writing these changes nothing that translation or an access depends on. */
static bool is_plain_csr(u32 csr)
{
	switch (csr) {
	case 0x001:	/* fflags */
	case 0x140:	/* sscratch */
	case 0x141:	/* sepc */
	case 0x142:	/* scause */
	case 0x143:	/* stval */
	case 0x340:	/* mscratch */
	case 0x341:	/* mepc */
	case 0x342:	/* mcause */
	case 0x343:	/* mtval */
		return true;
	default:
		return false;
	}
}

static void csr_op(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i, vmxl_ref v)
{
	u32 op = i->row->p[0];
	bool set_clear = op != RV_CSR_WRITE;
	vmxl_ref old;

	if (set_clear)
		op |= i->rs1 ? RV_CSR_WRITE : 0;
	if (set_clear || i->rd)
		op |= RV_CSR_READ;
	old = ir_call(tr->ir, RV_H_csr, ir_const(tr->ir, i->imm | op << 12), v, 0);
	rv_tr_put(tr, i->rd, old);
	if ((op & RV_CSR_WRITE) && !is_plain_csr(i->imm))
		rv_tr_end(tr, true);
}

/* p: operation */
void vmxl_rv64_tr_csr(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	csr_op(tr, i, rv_tr_get(tr, i->rs1));
}

/* p: operation */
void vmxl_rv64_tr_csri(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	csr_op(tr, i, ir_const(tr->ir, i->rs1));
}

void vmxl_rv64_tr_ecall(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	ir_trap(tr->ir, RV_EXC_ECALL_U + rv_tr_mode(tr), ir_const(tr->ir, 0));
	tr->done = true;
}

/* A helper that goes on somewhere else by itself */
static void call_away(struct vmxl_rv64_tr *tr, u32 helper, u64 arg)
{
	ir_call(tr->ir, helper, ir_const(tr->ir, arg), 0, 0);
	rv_tr_end(tr, true);
}

void vmxl_rv64_tr_illegal(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	call_away(tr, RV_H_illegal, i->bits);
}

void vmxl_rv64_tr_ebreak(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	call_away(tr, RV_H_ebreak, 0);
}

/* p: least privilege, helper */
void vmxl_rv64_tr_xret(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	if (rv_tr_mode(tr) < i->row->p[0])
		vmxl_rv64_tr_illegal(tr, i);
	else
		call_away(tr, i->row->p[1], 0);
}

void vmxl_rv64_tr_wfi(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	call_away(tr, RV_H_wfi, 0);
}

/* p: 1 for the one without a time limit */
void vmxl_rv64_tr_wrs(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	ir_call(tr->ir, RV_H_wrs, ir_const(tr->ir, i->row->p[0]), 0, 0);
	rv_tr_end(tr, false);
}

void vmxl_rv64_tr_pause(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	if (tr->isa & VMXL_RV64_ISA_ZIHINTPAUSE)
		ir_call(tr->ir, RV_H_pause, 0, 0, 0);
}

void vmxl_rv64_tr_fence_i(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	ir_call(tr->ir, RV_H_fencei, 0, 0, 0);
	rv_tr_end(tr, true);
}

/* p: 4 for Svinval's. The unit ends: its own page may be mapped anew. */
void vmxl_rv64_tr_sfence(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u32 how = i->row->p[0] | (i->rs1 ? 1 : 0) | (i->rs2 ? 2 : 0);
	vmxl_ref va, asid;

	if (rv_tr_mode(tr) == RV_U) {
		vmxl_rv64_tr_illegal(tr, i);
		return;
	}
	va = rv_tr_get(tr, i->rs1);
	asid = rv_tr_get(tr, i->rs2);
	ir_call(tr->ir, RV_H_sfence, va, asid, ir_const(tr->ir, how));
	rv_tr_end(tr, false);
}

/* sinval.vma has done it all: what orders it has nothing left to do. */
void vmxl_rv64_tr_sinval_nop(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	if (rv_tr_mode(tr) == RV_U)
		vmxl_rv64_tr_illegal(tr, i);
}
