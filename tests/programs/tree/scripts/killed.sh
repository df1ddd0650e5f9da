# A child in the background that is killed; what wait tells.
sleep 5 &
kill $!
wait $!
echo "killed: $?"
