// SPDX-License-Identifier: GPL-2.0
/*
 * The harness. See tap.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tap.h"

#define KSFT_PASS	0
#define KSFT_FAIL	1
#define KSFT_SKIP	4

enum { PASSED, FAILED, SKIPPED };

static jmp_buf end_of_test;
static const char *skip_reason;
static const char *context;
static unsigned int count[3];

void tap_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("# ");
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
}

void tap_fail(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("# %s:%d: ", file, line);
	if (context)
		printf("%s: ", context);
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
	longjmp(end_of_test, 1 + FAILED);
}

void tap_skip(const char *why)
{
	skip_reason = why;
	longjmp(end_of_test, 1 + SKIPPED);
}

void tap_context(const char *what)
{
	context = what;
}

static void run_test(const struct test *t, unsigned int number)
{
	int how = setjmp(end_of_test);

	if (!how) {
		tap_context(NULL);
		t->fn();
		how = 1 + PASSED;
	}
	how--;
	count[how]++;
	printf("%s %u %s", how == FAILED ? "not ok" : "ok", number, t->name);
	if (how == SKIPPED)
		printf(" # SKIP %s", skip_reason);
	printf("\n");
	fflush(stdout);
}

static bool wanted(int argc, char **argv, const char *name)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], name))
			return true;
	return argc < 2;
}

int tap_main(int argc, char **argv, const struct test *tests, unsigned int nr)
{
	unsigned int i, plan = 0, number = 0;

	if (argc == 2 && !strcmp(argv[1], "-l")) {
		for (i = 0; i < nr; i++)
			puts(tests[i].name);
		return 0;
	}
	for (i = 0; i < nr; i++)
		plan += wanted(argc, argv, tests[i].name);
	printf("TAP version 13\n1..%u\n", plan);
	fflush(stdout);
	for (i = 0; i < nr; i++)
		if (wanted(argc, argv, tests[i].name))
			run_test(&tests[i], ++number);
	printf("# Totals: pass:%u fail:%u xfail:0 xpass:0 skip:%u error:0\n",
	       count[PASSED], count[FAILED], count[SKIPPED]);
	fflush(stdout);
	if (count[FAILED] || !plan)
		return KSFT_FAIL;
	return count[PASSED] ? KSFT_PASS : KSFT_SKIP;
}
