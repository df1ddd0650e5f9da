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
for option in --trace --method --format --output --kernel --memory --cpus --timeout --root --env --observation-cost; do
	refused "$option without its argument" "option $option needs an argument" "$option"
done
for option in -e -m -f -o; do
	refused "$option without its argument" "option $option needs an argument" "$option"
done
refused "--quiet with an argument" 'option --quiet=3 takes no argument' --quiet=3 x
refused "--doctor with an argument" 'option --doctor=x takes no argument' --doctor=x

refused "--trace of an unknown event" "--trace: unknown event 'foo'.*; known are syscall, .*none" -e foo x
refused "--trace of a wrong word among right ones" "--trace: unknown event 'ints'" -e syscall,ints,exit x
refused "--trace of nothing" "--trace: unknown event ''" --trace= x
refused "--trace with an empty word" "--trace: unknown event ''" -e syscall, x
refused "--trace of !!" "--trace: unknown event '!int'" -e '!!int' x
refused "--trace of something endless" "--trace: unknown event 'a{40}'" -e "$(printf 'a%.0s' {1..5000})" x
refused "--method unknown" "--method: unknown method 'magic'; known are trap, ring and off" -m magic x
refused "--method watch" "--method watch: not in this version" -m watch x
refused "--format unknown" "--format: unknown format 'yaml'; known are text, json, " -f yaml x
refused "--format perfetto without a file" "--format perfetto: is binary, .* add -o FILE" -f perfetto x
refused "--format svg without a layout" "--format svg: draws the address space, which -q leaves out" -f svg -q x
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

refused "--root empty" "--root: '' names no directory" --root '' x
refused "--root of a mount only" "--root: ':/mnt:rw' names no directory" --root :/mnt:rw x
refused "--root with a relative mount" "--root /tmp:mnt: the mount 'mnt' must begin with /" --root /tmp:mnt x
refused "--root with an unknown flag" "--root /tmp:/mnt:ro: the mount 'ro' must begin with /" --root /tmp:/mnt:ro x
refused "--root missing" '--root /nonexistent: No such file' --root /nonexistent "$exits"
refused "--root a file" '--root /etc/passwd: is not a directory' --root /etc/passwd "$exits"
refused "--root twice" '--root /usr: another directory is mounted at / already' --root /tmp --root /usr "$exits"
refused "--root twice at one mount" '--root /usr: another directory is mounted at /a/b already' \
	--root /tmp:/a/b --root /usr:/a/./b/ "$exits"
refused "--root below a file" '--root /tmp: cannot be mounted at /passwd/x: Not a directory' \
	--root /etc --root /tmp:/passwd/x "$exits"
refused "--root too often" '--root .*: too many; at most 32' $(seq -f '--root=/tmp:/%g' 33) "$exits"
mkdir "$work/no-rights" && chmod 0 "$work/no-rights"
if nobody_can_run; then
	run "${as_nobody[@]}" "$vmm" -q --root "$work/no-rights" "$exits"
	judge "--root without rights" 125 "--root $work/no-rights: Permission denied|.*kvm"
else
	skip "--root without rights" "$vmm is out of reach for nobody"
fi
for variable in '' NAME =VALUE; do
	refused "--env '$variable'" "--env: '$variable' is not NAME=VALUE" --env "$variable" x
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
ends "roots and variables" 7 '' --root /usr --root /tmp:/mnt:rw --env A=1 --env=B= "$exits"
ends "several right options" 7 '' -e 'trace=!exit' -m off --layout=never --cpus 1 --allow-wx "$exits"
