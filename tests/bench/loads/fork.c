// SPDX-License-Identifier: GPL-2.0
/* A child that ends at once, and its status. */
#include <sys/wait.h>
#include <unistd.h>

#include "work.h"

uint64_t work_fork(uint64_t n)
{
	uint64_t sum = 0;
	int status;

	work_begin();
	while (n--) {
		pid_t pid = fork();

		if (pid < 0)
			work_fail("fork");
		if (!pid)
			_exit(n & 15);
		if (waitpid(pid, &status, 0) != pid)
			work_fail("waitpid");
		sum += (uint64_t)WEXITSTATUS(status);
	}
	return sum;
}
