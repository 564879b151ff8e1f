/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A machine for IR tests: a vCPU, a page of flat guest memory, a guest of a few
 * named slots and helpers. Only kmod/ir and kmod/fp are the real thing; guest
 * memory's slow paths are the simple ones in harness.c.
 */
#ifndef IR_HARNESS_H
#define IR_HARNESS_H

#include <linux/types.h>
#include "../../kmod/codegen/cache.h"
#include "../../kmod/guest/guest.h"
#include "../../kmod/ir/ir.h"
#include "../../kmod/mmu/tlb.h"
#include "../../kmod/vm.h"

#define MEM_BASE	0x10000ULL
#define MEM_SIZE	0x4000
#define MEM_RO_PAGE	3		/* last page: writes fault */
#define NR_X		32		/* slots x0..x31, f flags beside them */
#define SLOT_X(n)	(VMXL_SLOT_GUEST + (n))
#define SLOT_V(n)	(VMXL_SLOT_GUEST + NR_X + 2 * (n))
#define NR_V		8

/* How a unit was left */
enum left {
	LEFT_NEXT,		/* at an exit or an indirect jump, to pc */
	LEFT_LEAVE,		/* dispatch anew */
	LEFT_EXIT,
	LEFT_TRAP,		/* code, val */
	LEFT_FAULT,		/* code: enum vmxl_access, val: address */
	LEFT_BAD,		/* unit was refused */
};

struct outcome {
	enum left left;
	u32 code;
	u64 val;
	u64 pc;
	u64 icount;
	u64 fp_flags;
	u64 slot[VMXL_GS_NGUEST];
	u8 mem[MEM_SIZE];
};

/* One machine for the process */
struct machine {
	struct vmxl_vcpu vcpu;
	struct vmxl_vm vm;
	struct {
		u8 run[PAGE_SIZE];	/* vmxl_kicked() */
		struct vmxl_gstate gs;
	};
	struct vmxl_tlb tlb;
	struct vmxl_jcache jcache;
	struct vmxl_icode icode;
	struct vmxl_ir ir;
	u8 mem[MEM_SIZE] __aligned(4096);
	enum left event;
	u32 code;
	u64 val;
	u64 resv;
	bool fast;		/* the first-level TLB knows the memory */
	unsigned int nr_slow;
};

extern struct machine m;
extern const struct vmxl_guest test_guest;

void machine_reset(bool fast);

/* Select and run a unit on the machine as it is. */
int machine_run(const struct vmxl_ir *ir, long budget, struct outcome *out);
struct vmxl_block *machine_block(const struct vmxl_ir *ir);

/* The same by naive evaluation of the unit (eval.c), on a copy of the machine's state. */
void eval_run(const struct vmxl_ir *ir, struct outcome *out);
u64 eval_pure(const struct vmxl_op *op, u64 a, u64 b, u64 c);

/* Random units and states (gen.c), by rnd() */
void gen_unit(struct vmxl_ir *ir);
void gen_damage(struct vmxl_ir *ir);
void gen_state(u64 seed, bool fast);
bool cannot_compare(const struct vmxl_ir *ir);
bool same_ir(const struct vmxl_ir *x, const struct vmxl_ir *y);
bool same_outcome(const struct outcome *got, const struct outcome *want);
unsigned int pick(unsigned int n);

/* Helpers of the test guest, for both */
enum { HELPER_ADD, HELPER_SWAP, HELPER_LEAVE, HELPER_EXIT };

/* TAP */
void tap_ok(bool ok, const char *fmt, ...) __printf(2, 3);
void tap_note(const char *fmt, ...) __printf(1, 2);
int tap_done(void);

u64 rnd(void);
void rnd_seed(u64 seed);
u64 rnd_edge(void);
void print_to_stdout(void *ctx, const char *fmt, ...) __printf(2, 3);

#endif /* IR_HARNESS_H */
