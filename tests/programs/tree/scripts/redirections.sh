# Redirections in all directions, here-documents, read, several descriptors; builtins only.
echo first >/data/out
echo second >>/data/out
echo to-error >&2
while read -r line; do
	echo "line: $line"
done </data/out
exec 3</data/numbers
read -r a <&3
read -r b <&3
exec 3<&-
echo "$a $b"
{
	echo grouped
	echo together
} >/data/group 2>&1
read -r word rest <<END
here is a document with $a
END
echo "$word|$rest"
read -r word <<'END'
quoted $a
END
echo "$word"
exec 4>/data/four 5>&1 1>&4
echo into four
exec 1>&5 4>&- 5>&-
echo back
echo nowhere >/dev/null
echo fails >/data/none/x
echo "status $?"
set -C
echo again >/data/out
echo "noclobber $?"
