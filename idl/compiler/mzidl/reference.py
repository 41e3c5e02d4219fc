# SPDX-License-Identifier: BSD-2-Clause
"""docs/interfaces.md: what the IDL's comments say, for people."""

from .kinds import Leaf, Sequence, String, Struct

HEAD = """<!-- SPDX-License-Identifier: BSD-2-Clause -->
<!-- Made by the IDL compiler from the comments in idl/*.idl: run `make schema`, do not write here. -->
# The interfaces

What protection domains can ask of each other. [idl.md](idl.md) tells how calls are made, what a message looks like, and how
to write an interface or a server. Any call may also fail with an error of [all interfaces](#errors-of-all-interfaces).
"""


def flowing(comment):
    """One line; the text of a table's cell."""
    return " ".join(comment.split()).replace("|", "\\|")


def signature(operation):
    """name(what goes in) → what comes out"""
    def listed(way):
        return ", ".join(p.kind.idl if p.name == "result" else f"{p.kind.idl} {p.name}"
                         for p in operation.parameters if getattr(p, way))
    back = listed("is_out")
    word = "oneway " if operation.oneway else ""
    return f"`{word}{operation.name}({listed('is_in')}){f' → {back}' if back else ''}`"


def type_text(declared):
    value = declared.value
    if isinstance(value, Struct) and value.idl == declared.name:
        members = "; ".join(f"{kind.idl} {name}" for name, kind in value.members)
        return f"struct {declared.name} {{ {members} }}"
    if isinstance(value, Leaf) and value.form == "enum" and value.idl == declared.name:
        names = ", ".join(e.identifier() for e in declared.where.enumerators())
        return f"enum {declared.name} {{ {names} }}"
    if isinstance(value, (Leaf, Struct, String, Sequence)):
        return f"typedef {value.idl} {declared.name}"
    return f'{declared.name} = "{value}"' if isinstance(value, str) else f"{declared.name} = {value}"


def types_table(types):
    if not types:
        return []
    return ["| type or constant | |", "|---|---|",
            *(f"| `{type_text(declared)}` | {flowing(declared.comment)} |" for declared in types), ""]


def errors_table(errors):
    if not errors:
        return []
    return ["| error | |", "|---|---|", *(f"| `{e.name}` | {flowing(e.comment)} |" for e in errors), ""]


def interface_text(interface):
    derived = f", derived from {', '.join(b.name for b in interface.bases)}" if interface.bases else ""
    lines = [f"### {interface.name}",
             f"Number {interface.number}, version {interface.major}.{interface.minor}{derived}"
             f"{f'; served by {interface.served}' if interface.served else ''}.", ""]
    if interface.comment:
        lines += [interface.comment, ""]
    lines += types_table(interface.types) + errors_table(interface.errors)
    lines += ["| call | | errors |", "|---|---|---|"]
    for operation in interface.operations:
        errors = ", ".join(f"`{e.name}`" for e in operation.raises) or "–"
        lines.append(f"| {signature(operation)} | {flowing(operation.comment)} | {errors} |")
    return [*lines, ""]


def group(title, interfaces, nothing):
    lines = [f"## {title}"]
    if not interfaces:
        return [*lines, nothing, ""]
    lines += [", ".join(f"[{i.name}](#{i.name})" for i in interfaces) + ".", ""]
    for interface in interfaces:
        lines += interface_text(interface)
    return lines


def reference(found):
    ordered = sorted(found.interfaces, key=lambda i: i.number)
    lines = group("Served today", [i for i in ordered if i.served],
                  "None.")
    lines += group("Written down, not served yet", [i for i in ordered if not i.served], "None.")
    if found.types:
        lines += ["## Types of all interfaces", *types_table(found.types)]
    lines += ["## Errors of all interfaces", *errors_table(found.errors)]
    return HEAD + "\n" + "\n".join(lines).rstrip("\n") + "\n"
