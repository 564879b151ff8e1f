# SPDX-License-Identifier: GPL-2.0
#
# The module and the shim as one archive, $(CORE), for makefiles that include
# this. They set O and may set
#
#	SAN=1	AddressSanitizer and UBSan, and the shim's own debugging
#	TSAN=1	ThreadSanitizer
#	COV=1	gcov
#	FUZZ=1	libFuzzer's instrumentation (clang), with SAN
#	CC=clang, CFLAGS (-O2 -g), V=1
#
# each with an O of its own. They compile with $(CORE_CFLAGS) what sees kernel
# headers, with $(BASE_CFLAGS) what does not, and link with $(CORE_LDFLAGS).
# What the module is made of is read from Kbuild.

TOP := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..)
CFLAGS ?= -O2 -g
src := $(TOP)
include $(TOP)/Kbuild

ifeq ($(V),1)
Q :=
SAY := @true
else
Q := @
SAY := @echo
endif

SAN_CFLAGS :=
SAN_DEFINES :=
ifeq ($(SAN),1)
# Guests access memory at any address, and so may hosts: as the kernel has it on x86.
SAN_CFLAGS += -fsanitize=address,undefined -fno-sanitize=alignment \
	-fno-sanitize-recover=undefined -fno-omit-frame-pointer
SAN_DEFINES += -DSHIM_DEBUG -DSHIM_ASAN -DVMXL_DEBUG
endif
ifeq ($(TSAN),1)
SAN_CFLAGS += -fsanitize=thread -fno-omit-frame-pointer
SAN_DEFINES += -DSHIM_DEBUG -DVMXL_DEBUG
endif
ifeq ($(COV),1)
SAN_CFLAGS += --coverage -fprofile-update=atomic
SAN_DEFINES += -DSHIM_DEBUG -DVMXL_DEBUG
endif
ifeq ($(FUZZ),1)
SAN_CFLAGS += -fsanitize=fuzzer-no-link
endif

# As the kernel is compiled, as far as it changes what code means.
KERNEL_CFLAGS := -fno-strict-aliasing -fwrapv -fno-delete-null-pointer-checks -fno-common
WARN_CFLAGS := -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -Wno-pointer-sign \
	-Wno-missing-field-initializers -Wdeclaration-after-statement
ifneq ($(findstring clang,$(CC)),)
WARN_CFLAGS += -Wno-initializer-overrides -Wno-gnu-variable-sized-type-not-at-end
else
WARN_CFLAGS += -Wno-override-init -Wno-array-bounds
endif

BASE_CFLAGS := -std=gnu11 $(CFLAGS) $(SAN_CFLAGS) -fmacro-prefix-map=$(TOP)/=
CORE_CFLAGS := $(BASE_CFLAGS) $(KERNEL_CFLAGS) $(WARN_CFLAGS) $(SAN_DEFINES) \
	-D_GNU_SOURCE= -DVMXL_HOSTED -DKBUILD_MODNAME='"vmx_xlate"' -I$(TOP)/tests/shim/include $(ccflags-y)
CORE_LDFLAGS := $(CFLAGS) $(SAN_CFLAGS) -rdynamic -pthread \
	-Wl,--wrap=close,--wrap=sigaction,--wrap=signal -Wl,-u,__wrap_close

CORE := $(O)/libvmxl_core.a
CORE_MODULE := $(patsubst %.o,%,$(filter-out $(vmxl-kernel-only),$(vmx_xlate-y)))
CORE_SHIM := $(patsubst $(TOP)/%.c,%,$(wildcard $(TOP)/tests/shim/*.c))
CORE_THERE := $(patsubst $(TOP)/%.c,%,$(wildcard $(CORE_MODULE:%=$(TOP)/%.c)))
CORE_MISSING := $(filter-out $(CORE_THERE),$(CORE_MODULE))
ifneq ($(CORE_MISSING),)
$(info core.mk: not there: $(CORE_MISSING:%=%.c))
endif
CORE_OBJECTS := $(patsubst %,$(O)/core/%.o,$(CORE_THERE) $(CORE_SHIM))

# An archive of another set of flags is of no use; nor is one that was moved, whose
# dependencies (.d) are of the files that it had.
$(O)/core/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(O): $(CC) $(CORE_CFLAGS))' | cmp -s - $@ || \
		echo '$(subst ','\'',$(O): $(CC) $(CORE_CFLAGS))' > $@

$(CORE_OBJECTS): $(O)/core/%.o: $(TOP)/%.c $(O)/core/flags
	$(SAY) "  CC      $*.c"
	@mkdir -p $(@D)
	$(Q)$(CC) $(CORE_CFLAGS) $(CFLAGS_$*.o) -MMD -MP -c -o $@ $<

$(CORE): $(CORE_OBJECTS)
	$(SAY) "  AR      $(@F)"
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

.PHONY: FORCE
FORCE:

-include $(CORE_OBJECTS:.o=.d)
