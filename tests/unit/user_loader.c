// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of image loading: good images of every format, and damaged ones.
 */
#include <elf.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "loader.h"
#include "user_ring.h"
#include "user_tap.h"

#define ENTRY_VA	0xffffffff80000040ULL

static struct guest_mem mem;
static struct image img;
static u8 file[65536];

static int place(enum image_kind kind, size_t len)
{
	img = (struct image){};
	memset(mem_at(&mem, RAM_BASE, RAM_SIZE), 0xcc, RAM_SIZE);
	return loader_place(&mem, kind, "file", file, len, RAM_BASE, RAM_BASE, &img);
}

static void put32(size_t at, u32 v)
{
	memcpy(file + at, &v, sizeof(v));
}

static void put64(size_t at, u64 v)
{
	memcpy(file + at, &v, sizeof(v));
}

static void make_image(u64 text_offset, u64 image_size)
{
	memset(file, 0, sizeof(file));
	put32(0, 0x6f);
	put64(8, text_offset);
	put64(16, image_size);
	put32(56, 0x05435352);
	memset(file + 64, 0xab, 4096 - 64);
}

static void test_image(void)
{
	u8 *p;

	make_image(SZ_2M, 8192);
	ok(!place(IMAGE_KERNEL, 4096));
	ok(img.start == RAM_BASE + SZ_2M && img.end == img.start + 8192 && img.entry == img.start);
	p = mem_at(&mem, img.start, 8193);
	ok(p[0] == 0x6f && p[4095] == 0xab && p[4096] == 0 && p[8191] == 0 && p[8192] == 0xcc);
	make_image(0, 0);
	ok(!place(IMAGE_KERNEL, 4096) && img.end == RAM_BASE + 4096);
	ok(!loader_place(&mem, IMAGE_KERNEL, "file", file, 4096, RAM_BASE, RAM_BASE + SZ_2M, &img));
	ok(img.start == RAM_BASE + SZ_2M);
}

static void test_bad_image(void)
{
	make_image(SZ_2M, RAM_SIZE - SZ_2M + 1);
	ok(place(IMAGE_KERNEL, 4096));
	make_image(UINT64_MAX, 4096);
	ok(place(IMAGE_KERNEL, 4096));
	make_image(SZ_2M, UINT64_MAX);
	ok(place(IMAGE_KERNEL, 4096));
	make_image(SZ_2M, 4096);
	put64(24, 1);
	ok(place(IMAGE_KERNEL, 4096));
	make_image(SZ_2M, 4096);
	ok(place(IMAGE_KERNEL, 63));
	ok(place(IMAGE_KERNEL, 0));
}

static size_t gzip(const u8 *data, size_t len, u8 *out, size_t room)
{
	z_stream z = { .next_in = (u8 *)data, .avail_in = len, .next_out = out, .avail_out = room };

	ok(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	ok(deflate(&z, Z_FINISH) == Z_STREAM_END);
	deflateEnd(&z);
	return room - z.avail_out;
}

static size_t zstd(const u8 *data, size_t len, u8 *out, size_t room)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	size_t ret;

	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
	ret = ZSTD_compress2(c, out, room, data, len);
	ok(!ZSTD_isError(ret));
	ZSTD_freeCCtx(c);
	return ret;
}

typedef size_t (*pack_fn)(const u8 *data, size_t len, u8 *out, size_t room);

/* The file, packed, over itself; its new length */
static size_t pack_file(pack_fn pack, size_t len)
{
	static u8 packed[sizeof(file)];

	len = pack(file, len, packed, sizeof(packed));
	memcpy(file, packed, len);
	return len;
}

static void test_packed(pack_fn pack, size_t checksum)
{
	size_t len, i;

	make_image(SZ_2M, 8192);
	len = pack_file(pack, 4096);
	ok(!place(IMAGE_KERNEL, len));
	ok(img.end == RAM_BASE + SZ_2M + 8192);
	ok(*(u8 *)mem_at(&mem, RAM_BASE + SZ_2M + 4095, 1) == 0xab);
	ok(!place(IMAGE_KERNEL, len + 4));	/* its size behind it, as Linux has it */
	for (i = 2; i < len; i++)
		ok(place(IMAGE_KERNEL, i));
	file[len - checksum] ^= 1;
	ok(place(IMAGE_KERNEL, len));
}

static void test_gzip(void)
{
	test_packed(gzip, 6);
}

static void test_zstd(void)
{
	test_packed(zstd, 2);
	/* A frame with a window of 3.75 TiB, and one of a reserved kind */
	memcpy(file, "\x28\xb5\x2f\xfd\x00\xff", 6);
	ok(place(IMAGE_KERNEL, 64));
	memcpy(file, "\x28\xb5\x2f\xfd\x08\x00", 6);
	ok(place(IMAGE_KERNEL, 64));
}

/* A small file that is larger than memory once unpacked, and one that just fits */
static void test_bomb(pack_fn pack)
{
	size_t len, size = RAM_SIZE + 1;
	u8 *big = calloc(1, size);

	ok(big);
	make_image(0, 0);
	memcpy(big, file, 4096);
	len = pack(big, size, file, sizeof(file));
	ok(place(IMAGE_KERNEL, len));
	len = pack(big, size - 1, file, sizeof(file));
	ok(!place(IMAGE_KERNEL, len) && img.end == RAM_BASE + RAM_SIZE);
	free(big);
}

static void test_bombs(void)
{
	test_bomb(gzip);
	test_bomb(zstd);
}

static void test_zboot_by(pack_fn pack, const char *how)
{
	size_t len;

	make_image(SZ_2M, 8192);
	len = pack_file(pack, 4096);
	memmove(file + 512, file, len);
	memset(file, 0, 512);
	memcpy(file, "MZ\0\0zimg", 8);
	put32(8, 512);
	put32(12, len);
	strcpy((char *)file + 24, how);
	ok(!place(IMAGE_KERNEL, 512 + len));
	ok(place(IMAGE_KERNEL, 511 + len));
	put32(12, len - 1);
	ok(place(IMAGE_KERNEL, 512 + len));
	put32(12, 0);
	ok(place(IMAGE_KERNEL, 512 + len));
	put32(12, len);
	file[512] ^= 1;
	memset(file + 24, 'x', 32);
	ok(place(IMAGE_KERNEL, 512 + len));
	put32(8, UINT32_MAX);
	ok(place(IMAGE_KERNEL, 512 + len));
}

static void test_zboot(void)
{
	test_zboot_by(gzip, "gzip");
	test_zboot_by(zstd, "zstd22");
}

static Elf64_Ehdr *ehdr(void)
{
	return (Elf64_Ehdr *)file;
}

static Elf64_Phdr *phdr(unsigned int i)
{
	return (Elf64_Phdr *)(file + sizeof(Elf64_Ehdr)) + i;
}

static void make_elf(void)
{
	memset(file, 0, sizeof(file));
	*ehdr() = (Elf64_Ehdr) {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, 1 },
		.e_type = ET_EXEC, .e_machine = EM_RISCV, .e_version = 1, .e_entry = ENTRY_VA,
		.e_phoff = sizeof(Elf64_Ehdr), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 3,
		.e_ehsize = sizeof(Elf64_Ehdr),
	};
	*phdr(0) = (Elf64_Phdr) { .p_type = PT_NOTE, .p_offset = UINT64_MAX };
	*phdr(1) = (Elf64_Phdr) {
		.p_type = PT_LOAD, .p_offset = 4096, .p_vaddr = ENTRY_VA - 0x40,
		.p_paddr = RAM_BASE + 0x1000, .p_filesz = 256, .p_memsz = 4096,
	};
	*phdr(2) = (Elf64_Phdr) {
		.p_type = PT_LOAD, .p_offset = 8192, .p_vaddr = ENTRY_VA - 0x40 + 4096,
		.p_paddr = RAM_BASE + 0x2000, .p_filesz = 16, .p_memsz = 16,
	};
	memset(file + 4096, 0x11, 256);
	memset(file + 8192, 0x22, 16);
}

static void test_elf(void)
{
	u8 *p;

	make_elf();
	ok(!place(IMAGE_KERNEL, 12288));
	ok(img.start == RAM_BASE + 0x1000 && img.end == RAM_BASE + 0x2010);
	ok(img.entry == RAM_BASE + 0x1040);
	p = mem_at(&mem, RAM_BASE + 0x1000, 8192);
	ok(p[0] == 0x11 && p[256] == 0 && p[4095] == 0 && p[4096] == 0x22 && p[4112] == 0xcc);
	make_elf();
	ehdr()->e_type = ET_DYN;
	phdr(1)->p_paddr = 0;
	phdr(2)->p_paddr = 0x1000;
	ok(!place(IMAGE_FIRMWARE, 12288));
	ok(img.start == RAM_BASE && img.entry == RAM_BASE + 0x40);
}

/* Each line damages one field of a good file. */
#define BAD(change)						\
	do {							\
		make_elf();					\
		change;						\
		ok(place(IMAGE_KERNEL, 12288));			\
	} while (0)

static void test_bad_elf(void)
{
	size_t i;

	BAD(ehdr()->e_ident[EI_CLASS] = ELFCLASS32);
	BAD(ehdr()->e_ident[EI_DATA] = ELFDATA2MSB);
	BAD(ehdr()->e_machine = EM_X86_64);
	BAD(ehdr()->e_type = ET_REL);
	BAD(ehdr()->e_phentsize = 32);
	BAD(ehdr()->e_phoff = UINT64_MAX);
	BAD(ehdr()->e_phoff = 12288);
	BAD(ehdr()->e_phnum = UINT16_MAX);
	BAD(ehdr()->e_phnum = 0);
	BAD(ehdr()->e_entry = 0);
	BAD(phdr(1)->p_filesz = 4097);
	BAD(phdr(1)->p_offset = UINT64_MAX);
	BAD(phdr(1)->p_offset = 12288 - 255);
	BAD((phdr(1)->p_filesz = UINT64_MAX, phdr(1)->p_memsz = UINT64_MAX));
	BAD(phdr(1)->p_memsz = UINT64_MAX);
	BAD(phdr(1)->p_memsz = RAM_SIZE);
	BAD(phdr(1)->p_paddr = RAM_BASE - 1);
	BAD(phdr(1)->p_paddr = RAM_BASE + RAM_SIZE);
	BAD(phdr(1)->p_paddr = UINT64_MAX);
	for (i = 0; i < 8192 + 16; i += 7) {
		make_elf();
		ok(place(IMAGE_KERNEL, i));
	}
}

static void test_firmware(void)
{
	memset(file, 0x33, 4096);
	ok(!place(IMAGE_FIRMWARE, 4096));
	ok(img.start == RAM_BASE && img.end == RAM_BASE + 4096 && img.entry == RAM_BASE);
	ok(place(IMAGE_KERNEL, 4096));
	ok(place(IMAGE_FIRMWARE, 0));
}

static const struct tap_test tests[] = {
	{ "Image", test_image },
	{ "damaged Image", test_bad_image },
	{ "gzip", test_gzip },
	{ "zstd", test_zstd },
	{ "larger than memory", test_bombs },
	{ "EFI zboot", test_zboot },
	{ "ELF", test_elf },
	{ "damaged ELF", test_bad_elf },
	{ "firmware", test_firmware },
};

int main(void)
{
	if (mem_add(&mem, RAM_BASE, RAM_SIZE))
		return 1;
	/* The messages are not under test. */
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	return tap_run(tests, ARRAY_SIZE(tests));
}
