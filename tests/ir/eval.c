// SPDX-License-Identifier: GPL-2.0
/*
 * A naive evaluator of units: op by op, bit by bit where that is plainer. It
 * shares nothing with the interpreter but the op table and, for floating
 * point, kmod/fp, which has tests of its own.
 */
#include <string.h>
#include "../../kmod/fp/fp.h"
#include "../../kmod/mmu/mem.h"
#include "harness.h"

typedef unsigned __int128 u128;
typedef __int128 s128;

static unsigned int width(const struct vmxl_op *op)
{
	switch (op->type) {
	case VMXL_T_I8:
		return 8;
	case VMXL_T_I16:
		return 16;
	case VMXL_T_I64:
		return 64;
	default:
		return 32;
	}
}

static u64 uns(u64 v, unsigned int w)
{
	return w == 64 ? v : v & ((1ULL << w) - 1);
}

static s64 sgn(u64 v, unsigned int w)
{
	v = uns(v, w);
	if (w < 64 && v >> (w - 1))
		v -= 1ULL << w;
	return v;
}

static bool bit(u64 v, unsigned int n)
{
	return v >> n & 1;
}

static bool compare(unsigned int cc, u64 a, u64 b, unsigned int w)
{
	switch (cc) {
	case VMXL_CC_EQ:
		return uns(a, w) == uns(b, w);
	case VMXL_CC_NE:
		return uns(a, w) != uns(b, w);
	case VMXL_CC_LT:
		return sgn(a, w) < sgn(b, w);
	case VMXL_CC_GE:
		return sgn(a, w) >= sgn(b, w);
	case VMXL_CC_LTU:
		return uns(a, w) < uns(b, w);
	default:
		return uns(a, w) >= uns(b, w);
	}
}

static u64 divide(u16 op, u64 a, u64 b, unsigned int w)
{
	s128 sa = sgn(a, w), sb = sgn(b, w);
	u64 ua = uns(a, w), ub = uns(b, w);

	switch (op) {
	case VMXL_IR_DIVS:
		return sb ? (u64)(sa / sb) : ~0ULL;
	case VMXL_IR_DIVU:
		return ub ? ua / ub : ~0ULL;
	case VMXL_IR_REMS:
		return sb ? (u64)(sa % sb) : a;
	default:
		return ub ? ua % ub : a;
	}
}

/* Shifts and rotations one bit at a time */
static u64 shift(u16 op, u64 a, u64 n, unsigned int w)
{
	n %= w;
	for (a = uns(a, w); n; n--) {
		bool lo = bit(a, 0), hi = bit(a, w - 1);

		switch (op) {
		case VMXL_IR_SHL:
			a = uns(a << 1, w);
			break;
		case VMXL_IR_SHR:
			a >>= 1;
			break;
		case VMXL_IR_SAR:
			a = a >> 1 | (u64)hi << (w - 1);
			break;
		case VMXL_IR_ROL:
			a = uns(a << 1, w) | hi;
			break;
		default:
			a = a >> 1 | (u64)lo << (w - 1);
		}
	}
	return a;
}

static u128 clmul(u64 a, u64 b)
{
	u128 r = 0;
	int i;

	for (i = 0; i < 64; i++)
		if (bit(b, i))
			r ^= (u128)a << i;
	return r;
}

static u64 count(u16 op, u64 a, unsigned int w)
{
	unsigned int i, n = 0;

	if (op == VMXL_IR_POPCNT) {
		for (i = 0; i < w; i++)
			n += bit(a, i);
		return n;
	}
	for (i = 0; i < w; i++, n++)
		if (bit(a, op == VMXL_IR_CTZ ? i : w - 1 - i))
			break;
	return n;
}

static u64 permute(u16 op, u64 a, unsigned int w)
{
	unsigned int i;
	u64 r = 0;

	for (i = 0; i < w; i++) {
		unsigned int from = op == VMXL_IR_BSWAP ? (w - 8 - (i & ~7u)) + (i & 7) : w - 1 - i;

		r |= (u64)bit(a, from) << i;
	}
	return r;
}

static u64 orcb(u64 a)
{
	unsigned int i;
	u64 r = 0;

	for (i = 0; i < 8; i++)
		if (a >> (8 * i) & 0xff)
			r |= 0xffULL << (8 * i);
	return r;
}

static u64 field(const struct vmxl_op *op, u64 a, u64 b)
{
	unsigned int pos = op->imm & 0xff, len = op->imm >> 8, i;
	u64 r = op->op == VMXL_IR_EXTRACT ? 0 : a;

	for (i = 0; i < len; i++) {
		if (op->op == VMXL_IR_EXTRACT) {
			r |= (u64)bit(a, pos + i) << i;
		} else {
			r &= ~(1ULL << (pos + i));
			r |= (u64)bit(b, i) << (pos + i);
		}
	}
	return r;
}

static u64 integer(const struct vmxl_op *op, u64 a, u64 b, u64 c)
{
	unsigned int w = width(op);

	switch (op->op) {
	case VMXL_IR_ADD:
		return a + b;
	case VMXL_IR_SUB:
		return a + ~b + 1;
	case VMXL_IR_MUL:
		return (u64)((u128)a * b);
	case VMXL_IR_MULHS:
		return (u64)((s128)sgn(a, 64) * (s128)sgn(b, 64) >> 64);
	case VMXL_IR_MULHU:
		return (u64)((u128)a * b >> 64);
	case VMXL_IR_MULHSU:
		return (u64)((s128)sgn(a, 64) * (s128)b >> 64);
	case VMXL_IR_DIVS: case VMXL_IR_DIVU: case VMXL_IR_REMS: case VMXL_IR_REMU:
		return divide(op->op, a, b, w);
	case VMXL_IR_AND:
		return a & b;
	case VMXL_IR_OR:
		return a | b;
	case VMXL_IR_XOR:
		return a ^ b;
	case VMXL_IR_ANDN:
		return a & ~b;
	case VMXL_IR_ORN:
		return a | ~b;
	case VMXL_IR_XNOR:
		return ~(a ^ b);
	case VMXL_IR_SHL: case VMXL_IR_SHR: case VMXL_IR_SAR: case VMXL_IR_ROL: case VMXL_IR_ROR:
		return shift(op->op, a, b, w);
	case VMXL_IR_SHADD:
		return (a << op->imm) + b;
	case VMXL_IR_SMIN:
		return sgn(a, w) < sgn(b, w) ? a : b;
	case VMXL_IR_SMAX:
		return sgn(a, w) < sgn(b, w) ? b : a;
	case VMXL_IR_UMIN:
		return uns(a, w) < uns(b, w) ? a : b;
	case VMXL_IR_UMAX:
		return uns(a, w) < uns(b, w) ? b : a;
	case VMXL_IR_CLZ: case VMXL_IR_CTZ: case VMXL_IR_POPCNT:
		return count(op->op, a, w);
	case VMXL_IR_BSWAP: case VMXL_IR_BITREV:
		return permute(op->op, a, w);
	case VMXL_IR_ORCB:
		return orcb(a);
	case VMXL_IR_CLMUL:
		return (u64)clmul(a, b);
	case VMXL_IR_CLMULH:
		return (u64)(clmul(a, b) >> 64);
	case VMXL_IR_SEXT8:
		return sgn(a, 8);
	case VMXL_IR_SEXT16:
		return sgn(a, 16);
	case VMXL_IR_SEXT32:
		return sgn(a, 32);
	case VMXL_IR_ZEXT8:
		return uns(a, 8);
	case VMXL_IR_ZEXT16:
		return uns(a, 16);
	case VMXL_IR_ZEXT32:
		return uns(a, 32);
	case VMXL_IR_EXTRACT: case VMXL_IR_DEPOSIT:
		return field(op, a, b);
	case VMXL_IR_SET:
		return compare(op->aux, a, b, w);
	default: /* SEL */
		return a ? b : c;
	}
}

/* Sum of bits with the carries in sight: subtraction is adding the complement. */
static u64 flags_sum(u64 a, u64 b, bool carry, bool sub, unsigned int w)
{
	bool c = sub ? !carry : carry, prev = c, half = false;
	u64 r = 0, fl = 0;
	unsigned int i, ones = 0;

	if (sub)
		b = ~b;
	for (i = 0; i < w; i++) {
		unsigned int sum = bit(a, i) + bit(b, i) + c;

		prev = c;
		c = sum >> 1;
		r |= (u64)(sum & 1) << i;
		if (i == 3)
			half = c;
		if (i < 8)
			ones += sum & 1;
	}
	fl |= (sub ? !c : c) ? VMXL_FL_C : 0;
	fl |= (sub ? !half : half) ? VMXL_FL_A : 0;
	fl |= c != prev ? VMXL_FL_V : 0;
	fl |= !r ? VMXL_FL_Z : 0;
	fl |= bit(r, w - 1) ? VMXL_FL_N : 0;
	fl |= ones % 2 ? 0 : VMXL_FL_P;
	return fl;
}

static u64 flags_result(u64 r, unsigned int w)
{
	return flags_sum(r, 0, false, false, w) & (VMXL_FL_Z | VMXL_FL_N | VMXL_FL_P);
}

static u64 flags_shift(u16 op, u64 a, u64 n, u64 old, unsigned int w)
{
	bool c = false, top = false;
	u64 fl;

	n &= w == 64 ? 63 : 31;
	if (!n)
		return old;
	for (a = uns(a, w); n; n--) {
		top = bit(a, w - 1);
		c = op == VMXL_IR_FL_SHL ? top : bit(a, 0);
		if (op == VMXL_IR_FL_SHL)
			a = uns(a << 1, w);
		else
			a = a >> 1 | (u64)(op == VMXL_IR_FL_SAR && top) << (w - 1);
	}
	fl = flags_result(a, w);
	fl |= c ? VMXL_FL_C : 0;
	fl |= bit(a, w - 1) != top ? VMXL_FL_V : 0;
	return fl;
}

static u64 flags_mul(u64 a, u64 b, unsigned int w, bool is_signed)
{
	u128 u = (u128)uns(a, w) * uns(b, w);
	s128 s = (s128)sgn(a, w) * sgn(b, w);
	bool over = is_signed ? s != (s128)sgn((u64)s, w) : u >> w != 0;

	return flags_result((u64)u, w) | (over ? VMXL_FL_C | VMXL_FL_V : 0);
}

static bool flags_test(unsigned int cc, u64 f)
{
	bool c = f & VMXL_FL_C, z = f & VMXL_FL_Z, n = f & VMXL_FL_N, v = f & VMXL_FL_V;

	switch (cc) {
	case VMXL_FLCC_Z:
		return z;
	case VMXL_FLCC_C:
		return c;
	case VMXL_FLCC_N:
		return n;
	case VMXL_FLCC_V:
		return v;
	case VMXL_FLCC_P:
		return f & VMXL_FL_P;
	case VMXL_FLCC_CZ:
		return c || z;
	case VMXL_FLCC_LT:
		return n != v;
	case VMXL_FLCC_LE:
		return z || n != v;
	case VMXL_FLCC_HI:
		return c && !z;
	default:
		return !flags_test(cc - 1, f);
	}
}

static u64 flags(const struct vmxl_op *op, u64 a, u64 b, u64 c)
{
	unsigned int w = width(op);

	switch (op->op) {
	case VMXL_IR_FL_ADD:
		return flags_sum(a, b, false, false, w);
	case VMXL_IR_FL_ADC:
		return flags_sum(a, b, c & 1, false, w);
	case VMXL_IR_FL_SUB:
		return flags_sum(a, b, false, true, w);
	case VMXL_IR_FL_SBB:
		return flags_sum(a, b, c & 1, true, w);
	case VMXL_IR_FL_LOGIC:
		return flags_result(a, w);
	case VMXL_IR_FL_MUL: case VMXL_IR_FL_UMUL:
		return flags_mul(a, b, w, op->op == VMXL_IR_FL_MUL);
	case VMXL_IR_FL_TEST:
		return flags_test(op->aux, a);
	default:
		return flags_shift(op->op, a, b, c, w);
	}
}

/* Integer and flags ops; for others 0 */
u64 eval_pure(const struct vmxl_op *op, u64 a, u64 b, u64 c)
{
	u64 r;

	if (op->op >= VMXL_IR_FL_ADD && op->op <= VMXL_IR_FL_TEST)
		return flags(op, a, b, c);
	r = integer(op, a, b, c);
	switch (op->type) {
	case VMXL_T_S32:
		return sgn(r, 32);
	case VMXL_T_Z32:
		return uns(r, 32);
	default:
		return r;
	}
}

struct val {
	u64 w[2];
};

static struct val vector(const struct vmxl_op *op, struct val a, struct val b)
{
	unsigned int bytes = 1u << op->aux, bits = 8 * bytes, i;
	struct val r = {};

	for (i = 0; i < 16 / bytes; i++) {
		u64 x = 0, y = 0, z = 0;

		memcpy(&x, (u8 *)&a + i * bytes, bytes);
		memcpy(&y, (u8 *)&b + i * bytes, bytes);
		switch (op->op) {
		case VMXL_IR_VAND:
			z = x & y;
			break;
		case VMXL_IR_VOR:
			z = x | y;
			break;
		case VMXL_IR_VXOR:
			z = x ^ y;
			break;
		case VMXL_IR_VANDN:
			z = x & ~y;
			break;
		case VMXL_IR_VADD:
			z = x + y;
			break;
		case VMXL_IR_VSUB:
			z = x - y;
			break;
		case VMXL_IR_VCMPEQ:
			z = x == y ? ~0ULL : 0;
			break;
		case VMXL_IR_VCMPGT:
			z = sgn(x, bits) > sgn(y, bits) ? ~0ULL : 0;
			break;
		case VMXL_IR_VSHL:
			z = x << op->imm;
			break;
		case VMXL_IR_VSHR:
			z = x >> op->imm;
			break;
		case VMXL_IR_VSAR:
			z = sgn(x, bits) >> op->imm;
			break;
		case VMXL_IR_VDUP:
			z = a.w[0];
			break;
		case VMXL_IR_VSET:
			z = i == op->imm ? b.w[0] : x;
			break;
		default: /* VGET */
			if (i == op->imm)
				r.w[0] = x;
			continue;
		}
		memcpy((u8 *)&r + i * bytes, &z, bytes);
	}
	return r;
}

static u64 fp_int(struct vmxl_fpenv *e, const struct vmxl_op *op, u64 a)
{
	static const struct { int bits; bool is_signed; } t[] = {
		[VMXL_FINT_S32] = { 32, true }, [VMXL_FINT_U32] = { 32, false },
		[VMXL_FINT_S64] = { 64, true }, [VMXL_FINT_U64] = { 64, false },
	};

	if (op->op == VMXL_IR_FTOI)
		return vmxl_fp_to_int(e, op->type - VMXL_T_F16, a, t[op->imm].bits,
				      t[op->imm].is_signed);
	return vmxl_fp_from_int(e, op->type - VMXL_T_F16, a, t[op->imm].bits,
				t[op->imm].is_signed);
}

static u64 box(const struct vmxl_op *op, u64 a)
{
	unsigned int w = op->type == VMXL_T_F16 ? 16 : op->type == VMXL_T_F32 ? 32 : 64;

	if (w == 64)
		return a;
	if (op->op == VMXL_IR_FBOX)
		return uns(a, w) | ~0ULL << w;
	if (a >> w != ~0ULL >> w)
		return w == 16 ? 0x7e00 : 0x7fc00000;
	return uns(a, w);
}

static u64 fp(const struct vmxl_ir *ir, const struct vmxl_op *op, u64 a, u64 b, u64 c)
{
	struct vmxl_fpenv e = {
		.rm = op->aux, .nan = ir->fp & 0xff, .toint = ir->fp >> 8 & 0xff,
		.policy = ir->fp >> 16 & 0xff,
	};
	enum vmxl_fpfmt f = op->type - VMXL_T_F16;
	u64 r;

	switch (op->op) {
#define OP2(name, fn)					\
	case VMXL_IR_##name:				\
		r = vmxl_fp_##fn(&e, f, a, b);		\
		break;
	OP2(FADD, add) OP2(FSUB, sub) OP2(FMUL, mul) OP2(FDIV, div) OP2(FMIN, min)
	OP2(FMAX, max) OP2(FMINM, minm) OP2(FMAXM, maxm) OP2(FEQ, eq) OP2(FLT, lt)
	OP2(FLE, le) OP2(FLTQ, ltq) OP2(FLEQ, leq)
#undef OP2
	case VMXL_IR_FSQRT:
		r = vmxl_fp_sqrt(&e, f, a);
		break;
	case VMXL_IR_FMA:
		r = vmxl_fp_fma(&e, f, a, b, c);
		break;
	case VMXL_IR_FCLASS:
		r = vmxl_fp_class(f, a);
		break;
	case VMXL_IR_FRINT:
		r = vmxl_fp_rint(&e, f, a, op->imm);
		break;
	case VMXL_IR_FCVT:
		r = vmxl_fp_cvt(&e, f, op->imm - VMXL_T_F16, a);
		break;
	case VMXL_IR_FTOIMOD:
		r = vmxl_fp_cvtmod(&e, a);
		break;
	default:
		r = fp_int(&e, op, a);
	}
	m.gs.fp_flags |= e.flags;
	return r;
}

static u32 find_label(const struct vmxl_ir *ir, s64 label)
{
	u32 i;

	for (i = 1; i < ir->nr_ops; i++)
		if (ir->ops[i].op == VMXL_IR_LABEL && ir->ops[i].imm == label)
			return i;
	return 0;
}

static enum vmxl_act take_exit(const struct vmxl_ir *ir, s64 nr, enum vmxl_act act)
{
	m.gs.pc = ir->exits[nr].pc;
	m.gs.icount += ir->exits[nr].ninsn;
	return act;
}

static void set_pc(const struct vmxl_ir *ir, u32 i, u64 icount)
{
	u32 k, n = 0;

	m.gs.pc = ir->pc;
	for (k = 0; k < ir->nr_insns; k++) {
		if (ir->insns[k].op <= i) {
			m.gs.pc = ir->pc + ir->insns[k].off;
			n = k;
		}
	}
	m.gs.icount = icount + n;
}

static enum vmxl_act memory(const struct vmxl_op *op, struct val a, struct val b, struct val c,
			    struct val *d)
{
	switch (op->op) {
	case VMXL_IR_LD:
		return vmxl_mem_load(&m.vcpu, a.w[0] + op->imm, op->aux, d->w);
	case VMXL_IR_ST:
		return vmxl_mem_store(&m.vcpu, a.w[0] + op->imm, op->aux, b.w);
	case VMXL_IR_RMW:
		return vmxl_mem_rmw(&m.vcpu, a.w[0], op->aux, op->imm, b.w[0], d->w);
	case VMXL_IR_CAS:
		return vmxl_mem_cas(&m.vcpu, a.w[0], op->aux, b.w, c.w, d->w);
	case VMXL_IR_LDX:
		return vmxl_mem_ldx(&m.vcpu, a.w[0], op->aux, op->imm, d->w);
	case VMXL_IR_STX:
		return vmxl_mem_stx(&m.vcpu, a.w[0], op->aux, op->imm, b.w, d->w);
	case VMXL_IR_ZBLK:
		return vmxl_mem_zero(&m.vcpu, a.w[0] / op->imm * op->imm, op->imm);
	case VMXL_IR_PROBE:
		return vmxl_mem_probe(&m.vcpu, a.w[0], op->imm);
	default: /* FENCE, PAUSE */
		return VMXL_ACT_NEXT;
	}
}

static enum vmxl_act control(const struct vmxl_ir *ir, u32 i, u64 a, u64 b, u64 c, u64 *d,
			     u32 *next)
{
	const struct vmxl_op *op = &ir->ops[i];

	switch (op->op) {
	case VMXL_IR_BRL:
		if (!compare(op->aux, a, b, width(op)))
			return VMXL_ACT_NEXT;
		fallthrough;
	case VMXL_IR_GOTO:
		*next = find_label(ir, op->imm);
		return VMXL_ACT_NEXT;
	case VMXL_IR_BR:
		if (!compare(op->aux, a, b, width(op)))
			return VMXL_ACT_NEXT;
		fallthrough;
	case VMXL_IR_JUMP:
		*next = 0;
		return take_exit(ir, op->imm, VMXL_ACT_NEXT);
	case VMXL_IR_LEAVE:
		return take_exit(ir, op->imm, VMXL_ACT_LEAVE);
	case VMXL_IR_SWITCH:
		m.gs.ldx = VMXL_LDX_NONE;
		m.gs.icount -= !op->imm;
		fallthrough;
	case VMXL_IR_JUMPR:
		m.gs.pc = a;
		*next = 0;
		for (u32 k = 0; k < ir->nr_insns; k++)
			m.gs.icount += ir->insns[k].op <= i;
		return op->op == VMXL_IR_SWITCH ? VMXL_ACT_LEAVE : VMXL_ACT_NEXT;
	case VMXL_IR_TRAP:
		return test_guest.trap(&m.vcpu, op->imm, a);
	case VMXL_IR_CALL:
		return test_guest.helpers[op->imm].fn(&m.vcpu, d, a, b, c);
	default: /* LABEL */
		return VMXL_ACT_NEXT;
	}
}

static enum vmxl_act step(const struct vmxl_ir *ir, u32 i, struct val *v, u32 *next)
{
	const struct vmxl_op *op = &ir->ops[i];
	struct val a = v[op->a], b = v[op->b], c = v[op->c], d = {};
	static u64 counter;
	enum vmxl_act act = VMXL_ACT_NEXT;

	*next = i + 1;
	if (op->op == VMXL_IR_CONST)
		d.w[0] = op->type == VMXL_T_S32 ? (u64)sgn(op->imm, 32) :
			 op->type == VMXL_T_Z32 ? uns(op->imm, 32) : (u64)op->imm;
	else if (op->op == VMXL_IR_GET)
		memcpy(&d, (u64 *)&m.gs + op->imm, op->type == VMXL_T_V128 ? 16 : 8);
	else if (op->op == VMXL_IR_PUT)
		memcpy((u64 *)&m.gs + op->imm, &a, op->type == VMXL_T_V128 ? 16 : 8);
	else if (op->op == VMXL_IR_COUNTER)
		d.w[0] = ++counter;
	else if (op->op <= VMXL_IR_FL_TEST)
		d.w[0] = eval_pure(op, a.w[0], b.w[0], c.w[0]);
	else if (op->op <= VMXL_IR_PROBE)
		act = memory(op, a, b, c, &d);
	else if (op->op <= VMXL_IR_FTOIMOD)
		d.w[0] = fp(ir, op, a.w[0], b.w[0], c.w[0]);
	else if (op->op <= VMXL_IR_FUNBOX)
		d.w[0] = box(op, a.w[0]);
	else if (op->op <= VMXL_IR_VSET)
		d = vector(op, a, b);
	else
		act = control(ir, i, a.w[0], b.w[0], c.w[0], &d.w[0], next);
	v[i] = d;
	return act;
}

void eval_run(const struct vmxl_ir *ir, struct outcome *out)
{
	static struct val v[VMXL_IR_MAX_OPS];
	u64 icount = m.gs.icount;
	enum vmxl_act act = VMXL_ACT_NEXT;
	u32 i, next;

	memset(v, 0, sizeof(v));
	m.event = LEFT_NEXT;
	for (i = 1; i; i = next) {
		set_pc(ir, i, icount);
		if (vmxl_opdesc[ir->ops[i].op].effects & VMXL_EFF_END ||
		    ir->ops[i].op == VMXL_IR_BR) {
			if (ir->ops[i].op != VMXL_IR_TRAP)
				m.gs.icount = icount;
		}
		act = step(ir, i, v, &next);
		if (act != VMXL_ACT_NEXT)
			break;
	}
	if (m.event == LEFT_NEXT)
		m.event = act == VMXL_ACT_NEXT ? LEFT_NEXT :
			  act == VMXL_ACT_LEAVE ? LEFT_LEAVE : LEFT_EXIT;
	*out = (struct outcome){
		.left = m.event, .pc = m.gs.pc, .icount = m.gs.icount,
		.fp_flags = m.gs.fp_flags,
	};
	if (out->left == LEFT_TRAP || out->left == LEFT_FAULT) {
		out->code = m.code;
		out->val = m.val;
	}
	memcpy(out->slot, m.gs.guest, sizeof(out->slot));
	memcpy(out->mem, m.mem, sizeof(out->mem));
}
