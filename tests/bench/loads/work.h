/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The workloads of "make bench": each is a function of an iteration count that
 * returns a checksum, the same on every machine. The counts are what a native run
 * of about 0.3 s takes. A row here is all that a workload in a new file needs.
 */
#ifndef WORK_H
#define WORK_H

#include <stdint.h>

/* group, name, iterations */
#define WORKLOADS(X)					\
	X(integer,  sort,     27)			\
	X(integer,  sha256,   1500000)			\
	X(integer,  list,     12000)			\
	X(integer,  matrix,   100)			\
	X(integer,  crc,      150)			\
	X(integer,  div,      50000000)			\
	X(fp,       matmul,   43)			\
	X(fp,       nbody,    6000000)			\
	X(fp,       fma,      1200000000)			\
	X(indirect, fnptr,    180000000)			\
	X(indirect, dispatch, 430000000)			\
	X(indirect, fib,      41)			\
	X(memory,   chase,    2000000)			\
	X(memory,   copy,     2000)			\
	X(memory,   memcpy,   4000)			\
	X(os,       syscall,  2500000)			\
	X(os,       signal,   140000)			\
	X(os,       pipe,     70000)			\
	X(os,       fault,    200000)			\
	X(os,       mprotect, 180000)			\
	X(os,       fork,     4000)			\
	X(os,       exec,     900)

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

/* What was to be prepared is: from here to its end the workload is timed. */
void work_begin(void);

/* Memory of size bytes, zeroed and present; ends the program when there is none. */
void *work_alloc(uint64_t size);

/* Ends the program: a system call failed that cannot. */
void work_fail(const char *what) __attribute__((noreturn));

#endif
