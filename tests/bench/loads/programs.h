/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Workloads that are Debian's programs: a name, and a shell command that runs where
 * Debian's packages are (tests/bench/programs). The checksum is one of what the
 * command prints.
 */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include <stdint.h>

/* The command of the workload name, or NULL. */
const char *program_find(const char *name);

/* Runs command with N set to percent; ends this program when it fails. */
uint64_t program_run(const char *command, unsigned int percent);

/* Prints "programs NAME" for each. */
void program_list(void);

#endif
