# SPDX-License-Identifier: BSD-2-Clause
"""The monitor's shell: each verb, what it does to VMs and programs, and what wrong words get."""

import re

import pytest

from harness import BOOT_SECONDS, BUILD, PROGRAMS, marzipan, mischief, payload

@pytest.fixture(name="shell")
def fixture_shell(boot):
    """A system with its shell open: shell(command, answer) types and waits."""
    def start(programs, ready):
        system = boot({}, programs=programs)
        system.expect_lines(ready, timeout=BOOT_SECONDS)
        system.key(":")
        system.expect("marzipan> ")

        def ask(command, *answers):
            system.process.send(command + "\r")
            matches = [system.expect(answer) for answer in answers]
            return matches[-1] if matches else None
        ask.system = system
        return ask
    return start


@pytest.fixture(name="two")
def fixture_two(shell):
    return shell({"one": mischief("echo"), "two": mischief("count")},
                 {"one": "echo is ready", "two": "count 3"})


def test_tables(two):
    two("ps", r" 1  one +running", r" 2  two +running", r"monitor .*free", "marzipan> ")
    two("quota one", r"memory +\d+ KiB of", r"threads +1 of 8", r"restart +never")
    two("services", "0 services")
    two("help", "ps +all VMs", "exit +leave")


def test_wrong_words(two):
    two("pss", r"no command is called pss; `help` lists them")
    two("stop", "write: stop NAME")
    two("stop one two", "\"two\" is too much; write: stop NAME")
    two("ps x", "\"x\" is too much; write: ps\r")
    two("help stop", "  stop +NAME +press its power button")
    two("help me", "no command is called me")
    two("stop nobody", r"no VM or program is called nobody; `ps` lists them")
    two("resume one", "one is running; nothing was done")
    two("start one", "one is running; nothing was done")
    two("log loud", "loud is no level")
    two("x" * 300, "no command is called x{127}; ")
    two("", "marzipan> ")


def test_rubbing_out(two):
    two("nonsense\x15psx\x7f", r"2  two +running")
    two("half\x03ps", r"2  two +running")


def numbers(system):
    return re.findall(r"\[two\] count (\d+)", system.text())


def test_pause_and_resume(two):
    two("pause two", "program two: paused", "two: paused", "marzipan> ")
    two("pause two", "two is paused; nothing was done")
    two("ps", r"2  two +paused")
    before = numbers(two.system)
    two("top", "any key ends this", "any key ends this")  # a second has passed
    two("x", "marzipan> ")
    assert numbers(two.system) == before
    two("resume two", "two: goes on")
    two.system.expect_line("two", f"count {int(before[-1]) + 3}")


def test_a_vm_is_paused_and_resumed(boot):
    system = boot({"vm": payload("pace", "windows=100000 window=100000000")},
                  programs={"one": mischief("echo")})
    system.expect_line("vm", "pace: [0-9]+", timeout=BOOT_SECONDS)
    system.key(":")
    system.process.send("pause vm\r")
    system.expect_log("vm vm: paused")
    system.process.send("top\r")
    for _ in range(2):  # nothing for a second
        system.expect("any key ends this")
    assert "pace" not in system.process.before
    assert " vm               paused       0.0 %" in system.process.before
    system.process.send("xresume vm\r")
    system.expect_log("vm vm: resumed")
    system.expect_line("vm", "pace: [0-9]+")


def test_stop_start_reset_kill(two):
    system = two.system
    two("stop one", "program one: asked to stop", "program one: powered off")
    two("ps", r"1  one +off", r"2  two +running")
    two("stop one", "one is off; nothing was done")
    two("start one", "one: started")
    system.expect_line("one", "echo is ready")
    two("reset one", "program one: reset by the operator; restarting")
    system.expect_line("one", "echo is ready")
    two("kill one", "program one: killed by the operator")
    two("kill one", "one is off; nothing was done")
    two("destroy one", "one is no more")
    two("start one", "no VM or program is called one")
    two("destroy two", "two is no more", "power off: all have ended")


def test_who_ignores_the_power_button_is_killed(shell):
    ask = shell({"stubborn": mischief("spin", **{"stop-timeout": "5s"}), "one": mischief("echo")}, {"one": "echo is ready"})
    ask("stop stubborn", "asked to stop")
    ask("stop stubborn", "stubborn is stopping; nothing was done")
    ask("ps", r"1  stubborn +stopping")
    ask.system.expect_log("program stubborn: did not stop within 5 s; killed")


def test_top(two):
    two("top", r"2  two +running +\d+\.\d %", "any key ends this", r"2  two +running +\d+\.\d %")
    two("q", "marzipan> ")


def test_leaving(two):
    system = two.system
    two("console one", "program one; Ctrl-\\] a leads back")
    system.process.send("z")
    system.expect("z")
    system.key(":")
    system.expect("marzipan> ")
    system.process.send("exit\ry")  # what is typed behind it goes to the program in focus
    system.expect("y")
    system.process.send("w")
    system.expect("w")


def test_a_shell_that_dies_is_nobody_elses_death(boot, tmp_path):
    libdir = tmp_path / "lib"
    libdir.mkdir()
    for name in ("loader", "almond", "sigma0", "monitor", "vmm"):
        (libdir / name).symlink_to(BUILD / "amd64" / name)
    (libdir / "shell").symlink_to(PROGRAMS / "fragile")
    system = boot({}, f"--libdir={libdir}", "--args", "monitor=loglevel=debug",
                  programs={"one": mischief("echo")})
    system.expect_line("one", "echo is ready", timeout=BOOT_SECONDS)
    for life in (1, 2):
        system.key(":")
        system.expect_log(f"program shell: crashed: page fault at 0x8, .*; restarting in .*{life} of 16")
        system.key("s")
        system.say("the shell does not run")
        system.focus(1, "one", "program")
        system.process.send("z")
        system.expect("z")
        system.show_all()
        system.expect_log(f"program shell: start {life + 1} at")
    system.key(":")
    system.expect("marzipan> ")
    assert " 1  one " in marzipan("ps", "--control", system.control).stdout
    system.process.send("kill one\r")
    system.expect("one: killed")
    assert system.wait_end() == 0
