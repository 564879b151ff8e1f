/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A machine: a VM with devices, memory map and boot protocol of one guest
 * instruction set. machine.c has the table of them.
 */
#ifndef VMXL_USER_MACHINE_H
#define VMXL_USER_MACHINE_H

#include "options.h"
#include "vm.h"

struct machine;

/* What outlives a machine when the guest reboots. */
struct machine_env {
	const struct run_options *opt;
	struct loop *loop;
	struct console *con;
	struct console *vcon;	/* NULL: no virtio console */
};

struct machine_ops {
	const char *name;	/* --isa */
	/* An unfinished machine is returned by none of these: NULL on an error. */
	struct machine *(*create)(const struct machine_env *env);
	void (*destroy)(struct machine *m);
	void (*stats)(struct machine *m);
	/* The device tree that the guest was given. */
	int (*dump_dtb)(struct machine *m, const char *path);
};

struct machine {
	const struct machine_ops *ops;
	struct vm vm;
};

extern const struct machine_ops machine_rv64_ops;

/* NULL if there is no such instruction set. */
const struct machine_ops *machine_find(const char *isa);

#endif
