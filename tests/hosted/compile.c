// SPDX-License-Identifier: GPL-2.0
/*
 * vmxl-hosted-compile: how long each block takes to compile, of the thread's CPU time, and
 * how much host code becomes of the guest's. At the end a line says so.
 *
 * The linker puts this in front of vmxl_compile() (--wrap).
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "../../kmod/codegen/cache.h"
#include "../../kmod/codegen/code.h"

int __real_vmxl_compile(struct vmxl_vcpu *vcpu, struct vmxl_block *b);
int __wrap_vmxl_compile(struct vmxl_vcpu *vcpu, struct vmxl_block *b);

#define MOST	(1u << 20)

static u32 took[MOST];		/* ns */
static u32 nr;
static u64 guest_bytes, host_bytes;

static int compare(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static void report(void)
{
	u32 n = nr < MOST ? nr : MOST;

	if (!n)
		return;
	qsort(took, n, sizeof(took[0]), compare);
	fprintf(stderr, "compile: blocks %u median_ns %u percent99_ns %u longest_ns %u ", n,
		took[n / 2], took[n - 1 - n / 100], took[n - 1]);
	fprintf(stderr, "guest_bytes %llu host_bytes %llu\n", guest_bytes, host_bytes);
}

__attribute__((constructor)) static void init(void)
{
	atexit(report);
}

static u64 now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

int __wrap_vmxl_compile(struct vmxl_vcpu *vcpu, struct vmxl_block *b)
{
	bool had = READ_ONCE(b->host);
	u64 begin = now();
	int ret = __real_vmxl_compile(vcpu, b);
	u64 ns = now() - begin;
	struct vmxl_hblock *h = READ_ONCE(b->host);
	u32 i;

	if (ret || had || !h)
		return ret;
	i = __atomic_fetch_add(&nr, 1, __ATOMIC_RELAXED);
	if (i < MOST)
		took[i] = ns;
	__atomic_fetch_add(&guest_bytes, b->len, __ATOMIC_RELAXED);
	__atomic_fetch_add(&host_bytes, h->len, __ATOMIC_RELAXED);
	return ret;
}
