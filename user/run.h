/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The subcommands: each takes the arguments from its own name on and returns
 * the exit status.
 */
#ifndef VMXL_USER_RUN_H
#define VMXL_USER_RUN_H

int cmd_run(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_stat(int argc, char **argv);
int cmd_monitor(int argc, char **argv);
int cmd_top(int argc, char **argv);
/* Where the translator is: vmxl-hosted. NULL in vmxl */
int cmd_dump_block(int argc, char **argv) __attribute__((weak));

#endif
