// SPDX-License-Identifier: GPL-2.0
/* A signal that the process sends to itself, and its handler. */
#include <signal.h>

#include "work.h"

static volatile uint64_t seen;

static void handler(int number)
{
	(void)number;
	seen++;
}

uint64_t work_signal(uint64_t n)
{
	struct sigaction act = { .sa_handler = handler };

	seen = 0;
	if (sigaction(SIGUSR1, &act, 0))
		work_fail("sigaction");
	work_begin();
	while (n--)
		raise(SIGUSR1);
	return seen;
}
