/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests share. Each ioctl has two wrappers: foo() must succeed, or
 * the test fails; __foo() returns what ioctl(2) does. All of it goes through
 * user/sys.h, so that the same tests run on the module's code in user space.
 */
#ifndef SELFTESTS_LIB_H
#define SELFTESTS_LIB_H

#include <linux/vmx_xlate.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../user/sys.h"
#include "rv.h"
#include "tap.h"

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define DEVICE_PATH	"/dev/vmx_xlate"
#define PAGE		4096ul

/* Where tests have RAM, and where there is nothing but devices */
#define RAM		0x80000000ull
#define RAM_SIZE	0x100000ul
#define MMIO		0x10000000ull

/* False in the user-space build: a test of the kernel around the module is skipped. */
extern const bool on_kernel;
void need_kernel(void);

struct vm {
	int sys;
	int fd;
	u8 *ram;
};

struct vcpu {
	int fd;
	struct vmxl_run *run;
};

/* /dev/vmx_xlate */
int open_dev(void);
int __create_vm(int sys, u32 isa, u32 flags);
/* A VM without memory; and one with RAM_SIZE at RAM in slot 0 */
struct vm vm_new(u32 flags);
struct vm vm_new_ram(u32 flags);
void vm_close(struct vm *vm);

/* Pages of this process, zeroed */
void *pages_new(size_t size);
void pages_free(void *p, size_t size);
/* Given back to the system: zeroed, and a guest hears of it */
int pages_drop(void *p, size_t size);

int __vm_memory(int fd, u32 slot, u32 flags, u64 gpa, u64 size, const void *hva);
void vm_memory(int fd, u32 slot, u32 flags, u64 gpa, u64 size, const void *hva);
int __vm_dirty_log(int fd, u32 slot, void *bitmap);
int __vm_irq_line(int fd, u32 gsi, u32 level);
int __vm_irqfd(int fd, int eventfd, u32 gsi, u32 flags);
int __vm_irqfd_resample(int fd, int eventfd, u32 gsi, int resamplefd);
int __vm_ioeventfd(int fd, int eventfd, u64 addr, u32 len, u64 match, u32 flags);
int __vm_device(int fd, u32 type, u32 flags, int *dev);
int vm_device(int fd, u32 type);
int __dev_attr(int dev, unsigned long cmd, u32 group, u64 attr, void *val);
void dev_set(int dev, u32 group, u64 attr, u64 val);
u64 dev_get(int dev, u32 group, u64 attr);
void dev_init(int dev);
/* A PLIC at PLIC with so many sources, initialised */
#define PLIC		0x0c000000ull
int vm_plic(int fd, u64 nr_sources);

struct vcpu vcpu_new(const struct vm *vm, u32 id);
void vcpu_close(struct vcpu *vcpu);
int __vcpu_run(const struct vcpu *vcpu);
/* RUN, which must leave for just this reason */
void vcpu_run(const struct vcpu *vcpu, u32 exit_reason);
int __get_reg(int fd, u64 id, u64 *val);
int __set_reg(int fd, u64 id, u64 val);
u64 get_reg(const struct vcpu *vcpu, u64 id);
void set_reg(const struct vcpu *vcpu, u64 id, u64 val);
int __mp_state(int fd, u32 state);
int __guest_debug(int fd, u32 control);
/* A counter of a VM or of a vCPU, by name (GET_STATS_FD) */
u64 stat_of(int fd, const char *name);

#define REG(cls, index)	(VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | (cls) | (u64)(index))
#define REG_X(n)	REG(VMXL_RV64_CORE, n)
#define REG_PC		REG(VMXL_RV64_CORE, VMXL_RV64_CORE_PC)
#define REG_MODE	REG(VMXL_RV64_CORE, VMXL_RV64_CORE_MODE)
#define REG_ICOUNT	REG(VMXL_RV64_CONFIG, VMXL_RV64_CONFIG_ICOUNT)
#define REG_CSR(n)	REG(VMXL_RV64_CSR, n)

/* Put guest code at an address in RAM, and the pc there. */
void guest_code(const struct vm *vm, const struct vcpu *vcpu, u64 gpa, const u32 *code, size_t nr);
#define GUEST(vm, vcpu, gpa, code) guest_code(vm, vcpu, gpa, code, ARRAY_SIZE(code))

/* Guest code that counts at a3 until a0 is 0, tells the device at a1, and goes on for ever */
extern const u32 guest_counts[7];

/* A gigapage of Sv39 at its own address: valid, rwx, user, accessed, dirty */
#define USER_LEAF(gva)	((gva) >> 30 << 28 | 0xdf)
#define USER_TABLE	(RAM + 0x10000)

/* U-mode with the root page table at USER_TABLE, which has MMIO and RAM. Return: the table. */
u64 *user_mode(const struct vm *vm, const struct vcpu *vcpu);

/* RUN until the guest stores to an MMIO address; whether it was this store. */
void expect_store(const struct vcpu *vcpu, u64 addr, u32 len, u64 val);
/* RUN until the guest loads from an MMIO address; the value is for the next RUN. */
void expect_load(const struct vcpu *vcpu, u64 addr, u32 len, u64 val);

/*
 * Failing allocations: the n-th that the module makes for this thread fails;
 * whether it came to that, which ends it.
 */
bool fault_available(void);
void fault_nth(unsigned int n);
bool fault_done(void);

/* Another thread that kicks: signal @sig to the caller's thread in @ms milliseconds. */
struct kicker;
struct kicker *kick_in(unsigned int ms);
void kick_wait(struct kicker *k);

/* In a child: 0 if @fn says so */
void in_child(int (*fn)(u32 arg), u32 arg);

/* All of @text, into a file that is there; whether it took it */
bool write_file(const char *path, const char *text);

#endif
