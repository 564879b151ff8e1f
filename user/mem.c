// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory. See mem.h.
 */
#define _GNU_SOURCE
#include <linux/vmx_xlate.h>
#include <string.h>
#include <sys/mman.h>

#include "mem.h"
#include "sys.h"

int mem_add(struct guest_mem *mem, u64 gpa, u64 size)
{
	u8 *hva;

	if (mem->nr_slots == MEM_MAX_SLOTS)
		return error("too many memory slots");
	hva = sys_guest_memory(size);
	if (hva == MAP_FAILED)
		return error_errno("%llu MiB of guest memory", (unsigned long long)(size >> 20));
	/* A wish. The module pins these pages: a child gets no share of them. */
	madvise(hva, size, MADV_DONTFORK);
	mem->slots[mem->nr_slots++] = (struct mem_slot) { gpa, size, hva };
	return 0;
}

void mem_free(struct guest_mem *mem)
{
	while (mem->nr_slots) {
		struct mem_slot *s = &mem->slots[--mem->nr_slots];

		munmap(s->hva, s->size);
	}
}

void *mem_at(const struct guest_mem *mem, u64 gpa, u64 len)
{
	const struct mem_slot *s;

	for (s = mem->slots; s < mem->slots + mem->nr_slots; s++) {
		if (gpa >= s->gpa && gpa - s->gpa <= s->size && len <= s->size - (gpa - s->gpa))
			return s->hva + (gpa - s->gpa);
	}
	return NULL;
}

void mem_written(const struct guest_mem *mem, const void *hva, u64 len)
{
	const struct mem_slot *s;

	for (s = mem->slots; mem->has_vm && s < mem->slots + mem->nr_slots; s++) {
		u64 off = (const u8 *)hva - s->hva;
		struct vmxl_memory_range range = { .guest_phys_addr = s->gpa + off, .size = len };

		if ((const u8 *)hva >= s->hva && off < s->size &&
		    sys_ioctl(mem->vm_fd, VMXL_MEMORY_WRITTEN, (unsigned long)&range))
			error_errno("memory that a device has written");
	}
}
