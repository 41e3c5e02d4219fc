# SPDX-License-Identifier: BSD-2-Clause
"""The power button of VMs, and what becomes of those who do not react to it."""

import pytest

from harness import BOOT_SECONDS, PROMPT, debian, marzipan, payload


def use_shell(system, name, command, answer):
    system.focus(1, name)
    system.process.send("\r")
    system.expect(PROMPT)
    system.shell(command, answer)
    system.show_all()


@pytest.mark.parametrize("load", [
    pytest.param("", id="idle"),
    pytest.param("while :; do :; done & ", id="busy", marks=pytest.mark.long)])
def test_stop_switches_a_guest_off(boot, load):
    system = boot({"anna": debian()})
    system.expect_welcomes(["anna"])
    use_shell(system, "anna", "ls /dev/watchdog", "No such file")  # there was no `watchdog:`
    use_shell(system, "anna", f"{load}echo $((6 * 7))", "42")
    assert marzipan("stop", "anna", "--control", system.control).returncode == 0
    system.expect_log("vm anna: asked to stop")
    system.expect("reboot: Power down")
    system.expect_log("vm anna: powered off")
    assert system.wait_end() == 0


def test_stop_at_the_prompt_while_another_runs(boot):
    system = boot({"anna": debian(), "spin": payload("spin", autostart=False, **{"stop-timeout": "1s"})})
    system.expect_welcomes(["anna"])
    system.key(":")
    system.process.send("start spin\r")
    system.expect_log("vm spin: first guest instruction")
    system.process.send("stop anna\r")
    system.expect_log("vm anna: powered off")
    system.process.send("stop spin\r")
    system.expect_log("vm spin: did not stop within 1 s; killed")
    assert system.wait_end() == 0  # it was the operator's wish


def test_a_press_before_the_guest_can_hear_it(boot):
    """The guest is not told of it, as on a PC; but the button is pressed again until it reacts."""
    system = boot({"anna": debian(**{"stop-timeout": "10min"})})
    system.expect_log("vm anna: first guest instruction", timeout=BOOT_SECONDS)
    assert marzipan("stop", "anna", "--control", system.control).returncode == 0
    system.expect_log("vm anna: asked to stop")
    system.expect_welcomes(["anna"])
    system.expect_log("vm anna: powered off")
    assert system.wait_end() == 0
