# SPDX-License-Identifier: MIT
"""tree_list: a file tree as lines: what two runs leave behind must be the same."""
import hashlib
import os
import stat

KINDS = {stat.S_IFDIR: "d", stat.S_IFREG: "-", stat.S_IFLNK: "l", stat.S_IFIFO: "p", stat.S_IFSOCK: "s", stat.S_IFCHR: "c"}


def link(target):
    """What is said of a symbolic link."""
    return "-> " + target


def regular(size, links, digest):
    """What is said of a regular file."""
    return f"{size} bytes, links {links}, sha256 {digest}"


def line(mode, owner, path, content, changed, now):
    """One file: kind, mode, owner, path, content; and when it changed, unless that is `now` (seconds) or later."""
    time = f" changed {changed}" if changed < now - 1 else ""
    return f"{KINDS.get(stat.S_IFMT(mode), '?')}{stat.S_IMODE(mode):04o} {owner} {path} {content}{time}"


def _content(path, info):
    if stat.S_ISLNK(info.st_mode):
        return link(os.readlink(path))
    if stat.S_ISREG(info.st_mode):
        with open(path, "rb") as file:
            return regular(info.st_size, info.st_nlink, hashlib.sha256(file.read()).hexdigest())
    return ""


def lines(top, now):
    """The lines of all files below `top`."""
    result = []
    for directory, directories, files in os.walk(top):
        directories.sort()
        for name in sorted(directories + files):
            path = os.path.join(directory, name)
            info = os.lstat(path)
            result.append(line(info.st_mode, f"{info.st_uid}:{info.st_gid}", os.path.relpath(path, top),
                               _content(path, info), int(info.st_mtime), now))
    return sorted(result)
