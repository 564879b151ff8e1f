# SPDX-License-Identifier: GPL-2.0
# Shared by the scripts that pack an initramfs from Debian packages. To be sourced
# by bash after lib.sh.

# archive DIR FILE: DIR's contents as a cpio archive that depends on nothing else.
archive()
{
	(cd "$1" && find . -print0 | sort -z |
		cpio --null -o -H newc --quiet --reproducible -R 0:0) >"$2"
}

# skeleton ROOT BUSYBOX LISTER: directories, busybox and a link for each of its
# applets; LISTER is a busybox that runs on this machine.
skeleton()
{
	local root=$1 bb=$2 lister=$3 name
	mkdir -p "$root"/{proc,sys,dev,tmp,run,root,etc,usr/{bin,sbin,lib/modules,lib64}}
	for name in bin sbin lib lib64; do
		ln -s "usr/$name" "$root/$name"
	done
	chmod 1777 "$root/tmp"
	cp "$bb" "$root/usr/bin/busybox"
	"$lister" --list | while read -r name; do
		[ "$name" = busybox ] || ln -s busybox "$root/usr/bin/$name"
	done
	printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n' \
		>"$root/etc/passwd"
	printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
	printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
}

# module_files MODULES NAME...: the files of the directory .../lib/modules/RELEASE
# to load, each one after what it needs. A name that is built in has none.
module_files()
{
	local dir=$1 m
	shift
	[ -e "$dir/modules.dep.bin" ] || depmod -b "${dir%/lib/modules/*}" "${dir##*/}"
	for m in "$@"; do
		modprobe -q -d "${dir%/lib/modules/*}" -S "${dir##*/}" \
			--show-depends "$m" || :
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++'
}

unpacked()
{
	case $1 in
	*.xz) xz -dc "$1" ;;
	*.zst) zstd -dcq "$1" ;;
	*) cat "$1" ;;
	esac
}

# add_modules MODULES ROOT NAME...: unpack modules and what they need into ROOT's
# /lib/modules/RELEASE and print their names relative to /lib/modules in order.
add_modules()
{
	local dir=$1 root=$2 file name
	shift 2
	mkdir -p "$root/usr/lib/modules/${dir##*/}"
	module_files "$dir" "$@" | while read -r file; do
		name=${file##*/}
		name=${dir##*/}/${name%%.*}.ko
		unpacked "$file" >"$root/usr/lib/modules/$name"
		echo "$name"
	done
}
