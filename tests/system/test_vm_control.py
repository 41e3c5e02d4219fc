# SPDX-License-Identifier: BSD-2-Clause
"""Programs that control others (tests/programs/boss): what they may, what they are refused, who dies
in the middle of it, and that nothing is left of thousands of lives."""

import re

import pytest

from harness import BOOT_SECONDS, marzipan, payload, program

SECONDS = 300
LONG_SECONDS = 3600


def model(name="spin"):
    """A VM whose kernel those may use that a boss creates."""
    return {"model": payload(name, memory="4M", autostart=False, priority=50,
                             **{"stop-timeout": "1s"})}


def boss(act, **keys):
    return program("boss", act, **{"memory": "1M", "priority": 90, "cpus": [0],
                                   "controls": ["kid", "kin", "kit", "mark", "guest", "other", "model"],
                                   "creates": "32M", "publishes": "/boss/*", **keys})


def programs(act, **keys):
    return {"boss": boss(act, **keys), "other": program("mischief", "echo", autostart=False),
            "stranger": program("confined", "victim")}


def expect_success(system, act, seconds=SECONDS):
    match = system.expect_line("boss", rf"{act}[^\n]*: (\d+) failures", timeout=seconds)
    assert match.group(1) == "0" and "FAIL" not in system.text()
    system.expect_log("program boss: powered off")


def expect_stranger(system):
    """Nobody has touched the one that nobody may control."""
    table = marzipan("ps", "--control", system.control).stdout
    assert re.search(r"stranger +running .* 1 starts", table), table


ACTS = ["refusals", "states", "lives", "vms", "events", "deaths"]


@pytest.mark.parametrize("act", ACTS)
def test_a_boss(boot, act):
    system = boot(model(), programs=programs(act))
    expect_success(system, act)
    expect_stranger(system)


def test_one_that_may_control_any(boot):
    system = boot({}, programs=programs("names", controls="any", creates="1G"))
    expect_success(system, "names")
    expect_stranger(system)


@pytest.mark.parametrize("act", [act for act in ACTS if act != "vms"])
def test_a_boss_on_ia32(boot32, act):
    expect_success(boot32({}, programs=programs(act)), act)


def free_memory(system):
    for _ in range(2):  # the first may say what was before
        match = system.expect_line("beat", r"beat \d+, free (\d+), kernel \d+")
    return int(match.group(1))


def test_who_is_destroyed_takes_all_along_that_he_created(boot):
    system = boot(model(), console={"history": "16K"}, programs={
        **programs("leave", autostart=False),
        "beat": program("noise", "beat", memory="1M", priority=150, controls="beat",
                        publishes="/beat")})
    system.expect_line("beat", "beat 4,", timeout=BOOT_SECONDS)
    before = free_memory(system)
    assert "started" in marzipan("start", "boss", "--control", system.control).stdout
    system.expect_line("boss", "left, 0 failures")
    table = marzipan("ps", "--control", system.control).stdout
    for name, state in (("kid", "running"), ("kin", "paused"), ("kit", "depending"),
                        ("guest", "running")):
        assert re.search(rf"{name} +{state}", table), table
    assert "boss is no more" in marzipan("destroy", "boss", "--control", system.control).stdout
    system.expect_log("program boss: killed by the operator")
    table = marzipan("ps", "--control", system.control).stdout
    assert re.findall(r"(?m)^ ?\d+  (\S+)", table) == ["model", "other", "stranger", "beat"]
    assert free_memory(system) == before + 16384  # its console's


def test_who_floods_the_monitor_does_not_hold_it_up(boot):
    flood = {"flood": boss("flood"), "again": boss("flood", publishes="/again"),
             "storm": program("mischief", "storm", priority=90),
             "other": program("mischief", "spin", autostart=False, priority=90),
             "noisy": program("mischief", "log-storm", priority=90)}
    system = boot(model(), programs=flood)
    system.expect_lines({"flood": "begins", "again": "begins"})
    for _ in range(10):  # `marzipan` waits for 10 s at most
        result = marzipan("ps", "--control", system.control)
        assert result.returncode == 0 and re.search("flood +running", result.stdout), result.stdout
    assert marzipan("kill", "flood", "--control", system.control).returncode == 0
    system.expect_log("program flood: killed by the operator")


def books(system):
    """Who has how much memory, of the machine's and of the kernel's, without the times."""
    table = marzipan("ps", "--control", system.control).stdout
    assert "free" in table.splitlines()[-1], table
    return re.sub(r" +\d+ s ", " ", table)


def level(boot, lives, seconds):
    """The books are the same before and after so many lives of programs and VMs."""
    system = boot(model("spin"), programs=programs(f"cycles {lives[0]} {lives[1]}"))
    system.expect_line("boss", "warm", timeout=BOOT_SECONDS)
    system.focus(2, "boss", "program")
    before = books(system)
    system.process.send("x")
    system.expect("done", timeout=seconds)
    assert books(system) == before
    system.show_all()
    system.focus(2, "boss", "program")
    system.process.send("x")
    match = system.expect(r"cycles[^\n]*: (\d+) failures")
    assert match.group(1) == "0" and "FAIL" not in system.text()


def test_books_are_level(boot):
    level(boot, (500, 50), SECONDS)


@pytest.mark.long
def test_books_are_level_after_ten_thousand_lives(boot):
    level(boot, (10000, 500), LONG_SECONDS)
