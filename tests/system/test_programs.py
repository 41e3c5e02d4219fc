# SPDX-License-Identifier: BSD-2-Clause
"""Native programs: what the monitor grants, refuses, and does with those that break the rules."""

import re

import pytest

from harness import BOOT_SECONDS, program



@pytest.fixture(name="run")
def fixture_run(boot):
    return lambda programs: boot({}, programs=programs)


def test_services_grant_and_refuse(run):
    system = run({"asks": program("refusals", memory="1M", quotas={"threads": 4})})
    system.expect_line("asks", "all answers were right", timeout=BOOT_SECONDS)
    system.expect_log("program asks: powered off")
    assert "FAIL" not in system.text()
    assert system.wait_end() == 0


@pytest.mark.parametrize("act, cause", [
    ("outside", "page fault at 0x8, ip 0x[0-9a-f]+: outside its memory"),
    ("above", "page fault at 0x10000000000, ip 0x[0-9a-f]+: outside its memory"),
    ("write-boot", "page fault at 0x8000000, ip 0x[0-9a-f]+: not writable"),
    ("write-text", "page fault at 0x[0-9a-f]+, ip 0x[0-9a-f]+: not writable"),
    ("run-data", "page fault at 0x[0-9a-f]+, ip 0x[0-9a-f]+: not executable"),
    ("heap", "page fault at 0x20010000, ip 0x[0-9a-f]+: beyond its heap"),
    ("port", "access to IO port 0x64"),
    ("undefined", r"exception 6 \(invalid opcode\)"),
    ("divide", r"exception 0 \(division error\)"),
    ("restless", "page fault at 0x8000000, ip 0x0: the kernel cannot map the page"),
])
def test_crashes_are_reported(run, act, cause):
    system = run({"bad": program("mischief", act), "good": program("mischief", "echo")})
    system.expect(rf"program bad: crashed: {cause}[^\n]*; not restarted", timeout=BOOT_SECONDS)
    system.focus(2, "good", "program")
    system.expect("echo is ready")
    system.process.send("still here\r")
    system.expect("still here")
    system.process.send("q")
    system.expect_log("program good: powered off")
    assert system.wait_end() == 1


@pytest.mark.parametrize("act", ["spin", "storm", "log-storm"])
def test_greed_leaves_others_their_share(run, act):
    system = run({"bad": program("mischief", act), "good": program("mischief", "echo")})
    system.expect_log("press Ctrl-", timeout=BOOT_SECONDS)
    system.focus(2, "good", "program")
    system.expect("echo is ready")
    for letter in "{}~":  # none of the log's; more than one of them could come with log lines between
        system.process.send(letter)
        system.expect(letter)
    system.process.send("q")
    system.expect_log("program good: powered off")
    system.focus(1, "bad", "program")
    system.key("k")
    system.expect_log("program bad: killed by the operator")
    assert system.wait_end() == 0


def test_nobody_reaches_whom_it_may_not(run):
    system = run({"victim": program("confined", "victim"), "rogue": program("confined")})
    system.expect_line("victim", "waiting to be reached", timeout=BOOT_SECONDS)
    system.expect_line("rogue", r"\d{4,} tries, 0 failures", timeout=BOOT_SECONDS)
    assert "FAIL" not in system.text()


def test_the_directory_keeps_to_the_description(run):
    system = run({"tries": program("directory", memory="64K", publishes=["/mine", "/tree/*"],
                                   uses="/theirs"),
                  "other": program("mischief", "echo", publishes="/theirs")})
    system.expect_line("tries", r"\d+ failures", timeout=BOOT_SECONDS)
    assert "FAIL" not in system.text()
    assert "program tries: refused to publish /theirs; the description" in system.text()


def test_the_log_keeps_the_levels_of_the_description(boot):
    system = boot({}, "--args", "monitor=loglevel=debug", programs={
        "few": program("mischief", "log-levels", log="warn"),
        "all": program("mischief", "log-levels", log="debug")})
    assert system.wait_end(timeout=BOOT_SECONDS) == 0
    lines = re.findall(r"program (few|all): ([a-d])$", system.text(), re.M)
    assert sorted(lines) == [("all", c) for c in "abcd"] + [("few", c) for c in "ab"]


def test_lines_in_the_log_ring_survive_their_writer(boot):
    system = boot({}, programs={"falls": program("mischief", "log-ring")})
    system.expect_log("program falls: crashed: exception 6", timeout=BOOT_SECONDS)
    lines = re.findall(r"program falls: line (\d+) of ", system.text())
    assert [int(n) for n in lines] == list(range(40))
    assert re.search(r"\] program falls: y{200}\n+\[[^\n]*\] program falls: behind what is too long\n", system.text())


def test_rubbish_in_the_log_ring(boot):
    system = boot({}, programs={"bad": program("mischief", "log-rubbish")})
    system.expect_log("program bad: goes on", timeout=BOOT_SECONDS)
    assert "program bad: its log ring's counter makes no sense; lines were lost" in system.text()
    assert not re.search(r"[\x80-\xff]", system.text())


def test_a_watchdog_that_is_not_fed(run):
    system = run({"starves": program("mischief", "starve", watchdog="500ms"),
                  "without": program("mischief", "starve")})
    system.expect_line("starves", "fed 9", timeout=BOOT_SECONDS)  # after 900 ms
    system.expect_log("program starves: gave no sign of life for 500 ms; not restarted")
    system.focus(2, "without", "program")
    system.key("k")
    system.expect_log("program without: killed")


def test_who_comes_after_others_waits(run):
    system = run({"last": program("mischief", "echo", after=["first", "/theirs"]),
                  "first": program("directory", publishes=["/mine", "/tree/*"], uses="/theirs"),
                  "never": program("mischief", "echo", publishes="/theirs")})
    system.expect_log("program last: starts after first", timeout=BOOT_SECONDS)
    system.expect_lines({"first": r"\d+ failures", "never": "echo is ready"})
    system.key("3")
    system.key("k")
    # One waits for a service that nobody will publish: the machine's work is done.
    system.expect_log("power off: all have ended, and others wait for what will not come")
    assert system.wait_end() == 1
    assert "[last]" not in system.text()


def test_may_poweroff(run):
    system = run({"ends": program("mischief", "power-off", **{"may-poweroff": True}),
                  "spins": program("mischief", "spin")})
    system.expect_log("power off: asked for by a domain that may", timeout=BOOT_SECONDS)
    assert system.wait_end() == 3


def test_kill_and_reset(run):
    system = run({"one": program("mischief", "echo"), "two": program("mischief", "echo")})
    system.expect_lines({"one": "echo is ready", "two": "echo is ready"})
    system.focus(1, "one", "program")
    system.key("r")
    system.expect_log("program one: reset by the operator; restarting")
    system.expect("echo is ready")
    system.key("k")
    system.expect_log("program one: killed by the operator")
    system.say("all VMs")
    system.key("s")
    system.say("1  one +off")
    system.say("2  two +running")
