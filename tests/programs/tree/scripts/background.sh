# A child in the background, without job control, waited for.
sleep 0.3 &
wait $!
echo "waited: $?"
(sleep 0.2; exit 9) &
wait $!
echo "status $?"
