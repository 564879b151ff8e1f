// SPDX-License-Identifier: GPL-2.0
/*
 * Translated code for perf. See jitdump.h; the format is that of
 * tools/perf/Documentation/jitdump-specification.txt in Linux.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "jitdump.h"

#define JIT_MAGIC	0x4a695444
#define JIT_VERSION	1
#define JIT_CODE_LOAD	0
#define JIT_CODE_CLOSE	3

struct jit_header {
	u32 magic, version, total_size, elf_mach, pad, pid;
	u64 timestamp, flags;
};

struct jit_record {
	u32 id, total_size;
	u64 timestamp;
};

struct jit_load {
	struct jit_record r;
	u32 pid, tid;
	u64 vma, code_addr, code_size, code_index;
};

/* What perf's own files are to say that they are for: this program's machine */
static u32 elf_machine(void)
{
	Elf64_Ehdr eh = {};
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && read(fd, &eh, sizeof(eh)) != sizeof(eh))
		eh.e_machine = EM_NONE;
	if (fd >= 0)
		close(fd);
	return eh.e_machine;
}

void jitdump_add(struct jitdump *jd, const struct vmxl_code_record *rec, const char *name)
{
	struct jit_load load = {
		.r = {
			.id = JIT_CODE_LOAD,
			.total_size = sizeof(load) + strlen(name) + 1 + rec->host_len,
			.timestamp = rec->ns,
		},
		.pid = getpid(),
		.tid = getpid(),
		.vma = rec->host,
		.code_addr = rec->host,
		.code_size = rec->host_len,
		.code_index = jd->nr++,
	};

	if (!jd->file)
		return;
	fwrite(&load, sizeof(load), 1, jd->file);
	fwrite(name, strlen(name) + 1, 1, jd->file);
	fwrite((const void *)(uintptr_t)rec->host, rec->host_len, 1, jd->file);
}

int jitdump_open(struct jitdump *jd, const char *dir)
{
	struct jit_header header = {
		.magic = JIT_MAGIC,
		.version = JIT_VERSION,
		.total_size = sizeof(header),
		.elf_mach = elf_machine(),
		.pid = getpid(),
		.timestamp = now_ns(),
	};
	char *path;
	int fd;

	if (asprintf(&path, "%s/jit-%d.dump", dir, getpid()) < 0)
		return error("out of memory");
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		error_errno("%s", path);
	free(path);
	if (fd < 0)
		return -1;
	jd->file = fdopen(fd, "w");
	if (!jd->file) {
		error_errno("jitdump in %s", dir);
		close(fd);
		return -1;
	}
	fwrite(&header, sizeof(header), 1, jd->file);
	if (fflush(jd->file))
		return error_errno("jitdump in %s", dir);
	/* perf sees this, and takes the file's name from it. */
	jd->marker = mmap(NULL, sizeof(header), PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	if (jd->marker != MAP_FAILED)
		return 0;
	jd->marker = NULL;
	return error_errno("jitdump in %s: a mapping that can be executed", dir);
}

void jitdump_close(struct jitdump *jd)
{
	struct jit_record end = { JIT_CODE_CLOSE, sizeof(end), now_ns() };

	if (!jd->file)
		return;
	fwrite(&end, sizeof(end), 1, jd->file);
	if (ferror(jd->file) | fclose(jd->file))
		error("jitdump: the file could not be written");
	if (jd->marker)
		munmap(jd->marker, sizeof(struct jit_header));
	jd->file = NULL;
}
