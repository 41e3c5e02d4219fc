# SPDX-License-Identifier: BSD-2-Clause
"""Processor time and numbers, by the interfaces `schedule` and `statistics`."""

import json

import pytest

from harness import BOOT_SECONDS, BUILD, payload


def program(image, cmdline="", **keys):
    return {"image": str(BUILD / "amd64" / "programs" / image), "cmdline": cmdline, "memory": "64K",
            "restart": "never", "cpus": [0], **keys}


@pytest.mark.parametrize("cmdline", ["", "guest", "monitor"])
def test_numbers(boot, tmp_path, cmdline):
    vms = {"guest": payload("spin", cpus=[0], priority=91)} if cmdline == "guest" else {}
    inner = tmp_path / "inner.yaml"
    inner.write_text(json.dumps({"programs": {"echo": program("mischief", "echo", priority=80)}}))
    monitors = {"monitors": {"inner": {"system": str(inner), "memory": "16M"}}}
    system = boot(vms, programs={
        "ruler": program("numbers", cmdline, priority=101, creates="2M", after=list(vms),
                         controls=["victim", "guest", "unborn", "inner", "couple"]),
        "victim": program("mischief", "spin", priority=90),
        "couple": program("mischief", "above-another", priority=91),
        "stranger": program("mischief", "echo")}, **(monitors if cmdline == "monitor" else {}))
    match = system.expect_line("ruler", r"(\d+) failures", timeout=BOOT_SECONDS)
    assert match.group(1) == "0" and "FAIL" not in system.text()
