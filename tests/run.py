#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs all levels of tests and counts them together.

    unit    build/unit/*/test_*: host programs that speak TAP
    x2      the root tasks that test the kernel's API, its vCPUs, and calls through generated stubs,
            booted in QEMU, speak TAP on the console
    system  pytest boots whole systems

The last line is "N passed, N failed[, N skipped]"; the exit code is 0 if nothing failed.
"""

import argparse
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter, namedtuple
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
BUILD = TOP / "build"
UNIT_SECONDS = 120
X2_SECONDS = 240 # for each processor: they take turns on the host's
QEMU = {"amd64": "qemu-system-x86_64", "ia32": "qemu-system-i386"}
CPU = "qemu64,+svm,+npt,+vgif,+smep,+smap,+pdpe1gb"
Machine = namedtuple("Machine", "width task type cpu memory cpus kernel", defaults=("",))
MACHINES = [
    Machine("amd64", "x2test", "q35", CPU, 512, 1),
    Machine("amd64", "x2test", "pc", "qemu64", 64, 1),
    Machine("amd64", "x2test", "pc", "max", 512, 2),
    Machine("amd64", "x2test", "q35", CPU, 512, 4),
    Machine("amd64", "vcputest", "q35", CPU, 512, 1),
    Machine("amd64", "vcputest", "pc", CPU, 512, 2),
    Machine("ia32", "x2test", "q35", "max", 512, 1),
    Machine("ia32", "x2test", "pc", "pentium3", 64, 1),
    Machine("ia32", "x2test", "pc", "max", 512, 2),
    Machine("ia32", "x2test", "q35", "qemu32", 512, 4),
    Machine("amd64", "x2test", "q35", CPU, 512, 1, "-check"), # that looks at itself
    Machine("ia32", "x2test", "q35", "max", 512, 1, "-check"),
    Machine("amd64", "vcputest", "q35", CPU, 512, 1, "-check"),
    Machine("amd64", "x2test", "q35", CPU, 512, 1, "-plain"), # another X.2 kernel, as it seems
    Machine("ia32", "x2test", "q35", "max", 512, 1, "-plain"),
    Machine("amd64", "idltest", "q35", CPU, 512, 1),
    Machine("amd64", "idltest", "pc", "max", 512, 2),
    Machine("ia32", "idltest", "pc", "pentium3", 64, 1),
    Machine("ia32", "idltest", "q35", "max", 512, 2),
    Machine("amd64", "idltest", "q35", CPU, 512, 1, "-plain"),
]
LONG_MACHINES = [
    Machine("amd64", "x2test", "q35", "max", 16384, 1),
    Machine("amd64", "x2test", "q35", "EPYC", 1024, 2),
    Machine("amd64", "x2test", "pc", "Opteron_G3", 256, 1),
    Machine("amd64", "x2test", "pc", "Skylake-Client", 4096, 4),
    Machine("amd64", "x2test", "q35", "Penryn", 128, 2),
    Machine("ia32", "x2test", "q35", "pentium3", 128, 2),
    Machine("ia32", "x2test", "pc", "EPYC", 16384, 1),
    Machine("ia32", "x2test", "q35", "Nehalem", 2048, 4),
    Machine("amd64", "x2test", "q35", CPU, 512, 32), # as many as the kernel takes
    Machine("ia32", "x2test", "q35", "max", 512, 32),
]

RESULT = re.compile(r"^(ok|not ok)\b\s*\d*\s*-?\s*(.*?)(\s*#\s*skip.*)?\s*$", re.IGNORECASE)
PLAN = re.compile(r"^1\.\.(\d+)\s*$")


def read_tap(text):
    """(Counter, names of the failed, number of planned tests or None) of TAP output."""
    counts, failed, planned = Counter(), [], 0
    plans = 0
    for line in text.splitlines():
        line = line.strip()
        if match := PLAN.match(line):
            planned += int(match.group(1))
            plans += 1
        elif match := RESULT.match(line):
            word, name, skip = match.groups()
            if skip:  # cmocka writes "not ok" before it
                counts["skipped"] += 1
            elif word.lower() == "not ok":
                counts["failed"] += 1
                failed.append(name)
            else:
                counts["passed"] += 1
    return counts, failed, planned if plans else None


def run_tap(name, command, seconds, exit_code_counts=True, environment=None, must_say=""):
    """Runs a program that speaks TAP; returns its counts."""
    print(f"== {name}", flush=True)
    try:
        result = subprocess.run(command, cwd=TOP, timeout=seconds, check=False, text=True,
                                errors="replace", stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                env={**os.environ, **(environment or {})})
        text, code = result.stdout, result.returncode
    except subprocess.TimeoutExpired as late:
        text = (late.stdout or b"").decode(errors="replace") + f"\nno end after {seconds} s"
        code = None
    counts, failed, planned = read_tap(text)
    done = sum(counts.values())
    broken = code is None or (exit_code_counts and code != 0 and not counts["failed"])
    if broken or done == 0 or (planned is not None and done < planned):
        counts["failed"] += 1
        failed.append(f"{name}: ended early or badly, {done} of {planned} tests")
    if must_say and must_say not in text.splitlines():
        counts["failed"] += 1
        failed.append(f"{name}: it did not say '{must_say}'")
    if failed:
        print(text[-20000:])
        for line in failed:
            print(f"FAILED {name}: {line}")
    return counts


def unit_tests(arguments):
    total = Counter()
    for program in sorted(BUILD.glob("unit/*/test_*")):
        # build/unit/kernel32/test_x is tests/unit/kernel/test_x.c with words of 32 bits
        folder = program.parent.name.removesuffix("32")
        source = TOP / "tests" / "unit" / folder / f"{program.name}.c"
        name = f"unit/{program.parent.name}/{program.name}"
        if program.suffix or not source.exists():
            continue
        if arguments.k and arguments.k not in name:
            continue
        total += run_tap(name, [program], UNIT_SECONDS,
                         environment={"CMOCKA_MESSAGE_OUTPUT": "TAP",
                                      "ASAN_OPTIONS": "abort_on_error=0"})
    return total


def make_plain(path):
    """A kernel without Almond's extensions: their mark is blotted out."""
    normal = BUILD / path.parent.name.removesuffix("-plain") / "almond"
    if normal.exists():
        path.parent.mkdir(exist_ok=True)
        image = normal.read_bytes()
        assert image.count(b"ALMD") == 1, f"{normal} has not one mark, but {image.count(b'ALMD')}"
        path.write_bytes(image.replace(b"ALMD", b"----")) # its first half


def accelerator(m):
    """Of many processors, one that waits for another one had better give up its turn at once."""
    return "tcg,thread=single" if m.cpus > 4 else "tcg"


def said_by(m):
    """What x2test finds, if it is the machine and the kernel that were meant."""
    kernel = "another kernel" if m.kernel == "-plain" else "Almond"
    return f"# {m.cpus} processors, {kernel}" if m.task == "x2test" else ""


def root_task_tests(arguments):
    total = Counter()
    for m in MACHINES + (LONG_MACHINES if arguments.long else []):
        folder = BUILD / m.width
        kernel = BUILD / f"{m.width}{m.kernel}" / "almond"
        if m.kernel == "-plain":
            make_plain(kernel)
        name = (f"{m.width}{m.kernel} {m.task} {m.type} {m.cpu.split(',')[0]} {m.memory} MiB, "
                f"CPUs: {m.cpus}")
        if arguments.k and arguments.k not in f"x2 {name}":
            continue
        missing = [path for path in (kernel, folder / m.task) if not path.exists()]
        if missing:
            print(f"== {name}: {missing[0]} is not there")
            total["failed"] += 1
            continue
        modules = ",".join(map(str, (kernel, folder / "sigma0", folder / m.task)))
        command = [QEMU[m.width], "-accel", accelerator(m), "-M", m.type, "-cpu", m.cpu,
                   "-smp", str(m.cpus),
                   "-m", str(m.memory), "-nodefaults", "-nographic", "-no-reboot",
                   "-serial", "stdio", "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
                   "-device", "edu", "-kernel", str(folder / "loader"), "-initrd", modules]
        total += run_tap(name, command, X2_SECONDS * m.cpus, exit_code_counts=False,
                         must_say=said_by(m))
    return total


def run_pytest(folder, arguments):
    report = BUILD / f"pytest-{folder}.xml"
    report.parent.mkdir(exist_ok=True)
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", f"tests/{folder}", "-q", f"--junitxml={report}",
               "-p", "no:cacheprovider", "--durations=15", "--tb=short"]
    if not arguments.long:
        command += ["-m", "not long"]
    if arguments.k:
        command += ["-k", arguments.k]
    print(f"== {folder}", flush=True)
    code = subprocess.run(command, cwd=TOP, check=False, stdin=subprocess.DEVNULL).returncode
    total = Counter()
    if report.exists():
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped = int(suite.get("skipped", 0))
            total += Counter(failed=bad, skipped=skipped,
                             passed=int(suite.get("tests", 0)) - bad - skipped)
    nothing_selected = code == 5
    if code != 0 and not total["failed"] and not (nothing_selected and arguments.k):
        total["failed"] += 1
    return total


def tool_tests(arguments):
    return run_pytest("tool", arguments)


def system_tests(arguments):
    return run_pytest("system", arguments)


LEVELS = {"unit": unit_tests, "tool": tool_tests, "x2": root_task_tests, "system": system_tests}



def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--levels", default=",".join(LEVELS))
    parser.add_argument("--long", action="store_true", help="the long tests too")
    parser.add_argument("-k", help="only tests whose name contains this")
    arguments = parser.parse_args()
    total = Counter()
    unknown = [level for level in arguments.levels.split(",") if level not in LEVELS]
    if unknown:
        parser.error(f"there is no level {unknown[0]}: the levels are {', '.join(LEVELS)}")
    for level in arguments.levels.split(","):
        total += LEVELS[level](arguments)
    if arguments.k and not sum(total.values()):
        print(f"no test's name contains '{arguments.k}'")
    line = f"{total['passed']} passed, {total['failed']} failed"
    if total["skipped"]:
        line += f", {total['skipped']} skipped"
    print(line, flush=True)
    sys.exit(0 if total["passed"] and not total["failed"] else 1)


main()
