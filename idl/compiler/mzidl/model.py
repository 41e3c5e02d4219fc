# SPDX-License-Identifier: BSD-2-Clause
"""What a set of IDL files says, as far as it matters for messages and C."""

from dataclasses import dataclass, field

from .kinds import Fpage, Sequence, Size, String, size_of

WORDS = 63             # message registers behind the tag
STRING_ITEMS = 16      # as many receive buffers as the buffer registers hold
INLINE_BYTES = 200     # longer strings and octet sequences are string items
ITEM_WORDS = 2
OPERATIONS = 63        # 63 itself is the implicit `version`
INTERFACES = range(1, 64)
MAJORS = range(8)


@dataclass
class Declared:
    """A type, constant or exception: `where` is omniidl's declaration."""
    name: str
    c: str
    comment: str
    where: object
    value: object = None


@dataclass
class Parameter:
    name: str
    kind: object
    is_in: bool
    is_out: bool
    place: dict = field(default_factory=dict)  # "in", "out" -> fixed, inline, string or map


@dataclass
class Message:
    """One direction of an operation. `variable`: the place of a word depends on the words before it."""
    parameters: list
    variable: bool
    words: Size    # of a message that is not variable: all untyped ones
    typed: int     # words of items

    def strings(self, way):
        return [p for p in self.parameters if p.place[way] == "string"]

    def map(self, way):
        return next((p for p in self.parameters if p.place[way] == "map"), None)


@dataclass
class Operation:
    name: str
    number: int
    oneway: bool
    parameters: list
    raises: list
    comment: str
    where: object
    request: Message = None
    reply: Message = None


@dataclass
class Interface:
    name: str
    where: object
    comment: str = ""
    number: int = 0
    major: int = 0
    minor: int = 0
    served: str = ""
    bases: list = field(default_factory=list)
    types: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    operations: list = field(default_factory=list)

    def all_bases(self):
        """Each once, the own interface not among them."""
        found = []
        for base in self.bases:
            found += [b for b in [base, *base.all_bases()] if b not in found]
        return found


@dataclass
class Set:
    """All files of one run. Types and errors are those of the file level."""
    types: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    interfaces: list = field(default_factory=list)


def inline_words(kind, width):
    """The most that a kind takes among the untyped words; None: it has no bound."""
    if kind.fixed:
        return size_of(kind).words(width)
    if isinstance(kind, (String, Sequence)):
        if not kind.bound:
            return None
        if isinstance(kind, String) or kind.bytes:
            return 1 + -(-kind.bound * 8 // width)
        return 1 + kind.bound * size_of(kind.element).words(width) if kind.element.fixed else None
    return sum(inline_words(member, width) for _, member in kind.members)


def places(parameters, way):
    """Decides where each parameter goes: PLACE[way]."""
    def total(width):
        return sum(ITEM_WORDS if p.place[way] in ("map", "string") else
                   inline_words(p.kind, width) for p in parameters)
    for p in parameters:
        kind = p.kind
        if isinstance(kind, Fpage):
            p.place[way] = "map"
        elif kind.fixed:
            p.place[way] = "fixed"
        elif isinstance(kind, String) or (isinstance(kind, Sequence) and kind.bytes):
            p.place[way] = "inline" if 0 < kind.bound <= INLINE_BYTES else "string"
        else:
            p.place[way] = "string" if isinstance(kind, Sequence) else "inline"
    for p in parameters:  # sequences of other things, as long as there is room
        if p.place[way] == "string" and isinstance(p.kind, Sequence) and not p.kind.bytes:
            if inline_words(p.kind, 32) is not None:
                p.place[way] = "inline"
                if max(total(32), total(64)) > WORDS:
                    p.place[way] = "string"
    return max(total(32), total(64))


def message(parameters, way):
    """(Message, the most words it may have)"""
    most = places(parameters, way)
    items = [p for p in parameters if p.place[way] in ("string", "map")]
    variable = any(p.place[way] == "inline" for p in parameters)
    words = Size()
    if not variable:
        for p in parameters:
            words += size_of(p.kind) if p.place[way] == "fixed" else Size()
    return Message(parameters, variable, words, ITEM_WORDS * len(items)), most
