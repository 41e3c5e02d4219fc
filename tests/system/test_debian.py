# SPDX-License-Identifier: BSD-2-Clause
"""Two Debian VMs beside each other: the main thing."""

import re

import pytest

from harness import BOOT_SECONDS, PROMPT, debian


def two_shells(boot, *options, **keys):
    """Boots two VMs until each has shown its welcome line."""
    system = boot({"anna": debian(**keys), "bert": debian(**keys)}, *options)
    system.expect_welcomes(["anna", "bert"])
    return system


def use_shell(system, number, name):
    """The VM's shell answers, and it is this VM's."""
    system.focus(number, name)
    system.process.send("\r")
    system.expect(PROMPT)
    system.shell("echo $((6 * 7)) from $(hostname)", f"42 from {name}")


def power_off(system, number, name):
    system.focus(number, name)
    system.process.send("\r")
    system.expect(PROMPT)
    system.process.send("poweroff\r")
    system.expect_log(f"vm {name}: powered off")


@pytest.mark.parametrize("machine", ["q35", "pc"])
def test_two_shells_and_poweroff(boot, machine):
    system = two_shells(boot, "--machine", machine)
    use_shell(system, 1, "anna")
    use_shell(system, 2, "bert")
    power_off(system, 1, "anna")
    use_shell(system, 2, "bert")
    power_off(system, 2, "bert")
    assert system.wait_end() == 0


def test_reboot_restarts(boot):
    system = two_shells(boot)
    system.focus(1, "anna")
    system.process.send("\r")
    system.expect(PROMPT)
    system.shell("touch /tmp/before; ls /tmp", "before")
    system.process.send("reboot\r")
    system.expect_log("vm anna: rebooted; restarting")
    system.expect("Welcome to anna", timeout=BOOT_SECONDS)
    system.expect(PROMPT)
    system.shell("ls /tmp/before", "No such file")
    use_shell(system, 2, "bert")
    power_off(system, 1, "anna")
    power_off(system, 2, "bert")
    assert system.wait_end() == 0


def test_bzimage(boot):
    """The compressed kernel is booted directly, too."""
    from harness import BUILD  # pylint: disable=C0415
    system = boot({"anna": debian(kernel=str(BUILD / "guests/debian-cloud/bzImage"))})
    system.expect("Welcome to anna: Linux", timeout=2 * BOOT_SECONDS)
    power_off(system, 1, "anna")
    assert system.wait_end() == 0


@pytest.mark.parametrize("memory, least", [
    ("72M", 30), ("1G", 950),
    pytest.param("4G", 3800, marks=pytest.mark.long),
    pytest.param("8G", 7800, marks=pytest.mark.long)])
def test_guest_memory(boot, memory, least):
    """Debian's kernel itself needs 72 MiB (with 64 it panics on a bare machine, too)."""
    system = boot({"anna": debian(memory=memory)})
    match = system.expect(r"Welcome to anna: Linux [^\n]* (\d+) MiB of memory",
                          timeout=BOOT_SECONDS)
    assert int(match.group(1)) >= least
    power_off(system, 1, "anna")
    assert system.wait_end() == 0


def test_eight_debians(boot):
    names = [f"vm{i}" for i in range(1, 9)]
    system = boot({name: debian(memory="80M") for name in names})
    system.expect_welcomes(names, timeout=2 * BOOT_SECONDS)
    for number, name in enumerate(names, 1):
        power_off(system, number, name)
    assert system.wait_end() == 0


@pytest.mark.long
def test_many_reboots(boot):
    """Memory, threads and kernel memory come back: the numbers of the status do not grow."""
    system = boot({"anna": debian(memory="80M")})
    held = []
    for _ in range(10):
        system.expect("Welcome to anna: Linux", timeout=BOOT_SECONDS)
        system.focus(1, "anna")
        system.process.send("\r")
        system.expect(PROMPT)
        system.key("s")
        held.append(re.sub(r"\d+ s ", "", system.say("free .* of").group(0)))
        system.show_all()
        system.focus(1, "anna")
        system.process.send("reboot\r")
        system.expect_log("rebooted; restarting")
    assert len(set(held[1:])) == 1
