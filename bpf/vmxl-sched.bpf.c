// SPDX-License-Identifier: GPL-2.0
/*
 * Threads of vCPUs in the host's scheduler: how long they run, how long they wait
 * for a processor, how long one is taken from them; and how long guests sleep.
 * A thread is a vCPU's from its first event on that is seen; a worker's is by turns
 * the vCPU's that it has. What a vCPU itself waits for does not depend on threads.
 */
#include "vmxl.bpf.h"
#include "vmxl-sched.h"

/* As /sys/kernel/tracing/events/sched has them, since 2.6 */
struct ev_switch {
	COMMON;
	char prev_comm[16];
	__s32 prev_pid, prev_prio;
	__s64 prev_state;
	char next_comm[16];
	__s32 next_pid, next_prio;
};

struct ev_wakeup {
	COMMON;
	char comm[16];
	__s32 pid;
};

struct thread {
	__u32 vm, vcpu;
	__u64 since;		/* when it came to be in this state */
	__u32 state;		/* SCHED_ON_CPU, SCHED_WAIT, SCHED_STOLEN; SCHED_NR: asleep */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, VMXL_CELLS);
	__type(key, __s32);
	__type(value, struct thread);
} threads SEC(".maps");

struct vcpu {
	__u32 vm, vcpu;
};

/* Those that sleep, and since when */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, VMXL_CELLS);
	__type(key, struct vcpu);
	__type(value, __u64);
} asleep SEC(".maps");

static __always_inline struct thread *thread_of(__s32 pid)
{
	return bpf_map_lookup_elem(&threads, &pid);
}

static __always_inline void become(struct thread *t, __u32 state)
{
	__u64 now = bpf_ktime_get_ns();

	if (t->state < SCHED_NR && t->since)
		count(t->vm, t->vcpu, t->state, now - t->since);
	t->state = state;
	t->since = now;
}

/* The running thread is this vCPU's. */
static __always_inline void meet(__u32 vm, __u32 vcpu)
{
	struct thread fresh = { .vm = vm, .vcpu = vcpu, .state = SCHED_ON_CPU };
	__s32 pid = bpf_get_current_pid_tgid();
	struct thread *t = thread_of(pid);

	if (t && t->vm == vm && t->vcpu == vcpu)
		return;
	fresh.since = bpf_ktime_get_ns();
	if (t)
		count(t->vm, t->vcpu, SCHED_ON_CPU, fresh.since - t->since);
	bpf_map_update_elem(&threads, &pid, &fresh, BPF_ANY);
}

ON(vmxl_run, vcpu)
{
	meet(ev->vm, ev->vcpu);
}

ON(vmxl_tlb_miss, tlb_miss)
{
	meet(ev->vm, ev->vcpu);
}

ON(vmxl_halt, vcpu)
{
	struct vcpu vcpu = { .vm = ev->vm, .vcpu = ev->vcpu };
	__u64 now = bpf_ktime_get_ns();

	meet(ev->vm, ev->vcpu);
	bpf_map_update_elem(&asleep, &vcpu, &now, BPF_ANY);
}

/* By whoever wakes it, where there are workers */
ON(vmxl_wake, vcpu)
{
	struct vcpu vcpu = { .vm = ev->vm, .vcpu = ev->vcpu };
	__u64 *since = bpf_map_lookup_elem(&asleep, &vcpu);

	if (!since)
		return;
	count(ev->vm, ev->vcpu, SCHED_HALT, bpf_ktime_get_ns() - *since);
	bpf_map_delete_elem(&asleep, &vcpu);
}

ON(vmxl_sched_in, sched_in)
{
	meet(ev->vm, ev->vcpu);
	count(ev->vm, ev->vcpu, ev->from == ev->worker ? SCHED_QUEUE : SCHED_STEAL, ev->waited);
}

SEC("tp/sched/sched_wakeup")
int on_wakeup(const struct ev_wakeup *ev)
{
	struct thread *t = thread_of(ev->pid);

	if (t && t->state == SCHED_NR)
		become(t, SCHED_WAIT);
	return 0;
}

/* The lowest byte of a state is 0 for one that would go on if it could. */
SEC("tp/sched/sched_switch")
int on_switch(const struct ev_switch *ev)
{
	struct thread *t = thread_of(ev->prev_pid);

	if (t)
		become(t, ev->prev_state & 0xff ? SCHED_NR : SCHED_STOLEN);
	t = thread_of(ev->next_pid);
	if (t)
		become(t, SCHED_ON_CPU);
	return 0;
}
