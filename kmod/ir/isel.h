/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Instruction selection: what its files share. iselect.c has the passes,
 * isel_val.c knows where values are, isel_op.c has a function for each kind of
 * op.
 */
#ifndef VMXL_ISEL_H
#define VMXL_ISEL_H

#include <linux/errno.h>
#include <linux/kernel.h>
#include "iop.h"

#define VMXL_SEL_NEVER	U16_MAX		/* as the index of an op */
#define VMXL_SEL_FLAGS	VMXL_SLOT(fp_flags)

struct vmxl_sel {
	const struct vmxl_ir *ir;
	struct vmxl_icode *o;
	unsigned int i;			/* op at hand */
	unsigned int seg;		/* last LABEL: values before it are gone */
	unsigned int barrier;		/* last op that may have written any slot */
	unsigned int nr_free, nr_free_v;
	u16 held[3];			/* temporaries with constants, for this op */
	unsigned int nr_held;
	int err;
};

static inline void sel_bad(struct vmxl_sel *s)
{
	if (!s->err)
		s->err = -EINVAL;
}

static inline void sel_emit(struct vmxl_sel *s, struct vmxl_iop op)
{
	if (s->o->nr == ARRAY_SIZE(s->o->code)) {
		s->err = -E2BIG;
		return;
	}
	s->o->code[s->o->nr++] = op;
}

/*
 * isel_val.c. For an op: its operands are looked up (use), then its result is
 * given a place (dest), which ends the life of operands that are not used any
 * more; an op without result calls release instead.
 */
void vmxl_sel_free_all(struct vmxl_sel *s);
bool vmxl_sel_const(struct vmxl_sel *s, vmxl_ref r, u64 *val);
u16 vmxl_sel_use(struct vmxl_sel *s, vmxl_ref r);
u16 vmxl_sel_dest(struct vmxl_sel *s);
void vmxl_sel_release(struct vmxl_sel *s);
void vmxl_sel_set_const(struct vmxl_sel *s, u64 val);
void vmxl_sel_move(struct vmxl_sel *s, vmxl_ref r);
void vmxl_sel_get(struct vmxl_sel *s, const struct vmxl_op *op);
void vmxl_sel_put(struct vmxl_sel *s, const struct vmxl_op *op);

/* isel_op.c */
void vmxl_sel_op(struct vmxl_sel *s, const struct vmxl_op *op, unsigned int insns);

#endif /* VMXL_ISEL_H */
