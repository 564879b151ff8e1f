// SPDX-License-Identifier: GPL-2.0
/*
 * The map of symbols. See perfmap.h; the format is that of
 * tools/perf/Documentation/jit-interface.txt in Linux.
 *
 * Of code that was dropped the line's numbers become zero, in its place: perf would
 * find any of those that are said to be at an address.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <unistd.h>

#include "perfmap.h"

#define NUMBERS	"%016llx %08x"

struct line {
	u64 host;
	off_t at;
};

static int by_host(const void *a, const void *b)
{
	u64 x = ((const struct line *)a)->host, y = ((const struct line *)b)->host;

	return x < y ? -1 : x > y;
}

int perfmap_open(struct perfmap *map)
{
	char path[32];
	int fd;

	/* Everybody can write there: a file that we have not made is not written to. */
	snprintf(path, sizeof(path), "/tmp/perf-%d.map", getpid());
	if (unlink(path) && errno != ENOENT)
		return error_errno("%s: of an earlier process", path);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return error_errno("%s", path);
	map->file = fdopen(fd, "w");
	if (map->file)
		return 0;
	close(fd);
	return error_errno("fdopen");
}

void perfmap_close(struct perfmap *map)
{
	perfmap_end(map);
	if (map->file && (ferror(map->file) | fclose(map->file)))
		error("/tmp/perf-%d.map could not be written", getpid());
	map->file = NULL;
}

void perfmap_add(struct perfmap *map, const struct vmxl_code_record *rec, const char *name)
{
	struct line *line, **found;

	if (!map->file)
		return;
	/* The first of another VM */
	if (!map->lines && (fseeko(map->file, 0, SEEK_SET) || ftruncate(fileno(map->file), 0)))
		return;
	perfmap_drop(map, rec);
	line = malloc(sizeof(*line));
	if (!line)
		return;
	*line = (struct line) { rec->host, ftello(map->file) };
	found = tsearch(line, &map->lines, by_host);
	if (!found) {
		free(line);
		return;
	}
	fprintf(map->file, NUMBERS " %s\n", (unsigned long long)rec->host, rec->host_len, name);
}

void perfmap_drop(struct perfmap *map, const struct vmxl_code_record *rec)
{
	const struct line key = { .host = rec->host };
	struct line **found = map->file ? tfind(&key, &map->lines, by_host) : NULL;
	struct line *line;

	if (!found)
		return;
	line = *found;
	if (!fseeko(map->file, line->at, SEEK_SET))
		fprintf(map->file, NUMBERS, 0ULL, 0);
	fseeko(map->file, 0, SEEK_END);
	tdelete(line, &map->lines, by_host);
	free(line);
}

void perfmap_flush(struct perfmap *map)
{
	if (map->file)
		fflush(map->file);
}

void perfmap_end(struct perfmap *map)
{
	tdestroy(map->lines, free);
	map->lines = NULL;
}
