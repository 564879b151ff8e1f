/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory image that test instructions run in, the same for our machine
 * and for the oracle (qemu-riscv64): code that loads registers, jumps to a
 * test's instructions and stores the registers again, for one test after the
 * other. Shared by C and assembly.
 *
 * Tests may use every register but x31; what they leave in x31 is not seen.
 *
 * Our machine executes it in M-mode; or in U-mode or S-mode with page tables, and
 * every exception and interrupt delegated to S-mode, which has IMG_STRAP.
 */
#ifndef TESTS_RV64_IMAGE_H
#define TESTS_RV64_IMAGE_H

#define IMG_BASE	0x40000000	/* the code of runner.S: entries below */
#define IMG_DUMP	0x40000000	/* tests jump here when they are done */
#define IMG_RUN		0x40000008	/* a0: first case, a1: how many; returns */
#define IMG_TRAP	0x40000010	/* mtvec of our machine */
#define IMG_DONE	0x40000018	/* leaves our machine by a store to address 0 */
#define IMG_CTL		0x40001000	/* runner's own variables */
#define IMG_DATA	0x40002000	/* two pages that tests write */
#define IMG_SANDBOX	0x40002f00	/* 512 bytes in two pages */
#define IMG_MIDDLE	0x40003000	/* what x31 is at entry */
#define IMG_HOLE	0x40004000	/* a page without access (M-mode has it) */
#define IMG_RDONLY	0x40005000	/* one that is not written */
#define IMG_STRAP	0x40006000	/* stvec of our machine; never for U-mode */
#define IMG_TABLES	0x40008000	/* page tables: root and two more */
#define IMG_CODE	0x40010000	/* tests' instructions, up to CASES */
#define IMG_CASES	0x40400000
#define IMG_END		0x41000000
#define IMG_SYSCALL	0x5ca11000	/* x17 of an ecall that returns, to U-mode */
#define IMG_MEM		64		/* dwords of the sandbox */

/* struct image_case, in bytes */
#define CASE_CODE	0
#define CASE_TRAP	8
#define CASE_TVAL	16
#define CASE_IN		24
#define CASE_OUT	1056
#define CASE_SIZE	2088
/* struct image_state */
#define STATE_FCSR	0
#define STATE_X		8
#define STATE_F		264
#define STATE_MEM	520
#define STATE_SIZE	1032

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct image_state {
	uint64_t fcsr;
	uint64_t x[32];
	uint64_t f[32];
	uint64_t mem[IMG_MEM];
};

/* trap: 1 + cause of the exception that ended the test, or 0 */
struct image_case {
	uint64_t code;
	uint64_t trap, tval;
	struct image_state in, out;
};

_Static_assert(sizeof(struct image_case) == CASE_SIZE, "case");
_Static_assert(offsetof(struct image_case, in) == CASE_IN, "in");
_Static_assert(offsetof(struct image_case, out) == CASE_OUT, "out");
_Static_assert(sizeof(struct image_state) == STATE_SIZE, "state");
_Static_assert(offsetof(struct image_state, x) == STATE_X, "x");
_Static_assert(offsetof(struct image_state, f) == STATE_F, "f");
_Static_assert(offsetof(struct image_state, mem) == STATE_MEM, "mem");
#endif

#endif /* TESTS_RV64_IMAGE_H */
