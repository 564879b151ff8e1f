// SPDX-License-Identifier: GPL-2.0
/*
 * What a block's host code is made of, as a number. In: the block, its guest code. Out:
 * a hash of everything that the compiler looks at, and of nothing that another VM or
 * another run has otherwise: neither where the guest's page nor where the code is.
 *
 * It finds what may be the same. It is no proof: who takes code from somewhere compares
 * the guest's bytes, and trusts whoever has compiled them.
 */
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include "../host/host.h"
#include "../memslot.h"
#include "../mmu/tlb.h"
#include "../vm.h"
#include "cache.h"
#include "code.h"
#include "content.h"

#define CONTENT_VERSION	2	/* goes up where the same input becomes other code */

static u64 mix(u64 h, u64 val)
{
	h = (h ^ val) * GOLDEN_RATIO_64;
	return h ^ h >> 32;
}

/* Instructions are in units of two bytes; a page that has a block is there. */
static u64 mix_bytes(struct vmxl_vm *vm, u64 h, u64 gpa, u32 len)
{
	struct vmxl_memslot *slot = vmxl_memslot_find(vm, gpa);
	struct page *page = slot ? READ_ONCE(slot->pages[vmxl_memslot_index(slot, gpa)]) : NULL;
	const u16 *p;

	if (!page)
		return mix(h, ~0ULL);
	p = page_address(page) + offset_in_page(gpa);
	for (; len >= sizeof(*p); len -= sizeof(*p))
		h = mix(h, READ_ONCE(*p++));
	return h;
}

/**
 * vmxl_content_key() - what a block's code is made of
 * @vm: the VM
 * @b: the block
 * @passes: of the compiler, as vmxl_optimize() takes them
 *
 * Context: vCPU's thread, within vm->srcu. If the bytes change meanwhile the block dies.
 * Return: the same for blocks whose code is the same but for what its relocations say.
 */
u64 vmxl_content_key(struct vmxl_vm *vm, const struct vmxl_block *b, u32 passes)
{
	u32 first = min_t(u32, b->len, PAGE_SIZE - offset_in_page(b->gpa));
	u64 h = mix(CONTENT_VERSION, vm->guest->isa);

	h = mix(h, (u64)vmxl_host->features() << 32 | passes);
	h = mix(h, READ_ONCE(vm->cache->count));
	h = mix(h, b->key.pc);
	h = mix(h, (u64)b->key.flags << 32 | (u32)b->nr_insns << 16 | b->len);
	h = mix_bytes(vm, h, b->gpa, first);
	if (first < b->len)
		h = mix_bytes(vm, h, b->page[1].gfn << VMXL_PAGE_SHIFT, b->len - first);
	return h;
}
