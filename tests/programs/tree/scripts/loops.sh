# Loops, functions, arithmetic, case, positional parameters; nothing but the shell itself.
double() {
	local n=$1
	echo $((n * 2))
	return 3
}
total=0
for i in 1 2 3 4 5; do
	[ "$i" -eq 4 ] && continue
	total=$((total + i))
done
echo "total $total"
i=0
while [ $i -lt 3 ]; do
	i=$((i + 1))
	case $i in
	1) echo one ;;
	2 | 3) echo "two or three" ;;
	esac
done
double 21
echo "returned $?"
set -- a 'b c' d
echo "$# arguments, the second: $2"
shift
for word; do echo "<$word>"; done
text=path/to/file.tar.gz
echo "${text##*/} ${text%%.*} ${text%.gz} ${#text} ${missing:-default} ${text:+set}"
echo $((7 / 2)) $((7 % 2)) $((1 << 10)) $((0x1f)) $((5 > 3 && 2 > 1))
until [ $i -eq 0 ]; do i=$((i - 1)); done
if test -f /data/words && ! test -e /data/none; then echo files; else echo nothing; fi
echo {a,b} a* /data/*s
