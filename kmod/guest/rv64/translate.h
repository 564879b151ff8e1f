/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Translating RV64 to IR: what translate.c and the tr_*.c share.
 *
 * A translator function takes a decoded instruction and writes its IR. Rules:
 *  - what may fault comes before what changes guest state;
 *  - a read of x0 is the constant 0, a write to x0 is dropped;
 *  - one that ends the unit writes its END op and sets tr->done.
 */
#ifndef VMXL_RV64_TRANSLATE_H
#define VMXL_RV64_TRANSLATE_H

#include "../../ir/build.h"
#include "insn.h"
#include "rv64.h"

/* Room for the longest instruction and what ends a unit */
#define VMXL_RV64_OPS_SPARE	80
#define VMXL_RV64_EXITS_SPARE	4
#define VMXL_RV64_LABELS_SPARE	4

/**
 * struct vmxl_rv64_tr - the unit being translated
 * @ir: the unit
 * @key: flags of the key (RV_KEY_*)
 * @isa: VMXL_RV64_ISA_* that the VM has
 * @pc: of the instruction; @next: of the one after it, which a jump sets
 * @page_end: first address of the next page
 * @ninsn: instructions of the unit, this one included
 * @done: the unit has its END op
 * @fs_dirty: mstatus.FS is known to be dirty here
 * @t: what is being translated
 * @max_insns: most instructions of the unit
 * @pair: pc of the SC that the last LR is paired with, or 0
 * @waits: the last LR is there for a WRS
 * @seen: the unit depends on the bytes before this pc, at least
 */
struct vmxl_rv64_tr {
	struct vmxl_ir *ir;
	u32 key;
	u64 isa;
	u64 pc, next, page_end;
	u32 ninsn;
	bool done;
	bool fs_dirty;
	const struct vmxl_translate *t;
	u32 max_insns;
	u64 pair;
	bool waits;
	u64 seen;
};

#define X(name) \
void vmxl_rv64_tr_##name(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i);
RV_TRANSLATORS(X)
#undef X

/* translate.c */
void vmxl_rv64_tr_illegal(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i);
bool vmxl_rv64_tr_peek(struct vmxl_rv64_tr *tr, u64 pc, struct vmxl_rv64_insn *i);
u32 vmxl_rv64_tr_exit(struct vmxl_rv64_tr *tr, u64 pc, enum vmxl_hint hint);

static inline vmxl_ref rv_tr_get(struct vmxl_rv64_tr *tr, unsigned int reg)
{
	return reg ? ir_get(tr->ir, RV_SLOT(x[0]) + reg) : ir_const(tr->ir, 0);
}

static inline void rv_tr_put(struct vmxl_rv64_tr *tr, unsigned int reg, vmxl_ref v)
{
	if (reg)
		ir_put(tr->ir, RV_SLOT(x[0]) + reg, v);
}

static inline enum vmxl_rv64_mode rv_tr_mode(const struct vmxl_rv64_tr *tr)
{
	return tr->key & RV_KEY_MODE;
}

static inline bool rv_tr_has_c(const struct vmxl_rv64_tr *tr)
{
	return tr->isa & VMXL_RV64_ISA_C;
}

/* Go on at the next instruction, in a new unit (@leave: with a new key). */
static inline void rv_tr_end(struct vmxl_rv64_tr *tr, bool leave)
{
	u32 exit = vmxl_ir_exit(tr->ir, tr->next, tr->ninsn, false, VMXL_HINT_NONE);

	if (leave)
		ir_leave(tr->ir, exit);
	else
		ir_jump(tr->ir, exit);
	tr->done = true;
}

#endif /* VMXL_RV64_TRANSLATE_H */
