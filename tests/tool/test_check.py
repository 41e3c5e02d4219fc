# SPDX-License-Identifier: BSD-2-Clause
"""Golden tests of `marzipan check`: what it says about each file of cases/.

cases/NAME.yaml is checked; cases/NAME.expected holds the exit code and all output. In cases/inside are
descriptions that others name. A first line
"# options: ..." gives options. UPDATE=1 in the environment writes the .expected files anew: read
the difference before you commit it.
"""

import os
import shutil
from pathlib import Path

import pytest

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_golden(case, sandbox, marzipan):
    text = case.read_bytes()
    (sandbox / case.name).write_bytes(text)
    shutil.copytree(case.parent / "inside", sandbox / "inside", dirs_exist_ok=True)
    first = text.split(b"\n", 1)[0].decode(errors="replace")
    options = first.removeprefix("# options:").split() if first.startswith("# options:") else []
    result = marzipan("check", case.name, *options)
    output = f"exit {result.returncode}\n{result.stdout}{result.stderr}"
    expected = case.with_suffix(".expected")
    if os.environ.get("UPDATE"):
        expected.write_text(output, encoding="utf-8")
    assert output == expected.read_text(encoding="utf-8")


def test_each_error_has_a_remedy():
    for case in CASES:
        text = case.with_suffix(".expected").read_text(encoding="utf-8")
        findings = text.count(": error: ") + text.count(": warning: ")
        assert text.count("  remedy: ") == findings, case.stem


def test_missing_description(marzipan):
    result = marzipan("check", "no-such.yaml")
    assert result.returncode == 65
    assert "no-such.yaml: error: cannot read the file: No such file" in result.stderr
    assert "remedy:" in result.stderr


def test_folder_as_description(marzipan):
    result = marzipan("check", "guests")
    assert result.returncode == 65
    assert "Is a directory" in result.stderr
