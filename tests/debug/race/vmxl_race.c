// SPDX-License-Identifier: GPL-2.0
/*
 * A module with a data race, for tests/debug/kcsan-control: two threads that count in one
 * variable without a lock. Loading it takes RACE_MS.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

#define RACE_MS 3000

static unsigned long vmxl_race_count;

static int vmxl_race_thread(void *unused)
{
	while (!kthread_should_stop()) {
		vmxl_race_count++;
		cond_resched();
	}
	return 0;
}

static int __init vmxl_race_init(void)
{
	struct task_struct *a, *b;

	a = kthread_run(vmxl_race_thread, NULL, "vmxl_race_a");
	if (IS_ERR(a))
		return PTR_ERR(a);
	b = kthread_run(vmxl_race_thread, NULL, "vmxl_race_b");
	if (!IS_ERR(b)) {
		msleep(RACE_MS);
		kthread_stop(b);
	}
	kthread_stop(a);
	return PTR_ERR_OR_ZERO(b);
}
module_init(vmxl_race_init);

static void __exit vmxl_race_exit(void)
{
}
module_exit(vmxl_race_exit);

MODULE_DESCRIPTION("A data race that KCSAN must report");
MODULE_LICENSE("GPL");
