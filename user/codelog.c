// SPDX-License-Identifier: GPL-2.0
/*
 * The log of translated code. See codelog.h.
 *
 * The bytes of a block are read when its record is: should other code have taken
 * its place by then, perf annotate shows that. Names and times are right anyway.
 */
#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "codelog.h"
#include "sys.h"

#define PERIOD_NS	20000000	/* in which the module's 16384 records do not fill up */
#define BATCH		128

static void add(struct code_log *log, const struct vmxl_code_record *rec, const char *name)
{
	log->nr++;
	jitdump_add(&log->dump, rec, name);
	perfmap_add(&log->map, rec, name);
}

static void add_record(struct code_log *log, const struct vmxl_code_record *rec)
{
	char name[256];

	switch (rec->type) {
	case VMXL_CODE_STUBS:
		add(log, rec, "[vmxl stubs]");
		break;
	case VMXL_CODE_ADDED:
		symbols_format(&log->symbols, rec->pc, name, sizeof(name));
		add(log, rec, name);
		break;
	case VMXL_CODE_DROPPED:
		perfmap_drop(&log->map, rec);
		break;
	}
}

static int drain(struct code_log *log)
{
	struct vmxl_code_record rec[BATCH];
	struct vmxl_code_log get;
	u32 i;

	do {
		get = (struct vmxl_code_log) { .records = (uintptr_t)rec, .nr = BATCH };
		if (sys_ioctl(log->vm->fd, VMXL_GET_CODE_LOG, (unsigned long)&get))
			return -1;
		for (i = 0; i < get.nr; i++)
			add_record(log, &rec[i]);
		log->lost += get.lost;
	} while (get.nr == BATCH);
	perfmap_flush(&log->map);
	return 0;
}

static void on_timer(void *opaque)
{
	struct code_log *log = opaque;
	u64 n;

	if (read(log->timer_fd, &n, sizeof(n)) == sizeof(n) && log->vm)
		drain(log);
}

int code_log_open(struct code_log *log, const struct code_log_options *opt, struct loop *loop)
{
	const struct timespec period = { .tv_nsec = PERIOD_NS };
	const struct itimerspec its = { .it_interval = period, .it_value = period };

	*log = (struct code_log) { .open = opt->jitdump || opt->perf_map, .timer_fd = -1 };
	if (!log->open)
		return 0;
	if ((opt->symbols && symbols_read(&log->symbols, opt->symbols)) ||
	    (opt->jitdump && jitdump_open(&log->dump, opt->jitdump)) ||
	    (opt->perf_map && perfmap_open(&log->map)))
		return -1;
	log->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (log->timer_fd < 0 || timerfd_settime(log->timer_fd, 0, &its, NULL))
		return error_errno("timerfd");
	return loop_add(loop, log->timer_fd, NULL, on_timer, log);
}

void code_log_close(struct code_log *log)
{
	if (!log->open)
		return;
	symbols_free(&log->symbols);
	jitdump_close(&log->dump);
	perfmap_close(&log->map);
	if (log->lost)
		error("%llu records of code are lost", (unsigned long long)log->lost);
	verbose("%llu pieces of code", (unsigned long long)log->nr);
	if (log->timer_fd >= 0)
		close(log->timer_fd);
	log->open = false;
}

int code_log_begin(struct code_log *log, struct vm *vm)
{
	if (!log->open)
		return 0;
	log->vm = vm;
	if (!drain(log))
		return 0;
	log->vm = NULL;
	if (errno == EOPNOTSUPP || errno == ENOTTY)
		return error("the module does not tell what it compiles");
	return error_errno("the log of code");
}

void code_log_end(struct code_log *log)
{
	if (!log->vm)
		return;
	drain(log);
	log->vm = NULL;
	perfmap_end(&log->map);
}
