# SPDX-License-Identifier: GPL-2.0
# Shared by the shell scripts: where the cache is, how progress is shown, how
# something is built once. To be sourced by bash; sets VMXL_SRC and VMXL_CACHE.

VMXL_SRC=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
VMXL_CACHE=${VMXL_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/vmx_xlate}
export VMXL_CACHE

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# say TEXT: one plain line of progress, on stderr so that stdout stays data.
say()
{
	printf '%s\n' "$*" >&2
}

# seconds: a clock for durations that is not moved by time changes.
seconds()
{
	cut -d. -f1 /proc/uptime
}

# step LABEL COMMAND...: run COMMAND with its output kept aside; show LABEL and
# the time it takes (live on a terminal, one line when done in a pipe), and the
# output if it fails. V=1 shows the output as it comes.
step()
{
	local label=$1 start log rc=0 pid
	shift
	start=$(seconds)
	if [ "${V:-0}" = 1 ]; then
		say "$label ..."
		"$@" >&2 || rc=$?
		say "$label ... $(($(seconds) - start)) s"
		return $rc
	fi
	log=$(mktemp "${TMPDIR:-/tmp}/vmxl-step.XXXXXX")
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	while [ -t 2 ] && kill -0 $pid 2>/dev/null; do
		printf '\r\033[K%s ... %d s' "$label" $(($(seconds) - start)) >&2
		sleep 0.3
	done
	wait $pid || rc=$?
	[ -t 2 ] && printf '\r\033[K' >&2
	if [ $rc -ne 0 ]; then
		cat "$log" >&2
		say "$label ... FAILED after $(($(seconds) - start)) s (status $rc)"
	else
		say "$label ... $(($(seconds) - start)) s"
	fi
	rm -f "$log"
	return $rc
}

# locked FILE COMMAND...: run COMMAND while holding an exclusive lock on FILE.
locked()
{
	local file=$1
	shift
	mkdir -p "$(dirname "$file")"
	(
		flock 9
		"$@" 9>&-
	) 9>"$file"
}
