// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: kernel and firmware images. The first byte chooses the
 * kind, the rest is the file. Memory beyond the guest's is the sanitizer's.
 */
#include <stdio.h>
#include <stdlib.h>

#include "loader.h"

#define RAM_BASE	0x80000000ULL
#define RAM_SIZE	(4 * SZ_1M)

static struct guest_mem mem;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8 *data, size_t len);

/* The messages go to a place where they cost little; libFuzzer's own are not on stderr then. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return mem_add(&mem, RAM_BASE, RAM_SIZE);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	struct image img = {};

	if (!len)
		return 0;
	if (!loader_place(&mem, data[0] & 1 ? IMAGE_FIRMWARE : IMAGE_KERNEL, "file", data + 1,
			  len - 1, RAM_BASE, data[0] & 2 ? RAM_BASE + SZ_2M : RAM_BASE, &img) &&
	    (img.start < RAM_BASE || img.end > RAM_BASE + RAM_SIZE || img.entry < img.start ||
	     img.entry >= img.end))
		abort();
	return 0;
}
