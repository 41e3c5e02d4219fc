#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""loc.py [--without NAME,...] FOLDER...: lines of C and assembly that are neither blank nor comment.

Files and folders of the NAMEs are left out.
"""

import argparse
import re
from pathlib import Path

# Strings and character constants are matched only so that a comment mark in them is none.
TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|//[^\n]*', re.DOTALL)


def blank_comment(match):
    text = match.group()
    return "\n" * text.count("\n") if text.startswith("/") else text


def count(path):
    code = TOKEN.sub(blank_comment, path.read_text(encoding="utf-8"))
    return sum(1 for line in code.splitlines() if line.strip())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--without", default="")
    parser.add_argument("folders", nargs="+")
    arguments = parser.parse_args()
    without = set(arguments.without.split(","))
    files = [f for folder in arguments.folders for f in sorted(Path(folder).rglob("*"))
             if f.suffix in (".c", ".h", ".S") and not without.intersection(f.parts)]
    print(sum(count(f) for f in files))


main()
