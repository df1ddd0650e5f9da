# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154,SC2016,SC2059 # part of run.sh
# files.sh: images that are missing, of the wrong kind, damaged, or too large.

image=$work/image.elf

# damage OFFSET BYTES: $image is a good guest but for these bytes (as printf writes them)
damage() {
	cp "$exits" "$image"
	printf "$2" | dd of="$image" bs=1 seek="$1" conv=notrunc status=none
}

# header N FIELD BYTES: the same for a field of program header N, by its offset there
header() { damage $((64 + 56 * $1 + $2)) "$3"; }

# the number of the first program header with something in it, which is the kernel's text
text=$(readelf -lW "$exits" | awk '/^ +LOAD/ { if ($6 != "0x000000") { print n + 0; exit } n++ }')

refused "image missing" '/nonexistent/x.elf: cannot open: No such file' /nonexistent/x.elf
refused "image with an empty name" ': cannot open: No such file' ''
refused "image a directory" '/tmp: is a directory; need an ELF64' /tmp
refused "image a device" '/dev/zero: is a device; need an ELF64' /dev/zero
mkfifo "$work/fifo"
refused "image a FIFO" ".*/fifo: is a FIFO; need an ELF64" "$work/fifo"
: >"$work/empty"
refused "image empty" '.*/empty: is empty; need an ELF64' "$work/empty"
refused "image a script" '.*/run.sh: not an ELF file' "$here/run.sh"
program=$(dirname "$vmm")/tour.elf
if [ -e "$program" ]; then
	refused "kernel missing" '/nonexistent/k: cannot open: No such file' --kernel /nonexistent/k "$program"
	refused "kernel that is a user program" "--kernel .*: is a user program .* not a kernel" --kernel "$program" "$program"
	refused "kernel not an ELF" '/etc/passwd: not an ELF file' --kernel /etc/passwd "$program"
else
	skip "kernels that are none" "$program is not built"
fi
if nobody_can_run; then
	cp "$exits" "$image" && chmod 0 "$image"
	run "${as_nobody[@]}" "$vmm" -q "$image"
	judge "image unreadable" 125 "$image: cannot open: Permission denied"
	chmod 755 "$image"
else
	skip "image unreadable" "$vmm is out of reach for nobody"
fi
if dynamic=$(realpath /bin/ls) && readelf -l "$dynamic" 2>/dev/null | grep -q INTERP; then
	refused "image dynamically linked" "$dynamic: is dynamically linked; .*-static" "$dynamic"
else
	skip "image dynamically linked" "/bin/ls is not"
fi

damage 4 '\x01' && refused "32-bit" ".*: 32-bit ELF; need 64-bit" "$image"
damage 5 '\x02' && refused "big-endian" ".*: big-endian ELF; need little-endian" "$image"
damage 6 '\x05' && refused "ELF version" ".*: ELF version 5; need 1" "$image"
damage 18 '\xb7' && refused "other machine" ".*: for machine 183; need x86-64" "$image"
damage 16 '\x01' && refused "relocatable" ".*: is a relocatable object" "$image"
damage 16 '\x04' && refused "core" ".*: is a core dump" "$image"
damage 56 '\x00' && refused "no program headers" ".*: no program headers" "$image"
damage 32 '\xff\xff\xff\xff\xff\xff\xff\xff' && refused "program headers nowhere" ".*: truncated: .* program headers" "$image"
damage 24 '\x00' && printf '\x00\x00' | dd of="$image" bs=1 seek=30 conv=notrunc status=none
refused "entry outside" ".*: entry point 0x[0-9a-f]+ is not inside an executable segment" "$image"
header "$text" 4 '\x07' && refused "W+X" ".*: segment $text at 0x.* is writable and executable .*--allow-wx" "$image"
ends "W+X with --allow-wx" 7 '' --allow-wx "$image"
header "$text" 32 '\xff\xff\xff' && refused "p_filesz above p_memsz" ".*: segment $text: p_filesz .* larger than p_memsz" "$image"
header "$text" 8 '\xff\xff\xff\x7f' && refused "past the end" ".*: segment $text: .* past the end of the file" "$image"
header "$text" 40 '\x00\x00\x00\x90\x00' && refused "past the top" ".*: segment $text: .* wraps around" "$image"
header "$text" 40 '\x00\x00\x00\x10\x00' && refused "larger than memory" ".*(needs 0x10000000 bytes, the guest has|does not fit into) 64 MiB.*; use a larger --memory" "$image"
ends "larger than the default, with more memory" 7 '' --memory 1G "$image"
header "$text" 16 '\x01' && refused "misaligned" ".*: segment $text: misaligned" "$image"
header "$text" 48 '\x03\x10' && refused "alignment" ".*: segment $text: alignment 0x1003 is not a power of two" "$image"
header "$text" 16 '\x00\x00\x00\x00\x00\x80\x00\x00' && refused "in the hole" ".*: segment $text: .* not inside one half" "$image"
header "$text" 16 '\x00\x00\x00\x00\x80\x88\xff\xff' && refused "on the direct map" ".*: (segment $text.* overlaps the direct map|entry point)" "$image"

size=$(stat -c %s "$exits")
end=$(($(readelf -lW "$exits" | awk -v n="$text" '/^ +LOAD/ { if (i++ == n) print $2 " + " $5 }')))
wrong=
for ((length = 1; length < size; length += length < 400 ? 1 : 997)); do
	head -c "$length" "$exits" >"$image"
	run "$vmm" -q "$image"
	if [ "$length" -ge "$end" ]; then expected=7 line=; else expected=125 line="$image: .*"; fi
	reason=$(what_is_wrong "$expected" "$line")
	[ -z "$reason" ] || wrong="$length bytes: $reason"
done
if [ -z "$wrong" ]; then pass "truncated anywhere"; else fail "truncated anywhere" "$wrong"; fi

# Each byte of the headers turned over: a reason, or a guest that ends somehow; nothing else.
wrong=
for ((offset = 0; offset < 64 + 4 * 56; offset++)); do
	byte=$(od -An -tu1 -j "$offset" -N 1 "$exits")
	damage "$offset" "\\x$(printf %02x $((byte ^ 255)))"
	run "$vmm" -q --timeout 0.5 "$image"
	case $status in
	7 | 124 | 125 | 126) reason=$(what_is_wrong "$status" "$([ "$status" -eq 7 ] || echo '.*')") ;;
	*) reason="status $status" ;;
	esac
	[ -z "$reason" ] || wrong="offset $offset: $reason"
done
if [ -z "$wrong" ]; then pass "any byte of the headers damaged"; else fail "any byte of the headers damaged" "$wrong"; fi

refused "a complete guest with --kernel" "--kernel .*: .* brings its own kernel" --kernel "$exits" "$exits"
cp "$exits" "$image"
run "$vmm" -o "$image" "$image"
judge "the report onto the image" 125 "$image: is the image itself"
if cmp -s "$exits" "$image"; then pass "the image is unharmed"; else fail "the image is unharmed" "it changed"; fi
