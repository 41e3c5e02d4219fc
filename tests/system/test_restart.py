# SPDX-License-Identifier: BSD-2-Clause
"""The restart policy of each VM."""

from harness import BOOT_SECONDS, payload


def restart(policy, limit=3, delay="10ms"):
    return {"policy": policy, "limit": limit, "window": "10min", "delay": delay}


def test_never(boot):
    system = boot({"a": payload("crash", "kind=triple", restart="never")})
    system.expect_log("vm a: triple fault[^\n]*; not restarted", timeout=BOOT_SECONDS)
    system.expect_log("power off: all have ended, not all well")
    assert system.wait_end() == 1


def test_on_failure_restarts_with_back_off_until_the_limit(boot):
    system = boot({"a": payload("crash", "kind=triple", restart=restart("on-failure"))})
    for attempt, delay in ((1, 10), (2, 20), (3, 40)):
        system.expect_log(rf"vm a: triple fault[^\n]*; restarting in {delay} ms \({attempt} of 3\)",
                          timeout=BOOT_SECONDS)
    system.expect_log("vm a: triple fault[^\n]*; it stays down after 3 restarts within 600 s")
    assert system.wait_end() == 1


def test_on_failure_leaves_a_success_alone(boot):
    system = boot({"a": payload("crash", "kind=poweroff", restart=restart("on-failure"))})
    system.expect_log("vm a: powered off", timeout=BOOT_SECONDS)
    assert system.wait_end() == 0


def test_always_restarts_after_poweroff(boot):
    system = boot({"a": payload("crash", "kind=poweroff", restart=restart("always", limit=2))})
    for attempt in (1, 2):
        system.expect_log(rf"vm a: powered off; restarting[^\n]*\({attempt} of 2\)",
                          timeout=BOOT_SECONDS)
    system.expect_log("vm a: powered off; it stays down after 2 restarts")
    system.wait_end()


def test_reboot_is_always_honoured(boot):
    system = boot({"a": payload("crash", "kind=reboot", restart="never")})
    for _ in range(3):
        system.expect_log("vm a: rebooted; restarting", timeout=BOOT_SECONDS)
