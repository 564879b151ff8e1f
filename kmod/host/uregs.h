/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The user registers of a thread that is in an ioctl or a page fault: how they
 * are kept, replaced and brought back. host/<isa>/uregs.c.
 */
#ifndef VMXL_HOST_UREGS_H
#define VMXL_HOST_UREGS_H

#include <linux/types.h>
#include <asm/ptrace.h>

struct vmxl_uregs {
	struct pt_regs regs;
};

/* Whether the caller of the ioctl is one that can execute translated code at all. */
bool vmxl_uregs_usable(void);
/* Whether it may read the counter that the IR's COUNTER reads. */
bool vmxl_uregs_counter(void);
/* The descriptor that the ioctl was called with */
int vmxl_uregs_fd(void);

void vmxl_uregs_save(struct vmxl_uregs *u);
void vmxl_uregs_restore(const struct vmxl_uregs *u);

/* The ioctl returns to @stub with the three arguments of VMXL_STUB_ENTER. */
void vmxl_uregs_enter(u64 stub, u64 uarea, u64 window, u64 at);

/* A fault: where, and the general registers by the numbers of instructions. */
u64 vmxl_uregs_ip(void);
void vmxl_uregs_get(u64 *general);
/* It goes on at @stub (VMXL_STUB_FAULT) with exit id @id. */
void vmxl_uregs_redirect(u64 stub, u64 uarea, u32 id);
/* It goes on as the ioctl would, with result @ret. */
void vmxl_uregs_return(const struct vmxl_uregs *u, long ret);

#endif /* VMXL_HOST_UREGS_H */
