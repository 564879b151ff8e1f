// SPDX-License-Identifier: GPL-2.0
/* The processor, for compiled_fp_test.c. */
#include "fp_hw.c"
