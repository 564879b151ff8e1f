/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of guest addresses, out of an ELF file's symbol table or a text in the
 * form of System.map and /proc/kallsyms. Functions only. The file is not trusted.
 */
#ifndef VMXL_USER_SYMBOLS_H
#define VMXL_USER_SYMBOLS_H

#include "util.h"

struct symbol {
	u64 addr;
	char *name;
};

struct symbols {
	struct symbol *sym;	/* by address */
	size_t nr, room;
};

/* All zero is a table without names, which needs no symbols_free(). */
int symbols_read(struct symbols *s, const char *path);
void symbols_free(struct symbols *s);

/* The last function that begins at or before addr, which may be far from it; or NULL. */
const struct symbol *symbols_find(const struct symbols *s, u64 addr);

/* "name", "name+0x10" or, without a name near by, "0xffffffff80001000". */
void symbols_format(const struct symbols *s, u64 addr, char *buf, size_t len);

#endif
