// SPDX-License-Identifier: GPL-2.0
/*
 * Decompression. See unpack.h. A format is a row: how it begins, and a function
 * that goes on with a stream; the memory for the result is everybody's.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "unpack.h"

#define FIRST_ROOM	(32ULL << 20)

enum step {
	STEP_MORE,	/* all input was taken, or there is no room left */
	STEP_END,
	STEP_BAD,
};

/* What is left of the input, and of the room for the result */
struct stream {
	const u8 *in;
	size_t in_len;
	u8 *out;
	size_t out_len;
	union {
		z_stream z;
		ZSTD_DStream *zstd;
	};
};

struct format {
	const char *name;
	u8 magic[4];
	size_t magic_len;
	bool (*begin)(struct stream *s);
	enum step (*go_on)(struct stream *s);
	void (*end)(struct stream *s);
};

static bool gzip_begin(struct stream *s)
{
	s->z.next_in = (u8 *)s->in;
	s->z.avail_in = s->in_len;
	return s->in_len <= UINT32_MAX && inflateInit2(&s->z, 16 + MAX_WBITS) == Z_OK;
}

static enum step gzip_go_on(struct stream *s)
{
	uInt room = MIN(s->out_len, (size_t)UINT32_MAX);
	int ret;

	s->z.next_out = s->out;
	s->z.avail_out = room;
	ret = inflate(&s->z, Z_NO_FLUSH);
	s->out_len -= room - s->z.avail_out;
	if (ret == Z_STREAM_END)
		return STEP_END;
	return ret == Z_OK ? STEP_MORE : STEP_BAD;
}

static void gzip_end(struct stream *s)
{
	inflateEnd(&s->z);
}

static bool zstd_begin(struct stream *s)
{
	s->zstd = ZSTD_createDStream();
	return s->zstd;
}

/* The library refuses windows above 128 MiB, so that its own memory is bounded, too. */
static enum step zstd_go_on(struct stream *s)
{
	ZSTD_inBuffer in = { s->in, s->in_len, 0 };
	ZSTD_outBuffer out = { s->out, s->out_len, 0 };
	size_t ret = ZSTD_decompressStream(s->zstd, &out, &in);

	s->in += in.pos;
	s->in_len -= in.pos;
	s->out_len -= out.pos;
	if (ZSTD_isError(ret))
		return STEP_BAD;
	return ret ? STEP_MORE : STEP_END;
}

static void zstd_end(struct stream *s)
{
	ZSTD_freeDStream(s->zstd);
}

static const struct format formats[] = {
	{ "gzip", { 0x1f, 0x8b }, 2, gzip_begin, gzip_go_on, gzip_end },
	{ "zstd", { 0x28, 0xb5, 0x2f, 0xfd }, 4, zstd_begin, zstd_go_on, zstd_end },
};

static const struct format *find_format(const u8 *data, size_t len)
{
	const struct format *f;

	for (f = formats; f < formats + ARRAY_SIZE(formats); f++)
		if (len >= f->magic_len && !memcmp(data, f->magic, f->magic_len))
			return f;
	return NULL;
}

bool unpack_can(const u8 *data, size_t len)
{
	return find_format(data, len);
}

static bool grow(struct file_data *out, size_t *room, u64 max)
{
	size_t want = MIN(*room ? 2ULL * *room : FIRST_ROOM, max);
	u8 *data;

	if (want == *room)
		return false;
	data = realloc(out->data, want);
	if (!data)
		return false;
	out->data = data;
	*room = want;
	return true;
}

/* STEP_MORE: the result does not fit */
static enum step unpack_all(const struct format *f, struct stream *s, u64 max,
			    struct file_data *out)
{
	enum step step = STEP_MORE;
	size_t room = 0;

	while (step == STEP_MORE) {
		if (out->len == room && !grow(out, &room, max))
			break;
		s->out = out->data + out->len;
		s->out_len = room - out->len;
		step = f->go_on(s);
		out->len = room - s->out_len;
		/* A file that is cut off asks for input for ever. */
		if (step == STEP_MORE && s->out_len)
			step = STEP_BAD;
	}
	return step;
}

int unpack(const char *name, const u8 *data, size_t len, u64 max, struct file_data *out)
{
	const struct format *f = find_format(data, len);
	struct stream s = { .in = data, .in_len = len };
	enum step step;

	*out = (struct file_data){};
	if (!f)
		return error("%s: not compressed in a way that is known", name);
	if (!f->begin(&s))
		return error("%s: %s decompression does not start", name, f->name);
	step = unpack_all(f, &s, max, out);
	f->end(&s);
	if (step == STEP_END)
		return 0;
	file_free(out);
	if (step == STEP_MORE)
		return error("%s: more than %llu MiB when decompressed", name,
			     (unsigned long long)(max >> 20));
	return error("%s: the %s data is damaged", name, f->name);
}
