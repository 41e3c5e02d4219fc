# SPDX-License-Identifier: BSD-2-Clause
"""What omniidl's tree says of its source: comments, and `#pragma mz` lines."""

import re
import sys
from functools import cache
from pathlib import Path

PRAGMA = re.compile(r"mz\s+(interface|version|served)\s+(\w+)\s+(.+?)\s*$")
NUMBER = re.compile(r"\d+$")
VERSION = re.compile(r"(\d+)\.(\d+)$")
CHILDREN = ("declarations", "contents", "members", "parameters", "cases", "enumerators", "declarators")


@cache
def lines_of(file):
    """The preprocessor names an included file as its #include does, and not where it was found."""
    try:
        return Path(file).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        sys.stderr.write(f"{file}: error: there is no such file in this folder\n  remedy: run the "
                         "compiler where the names of included files lead from, with -I.\n")
        sys.exit(1)


def comment(where):
    """The // lines that stand directly above a declaration, one string with their line breaks."""
    lines, number, found = lines_of(where.file()), where.line() - 1, []
    while number > 0 and lines[number - 1].strip().startswith("//"):
        number -= 1
        found.insert(0, lines[number].strip()[2:].removeprefix(" ").rstrip())
    return "\n".join(line for line in found if not line.startswith("SPDX-License-Identifier"))


def all_pragmas(node, seen=None):
    """Of a tree or declaration and all below it, each once."""
    seen = set() if seen is None else seen
    if id(node) in seen:
        return []
    seen.add(id(node))
    found = list(node.pragmas())
    for child in CHILDREN:
        for below in getattr(node, child, list)() or []:
            if hasattr(below, "pragmas"):
                found += all_pragmas(below, seen)
    return found


class Pragmas:
    """What the pragmas say of interfaces: kind -> name -> (text, pragma)."""

    def __init__(self, tree, report):
        self.report, self.said = report, {"interface": {}, "version": {}, "served": {}}
        for pragma in all_pragmas(tree):
            self.take(pragma)

    def take(self, pragma):
        match = PRAGMA.match(pragma.text())
        if not match:
            self.report.fault(pragma, f"unknown pragma '{pragma.text()}'",
                              "there are '#pragma mz interface NAME NUMBER', "
                              "'#pragma mz version NAME MAJOR.MINOR' and '#pragma mz served NAME WHO'")
            return
        kind, name, text = match.groups()
        if name in self.said[kind]:
            self.report.fault(pragma, f"a second pragma {kind} for '{name}'", "remove one of them")
        self.said[kind][name] = (text, pragma)

    def number(self, name):
        """(number, pragma), or (None, None) if there is none."""
        text, pragma = self.said["interface"].get(name, (None, None))
        if text is not None and not NUMBER.match(text):
            self.report.fault(pragma, f"'{text}' is no interface number", "write a number from 1 to 63")
            return None, pragma
        return (int(text), pragma) if text else (None, None)

    def version(self, name):
        text, pragma = self.said["version"].get(name, ("", None))
        match = VERSION.match(text)
        if pragma and not match:
            self.report.fault(pragma, f"'{text}' is no version", "write MAJOR.MINOR, such as 1.0")
        return (tuple(map(int, match.groups())) if match else None), pragma

    def served(self, name):
        return self.said["served"].get(name, ("", None))[0]

    def check_names(self, names):
        for said in self.said.values():
            for name, (_, pragma) in said.items():
                if name not in names:
                    self.report.fault(pragma, f"there is no interface '{name}'",
                                      "write the pragma into the interface's file, with its name")
