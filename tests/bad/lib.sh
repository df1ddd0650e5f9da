# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154,SC2016,SC2059 # part of run.sh
# lib.sh: one case at a time. A case runs a command with its output in files, then says what must be true of them.

exits=$guests/hostile-exit.elf # ends with status 7

pass() { passed=$((passed + 1)); printf 'ok - %s\n' "$1"; }
fail() { failed=$((failed + 1)); printf 'FAIL - %s: %s\n' "$1" "$2"; }
skip() { skipped=$((skipped + 1)); printf 'skip - %s (%s)\n' "$1" "$2"; }

# run COMMAND...: leaves $status, $work/out and $work/err; 137 after 20 s
run() {
	# --foreground: the command keeps the terminal's signals, and dies alone
	timeout --foreground -s KILL 20 "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
}

# what_is_wrong STATUS LINE: prints why the last run was not as expected; LINE is a pattern for the only line on standard
# error (without "vmm: "), empty for none
what_is_wrong() {
	local lines
	if [ "$status" -eq 137 ]; then
		echo "it hung"
	elif grep -qE 'AddressSanitizer|LeakSanitizer|runtime error|Assertion|Segmentation|core dumped' "$work/err"; then
		grep -m1 -E 'Sanitizer|runtime error|Assertion|Segmentation|core dumped' "$work/err"
	elif [ "$status" -ne "$1" ]; then
		echo "status $status, not $1: $(head -c 300 "$work/err")"
	elif [ -z "$2" ]; then
		[ ! -s "$work/err" ] || echo "standard error is not empty: $(head -c 300 "$work/err")"
	else
		lines=$(wc -l <"$work/err")
		if [ "$lines" -ne 1 ]; then
			echo "$lines lines on standard error, not one: $(head -c 300 "$work/err")"
		elif ! grep -qE "^vmm: ($2)" "$work/err"; then
			echo "not as expected: $(cat "$work/err")"
		elif LC_ALL=C grep -q '[^[:print:]]' "$work/err"; then
			echo "bytes that are not text: $(cat -v "$work/err")"
		fi
	fi
}

# judge NAME STATUS LINE: of the last run
judge() {
	local wrong
	wrong=$(what_is_wrong "$2" "$3")
	if [ -z "$wrong" ]; then pass "$1"; else fail "$1" "$wrong"; fi
}

# refused NAME LINE ARGUMENT...: vmm itself says no
refused() {
	local name=$1 line=$2
	shift 2
	run "$vmm" "$@"
	judge "$name" 125 "$line"
}

# ends NAME STATUS LINE ARGUMENT...: without a report; the guest's output does not matter
ends() {
	local name=$1 expected=$2 line=$3
	shift 3
	run "$vmm" -q "$@"
	judge "$name" "$expected" "$line"
}

# holds NAME FILE PATTERN: a file that the last run left
holds() {
	if grep -qE -- "$3" "$2"; then pass "$1"; else fail "$1" "no '$3' in: $(tail -c 300 "$2")"; fi
}

# can_unshare: may we have mounts of our own?
can_unshare() { unshare -m true 2>/dev/null; }

# In front of a command: without root's rights
as_nobody=(env)
[ "$(id -u)" -ne 0 ] || as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
chmod 755 "$work"

# nobody_can_run: can somebody without root's rights execute vmm at all, without complaints? (A sanitizer looks for leaks in
# a way that is then forbidden.)
nobody_can_run() { [ -z "$("${as_nobody[@]}" "$vmm" --version 2>&1 >/dev/null)" ]; }
