/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The intermediate representation: what a guest's translator writes, the
 * interpreter and the compilers read.
 *
 * A unit (struct vmxl_ir) is a list of ops in static single assignment form:
 * the result of an op is named by the op's index. A value may be used by any
 * later op up to the next LABEL; what must live longer goes through the guest
 * state (PUT, GET). A side exit (BR, a fault) leaves with the guest state as
 * the PUTs before it have made it, so a translator PUTs an instruction's
 * results after its last op that can fault. Every unit ends with an END op;
 * within it, what follows an END op is a LABEL. Labels and the jumps to them
 * stay within one guest instruction: instructions are counted in straight line.
 *
 * Documentation/ir.rst is the reference; ir/ops.h the list of ops.
 */
#ifndef VMXL_IR_H
#define VMXL_IR_H

#include <linux/types.h>
#include "ops.h"

struct vmxl_guest;

#define X(name, text, nargs, res, imm, eff) VMXL_IR_##name,
enum vmxl_ir_opcode {
	VMXL_IR_NONE,		/* ref 0 is no value */
	VMXL_IR_OPS(X)
	VMXL_IR_NR
};

#undef X

/* vmxl_op.type */
enum vmxl_ir_type {
	VMXL_T_NONE,
	VMXL_T_I64,
	VMXL_T_S32,		/* 32-bit operation, result sign-extended */
	VMXL_T_Z32,		/* 32-bit operation, result zero-extended */
	VMXL_T_I16,		/* flags ops only */
	VMXL_T_I8,
	VMXL_T_F16,
	VMXL_T_F32,
	VMXL_T_F64,
	VMXL_T_V128,
	VMXL_T_NR
};

/* Integer comparisons: aux of SET, BR, BRL; type I64 or Z32 (low halves) */
enum vmxl_cc {
	VMXL_CC_EQ,
	VMXL_CC_NE,		/* inverse is cc ^ 1 */
	VMXL_CC_LT,
	VMXL_CC_GE,
	VMXL_CC_LTU,
	VMXL_CC_GEU,
	VMXL_CC_NR
};

/* Packed flags; a guest unpacks what it has. C is carry, or borrow after a subtraction. */
#define VMXL_FL_C	(1u << 0)
#define VMXL_FL_Z	(1u << 1)
#define VMXL_FL_N	(1u << 2)
#define VMXL_FL_V	(1u << 3)
#define VMXL_FL_P	(1u << 4)	/* even parity of the result's low byte */
#define VMXL_FL_A	(1u << 5)	/* carry or borrow out of bit 3 */

/* aux of FL_TEST; inverse is cc ^ 1 */
enum vmxl_flcc {
	VMXL_FLCC_Z,	VMXL_FLCC_NZ,
	VMXL_FLCC_C,	VMXL_FLCC_NC,
	VMXL_FLCC_N,	VMXL_FLCC_NN,
	VMXL_FLCC_V,	VMXL_FLCC_NV,
	VMXL_FLCC_P,	VMXL_FLCC_NP,
	VMXL_FLCC_CZ,	VMXL_FLCC_NCZ,	/* C | Z */
	VMXL_FLCC_LT,	VMXL_FLCC_GE,	/* N != V */
	VMXL_FLCC_LE,	VMXL_FLCC_GT,	/* Z | (N != V) */
	VMXL_FLCC_HI,	VMXL_FLCC_LS,	/* C & !Z: Arm's, after its inverted carry */
	VMXL_FLCC_NR
};

/* aux of memory ops: what is accessed, and how */
enum vmxl_mt {
	VMXL_MT_U8, VMXL_MT_U16, VMXL_MT_U32, VMXL_MT_U64,
	VMXL_MT_S8, VMXL_MT_S16, VMXL_MT_S32, VMXL_MT_V128,
	VMXL_MT_NR
};

#define VMXL_MEM_MT	0x07u
#define VMXL_MEM_ALIGN	0x08u	/* misaligned is a fault (RMW, CAS, LDX, STX: always) */
#define VMXL_MEM_UNPRIV	0x10u	/* as the unprivileged mode would (LDTR, HLV) */
#define VMXL_MEM_ACQ	0x20u	/* ordered before all later accesses */
#define VMXL_MEM_REL	0x40u	/* ordered after all earlier accesses; with ACQ: sequentially consistent */
#define VMXL_MEM_TSO	0x80u	/* total store order with its neighbours (x86 guests) */

static inline unsigned int vmxl_mt_size(unsigned int aux)
{
	return (aux & VMXL_MEM_MT) == VMXL_MT_V128 ? 16 : 1u << (aux & 3);
}

enum vmxl_access {
	VMXL_ACCESS_READ,
	VMXL_ACCESS_WRITE,
	VMXL_ACCESS_EXEC,
	VMXL_ACCESS_RW_ANY,	/* PROBE: readable or writable will do */
};

/* imm of RMW */
enum vmxl_rmw {
	VMXL_RMW_SWAP, VMXL_RMW_ADD, VMXL_RMW_AND, VMXL_RMW_OR, VMXL_RMW_XOR,
	VMXL_RMW_SMIN, VMXL_RMW_SMAX, VMXL_RMW_UMIN, VMXL_RMW_UMAX, VMXL_RMW_ANDN,
	VMXL_RMW_NR
};

/*
 * imm of LDX and STX. A pair is a LDX and a STX of the same unit, size and
 * address, with nothing in between but pure ops, GET, PUT and BR: had the LDX
 * been executed right before the STX, nobody could tell. So the STX is a
 * comparison with what was read. An address and its size are LDX's to check.
 * A LDX of a pair may be one whose STX never comes; any other STX fails then.
 */
enum vmxl_ldx {
	VMXL_LDX_RESERVE,
	VMXL_LDX_PAIR,
	VMXL_LDX_NONE,		/* gstate.ldx only */
};

/* imm of FENCE: which earlier accesses are ordered before which later ones */
#define VMXL_FENCE_RR	(1u << 0)
#define VMXL_FENCE_RW	(1u << 1)
#define VMXL_FENCE_WR	(1u << 2)
#define VMXL_FENCE_WW	(1u << 3)
#define VMXL_FENCE_IO	(1u << 4)	/* device accesses too */
#define VMXL_FENCE_ALL	0x1fu

/* imm of FTOI and ITOF: the integer */
enum vmxl_fint { VMXL_FINT_S32, VMXL_FINT_U32, VMXL_FINT_S64, VMXL_FINT_U64 };

/* imm of JUMPR, hint of an exit: for the return-address prediction */
enum vmxl_hint { VMXL_HINT_NONE, VMXL_HINT_CALL, VMXL_HINT_RET };

/* Which window the accesses of a unit go to */
enum vmxl_window_kind {
	VMXL_WIN_NONE,		/* none: every access is left to the interpreter */
	VMXL_WIN_LOW,		/* addresses 0 .. 2^38 - 1 */
	VMXL_WIN_HIGH,		/* addresses -2^38 .. -1 */
	VMXL_WIN_BOTH,		/* by sign: the lower half at the base, the upper at another */
	/*
	 * The same of larger addresses, in regions of 2^38 bytes each of which is
	 * somewhere: added to one of LOW, HIGH and BOTH
	 */
	VMXL_WIN_REGIONS = 4,
};

typedef u32 vmxl_ref;

struct vmxl_op {
	u16 op;			/* enum vmxl_ir_opcode */
	u8 type;		/* enum vmxl_ir_type */
	u8 aux;
	vmxl_ref a, b, c;
	s64 imm;
};

/* Where a guest instruction's ops start; the fault path finds the pc by it. */
struct vmxl_ir_insn {
	u32 op;			/* first op */
	u32 off;		/* pc - unit's pc */
};

struct vmxl_ir_exit {
	u64 pc;			/* guest pc it goes on at */
	u32 ninsn;		/* guest instructions retired when it is taken */
	u8 hint;		/* enum vmxl_hint */
	u8 linkable;		/* may be linked to a block directly */
	u16 reserved;
};

#define VMXL_IR_NR_RM		6	/* rounding modes, enum vmxl_fp_rm */

#define VMXL_IR_MAX_OPS		1024
#define VMXL_IR_MAX_INSNS	128
#define VMXL_IR_MAX_EXITS	64
#define VMXL_IR_MAX_LABELS	64

/**
 * struct vmxl_ir - one unit of translation
 * @guest: whose helpers and slots the ops name
 * @pc: guest virtual address of the first instruction
 * @end: guest virtual address after the last instruction
 * @nr_ops: ops in use; index 0 is VMXL_IR_NONE
 * @nr_insns: entries of @insns
 * @nr_exits: entries of @exits
 * @nr_labels: labels handed out
 * @fp: floating-point policy, VMXL_IR_FP(); 0 is RISC-V's
 * @full: the builder ran out of room: the unit is to be cut shorter
 */
struct vmxl_ir {
	const struct vmxl_guest *guest;
	u64 pc;
	u64 end;
	u32 nr_ops;
	u32 nr_insns;
	u32 nr_exits;
	u32 nr_labels;
	u32 fp;
	bool full;
	struct vmxl_op ops[VMXL_IR_MAX_OPS];
	struct vmxl_ir_insn insns[VMXL_IR_MAX_INSNS];
	struct vmxl_ir_exit exits[VMXL_IR_MAX_EXITS];
};

/* vmxl_ir.fp: enum vmxl_fp_nan, enum vmxl_fp_toint, VMXL_FP_* policy bits of fp/fp.h */
#define VMXL_IR_FP(nan, toint, policy)	((u32)(nan) | (toint) << 8 | (policy) << 16)

/* Op descriptions, one row an op (ir/ir.c) */
enum vmxl_ir_res {
	VMXL_RES_NONE, VMXL_RES_INT, VMXL_RES_FLAGS, VMXL_RES_BOOL,
	VMXL_RES_FP, VMXL_RES_V128, VMXL_RES_ANY,
};

enum vmxl_ir_imm {
	VMXL_IMM_NONE, VMXL_IMM_CONST, VMXL_IMM_SLOT, VMXL_IMM_DISP, VMXL_IMM_EXIT,
	VMXL_IMM_LABEL, VMXL_IMM_HELPER, VMXL_IMM_NUM,
};

#define VMXL_EFF_PURE	0u
#define VMXL_EFF_READ	(1u << 0)
#define VMXL_EFF_WRITE	(1u << 1)
#define VMXL_EFF_STATE	(1u << 2)
#define VMXL_EFF_SIDE	(1u << 3)
#define VMXL_EFF_END	(1u << 4)

struct vmxl_opdesc {
	const char *name;
	u8 nargs;
	u8 res;			/* enum vmxl_ir_res */
	u8 imm;			/* enum vmxl_ir_imm */
	u8 effects;		/* VMXL_EFF_* */
};

extern const struct vmxl_opdesc vmxl_opdesc[VMXL_IR_NR];

/* ir/ir.c: what the checks of several passes need to know */
bool vmxl_ir_res_is_v128(const struct vmxl_op *op);
bool vmxl_ir_arg_is_v128(const struct vmxl_op *op, unsigned int n);
bool vmxl_ir_slot_ok(s64 slot, bool v128);
unsigned int vmxl_ir_nr_helpers(const struct vmxl_ir *ir);

/* An op that does nothing but compute its result: unused, it may go */
static inline bool vmxl_ir_pure(const struct vmxl_op *op)
{
	return vmxl_opdesc[op->op].effects == VMXL_EFF_PURE || op->op == VMXL_IR_GET;
}

static inline vmxl_ref vmxl_ir_arg(const struct vmxl_op *op, unsigned int n)
{
	return n == 0 ? op->a : n == 1 ? op->b : op->c;
}

/* builder: ir/build.c */
void vmxl_ir_init(struct vmxl_ir *ir, const struct vmxl_guest *guest, u64 pc);
void vmxl_ir_insn(struct vmxl_ir *ir, u64 pc);
vmxl_ref vmxl_ir_emit(struct vmxl_ir *ir, struct vmxl_op op);
vmxl_ref vmxl_ir_const(struct vmxl_ir *ir, u64 val);
u32 vmxl_ir_exit(struct vmxl_ir *ir, u64 pc, u32 ninsn, bool linkable, enum vmxl_hint hint);
u32 vmxl_ir_label(struct vmxl_ir *ir);

static inline vmxl_ref vmxl_ir_op3(struct vmxl_ir *ir, u16 op, u8 type, vmxl_ref a,
				   vmxl_ref b, vmxl_ref c, u8 aux, s64 imm)
{
	return vmxl_ir_emit(ir, (struct vmxl_op){
		.op = op, .type = type, .aux = aux, .a = a, .b = b, .c = c, .imm = imm,
	});
}

/* ir/verify.c: NULL, or what is wrong with op *@at */
const char *vmxl_ir_verify(const struct vmxl_ir *ir, u32 *at);

/* ir/print.c, ir/parse.c: the text form, Documentation/ir.rst */
typedef void (*vmxl_print_fn)(void *ctx, const char *fmt, ...) __printf(2, 3);
void vmxl_ir_print(const struct vmxl_ir *ir, vmxl_print_fn print, void *ctx);
int vmxl_ir_parse(struct vmxl_ir *ir, const char *text, const char **err, unsigned int *line);

/* What aux means, and its names in the text form; ir/print.c */
enum vmxl_ir_aux {
	VMXL_AUX_NONE, VMXL_AUX_CC, VMXL_AUX_FLCC, VMXL_AUX_MEM, VMXL_AUX_RM, VMXL_AUX_LANE,
};

enum vmxl_ir_aux vmxl_ir_aux_kind(u16 op);
extern const char * const vmxl_ir_type_name[VMXL_T_NR];
extern const char * const vmxl_ir_cc_name[VMXL_CC_NR];
extern const char * const vmxl_ir_flcc_name[VMXL_FLCC_NR];
extern const char * const vmxl_ir_mt_name[VMXL_MT_NR];
extern const char * const vmxl_ir_memflag_name[5];	/* from bit 3 on */
extern const char * const vmxl_ir_rm_name[VMXL_IR_NR_RM];
extern const char * const vmxl_ir_lane_name[4];
extern const char * const vmxl_ir_hint_name[3];

#endif /* VMXL_IR_H */
