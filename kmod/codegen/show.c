// SPDX-License-Identifier: GPL-2.0
/*
 * A block of a VM that runs, for people: its guest code, what it was translated for, its
 * host code as it is now. In: a guest address. Out: copies. See show.h.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include "../memslot.h"
#include "../mmu/tlb.h"
#include "../vm.h"
#include "cache.h"
#include "code.h"
#include "show.h"

/* The block at @pc, one with host code if there is such; there are others in other modes. */
static struct vmxl_block *find(struct vmxl_cache *cache, u64 pc)
{
	struct vmxl_block *b, *best = NULL;
	unsigned int i;

	for (i = 0; i < smp_load_acquire(&cache->hash.nr); i++) {	/* vmxl_bhash_split() */
		hlist_for_each_entry_rcu(b, vmxl_bhash_bucket(&cache->hash, i), hash,
					 srcu_read_lock_held(&cache->vm->srcu)) {
			if (b->key.pc != pc || READ_ONCE(b->dead))
				continue;
			if (!best || READ_ONCE(b->host))
				best = b;
		}
		cond_resched();
	}
	return best;
}

/* Only pages that the VM has used are there, and all that have code are. */
static u32 copy_bytes(struct vmxl_vm *vm, u64 gpa, u8 *dst, u32 room)
{
	struct vmxl_memslot *slot = vmxl_memslot_find(vm, gpa);
	u32 n = min_t(u64, room, PAGE_SIZE - offset_in_page(gpa));
	struct page *page;

	page = slot ? READ_ONCE(slot->pages[vmxl_memslot_index(slot, gpa)]) : NULL;
	if (!page)
		return 0;
	memcpy(dst, page_address(page) + offset_in_page(gpa), n);
	return n;
}

/* What the compiler may have looked at: beyond the block, too, in the pages that it is in */
static u32 copy_guest(struct vmxl_vm *vm, const struct vmxl_block *b, u8 *dst)
{
	u32 n = copy_bytes(vm, b->gpa, dst, VMXL_SHOW_GUEST);

	if (n && n < VMXL_SHOW_GUEST && b->page[1].gfn != VMXL_NO_GFN)
		n += copy_bytes(vm, b->page[1].gfn << VMXL_PAGE_SHIFT, dst + n,
			       VMXL_SHOW_GUEST - n);
	return n;
}

static void copy_host(struct vmxl_vm *vm, const struct vmxl_block *b, struct vmxl_show *s)
{
	const struct vmxl_hblock *h;

	spin_lock(&vm->cache->lock);
	h = b->dead ? NULL : b->host;
	if (h) {
		s->host = vm->code->x + h->at;
		s->entry = h->entry;
		s->host_len = min_t(u32, h->len, VMXL_SHOW_HOST);
		vmxl_code_read(vm->code, h->at, s->host_code, s->host_len);
	}
	spin_unlock(&vm->cache->lock);
}

/**
 * vmxl_block_show() - copy a block
 * @vm: the VM
 * @pc: the guest address that it begins at
 * @s: out: the block
 *
 * Context: any process, may sleep; goes through all blocks.
 * Return: 0, or -ENOENT: there is none.
 */
int vmxl_block_show(struct vmxl_vm *vm, u64 pc, struct vmxl_show *s)
{
	const struct vmxl_block *b;
	int idx = srcu_read_lock(&vm->srcu);

	b = find(vm->cache, pc);
	if (b) {
		s->flags = b->key.flags;
		s->gpa = b->gpa;
		s->len = b->len;
		s->host = 0;
		s->entry = 0;
		s->host_len = 0;
		s->guest_len = copy_guest(vm, b, s->guest_code);
		copy_host(vm, b, s);
	}
	srcu_read_unlock(&vm->srcu, idx);
	return b ? 0 : -ENOENT;
}
