/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RUN that ends: a VM whose vCPUs leave after some instructions or some looks
 * at interrupts, and instead of sleeping. It needs neither a clock nor another
 * thread, so that an input does the same each time; but what goes round in translated
 * code, which nobody else makes leave here, is kicked when it has had enough CPU time.
 */
#ifndef TESTS_FUZZ_BOUND_H
#define TESTS_FUZZ_BOUND_H

struct vmxl_vcpu;
struct vmxl_vm;

/* What a descriptor of the shim is of */
struct vmxl_vm *fuzz_vm_of(int fd);
struct vmxl_vcpu *fuzz_vcpu_of(int fd);

/* From now on the VM's vCPUs leave by VMXL_EXIT_INTR when bound_begin()'s allowance is used up. */
void bound_vm(struct vmxl_vm *vm);
/* Before each RUN, and after it */
void bound_begin(void);
void bound_end(void);

/* The number of things that the module has; and: it has no more than @base, or abort. */
long fuzz_count(void);
void fuzz_check_leaks(long base);

#endif /* TESTS_FUZZ_BOUND_H */
