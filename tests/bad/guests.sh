# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154,SC2016,SC2059 # part of run.sh
# guests.sh: guests that misbehave. What each does stands in tests/guests/hostile-NAME.S.

# guest NAME STATUS LINE [ARGUMENT...]
guest() {
	local name=$1 expected=$2 line=$3
	shift 3
	ends "guest: $name" "$expected" "$line" "$@" "$guests/hostile-$name.elf"
}

# reports NAME PATTERN [ARGUMENT...]: the text report of the last `guest`
reports() {
	local name=$1 pattern=$2
	shift 2
	run "$vmm" -o "$work/report" "$@" "$guests/hostile-$name.elf"
	holds "report of $name: $pattern" "$work/report" "$pattern"
}

died='the guest kernel died: triple fault: an exception could not be delivered'
guest exit 7 ''
SECONDS=0
guest halt 126 'the guest halted for ever at start\+0x[0-9a-f]+ .*interrupts off \(RFLAGS.IF=0\)'
guest halt-no-timer 126 'the guest halted for ever at .*interrupts are on, but no timer'
if [ "$SECONDS" -le 5 ]; then pass "halts are seen soon"; else fail "halts are seen soon" "$SECONDS s"; fi
guest cpus-halt 126 'the guest halted for ever at .*interrupts are on, but no timer' --cpus 3
guest cpus-wake 7 '' --cpus 3
guest cpus-triple-fault 126 "$died" --cpus 4
reports cpus-triple-fault '^ *[0-9.]+ +3:.*shutdown' --cpus 4
guest cpus-exits 7 '' --cpus 4
run "$vmm" -f json -o "$work/report" --cpus 4 "$guests/hostile-cpus-exits.elf"
if jq -es '[.[] | select(.type == "exit" and .port == "0x1234")] | length == 1200 and map(.tsc) == (map(.tsc) | sort)
	and (map(.ns) == (map(.ns) | sort)) and (group_by(.cpu) | map(length) == [300, 300, 300, 300])' "$work/report" >/dev/null; then
	pass "events of several CPUs stand in the order of their times"
else
	fail "events of several CPUs stand in the order of their times" "see $work/report"
fi
run "$vmm" -o "$work/report" --cpus 3 "$guests/hostile-exit.elf"
holds "a kernel for one CPU" "$work/report" 'note: the kernel has no vmm_cpu_entry.*: CPUs 1 to 2 stay off'
holds "a kernel for one CPU has one" "$work/report" '^guest: .*, 1 CPU;'
guest cpus-entry 125 '.*vmm_cpu_entry at 0xffffffff8000[0-9a-f]+ is not in the kernel.s code'
guest cpus-entries 125 '.*trace site 1: a second vmm_cpu_entry'
guest triple-fault 126 "$died.*nothing was seen since its start at start"
reports triple-fault '^end: status 126, triple-fault'
reports triple-fault '^verdict: incomplete'
guest jump 3 ''
reports jump '#PF.*kernel fetch from 0xffffffff90001234: not present: P[DT][EP]*\.P=0'
guest ports 0 ''
reports ports 'in +0x1234, 4 bytes, nobody answers'
guest mmio 0 ''
reports mmio 'mmio.*0x80000000'
timeout --foreground -s KILL 20 "$vmm" -q "$guests/hostile-hypercalls.elf" <<<"ok" >"$work/out" 2>"$work/err"
status=$?
judge "guest: hypercalls" 0 ''
holds "output of hypercalls" "$work/out" '^text$'
guest files 0 ''
guest tables 126 "$died"
guest tables-frame 126 "$died|.*"
guest recursion 126 "$died.*the last exit before it was at page_fault"
reports recursion '0 > 0 +#PF'
guest memory 0 ''
guest memory 0 '' --memory 4M
guest memory 0 '' --memory 512M
guest panic 126 'the guest kernel gave up: first vmm: second +\[31m +red +end$'
guest descriptors 0 ''
guest lstar 0 ''
reports lstar 'doubt: LSTAR leads to 0x.* no trace site'
guest return 4 ''
guest frame 0 ''
reports frame 'doubt: 1 frame on the stack could not be read'
guest interrupt 126 'the guest kernel died: '
guest circles 0 ''
reports circles 'doubt: the page tables lead in circles'
guest circles 0 '' --memory 3G --layout=start,switch,end
guest processes 0 ''
for format in text json; do
	SECONDS=0
	run "$vmm" -f $format -o "$work/report" --layout=start,switch,end --memory 1G "$guests/hostile-processes.elf"
	judge "guest: processes, in $format" 0 ''
	if [ "$SECONDS" -le 10 ]; then pass "its $format report comes soon"; else fail "its $format report comes soon" "$SECONDS s"; fi
done

# Names with control characters: of processes, of functions
LC_ALL=C sed 's/terminal_escape/\x1b[2J\x1b[31mred\x07\x9b./g' "$guests/hostile-names.elf" >"$work/names.elf"
run "$vmm" -o "$work/report" "$work/names.elf"
judge "guest: names" 7 ''
holds "report of names: the rest of the name" "$work/report" '\[31mred'
for format in text json; do
	for image in "$guests/hostile-processes.elf" "$work/names.elf"; do
		name="no control character of $(basename "$image") in $format"
		"$vmm" -f $format -o "$work/report" "$image"
		if tr -d '\n\t' <"$work/report" | LC_ALL=C grep -qa '[[:cntrl:]]'; then
			fail "$name" "$(LC_ALL=C grep -am1 '[[:cntrl:]]' "$work/report" | cat -v | head -c 200)"
		elif ! iconv -f utf-8 -t utf-8 "$work/report" >/dev/null 2>&1; then
			fail "$name" "not UTF-8"
		else
			pass "$name"
		fi
	done
done
