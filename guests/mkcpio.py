#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""mkcpio.py OUTPUT NAME=SOURCE...: an initramfs ("newc" cpio) that is the same at each build.

SOURCE is a file or a folder, `dir` an empty folder, `->TARGET` a symbolic link, `char:MAJOR,MINOR`
a device.  Entries are sorted and have no owner, no time and no inode of the build machine.
"""

import stat
import sys
from pathlib import Path


def entries_of(name, source):
    """(name, mode, data, device) of one argument."""
    if source == "dir":
        yield name, stat.S_IFDIR | 0o755, b"", (0, 0)
    elif source.startswith("->"):
        yield name, stat.S_IFLNK | 0o777, source[2:].encode(), (0, 0)
    elif source.startswith("char:"):
        yield name, stat.S_IFCHR | 0o600, b"", tuple(map(int, source[5:].split(",")))
    elif Path(source).is_dir():
        for path in Path(source).rglob("*"):
            inner = f"{name}/{path.relative_to(source)}"
            yield from entries_of(inner, "dir" if path.is_dir() else str(path))
    else:
        path = Path(source)
        mode = 0o755 if path.stat().st_mode & 0o111 else 0o644
        yield name, stat.S_IFREG | mode, path.read_bytes(), (0, 0)


def pad(data):
    return data + bytes(-len(data) % 4)


def record(number, name, mode, data, device):
    links = 2 if stat.S_ISDIR(mode) else 1
    fields = (number, mode, 0, 0, links, 0, len(data), 0, 0, *device, len(name) + 1, 0)
    head = "070701" + "".join(f"{field:08X}" for field in fields)
    return pad(head.encode() + name.encode() + b"\0") + pad(data)


def main():
    output, *arguments = sys.argv[1:]
    entries = {}
    for argument in arguments:
        for entry in entries_of(*argument.split("=", 1)):
            entries[entry[0]] = entry
            for parent in Path(entry[0]).parents:
                if str(parent) != ".":
                    entries.setdefault(str(parent), next(entries_of(str(parent), "dir")))
    archive = b"".join(record(i, *entries[name]) for i, name in enumerate(sorted(entries), 1))
    archive += record(0, "TRAILER!!!", 0, b"", (0, 0))
    Path(output).write_bytes(archive + bytes(-len(archive) % 512))


main()
