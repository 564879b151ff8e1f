// SPDX-License-Identifier: GPL-2.0
/*
 * DMA of a device model behind the SMMU: by a window that has the pages, by one that
 * has to get them, and by one look-up of the whole request, each with the copy. The
 * pages lie in reverse order. Time of the thread, in the kernel as well; --json: an object
 * a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../selftests/lib.h"

#define BASE		0x40000000ull
#define STRTAB		(RAM + 0x20000)
#define CD		(RAM + 0x30000)
#define L1		(RAM + 0x31000)
#define L2		(RAM + 0x32000)
#define L3		(RAM + 0x33000)
#define DATA		(RAM + 0x40000)
#define MAX_PAGES	32u
#define IOVA		0x100000ull

static struct vm vm;
static int smmu;
static u8 *win;
static u8 buf[MAX_PAGES * PAGE];
static bool json;

static u64 *ram(u64 gpa)
{
	return (u64 *)(vm.ram + (gpa - RAM));
}

static void reg(u64 off, u64 val)
{
	dev_set(smmu, VMXL_DEV_GRP_REGS, off, val);
}

static void setup(void)
{
	struct vmxl_smmu_window w = { .sid = 1, .iova = IOVA, .len = sizeof(buf) };
	unsigned int i;

	vm = vm_new_ram(0);
	smmu = vm_device(vm.fd, VMXL_DEV_ARM_SMMUV3);
	dev_set(smmu, VMXL_DEV_GRP_ADDR, 0, BASE);
	dev_init(smmu);
	*ram(L1) = L2 | 3;
	*ram(L2) = L3 | 3;
	for (i = 0; i < MAX_PAGES; i++)
		ram(L3)[(IOVA >> 12) + i] = (DATA + (MAX_PAGES - 1 - i) * PAGE) | 0xc43;
	ram(CD)[1] = L1;
	ram(CD)[0] = 1ull << 31 | 1ull << 41 | 1ull << 30 | 25 | 5ull << 32 | 3ull << 45 |
		     1ull << 48;
	*ram(STRTAB + 64) = 1 | 5 << 1 | CD;
	reg(0x80, STRTAB);
	reg(0x88, 6);
	reg(0x20, 1);
	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_WINDOW, (unsigned long)&w));
	win = (u8 *)(uintptr_t)w.hva;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

/* A page at a time, as the look-up's: a long copy is made by other instructions. */
static void by_window(unsigned int pages)
{
	unsigned int i;

	for (i = 0; i < pages; i++)
		memcpy(buf + i * PAGE, win + i * PAGE, PAGE);
}

static void by_lookup(unsigned int pages)
{
	struct vmxl_smmu_seg in = { .iova = IOVA, .len = pages * PAGE };
	struct vmxl_smmu_range out[MAX_PAGES];
	struct vmxl_smmu_lookup l = {
		.sid = 1, .access = VMXL_SMMU_READ, .in = (uintptr_t)&in, .out = (uintptr_t)out,
		.nr_in = 1, .nr_out = MAX_PAGES,
	};
	unsigned int i;
	u64 at = 0;

	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_LOOKUP, (unsigned long)&l));
	CHECK_EQ(l.done, in.len);
	for (i = 0; i < l.nr_out; at += out[i++].len)
		memcpy(buf + at, (void *)(uintptr_t)out[i].hva, out[i].len);
}

#define ROUNDS	500

static double warm(void (*dma)(unsigned int pages), unsigned int pages)
{
	double start;
	unsigned int i;

	dma(pages);
	start = now();
	for (i = 0; i < ROUNDS; i++)
		dma(pages);
	return (now() - start) / ROUNDS;
}

/* What was known of the pages is dropped each time, which is not counted. */
static double cold(void (*dma)(unsigned int pages), unsigned int pages)
{
	double t = 0, start;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		reg(0x80, STRTAB);	/* as a restored register, it drops all */
		start = now();
		dma(pages);
		t += now() - start;
	}
	return t / ROUNDS;
}

static void line(const char *what, unsigned int pages, double t)
{
	if (json)
		printf("{\"name\": \"%s, %u KiB\", \"ns\": %.1f}\n", what, pages * 4, t);
	else
		printf("%-36s %4u KiB %10.1f ns\n", what, pages * 4, t);
}

int main(int argc, char **argv)
{
	static const unsigned int sizes[] = { 1, MAX_PAGES };
	unsigned int i;

	json = argc > 1 && !strcmp(argv[1], "--json");
	setup();
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		unsigned int n = sizes[i];

		line("window that has the pages", n, warm(by_window, n));
		line("window that gets the pages", n, cold(by_window, n));
		line("look-up", n, warm(by_lookup, n));
		line("look-up of what is not cached", n, cold(by_lookup, n));
	}
	sys_close(smmu);
	vm_close(&vm);
	return 0;
}
