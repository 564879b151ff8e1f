// SPDX-License-Identifier: GPL-2.0
/*
 * oracle: run the cases of an image file (image.h) on whatever executes this
 * riscv64 program: qemu-riscv64, or a real machine.
 * Usage: oracle IMAGE NUMBER; the results are in the file afterwards.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>
#include "image.h"

#define CTL_CASE	(*(struct image_case **)IMG_CTL)

/* An exception ends the case: registers as they are, go on at the dump. */
static void on_signal(int sig, siginfo_t *info, void *ctx)
{
	static const unsigned char cause[NSIG] = {
		[SIGILL] = 1 + 2, [SIGTRAP] = 1 + 3, [SIGBUS] = 1 + 6, [SIGSEGV] = 1 + 5,
	};
	ucontext_t *uc = ctx;

	CTL_CASE->trap = cause[sig];
	CTL_CASE->tval = (uint64_t)info->si_addr;
	uc->uc_mcontext.__gregs[REG_PC] = IMG_DUMP;
}

static void catch_signals(void)
{
	static const int sigs[] = { SIGILL, SIGTRAP, SIGBUS, SIGSEGV };
	stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 };
	struct sigaction sa = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK };

	sigaltstack(&stack, NULL);
	for (unsigned int i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++)
		sigaction(sigs[i], &sa, NULL);
}

int main(int argc, char **argv)
{
	void (*run)(void *cases, unsigned long n) = (void *)IMG_RUN;
	int fd = argc == 3 ? open(argv[1], O_RDWR) : -1;

	if (fd < 0 || mmap((void *)IMG_BASE, IMG_END - IMG_BASE,
			   PROT_READ | PROT_WRITE | PROT_EXEC, MAP_SHARED | MAP_FIXED,
			   fd, 0) != (void *)IMG_BASE) {
		perror("oracle");
		return 1;
	}
	mprotect((void *)IMG_HOLE, IMG_RDONLY - IMG_HOLE, PROT_NONE);
	mprotect((void *)IMG_RDONLY, IMG_STRAP - IMG_RDONLY, PROT_READ | PROT_EXEC);
	catch_signals();
	run((void *)IMG_CASES, strtoul(argv[2], NULL, 0));
	return 0;
}
