// SPDX-License-Identifier: GPL-2.0
/*
 * The processor's own arithmetic, one instruction at a time under an MXCSR of
 * the caller's choice. x86-64 only; elsewhere it knows no operation.
 */
#include "fp_ref.h"

#ifdef __x86_64__
#include <emmintrin.h>

#define MXCSR_DEFAULT	0x1f80u		/* all exceptions masked */
#define MXCSR_DAZ	0x0040u
#define MXCSR_FTZ	0x8000u

/* x = x OP y, with z a third operand; %[i] is an integer of 64 bits. */
#define RUN(insn)							\
	asm volatile("ldmxcsr %[in]\n\t" insn "\n\tstmxcsr %[out]\n\t"	\
		     "ldmxcsr %[dfl]"					\
		     : [x] "+x" (x), [z] "+x" (z), [out] "+m" (csr),	\
		       [i] "+r" (i)					\
		     : [y] "x" (y), [in] "m" (csr), [dfl] "m" (dfl))

#define RUN_FMT(s, d) do {						\
	if (f == VMXL_FP_D)						\
		RUN(d);							\
	else								\
		RUN(s);							\
} while (0)

#define ARITH(name)							\
	RUN_FMT(name "ss %[y], %[x]", name "sd %[y], %[x]")

#define COMPARE(pred)							\
	RUN_FMT("cmpss $" #pred ", %[y], %[x]", "cmpsd $" #pred ", %[y], %[x]")

static u32 riscv_flags(u32 csr)
{
	return (csr & 0x01 ? VMXL_FP_NV : 0) | (csr & 0x02 ? VMXL_FP_DE : 0) |
	       (csr & 0x04 ? VMXL_FP_DZ : 0) | (csr & 0x08 ? VMXL_FP_OF : 0) |
	       (csr & 0x10 ? VMXL_FP_UF : 0) | (csr & 0x20 ? VMXL_FP_NX : 0);
}

/* Not every compiler knows that name; what has FMA has it. */
static bool has_f16c(void)
{
	return __builtin_cpu_supports("fma");
}

static bool supported(enum fp_op op, enum vmxl_fpfmt f)
{
	switch (op) {
	case OP_FMA:
		return f != VMXL_FP_H && __builtin_cpu_supports("fma");
	case OP_TO_H:
		return f == VMXL_FP_S && has_f16c();
	case OP_TO_S:
		return f == VMXL_FP_D ||
		       (f == VMXL_FP_H && has_f16c());
	case OP_TO_D:
		return f == VMXL_FP_S;
	case OP_RINT:
	case OP_RINTX:
		return f != VMXL_FP_H && __builtin_cpu_supports("sse4.1");
	case OP_MINM:
	case OP_MAXM:
	case OP_TO_U32:
	case OP_TO_U64:
	case OP_FROM_U32:
	case OP_FROM_U64:
	case OP_CLASS:
	case OP_CVTMOD:
		return false;
	default:
		return f != VMXL_FP_H;
	}
}

bool fp_hw(enum fp_op op, enum vmxl_fpfmt f, int rm, bool daz, bool ftz,
	   u64 a, u64 b, u64 c, struct fp_result *r)
{
	static const u32 rounding[] = { 0x0000, 0x6000, 0x2000, 0x4000 };
	u32 dfl = MXCSR_DEFAULT, csr = dfl;
	__m128i x = _mm_cvtsi64_si128(a), y = _mm_cvtsi64_si128(b);
	__m128i z = _mm_cvtsi64_si128(c);
	u64 i = a, mask;

	if (rm > VMXL_FP_RUP || !supported(op, f))
		return false;
	csr |= rounding[rm] | (daz ? MXCSR_DAZ : 0) | (ftz ? MXCSR_FTZ : 0);
	switch (op) {
	case OP_ADD:
		ARITH("add");
		break;
	case OP_SUB:
		ARITH("sub");
		break;
	case OP_MUL:
		ARITH("mul");
		break;
	case OP_DIV:
		ARITH("div");
		break;
	case OP_MIN:
		ARITH("min");
		break;
	case OP_MAX:
		ARITH("max");
		break;
	case OP_SQRT:
		RUN_FMT("sqrtss %[x], %[x]", "sqrtsd %[x], %[x]");
		break;
	case OP_FMA:	/* z = x * y + z; the NaN rule is by that order */
		RUN_FMT("vfmadd231ss %[y], %[x], %[z]\n\tmovaps %[z], %[x]",
			"vfmadd231sd %[y], %[x], %[z]\n\tmovaps %[z], %[x]");
		break;
	case OP_EQ:
		COMPARE(0);
		break;
	case OP_LT:
		COMPARE(1);
		break;
	case OP_LE:
		COMPARE(2);
		break;
	case OP_LTQ:	/* not (b <= a or unordered), by a quiet comparison */
		RUN_FMT("ucomiss %[x], %[y]\n\tseta %b[i]",
			"ucomisd %[x], %[y]\n\tseta %b[i]");
		break;
	case OP_LEQ:
		RUN_FMT("ucomiss %[x], %[y]\n\tsetae %b[i]",
			"ucomisd %[x], %[y]\n\tsetae %b[i]");
		break;
	case OP_RINTX:
		RUN_FMT("roundss $4, %[x], %[x]", "roundsd $4, %[x], %[x]");
		break;
	case OP_RINT:
		RUN_FMT("roundss $12, %[x], %[x]", "roundsd $12, %[x], %[x]");
		break;
	case OP_TO_H:
		RUN("vcvtps2ph $4, %[x], %[x]");
		break;
	case OP_TO_S:
		if (f == VMXL_FP_H)
			RUN("vcvtph2ps %[x], %[x]");
		else
			RUN("cvtsd2ss %[x], %[x]");
		break;
	case OP_TO_D:
		RUN("cvtss2sd %[x], %[x]");
		break;
	case OP_TO_I32:
		RUN_FMT("cvtss2si %[x], %k[i]", "cvtsd2si %[x], %k[i]");
		i = (u64)(s64)(int)i;
		break;
	case OP_TO_I64:
		RUN_FMT("cvtss2si %[x], %[i]", "cvtsd2si %[x], %[i]");
		break;
	case OP_FROM_I32:
		RUN_FMT("cvtsi2ssl %k[i], %[x]", "cvtsi2sdl %k[i], %[x]");
		break;
	case OP_FROM_I64:
		RUN_FMT("cvtsi2ssq %[i], %[x]", "cvtsi2sdq %[i], %[x]");
		break;
	default:
		return false;
	}
	switch (op) {
	case OP_EQ ... OP_LE:
		r->bits = _mm_cvtsi128_si64(x) & 1;
		break;
	case OP_LTQ:
	case OP_LEQ:
		r->bits = i & 1;
		break;
	case OP_TO_I32:
	case OP_TO_I64:
		r->bits = i;
		break;
	default:
		if (op >= OP_TO_H && op <= OP_TO_D)
			f = VMXL_FP_H + (op - OP_TO_H);
		mask = ~0ULL >> (64 - fp_ref_width(f));
		r->bits = _mm_cvtsi128_si64(x) & mask;
		break;
	}
	r->flags = riscv_flags(csr);
	return true;
}

#else

bool fp_hw(enum fp_op op, enum vmxl_fpfmt f, int rm, bool daz, bool ftz,
	   u64 a, u64 b, u64 c, struct fp_result *r)
{
	return false;
}

#endif
