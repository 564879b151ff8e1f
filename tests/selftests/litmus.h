/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Litmus tests: a few threads of a few memory accesses each, and what they may see.
 * A thread is a string of operations with blanks between:
 *
 *	x=1		store to x, y or z
 *	r0=x		load; each register of a test is written once
 *	r0=x=1		swap: the old value is loaded
 *	F Frr Fr* Ft	fence rw,rw; r,r; r,rw; tso (and more, see litmus.c)
 *
 * with an optional dependency on the register that the thread read last in front,
 * "a:" of the address, "d:" of the value stored, "c:" control; and behind a store,
 * load or swap how it is made:
 *
 *	.amo .aq .rl .aqrl		an AMO with these bits
 *	.sc .scaq .scrl .scaqrl		LR and SC with them (a load: the LR alone)
 *
 * An outcome is a string of digits: the registers in order, then what is in memory at
 * the end for the variables that the test names. What sequential consistency allows
 * (litmus_sc()) is always allowed; "weak" are outcomes that RVWMO allows beside it;
 * anything else is forbidden, "forbidden" says what a failure would be expected to be.
 */
#ifndef SELFTESTS_LITMUS_H
#define SELFTESTS_LITMUS_H

#include <stdbool.h>
#include <stdint.h>

#define LITMUS_THREADS	4
#define LITMUS_REGS	4
#define LITMUS_VARS	3
#define LITMUS_OPS	8
#define LITMUS_DIGITS	(LITMUS_REGS + LITMUS_VARS)
#define LITMUS_CODE	64	/* instructions of a thread, at most */

struct litmus {
	const char *name;
	const char *thread[LITMUS_THREADS];
	const char *finals;	/* variables, as "xy"; NULL: none */
	const char *weak;	/* outcomes with blanks between; NULL: none */
	const char *forbidden;
};

enum litmus_kind { LITMUS_LOAD, LITMUS_STORE, LITMUS_SWAP, LITMUS_FENCE };
enum litmus_how { LITMUS_PLAIN, LITMUS_AMO, LITMUS_LRSC };

struct litmus_op {
	enum litmus_kind kind;
	enum litmus_how how;
	unsigned int order;	/* RV_AQ, RV_RL */
	unsigned int fm, pred, succ;
	unsigned int var, reg, val;
	char dep;		/* 0, 'a', 'd', 'c' */
	unsigned int dep_reg;
};

/* A test, read; owner: which thread writes a register */
struct litmus_parsed {
	unsigned int nr_threads, nr_regs, nr_finals;
	unsigned int nr[LITMUS_THREADS];
	struct litmus_op op[LITMUS_THREADS][LITMUS_OPS];
	unsigned int owner[LITMUS_REGS];
	unsigned int final[LITMUS_VARS];
};

/* Read a test; one that cannot be read fails the current test (tap.h). */
void litmus_parse(const struct litmus *t, struct litmus_parsed *p);

/*
 * The code of a thread: result registers a0 to a3, addresses of the variables in s0, s1
 * and tp; t0 to t2 are changed. @width is RV_W or RV_D. Returns the number of instructions.
 */
unsigned int litmus_code(const struct litmus_parsed *p, unsigned int thread, unsigned int width,
			 uint32_t *code);

/* Call @see for each outcome of each interleaving. */
void litmus_sc(const struct litmus_parsed *p,
	       void (*see)(void *arg, const unsigned int *digits), void *arg);

#endif
