# SPDX-License-Identifier: GPL-2.0
#
# The SMMU's speed: make -f tests/bench/smmu.mk O=DIR run

.DEFAULT_GOAL := all
HERE := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
O ?= $(HERE)/../../build/bench-smmu
include $(HERE)/../shim/core.mk

.PHONY: all run

all: $(O)/smmu_bench

$(O)/smmu_bench: $(HERE)/smmu_bench.c $(CORE)
	$(SAY) "  CCLD    $(@F)"
	$(Q)$(CC) $(CORE_CFLAGS) $(CORE_LDFLAGS) -o $@ $^ -lm

run: all
	@$(O)/smmu_bench
