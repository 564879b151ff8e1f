/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Units of the machine of harness.h, compiled by the x86-64 back-end and
 * executed in a window of plain memory, with the machine's memory in it. Where
 * compiled code leaves an instruction to the interpreter, the state must be
 * that of the interpreter before the instruction.
 */
#ifndef IR_COMPILED_H
#define IR_COMPILED_H

#include "../../kmod/host/host.h"
#include "harness.h"

/* One for the process; tests may change what they like between units */
struct compiled {
	struct {
		u64 exit_id, jctx, high_base, win_mask, win_end, win_missed, fd;
		u64 regions[1 << VMXL_WIN_REGION_BITS];		/* the two windows, no other */
		u32 mxcsr[3];
		u64 jcache[2 << VMXL_UJC_BITS];
		struct vmxl_ujc2_entry ujc2[1 << VMXL_UJC2_BITS];
		struct vmxl_view view[VMXL_NR_VIEWS];		/* all the same */
	} extra;
	struct vmxl_uarea_layout lay;
	struct vmxl_hcode hcode;	/* the last unit's */
	struct vmxl_compile_args args;
	u16 hot[VMXL_HOST_MAX_HOT];
	u8 *cache;			/* stubs, then a unit at unit_at */
	u32 stub[VMXL_STUB_NR];
	u32 unit_at;
	u32 block;			/* its number */
	u8 *window;
	const struct vmxl_ir *running;
	bool escaped;			/* an access was outside of the windows */
	bool optimize;			/* units go through these passes */
	u32 passes;
	u64 nr_ops, nr_bytes;		/* compiled so far */
};

extern struct compiled cc;

/* False: there is no room for two windows in this process. */
bool compiled_init(void);

/* @nr slots are in registers, from @first on. */
void compiled_choose_hot(unsigned int nr, unsigned int first);

/* A unit's code at cc.unit_at; 0 or -errno, -E2BIG if it is too long. */
int compiled_make(const struct vmxl_ir *ir);

/* Execute it on the machine's state; the exit's id. @ir: what it was made of */
u32 compiled_enter(const struct vmxl_ir *ir);

/* The same for a unit that accesses no memory, faster */
u32 compiled_call(const struct vmxl_ir *ir);

typedef void (*compiled_prepare_fn)(u64 seed);

/*
 * Compiled against interpreted, from the state that @prepare makes. @why:
 * VMXL_UEXIT_*, ~0 if it was too long to be compiled.
 */
bool compiled_same(const struct vmxl_ir *ir, compiled_prepare_fn prepare, u64 seed, u32 *why);

/* Make a unit one that may be optimised; false: that cannot be. */
bool compiled_split(struct vmxl_ir *ir);

#endif /* IR_COMPILED_H */
