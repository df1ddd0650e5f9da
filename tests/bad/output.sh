# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154,SC2016,SC2059 # part of run.sh
# output.sh: reports and guest output that nobody can take.

refused "report in a missing directory" '/nonexistent/r: cannot write the report: No such file' -o /nonexistent/r "$exits"
refused "report onto a directory" '/tmp: cannot write the report: Is a directory' -o /tmp "$exits"
refused "report onto a full disk" '/dev/full: cannot write the report: No space left' -o /dev/full "$exits"
refused "JSON onto a full disk" '/dev/full: cannot write the report: No space left' -f json -o /dev/full "$exits"
if nobody_can_run; then
	: >"$work/locked" && chmod 444 "$work/locked"
	run "${as_nobody[@]}" "$vmm" -q -o "$work/locked" "$exits"
	judge "report not writable" 125 "$work/locked: cannot write the report: Permission denied"
else
	skip "report not writable" "$vmm is out of reach for nobody"
fi
run bash -c 'exec "$0" "$1" 2>/dev/full' "$vmm" "$exits"
judge "standard error full" 125 ''
run bash -c 'exec "$0" "$1" 2>&-' "$vmm" "$exits"
judge "standard error closed" 125 ''
run bash -c 'exec "$0" -o "$2" "$1" 2>&-' "$vmm" "$exits" "$work/report"
judge "standard error closed, but not needed" 7 ''
holds "and the report is complete" "$work/report" '^verdict'
run bash -c 'exec "$0" -f json -o "$2" "$1" <&- >&- 2>&-' "$vmm" "$exits" "$work/report"
judge "all standard descriptors closed" 7 ''
holds "and the report is alone in its file" "$work/report" '^\{"type":"end".*"status":7'

# Guest output
run bash -c 'exec "$0" -q "$1" >&-' "$vmm" "$guests/hostile-flood.elf"
judge "standard output closed" 125 "standard output: cannot write the guest's output: Bad file descriptor"
run bash -c 'exec "$0" -q "$1" >/dev/full' "$vmm" "$guests/hostile-flood.elf"
judge "standard output full" 125 "standard output: cannot write the guest's output: No space left on device"
run bash -c '"$0" -q "$1" | head -1 >/dev/null; exit ${PIPESTATUS[0]}' "$vmm" "$guests/hostile-flood.elf"
judge "guest output to a reader who leaves" 141 ''
run bash -c '"$0" --help >/dev/full' "$vmm"
judge "--help onto a full disk" 125 'standard output: cannot write: No space left'
run bash -c '"$0" --help >&-' "$vmm"
judge "--help onto a closed descriptor" 125 'standard output: cannot write: Bad file descriptor'
run bash -c '"$0" --help | true; exit ${PIPESTATUS[0]}' "$vmm"
if [ "$status" -eq 0 ] || [ "$status" -eq 141 ]; then judge "--help to a reader who leaves" "$status" ''; else judge "--help to a reader who leaves" 141 ''; fi

# The report to a reader who leaves: quiet, and soon
run bash -c '"$0" "$1" 2>&1 >/dev/null | head -1 >&2; exit ${PIPESTATUS[0]}' "$vmm" "$guests/hostile-flood.elf"
if [ "$(wc -l <"$work/err")" -eq 1 ] && [ "$status" -eq 141 ]; then
	pass "report to a reader who leaves"
else
	fail "report to a reader who leaves" "status $status: $(head -c 300 "$work/err")"
fi
run bash -c '"$0" -f json -o /dev/stdout "$1" 2>"$2" | head -1 >/dev/null; exit ${PIPESTATUS[0]}' "$vmm" "$guests/hostile-recursion.elf" "$work/err2"
if [ "$status" -eq 126 ] || [ "$status" -eq 141 ]; then pass "JSON to a reader who leaves"; else fail "JSON to a reader who leaves" "status $status"; fi
if ! grep -qi 'broken pipe' "$work/err2"; then pass "without a word on broken pipes"; else fail "without a word on broken pipes" "$(cat "$work/err2")"; fi
