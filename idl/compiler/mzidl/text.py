# SPDX-License-Identifier: BSD-2-Clause
"""C text: indentation, comments, files that appear at once or not at all."""

import os
from pathlib import Path


WIDTH = 100


def fill(line):
    """A line that is too long, with breaks after commas; continuations begin behind the first '('."""
    column = line.find("(") + 1
    if len(line) <= WIDTH or not column:
        return [line]
    lines, rest = [], line
    broken = " \\" if line.startswith("#") else ""
    while len(rest) > WIDTH:
        end = rest.rfind(", ", column, WIDTH - len(broken))
        if end < 0:
            break
        lines.append(rest[:end + 1] + broken)
        rest = " " * column + rest[end + 2:]
    return [*lines, rest]


class Text:
    """Lines of C. Braces at the ends of lines indent what follows."""

    def __init__(self):
        self.lines, self.depth = [], 0

    def add(self, *lines):
        for line in lines:
            self.line(line)

    def line(self, line):
        if line.startswith("}") or line == "};":
            self.depth -= 1
        outdented = line.startswith(("case ", "default:"))
        indent = "" if line.startswith("#") else "    " * (self.depth - outdented)
        self.lines += fill(f"{indent}{line}") if line else [""]
        if line.endswith("{"):
            self.depth += 1

    def include(self, text):
        """Of another Text: its lines as they are."""
        self.lines += str(text).rstrip("\n").split("\n") + [""]

    def comment(self, text):
        lines = text.split("\n") if text else []
        if len(lines) == 1:
            self.add(f"/* {lines[0]} */")
        elif lines:
            self.add("/*", *(f" * {line}".rstrip() for line in lines), " */")

    def function(self, prototype, body):
        """BODY adds its lines to a Text."""
        self.add(prototype, "{")
        body()
        self.add("}", "")

    def __str__(self):
        return "\n".join(self.lines) + "\n"


def write(path, text):
    """Another make may read the file just now."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def head(what):
    return f"/* SPDX-License-Identifier: BSD-2-Clause */\n/* Made by idl/compiler: {what} */\n"


def guarded(name, what, includes, body):
    guard = f"MARZIPAN_{name}_H".upper()
    lines = "".join(f"#include <{include}>\n" for include in includes)
    return f"{head(what)}#ifndef {guard}\n#define {guard}\n\n{lines}\n{body.strip(chr(10))}\n\n#endif\n"
