# SPDX-License-Identifier: BSD-2-Clause
"""Processor time and numbers, by the interfaces `schedule` and `statistics`."""

import pytest

from harness import BOOT_SECONDS, payload, program


def bound(image, cmdline="", **keys):
    return program(image, cmdline, cpus=[0], **keys)


@pytest.mark.parametrize("cmdline", ["", "guest"])
def test_numbers(boot, cmdline):
    vms = {"guest": payload("spin", cpus=[0], priority=91)} if cmdline else {}
    system = boot(vms, programs={
        "ruler": bound("numbers", cmdline, priority=101, creates="2M", after=list(vms),
                         controls=["victim", "guest", "unborn"]),
        "victim": bound("mischief", "spin", priority=90),
        "stranger": bound("mischief", "echo")})
    match = system.expect_line("ruler", r"(\d+) failures", timeout=BOOT_SECONDS)
    assert match.group(1) == "0" and "FAIL" not in system.text()
