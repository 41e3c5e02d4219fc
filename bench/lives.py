# SPDX-License-Identifier: BSD-2-Clause
"""What it takes to make and to destroy a VM while the system runs."""

import json
import re
import tempfile
from pathlib import Path

import pexpect

from bare import BUILD, INITRD, KERNEL
from vm import MARZIPAN, Failure

SECONDS = 300
MEMORY = "64M"
LIMITS = {"vm_create_instructions": 5_000_000, "vm_destroy_instructions": 2_000_000}


def entries(create, destroy):
    return [{"name": name, "value": value, "unit": "instructions", "limit": LIMITS[name]}
            for name, value in zip(LIMITS, (create, destroy))]


def run_lives(folder):
    """Starts a VM whose images are in memory, lets it boot, kills it, starts it anew and kills it."""
    description = Path(folder) / "system.yaml"
    description.write_text(json.dumps({"vms": {"v": {
        "kernel": str(KERNEL), "initrd": str(INITRD), "memory": MEMORY, "restart": "never"}},
        "programs": {"stays": {"image": str(BUILD / "amd64/programs/mischief"), "cmdline": "echo",
                               "memory": "64K"}}}))
    console = pexpect.spawn(str(MARZIPAN), ["run", "--icount", "--args", "monitor=loglevel=debug",
                                            str(description)], timeout=SECONDS, encoding="utf-8",
                            codec_errors="replace", dimensions=(50, 300))
    text = ""
    try:
        for command, answer in ((None, r"first guest instruction at tsc=\d+"),
                                ("kill v", r"taken down, tsc \+\d+"),
                                ("start v", r"first guest instruction at tsc=\d+"),
                                ("kill v", r"taken down, tsc \+\d+")):
            if command:
                console.send("\x1d:")
                console.expect("marzipan> ")
                console.send(command + "\r")
            console.expect(answer)
            text += console.before + console.after
    finally:
        console.close(force=True)
    return text


def lives_entries():
    """The entries of bench.json: instructions from the command to the first of the guest's, and
    those in which a VM's spaces, threads and memory are taken away."""
    with tempfile.TemporaryDirectory() as folder:
        text = run_lives(folder)
    begun = [int(n) for n in re.findall(r"vm v: start \d+ at tsc=(\d+)", text)]
    first = [int(n) for n in re.findall(r"first guest instruction at tsc=(\d+)", text)]
    ended = [int(n) for n in re.findall(r"taken down, tsc \+(\d+)", text)]
    if len(begun) != 2 or len(first) != 2 or len(ended) != 2:
        raise Failure(f"two lives, but not two lines about each step:\n{text[-2000:]}")
    return entries(first[1] - begun[1], max(ended))


def lives_missing():
    """The same where they could not be measured."""
    return entries(None, None)
