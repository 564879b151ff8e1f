// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest of several vCPUs does when it is measured (tests/bench/smp):
 *
 *	line HOGS	two threads on processors 0 and 1 hand a cache line to each other: they
 *			spin, with PAUSE; HOGS others have a processor each, and never sleep
 *	wake HOGS	the same by two pipes: who waits sleeps (WFI), and is woken by an IPI
 *	job THREADS	pieces of work, taken from a counter under a lock, with a barrier
 *			after each so many
 *
 * Prints "smp: result N...": of the job its nanoseconds; of line and wake, by turns while
 * the others sleep and while they run, medians: nanoseconds of a way there and back
 * with them asleep, with them awake, and how many times that is, in 1/1000.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS		9
#define ALONE_NS	60000000ull	/* of a round; then beside the others */
#define BESIDE_NS	120000000ull
#define LOOK_EACH	64	/* ways there and back between looks at the clock */
#define MAX_THREADS	256
#define PHASES		48
#define PIECES		1024	/* in a phase */
#define PIECE_TURNS	20000

enum { MINE, THEIRS, OVER };

static _Alignas(64) uint32_t turn;
static _Alignas(64) int hogs_run;
static pthread_mutex_t hogs_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t hogs_change = PTHREAD_COND_INITIALIZER;
static int there[2], back[2];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;
static unsigned int taken;
static uint64_t sum;

static uint64_t nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void fail(const char *what)
{
	printf("smp: fail %s\n", what);
	exit(1);
}

static void pin(long cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fail("pinning");
}

static void pause_hint(void)
{
#ifdef __riscv
	__asm__ volatile(".4byte 0x0100000f" : : : "memory");
#endif
}

static uint32_t wait_for(uint32_t other)
{
	uint32_t now;

	while ((now = __atomic_load_n(&turn, __ATOMIC_ACQUIRE)) == other)
		pause_hint();
	return now;
}

static void *line_answer(void *arg)
{
	pin(1);
	while (wait_for(MINE) != OVER)
		__atomic_store_n(&turn, MINE, __ATOMIC_RELEASE);
	return arg;
}

static void line_turn(void)
{
	__atomic_store_n(&turn, THEIRS, __ATOMIC_RELEASE);
	wait_for(THEIRS);
}

static void *wake_answer(void *arg)
{
	char c;

	pin(1);
	while (read(there[0], &c, 1) == 1 && c != OVER)
		if (write(back[1], &c, 1) != 1)
			fail("write");
	return arg;
}

static void wake_turn(void)
{
	char c = MINE;

	if (write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1)
		fail("pipe");
}

static void *hog(void *arg)
{
	pin((long)(intptr_t)arg);
	for (;;) {
		pthread_mutex_lock(&hogs_lock);
		while (!hogs_run)
			pthread_cond_wait(&hogs_change, &hogs_lock);
		pthread_mutex_unlock(&hogs_lock);
		while (__atomic_load_n(&hogs_run, __ATOMIC_RELAXED))
			;
	}
	return NULL;
}

static void set_hogs(int run)
{
	pthread_mutex_lock(&hogs_lock);
	__atomic_store_n(&hogs_run, run, __ATOMIC_RELAXED);
	pthread_cond_broadcast(&hogs_change);
	pthread_mutex_unlock(&hogs_lock);
}

static void start(pthread_t *thread, void *(*fn)(void *arg), void *arg)
{
	if (pthread_create(thread, NULL, fn, arg))
		fail("thread");
}

/* Nanoseconds of a turn in a phase, of which the first sixth does not count */
static double measure(void (*one)(void), uint64_t ns)
{
	uint64_t begin = nanoseconds(), end = begin + ns / 6, now, n = 0;
	int warm, i;

	for (warm = 0; warm < 2; warm++) {
		n = 0;
		do {
			for (i = 0; i < LOOK_EACH; i++)
				one();
			n += LOOK_EACH;
			now = nanoseconds();
		} while (now < end);
		if (!warm) {
			begin = now;
			end = now + ns;
		}
	}
	return (double)(now - begin) / (double)n;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v)
{
	qsort(v, ROUNDS, sizeof(*v), by_size);
	return v[ROUNDS / 2];
}

static void rounds(void (*one)(void))
{
	double alone[ROUNDS], beside[ROUNDS], times[ROUNDS];
	int i;

	for (i = 0; i < ROUNDS; i++) {
		alone[i] = measure(one, ALONE_NS);
		set_hogs(1);
		beside[i] = measure(one, BESIDE_NS);
		set_hogs(0);
		times[i] = beside[i] / alone[i];
	}
	printf("smp: result %.0f %.0f %.0f\n", median(alone), median(beside),
	       1000 * median(times));
}

static void ping_pong(int by_line, long nr_hogs)
{
	pthread_t thread, hogs;
	char c = OVER;
	long i;

	if (pipe(there) || pipe(back))
		fail("pipe");
	pin(0);
	for (i = 0; i < nr_hogs; i++)
		start(&hogs, hog, (void *)(intptr_t)(i + 2));
	start(&thread, by_line ? line_answer : wake_answer, NULL);
	rounds(by_line ? line_turn : wake_turn);
	__atomic_store_n(&turn, OVER, __ATOMIC_RELEASE);
	if (write(there[1], &c, 1) != 1)
		fail("write");
	pthread_join(thread, NULL);
}

static uint64_t piece(uint64_t seed)
{
	uint64_t x = seed * 2 + 1;
	int i;

	for (i = 0; i < PIECE_TURNS; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	return x;
}

static void *worker(void *arg)
{
	unsigned int phase, mine;
	uint64_t x = 0;

	for (phase = 1; phase <= PHASES; phase++) {
		for (;;) {
			pthread_mutex_lock(&lock);
			sum += x;
			mine = taken < phase * PIECES ? taken++ : ~0u;
			pthread_mutex_unlock(&lock);
			x = 0;
			if (mine == ~0u)
				break;
			x = piece(mine);
		}
		pthread_barrier_wait(&barrier);
	}
	return arg;
}

static void job(long nr)
{
	pthread_t thread[MAX_THREADS];
	uint64_t begin = nanoseconds();
	long i;

	if (nr < 1 || nr > MAX_THREADS)
		fail("number of threads");
	pthread_barrier_init(&barrier, NULL, (unsigned int)nr);
	for (i = 0; i < nr; i++)
		start(&thread[i], worker, NULL);
	for (i = 0; i < nr; i++)
		pthread_join(thread[i], NULL);
	begin = nanoseconds() - begin;
	/* A linear function of consecutive numbers: each bit is set in half of them. */
	if (sum != 0 - (uint64_t)PHASES * PIECES / 2)
		fail("the job's result");
	printf("smp: result %llu\n", (unsigned long long)begin);
}

int main(int argc, char **argv)
{
	long n;

	if (argc != 3)
		fail("arguments");
	n = atol(argv[2]);
	if (!strcmp(argv[1], "job"))
		job(n);
	else
		ping_pong(!strcmp(argv[1], "line"), n);
	return 0;
}
