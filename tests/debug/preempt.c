// SPDX-License-Identifier: GPL-2.0
/*
 * preempt MINIMUM COMMAND...: COMMAND, while a thread of real-time priority on each
 * processor takes it away from whatever runs there: every 50 to 300 us, for up to 100 us,
 * each hundredth time for 3 ms. What is preempted in the kernel holds what it holds while
 * the other processors go on.
 *
 * The exit status is COMMAND's, and 1 if its processes were preempted less than MINIMUM
 * times.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SHORTEST_NS	50000u
#define PAUSE_NS	250000u
#define BURST_NS	100000u
#define LONG_NS		3000000u
#define LONG_ONE_IN	100u

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void *disturb(void *arg)
{
	unsigned int cpu = (unsigned int)(uintptr_t)arg, seed = cpu + 1;
	struct timespec pause = { 0 };
	cpu_set_t set;
	uint64_t end;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (pthread_setaffinity_np(pthread_self(), sizeof(set), &set))
		exit(2);
	for (;;) {
		pause.tv_nsec = SHORTEST_NS + (unsigned int)rand_r(&seed) % PAUSE_NS;
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
		end = now() + (unsigned int)rand_r(&seed) % BURST_NS;
		if ((unsigned int)rand_r(&seed) % LONG_ONE_IN == 0)
			end += LONG_NS;
		while (now() < end)
			;
	}
	return NULL;
}

static int start_threads(void)
{
	struct sched_param param = { .sched_priority = 10 };
	long cpu, count = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &param);
	for (cpu = 0; cpu < count; cpu++)
		if (pthread_create(&thread, &attr, disturb, (void *)cpu))
			return -1;
	return 0;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	pid_t pid;

	if (argc < 3)
		return 2;
	pid = fork();
	if (!pid) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || start_threads() || waitpid(pid, &status, 0) != pid) {
		perror("preempt");
		return 2;
	}
	getrusage(RUSAGE_CHILDREN, &usage);
	printf("# preempted %ld times\n", usage.ru_nivcsw);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
	return usage.ru_nivcsw < atol(argv[1]);
}
