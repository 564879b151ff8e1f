// SPDX-License-Identifier: GPL-2.0
/*
 * Blocks made for the interpreter and compiled to host code, and what takes them
 * away again.
 */
#include "vmxl.bpf.h"
#include "vmxl-jit.h"
#include <asm/ptrace.h>
#include <linux/errno.h>
#include <linux/bpf_perf_event.h>
#include <bpf/bpf_tracing.h>

#define MAX_LINES	16	/* of a block; of the few that are longer the rest is not known */

/* Whose a line of code is; the least recently used ones are forgotten */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct hot_line);
	__type(value, struct hot_block);
} lines SEC(".maps");

/* Samples in it */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, VMXL_CELLS);
	__type(key, struct hot_block);
	__type(value, __u64);
} hot SEC(".maps");

static __always_inline void note_lines(const struct ev_compile *ev)
{
	struct hot_line at = { .tgid = bpf_get_current_pid_tgid() >> 32 };
	struct hot_block block = { .vm = ev->vm, .pc = ev->pc };
	__u64 line = ev->host >> HOT_LINE_SHIFT;
	__u64 end = (ev->host + ev->host_bytes - 1) >> HOT_LINE_SHIFT;
	int i;

	for (i = 0; i < MAX_LINES && line <= end; i++, line++) {
		at.line = line;
		bpf_map_update_elem(&lines, &at, &block, BPF_ANY);
	}
}

/* A processor's clock: where it is in translated code */
SEC("perf_event")
int on_sample(struct bpf_perf_event_data *ctx)
{
	struct hot_line at = {
		.tgid = bpf_get_current_pid_tgid() >> 32,
		.line = PT_REGS_IP(&ctx->regs) >> HOT_LINE_SHIFT,
	};
	struct hot_block *block = bpf_map_lookup_elem(&lines, &at), key;
	__u64 *n, one = 1;

	if (!block || (only_vm && block->vm != only_vm))
		return 0;
	key = *block;
	n = bpf_map_lookup_elem(&hot, &key);
	if (n)
		__sync_fetch_and_add(n, 1);
	else
		bpf_map_update_elem(&hot, &key, &one, BPF_NOEXIST);
	return 0;
}

ON(vmxl_translate, translate)
{
	struct vmxl_cell *cell = count(ev->vm, VMXL_NO_VCPU, JIT_TRANSLATE, ev->ns);

	if (cell)
		__sync_fetch_and_add(&cell->bytes, ev->bytes);
}

/*
 * What failed is left to the interpreter for good. Of the rest another vCPU was faster, or
 * there is no room just now.
 */
static __always_inline __u32 result(__s32 ret)
{
	if (!ret)
		return JIT_COMPILE;
	return ret == -EAGAIN || ret == -ENOMEM || ret == -EEXIST ? JIT_COMPILE_VAIN :
								    JIT_COMPILE_FAILED;
}

ON(vmxl_compile, compile)
{
	struct vmxl_cell *cell = count(ev->vm, VMXL_NO_VCPU, result(ev->ret), ev->ns);

	if (cell) {
		__sync_fetch_and_add(&cell->bytes, ev->bytes);
		__sync_fetch_and_add(&cell->host_bytes, ev->host_bytes);
		if (ev->host)
			note_lines(ev);
	}
}

ON(vmxl_invalidate, block)
{
	struct vmxl_cell *cell = count(ev->vm, VMXL_NO_VCPU, JIT_INVALIDATE, 0);

	if (cell)
		__sync_fetch_and_add(&cell->bytes, ev->bytes);
}

ON(vmxl_reclaim, block)
{
	struct vmxl_cell *cell = count(ev->vm, VMXL_NO_VCPU, JIT_RECLAIM, 0);

	if (cell)
		__sync_fetch_and_add(&cell->bytes, ev->bytes);
}

ON(vmxl_code_reclaim, code_reclaim)
{
	struct vmxl_cell *cell = count(ev->vm, VMXL_NO_VCPU, JIT_CODE_RECLAIM, 0);

	if (cell)
		__sync_fetch_and_add(&cell->host_bytes, ev->host_bytes);
}

ON(vmxl_link, link)
{
	count(ev->vm, VMXL_NO_VCPU, JIT_LINK, 0);
}

ON(vmxl_unlink, link)
{
	count(ev->vm, VMXL_NO_VCPU, JIT_UNLINK, 0);
}
