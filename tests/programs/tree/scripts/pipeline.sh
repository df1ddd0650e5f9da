# Pipelines of several commands, and their status.
sort /data/words | uniq -c | sort -rn | head -n 2
cat /data/numbers | sort -n | tail -n 3
grep apple /data/words | wc -l
false | true
echo "status $?"
! true | false
echo "negated $?"
echo a b c | while read -r x y; do echo "$y $x"; done
seq 5 | xargs -n 2 echo
printf 'x\ny\n' | tee /data/tee | tr xy pq
