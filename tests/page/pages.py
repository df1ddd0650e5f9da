# SPDX-License-Identifier: MIT
"""pages.py: the pages that the tests open, each made once, and the events in them as an independent reader sees them."""
import os
import subprocess

import generate

BUSYBOX = "/bin/busybox"


class Skip(Exception):
    """Why a test cannot run here."""


class Pages:
    def __init__(self, build):
        self.build = build
        self.folder = os.path.join(build, "tests", "page")
        os.makedirs(self.folder, exist_ok=True)
        self.known = {}

    def path(self, name):
        return os.path.join(self.folder, f"{name}.html")

    def vmm(self, name, *arguments, stdin=None, limit=None):
        """Runs vmm with --format html; returns the path of the page."""
        path = self.path(name)
        if name in self.known:
            return path
        if not os.access("/dev/kvm", os.R_OK | os.W_OK):
            raise Skip("/dev/kvm is not usable here")
        command = [f"{self.build}/vmm", "-f", "html", "-o", path, *arguments]
        if limit:
            # POSIX: blocks of 512 bytes
            command = ["sh", "-c", f"ulimit -f {limit}; exec \"$@\"", "sh", *command]
        subprocess.run(command, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       timeout=120, check=False)
        self.known[name] = None
        return path

    def tour(self):
        return self.vmm("tour", f"{self.build}/guest.elf")

    def shell(self):
        if not os.access(BUSYBOX, os.X_OK):
            raise Skip("no static busybox")
        return self.vmm("shell", BUSYBOX, "sh", "-c", "echo hi | wc -c; ls / >/dev/null; cat /none")

    def cpus(self):
        if not os.access(BUSYBOX, os.X_OK):
            raise Skip("no static busybox")
        return self.vmm("cpus", "--cpus", "2", BUSYBOX, "sh", "-c", "echo hi & echo ho; wait")

    def big(self):
        """100,000 events"""
        path = self.path("big")
        if "big" not in self.known:
            with open(self.shell(), encoding="utf-8") as page:
                head, events = generate.split(page.read())
            with open(path, "w", encoding="utf-8") as out:
                generate.write(head, generate.repeat(events, 100000), out)
            self.known["big"] = None
        return path

    def events(self, path):
        if self.known.get(path) is None:
            with open(path, encoding="utf-8", newline="\n") as page:
                self.known[path] = generate.split(page.read())[1]
        return self.known[path]

    def write(self, name, text):
        """A page of the test's own making; text: bytes."""
        with open(self.path(name), "wb") as out:
            out.write(text)
        return self.path(name)
