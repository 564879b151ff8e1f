// SPDX-License-Identifier: GPL-2.0
/*
 * The machines that there are.
 */
#include <string.h>

#include "machine.h"

static const struct machine_ops *const machines[] = {
	&machine_rv64_ops,
};

const struct machine_ops *machine_find(const char *isa)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(machines); i++) {
		if (!strcmp(machines[i]->name, isa))
			return machines[i];
	}
	return NULL;
}
