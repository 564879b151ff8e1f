// SPDX-License-Identifier: GPL-2.0
/*
 * The program of all workloads, for any machine.
 *
 * work list       names the workloads: lines "GROUP NAME"
 * work [pin]      runs workloads; "pin": on one processor
 *
 * Input: one line "NAME PERCENT" for each workload to run on stdin, with PERCENT of
 * its usual iterations. Output, on stdout: "bench: ready" at the start, "bench: begin"
 * when a workload has prepared itself and "bench: end NAME CHECKSUM NANOSECONDS" at its
 * end, with the CPU time in between as this system counted it.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "programs.h"
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

static uint64_t began;

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

/* Microseconds of CPU time, the children's that have ended with it. */
static uint64_t spent(void)
{
	uint64_t sum = 0;
	struct rusage u;
	int i;

	for (i = 0; i < 2; i++) {
		getrusage(i ? RUSAGE_CHILDREN : RUSAGE_SELF, &u);
		sum += (uint64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000;
		sum += (uint64_t)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
	}
	return sum;
}

void work_begin(void)
{
	printf("bench: begin\n");
	fflush(stdout);
	began = spent();
}

static void end(const char *name, uint64_t sum)
{
	printf("bench: end %s %016" PRIx64 " %" PRIu64 "\n", name, sum,
	       (spent() - began) * 1000);
	fflush(stdout);
}

/* The time of fib grows by 1.62 with each step of its argument. */
static uint64_t scaled(unsigned int i, unsigned int percent)
{
	uint64_t n = workloads[i].count;

	if (!strcmp(workloads[i].name, "fib")) {
		for (; n > 1 && percent < 100; percent = percent * 81 / 50 + 1)
			n--;
		return n;
	}
	n = n * percent / 100;
	return n ? n : 1;
}

static void command(const char *name, unsigned int percent)
{
	const char *program = program_find(name);
	unsigned int i;

	for (i = 0; i < COUNT; i++) {
		if (!strcmp(workloads[i].name, name)) {
			end(name, workloads[i].run(scaled(i, percent)));
			return;
		}
	}
	if (!program)
		work_fail("no such workload");
	end(name, program_run(program, percent));
}

static int list(void)
{
	unsigned int i;

	for (i = 0; i < COUNT; i++)
		printf("%s %s\n", workloads[i].group, workloads[i].name);
	program_list();
	return 0;
}

/* A guest has one processor: processes that talk to each other share it here too. */
static void pin(void)
{
	cpu_set_t set;
	int i;

	if (sched_getaffinity(0, sizeof(set), &set))
		work_fail("sched_getaffinity");
	for (i = 0; i < CPU_SETSIZE - 1 && !CPU_ISSET(i, &set); i++)
		;
	CPU_ZERO(&set);
	CPU_SET(i, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		work_fail("sched_setaffinity");
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	unsigned int percent;
	char line[80], name[40];

	/* What the workload "exec" executes. */
	if (!strcmp(what, "exit"))
		return 3;
	if (!strcmp(what, "list"))
		return list();
	if (!strcmp(what, "pin"))
		pin();
	printf("bench: ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "%39s %u", name, &percent) == 2)
			command(name, percent);
	}
	return 0;
}
