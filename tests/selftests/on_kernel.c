// SPDX-License-Identifier: GPL-2.0
/* Linked where user/sys.h is the system calls. */
#include "lib.h"

const bool on_kernel = true;
