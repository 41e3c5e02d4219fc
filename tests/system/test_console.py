# SPDX-License-Identifier: BSD-2-Clause
"""The console multiplexer: prefixes, focus, scroll-back, keys."""

import pytest

from harness import payload


@pytest.fixture
def system(boot):
    """Two VMs: one has written a line, the other writes at intervals."""
    system = boot({"quiet": payload("spin"),
                   "busy": payload("pace", "windows=100000 window=100000000")})
    system.expect_lines({"quiet": "spin: begins", "busy": "pace: [0-9]+"})
    return system


def test_prefixes_have_colours(system):
    system.expect(r"\x1b\[[0-9;]+m\[busy\]\x1b\[0m pace: ")


def test_focus_shows_only_one_vm(system):
    system.focus(1, "quiet")
    system.expect("spin: begins")  # what it wrote before, out of focus
    system.show_all()
    assert "pace" not in system.process.before
    system.expect_line("busy", "pace: ")


def test_focus_shows_the_scroll_back(system):
    system.expect_line("busy", "pace: ")
    system.focus(2, "busy")
    system.expect("pace: begins")
    system.expect(r"pace: [0-9]+")


def test_next_and_previous(system):
    system.key("n")
    system.say("vm quiet")
    system.key("n")
    system.say("vm busy")
    system.key("n")
    system.say("vm quiet")
    system.key("p")
    system.say("vm busy")


def test_help_status_and_log(system):
    system.key("h")
    system.say("after Ctrl-]".replace("]", r"\]"))
    system.say("this help")
    system.key("s")
    system.say("1  quiet +running")
    system.say("2  busy +running")
    system.say("free .* of")
    system.key("l")
    system.say("the log")
    system.expect("vm quiet: first guest instruction")
    system.key("a")
    system.say("all VMs")


def test_unknown_keys_get_an_answer(system):
    system.key("!")
    system.say(r"no command has the key '!'; Ctrl-\] h lists the keys")
    system.key("9")
    system.say("there is no VM 9")


def test_typing_without_focus_is_told(system):
    system.show_all()
    system.process.send("hello")
    system.say("typed keys go nowhere here")


def test_kill_and_restart_by_the_operator(system):
    system.key("k")
    system.say("bring a VM into focus first")
    system.focus(1, "quiet")
    system.key("r")
    system.expect_log("vm quiet: reset by the operator; restarting")
    system.expect("spin: begins")
    system.key("k")
    system.expect_log("vm quiet: killed by the operator")
    system.expect_line("busy", "pace: ")


def test_power_off_asks_first(system):
    system.key("x")
    system.say("power everything off")
    system.process.send("n")
    system.say("not powered off")
    system.key("x")
    system.say("power everything off")
    system.process.send("y")
    system.expect_log("power off: by the operator")
    assert system.wait_end() == 0
