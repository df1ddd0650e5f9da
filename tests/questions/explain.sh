# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154,SC2016 # part of run
# explain.sh: does `vmm explain` foretell what the CPU does? Each kind of page, each ring, each operation; the expected
# error codes are worked out here from the rights of the page, apart from vmm.

program=$guests/page-faults.elf

# protection NAME: is it in force here?
protections=$("$vmm" layout -f json "$program" | jq -r 'select(.type == "start") | .protections')
protection() { case " $protections " in *" $1 "*) true ;; *) false ;; esac }

# Where the kernel's constants and data lie, by the report
kernel_region() {
	"$vmm" layout -f json "$program" | jq -r --arg rights "$1" --arg name "$2" 'select(.type == "address_space") |
		[.regions[] | select(.ring == 0 and .rights == $rights and ((.name // "") | startswith($name)) and (.start | startswith("0xffffffff")))][0].start'
}
constants=$(kernel_region r-- .rodata) data=$(kernel_region rw- .data)

# expected PAGE RING OPERATION: "none", or the error code of the page fault. PAGE: hole (not canonical), absent,
# uRWX or kRWX with - for a right that is missing
expected() {
	local page=$1 ring=$2 operation=$3 code=0 denied=
	[ "$ring" != user ] || code=$((code | 4))
	[ "$operation" != write ] || code=$((code | 2))
	[ "$operation" != execute ] || code=$((code | 16))
	case $page in
	hole) echo "#GP 0x0" && return ;;
	absent) printf '#PF 0x%x' $code && return ;;
	esac
	case $operation in
	write) case $page in ?r-?) denied=1 ;; esac ;;
	execute) case $page in ???-) denied=1 ;; esac ;;
	esac
	case $ring$page in
	userk*) denied=1 ;;
	kernelu*) if [ "$operation" = execute ]; then protection smep && denied=1; else protection smap && denied=1; fi ;;
	esac
	if [ -n "$denied" ]; then printf '#PF 0x%x' $((code | 1)); else echo none; fi
}

# answer: the last answer's prediction, or its proof
answer() { jq -r ".$1 | if .fault then .name + \" \" + .error else \"none\" end" "$work/out"; }

# asked NAME PAGE ADDRESS OPTION...: by both rings, all operations; one case
asked() {
	local name=$1 page=$2 address=$3 wrong='' ring operation want
	shift 3
	for ring in user kernel; do
		for operation in read write execute; do
			run "$vmm" explain -f json --as $ring --op $operation "$address" "$@" "$program"
			want=$(expected "$page" $ring $operation)
			if [ "$status" -ne 0 ] || [ "$(answer prediction)" != "$want" ] || [ "$(answer proof)" != "$want" ] ||
				[ "$(jq .agree "$work/out")" != true ]; then
				wrong="$wrong$ring $operation: status $status, expected $want: $(cut -c1-200 "$work/err") $(jq -c '.prediction, .proof' "$work/out"); "
			fi
		done
	done
	if [ -z "$wrong" ]; then pass "$name"; else fail "$name" "$wrong"; fi
}

while read -r page address name; do
	asked "$name ($address)" "$page" "$address"
done <<-END
	ur-x main the program's text
	ur-- 0x401000 its constants
	urw- 0x402ff8 its data
	urw- 0x7fffffffeff0 its stack
	absent 0 the null page
	absent 0x403000 behind the program
	absent 0x7fffff7fe000 the guard under its stack
	absent 0x7ffffffff000 the last page of the user half
	hole 0x800000000000 the hole's first address
	hole 0xffff7fffffffffff the hole's last address
	kr-x syscall_entry the kernel's text
	kr-- $constants the kernel's constants
	krw- $data the kernel's data
	krw- 0xffff888000300000 the direct map
	kr-- 0xffff888000006000 the kernel's text in the direct map
	absent 0xffff88c000000000 far behind the direct map
	absent 0xffffc90000000ff8 the guard under a kernel stack
	krw- 0xffffc90000003ff8 a kernel stack
	kr-- 0xfffffe0000011000 the IDT
	krw- 0xfffffe0000012000 the TSS
	absent 0xffffffffffffffff the last address
END

# The program's data by copy-on-write after fork: writable at the start, not at the end.
asked "at the end: the stack" urw- 0x7fffffffeff0 --at end
asked "at the end: the kernel's text" kr-x syscall_entry --at end
asked "at the end, two CPUs" ur-x main --at end --cpus 2

# At an event: the first page fault of the guest, which the report explains; the same words, the same entries. Without
# interrupts, whose moment is chance, the numbers are the same in each run.
"$vmm" -e exception -f json -o "$work/run" "$program" >/dev/null 2>&1 </dev/null
fault=$(jq -c 'select(.cause == "exception" and .name == "#PF" and .from == 3)' "$work/run" | head -1)
seq=$(jq .seq <<<"$fault") address=$(jq -r .cr2 <<<"$fault")
case $(jq -r .error <<<"$fault") in
0x?[4567] | 0x[4567]) ring=user ;;
*) ring=kernel ;;
esac
operation=read
[ $((($(jq -r .error <<<"$fault") & 2))) -eq 0 ] || operation=write
[ $((($(jq -r .error <<<"$fault") & 16))) -eq 0 ] || operation=execute
run "$vmm" explain -f json --as $ring --op $operation "$address" --at "$seq" -e exception "$program"
if [ "$status" -eq 0 ] && [ "$(jq -r .prediction.why "$work/out")" = "$(jq -r .why <<<"$fault")" ] &&
	[ "$(jq -r .prediction.error "$work/out")" = "$(jq -r .error <<<"$fault")" ]; then
	pass "at a fault's event: as the report explains it"
else
	fail "at a fault's event: as the report explains it" "$(jq -r .why <<<"$fault"): $(cat "$work/out" "$work/err")"
fi
run "$vmm" explain -f json --as $ring --op $operation "$address" --at "$((seq + 1))" -e exception "$program"
[ "$(jq -c '.walk' "$work/out")" != null ] && pass "at the event behind it" || fail "at the event behind it" "$(cat "$work/err")"

# A page that comes only when it is touched: explain sees it come.
heap=$guests/demand-paging.elf
"$vmm" -e exception,return -f json -o "$work/run" "$heap" >/dev/null 2>&1 </dev/null
entry=$(jq -c 'select(.cause == "exception" and .name == "#PF" and .from == 3 and .error == "0x6")' "$work/run" | head -1)
back=$(jq -c --argjson entry "$(jq .seq <<<"$entry")" 'select(.entry == $entry and .to == 3)' "$work/run" | head -1)
before=$("$vmm" explain -f json --as user --op write "$(jq -r .cr2 <<<"$entry")" --at "$(jq .seq <<<"$entry")" -e exception,return "$heap" 2>&1 | jq -r '.prediction.error + " " + (.agree | tostring)')
after=$("$vmm" explain -f json --as user --op write "$(jq -r .cr2 <<<"$entry")" --at "$(jq .seq <<<"$back")" -e exception,return "$heap" 2>&1 | jq -r '(.prediction.fault | tostring) + " " + (.agree | tostring)')
if [ "$before" = "0x6 true" ] && [ "$after" = "false true" ]; then
	pass "before and after a page comes"
else
	fail "before and after a page comes" "before: $before, after: $after"
fi

# Through the stack's segment
run "$vmm" explain -f json --as user --op write --stack 0x800000000000 "$program"
if [ "$(answer prediction) $(answer proof) $status" = "#SS 0x0 #SS 0x0 0" ]; then pass "--stack: #SS"; else fail "--stack: #SS" "$(cat "$work/out")"; fi
run "$vmm" explain -f json --as kernel --op read --stack 0xffff7fffffffffff "$program"
if [ "$(answer prediction) $(answer proof) $status" = "#SS 0x0 #SS 0x0 0" ]; then pass "--stack in ring 0: #SS"; else fail "--stack in ring 0: #SS" "$(cat "$work/out")"; fi

# Tables of which nobody would think: circles; a large page
asked "tables in circles" krw- 0xffff888000300000 --at end --memory 8M
run "$vmm" explain --as kernel --op read 0xffff888000300000 "$program"
holds "a large page is named" "$work/out" 'PDE .*2 MiB page 0x200000$'
holds "the bit that decides is marked" <("$vmm" explain --as user --op write main "$program") 'PTE .*<- W=0 decides$'

# Where the CPU sometimes does something else at slot 256, that is said loudly.
if [ "$("$vmm" layout -f json "$program" | jq -r 'select(.type == "start") | .host.kvm')" = pvm ]; then
	for _ in {1..40}; do
		run "$vmm" explain --as user --op read 0xffff800000000000 "$program"
		[ "$status" -eq 0 ] || break
	done
	if [ "$status" -eq 0 ]; then
		skip "the CPU disagrees" "slot 256 was as it should be 40 times"
	else
		judge "the CPU disagrees" 1 'explain: THE CPU DISAGREES: the tables say: #PF, error 0x4 .*; it did: .*no-slot-256'
		holds "the CPU disagrees, in the answer" "$work/out" '^DISAGREE '
	fi
else
	run "$vmm" explain --as user --op read 0xffff800000000000 "$program"
	judge "slot 256" 0 ''
fi

# Reserved bits, set by the guest itself
reserved=$guests/hostile-reserved.elf
while read -r address bit; do
	wrong=
	for ring in user kernel; do
		for operation in read write execute; do
			run "$vmm" explain -f json --at end --as $ring --op $operation "$address" "$reserved"
			code=$(($(answer prediction | cut -d' ' -f2)))
			[ "$status" -eq 0 ] && [ $((code & 9)) -eq 9 ] && grep -q "a reserved bit is set: $bit" "$work/out" ||
				wrong="$wrong$ring $operation: status $status: $(cat "$work/err" "$work/out"); "
		done
	done
	if [ -z "$wrong" ]; then pass "reserved: $bit"; else fail "reserved: $bit" "$wrong"; fi
done <<-'END'
	0x20000000000 PML4E.bit 7
	0x28000000000 PDPE.bit
	0x28040000000 PDE.bit 13
END
for address in 0x28040200000 0x28040202000; do
	run "$vmm" explain --at end --as kernel --op read $address "$reserved"
	judge "$address: beside the memory, or reserved" 0 ''
done
refused "tables that lead nowhere" 'explain: the tables lead outside the guest' \
	explain --at end --as user --op read 0x28080000000 "$reserved"
refused "a fetch from where no memory is" 'explain: the tables allow it, but there is no memory at 0xd0000000' \
	explain --at end --as kernel --op execute 0x28040202000 "$reserved"

# The answer alone is on standard output; the guest's own goes to standard error; its status does not matter.
run "$vmm" explain --as user --op read main --at end "$guests/exit-status.elf"
if [ "$status" -eq 0 ] && [ "$(head -c 9 "$work/out")" = "user read" ]; then pass "after a guest with another status"; else fail "after a guest with another status" "$status $(cat "$work/err")"; fi
"$vmm" explain -o "$work/file" --as user --op read main "$program" >"$work/out" 2>&1
if [ ! -s "$work/out" ] && grep -q '^agree' "$work/file"; then pass "explain --output"; else fail "explain --output" "$(cat "$work/out")"; fi
run "$vmm" explain --as user --op read main+0x4 "$program"
holds "a symbol with an offset" "$work/out" '^user read of 0x[0-9a-f]+ \(main\+0x4\), at the start'

refused "explain without --as" 'explain: --as is missing' explain --op read 0 "$program"
refused "explain without --op" 'explain: --op is missing' explain --as user 0 "$program"
refused "explain as nobody" "--as: unknown ring 'root'; known are user and kernel" explain --as root --op read 0 "$program"
refused "explain of nothing" "--op: unknown operation 'jump'; known are read, write" explain --as user --op jump 0 "$program"
refused "explain without an address" 'explain: give ADDR and IMAGE' explain --as user --op read
refused "explain without an image" 'explain: give ADDR and IMAGE' explain --as user --op read 0
refused "explain at a wrong moment" "--at: 'later' is not a moment" explain --as user --op read 0 --at later "$program"
refused "explain at a moment too late" 'explain: --at 999999: the report ends with event [0-9]+' \
	explain --as user --op read 0 --at 999999 "$program"
refused "explain of an unknown symbol" "explain: no symbol 'nowhere'" explain --as user --op read nowhere "$program"
refused "explain of too large an address" "explain: '0x10000000000000000' is not an address" \
	explain --as user --op read 0x10000000000000000 "$program"
refused "explain of a wrong offset" "explain: 'main\+x': the offset" explain --as user --op read main+x "$program"
refused "explain -q" 'explain: --quiet is for a report' explain -q --as user --op read 0 "$program"
refused "explain --format" "--format: unknown format 'yaml'" explain -f yaml --as user --op read 0 "$program"
