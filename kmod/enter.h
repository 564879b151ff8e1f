/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Into translated code and back: what user mode sees of a vCPU, and whose
 * thread is there. Documentation/translator.rst.
 */
#ifndef VMXL_ENTER_H
#define VMXL_ENTER_H

#include <linux/mm_types.h>
#include "codegen/code.h"
#include "host/host.h"
#include "host/uregs.h"
#include "vcpu.h"

struct vmxl_block;

/**
 * struct vmxl_uarea - what user mode has of a vCPU, to read and write
 * @run: the page that the vCPU's descriptor maps as well
 * @ujc: written by the kernel only, under cache->lock
 * @ujc2: so is this, but for what translated code counts
 * A page that is never there follows it: struct vmxl_uarea_layout.gone. Then comes the
 * table of regions, of which pages are there as they are accessed: window_region.c.
 */
struct vmxl_uarea {
	union {
		struct vmxl_run run;
		u8 page[PAGE_SIZE];
	};
	struct vmxl_gstate gs;
	struct vmxl_ujc_entry ujc[1 << VMXL_UJC_BITS];
	struct vmxl_ujc2_entry ujc2[1 << VMXL_UJC2_BITS];
};

static_assert(offsetof(struct vmxl_uarea, gs) == PAGE_SIZE);	/* vmxl_kicked() */
static_assert(sizeof(struct vmxl_uarea) % PAGE_SIZE == 0);

/* In the mapping */
#define VMXL_UAREA_REGIONS	(sizeof(struct vmxl_uarea) + PAGE_SIZE)
#define VMXL_UAREA_LEN		(VMXL_UAREA_REGIONS + (8ULL << VMXL_WIN_REGION_BITS))

static inline struct vmxl_uarea *vmxl_uarea(const struct vmxl_vcpu *vcpu)
{
	return container_of(vcpu->gs, struct vmxl_uarea, gs);
}

/*
 * Contexts whose entries are in the user jump cache, by hash. The guest's kernel and a
 * process alternate, so they must not take each other's place.
 */
#define VMXL_UCTX_BITS	4
#define VMXL_UCTX_WAYS	4

struct vmxl_uctx {
	u64 flush;		/* jcache->nr_flush that it holds for */
	u64 fence;		/* if @local, vmxl_jcache_fences() of @as as well */
	u32 as;			/* 0: all */
	u32 flags;
	u32 id;			/* 0: none */
	u32 used;		/* entry->ctx_used when it last was */
	bool local;		/* has what vmxl_jcache_note() does not look after */
};

/* What all views of a gstate.view[] hold for */
struct vmxl_views {
	u64 sig;		/* vmxl_guest.view()'s */
	u64 flush, fences, wraps;	/* of contexts, as in struct vmxl_uctx */
	u64 low, high;		/* windows */
	u64 as;			/* vcpu->as_unpriv */
};

/* Those of some address spaces, for guests that take turns with them */
#define VMXL_KNOWN_VIEWS	8

struct vmxl_known_views {
	struct vmxl_views of;
	u32 used;		/* entry->views_used when it was taken last */
	struct vmxl_view view[VMXL_NR_VIEWS];
};

/**
 * struct vmxl_entry - a vCPU's thread in translated code
 * @owner: the thread, whose reference is held; NULL: nobody. Only it may go on
 *	with the vCPU; changes under vcpu->mutex
 * @saved: its registers at RUN
 * @uarea: address of the user area; 0: not mapped
 * @at: where to go; @flags: key.flags of the block that is there
 * @back: came back, the exit is to be looked at
 * @step: an instruction is to be interpreted first
 * @missed: the jump cache missed: what is entered next goes into it
 * @off: no user mode for this vCPU, there is something in the way
 * @next_ctx: number of the last new context; @wraps: how often they began anew
 * @known: views; @views: of them, what is in gstate.view[], or NULL
 * @nr_local: blocks that were not let into the context of all address spaces
 */
struct vmxl_entry {
	struct task_struct *owner;
	struct vmxl_uregs saved;
	u64 uarea;
	u64 at;
	u32 flags;
	bool back, step, missed, off;
	u32 next_ctx, wraps, nr_local, ctx_used;
	u32 views_used;
	struct vmxl_known_views known[VMXL_KNOWN_VIEWS];
	struct vmxl_known_views *views;
	struct vmxl_uctx ctx[1 << VMXL_UCTX_BITS][VMXL_UCTX_WAYS];
	u64 nr_entered, nr_step, nr_link, nr_miss, nr_poll, nr_fault;
};

int vmxl_entry_init(struct vmxl_vcpu *vcpu);
void vmxl_entry_destroy(struct vmxl_vcpu *vcpu);

/* vcpu_run.c's: whether @b can be entered now; entry->at is set then. */
bool vmxl_entry_ready(struct vmxl_vcpu *vcpu);
bool vmxl_entry_prepare(struct vmxl_vcpu *vcpu, struct vmxl_block *b);

/* The vCPU's ioctls; vcpu->mutex held. The rest may not touch an owned vCPU. */
long vmxl_entry_run(struct vmxl_vcpu *vcpu);
long vmxl_entry_back(struct vmxl_vcpu *vcpu);
bool vmxl_entry_owned(struct vmxl_vcpu *vcpu);

/* Workers: into translated code with a vCPU, and whoever has it gives it up. */
long vmxl_entry_enter(struct vmxl_vcpu *vcpu, const struct vmxl_uregs *saved, int fd);
void vmxl_entry_release(struct vmxl_vcpu *vcpu);

void vmxl_entry_own(struct vmxl_vcpu *vcpu, struct task_struct *task);
struct vmxl_vcpu *vmxl_entry_find(struct vmxl_vm *vm, const struct task_struct *task,
				  bool *hinted);

/* A page fault in a mapping of the VM: map.c's. */
vm_fault_t vmxl_entry_fault(struct vmxl_vm *vm, struct vm_fault *vmf, bool window);

#endif /* VMXL_ENTER_H */
