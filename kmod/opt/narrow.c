// SPDX-License-Identifier: GPL-2.0
/*
 * Extensions, shifts and masks. How many bits of each value say something is
 * found first: what extends or masks no more than that goes; what is used in
 * its low bits only need not be extended; pairs of ops that cut out a field
 * become one.
 */
#include <linux/log2.h>
#include "pass.h"

struct narrow {
	struct vmxl_ir *ir;
	struct vmxl_opt *ctx;
	struct vmxl_op *op;
	unsigned int i;
};

static bool has_const(const struct narrow *n, u64 *c)
{
	if (!opt_is_const(n->ir, n->op->b))
		return false;
	*c = opt_const(n->ir, n->op->b);
	return true;
}

static const struct vmxl_op *def(const struct narrow *n, vmxl_ref r)
{
	return &n->ir->ops[r];
}

/* Ops whose operand is not needed by others: it goes if this op takes its place. */
static bool only_here(const struct narrow *n, vmxl_ref r)
{
	return n->ctx->uses[r] <= 1;
}

/* How many bits */

struct bits {
	unsigned int z, s;
};

static const struct bits all_bits = { 64, 64 };

static unsigned int sub_floor(unsigned int a, unsigned int b, unsigned int floor)
{
	return a > b + floor ? a - b : floor;
}

static unsigned int max_zbits(const struct narrow *n, vmxl_ref a, vmxl_ref b)
{
	return max(n->ctx->zbits[a], n->ctx->zbits[b]);
}

static unsigned int max_sbits(const struct narrow *n, vmxl_ref a, vmxl_ref b)
{
	return max(n->ctx->sbits[a], n->ctx->sbits[b]);
}

static struct bits const_bits(u64 v)
{
	return (struct bits){ fls64(v), fls64((s64)v < 0 ? ~v : v) + 1 };
}

static struct bits shift_bits(const struct narrow *n)
{
	const struct vmxl_op *op = n->op;
	struct bits r = all_bits;
	unsigned int z = n->ctx->zbits[op->a], s = n->ctx->sbits[op->a];
	u64 c;

	if (op->type != VMXL_T_I64 || !has_const(n, &c))
		return r;
	c &= 63;
	if (op->op == VMXL_IR_SHL)
		return (struct bits){ min(64u, z + (u32)c), min(64u, s + (u32)c) };
	if (op->op == VMXL_IR_SAR)
		return (struct bits){ z < 64 ? sub_floor(z, c, 0) : 64, sub_floor(s, c, 1) };
	r.z = sub_floor(z, c, 0);
	return r;
}

static struct bits load_bits(const struct vmxl_op *op)
{
	unsigned int bits = 8 * vmxl_mt_size(op->aux);

	if (bits > 64)
		return all_bits;
	if ((op->aux & VMXL_MEM_MT) >= VMXL_MT_S8)
		return (struct bits){ 64, bits };
	return (struct bits){ bits, 64 };
}

/* Integer ops: as of type I64 */
static struct bits int_bits(const struct narrow *n)
{
	const struct vmxl_op *op = n->op;

	switch (op->op) {
	case VMXL_IR_CONST:
		return const_bits(opt_const(n->ir, n->i));
	case VMXL_IR_AND:
		return (struct bits){
			min(n->ctx->zbits[op->a], n->ctx->zbits[op->b]), max_sbits(n, op->a, op->b),
		};
	case VMXL_IR_OR:
	case VMXL_IR_XOR:
	case VMXL_IR_SMIN:
	case VMXL_IR_SMAX:
	case VMXL_IR_UMIN:
	case VMXL_IR_UMAX:
		return (struct bits){ max_zbits(n, op->a, op->b), max_sbits(n, op->a, op->b) };
	case VMXL_IR_ADD:
		return (struct bits){
			min(64u, max_zbits(n, op->a, op->b) + 1),
			min(64u, max_sbits(n, op->a, op->b) + 1),
		};
	case VMXL_IR_SUB:
		return (struct bits){ 64, min(64u, max_sbits(n, op->a, op->b) + 1) };
	case VMXL_IR_SEL:
		return (struct bits){ max_zbits(n, op->b, op->c), max_sbits(n, op->b, op->c) };
	case VMXL_IR_SHL:
	case VMXL_IR_SHR:
	case VMXL_IR_SAR:
		return shift_bits(n);
	case VMXL_IR_CLZ:
	case VMXL_IR_CTZ:
	case VMXL_IR_POPCNT:
		return (struct bits){ 7, 64 };
	case VMXL_IR_SEXT8:
	case VMXL_IR_SEXT16:
	case VMXL_IR_SEXT32:
		return (struct bits){ 64, 8u << (op->op - VMXL_IR_SEXT8) };
	case VMXL_IR_ZEXT8:
	case VMXL_IR_ZEXT16:
	case VMXL_IR_ZEXT32:
		return (struct bits){ 8u << (op->op - VMXL_IR_ZEXT8), 64 };
	case VMXL_IR_EXTRACT:
		return (struct bits){ min_t(u32, op->imm >> 8 & 0xff, 64), 64 };
	default:
		return all_bits;
	}
}

static struct bits bits_of(const struct narrow *n)
{
	const struct vmxl_op *op = n->op;

	switch (vmxl_opdesc[op->op].res) {
	case VMXL_RES_BOOL:
		return (struct bits){ 1, 64 };
	case VMXL_RES_FLAGS:	/* a shift by 0 gives operand c, whatever it is */
		return (struct bits){ op->c ? max_t(u32, n->ctx->zbits[op->c], 6) : 6, 64 };
	case VMXL_RES_FP:
		return (struct bits){ opt_fp_bits(op->type), 64 };
	default:
		break;
	}
	if (op->op == VMXL_IR_LD)
		return load_bits(op);
	if (op->op == VMXL_IR_VGET)
		return (struct bits){ 8u << (op->aux & 3), 64 };
	if (op->op > VMXL_IR_SEL)
		return all_bits;
	if (op->type == VMXL_T_S32)
		return (struct bits){ 64, 32 };
	if (op->type == VMXL_T_Z32)
		return (struct bits){ 32, 64 };
	return int_bits(n);
}

static void note_bits(const struct narrow *n)
{
	struct bits b = bits_of(n);

	n->ctx->zbits[n->i] = b.z;
	n->ctx->sbits[n->i] = min(b.s, min(b.z + 1, 64u));
}

/* What of an operand counts: its low bits */

static void strip(struct narrow *n, vmxl_ref *arg, unsigned int bits)
{
	const struct vmxl_op *d = def(n, *arg);
	unsigned int ext = opt_ext_bits(d);

	if (!ext || ext < bits || !only_here(n, *arg))
		return;
	*arg = d->a;
	n->ctx->uses[d->a]++;
	opt_changed(n->ctx);
}

static unsigned int stored_bits(const struct vmxl_op *op)
{
	return 8 * vmxl_mt_size(op->aux);
}

static void strip_args(struct narrow *n)
{
	struct vmxl_op *op = n->op;

	if (op->op == VMXL_IR_ST) {
		if (stored_bits(op) <= 32)
			strip(n, &op->b, stored_bits(op));
	} else if (op->op == VMXL_IR_FBOX) {
		if (op->type == VMXL_T_F32)
			strip(n, &op->a, 32);
	} else if (opt_ext_bits(op)) {
		strip(n, &op->a, opt_ext_bits(op));
	} else if (op->type == VMXL_T_S32 || op->type == VMXL_T_Z32) {
		if (op->op != VMXL_IR_SEL)
			strip(n, &op->a, 32);
		strip(n, &op->b, 32);
	}
}

/* Extensions */

static bool is_sext(u16 op)
{
	return op <= VMXL_IR_SEXT32;
}

/* The low 32 bits of a 64-bit op are those of the 32-bit op. */
static void extend_op(struct narrow *n)
{
	const struct vmxl_op *d = def(n, n->op->a);
	u8 type = is_sext(n->op->op) ? VMXL_T_S32 : VMXL_T_Z32;

	if (!(vmxl_opt_traits[d->op] & OPT_LOW) || d->op > VMXL_IR_SEL || !only_here(n, n->op->a))
		return;
	*n->op = (struct vmxl_op){ .op = d->op, .type = type, .a = d->a, .b = d->b };
	n->ctx->uses[d->a]++;
	n->ctx->uses[d->b]++;
	opt_changed(n->ctx);
}

static void narrow_ext(struct narrow *n)
{
	struct vmxl_op *op = n->op;
	unsigned int ext = opt_ext_bits(op);
	bool sext = is_sext(op->op);

	if (!ext)
		return;
	if (ext >= (sext ? n->ctx->sbits[op->a] : n->ctx->zbits[op->a]))
		opt_replace(n->ctx, n->i, op->a);
	else if (ext == 32)
		extend_op(n);
}

/* Fields */

static void make_field(struct narrow *n, vmxl_ref a, unsigned int pos, unsigned int len)
{
	struct vmxl_op r = { .op = VMXL_IR_EXTRACT, .type = VMXL_T_I64, .a = a };

	if (!pos && (len == 8 || len == 16 || len == 32))
		r.op = VMXL_IR_ZEXT8 + ilog2(len) - 3;
	else
		r.imm = pos | len << 8;
	*n->op = r;
	n->ctx->uses[a]++;
	opt_changed(n->ctx);
}

/* x << c1 >> c2 */
static void narrow_right(struct narrow *n)
{
	const struct vmxl_op *in = def(n, n->op->a);
	u64 c1, c2;

	if (in->op != VMXL_IR_SHL || in->type != VMXL_T_I64 || !opt_is_const(n->ir, in->b) ||
	    !has_const(n, &c2) || !only_here(n, n->op->a))
		return;
	c1 = opt_const(n->ir, in->b) & 63;
	c2 &= 63;
	if (n->op->op == VMXL_IR_SHR && c2 >= c1 && c2) {
		make_field(n, in->a, c2 - c1, 64 - c2);
	} else if (n->op->op == VMXL_IR_SAR && c2 == c1 && (c1 == 56 || c1 == 48 || c1 == 32)) {
		make_field(n, in->a, 0, 64 - c1);
		n->op->op -= VMXL_IR_ZEXT8 - VMXL_IR_SEXT8;
	}
}

/*
 * x & c: nothing if x has no other bits; a field if x is shifted and c a mask,
 * which then has no more bits than the shift has left.
 */
static void narrow_and(struct narrow *n)
{
	const struct vmxl_op *in = def(n, n->op->a);
	unsigned int z = n->ctx->zbits[n->op->a];
	u64 c, shift;

	if (!has_const(n, &c))
		return;
	if (z < 64 && !(~c & ((1ULL << z) - 1))) {
		opt_replace(n->ctx, n->i, n->op->a);
		return;
	}
	if (in->op != VMXL_IR_SHR || in->type != VMXL_T_I64 || !opt_is_const(n->ir, in->b) ||
	    !only_here(n, n->op->a) || (c & (c + 1)))
		return;
	shift = opt_const(n->ir, in->b) & 63;
	if (c)
		make_field(n, in->a, shift, fls64(c));
}

static void narrow_op(struct narrow *n)
{
	if (n->op->type != VMXL_T_I64)
		return;
	switch (n->op->op) {
	case VMXL_IR_SHR:
	case VMXL_IR_SAR:
		narrow_right(n);
		break;
	case VMXL_IR_AND:
		narrow_and(n);
		break;
	default:
		narrow_ext(n);
	}
}

/**
 * vmxl_opt_narrow() - the pass
 * @ir: the unit
 * @ctx: scratch memory
 */
void vmxl_opt_narrow(struct vmxl_ir *ir, struct vmxl_opt *ctx)
{
	struct narrow n = { .ir = ir, .ctx = ctx };

	vmxl_opt_count_uses(ir, ctx);
	ctx->zbits[0] = 64;
	ctx->sbits[0] = 64;
	for (n.i = 1; n.i < ir->nr_ops; n.i++) {
		n.op = &ir->ops[n.i];
		opt_args(ctx, n.op, n.i);
		if (opt_is_dead(ctx, n.op, n.i))
			continue;
		strip_args(&n);
		narrow_op(&n);
		note_bits(&n);
	}
}
