// SPDX-License-Identifier: GPL-2.0
/*
 * Host CPU time of workloads in several subjects, interleaved.
 *
 * measure [-l SECONDS] [-t SECONDS] ROUNDS PERCENT SUBJECTS WORKLOAD...
 *
 * SUBJECTS is a file of lines "NAME COMMAND"; each command ends up in the program of
 * tests/bench/loads on its stdin and stdout, perhaps in a guest. All are started, and
 * all but the one that runs are stopped by SIGSTOP. Output: lines "SUBJECT WORKLOAD
 * ROUND NANOSECONDS CHECKSUM". The time is that of the whole process of the command,
 * read at the markers that the program prints; of the subject "native" it is what the
 * program says, which includes its children. The workload "boot" starts a subject
 * anew, and takes until the guest's first process says "bench: init".
 *
 * What is not at its end after the seconds of -l (600) counts with what it took until
 * then, and "late" as its checksum. After those of -t nothing more is begun, but all have
 * a first round; how many samples were not taken is told. So is the progress, on stderr.
 *
 * The exit status is 1 when a subject failed or a checksum differs; a subject that
 * failed or was late is started again for the next workload, a few times.
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
#define FAILURES 3
#define LATE "late"

struct subject {
	char name[32], command[4096];
	pid_t pid;
	int to, from;
	int failures;
	size_t have;
	char text[4096];
};

static struct subject subjects[SUBJECTS];
static unsigned int count;
static int status;
/* Samples: of all, taken or not, and not */
static unsigned int wanted, seen, missing;
/* Milliseconds: for a sample; until when the one that is taken has them; to begin one */
static uint64_t patience = 600000, deadline, end_of_all = UINT64_MAX;

static uint64_t nanoseconds(clockid_t clock)
{
	struct timespec t = { 0 };

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static uint64_t now_ms(void)
{
	return nanoseconds(CLOCK_MONOTONIC) / 1000000;
}

static int timed_out(void)
{
	return now_ms() >= deadline;
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
	uint64_t now;
	char *eol;
	ssize_t n;

	while (!(eol = memchr(s->text, '\n', s->have))) {
		if (s->have == sizeof(s->text))
			s->have = 0;
		now = now_ms();
		if (now >= deadline || poll(&p, 1, (int)(deadline - now)) <= 0)
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

static void stop(struct subject *s)
{
	if (!s->pid)
		return;
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	close(s->to);
	close(s->from);
	s->have = 0;
	s->pid = 0;
}

static void lose(struct subject *s, const char *what)
{
	fprintf(stderr, "measure: %s: failed in %s\n", s->name, what);
	status = 1;
	s->failures++;
	stop(s);
}

static int native(const struct subject *s)
{
	return !strcmp(s->name, "native");
}

static void result(const struct subject *s, const char *name, int round,
		   unsigned long long time, const char *sum)
{
	printf("%s %s %d %llu %s\n", s->name, name, round, time, sum);
	fflush(stdout);
	fprintf(stderr, "measure: %u of %u: %s %s %.3f s%s\n", seen, wanted, name, s->name,
		(double)time / 1e9, strcmp(sum, LATE) ? "" : ", not at its end");
}

/* It was not at its end, or it failed. */
static void give_up(struct subject *s, const char *name, int round, unsigned long long time)
{
	if (!timed_out() || round < 0 || native(s)) {
		lose(s, name);
		return;
	}
	result(s, name, round, time, LATE);
	s->failures++;
	stop(s);
}

static void child(const struct subject *s, const int *in, const int *out)
{
	char command[4200];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	dup2(in[0], 0);
	dup2(out[1], 1);
	snprintf(command, sizeof(command), "exec %s", s->command);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static void start(struct subject *s)
{
	int in[2], out[2];

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
}

static void boot(struct subject *s, int round)
{
	unsigned long long time = 0;
	char line[512];

	stop(s);
	start(s);
	deadline = now_ms() + patience;
	if (!native(s)) {
		if (!expect(s, "init", line, sizeof(line))) {
			give_up(s, "boot", round, spent(s));
			return;
		}
		time = spent(s);
	}
	if (!expect(s, "ready", line, sizeof(line))) {
		lose(s, "start");
		return;
	}
	kill(s->pid, SIGSTOP);
	if (round >= 0 && !native(s))
		result(s, "boot", round, time, "-");
}

/* Run a workload; its checksum must be want, or becomes it. */
static void work(struct subject *s, const char *name, int round, int percent, char *want)
{
	unsigned long long inside, before, after;
	char line[512], sum[32], *at;

	deadline = now_ms() + patience;
	kill(s->pid, SIGCONT);
	dprintf(s->to, "%s %d\n", name, percent);
	at = expect(s, "begin", line, sizeof(line));
	if (!at) {
		lose(s, name);
		return;
	}
	before = spent(s);
	deadline = now_ms() + patience;
	at = expect(s, "end", line, sizeof(line));
	after = spent(s);
	if (!at || sscanf(at, "%*s %31s %llu", sum, &inside) != 2) {
		give_up(s, name, round, after - before);
		return;
	}
	kill(s->pid, SIGSTOP);
	if (*want && strcmp(want, sum)) {
		fprintf(stderr, "measure: %s: %s is %s, not %s\n", s->name, name, sum, want);
		status = 1;
	}
	strcpy(want, sum);
	result(s, name, round, native(s) ? inside : after - before, sum);
}

/* One workload in each subject, one after the other. */
static void turn(const char *name, int round, int percent)
{
	char sum[32] = "";
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct subject *s = &subjects[i];

		seen++;
		if (round && now_ms() >= end_of_all) {
			missing++;
			continue;
		}
		if (!strcmp(name, "boot")) {
			boot(s, round);
			continue;
		}
		if (!s->pid && s->failures < FAILURES)
			boot(s, -1);
		if (s->pid)
			work(s, name, round, percent, sum);
		else
			missing++;
	}
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

static void options(int argc, char **argv)
{
	int opt;

	while ((opt = getopt(argc, argv, "l:t:")) > 0) {
		uint64_t ms = strtoull(optarg, NULL, 0) * 1000;

		if (opt == 'l')
			patience = ms;
		else if (opt == 't')
			end_of_all = now_ms() + ms;
		else
			exit(2);
	}
}

int main(int argc, char **argv)
{
	int rounds, percent, round, w;
	unsigned int i;

	options(argc, argv);
	if (argc - optind < 4) {
		fprintf(stderr, "usage: measure [-l SECONDS] [-t SECONDS] "
			"ROUNDS PERCENT SUBJECTS WORKLOAD...\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	rounds = atoi(argv[optind]);
	percent = atoi(argv[optind + 1]);
	read_subjects(argv[optind + 2]);
	wanted = (unsigned int)rounds * (unsigned int)(argc - optind - 3) * count;
	for (round = 0; round < rounds; round++) {
		for (w = optind + 3; w < argc; w++)
			turn(argv[w], round, percent);
	}
	for (i = 0; i < count; i++)
		stop(&subjects[i]);
	if (missing)
		fprintf(stderr, "measure: %u of %u samples were not taken\n", missing, wanted);
	return status;
}
