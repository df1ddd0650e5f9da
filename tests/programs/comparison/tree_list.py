# SPDX-License-Identifier: MIT
"""tree_list: a file tree as lines: what two runs leave behind must be the same."""
import hashlib
import os
import stat

KINDS = {stat.S_IFDIR: "d", stat.S_IFREG: "-", stat.S_IFLNK: "l", stat.S_IFIFO: "p", stat.S_IFSOCK: "s", stat.S_IFCHR: "c"}


def _content(path, info):
    if stat.S_ISLNK(info.st_mode):
        return "-> " + os.readlink(path)
    if stat.S_ISREG(info.st_mode):
        with open(path, "rb") as file:
            return f"{info.st_size} bytes, links {info.st_nlink}, sha256 {hashlib.sha256(file.read()).hexdigest()}"
    return ""


def lines(top, now):
    """For each file below `top`: kind, mode, owner, path, content; and its time unless it is `now` (seconds) or later."""
    result = []
    for directory, directories, files in os.walk(top):
        directories.sort()
        for name in sorted(directories + files):
            path = os.path.join(directory, name)
            info = os.lstat(path)
            changed = f" changed {int(info.st_mtime)}" if info.st_mtime < now - 1 else ""
            result.append(f"{KINDS.get(stat.S_IFMT(info.st_mode), '?')}{stat.S_IMODE(info.st_mode):04o} "
                          f"{info.st_uid}:{info.st_gid} {os.path.relpath(path, top)} {_content(path, info)}{changed}")
    return sorted(result)
