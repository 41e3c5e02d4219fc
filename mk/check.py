#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks that need no run: `make check` (or check.py NAME... for some of them).

    format      clang-format has nothing to change
    headers     each header compiles alone
    analysis    cppcheck finds nothing, on both widths, with and without the kernel's own checks
    duplicates  no long run of tokens stands twice (sim_c, of Debian's similarity-tester)
    sizes       functions and files keep to the limits
    kernel      so does the kernel for AMD64 without its debuggers
    texts       licence lines; nothing that belongs to one machine only
"""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
FUNCTION_LINES, FILE_LINES, SAME_TOKENS = 80, 420, 125
PART_LINES = {"kernel": 12000, "monitor": 6000, "vmm": 10000}
CODE = (".c", ".h", ".S")
FOREIGN = re.compile(r"(?<![\w$])/(?:home|Users|work)/\w|/root/\.")


def tracked(*suffixes):
    """Files of the repository, new ones too, that are not ignored."""
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=TOP, check=True,
                         text=True, stdout=subprocess.PIPE).stdout
    files = [f for f in sorted(set(out.splitlines())) if (TOP / f).is_file()]
    return [f for f in files if not suffixes or f.endswith(suffixes)]


def tool(command):
    result = subprocess.run(command, cwd=TOP, check=False, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)
    return result.returncode, result.stdout.strip()


def compile_commands(arch, *variables):
    """source -> compiler arguments without the output, as `make` would run them; with the kernel's
    debugger, since that is sources too."""
    lines = subprocess.run(["make", "-nB", "V=1", f"ARCH={arch}", "KDB=1", *variables, "all", "tests"],
                           cwd=TOP, check=False, text=True, stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL).stdout
    commands = {}
    for line in lines.replace("\\\n", " ").splitlines():
        if not line.startswith("gcc "):
            continue
        words = shlex.split(line)
        flags = [w for w in words if w.startswith(("-I", "-D", "-std", "-m", "-f", "-nostdinc"))]
        flags += [x for i, w in enumerate(words) if w == "-isystem" for x in (w, words[i + 1])]
        for source in words:
            if source.endswith(".c"):
                commands.setdefault(source, [f for f in flags if not f.startswith("-fsanitize")])
    return commands


def check_format():
    return tool(["clang-format", "--dry-run", "-Werror", *tracked(".c", ".h")])[1].splitlines()


def flags_for(header, commands):
    """The flags of the sources that are nearest to a header in the tree: a folder may hold some
    for the host and some for the target."""
    def distance(source):
        return len(Path(os.path.relpath(source, Path(header).parent)).parts)
    in_unit = header.startswith("tests/unit/")
    candidates = [c for c in commands if c.startswith("tests/unit/") == in_unit]
    if in_unit:
        candidates = [c for c in candidates if c.split("/")[2] == header.split("/")[2]]
    top = [c for c in candidates if c.removeprefix("build/").split("/")[0] == header.split("/")[0]]
    nearest = min(map(distance, top or candidates), default=0)
    kinds = {tuple(commands[c]) for c in top or candidates if distance(c) == nearest}
    return sorted(kinds) or [()]


def check_headers():
    commands, errors = {arch: compile_commands(arch) for arch in ("amd64", "ia32")}, []
    for header in tracked(".h"):
        arch = "ia32" if "/ia32/" in header else "amd64"
        results = [tool(["gcc", "-fsyntax-only", "-Wall", "-x", "c", *flags, header])
                   for flags in flags_for(header, commands[arch])]
        if all(code for code, _ in results):
            errors += [f"{header}: does not compile alone:", *results[0][1].splitlines()[:4]]
    return errors


def check_analysis():
    database = TOP / "build" / "compile_commands.json"
    runs = {(source, *flags) for arch in ("amd64", "ia32") for check in ("CHECK=", "CHECK=1")
            for source, flags in compile_commands(arch, check).items()
            if not source.startswith("tests/")}
    entries = [{"directory": str(TOP), "file": source, "arguments": ["gcc", *flags, "-c", source]}
               for source, *flags in sorted(runs)]
    database.parent.mkdir(exist_ok=True)
    database.write_text(json.dumps(entries))
    code, text = tool(["cppcheck", f"--project={database}", "--quiet", "--inline-suppr",
                       f"-j{os.cpu_count()}", "--enable=warning,performance,portability",
                       "--suppressions-list=mk/cppcheck-suppressions", "--library=mk/cppcheck.cfg", "--error-exitcode=1",
                       "--template={file}:{line}: {severity}: {message} [{id}]"])
    return text.splitlines() if code else []


def mirrored(pair):
    """Both widths of an architecture have the same files: their likeness is the layout's."""
    left, _, right = re.sub(r":[^|]*", "", pair).partition("|")
    return "/amd64/" in left and left.replace("/amd64/", "/ia32/").strip() == right.strip()


def check_duplicates():
    code, text = tool(["sim_c", "-n", "-r", str(SAME_TOKENS), *[path for path in tracked(".c")
                                                               if not path.startswith("tests/unit/")]])
    found = [line for line in text.splitlines() if ("|" in line or code) and not mirrored(line)]
    return [re.sub(r"\s+", " ", line) for line in found]


def functions(path):
    """(name, lines) of each function: its braces stand alone in the first column."""
    lines = (TOP / path).read_text(encoding="utf-8").splitlines()
    start = None
    for number, line in enumerate(lines):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            yield lines[start - 1].strip(), number - start + 1
            start = None


def check_sizes():
    errors = []
    for path in tracked(*CODE, ".py"):
        length = len((TOP / path).read_text(encoding="utf-8").splitlines())
        if length > FILE_LINES:
            errors.append(f"{path}: {length} lines, the limit is {FILE_LINES}")
    for path in tracked(".c"):
        errors += [f"{path}: {lines} lines, the limit is {FUNCTION_LINES}: {head}"
                   for head, lines in functions(path) if lines > FUNCTION_LINES]
    return errors


def check_parts():
    errors = []
    for part, limit in PART_LINES.items():
        lines = int(tool(["make", "-s", f"loc-{part}"])[1])
        print(f"{part}: {lines} lines of code, the limit is {limit}")
        if lines > limit:
            errors.append(f"{part}: {lines - limit} lines too many")
    books = int(tool(["mk/loc.py", "lib/books"])[1])
    print(f"the books, which the monitor alone uses: {books} more")
    return errors


def check_texts():
    errors = []
    for path in tracked():
        try:
            text = (TOP / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if path.endswith((*CODE, ".py", ".mk", "Makefile")) and "SPDX-License-Identifier" not in \
                "".join(text.splitlines(keepends=True)[:8]):
            errors.append(f"{path}: no SPDX-License-Identifier line")
        for number, line in enumerate(text.splitlines(), 1):
            if FOREIGN.search(line) and path != "mk/check.py":
                errors.append(f"{path}:{number}: a path of one machine: {line.strip()[:80]}")
    return errors


CHECKS = {"format": check_format, "headers": check_headers, "analysis": check_analysis,
          "duplicates": check_duplicates, "sizes": check_sizes, "parts": check_parts,
          "texts": check_texts}


def main():
    failed = []
    for name in sys.argv[1:] or CHECKS:
        errors = CHECKS[name]()
        print(f"{name}: {'ok' if not errors else 'FAILED'}", flush=True)
        print("".join(f"    {line}\n" for line in errors[:40]), end="")
        if len(errors) > 40:
            print(f"    ... and {len(errors) - 40} lines more")
        if errors:
            failed.append(name)
    sys.exit(1 if failed else 0)


main()
