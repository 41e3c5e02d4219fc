# SPDX-License-Identifier: BSD-2-Clause
"""The tutorial's commands do what it says: each line after `$ ` is run, and prints the lines below it."""

import re
import subprocess

import pytest

from harness import TOP

TUTORIAL = (TOP / "docs/tutorial.md").read_text(encoding="utf-8")
BLOCKS = [block for block in re.findall(r"^```\n(.*?)^```", TUTORIAL, re.M | re.S)
          if block.startswith("$ ")]


def commands(block):
    """(command, lines that it prints) for each command of a block."""
    parts = re.split(r"^\$ ", block, flags=re.M)[1:]
    return [(part.splitlines()[0], part.splitlines()[1:]) for part in parts]


def test_there_are_commands():
    assert sum(len(commands(block)) for block in BLOCKS) >= 5


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: commands(block)[0][0])
def test_commands(block):
    for command, lines in commands(block):
        done = subprocess.run(["bash", "-c", command], cwd=TOP, check=False, timeout=300, text=True,
                              errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stdout[-2000:]
        for line in lines:
            assert line in done.stdout, f"{line!r} is not in:\n{done.stdout[-2000:]}"
