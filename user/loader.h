/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files into guest memory: kernels, firmware, initial RAM disks.
 *
 * A kernel is a RISC-V Linux Image or an ELF executable, plain or compressed with
 * gzip or zstd (bare or as an EFI zboot image). Firmware is ELF or raw code. The
 * contents are not trusted: whatever a file says is checked against its length
 * and the guest's memory.
 */
#ifndef VMXL_USER_LOADER_H
#define VMXL_USER_LOADER_H

#include "mem.h"

struct image {
	u64 start;	/* guest physical addresses */
	u64 end;	/* behind its last byte, uninitialised data included */
	u64 entry;
};

enum image_kind {
	IMAGE_KERNEL,
	IMAGE_FIRMWARE,
};

/*
 * Places the contents of a file. ram is the guest address of memory; load_min
 * the lowest address at which an Image may go.
 */
int loader_place(const struct guest_mem *mem, enum image_kind kind, const char *name,
		 const u8 *data, size_t len, u64 ram, u64 load_min, struct image *out);
int loader_image(const struct guest_mem *mem, enum image_kind kind, const char *path,
		 u64 ram, u64 load_min, struct image *out);
/* Any file, at start. */
int loader_blob(const struct guest_mem *mem, const char *what, const char *path, u64 start,
		struct image *out);

#endif
