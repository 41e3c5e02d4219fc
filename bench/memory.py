# SPDX-License-Identifier: BSD-2-Clause
"""What it takes to allocate memory of the monitor (tests/programs/allocation.c)."""

import json
import re
import subprocess
import tempfile
from pathlib import Path

from bare import BUILD
from vm import MARZIPAN, Failure

SECONDS = 300
LIMIT = 6000
NAME = "memory_allocate_instructions"


def entry(value):
    return {"name": NAME, "value": value, "unit": "instructions", "limit": LIMIT}


def memory_entries():
    """The entry of bench.json: a call that allocates 4 KiB, clearing included."""
    with tempfile.TemporaryDirectory() as folder:
        description = Path(folder) / "system.yaml"
        description.write_text(json.dumps({"programs": {"p": {
            "image": str(BUILD / "amd64/programs/allocation"), "memory": "64K",
            "restart": "never"}}}))
        result = subprocess.run([MARZIPAN, "run", "--icount", "--timeout", f"{SECONDS}s",
                                 description], check=False, stdin=subprocess.DEVNULL, text=True,
                                errors="replace", stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)
    match = re.search(r"allocate (\d+) touch (\d+) release (\d+)", result.stdout)
    if result.returncode or not match:
        raise Failure(f"the program did not tell what it has measured:\n{result.stdout[-2000:]}")
    return [entry(int(match.group(1)))]


def memory_missing():
    """The same where it could not be measured."""
    return [entry(None)]


if __name__ == "__main__":
    print(memory_entries())
