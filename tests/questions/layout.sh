# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154,SC2016 # part of run
# layout.sh: is what `vmm layout` shows without running, byte for byte, what a run shows at its start? With and without
# /dev/kvm.

# start_of FILE: the first address space of a JSON Lines report; or, of a text report, everything of it
start_of() { grep -m1 '"when":"start"' "$1"; }
start_of_text() { awk '/^Address space of/ { shown = 1 } shown && /^$/ { exit } shown && /^ +TIME|^end:/ { exit } shown' "$1"; }

# same NAME OPTION... IMAGE: a run and a layout with the same options
same() {
	local name=$1
	shift
	"$vmm" -f json -o "$work/run" "$@" >"$work/out" 2>&1 </dev/null
	run "$vmm" layout -f json "$@"
	if [ "$status" -ne 0 ] || [ -s "$work/err" ]; then
		fail "$name" "status $status: $(cat "$work/err")"
	elif [ -n "$(start_of "$work/run")" ] && [ "$(start_of "$work/run")" = "$(start_of "$work/out")" ]; then
		pass "$name"
	else
		fail "$name" "differs: $(diff <(start_of "$work/run") <(start_of "$work/out") | cut -c1-300)"
	fi
}

same "a user program" "$guests/page-faults.elf"
same "a complete guest" "$build/guest.elf"
same "somebody's own kernel" "$build/tiny.elf"
same "several CPUs and more memory" --cpus 4 --memory 96M "$guests/yield.elf"
same "CPUs that stay off" --cpus 3 "$build/tiny.elf"
same "another kernel" --kernel "$build/kernel.elf" "$guests/yield.elf"
same "arguments and environment fill the stack" --env "A=$(printf 'a%.0s' {1..9000})" "$guests/arguments.elf" one two three

"$vmm" --layout=start -o "$work/run" "$guests/yield.elf" >/dev/null 2>&1 </dev/null
run "$vmm" layout "$guests/yield.elf"
if [ "$(start_of_text "$work/run")" = "$(start_of_text "$work/out")" ] && grep -q 'KERNEL HALF' "$work/out"; then
	pass "as text"
else
	fail "as text" "$(diff <(start_of_text "$work/run") <(start_of_text "$work/out") | head -5)"
fi
cp "$work/out" "$work/with-kvm"
run "$vmm" layout -o "$work/file" "$guests/yield.elf"
if [ ! -s "$work/out" ] && cmp -s "$work/file" "$work/with-kvm"; then pass "--output"; else fail "--output" "another text"; fi
"$vmm" layout -f json "$guests/yield.elf" >"$work/lines"
if [ "$(jq -r '.type' "$work/lines" | tr '\n' ' ')" = "start address_space end " ] &&
	[ "$(jq -r 'select(.type == "end") | .reason' "$work/lines")" = not-run ]; then
	pass "a report of three lines"
else
	fail "a report of three lines" "$(cut -c1-80 "$work/lines")"
fi
if "$(realpath "$here/../json-schema")" "$work/lines" >"$work/schema" 2>&1; then
	pass "its JSON follows the schema"
else
	fail "its JSON follows the schema" "$(tail -1 "$work/schema")"
fi

if can_unshare; then
	hidden='mount --make-rprivate / && mount -t tmpfs none /dev && exec "$0" layout "$1"'
	run unshare -m bash -c "$hidden" "$vmm" "$guests/yield.elf"
	if [ "$status" -eq 0 ] && cmp -s "$work/out" "$work/with-kvm"; then
		pass "without /dev/kvm"
	else
		fail "without /dev/kvm" "status $status: $(cat "$work/err") $(diff "$work/out" "$work/with-kvm" | head -5)"
	fi
else
	skip "without /dev/kvm" "unshare -m is not allowed here"
fi
# A run makes a virtual machine; the layout shall not.
if strace -e trace=ioctl -o "$work/trace" "$vmm" layout "$guests/yield.elf" >/dev/null 2>&1; then
	if grep -q KVM_CREATE_VM "$work/trace"; then
		fail "no virtual machine is made" "$(grep -m1 KVM_CREATE_VM "$work/trace")"
	else
		pass "no virtual machine is made"
	fi
else
	skip "no virtual machine is made" "strace does not run here"
fi

for option in --timeout=3 -c -q --trace=syscall --method=off --layout=end; do
	refused "layout $option" 'layout: --.* is for a guest that runs' layout "$option" "$guests/yield.elf"
done
refused "layout without an image" 'no IMAGE given' layout
refused "layout of a file that is not there" '/nonexistent: cannot open' layout /nonexistent
refused "layout of text" '/etc/passwd: ' layout /etc/passwd
cp "$guests/hostile-exit.elf" "$work/layout"
(cd "$work" && "$vmm" -q -- layout) >/dev/null 2>&1
status=$?
if [ "$status" -eq 7 ]; then pass "-- protects a file of that name"; else fail "-- protects a file of that name" "status $status"; fi
