/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The IR's op table: one row an op, the only list of ops there is. The
 * builder, verifier, printer, parser, interpreter and back-ends expand it.
 *
 * X(NAME, text, nargs, result, imm, effects)
 *   NAME     VMXL_IR_<NAME>
 *   text     name in the text form
 *   nargs    how many of a, b, c are values
 *   result   what type the result has:
 *            NONE no result, INT an integer of vmxl_op.type, FLAGS packed flags,
 *            BOOL 0 or 1, FP raw bits of vmxl_op.type zero-extended to 64,
 *            ANY integer or V128 by vmxl_op.type
 *   imm      what vmxl_op.imm is: NONE, CONST, SLOT, DISP, EXIT, LABEL, HELPER or a
 *            small number whose meaning is the op's own (NUM)
 *   effects  PURE; READ / WRITE guest memory (both may fault and leave the
 *            block); STATE (reads or writes guest state); END (the last op of a
 *            unit); SIDE (may leave the block)
 *
 * Integer ops work on the width of their type: I64 on 64 bits; S32 and Z32 on
 * the low 32 bits of their operands, the result sign- or zero-extended to 64.
 * Every op is total: no operand value is undefined.
 */
#define VMXL_IR_OPS(X)								\
/* values and guest state */							\
X(CONST,    "const",    0, INT,   CONST, PURE)	/* imm */			\
X(GET,      "get",      0, ANY,   SLOT,  STATE)	/* guest state slot imm */	\
X(PUT,      "put",      1, NONE,  SLOT,  STATE)	/* slot imm = a */		\
X(COUNTER,  "counter",  0, INT,   NONE,  STATE)	/* the host's, after earlier loads */ \
/* integer arithmetic */							\
X(ADD,      "add",      2, INT,   NONE,  PURE)					\
X(SUB,      "sub",      2, INT,   NONE,  PURE)					\
X(MUL,      "mul",      2, INT,   NONE,  PURE)					\
X(MULHS,    "mulhs",    2, INT,   NONE,  PURE)	/* I64: high half, signed */	\
X(MULHU,    "mulhu",    2, INT,   NONE,  PURE)	/* I64: high half, unsigned */	\
X(MULHSU,   "mulhsu",   2, INT,   NONE,  PURE)	/* I64: a signed, b unsigned */	\
X(DIVS,     "divs",     2, INT,   NONE,  PURE)	/* x/0 = -1, MIN/-1 = MIN */	\
X(DIVU,     "divu",     2, INT,   NONE,  PURE)	/* x/0 = all ones */		\
X(REMS,     "rems",     2, INT,   NONE,  PURE)	/* x%0 = x, MIN%-1 = 0 */	\
X(REMU,     "remu",     2, INT,   NONE,  PURE)	/* x%0 = x */			\
X(AND,      "and",      2, INT,   NONE,  PURE)					\
X(OR,       "or",       2, INT,   NONE,  PURE)					\
X(XOR,      "xor",      2, INT,   NONE,  PURE)					\
X(ANDN,     "andn",     2, INT,   NONE,  PURE)	/* a & ~b */			\
X(ORN,      "orn",      2, INT,   NONE,  PURE)	/* a | ~b */			\
X(XNOR,     "xnor",     2, INT,   NONE,  PURE)	/* ~(a ^ b) */			\
X(SHL,      "shl",      2, INT,   NONE,  PURE)	/* shift counts are taken */	\
X(SHR,      "shr",      2, INT,   NONE,  PURE)	/* modulo the width */		\
X(SAR,      "sar",      2, INT,   NONE,  PURE)					\
X(ROL,      "rol",      2, INT,   NONE,  PURE)					\
X(ROR,      "ror",      2, INT,   NONE,  PURE)					\
X(SHADD,    "shadd",    2, INT,   NUM,   PURE)	/* (a << imm) + b */		\
X(SMIN,     "smin",     2, INT,   NONE,  PURE)					\
X(SMAX,     "smax",     2, INT,   NONE,  PURE)					\
X(UMIN,     "umin",     2, INT,   NONE,  PURE)					\
X(UMAX,     "umax",     2, INT,   NONE,  PURE)					\
X(CLZ,      "clz",      1, INT,   NONE,  PURE)	/* of zero: the width */	\
X(CTZ,      "ctz",      1, INT,   NONE,  PURE)	/* of zero: the width */	\
X(POPCNT,   "popcnt",   1, INT,   NONE,  PURE)					\
X(BSWAP,    "bswap",    1, INT,   NONE,  PURE)	/* the width's bytes */		\
X(BITREV,   "bitrev",   1, INT,   NONE,  PURE)	/* the width's bits */		\
X(ORCB,     "orcb",     1, INT,   NONE,  PURE)	/* each byte: 0 or 0xff */	\
X(CLMUL,    "clmul",    2, INT,   NONE,  PURE)	/* carry-less, low 64 */	\
X(CLMULH,   "clmulh",   2, INT,   NONE,  PURE)	/* carry-less, bits 64..127 */	\
X(SEXT8,    "sext8",    1, INT,   NONE,  PURE)					\
X(SEXT16,   "sext16",   1, INT,   NONE,  PURE)					\
X(SEXT32,   "sext32",   1, INT,   NONE,  PURE)					\
X(ZEXT8,    "zext8",    1, INT,   NONE,  PURE)					\
X(ZEXT16,   "zext16",   1, INT,   NONE,  PURE)					\
X(ZEXT32,   "zext32",   1, INT,   NONE,  PURE)					\
X(EXTRACT,  "extract",  1, INT,   NUM,   PURE)	/* imm: pos | len << 8 */	\
X(DEPOSIT,  "deposit",  2, INT,   NUM,   PURE)	/* b into a; imm as above */	\
X(SET,      "set",      2, BOOL,  NONE,  PURE)	/* aux: enum vmxl_cc */		\
X(SEL,      "sel",      3, INT,   NONE,  PURE)	/* a ? b : c */			\
/* condition flags, packed as VMXL_FL_*; type: I8 I16 Z32 I64 */		\
X(FL_ADD,   "fl.add",   2, FLAGS, NONE,  PURE)					\
X(FL_ADC,   "fl.adc",   3, FLAGS, NONE,  PURE)	/* c: carry in, 0 or 1 */	\
X(FL_SUB,   "fl.sub",   2, FLAGS, NONE,  PURE)	/* C: borrow */			\
X(FL_SBB,   "fl.sbb",   3, FLAGS, NONE,  PURE)	/* c: borrow in */		\
X(FL_LOGIC, "fl.logic", 1, FLAGS, NONE,  PURE)	/* of result a; C = V = 0 */	\
X(FL_SHL,   "fl.shl",   3, FLAGS, NONE,  PURE)	/* a << b; c: flags if b = 0 */	\
X(FL_SHR,   "fl.shr",   3, FLAGS, NONE,  PURE)					\
X(FL_SAR,   "fl.sar",   3, FLAGS, NONE,  PURE)					\
X(FL_MUL,   "fl.mul",   2, FLAGS, NONE,  PURE)	/* C = V = signed overflow */	\
X(FL_UMUL,  "fl.umul",  2, FLAGS, NONE,  PURE)	/* C = V = unsigned overflow */	\
X(FL_TEST,  "fl.test",  1, BOOL,  NONE,  PURE)	/* aux: enum vmxl_flcc */	\
/* memory: address a + imm; aux: vmxl_mem flags */				\
X(LD,       "ld",       1, ANY,   DISP,  READ)					\
X(ST,       "st",       2, NONE,  DISP,  WRITE)	/* value b */			\
X(RMW,      "rmw",      2, INT,   NUM,   WRITE)	/* imm: enum vmxl_rmw; old */	\
X(CAS,      "cas",      3, ANY,   NONE,  WRITE)	/* b: expected, c: new; old */	\
X(LDX,      "ldx",      1, ANY,   NUM,   READ)	/* load and reserve; imm: enum vmxl_ldx */ \
X(STX,      "stx",      2, BOOL,  NUM,   WRITE)	/* store if reserved; 0 = done */ \
X(FENCE,    "fence",    0, NONE,  NUM,   STATE)	/* imm: VMXL_FENCE_* */		\
X(PAUSE,    "pause",    0, NONE,  NONE,  STATE)	/* others may have the processor */ \
X(ZBLK,     "zblk",     1, NONE,  NUM,   WRITE)	/* zero imm bytes, aligned */	\
X(PROBE,    "probe",    1, NONE,  NUM,   WRITE)	/* imm: enum vmxl_access: fault or not */ \
/* floating point; type F16 F32 F64; aux: rounding mode (0..4) */		\
X(FADD,     "fadd",     2, FP,    NONE,  STATE)	/* each ORs its exceptions */	\
X(FSUB,     "fsub",     2, FP,    NONE,  STATE)	/* into gstate.fp_flags */	\
X(FMUL,     "fmul",     2, FP,    NONE,  STATE)					\
X(FDIV,     "fdiv",     2, FP,    NONE,  STATE)					\
X(FSQRT,    "fsqrt",    1, FP,    NONE,  STATE)					\
X(FMA,      "fma",      3, FP,    NONE,  STATE)	/* a * b + c, one rounding */	\
X(FMIN,     "fmin",     2, FP,    NONE,  STATE)	/* 754-2019 minimumNumber */	\
X(FMAX,     "fmax",     2, FP,    NONE,  STATE)					\
X(FMINM,    "fminm",    2, FP,    NONE,  STATE)	/* 754-2019 minimum */		\
X(FMAXM,    "fmaxm",    2, FP,    NONE,  STATE)					\
X(FEQ,      "feq",      2, BOOL,  NONE,  STATE)	/* quiet */			\
X(FLT,      "flt",      2, BOOL,  NONE,  STATE)	/* signalling */		\
X(FLE,      "fle",      2, BOOL,  NONE,  STATE)					\
X(FLTQ,     "fltq",     2, BOOL,  NONE,  STATE)	/* quiet */			\
X(FLEQ,     "fleq",     2, BOOL,  NONE,  STATE)					\
X(FCLASS,   "fclass",   1, INT,   NONE,  PURE)	/* RISC-V's mask of ten */	\
X(FRINT,    "frint",    1, FP,    NUM,   STATE)	/* imm 1: raise inexact */	\
X(FCVT,     "fcvt",     1, FP,    NUM,   STATE)	/* imm: source type */		\
X(FTOI,     "ftoi",     1, INT,   NUM,   STATE)	/* imm: enum vmxl_fint */	\
X(ITOF,     "itof",     1, FP,    NUM,   STATE)	/* imm: enum vmxl_fint */	\
X(FTOIMOD,  "ftoimod",  1, INT,   NONE,  STATE)	/* F64 to 32 bits, modulo 2^32 */ \
X(FBOX,     "fbox",     1, INT,   NONE,  PURE)	/* NaN-box type in 64 bits */	\
X(FUNBOX,   "funbox",   1, FP,    NONE,  PURE)	/* unbox, or the default NaN */	\
/* 128-bit vectors; aux: log2 of the lane's bytes */				\
X(VAND,     "vand",     2, V128,  NONE,  PURE)					\
X(VOR,      "vor",      2, V128,  NONE,  PURE)					\
X(VXOR,     "vxor",     2, V128,  NONE,  PURE)					\
X(VANDN,    "vandn",    2, V128,  NONE,  PURE)	/* a & ~b */			\
X(VADD,     "vadd",     2, V128,  NONE,  PURE)					\
X(VSUB,     "vsub",     2, V128,  NONE,  PURE)					\
X(VCMPEQ,   "vcmpeq",   2, V128,  NONE,  PURE)	/* lanes of 0 or all ones */	\
X(VCMPGT,   "vcmpgt",   2, V128,  NONE,  PURE)	/* signed */			\
X(VSHL,     "vshl",     1, V128,  NUM,   PURE)	/* imm below the lane's width */ \
X(VSHR,     "vshr",     1, V128,  NUM,   PURE)					\
X(VSAR,     "vsar",     1, V128,  NUM,   PURE)					\
X(VDUP,     "vdup",     1, V128,  NONE,  PURE)	/* integer to every lane */	\
X(VGET,     "vget",     1, INT,   NUM,   PURE)	/* lane imm, zero-extended */	\
X(VSET,     "vset",     2, V128,  NUM,   PURE)	/* lane imm of a = integer b */	\
/* control */									\
X(LABEL,    "label",    0, NONE,  LABEL, SIDE)	/* ends the life of all values */ \
X(GOTO,     "goto",     0, NONE,  LABEL, SIDE)					\
X(BRL,      "brl",      2, NONE,  LABEL, SIDE)	/* aux cc: if (a cc b) goto imm */ \
X(BR,       "br",       2, NONE,  EXIT,  SIDE)	/* aux cc: if (a cc b) exit imm */ \
X(JUMP,     "jump",     0, NONE,  EXIT,  END)	/* exit imm */			\
X(JUMPR,    "jumpr",    1, NONE,  NUM,   END)	/* to pc a; imm: enum vmxl_hint */ \
X(LEAVE,    "leave",    0, NONE,  EXIT,  END)	/* exit imm, dispatch anew: key changed */ \
X(SWITCH,   "switch",   2, NONE,  NUM,   END)	/* key and view changed: to pc a, as view b; */ \
						/* imm: 1 if the instruction retires */ \
X(TRAP,     "trap",     1, NONE,  NUM,   END)	/* guest exception imm, value a */ \
X(CALL,     "call",     3, INT,   HELPER, SIDE)	/* guest's helper imm(a, b, c) */
