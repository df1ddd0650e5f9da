# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154,SC2016,SC2059 # part of run.sh
# view.sh: traces that are none, were damaged, never end, or are meant to do harm, and what vmm view and vmm diff say.

trace=$work/t.jsonl
cat >"$trace" <<'END'
{"type":"start","seq":0,"ns":0,"version":1,"vmm":"0.1.0","host":{"kvm":"pvm","quirks":[]},"image":"guest.elf","method":"trap","memory":67108864,"cpus":1}
{"type":"transition","seq":1,"ns":10,"tsc":1,"cpu":0,"pid":1,"from":3,"to":0,"cause":"syscall","rip":"0x1","target":"0x2","rsp":"0x3","cr3":"0x4","rflags":"0x5","number":1,"name":"write","args":["0x1"],"depth":0}
{"type":"exit","seq":2,"ns":20,"tsc":1,"cpu":0,"pid":1,"reason":"hlt","entry":1,"from":0,"rip":"0x1","depth":1}
{"type":"transition","seq":3,"ns":30,"tsc":1,"cpu":0,"pid":1,"from":0,"to":3,"cause":"sysret","rip":"0x1","target":"0x2","rsp":"0x3","cr3":"0x4","rflags":"0x5","result":1,"entry":1,"entry_cause":"syscall","entry_name":"write","ns_inside":20,"exits_inside":1,"depth":0}
{"type":"end","seq":4,"ns":40,"status":0,"reason":"exit","message":"","verdict":"complete","doubts":[],"lost":0,"transitions":2,"entries":1,"returns":1}
END
damaged=$work/d.jsonl

# changed SED NAME LINE: both commands refuse the trace when it has been edited so
changed() {
	sed -E "$1" "$trace" >"$damaged"
	refused "view: $2" "$damaged:$3" view "$damaged"
	refused "diff: $2" "$damaged:$3" diff "$trace" "$damaged"
}

# limited KILOBYTES COMMAND...: with no more memory than that; a sanitizer reserves more than any limit leaves
limited() {
	local kilobytes=$1
	shift
	if nm "$vmm" 2>/dev/null | grep -q __asan_init; then run "$@"; else run bash -c "ulimit -v $kilobytes; exec \"\$@\"" limited "$@"; fi
}

# The command line
for command in view diff; do
	refused "$command: nothing" "$command: (no FILE given|needs two traces)" "$command"
	refused "$command: unknown option" "$command: unknown option --frobnicate; see vmm $command --help" "$command" --frobnicate "$trace"
	refused "$command: unknown short option" "$command: unknown option -x; see vmm $command --help" "$command" -x "$trace"
	refused "$command: missing argument" "$command: option --format needs an argument" "$command" --format
	refused "$command: unknown format" "$command: --format: unknown format 'xml'; known are text" "$command" -f xml "$trace"
	refused "$command: no output name" "$command: --output: the file name is empty" "$command" -o '' "$trace"
	run "$vmm" "$command" --help
	judge "$command: --help" 0 ''
	holds "$command: --help says how" "$work/out" "^Usage: vmm $command"
done
refused "view: two files" 'view: .*: one FILE at a time.*vmm diff' view "$trace" "$trace"
refused "view: unknown time" "view: --layout: unknown time 'noon'; known are start, switch, end, never" view --layout=start,noon "$trace"
refused "diff: one file" 'diff: needs two traces' diff "$trace"
refused "diff: unknown event" "diff: --trace: unknown event 'all,'|diff: --trace: unknown event ''" diff -e all, "$trace" "$trace"
refused "diff: bad percentage" "diff: --times: 'x' is not a percentage" diff --times x "$trace" "$trace"
refused "diff: standard input twice" 'diff: only one of the two can be standard input' diff - -
(cd "$work" && timeout 20 "$vmm" -- view >"$work/out" 2>"$work/err")
status=$?
judge "a file named view" 125 'view: cannot open: No such file'
run "$vmm" --help
holds "the commands are in --help" "$work/out" '^  view  '

# Files
refused "view: missing file" '/nonexistent/t: cannot open: No such file' view /nonexistent/t
refused "diff: missing file" '/nonexistent/t: cannot open: No such file' diff "$trace" /nonexistent/t
refused "view: a directory" '/tmp: is a directory; need a trace' view /tmp
refused "view: empty" '/dev/null:1: is empty; a trace is recorded by' view /dev/null
refused "view: empty input" 'standard input:1: is empty' view -
refused "view: an ELF file" "$exits:1: (not a trace: it is an ELF file|a NUL byte)" view "$exits"
refused "view: a script" '.*/view.sh:1: not a trace: it does not begin with a JSON object' view "$here/view.sh"
gzip -c "$trace" >"$damaged"
refused "view: compressed" "$damaged:1: (not a trace: it is compressed|a NUL byte)" view "$damaged"
"$vmm" view "$trace" >"$damaged" 2>&1
refused "view: a text report" "$damaged:1: not a trace: it is a report of the text format" view "$damaged"
if nobody_can_run; then
	cp "$trace" "$damaged" && chmod 0 "$damaged"
	run "${as_nobody[@]}" "$vmm" view "$damaged"
	judge "view: unreadable" 125 "$damaged: cannot open: Permission denied"
	chmod 644 "$damaged"
	chmod 755 "$work"
	run "${as_nobody[@]}" "$vmm" view "$trace"
	judge "view: without any right to /dev/kvm" 0 ''
	holds "and all of it" "$work/out" '^verdict: complete: 2 transitions'
else
	skip "view: as nobody" "$vmm is out of reach for nobody"
fi
if can_unshare; then
	run unshare -m bash -c 'mount -t tmpfs none /dev && exec "$0" view "$1"' "$vmm" "$trace"
	judge "view: without a /dev/kvm" 0 ''
else
	skip "view: without a /dev/kvm" "no mounts of our own"
fi

# Edited
changed '1d' "without its start" '1: a trace begins with the line of type start'
changed '2d' "without a line" "2: 'seq' is 2, not 1: lines are missing"
changed '4p' "with a line twice" "5: 'seq' is 3, not 4"
changed '1s/"version":1/"version":2/' "of another version" "1: start: 'version' is 2; this vmm reads version 1"
changed '2s/"cpu":0/"cpu":1/' "with a CPU too many" "2: 'cpu' is 1, but the guest has 1"
changed '2s/"syscall"/"sysfall"/' "with an unknown cause" "2: transition: 'cause' is a word that this vmm does not know"
changed '2s/"0x1"/1/' "with a number for an address" "2: transition: 'rip' must be a string of hexadecimal digits"
changed '3s/"pid":1/"pid":"1"/' "with a string for a number" "3: exit: 'pid' must be an integer"
changed '4s/"entry":1/"entry":2/' "with an entry that is none" "4: transition: 'entry' is 2, and no earlier line"
changed '4s/"entry":1/"entry":9/' "with an entry to come" "4: transition: 'entry' is 9, and no earlier line"
changed '4s/"depth":0/"depth":0,"depth":0/' "with a key twice" '4: an object has the same key twice'
changed '4s/"depth":0/"depth":99999999999999999999/' "with a huge number" "4: transition: 'depth' must be an integer"
changed '4s/"depth":0/"symbol":"\\u0000","depth":0/' "with a NUL in a text" "4: transition: 'symbol' has a NUL character"
changed '4s/write/\xff/' "that is no UTF-8" '4: not JSON: .*UTF'
changed '$s/$/\n{}/' "with something behind its end" '6: there is a line behind'
"$vmm" view -f json "$damaged" >"$work/o.jsonl" 2>/dev/null
if [ "$(grep -c '"type":"end"' "$work/o.jsonl")" -eq 1 ]; then pass "view: and has one end"; else fail "view: and has one end" "$(tail -2 "$work/o.jsonl")"; fi
changed '3s/$/ {}/' "with two values in a line" '3: the line is not exactly one object'
changed '3s/,/;/' "with a typing error" '3: not JSON: '

# What contradicts itself is shown, and said.
sed -E '$s/"entries":1/"entries":5/' "$trace" >"$damaged"
run "$vmm" view "$damaged"
judge "view: a count that is not true" 1 "$damaged:5: 'entries' says 5, but the lines before it give 1"
holds "and it is shown" "$work/out" '^verdict: complete'

# Cut off: at any place. What is there is shown.
wrong=
for ((length = 0; length < $(stat -c %s "$trace"); length += 11)); do
	head -c "$length" "$trace" >"$damaged"
	if [ "$length" -le "$(head -1 "$trace" | wc -c)" ]; then expected='125|1'; else expected=1; fi
	for command in "view -q" "diff -q $trace"; do
		# shellcheck disable=SC2086 # words
		run "$vmm" $command "$damaged"
		case $status in
		1 | 125) ;;
		*) wrong="$length bytes, $command: status $status" ;;
		esac
		[ "$expected" != 1 ] || [ "$status" -eq 1 ] || wrong="$length bytes, $command: status $status"
	done
done
if [ -z "$wrong" ]; then pass "view and diff: cut off anywhere"; else fail "view and diff: cut off anywhere" "$wrong"; fi
head -c 700 "$trace" >"$damaged"
run "$vmm" view "$damaged"
judge "view: cut off" 1 "$damaged:4: the trace is cut off in this line, after [0-9]+ bytes"
holds "and the report says so" "$work/out" '^verdict: incomplete: 1 transitions'
run "$vmm" view -f json "$damaged"
holds "and so does JSON" "$work/out" '"type":"end","seq":3,.*"reason":"cut-off".*"verdict":"incomplete"'

# Bytes of the trace turned over, each of them
wrong=
for ((offset = 0; offset < 400; offset += 3)); do
	cp "$trace" "$damaged"
	printf "\\x$(printf %02x $((RANDOM % 256)))" | dd of="$damaged" bs=1 seek=$((offset * 3 % 1000)) conv=notrunc status=none
	run "$vmm" view -f json "$damaged"
	case $status in
	0 | 1 | 125) ;;
	*) wrong="offset $((offset * 3 % 1000)): status $status" ;;
	esac
done
if [ -z "$wrong" ]; then pass "view: any byte damaged"; else fail "view: any byte damaged" "$wrong"; fi

# Without end, and with harm in mind: little memory is enough
limited 300000 "$vmm" view /dev/zero
judge "view: /dev/zero" 125 '/dev/zero:1: a NUL byte'
limited 300000 "$vmm" diff "$trace" /dev/zero
judge "diff: /dev/zero" 125 '/dev/zero:1: a NUL byte'
limited 300000 "$vmm" view /dev/urandom
judge "view: /dev/urandom" 125 '/dev/urandom:[12]: '
limited 300000 bash -c '(head -1 "$1"; yes "{\"x\":" | tr -d "\n") 2>/dev/null | "$0" view -' "$vmm" "$trace"
judge "view: a line without end" 125 'standard input:2: the line has more than 64 MiB'
limited 300000 bash -c '(head -1 "$1"; yes "[" | tr -d "\n" | head -c 60000000; echo) | "$0" view -' "$vmm" "$trace"
judge "view: nested without end" 125 'standard input:2: not JSON|standard input:2: the line is not exactly one object'
limited 300000 bash -c '(head -1 "$1"; printf "{\"x\":"; yes "{\"x\":" | tr -d "\n" | head -c 60000000; echo) | "$0" view -' "$vmm" "$trace"
judge "view: objects in objects" 125 'standard input:2: it is nested more than 32 deep'
limited 600000 bash -c '(head -1 "$1"; printf "{\"x\":[0"; yes ,0 | tr -d "\n" | head -c 60000000; echo "]}") | "$0" view -' "$vmm" "$trace"
judge "view: millions of values" 125 'standard input:2: the line has more than 4194304 values'
limited 300000 bash -c '(head -1 "$1"; seq -f "{\"type\":\"later\",\"seq\":%.0f}" 300000) | "$0" view -q -' "$vmm" "$trace"
judge "view: only lines of types to come" 1 'standard input:300001: the trace is cut off behind this line'

# Outputs that nobody can take
refused "view: onto a full disk" '/dev/full: cannot write the report: No space left' view -o /dev/full "$trace"
run bash -c '"$0" view "$1" >/dev/full' "$vmm" "$trace"
judge "view: standard output full" 125 'standard output: cannot write the report: No space left'
run bash -c '"$0" diff "$1" "$1" >/dev/full' "$vmm" "$trace"
judge "diff: standard output full" 125 'standard output: cannot write the report: No space left'
run bash -c '"$0" view "$1" >&-' "$vmm" "$trace"
judge "view: standard output closed" 125 'standard output: cannot write the report: Bad file descriptor'
refused "view: into a missing directory" '/nonexistent/r: cannot write the report: No such file' view -o /nonexistent/r "$trace"
for command in "view" "diff $work/o.jsonl"; do
	cp "$trace" "$work/o.jsonl"
	# shellcheck disable=SC2086 # words
	refused "${command%% *}: onto the trace itself" '.*/o.jsonl: is the trace itself; choose another file' $command -o "$work/o.jsonl" "$work/o.jsonl"
	if cmp -s "$trace" "$work/o.jsonl"; then pass "and it is unharmed"; else fail "and it is unharmed" "it changed"; fi
done
cp "$trace" "$work/o.jsonl"
refused "view: a bad trace leaves the output alone" '/dev/null:1: is empty' view -o "$work/o.jsonl" /dev/null
if cmp -s "$trace" "$work/o.jsonl"; then pass "and it is as it was"; else fail "and it is as it was" "it changed"; fi
(head -1 "$trace"; awk 'BEGIN { for (i = 1; i < 30000; i++) printf "{\"type\":\"note\",\"seq\":%d,\"ns\":1,\"pid\":1,\"text\":\"x\"}\n", i }') >"$damaged"
if command -v script >/dev/null; then
	run script -qec "'$vmm' view -f html '$trace'" /dev/null
	if [ "$status" -eq 125 ] && [ "$(wc -l <"$work/out")" -eq 1 ] && grep -q 'view: --format html: standard output is a terminal' "$work/out"; then
		pass "view: no page to a terminal"
	else
		fail "view: no page to a terminal" "status $status: $(head -c 200 "$work/out")"
	fi
else
	skip "view: no page to a terminal" "no script(1)"
fi
limited 30000 "$vmm" view -f json -o "$work/o.jsonl" "$damaged"
judge "view: a long trace in little memory" 1 "$damaged:30000: the trace is cut off behind this line"
limited 40000 "$vmm" diff -q "$damaged" "$trace"
judge "diff: a long trace in little memory" 1 ''
run bash -c '"$0" view "$1" | head -1 >/dev/null; exit ${PIPESTATUS[0]}' "$vmm" "$damaged"
judge "view: to a reader who leaves" 141 ''

# diff says what it found by its status.
run "$vmm" diff "$trace" "$trace"
judge "diff: the same" 0 ''
holds "and says so" "$work/out" '^verdict: the runs are the same but for times; 2 steps'
sed -E 's/"result":1/"result":2/' "$trace" >"$damaged"
run "$vmm" diff -q "$trace" "$damaged"
judge "diff: another result" 1 ''
run bash -c '"$0" diff "$1" - <"$2"' "$vmm" "$trace" "$damaged"
judge "diff: with standard input" 1 ''
holds "and the place" "$work/out" 'A line 4 +3 < 0 from write = 1'
