# SPDX-License-Identifier: BSD-2-Clause
"""The command, and small files that look, or nearly look, like what a system boots."""

import gzip
import struct
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
MARZIPAN = TOP / "build" / "marzipan"

COMMANDS = ["check", "graph", "build", "run", "iso", "ps", "top", "start", "stop", "pause", "resume",
            "reset", "kill", "destroy", "log", "services", "console", "quota", "trace", "schema", "help",
            "version"]

# A description of two VMs that these images allow.
SYSTEM = "defaults: { kernel: linux, memory: 64M }\nvms: { anna: {}, bert: { initrd: none } }\n"

PT_LOAD, PT_INTERP, PT_NOTE = 1, 3, 4
ET_REL, ET_EXEC, ET_DYN = 1, 2, 3
X86_64, ARM64 = 62, 183
PVH_NOTE = struct.pack("<III4sI", 4, 4, 18, b"Xen\0", 0x1000000)


def elf(segments, kind=ET_EXEC, machine=X86_64):
    """An ELF64 file of (type, content, address) segments."""
    offset = 64 + 56 * len(segments)
    table, content = b"", b""
    for type_, data, address in segments:
        table += struct.pack("<IIQQQQQQ", type_, 5, offset + len(content), address, address,
                             len(data), len(data), 8)
        content += data
    header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", kind, machine, 1, 0x1000000,
                         64 if segments else 0, 0, 0, 64, 56, len(segments), 0, 0, 0)
    return header + table + content


def bzimage(protocol=0x020f, size=4096, init_size=32 << 20):
    image = bytearray(1024)
    image[0x1f1] = 1
    struct.pack_into("<I", image, 0x1f4, size // 16)
    struct.pack_into("<H", image, 0x1fe, 0xaa55)
    image[0x202:0x206] = b"HdrS"
    struct.pack_into("<H", image, 0x206, protocol)
    image[0x211] = 1
    struct.pack_into("<QI", image, 0x258, 16 << 20, init_size)
    return bytes(image) + bytes(size)


def cpio(files):
    archive = b""
    for name, data in [*files, ("TRAILER!!!", b"")]:
        fields = [0, 0o100644, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
        archive += b"070701" + b"".join(b"%08x" % field for field in fields)
        archive += name.encode() + b"\0"
        archive += bytes(-len(archive) % 4) + data
        archive += bytes(-len(archive) % 4)
    return archive


CODE = b"Linux version 6.1\0" + bytes(4078)
KERNEL = elf([(PT_LOAD, CODE, 0x1000000), (PT_NOTE, PVH_NOTE, 0)])
PROGRAM = elf([(PT_LOAD, bytes(4096), 0x400000)])
INITRD = cpio([("init", b"#!/bin/sh\n" * 100)])

FILES = {
    "guests/linux/vmlinux": KERNEL,
    "guests/busybox.cpio": INITRD,
    "program": PROGRAM,
    "bzimage": bzimage(),
    "initrd.cpio": INITRD,
    "initrd.gz": gzip.compress(INITRD, mtime=0),
    "notes.txt": b"This is no kernel.\n",
    "empty": b"",
    "linux.deb": b"!<arch>\ndebian-binary   ",
    "arm": elf([(PT_LOAD, CODE, 0)], machine=ARM64),
    "object.o": elf([], kind=ET_REL),
    "dynamic": elf([(PT_INTERP, b"/lib64/ld.so\0", 0), (PT_LOAD, CODE, 0)], kind=ET_DYN),
    "old-bzimage": bzimage(protocol=0x0204),
    "truncated-elf": KERNEL[:2000],
    "truncated-table": KERNEL[:100],
    "truncated-stub": KERNEL[:40],
    "truncated-bzimage": bzimage()[:3000],
    "truncated-header": bzimage()[:0x230],
    "truncated.cpio": INITRD[:400],
    "damaged.cpio": INITRD[:1116] + b"x" * len(INITRD[1116:]),
}


def make(folder):
    """Write all of them, and stand-ins for the files of the system itself."""
    for name, data in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for name in ("loader", "almond", "sigma0", "monitor", "vmm", "shell"):
        (folder / name).write_bytes(PROGRAM)
