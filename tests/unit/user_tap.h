/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TAP for the launcher's unit tests: ok() records a check, tap_run() runs a
 * table of tests, one TAP line each.
 */
#ifndef VMXL_TEST_USER_TAP_H
#define VMXL_TEST_USER_TAP_H

#include <stdio.h>

struct tap_test {
	const char *name;
	void (*run)(void);
};

static int tap_failures;

#define ok(cond)							\
	do {								\
		if (!(cond)) {						\
			tap_failures++;					\
			printf("# %s:%d: not so: %s\n", __FILE__, __LINE__, #cond); \
		}							\
	} while (0)

static inline int tap_run(const struct tap_test *tests, int nr)
{
	int i, before, failed = 0;

	printf("TAP version 13\n1..%d\n", nr);
	for (i = 0; i < nr; i++) {
		before = tap_failures;
		tests[i].run();
		failed += tap_failures != before;
		printf("%sok %d %s\n", tap_failures != before ? "not " : "", i + 1, tests[i].name);
		fflush(stdout);
	}
	return !!failed;
}

#endif
