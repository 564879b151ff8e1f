// SPDX-License-Identifier: GPL-2.0
/*
 * `vmxl-hosted dump-block`: a block of a guest's image, or of a VM that runs, as guest
 * instructions, as IR after each pass, as the host's code. Nothing is executed. See
 * dump.h.
 *
 * The image is loaded as for a boot; the pages that the block may lie in are mapped at
 * the address that was asked for, so that addresses in code are those of the guest. Of a
 * VM the module tells the block's bytes, what it was translated for, and its host code.
 */
#define _GNU_SOURCE
#include <capstone/capstone.h>
#include <fcntl.h>
#include <gelf.h>
#include <getopt.h>
#include <inttypes.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../user/loader.h"
#include "../../user/machine_rv64.h"
#include "../../user/run.h"
#include "../../user/symbols.h"
#include "../../user/vnl.h"
#include "dump.h"

#define TABLES		(RV64_RAM - SZ_1M)
#define TABLES_SIZE	SZ_1M
#define PAGE		4096ULL
#define SATP		0x180
#define SATP_SV39	(8ULL << 60)
#define PTE_POINTER	0x01		/* V */
#define PTE_LEAF	0xcf		/* V, R, W, X, A, D */
#define PTE_USER	0x10
#define KERNEL_BASE	0xffffffff80000000ULL	/* where Linux links its Image to */

struct dump_options {
	const char *image, *symbols, *where;
	u64 base, mem_size;
	unsigned int max, passes;
	u32 vm;			/* 0: of an image */
};

/* ---- disassembly ---- */

static const struct {
	const char *name;
	cs_arch arch;
	cs_mode mode;
} hosts[] = {
	{ "x86_64", CS_ARCH_X86, CS_MODE_64 },
	{ "arm64", CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN },
};

static void print_bytes(uint64_t at, const uint8_t *code, size_t len)
{
	size_t i;

	printf("  %6" PRIx64 "  .bytes  ", at);
	for (i = 0; i < len; i++)
		printf(" %02x", code[i]);
	putchar('\n');
}

static void disassemble(csh cs, const uint8_t *code, size_t at, size_t len)
{
	cs_insn *insn;
	size_t end = at + len;

	while (at < end && cs_disasm(cs, code + at, end - at, at, 1, &insn)) {
		printf("  %6zx  %-8s %s\n", at, insn->mnemonic, insn->op_str);
		at += insn->size;
		cs_free(insn, 1);
	}
	if (at < end)
		print_bytes(at, code + at, end - at);
}

void dump_host(const char *host, const uint8_t *code, size_t at, size_t len)
{
	unsigned int i;
	csh cs;

	for (i = 0; i < ARRAY_SIZE(hosts); i++) {
		if (strcmp(hosts[i].name, host) ||
		    cs_open(hosts[i].arch, hosts[i].mode, &cs) != CS_ERR_OK)
			continue;
		disassemble(cs, code, at, len);
		cs_close(&cs);
		return;
	}
	print_bytes(at, code + at, len);
}

/* Debian 12's libcapstone has no RISC-V yet; the compiler for guests brings this. */
#define OBJDUMP	"riscv64-linux-gnu-objdump -D -z -b binary -m riscv:rv64 --adjust-vma=0x%" PRIx64 \
		" %s 2>/dev/null | sed -n 's/^ *\\([0-9a-f]*\\):\t[0-9a-f]* *\t/  \\1  /p'"

static int objdump(uint64_t pc, const char *file)
{
	char *command, line[256];
	unsigned int n = 0;
	FILE *pipe;

	if (asprintf(&command, OBJDUMP, pc, file) < 0)
		return -1;
	pipe = popen(command, "r");
	free(command);
	for (; pipe && fgets(line, sizeof(line), pipe); n++)
		fputs(line, stdout);
	if (pipe)
		pclose(pipe);
	return n ? 0 : -1;
}

void dump_guest(uint64_t pc, const uint8_t *code, size_t len)
{
	char path[] = "/tmp/vmxl-dump.XXXXXX";
	int fd = mkstemp(path);
	bool done;

	done = fd >= 0 && !write_all(fd, code, len) && !objdump(pc, path);
	if (!done)
		print_bytes(pc, code, len);
	if (fd < 0)
		return;
	close(fd);
	unlink(path);
}

/* ---- where code is ---- */

/* The guest physical address of a virtual one, by the ELF file's segments; 0: by none */
static u64 elf_gpa(const char *path, u64 va)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	GElf_Phdr ph;
	u64 gpa = 0;
	Elf *elf;
	int i;

	elf_version(EV_CURRENT);
	elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
	for (i = 0; elf && gelf_getphdr(elf, i, &ph); i++)
		if (ph.p_type == PT_LOAD && va >= ph.p_vaddr && va - ph.p_vaddr < ph.p_memsz)
			gpa = ph.p_paddr + (va - ph.p_vaddr);
	if (elf)
		elf_end(elf);
	if (fd >= 0)
		close(fd);
	return gpa;
}

static int find_va(const struct dump_options *opt, u64 *va)
{
	const char *file = opt->symbols ? opt->symbols : opt->image;
	struct symbols s;
	size_t i;
	int ret = -1;

	if (!parse_u64(opt->where, 0, ~0ULL, va))
		return 0;
	if (!file)
		return error("where %s is, --symbols must tell", opt->where);
	if (symbols_read(&s, file))
		return -1;
	for (i = 0; i < s.nr && ret; i++) {
		if (strcmp(s.sym[i].name, opt->where))
			continue;
		*va = s.sym[i].addr;
		ret = 0;
	}
	symbols_free(&s);
	return ret ? error("%s: no function '%s'", file, opt->where) : 0;
}

/* Page tables for one page; the tables are used up in order. */
static void map_page(struct vm *vm, unsigned int *used, u64 va, u64 pa, u64 flags)
{
	u64 *table = mem_at(&vm->mem, TABLES, PAGE);
	int level;

	for (level = 2; level; level--) {
		u64 *pte = &table[va >> (12 + 9 * level) & 0x1ff];

		if (!*pte)
			*pte = (TABLES + ++*used * PAGE) >> 2 | PTE_POINTER;
		table = mem_at(&vm->mem, *pte >> 10 << 12, PAGE);
	}
	table[va >> 12 & 0x1ff] = pa >> 12 << 10 | PTE_LEAF | flags;
}

/* Kernels' code in S-mode, all other in U-mode, as they would be executed */
static int map_block(struct vm *vm, u64 va, u64 gpa)
{
	bool kernel = va >> 63;
	u64 flags = kernel ? 0 : PTE_USER, page;
	unsigned int used = 0;

	for (page = 0; page < 2 * PAGE; page += PAGE)
		if (mem_at(&vm->mem, (gpa & ~(PAGE - 1)) + page, PAGE))
			map_page(vm, &used, (va & ~(PAGE - 1)) + page,
				 (gpa & ~(PAGE - 1)) + page, flags);
	if (vcpu_set_reg(vm->vcpus, rv64_core_id(VMXL_RV64_CORE_MODE), kernel) ||
	    vcpu_set_reg(vm->vcpus, VMXL_REG_RV64 | VMXL_REG_SIZE_U64 | VMXL_RV64_CSR | SATP,
			 SATP_SV39 | TABLES >> 12))
		return error_errno("setting the vCPU's registers");
	return 0;
}

/* ---- */

static int show(struct vm *vm, const struct dump_options *opt, u64 va, const u8 *code,
		const struct dump_live *live)
{
	int ret;

	printf("%s at 0x%llx\n", opt->where, (unsigned long long)va);
	ret = dump_block(vm->vcpus->fd, va, code, opt->max, opt->passes, live);
	if (ret)
		return error("no block can be made at 0x%llx: %s", (unsigned long long)va,
			     strerror(-ret));
	return 0;
}

static int ask(u32 vm, u64 va, struct vnl_block *b)
{
	struct vnl *nl = vnl_open();
	int ret = nl ? vnl_block(nl, vm, va, b) : -1;

	if (nl)
		vnl_close(nl);
	return ret;
}

/* The VM's block is made again here, of the same bytes. */
static int dump_live(struct vm *vm, const struct dump_options *opt)
{
	u64 va, gpa;
	struct vnl_block b;
	struct dump_live live;
	u8 *code;

	if (find_va(opt, &va) || ask(opt->vm, va, &b))
		return -1;
	gpa = RV64_RAM + (va & (PAGE - 1));
	if (vm_create(vm, &rv64_isa_ops, VMXL_VM_FIRMWARE, NULL) ||
	    vm_add_memory(vm, TABLES, TABLES_SIZE) || vm_add_memory(vm, RV64_RAM, SZ_1M) ||
	    vm_add_vcpus(vm, 1) || map_block(vm, va, gpa))
		return -1;
	code = mem_at(&vm->mem, gpa, sizeof(b.guest_code));
	memcpy(code, b.guest_code, b.guest_len);
	live = (struct dump_live){
		.flags = b.flags, .entry = b.entry, .host = b.host,
		.host_code = b.host_code, .host_len = b.host_len,
	};
	return show(vm, opt, va, code, &live);
}

static int dump(struct vm *vm, const struct dump_options *opt)
{
	struct image image;
	u64 va, gpa;
	u8 *code;

	if (vm_create(vm, &rv64_isa_ops, VMXL_VM_FIRMWARE, NULL) ||
	    vm_add_memory(vm, TABLES, TABLES_SIZE) || vm_add_memory(vm, RV64_RAM, opt->mem_size) ||
	    vm_add_vcpus(vm, 1) ||
	    loader_image(&vm->mem, IMAGE_KERNEL, opt->image, RV64_RAM, RV64_RAM, &image) ||
	    find_va(opt, &va))
		return -1;
	gpa = elf_gpa(opt->image, va);
	if (!gpa)
		gpa = image.start + (va - opt->base);
	code = mem_at(&vm->mem, gpa, 4);
	if (!code || gpa < image.start || gpa >= image.end || va & 1)
		return error("%s: there is no code at 0x%llx", opt->image, (unsigned long long)va);
	if (map_block(vm, va, gpa))
		return -1;
	return show(vm, opt, va, code, NULL);
}

static const char usage[] =
	"Usage: vmxl-hosted dump-block [OPTION...] IMAGE ADDRESS|FUNCTION\n"
	"       vmxl-hosted dump-block [OPTION...] --vm=N ADDRESS|FUNCTION\n"
	"What translation makes of the guest code at an address: guest instructions,\n"
	"IR after each pass, the host's code. IMAGE is what --kernel of vmxl run takes;\n"
	"of VM N, which runs, it is a block that it has, and its host code there.\n\n"
	"  -v, --vm=N           the VM, by the number that vmxl list shows\n"
	"  -s, --symbols=FILE   where FUNCTION is looked for (default: IMAGE)\n"
	"  -b, --base=ADDRESS   what an Image without segments is linked to\n"
	"                       (default 0xffffffff80000000, as Linux is)\n"
	"  -n, --insns=N        instructions at most, 1 to 64\n"
	"  -p, --passes=MASK    passes to run, a bit for each (default: all)\n"
	"  -m, --mem=SIZE       guest memory (default 128M)\n"
	"  -h, --help           this text\n";

static const struct option long_options[] = {
	{ "vm", required_argument, NULL, 'v' },
	{ "symbols", required_argument, NULL, 's' },
	{ "base", required_argument, NULL, 'b' },
	{ "insns", required_argument, NULL, 'n' },
	{ "passes", required_argument, NULL, 'p' },
	{ "mem", required_argument, NULL, 'm' },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

static int number(const char *text, u64 min, u64 max, u64 *out)
{
	if (!parse_u64(text, min, max, out))
		return 0;
	return error("'%s' is not a number from %llu to %llu", text, (unsigned long long)min,
		     (unsigned long long)max);
}

static int parse(struct dump_options *opt, int key)
{
	u64 n = 0;
	int ret = 0;

	switch (key) {
	case 'v':
		ret = number(optarg, 1, ~0U, &n);
		opt->vm = n;
		break;
	case 's':
		opt->symbols = optarg;
		break;
	case 'b':
		ret = number(optarg, 0, ~0ULL, &opt->base);
		break;
	case 'n':
		ret = number(optarg, 1, DUMP_MAX_INSNS, &n);
		opt->max = n;
		break;
	case 'p':
		ret = number(optarg, 0, ~0U, &n);
		opt->passes = n;
		break;
	case 'm':
		if (parse_size(optarg, &opt->mem_size) || !opt->mem_size ||
		    opt->mem_size % PAGE || opt->mem_size > 1ULL << 40)
			ret = error("'%s' is not a size such as 128M", optarg);
		break;
	default:
		ret = -1;
	}
	return ret;
}

int cmd_dump_block(int argc, char **argv)
{
	struct dump_options opt = {
		.base = KERNEL_BASE, .mem_size = 128 * SZ_1M, .max = DUMP_MAX_INSNS, .passes = ~0U,
	};
	struct vm vm = { .sys_fd = -1, .fd = -1 };
	int key, ret;

	while ((key = getopt_long(argc, argv, "v:s:b:n:p:m:h", long_options, NULL)) != -1) {
		if (key == 'h') {
			fputs(usage, stdout);
			return STATUS_OK;
		}
		if (parse(&opt, key))
			return STATUS_USAGE;
	}
	if (argc - optind != (opt.vm ? 1 : 2)) {
		error("an image and an address are needed (see vmxl-hosted dump-block --help)");
		return STATUS_USAGE;
	}
	opt.image = opt.vm ? NULL : argv[optind];
	opt.where = argv[argc - 1];
	ret = opt.vm ? dump_live(&vm, &opt) : dump(&vm, &opt);
	vm_destroy(&vm);
	return ret ? STATUS_FAIL : STATUS_OK;
}
