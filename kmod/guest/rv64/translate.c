// SPDX-License-Identifier: GPL-2.0
/*
 * RV64 to IR: the driver. It makes a unit of the instructions from key.pc on.
 *
 * A unit follows jumps and calls forwards within the page: what it passes over
 * belongs to it, for whoever looks where its bytes are. It ends at other jumps,
 * at what changes the key, at the limits of the unit and of the page, and before
 * an instruction that crosses the page. Such a one is a unit of its own. A taken
 * branch leaves the unit.
 *
 * An exit may be linked if it stays in the page: what is beyond it may be
 * mapped anew without any block being dropped.
 */
#include <linux/minmax.h>
#include "../../mmu/mem.h"
#include "translate.h"

#define MAX_INSNS	64

static const typeof(&vmxl_rv64_tr_lui) translators[RV_TR_NR] = {
#define X(name) [RV_TR_##name] = vmxl_rv64_tr_##name,
	RV_TRANSLATORS(X)
#undef X
};

/* What a row of the decode table holds fits a u8. */
static_assert(VMXL_IR_NR < 256 && RV_H_NR < 256 && RV_TR_NR < 256 && RV_FMT_NR < 256);

/* All of a row's instructions need FP state. */
#define ISA_FP	(VMXL_RV64_ISA_F | VMXL_RV64_ISA_D | VMXL_RV64_ISA_ZFH | VMXL_RV64_ISA_ZFA)

/**
 * vmxl_rv64_tr_exit() - an exit to a known pc, linkable if that is allowed
 * @tr: the unit
 * @pc: where the guest goes on
 * @hint: for the return-address prediction
 *
 * Return: the exit's number.
 */
u32 vmxl_rv64_tr_exit(struct vmxl_rv64_tr *tr, u64 pc, enum vmxl_hint hint)
{
	/* The block at the page's last half-word may be one over two pages. */
	bool linkable = !((pc ^ tr->ir->pc) & VMXL_PAGE_MASK) && ((pc + 2) & ~VMXL_PAGE_MASK);

	return vmxl_ir_exit(tr->ir, pc, tr->ninsn, linkable, hint);
}

/*
 * The instruction word at tr->pc. LEAVE without @first: it cannot be fetched,
 * or crosses the page; with @first: a trap was delivered.
 */
static enum vmxl_act fetch(const struct vmxl_translate *t, u64 pc, bool first, u32 *w)
{
	enum vmxl_act act;
	u16 half;

	act = vmxl_fetch16(t->vcpu, pc, first && !t->quiet, &half, NULL);
	if (act != VMXL_ACT_NEXT)
		return act;
	*w = half;
	if (!vmxl_rv64_is32(half))
		return VMXL_ACT_NEXT;
	if (pc + 2 == t->page_end && !first)
		return VMXL_ACT_LEAVE;
	act = vmxl_fetch16(t->vcpu, pc + 2, first && !t->quiet, &half, NULL);
	*w |= (u32)half << 16;
	return act;
}

/**
 * vmxl_rv64_tr_peek() - decode an instruction further on
 * @tr: the unit
 * @pc: where it is
 * @i: out: the instruction
 *
 * Whoever lets the unit depend on it raises tr->seen.
 * Return: false if it is not all in the page, or none that this hart knows.
 */
bool vmxl_rv64_tr_peek(struct vmxl_rv64_tr *tr, u64 pc, struct vmxl_rv64_insn *i)
{
	u32 w;

	if (pc >= tr->t->page_end || fetch(tr->t, pc, false, &w) != VMXL_ACT_NEXT)
		return false;
	return vmxl_rv64_decode(i, w) && !(i->row->isa & ~tr->isa);
}

static void translate_one(struct vmxl_rv64_tr *tr, u32 w)
{
	struct vmxl_rv64_insn i;
	const struct vmxl_rv64_row *row;

	vmxl_ir_insn(tr->ir, tr->pc);
	tr->ninsn++;
	if (!vmxl_rv64_decode(&i, w)) {
		vmxl_rv64_tr_illegal(tr, &i);
		return;
	}
	row = i.row;
	if ((row->isa & ~tr->isa) || ((row->isa & ISA_FP) && (tr->key & RV_KEY_FS_OFF)))
		vmxl_rv64_tr_illegal(tr, &i);
	else
		translators[row->fn](tr, &i);
}

static bool has_room(const struct vmxl_rv64_tr *tr)
{
	return tr->ninsn < tr->max_insns &&
	       tr->ir->nr_ops < VMXL_IR_MAX_OPS - VMXL_RV64_OPS_SPARE &&
	       tr->ir->nr_exits < VMXL_IR_MAX_EXITS - VMXL_RV64_EXITS_SPARE &&
	       tr->ir->nr_labels < VMXL_IR_MAX_LABELS - VMXL_RV64_LABELS_SPARE;
}

static void tr_init(struct vmxl_rv64_tr *tr, const struct vmxl_translate *t)
{
	*tr = (struct vmxl_rv64_tr){
		.ir = t->ir,
		.key = t->key.flags,
		.isa = rv_vm(t->vcpu->vm)->isa,
		.pc = t->key.pc,
		.page_end = t->page_end,
		.fs_dirty = t->key.flags & RV_KEY_FS_DIRTY,
		.t = t,
		.max_insns = min_t(u32, t->max_insns, MAX_INSNS),
	};
	vmxl_ir_init(t->ir, t->vcpu->vm->guest, t->key.pc);
}

/**
 * vmxl_rv64_translate() - make a unit
 * @t: what is to be translated
 *
 * Return: NEXT, or how the trap of fetching the first instruction went.
 */
enum vmxl_act vmxl_rv64_translate(struct vmxl_translate *t)
{
	struct vmxl_rv64_tr tr;
	enum vmxl_act act;
	u32 w;

	tr_init(&tr, t);
	do {
		act = fetch(t, tr.pc, !tr.ninsn, &w);
		if (act != VMXL_ACT_NEXT)
			break;
		tr.next = tr.pc + (vmxl_rv64_is32(w) ? 4 : 2);
		translate_one(&tr, w);
		tr.pc = tr.next;
	} while (!tr.done && tr.pc < t->page_end && has_room(&tr));

	if (!tr.ninsn)
		return act;
	if (!tr.done)
		ir_jump(tr.ir, vmxl_rv64_tr_exit(&tr, tr.pc, VMXL_HINT_NONE));
	t->ir->end = max(tr.pc, tr.seen);
	return VMXL_ACT_NEXT;
}
