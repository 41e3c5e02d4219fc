# SPDX-License-Identifier: BSD-2-Clause
"""Processor time and numbers, by the interfaces `schedule` and `statistics`."""

import pytest

from harness import BOOT_SECONDS, BUILD, payload


def program(image, cmdline="", **keys):
    return {"image": str(BUILD / "amd64" / "programs" / image), "cmdline": cmdline, "memory": "64K",
            "restart": "never", "cpus": [0], **keys}


@pytest.mark.parametrize("cmdline", ["", "guest"])
def test_numbers(boot, cmdline):
    vms = {"guest": payload("spin", cpus=[0], priority=91)} if cmdline else {}
    system = boot(vms, programs={
        "ruler": program("numbers", cmdline, priority=101, creates="2M", after=list(vms),
                         controls=["victim", "guest", "unborn"]),
        "victim": program("mischief", "spin", priority=90),
        "stranger": program("mischief", "echo")})
    match = system.expect_line("ruler", r"(\d+) failures", timeout=BOOT_SECONDS)
    assert match.group(1) == "0" and "FAIL" not in system.text()
