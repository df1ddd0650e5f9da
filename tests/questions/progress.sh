# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154,SC2016 # part of run
# progress.sh: does a long run show where it is, on a terminal only, and leave nothing of it behind?

loop=$guests/hostile-loop-ring3.elf
line='vmm: [0-9]+ s, [0-9]+ events'

# on_terminal ARGUMENT...: vmm with standard error on a terminal; leaves $work/seen
on_terminal() { timeout -s KILL 30 "$here/terminal.py" "$@" >"$work/seen"; }
drawn() { jq -r .raw "$work/seen" | grep -oE "$line" | wc -l; }
screen() { jq -r '.screen[]' "$work/seen"; }

# shows NAME FEWEST MOST: how often the line was drawn, and that the screen has nothing of it
shows() {
	local times left
	times=$(drawn)
	left=$(screen | grep -cE "$line")
	if [ "$times" -lt "$2" ] || [ "$times" -gt "$3" ]; then
		fail "$1" "drawn $times times, not $2 to $3: $(jq -r .raw "$work/seen" | tail -c 300)"
	elif [ "$left" -ne 0 ]; then
		fail "$1" "it is left on the screen: $(screen)"
	else
		pass "$1"
	fi
}

on_terminal --stdout /dev/null "$vmm" -f json -o "$work/report" --timeout 3.2 "$loop"
shows "a run of three seconds" 2 13
holds "what it says" <(jq -r .raw "$work/seen") 'vmm: [0-9]+ s, [0-9]+ events, [0-9]+ KiB written'
holds "the message at the end stands alone" <(screen) '^vmm: timeout after 3.2 s'
on_terminal --stdout /dev/null "$vmm" -q --timeout 2.4 "$loop"
shows "without a report" 1 10
on_terminal --stdout /dev/null "$vmm" -o "$work/report" "$exits"
shows "a short run" 0 0
on_terminal --stdout /dev/null "$vmm" --timeout 2.4 "$loop"
shows "a report that goes to the terminal itself" 0 0
on_terminal --stdout /dev/null "$vmm" -o /dev/tty --timeout 2.4 "$loop"
shows "a report that goes to /dev/tty" 0 0
on_terminal --stdout /dev/null env TERM=dumb "$vmm" -o "$work/report" --timeout 2.4 "$loop"
shows "a dumb terminal" 0 0
"$vmm" -o "$work/report" --timeout 2.4 "$loop" >/dev/null 2>"$work/err" </dev/null
if [ "$(wc -l <"$work/err")" -eq 1 ]; then pass "standard error is a file"; else fail "standard error is a file" "$(cat "$work/err")"; fi

# Guest output on the same terminal: whole lines, and lines without an end
busybox=/bin/busybox
if [ -x "$busybox" ] && "$vmm" -q "$busybox" true >/dev/null 2>&1; then
	script='for i in 1 2 3 4 5 6; do echo "line $i"; busybox sleep 0.4; done'
	on_terminal "$vmm" -o "$work/report" --root /bin:/bin "$busybox" sh -c "${script//busybox/\/bin\/busybox}"
	shows "between the guest's lines" 1 24
	if [ "$(screen | tr '\n' '|')" = 'line 1|line 2|line 3|line 4|line 5|line 6||' ]; then
		pass "the guest's lines are whole"
	else
		fail "the guest's lines are whole" "$(screen)"
	fi
	script='printf "wait "; for i in 1 2 3 4 5 6; do printf .; busybox sleep 0.4; done; echo " done"'
	on_terminal "$vmm" -o "$work/report" --root /bin:/bin "$busybox" sh -c "${script//busybox/\/bin\/busybox}"
	shows "a line of the guest without its end: nothing is drawn over it" 0 0
	if [ "$(screen | tr '\n' '|')" = 'wait ...... done||' ]; then pass "and it is whole"; else fail "and it is whole" "$(screen)"; fi
	on_terminal --input "$vmm" -o "$work/report" --timeout 2.4 "$busybox" sh -c 'read answer'
	shows "a guest that reads from the terminal" 0 0
else
	skip "guest output on the same terminal" "no static busybox that runs here"
fi
