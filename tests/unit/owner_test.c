// SPDX-License-Identifier: GPL-2.0
/*
 * Which vCPU a thread is in translated code with: with as many vCPUs as there can be,
 * and threads that change them.
 */
#include "rv64_env.h"
#include "../../kmod/enter.h"

#define NR	VMXL_MAX_VCPUS

static struct task_struct task[NR];
static struct env e;

/* As a thread that goes on with another vCPU leaves the old one */
static void disown(struct vmxl_vcpu *v)
{
	put_task_struct(v->entry->owner);
	WRITE_ONCE(v->entry->owner, NULL);
}

static void open_all(void)
{
	unsigned int i;

	env_open(&e, 0);
	mutex_lock(&e.vm->lock);
	for (i = ENV_VCPUS; i < NR; i++) {
		struct vmxl_vcpu *v = vmxl_vcpu_create(e.vm, i);

		if (IS_ERR(v))
			env_die("no vCPU");
		vmxl_vcpu_publish(v);
	}
	mutex_unlock(&e.vm->lock);
	for (i = 0; i < NR; i++)
		get_task_struct(&task[i]);
}

/* Task i with vCPU i + @by, all of them; how many are found at once. */
static unsigned int look(unsigned int by)
{
	unsigned int i, at_once = 0;
	bool hinted;

	for (i = 0; i < NR; i++)
		check(vmxl_entry_find(e.vm, &task[i], &hinted) == e.vm->vcpus[(i + by) % NR],
		      "thread %u", i);
	for (i = 0; i < NR; i++) {
		vmxl_entry_find(e.vm, &task[i], &hinted);
		at_once += hinted;
	}
	return at_once;
}

/* One after the other gives its vCPU up and takes another, as workers do. */
static void move_all(unsigned int by)
{
	unsigned int i;

	for (i = 0; i < NR; i++)
		disown(e.vm->vcpus[(i + by - 1) % NR]);
	for (i = 0; i < NR; i++)
		vmxl_entry_own(e.vm->vcpus[(i + by) % NR], &task[i]);
}

/* Two threads have 128 vCPUs in turn. */
static unsigned int two_workers(void)
{
	unsigned int i, lost = 0;
	bool hinted;

	for (i = 0; i < 1000; i++) {
		struct vmxl_vcpu *v = e.vm->vcpus[i * 7 % 128];

		vmxl_entry_own(v, &task[i % 2]);
		check(vmxl_entry_find(e.vm, &task[i % 2], &hinted) == v, "worker %u", i % 2);
		lost += !hinted;
		disown(v);
	}
	return lost;
}

int main(void)
{
	unsigned int i, n, least = NR;

	open_all();
	ok(!vmxl_entry_find(e.vm, &task[0], NULL), "nobody is anywhere");
	ok(!two_workers(), "two threads, 128 vCPUs: found at once");
	for (i = 0; i < NR; i++)
		vmxl_entry_own(e.vm->vcpus[i], &task[i]);
	for (i = 1; i <= 50; i++) {
		n = look(i - 1);
		least = min(least, n);
		move_all(i);
	}
	printf("# %u threads: at least %u found at once\n", NR, least);
	ok(least >= NR * 3 / 4, "%u threads: all found, most at once", NR);
	for (i = 0; i < NR; i++)
		disown(e.vm->vcpus[i]);
	ok(!vmxl_entry_find(e.vm, &task[3], NULL), "and nobody again");
	env_close(&e);
	return tap_done();
}
