# Here-documents for programs: expanded, quoted, with tabs taken away, two at once.
name=world
cat <<END
hello $name, the sum is $((1 + 2)) $(echo from a command)
END
cat <<'END'
not $expanded
END
cat <<-END
	without tabs
	END
cat <<ONE - <<TWO
first
ONE
second
TWO
