// SPDX-License-Identifier: GPL-2.0
/*
 * The program of all workloads, for any machine. Input: one line "NAME PERCENT" for
 * each workload to run on stdin, with PERCENT of its usual iterations. Output, on
 * stdout: "bench: ready" at the start, "bench: begin" before and "bench: end NAME
 * CHECKSUM NANOSECONDS" after a workload, with the CPU time that this system counted.
 * "bench: list" before them names workloads and groups when the argument is "list".
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "work.h"

static const struct {
	const char *group, *name;
	uint64_t count;
	uint64_t (*run)(uint64_t n);
} workloads[] = {
#define ROW(group, name, count) { #group, #name, count, work_##name },
	WORKLOADS(ROW)
};

#define COUNT (sizeof(workloads) / sizeof(workloads[0]))

void work_fail(const char *what)
{
	printf("bench: fail %s\n", what);
	fflush(stdout);
	_exit(1);
}

void *work_alloc(uint64_t size)
{
	void *p = malloc(size);

	if (!p)
		work_fail("no memory");
	memset(p, 0, size);
	return p;
}

static uint64_t spent(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return (uint64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000000 +
	       (uint64_t)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1000;
}

/* The smaller a fib's argument, the more the percentage counts: it is logarithmic. */
static uint64_t scaled(unsigned int i, unsigned int percent)
{
	uint64_t n = workloads[i].count;

	if (!strcmp(workloads[i].name, "fib")) {
		for (; n > 1 && percent < 100; percent = percent * 81 / 50)
			n--;
		return n;
	}
	n = n * percent / 100;
	return n ? n : 1;
}

static void run(unsigned int i, unsigned int percent)
{
	uint64_t before = spent(RUSAGE_SELF) + spent(RUSAGE_CHILDREN), sum;

	printf("bench: begin\n");
	fflush(stdout);
	sum = workloads[i].run(scaled(i, percent));
	printf("bench: end %s %016" PRIx64 " %" PRIu64 "\n", workloads[i].name, sum,
	       spent(RUSAGE_SELF) + spent(RUSAGE_CHILDREN) - before);
	fflush(stdout);
}

static void command(const char *name, unsigned int percent)
{
	unsigned int i;

	for (i = 0; i < COUNT; i++) {
		if (!strcmp(workloads[i].name, name)) {
			run(i, percent);
			return;
		}
	}
	work_fail("no such workload");
}

static int list(void)
{
	unsigned int i;

	for (i = 0; i < COUNT; i++)
		printf("%s %s\n", workloads[i].group, workloads[i].name);
	return 0;
}

int main(int argc, char **argv)
{
	char line[80], name[40];
	unsigned int percent;

	if (argc > 1 && !strcmp(argv[1], "exit"))
		return 3;
	if (argc > 1 && !strcmp(argv[1], "list"))
		return list();
	printf("bench: ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "%39s %u", name, &percent) == 2)
			command(name, percent);
	}
	return 0;
}
