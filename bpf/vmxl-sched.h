/* SPDX-License-Identifier: GPL-2.0 */
/* What vmxl-sched measures */
#ifndef VMXL_BPF_VMXL_SCHED_H
#define VMXL_BPF_VMXL_SCHED_H

enum {
	SCHED_ON_CPU,		/* time on a processor, each time */
	SCHED_WAIT,		/* from when it was woken to when it ran */
	SCHED_STOLEN,		/* from when it lost its processor to when it ran again */
	SCHED_HALT,		/* the guest had nothing to do */
	SCHED_QUEUE,		/* it waited for a worker in that one's queue */
	SCHED_STEAL,		/* in the queue of another worker than that which took it */
	SCHED_NR
};

#endif
