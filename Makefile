# SPDX-License-Identifier: GPL-2.0
# How things are built and run. What the module is made of is in Kbuild.

# A kernel of scripts/kernel, or a directory of kernel headers; more may be given.
KERNEL ?= 6.1 6.12 latest
# Where everything that is built goes.
O ?= build
# Test groups for "make check", of "tests/run -l"; groups at a time.
GROUPS ?=
JOBS ?= 2
# Arguments of "make run" and "make bench", see scripts/run and tests/bench/run --help.
ARGS ?=

# For how long "make soak" goes on.
SECONDS ?= 3600

override O := $(abspath $(O))
export VMXL_BUILD := $(O)
export V

MAKEFLAGS += --no-print-directory
jobs := $(shell nproc)

.DEFAULT_GOAL := help
.PHONY: help run check check-debug check-kcsan soak bench bench-quick modules sparse user bpf hosted selftests guest deps clean

help:
	@echo "vmx_xlate: virtual machines of foreign instruction sets"
	@echo
	@echo "  make run        install packages, build, boot the Debian guest (ARGS=, see scripts/run -h)"
	@echo "  make check      build and run all tests (GROUPS='group...' for some, JOBS=2)"
	@echo "  make check-debug  selftests and a guest on a kernel with KASAN, lockdep, ..."
	@echo "  make check-kcsan  selftests on a kernel that looks for data races"
	@echo "  make soak       SMP guests under stress, litmus tests (SECONDS=3600)"
	@echo "  make bench      measure against native and QEMU, write bench/ (ARGS=, Documentation/performance.rst)"
	@echo "  make bench-quick  compare with bench/baseline.json, minutes"
	@echo "  make modules    vmx_xlate.ko in $(O)/KERNEL (KERNEL='6.1 6.12 latest' or a directory)"
	@echo "  make sparse     the same, checked by sparse"
	@echo "  make user       the launcher, $(O)/user/vmxl"
	@echo "  make bpf        the BPF tools, $(O)/bpf"
	@echo "  make hosted     the launcher with the engine in one process, vmxl-hosted"
	@echo "  make selftests  test programs for the host VM, $(O)/selftests"
	@echo "  make guest      the Debian guest; prints where it is"
	@echo "  make deps       install what building and testing need"
	@echo "  make clean      remove $(O)"
	@echo
	@echo "  O=DIR           build there; V=1 shows every command"
	@echo "  tests/host/run  runs a command in a VM with the module loaded (--help)"

run: deps
	@scripts/run $(ARGS)

check: deps selftests user bpf
	@tests/run -j $(JOBS) $(GROUPS)

check-debug: deps selftests user bpf
	@tests/run -t tests/groups-debug $(GROUPS)

check-kcsan: deps selftests user bpf
	@tests/run -t tests/groups-kcsan $(GROUPS)

soak: deps
	@tests/smp/guest --soak $(SECONDS)

bench: deps
	@tests/bench/run $(ARGS)

bench-quick: deps
	@tests/bench/run --quick $(ARGS)

# One rule for each kernel, one after the other: each uses all processors.
modules:
	@for k in $(KERNEL); do scripts/module $$k $(O)/$${k##*/} || exit 1; done

sparse:
	@for k in $(KERNEL); do V=1 scripts/module $$k $(O)/$${k##*/} C=2 || exit 1; done

user:
	@$(MAKE) -j$(jobs) -C user O=$(O)/user

bpf:
	@$(MAKE) -j$(jobs) -C bpf O=$(O)/bpf

hosted:
	@$(MAKE) -j$(jobs) -C tests/hosted O=$(O)/hosted

selftests:
	@$(MAKE) -j$(jobs) -C tests/selftests O=$(O)/selftests

guest:
	@tests/guest/build

deps:
	@scripts/deps

clean:
	@rm -rf $(O)
