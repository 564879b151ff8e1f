/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between the two halves of `vmxl-hosted dump-block`: dump.c sees the module's
 * headers, dump_cmd.c the launcher's. Only what both have a name for.
 */
#ifndef HOSTED_DUMP_H
#define HOSTED_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DUMP_MAX_INSNS	64

/* Guest instructions and host code, taken apart: dump_cmd.c */
void dump_guest(uint64_t pc, const uint8_t *code, size_t len);
void dump_host(const char *host, const uint8_t *code, size_t at, size_t len);

/* A block of a VM that runs: what it was translated for, its host code there */
struct dump_live {
	uint32_t flags, entry;
	uint64_t host;
	const uint8_t *host_code;
	size_t host_len;		/* 0: it was not compiled */
};

/*
 * A vCPU's block at pc, whose bytes are at code: what it is made into, step by
 * step, on standard output. max: instructions at most; passes: bits of those
 * to run; live: whose block it is, or NULL. Returns 0, or -errno: there is none.
 */
int dump_block(int vcpu_fd, uint64_t pc, const uint8_t *code, unsigned int max,
	       unsigned int passes, const struct dump_live *live);

#endif
