# SPDX-License-Identifier: GPL-2.0
#
# The launcher's unit tests, under ASan and UBSan: make -f tests/unit/user.mk
# O=DIR run. Output: TAP of each.

TOP := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))/../..
HERE := $(TOP)/tests/unit
O ?= $(TOP)/build/tests/user
SANITIZE ?= -fsanitize=address,undefined -fno-sanitize-recover=undefined
SOURCES := $(shell $(MAKE) -s -C $(TOP)/user print-sources)
CFLAGS := $(shell $(MAKE) -s -C $(TOP)/user print-cflags) -I$(HERE) -g -O1 $(SANITIZE)
LIBS := $(shell $(MAKE) -s -C $(TOP)/user print-libs)
TESTS := user_virtq user_devices user_loader user_perfmap

OBJECTS := $(patsubst %.c,$(O)/%.o,$(filter-out main.c,$(SOURCES))) $(O)/user_fake.o

.PHONY: all run
all: $(TESTS:%=$(O)/%) $(O)/vmxl-fake

$(O)/vmxl-fake: $(O)/main.o
$(TESTS:%=$(O)/%): $(O)/%: $(O)/%.o
$(TESTS:%=$(O)/%) $(O)/vmxl-fake: $(OBJECTS)
	@$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$(O)/%.o: $(TOP)/user/%.c | $(O)
	@$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(O)/%.o: $(HERE)/%.c | $(O)
	@$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(O):
	@mkdir -p $@

run: all
	@for t in $(TESTS); do $(O)/$$t || exit 1; done
	@mkdir -p $(O)/cli && $(HERE)/user_cli $(O)/vmxl-fake $(O)/cli

-include $(wildcard $(O)/*.d)
