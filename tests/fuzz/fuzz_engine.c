// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: guest code. The first record says what kind of VM it is,
 * the others fill memory, registers, CSRs and page tables, and run it. A
 * finding is a report of a sanitizer, a WARN (a unit that the verifier does
 * not accept is one), something that is left when the VM is gone, a register
 * that cannot be written back as it was read, or a hang.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <uapi/linux/vmx_xlate.h>
#include "../../kmod/guest/guest.h"
#include "../../kmod/guest/rv64/csr.h"
#include "../../kmod/guest/rv64/sbi.h"
#include "../../kmod/vm.h"
#include "../../user/sys.h"
#include "../shim/internal.h"
#include "bound.h"
#include "record.h"

#define RAM		0x80000000ULL
#define RAM_SIZE	(256u << 10)
#define CODE_SIZE	(4u << 10)		/* no-ops where there is no code; then it sleeps */
#define DATA		(RAM + 0x10000)
#define ROM		0x90000000ULL
#define ROM_SIZE	(16u << 10)
#define TABLES		0x20000u		/* page tables, from RAM on */
#define NR_TABLES	8
#define M_TRAP		0x3f000u		/* not the user's, if there is paging */
#define S_TRAP		0x3f100u
#define FIRST_S_PAGE	0x30
#define PLIC		0x0c000000ULL
#define ACLINT		0x02000000ULL

#define NR_VCPUS	2
#define MAX_EXITS	64

/* First record: a */
#define CFG_FIRMWARE	0x01
#define CFG_STEP	0x02
#define CFG_DEBUG	0x04
#define CFG_DEVICES	0x08
#define CFG_LOG		0x10
#define CFG_PAGING	0x60			/* none, Sv39, Sv48, Sv57 */
#define CFG_PAGING_SHIFT 5
#define CFG_USER	0x80

/* First record: b */
#define CFG_NEW		0x01			/* no page was accessed yet, and that is hardware's job */

#define PTE_LEAF	0xcfULL			/* D A X W R V */
#define PTE_AD		0xc0ULL
#define PTE_TABLE	0x01ULL
#define PTE_USER	0x10ULL

#define REG(cls, n)	(VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | (cls) | (n))
#define CORE(n)		REG(VMXL_RV64_CORE, n)
#define CSR(n)		REG(VMXL_RV64_CSR, n)

enum op {
	OP_CODE, OP_AT, OP_REG, OP_FP, OP_CSR, OP_PTE, OP_MEM, OP_MODE, OP_RUN, OP_IRQ,
	OP_DEBUG, OP_PAGE, OP_SLOT, OP_VCPU, OP_MP, OP_DIRTY, OP_SBI, NR_OPS
};

struct machine {
	int vm_fd;
	int vcpu_fd[NR_VCPUS];
	int dev_fd[2];
	struct vmxl_vcpu *vcpu[NR_VCPUS];
	unsigned int cur;
	unsigned int at;		/* where code goes, from RAM on */
	u64 val;			/* what devices and firmware answer */
};

static u8 ram[RAM_SIZE] __aligned(PAGE_SIZE);
static u8 rom[ROM_SIZE] __aligned(PAGE_SIZE);
static int sys_fd;
static long base_count;

static int call(int fd, unsigned long cmd, const void *arg)
{
	return sys_ioctl(fd, cmd, (unsigned long)arg);
}

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

static void set_reg(struct machine *m, u64 id, u64 val)
{
	struct vmxl_vcpu *vcpu = m->vcpu[m->cur];

	shim_enter();
	mutex_lock(&vcpu->mutex);
	vcpu->vm->guest->set_reg(vcpu, id, val);
	mutex_unlock(&vcpu->mutex);
	shim_leave();
}

static void put(u32 off, u64 val, unsigned int len)
{
	off %= RAM_SIZE;
	memcpy(ram + off, &val, min(len, RAM_SIZE - off));
}

/* Skip what trapped */
static void put_handler(u32 off, u32 epc, u32 ret)
{
	put(off, epc << 20 | 0x2ff3, 4);		/* csrr t6, epc */
	put(off + 4, 0x004f8f93, 4);			/* addi t6, t6, 4 */
	put(off + 8, epc << 20 | 0xf9073, 4);		/* csrw epc, t6 */
	put(off + 12, ret, 4);
}

static void fill_memory(void)
{
	u32 off;

	memset(ram, 0, sizeof(ram));
	memset(rom, 0x01, sizeof(rom));
	for (off = 0; off < CODE_SIZE; off += 2)
		put(off, 0x0001, 2);			/* c.nop */
	put(off, 0x10500073, 4);			/* wfi */
	put(off + 4, 0xbff5, 2);			/* c.j .-4 */
	put_handler(M_TRAP, RV_CSR_MEPC, 0x30200073);
	put_handler(S_TRAP, RV_CSR_SEPC, 0x10200073);
}

static u64 pte(u32 off, u64 flags)
{
	return (RAM + off) >> 12 << 10 | flags;
}

static void put_pte(u32 table, u32 index, u64 val)
{
	put(TABLES + table % NR_TABLES * PAGE_SIZE + index % 512 * 8, val, 8);
}

/*
 * RAM where it is, in pages; and a second time in one of 1 GiB; devices. Table
 * 0 is Sv39's root, 1 and 2 what is below it, 3 and 4 the roots of Sv48 and Sv57.
 */
static void fill_tables(u64 user, u64 leaf)
{
	u32 i;

	put_pte(0, 0, 0 << 10 | leaf | user);
	put_pte(0, 2, pte(TABLES + PAGE_SIZE, PTE_TABLE));
	put_pte(0, 3, pte(0, leaf | user));
	put_pte(1, 0, pte(TABLES + 2 * PAGE_SIZE, PTE_TABLE));
	for (i = 0; i < RAM_SIZE / PAGE_SIZE; i++)
		put_pte(2, i, pte(i * PAGE_SIZE, leaf | (i < FIRST_S_PAGE ? user : 0)));
	put_pte(3, 0, pte(TABLES, PTE_TABLE));
	put_pte(4, 0, pte(TABLES + 3 * PAGE_SIZE, PTE_TABLE));
}

static void set_paging(struct machine *m, const struct fuzz_rec *cfg)
{
	unsigned int mode = (cfg->a & CFG_PAGING) >> CFG_PAGING_SHIFT;
	static const u32 root[] = { 0, 0, 3, 4 };

	if (!mode)
		return;
	fill_tables(cfg->a & CFG_USER ? PTE_USER : 0,
		    cfg->b & CFG_NEW ? PTE_LEAF & ~PTE_AD : PTE_LEAF);
	set_reg(m, CSR(RV_CSR_SATP), (u64)(mode + 7) << 60 |
		(RAM + TABLES + root[mode] * PAGE_SIZE) >> 12);
}

static void set_regs(struct machine *m, const struct fuzz_rec *cfg)
{
	bool lower = cfg->a & (CFG_PAGING | CFG_USER);
	unsigned int i;

	for (i = 1; i < 32; i++)
		set_reg(m, CORE(i), DATA + i * 0x400);
	set_reg(m, CORE(VMXL_RV64_CORE_PC), RAM);
	set_reg(m, CSR(RV_CSR_MTVEC), RAM + M_TRAP);
	set_reg(m, CSR(RV_CSR_STVEC), RAM + S_TRAP);
	set_reg(m, CSR(RV_CSR_PMPADDR0), -1);
	set_reg(m, CSR(RV_CSR_PMPCFG0), 0x1f);
	set_reg(m, CSR(RV_CSR_MENVCFG), cfg->v | (cfg->b & CFG_NEW ? RV_ENVCFG_ADUE : 0));
	set_reg(m, CSR(RV_CSR_MSTATUS), 3 << 13);
	set_reg(m, CSR(RV_CSR_MEDELEG), cfg->v >> 16);
	set_paging(m, cfg);
	set_reg(m, CORE(VMXL_RV64_CORE_MODE), cfg->a & CFG_USER ? 0 : lower ? 1 : 3);
}

static void set_slot(struct machine *m, u32 slot, u32 flags, u64 gpa, const void *hva, u64 size)
{
	struct vmxl_memory_region r = {
		.slot = slot, .flags = flags, .guest_phys_addr = gpa, .memory_size = size,
		.userspace_addr = (unsigned long)hva,
	};

	call(m->vm_fd, VMXL_SET_USER_MEMORY_REGION, &r);
}

static int make_device(struct machine *m, u32 type, u64 addr)
{
	struct vmxl_create_device dev = { .type = type };
	struct vmxl_device_attr attr = { .addr = (unsigned long)&addr };

	must(!call(m->vm_fd, VMXL_CREATE_DEVICE, &dev), "no device");
	must(!call(dev.fd, VMXL_SET_DEVICE_ATTR, &attr), "no address");
	attr = (struct vmxl_device_attr){ .group = VMXL_DEV_GRP_CTRL };
	must(!call(dev.fd, VMXL_SET_DEVICE_ATTR, &attr), "no initialisation");
	return dev.fd;
}

static void set_debug(struct machine *m, u8 cfg)
{
	struct vmxl_guest_debug debug = {
		.control = (cfg & CFG_STEP ? VMXL_DEBUG_SINGLESTEP : 0) |
			   (cfg & CFG_DEBUG ? VMXL_DEBUG_ENABLE : 0),
	};

	call(m->vcpu_fd[m->cur], VMXL_SET_GUEST_DEBUG, &debug);
}

static void create(struct machine *m, const struct fuzz_rec *cfg)
{
	struct vmxl_create_vm args = {
		.isa = VMXL_ISA_RV64,
		.flags = cfg->a & CFG_FIRMWARE ? VMXL_VM_FIRMWARE : 0,
	};
	unsigned int i;

	*m = (struct machine){ .dev_fd = { -1, -1 }, .val = cfg->v };
	m->vm_fd = call(sys_fd, VMXL_CREATE_VM, &args);
	must(m->vm_fd >= 0, "no VM");
	bound_vm(fuzz_vm_of(m->vm_fd));
	fill_memory();
	set_slot(m, 0, cfg->a & CFG_LOG ? VMXL_MEM_LOG_DIRTY_PAGES : 0, RAM, ram, RAM_SIZE);
	set_slot(m, 1, VMXL_MEM_READONLY, ROM, rom, ROM_SIZE);
	for (i = 0; i < NR_VCPUS; i++) {
		m->vcpu_fd[i] = sys_ioctl(m->vm_fd, VMXL_CREATE_VCPU, i);
		must(m->vcpu_fd[i] >= 0, "no vCPU");
		m->vcpu[i] = fuzz_vcpu_of(m->vcpu_fd[i]);
	}
	if (cfg->a & CFG_DEVICES) {
		m->dev_fd[0] = make_device(m, VMXL_DEV_RISCV_PLIC, PLIC);
		m->dev_fd[1] = make_device(m, VMXL_DEV_RISCV_ACLINT, ACLINT);
	}
	for (m->cur = NR_VCPUS; m->cur--;) {
		set_reg(m, REG(VMXL_RV64_CONFIG, VMXL_RV64_CONFIG_ISA), 0xffffff & ~(u64)cfg->c);
		set_regs(m, cfg);
		set_debug(m, cfg->a);
	}
	m->cur = 0;
}

static void destroy(struct machine *m)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(m->dev_fd); i++)
		if (m->dev_fd[i] >= 0)
			sys_close(m->dev_fd[i]);
	sys_close(m->vm_fd);
	for (i = 0; i < NR_VCPUS; i++)
		sys_close(m->vcpu_fd[i]);
}

/* Answer an exit; whether it makes sense to go on */
static bool handle_exit(struct machine *m, struct vmxl_run *run)
{
	switch (run->exit_reason) {
	case VMXL_EXIT_MMIO:
		must(run->mmio.len && run->mmio.len <= sizeof(run->mmio.data), "MMIO length");
		memcpy(run->mmio.data, &m->val, sizeof(m->val));
		m->val = m->val * 5 + 3;
		return true;
	case VMXL_EXIT_RISCV_SBI:
		run->riscv_sbi.ret[0] = m->val & 1;
		run->riscv_sbi.ret[1] = m->val;
		return true;
	case VMXL_EXIT_DEBUG:
		return true;
	case VMXL_EXIT_SYSTEM_EVENT:
		must(run->system_event.ndata <= ARRAY_SIZE(run->system_event.data), "event");
		return false;
	case VMXL_EXIT_INTERNAL_ERROR:
		must(run->internal.ndata <= ARRAY_SIZE(run->internal.data), "error");
		return false;
	default:
		must(run->exit_reason == VMXL_EXIT_INTR, "unknown exit");
		return false;
	}
}

static void run(struct machine *m, unsigned int exits)
{
	struct vmxl_run *page = m->vcpu[m->cur]->run;

	exits = 1 + exits % MAX_EXITS;
	do {
		int ret;

		bound_begin();
		ret = sys_ioctl(m->vcpu_fd[m->cur], VMXL_RUN, 0);
		bound_end();
		if (ret) {
			must(errno == EINTR, "RUN failed");
			return;
		}
	} while (handle_exit(m, page) && --exits);
}

static void poke_run(struct machine *m, u32 off, u64 val)
{
	off %= sizeof(struct vmxl_run) - sizeof(val);
	/* It would do nothing from then on. */
	if (off)
		memcpy((u8 *)m->vcpu[m->cur]->run + off, &val, sizeof(val));
}

static void code(struct machine *m, u32 w)
{
	put(m->at, w, vmxl_rv64_is32(w) ? 4 : 2);
	m->at = (m->at + (vmxl_rv64_is32(w) ? 4 : 2)) % RAM_SIZE;
}

/* A call of firmware, or what answers to one: at once, in S-mode */
static void sbi(struct machine *m, const struct fuzz_rec *r)
{
	static const u32 ext[] = {
		SBI_BASE, SBI_TIME, SBI_IPI, SBI_RFENCE, SBI_HSM, SBI_SRST, SBI_PMU, SBI_DBCN,
		SBI_SUSP,
	};
	u64 a7 = r->a & 0x80 ? r->a & 0xf : ext[r->a % ARRAY_SIZE(ext)];
	/* A mask's base or the mask, or where a hart begins; a number, or an event's */
	u64 a1 = r->b & 0x10 ? RAM + m->at : r->c & BIT(31) ? -1ULL : r->c >> 16 & 0xf;
	u64 a3 = r->b & 0x20 ? 0xf0000 | (r->v & 0x1f) : r->v;
	u64 args[] = { r->v, a1, r->c, a3, r->c & 0xff, 0 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(args); i++)
		set_reg(m, CORE(10 + i), args[i]);
	set_reg(m, CORE(16), r->b & 0xf);
	set_reg(m, CORE(17), a7);
	set_reg(m, CORE(VMXL_RV64_CORE_PC), RAM + m->at);
	set_reg(m, CORE(VMXL_RV64_CORE_MODE), 1);
	code(m, 0x00000073);				/* ecall */
	run(m, r->b >> 12);
}

static void irq(struct machine *m, const struct fuzz_rec *r)
{
	struct vmxl_irq_level args = { .gsi = r->c, .level = r->a & 1 };
	struct vmxl_vcpu *vcpu = m->vcpu[m->cur];

	if (r->a & 2)
		call(m->vm_fd, VMXL_IRQ_LINE, &args);
	else
		vcpu->vm->guest->irq(vcpu, r->b & 15, r->a & 1);
}

static void dirty(struct machine *m, u32 slot)
{
	static u64 bitmap[RAM_SIZE / PAGE_SIZE / 64];
	struct vmxl_dirty_log log = { .slot = slot, .bitmap = (unsigned long)bitmap };

	call(m->vm_fd, VMXL_GET_DIRTY_LOG, &log);
}

static void mp_state(struct machine *m, u32 state)
{
	struct vmxl_mp_state mp = { .state = state };

	call(m->vcpu_fd[m->cur], VMXL_SET_MP_STATE, &mp);
}

static void one_op(struct machine *m, const struct fuzz_rec *r)
{
	switch ((enum op)(r->op % NR_OPS)) {
	case OP_CODE:
		code(m, r->v);
		if (r->a & 1)
			code(m, r->v >> 32);
		break;
	case OP_AT:
		m->at = r->c % (r->a & 7 ? CODE_SIZE : RAM_SIZE) & ~1u;
		break;
	case OP_REG:
		set_reg(m, CORE(r->a % 32), r->v);
		break;
	case OP_FP:
		set_reg(m, REG(VMXL_RV64_FP, r->a % 32), r->v);
		break;
	case OP_CSR:
		set_reg(m, CSR(r->b % 4096), r->v);
		break;
	case OP_PTE:
		put_pte(r->a, r->b, r->v);
		break;
	case OP_MEM:
		put(r->c, r->v, 8);
		break;
	case OP_MODE:
		set_reg(m, CORE(VMXL_RV64_CORE_MODE), r->a & 3);
		break;
	case OP_RUN:
		run(m, r->a);
		break;
	case OP_IRQ:
		irq(m, r);
		break;
	case OP_DEBUG:
		set_debug(m, r->a);
		break;
	case OP_PAGE:
		poke_run(m, r->b, r->v);
		break;
	case OP_SLOT:
		set_slot(m, 0, r->a & 3, RAM + (r->b & 0xf) * PAGE_SIZE, ram,
			 r->a & 0xf0 ? RAM_SIZE : 0);
		break;
	case OP_VCPU:
		m->cur = r->a % NR_VCPUS;
		break;
	case OP_MP:
		mp_state(m, r->a & 1);
		break;
	case OP_DIRTY:
		dirty(m, r->a & 1);
		break;
	case OP_SBI:
		sbi(m, r);
		break;
	case NR_OPS:
		break;
	}
}

/* What is read can be written back: it is how a VM is saved and restored. */
static void check_regs(struct vmxl_vcpu *vcpu)
{
	const struct vmxl_guest *guest = vcpu->vm->guest;
	static u64 ids[512];
	unsigned int i, n;
	u64 val;

	shim_enter();
	mutex_lock(&vcpu->mutex);
	n = guest->reg_list(vcpu, NULL);
	must(n <= ARRAY_SIZE(ids), "too many registers");
	guest->reg_list(vcpu, ids);
	for (i = 0; i < n; i++) {
		must(!guest->get_reg(vcpu, ids[i], &val), "register cannot be read");
		if (guest->set_reg(vcpu, ids[i], val)) {
			fprintf(stderr, "fuzz: register %#llx is %#llx\n", ids[i], val);
			abort();
		}
	}
	mutex_unlock(&vcpu->mutex);
	shim_leave();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz_rec rec;
	struct machine m;
	unsigned int i;

	if (!fuzz_next(&data, &size, &rec))
		return 0;
	create(&m, &rec);
	while (fuzz_next(&data, &size, &rec))
		one_op(&m, &rec);
	for (m.cur = 0; m.cur < NR_VCPUS; m.cur++)
		run(&m, 8);
	for (i = 0; i < NR_VCPUS; i++)
		check_regs(m.vcpu[i]);
	destroy(&m);
	fuzz_check_leaks(base_count);
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const u8 none[sizeof(struct fuzz_rec)];

	sys_fd = sys_open("/dev/vmx_xlate");
	must(sys_fd >= 0, "no module");
	base_count = fuzz_count();
	return LLVMFuzzerTestOneInput(none, sizeof(none));
}

static u64 some_address(struct rv_rng *rng)
{
	switch (rv_below(rng, 8)) {
	case 0:
		return PLIC + rv_below(rng, 0x400000);
	case 1:
		return ACLINT + rv_below(rng, 0xc000);
	case 2:
		return ROM + rv_below(rng, ROM_SIZE);
	case 3:
		return fuzz_edge(rng);
	default:
		return RAM + rv_below(rng, RAM_SIZE);
	}
}

static u64 some_pte(struct rv_rng *rng)
{
	u64 val = pte(rv_below(rng, RAM_SIZE), rv_rnd(rng) & 0xff);

	return rv_below(rng, 4) ? val : val ^ fuzz_edge(rng);
}

static u16 some_csr(struct rv_rng *rng)
{
	static const u16 csrs[] = {
		RV_CSR_FCSR, RV_CSR_SSTATUS, RV_CSR_SIE, RV_CSR_STVEC, RV_CSR_SENVCFG, RV_CSR_SEPC,
		RV_CSR_SIP, RV_CSR_STIMECMP, RV_CSR_SATP, RV_CSR_MSTATUS, RV_CSR_MEDELEG,
		RV_CSR_MIDELEG, RV_CSR_MIE, RV_CSR_MTVEC, RV_CSR_MCOUNTEREN, RV_CSR_MENVCFG,
		RV_CSR_MCOUNTINHIBIT, RV_CSR_MHPMEVENT3, RV_CSR_MHPMEVENT31, RV_CSR_MEPC,
		RV_CSR_MIP, RV_CSR_PMPCFG0, RV_CSR_PMPCFG2, RV_CSR_PMPADDR0, RV_CSR_PMPADDR15,
		RV_CSR_MCYCLE, RV_CSR_MHPMCOUNTER3, RV_CSR_SCOUNTEREN,
	};

	return rv_below(rng, 8) ? csrs[rv_below(rng, ARRAY_SIZE(csrs))] : rv_below(rng, 4096);
}

/* Instructions of the privileged architecture, which are few among all */
static u32 some_insn(struct rv_rng *rng)
{
	u32 w;

	switch (rv_below(rng, 8)) {
	case 0:
		return some_csr(rng) << 20 | (rv_rnd(rng) & 0xfff80) | 0x73;
	case 1:
		do {
			w = fuzz_insn(rng);
		} while ((w & 0x707f) != 0x73);
		return w;
	default:
		return fuzz_insn(rng);
	}
}

/* Mostly code */
static void make(struct fuzz_rec *r, struct rv_rng *rng)
{
	u64 bits = rv_rnd(rng);

	*r = (struct fuzz_rec){ .op = OP_CODE, .a = bits, .b = bits >> 8, .c = bits >> 24 };
	if (rv_below(rng, 8) < 5) {
		r->v = some_insn(rng) | (u64)some_insn(rng) << 32;
		return;
	}
	r->op = rv_below(rng, 3) ? rv_below(rng, NR_OPS) : OP_SBI;
	switch (r->op) {
	case OP_CSR:
		r->b = some_csr(rng);
		r->v = rv_below(rng, 2) ? fuzz_edge(rng) : some_address(rng);
		break;
	case OP_PTE:
		r->v = some_pte(rng);
		break;
	case OP_SBI:
		r->v = rv_below(rng, 2) ? rv_below(rng, 4) : some_address(rng);
		break;
	case OP_FP:
	case OP_PAGE:
		r->v = fuzz_edge(rng);
		break;
	default:
		r->v = some_address(rng);
	}
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed)
{
	return fuzz_mutate(data, size, max, seed, make);
}
