# SPDX-License-Identifier: MIT
# normalise.jq: a JSON Lines trace -> one line a transition, without what differs from run to run and host to host:
# times, addresses that hold no name, timer interrupts with their returns, and the order between processes.
# Use: jq -rs --arg symbols none|full -f normalise.jq < trace.jsonl
# "full" adds where in the code it was, which the compiler decides: for comparing hosts, and for guests in assembly.

# `int n` through a gate that ring 3 may not use is "#GP gate": the error code (8n+2, AMD APM vol. 3, "INT") is another on
# one host, and the exception on one that names the quirk.

def hidden: [.[] | select(.type == "transition" and .cause == "interrupt") | .seq];

def gate: .quirk == "int-is-ud" or (.name == "#GP" and (.error // "" | test("[2367abef]$")));

hidden as $hidden
| [.[] | select(.type == "transition")
       | select(.cause != "interrupt" and ((.entry // -1) as $e | $hidden | index($e) | not))]
| to_entries
| sort_by(.value.pid, .key)
| .[].value
| "\(.pid) \(.from)>\(.to) \(.cause)"
  + (if .cause == "exception" and gate then " #GP gate"
     elif .cause == "exception" then " \(.name)" + (if .error then " \(.error)" else "" end) else "" end)
  + (if .number != null then " \(.name // .number)" else "" end)
  + (if .entry_name then " from \(.entry_name)" else "" end)
  + (if .result != null and (.result < 0) then " = \(.result)" else "" end)
  + (if $symbols == "full" and (.symbol // "") != "" then " @ \(.symbol)" else "" end)
