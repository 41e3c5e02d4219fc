# SPDX-License-Identifier: BSD-2-Clause
"""Traces: what `marzipan trace` makes of a log, what it says about bad ones, and `run --trace`."""

import json
import re
import shlex
import subprocess

import pytest

from images import MARZIPAN, TOP
from traces import tracks

HEAD = "~trace version 1 khz 1000 cpus 2 interrupts 24\n"

# A microsecond is one tick.  anna's vCPU sends to the monitor, which answers; then it runs its guest.
LOG = "[    0.100] begins\n" + HEAD + r"""~trace thread 0 kernel idle
~trace thread 40 monitor monitor
~trace thread 100 "an\na" vcpu0
~trace cpu 0 1000 lost 3
~trace 1 0 64 0 0
~trace 3 a 64 28 80
~trace 1 a 28 64 0
[anna] a line between
~trace 3 a 28 64 80
~trace 0 0 28 7472617473 1
~trace 0 0 28 1 2
~trace 1 a 64 28 0
~trace 4 1 64 8 401000
~trace 5 1 64 6 401000
~trace 2 8 64 b 401000
~trace 6 a 64 4 0
~trace 7 a 64 1 fff0
~trace 1 a 0 64 0
~trace 3 a 4 28 80
~trace cpu 1 1005 lost 0
~trace 1 0 0 ffffffff 0
~trace 1 5 7b 0 0
~trace 1 5 0 7b 0
~trace end 17
"""


@pytest.fixture
def convert(marzipan, tmp_path):
    """Converts a log: the list of JSON events."""
    def run(text):
        (tmp_path / "log").write_bytes(text.encode())
        result = marzipan("trace", tmp_path / "log")
        assert (result.returncode, result.stderr, result.stdout) == (0, "", "")
        return json.loads((tmp_path / "log.json").read_text())["traceEvents"]
    return run


def on_tracks(events, kind):
    """(process, thread, event, begin, length) of all of one kind, in order"""
    names = tracks(events)
    return sorted(names.get((e["pid"], e["tid"]), ("", "")) + (e["name"], e["ts"], e.get("dur"))
                  for e in events if e["ph"] == kind)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r\r\n"])
def test_slices(convert, line_end):
    anna = '"an\\na"'
    assert on_tracks(convert(LOG.replace("\n", line_end)), "X") == [
        ("", "", "runs", 10, 5),  # thread 123 has no name
        (anna, "vcpu0", "guest", 50, 20),
        (anna, "vcpu0", "runs", 0, 20),
        (anna, "vcpu0", "runs", 40, 40),
        ("monitor", "monitor", "runs", 20, 20),
        ("processors", "CPU 0", f"{anna} vcpu0", 0, 20),
        ("processors", "CPU 0", f"{anna} vcpu0", 40, 40),
        ("processors", "CPU 0", "monitor", 20, 20),
        ("processors", "CPU 1", "thread 123", 10, 5),
    ]


def test_instants(convert):
    anna = '"an\\na"'
    events = convert(LOG)
    assert on_tracks(events, "i") == sorted([
        (anna, "vcpu0", "ipc: monitor", 10, None),
        ("monitor", "monitor", f"ipc: {anna} vcpu0", 30, None),
        ("monitor", "monitor", "start", 30, None),
        ("monitor", "monitor", "user", 30, None),
        (anna, "vcpu0", "page fault", 41, None),
        (anna, "vcpu0", "invalid opcode", 42, None),
        (anna, "vcpu0", "VcpuRun", 50, None),
        ("processors", "CPU 0", "interrupt 4", 60, None),
        (anna, "vcpu0", "exit: io", 70, None),
        ("monitor", "monitor", "ipc: interrupt", 90, None),
    ])
    fault = next(e for e in events if e["name"] == "page fault")
    assert fault["args"] == {"address": "0x8", "ip": "0x401000"}


def test_arrows(convert):
    anna = '"an\\na"'
    events = convert(LOG)
    assert on_tracks(events, "s") == [(anna, "vcpu0", "ipc", 10, None),
                                      ("monitor", "monitor", "ipc", 30, None)]
    assert on_tracks(events, "f") == [(anna, "vcpu0", "ipc", 40, None),
                                      ("monitor", "monitor", "ipc", 20, None)]
    assert [e["id"] for e in events if e["ph"] in "sf"] == [1, 1, 2, 2]


def test_names_of_calls(convert):
    """The tool's names are in the order of the kernel's numbers."""
    header = (TOP / "kernel/arch/x86/include/arch/entry.h").read_text(encoding="utf-8")
    calls = re.findall(r"#define SYS_(\w+) +(\d+)$", header, re.MULTILINE)
    short = {"exregs": "exchangeregisters", "exregslocal": "exchangeregisters(local)"}
    count = int(dict(calls).pop("COUNT"))
    lines = "".join(f"~trace 2 1 1 {n:x} 0\n" for n in range(count))
    events = convert(f"{HEAD}~trace cpu 0 0 lost 0\n{lines}~trace end {count}\n")
    names = [e["name"].lower().replace(" ", "") for e in events if e["ph"] == "i"]
    expected = [name.lower().replace("_", "") for name, number in calls if name != "COUNT"]
    assert names == [short.get(name, name) for name in expected]


def test_standard_streams(sandbox):
    result = subprocess.run([MARZIPAN, "trace", "-"], input=LOG, text=True, check=True, timeout=60,
                            stdout=subprocess.PIPE, cwd=sandbox)
    assert len(json.loads(result.stdout)["traceEvents"]) > 20


@pytest.mark.parametrize("text, code, cause", [
    ("nothing\n", 65, "there is no trace in"),
    ("~trace version 2\n", 65, ":1: the trace is of another version"),
    ("\n" + HEAD + "~trace 1 0 0 0 0\n", 65, ":3: the line that names the processor is missing"),
    (HEAD + "~trace cpu 0 10 lost 0\n~trace 1 q 0 0 0\n", 65, ":3: this is no number"),
    (LOG.replace("end 17", "end 18"), 0, "warning: {log}: the trace is cut off"),
    (LOG[:LOG.index("~trace cpu 1")], 0, "warning: {log}: the trace is cut off"),
])
def test_faults(marzipan, tmp_path, text, code, cause):
    log = tmp_path / "log"
    log.write_text(text)
    result = marzipan("trace", log, "-o", tmp_path / "out.json")
    assert result.returncode == code
    assert cause.format(log=log) in result.stderr
    assert "\n  remedy: " in result.stderr
    assert (tmp_path / "out.json").exists() == (code == 0)
    if code == 0:
        assert json.loads((tmp_path / "out.json").read_text())["traceEvents"]


@pytest.mark.parametrize("words, cause", [
    (["/nonexistent"], "cannot read /nonexistent"),
    (["{log}", "-o", "/nonexistent/x"], "cannot write /nonexistent/x"),
    (["{log}", "-o", "/dev/full"], "cannot write /dev/full"),
])
def test_files(marzipan, tmp_path, words, cause):
    (tmp_path / "log").write_text(LOG)
    result = marzipan("trace", *[word.format(log=tmp_path / "log") for word in words])
    assert result.returncode == 74
    assert cause in result.stderr


def test_dry_run(marzipan, description, tmp_path):
    result = marzipan("run", "-n", "--trace", "x.json", "--args", "monitor=trace=16", "-o",
                      tmp_path / "a,b", description)
    words = shlex.split(result.stdout)
    assert "isa-debugcon,iobase=0xe9,chardev=trace" in words
    assert f"file,id=trace,path={tmp_path}/a,,b/trace.log" in words
    assert "/monitor trace=16 trace=14 trace-port=0xe9," in result.stdout


# QEMU's stand-in writes what it finds in $LOG to the file that its command line names.
WRITES = """for word; do case $word in file,id=trace,path=*) cp "$LOG" "${word##*=}";; esac; done
exit $CODE"""


@pytest.mark.parametrize("text, machine, code, cause", [
    (LOG, 1, 0, ""),
    (LOG, 3, 1, ""),
    ("", 1, 65, "there is no trace in what the machine wrote"),
    ("", 3, 1, "let the machine power off"),
])
def test_run(marzipan, description, fake_qemu, tmp_path, text, machine, code, cause):
    (tmp_path / "log").write_text(text)
    environment = {**fake_qemu(WRITES), "LOG": str(tmp_path / "log"), "CODE": str(machine)}
    result = marzipan("run", "--trace", tmp_path / "out.json", description, env=environment)
    assert result.returncode == code
    assert cause in result.stderr
    assert (tmp_path / "out.json").exists() == bool(text)
    assert not list(tmp_path.glob("marzipan-*"))


def test_run_to_nowhere(marzipan, description, fake_qemu):
    result = marzipan("run", "--trace", "/nonexistent/x.json", description, env=fake_qemu("exit 1"))
    assert result.returncode == 74
    assert "cannot write to /nonexistent" in result.stderr
