/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the floating-point test compares with: an exact reference (fp_ref.c)
 * and, on x86-64, the processor (fp_hw.c).
 */
#ifndef VMXL_TEST_FP_REF_H
#define VMXL_TEST_FP_REF_H

#include "../../kmod/fp/fp.h"

enum fp_op {
	OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_SQRT, OP_FMA,
	OP_EQ, OP_LT, OP_LE, OP_LTQ, OP_LEQ, OP_MIN, OP_MAX, OP_MINM, OP_MAXM,
	OP_RINT, OP_RINTX, OP_TO_H, OP_TO_S, OP_TO_D,
	OP_TO_I32, OP_TO_U32, OP_TO_I64, OP_TO_U64,
	OP_FROM_I32, OP_FROM_U32, OP_FROM_I64, OP_FROM_U64,
	OP_CLASS, OP_CVTMOD,
	OP_NR
};

struct fp_result {
	u64 bits;
	u32 flags;
};

/* Result and flags of RISC-V; @before: tininess is detected before rounding. */
struct fp_result fp_ref(enum fp_op op, enum vmxl_fpfmt f, int rm, bool before,
			u64 a, u64 b, u64 c);

/*
 * Result and flags of this machine in x86's terms, under RNE to RUP.
 * Return: false if it has no such instruction.
 */
bool fp_hw(enum fp_op op, enum vmxl_fpfmt f, int rm, bool daz, bool ftz,
	   u64 a, u64 b, u64 c, struct fp_result *r);

static inline int fp_ref_fbits(enum vmxl_fpfmt f)
{
	return f == VMXL_FP_D ? 52 : f == VMXL_FP_S ? 23 : 10;
}

static inline int fp_ref_width(enum vmxl_fpfmt f)
{
	return f == VMXL_FP_D ? 64 : f == VMXL_FP_S ? 32 : 16;
}

static inline u64 fp_ref_inf(enum vmxl_fpfmt f)
{
	return (1ULL << (fp_ref_width(f) - 1)) - (1ULL << fp_ref_fbits(f));
}

static inline u64 fp_ref_sign(enum vmxl_fpfmt f)
{
	return 1ULL << (fp_ref_width(f) - 1);
}

static inline bool fp_ref_is_nan(enum vmxl_fpfmt f, u64 a)
{
	return (a & ~fp_ref_sign(f)) > fp_ref_inf(f);
}

#endif /* VMXL_TEST_FP_REF_H */
