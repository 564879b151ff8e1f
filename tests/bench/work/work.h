/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The workloads of "make bench": each is a function of an iteration count that
 * returns a checksum, the same on every machine. The counts are what a native run
 * of about 0.3 s takes.
 */
#ifndef WORK_H
#define WORK_H

#include <stdint.h>

/* group, name, iterations */
#define WORKLOADS(X)					\
	X(integer,  sort,     6)			\
	X(integer,  sha256,   80000)			\
	X(integer,  list,     2500)			\
	X(integer,  matrix,   20)			\
	X(integer,  crc,      50)			\
	X(integer,  div,      25000000)			\
	X(fp,       matmul,   10)			\
	X(fp,       nbody,    1000000)			\
	X(fp,       fma,      70000000)			\
	X(indirect, fnptr,    60000000)			\
	X(indirect, dispatch, 60000000)			\
	X(indirect, fib,      37)			\
	X(memory,   chase,    3000000)			\
	X(memory,   copy,     150)			\
	X(memory,   memcpy,   300)			\
	X(os,       syscall,  2000000)			\
	X(os,       signal,   200000)			\
	X(os,       pipe,     60000)			\
	X(os,       fault,    200000)			\
	X(os,       mprotect, 150000)			\
	X(os,       fork,     2500)			\
	X(os,       exec,     800)

#define WORK_DECLARE(group, name, count) uint64_t work_##name(uint64_t n);
WORKLOADS(WORK_DECLARE)

/* xorshift64: data that is the same everywhere; the state must not be 0. */
static inline uint64_t work_random(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return *state = x;
}

/* Memory of size bytes, zeroed and present; ends the program when there is none. */
void *work_alloc(uint64_t size);

/* Ends the program: a system call failed that cannot. */
void work_fail(const char *what) __attribute__((noreturn));

#endif
