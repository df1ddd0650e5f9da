# A child in the background that is killed; what wait tells. A shell that finds it dead already says so.
exec 2>/dev/null
sleep 5 &
kill $!
wait $!
echo "killed: $?"
