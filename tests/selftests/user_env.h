/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest that counts in translated code, and something that goes on in the process
 * meanwhile.
 */
#ifndef SELFTESTS_USER_ENV_H
#define SELFTESTS_USER_ENV_H

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "lib.h"

#define DATA	(RAM + RAM_SIZE)	/* slot 1 */
#define TURNS	100000

struct setup {
	struct vm vm;
	struct vcpu vcpu;
	u8 *data;
};

static struct setup s;		/* signal handlers', too */

/* In U-mode, a gigabyte's page for the devices and one for RAM, each where it is */
static inline void set_up_on(void *data, u32 data_flags)
{
	s.vm = vm_new_ram(VMXL_VM_FIRMWARE);
	s.vcpu = vcpu_new(&s.vm, 0);
	s.data = data;
	vm_memory(s.vm.fd, 1, data_flags, DATA, PAGE, s.data);
	GUEST(&s.vm, &s.vcpu, RAM, guest_counts);
	user_mode(&s.vm, &s.vcpu);
	set_reg(&s.vcpu, REG_X(RV_A0), TURNS);
	set_reg(&s.vcpu, REG_X(RV_A1), MMIO);
	set_reg(&s.vcpu, REG_X(RV_A3), DATA);
	expect_store(&s.vcpu, MMIO, 8, TURNS);
}

static inline void set_up(u32 data_flags)
{
	set_up_on(pages_new(PAGE), data_flags);
}

static inline void tear_down(void)
{
	vcpu_close(&s.vcpu);
	vm_close(&s.vm);
	pages_free(s.data, PAGE);
}

static inline u64 count(void)
{
	return __atomic_load_n((u64 *)s.data, __ATOMIC_RELAXED);
}

/* However busy the machine is; ten seconds are a guest that is stuck. */
static inline void wait_for_store(void)
{
	u64 before = count();
	int i;

	for (i = 0; i < 10000 && count() == before; i++)
		usleep(1000);
	CHECK(count() != before);
}

/* @fn in 50 ms, while the guest executes; then RUN is ended */
static inline void *later(void *fn)
{
	u64 before;

	usleep(50000);
	before = count();
	((void (*)(void))fn)();
	usleep(20000);
	if (count() == before)
		usleep(200000);
	__atomic_store_n(&s.vcpu.run->immediate_exit, 1, __ATOMIC_RELEASE);
	return NULL;
}

static inline int run_and(void (*fn)(void))
{
	pthread_t thread;
	int ret, err;

	CHECK(!pthread_create(&thread, NULL, later, (void *)fn));
	/* More than it can count in the time */
	ret = __vcpu_run(&s.vcpu);
	err = errno;
	pthread_join(thread, NULL);
	s.vcpu.run->immediate_exit = 0;
	errno = err;
	return ret;
}

#endif
