// SPDX-License-Identifier: GPL-2.0
/*
 * The command line of `vmxl run`. See options.h.
 *
 * argp prints two lines for a mistake, and its own name in front: its messages
 * are off, and ours are one line.
 */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "options.h"

#define PAGE_SIZE	4096

enum option_key {
	KEY_ISA = 256, KEY_KERNEL, KEY_INITRD, KEY_APPEND, KEY_DTB, KEY_DUMP_DTB, KEY_FIRMWARE,
	KEY_DISK, KEY_NET, KEY_CONSOLE, KEY_VIRTIO_CONSOLE, KEY_RNG, KEY_SMMU, KEY_DISABLE,
	KEY_MMU, KEY_NO_REBOOT, KEY_TIMEOUT, KEY_STATS, KEY_JITDUMP, KEY_PERF_MAP, KEY_SYMBOLS,
	KEY_WORKERS, KEY_SCHED, KEY_SCHED_VCPU,
};

enum option_group { GROUP_MACHINE = 1, GROUP_BOOT, GROUP_DEVICES, GROUP_RUN };

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Machine:", GROUP_MACHINE },
	{ "isa", KEY_ISA, "ISA", 0, "Guest instruction set: rv64 (the default)", GROUP_MACHINE },
	{ "mem", 'm', "SIZE", 0,
	  "Guest memory, in MiB or with a suffix K, M, G (default 512M)", GROUP_MACHINE },
	{ "cpus", 'c', "N", 0, "Number of vCPUs (default 1)", GROUP_MACHINE },
	{ "workers", KEY_WORKERS, "N[,pin]", 0,
	  "Run the vCPUs on N threads instead of one for each; pin: each of them on a "
	  "processor of the host", GROUP_MACHINE },
	{ "sched", KEY_SCHED, "POLICY[,ITEM]...", 0,
	  "How workers share the vCPUs: fair (the default), credit, gang or rr. "
	  "Items: slice=US, quota=PERCENT, period=MS", GROUP_MACHINE },
	{ "sched-vcpu", KEY_SCHED_VCPU, "N[-M][,ITEM]...", 0,
	  "The same for some vCPUs; may be repeated. Items: weight=N, cap=PERCENT, "
	  "quota=PERCENT, period=MS, workers=MASK, nodes=MASK", GROUP_MACHINE },
	{ "disable", KEY_DISABLE, "EXT,...", 0, "Take extensions away, as in --disable zfh,sstc",
	  GROUP_MACHINE },
	{ "mmu", KEY_MMU, "MODE", 0, "Largest paging mode: sv39, sv48 or sv57", GROUP_MACHINE },

	{ NULL, 0, NULL, 0, "What to boot:", GROUP_BOOT },
	{ "kernel", KEY_KERNEL, "FILE", 0, "Linux Image or ELF file, plain, gzip, zstd or zboot",
	  GROUP_BOOT },
	{ "initrd", KEY_INITRD, "FILE", 0, "Initial RAM disk", GROUP_BOOT },
	{ "append", KEY_APPEND, "TEXT", 0, "Kernel command line", GROUP_BOOT },
	{ "dtb", KEY_DTB, "FILE", 0, "Device tree to use instead of the machine's own",
	  GROUP_BOOT },
	{ "dump-dtb", KEY_DUMP_DTB, "FILE", 0,
	  "Write the device tree that the guest would get, and exit", GROUP_BOOT },
	{ "firmware", KEY_FIRMWARE, "FILE", 0,
	  "Machine-mode firmware (OpenSBI's fw_dynamic or fw_jump, .bin or .elf) "
	  "instead of the SBI that the module has", GROUP_BOOT },

	{ NULL, 0, NULL, 0, "Devices:", GROUP_DEVICES },
	{ "disk", KEY_DISK, "FILE[,ro][,format=raw]", 0,
	  "Raw image or block device as a virtio disk; may be repeated. "
	  "A comma in the name is written twice", GROUP_DEVICES },
	{ "net", KEY_NET, "NETWORK", 0,
	  "user[,ITEM]..., tap=IFNAME[,ITEM]... or none (the default). Items of user: hostfwd=tcp|udp:[ADDR]:PORT-[ADDR]:PORT, "
	  "tftp=DIR, bootfile=FILE, restrict. Of user and tap: mac=ADDRESS", GROUP_DEVICES },
	{ "console", KEY_CONSOLE, "stdio|none|file=FILE", 0,
	  "Where the UART and the SBI console go (default stdio)", GROUP_DEVICES },
	{ "serial", KEY_CONSOLE, NULL, OPTION_ALIAS, NULL, GROUP_DEVICES },
	{ "virtio-console", KEY_VIRTIO_CONSOLE, "stdio|none|file=FILE", 0,
	  "Add a virtio console; with stdio it takes the keyboard", GROUP_DEVICES },
	{ "rng", KEY_RNG, NULL, 0, "Add a virtio entropy device", GROUP_DEVICES },
	{ "smmu", KEY_SMMU, "WAY", OPTION_ARG_OPTIONAL,
	  "Put an Arm SMMUv3 before the virtio devices, which ask it by lookup (the default) or have windows; "
	  "until the guest enables it, they see memory as it is",
	  GROUP_DEVICES },

	{ NULL, 0, NULL, 0, "Running:", GROUP_RUN },
	{ "no-reboot", KEY_NO_REBOOT, NULL, 0, "Exit instead of rebooting", GROUP_RUN },
	{ "timeout", KEY_TIMEOUT, "S", 0, "End the VM after S seconds, with exit status 124",
	  GROUP_RUN },
	{ "stats", KEY_STATS, NULL, 0, "Print counters at the end", GROUP_RUN },
	{ "jitdump", KEY_JITDUMP, "DIR", 0,
	  "Write translated code to DIR/jit-PID.dump, for perf inject --jit", GROUP_RUN },
	{ "perf-map", KEY_PERF_MAP, NULL, 0,
	  "Write names of translated code to /tmp/perf-PID.map, for perf top", GROUP_RUN },
	{ "symbols", KEY_SYMBOLS, "FILE", 0,
	  "What guest code is called there: an ELF file, a System.map or the guest's "
	  "/proc/kallsyms", GROUP_RUN },
	{ "verbose", 'v', NULL, 0, "Say what is being done", GROUP_RUN },

	{ "help", 'h', NULL, 0, "This text", GROUP_RUN },
	{ "usage", '?', NULL, OPTION_ALIAS, NULL, GROUP_RUN },
	{ }
};

static const char doc[] =
	"Boots a virtual machine of a foreign instruction set."
	"\v"
	"On a terminal, Ctrl-A x ends the VM and Ctrl-A h tells of more keys.\n\n"
	"Exit status: 0 the guest powered off; its own code if it failed through the finisher; "
	"1 an error; 2 a wrong command line; 3 an internal error; 124 time-out; "
	"128 + N ended by signal N.";

static error_t parse_option(int key, char *arg, struct argp_state *state);

static const struct argp argp = { .options = options, .parser = parse_option, .doc = doc };

static void __attribute__((noreturn)) usage_exit(void)
{
	exit(STATUS_USAGE);
}

static void __attribute__((noreturn)) help_exit(void)
{
	char name[] = "vmxl run";

	argp_help(&argp, stdout, ARGP_HELP_LONG | ARGP_HELP_DOC | ARGP_HELP_USAGE, name);
	exit(STATUS_OK);
}

static u64 number(const char *option, const char *text, u64 min, u64 max)
{
	u64 value;

	if (!parse_u64(text, min, max, &value))
		return value;
	error("--%s: '%s' is not a number from %llu to %llu", option, text,
	      (unsigned long long)min, (unsigned long long)max);
	usage_exit();
}

static u64 memory_size(const char *text)
{
	u64 size;

	if (parse_size(text, &size) || !size || size > 1ULL << 46) {
		error("--mem: '%s' is not a size such as 512M or 2G", text);
		usage_exit();
	}
	if (size % PAGE_SIZE) {
		error("--mem: '%s' is not a whole number of pages", text);
		usage_exit();
	}
	return size;
}

static void parse_disk(char *text, struct run_options *opt)
{
	struct disk_options *d = &opt->disks[opt->nr_disks];
	char *rest = text, *item;

	if (opt->nr_disks == OPT_MAX_DISKS) {
		error("--disk: more than %d disks", OPT_MAX_DISKS);
		usage_exit();
	}
	d->path = next_item(&rest);
	while ((item = next_item(&rest))) {
		if (!strcmp(item, "ro")) {
			d->readonly = true;
		} else if (strcmp(item, "format=raw")) {
			error("--disk: unknown item '%s'", item);
			usage_exit();
		}
	}
	if (!*d->path) {
		error("--disk: needs a file name");
		usage_exit();
	}
	opt->nr_disks++;
}

static const char *console_spec(const char *option, const char *text)
{
	if (console_spec_valid(text))
		return text;
	error("--%s: '%s' is none of stdio, none, file=FILE", option, text);
	usage_exit();
}

static enum smmu_way smmu_way(const char *text)
{
	enum smmu_way way = text ? smmu_parse(text) : SMMU_LOOKUP;

	if (way != SMMU_NONE)
		return way;
	error("--smmu: '%s' is neither lookup nor windows", text);
	usage_exit();
}

static const char *isa_name(const char *text)
{
	if (machine_find(text))
		return text;
	error("--isa: '%s' is not supported", text);
	usage_exit();
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct run_options *opt = state->input;

	switch (key) {
	case KEY_ISA: opt->isa = isa_name(arg); break;
	case 'm': opt->mem_size = memory_size(arg); break;
	case 'c': opt->cpus = number("cpus", arg, 1, VM_MAX_CPUS); break;
	case KEY_WORKERS:
		if (workers_parse(arg, &opt->workers))
			usage_exit();
		break;
	case KEY_SCHED:
		if (sched_parse(arg, &opt->sched))
			usage_exit();
		break;
	case KEY_SCHED_VCPU:
		if (sched_parse_vcpu(arg, &opt->sched))
			usage_exit();
		break;
	case KEY_DISABLE: opt->disable = arg; break;
	case KEY_MMU: opt->mmu = arg; break;
	case KEY_KERNEL: opt->kernel = arg; break;
	case KEY_INITRD: opt->initrd = arg; break;
	case KEY_APPEND: opt->append = arg; break;
	case KEY_DTB: opt->dtb = arg; break;
	case KEY_DUMP_DTB: opt->dump_dtb = arg; break;
	case KEY_FIRMWARE: opt->firmware = arg; break;
	case KEY_DISK: parse_disk(arg, opt); break;
	case KEY_NET:
		if (net_parse(arg, &opt->net))
			usage_exit();
		break;
	case KEY_CONSOLE: opt->console = console_spec("console", arg); break;
	case KEY_VIRTIO_CONSOLE:
		opt->virtio_console = console_spec("virtio-console", arg);
		break;
	case KEY_RNG: opt->rng = true; break;
	case KEY_SMMU: opt->smmu = smmu_way(arg); break;
	case KEY_NO_REBOOT: opt->no_reboot = true; break;
	case KEY_TIMEOUT: opt->timeout_s = number("timeout", arg, 1, 1 << 30); break;
	case KEY_STATS: opt->stats = true; break;
	case KEY_JITDUMP: opt->code_log.jitdump = arg; break;
	case KEY_PERF_MAP: opt->code_log.perf_map = true; break;
	case KEY_SYMBOLS: opt->code_log.symbols = arg; break;
	case 'v': verbose_enabled = true; break;
	case 'h': help_exit();
	case ARGP_KEY_ARG:
		error("'%s' is not expected here: a kernel is given by --kernel", arg);
		usage_exit();
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* Which option argp choked on, and why. */
static void explain(const char *arg)
{
	const struct argp_option *o;
	size_t len = strcspn(arg, "=");

	for (o = options; o->name || o->doc; o++) {
		if (!o->name || strncmp(arg, "--", 2) || strlen(o->name) != len - 2 ||
		    strncmp(o->name, arg + 2, len - 2))
			continue;
		if (arg[len] == '=')
			error("option %.*s takes no value", (int)len, arg);
		else
			error("option %s needs a value", arg);
		return;
	}
	if (arg[0] == '-' && (arg[1] == 'm' || arg[1] == 'c') && !arg[2])
		error("option %s needs a value", arg);
	else
		error("unknown option %s (see vmxl run --help)", arg);
}

static void check(const struct run_options *opt)
{
	if (!opt->kernel && !opt->firmware && !opt->dump_dtb) {
		error("nothing to boot: give --kernel or --firmware (see vmxl run --help)");
		usage_exit();
	}
	if ((opt->sched.set || opt->sched.nr_ranges) && !opt->workers.nr) {
		error("--sched and --sched-vcpu need --workers");
		usage_exit();
	}
	if (opt->initrd && !opt->kernel) {
		error("--initrd needs --kernel");
		usage_exit();
	}
	if (opt->code_log.symbols && !opt->code_log.jitdump && !opt->code_log.perf_map) {
		error("--symbols needs --jitdump or --perf-map");
		usage_exit();
	}
}

void options_parse(int argc, char **argv, struct run_options *opt)
{
	int index = 0;

	*opt = (struct run_options) {
		.isa = "rv64",
		.mem_size = 512 * SZ_1M,
		.cpus = 1,
		.mmu = "sv39",
		.console = "stdio",
	};
	if (argp_parse(&argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_IN_ORDER, &index,
		       opt)) {
		explain(argv[MAX(index - 1, 1)]);
		usage_exit();
	}
	check(opt);
}
