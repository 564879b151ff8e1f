/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IEEE 754 arithmetic on integers only, for code that may not touch the FPU.
 *
 * Inputs:  operands as raw bits, zero-extended to 64 (no NaN boxing here), and
 *          an environment: rounding mode and the guest's policies.
 * Outputs: the result's raw bits, zero-extended; exceptions are ORed into
 *          env->flags and never cleared.
 * Rules:   results and flags are exact for every input. An environment of all
 *          zeroes is RISC-V with round to nearest even. Nothing here allocates,
 *          sleeps or keeps state, so any context will do.
 */
#ifndef VMXL_FP_FP_H
#define VMXL_FP_FP_H

#include <linux/types.h>

enum vmxl_fpfmt {
	VMXL_FP_H,		/* binary16 */
	VMXL_FP_S,		/* binary32 */
	VMXL_FP_D,		/* binary64 */
	VMXL_FP_NR_FMT
};

/* In the order of RISC-V's frm; other values truncate. */
enum vmxl_fp_rm {
	VMXL_FP_RNE,		/* nearest, ties to even */
	VMXL_FP_RTZ,		/* towards zero */
	VMXL_FP_RDN,		/* towards minus infinity */
	VMXL_FP_RUP,		/* towards plus infinity */
	VMXL_FP_RMM,		/* nearest, ties away from zero (Arm: RNA) */
	VMXL_FP_ODD,		/* towards zero, an inexact result made odd */
};

/* Exception flags: RISC-V's fflags, and one that RISC-V does not have. */
#define VMXL_FP_NX	0x01u	/* inexact */
#define VMXL_FP_UF	0x02u	/* underflow */
#define VMXL_FP_OF	0x04u	/* overflow */
#define VMXL_FP_DZ	0x08u	/* division by zero */
#define VMXL_FP_NV	0x10u	/* invalid operation */
#define VMXL_FP_DE	0x20u	/* subnormal operand: x86 DE, Arm IDC */

/*
 * Which NaN results, and what min and max do with one:
 *   RISCV   always the default NaN; min/max are IEEE 754-2019 minimumNumber
 *   ARM     first signalling, then first quiet operand (of an fma, the addend
 *           comes first); min/max are IEEE 754-2008 minNum
 *   ARM_DN  as ARM, each NaN replaced by the default one (FPCR.DN)
 *   X86     the first operand that is a NaN, a, b, c in an fma that is written
 *           a * b + c whatever its form; min/max are MINSS, MAXSS: the
 *           second operand unless the first is less (greater)
 */
enum vmxl_fp_nan {
	VMXL_FP_NAN_RISCV,
	VMXL_FP_NAN_ARM,
	VMXL_FP_NAN_ARM_DN,
	VMXL_FP_NAN_X86,
};

/* What a conversion to an integer gives when the value does not fit. */
enum vmxl_fp_toint {
	VMXL_FP_INT_RISCV,	/* saturate, NaN gives the largest */
	VMXL_FP_INT_ARM,	/* saturate, NaN gives zero */
	VMXL_FP_INT_X86,	/* integer indefinite; all ones if unsigned */
};

/* Bits of vmxl_fpenv.policy. */
#define VMXL_FP_TINY_BEFORE	0x01	/* tininess is seen before rounding */
#define VMXL_FP_FZ_IN		0x02	/* subnormal operands become zero */
#define VMXL_FP_FZ_OUT		0x04	/* tiny results become zero */
#define VMXL_FP_DE_USED		0x08	/* DE is a used operand, not a flushed one */

/* The policies of the three guests; flushing is ORed in at run time. */
#define VMXL_FP_POLICY_RISCV	0
#define VMXL_FP_POLICY_ARM	VMXL_FP_TINY_BEFORE
#define VMXL_FP_POLICY_X86	VMXL_FP_DE_USED

/**
 * struct vmxl_fpenv - what an operation depends on besides its operands
 * @rm: enum vmxl_fp_rm
 * @nan: enum vmxl_fp_nan
 * @toint: enum vmxl_fp_toint
 * @policy: VMXL_FP_TINY_BEFORE and following. A tiny result that is flushed
 *	raises UF alone with tininess before rounding (Arm), UF and NX with
 *	tininess after it (x86).
 * @flags: VMXL_FP_NX and following, sticky
 */
struct vmxl_fpenv {
	u8 rm;
	u8 nan;
	u8 toint;
	u8 policy;
	u32 flags;
};

enum vmxl_fp_order {
	VMXL_FP_LT = -1,
	VMXL_FP_EQ = 0,
	VMXL_FP_GT = 1,
	VMXL_FP_UNORD = 2,
};

/* fp_arith.c */
u64 vmxl_fp_add(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b);
u64 vmxl_fp_sub(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b);
u64 vmxl_fp_mul(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b);

/* fp_fma.c */
u64 vmxl_fp_fma(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b, u64 c);

/* fp_div.c */
u64 vmxl_fp_div(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b);
u64 vmxl_fp_sqrt(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a);

/* fp_cmp.c */
int vmxl_fp_cmp(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b,
		bool signalling);
u64 vmxl_fp_eq(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b);
u64 vmxl_fp_lt(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b);
u64 vmxl_fp_le(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b);
u64 vmxl_fp_ltq(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b);
u64 vmxl_fp_leq(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b);
u64 vmxl_fp_min(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b);
u64 vmxl_fp_max(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b);
u64 vmxl_fp_minm(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b);
u64 vmxl_fp_maxm(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, u64 b);
u64 vmxl_fp_class(enum vmxl_fpfmt f, u64 a);

/* fp_cvt.c */
u64 vmxl_fp_rint(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, bool exact);
u64 vmxl_fp_cvt(struct vmxl_fpenv *e, enum vmxl_fpfmt to,
		enum vmxl_fpfmt from, u64 a);
u64 vmxl_fp_to_int(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 a, int bits,
		   bool is_signed);
u64 vmxl_fp_from_int(struct vmxl_fpenv *e, enum vmxl_fpfmt f, u64 v, int bits,
		     bool is_signed);
u64 vmxl_fp_cvtmod(struct vmxl_fpenv *e, u64 a);

#endif /* VMXL_FP_FP_H */
