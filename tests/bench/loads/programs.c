// SPDX-License-Identifier: GPL-2.0
/* Debian's programs as workloads, see programs.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "programs.h"
#include "work.h"

/* Text that is the same in the packages of all architectures; _sysconfigdata is not. */
#define TEXT(size) "cat /usr/lib/python3.13/[a-z]*.py | head -c $((N * " size "))"

/*
 * Each does a fixed amount of work, so that what it prints and the time of every
 * machine can be compared; "7z b" and "openssl speed" would work for a fixed time.
 * N is a percentage of that amount.
 */
static const struct {
	const char *name, *command;
} programs[] = {
	{ "7zip", TEXT("7000") " | 7z a -an -txz -mmt1 -mx5 -si -so | 7z x -txz -si -so | cksum" },
	{ "openssl-sha256", "head -c $((N * 2000000)) /dev/zero | openssl dgst -sha256 -r" },
	{ "openssl-prime", "for i in $(seq $((N / 11 + 1))); do "
			 "openssl prime -hex 7$(printf 'F%.0s' $(seq 319)); done" },
	{ "python3", "python3 /bench/mix.py $N" },
	{ "sqlite3", "sed s/@N@/$N/ /bench/rows.sql | sqlite3 :memory:" },
	{ "xz", TEXT("8000") " | xz -6 | cksum" },
	{ "gcc", "for i in $(seq $((N / 10 + 1))); do "
	       "gcc -O2 -S -o /dev/null /bench/sha256.c; done" },
	{ "stress-cpu", "stress-ng -q --cpu 1 --cpu-method int64 --cpu-ops $((N * 10))" },
	{ "stress-matrix", "stress-ng -q --matrix 1 --matrix-ops $((N * 20))" },
	{ "stress-switch", "stress-ng -q --switch 1 --switch-ops $((N * 700))" },
	{ "stress-vm", "stress-ng -q --vm 1 --vm-bytes 16m --vm-ops $((N * 200))" },
	{ "stress-fork", "stress-ng -q --fork 1 --fork-ops $((N * 10))" },
};

#define COUNT (sizeof(programs) / sizeof(programs[0]))

const char *program_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < COUNT; i++) {
		if (!strcmp(programs[i].name, name))
			return programs[i].command;
	}
	return NULL;
}

void program_list(void)
{
	unsigned int i;

	for (i = 0; i < COUNT; i++)
		printf("programs %s\n", programs[i].name);
}

/* FNV-1a of all that comes. */
static uint64_t checksum(FILE *f)
{
	uint64_t sum = 0xcbf29ce484222325;
	int c;

	while ((c = getc(f)) != EOF)
		sum = (sum ^ (uint8_t)c) * 0x100000001b3;
	return sum;
}

uint64_t program_run(const char *command, unsigned int percent)
{
	char number[16];
	uint64_t sum;
	FILE *f;

	snprintf(number, sizeof(number), "%u", percent);
	setenv("N", number, 1);
	setenv("PATH", "/usr/bin:/bin:/usr/sbin:/sbin", 1);
	/* The only place that can be written to */
	if (chdir("/tmp"))
		work_fail("chdir");
	work_begin();
	f = popen(command, "re");
	if (!f)
		work_fail("popen");
	sum = checksum(f);
	if (pclose(f))
		work_fail(command);
	return sum;
}
