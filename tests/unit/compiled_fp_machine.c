// SPDX-License-Identifier: GPL-2.0
/* The machine of tests/ir, for compiled_fp_test.c. */
#include "../ir/harness.c"
