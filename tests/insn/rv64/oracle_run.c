// SPDX-License-Identifier: GPL-2.0
/*
 * Test images, and running them by the oracle: $QEMU_RISCV64 (qemu-riscv64)
 * executes oracle.c's program with the image in a file.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../../../user/sys.h"
#include "machine.h"

#define ORACLE_SECONDS	60

/* What our machine has, and no more */
#define ORACLE_CPU	"rv64,zfh=true,zfa=true,zicond=true,zba=true,zbb=true,zbc=true,zbs=true"

static void die(const char *what)
{
	perror(what);
	exit(1);
}

void *image_create(const char *runner)
{
	void *image = sys_guest_memory(IMG_END - IMG_BASE);
	int fd = open(runner, O_RDONLY);

	if (image == MAP_FAILED || fd < 0 || read(fd, image, IMG_TABLES - IMG_BASE) <= 0)
		die(runner);
	close(fd);
	return image;
}

/* What the image has in use goes to the file */
static int write_image(const char *image, unsigned int n)
{
	size_t cases = IMG_CASES - IMG_BASE, size = (size_t)n * CASE_SIZE;
	int fd = memfd_create("image", 0);

	if (fd < 0 || ftruncate(fd, IMG_END - IMG_BASE) ||
	    pwrite(fd, image, cases, 0) != (ssize_t)cases ||
	    pwrite(fd, image + cases, size, cases) != (ssize_t)size)
		die("image");
	return fd;
}

static void exec_oracle(int fd, unsigned int n, const char *oracle)
{
	const char *qemu = getenv("QEMU_RISCV64");
	char file[32], num[16];

	snprintf(file, sizeof(file), "/proc/self/fd/%d", fd);
	snprintf(num, sizeof(num), "%u", n);
	alarm(ORACLE_SECONDS);
	if (!qemu)
		qemu = "qemu-riscv64";
	execlp(qemu, qemu, "-cpu", ORACLE_CPU, oracle, file, num, NULL);
	die(qemu);
}

int oracle_run(const void *image, unsigned int n, const char *oracle, struct image_case *res)
{
	size_t off = IMG_CASES - IMG_BASE, size = (size_t)n * CASE_SIZE;
	int fd = write_image(image, n), status;
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid)
		exec_oracle(fd, n, oracle);
	if (waitpid(pid, &status, 0) != pid || status ||
	    pread(fd, res, size, off) != (ssize_t)size) {
		fprintf(stderr, "oracle failed, status %#x\n", status);
		close(fd);
		return -1;
	}
	close(fd);
	return 0;
}
