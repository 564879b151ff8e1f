// SPDX-License-Identifier: GPL-2.0
/* The exact reference, for compiled_fp_test.c. */
#include "fp_ref.c"
