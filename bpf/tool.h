/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The user's half of all tools: arguments, intervals, tables, histograms, JSON.
 * A tool says what it is called, what it counts, and how to open its skeleton.
 */
#ifndef VMXL_BPF_TOOL_H
#define VMXL_BPF_TOOL_H

#include <bpf/libbpf.h>
#include <stdbool.h>

#include "vmxl.h"

/**
 * struct tool - a tool
 * @name: of the program
 * @purpose: what it shows, a sentence for --help
 * @what: heading of what cells are of
 * @names: of cells, by key.what; @nr_names of them, others are told by number
 * @name_of: instead of them, if it is not that simple; buf may be used
 * @skeleton: its open skeleton
 * @only_vm: the constant in it that says which VM
 * @timed: cells have times
 * @sized: cells have bytes
 * @hot: its object samples blocks, see hot.h
 * @more: shows what else its object has, after the table; or NULL
 */
struct tool {
	const char *name;
	const char *purpose;
	const char *what;
	const char *const *names;
	size_t nr_names;
	const char *(*name_of)(__u64 what, char *buf, size_t len);
	struct bpf_object_skeleton *skeleton;
	__u32 *only_vm;
	bool timed, sized, hot;
	void (*more)(struct bpf_object *obj, bool json);
};

/* All a main() does but for opening the skeleton; the exit status. */
int tool_main(int argc, char **argv, const struct tool *tool);

/* How to open a skeleton: libbpf looks for the kernel's types even if no program needs any. */
const struct bpf_object_open_opts *tool_open_opts(void);

/* main() of a tool that is @object and has struct tool @t */
#define TOOL_MAIN(object, t)							\
	int main(int argc, char **argv)						\
	{									\
		struct object *skel;						\
		int ret;							\
										\
		libbpf_set_strict_mode(LIBBPF_STRICT_ALL);			\
		skel = object##__open_opts(tool_open_opts());			\
		if (!skel) {							\
			perror((t).name);					\
			return 1;						\
		}								\
		(t).skeleton = skel->skeleton;					\
		(t).only_vm = (__u32 *)&skel->rodata->only_vm;			\
		ret = tool_main(argc, argv, &(t));				\
		object##__destroy(skel);					\
		return ret;							\
	}

#endif
