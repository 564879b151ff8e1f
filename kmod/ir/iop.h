/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interpreter's ops: one list, from which come the enum, the jump table
 * and the number of handlers. iselect.c chooses among them, interp.c has one
 * handler for each.
 *
 * Operands: d, a, b are slots of struct vmxl_gstate. I at the end of a name:
 * b is the constant imm instead.
 */
#ifndef VMXL_IOP_H
#define VMXL_IOP_H

#include "alu.h"
#include "interp.h"

/* Variants of an integer op, in this order; see iop_alu2() */
#define VMXL_IOP_ALU2_6(n)	X(n##_64) X(n##_64I) X(n##_S) X(n##_SI) X(n##_Z) X(n##_ZI)
#define VMXL_IOP_ALU2_2(n)	X(n##_64) X(n##_64I)
#define VMXL_IOP_ALU1_3(n)	X(n##_64) X(n##_S) X(n##_Z)
#define VMXL_IOP_CC_4(n)	X(SET_##n##_64) X(SET_##n##_64I) X(SET_##n##_Z) X(SET_##n##_ZI)
/* BR: b is a 16-bit constant in the I forms; imm: exit, after binding the link */
#define VMXL_IOP_BR_4(n)	X(BR_##n##_64) X(BR_##n##_64I) X(BR_##n##_Z) X(BR_##n##_ZI)
#define VMXL_IOP_BRL_2(n)	X(BRL_##n##_64) X(BRL_##n##_Z)

/* Two and one operands; imm: rounding mode, format, third operand (struct vmxl_fpimm) */
#define VMXL_IOP_FP2(F)								\
	F(FADD, add) F(FSUB, sub) F(FMUL, mul) F(FDIV, div)			\
	F(FMIN, min) F(FMAX, max) F(FMINM, minm) F(FMAXM, maxm)			\
	F(FEQ, eq) F(FLT, lt) F(FLE, le) F(FLTQ, ltq) F(FLEQ, leq)

#define VMXL_IOP_FP2_NAME(n, fn)	X(n)

/* X is the caller's; the groups with their own macros are expanded through it */
#define VMXL_IOPS								\
	X(MOV) X(MOVI) X(MOVV)							\
	VMXL_ALU2(VMXL_IOP_ALU2_6)						\
	VMXL_ALU2L(VMXL_IOP_ALU2_2)						\
	VMXL_ALU1(VMXL_IOP_ALU1_3)						\
	X(SHADD_64) X(SHADD_S) X(SHADD_Z)		/* imm: shift */		\
	X(EXTRACT_64) X(EXTRACT_S) X(EXTRACT_Z)		/* b: position, imm: mask */	\
	X(DEPOSIT_64) X(DEPOSIT_S) X(DEPOSIT_Z)		/* imm: as in the IR */		\
	VMXL_CCS(VMXL_IOP_CC_4)							\
	X(SEL_64) X(SEL_S) X(SEL_Z)			/* imm: slot of c */		\
	X(FLAGS) X(FL_TEST)				/* aux: op, type, slot of c */	\
	X(VEC)						/* aux: op, lane; disp: imm */	\
	X(LD_U8) X(LD_U16) X(LD_U32) X(LD_U64) X(LD_S8) X(LD_S16) X(LD_S32) X(LD_V128) \
	X(ST_8) X(ST_16) X(ST_32) X(ST_64) X(ST_V128)				\
	X(LDG) X(STG)					/* any kind of load, store */	\
	X(RMW_32) X(RMW_64) X(RMWG)			/* disp: enum vmxl_rmw */	\
	X(CAS)						/* disp: slot of c */		\
	X(LDX) X(STX)					/* disp: enum vmxl_ldx */	\
	X(FENCE) X(PAUSE) X(ZBLK) X(PROBE) X(COUNTER)				\
	VMXL_IOP_FP2(VMXL_IOP_FP2_NAME)						\
	X(FSQRT) X(FMA) X(FPX)							\
	X(FUNBOX16) X(FUNBOX32)							\
	X(GOTO) VMXL_CCS(VMXL_IOP_BRL_2)		/* imm: iops to skip */		\
	X(CALL)						/* disp: helper, aux: slot of c */ \
	X(JUMPR) X(SWITCH)				/* imm: instructions */		\
	X(TRAP)						/* imm: code */			\
	VMXL_CCS(VMXL_IOP_BR_4)				/* these have an exit */	\
	X(JUMP) X(LEAVE)

enum vmxl_iop_code {
#define X(n) VMXL_IOP_##n,
	VMXL_IOPS
#undef X
	VMXL_IOP_NR
};

/* From here on imm names an exit, which vmxl_interp_bind() makes a link of. */
#define VMXL_IOP_FIRST_EXIT	VMXL_IOP_BR_EQ_64

/* imm of FP ops */
struct vmxl_fpimm {
	u8 rm;			/* the first four: as in struct vmxl_fpenv */
	u8 nan;
	u8 toint;
	u8 policy;
	u8 fmt;			/* enum vmxl_fpfmt, of the operands */
	u8 sub;			/* FPX: IR op; */
	u16 c;			/* FMA: slot of c; FPX: the IR op's imm */
};

static_assert(sizeof(struct vmxl_fpimm) == sizeof(s64));
static_assert(sizeof(struct vmxl_iop) == 16);
static_assert(VMXL_T_I64 == 1 && VMXL_T_S32 == 2 && VMXL_T_Z32 == 3);

/* Slots of gstate.tmp with a meaning */
#define VMXL_TMP_ZERO		VMXL_SLOT_TMP		/* always 0 */
#define VMXL_TMP_SINK		(VMXL_SLOT_TMP + 2)	/* results that nobody wants; two */
#define VMXL_TMP_FIRST		(VMXL_SLOT_TMP + 4)
#define VMXL_TMP_NR		315			/* single slots */
#define VMXL_TMP_FIRST_V	(VMXL_TMP_FIRST + VMXL_TMP_NR)
#define VMXL_TMP_NR_V		80			/* pairs for V128 */

static_assert(VMXL_TMP_FIRST_V + 2 * VMXL_TMP_NR_V == VMXL_SLOT_TMP + VMXL_GS_NTMP);

#endif /* VMXL_IOP_H */
