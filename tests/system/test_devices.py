# SPDX-License-Identifier: BSD-2-Clause
"""Devices that the description gives to programs: ports, interrupts, registers in memory."""

import pytest

from harness import BOOT_SECONDS, program

DEVICES = {"interrupts": 5, "ports": ["0x3e8-0x3ef", "0xcf8+8"], "memory": "0xfe000000-0xfebfffff",
           "message-interrupts": 1}
QEMU = ["-chardev", "null,id=third", "-device", "isa-serial,iobase=0x3e8,irq=5,chardev=third",
        "-device", "edu"]


def driver(act, **keys):
    """A program with all devices of QEMU's that are above."""
    return program("devices", act, **{"devices": DEVICES, **keys})


@pytest.fixture(name="drive")
def fixture_drive(boot):
    return lambda act, **keys: boot({}, *[f"--qemu-arg={word}" for word in QEMU],
                                    programs={"driver": driver(act, **keys)})


def test_claims_and_refusals(drive):
    system = drive("all")
    assert system.wait_end(timeout=BOOT_SECONDS) == 0
    text = system.text()
    assert "FAIL" not in text and "[driver] 0 failures" in text
    for what in ("ports", "an interrupt", "device memory"):
        assert f"program driver: refused to have {what}; the description" in text


@pytest.mark.parametrize("act, said, cause", [
    ("before", "", "access to IO port 0x3ef, ip "),
    ("after", "released, 0 failures", "access to IO port 0x3ef, ip "),
    ("memory", "", "page fault at 0x40")])
def test_what_is_not_there_ends_the_program(drive, act, said, cause):
    system = drive(act)
    assert system.wait_end(timeout=BOOT_SECONDS) == 1
    text = system.text()
    assert "FAIL" not in text and said in text and "now" not in text
    assert f"program driver: crashed: {cause}" in text


def test_all_comes_back_when_a_program_ends(drive):
    system = drive("holds", restart={"delay": "0s"})
    assert system.wait_end(timeout=BOOT_SECONDS) == 0
    for life in (1, 2, 3):
        assert f"[driver] life {life}: 0 failures" in system.text()
    assert "the kernel still holds" not in system.text()


@pytest.mark.parametrize("memory, fault", [
    ("0x1000000+4K", "is RAM"),
    ("0x7000+4K", "is RAM"),
    ("0xf000+1M", "is RAM"),
    ("0x400000000000+0x20000000000", "is more than this system can map")])
def test_memory_is_looked_at_before_the_start(boot, memory, fault):
    system = boot({}, programs={"driver": driver("all", devices={"memory": memory})})
    system.expect(rf"driver: 0x[0-9a-f]+-0x[0-9a-f]+ of its device memory {fault}[^\n]*; correct",
                  timeout=BOOT_SECONDS)
    assert system.wait_end() == 2


@pytest.mark.parametrize("machine, ports", [("q35", "0x604+2"), ("pc", "0x600+64"), ("q35", 0xb2)])
def test_nobody_has_the_ports_that_switch_off(boot, machine, ports):
    system = boot({}, "--machine", machine,
                  programs={"driver": driver("all", devices={"ports": ports})})
    system.expect(r"driver: 0x[0-9a-f]+-0x[0-9a-f]+ of its device ports switch the machine off; correct",
                  timeout=BOOT_SECONDS)
    assert system.wait_end() == 2
