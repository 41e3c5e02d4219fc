# SPDX-License-Identifier: BSD-2-Clause
"""The watchdog of VMs, with the driver of Debian's kernel (wdat_wdt) and busybox's feeder.

That there is none without the key is looked at in test_power.py, where a VM runs anyway."""

import pytest

from harness import PROMPT, debian


def booted(boot, time, **keys):
    system = boot({"anna": debian(watchdog=time, **keys)})
    system.expect_welcomes(["anna"])
    system.focus(1, "anna")
    system.process.send("\r")
    system.expect(PROMPT)
    return system


def test_who_does_not_feed_is_restarted(boot):
    system = booted(boot, "3s", restart="on-failure")
    system.shell("grep -c wdat_wdt /proc/ioports", "4")
    system.shell("cat /sys/class/watchdog/watchdog0/state", "active")
    system.shell("sleep 4; echo $((6 * 7))", "42")  # longer than its time: it is fed
    system.process.send("kill -STOP $(pidof watchdog)\r")
    system.expect_log("vm anna: its watchdog was not fed for 3000 ms; restarting in 1 s")
    system.expect_welcomes(["anna"])


@pytest.mark.long
def test_a_kernel_that_hangs(boot):
    system = booted(boot, "2s")
    system.process.send("echo c >/proc/sysrq-trigger\r")
    system.process.expect(r"end Kernel panic [^\n]*\n")
    system.expect_log("vm anna: its watchdog was not fed for 2000 ms; not restarted")
    assert system.wait_end() == 1


def test_stopping_and_pausing_are_no_hanging(boot):
    system = booted(boot, "2s")
    system.key(":")
    system.process.send("pause anna\r")
    system.expect_log("vm anna: paused")
    system.process.send("top\r")
    for _ in range(4):  # three seconds
        system.expect("any key ends this")
    system.process.send("xresume anna\r")
    system.expect_log("vm anna: resumed")
    system.focus(1, "anna")
    system.shell("sleep 3; echo $((6 * 7))", "42")
    system.key(":")
    system.process.send("stop anna\r")
    system.expect_log("vm anna: powered off")
    assert system.wait_end() == 0
