// SPDX-License-Identifier: GPL-2.0
/*
 * Running a test image by our engine: VMs of the user-space build, one for each
 * kind of machine, with one vCPU and the image as memory. They are made by the
 * module's interface, as the way into translated code begins at an ioctl.
 */
#include <linux/file.h>
#include <linux/kernel.h>
#include <shim/shim.h>
#include "../../../kmod/codegen/cache.h"
#include "../../../kmod/codegen/code.h"
#include "../../../kmod/enter.h"
#include "../../../kmod/guest/guest.h"
#include "../../../kmod/opt/opt.h"
#include "../../../kmod/vcpu.h"
#include "../../../kmod/vm.h"
#include "../../../user/sys.h"
#include "machine.h"

#define CORE(n)		(VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | VMXL_RV64_CORE | (n))
#define CONFIG(n)	(VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | VMXL_RV64_CONFIG | (n))
#define CSR(n)		(VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | VMXL_RV64_CSR | (n))

#define PTE_LEAF	0xc3		/* valid, R, A, D */
#define PTE_W		4
#define PTE_X		8
#define PTE_U		16
#define RWX		(PTE_LEAF | PTE_W | PTE_X)

struct file *shim_file_get(int fd);	/* tests/shim/internal.h */
void __real_vmxl_uregs_enter(u64 stub, u64 uarea, u64 window, u64 at);
void __wrap_vmxl_uregs_enter(u64 stub, u64 uarea, u64 window, u64 at);

static struct machine {
	int vm_fd, fd;
	struct vmxl_vm *vm;
	struct vmxl_vcpu *vcpu;
} machines[MACHINE_NR], *current_machine;

static void *vm_image;
static u64 vm_isa = ~0ULL;
static struct machine_how how = { .passes = VMXL_OPT_ALL };

static int call(int fd, unsigned long cmd, unsigned long arg)
{
	int ret = sys_ioctl(fd, cmd, arg);

	if (ret < 0)
		panic("ioctl %#lx: %m\n", cmd);
	return ret;
}

static void set_reg(struct machine *m, u64 id, u64 val)
{
	struct vmxl_one_reg reg = { .id = id, .addr = (unsigned long)&val };

	if (sys_ioctl(m->fd, VMXL_SET_ONE_REG, (unsigned long)&reg))
		panic("register %llx: %m\n", (unsigned long long)id);
}

static void *object(int fd)
{
	struct file *file = shim_file_get(fd);
	void *obj = file->private_data;

	shim_enter();
	fput(file);
	shim_leave();
	return obj;
}

static void create(struct machine *m, void *image)
{
	struct vmxl_create_vm args = { .isa = VMXL_ISA_RV64 };
	struct vmxl_memory_region ram = {
		.guest_phys_addr = IMG_BASE,
		.memory_size = IMG_END - IMG_BASE,
		.userspace_addr = (unsigned long)image,
	};
	int dev = sys_open("/dev/vmx_xlate");

	if (dev < 0)
		panic("the module does not load\n");
	m->vm_fd = call(dev, VMXL_CREATE_VM, (unsigned long)&args);
	call(m->vm_fd, VMXL_SET_USER_MEMORY_REGION, (unsigned long)&ram);
	m->fd = call(m->vm_fd, VMXL_CREATE_VCPU, 0);
	sys_close(dev);
	m->vm = object(m->vm_fd);
	m->vcpu = object(m->fd);
	if (vm_isa != ~0ULL)
		set_reg(m, CONFIG(VMXL_RV64_CONFIG_ISA), vm_isa);
	vm_image = image;
}

void machine_set_isa(uint64_t isa)
{
	vm_isa = isa;
}

void machine_set_how(const struct machine_how *h)
{
	how = *h;
}

void machine_get_count(struct machine_count *c)
{
	const struct vmxl_entry *e;
	const struct vmxl_code *code;
	unsigned int i;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < MACHINE_NR; i++) {
		if (!machines[i].vm || !machines[i].vm->code)
			continue;
		e = machines[i].vcpu->entry;
		code = machines[i].vm->code;
		c->entered += e->nr_entered;
		c->step += e->nr_step;
		c->link += e->nr_link;
		c->miss += e->nr_miss;
		c->poll += e->nr_poll;
		c->fault += e->nr_fault;
		c->compiled += code->nr_compiled;
		c->failed += code->nr_failed;
	}
}

/*
 * Translated code is entered: someone wants it to be left as soon as that can
 * be. Not always by an interrupt: what begins with an instruction that is left
 * to the interpreter would be interrupted before that for ever.
 */
void __wrap_vmxl_uregs_enter(u64 stub, u64 uarea, u64 window, u64 at)
{
	struct vmxl_vcpu *vcpu = current_machine->vcpu;
	static u32 rnd;

	rnd = rnd * 1664525 + 1013904223;
	if (how.interrupt && rnd >> 31)
		vcpu->vm->guest->set_reg(vcpu, CSR(0x344), 2);
	if (how.kick || how.interrupt)
		WRITE_ONCE(vcpu->run->kick, 1);
	__real_vmxl_uregs_enter(stub, uarea, window, at);
}

static u64 pte_of(u64 pa, u64 bits)
{
	return pa >> 2 | bits;
}

static u64 page_bits(u64 pa, u64 bits)
{
	switch (pa) {
	case IMG_HOLE:
		return 0;
	case IMG_RDONLY:
		return bits & ~PTE_W;
	case IMG_STRAP:
		return bits & ~PTE_U;
	default:
		return bits;
	}
}

/* All of the image where it is; the first gigabyte for leaving by address 0 */
static void make_tables(void *image, u64 bits)
{
	u64 *root = image_at(image, IMG_TABLES), *mid = root + 512, *last = mid + 512;
	u64 pa = IMG_BASE;
	unsigned int i;

	memset(root, 0, 3 * PAGE_SIZE);
	root[0] = pte_of(0, bits);
	root[IMG_BASE >> 30] = pte_of(IMG_TABLES + PAGE_SIZE, 1);
	mid[0] = pte_of(IMG_TABLES + 2 * PAGE_SIZE, 1);
	for (i = 1; i < (IMG_END - IMG_BASE) >> 21; i++)
		mid[i] = pte_of(IMG_BASE + ((u64)i << 21), bits);
	for (i = 0; i < 512; i++, pa += PAGE_SIZE)
		last[i] = page_bits(pa, bits) ? pte_of(pa, page_bits(pa, bits)) : 0;
}

static void prepare_m(struct machine *m)
{
	set_reg(m, CORE(VMXL_RV64_CORE_MODE), 3);
	set_reg(m, CSR(0x305), IMG_TRAP);
	set_reg(m, CSR(0x300), 1u << 13);		/* FS */
}

/* In U-mode or S-mode */
static void prepare_paged(struct machine *m, void *image, unsigned int mode)
{
	unsigned int nr;

	make_tables(image, mode ? RWX : RWX | PTE_U);
	set_reg(m, CSR(0x302), 0xffff);			/* medeleg, mideleg */
	set_reg(m, CSR(0x303), 2);
	set_reg(m, CSR(0x304), 2);			/* mie: SSIE */
	set_reg(m, CSR(0x306), -1);			/* mcounteren, scounteren */
	set_reg(m, CSR(0x106), -1);
	set_reg(m, CSR(0x30a), 0xf0);			/* menvcfg, senvcfg: cbo.* */
	set_reg(m, CSR(0x10a), 0xf0);
	set_reg(m, CSR(0x105), IMG_STRAP);
	for (nr = 0x140; nr < 0x145; nr++)
		set_reg(m, CSR(nr), 0);			/* sscratch .. sip */
	set_reg(m, CSR(0x300), (mode ? 1u << 18 : 0) | 1u << 13);	/* SUM, FS */
	set_reg(m, CSR(0x180), 8ULL << 60 | IMG_TABLES >> 12);
	set_reg(m, CORE(VMXL_RV64_CORE_MODE), mode);
}

static bool is_compiled(enum machine_kind kind)
{
	return kind == MACHINE_COMPILED || kind == MACHINE_S;
}

static void set_param(const char *name, u32 val)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", val);
	if (shim_param_set(name, text))
		panic("no parameter %s\n", name);
}

/* The tests' code may have been replaced behind the machine's back. */
static void forget(struct machine *m)
{
	shim_enter();
	vmxl_cache_invalidate(m->vm->cache, IMG_BASE, IMG_END - IMG_BASE);
	shim_leave();
}

int machine_run(void *image, unsigned int n, enum machine_kind kind)
{
	struct machine *m = &machines[kind];
	const struct vmxl_vcpu *vcpu;

	if (!m->vm)
		create(m, image);
	if (image != vm_image)
		panic("one image only\n");
	current_machine = m;
	vcpu = m->vcpu;
	set_param("tier1_threshold", is_compiled(kind) ? how.threshold : -1U);
	set_param("opt", how.passes);
	forget(m);
	set_reg(m, CORE(VMXL_RV64_CORE_PC), IMG_RUN);
	set_reg(m, CORE(1), IMG_DONE);
	set_reg(m, CORE(10), IMG_CASES);
	set_reg(m, CORE(11), n);
	set_reg(m, CSR(0x3b0), -1);		/* PMP: all of memory, for S and U */
	set_reg(m, CSR(0x3a0), 0x1f);
	if (kind == MACHINE_M)
		prepare_m(m);
	else
		prepare_paged(m, image, kind == MACHINE_S);
	if (!sys_ioctl(m->fd, VMXL_RUN, 0) && vcpu->run->exit_reason == VMXL_EXIT_MMIO &&
	    vcpu->gs->pc == IMG_DONE)
		return 0;
	pr_err("machine: exit %u at %llx\n", vcpu->run->exit_reason,
	       (unsigned long long)vcpu->gs->pc);
	return -1;
}
