# SPDX-License-Identifier: GPL-2.0
#
# The launcher's fuzz targets: make -f tests/fuzz/user.mk O=DIR builds them,
# and "run" runs each for RUNS inputs from a fixed seed.

TOP := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))/../..
O ?= $(TOP)/build/fuzz
RUNS ?= 20000
FUZZ_CC ?= clang
SOURCES := $(shell $(MAKE) -s -C $(TOP)/user print-sources)
CFLAGS := $(shell $(MAKE) -s -C $(TOP)/user print-cflags) -I$(TOP)/tests/unit -g -O1 \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined
LIBS := $(shell $(MAKE) -s -C $(TOP)/user print-libs)
TARGETS := fuzz_virtq fuzz_loader

fuzz_virtq_SOURCES := $(filter-out main.c run.c info.c options.c net_slirp.c,$(SOURCES))
fuzz_loader_SOURCES := loader.c unpack.c mem.c util.c

.PHONY: all run
all: $(TARGETS:%=$(O)/%)

.SECONDEXPANSION:
$(TARGETS:%=$(O)/%): $(O)/%: $(TOP)/tests/fuzz/%.c $(TOP)/tests/unit/user_fake.c \
		$$(addprefix $(TOP)/user/,$$($$*_SOURCES)) $(wildcard $(TOP)/user/*.h) \
		$(TOP)/tests/unit/user_ring.h
	@mkdir -p $(O)
	@echo "  FUZZ    $*"
	@$(FUZZ_CC) $(CFLAGS) -o $@ $(filter %.c,$^) $(LIBS)

# Messages of the code under test go to stderr, and so do libFuzzer's: close_fd_mask=2
# keeps the latter quiet as well, but for a crash, which goes to the status.
run: all
	@for t in $(TARGETS); do \
		$(O)/$$t -runs=$(RUNS) -seed=1 -max_len=2048 -timeout=20 -verbosity=0 \
			-close_fd_mask=2 -artifact_prefix=$(O)/$$t- \
			>$(O)/$$t.log 2>&1 || { cat $(O)/$$t.log; exit 1; }; \
		echo "fuzz: $$t: $(RUNS) inputs"; \
	done
