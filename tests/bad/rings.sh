# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154,SC2016,SC2059 # part of run.sh
# rings.sh: guests with a recorder of their own (shared/ring.h) that lies, under method `ring`. What each does stands in
# tests/guests/hostile-ring-NAME.S.

# ring_guest NAME STATUS LINE FORMAT [ARGUMENT...]: leaves the report in $work/report
ring_guest() {
	local name=$1 expected=$2 line=$3 format=$4
	shift 4
	rm -f "$work/report"
	run "$vmm" --method ring -f "$format" -o "$work/report" --timeout 10 "$@" "$guests/hostile-ring-$name.elf"
	judge "ring: $name, in $format${*:+, $*}" "$expected" "$line"
}

# in_order NAME: the JSON report of the last ring_guest is whole, and its time never goes back
in_order() {
	if jq -es '(map(.ns // empty) as $ns | $ns == ($ns | sort)) and (map(.seq) == [range(length)]) and .[-1].type == "end"' \
		"$work/report" >"$work/wrong" 2>&1; then
		pass "ring: $1: the report is whole and in order"
	else
		fail "ring: $1: the report is whole and in order" "$(head -c 200 "$work/wrong")"
	fi
}

strangers='records in the rings belong to no trace site: the guest has written there'
ring_guest garbage 0 '' text
holds "verdict of garbage" "$work/report" "doubt: [1-9][0-9]* $strangers"
holds "garbage that claims a site" "$work/report" '^verdict: incomplete: [1-9][0-9]* transitions'
ring_guest garbage 0 '' json --layout=start,switch,end -e all
in_order garbage
ring_guest quirk 0 '' text
holds "verdict of quirk" "$work/report" 'doubt: 1 record in the rings belong'
for cpus in 1 2; do
	ring_guest cursor 0 '' text --cpus "$cpus"
	holds "verdict of cursor, --cpus $cpus" "$work/report" '^verdict: complete: 40 transitions \(0 entries, 40 returns\)'
	ring_guest full 124 'timeout after 1 s: the guest was still running in ring 0' text --cpus "$cpus" --timeout 1
	holds "verdict of full, --cpus $cpus" "$work/report" "doubt: [1-9][0-9]* $strangers"
done
ring_guest rewrite 0 '' text --cpus 2
holds "verdict of rewrite" "$work/report" "doubt: [1-9][0-9]* $strangers"
ring_guest rewrite 0 '' json --cpus 2
in_order rewrite
ring_guest nowhere 125 "the kernel's struct vmm_rings at 0xffffffff8000[0-9a-f]+ \(ring.h\) does not lead to memory of its own for 1 CPU$" text
ends "ring: nowhere, with method trap" 0 '' "$guests/hostile-ring-nowhere.elf"
ends "ring: rewrite for more CPUs than it has rings" 125 'the kernel.s struct vmm_rings .* for 3 CPUs' --method ring --cpus 3 \
	"$guests/hostile-ring-rewrite.elf"
for method in trap ring; do
	ends "ring: stand-in, with method $method" 125 \
		'.*: the stand-in at 0xffffffff8000[0-9a-f]+ \(trace.h\) stands for no trace site' --method $method "$guests/hostile-ring-stand-in.elf"
done
for name in garbage quirk cursor; do
	ends "ring: $name, with method trap" 0 '' "$guests/hostile-ring-$name.elf"
done
