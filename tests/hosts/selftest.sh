#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# selftest.sh [HOST...]: boots the emulated hosts (both unless named) and checks what boot promises.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# check WHAT COMMAND...: the command must succeed.
check() {
    local what=$1
    shift
    if "$@"; then
        echo "ok: $what"
    else
        echo "FAILED: $what"
        failures=$((failures + 1))
    fi
}

# boot_status NAME HOST PAYLOAD [VARIABLE=VALUE]: boots, with what is printed in NAME.out and NAME.err.
boot_status() {
    local name=$1 status=0
    env "${@:4}" HOST_LOG="$work/$name.log" "$here/boot" "$2" "$3" "$work/$name" \
        >"$work/$name.out" 2>"$work/$name.err" || status=$?
    echo "$status"
}

"$here/fetch-kernel"
mkdir "$work/payload"
cp "$here/selftest/run" "$work/payload"
# Linked dynamically, so that the libraries are tested too.
cc -Wall -Wextra -O2 -o "$work/payload/kvm" "$here/selftest/kvm.c"
head -c 1048576 /dev/urandom >"$work/payload/random"
cp -a "$work/payload" "$work/sleeper"
touch "$work/sleeper/sleep"

(($#)) || set -- amd-v vt-x
for host; do
    status=$(boot_status "$host" "$host" "$work/payload")
    check "$host: exit status" test "$status" = 7
    printf '%s\nok\nerror\nno newline, a \r and a \t' "$host" >"$work/expected"
    check "$host: output, and KVM works" cmp "$work/$host.out" "$work/expected"
    check "$host: nothing on standard error" cmp "$work/$host.err" /dev/null
    check "$host: 1 MB comes back" cmp "$work/payload/random" "$work/$host/folder/random"

    # Long enough to have booted, also on a busy machine, so that it is ./run which takes too long.
    limit=15
    [[ $host != vt-x ]] || limit=75
    status=$(boot_status "$host-timeout" "$host" "$work/sleeper" HOST_TIMEOUT=$limit)
    check "$host: timeout is 125" test "$status" = 125
    echo "boot: $host: not done after $limit s (HOST_TIMEOUT): see $work/$host-timeout.log" >"$work/expected"
    check "$host: timeout says so in one line" cmp "$work/$host-timeout.err" "$work/expected"
    check "$host: output before the timeout" grep -qx "$host" "$work/$host-timeout.out"
    waited=$(($(stat -c %Y "$work/$host-timeout.err") - $(stat -c %Y "$work/$host-timeout.out")))
    check "$host: output as it goes" test "$waited" -ge 3
done
((failures == 0))
