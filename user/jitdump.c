// SPDX-License-Identifier: GPL-2.0
/*
 * Translated code for perf. See jitdump.h; the format is that of
 * tools/perf/Documentation/jitdump-specification.txt in Linux.
 *
 * The bytes of a block are read when its record is: should other code have taken
 * its place by then, perf annotate shows that. Names and times are right anyway.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "jitdump.h"
#include "sys.h"

#define JIT_MAGIC	0x4a695444
#define JIT_VERSION	1
#define JIT_CODE_LOAD	0
#define JIT_CODE_CLOSE	3
#define PERIOD_NS	20000000	/* in which the module's 16384 records do not fill up */
#define BATCH		128

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

static void write_load(struct jitdump *jd, const struct vmxl_code_record *rec, const char *name)
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

	fwrite(&load, sizeof(load), 1, jd->file);
	fwrite(name, strlen(name) + 1, 1, jd->file);
	fwrite((const void *)(uintptr_t)rec->host, rec->host_len, 1, jd->file);
}

static void add_record(struct jitdump *jd, const struct vmxl_code_record *rec)
{
	char name[256];

	switch (rec->type) {
	case VMXL_CODE_STUBS:
		write_load(jd, rec, "[vmxl stubs]");
		break;
	case VMXL_CODE_ADDED:
		symbols_format(&jd->symbols, rec->pc, name, sizeof(name));
		write_load(jd, rec, name);
		break;
	}
}

static int drain(struct jitdump *jd)
{
	struct vmxl_code_record rec[BATCH];
	struct vmxl_code_log log;
	u32 i;

	do {
		log = (struct vmxl_code_log) { .records = (uintptr_t)rec, .nr = BATCH };
		if (sys_ioctl(jd->vm->fd, VMXL_GET_CODE_LOG, (unsigned long)&log))
			return -1;
		for (i = 0; i < log.nr; i++)
			add_record(jd, &rec[i]);
		jd->lost += log.lost;
	} while (log.nr == BATCH);
	return 0;
}

static void on_timer(void *opaque)
{
	struct jitdump *jd = opaque;
	u64 n;

	if (read(jd->timer_fd, &n, sizeof(n)) == sizeof(n) && jd->vm)
		drain(jd);
}

static int open_file(struct jitdump *jd, const char *dir)
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
		close(fd);
		return error_errno("fdopen");
	}
	fwrite(&header, sizeof(header), 1, jd->file);
	if (fflush(jd->file))
		return error_errno("jitdump");
	/* perf sees this, and takes the file's name from it. */
	jd->marker = mmap(NULL, sizeof(header), PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	if (jd->marker == MAP_FAILED)
		return error_errno("jitdump in %s: a mapping that can be executed", dir);
	return 0;
}

int jitdump_open(struct jitdump *jd, const char *dir, const char *symbols, struct loop *loop)
{
	const struct timespec period = { .tv_nsec = PERIOD_NS };
	const struct itimerspec its = { .it_interval = period, .it_value = period };

	*jd = (struct jitdump) { .timer_fd = -1, .marker = MAP_FAILED };
	if ((symbols && symbols_read(&jd->symbols, symbols)) || open_file(jd, dir))
		return -1;
	jd->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (jd->timer_fd < 0 || timerfd_settime(jd->timer_fd, 0, &its, NULL))
		return error_errno("timerfd");
	return loop_add(loop, jd->timer_fd, NULL, on_timer, jd);
}

void jitdump_close(struct jitdump *jd)
{
	struct jit_record end = { JIT_CODE_CLOSE, sizeof(end), now_ns() };

	symbols_free(&jd->symbols);
	if (!jd->file)
		return;
	fwrite(&end, sizeof(end), 1, jd->file);
	if (jd->lost)
		error("jitdump: %llu records of code are lost", (unsigned long long)jd->lost);
	verbose("jitdump: %llu pieces of code", (unsigned long long)jd->nr);
	if (ferror(jd->file) | fclose(jd->file))
		error("jitdump: the file could not be written");
	if (jd->marker != MAP_FAILED)
		munmap(jd->marker, sizeof(struct jit_header));
	if (jd->timer_fd >= 0)
		close(jd->timer_fd);
	jd->file = NULL;
}

int jitdump_begin(struct jitdump *jd, struct vm *vm)
{
	if (!jd->file)
		return 0;
	jd->vm = vm;
	if (!drain(jd))
		return 0;
	jd->vm = NULL;
	if (errno == EOPNOTSUPP || errno == ENOTTY)
		return error("jitdump: the module does not tell what it compiles");
	return error_errno("jitdump: the log of code");
}

void jitdump_end(struct jitdump *jd)
{
	if (jd->vm)
		drain(jd);
	jd->vm = NULL;
}
