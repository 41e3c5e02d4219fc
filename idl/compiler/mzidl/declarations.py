# SPDX-License-Identifier: BSD-2-Clause
"""Types and constants in C, and the header of what all interfaces share."""

from .kinds import Leaf, Sequence, String, Struct
from .text import Text, guarded


def member(name, kind):
    return f"char {name}[{kind.bound + 1}];" if isinstance(kind, String) else f"{kind.c} {name};"


def declaration(text, declared):
    value = declared.value
    if isinstance(value, (String, Sequence)):
        if value.bound:
            text.comment(declared.comment)
            text.add(f"#define {declared.c}_MAX {value.bound}", "")
    elif isinstance(value, Struct) and value.c == f"struct {declared.c}":
        text.comment(declared.comment)
        text.add(f"{value.c} {{", *(member(*pair) for pair in value.members), "};", "")
    elif isinstance(value, Leaf) and value.c == f"enum {declared.c}":
        text.comment(declared.comment)
        scope = declared.where.scopedName()[:-1]
        names = ["_".join(["MZ", *scope, e.identifier()]).upper() for e in declared.where.enumerators()]
        text.add(f"{value.c} {{", *(f"{name}," for name in names), "};", "")
    elif isinstance(value, str):
        text.comment(declared.comment)
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        text.add(f'#define {declared.c} "{escaped}"', "")
    elif isinstance(value, int):  # a constant; another name for a type is none in C
        text.comment(declared.comment)
        text.add(f"#define {declared.c} {number(value)}", "")


def number(value):
    if isinstance(value, bool) or abs(value) < 1 << 31:
        return f"({int(value)})" if value < 0 else str(int(value))
    return f"UINT64_C({value})" if value >= 0 else f"INT64_C({value})"


def declarations(types):
    text = Text()
    for declared in types:
        declaration(text, declared)
    return text


def types_header(found):
    return guarded("types", "what interfaces share", ["marzipan/rpc.h"], str(declarations(found.types)))


def users_of(interface):
    """Headers whose types an interface's own header needs: those of its bases, and of interfaces
    whose types its operations name."""
    wanted = [base.name for base in interface.bases]
    for place in [interface.where, *(o.where for o in interface.operations)]:
        wanted += named_interfaces(place)
    own = dict.fromkeys(name for name in wanted if name != interface.name)
    return ["marzipan/types.h", *(f"marzipan/{name}.h" for name in own)]


def named_interfaces(place):
    """Interfaces in whose scope the types of an operation, or of an interface's structs, are."""
    types = []
    for part in getattr(place, "contents", list)():
        types += [m.memberType() for m in getattr(part, "members", list)()]
    for parameter in getattr(place, "parameters", list)():
        types.append(parameter.paramType())
    if hasattr(place, "returnType"):
        types.append(place.returnType())
    names = [t.scopedName() for t in types if hasattr(t, "scopedName")]
    return [name[0] for name in names if len(name) > 1]
