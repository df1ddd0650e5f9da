# SPDX-License-Identifier: MIT
# What the scripts of this folder share.
# shellcheck shell=bash

# die MESSAGE: one line on standard error, then the status that says "the host failed, not what ran in it".
die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 125
}

# need FILE-OR-COMMAND PACKAGE ...: ends with one line that names all the Debian packages still to install.
need() {
    local absent=() packages=()
    while (($#)); do
        if ! [[ -e $1 ]] && ! command -v "$1" >/dev/null; then
            absent+=("$1")
            packages+=("$2")
        fi
        shift 2
    done
    ((${#absent[@]} == 0)) || die "missing ${absent[*]}: apt-get install ${packages[*]}"
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# The kernel that fetch-kernel unpacked.
# shellcheck disable=SC2034  # for the scripts that include this file
default_kernel=$(cd "$here/../.." && pwd)/build/hosts/kernel
