// SPDX-License-Identifier: GPL-2.0
/*
 * `vmxl monitor`: what becomes of VMs, as it happens.
 */
#include <linux/vmx_xlate.h>
#include <stdio.h>
#include <time.h>

#include "vnl.h"
#include "run.h"

static const char help[] =
	"Usage: vmxl monitor [OPTION...]\n"
	"\n"
	"Prints what becomes of virtual machines, as it happens: made, gone, shut down,\n"
	"failed. Takes CAP_SYS_ADMIN.\n"
	"  -n, --count=N  ends after N events\n"
	"  -j, --json     as JSON, one object a line\n";

static const char *const names[VMXL_NL_CMD_MAX + 1] = {
	[0] = "lost",
	[VMXL_NL_CMD_VM_NEW] = "vm-new",
	[VMXL_NL_CMD_VM_DEL] = "vm-del",
	[VMXL_NL_CMD_VCPU_NEW] = "vcpu-new",
	[VMXL_NL_CMD_SYSTEM_EVENT] = "system-event",
	[VMXL_NL_CMD_ERROR] = "error",
	[VMXL_NL_CMD_QUOTA] = "quota",
	[VMXL_NL_CMD_CODE_CACHE] = "code-cache",
	[VMXL_NL_CMD_THROTTLED] = "throttled",
};

static const char *event_name(int cmd)
{
	return cmd <= VMXL_NL_CMD_MAX && names[cmd] ? names[cmd] : "?";
}

static const char *system_event(u32 type)
{
	switch (type) {
	case VMXL_SYSTEM_EVENT_SHUTDOWN: return "shutdown";
	case VMXL_SYSTEM_EVENT_RESET: return "reset";
	case VMXL_SYSTEM_EVENT_SUSPEND: return "suspend";
	default: return "?";
	}
}

static void print_details(const struct vnl_event *e)
{
	unsigned long long val = e->value;

	switch (e->cmd) {
	case VMXL_NL_CMD_SYSTEM_EVENT:
		printf(" %s%s", system_event(e->reason), val ? ", a failure" : "");
		break;
	case VMXL_NL_CMD_ERROR:
		printf(" internal error %u at 0x%llx", e->reason, val);
		break;
	case VMXL_NL_CMD_QUOTA:
		printf(" %llu bytes refused", val);
		break;
	case VMXL_NL_CMD_CODE_CACHE:
		printf(" %llu blocks given up so far", val);
		break;
	case VMXL_NL_CMD_THROTTLED:
		printf(" quota of run time used up, %llu times so far", val);
		break;
	}
}

static void print_text(const struct vnl_event *e)
{
	struct timespec ts;
	struct tm tm;
	char clock[16];

	clock_gettime(CLOCK_REALTIME, &ts);
	strftime(clock, sizeof(clock), "%T", localtime_r(&ts.tv_sec, &tm));
	printf("%s.%03ld %-12s", clock, ts.tv_nsec / 1000000, event_name(e->cmd));
	if (!e->cmd) {
		printf(" events; vmxl list has what there is now\n");
		return;
	}
	printf(" VM %u (%s, PID %u)", e->vm.id, e->vm.comm, e->vm.pid);
	if (e->has_vcpu)
		printf(" vCPU %u", e->vcpu);
	print_details(e);
	printf("\n");
}

static void print_json(const struct vnl_event *e)
{
	printf("{\"event\": \"%s\"", event_name(e->cmd));
	if (e->cmd) {
		printf(", \"vm\": %u, \"seq\": %llu, \"isa\": \"%s\", \"pid\": %u, \"uid\": %u, ",
		       e->vm.id, (unsigned long long)e->seq, vnl_isa_name(e->vm.isa), e->vm.pid,
		       e->vm.uid);
		printf("\"comm\": ");
		vnl_json_string(e->vm.comm);
		if (e->has_vcpu)
			printf(", \"vcpu\": %u", e->vcpu);
		if (e->has_reason)
			printf(", \"reason\": %u", e->reason);
		printf(", \"value\": %llu", (unsigned long long)e->value);
	}
	printf("}\n");
}

int cmd_monitor(int argc, char **argv)
{
	struct vnl_options opt;
	struct vnl_event e;
	struct vnl *nl;
	bool done;
	u64 n;
	int ret = vnl_options(argc, argv, "jn", help, &opt, &done);

	if (ret || done)
		return ret;
	nl = vnl_open();
	if (!nl)
		return STATUS_FAIL;
	ret = vnl_listen(nl);
	for (n = 0; !ret && (!opt.count || n < opt.count); n++) {
		ret = vnl_next_event(nl, &e);
		if (ret)
			break;
		opt.json ? print_json(&e) : print_text(&e);
		fflush(stdout);
	}
	vnl_close(nl);
	return ret ? STATUS_FAIL : STATUS_OK;
}
