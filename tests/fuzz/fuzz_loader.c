// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: kernel and firmware images. The first byte chooses the
 * kind and how the file begins, the rest is what follows. Memory beyond the
 * guest's is the sanitizer's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* What an input at random would seldom begin with */
static const struct {
	u32 len;
	const char *bytes;
} heads[] = {
	{ 0, "" },
	{ 4, "\x28\xb5\x2f\xfd" },
	{ 10, "\x1f\x8b\x08\0\0\0\0\0\0\x03" },
	{ 32, "MZ\0\0zimg\x1c\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0zstd\x28\xb5\x2f\xfd" },
};

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	u32 head = len ? heads[data[0] >> 2 & 3].len : 0;
	struct image img = {};
	u8 *file;

	if (!len)
		return 0;
	file = malloc(head + len - 1);
	memcpy(file, heads[data[0] >> 2 & 3].bytes, head);
	memcpy(file + head, data + 1, len - 1);
	if (!loader_place(&mem, data[0] & 1 ? IMAGE_FIRMWARE : IMAGE_KERNEL, "file", file,
			  head + len - 1, RAM_BASE, data[0] & 2 ? RAM_BASE + SZ_2M : RAM_BASE,
			  &img) &&
	    (img.start < RAM_BASE || img.end > RAM_BASE + RAM_SIZE || img.entry < img.start ||
	     img.entry >= img.end))
		abort();
	free(file);
	return 0;
}
