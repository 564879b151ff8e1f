// SPDX-License-Identifier: GPL-2.0
/*
 * vmxl-sched: vCPUs in the scheduler of the host.
 */
#include <stdio.h>

#include "tool.h"
#include "vmxl-sched.h"
#include "vmxl-sched.skel.h"

static const char *const names[] = {
	[SCHED_ON_CPU] = "on-cpu",
	[SCHED_WAIT] = "wait",
	[SCHED_STOLEN] = "stolen",
	[SCHED_HALT] = "guest-halt",
};

static const char *name_of(__u64 what, char *buf, size_t len)
{
	if (what < sizeof(names) / sizeof(names[0]))
		return names[what];
	snprintf(buf, len, "%llu", what);
	return buf;
}

static struct tool tool = {
	.name = "vmxl-sched",
	.purpose = "Times that vCPUs run, wait for a processor, have one stolen, sleep.",
	.what = "STATE",
	.name_of = name_of,
	.timed = true,
};

TOOL_MAIN(vmxl_sched_bpf, tool)
