# SPDX-License-Identifier: BSD-2-Clause
"""Processor time and numbers, by the interfaces `schedule` and `statistics`."""

import json

import pytest

from harness import BOOT_SECONDS, payload, program


def bound(image, cmdline="", **keys):
    return program(image, cmdline, cpus=[0], **keys)


@pytest.mark.parametrize("cmdline", ["", "guest", "monitor"])
def test_numbers(boot, tmp_path, cmdline):
    vms = {"guest": payload("spin", cpus=[0], priority=91)} if cmdline == "guest" else {}
    inner = tmp_path / "inner.yaml"
    inner.write_text(json.dumps({"programs": {"echo": bound("mischief", "echo", priority=80)}}))
    monitors = {"monitors": {"inner": {"system": str(inner), "memory": "16M"}}}
    system = boot(vms, programs={
        "ruler": bound("numbers", cmdline, priority=101, creates="2M", after=list(vms),
                       controls=["victim", "guest", "unborn", "inner", "couple"]),
        "victim": bound("mischief", "spin", priority=90),
        "couple": bound("mischief", "above-another", priority=91),
        "stranger": bound("mischief", "echo")}, **(monitors if cmdline == "monitor" else {}))
    match = system.expect_line("ruler", r"(\d+) failures", timeout=BOOT_SECONDS)
    assert match.group(1) == "0" and "FAIL" not in system.text()
