# SPDX-License-Identifier: BSD-2-Clause
"""Names in C, and which names of the IDL would not work there."""

from .kinds import Sequence, String

KEYWORDS = set("""
    auto break case char const continue default do double else enum extern float for goto if inline int
    long register restrict return short signed sizeof static struct switch typedef union unsigned void
    volatile while asm typeof bool true false NULL server caller errno linux unix i386
    """.split())


def scoped(decl):
    """interface::name -> [interface, name]: enumerators stand in the scope of their enum."""
    return [part.lower() for part in decl.scopedName()]


def c_name(decl):
    return "mz_" + "_".join(scoped(decl))


def constant_name(decl):
    return c_name(decl).upper()


class Names:
    """No C name twice: interface a_b with operation c would be interface a with b_c."""

    def __init__(self, report):
        self.report, self.taken = report, {}

    def take(self, c, decl):
        if c in self.taken:
            other = self.taken[c]
            self.report.fault(decl, f"'{c}' is a name in C already, from {other.file()}:{other.line()}",
                              "rename one of them")
            return False
        self.taken[c] = decl
        return True

    def identifier(self, name, decl):
        if name in KEYWORDS or name.startswith("_") or name.endswith("_"):
            self.report.fault(decl, f"'{name}' cannot be a name in C", "choose another name")

    def operation(self, operation, interface):
        decl = operation.where
        prefix = f"mz_{interface.name}_{operation.name}"
        self.identifier(operation.name, decl)
        for suffix in ("", "_try") if operation.oneway else ("", "_answer", "_reply"):
            if not self.take(prefix + suffix, decl):
                break
        local = set()
        for parameter in operation.parameters:
            own = {parameter.name}
            self.identifier(parameter.name, decl)
            if isinstance(parameter.kind, Sequence):
                own |= {f"{parameter.name}_count", f"{parameter.name}_max"}
            if isinstance(parameter.kind, String):
                own |= {f"{parameter.name}_size"}
            if own & local:
                self.report.fault(decl, f"'{(own & local).pop()}' would be two parameters in C",
                                  "rename one of them")
            local |= own
