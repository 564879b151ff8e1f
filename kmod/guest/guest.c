// SPDX-License-Identifier: GPL-2.0
/*
 * The table of guest instruction sets. Kbuild's vmxl-guests says which are in
 * this build: it is handed over as VMXL_GUESTS, "X(rv64) X(a64) ...".
 */
#include <linux/kernel.h>
#include "guest.h"

#define X(name) extern const struct vmxl_guest vmxl_guest_##name;
VMXL_GUESTS
#undef X

static const struct vmxl_guest *const guests[] = {
#define X(name) &vmxl_guest_##name,
	VMXL_GUESTS
#undef X
};

/**
 * vmxl_guest_find() - look up a guest instruction set
 * @isa: VMXL_ISA_*
 *
 * Return: the guest, or NULL if this build has no such guest.
 */
const struct vmxl_guest *vmxl_guest_find(u32 isa)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(guests); i++)
		if (guests[i]->isa == isa)
			return guests[i];
	return NULL;
}
