/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sifive,test0 finisher: a register that ends or resets the VM, with the
 * exit status of a failed guest.
 */
#ifndef VMXL_USER_FINISHER_H
#define VMXL_USER_FINISHER_H

#include "vm.h"

#define FINISHER_SIZE	0x1000
#define FINISHER_FAIL	0x3333	/* status in the upper half */
#define FINISHER_PASS	0x5555
#define FINISHER_RESET	0x7777

int finisher_init(struct vm *vm, u64 base);

#endif
