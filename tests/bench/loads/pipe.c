// SPDX-License-Identifier: GPL-2.0
/* A byte through a pipe to another process and back. */
#include <sys/wait.h>
#include <unistd.h>

#include "work.h"

static void echo(int in, int out)
{
	char c;

	while (read(in, &c, 1) == 1) {
		c++;
		if (write(out, &c, 1) != 1)
			break;
	}
	_exit(0);
}

uint64_t work_pipe(uint64_t n)
{
	uint64_t sum = 0;
	int to[2], from[2];
	char c = 0;
	pid_t pid;

	if (pipe(to) || pipe(from))
		work_fail("pipe");
	pid = fork();
	if (pid < 0)
		work_fail("fork");
	if (!pid) {
		close(to[1]);
		echo(to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	work_begin();
	while (n--) {
		if (write(to[1], &c, 1) != 1 || read(from[0], &c, 1) != 1)
			work_fail("pipe transfer");
		sum += (uint8_t)c;
	}
	close(to[1]);
	close(from[0]);
	waitpid(pid, 0, 0);
	return sum;
}
