// SPDX-License-Identifier: GPL-2.0
/* Compiled units of tests/ir, for x86_test.c. */
#include "../ir/compiled.c"
