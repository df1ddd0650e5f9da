# Traps: EXIT, a signal to oneself, an ignored one, the reset of one; kill -l; exit within a subshell.
trap 'echo leaving with $?' EXIT
trap 'echo caught USR1' USR1
trap '' HUP
kill -USR1 $$
kill -HUP $$
echo still here
trap - USR1
(
	trap 'echo subshell leaves' EXIT
	exit 4
)
echo "subshell $?"
eval 'x=5; echo evaluated $x'
exit 7
