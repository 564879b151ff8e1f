// SPDX-License-Identifier: GPL-2.0
/*
 * vmxl, the launcher of vmx_xlate: its subcommands.
 */
#include <stdio.h>
#include <string.h>

#include "run.h"
#include "util.h"

static int cmd_help(int argc, char **argv);

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "run", cmd_run, "boot a virtual machine (vmxl run --help tells more)" },
	{ "info", cmd_info, "what the loaded module can do" },
	{ "list", cmd_list, "the virtual machines that there are" },
	{ "stat", cmd_stat, "what they count" },
	{ "monitor", cmd_monitor, "what becomes of them, as it happens" },
	{ "top", cmd_top, "a live screen of what vCPUs do" },
	{ "dump-block", cmd_dump_block, "what guest code is translated into (vmxl-hosted)" },
	{ "help", cmd_help, "this text" },
};

static int cmd_help(int argc, char **argv)
{
	unsigned int i;

	(void)argc;
	(void)argv;
	printf("Usage: vmxl COMMAND [OPTION...]\n\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].help);
	return STATUS_OK;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	unsigned int i;

	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		name = "help";
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, name))
			continue;
		if (commands[i].run)
			return commands[i].run(argc - 1, argv + 1);
		error("%s: the translator is not in this program, but in vmxl-hosted", name);
		return STATUS_FAIL;
	}
	if (*name)
		error("unknown command '%s' (see vmxl help)", name);
	else
		error("a command is needed (see vmxl help)");
	return STATUS_USAGE;
}
