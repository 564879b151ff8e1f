// SPDX-License-Identifier: GPL-2.0
/* Linked where user/sys.h is the module's code in this process. */
#include "lib.h"

const bool on_kernel = false;
