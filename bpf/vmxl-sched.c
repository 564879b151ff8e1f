// SPDX-License-Identifier: GPL-2.0
/*
 * vmxl-sched: vCPUs in the scheduler of the host.
 */
#include "tool.h"
#include "vmxl-sched.h"
#include "vmxl-sched.skel.h"

static const char *const names[] = {
	[SCHED_ON_CPU] = "on-cpu",
	[SCHED_WAIT] = "wait",
	[SCHED_STOLEN] = "stolen",
	[SCHED_HALT] = "guest-halt",
	[SCHED_QUEUE] = "queue",
	[SCHED_STEAL] = "steal",
};

static struct tool tool = {
	.name = "vmxl-sched",
	.purpose = "Times that vCPUs run, wait for a processor, have one stolen, sleep.",
	.what = "STATE",
	.names = names,
	.nr_names = sizeof(names) / sizeof(names[0]),
	.timed = true,
};

TOOL_MAIN(vmxl_sched_bpf, tool)
