/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Test programs write TAP: ok() for each check, tap_done() as main()'s result.
 */
#ifndef SHIM_TAP_H
#define SHIM_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static unsigned int tap_nr, tap_failed;

static inline __attribute__((__format__(printf, 4, 5)))
bool tap_ok(bool good, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	tap_nr++;
	tap_failed += !good;
	printf("%sok %u - ", good ? "" : "not ", tap_nr);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	if (!good)
		printf("# failed at %s:%d\n", file, line);
	fflush(stdout);
	return good;
}

#define ok(cond, fmt...)	tap_ok(cond, __FILE__, __LINE__, fmt)
#define ok_eq(a, b, what) do {						\
	long long tap_a_ = (a), tap_b_ = (b);				\
	if (!ok(tap_a_ == tap_b_, "%s", what))				\
		printf("# %lld (0x%llx), expected %lld (0x%llx)\n",	\
		       tap_a_, tap_a_, tap_b_, tap_b_);			\
} while (0)

/* A check inside a loop: only its failure is a line. */
#define ok_quiet(cond, fmt...)	((cond) || ok(0, fmt))

static inline void tap_skip(const char *why)
{
	printf("ok %u # SKIP %s\n", ++tap_nr, why);
}

static inline int tap_done(void)
{
	printf("1..%u\n", tap_nr);
	return tap_failed ? 1 : 0;
}

#endif
