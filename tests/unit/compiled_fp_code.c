// SPDX-License-Identifier: GPL-2.0
/* Compiled units of tests/ir, for compiled_fp_test.c. */
#include "../ir/compiled.c"
