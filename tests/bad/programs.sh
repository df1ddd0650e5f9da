# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154,SC2016,SC2059 # part of run.sh
# programs.sh: real programs in trouble: full disks, read-only directories, ways out of --root, memory, processes, signals.

busybox=$(command -v busybox)

# shell NAME STATUS LINE OUTPUT OPTIONS... -- SCRIPT: by busybox's shell; OUTPUT is a pattern for its output
shell() {
	local name=$1 expected=$2 line=$3 output=$4 options=() wrong
	shift 4
	while [ "$1" != -- ]; do options+=("$1") && shift; done
	run "$vmm" -q "${options[@]}" "$busybox" sh -c "$2"
	wrong=$(what_is_wrong "$expected" "$line")
	if [ -n "$wrong" ]; then
		fail "$name" "$wrong"
	elif [ -n "$output" ] && ! grep -qE -- "$output" "$work/out"; then
		fail "$name" "its output has no '$output': $(head -c 300 "$work/out")"
	else
		pass "$name"
	fi
}

real_programs() {
	local tree=$work/tree
	mkdir -p "$tree/sub" "$work/outside"
	echo secret >"$work/outside/file"
	echo inside >"$tree/file"
	ln -s "$work/outside/file" "$tree/absolute"
	ln -s ../outside/file "$tree/relative"
	ln -s ../../../../../../../../../../../../../../../etc/passwd "$tree/sub/far"
	ln -s / "$tree/sub/root"
	ln -s loop "$tree/loop"
	chmod -R a+rX "$work"

	shell "a file of --root" 0 '' '^inside$' --root "$tree:/data" -- 'cat /data/file'
	shell "writing without :rw" 1 '' 'Read-only file system' --root "$tree:/data" -- 'echo x 2>&1 >/data/new || (echo x >/data/new) 2>&1; false'
	[ ! -e "$tree/new" ] && pass "and nothing was written" || fail "and nothing was written" "$tree/new exists"
	for way in absolute relative sub/far "sub/root$work/outside/file" ../outside/file sub/../../outside/file; do
		shell "no way out by $way" 1 '' 'No such file or directory' --root "$tree:/data" -- "cat /data/$way 2>&1"
		shell "no way out by $way as /" 1 '' 'No such file or directory' --root "$tree" -- "cat /$way 2>&1"
	done
	shell "a loop of links" 1 '' 'Too many levels of symbolic links|Symbolic link loop' --root "$tree" -- 'cat /loop 2>&1'
	shell "nothing of the host without --root" 1 '' 'No such file' -- 'cat /etc/passwd 2>&1'
	if can_unshare; then
		run unshare -m sh -c 'mount -t tmpfs -o size=64k none "$1" && exec "$2" -q --root "$1:/data:rw" "$3" sh -c "dd if=/dev/zero of=/data/big bs=4k count=100 2>&1; ls -l /data"' - \
			"$work/outside" "$vmm" "$busybox"
		judge "a full host disk" 0 ''
		holds "gives ENOSPC" "$work/out" 'No space left on device'
	else
		skip "a full host disk" "no mounts of our own here"
	fi
	shell "a full /tmp" 0 '' 'No space left on device' --memory 16M -- 'dd if=/dev/zero of=/tmp/big bs=64k count=1000 2>&1; true'
	run "$vmm" -q --memory 8M "$busybox" sh -c 'seq 150000 >/tmp/numbers; exec sort /tmp/numbers'
	holds "memory for no more" "$work/err" '^vmm: .*busybox: killed by signal 9 \(SIGKILL\): no memory was left for it'
	shell "a child without memory" 0 '' '^137 and on$' --memory 8M -- 'seq 150000 >/tmp/numbers; sort /tmp/numbers 2>&1; echo $? and on' 2>/dev/null
	shell "processes without end" 0 '' '^survived$' -- 'b() { b | b & }; b 2>/dev/null; sleep 1; echo survived'
	shell "killed by a signal" 143 '.*busybox: killed by signal 15 \(SIGTERM\)' '' -- 'kill $$; sleep 5'
	shell "a pipe that nobody reads" 0 '' '^y$' -- 'yes | head -1'
	run "$vmm" -o "$work/report" "$guests/unknown-calls.elf"
	holds "a call that is not there is reported where it was made" "$work/report" 'is not there: it returned -ENOSYS'
	run "$vmm" --layout=never -o "$work/report2" "$busybox" sh -c 'sleep 5 & echo ends'
	judge "a child that outlives the first process" 0 ''
	holds "is named" "$work/report2" 'note: process 2 \(busybox\) was still alive; it ends with the guest'
	run "$vmm" --layout=never -o "$work/report2" "$busybox" sh -c 'trap "echo got" USR1; kill -USR1 $$; echo on'
	holds "a handler that begins is named" "$work/report2" 'handler of SIGUSR1 \{si_signo=SIGUSR1, si_code=SI_USER, si_pid=1, si_uid=0\}'
	if [ "$(grep -c 'handler of' "$work/report2")" -eq 1 ]; then pass "and once"; else fail "and once" "$(grep 'handler of' "$work/report2")"; fi
	refused "a dynamically linked program" '.*: is dynamically linked; .* link it with -static' "$(command -v bash)"
	no_call_twice
	interrupted
}

# The note of a missing call comes once, and the list at the end has it.
no_call_twice() {
	local notes
	notes=$(grep -c 'is not there: it returned -ENOSYS' "$work/report")
	if [ "$notes" -gt 0 ] && [ "$(grep 'is not there: it returned -ENOSYS' "$work/report" | sed 's/.*system call//' | sort | uniq -d | wc -l)" -eq 0 ]; then
		pass "and once"
	else
		fail "and once" "$(grep 'is not there' "$work/report" | sort | uniq -c | sort -rn | head -3)"
	fi
}

# SIGINT is the foreground program's; a second one, or SIGTERM, ends vmm with its report complete.
interrupted() {
	local child
	timeout --foreground -s KILL 20 "$vmm" -o "$work/report" "$busybox" sh -c 'trap "echo trapped; exit 5" INT; while :; do :; done' >"$work/out" 2>"$work/err" </dev/null &
	child=$!
	sleep 1 && pkill -INT -P "$child"
	wait "$child"
	status=$?
	judge "SIGINT reaches the program" 5 ''
	holds "which handles it" "$work/out" '^trapped$'
	timeout --foreground -s KILL 20 "$vmm" -o "$work/report" "$busybox" sh -c 'trap "" INT; while :; do :; done' >"$work/out" 2>"$work/err" </dev/null &
	child=$!
	sleep 1 && pkill -INT -P "$child" && sleep 0.5 && pkill -INT -P "$child"
	wait "$child"
	status=$?
	judge "the second SIGINT ends vmm" 130 'interrupted by SIGINT'
	holds "with its report" "$work/report" '^end: status 130'
	timeout --foreground -s KILL 20 "$vmm" -q "$busybox" sh -c 'trap "echo quit; exit 6" QUIT; while :; do :; done' >"$work/out" 2>"$work/err" </dev/null &
	child=$!
	sleep 1 && pkill -QUIT -P "$child"
	wait "$child"
	status=$?
	judge "SIGQUIT reaches the program" 6 ''
	timeout --foreground -s KILL 20 "$vmm" -f json -o "$work/report" "$busybox" sleep 10 >"$work/out" 2>"$work/err" </dev/null &
	child=$!
	sleep 0.5 && pkill -HUP -P "$child"
	wait "$child"
	status=$?
	judge "SIGHUP ends both" 129 'interrupted by SIGHUP'
	holds "and that report is complete" "$work/report" '^\{"type":"end".*"status":129'
	timeout --foreground -s KILL 20 "$vmm" -f json -o "$work/report" "$busybox" sh -c 'sleep 10 & wait' >"$work/out" 2>"$work/err" </dev/null &
	child=$!
	sleep 1 && pkill -TERM -P "$child"
	wait "$child"
	status=$?
	judge "SIGTERM ends both" 143 'interrupted by SIGTERM'
	holds "and the report is complete" "$work/report" '^\{"type":"end".*"status":143'
}

if [ -n "$busybox" ] && "$vmm" -q "$busybox" true 2>/dev/null; then
	real_programs
else
	skip "real programs in trouble" "no static busybox: make deps"
fi
