// SPDX-License-Identifier: GPL-2.0
/*
 * SBI calls that the module leaves to the launcher: the debug console (DBCN,
 * SBI 2.0 chapter 12). Everything else is not supported.
 */
#include "machine_rv64.h"

#define SBI_EXT_DBCN		0x4442434e

#define DBCN_WRITE		0
#define DBCN_READ		1
#define DBCN_WRITE_BYTE		2

#define SBI_SUCCESS		0
#define SBI_ERR_NOT_SUPPORTED	-2
#define SBI_ERR_INVALID_PARAM	-3

/* A call may do less than it was asked for; this much goes at once. */
#define DBCN_CHUNK		4096

/* args: number of bytes, low and high half of a guest physical address. */
static s64 dbcn_transfer(struct rv64_machine *m, const __u64 *args, bool write, u64 *done)
{
	u64 len = MIN((u64)args[0], (u64)DBCN_CHUNK);
	void *buf = args[2] ? NULL : mem_at(&m->base.vm.mem, args[1], args[0]);

	if (!buf)
		return SBI_ERR_INVALID_PARAM;
	if (write) {
		console_write(m->con, buf, len);
		*done = len;
	} else {
		*done = console_read(m->con, buf, len);
	}
	return SBI_SUCCESS;
}

static s64 dbcn_call(struct rv64_machine *m, u64 function, const __u64 *args, u64 *value)
{
	u8 c = args[0];

	switch (function) {
	case DBCN_WRITE:
	case DBCN_READ:
		return dbcn_transfer(m, args, function == DBCN_WRITE, value);
	case DBCN_WRITE_BYTE:
		console_write(m->con, &c, 1);
		return SBI_SUCCESS;
	default:
		return SBI_ERR_NOT_SUPPORTED;
	}
}

void rv64_sbi_exit(struct vcpu *vcpu)
{
	struct rv64_machine *m = vcpu->vm->machine;
	struct vmxl_run *run = vcpu->run;
	s64 err = SBI_ERR_NOT_SUPPORTED;
	u64 value = 0;

	if (run->riscv_sbi.extension_id == SBI_EXT_DBCN)
		err = dbcn_call(m, run->riscv_sbi.function_id, run->riscv_sbi.args, &value);
	run->riscv_sbi.ret[0] = err;
	run->riscv_sbi.ret[1] = value;
}
