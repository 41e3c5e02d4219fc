# SPDX-License-Identifier: BSD-2-Clause
"""From omniidl's types to ours, and what of CORBA there is not."""

from omniidl import idlast, idltype

from .kinds import BOOLEAN, Fpage, Leaf, Sequence, String, Struct, THREAD, integer

INTEGERS = {idltype.tk_short: "short", idltype.tk_long: "long", idltype.tk_longlong: "long long",
            idltype.tk_ushort: "unsigned short", idltype.tk_ulong: "unsigned long",
            idltype.tk_ulonglong: "unsigned long long", idltype.tk_octet: "octet", idltype.tk_char: "char"}
REFUSED = {
    idltype.tk_float: ("float", "send a scaled integer"),
    idltype.tk_double: ("double", "send a scaled integer"),
    idltype.tk_longdouble: ("long double", "send a scaled integer"),
    idltype.tk_fixed: ("fixed", "send a scaled integer"),
    idltype.tk_any: ("any", "write an operation for each type"),
    idltype.tk_TypeCode: ("TypeCode", "write an operation for each type"),
    idltype.tk_union: ("union", "write an operation for each of its cases"),
    idltype.ot_unionforward: ("union", "write an operation for each of its cases"),
    idltype.tk_wchar: ("wchar", "send UTF-8 in a string"),
    idltype.tk_wstring: ("wstring", "send UTF-8 in a string"),
    idltype.tk_array: ("array", "write a sequence with a bound"),
    idltype.tk_objref: ("object reference", "send a thread, which serves the interface"),
    idltype.tk_abstract_interface: ("object reference", "send a thread, which serves the interface"),
    idltype.tk_local_interface: ("object reference", "send a thread, which serves the interface"),
    idltype.tk_value: ("valuetype", "write a struct"),
    idltype.tk_value_box: ("valuetype", "write a struct"),
}
RECURSIVE = ("type that contains itself",
             "send a flat sequence, whose elements refer to each other by index")
LONGEST = (1 << 22) - 1  # bytes of a string item where words have 32 bits


def bytes_of(kind):
    """(size, alignment) of a variable in C, where it is largest."""
    if isinstance(kind, String):
        return kind.bound + 1, 1
    if isinstance(kind, Leaf):
        size = 8 if kind.form == "thread" else max(kind.bits // 8, 1)
        return size, size
    end, most = 0, 1
    for _, member in kind.members:
        size, alignment = bytes_of(member)
        end = -(-end // alignment) * alignment + size
        most = max(most, alignment)
    return -(-end // most) * most, most


class Types:
    """Knows the C names: c_names maps a scoped name to one."""

    def __init__(self, report, c_name):
        self.report, self.c_name, self.made, self.open = report, c_name, {}, set()

    def refuse(self, place, what):
        self.report.fault(place, f"interfaces have no {what[0]}", what[1])
        return BOOLEAN

    def kind(self, type_, place):
        """PLACE is the declaration that uses the type."""
        number = type_.kind()
        if number == idltype.tk_alias:
            return self.alias(type_.decl(), place)
        if number in INTEGERS:
            return integer(INTEGERS[number])
        if number == idltype.tk_boolean:
            return BOOLEAN
        if number == idltype.tk_string:
            return self.bounded(String(type_.bound()), 1, place)
        if number == idltype.tk_sequence:
            return self.sequence(type_, place)
        if number == idltype.tk_native:
            return self.native(type_, place)
        if number == idltype.tk_enum:
            return self.enum(type_.decl())
        if number in (idltype.tk_struct, idltype.ot_structforward):
            return self.struct(type_.decl(), place)
        return self.refuse(place, REFUSED.get(number, ("such type", "see docs/idl.md")))

    def alias(self, declarator, place):
        if declarator.sizes():
            return self.refuse(place, REFUSED[idltype.tk_array])
        return self.kind(declarator.alias().aliasType(), place)

    def bounded(self, kind, size, place):
        if kind.bound * size + isinstance(kind, String) > LONGEST:
            self.report.fault(place, f"{kind.idl} may be longer than 4 MiB",
                              "lower its bound, and send it in parts")
        return kind

    def native(self, type_, place):
        if type_.name() == "thread":
            return THREAD
        if type_.name() == "fpage":
            return Fpage()
        self.report.fault(place, f"unknown native type '{type_.name()}'", "there are fpage and thread")
        return BOOLEAN

    def sequence(self, type_, place):
        element = self.kind(type_.seqType(), place)
        whole = isinstance(element, Leaf) or (isinstance(element, Struct) and self.is_flat(element))
        if not whole:
            self.report.fault(place, f"a sequence of {element.idl}",
                              "a sequence's elements are numbers, or structs of numbers and bounded strings")
            element = BOOLEAN
        return self.bounded(Sequence(element, type_.bound()), bytes_of(element)[0], place)

    def is_flat(self, struct):
        return all(isinstance(kind, (Leaf, String)) or (isinstance(kind, Struct) and self.is_flat(kind))
                   for _, kind in struct.members)

    def enum(self, decl):
        if id(decl) not in self.made:
            self.made[id(decl)] = Leaf(decl.identifier(), f"enum {self.c_name(decl)}", 32, form="enum",
                                       limit=len(decl.enumerators()))
        return self.made[id(decl)]

    def struct(self, decl, place):
        decl = decl.fullDecl()
        if not isinstance(decl, idlast.Struct) or decl.recursive() or id(decl) in self.open:
            return self.refuse(place, RECURSIVE)
        if id(decl) not in self.made:
            self.open.add(id(decl))
            members = [(declarator.identifier(), self.member(member, declarator))
                       for member in decl.members() for declarator in member.declarators()]
            self.open.discard(id(decl))
            self.made[id(decl)] = Struct(decl.identifier(), f"struct {self.c_name(decl)}", members)
        return self.made[id(decl)]

    def member(self, member, declarator):
        if declarator.sizes():
            return self.refuse(member, REFUSED[idltype.tk_array])
        kind = self.kind(member.memberType(), member)
        if isinstance(kind, (Fpage, Sequence)) or (isinstance(kind, String) and not kind.bound):
            self.report.fault(member, f"{kind.idl} in a struct",
                              "make it a parameter of its own; a struct may have strings with a bound")
            return BOOLEAN
        return kind
