#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run.sh: what can be wrong on the command line, in a file, on the host and in a guest: does vmm explain it in one line,
# end with the right status, and never hang or crash? Usage: tests/bad/run.sh VMM [PART...]
# The guests are taken from the directory tests/ beside VMM. One line a case; the last line is the sum.
set -u
here=$(cd "$(dirname "$0")" && pwd)
vmm=$(realpath "${1:?the path of vmm}")
shift
# shellcheck disable=SC2034 # for the parts
guests=$(dirname "$vmm")/tests
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

# shellcheck source=/dev/null
. "$here/lib.sh"
for part in "${@:-options files host output view signals guests rings programs}"; do
	# shellcheck source=/dev/null
	for name in $part; do . "$here/$name.sh"; done
done
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
