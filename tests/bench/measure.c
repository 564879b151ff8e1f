// SPDX-License-Identifier: GPL-2.0
/*
 * Host CPU time of workloads in several subjects, interleaved.
 *
 * measure ROUNDS PERCENT SUBJECTS WORKLOAD...
 *
 * SUBJECTS is a file of lines "NAME COMMAND"; each command ends up in the program of
 * tests/bench/work on its stdin and stdout, perhaps in a guest. All are started, and
 * all but the one that runs are stopped by SIGSTOP. Output: lines "SUBJECT WORKLOAD
 * ROUND NANOSECONDS CHECKSUM"; the workload "boot" is the time until the program is
 * ready. The time is that of the whole process of the command, read at the markers;
 * of the subject "native" it is what the program says, which includes its children.
 * The exit status is 1 when a subject failed or a checksum differs.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SUBJECTS 8
#define PATIENCE_MS 600000

struct subject {
	char name[32], command[4096];
	pid_t pid;
	int to, from;
	size_t have;
	char text[4096];
};

static struct subject subjects[SUBJECTS];
static unsigned int count;
static int status;

static uint64_t nanoseconds(clockid_t clock)
{
	struct timespec t = { 0 };

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static uint64_t spent(const struct subject *s)
{
	clockid_t clock;

	return clock_getcpuclockid(s->pid, &clock) ? 0 : nanoseconds(clock);
}

/* The next line, without its end, in line; 0 at the end or after too long. */
static int next_line(struct subject *s, char *line, size_t size)
{
	struct pollfd p = { .fd = s->from, .events = POLLIN };
	uint64_t end = nanoseconds(CLOCK_MONOTONIC) / 1000000 + PATIENCE_MS, now;
	char *eol;
	ssize_t n;

	while (!(eol = memchr(s->text, '\n', s->have))) {
		if (s->have == sizeof(s->text))
			s->have = 0;
		now = nanoseconds(CLOCK_MONOTONIC) / 1000000;
		if (now >= end || poll(&p, 1, (int)(end - now)) <= 0)
			return 0;
		n = read(s->from, s->text + s->have, sizeof(s->text) - s->have);
		if (n <= 0)
			return 0;
		s->have += (size_t)n;
	}
	*eol = 0;
	snprintf(line, size, "%.*s", (int)size - 1, s->text);
	s->have -= (size_t)(eol + 1 - s->text);
	memmove(s->text, eol + 1, s->have);
	return 1;
}

/* Skip lines until one with "bench: WORD"; what follows WORD, or NULL. */
static char *expect(struct subject *s, const char *word, char *line, size_t size)
{
	char *at;

	while (next_line(s, line, size)) {
		at = strstr(line, "bench: ");
		if (at && !strncmp(at + 7, word, strlen(word)))
			return at + 7 + strlen(word);
		if (at && !strncmp(at + 7, "fail", 4))
			break;
	}
	return NULL;
}

static void lose(struct subject *s, const char *what)
{
	fprintf(stderr, "measure: %s: failed in %s\n", s->name, what);
	status = 1;
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	close(s->to);
	close(s->from);
	s->pid = 0;
}

static void child(const struct subject *s, const int *in, const int *out)
{
	char command[4200];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(in[0], 0);
	dup2(out[1], 1);
	snprintf(command, sizeof(command), "exec %s", s->command);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static void boot(struct subject *s)
{
	int in[2], out[2];
	char line[512];

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		exit(2);
	s->pid = fork();
	if (s->pid < 0)
		exit(2);
	if (!s->pid)
		child(s, in, out);
	close(in[0]);
	close(out[1]);
	s->to = in[1];
	s->from = out[0];
	if (!expect(s, "ready", line, sizeof(line))) {
		lose(s, "boot");
		return;
	}
	printf("%s boot 0 %llu -\n", s->name, (unsigned long long)spent(s));
	fflush(stdout);
	kill(s->pid, SIGSTOP);
}

/* Run a workload; its checksum must be want, or becomes it. */
static void work(struct subject *s, const char *name, int round, int percent, char *want)
{
	unsigned long long inside, before, after;
	char line[512], sum[32], *at;

	kill(s->pid, SIGCONT);
	dprintf(s->to, "%s %d\n", name, percent);
	at = expect(s, "begin", line, sizeof(line));
	before = spent(s);
	if (at)
		at = expect(s, "end", line, sizeof(line));
	after = spent(s);
	if (!at || sscanf(at, "%*s %31s %llu", sum, &inside) != 2) {
		lose(s, name);
		return;
	}
	kill(s->pid, SIGSTOP);
	if (*want && strcmp(want, sum)) {
		fprintf(stderr, "measure: %s: %s is %s, not %s\n", s->name, name, sum, want);
		status = 1;
	}
	strcpy(want, sum);
	printf("%s %s %d %llu %s\n", s->name, name, round,
	       strcmp(s->name, "native") ? after - before : inside, sum);
	fflush(stdout);
}

static void read_subjects(const char *file)
{
	struct subject *s;
	FILE *f = fopen(file, "re");

	if (!f) {
		perror(file);
		exit(2);
	}
	for (; count < SUBJECTS; count++) {
		s = &subjects[count];
		if (fscanf(f, "%31s %4095[^\n]", s->name, s->command) != 2)
			break;
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	int rounds, percent, round, w;
	unsigned int i;

	if (argc < 5) {
		fprintf(stderr, "usage: measure ROUNDS PERCENT SUBJECTS WORKLOAD...\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	rounds = atoi(argv[1]);
	percent = atoi(argv[2]);
	read_subjects(argv[3]);
	for (i = 0; i < count; i++)
		boot(&subjects[i]);
	for (round = 0; round < rounds; round++) {
		for (w = 4; w < argc; w++) {
			char sum[32] = "";

			for (i = 0; i < count; i++) {
				if (subjects[i].pid)
					work(&subjects[i], argv[w], round, percent, sum);
			}
		}
	}
	for (i = 0; i < count; i++) {
		if (subjects[i].pid) {
			kill(subjects[i].pid, SIGKILL);
			waitpid(subjects[i].pid, NULL, 0);
		}
	}
	return status;
}
