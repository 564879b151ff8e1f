// SPDX-License-Identifier: GPL-2.0
/*
 * The finisher. See finisher.h.
 */
#include "finisher.h"

static u64 finisher_read(void *opaque, u64 offset, unsigned int len)
{
	(void)opaque;
	(void)offset;
	(void)len;
	return 0;
}

static void finisher_write(void *opaque, u64 offset, u64 value, unsigned int len)
{
	struct vm *vm = opaque;
	int status = (value >> 16) & 0xffff;

	if (offset || len < 2)
		return;
	switch (value & 0xffff) {
	case FINISHER_FAIL:
		/* A process has 8 bits of status: a failure must not become 0. */
		vm_stop(vm, VM_SHUTDOWN, status & 0xff ? status & 0xff : STATUS_FAIL);
		break;
	case FINISHER_PASS:
		vm_stop(vm, VM_SHUTDOWN, STATUS_OK);
		break;
	case FINISHER_RESET:
		vm_stop(vm, VM_RESET, STATUS_OK);
		break;
	}
}

static const struct mmio_ops finisher_ops = {
	.name = "finisher", .read = finisher_read, .write = finisher_write,
};

int finisher_init(struct vm *vm, u64 base)
{
	return mmio_add(&vm->mmio, base, FINISHER_SIZE, &finisher_ops, vm);
}
