/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VM whose region of translated code is not mapped anywhere: what is in it is
 * read, and nothing is executed (tests/unit/x86_test.c, and the guests, do).
 */
#ifndef CODE_ENV_H
#define CODE_ENV_H

#include <stdio.h>
#include "rv64_env.h"
#include "../../kmod/codegen/cache.h"
#include "../../kmod/codegen/code.h"

#define X_BASE		0x100000000000ULL	/* where the region would be */
#define ROOT_U		(ENV_RAM + 0x1000)	/* page tables: 1 GiB at ENV_RAM, U-mode's */
#define ROOT_S		(ENV_RAM + 0x2000)	/* the same, S-mode's */
#define CODE		(ENV_RAM + 0x10000)

#define INSN_I(op, f3, rd, rs1, imm) \
	((u32)(imm) << 20 | (rs1) << 15 | (f3) << 12 | (rd) << 7 | (op))
#define ADDI(rd, rs1, imm)	INSN_I(0x13, 0, rd, rs1, imm)
#define LD(rd, rs1, imm)	INSN_I(0x03, 3, rd, rs1, imm)
#define JALR(rd, rs1, imm)	INSN_I(0x67, 0, rd, rs1, imm)
#define CSRR(rd, csr)		INSN_I(0x73, 2, rd, 0, csr)
#define EBREAK			0x100073u
#define LR_D(rd, rs1)		(0x1000302fu | (rs1) << 15 | (rd) << 7)
#define AUIPC(rd)		((rd) << 7 | 0x17u)

static struct env e;
static struct vmxl_code *code;
static struct vmxl_cache *cache;

static inline u32 jal(s32 disp)
{
	return (disp >> 20 & 1) << 31 | (disp >> 1 & 0x3ff) << 21 | (disp >> 11 & 1) << 20 |
	       (disp >> 12 & 0xff) << 12 | 0x6f;
}

static inline u32 bne(unsigned int rs1, unsigned int rs2, s32 disp)
{
	return (disp >> 12 & 1) << 31 | (disp >> 5 & 0x3f) << 25 | rs2 << 20 | rs1 << 15 |
	       1 << 12 | (disp >> 1 & 0xf) << 8 | (disp >> 11 & 1) << 7 | 0x63;
}

static inline void put(u64 gpa, u32 insn)
{
	memcpy(e.ram + (gpa - ENV_RAM), &insn, sizeof(insn));
}

static inline void map_gigabyte(u64 root, u64 flags)
{
	u64 pte = (ENV_RAM >> 12) << 10 | flags;

	memcpy(e.ram + (root - ENV_RAM) + (ENV_RAM >> 30 & 0x1ff) * 8, &pte, sizeof(pte));
}

static inline void enter_mode(struct vmxl_vcpu *v, enum vmxl_rv64_mode mode)
{
	struct vmxl_rv64_regs *r = rv_regs(v);

	r->mode = mode;
	r->mstatus &= ~(RV_MSTATUS_SUM | RV_MSTATUS_MXR | RV_MSTATUS_MPRV);
	r->satp = (u64)RV_MODE_SV39 << RV_SATP_MODE_SHIFT | (mode == RV_U ? ROOT_U : ROOT_S) >> 12;
	r->pmpcfg[0] = 0x1f;		/* everything, for everybody */
	r->pmpaddr[0] = ~0ULL >> 10;
	vmxl_rv64_pmp_update(v);
	vmxl_rv64_mmu_update(v);
}

static inline void open_vm(size_t size)
{
	unsigned int i;

	env_open(&e, 0);
	code = e.vm->code;
	cache = e.vm->cache;
	code->size = size;
	code->x = X_BASE;
	map_gigabyte(ROOT_U, 0xdf);
	map_gigabyte(ROOT_S, 0xcf);
	for (i = 0; i < ENV_VCPUS; i++)
		enter_mode(e.vcpu[i], RV_U);
	ok_eq(vmxl_code_ready(code), 0, "the region is ready");
}

static inline void close_vm(void)
{
	env_close(&e);
}

static inline struct vmxl_block *block_at(struct vmxl_vcpu *v, u64 pc)
{
	struct vmxl_block *b = NULL;

	v->gs->pc = pc;
	check(vmxl_block_get(v, &b) == VMXL_ACT_NEXT, "a block at 0x%llx", pc);
	return b;
}

static inline u8 *written(u32 off)
{
	return (u8 *)page_address(code->page[off >> PAGE_SHIFT]) + offset_in_page(off);
}

/* Where the jump of an exit leads */
static inline u64 leads_to(struct vmxl_block *b, unsigned int exit)
{
	u32 site = b->host->at + b->host->exits[exit].site;
	s32 disp;

	memcpy(&disp, written(site), sizeof(disp));
	return code->x + site + 4 + disp;
}

static inline u64 stub_of(struct vmxl_block *b, unsigned int exit)
{
	return code->x + b->host->at + b->host->exits[exit].stub;
}

static inline u64 entry_of(struct vmxl_block *b)
{
	return vmxl_code_entry(code, b->host);
}

static inline bool in_limbo(u64 x)
{
	struct vmxl_hblock *h = vmxl_code_find(code, x);

	return h && !h->block;
}

/* Something that goes through limbo when it can */
static inline void turn(void)
{
	long at = vmxl_code_reserve(code, 1);

	check(at > 0, "a line");
	vmxl_code_unreserve(code, at, 1);
}

/* Blocks at CODE: an addition, then back to another; one that goes on behind a branch */
#define A	(CODE + 0x100)
#define B	(CODE + 0x000)
#define FAR	(CODE + 0x1000)

static inline void write_blocks(void)
{
	put(A, ADDI(10, 10, 1));
	put(A + 4, LD(11, 10, 8));
	put(A + 8, jal((s32)(B - (A + 8))));
	put(B, ADDI(11, 11, -1));
	put(B + 4, bne(11, 0, (s32)(A - (B + 4))));
	put(B + 8, ADDI(12, 0, 5));
	put(B + 12, jal(FAR - (B + 12)));
	put(FAR, LD(10, 11, 0));
	put(FAR + 4, JALR(0, 1, 0));
}

/* A region with room for few */
#define NR_SMALL	1500

static inline u64 small_pc(unsigned int i)
{
	return CODE + 64 * i;
}

static inline void write_small(void)
{
	unsigned int i, k;

	for (i = 0; i < NR_SMALL; i++) {
		for (k = 0; k < 4 + i % 8; k++)
			put(small_pc(i) + 4 * k, LD(10 + k % 3, 10, 8 * k));
		put(small_pc(i) + 4 * k, JALR(0, 1, 0));
	}
}

/* Each line belongs to the block that says so, and none is lost. */
static inline bool lines_ok(void)
{
	unsigned int i, n = 0, own = 0, all = code->size >> 7;
	struct vmxl_hblock *h;

	for (i = 0; i < all; i++) {
		h = code->line[i];
		n += test_bit(i, code->map);
		if (h && (i < h->at >> 7 || i > (h->at + h->len - 1) >> 7 ||
			  !test_bit(i, code->map)))
			return false;
		own += !!h;
	}
	return n * 128 == code->used && own + (code->stub[VMXL_STUB_FAULT] >> 7) < n + 16 &&
	       code->used <= code->size;
}

/* A vCPU comes by. */
static inline bool is_reached(struct vmxl_block *b)
{
	u64 x;

	vmxl_code_enter(e.v);
	x = vmxl_code_target(code, b);
	vmxl_code_leave(e.v);
	return x;
}

static inline void compile_small(unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		check(!vmxl_compile(e.v, block_at(e.v, small_pc(i))), "block %u has code", i);
}

#endif /* CODE_ENV_H */
