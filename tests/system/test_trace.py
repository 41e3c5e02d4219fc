# SPDX-License-Identifier: BSD-2-Clause
"""The kernel's trace: from a machine to JSON, by run --trace and over the serial line."""

import json

import pytest

from harness import BOOT_SECONDS, marzipan, payload
from traces import tracks

VMS = {"anna": payload("crash", "kind=poweroff"), "bert": payload("crash", "kind=poweroff")}


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))["traceEvents"]


def check(events):
    """Slices of a track do not overlap, and arrows begin and end in slices."""
    slices = {}
    for event in events:
        if event["ph"] == "X" and event["name"] != "guest":
            slices.setdefault((event["pid"], event["tid"]), []).append(event)
    for track in slices.values():
        track.sort(key=lambda event: event["ts"])
        for one, next_one in zip(track, track[1:]):
            assert one["ts"] + one["dur"] <= next_one["ts"] + 0.0005
    for end in (event for event in events if event["ph"] in "sf"):
        assert any(s["ts"] <= end["ts"] <= s["ts"] + s["dur"]
                   for s in slices[end["pid"], end["tid"]])


@pytest.mark.parametrize("options", [[], ["--machine", "pc", "--qemu-arg=-smp", "--qemu-arg=2"]])
def test_run(boot, tmp_path, options):
    system = boot(VMS, "--trace", tmp_path / "out.json", *options)
    assert system.wait_end(timeout=BOOT_SECONDS) == 0
    events = load(tmp_path / "out.json")
    names = tracks(events)
    check(events)
    for vm in VMS:
        threads = {track for track, name in names.items() if name[0] == vm}
        assert {names[track][1] for track in threads} == {"vcpu0", "vm"}
        seen = {(e["ph"], e["name"]) for e in events if (e["pid"], e["tid"]) in threads}
        assert {("X", "runs"), ("X", "guest"), ("i", "VcpuRun"), ("i", "exit: io"),
                ("i", "ipc: monitor"), ("i", "page fault"), ("i", "started"), ("i", "exit"),
                ("s", "ipc"), ("f", "ipc")} <= seen
    on_cpus = {e["name"] for e in events if names.get((e["pid"], e["tid"]), "")[:1] == ("processors",)
               and e["ph"] == "X"}
    assert {"anna vcpu0", "bert vcpu0", "monitor", "sigma0"} <= on_cpus


def test_serial_line(boot, tmp_path):
    system = boot({"anna": payload("spin"), "bert": payload("crash", "kind=poweroff")},
                  "--args", "monitor=trace=8")
    system.expect_log("trace: the last 256 events of each processor are kept", timeout=BOOT_SECONDS)
    system.expect_log("vm bert: powered off")
    system.key("t")
    system.expect(r"~trace version 1 khz \d+ cpus 1 interrupts \d+\r")
    count = int(system.expect(r"~trace end (\d+)\r").group(1))
    system.say(f"the trace of {count} events is written, and goes on")
    result = marzipan("trace", system.log, "-o", tmp_path / "key.json")
    assert (result.returncode, result.stdout) == (0, "")
    events = load(tmp_path / "key.json")
    assert ("anna", "vcpu0") in tracks(events).values()
    system.key("x")
    system.process.send("y")
    system.expect(r"~trace end \d+\r")
    assert system.wait_end() == 0
    assert marzipan("trace", system.log, "-o", tmp_path / "all.json").returncode == 0
    both = load(tmp_path / "all.json")
    assert len(both) > len(events)
    check(both)


def test_port_and_key(boot, tmp_path):
    """What Ctrl-] t and the end write through the port becomes one file."""
    system = boot({"anna": payload("spin"), "bert": payload("crash", "kind=poweroff")},
                  "--trace", tmp_path / "out.json", "--args", "monitor=trace=10")
    system.expect_log("vm bert: powered off", timeout=BOOT_SECONDS)
    system.key("t")
    system.say("events is written, and goes on")
    system.key("x")
    system.process.send("y")
    assert system.wait_end() == 0
    assert "~trace" not in system.text()
    events = load(tmp_path / "out.json")
    check(events)
    assert {"started", "interrupt 4"} <= {e["name"] for e in events}


def test_too_large(boot):
    system = boot(VMS, "--args", "monitor=trace=17", "--qemu-arg=-smp", "--qemu-arg=8")
    system.expect_log("option trace=17: the kernel has no memory for so many events",
                      timeout=BOOT_SECONDS)
    assert system.wait_end() == 0


@pytest.mark.parametrize("options, warning", [
    ("trace=6", "option trace=6: write a number from 7 to 17"),
    ("trace=18", "option trace=18: write a number from 7 to 17"),
    ("trace=many", "option trace=many: write a number from 7 to 17"),
    ("trace-port=0x10000", "option trace-port=0x10000: write a number from 1 to 65535"),
    ("", None),
])
def test_off(boot, options, warning):
    system = boot({"anna": payload("spin")}, *(["--args", f"monitor={options}"] if options else []))
    if warning:
        system.expect_log(warning, timeout=BOOT_SECONDS)
    system.expect_log("first guest instruction", timeout=BOOT_SECONDS)
    system.key("t")
    system.say("nothing is traced: give the monitor the argument trace=14")
