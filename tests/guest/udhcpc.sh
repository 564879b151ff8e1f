#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What udhcpc calls when it has an address. Its variables come from there.
# shellcheck disable=SC2154

[ "$1" = bound ] || [ "$1" = renew ] || exit 0
ip addr flush dev "$interface"
ip addr add "$ip/${mask:-24}" dev "$interface"
[ -z "$router" ] || ip route add default via "${router%% *}"
for s in $dns; do
	echo "nameserver $s"
done >/etc/resolv.conf
