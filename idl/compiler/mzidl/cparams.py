# SPDX-License-Identifier: BSD-2-Clause
"""Parameters of the C functions: stubs that clients call, functions that servers write."""

from .kinds import Fpage, Leaf, Sequence, String


def given(p):
    """What is handed over: a client's in parameters, and a server's results in a later reply."""
    kind, name = p.kind, p.name
    if isinstance(kind, String):
        return f"const char *{name}"
    if isinstance(kind, Sequence):
        return f"const {kind.element.c} *{name}, uint32_t {name}_count"
    if isinstance(kind, (Leaf, Fpage)):
        return f"{kind.c} {name}"
    return f"const {kind.c} *{name}"


def filled(p):
    """What the other side fills in, with a place that is large enough."""
    kind, name = p.kind, p.name
    if isinstance(kind, String):
        return f"char {name}[static {kind.bound + 1}]"
    if isinstance(kind, Sequence):
        return f"{kind.element.c} {name}[static {kind.bound}], uint32_t *{name}_count"
    return f"{kind.c} *{name}"


def client(p):
    kind, name = p.kind, p.name
    if not p.is_out:
        return given(p)
    if isinstance(kind, Fpage):
        return f"L4_Fpage_t {name}_window, {kind.c} *{name}"
    if p.place["out"] != "string":
        return filled(p)
    if isinstance(kind, String):
        return f"char *{name}, size_t {name}_size"
    return f"{kind.element.c} *{name}, uint32_t {name}_max, uint32_t *{name}_count"


def server(p):
    """Long results are pointers to what the server has: it stays there until the reply is sent."""
    if not p.is_out:
        return given(p)
    if p.place["out"] != "string":
        return filled(p)
    if isinstance(p.kind, String):
        return f"const char **{p.name}"
    return f"const {p.kind.element.c} **{p.name}, uint32_t *{p.name}_count"


def later(p):
    """In functions that write a reply."""
    return given(p)



def prototype(result, name, arguments):
    return f"{result} {name}({', '.join(arguments)})"
