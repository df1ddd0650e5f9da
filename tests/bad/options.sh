# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154,SC2016,SC2059 # part of run.sh
# options.sh: options that do not exist, that lack their argument, or whose argument is wrong.

refused "no arguments" 'no IMAGE given'
refused "options but no image" 'no IMAGE given' -q -c
refused "unknown long option" 'unknown option --frobnicate; see vmm --help' --frobnicate x
refused "unknown long option with a value" 'unknown option --frobnicate=3; see vmm --help' --frobnicate=3 x
refused "unknown short option" 'unknown option -x; see vmm --help' -x
refused "unknown option in a cluster" 'unknown option -Z; see vmm --help' -qZ
refused "ambiguous abbreviation" 'unknown option --m=3; see' --m=3 x
for option in --trace --method --format --output --kernel --memory --cpus --timeout; do
	refused "$option without its argument" "option $option needs an argument" "$option"
done
for option in -e -m -f -o; do
	refused "$option without its argument" "option $option needs an argument" "$option"
done
refused "--quiet with an argument" 'option --quiet=3 takes no argument' --quiet=3 x
refused "--doctor with an argument" 'option --doctor=x takes no argument' --doctor=x

refused "--trace of an unknown event" "--trace: unknown event 'foo'; known are syscall, .*none" -e foo x
refused "--trace of a wrong word among right ones" "--trace: unknown event 'ints'" -e syscall,ints,exit x
refused "--trace of nothing" "--trace: unknown event ''" --trace= x
refused "--trace with an empty word" "--trace: unknown event ''" -e syscall, x
refused "--trace of !!" "--trace: unknown event '!int'" -e '!!int' x
refused "--trace of something endless" "--trace: unknown event 'a{40}'" -e "$(printf 'a%.0s' {1..5000})" x
refused "--method unknown" "--method: unknown method 'magic'; known are trap and off" -m magic x
for method in ring watch; do
	refused "--method $method" "--method $method: not in this version" -m $method x
done
refused "--format unknown" "--format: unknown format 'yaml'; known are text and json" -f yaml x
for format in perfetto html; do
	refused "--format $format" "--format $format: not in this version" -f $format x
done
refused "--layout unknown" "--layout: unknown time 'later'; known are start, switch, end, never" --layout=later x
refused "--output empty" '--output: the file name is empty' -o '' x
for size in many 64X 64MB -1 +5M ' 5M' '' 0x40M 1.5G 64M64M 99999999999999999999; do
	refused "--memory '$size'" "--memory: '.*' is not a size; give a number with K, M or G" --memory="$size" x
done
for size in 0 1 3M 4095K 4G 4096M 3145729K 18446744073709551615 17179869184G; do
	refused "--memory $size" "--memory $size: out of range; at least 4M, at most 3G" --memory $size x
done
for cpus in 0 17 -1 1000000 one 1x ' 2' ''; do
	refused "--cpus '$cpus'" "--cpus: '$cpus' is not a number of CPUs from 1 to 16" --cpus="$cpus" x
done
for time in 0 -1 never 1s '' nan inf 1e300 31536001; do
	refused "--timeout '$time'" "--timeout: '$time' is not a time in seconds" --timeout="$time" x
done

run "$vmm" --help
judge "--help" 0 ''
holds "--help goes to standard output" "$work/out" '^Usage: vmm \[options\] \[--\] IMAGE'
run "$vmm" --version
judge "--version" 0 ''
holds "--version goes to standard output" "$work/out" '^vmm [0-9]+\.[0-9]+'
ends "the smallest memory" 7 '' --memory 4M "$exits"
ends "the largest memory" 7 '' --memory 3G "$exits"
ends "memory that is not a multiple of 2 MiB" 7 '' --memory 4097K "$exits"
ends "-- ends the options" 7 '' -- "$exits" --frobnicate
ends "options behind the image are the guest's" 7 '' "$exits" --memory 1
ends "a timeout that is not reached" 7 '' --timeout 15 "$exits"
ends "several right options" 7 '' -e 'trace=!exit' -m off --layout=never --cpus 1 --allow-wx "$exits"
