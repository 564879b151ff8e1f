/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What translators write IR with: one short inline function an op. All of
 * them may be called when the unit is full: they answer VMXL_IR_NONE then,
 * and the translator looks at ir->full once an instruction.
 *
 * A translator's loop, for one guest instruction:
 *	vmxl_ir_insn(ir, pc);
 *	v = ir_add(ir, VMXL_T_I64, ir_get(ir, RV_SLOT(x[rs1])), ir_const(ir, imm));
 *	ir_put(ir, RV_SLOT(x[rd]), v);
 *	if (ir->full) ...cut the unit before this instruction
 */
#ifndef VMXL_IR_BUILD_H
#define VMXL_IR_BUILD_H

#include "ir.h"

static inline vmxl_ref ir_const(struct vmxl_ir *ir, u64 val)
{
	return vmxl_ir_const(ir, val);
}

/* Guest state; V128 by ir_getv */
static inline vmxl_ref ir_get(struct vmxl_ir *ir, u32 slot)
{
	return vmxl_ir_op3(ir, VMXL_IR_GET, VMXL_T_I64, 0, 0, 0, 0, slot);
}

static inline vmxl_ref ir_getv(struct vmxl_ir *ir, u32 slot)
{
	return vmxl_ir_op3(ir, VMXL_IR_GET, VMXL_T_V128, 0, 0, 0, 0, slot);
}

static inline void ir_put(struct vmxl_ir *ir, u32 slot, vmxl_ref v)
{
	vmxl_ir_op3(ir, VMXL_IR_PUT, VMXL_T_I64, v, 0, 0, 0, slot);
}

static inline void ir_putv(struct vmxl_ir *ir, u32 slot, vmxl_ref v)
{
	vmxl_ir_op3(ir, VMXL_IR_PUT, VMXL_T_V128, v, 0, 0, 0, slot);
}

/* Integer ops: type VMXL_T_I64, S32 or Z32 (mulh*, clmul*: I64) */
#define VMXL_IR_BUILD1(name, OP)						\
static inline vmxl_ref ir_##name(struct vmxl_ir *ir, u8 type, vmxl_ref a)	\
{										\
	return vmxl_ir_op3(ir, VMXL_IR_##OP, type, a, 0, 0, 0, 0);		\
}

#define VMXL_IR_BUILD2(name, OP)						\
static inline vmxl_ref ir_##name(struct vmxl_ir *ir, u8 type, vmxl_ref a, vmxl_ref b) \
{										\
	return vmxl_ir_op3(ir, VMXL_IR_##OP, type, a, b, 0, 0, 0);		\
}

#define VMXL_IR_BUILD3(name, OP)						\
static inline vmxl_ref ir_##name(struct vmxl_ir *ir, u8 type, vmxl_ref a, vmxl_ref b, \
				 vmxl_ref c)					\
{										\
	return vmxl_ir_op3(ir, VMXL_IR_##OP, type, a, b, c, 0, 0);		\
}

VMXL_IR_BUILD2(add, ADD)
VMXL_IR_BUILD2(sub, SUB)
VMXL_IR_BUILD2(mul, MUL)
VMXL_IR_BUILD2(mulhs, MULHS)
VMXL_IR_BUILD2(mulhu, MULHU)
VMXL_IR_BUILD2(mulhsu, MULHSU)
VMXL_IR_BUILD2(divs, DIVS)
VMXL_IR_BUILD2(divu, DIVU)
VMXL_IR_BUILD2(rems, REMS)
VMXL_IR_BUILD2(remu, REMU)
VMXL_IR_BUILD2(and, AND)
VMXL_IR_BUILD2(or, OR)
VMXL_IR_BUILD2(xor, XOR)
VMXL_IR_BUILD2(andn, ANDN)
VMXL_IR_BUILD2(orn, ORN)
VMXL_IR_BUILD2(xnor, XNOR)
VMXL_IR_BUILD2(shl, SHL)
VMXL_IR_BUILD2(shr, SHR)
VMXL_IR_BUILD2(sar, SAR)
VMXL_IR_BUILD2(rol, ROL)
VMXL_IR_BUILD2(ror, ROR)
VMXL_IR_BUILD2(smin, SMIN)
VMXL_IR_BUILD2(smax, SMAX)
VMXL_IR_BUILD2(umin, UMIN)
VMXL_IR_BUILD2(umax, UMAX)
VMXL_IR_BUILD2(clmul, CLMUL)
VMXL_IR_BUILD2(clmulh, CLMULH)
VMXL_IR_BUILD1(clz, CLZ)
VMXL_IR_BUILD1(ctz, CTZ)
VMXL_IR_BUILD1(popcnt, POPCNT)
VMXL_IR_BUILD1(bswap, BSWAP)
VMXL_IR_BUILD1(bitrev, BITREV)
VMXL_IR_BUILD1(orcb, ORCB)
VMXL_IR_BUILD1(sext8, SEXT8)
VMXL_IR_BUILD1(sext16, SEXT16)
VMXL_IR_BUILD1(sext32, SEXT32)
VMXL_IR_BUILD1(zext8, ZEXT8)
VMXL_IR_BUILD1(zext16, ZEXT16)
VMXL_IR_BUILD1(zext32, ZEXT32)
VMXL_IR_BUILD3(sel, SEL)		/* a ? b : c */

/* Flags: type I8, I16, Z32, I64 */
VMXL_IR_BUILD2(fl_add, FL_ADD)
VMXL_IR_BUILD3(fl_adc, FL_ADC)
VMXL_IR_BUILD2(fl_sub, FL_SUB)
VMXL_IR_BUILD3(fl_sbb, FL_SBB)
VMXL_IR_BUILD1(fl_logic, FL_LOGIC)
VMXL_IR_BUILD3(fl_shl, FL_SHL)
VMXL_IR_BUILD3(fl_shr, FL_SHR)
VMXL_IR_BUILD3(fl_sar, FL_SAR)
VMXL_IR_BUILD2(fl_mul, FL_MUL)
VMXL_IR_BUILD2(fl_umul, FL_UMUL)

/* NaN boxing: type F16, F32 (F64: no change) */
VMXL_IR_BUILD1(fbox, FBOX)
VMXL_IR_BUILD1(funbox, FUNBOX)

#undef VMXL_IR_BUILD1
#undef VMXL_IR_BUILD2
#undef VMXL_IR_BUILD3

static inline vmxl_ref ir_addi(struct vmxl_ir *ir, u8 type, vmxl_ref a, s64 imm)
{
	return ir_add(ir, type, a, ir_const(ir, imm));
}

/* (a << shift) + b */
static inline vmxl_ref ir_shadd(struct vmxl_ir *ir, u8 type, unsigned int shift, vmxl_ref a,
				vmxl_ref b)
{
	return vmxl_ir_op3(ir, VMXL_IR_SHADD, type, a, b, 0, 0, shift);
}

/* bits pos..pos+len-1 of a, zero-extended */
static inline vmxl_ref ir_extract(struct vmxl_ir *ir, u8 type, vmxl_ref a, unsigned int pos,
				  unsigned int len)
{
	return vmxl_ir_op3(ir, VMXL_IR_EXTRACT, type, a, 0, 0, 0, pos | len << 8);
}

/* a with bits pos..pos+len-1 replaced by the low bits of b */
static inline vmxl_ref ir_deposit(struct vmxl_ir *ir, u8 type, vmxl_ref a, vmxl_ref b,
				  unsigned int pos, unsigned int len)
{
	return vmxl_ir_op3(ir, VMXL_IR_DEPOSIT, type, a, b, 0, 0, pos | len << 8);
}

/* a cc b ? 1 : 0; type I64 or Z32 (low halves) */
static inline vmxl_ref ir_set(struct vmxl_ir *ir, enum vmxl_cc cc, u8 type, vmxl_ref a,
			      vmxl_ref b)
{
	return vmxl_ir_op3(ir, VMXL_IR_SET, type, a, b, 0, cc, 0);
}

static inline vmxl_ref ir_fl_test(struct vmxl_ir *ir, enum vmxl_flcc cc, vmxl_ref flags)
{
	return vmxl_ir_op3(ir, VMXL_IR_FL_TEST, VMXL_T_I64, flags, 0, 0, cc, 0);
}

/* Memory: aux is enum vmxl_mt | VMXL_MEM_*; the type of the op follows from it. */
static inline u8 ir_mem_type(unsigned int aux)
{
	return (aux & VMXL_MEM_MT) == VMXL_MT_V128 ? VMXL_T_V128 : VMXL_T_I64;
}

static inline vmxl_ref ir_ld(struct vmxl_ir *ir, vmxl_ref addr, s32 disp, u8 aux)
{
	return vmxl_ir_op3(ir, VMXL_IR_LD, ir_mem_type(aux), addr, 0, 0, aux, disp);
}

static inline void ir_st(struct vmxl_ir *ir, vmxl_ref addr, s32 disp, u8 aux, vmxl_ref v)
{
	vmxl_ir_op3(ir, VMXL_IR_ST, ir_mem_type(aux), addr, v, 0, aux, disp);
}

static inline vmxl_ref ir_rmw(struct vmxl_ir *ir, enum vmxl_rmw kind, vmxl_ref addr, u8 aux,
			      vmxl_ref v)
{
	return vmxl_ir_op3(ir, VMXL_IR_RMW, VMXL_T_I64, addr, v, 0, aux, kind);
}

static inline vmxl_ref ir_cas(struct vmxl_ir *ir, vmxl_ref addr, u8 aux, vmxl_ref expected,
			      vmxl_ref v)
{
	return vmxl_ir_op3(ir, VMXL_IR_CAS, ir_mem_type(aux), addr, expected, v, aux, 0);
}

static inline vmxl_ref ir_ldx(struct vmxl_ir *ir, vmxl_ref addr, u8 aux, enum vmxl_ldx how)
{
	return vmxl_ir_op3(ir, VMXL_IR_LDX, ir_mem_type(aux), addr, 0, 0, aux, how);
}

/* 0: stored, 1: the reservation was lost */
static inline vmxl_ref ir_stx(struct vmxl_ir *ir, vmxl_ref addr, u8 aux, vmxl_ref v,
			      enum vmxl_ldx how)
{
	return vmxl_ir_op3(ir, VMXL_IR_STX, ir_mem_type(aux), addr, v, 0, aux, how);
}

static inline void ir_fence(struct vmxl_ir *ir, u32 mask)
{
	vmxl_ir_op3(ir, VMXL_IR_FENCE, VMXL_T_NONE, 0, 0, 0, 0, mask);
}

static inline vmxl_ref ir_counter(struct vmxl_ir *ir)
{
	return vmxl_ir_op3(ir, VMXL_IR_COUNTER, VMXL_T_I64, 0, 0, 0, 0, 0);
}

static inline void ir_pause(struct vmxl_ir *ir)
{
	vmxl_ir_op3(ir, VMXL_IR_PAUSE, VMXL_T_NONE, 0, 0, 0, 0, 0);
}

static inline void ir_zblk(struct vmxl_ir *ir, vmxl_ref addr, u32 len)
{
	vmxl_ir_op3(ir, VMXL_IR_ZBLK, VMXL_T_NONE, addr, 0, 0, 0, len);
}

static inline void ir_probe(struct vmxl_ir *ir, vmxl_ref addr, enum vmxl_access access)
{
	vmxl_ir_op3(ir, VMXL_IR_PROBE, VMXL_T_NONE, addr, 0, 0, 0, access);
}

/*
 * Floating point: op VMXL_IR_FADD and so on; type F16 F32 F64; rm: rounding
 * mode (enum vmxl_fp_rm), 0 where the op does not round. Comparisons too.
 */
static inline vmxl_ref ir_fp(struct vmxl_ir *ir, u16 op, u8 type, u8 rm, vmxl_ref a, vmxl_ref b,
			     vmxl_ref c)
{
	return vmxl_ir_op3(ir, op, type, a, b, c, rm, 0);
}

/* FRINT (imm 1: raise inexact) */
static inline vmxl_ref ir_frint(struct vmxl_ir *ir, u8 type, u8 rm, vmxl_ref a, bool exact)
{
	return vmxl_ir_op3(ir, VMXL_IR_FRINT, type, a, 0, 0, rm, exact);
}

/* type is the result's, from the source's */
static inline vmxl_ref ir_fcvt(struct vmxl_ir *ir, u8 type, u8 from, u8 rm, vmxl_ref a)
{
	return vmxl_ir_op3(ir, VMXL_IR_FCVT, type, a, 0, 0, rm, from);
}

/* type is the floating-point operand's; 32-bit results are sign-extended, also unsigned ones */
static inline vmxl_ref ir_ftoi(struct vmxl_ir *ir, u8 type, enum vmxl_fint to, u8 rm, vmxl_ref a)
{
	return vmxl_ir_op3(ir, VMXL_IR_FTOI, type, a, 0, 0, rm, to);
}

static inline vmxl_ref ir_itof(struct vmxl_ir *ir, u8 type, enum vmxl_fint from, u8 rm, vmxl_ref a)
{
	return vmxl_ir_op3(ir, VMXL_IR_ITOF, type, a, 0, 0, rm, from);
}

/* 128-bit vectors: lane is log2 of the lane's bytes; imm: shift count or lane number */
static inline vmxl_ref ir_vec(struct vmxl_ir *ir, u16 op, u8 lane, vmxl_ref a, vmxl_ref b,
			      u32 imm)
{
	u8 type = op == VMXL_IR_VGET ? VMXL_T_I64 : VMXL_T_V128;

	return vmxl_ir_op3(ir, op, type, a, b, 0, lane, imm);
}

/* Control. A label is made by vmxl_ir_label(), and placed by ir_label(). */
static inline void ir_label(struct vmxl_ir *ir, u32 label)
{
	vmxl_ir_op3(ir, VMXL_IR_LABEL, VMXL_T_NONE, 0, 0, 0, 0, label);
}

static inline void ir_goto(struct vmxl_ir *ir, u32 label)
{
	vmxl_ir_op3(ir, VMXL_IR_GOTO, VMXL_T_NONE, 0, 0, 0, 0, label);
}

static inline void ir_brl(struct vmxl_ir *ir, enum vmxl_cc cc, u8 type, vmxl_ref a, vmxl_ref b,
			  u32 label)
{
	vmxl_ir_op3(ir, VMXL_IR_BRL, type, a, b, 0, cc, label);
}

/* Leave by an exit of vmxl_ir_exit() if a cc b */
static inline void ir_br(struct vmxl_ir *ir, enum vmxl_cc cc, u8 type, vmxl_ref a, vmxl_ref b,
			 u32 exit)
{
	vmxl_ir_op3(ir, VMXL_IR_BR, type, a, b, 0, cc, exit);
}

static inline void ir_jump(struct vmxl_ir *ir, u32 exit)
{
	vmxl_ir_op3(ir, VMXL_IR_JUMP, VMXL_T_NONE, 0, 0, 0, 0, exit);
}

/* Indirect jump; all instructions marked so far have been executed when it is taken. */
static inline void ir_jumpr(struct vmxl_ir *ir, vmxl_ref pc, enum vmxl_hint hint)
{
	vmxl_ir_op3(ir, VMXL_IR_JUMPR, VMXL_T_NONE, pc, 0, 0, 0, hint);
}

static inline void ir_leave(struct vmxl_ir *ir, u32 exit)
{
	vmxl_ir_op3(ir, VMXL_IR_LEAVE, VMXL_T_NONE, 0, 0, 0, 0, exit);
}

/*
 * On at @pc after a PUT has changed the key or the view of memory, which now is @view
 * of vmxl_guest.view(). @retires: the current instruction counts, it is no trap.
 */
static inline void ir_switch(struct vmxl_ir *ir, vmxl_ref pc, vmxl_ref view, bool retires)
{
	vmxl_ir_op3(ir, VMXL_IR_SWITCH, VMXL_T_NONE, pc, view, 0, 0, retires);
}

/* Guest exception code at the current instruction; val goes with it (tval) */
static inline void ir_trap(struct vmxl_ir *ir, u32 code, vmxl_ref val)
{
	vmxl_ir_op3(ir, VMXL_IR_TRAP, VMXL_T_NONE, val, 0, 0, 0, code);
}

/* Operands that the helper does not use may be 0. */
static inline vmxl_ref ir_call(struct vmxl_ir *ir, u32 helper, vmxl_ref a, vmxl_ref b, vmxl_ref c)
{
	return vmxl_ir_op3(ir, VMXL_IR_CALL, VMXL_T_I64, a, b, c, 0, helper);
}

#endif /* VMXL_IR_BUILD_H */
