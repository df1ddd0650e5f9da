# Command substitution, one after the other, nested too; the status of each.
words=$(cat /data/words)
echo "$words" >/data/copy
count=$(wc -l </data/numbers)
echo "count" $count
nested=$(echo "outer $(echo inner)")
echo "$nested"
x=$(exit 6)
echo "status $?"
for name in $(ls /data); do echo "name $name"; done
echo `echo backquoted`
