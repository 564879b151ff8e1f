/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compressed files: gzip (RFC 1952) and zstd (RFC 8878), told by how they begin.
 * What is behind the end of the compressed data counts for nothing: Linux puts
 * the size there.
 */
#ifndef VMXL_USER_UNPACK_H
#define VMXL_USER_UNPACK_H

#include "util.h"

bool unpack_can(const u8 *data, size_t len);

/*
 * Into fresh memory, out, of at most max bytes; name is for messages, of which
 * there is one if it fails.
 */
int unpack(const char *name, const u8 *data, size_t len, u64 max, struct file_data *out);

#endif
