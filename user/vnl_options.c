// SPDX-License-Identifier: GPL-2.0
/*
 * Arguments of list, stat, monitor and top, and text for JSON. See vnl.h.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vnl.h"

#define MAX_SECONDS	86400

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "batch", no_argument, NULL, 'b' },
	{ "interval", required_argument, NULL, 'd' },
	{ "count", required_argument, NULL, 'n' },
	{ "help", no_argument, NULL, 'h' },
	{}
};

/* Seconds, with a fraction perhaps */
static int parse_interval(const char *text, u64 *ms)
{
	char *end;
	double s = strtod(text, &end);

	if (end == text || *end || !(s >= 0.01 && s <= MAX_SECONDS))
		return -1;
	*ms = s * 1000;
	return 0;
}

static bool take(int letter, const char *arg, struct vnl_options *opt)
{
	switch (letter) {
	case 'j':
		opt->json = true;
		return true;
	case 'b':
		opt->batch = true;
		return true;
	case 'd':
		return !parse_interval(arg, &opt->interval_ms);
	default:
		return !parse_u64(arg, 1, UINT32_MAX, &opt->count);
	}
}

static int take_vm(const char *arg, struct vnl_options *opt)
{
	u64 vm;

	if (parse_u64(arg, 1, UINT32_MAX, &vm)) {
		error("'%s' is not the number of a VM", arg);
		return STATUS_USAGE;
	}
	opt->vm = vm;
	return 0;
}

int vnl_options(int argc, char **argv, const char *letters, const char *help,
		struct vnl_options *opt, bool *done)
{
	int c;

	*opt = (struct vnl_options){};
	*done = false;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":jbd:n:h", options, NULL)) != -1) {
		if (c == 'h') {
			fputs(help, stdout);
			*done = true;
			return 0;
		}
		if (c == ':') {
			error("%s: option '%s' needs a value", argv[0], argv[optind - 1]);
			return STATUS_USAGE;
		}
		if (c == '?' || !strchr(letters, c)) {
			error("%s: unknown option '%s' (see vmxl %s --help)", argv[0],
			      argv[optind - 1], argv[0]);
			return STATUS_USAGE;
		}
		if (!take(c, optarg, opt)) {
			error("%s: '%s' is out of range", argv[0], optarg);
			return STATUS_USAGE;
		}
	}
	if (optind == argc)
		return 0;
	if (!strchr(letters, 'v') || optind + 1 != argc) {
		error("%s: '%s' is one argument too many", argv[0], argv[argc - 1]);
		return STATUS_USAGE;
	}
	return take_vm(argv[optind], opt);
}

void vnl_json_string(const char *text)
{
	const unsigned char *p;

	putchar('"');
	for (p = (const unsigned char *)text; *p; p++) {
		if (*p == '"' || *p == '\\')
			printf("\\%c", *p);
		else if (*p < 0x20 || *p >= 0x7f)
			printf("\\u%04x", *p);
		else
			putchar(*p);
	}
	putchar('"');
}
