# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154,SC2016 # part of run
# expect.sh: does --expect count what the report shows, whatever of it is shown, and end as it says?

program=$guests/page-faults.elf

# What the report itself says, counted by jq: each must hold as ==, and not as one more, with -q and with -e all.
"$vmm" -c -f json -o "$work/run" "$program" >/dev/null 2>&1 </dev/null
count() { jq -s "[.[] | select($1)] | length" "$work/run"; }
while IFS='|' read -r name filter; do
	value=$(count "$filter")
	run "$vmm" -q --expect "$name==$value" "$program"
	judge "$name==$value" 0 ''
	run "$vmm" -q --expect "$name>$value" "$program"
	judge "$name>$value is not so" 1 "expected $name>$value: there were $value\$"
done <<-'END'
	syscalls|.number != null and .from == 3
	#PF|.name == "#PF" and .cause == "exception"
	exceptions|.cause == "exception"
	faults|.name == "#PF" and .cause == "exception"
	wait4|.name == "wait4" and .number != null
	errors|.result != null and .type == "transition" and (.result | type) == "number" and .result < 0 and .result >= -4095
	processes|.type == "process" and .event == "start"
	exits|.type == "exit"
END

# All are checked, not only the first; each has its line.
run "$vmm" -q --expect 'syscalls<=1' --expect 'no w+x' --expect '#PF==0' --expect 'lost==0' "$program"
if [ "$status" -eq 1 ] && [ "$(wc -l <"$work/err")" -eq 2 ] && grep -q '^vmm: expected syscalls<=1: there were' "$work/err" &&
	grep -q '^vmm: expected #PF==0: there were' "$work/err"; then
	pass "two of four are not met"
else
	fail "two of four are not met" "status $status: $(cat "$work/err")"
fi

# The status: the guest's own if all hold, else 1; a VMM that fails, fails.
ends "all hold: the guest's status" 5 '' --expect 'status==5' --expect 'verdict complete' "$guests/exit-status.elf" 5
ends "one does not: status 1" 1 'expected status==0: it was 7' --expect 'status==0' "$exits"
refused "vmm itself fails" '/nonexistent: ' --expect 'status==0' /nonexistent
ends "phrases" 7 '' --expect 'no w+x' --expect 'no user-reachable kernel page' --expect 'kernel half shared' --expect 'no missing calls' "$exits"
ends "a missing call" 1 'expected no missing calls: missing calls, by name: [0-9]' --expect 'no missing calls' "$guests/unknown-calls.elf"
run "$vmm" -q --expect 'syscalls<=9' "$guests/hostile-triple-fault.elf"
holds "what may have been missed is not met" "$work/err" 'expected syscalls<=9: 0 seen, but the verdict is incomplete'

# A page of the kernel that ring 3 may use, and one that is W+X: found in the address space
run "$vmm" -q --expect 'no user-reachable kernel page' --expect 'no w+x' "$guests/hostile-circles.elf"
if [ "$status" -eq 1 ] && [ "$(grep -c '^vmm: expected no ' "$work/err")" -eq 2 ]; then pass "tables in circles are no proof"; else fail "tables in circles are no proof" "$(cat "$work/err")"; fi

# Without running
run "$vmm" layout --expect 'no w+x' --expect 'no user-reachable kernel page' "$program"
judge "layout --expect" 0 ''
refused "layout --expect of a count" "layout: --expect 'syscalls<=3' is for a guest that runs" layout --expect 'syscalls<=3' "$program"
refused "explain --expect" 'explain: --expect is for a whole run' explain --as user --op read --expect 'syscalls<=3' 0 "$program"

# In the report
"$vmm" -f json -o "$work/lines" --expect 'syscalls>=1' --expect 'no w+x' --expect 'status==3' "$exits" >/dev/null 2>&1
wanted='[{"text":"syscalls>=1","value":0,"met":false},{"text":"no w+x","value":0,"met":true},{"text":"status==3","value":7,"met":false}] 1'
got=$(jq -r 'select(.type == "end") | (.expectations | tojson) + " " + (.status | tostring)' "$work/lines")
if [ "$got" = "$wanted" ]; then pass "in JSON"; else fail "in JSON" "$got"; fi
if "$(realpath "$here/../json-schema")" "$work/lines" >"$work/schema" 2>&1; then pass "its schema"; else fail "its schema" "$(tail -1 "$work/schema")"; fi
"$vmm" --layout=never -o "$work/text" --expect 'no w+x' --expect 'status==3' "$exits" >/dev/null 2>&1
holds "in the text" "$work/text" '^  expected: status==3: NOT MET \(7\)$'
holds "a layout that is not shown is looked at" "$work/text" '^  expected: no w\+x: met \(0\)$'
if grep -q 'Address space' "$work/text"; then fail "but not shown" "it is"; else pass "but not shown"; fi

refused "--expect of nothing" "--expect '': unknown name ''" --expect '' x
refused "--expect misspelt" "--expect 'sycalls<=20': unknown name 'sycalls' \(did you mean 'syscalls'" --expect 'sycalls<=20' x
refused "--expect without a number" "--expect 'syscalls': compare it with a number" --expect syscalls x
refused "--expect with a wrong number" "--expect 'syscalls<=many': 'many' is not a whole number" --expect 'syscalls<=many' x
refused "--expect of what -e leaves out" "--expect 'syscalls<=20': --trace none leaves out" -e none --expect 'syscalls<=20' x
refused "--expect of what -m off leaves out" "--expect '#PF==0': --method off leaves out" --expect '#PF==0' -m off x
ends "--expect of what -e leaves in" 0 '' -e openat --expect 'openat<=20' "$guests/yield.elf"
