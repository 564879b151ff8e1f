// SPDX-License-Identifier: GPL-2.0
/*
 * The map of symbols for perf: what is in it while code comes and goes.
 */
#include <string.h>
#include <unistd.h>

#include "perfmap.h"
#include "user_tap.h"

static struct perfmap map;
static char path[32], text[4096];

static struct vmxl_code_record record(u64 host, u32 len)
{
	return (struct vmxl_code_record) { .host = host, .host_len = len };
}

static void add(u64 host, u32 len, const char *name)
{
	struct vmxl_code_record rec = record(host, len);

	perfmap_add(&map, &rec, name);
}

static void drop(u64 host)
{
	struct vmxl_code_record rec = record(host, 0);

	perfmap_drop(&map, &rec);
}

/* The file has these lines and no other. */
static int has(const char *lines)
{
	FILE *f;
	size_t n;

	perfmap_flush(&map);
	f = fopen(path, "r");
	if (!f)
		return 0;
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = 0;
	return !strcmp(text, lines);
}

static void test_add(void)
{
	add(0x1000, 0x80, "one");
	add(0x7f0000001080, 0x40, "two+0x4");
	ok(has("0000000000001000 00000080 one\n00007f0000001080 00000040 two+0x4\n"));
}

static void test_drop(void)
{
	drop(0x1000);
	drop(0x2000);
	ok(has("0000000000000000 00000000 one\n00007f0000001080 00000040 two+0x4\n"));
	add(0x1000, 0x20, "other");
	ok(has("0000000000000000 00000000 one\n00007f0000001080 00000040 two+0x4\n"
	       "0000000000001000 00000020 other\n"));
}

/* Two at a place: the records of when the first went are lost. */
static void test_replace(void)
{
	add(0x1000, 0x30, "third");
	ok(has("0000000000000000 00000000 one\n00007f0000001080 00000040 two+0x4\n"
	       "0000000000000000 00000000 other\n0000000000001000 00000030 third\n"));
}

static void test_reboot(void)
{
	perfmap_end(&map);
	ok(strstr(has("") ? "" : text, "third"));
	add(0x3000, 0x10, "again");
	ok(has("0000000000003000 00000010 again\n"));
}

static void test_close(void)
{
	perfmap_close(&map);
	add(0x4000, 0x10, "late");
	drop(0x3000);
	perfmap_flush(&map);
	ok(has("0000000000003000 00000010 again\n"));
	ok(!unlink(path));
}

static const struct tap_test tests[] = {
	{ "added", test_add },
	{ "dropped", test_drop },
	{ "replaced", test_replace },
	{ "another VM", test_reboot },
	{ "closed", test_close },
};

int main(void)
{
	snprintf(path, sizeof(path), "/tmp/perf-%d.map", getpid());
	if (perfmap_open(&map))
		return 1;
	return tap_run(tests, ARRAY_SIZE(tests));
}
