# SPDX-License-Identifier: BSD-2-Clause
"""Golden tests of the IDL compiler: what it says about each file of idl/, and what it writes.

idl/NAME.idl is compiled; idl/NAME.expected holds the exit code and all output. UPDATE=1 in the
environment writes the .expected files anew: read the difference before you commit it.
"""

import os
import subprocess
from pathlib import Path

import pytest

from images import TOP

CASES = sorted((Path(__file__).parent / "idl").glob("*.idl"))
WIDTHS = {"amd64": "-m64", "ia32": "-m32"}


def compile_idl(file, out):
    """In the top folder, to which the names of included files are relative."""
    command = ["omniidl", "-I.", "-p", "idl/compiler", "-b", "marzipan", f"-Wbout={out}", file]
    return subprocess.run(command, cwd=TOP, check=False, text=True, timeout=60,
                          env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_golden(case, tmp_path):
    result = compile_idl(case.relative_to(TOP), tmp_path)
    output = f"exit {result.returncode}\n{result.stdout}{result.stderr}"
    expected = case.with_suffix(".expected")
    if os.environ.get("UPDATE"):
        expected.write_text(output, encoding="utf-8")
    assert output == expected.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == []  # nothing is half written


def test_each_error_has_a_remedy():
    for case in CASES:
        text = case.with_suffix(".expected").read_text(encoding="utf-8")
        assert text.startswith("exit 1\n"), case.stem
        assert text.count("  remedy: ") == text.count(": error: "), case.stem


@pytest.fixture(scope="module", name="every")
def fixture_every(tmp_path_factory):
    out = tmp_path_factory.mktemp("every")
    result = compile_idl("tests/idl/every.idl", out)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    return out


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["errors", "types", "plain", "plain_server", "every", "every_server",
                                  "lonely", "lonely_server"])
def test_headers_compile_alone(every, width, name, tmp_path):
    source = tmp_path / "alone.c"
    source.write_text(f"#include <marzipan/{name}.h>\n")
    command = ["gcc", "-std=gnu11", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Wshadow",
               "-Wno-unused-parameter", "-ffreestanding", "-nostdinc",
               f"-I{TOP}/lib/rt/include", f"-I{TOP}/lib/l4/include", f"-I{TOP}/idl/include", f"-I{every}",
               "-isystem", gcc_include(), WIDTHS[width], source]
    result = subprocess.run(command, check=False, text=True, stderr=subprocess.PIPE)
    assert (result.returncode, result.stderr) == (0, "")


def gcc_include():
    return subprocess.run(["gcc", "-print-file-name=include"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


def test_comments_become_the_reference(every):
    text = (every / "interfaces.md").read_text(encoding="utf-8")
    assert "### every\nNumber 62, version 1.4, derived from plain.\n" in text
    assert "| `add(unsigned long a, unsigned long b) → unsigned long` | The sum. | – |" in text
    assert "| `fail(unsigned long which)` | Raises what it is told to: nothing, the first, the second, " \
        "and others from there on. | `first`, `second`, `tired`, `quota` |" in text
    assert "| `second` | The second. What follows its first sentence is no part of its text. |" in text


def test_no_folder_to_write_to():
    command = ["omniidl", "-I.", "-p", "idl/compiler", "-b", "marzipan", "idl/marzipan.idl"]
    result = subprocess.run(command, cwd=TOP, check=False, text=True, stderr=subprocess.PIPE,
                            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    assert result.returncode == 1
    assert "-Wbout=FOLDER" in result.stderr
