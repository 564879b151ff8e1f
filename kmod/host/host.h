/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a host architecture provides: one struct vmxl_host, defined in
 * host/<isa>/. It sees the IR and this header, no guest.
 * Documentation/translator.rst has the conventions of translated code.
 */
#ifndef VMXL_HOST_H
#define VMXL_HOST_H

#include <linux/types.h>
#include "../ir/ir.h"

#define VMXL_WIN_BITS	38	/* each half of a window */
#define VMXL_WIN_GUARD	4096	/* at both ends: nothing is ever mapped there */

/*
 * Regions of larger addresses: a table says by bits 38..56 of an address what to
 * add to it. The sum is looked at, and not the address: those of other addresses
 * with these bits are off by a multiple of 2^56, and so never below VMXL_WIN_END,
 * where all windows are; an entry without a window is one that would be beyond.
 */
#define VMXL_WIN_REGION_BITS	19
#define VMXL_WIN_END	((1ULL << 47) - (1ULL << VMXL_WIN_BITS))

/* A base is the host's address of guest address 0, also of an upper half. */

#define VMXL_HOST_MAX_HOT	16

/**
 * struct vmxl_uarea_layout - offsets from the register that holds the user area
 * All are fixed at build time and given to the host's code generator.
 * @kick: u64, nonzero: leave (gstate.kick)
 * @exit_id: u32 that an exit leaves behind; translated code may write to it at any time
 * @jctx: u64 xored into a pc before it is compared with a jump cache tag
 * @high_base: u64, for VMXL_WIN_BOTH
 * @win_mask: u64, -(1 << VMXL_WIN_BITS); the nearer to the register the better
 * @win_end: u64, VMXL_WIN_END
 * @win_missed: u64: an address that is in no region, before an exit for a step
 * @regions: u64 each, 1 << VMXL_WIN_REGION_BITS of them
 * @mxcsr: u32[3]: the guest's control register to load at entry, without
 *	exceptions; the caller's, stored at entry; scratch. Other hosts have their own use for it
 * @fd: u64, file to leave by, where the stubs are not the hosted build's
 * @gone: an address that is never there: the way out when @fd is no way any more
 * @jcache: entries of {u64 tag, u64 host address}, 1 << VMXL_UJC_BITS of them
 * @ujc2: struct vmxl_ujc2_entry each, by vmxl_ujc2_index()
 * @view: struct vmxl_view each, VMXL_NR_VIEWS of them
 * @slot0: slot 0 of gstate (may be negative: the register points into the guest's slots)
 */
struct vmxl_uarea_layout {
	s32 kick, exit_id, jctx, high_base, win_mask, win_end, win_missed, regions;
	s32 mxcsr, fd, gone, jcache, ujc2, view, slot0;
};

#define VMXL_UJC_BITS	15

/* With bits of the page's number: pages are alike in where their functions begin. */
static inline unsigned int vmxl_ujc_index(u64 pc)
{
	return ((pc ^ pc >> VMXL_UJC_BITS) >> 1) & ((1u << VMXL_UJC_BITS) - 1);
}

/*
 * The jump cache's second level, which the stub for misses looks at: pcs that have the same
 * entry in the first, and contexts that have the same pcs (a process and its children).
 * @uses: so many times it is gone to from here; the last of them goes out instead, which
 * brings it back to the first level
 */
struct vmxl_ujc2_entry {
	u64 tag, jctx, host, uses;
};

#define VMXL_UJC2_BITS	12
#define VMXL_UJC2_SHIFT	12	/* not the first level's: what meets there is apart here */
#define VMXL_UJC2_CTX_BITS 3	/* of a context's number: a pc has one of so many places */
#define VMXL_UJC2_USES	256

static inline unsigned int vmxl_ujc2_index(u64 pc, u64 jctx)
{
	unsigned int h = ((pc ^ pc >> VMXL_UJC2_SHIFT) >> 1) & ((1u << VMXL_UJC2_BITS) - 1);
	unsigned int ctx = (jctx >> 1) & ((1u << VMXL_UJC2_CTX_BITS) - 1);

	return h ^ ctx << (VMXL_UJC2_BITS - VMXL_UJC2_CTX_BITS);
}

/* Why translated code came back: low bits of exit_id; above them a number */
enum vmxl_uexit {
	VMXL_UEXIT_LINK,	/* number: exit of the unit; gstate.pc is not set */
	VMXL_UEXIT_PC,		/* gstate.pc is set: an indirect jump that missed. No block number */
	VMXL_UEXIT_STEP,	/* the same: interpret one instruction there; also by a kick */
	VMXL_UEXIT_POLL,	/* number: exit of the unit, kick was seen */
};

#define VMXL_UEXIT_BITS		2
#define VMXL_EXIT_ID(block, exit, why) \
	((u32)(block) << 8 | (u32)(exit) << VMXL_UEXIT_BITS | (why))	/* exits < 64 */

/* Where a guest instruction's host code begins */
struct vmxl_hinsn {
	u16 host;		/* offset in the code */
	u16 off;		/* pc - unit's pc */
};

/* A jump that can be linked; site 0: there is none for this exit */
struct vmxl_hexit {
	u32 site;		/* offset of its 32-bit displacement, aligned to 4 */
	u32 stub;		/* offset of the code that it leads to while unlinked */
};

#define VMXL_HCODE_MAX	16384
#define VMXL_HOST_SCRATCH	32768

/*
 * What in the code depends on where it is put: a 32-bit word, to which is to be added, for
 * an enum vmxl_stub, that stub's address - the word's - 4, or what exit ids have of the block
 */
#define VMXL_RELOC_ID	VMXL_STUB_NR

struct vmxl_hreloc {
	u16 site, kind;
};

/**
 * struct vmxl_hcode - a unit compiled: position independent but for @relocs
 * @len: bytes of @code
 * @entry: offset of the entry
 * @nr_relocs: of @relocs
 * @scratch: the host's own while it compiles
 */
struct vmxl_hcode {
	u32 len;
	u32 entry;
	u32 nr_insns;
	u32 nr_exits;
	u32 nr_relocs;
	u8 code[VMXL_HCODE_MAX];
	struct vmxl_hinsn insns[VMXL_IR_MAX_INSNS];
	struct vmxl_hexit exits[VMXL_IR_MAX_EXITS];
	struct vmxl_hreloc relocs[3 * VMXL_IR_MAX_EXITS + VMXL_IR_MAX_OPS];
	u64 scratch[VMXL_HOST_SCRATCH / 8];
};

/* Common stubs at the start of every code cache */
enum vmxl_stub {
	VMXL_STUB_ENTER,	/* entered with the argument registers of a call: uarea, window, host address */
	VMXL_STUB_EXIT,		/* eax = exit id: store the hot registers, MXCSR; leave */
	VMXL_STUB_FAULT,	/* as EXIT, but the hot registers were stored by the fault handler */
	VMXL_STUB_STEP,		/* for the host's code: gstate.pc = a register, then EXIT */
	VMXL_STUB_MISS,		/* a tag that the first level has not: on by the second, or OUT */
	VMXL_STUB_OUT,		/* as STEP, for a jump cache tag, which is no pc yet */
	VMXL_STUB_NR
};

struct vmxl_compile_args {
	const struct vmxl_ir *ir;
	enum vmxl_window_kind window;
	const struct vmxl_uarea_layout *lay;
	const u16 *hot;		/* guest slots in the order of their heat */
	unsigned int nr_hot;
	bool count;		/* count instructions in gstate.icount at exits */
	bool check_all;		/* that an access is within the window, also where it is known */
	u32 exit_cmd;		/* for the stubs: ioctl command to leave by */
};

/**
 * struct vmxl_host - a host architecture
 * @nr_hot: guest slots that it keeps in registers
 * @fp_control: what uarea.mxcsr[0] is to hold
 * @max_disp: largest displacement (of either sign) that costs an access nothing
 * @leaves: ops, by a bit each, before which code may leave the unit for a step,
 *	though they neither fault nor leave by their nature: what the unit's
 *	optimisation has to know (struct vmxl_opt)
 * @features: what the processor has of what code makes use of, as a number
 * @compile: lower a unit; -E2BIG: cut it shorter
 * @stubs: write the common stubs, position independent; @hosted is how to go
 *	back: the hosted build's (a return) or the module's (a system call).
 *	Fills in @off[VMXL_STUB_NR]; returns the length
 * @link: point the jump whose displacement is at @site to @target, atomically for
 *	threads that execute it; the addresses are those that it executes at, @w is where to write
 * @fault_regs: copy the hot registers to gstate's slots; @regs has the general
 *	registers by the numbers that instructions give them
 * @counter_khz: the rate of the counter that the IR's COUNTER reads; 0: it is not known to
 *	be constant and the same on all processors
 */
struct vmxl_host {
	const char *name;
	unsigned int nr_hot;
	u32 fp_control;
	s32 max_disp;
	void (*leaves)(unsigned long *map);
	u32 (*features)(void);
	int (*compile)(const struct vmxl_compile_args *args, struct vmxl_hcode *out);
	int (*stubs)(u8 *buf, size_t size, bool hosted, const struct vmxl_compile_args *args,
		     u32 off[VMXL_STUB_NR]);
	void (*link)(void *w, u64 site, u64 target);
	void (*fault_regs)(const u64 *regs, const struct vmxl_compile_args *args, u64 *slots);
	u32 (*counter_khz)(void);
};

extern const struct vmxl_host vmxl_host_x86_64;

#endif /* VMXL_HOST_H */
