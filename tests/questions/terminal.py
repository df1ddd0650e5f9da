#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""terminal.py: runs a command on a terminal of its own, and tells what appeared there.

Usage: terminal.py [--stdout FILE] [--input] COMMAND...
Standard error is the terminal; standard output too, unless --stdout sends it to a file; standard input is the terminal
with --input, else empty. Prints a JSON object: `raw`, everything that came, `screen`, the lines that it leaves (carriage
return, line feed and "erase to the end of the line" are known), `times`, when each piece came in seconds, `status`.
"""
import json
import os
import pty
import subprocess
import sys
import time

arguments = sys.argv[1:]
stdout = None
stdin = subprocess.DEVNULL
if arguments[0] == "--stdout":
    stdout = open(arguments[1], "wb")
    arguments = arguments[2:]
master, slave = pty.openpty()
if arguments[0] == "--input":
    stdin = slave
    arguments = arguments[1:]
process = subprocess.Popen(arguments, stdin=stdin, stdout=stdout or slave, stderr=slave, start_new_session=True)
os.close(slave)
pieces, times, start = [], [], time.monotonic()
while True:
    try:
        piece = os.read(master, 4096)
    except OSError:  # the terminal's last user is gone
        break
    if not piece:
        break
    pieces.append(piece.decode("utf-8", "replace"))
    times.append(round(time.monotonic() - start, 2))
status = process.wait()

lines, column, raw = [""], 0, "".join(pieces)
i = 0
while i < len(raw):
    if raw.startswith("\x1b[K", i):
        lines[-1] = lines[-1][:column]
        i += 3
        continue
    if raw[i] == "\r":
        column = 0
    elif raw[i] == "\n":
        lines.append("")
        column = 0
    else:
        lines[-1] = lines[-1][:column].ljust(column) + raw[i] + lines[-1][column + 1:]
        column += 1
    i += 1
json.dump({"raw": raw, "screen": lines, "times": times, "status": status}, sys.stdout)
