// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: the user-space interface. Each record is a call, or
 * something that goes for the next call: a part of its argument that is
 * changed, another address for it, an allocation that fails. Findings are
 * reports of a sanitizer, WARNs, what is left once all is closed, and hangs.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <uapi/linux/vmx_xlate.h>
#include "../../user/sys.h"
#include "../../kmod/ioctl_data.h"
#include "../../kmod/vcpu.h"
#include "../shim/internal.h"
#include "bound.h"
#include "record.h"

#define RAM		0x80000000ULL
#define RAM_SIZE	(64u << 10)
#define PLIC		0x0c000000ULL
#define ACLINT		0x02000000ULL
#define MAX_FDS		16
#define MAX_MAPS	8
#define USER_AT		0x200000000000
#define USER_RESERVED	(32ULL << 30)

/* From FIRST_CALL on: a row of calls[] */
#define FIRST_CALL	16

enum op {
	OP_RAW, OP_CLOSE, OP_MMAP, OP_MUNMAP, OP_EVENT, OP_FAIL, OP_CHANGE, OP_PLACE,
	OP_CODE, OP_PAGE, NR_OPS
};

enum kind { KIND_FREE, KIND_SYS, KIND_VM, KIND_VCPU, KIND_DEV, KIND_STATS, KIND_EVENT, NR_KINDS };

struct handle {
	enum kind kind;
	int fd;
};

union args {
	union vmxl_ioctl_data d;
	u8 bytes[64];
};

struct map {
	void *addr;
	size_t len;
};

/* What the module reads and writes: arguments, what those point to, what may stand for them */
struct user {
	u8 ram[RAM_SIZE];
	union args args;
	u64 list[1024];		/* room behind the argument, for VMXL_GET_REG_LIST */
	u64 value[8];
	u64 spare[2048];
};

static struct handle handles[MAX_FDS];
static struct map maps[MAX_MAPS];
static struct user *user;
static u8 *pages;			/* one that is there, one read-only, one that is not */
static long base_count;

/* For the next call */
static unsigned int fail_nth;
static u8 place;
static u16 change_at;
static u8 change;

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

/* The @n-th descriptor of a kind, as if they were in a ring; -1: there is none */
static int find_fd(enum kind kind, unsigned int n)
{
	unsigned int i, k = n % MAX_FDS;

	for (i = 0; i < MAX_FDS; i++, k = (k + 1) % MAX_FDS)
		if (handles[k].kind == kind || (kind == NR_KINDS && handles[k].kind))
			return handles[k].fd;
	return -1;
}

static void close_handle(struct handle *h)
{
	if (h->kind == KIND_EVENT)
		close(h->fd);
	else if (h->kind)
		sys_close(h->fd);
	h->kind = KIND_FREE;
}

static void keep(enum kind kind, int fd)
{
	unsigned int i;

	if (fd < 0)
		return;
	for (i = 0; i < MAX_FDS - 1 && handles[i].kind; i++)
		;
	close_handle(&handles[i]);
	handles[i] = (struct handle){ kind, fd };
	if (kind == KIND_VM)
		bound_vm(fuzz_vm_of(fd));
}

/* Of fill_attr()'s b: a pointer that is good */
#define GOOD		0x800

/* Pointers: good ones, ones that end too soon, ones that cannot be written or read. */
static u64 pointer(u8 how, const void *good)
{
	switch (how % 16) {
	case 0:
		return 0;
	case 1:
		return (unsigned long)pages + PAGE_SIZE - 8;
	case 2:
		return (unsigned long)pages + PAGE_SIZE;
	case 3:
		return (unsigned long)pages + 2 * PAGE_SIZE - 4;
	case 4:
		return (unsigned long)pages + 2 * PAGE_SIZE;
	case 5:
		return 0xffff888000000000ULL;
	default:
		return (unsigned long)good + how % 8;
	}
}

static u64 some_hva(u8 how)
{
	switch (how % 8) {
	case 0:
		return (unsigned long)pages + PAGE_SIZE;
	case 1:
		return (unsigned long)pages + 2 * PAGE_SIZE;
	case 2:
		return 0xffff888000000000ULL;
	case 3:
		return 0x1000;
	default:
		return (unsigned long)user->ram + (how >> 4) * PAGE_SIZE;
	}
}

/* Small as a rule; what is large costs page arrays of its size. */
static u64 some_size(u16 how)
{
	if (how & 0xf000)
		return (how % (RAM_SIZE / PAGE_SIZE + 1)) * PAGE_SIZE;
	return (1ULL << how % 33) & -PAGE_SIZE;
}

static void fill_vm(union args *u, const struct fuzz_rec *r)
{
	u->d.create_vm = (struct vmxl_create_vm){
		.isa = r->a & 0x80 ? r->a : VMXL_ISA_RV64, .flags = r->a & 1,
	};
}

static void fill_region(union args *u, const struct fuzz_rec *r)
{
	u->d.region = (struct vmxl_memory_region){
		.slot = r->a & 3, .flags = r->a >> 2 & 3,
		.guest_phys_addr = r->a & 0x80 ? r->v : RAM + (r->v & 0x3f) * PAGE_SIZE,
		.memory_size = some_size(r->b), .userspace_addr = some_hva(r->c),
	};
}

/* Of a large slot it is more than there is room for. */
static void fill_dirty(union args *u, const struct fuzz_rec *r)
{
	u->d.dirty_log = (struct vmxl_dirty_log){
		.slot = r->a & 3, .bitmap = pointer(r->v, pages),
	};
}

static void fill_range(union args *u, const struct fuzz_rec *r)
{
	u->d.range = (struct vmxl_memory_range){
		.guest_phys_addr = r->a & 0x80 ? r->v : RAM + (r->v & 0x3ffff),
		.size = some_size(r->b),
	};
}

static void fill_irq(union args *u, const struct fuzz_rec *r)
{
	u->d.irq_level = (struct vmxl_irq_level){ .gsi = r->b & 0x3ff, .level = r->a & 1 };
}

static void fill_irqfd(union args *u, const struct fuzz_rec *r)
{
	u->d.irqfd = (struct vmxl_irqfd){
		.fd = find_fd(r->a & 0x80 ? NR_KINDS : KIND_EVENT, r->c), .gsi = r->b & 31,
		.flags = r->a & 3,
	};
	if (r->a & VMXL_IRQFD_RESAMPLE)
		u->d.irqfd.resamplefd = find_fd(KIND_EVENT, r->c >> 8);
}

static void fill_ioeventfd(union args *u, const struct fuzz_rec *r)
{
	u->d.ioeventfd = (struct vmxl_ioeventfd){
		.fd = find_fd(r->a & 0x80 ? NR_KINDS : KIND_EVENT, r->c), .flags = r->a & 3,
		.len = r->b & 0x10 ? r->b : (1 << (r->b & 3)) & (r->b & 4 ? 0 : 15),
		.addr = r->b & 0x20 ? r->v : 0x10000000 + (r->v & 0x1f), .datamatch = r->v & 0xff,
	};
}

static void fill_device(union args *u, const struct fuzz_rec *r)
{
	u->d.create_device = (struct vmxl_create_device){ .type = r->a & 3, .flags = r->b & 1 };
}

static void fill_attr(union args *u, const struct fuzz_rec *r)
{
	u8 group = r->a & 7;

	u->d.attr = (struct vmxl_device_attr){
		.group = group, .attr = group == VMXL_DEV_GRP_REGS ? r->c % 0x201100 : r->b & 1,
		.addr = group == VMXL_DEV_GRP_CTRL ? 0 : pointer(r->b >> 8, user->value),
	};
	user->value[0] = r->v;
}

static void fill_log(union args *u, const struct fuzz_rec *r)
{
	u->d.code_log.records = pointer(r->c, user->spare);
	u->d.code_log.nr = r->a & 1 ? 1 : r->b % 400;
}

static void fill_reg(union args *u, const struct fuzz_rec *r)
{
	u->d.one_reg = (struct vmxl_one_reg){
		.id = VMXL_REG_RV64 | VMXL_REG_SIZE_U64 |
		      (u64)(r->a % 6) << VMXL_REG_CLASS_SHIFT | r->b % 4096,
		.addr = pointer(r->c | 8, user->value),
	};
	memcpy((u8 *)user->value + r->c % 8, &r->v, sizeof(r->v));
}

static void fill_list(union args *u, const struct fuzz_rec *r)
{
	u->d.reg_list.n = r->a & 1 ? 512 : r->b;
}

static void fill_mp(union args *u, const struct fuzz_rec *r)
{
	u->d.mp_state.state = r->a & 1;
}

static void fill_debug(union args *u, const struct fuzz_rec *r)
{
	u->d.debug.control = r->a & 3;
}

/* @fill: NULL: the argument is the number v. @made: what the result is a descriptor of */
static const struct call {
	unsigned int cmd;
	enum kind kind;
	void (*fill)(union args *u, const struct fuzz_rec *r);
	enum kind made;
} calls[] = {
	{ VMXL_GET_API_VERSION,		KIND_SYS },
	{ VMXL_CHECK_EXTENSION,		KIND_SYS },
	{ VMXL_CREATE_VM,		KIND_SYS,	fill_vm, KIND_VM },
	{ VMXL_GET_VCPU_MMAP_SIZE,	KIND_SYS },
	{ VMXL_CHECK_EXTENSION,		KIND_VM },
	{ VMXL_CREATE_VCPU,		KIND_VM,	NULL, KIND_VCPU },
	{ VMXL_SET_USER_MEMORY_REGION,	KIND_VM,	fill_region },
	{ VMXL_GET_DIRTY_LOG,		KIND_VM,	fill_dirty },
	{ VMXL_MEMORY_WRITTEN,		KIND_VM,	fill_range },
	{ VMXL_IRQ_LINE,		KIND_VM,	fill_irq },
	{ VMXL_IRQFD,			KIND_VM,	fill_irqfd },
	{ VMXL_IOEVENTFD,		KIND_VM,	fill_ioeventfd },
	{ VMXL_CREATE_DEVICE,		KIND_VM,	fill_device, KIND_DEV },
	{ VMXL_GET_CODE_LOG,		KIND_VM,	fill_log },
	{ VMXL_GET_STATS_FD,		KIND_VM,	NULL, KIND_STATS },
	{ VMXL_GET_STATS_FD,		KIND_VCPU,	NULL, KIND_STATS },
	{ VMXL_RUN,			KIND_VCPU },
	{ VMXL_GET_ONE_REG,		KIND_VCPU,	fill_reg },
	{ VMXL_SET_ONE_REG,		KIND_VCPU,	fill_reg },
	{ VMXL_GET_REG_LIST,		KIND_VCPU,	fill_list },
	{ VMXL_GET_MP_STATE,		KIND_VCPU,	fill_mp },
	{ VMXL_SET_MP_STATE,		KIND_VCPU,	fill_mp },
	{ VMXL_SET_GUEST_DEBUG,		KIND_VCPU,	fill_debug },
	{ VMXL_SET_DEVICE_ATTR,		KIND_DEV,	fill_attr },
	{ VMXL_GET_DEVICE_ATTR,		KIND_DEV,	fill_attr },
	{ VMXL_HAS_DEVICE_ATTR,		KIND_DEV,	fill_attr },
};

static int do_ioctl(int fd, unsigned int cmd, unsigned long arg)
{
	int ret;

	bound_begin();
	shim_fail_nth(fail_nth);
	ret = sys_ioctl(fd, cmd, arg);
	shim_fail_done();
	bound_end();
	return ret;
}


static void made(const struct call *c, unsigned long arg, int ret)
{
	struct vmxl_create_device dev;

	if (ret < 0 || !c->made)
		return;
	if (c->made != KIND_DEV) {
		keep(c->made, ret);
		return;
	}
	memcpy(&dev, (void *)arg, sizeof(dev));
	if (!(dev.flags & VMXL_CREATE_DEVICE_TEST))
		keep(KIND_DEV, dev.fd);
}

static void call_op(const struct call *c, const struct fuzz_rec *r)
{
	int fd = find_fd(place & 0x80 ? NR_KINDS : c->kind, r->b);
	unsigned long arg = r->v;
	union args *u = &user->args;

	if (fd < 0)
		return;
	if (c->fill) {
		memset(u, 0, sizeof(*u));
		c->fill(u, r);
		u->bytes[change_at % _IOC_SIZE(c->cmd)] ^= change;
		arg = place & 0x40 ? pointer(place, user->spare) : (unsigned long)u;
	}
	made(c, arg, do_ioctl(fd, c->cmd, arg));
	fail_nth = 0;
	place = 0;
	change = 0;
}

/* Numbers that are no command, or one of another size or direction */
static void raw_op(const struct fuzz_rec *r)
{
	unsigned int cmd = calls[r->a % ARRAY_SIZE(calls)].cmd ^ 1u << (r->a >> 3);
	unsigned int i;
	int fd = find_fd(KIND_SYS + r->b / MAX_FDS % (KIND_EVENT - KIND_SYS), r->b);

	if (r->a & 1)
		cmd = r->v;
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].cmd == cmd)
			return;
	if (fd >= 0)
		must(do_ioctl(fd, cmd, pointer(r->c, user->spare)) < 0, "unknown command");
}

static void mmap_op(const struct fuzz_rec *r)
{
	struct map *map = &maps[r->b % MAX_MAPS];
	int fd = find_fd(r->a & 0x80 ? NR_KINDS : KIND_VCPU, r->b);
	void *addr;

	if (fd < 0 || map->addr)
		return;
	map->len = (r->c & 0xff) * 256;
	addr = sys_mmap(map->len, r->a & 7, r->a & 8 ? MAP_PRIVATE : MAP_SHARED, fd,
			(r->c >> 8 & 3) * PAGE_SIZE);
	if (addr != MAP_FAILED)
		map->addr = addr;
}

static void munmap_op(struct map *map)
{
	if (map->addr)
		sys_munmap(map->addr, map->len);
	map->addr = NULL;
}

static void event_op(const struct fuzz_rec *r)
{
	int fd = find_fd(KIND_EVENT, r->b);
	u64 val = r->v;

	if (r->a & 1 || fd < 0)
		keep(KIND_EVENT, eventfd(r->a >> 1 & 1, EFD_CLOEXEC | EFD_NONBLOCK));
	else if (write(fd, &val, sizeof(val)) < 0)
		return;		/* full, or no number for it */
}

static void page_op(const struct fuzz_rec *r)
{
	int fd = find_fd(KIND_VCPU, r->b);

	u32 off = r->c % (sizeof(struct vmxl_run) - sizeof(r->v));

	if (fd >= 0)
		memcpy((u8 *)fuzz_vcpu_of(fd)->run + off, &r->v, sizeof(r->v));
}

static void one_op(const struct fuzz_rec *r)
{
	if (r->op >= FIRST_CALL) {
		call_op(&calls[(r->op - FIRST_CALL) % ARRAY_SIZE(calls)], r);
		return;
	}
	switch ((enum op)(r->op % NR_OPS)) {
	case OP_RAW:
		raw_op(r);
		break;
	case OP_CLOSE:
		close_handle(&handles[r->b % MAX_FDS]);
		break;
	case OP_MMAP:
		mmap_op(r);
		break;
	case OP_MUNMAP:
		munmap_op(&maps[r->b % MAX_MAPS]);
		break;
	case OP_EVENT:
		event_op(r);
		break;
	case OP_FAIL:
		fail_nth = r->a % 32;
		break;
	case OP_CHANGE:
		change_at = r->b;
		change = r->a;
		break;
	case OP_PLACE:
		place = r->a;
		break;
	case OP_CODE:
		memcpy(user->ram + (r->b * 2) % (RAM_SIZE - 8), &r->v, 8);
		break;
	case OP_PAGE:
		page_op(r);
		break;
	case NR_OPS:
		break;
	}
}


/* Around and around: a store where an ioeventfd may be, devices, memory */
static const u32 guest_code[] = {
	0x100002b7,		/* lui t0, 0x10000 */
	0x0052a023,		/* sw t0, 0(t0) */
	0x0c0002b7,		/* lui t0, 0xc000 */
	0x0052a223,		/* sw t0, 4(t0) */
	0x0002a303,		/* lw t1, 0(t0) */
	0x020042b7,		/* lui t0, 0x2004 */
	0x0052b023,		/* sd t0, 0(t0) */
	0x00004297,		/* auipc t0, 4 */
	0x0052b023,		/* sd t0, 0(t0) */
	0xfddff06f,		/* j .-36 */
};

/* What most sequences would begin with */
static void begin(void)
{
	static const struct {
		unsigned int cmd;
		struct fuzz_rec r;
	} first[] = {
		{ VMXL_CREATE_VM },
		{ VMXL_CREATE_VCPU },
		{ VMXL_SET_USER_MEMORY_REGION,
		  { .b = 0xf000 + RAM_SIZE / PAGE_SIZE, .c = 7 } },
		{ VMXL_SET_ONE_REG, { .a = 1, .v = RAM } },	/* pc */
		{ VMXL_CREATE_DEVICE, { .a = VMXL_DEV_RISCV_PLIC } },
		{ VMXL_SET_DEVICE_ATTR, { .a = VMXL_DEV_GRP_ADDR, .b = GOOD, .v = PLIC } },
		{ VMXL_SET_DEVICE_ATTR, { .a = VMXL_DEV_GRP_CTRL } },
		{ VMXL_CREATE_DEVICE, { .a = VMXL_DEV_RISCV_ACLINT } },
		{ VMXL_SET_DEVICE_ATTR, { .a = VMXL_DEV_GRP_ADDR, .b = GOOD | 4, .v = ACLINT } },
		{ VMXL_SET_DEVICE_ATTR, { .a = VMXL_DEV_GRP_CTRL, .b = 4 } },
	};
	unsigned int i, k;

	memcpy(user->ram, guest_code, sizeof(guest_code));
	for (i = 0; i < ARRAY_SIZE(first); i++) {
		for (k = 0; calls[k].cmd != first[i].cmd; k++)
			;
		call_op(&calls[k], &first[i].r);
	}
	keep(KIND_EVENT, eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

static void end(void)
{
	unsigned int i;

	for (i = 0; i < MAX_FDS; i++)
		close_handle(&handles[i]);
	for (i = 0; i < MAX_MAPS; i++)
		munmap_op(&maps[i]);
	fail_nth = 0;
	place = 0;
	change = 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz_rec rec;

	memset(user, 0, sizeof(*user));
	keep(KIND_SYS, sys_open("/dev/vmx_xlate"));
	if (size && !(*data & 0x80))
		begin();
	while (fuzz_next(&data, &size, &rec))
		one_op(&rec);
	end();
	fuzz_check_leaks(base_count);
	return 0;
}

/* What the module is told to write to is far from all else: a bit more or less is no harm. */
static void map_user(void)
{
	u8 *p = mmap((void *)USER_AT, USER_RESERVED, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

	must(p == (void *)USER_AT, "no memory");
	user = (void *)(p + USER_RESERVED / 2);
	pages = (u8 *)user + PAGE_ALIGN(sizeof(*user)) + PAGE_SIZE;
	must(!mprotect(user, sizeof(*user), PROT_READ | PROT_WRITE) &&
	     !mprotect(pages, PAGE_SIZE, PROT_READ | PROT_WRITE) &&
	     !mprotect(pages + PAGE_SIZE, PAGE_SIZE, PROT_READ), "no pages");
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	map_user();
	must(!sys_close(sys_open("/dev/vmx_xlate")), "no module");
	base_count = fuzz_count();
	return 0;
}

static void make(struct fuzz_rec *r, struct rv_rng *rng)
{
	unsigned int call = rv_below(rng, ARRAY_SIZE(calls));
	u64 bits = rv_rnd(rng);

	*r = (struct fuzz_rec){
		.op = FIRST_CALL + call, .a = bits, .b = bits >> 8, .c = bits >> 24,
	};
	r->v = rv_below(rng, 2) ? rv_below(rng, 64) : fuzz_edge(rng);
	if (calls[call].cmd == VMXL_RUN)
		r->v = 0;
	if (rv_below(rng, 8) < 5)
		return;
	r->op = rv_below(rng, NR_OPS);
	if (r->op == OP_CODE) {
		r->b = rv_below(rng, 20);
		r->v = fuzz_insn(rng) | (u64)fuzz_insn(rng) << 32;
	}
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed)
{
	return fuzz_mutate(data, size, max, seed, make);
}
