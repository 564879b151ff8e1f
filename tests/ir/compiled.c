// SPDX-License-Identifier: GPL-2.0
/*
 * Units compiled and executed (compiled.h). Signal handlers do what the module
 * does at a page fault in a window: the instruction is left to the interpreter.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <linux/bitmap.h>
#include "../../kmod/ir/build.h"
#include "../../kmod/opt/opt.h"
#include "compiled.h"

#define WINDOW_SIZE	(1ULL << VMXL_WIN_BITS)
#define R15_SLOT	(VMXL_SLOT_GUEST + 16)

struct compiled cc = { .passes = VMXL_OPT_ALL };

typedef void enter_fn(void *uarea, void *base, void *code);

static s32 rel(const void *p)
{
	return (s64)((u64)(uintptr_t)p - (u64)(uintptr_t)((u64 *)&m.gs + R15_SLOT));
}

static void init_layout(void)
{
	cc.lay = (struct vmxl_uarea_layout){
		.kick = rel(&m.run[0]), .exit_id = rel(&cc.extra.exit_id),
		.jctx = rel(&cc.extra.jctx), .high_base = rel(&cc.extra.high_base),
		.win_mask = rel(&cc.extra.win_mask), .win_end = rel(&cc.extra.win_end),
		.win_missed = rel(&cc.extra.win_missed), .regions = rel(cc.extra.regions),
		.mxcsr = rel(cc.extra.mxcsr),
		.fd = rel(&cc.extra.fd), .jcache = rel(cc.extra.jcache),
		.ujc2 = rel(cc.extra.ujc2),
		.view = rel(cc.extra.view), .slot0 = rel(&m.gs),
	};
	cc.extra.win_mask = -(1ULL << VMXL_WIN_BITS);
	cc.extra.mxcsr[0] = 0x1f80;
	memset(cc.extra.jcache, 0x5a, sizeof(cc.extra.jcache));
	cc.extra.jctx = 0x1234567;
}

/* The table as it is without regions but those of the two windows */
static void init_regions(void)
{
	const u64 nr = 1u << VMXL_WIN_REGION_BITS;
	u64 i;

	cc.extra.win_end = VMXL_WIN_END;
	for (i = 0; i < nr; i++)
		cc.extra.regions[i] = VMXL_WIN_END - ((i & 511) << VMXL_WIN_BITS);
	cc.extra.regions[0] = (u64)(uintptr_t)cc.window;
	cc.extra.regions[nr - 1] = cc.extra.high_base;
}

/* A switch leads to where we are. */
static void init_views(void)
{
	unsigned int i;

	for (i = 0; i < VMXL_NR_VIEWS; i++)
		cc.extra.view[i] = (struct vmxl_view){
			.jctx = cc.extra.jctx, .base = (u64)(uintptr_t)cc.window,
		};
}

/*
 * Two windows, low and high, each with guard pages; the machine's memory is in the low
 * one. What is mapped first keeps them from the end of the address space.
 */
static bool init_window(void)
{
	u8 *above = mmap(NULL, WINDOW_SIZE, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	u8 *p = mmap(NULL, 2 * WINDOW_SIZE + 4 * VMXL_WIN_GUARD, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (above == MAP_FAILED || p == MAP_FAILED)
		return false;
	cc.window = p + VMXL_WIN_GUARD;
	cc.extra.high_base = (u64)(uintptr_t)cc.window + 2 * (WINDOW_SIZE + VMXL_WIN_GUARD);
	init_regions();
	init_views();
	return !mprotect(cc.window + MEM_BASE, MEM_SIZE, PROT_READ | PROT_WRITE);
}

static void protect(bool on)
{
	mprotect(cc.window + MEM_BASE + MEM_RO_PAGE * 4096, 4096,
		 on ? PROT_READ : PROT_READ | PROT_WRITE);
}

static unsigned int insn_of(u64 host)
{
	unsigned int k, n = 0;

	for (k = 0; k < cc.hcode.nr_insns; k++)
		if (cc.hcode.insns[k].host <= host)
			n = k;
	return n;
}

static void on_fault(int sig, siginfo_t *info, void *ctx)
{
	static const u8 gregs[16] = {
		REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
		REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
	};
	greg_t *g = ((ucontext_t *)ctx)->uc_mcontext.gregs;
	u64 regs[16], pc = g[REG_RIP] - (u64)(uintptr_t)cc.cache - cc.unit_at;
	u64 off = (u64)(uintptr_t)info->si_addr - (u64)(uintptr_t)cc.window;
	unsigned int k;

	if (!cc.running || pc >= cc.hcode.len) {
		tap_note("signal %d at unit + %#llx, address %p", sig, pc, info->si_addr);
		signal(sig, SIG_DFL);
		return;
	}
	if (off + VMXL_WIN_GUARD >= 2 * WINDOW_SIZE + 4 * VMXL_WIN_GUARD)
		cc.escaped = true;
	for (k = 0; k < 16; k++)
		regs[k] = g[gregs[k]];
	vmxl_host_x86_64.fault_regs(regs, &cc.args, (u64 *)&m.gs);
	k = insn_of(pc);
	m.gs.pc = cc.running->pc + (cc.hcode.nr_insns ? cc.hcode.insns[k].off : 0);
	m.gs.icount += cc.args.count ? k : 0;
	g[REG_RAX] = VMXL_EXIT_ID(cc.block, 0, VMXL_UEXIT_STEP);
	g[REG_RIP] = (greg_t)(uintptr_t)cc.cache + cc.stub[VMXL_STUB_FAULT];
}

static bool init_cache(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	int n;

	cc.cache = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE | PROT_EXEC,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	cc.args.lay = &cc.lay;
	cc.args.hot = cc.hot;
	cc.block = 0x1234;
	n = vmxl_host_x86_64.stubs(cc.cache, 4096, true, &cc.args, cc.stub);
	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	return n > 0;
}

/* Which slots are in registers: the stubs are made anew. */
void compiled_choose_hot(unsigned int nr, unsigned int first)
{
	unsigned int k;

	for (k = 0; k < nr; k++)
		cc.hot[k] = SLOT_X((first + 3 * k) % 16);
	cc.args.nr_hot = nr;
	cc.unit_at = vmxl_host_x86_64.stubs(cc.cache, 4096, true, &cc.args, cc.stub);
	cc.unit_at = ALIGN(cc.unit_at, 64);
}

int compiled_make(const struct vmxl_ir *ir)
{
	unsigned int k;
	int ret;

	cc.args.ir = ir;
	ret = vmxl_host_x86_64.compile(&cc.args, &cc.hcode);
	if (ret)
		return ret;
	for (k = 0; k < cc.hcode.nr_relocs; k++) {
		const struct vmxl_hreloc *r = &cc.hcode.relocs[k];
		u32 val;

		memcpy(&val, cc.hcode.code + r->site, 4);
		val += r->kind == VMXL_RELOC_ID ? VMXL_EXIT_ID(cc.block, 0, 0) :
		       cc.stub[r->kind] - (cc.unit_at + r->site + 4);
		memcpy(cc.hcode.code + r->site, &val, 4);
	}
	memcpy(cc.cache + cc.unit_at, cc.hcode.code, cc.hcode.len);
	cc.nr_ops += ir->nr_ops;
	cc.nr_bytes += cc.hcode.len;
	return 0;
}

u32 compiled_call(const struct vmxl_ir *ir)
{
	enter_fn *fn = (enter_fn *)(cc.cache + cc.stub[VMXL_STUB_ENTER]);

	cc.running = ir;
	fn((u64 *)&m.gs + R15_SLOT,
	   cc.args.window == VMXL_WIN_HIGH ? (void *)cc.extra.high_base : cc.window,
	   cc.cache + cc.unit_at + cc.hcode.entry);
	cc.running = NULL;
	return cc.extra.exit_id;
}

u32 compiled_enter(const struct vmxl_ir *ir)
{
	u32 id;

	memcpy(cc.window + MEM_BASE, m.mem, MEM_SIZE);
	protect(true);
	id = compiled_call(ir);
	protect(false);
	memcpy(m.mem, cc.window + MEM_BASE, MEM_SIZE);
	return id;
}

/* The unit up to an instruction */
static bool cut(struct vmxl_ir *to, const struct vmxl_ir *ir, u64 pc)
{
	unsigned int k;

	for (k = 0; k < ir->nr_insns && ir->pc + ir->insns[k].off != pc; k++)
		;
	if (k == ir->nr_insns && (k || pc != ir->pc))
		return false;
	*to = *ir;
	to->nr_insns = k;
	if (ir->nr_insns)
		to->nr_ops = ir->insns[k].op;
	else
		to->nr_ops = 1;
	ir_jump(to, vmxl_ir_exit(to, pc, k, false, VMXL_HINT_NONE));
	return !to->full;
}

/* @may_flags: exceptions that may have been raised already */
static bool same_state(const struct outcome *want, u64 pc, u64 may_flags)
{
	unsigned int i;
	bool ok = true;

	if (want->left != LEFT_NEXT && want->left != LEFT_LEAVE) {
		tap_note("interpreter left by %d", want->left);
		ok = false;
	}
	if (pc != want->pc || (m.gs.fp_flags & ~may_flags) != (want->fp_flags & ~may_flags) ||
	    want->fp_flags & ~m.gs.fp_flags ||
	    (cc.args.count && m.gs.icount != want->icount)) {
		tap_note("pc %#llx flags %#llx icount %llu", pc, m.gs.fp_flags, m.gs.icount);
		tap_note("not %#llx flags %#llx icount %llu", want->pc, want->fp_flags,
			 want->icount);
		ok = false;
	}
	for (i = 0; i < VMXL_GS_NGUEST; i++) {
		if (m.gs.guest[i] != want->slot[i]) {
			tap_note("slot %u: %#llx, not %#llx", i, m.gs.guest[i], want->slot[i]);
			ok = false;
		}
	}
	if (memcmp(m.mem, want->mem, MEM_SIZE)) {
		tap_note("memory differs");
		ok = false;
	}
	return ok;
}

static u64 exit_pc(const struct vmxl_ir *ir, u32 id)
{
	u32 why = id & ((1 << VMXL_UEXIT_BITS) - 1);

	if (why == VMXL_UEXIT_LINK || why == VMXL_UEXIT_POLL)
		return ir->exits[id >> VMXL_UEXIT_BITS & 63].pc;
	return m.gs.pc;
}

/* Exceptions raised up to the end of an instruction: one left halfway may have raised some. */
static u64 flags_after(const struct vmxl_ir *ir, u64 pc, compiled_prepare_fn prepare, u64 seed)
{
	static struct outcome out;
	static struct vmxl_ir part;
	unsigned int k;

	for (k = 0; k + 1 < ir->nr_insns && ir->pc + ir->insns[k].off != pc; k++)
		;
	prepare(seed);
	m.run[0] = 0;
	if (k + 1 < ir->nr_insns && cut(&part, ir, ir->pc + ir->insns[k + 1].off))
		machine_run(&part, 1000, &out);
	else
		machine_run(ir, 1000, &out);
	return out.fp_flags;
}

static const struct vmxl_ir *optimized(const struct vmxl_ir *ir)
{
	static DECLARE_BITMAP(leaves, VMXL_IR_NR);
	static struct vmxl_opt ctx;
	static struct vmxl_ir copy;

	vmxl_host_x86_64.leaves(leaves);
	copy = *ir;
	ctx.max_disp = vmxl_host_x86_64.max_disp;
	ctx.leaves = leaves;
	vmxl_optimize(&copy, &ctx, cc.passes);
	return &copy;
}

/*
 * Compiled against interpreted, from the state that @prepare makes. With
 * cc.optimize what is compiled is the unit after cc.passes.
 */
bool compiled_same(const struct vmxl_ir *ir, compiled_prepare_fn prepare, u64 seed, u32 *why)
{
	const struct vmxl_ir *code = cc.optimize ? optimized(ir) : ir;
	static struct outcome want;
	static struct vmxl_ir part;
	static struct vmxl_gstate gs;
	static u8 mem[MEM_SIZE];
	int ret = compiled_make(code);
	u64 pc, may_flags;
	u32 id;

	*why = ~0u;
	if (ret == -E2BIG)
		return true;
	if (ret) {
		tap_note("compile: %d", ret);
		return false;
	}
	prepare(seed);
	cc.escaped = false;
	id = compiled_enter(code);
	*why = id & 3;
	if (cc.escaped || ((*why == VMXL_UEXIT_LINK || *why == VMXL_UEXIT_POLL) &&
			   id >> 8 != cc.block)) {
		tap_note("exit id %#x%s", id, cc.escaped ? ", escaped from the window" : "");
		return false;
	}
	pc = exit_pc(code, id);
	gs = m.gs;
	memcpy(mem, m.mem, MEM_SIZE);
	if (*why == VMXL_UEXIT_STEP && !cut(&part, ir, pc)) {
		tap_note("step at %#llx", pc);
		return false;
	}
	may_flags = *why == VMXL_UEXIT_STEP ? flags_after(ir, pc, prepare, seed) : 0;
	prepare(seed);
	m.run[0] = 0;
	machine_run(*why == VMXL_UEXIT_STEP ? &part : ir, 1000, &want);
	m.gs = gs;
	memcpy(m.mem, mem, MEM_SIZE);
	return same_state(&want, pc, may_flags);
}

/*
 * Translators PUT what an instruction changes after all that may leave it, and
 * optimisation relies on that: cut instructions that do otherwise in two.
 */
bool compiled_split(struct vmxl_ir *ir)
{
	static struct vmxl_ir_insn old[VMXL_IR_MAX_INSNS];
	unsigned int i, k = 0, n = ir->nr_insns;
	bool effect = false;

	memcpy(old, ir->insns, sizeof(old));
	ir->nr_insns = 0;
	for (i = 1; i < ir->nr_ops; i++) {
		const struct vmxl_op *op = &ir->ops[i];
		bool begins = k < n && old[k].op <= i;

		if (op->op == VMXL_IR_LABEL || ir->nr_insns == VMXL_IR_MAX_INSNS)
			return false;
		if (begins || (effect && op->op != VMXL_IR_PUT && op->op != VMXL_IR_GET &&
			       op->op > VMXL_IR_SEL)) {
			vmxl_ir_insn(ir, ir->pc + 4 * ir->nr_insns);
			ir->insns[ir->nr_insns - 1].op = i;
			effect = false;
		}
		while (k < n && old[k].op <= i)
			k++;
		effect |= vmxl_opdesc[op->op].effects & VMXL_EFF_WRITE || op->op == VMXL_IR_PUT;
	}
	ir->end = ir->pc + 4 * ir->nr_insns;
	for (k = 0; k < ir->nr_exits; k++)
		ir->exits[k].ninsn = min(ir->exits[k].ninsn, ir->nr_insns);
	return true;
}

bool compiled_init(void)
{
	init_layout();
	return init_window() && init_cache();
}
