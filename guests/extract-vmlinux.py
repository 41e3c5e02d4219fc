#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""extract-vmlinux.py BZIMAGE OUTPUT: the ELF kernel that a bzImage carries compressed.

The setup header (Documentation/arch/x86/boot.rst of Linux) tells where the payload lies; its
first bytes tell the compressor.  The payload ends with the uncompressed size, 32 bits.
"""

import struct
import subprocess
import sys
from pathlib import Path

SETUP_SECTS, MAGIC, PAYLOAD = 0x1F1, 0x202, 0x248

DECOMPRESSORS = {
    b"\x02\x21\x4c\x18": ["lz4", "-d", "-c"],
    b"\xfd7zXZ": ["xz", "-d", "-c", "--single-stream"],
    b"\x1f\x8b": ["gzip", "-d", "-c"],
    b"\x28\xb5\x2f\xfd": ["zstd", "-d", "-c"],
}


def payload_of(image):
    if image[MAGIC:MAGIC + 4] != b"HdrS":
        sys.exit("extract-vmlinux: not a bzImage: no HdrS at 0x202")
    offset, length = struct.unpack_from("<II", image, PAYLOAD)
    start = ((image[SETUP_SECTS] or 4) + 1) * 512 + offset
    if not length or start + length > len(image):
        sys.exit("extract-vmlinux: the bzImage is truncated")
    return image[start:start + length]


def decompress(payload):
    (size,) = struct.unpack_from("<I", payload, len(payload) - 4)
    for magic, command in DECOMPRESSORS.items():
        if payload.startswith(magic):
            # gzip's own trailer is that size; the others carry it as an appendix.
            data = payload if magic == b"\x1f\x8b" else payload[:-4]
            result = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True)
            if len(result.stdout) != size:
                sys.exit(f"extract-vmlinux: {len(result.stdout)} bytes instead of {size}")
            return result.stdout
    sys.exit(f"extract-vmlinux: unknown compression, starts with {payload[:4].hex()}")


def main():
    elf = decompress(payload_of(Path(sys.argv[1]).read_bytes()))
    if elf[:4] != b"\x7fELF":
        sys.exit("extract-vmlinux: the payload is not an ELF file")
    Path(sys.argv[2]).write_bytes(elf)


main()
