/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A test program is a table of test functions. Its output is TAP as the
 * kernel's kselftest has it, its exit status 0 (passed), 1 (failed) or 4 (all
 * skipped). A failed check says where and what, and ends its test function.
 *
 *	static void my_test(void) { CHECK_EQ(1 + 1, 2); }
 *	static const struct test tests[] = { TEST(my_test) };
 *	TEST_MAIN(tests)
 */
#ifndef SELFTESTS_TAP_H
#define SELFTESTS_TAP_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct test {
	const char *name;
	void (*fn)(void);
};

#define TEST(function)	{ #function, function }
#define TEST_MAIN(table)						\
	int main(int argc, char **argv)					\
	{								\
		return tap_main(argc, argv, table,			\
				sizeof(table) / sizeof((table)[0]));	\
	}

/* "prog -l" lists the tests, "prog NAME..." runs those. */
int tap_main(int argc, char **argv, const struct test *tests, unsigned int nr);

void tap_fail(const char *file, int line, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 3, 4)));
void tap_skip(const char *why) __attribute__((noreturn));
void tap_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* What a failure of the current test is about, for tests that walk a table; NULL: nothing */
void tap_context(const char *what);

#define FAIL(...)	tap_fail(__FILE__, __LINE__, __VA_ARGS__)

#define CHECK(cond) do {						\
	if (!(cond))							\
		FAIL("%s", #cond);					\
} while (0)

#define CHECK_EQ(got, want) do {					\
	unsigned long long got_ = (unsigned long long)(got);		\
	unsigned long long want_ = (unsigned long long)(want);		\
									\
	if (got_ != want_)						\
		FAIL("%s is %lld (0x%llx), want %s (0x%llx)", #got,	\
		     (long long)got_, got_, #want, want_);		\
} while (0)

/* A call that must succeed, in the manner of system calls; its value is the call's. */
#define CHECK_OK(call) ({						\
	long ret_ = (long)(call);					\
									\
	if (ret_ < 0)							\
		FAIL("%s: %s", #call, strerror(errno));			\
	ret_;								\
})

/* A call that must fail with just this error */
#define CHECK_ERR(call, err) do {					\
	long ret_;							\
									\
	errno = 0;							\
	ret_ = (long)(call);						\
	if (ret_ != -1 || errno != (err))				\
		FAIL("%s: returned %ld (%s), want %s", #call, ret_,	\
		     ret_ < 0 ? strerror(errno) : "success", #err);	\
} while (0)

#endif
