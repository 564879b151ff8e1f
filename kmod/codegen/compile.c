// SPDX-License-Identifier: GPL-2.0
/*
 * The compiler: a block that has been interpreted often enough becomes host
 * code. Guest code to IR once more, the passes of opt/, the host's lowering, a
 * place in the region.
 *
 * The block is alive and its pages are marked when its bytes are read again;
 * whoever changes them lets it die. It is looked at once more, under the lock,
 * when its code is entered: what was made of old bytes never gets there.
 */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../mmu/mem.h"
#include "../opt/opt.h"
#include "../trace.h"
#include "../vm.h"
#include "cache.h"
#include "code.h"
#include "content.h"

static unsigned int opt = VMXL_OPT_ALL;
module_param(opt, uint, 0644);
MODULE_PARM_DESC(opt, "passes of the compiler, a bit for each");

/* Kbuild says which. */
const struct vmxl_host *const vmxl_host = VMXL_HOST;

/* What has its code beyond has its data outside of windows, too. */
#define PC_BITS		40
#define PC_BITS_REGIONS	57

/**
 * struct vmxl_compiler - scratch memory of a vCPU that compiles
 * @opt: the passes'
 * @leaves: ops before which the host may leave a unit
 * @code: the host's
 */
struct vmxl_compiler {
	struct vmxl_opt opt;
	DECLARE_BITMAP(leaves, VMXL_IR_NR);
	struct vmxl_hcode code;
};

/**
 * vmxl_code_args() - what all units of a VM have in common
 * @vm: the VM
 * @args: out
 */
void vmxl_code_args(const struct vmxl_vm *vm, struct vmxl_compile_args *args)
{
	*args = (struct vmxl_compile_args){
		.lay = &vmxl_uarea_layout,
		.hot = vm->guest->hot,
		.nr_hot = min(vm->guest->nr_hot, vmxl_host->nr_hot),
		.count = READ_ONCE(vm->cache->count),
		.exit_cmd = VMXL_USER_EXIT,
	};
}

static struct vmxl_compiler *get_compiler(struct vmxl_vcpu *vcpu)
{
	struct vmxl_compiler *c = vcpu->compiler;

	if (c)
		return c;
	c = kvzalloc(sizeof(*c), GFP_KERNEL_ACCOUNT);
	if (!c)
		return NULL;
	vmxl_host->leaves(c->leaves);
	c->opt.max_disp = vmxl_host->max_disp;
	c->opt.leaves = c->leaves;
	vcpu->compiler = c;
	return c;
}

/**
 * vmxl_compiler_destroy() - free a vCPU's scratch memory
 * @c: vcpu->compiler
 */
void vmxl_compiler_destroy(struct vmxl_compiler *c)
{
	kvfree(c);
}

/* ---- the unit ---- */

static bool can_compile(const struct vmxl_vcpu *vcpu, const struct vmxl_block *b)
{
	enum vmxl_window_kind kind = vcpu->vm->guest->window(b->key.flags);
	unsigned int bits = kind & VMXL_WIN_REGIONS ? PC_BITS_REGIONS : PC_BITS;
	s64 pc = b->key.pc;

	return !b->key.limit && pc << (64 - bits) >> (64 - bits) == pc && kind != VMXL_WIN_NONE;
}

/* Whether the vCPU would find this block if it were at its pc. */
static bool is_here(struct vmxl_vcpu *vcpu, const struct vmxl_block *b)
{
	struct vmxl_key key = {};
	u16 bits;
	u64 gpa;

	vcpu->vm->guest->key(vcpu, &key);
	return key.flags == b->key.flags &&
	       vmxl_fetch16(vcpu, b->key.pc, false, &bits, &gpa) == VMXL_ACT_NEXT &&
	       gpa == b->gpa;
}

/* The block's exits are numbered as the unit's are. */
static bool same_unit(const struct vmxl_block *b, const struct vmxl_ir *ir)
{
	unsigned int i;

	if (ir->full || ir->end - ir->pc != b->len || ir->nr_exits != b->nr_links)
		return false;
	for (i = 0; i < b->nr_links; i++)
		if (ir->exits[i].pc != b->links[i].pc)
			return false;
	return true;
}

/* The interpreter would have the first instruction: then it may as well have the others. */
static bool begins_with_call(const struct vmxl_ir *ir)
{
	u32 i, end = ir->nr_insns > 1 ? ir->insns[1].op : ir->nr_ops;

	for (i = 1; i < end && ir->ops[i].op != VMXL_IR_BRL; i++)
		if (ir->ops[i].op == VMXL_IR_CALL || ir->ops[i].op == VMXL_IR_TRAP)
			return true;
	return false;
}

static int make_unit(struct vmxl_vcpu *vcpu, struct vmxl_compiler *c, const struct vmxl_block *b,
		     u32 passes)
{
	struct vmxl_ir *ir = vcpu->ir;
	int ret;

	if (!is_here(vcpu, b) ||
	    vmxl_unit(vcpu, &b->key, b->nr_insns, true) != VMXL_ACT_NEXT || !same_unit(b, ir))
		return -EAGAIN;
	if (begins_with_call(ir))
		return -EOPNOTSUPP;
	ret = vmxl_optimize(ir, &c->opt, passes);
	if (IS_ENABLED(VMXL_DEBUG))
		WARN_ON_ONCE(ret || vmxl_ir_verify(ir, NULL));
	return ret;
}

/* ---- its code ---- */

static int lower(struct vmxl_vcpu *vcpu, struct vmxl_compiler *c, const struct vmxl_block *b,
		 u32 passes)
{
	struct vmxl_compile_args args;
	int ret;

	vmxl_code_args(vcpu->vm, &args);
	args.ir = vcpu->ir;
	args.check_all = !(passes & 1u << VMXL_OPT_CHECKS);
	args.window = vcpu->vm->guest->window(b->key.flags);
	ret = vmxl_host->compile(&args, &c->code);
	/* The host ends where the first instruction that it has no code for does. */
	if (!ret && c->code.nr_insns < min(vcpu->ir->nr_insns, 2u))
		return -EOPNOTSUPP;
	return ret;
}

/* What is for the place where the code comes: offset @at of the region */
static void relocate(struct vmxl_hcode *hc, const u32 *stub, u32 at)
{
	u32 i, val;

	for (i = 0; i < hc->nr_relocs; i++) {
		const struct vmxl_hreloc *r = &hc->relocs[i];

		memcpy(&val, hc->code + r->site, sizeof(val));
		if (r->kind == VMXL_RELOC_ID)
			val += VMXL_EXIT_ID(at >> VMXL_LINE_SHIFT, 0, 0);
		else
			val += stub[r->kind] - (at + r->site + 4);
		memcpy(hc->code + r->site, &val, sizeof(val));
	}
}

static struct vmxl_hblock *make_hblock(const struct vmxl_hcode *hc, const struct vmxl_ir *ir,
				       u32 at)
{
	size_t insns = ALIGN(hc->nr_insns * sizeof(hc->insns[0]), 8);
	size_t pcs = ir->nr_exits * sizeof(u64);
	size_t exits = hc->nr_exits * sizeof(hc->exits[0]);
	size_t relocs = hc->nr_relocs * sizeof(hc->relocs[0]);
	size_t size = sizeof(struct vmxl_hblock) + insns + pcs + exits + relocs;
	struct vmxl_hblock *h = kvzalloc(size, GFP_KERNEL_ACCOUNT);
	unsigned int i;

	if (!h)
		return NULL;
	h->pc = ir->pc;
	h->at = at;
	h->len = hc->len;
	h->entry = hc->entry;
	h->size = size;
	h->nr_insns = hc->nr_insns;
	h->nr_exits = hc->nr_exits;
	h->nr_relocs = hc->nr_relocs;
	h->exit_pc = (void *)h->insns + insns;
	h->exits = (void *)h->exit_pc + pcs;
	h->relocs = (void *)h->exits + exits;
	memcpy(h->insns, hc->insns, hc->nr_insns * sizeof(hc->insns[0]));
	memcpy(h->exits, hc->exits, exits);
	memcpy(h->relocs, hc->relocs, relocs);
	for (i = 0; i < ir->nr_exits; i++)
		h->exit_pc[i] = ir->exits[i].pc;
	return h;
}

static int place(struct vmxl_vcpu *vcpu, struct vmxl_compiler *c, struct vmxl_block *b, u64 content)
{
	struct vmxl_code *code = vcpu->vm->code;
	struct vmxl_hcode *hc = &c->code;
	struct vmxl_hblock *h;
	long at;
	int ret;

	at = vmxl_code_reserve(code, hc->len);
	if (at < 0)
		return at;
	relocate(hc, code->stub, at);
	h = make_hblock(hc, vcpu->ir, at);
	ret = h ? vmxl_code_write(code, at, hc->code, hc->len) : -ENOMEM;
	if (ret) {
		kvfree(h);
		vmxl_code_unreserve(code, at, hc->len);
		return ret;
	}
	h->content = content;
	return vmxl_code_publish(code, h, b);
}

static int compile(struct vmxl_vcpu *vcpu, struct vmxl_block *b)
{
	u32 passes = READ_ONCE(opt);
	struct vmxl_compiler *c;
	u64 content;
	int ret;

	if (!can_compile(vcpu, b))
		return -EOPNOTSUPP;
	if (READ_ONCE(b->dead))
		return -EAGAIN;
	c = get_compiler(vcpu);
	if (!c)
		return -ENOMEM;
	/* Pairs with the lock of vmxl_cache_invalidate(): alive first, then the bytes. */
	smp_mb();
	content = vmxl_content_key(vcpu->vm, b, passes);
	ret = make_unit(vcpu, c, b, passes);
	if (!ret)
		ret = lower(vcpu, c, b, passes);
	return ret ? ret : place(vcpu, c, b, content);
}

/* For those who look on; 0: it has no code, or not any more */
static u64 where_is(const struct vmxl_code *code, const struct vmxl_block *b)
{
	const struct vmxl_hblock *h = READ_ONCE(b->host);

	return h ? code->x + h->at : 0;
}

/* -EEXIST: another vCPU was faster */
static bool passing(int ret)
{
	return ret == -EAGAIN || ret == -ENOMEM || ret == -EEXIST;
}

/**
 * vmxl_compile() - give a block host code
 * @vcpu: the vCPU, which is at the block
 * @b: the block
 *
 * Context: vCPU's thread, within vm->srcu, may sleep.
 * Return: 0; -EAGAIN, -ENOMEM: perhaps later; else the block's heat is
 * VMXL_HEAT_NEVER.
 */
int vmxl_compile(struct vmxl_vcpu *vcpu, struct vmxl_block *b)
{
	struct vmxl_code *code = vcpu->vm->code;
	u64 begin = ktime_get_ns();
	int ret;

	/* Pairs with the release in vmxl_code_ready(). */
	if (!code || !smp_load_acquire(&code->ready))
		return -EAGAIN;
	if (READ_ONCE(b->host))
		return 0;
	ret = compile(vcpu, b);
	trace_vmxl_compile(vcpu, b->key.pc, b->len, ret ? 0 : vcpu->compiler->code.len, ret,
			   ktime_get_ns() - begin, where_is(code, b));
	spin_lock(&vcpu->vm->cache->lock);
	code->ns += ktime_get_ns() - begin;
	if (ret && !passing(ret)) {
		code->nr_failed++;
		WRITE_ONCE(b->heat, VMXL_HEAT_NEVER);
	}
	spin_unlock(&vcpu->vm->cache->lock);
	return ret == -EEXIST ? 0 : ret;
}
