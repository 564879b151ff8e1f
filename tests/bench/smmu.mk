# SPDX-License-Identifier: GPL-2.0
#
# The SMMU's speed: make -f tests/bench/smmu.mk O=DIR [JSON=1] run; smmu_dma-kernel is the
# part that measures a module, to be run where one is.

.DEFAULT_GOAL := all
HERE := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
O ?= $(HERE)/../../build/bench-smmu
include $(HERE)/../shim/core.mk

SELF := $(TOP)/tests/selftests
SELF_CFLAGS := $(BASE_CFLAGS) -I$(TOP)/include/uapi
DMA := $(HERE)/smmu_dma.c $(SELF)/lib.c $(SELF)/tap.c

.PHONY: all run

all: $(O)/smmu_bench $(O)/smmu_dma

$(O)/smmu_bench: $(HERE)/smmu_bench.c $(CORE)
	$(SAY) "  CCLD    $(@F)"
	$(Q)$(CC) $(CORE_CFLAGS) $(CORE_LDFLAGS) -o $@ $^ -lm

$(O)/smmu_dma: $(DMA) $(SELF)/on_shim.c $(CORE)
	$(SAY) "  CCLD    $(@F)"
	$(Q)$(CC) $(SELF_CFLAGS) -o $@ $^ $(CORE_LDFLAGS)

$(O)/smmu_dma-kernel: $(DMA) $(SELF)/on_kernel.c $(TOP)/user/sys_kernel.c
	$(SAY) "  CCLD    $(@F)"
	@mkdir -p $(@D)
	$(Q)$(CC) $(SELF_CFLAGS) -static -pthread -o $@ $^

run: all
	@$(O)/smmu_bench $(if $(JSON),--json)
	@$(O)/smmu_dma $(if $(JSON),--json)
