// SPDX-License-Identifier: GPL-2.0
/*
 * Blocks made for the interpreter and compiled to host code, and what takes them
 * away again.
 */
#include "vmxl.bpf.h"
#include "vmxl-jit.h"

SEC("tp/vmx_xlate/vmxl_translate")
int on_translate(const struct ev_translate *ev)
{
	struct vmxl_cell *cell = count(ev->vm, VMXL_NO_VCPU, JIT_TRANSLATE, ev->ns);

	if (cell)
		__sync_fetch_and_add(&cell->bytes, ev->bytes);
	return 0;
}

SEC("tp/vmx_xlate/vmxl_compile")
int on_compile(const struct ev_compile *ev)
{
	struct vmxl_cell *cell = count(ev->vm, VMXL_NO_VCPU,
				       ev->ret ? JIT_COMPILE_FAILED : JIT_COMPILE, ev->ns);

	if (cell) {
		__sync_fetch_and_add(&cell->bytes, ev->bytes);
		__sync_fetch_and_add(&cell->host_bytes, ev->host_bytes);
	}
	return 0;
}

SEC("tp/vmx_xlate/vmxl_invalidate")
int on_invalidate(const struct ev_block *ev)
{
	struct vmxl_cell *cell = count(ev->vm, VMXL_NO_VCPU, JIT_INVALIDATE, 0);

	if (cell)
		__sync_fetch_and_add(&cell->bytes, ev->bytes);
	return 0;
}

SEC("tp/vmx_xlate/vmxl_reclaim")
int on_reclaim(const struct ev_block *ev)
{
	struct vmxl_cell *cell = count(ev->vm, VMXL_NO_VCPU, JIT_RECLAIM, 0);

	if (cell)
		__sync_fetch_and_add(&cell->bytes, ev->bytes);
	return 0;
}
