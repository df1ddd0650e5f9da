# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154,SC2016,SC2059 # part of run.sh
# signals.sh: the run is ended from outside, by the clock or by the user; the report is complete nevertheless.

# signalled NAME SIGNAL STATUS LINE ARGUMENT...: vmm gets the signal after half a second
signalled() {
	local name=$1 signal=$2 expected=$3 line=$4 child
	shift 4
	timeout --foreground -s KILL 20 "$vmm" "$@" >"$work/out" 2>"$work/err" </dev/null &
	child=$!
	sleep 0.5
	pkill -"$signal" -P "$child"
	wait "$child"
	status=$?
	judge "$name" "$expected" "$line"
}

for ring in 3 0; do
	guest=$guests/hostile-loop-ring$ring.elf
	signalled "SIGINT in ring $ring" INT 130 "interrupted by SIGINT; the guest was in ring $ring at (start|user_main)" \
		-o "$work/report" "$guest"
	holds "report after SIGINT in ring $ring" "$work/report" '^end: status 130'
	signalled "SIGTERM in ring $ring" TERM 143 "interrupted by SIGTERM; the guest was in ring $ring at" \
		-f json -o "$work/report" "$guest"
	holds "report after SIGTERM in ring $ring" "$work/report" '^\{"type":"end".*"status":143,"reason":"interrupted"'
	ends "timeout in ring $ring" 124 "timeout after 0.3 s: the guest was still running in ring $ring at" --timeout 0.3 "$guest"
	ends "timeout at once in ring $ring" 124 'timeout after 1e-09 s' --timeout 0.000000001 "$guest"
done
signalled "SIGTERM on several CPUs" TERM 143 'interrupted by SIGTERM; the guest was in ring 0 at' -q --cpus 4 "$guests/hostile-cpus-loop.elf"
ends "timeout on several CPUs" 124 'timeout after 0.3 s: the guest was still running in ring 0 at' --cpus 3 --timeout 0.3 "$guests/hostile-cpus-loop.elf"
signalled "SIGINT in hlt" INT 130 'interrupted by SIGINT; the guest was in ring 0' -q "$guests/hostile-sleep.elf"
signalled "SIGINT while the guest writes" INT 130 'interrupted by SIGINT' -q "$guests/hostile-flood.elf"
ends "timeout while the guest writes" 124 'timeout after 0.5 s' --timeout 0.5 "$guests/hostile-flood.elf"
run bash -c 'exec "$0" -q --timeout 1 "$1" >/dev/null' "$vmm" "$guests/hostile-console.elf"
judge "timeout inside an endless console_write" 124 'timeout after 1 s'
ends "a timeout between two seconds" 124 'timeout after 1.2 s' --timeout 1.2 "$guests/hostile-loop-ring0.elf"

# A guest that waits for input must feel the clock, too.
timeout --foreground -s KILL 20 "$vmm" -q --timeout 0.5 "$guests/hostile-read.elf" < <(sleep 10) >"$work/out" 2>"$work/err"
status=$?
judge "timeout while the guest reads" 124 'timeout after 0.5 s'

# A reader of the report who does not read must not make vmm immortal.
mkfifo "$work/slow"
(exec 3<"$work/slow"; sleep 15) &
reader=$!
timeout --foreground -s KILL 10 "$vmm" -o "$work/slow" "$guests/hostile-flood.elf" >/dev/null 2>"$work/err" &
child=$!
sleep 1
pkill -INT -P "$child"
sleep 0.5
pkill -INT -P "$child"
wait "$child"
status=$?
kill "$reader" 2>/dev/null
wait "$reader" 2>/dev/null
if [ "$status" -eq 130 ]; then
	pass "the second SIGINT ends a vmm whose reader sleeps"
else
	fail "the second SIGINT ends a vmm whose reader sleeps" "status $status"
fi

# A kernel that asks for the host's events is told of the first SIGINT, and of a terminal's new size.
timeout --foreground -s KILL 20 "$vmm" -q "$guests/hostile-host-events.elf" >"$work/out" 2>"$work/err" </dev/null &
child=$!
for signal in WINCH INT WINCH INT; do
	sleep 0.6
	pkill -"$signal" -P "$child"
done
wait "$child"
status=$?
judge "the second SIGINT ends a guest that was told of the first" 130 'interrupted by SIGINT; the guest was in ring 0'
holds "each event of the host arrives once" "$work/out" '^rir$'

# What is not there yet is asked for again when the host's event says so, not before.
run "$vmm" -q -o "$work/report" "$guests/hostile-host-input.elf"
judge "input that ends at once" 0 ''
(sleep 0.7; echo one; sleep 0.7; echo two; sleep 0.7) |
	timeout --foreground -s KILL 20 "$vmm" -e exit -o "$work/report" --timeout 10 "$guests/hostile-host-input.elf" >"$work/out" 2>"$work/err"
status=${PIPESTATUS[1]}
judge "input that comes late" 0 ''
if [ "$(tr '\n' , <"$work/out")" = one,two, ]; then pass "input arrives whole"; else fail "input arrives whole" "$(head -c 200 "$work/out")"; fi
asked=$(grep -c 'EAGAIN' "$work/report")
if [ "$asked" -eq 3 ]; then pass "the guest slept meanwhile"; else fail "the guest slept meanwhile" "$asked reads gave -EAGAIN, not 3"; fi
