# SPDX-License-Identifier: BSD-2-Clause
"""What writing values into a message and reading them from one have in common.

A message without strings and sequences among its words has each value at a place that is known:
mz_set() and mz_get() with constants. Else words are written and read one after the other.
"""

from .kinds import Leaf, String, Struct


def value_of(p, pointer):
    """The expression for a parameter that .leaves() takes."""
    if isinstance(p.kind, Struct):
        return f"{p.name}->" if pointer else p.name
    return f"*{p.name}" if pointer and isinstance(p.kind, Leaf) else p.name


def is_pointer(p, side):
    """Is the parameter a pointer to its value in functions of this side?"""
    if side == "later":
        return isinstance(p.kind, Struct)
    if side == "server":
        return False
    return p.is_out or isinstance(p.kind, Struct)


def limit(kind):
    """Elements or characters that there may be."""
    if kind.bound:
        return str(kind.bound)
    return "MZ_TEXT_MAX" if isinstance(kind, String) else f"MZ_STRING_MAX / sizeof({kind.element.c})"


def item_bytes(p):
    """Of the string item for a parameter."""
    return f"{p.name}_length + 1" if isinstance(p.kind, String) else f"{p.name}_count * sizeof(*{p.name})"


class Fields:
    def __init__(self, text, message, way, side):
        self.text, self.message, self.way, self.side = text, message, way, side

    def parameters(self, *wanted):
        return [p for p in self.message.parameters if p.place[self.way] in wanted]

    def leaves(self, p):
        return p.kind.leaves(value_of(p, is_pointer(p, self.side)))

    def condition(self, wrong):
        """One of them a line."""
        for number, part in enumerate(wrong):
            end = " ||" if number + 1 < len(wrong) else "))"
            self.text.add(f"{' ' * 8 if number else 'if (MZ_UNLIKELY('}{part}{end}")
