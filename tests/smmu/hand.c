// SPDX-License-Identifier: GPL-2.0
/* Tables made by hand, see hand.h. */
#include <linux/kernel.h>
#include <linux/string.h>
#include "hand.h"

void hand_start(struct hand *h, struct rig *r)
{
	memset(r->ram, 0, RAM_SIZE);
	h->r = r;
	h->next = HAND_STRTAB + (64ULL << HAND_CFG);
}

u64 hand_alloc(struct hand *h, u64 size)
{
	u64 at = (h->next + size - 1) & ~(size - 1);

	h->next = at + size;
	return at;
}

u64 *hand_at(struct hand *h, u64 pa)
{
	return (u64 *)(h->r->ram + (pa - RAM_BASE));
}

u64 *hand_ste(struct hand *h, u32 sid)
{
	return hand_at(h, HAND_STRTAB + sid * 64ULL);
}

u64 *hand_slot(struct hand *h, u64 root, u64 addr, int level)
{
	u64 *d = NULL;
	int l;

	for (l = 0;; l++) {
		d = hand_at(h, root) + (addr >> (39 - 9 * l) & 511);
		if (l == level)
			return d;
		if (!*d)
			WRITE_ONCE(*d, hand_alloc(h, 4096) | 3);
		root = *d & 0xfffffffff000ULL;
	}
}

void hand_map(struct hand *h, u64 root, u64 addr, u64 desc)
{
	WRITE_ONCE(*hand_slot(h, root, addr, 3), desc);
}

void hand_cd(u64 *cd, u16 asid, u64 ttb)
{
	memset(cd, 0, 64);
	set_bits(cd, 5, 0, 16);
	set_bits(cd, 30, 30, 1);
	set_bits(cd, 34, 32, 5);
	set_bits(cd, 41, 41, 1);
	set_bits(cd, 46, 45, 3);
	set_bits(cd, 47, 47, 1);
	set_bits(cd, 63, 48, asid);
	set_bits(cd, 115, 68, ttb >> 4);
	cd[3] = 0x4404ff44;
	set_bits(cd, 31, 31, 1);
}

void hand_ste_s1(u64 *ste, u64 cdtab, u16 vmid)
{
	memset(ste, 0, 64);
	set_bits(ste, 55, 6, cdtab >> 6);
	set_bits(ste, 71, 66, 0x35);
	set_bits(ste, 143, 128, vmid);
	set_bits(ste, 3, 0, 5 << 1 | 1);
}

void hand_ste_s2(u64 *ste, u64 ttb, u16 vmid)
{
	memset(ste, 0, 64);
	set_bits(ste, 109, 108, 1);
	set_bits(ste, 143, 128, vmid);
	set_bits(ste, 165, 160, 16);
	set_bits(ste, 167, 166, 2);
	set_bits(ste, 173, 168, 0x35);
	set_bits(ste, 178, 176, 5);
	set_bits(ste, 179, 179, 1);
	set_bits(ste, 182, 182, 1);
	set_bits(ste, 186, 186, 1);
	set_bits(ste, 243, 196, ttb >> 4);
	set_bits(ste, 3, 0, 6 << 1 | 1);
}
