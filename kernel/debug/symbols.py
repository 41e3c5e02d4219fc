#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""nm -n KERNEL | symbols.py: the symbol table for backtraces, as assembly.

For each function, sorted: its address's low 32 bits, and the offset of its name
behind the table.
"""

import sys


def functions(lines):
    seen = set()
    for line in lines:
        address, kind, name = line.split()
        if kind in "tT" and not name.startswith((".", "_")) and address not in seen:
            seen.add(address)
            yield int(address, 16) & 0xFFFFFFFF, name


def main():
    symbols = list(functions(sys.stdin))
    print('.section .symbols, "a"\n.balign 4')
    offset = 0
    for address, name in symbols:
        print(f".long {address:#x}, {offset}")
        offset += len(name) + 1
    print(".long 0xffffffff, 0")
    for _, name in symbols:
        print(f'.asciz "{name}"')


main()
