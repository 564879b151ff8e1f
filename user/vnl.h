/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's netlink family for the subcommands that look at VMs: list, stat,
 * monitor, top. In: Documentation/netlink/specs/vmx_xlate.yaml. Out: plain
 * structures; an attribute that was not in a message is 0.
 */
#ifndef VMXL_USER_VNL_H
#define VMXL_USER_VNL_H

#include <linux/vmx_xlate_netlink.h>

#include "util.h"

struct vnl;

struct vnl_vm {
	u32 id, isa, flags, uid, pid, nr_vcpus;
	char comm[16];
	u64 age, memory;
	u64 stat[VMXL_NL_VM_STAT_MAX + 1];
};

struct vnl_vcpu {
	u32 vm, id, mp_state;
	u64 pc;
	u64 stat[VMXL_NL_VCPU_STAT_MAX + 1];
};

struct vnl_event {
	int cmd;		/* VMXL_NL_CMD_*; 0: events were lost */
	struct vnl_vm vm;	/* who, no more */
	bool has_vcpu, has_reason;
	u32 vcpu, reason;
	u64 seq, value;
};

struct vnl_snapshot {
	u64 when;		/* now_ns() */
	struct vnl_vm *vms;
	size_t nr_vms;
	struct vnl_vcpu *vcpus;	/* by VM, then by number */
	size_t nr_vcpus;
};

/* NULL, having said why */
struct vnl *vnl_open(void);
void vnl_close(struct vnl *nl);

/* All VMs and vCPUs, or those of one VM (it is an error if it is not there). */
int vnl_snapshot(struct vnl *nl, u32 vm, struct vnl_snapshot *out);
void vnl_snapshot_free(struct vnl_snapshot *snap);
const struct vnl_vm *vnl_find_vm(const struct vnl_snapshot *snap, u32 id);
const struct vnl_vcpu *vnl_find_vcpu(const struct vnl_snapshot *snap, u32 vm, u32 id);

/* A translated block of a VM that runs */
struct vnl_block {
	u32 flags, entry;
	u64 gpa, host;			/* host 0: it was not compiled */
	size_t len;			/* bytes of guest code that it is of */
	size_t guest_len, host_len;
	u8 guest_code[256], host_code[16384];
};

/* The one at a guest address; 0, or -1, having said why */
int vnl_block(struct vnl *nl, u32 vm, u64 pc, struct vnl_block *out);

/* Join the group of events; then wait for the next one. */
int vnl_listen(struct vnl *nl);
int vnl_next_event(struct vnl *nl, struct vnl_event *event);

/* Names by attribute; NULL: no counter */
extern const char *const vnl_vm_stat_names[VMXL_NL_VM_STAT_MAX + 1];
extern const char *const vnl_vcpu_stat_names[VMXL_NL_VCPU_STAT_MAX + 1];
/* Whether a counter of a VM only grows */
bool vnl_vm_stat_grows(int attr);

const char *vnl_isa_name(u32 isa);
const char *vnl_mp_name(u32 mp_state);
/* Text in a JSON string's quotes on standard output, whatever is in it */
void vnl_json_string(const char *text);

/* What list, stat, monitor and top have in common */
struct vnl_options {
	bool json, batch;
	u64 interval_ms;	/* 0: not given */
	u64 count;		/* 0: no end */
	u32 vm;			/* 0: all */
};

/*
 * Parses arguments; letters are those of "jbdn" that the command has, and "v" if
 * it takes a VM. --help prints help and sets *done.
 * Returns 0 or STATUS_USAGE, having said why.
 */
int vnl_options(int argc, char **argv, const char *letters, const char *help,
		struct vnl_options *opt, bool *done);

#endif
