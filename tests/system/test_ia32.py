# SPDX-License-Identifier: BSD-2-Clause
"""The 32-bit system: the same kernel and monitor, native programs, no hardware VMs.

`marzipan build` knows 64-bit systems only, so the compiled description is that of one, and the
programs in it are replaced by those of build/ia32 (boot32, in conftest.py).
"""

import json
import re

import pytest

from harness import BOOT_SECONDS, IA32, marzipan, mischief, payload, program
from test_control import Client
from test_devices import QEMU, driver
from test_sharing import pair


def by_port(code):
    """What QEMU ends with when the system ends with this code, by isa-debug-exit."""
    return 2 * code + 1


def test_hardware_vms_are_refused(boot32):
    system = boot32({"a": payload("tsc")})
    system.expect_log("this kernel lacks vCPUs", timeout=BOOT_SECONDS)
    system.expect(r"error:[^\n]*hardware VMs cannot run: this kernel is for IA32")
    assert system.wait_end() == by_port(2)


@pytest.mark.parametrize("machine, cpu", [("q35", "max"), ("pc", "pentium3")])
def test_programs(boot32, machine, cpu):
    system = boot32({}, machine, cpu, programs={
        "asks": program("refusals", memory="1M", quotas={"threads": 4})})
    system.expect_line("asks", "all answers were right", timeout=BOOT_SECONDS)
    system.expect_log("program asks: powered off")
    assert "FAIL" not in system.text()
    assert system.wait_end() == by_port(0)


@pytest.mark.parametrize("almond", [b"ALMD", b"----"])  # with its extensions, and without
def test_the_shell(boot32, tmp_path, almond):
    kernel = (IA32 / "almond").read_bytes().replace(b"ALMD", almond)
    system = boot32({}, kernel=kernel, programs={"one": mischief("count")},
                    qemu=("-serial", f"unix:{tmp_path}/control,server,nowait"))
    system.expect_line("one", "count 3", timeout=BOOT_SECONDS)
    system.key(":")
    system.expect("marzipan> ")
    system.process.send("top\r")
    system.expect(r" 1  one +running +\d+\.\d %")
    system.process.send("q")
    system.process.send("quota one\r")
    system.expect("controls +nothing")
    with Client(tmp_path / "control") as client:
        client.synchronise()
        assert client.ask("services") == [" 0 services", "."]
        assert client.ask("kill one") == [" one: killed", "."]
    assert system.wait_end() == by_port(0)


def test_the_directory(boot32):
    system = boot32({}, programs={
        "tries": program("directory", publishes=["/mine", "/tree/*"], uses="/theirs"),
        "other": program("mischief", "echo", publishes="/theirs")})
    system.expect_line("tries", r"\d+ failures", timeout=BOOT_SECONDS)
    assert "FAIL" not in system.text()


@pytest.mark.parametrize("owner, partner", [("all", "all"), ("stays", "ends")])
def test_shared_memory(boot32, owner, partner):
    system = boot32({}, programs=pair(owner, partner))
    assert system.wait_end(timeout=BOOT_SECONDS) == by_port(0)
    assert "FAIL" not in system.text() and system.text().count(" 0 failures") == 2


def test_devices(boot32):
    system = boot32({}, qemu=QEMU, programs={"driver": driver("all")})
    assert system.wait_end(timeout=BOOT_SECONDS) == by_port(0)
    assert "FAIL" not in system.text() and "[driver] 0 failures" in system.text()


def test_device_memory_above_all_addresses(boot32):
    system = boot32({}, programs={"driver": driver("all", devices={"memory": "0x100000000+4K"})})
    system.expect("driver: 0x100000000-0x100000fff of its device memory is more than this system can",
                  timeout=BOOT_SECONDS)


def test_numbers(boot32):
    system = boot32({}, programs={
        "ruler": program("numbers", cpus=[0], priority=101, creates="2M",
                         controls=["victim", "unborn", "couple"]),
        "couple": program("mischief", "above-another", cpus=[0], priority=91),
        "victim": program("mischief", "spin", cpus=[0], priority=90),
        "stranger": program("mischief", "echo")})
    match = system.expect_line("ruler", r"(\d+) failures", timeout=BOOT_SECONDS)
    assert match.group(1) == "0" and "FAIL" not in system.text()


@pytest.mark.parametrize("act, cause", [
    ("outside", "page fault at 0x8, ip 0x[0-9a-f]+: outside its memory"),
    ("write-text", "page fault at 0x[0-9a-f]+, ip 0x[0-9a-f]+: not writable"),
    ("port", "access to IO port 0x64"),
    ("undefined", r"exception 6 \(invalid opcode\)"),
])
def test_crashes_are_reported(boot32, act, cause):
    system = boot32({}, programs={"bad": program("mischief", act),
                                  "good": program("mischief", "echo")})
    system.expect(rf"program bad: crashed: {cause}[^\n]*; not restarted", timeout=BOOT_SECONDS)
    system.focus(2, "good", "program")
    system.expect("echo is ready")
    system.process.send("still here\r")
    system.expect("still here")
    system.process.send("q")
    system.expect_log("program good: powered off")
    assert system.wait_end() == by_port(1)


def test_another_kernel(boot32):
    """The monitor on a kernel without Almond's extensions: Almond with their mark blotted out."""
    kernel = (IA32 / "almond").read_bytes()
    assert kernel.count(b"ALMD") == 1
    system = boot32({}, kernel=kernel.replace(b"ALMD", b"----"), programs={
        "asks": program("refusals", memory="1M", quotas={"threads": 4})})
    for missing in ("vCPUs", "notifications", "kernel memory accounts", "domains"):
        system.expect_log(f"this kernel lacks {missing}", timeout=BOOT_SECONDS)
    system.expect_line("asks", "all answers were right")


def test_too_old_a_processor(boot32):
    system = boot32({}, "pc", "pentium3,-sep", programs={"good": program("mischief", "echo")})
    system.process.expect("Almond needs a Pentium III or later", timeout=BOOT_SECONDS)


def test_trace(boot32, tmp_path):
    system = boot32({}, monitor="trace=8", programs={
        "ends": program("mischief", "power-off", **{"may-poweroff": True})})
    system.expect(r"~trace end \d+\r", timeout=BOOT_SECONDS)
    assert system.wait_end() == by_port(3)
    result = marzipan("trace", system.log, "-o", tmp_path / "out.json")
    assert (result.returncode, result.stdout) == (0, "")
    events = json.loads((tmp_path / "out.json").read_text())["traceEvents"]
    assert {"CPU 0", "monitor", "sigma0", "main"} == {e["args"]["name"] for e in events
                                                      if e["name"] == "thread_name"}
    assert {"runs", "page fault", "ThreadControl", "star"} <= {e["name"] for e in events}


def test_monitors_inside_of_monitors(boot32, tmp_path):
    asks = program("refusals", memory="1M", quotas={"threads": 4})
    inside = {"memory": "32M", "restart": "never", "quotas": {"kernel-memory": "4M"}}
    third, second = tmp_path / "third.yaml", tmp_path / "second.yaml"
    third.write_text(json.dumps({"programs": {"asks": asks}}))
    second.write_text(json.dumps({"programs": {"asks": asks},
                                  "monitors": {"deep": {**inside, "system": str(third)}}}))
    system = boot32({}, monitors={"inner": {"system": str(second), "memory": "64M",
                                            "restart": "never"}})
    assert system.wait_end(timeout=BOOT_SECONDS) == by_port(0)
    for names in (r"\[inner\]", r"\[inner\] \[deep\]"):
        assert re.search(rf"{names} \[asks\] all answers were right\n", system.text())
    assert "monitor inner: powered off all have ended" in system.text()
