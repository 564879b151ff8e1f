/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What `vmxl run` was asked to do.
 */
#ifndef VMXL_USER_OPTIONS_H
#define VMXL_USER_OPTIONS_H

#include "codelog.h"
#include "virtio_models.h"
#include "vm.h"

#define OPT_MAX_DISKS	8

struct run_options {
	const char *isa;
	u64 mem_size;
	unsigned int cpus;
	struct worker_options workers;
	struct sched_options sched;
	const char *kernel;
	const char *initrd;
	const char *append;
	const char *dtb;
	const char *dump_dtb;
	const char *firmware;
	struct disk_options disks[OPT_MAX_DISKS];
	unsigned int nr_disks;
	struct net_options net;
	const char *console;		/* console specs, see console.h */
	const char *virtio_console;	/* NULL: no such device */
	bool rng;
	enum smmu_way smmu;
	char *disable;			/* list of ISA extensions */
	const char *mmu;
	bool no_reboot;
	u64 timeout_s;			/* 0: none */
	bool stats;
	struct code_log_options code_log;
};

/*
 * Parses the arguments behind "vmxl run". Any mistake is one line on stderr
 * and ends the process with STATUS_USAGE; --help ends it with 0.
 */
void options_parse(int argc, char **argv, struct run_options *opt);

#endif
