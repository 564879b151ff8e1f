/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What becomes of a VM's translated code, for whoever gives samples of it names:
 * a ring of records that the VM's owner reads by VMXL_GET_CODE_LOG. There is none
 * until it first asks. When the ring is full what comes is counted, and lost.
 */
#ifndef VMXL_LOG_H
#define VMXL_LOG_H

#include <linux/types.h>
#include <uapi/linux/vmx_xlate.h>

struct vmxl_code;
struct vmxl_hblock;
struct vmxl_log;

/* cache->lock held; nothing where nobody has asked */
void vmxl_log_stubs(struct vmxl_code *code);
void vmxl_log_block(struct vmxl_code *code, u32 type, const struct vmxl_hblock *h);

long vmxl_log_read(struct vmxl_code *code, struct vmxl_code_log *args);
void vmxl_log_destroy(struct vmxl_log *log);

#endif /* VMXL_LOG_H */
