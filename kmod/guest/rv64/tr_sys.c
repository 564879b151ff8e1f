// SPDX-License-Identifier: GPL-2.0
/*
 * RV64 to IR: jumps and branches, CSRs, traps, privileged instructions.
 * Parameters of the decode table's rows are in i->row->p.
 */
#include <linux/kernel.h>
#include "csr.h"
#include "translate.h"

#define I64	VMXL_T_I64

/* Registers that calls keep their return addresses in */
static bool is_link(unsigned int reg)
{
	return reg == 1 || reg == 5;
}

static void trap_misaligned(struct vmxl_rv64_tr *tr, vmxl_ref dest)
{
	ir_trap(tr->ir, RV_EXC_INSN_MISALIGNED, dest);
	tr->done = true;
}

/* Does the unit go on there? It never goes back: nothing in it is executed twice. */
static bool follow(const struct vmxl_rv64_tr *tr, u64 dest)
{
	return dest - tr->next < tr->page_end - tr->next && tr->next <= tr->page_end;
}

void vmxl_rv64_tr_jal(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u64 dest = tr->pc + (s64)i->imm;
	u32 exit;

	if ((dest & 2) && !rv_tr_has_c(tr)) {
		trap_misaligned(tr, ir_const(tr->ir, dest));
		return;
	}
	rv_tr_put(tr, i->rd, ir_const(tr->ir, tr->next));
	if (follow(tr, dest)) {
		tr->next = dest;
		return;
	}
	exit = vmxl_rv64_tr_exit(tr, dest, is_link(i->rd) ? VMXL_HINT_CALL : VMXL_HINT_NONE);
	ir_jump(tr->ir, exit);
	tr->done = true;
}

static enum vmxl_hint jalr_hint(const struct vmxl_rv64_insn *i)
{
	if (is_link(i->rd))
		return VMXL_HINT_CALL;
	return is_link(i->rs1) ? VMXL_HINT_RET : VMXL_HINT_NONE;
}

/* Without C: a destination that is no multiple of 4 traps before rd is written. */
static void check_dest(struct vmxl_rv64_tr *tr, vmxl_ref dest)
{
	u32 ok = vmxl_ir_label(tr->ir);
	vmxl_ref bit = ir_and(tr->ir, I64, dest, ir_const(tr->ir, 2));

	ir_brl(tr->ir, VMXL_CC_EQ, I64, bit, ir_const(tr->ir, 0), ok);
	ir_trap(tr->ir, RV_EXC_INSN_MISALIGNED, dest);
	ir_label(tr->ir, ok);
}

static vmxl_ref jalr_dest(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref v = rv_tr_get(tr, i->rs1);

	if (i->imm)
		v = ir_addi(tr->ir, I64, v, i->imm);
	return ir_and(tr->ir, I64, v, ir_const(tr->ir, ~1ULL));
}

void vmxl_rv64_tr_jalr(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref dest = jalr_dest(tr, i);

	if (!rv_tr_has_c(tr)) {
		check_dest(tr, dest);
		dest = jalr_dest(tr, i);	/* a label ends the life of values */
	}
	rv_tr_put(tr, i->rd, ir_const(tr->ir, tr->next));
	ir_jumpr(tr->ir, dest, jalr_hint(i));
	tr->done = true;
}

/* p: condition. The unit goes on where the branch is not taken. */
void vmxl_rv64_tr_branch(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	enum vmxl_cc cc = i->row->p[0];
	u64 dest = tr->pc + (s64)i->imm;
	vmxl_ref a = rv_tr_get(tr, i->rs1);
	vmxl_ref b = rv_tr_get(tr, i->rs2);

	if ((dest & 2) && !rv_tr_has_c(tr)) {
		ir_br(tr->ir, cc ^ 1, I64, a, b, vmxl_rv64_tr_exit(tr, tr->next, VMXL_HINT_NONE));
		trap_misaligned(tr, ir_const(tr->ir, dest));
		return;
	}
	ir_br(tr->ir, cc, I64, a, b, vmxl_rv64_tr_exit(tr, dest, VMXL_HINT_NONE));
}

/*
 * Registers that are a slot each: nothing depends on them, and their numbers say
 * all about who may access them. @pc: as wide as a pc.
 */
static const struct slot_csr {
	u16 nr;
	u16 slot;
	bool pc;
} slot_csrs[] = {
	{ RV_CSR_SSCRATCH,	RV_SLOT(sscratch) },
	{ RV_CSR_SEPC,		RV_SLOT(sepc), true },
	{ RV_CSR_SCAUSE,	RV_SLOT(scause) },
	{ RV_CSR_STVAL,		RV_SLOT(stval) },
	{ RV_CSR_MSCRATCH,	RV_SLOT(mscratch) },
	{ RV_CSR_MEPC,		RV_SLOT(mepc), true },
	{ RV_CSR_MCAUSE,	RV_SLOT(mcause) },
	{ RV_CSR_MTVAL,		RV_SLOT(mtval) },
};

static const struct slot_csr *find_slot_csr(u32 nr)
{
	unsigned int k;

	for (k = 0; k < ARRAY_SIZE(slot_csrs); k++)
		if (slot_csrs[k].nr == nr)
			return &slot_csrs[k];
	return NULL;
}

/* RV_CSR_*: what the instruction does */
static u32 csr_ops(const struct vmxl_rv64_insn *i)
{
	u32 op = i->row->p[0];

	if (op == RV_CSR_WRITE)
		return op | (i->rd ? RV_CSR_READ : 0);
	return op | RV_CSR_READ | (i->rs1 ? RV_CSR_WRITE : 0);
}

static vmxl_ref csr_operand(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	return i->row->fn == RV_TR_csri ? ir_const(tr->ir, i->rs1) : rv_tr_get(tr, i->rs1);
}

/* What is written to a register that has @old: of @v, the bits of @mask */
static vmxl_ref csr_new(struct vmxl_rv64_tr *tr, u32 op, vmxl_ref old, vmxl_ref v, u64 mask)
{
	struct vmxl_ir *ir = tr->ir;

	if (~mask)
		v = ir_and(ir, I64, v, ir_const(ir, mask));
	if (op & RV_CSR_SET)
		return ir_or(ir, I64, old, v);
	if (op & RV_CSR_CLEAR)
		return vmxl_ir_op3(ir, VMXL_IR_ANDN, I64, old, v, 0, 0, 0);
	return ~mask ? ir_or(ir, I64, ir_and(ir, I64, old, ir_const(ir, ~mask)), v) : v;
}

static void csr_slot(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i,
		     const struct slot_csr *c)
{
	vmxl_ref mask = c->pc ? ir_const(tr->ir, rv_tr_has_c(tr) ? ~1ULL : ~3ULL) : 0;
	vmxl_ref old = ir_get(tr->ir, c->slot), new;
	u32 op = csr_ops(i);

	if (mask)
		old = ir_and(tr->ir, I64, old, mask);
	if (op & RV_CSR_WRITE) {
		new = csr_new(tr, op, old, csr_operand(tr, i), ~0ULL);
		ir_put(tr->ir, c->slot, mask ? ir_and(tr->ir, I64, new, mask) : new);
	}
	rv_tr_put(tr, i->rd, old);
}

/*
 * The register in all its meaning. Writing it may change what translation depends on;
 * fflags only make FS dirty.
 */
static void csr_call(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u32 op = csr_ops(i);
	vmxl_ref nr = ir_const(tr->ir, i->imm | op << 12);

	rv_tr_put(tr, i->rd, ir_call(tr->ir, RV_H_csr, nr, csr_operand(tr, i), 0));
	if (!(op & RV_CSR_WRITE))
		return;
	if (i->imm != RV_CSR_FFLAGS)
		rv_tr_end(tr, true);
	else
		tr->fs_dirty = true;
}

/* Where views are not to be changed by translated code it goes on here, else at the label. */
static u32 if_slow(struct vmxl_rv64_tr *tr, vmxl_ref odd)
{
	u32 fast = vmxl_ir_label(tr->ir);
	vmxl_ref slow = ir_get(tr->ir, RV_SLOT(slow));

	if (odd)
		slow = ir_or(tr->ir, I64, slow, odd);
	ir_brl(tr->ir, VMXL_CC_EQ, I64, slow, ir_const(tr->ir, 0), fast);
	return fast;
}

static void begin_fast(struct vmxl_rv64_tr *tr, u32 fast)
{
	tr->done = false;
	ir_label(tr->ir, fast);
}

static vmxl_ref view_bits(struct vmxl_rv64_tr *tr, vmxl_ref st, u32 shift, u32 mask)
{
	vmxl_ref v = vmxl_ir_op3(tr->ir, VMXL_IR_SHR, I64, st, ir_const(tr->ir, shift), 0, 0, 0);

	return ir_and(tr->ir, I64, v, ir_const(tr->ir, mask));
}

/* Not 0: @st has S-mode's interrupts on */
static vmxl_ref sie_of(struct vmxl_rv64_tr *tr, vmxl_ref st)
{
	return ir_and(tr->ir, I64, st, ir_const(tr->ir, RV_MSTATUS_SIE));
}

/* RV_VIEW_*: of mstatus @st in @mode, which is RV_U or RV_S */
static vmxl_ref view_of(struct vmxl_rv64_tr *tr, vmxl_ref st, vmxl_ref mode)
{
	vmxl_ref fs = view_bits(tr, st, RV_VIEW_FS_SHIFT, RV_VIEW_FS);
	vmxl_ref sum = view_bits(tr, st, RV_VIEW_SUM_SHIFT, RV_VIEW_SUM);

	return ir_or(tr->ir, I64, mode, ir_or(tr->ir, I64, fs, sum));
}

/* The same unless one of the interrupts @irq waited for this */
static vmxl_ref view_unless(struct vmxl_rv64_tr *tr, vmxl_ref irq, vmxl_ref view)
{
	return vmxl_ir_op3(tr->ir, VMXL_IR_SEL, I64, irq, ir_const(tr->ir, RV_VIEW_NONE), view,
			   0, 0);
}

static void end_switch(struct vmxl_rv64_tr *tr, vmxl_ref pc, vmxl_ref view, bool retires)
{
	ir_switch(tr->ir, pc, view, retires);
	tr->done = true;
}

/* Bits of sstatus that guest code writes by itself: neither key nor view depend on them. */
#define STATUS_OWN	(RV_MSTATUS_SIE | RV_MSTATUS_SPIE | RV_MSTATUS_SPP)

/* SD is whether FS is dirty: a key without that may be older than the last FP write. */
static vmxl_ref status_sd(struct vmxl_rv64_tr *tr, vmxl_ref st)
{
	struct vmxl_ir *ir = tr->ir;
	vmxl_ref fs = ir_const(ir, RV_MSTATUS_FS), sd;

	sd = vmxl_ir_op3(ir, VMXL_IR_SET, I64, ir_and(ir, I64, st, fs), fs, 0, VMXL_CC_EQ, 0);
	return vmxl_ir_op3(ir, VMXL_IR_SHL, I64, sd, ir_const(ir, 63), 0, 0, 0);
}

static void put_status(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i, vmxl_ref st)
{
	vmxl_ref old;

	if (!i->rd)
		return;
	old = ir_and(tr->ir, I64, st, ir_const(tr->ir, RV_SSTATUS_MASK));
	old = ir_or(tr->ir, I64, old, ir_const(tr->ir, RV_MSTATUS_UXL64));
	rv_tr_put(tr, i->rd, ir_or(tr->ir, I64, old, status_sd(tr, st)));
}

/* FS or SUM change: another key and view. MXR is for csr_call(). */
static void status_switch(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i, u32 op,
			  vmxl_ref diff)
{
	vmxl_ref mxr = ir_and(tr->ir, I64, diff, ir_const(tr->ir, RV_MSTATUS_MXR));
	u32 fast = if_slow(tr, mxr);
	vmxl_ref st, new, view, irq;

	csr_call(tr, i);
	begin_fast(tr, fast);
	st = ir_get(tr->ir, RV_SLOT(mstatus));
	new = csr_new(tr, op, st, csr_operand(tr, i), RV_SSTATUS_MASK);
	view = view_of(tr, new, ir_const(tr->ir, RV_S));
	if (!(op & RV_CSR_CLEAR)) {
		irq = vmxl_ir_op3(tr->ir, VMXL_IR_SEL, I64, sie_of(tr, new),
				  ir_get(tr->ir, RV_SLOT(s_pending)), ir_const(tr->ir, 0), 0, 0);
		view = view_unless(tr, irq, view);
	}
	ir_put(tr->ir, RV_SLOT(mstatus), new);
	put_status(tr, i, st);
	end_switch(tr, ir_const(tr->ir, tr->next), view, true);
}

/* Where others of its bits would change, the unit ends. */
static void status_check(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i, u32 op)
{
	u32 own = vmxl_ir_label(tr->ir);
	vmxl_ref st = ir_get(tr->ir, RV_SLOT(mstatus));
	vmxl_ref new = csr_new(tr, op, st, csr_operand(tr, i), ~0ULL);
	vmxl_ref diff = ir_and(tr->ir, I64, vmxl_ir_op3(tr->ir, VMXL_IR_XOR, I64, st, new, 0, 0, 0),
			       ir_const(tr->ir, RV_SSTATUS_MASK & ~STATUS_OWN));

	ir_brl(tr->ir, VMXL_CC_EQ, I64, diff, ir_const(tr->ir, 0), own);
	if (rv_tr_mode(tr) == RV_S && (tr->isa & VMXL_RV64_ISA_F))
		status_switch(tr, i, op, diff);
	else
		csr_call(tr, i);
	tr->done = false;
	ir_label(tr->ir, own);
}

/* SIE may have been set: is there an interrupt that waited for that? */
static void status_poll(struct vmxl_rv64_tr *tr)
{
	struct vmxl_ir *ir = tr->ir;
	u32 none = vmxl_ir_label(ir);

	ir_brl(ir, VMXL_CC_EQ, I64, ir_get(ir, RV_SLOT(s_pending)), ir_const(ir, 0), none);
	ir_brl(ir, VMXL_CC_EQ, I64, sie_of(tr, ir_get(ir, RV_SLOT(mstatus))), ir_const(ir, 0),
	       none);
	rv_tr_end(tr, true);
	tr->done = false;
	ir_label(tr->ir, none);
}

static void csr_status(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	bool imm = i->row->fn == RV_TR_csri;
	u32 op = csr_ops(i);
	vmxl_ref st, v;

	/* Immediates that set or clear have none of the others' bits. */
	if ((op & RV_CSR_WRITE) && !(imm && (op & (RV_CSR_SET | RV_CSR_CLEAR))))
		status_check(tr, i, op);
	v = csr_operand(tr, i);
	st = ir_get(tr->ir, RV_SLOT(mstatus));
	if (op & RV_CSR_WRITE)
		ir_put(tr->ir, RV_SLOT(mstatus), csr_new(tr, op, st, v, STATUS_OWN));
	put_status(tr, i, st);
	if ((op & RV_CSR_WRITE) && !(op & RV_CSR_CLEAR) && !(imm && !(i->rs1 & RV_MSTATUS_SIE)))
		status_poll(tr);
}

/* 0: the helper reads it, which knows of mcounteren and scounteren, too */
static vmxl_ref time_enabled(struct vmxl_rv64_tr *tr)
{
	vmxl_ref on = ir_get(tr->ir, RV_SLOT(time_on));

	if (rv_tr_mode(tr) != RV_M)
		on = ir_and(tr->ir, I64, on, ir_get(tr->ir, RV_SLOT(mcounteren)));
	if (rv_tr_mode(tr) == RV_U)
		on = ir_and(tr->ir, I64, on, ir_get(tr->ir, RV_SLOT(scounteren)));
	return on;
}

/* vmxl_rv_time() */
static void csr_time(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	struct vmxl_ir *ir = tr->ir;
	u32 fast = vmxl_ir_label(ir), end = vmxl_ir_label(ir);
	vmxl_ref t;

	ir_brl(ir, VMXL_CC_NE, I64, time_enabled(tr), ir_const(ir, 0), fast);
	csr_call(tr, i);
	ir_goto(ir, end);
	ir_label(ir, fast);
	t = ir_sub(ir, I64, ir_counter(ir), ir_get(ir, RV_SLOT(time_base)));
	t = vmxl_ir_op3(ir, VMXL_IR_MULHU, I64, t, ir_get(ir, RV_SLOT(time_mult)), 0, 0, 0);
	rv_tr_put(tr, i->rd, ir_add(ir, I64, t, ir_get(ir, RV_SLOT(time_offset))));
	ir_label(ir, end);
}

/* Just read, and of those that this hart has? */
static bool reads_time(const struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	return i->imm == RV_CSR_TIME && i->rd && !(csr_ops(i) & RV_CSR_WRITE) &&
	       (tr->isa & VMXL_RV64_ISA_ZICNTR);
}

/* p: operation. Whoever may not access the register gets his trap by csr_call(). */
void vmxl_rv64_tr_csr(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	const struct slot_csr *c = find_slot_csr(i->imm);
	bool allowed = rv_tr_mode(tr) >= (i->imm >> 8 & 3);

	if (allowed && c)
		csr_slot(tr, i, c);
	else if (allowed && i->imm == RV_CSR_SSTATUS)
		csr_status(tr, i);
	else if (reads_time(tr, i))
		csr_time(tr, i);
	else
		csr_call(tr, i);
}

/* p: operation */
void vmxl_rv64_tr_csri(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_rv64_tr_csr(tr, i);
}

/* From U-mode to S-mode: trap_to_s() of trap.c */
static void trap_u_to_s(struct vmxl_rv64_tr *tr, u32 cause)
{
	struct vmxl_ir *ir = tr->ir;
	vmxl_ref st = ir_get(ir, RV_SLOT(mstatus)), sie, vec, mode = ir_const(ir, RV_S);

	sie = sie_of(tr, st);
	st = ir_and(ir, I64, st, ir_const(ir, ~(RV_MSTATUS_SPIE | RV_MSTATUS_SPP |
						RV_MSTATUS_SIE)));
	st = ir_or(ir, I64, st, vmxl_ir_op3(ir, VMXL_IR_SHL, I64, sie, ir_const(ir, 4), 0, 0, 0));
	vec = ir_and(ir, I64, ir_get(ir, RV_SLOT(stvec)), ir_const(ir, ~3ULL));
	ir_put(ir, RV_SLOT(sepc), ir_const(ir, tr->pc));
	ir_put(ir, RV_SLOT(scause), ir_const(ir, cause));
	ir_put(ir, RV_SLOT(stval), ir_const(ir, 0));
	ir_put(ir, RV_SLOT(mstatus), st);
	ir_put(ir, RV_SLOT(mode), mode);
	end_switch(tr, vec, view_of(tr, st, mode), false);
}

void vmxl_rv64_tr_ecall(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u32 cause = RV_EXC_ECALL_U + rv_tr_mode(tr), fast = 0;
	bool user = rv_tr_mode(tr) == RV_U;

	if (user)
		fast = if_slow(tr, 0);
	ir_trap(tr->ir, cause, ir_const(tr->ir, 0));
	tr->done = true;
	if (user) {
		begin_fast(tr, fast);
		trap_u_to_s(tr, cause);
	}
}

/* A helper that goes on somewhere else by itself */
static void call_away(struct vmxl_rv64_tr *tr, u32 helper, u64 arg)
{
	ir_call(tr->ir, helper, ir_const(tr->ir, arg), 0, 0);
	rv_tr_end(tr, true);
}

void vmxl_rv64_tr_illegal(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	call_away(tr, RV_H_illegal, i->bits);
}

void vmxl_rv64_tr_ebreak(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	call_away(tr, RV_H_ebreak, 0);
}

/* vmxl_rv64_h_sret() of helper.c */
static void sret_from_s(struct vmxl_rv64_tr *tr)
{
	struct vmxl_ir *ir = tr->ir;
	vmxl_ref st = ir_get(ir, RV_SLOT(mstatus)), pc = ir_get(ir, RV_SLOT(sepc)), spie, mode;

	mode = view_bits(tr, st, RV_MSTATUS_SPP_SHIFT, 1);
	spie = view_bits(tr, st, 4, RV_MSTATUS_SIE);
	st = ir_and(ir, I64, st, ir_const(ir, ~(RV_MSTATUS_SIE | RV_MSTATUS_SPP)));
	st = ir_or(ir, I64, ir_or(ir, I64, st, spie), ir_const(ir, RV_MSTATUS_SPIE));
	ir_put(ir, RV_SLOT(mstatus), st);
	ir_put(ir, RV_SLOT(mode), mode);
	end_switch(tr, pc, view_unless(tr, ir_get(ir, RV_SLOT(s_pending)), view_of(tr, st, mode)),
		   true);
}

/* p: least privilege, helper */
void vmxl_rv64_tr_xret(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	bool plain = rv_tr_mode(tr) == RV_S && i->row->p[1] == RV_H_sret;
	u32 fast = 0;

	if (rv_tr_mode(tr) < i->row->p[0]) {
		vmxl_rv64_tr_illegal(tr, i);
		return;
	}
	if (plain)
		fast = if_slow(tr, 0);
	call_away(tr, i->row->p[1], 0);
	if (plain) {
		begin_fast(tr, fast);
		sret_from_s(tr);
	}
}

void vmxl_rv64_tr_wfi(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	call_away(tr, RV_H_wfi, 0);
}

/* p: 1 for the one without a time limit */
void vmxl_rv64_tr_wrs(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	ir_call(tr->ir, RV_H_wrs, ir_const(tr->ir, i->row->p[0]), 0, 0);
	rv_tr_end(tr, false);
}

static vmxl_ref next_pause(struct vmxl_rv64_tr *tr)
{
	return ir_add(tr->ir, I64, ir_get(tr->ir, RV_SLOT(pauses)), ir_const(tr->ir, 1));
}

/* Counted, so that it costs next to nothing; what spins is found out once in a while. */
void vmxl_rv64_tr_pause(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	vmxl_ref low;
	u32 on;

	if (!(tr->isa & VMXL_RV64_ISA_ZIHINTPAUSE))
		return;
	ir_pause(tr->ir);
	on = vmxl_ir_label(tr->ir);
	low = ir_and(tr->ir, I64, next_pause(tr), ir_const(tr->ir, RV_PAUSES - 1));
	ir_brl(tr->ir, VMXL_CC_NE, I64, low, ir_const(tr->ir, 0), on);
	ir_call(tr->ir, RV_H_pause, next_pause(tr), 0, 0);
	ir_label(tr->ir, on);
	ir_put(tr->ir, RV_SLOT(pauses), next_pause(tr));
}

/* Blocks go when their bytes are written: this unit, which may be such a one, is to be left. */
void vmxl_rv64_tr_fence_i(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	rv_tr_end(tr, false);
}

/* p: 4 for Svinval's. The unit ends: its own page may be mapped anew. */
void vmxl_rv64_tr_sfence(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	u32 how = i->row->p[0] | (i->rs1 ? 1 : 0) | (i->rs2 ? 2 : 0);
	vmxl_ref va, asid;

	if (rv_tr_mode(tr) == RV_U) {
		vmxl_rv64_tr_illegal(tr, i);
		return;
	}
	va = rv_tr_get(tr, i->rs1);
	asid = rv_tr_get(tr, i->rs2);
	ir_call(tr->ir, RV_H_sfence, va, asid, ir_const(tr->ir, how));
	rv_tr_end(tr, false);
}

/* sinval.vma has done it all: what orders it has nothing left to do. */
void vmxl_rv64_tr_sinval_nop(struct vmxl_rv64_tr *tr, const struct vmxl_rv64_insn *i)
{
	if (rv_tr_mode(tr) == RV_U)
		vmxl_rv64_tr_illegal(tr, i);
}
