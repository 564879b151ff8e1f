// SPDX-License-Identifier: GPL-2.0
/*
 * What a block is made into: the same calls as in kmod/codegen/compile.c, with a
 * look at the unit after each. See dump.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/slab.h>
#include <shim/shim.h>
#include "../../kmod/codegen/cache.h"
#include "../../kmod/codegen/code.h"
#include "../../kmod/opt/opt.h"
#include "../../kmod/vm.h"
#include "../shim/internal.h"
#include "dump.h"

struct dump {
	struct vmxl_vcpu *vcpu;
	struct vmxl_key key;
	struct vmxl_opt opt;
	DECLARE_BITMAP(leaves, VMXL_IR_NR);
	struct vmxl_hcode code;
	const struct dump_live *live;
};

static void __printf(2, 3) print(void *ctx, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

/* As the block cache has it: cut shorter until it fits */
static int translate(struct dump *d, unsigned int max)
{
	struct vmxl_ir *ir = d->vcpu->ir;

	for (; max; max /= 2) {
		if (vmxl_unit(d->vcpu, &d->key, max, true) != VMXL_ACT_NEXT)
			return -EFAULT;
		if (!ir->full && !vmxl_iselect(ir, d->vcpu->icode))
			return 0;
	}
	return -E2BIG;
}

static int optimize(struct dump *d, unsigned int passes)
{
	struct vmxl_ir *ir = d->vcpu->ir;
	enum vmxl_opt_pass p;
	int ret = 0;

	for (p = 0; p < VMXL_OPT_NR && !ret; p++) {
		if (!(passes & 1u << p))
			continue;
		ret = vmxl_optimize(ir, &d->opt, 1u << p);
		printf("\nafter %s: %u changes\n", vmxl_opt_name(p), d->opt.changes[p]);
		if (d->opt.changes[p])
			vmxl_ir_print(ir, print, NULL);
	}
	return ret;
}

/* Each guest instruction's, then what lies behind them: ways out */
static void show_insns(const struct dump *d, const u8 *code)
{
	const struct vmxl_hcode *hc = &d->code;
	u32 i, end;

	if (hc->nr_insns && hc->insns[0].host)
		dump_host(vmxl_host->name, code, 0, hc->insns[0].host);
	for (i = 0; i < hc->nr_insns; i++) {
		end = i + 1 < hc->nr_insns ? hc->insns[i + 1].host : hc->len;
		if (end <= hc->insns[i].host)
			continue;
		printf("%llx:\n", d->key.pc + hc->insns[i].off);
		dump_host(vmxl_host->name, code, hc->insns[i].host, end - hc->insns[i].host);
	}
}

static void show_host(const struct dump *d)
{
	const struct dump_live *live = d->live;

	if (!live || !live->host_len) {
		if (live)
			printf("\nthe VM has not compiled it; it would be");
		printf("\n%s: %u bytes, entry at 0x%x\n", vmxl_host->name, d->code.len,
		       d->code.entry);
		show_insns(d, d->code.code);
		return;
	}
	printf("\n%s: %zu bytes, entry at 0x%x, in the VM at 0x%llx\n", vmxl_host->name,
	       live->host_len, live->entry, (unsigned long long)live->host);
	/* Made of the same, by the same: but for jumps to other code it is alike. */
	if (live->host_len == d->code.len)
		show_insns(d, live->host_code);
	else
		dump_host(vmxl_host->name, live->host_code, 0, live->host_len);
}

static int lower(struct dump *d, unsigned int passes)
{
	const struct vmxl_guest *guest = d->vcpu->vm->guest;
	struct vmxl_compile_args args;
	int ret;

	vmxl_code_args(d->vcpu->vm, &args);
	args.ir = d->vcpu->ir;
	args.check_all = !(passes & 1u << VMXL_OPT_CHECKS);
	args.window = guest->window(d->key.flags);
	ret = vmxl_host->compile(&args, &d->code);
	if (ret)
		printf("\n%s: has no code for it (%d)\n", vmxl_host->name, ret);
	else
		show_host(d);
	return 0;
}

static int dump(struct dump *d, const u8 *code, unsigned int max, unsigned int passes)
{
	struct vmxl_ir *ir = d->vcpu->ir;
	int ret = translate(d, max);

	if (ret)
		return ret;
	printf("%s: %u bytes, %u instructions\n", d->vcpu->vm->guest->name,
	       (u32)(ir->end - ir->pc), ir->nr_insns);
	dump_guest(d->key.pc, code, ir->end - ir->pc);
	printf("\ntranslated: %u ops\n", ir->nr_ops - 1);
	vmxl_ir_print(ir, print, NULL);
	if (!vmxl_host)
		return optimize(d, passes);
	vmxl_host->leaves(d->leaves);
	d->opt.leaves = d->leaves;
	d->opt.max_disp = vmxl_host->max_disp;
	ret = optimize(d, passes);
	return ret ?: lower(d, passes);
}

int dump_block(int vcpu_fd, uint64_t pc, const uint8_t *code, unsigned int max,
	       unsigned int passes, const struct dump_live *live)
{
	struct file *file = shim_file_get(vcpu_fd);
	struct dump *d = kvzalloc(sizeof(*d), GFP_KERNEL);
	int ret = -ENOMEM, idx;

	shim_enter();
	if (file && d) {
		d->vcpu = file->private_data;
		idx = srcu_read_lock(&d->vcpu->vm->srcu);
		d->vcpu->vm->guest->key(d->vcpu, &d->key);
		d->key.pc = pc;
		d->live = live;
		if (live)
			d->key.flags = live->flags;
		ret = dump(d, code, max, passes);
		srcu_read_unlock(&d->vcpu->vm->srcu, idx);
	}
	kvfree(d);
	if (file)
		fput(file);
	shim_leave();
	return ret;
}
