# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Shared by the RV64 instruction tests' scripts, sourced by bash: builds the
# programs and finds the oracle. Sets O, and QEMU_RISCV64 ("" if there is none).
. "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"

O=${INSN_O:-${VMXL_BUILD:-$VMXL_SRC/build}/insn}
locked "$O.lock" make -s -C "$VMXL_SRC/tests/insn/rv64" O="$O" >&2

# Debian 12's qemu-riscv64 does not know Zfa and Zicond.
if [ -z "${QEMU_RISCV64+set}" ]; then
	QEMU_RISCV64=$("$VMXL_SRC/scripts/aptget" trixie amd64 unpack qemu-user qemu-user)/usr/bin/qemu-riscv64 ||
		QEMU_RISCV64=
fi
[ -x "$QEMU_RISCV64" ] || QEMU_RISCV64=
export QEMU_RISCV64
