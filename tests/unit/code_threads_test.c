// SPDX-License-Identifier: GPL-2.0
/* One thread compiles, one writes to the code, one looks up what it has been in. */
#include <pthread.h>
#include <unistd.h>
#include "code_env.h"

#define NR_SHARED	32

static bool stop;
static u64 found, pcs;

static void *compiles(void *arg)
{
	struct vmxl_vcpu *v = arg;
	unsigned int i;

	shim_enter();
	for (i = 0; i < 200000 && (code->nr_compiled < 1500 || READ_ONCE(found) < 100); i++) {
		int idx = srcu_read_lock(&e.vm->srcu);
		struct vmxl_block *b = block_at(v, small_pc(i % NR_SHARED));

		vmxl_compile(v, b);
		vmxl_ujc_add(v, b);
		srcu_read_unlock(&e.vm->srcu, idx);
		/* The others may not have begun yet. */
		if (!(i % 64))
			usleep(50);
	}
	WRITE_ONCE(stop, true);
	shim_leave();
	return NULL;
}

static void *writes(void *arg)
{
	unsigned int i;

	shim_enter();
	for (i = 0; !READ_ONCE(stop); i++) {
		int idx = srcu_read_lock(&e.vm->srcu);

		vmxl_cache_invalidate(cache, small_pc(i * 7 % NR_SHARED), 64);
		srcu_read_unlock(&e.vm->srcu, idx);
		if (!(i % 16))
			usleep(50);
	}
	shim_leave();
	return NULL;
}

static void *looks(void *arg)
{
	struct vmxl_vcpu *v = arg;
	unsigned int i;

	shim_enter();
	for (i = 0; !READ_ONCE(stop); i++) {
		int idx = srcu_read_lock(&e.vm->srcu);
		u64 x, ip = code->x + i * 64ULL % code->size, pc;
		struct vmxl_hblock *h = vmxl_code_find(code, ip);

		WRITE_ONCE(found, found + !!h);
		if (h && vmxl_code_pc(code, h, ip, NULL) - h->pc < 64)
			pcs++;
		vmxl_code_enter(v);
		x = vmxl_code_target(code, block_at(v, small_pc(i % NR_SHARED)));
		h = x ? vmxl_code_find(code, x) : NULL;
		pc = h ? vmxl_code_pc(code, h, x, NULL) : 0;
		check(!x || pc == small_pc(i % NR_SHARED), "code that was found stays");
		vmxl_code_leave(v);
		srcu_read_unlock(&e.vm->srcu, idx);
	}
	shim_leave();
	return NULL;
}

static void test_threads(void)
{
	void *(*fn[3])(void *arg) = { compiles, writes, looks };
	pthread_t t[3];
	unsigned int i;

	open_vm(32 << 10);
	write_small();
	srcu_read_unlock(&e.vm->srcu, e.srcu);
	shim_leave();
	for (i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, fn[i], e.vcpu[i]);
	for (i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	shim_enter();
	e.srcu = srcu_read_lock(&e.vm->srcu);
	ok(found && found == pcs, "look-ups beside changes: %llu found", found);
	ok(code->nr_compiled > NR_SHARED, "%llu blocks compiled meanwhile", code->nr_compiled);
	ok(lines_ok(), "every line is accounted for");
	printf("# %llu ns a block\n", code->ns / (code->nr_compiled ?: 1));
	close_vm();
}

int main(void)
{
	test_threads();
	return tap_done();
}
