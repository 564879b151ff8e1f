/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VM for the RV64 tests: the real one, without its files. Tests call the
 * guest's functions themselves; no guest code is executed.
 */
#ifndef RV64_ENV_H
#define RV64_ENV_H

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <shim/shim.h>
#include <shim/tap.h>
#include "../../kmod/guest/rv64/csr.h"
#include "../../kmod/guest/rv64/pmp.h"
#include "../../kmod/guest/rv64/rv64.h"
#include "../../kmod/guest/rv64/sbi.h"
#include "../../kmod/memslot.h"
#include "../../kmod/mmu/mem.h"
#include "../../kmod/mmu/tlb.h"

#define ENV_RAM		0x80000000ULL
#define ENV_RAM_SIZE	(4ULL << 20)
#define ENV_VCPUS	3

struct env {
	struct vmxl_vm *vm;
	struct vmxl_vcpu *vcpu[ENV_VCPUS];
	struct vmxl_vcpu *v;		/* vcpu[0] */
	struct vmxl_rv64_regs *r;	/* its registers */
	u8 *ram;
	int srcu;
};

/* In a loop: only a failure is a line. */
#define check(cond, fmt...) do {	\
	if (!(cond))			\
		ok(0, fmt);		\
} while (0)

static u64 env_seed = 0x243f6a8885a308d3ULL;

static inline u64 rnd(void)
{
	env_seed ^= env_seed << 13;
	env_seed ^= env_seed >> 7;
	env_seed ^= env_seed << 17;
	return env_seed * 0x9e3779b97f4a7c15ULL;
}

/* Of all the values that an architectural field may have, the odd ones */
static inline u64 rnd_odd(void)
{
	switch (rnd() >> 60) {
	case 0:
		return 0;
	case 1:
		return ~0ULL;
	case 2 ... 5:
		return 1ULL << (rnd() >> 58);
	case 6 ... 8:
		return ~0ULL << (rnd() >> 58);
	default:
		return rnd();
	}
}

void env_open(struct env *e, u32 flags);
void env_close(struct env *e);

/* A pristine vCPU in @mode */
static inline void env_reset(struct env *e, enum vmxl_rv64_mode mode)
{
	vmxl_tlb_flush(e->v);
	vmxl_rv64_reset(e->v);
	rv_arch(e->v)->lines = 0;
	e->r->mode = mode;
	vmxl_rv64_mmu_update(e->v);
}

static inline u64 csr(struct env *e, u32 nr)
{
	u64 val = 0xdead;

	check(!vmxl_rv64_csr_get(e->v, nr, &val), "CSR 0x%x is there", nr);
	return val;
}

#endif
