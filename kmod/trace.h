/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints, system vmx_xlate. Documentation/tracing.rst says which fields
 * stay as they are. In: what just happened. Out: nothing: they change nothing and
 * cost a jump that is not taken while nobody looks.
 *
 * Each event begins with the VM's number, as `vmxl list` has it; those of a vCPU
 * go on with the vCPU's. Fields have a fixed size; no field is an address of the
 * kernel's.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vmx_xlate

#if !defined(VMXL_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VMXL_TRACE_H

#include <linux/tracepoint.h>
#ifdef VMXL_NO_TRACE
/* A module without events, which tests/bench/cost compares the others with */
#undef TRACE_EVENT
#undef DEFINE_EVENT
#undef DECLARE_EVENT_CLASS
#define VMXL_NO_EVENT(name, proto)					\
	static inline void trace_##name(proto) { }			\
	static inline bool trace_##name##_enabled(void) { return false; }
#define TRACE_EVENT(name, proto, ...)		VMXL_NO_EVENT(name, PARAMS(proto))
#define DEFINE_EVENT(class, name, proto, ...)	VMXL_NO_EVENT(name, PARAMS(proto))
#define DECLARE_EVENT_CLASS(name, ...)
#endif
#include <uapi/linux/vmx_xlate.h>
#include "netlink.h"
#include "vcpu.h"

#define VMXL_TRACE_EXITS				\
	{ VMXL_EXIT_UNKNOWN, "unknown" },		\
	{ VMXL_EXIT_MMIO, "mmio" },			\
	{ VMXL_EXIT_INTR, "intr" },			\
	{ VMXL_EXIT_DEBUG, "debug" },			\
	{ VMXL_EXIT_SYSTEM_EVENT, "system-event" },	\
	{ VMXL_EXIT_INTERNAL_ERROR, "internal-error" },	\
	{ VMXL_EXIT_RISCV_SBI, "riscv-sbi" }

/* By enum vmxl_access */
#define VMXL_TRACE_ACCESS		\
	{ 0, "read" },			\
	{ 1, "write" },			\
	{ 2, "exec" },			\
	{ 3, "atomic" }

#define VMXL_TRACE_FLUSH_ALL	0
#define VMXL_TRACE_FLUSH_ASID	1
#define VMXL_TRACE_FLUSH_PAGE	2
#define VMXL_TRACE_FLUSH			\
	{ VMXL_TRACE_FLUSH_ALL, "all" },	\
	{ VMXL_TRACE_FLUSH_ASID, "asid" },	\
	{ VMXL_TRACE_FLUSH_PAGE, "page" }

/* By enum vmxl_wfault */
#define VMXL_TRACE_WFAULT		\
	{ 0, "done" },			\
	{ 1, "step" },			\
	{ 2, "walk" }

/* By enum vmxl_zap_cause */
#define VMXL_TRACE_ZAP			\
	{ 0, "fence-page" },		\
	{ 1, "fence" },			\
	{ 2, "recycle" },		\
	{ 3, "protect" },		\
	{ 4, "store" },			\
	{ 5, "everything" }

/* ---- life ---- */

DECLARE_EVENT_CLASS(vmxl_vm_class,
	TP_PROTO(const struct vmxl_vm *vm, u32 isa),
	TP_ARGS(vm, isa),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, isa)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vm);
		__entry->isa = isa;
	),
	TP_printk("vm %u isa %u", __entry->vm, __entry->isa)
);

DEFINE_EVENT(vmxl_vm_class, vmxl_vm_create,
	TP_PROTO(const struct vmxl_vm *vm, u32 isa),
	TP_ARGS(vm, isa));

DEFINE_EVENT(vmxl_vm_class, vmxl_vm_destroy,
	TP_PROTO(const struct vmxl_vm *vm, u32 isa),
	TP_ARGS(vm, isa));

DECLARE_EVENT_CLASS(vmxl_vcpu_class,
	TP_PROTO(const struct vmxl_vcpu *vcpu),
	TP_ARGS(vcpu),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, vcpu)
		__field(u64, pc)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vcpu->vm);
		__entry->vcpu = vcpu->id;
		__entry->pc = READ_ONCE(vcpu->gs->pc);
	),
	TP_printk("vm %u vcpu %u pc 0x%llx", __entry->vm, __entry->vcpu, __entry->pc)
);

DEFINE_EVENT(vmxl_vcpu_class, vmxl_vcpu_create,
	TP_PROTO(const struct vmxl_vcpu *vcpu),
	TP_ARGS(vcpu));

/* ---- running ---- */

/* RUN begins */
DEFINE_EVENT(vmxl_vcpu_class, vmxl_run,
	TP_PROTO(const struct vmxl_vcpu *vcpu),
	TP_ARGS(vcpu));

/* RUN ends; ns since it began, 0: nobody looked then */
TRACE_EVENT(vmxl_exit,
	TP_PROTO(const struct vmxl_vcpu *vcpu, u32 reason, u64 ns),
	TP_ARGS(vcpu, reason, ns),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, vcpu)
		__field(u64, pc)
		__field(u64, ns)
		__field(u32, reason)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vcpu->vm);
		__entry->vcpu = vcpu->id;
		__entry->pc = READ_ONCE(vcpu->gs->pc);
		__entry->ns = ns;
		__entry->reason = reason;
	),
	TP_printk("vm %u vcpu %u pc 0x%llx reason %s ns %llu", __entry->vm, __entry->vcpu,
		  __entry->pc, __print_symbolic(__entry->reason, VMXL_TRACE_EXITS), __entry->ns)
);

/* The vCPU has nothing to do and sleeps; it has slept, of workers: it waits for one. */
DEFINE_EVENT(vmxl_vcpu_class, vmxl_halt,
	TP_PROTO(const struct vmxl_vcpu *vcpu),
	TP_ARGS(vcpu));

DEFINE_EVENT(vmxl_vcpu_class, vmxl_wake,
	TP_PROTO(const struct vmxl_vcpu *vcpu),
	TP_ARGS(vcpu));

/* A worker takes the vCPU, which could run for so many ns, from the queue of worker @from. */
TRACE_EVENT(vmxl_sched_in,
	TP_PROTO(const struct vmxl_vcpu *vcpu, u32 worker, u32 from, u64 waited),
	TP_ARGS(vcpu, worker, from, waited),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, vcpu)
		__field(u64, waited)
		__field(u32, worker)
		__field(u32, from)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vcpu->vm);
		__entry->vcpu = vcpu->id;
		__entry->waited = waited;
		__entry->worker = worker;
		__entry->from = from;
	),
	TP_printk("vm %u vcpu %u worker %u from %u waited %llu", __entry->vm, __entry->vcpu,
		  __entry->worker, __entry->from, __entry->waited)
);

/* ---- memory ---- */

/* A walk of the guest's page tables; code 0: gpa is what it came to, else the guest's fault */
TRACE_EVENT(vmxl_tlb_miss,
	TP_PROTO(const struct vmxl_vcpu *vcpu, u64 gva, u32 access, u64 gpa, u32 code, u32 asid),
	TP_ARGS(vcpu, gva, access, gpa, code, asid),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, vcpu)
		__field(u64, gva)
		__field(u64, gpa)
		__field(u32, access)
		__field(u32, code)
		__field(u32, asid)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vcpu->vm);
		__entry->vcpu = vcpu->id;
		__entry->gva = gva;
		__entry->gpa = code ? 0 : gpa;
		__entry->access = access;
		__entry->code = code;
		__entry->asid = asid;
	),
	TP_printk("vm %u vcpu %u gva 0x%llx %s gpa 0x%llx fault %u asid 0x%x", __entry->vm,
		  __entry->vcpu, __entry->gva,
		  __print_symbolic(__entry->access, VMXL_TRACE_ACCESS), __entry->gpa,
		  __entry->code, __entry->asid)
);

/* What the first level had not, the second one has. */
TRACE_EVENT(vmxl_tlb_hit,
	TP_PROTO(const struct vmxl_vcpu *vcpu, u64 gva, u32 access, u32 asid),
	TP_ARGS(vcpu, gva, access, asid),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, vcpu)
		__field(u64, gva)
		__field(u32, access)
		__field(u32, asid)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vcpu->vm);
		__entry->vcpu = vcpu->id;
		__entry->gva = gva;
		__entry->access = access;
		__entry->asid = asid;
	),
	TP_printk("vm %u vcpu %u gva 0x%llx %s asid 0x%x", __entry->vm, __entry->vcpu,
		  __entry->gva, __print_symbolic(__entry->access, VMXL_TRACE_ACCESS),
		  __entry->asid)
);

TRACE_EVENT(vmxl_tlb_flush,
	TP_PROTO(const struct vmxl_vcpu *vcpu, u32 what, u64 gva, u32 asid),
	TP_ARGS(vcpu, what, gva, asid),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, vcpu)
		__field(u64, gva)
		__field(u32, what)
		__field(u32, asid)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vcpu->vm);
		__entry->vcpu = vcpu->id;
		__entry->gva = gva;
		__entry->what = what;
		__entry->asid = asid;
	),
	TP_printk("vm %u vcpu %u %s gva 0x%llx asid 0x%x", __entry->vm, __entry->vcpu,
		  __print_symbolic(__entry->what, VMXL_TRACE_FLUSH), __entry->gva, __entry->asid)
);

/*
 * A page fault in a window: what became of it, pages in it that were not before. Of a
 * window's events: asid is what it shows, ~0 for the upper half; live is how many pages it
 * has then. They come in the order in which that changed.
 */
TRACE_EVENT(vmxl_window_fill,
	TP_PROTO(const struct vmxl_vcpu *vcpu, u64 gva, u32 window, bool write, u32 what, u32 pages,
		 u32 asid, u32 live),
	TP_ARGS(vcpu, gva, window, write, what, pages, asid, live),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, vcpu)
		__field(u64, gva)
		__field(u32, window)
		__field(u32, write)
		__field(u32, what)
		__field(u32, pages)
		__field(u32, asid)
		__field(u32, live)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vcpu->vm);
		__entry->vcpu = vcpu->id;
		__entry->gva = gva;
		__entry->window = window;
		__entry->write = write;
		__entry->what = what;
		__entry->pages = pages;
		__entry->asid = asid;
		__entry->live = live;
	),
	TP_printk("vm %u vcpu %u gva 0x%llx window %u %s %s pages %u asid 0x%x live %u",
		  __entry->vm, __entry->vcpu, __entry->gva, __entry->window,
		  __entry->write ? "write" : "read",
		  __print_symbolic(__entry->what, VMXL_TRACE_WFAULT), __entry->pages,
		  __entry->asid, __entry->live)
);

/* Pages are taken out of a window: a range that has some; ns it took (0: as above) */
TRACE_EVENT(vmxl_window_zap,
	TP_PROTO(const struct vmxl_vm *vm, u32 window, u64 gva, u64 len, u32 cause, u32 pages,
		 u32 asid, u32 live, u64 ns),
	TP_ARGS(vm, window, gva, len, cause, pages, asid, live, ns),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, window)
		__field(u64, gva)
		__field(u64, len)
		__field(u32, cause)
		__field(u32, pages)
		__field(u32, asid)
		__field(u32, live)
		__field(u64, ns)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vm);
		__entry->window = window;
		__entry->gva = gva;
		__entry->len = len;
		__entry->cause = cause;
		__entry->pages = pages;
		__entry->asid = asid;
		__entry->live = live;
		__entry->ns = ns;
	),
	TP_printk("vm %u window %u gva 0x%llx len 0x%llx %s pages %u asid 0x%x live %u ns %llu",
		  __entry->vm, __entry->window, __entry->gva, __entry->len,
		  __print_symbolic(__entry->cause, VMXL_TRACE_ZAP), __entry->pages,
		  __entry->asid, __entry->live, __entry->ns)
);

/* ---- code ---- */

/* A block for the interpreter: guest bytes and instructions, ops, ns it took (0: as above) */
TRACE_EVENT(vmxl_translate,
	TP_PROTO(const struct vmxl_vcpu *vcpu, u64 pc, u32 bytes, u32 insns, u32 ops, u64 ns),
	TP_ARGS(vcpu, pc, bytes, insns, ops, ns),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, vcpu)
		__field(u64, pc)
		__field(u64, ns)
		__field(u32, bytes)
		__field(u32, insns)
		__field(u32, ops)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vcpu->vm);
		__entry->vcpu = vcpu->id;
		__entry->pc = pc;
		__entry->ns = ns;
		__entry->bytes = bytes;
		__entry->insns = insns;
		__entry->ops = ops;
	),
	TP_printk("vm %u vcpu %u pc 0x%llx bytes %u insns %u ops %u ns %llu", __entry->vm,
		  __entry->vcpu, __entry->pc, __entry->bytes, __entry->insns, __entry->ops,
		  __entry->ns)
);

/* The compiler's turn at a block: ret 0, or why it has no code; host: where the VMM has it */
TRACE_EVENT(vmxl_compile,
	TP_PROTO(const struct vmxl_vcpu *vcpu, u64 pc, u32 bytes, u32 host_bytes, int ret, u64 ns,
		 u64 host),
	TP_ARGS(vcpu, pc, bytes, host_bytes, ret, ns, host),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, vcpu)
		__field(u64, pc)
		__field(u64, ns)
		__field(u32, bytes)
		__field(u32, host_bytes)
		__field(s32, ret)
		__field(u64, host)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vcpu->vm);
		__entry->vcpu = vcpu->id;
		__entry->pc = pc;
		__entry->ns = ns;
		__entry->bytes = bytes;
		__entry->host_bytes = host_bytes;
		__entry->ret = ret;
		__entry->host = host;
	),
	TP_printk("vm %u vcpu %u pc 0x%llx bytes %u host %u ret %d ns %llu", __entry->vm,
		  __entry->vcpu, __entry->pc, __entry->bytes, __entry->host_bytes, __entry->ret,
		  __entry->ns)
);

DECLARE_EVENT_CLASS(vmxl_block_class,
	TP_PROTO(const struct vmxl_vm *vm, u64 pc, u64 gpa, u32 bytes),
	TP_ARGS(vm, pc, gpa, bytes),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, bytes)
		__field(u64, pc)
		__field(u64, gpa)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vm);
		__entry->bytes = bytes;
		__entry->pc = pc;
		__entry->gpa = gpa;
	),
	TP_printk("vm %u pc 0x%llx gpa 0x%llx bytes %u", __entry->vm, __entry->pc, __entry->gpa,
		  __entry->bytes)
);

/* A block goes because its bytes may have changed; for want of room. Guest bytes. */
DEFINE_EVENT(vmxl_block_class, vmxl_invalidate,
	TP_PROTO(const struct vmxl_vm *vm, u64 pc, u64 gpa, u32 bytes),
	TP_ARGS(vm, pc, gpa, bytes));

DEFINE_EVENT(vmxl_block_class, vmxl_reclaim,
	TP_PROTO(const struct vmxl_vm *vm, u64 pc, u64 gpa, u32 bytes),
	TP_ARGS(vm, pc, gpa, bytes));

/* The host code of a block goes for want of room; the interpreter keeps the block. */
TRACE_EVENT(vmxl_code_reclaim,
	TP_PROTO(const struct vmxl_vm *vm, u64 pc, u32 host_bytes),
	TP_ARGS(vm, pc, host_bytes),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, host_bytes)
		__field(u64, pc)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vm);
		__entry->host_bytes = host_bytes;
		__entry->pc = pc;
	),
	TP_printk("vm %u pc 0x%llx host %u", __entry->vm, __entry->pc, __entry->host_bytes)
);

DECLARE_EVENT_CLASS(vmxl_link_class,
	TP_PROTO(const struct vmxl_vm *vm, u64 pc, u64 to),
	TP_ARGS(vm, pc, to),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u64, pc)
		__field(u64, to)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vm);
		__entry->pc = pc;
		__entry->to = to;
	),
	TP_printk("vm %u pc 0x%llx to 0x%llx", __entry->vm, __entry->pc, __entry->to)
);

/* A jump in the host code of the block at pc leads to that of another; does so no more. */
DEFINE_EVENT(vmxl_link_class, vmxl_link,
	TP_PROTO(const struct vmxl_vm *vm, u64 pc, u64 to),
	TP_ARGS(vm, pc, to));

DEFINE_EVENT(vmxl_link_class, vmxl_unlink,
	TP_PROTO(const struct vmxl_vm *vm, u64 pc, u64 to),
	TP_ARGS(vm, pc, to));

/* ---- the SMMU ---- */

/* An access of a device is at fault: event is the SMMU's own number, status VMXL_SMMU_* */
TRACE_EVENT(vmxl_smmu_fault,
	TP_PROTO(const struct vmxl_vm *vm, u32 sid, u32 ssid, u64 iova, u32 access, u32 event,
		 u32 status),
	TP_ARGS(vm, sid, ssid, iova, access, event, status),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, sid)
		__field(u64, iova)
		__field(u32, ssid)
		__field(u32, access)
		__field(u32, event)
		__field(u32, status)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vm);
		__entry->sid = sid;
		__entry->iova = iova;
		__entry->ssid = ssid;
		__entry->access = access;
		__entry->event = event;
		__entry->status = status;
	),
	TP_printk("vm %u sid 0x%x ssid 0x%x iova 0x%llx access 0x%x event 0x%x status %u",
		  __entry->vm, __entry->sid, __entry->ssid, __entry->iova, __entry->access,
		  __entry->event, __entry->status)
);

/* Translations are forgotten; len 0: of all addresses. vmid, asid -1: of all */
TRACE_EVENT(vmxl_smmu_inval,
	TP_PROTO(const struct vmxl_vm *vm, s32 vmid, s32 asid, u64 addr, u64 len),
	TP_ARGS(vm, vmid, asid, addr, len),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(s32, vmid)
		__field(u64, addr)
		__field(u64, len)
		__field(s32, asid)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vm);
		__entry->vmid = vmid;
		__entry->addr = addr;
		__entry->len = len;
		__entry->asid = asid;
	),
	TP_printk("vm %u vmid %d asid %d addr 0x%llx len 0x%llx", __entry->vm, __entry->vmid,
		  __entry->asid, __entry->addr, __entry->len)
);

/* A command that cannot be carried out: its number, CMDQ_CONS.ERR */
TRACE_EVENT(vmxl_smmu_cmd_error,
	TP_PROTO(const struct vmxl_vm *vm, u32 op, u32 err),
	TP_ARGS(vm, op, err),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, op)
		__field(u32, err)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vm);
		__entry->op = op;
		__entry->err = err;
	),
	TP_printk("vm %u command 0x%x error %u", __entry->vm, __entry->op, __entry->err)
);

/* ---- interrupts ---- */

/* An input of the interrupt controller; level 2: an edge */
TRACE_EVENT(vmxl_irq,
	TP_PROTO(const struct vmxl_vm *vm, u32 gsi, u32 level),
	TP_ARGS(vm, gsi, level),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, gsi)
		__field(u32, level)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vm);
		__entry->gsi = gsi;
		__entry->level = level;
	),
	TP_printk("vm %u gsi %u level %u", __entry->vm, __entry->gsi, __entry->level)
);

/* The guest's timer fires. */
DEFINE_EVENT(vmxl_vcpu_class, vmxl_timer,
	TP_PROTO(const struct vmxl_vcpu *vcpu),
	TP_ARGS(vcpu));

/* An exception or interrupt is delivered to the guest; cause and val are its own numbers. */
TRACE_EVENT(vmxl_trap,
	TP_PROTO(const struct vmxl_vcpu *vcpu, u64 cause, u64 val),
	TP_ARGS(vcpu, cause, val),
	TP_STRUCT__entry(
		__field(u32, vm)
		__field(u32, vcpu)
		__field(u64, pc)
		__field(u64, cause)
		__field(u64, val)
	),
	TP_fast_assign(
		__entry->vm = vmxl_vm_id(vcpu->vm);
		__entry->vcpu = vcpu->id;
		__entry->pc = READ_ONCE(vcpu->gs->pc);
		__entry->cause = cause;
		__entry->val = val;
	),
	TP_printk("vm %u vcpu %u pc 0x%llx cause 0x%llx val 0x%llx", __entry->vm, __entry->vcpu,
		  __entry->pc, __entry->cause, __entry->val)
);

#endif /* VMXL_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#ifndef VMXL_NO_TRACE
#include <trace/define_trace.h>
#endif
