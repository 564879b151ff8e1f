// SPDX-License-Identifier: GPL-2.0
/*
 * Image loading. See loader.h.
 *
 * Formats: Documentation/arch/riscv/boot-image-header.rst and the EFI zboot
 * header of Linux; ELF-64.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "loader.h"
#include "unpack.h"

#define MAX_FILE	(4 * SZ_1G)
#define MAX_UNPACKED	SZ_1G
#define IMAGE_MAGIC2	0x05435352	/* "RSC\x05" */
#define IMAGE_BIG_ENDIAN (1U << 0)

/* The header of a RISC-V Linux Image. */
struct riscv_image {
	u32 code[2];
	u64 text_offset;
	u64 image_size;		/* with .bss */
	u64 flags;
	u32 version;
	u32 res1;
	u64 res2;
	u64 magic;
	u32 magic2;
	u32 res3;
};

_Static_assert(sizeof(struct riscv_image) == 64, "Image header");

/* The header of an EFI zboot image. */
struct zboot_header {
	u8 mz[2];
	u8 pad[2];
	u8 zimg[4];
	u32 payload_offset;
	u32 payload_size;
	u32 reserved[2];
	char compression[32];
};

struct source {
	const char *name;
	const u8 *data;
	size_t len;
};

static int place(const struct guest_mem *mem, const struct source *src, u64 offset, u64 file_len,
		 u64 gpa, u64 mem_len)
{
	u8 *hva = mem_at(mem, gpa, mem_len);

	if (!hva)
		return error("%s: needs memory at 0x%llx to 0x%llx, which the guest does not have",
			     src->name, (unsigned long long)gpa,
			     (unsigned long long)(gpa + mem_len));
	memcpy(hva, src->data + offset, file_len);
	memset(hva + file_len, 0, mem_len - file_len);
	return 0;
}

static bool is_image(const struct source *src)
{
	struct riscv_image h;

	if (src->len < sizeof(h))
		return false;
	memcpy(&h, src->data, sizeof(h));
	return h.magic2 == IMAGE_MAGIC2;
}

static int place_image(const struct guest_mem *mem, const struct source *src, u64 ram,
		       u64 load_min, struct image *out)
{
	struct riscv_image h;
	u64 size;

	memcpy(&h, src->data, sizeof(h));
	if (h.flags & IMAGE_BIG_ENDIAN)
		return error("%s: a big-endian kernel", src->name);
	if (h.text_offset > SZ_1G || h.image_size > SZ_1G)
		return error("%s: the Image header is damaged", src->name);
	size = MAX((u64)src->len, h.image_size);
	out->start = MAX(ram + h.text_offset, load_min);
	out->end = out->start + size;
	out->entry = out->start;
	return place(mem, src, 0, src->len, out->start, size);
}

static bool is_elf(const struct source *src)
{
	return src->len >= SELFMAG && !memcmp(src->data, ELFMAG, SELFMAG);
}

static int check_ehdr(const struct source *src, Elf64_Ehdr *eh)
{
	if (src->len < sizeof(*eh))
		return error("%s: the ELF header is cut off", src->name);
	memcpy(eh, src->data, sizeof(*eh));
	if (eh->e_ident[EI_CLASS] != ELFCLASS64 || eh->e_ident[EI_DATA] != ELFDATA2LSB ||
	    eh->e_machine != EM_RISCV)
		return error("%s: not an ELF file for RV64", src->name);
	if (eh->e_type != ET_EXEC && eh->e_type != ET_DYN)
		return error("%s: not an executable ELF file", src->name);
	if (eh->e_phentsize != sizeof(Elf64_Phdr) || eh->e_phoff > src->len ||
	    (u64)eh->e_phnum * sizeof(Elf64_Phdr) > src->len - eh->e_phoff)
		return error("%s: the ELF program headers are damaged", src->name);
	return 0;
}

/* The entry is a virtual address; the guest starts without translation. */
static void note_segment(const Elf64_Phdr *ph, const Elf64_Ehdr *eh, u64 bias, struct image *out,
			 bool *have_entry)
{
	u64 start = ph->p_paddr + bias;

	out->start = MIN(out->start, start);
	out->end = MAX(out->end, start + ph->p_memsz);
	if (!*have_entry && eh->e_entry >= ph->p_vaddr &&
	    eh->e_entry - ph->p_vaddr < ph->p_memsz) {
		out->entry = start + (eh->e_entry - ph->p_vaddr);
		*have_entry = true;
	}
}

static int place_segment(const struct guest_mem *mem, const struct source *src,
			 const Elf64_Phdr *ph, u64 bias)
{
	if (ph->p_filesz > ph->p_memsz || ph->p_offset > src->len ||
	    ph->p_filesz > src->len - ph->p_offset)
		return error("%s: an ELF segment is damaged", src->name);
	return place(mem, src, ph->p_offset, ph->p_filesz, ph->p_paddr + bias, ph->p_memsz);
}

static int place_elf(const struct guest_mem *mem, const struct source *src, u64 ram,
		     struct image *out)
{
	bool have_entry = false;
	Elf64_Ehdr eh;
	Elf64_Phdr ph;
	unsigned int i;
	u64 bias;

	if (check_ehdr(src, &eh))
		return -1;
	/* Position independent firmware is linked at 0. */
	bias = eh.e_type == ET_DYN ? ram : 0;
	*out = (struct image) { .start = UINT64_MAX };
	for (i = 0; i < eh.e_phnum; i++) {
		memcpy(&ph, src->data + eh.e_phoff + i * sizeof(ph), sizeof(ph));
		if (ph.p_type != PT_LOAD || !ph.p_memsz)
			continue;
		if (place_segment(mem, src, &ph, bias))
			return -1;
		note_segment(&ph, &eh, bias, out, &have_entry);
	}
	if (!have_entry)
		return error("%s: the ELF entry point is in no segment", src->name);
	return 0;
}

static bool is_zboot(const struct source *src)
{
	return src->len >= sizeof(struct zboot_header) && !memcmp(src->data, "MZ", 2) &&
	       !memcmp(src->data + 4, "zimg", 4);
}

/* Narrows src to the compressed payload. */
static int unwrap_zboot(struct source *src)
{
	struct zboot_header h;

	memcpy(&h, src->data, sizeof(h));
	if (h.payload_offset > src->len || h.payload_size > src->len - h.payload_offset)
		return error("%s: the zboot header is damaged", src->name);
	src->data += h.payload_offset;
	src->len = h.payload_size;
	if (!unpack_can(src->data, src->len))
		return error("%s: compressed with %.*s, only gzip and zstd are supported",
			     src->name, (int)sizeof(h.compression), h.compression);
	return 0;
}

static int place_plain(const struct guest_mem *mem, enum image_kind kind,
		       const struct source *src, u64 ram, u64 load_min, struct image *out)
{
	if (is_elf(src))
		return place_elf(mem, src, ram, out);
	if (kind == IMAGE_KERNEL) {
		if (is_image(src))
			return place_image(mem, src, ram, load_min, out);
		return error("%s: neither an RV64 Linux Image nor an ELF file", src->name);
	}
	if (!src->len)
		return error("%s: is empty", src->name);
	*out = (struct image) { ram, ram + src->len, ram };
	return place(mem, src, 0, src->len, ram, src->len);
}

/* What does not fit into memory is not worth unpacking. */
static u64 max_unpacked(const struct guest_mem *mem)
{
	u64 max = 0;
	unsigned int i;

	for (i = 0; i < mem->nr_slots; i++)
		max = MAX(max, mem->slots[i].size);
	return MIN(max, MAX_UNPACKED);
}

int loader_place(const struct guest_mem *mem, enum image_kind kind, const char *name,
		 const u8 *data, size_t len, u64 ram, u64 load_min, struct image *out)
{
	struct source src = { name, data, len };
	struct file_data plain = {};
	int ret;

	if (kind == IMAGE_KERNEL && is_zboot(&src) && unwrap_zboot(&src))
		return -1;
	if (kind == IMAGE_KERNEL && unpack_can(src.data, src.len)) {
		if (unpack(name, src.data, src.len, max_unpacked(mem), &plain))
			return -1;
		src.data = plain.data;
		src.len = plain.len;
	}
	ret = place_plain(mem, kind, &src, ram, load_min, out);
	file_free(&plain);
	return ret;
}

int loader_image(const struct guest_mem *mem, enum image_kind kind, const char *path,
		 u64 ram, u64 load_min, struct image *out)
{
	const char *what = kind == IMAGE_KERNEL ? "kernel" : "firmware";
	struct file_data file;
	int ret;

	if (file_read(what, path, MAX_FILE, &file))
		return -1;
	ret = loader_place(mem, kind, path, file.data, file.len, ram, load_min, out);
	file_free(&file);
	if (!ret)
		verbose("%s %s at 0x%llx to 0x%llx, entry 0x%llx", what, path,
			(unsigned long long)out->start, (unsigned long long)out->end,
			(unsigned long long)out->entry);
	return ret;
}

int loader_blob(const struct guest_mem *mem, const char *what, const char *path, u64 start,
		struct image *out)
{
	struct file_data file;
	struct source src;
	int ret;

	if (file_read(what, path, MAX_FILE, &file))
		return -1;
	src = (struct source) { path, file.data, file.len };
	*out = (struct image) { start, start + file.len, start };
	ret = place(mem, &src, 0, file.len, start, file.len);
	file_free(&file);
	return ret;
}
