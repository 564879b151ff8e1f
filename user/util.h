/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every file of the launcher uses: short integer names, one-line error
 * messages, numbers and option lists out of text, whole files, eventfds.
 *
 * Naming: functions that cross files carry the name of their object (vm_,
 * virtq_, console_), not vmxl_, which belongs to the module: vmxl-hosted links
 * both into one program.
 *
 * Errors: a function that fails has printed one line with error() and returns
 * -1, unless its comment says otherwise; its callers only unwind.
 */
#ifndef VMXL_USER_UTIL_H
#define VMXL_USER_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

/* Guest structures are little-endian and are used in place. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "little-endian hosts only");

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define ALIGN_UP(x, a)	(((x) + (a) - 1) & ~((typeof(x))(a) - 1))
#define ALIGN_DOWN(x, a) ((x) & ~((typeof(x))(a) - 1))
#define MIN(a, b) ({ typeof(a) a_ = (a); typeof(b) b_ = (b); a_ < b_ ? a_ : b_; })
#define MAX(a, b) ({ typeof(a) a_ = (a); typeof(b) b_ = (b); a_ > b_ ? a_ : b_; })
#define SZ_1M		(1ULL << 20)
#define SZ_2M		(2ULL << 20)
#define SZ_1G		(1ULL << 30)

/* The launcher's exit status; a guest's own failure code is passed on. */
enum exit_status {
	STATUS_OK = 0,
	STATUS_FAIL = 1,
	STATUS_USAGE = 2,
	STATUS_INTERNAL = 3,
	STATUS_TIMEOUT = 124,
};

/* One line on stderr, "vmxl: ..."; always -1, for "return error(...)". */
int error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same, with the text of errno behind it. */
int error_errno(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A line of --stats. */
void report(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A line for --verbose. */
void verbose(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
extern bool verbose_enabled;

/* Decimal or 0x hexadecimal, all of the text, within [min, max]; silent. */
int parse_u64(const char *text, u64 min, u64 max, u64 *out);
/* A size with K, M, G or T behind it; a bare number counts MiB, as in QEMU; silent. */
int parse_size(const char *text, u64 *out);

/*
 * Cuts the next item off a comma separated list, in place; a doubled comma is
 * a comma of the item. NULL at the end.
 */
char *next_item(char **list);

/* The value behind "key=" if item starts so, otherwise NULL. */
const char *item_value(const char *item, const char *key);

struct file_data {
	u8 *data;
	size_t len;
};

/* Reads a whole file of at most max bytes. what names it in messages. */
int file_read(const char *what, const char *path, u64 max, struct file_data *out);
void file_free(struct file_data *file);
int file_write(const char *what, const char *path, const void *data, size_t len);

/* Writes all of it, waiting where fd would block. */
int write_all(int fd, const void *data, size_t len);

int event_create(void);
void event_signal(int fd);
/* Empties the counter; false if it was empty. */
bool event_drain(int fd);

u64 now_ns(void);
void random_bytes(void *buf, size_t len);

#endif
