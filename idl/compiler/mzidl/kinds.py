# SPDX-License-Identifier: BSD-2-Clause
"""The kinds of values: what each is in C, and how it is written into the words of a message."""


class Leaf:
    """What takes one word of a message, or two if it has 64 bits: `form` is bool, int, enum or
    thread, `limit` the number of an enum's members."""

    fixed = True

    def __init__(self, idl, c, bits, form="int", signed=False, limit=None):
        self.idl, self.c, self.bits, self.form = idl, c, bits, form
        self.signed, self.limit = signed, limit

    def leaves(self, value):
        return [(value, self)]

    def to_word(self, x):
        if self.form == "thread":
            return f"{x[1:]}->raw" if x.startswith("*") else f"{x}.raw"
        if self.form == "enum" or (self.signed and self.bits < 64):
            return f"(uint{self.bits}_t){x}"
        return x

    def from_word(self, w):
        return f"(L4_ThreadId_t){{.raw = {w}}}" if self.form == "thread" else f"({self.c}){w}"

    def wrong(self, w):
        """The condition under which word W is no such value; None: any word is one."""
        if self.form == "thread":
            return f"!mz_is_global({w})"
        if self.form == "enum":
            return f"{w} >= {self.limit}"
        return {1: f"{w} > 1", 8: f"{w} > 0xff", 16: f"{w} > 0xffff"}.get(self.bits)

    def wrong_raw(self, x):
        """The same for a variable that arrived as a part of a string item."""
        if self.form == "bool":
            return f"*(const uint8_t *)&{x} > 1"
        return self.wrong(self.to_word(x)) if self.form in ("enum", "thread") else None


class Struct:
    """Its members stand one after the other."""

    def __init__(self, idl, c, members):
        self.idl, self.c, self.members = idl, c, members
        self.fixed = all(kind.fixed for _, kind in members)

    def leaves(self, value):
        """Of a struct, given as an expression that '.' or '->' may follow."""
        dot = "" if value.endswith("->") else "."
        return [pair for name, kind in self.members
                for pair in ([(f"{value}{dot}{name}", kind)] if isinstance(kind, String)
                             else kind.leaves(f"{value}{dot}{name}"))]


class String:
    """Text without NUL; in C it has one behind it."""

    fixed = False
    c = "char"

    def __init__(self, bound):
        self.bound = bound
        self.idl = f"string<{bound}>" if bound else "string"


class Sequence:
    """A count, and elements of a fixed size."""

    fixed = False

    def __init__(self, element, bound):
        self.element, self.bound = element, bound
        self.idl = f"sequence<{element.idl}, {bound}>" if bound else f"sequence<{element.idl}>"

    @property
    def bytes(self):
        """Packed, and not one in each word?"""
        return isinstance(self.element, Leaf) and self.element.bits == 8


class Fpage:
    """A map item."""

    fixed = True
    idl = "fpage"
    c = "struct mz_fpage"


class Size:
    """Words that are the same on both widths, and values of 64 bits, which are not."""

    def __init__(self, ones=0, longs=0):
        self.ones, self.longs = ones, longs

    def __add__(self, other):
        return Size(self.ones + other.ones, self.longs + other.longs)

    def words(self, width):
        return self.ones + self.longs * 64 // width

    def __str__(self):
        longs = "MZ_LONG" if self.longs == 1 else f"{self.longs} * MZ_LONG"
        return str(self.ones) if not self.longs else f"{self.ones} + {longs}" if self.ones else longs


def size_of(kind):
    """Of a fixed kind."""
    if isinstance(kind, Fpage):
        return Size()
    total = Size()
    for _, leaf in kind.leaves("x"):
        total += Size(longs=1) if leaf.bits == 64 else Size(ones=1)
    return total


INT = {"short": ("int16_t", 16, True), "long": ("int32_t", 32, True),
       "long long": ("int64_t", 64, True), "unsigned short": ("uint16_t", 16, False),
       "unsigned long": ("uint32_t", 32, False), "unsigned long long": ("uint64_t", 64, False),
       "octet": ("uint8_t", 8, False), "char": ("char", 8, True)}


def integer(idl):
    c, bits, signed = INT[idl]
    return Leaf(idl, c, bits, signed=signed)


BOOLEAN = Leaf("boolean", "bool", 1, form="bool")
THREAD = Leaf("thread", "L4_ThreadId_t", 0, form="thread")
