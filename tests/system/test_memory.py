# SPDX-License-Identifier: BSD-2-Clause
"""No VM reads a byte that is not its own: not a neighbour's, not its former life's."""

import pytest

from harness import BOOT_SECONDS, payload


def expect_clean(system, vm, times=1):
    for _ in range(times):
        match = system.expect_line(vm, "scan: (clean|DIRTY)", timeout=BOOT_SECONDS)
        assert match.group(1) == "clean"
        system.expect_line(vm, "scan: filled")


@pytest.mark.parametrize("end", ["reboot", "triple"])
def test_memory_is_clean_after_a_restart(boot, end):
    policy = {"policy": "always", "limit": 5, "delay": "10ms"}
    system = boot({"a": payload("scan", f"id=1 end={end}", memory="32M", restart=policy)})
    expect_clean(system, "a", times=3)


def test_memory_of_an_ended_vm_is_clean_for_the_next(boot):
    """Two VMs restart in turn, so each gets pages that the other has filled."""
    policy = {"policy": "always", "limit": 8, "delay": "10ms"}
    system = boot({"a": payload("scan", "id=1 end=reboot", memory="64M", restart=policy),
                   "b": payload("scan", "id=2 end=reboot", memory="32M", restart=policy)})
    clean = {"a": 0, "b": 0}
    while min(clean.values()) < 3:
        match = system.expect(r"\[(\w)\]\x1b\[0m scan: (clean|DIRTY)", timeout=BOOT_SECONDS)
        assert match.group(2) == "clean"
        clean[match.group(1)] += 1


def test_a_vm_cannot_look_behind_its_memory(boot):
    """The neighbour's memory is full of its mark; behind the own end nothing of it shows."""
    system = boot({"a": payload("scan", "id=1 end=stay", memory="32M"),
                   "b": payload("scan", "id=2 end=beyond", memory="32M"),
                   "c": payload("scan", "id=3 end=stay", memory="32M")})
    expect_clean(system, "b")
    match = system.expect(r"vm b: access outside its memory", r"behind the end, (\d+) words",
                          timeout=BOOT_SECONDS)
    assert not match.lastindex or match.group(1) == "0"


@pytest.mark.parametrize("memory", ["2M", "64M", "512M",
                                    pytest.param("8G", marks=pytest.mark.long)])
def test_all_of_a_vms_memory_works(boot, memory):
    """2 MiB is less than the payload's own place, so the host command refuses it."""
    system = boot({"a": payload("memory", memory=memory)})
    if memory == "2M":
        assert system.wait_end() == 65
        assert "remedy" in system.text()
        return
    mib = {"64M": 64, "512M": 512, "8G": 8192}[memory]
    match = system.expect_line("a", r"memory: (\d+) MiB, (\d+) bad pages", timeout=BOOT_SECONDS)
    assert mib - 2 <= int(match.group(1)) <= mib
    assert match.group(2) == "0"
    assert system.wait_end() == 0


def test_sixteen_vms(boot):
    names = [f"v{i}" for i in range(16)]
    system = boot({name: payload("memory", memory="8M") for name in names})
    assert system.wait_end(timeout=BOOT_SECONDS) == 0
    for name in names:
        assert f"vm {name}: powered off" in system.text()
