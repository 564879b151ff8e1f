// SPDX-License-Identifier: GPL-2.0
/*
 * `vmxl list`: the virtual machines that there are.
 */
#include <pwd.h>
#include <stdio.h>

#include "vnl.h"
#include "run.h"

static const char help[] =
	"Usage: vmxl list [--json]\n"
	"\n"
	"Lists the virtual machines of this user; root sees all.\n"
	"  -j, --json  as JSON\n";

static const char *user_name(u32 uid, char *buf, size_t len)
{
	struct passwd *pw = getpwuid(uid);

	if (pw)
		snprintf(buf, len, "%s", pw->pw_name);
	else
		snprintf(buf, len, "%u", uid);
	return buf;
}

static void print_table(const struct vnl_snapshot *snap)
{
	char user[33];
	size_t i;

	printf("%4s %-6s %7s %-10s %-15s %5s %9s %8s\n", "VM", "ISA", "PID", "USER", "COMMAND",
	       "VCPUS", "MEMORY", "AGE");
	for (i = 0; i < snap->nr_vms; i++) {
		const struct vnl_vm *vm = &snap->vms[i];

		printf("%4u %-6s %7u %-10s %-15s %5u %8lluM %7llus\n", vm->id,
		       vnl_isa_name(vm->isa), vm->pid, user_name(vm->uid, user, sizeof(user)),
		       vm->comm, vm->nr_vcpus, (unsigned long long)(vm->memory >> 20),
		       (unsigned long long)(vm->age / 1000000000));
	}
}

static void print_json(const struct vnl_snapshot *snap)
{
	size_t i;

	printf("[");
	for (i = 0; i < snap->nr_vms; i++) {
		const struct vnl_vm *vm = &snap->vms[i];

		printf("%s\n{\"vm\": %u, \"isa\": \"%s\", \"flags\": %u, \"pid\": %u, \"uid\": %u, ",
		       i ? "," : "", vm->id, vnl_isa_name(vm->isa), vm->flags, vm->pid, vm->uid);
		printf("\"comm\": ");
		vnl_json_string(vm->comm);
		printf(", \"vcpus\": %u, \"memory\": %llu, \"age_ns\": %llu}", vm->nr_vcpus,
		       (unsigned long long)vm->memory, (unsigned long long)vm->age);
	}
	printf("\n]\n");
}

int cmd_list(int argc, char **argv)
{
	struct vnl_snapshot snap;
	struct vnl_options opt;
	struct vnl *nl;
	bool done;
	int ret = vnl_options(argc, argv, "j", help, &opt, &done);

	if (ret || done)
		return ret;
	nl = vnl_open();
	if (!nl)
		return STATUS_FAIL;
	ret = vnl_snapshot(nl, 0, &snap);
	if (!ret) {
		opt.json ? print_json(&snap) : print_table(&snap);
		vnl_snapshot_free(&snap);
	}
	vnl_close(nl);
	return ret ? STATUS_FAIL : STATUS_OK;
}
