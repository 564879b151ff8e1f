/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The RV64 machine: QEMU's `virt` in its memory map, with an SBI in the module
 * or, with --firmware, bare with all harts in machine mode at the firmware.
 */
#ifndef VMXL_USER_MACHINE_RV64_H
#define VMXL_USER_MACHINE_RV64_H

#include "loader.h"
#include "machine.h"
#include "rtc_goldfish.h"
#include "uart8250.h"

#define RV64_FINISHER	0x100000ULL
#define RV64_RTC	0x101000ULL
#define RV64_ACLINT	0x2000000ULL
#define RV64_ACLINT_SIZE 0x10000ULL
#define RV64_SMMU	0x9050000ULL
#define RV64_PLIC	0xc000000ULL
#define RV64_PLIC_SIZE	0x4000000ULL
#define RV64_UART	0x10000000ULL
#define RV64_VIRTIO	0x10001000ULL
#define RV64_RAM	0x80000000ULL

#define RV64_IRQ_VIRTIO	1	/* the first of RV64_NR_VIRTIO */
#define RV64_IRQ_UART	10
#define RV64_IRQ_RTC	11
#define RV64_IRQ_SMMU	12	/* the first of SMMU_NR_IRQS */
#define RV64_PLIC_NDEV	95
#define RV64_NR_VIRTIO	8

/* What a hart can do, as read from vCPU 0. */
struct rv64_cpu {
	u64 isa;	/* VMXL_RV64_ISA_* */
	u64 mmu;	/* largest satp.MODE */
	u64 timebase;
	u64 cboz;
};

struct rv64_machine {
	struct machine base;	/* first */
	const struct run_options *opt;
	struct rv64_cpu cpu;
	struct console *con;
	struct uart uart;
	struct rtc rtc;
	bool have_uart, have_rtc;
	struct virtio_model *virtio[RV64_NR_VIRTIO];
	unsigned int nr_virtio;
	int plic_fd, aclint_fd;
	struct image kernel, firmware, initrd;	/* .end 0: none */
	u64 fdt_addr, fdt_size, info_addr;
};

/* rv64_regs.c */
extern const struct vm_isa_ops rv64_isa_ops;
u64 rv64_core_id(unsigned int index);
/* Applies --disable and --mmu to every vCPU, then reads the result. */
int rv64_configure(struct rv64_machine *m);

struct rv64_ext {
	u64 bit;		/* 0: always there */
	const char *name;
	u64 needs;		/* bits of those that it cannot be without */
};

/* In the canonical order of the ISA string; NULL name at the end. */
extern const struct rv64_ext rv64_exts[];

/* rv64_sbi.c: the debug console */
void rv64_sbi_exit(struct vcpu *vcpu);

/* rv64_fdt.c: the device tree, malloc()ed, *size bytes; NULL on an error. */
void *rv64_fdt(const struct rv64_machine *m, size_t *size);

#endif
