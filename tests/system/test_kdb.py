# SPDX-License-Identifier: BSD-2-Clause
"""The interactive kernel debugger (make KDB=1) on a root task that is made for it (tests/kdb)."""

import re
import shutil
import socket
import subprocess
import sys

import pexpect
import pytest

from harness import BOOT_SECONDS, BUILD, QEMU, TOP, payload

PROMPT = "kdb> "
CTRL_K = "\x0b"
SECONDS = 60
LISTED = ("threads", "spaces", "ipc", "queues", "cpus", "irqs", "memory", "bt", "trace", "help")


def build(width):
    """Whatever has changed of the kernel with the debugger is compiled."""
    subprocess.run(["make", "-s", f"ARCH={width}", "KDB=1", f"build/{width}-kdb/almond"], cwd=TOP,
                   check=True, stdin=subprocess.DEVNULL)


@pytest.fixture(name="width", scope="session", params=QEMU)
def fixture_width(request):
    build(request.param)
    return request.param


def send_nmi(path):
    """The way in for systems whose root task reads the serial line."""
    with socket.socket(socket.AF_UNIX) as monitor:
        monitor.settimeout(SECONDS)
        monitor.connect(str(path))
        text = b""
        while text.count(b"(qemu) ") < 2:  # the second one: it has been done
            if text.endswith(b"(qemu) "):
                monitor.sendall(b"nmi\n")
            text += monitor.recv(1000)


class Debugger:
    """A machine whose serial line is in our hands, and its monitor."""

    def __init__(self, width, folder, processors=1, options="", task="kdbtest"):
        kernel, normal = BUILD / f"{width}-kdb" / "almond", BUILD / width
        program, cpu = QEMU[width]
        self.monitor = folder / "monitor"
        self.ids = {}
        self.qemu = pexpect.spawn(program, [
            "-accel", "tcg", "-M", "q35", "-cpu", cpu, "-m", "256", "-smp", str(processors),
            "-nodefaults", "-nographic", "-no-reboot", "-serial", "stdio",
            "-monitor", f"unix:{self.monitor},server,nowait",
            "-kernel", str(normal / "loader"), "-append", options,
            "-initrd", f"{kernel},{normal}/sigma0,{normal}/{task}"],
            encoding="latin-1", timeout=SECONDS, echo=False)
        self.qemu.logfile_read = sys.stdout

    def wait_for_test(self):
        """The root task has said who is who, and entered the debugger."""
        self.qemu.expect(r"kdbtest: (me [^\r\n]*)\r")
        words = self.qemu.match.group(1).split()
        self.ids = dict(zip(words[::2], words[1::2]))
        self.qemu.expect("kdbtest enters")
        self.qemu.expect(PROMPT)

    def ask(self, command, end=PROMPT):
        """What a command prints."""
        self.qemu.send(command + "\r")
        self.qemu.expect(end)
        return self.qemu.before.replace("\r", "").removeprefix(command + "\n")

    def nmi(self):
        send_nmi(self.monitor)
        self.qemu.expect(PROMPT)

    def number(self, name):
        """The thread number in an id."""
        return int(self.ids[name], 16) >> (32 if len(self.ids[name]) > 8 else 14)

    def row(self, text, name):
        """The line of a table that begins with the id of a thread."""
        rows = [line for line in text.splitlines() if line.split()[:1] == [self.ids[name]]]
        assert rows, f"{name} is missing in:\n{text}"
        return rows[0]


@pytest.fixture(name="machine")
def fixture_machine(width, tmp_path):
    machines = []

    def start(**arguments):
        machines.append(Debugger(width, tmp_path, **arguments))
        return machines[-1]

    yield start
    for machine in machines:
        machine.qemu.close(force=True)


@pytest.fixture(name="kdb")
def fixture_kdb(machine):
    """At the prompt, entered by the root task; output without --more--."""
    debugger = machine()
    debugger.wait_for_test()
    debugger.ask("lines 0")
    return debugger


def test_threads(kdb):
    text = kdb.ask("threads")
    assert re.search(r" 255 +0 +running +- ", kdb.row(text, "me"))
    assert re.search(rf" receiving +- +{kdb.ids['right']}$", kdb.row(text, "left"))
    assert re.search(rf" sending +- +{kdb.ids['left']}$", kdb.row(text, "sender"))
    assert "6 threads" in text


def test_one_thread(kdb):
    text = kdb.ask(f"thread {kdb.ids['sender']}")
    assert f"space {kdb.ids['me']}, domain 0, processor 0" in text
    assert "label 77, 2 untyped, 0 typed\n    1234 5678\n" in text
    assert re.search(r"[er]ax [0-9a-f]+ ", text) and f"scheduler {kdb.ids['me']}" in text
    text = kdb.ask(f"thread {kdb.ids['left']}")
    assert f"waiting to send to it: {kdb.ids['sender']}\n" in text


def test_spaces(kdb):
    text = kdb.ask("spaces")
    assert re.search(r" sigma0 +1 +1023 ", text)
    assert re.search(r" privileged +4 +0 ", kdb.row(text, "me"))
    assert re.search(r" ordinary +1 +0 ", kdb.row(text, "remote"))
    text = kdb.ask(f"space {kdb.ids['right']}")  # any thread in it
    assert f"space {kdb.ids['me']}: privileged" in text
    assert re.search(r"\d+ page tables; pages: \d+ of 4 KiB, 2 pinned by the kernel", text)
    assert f"threads: {' '.join(kdb.ids[n] for n in ('me', 'left', 'right', 'sender'))}\n" in text


def test_mappings(kdb):
    me, remote = kdb.ids["me"], kdb.ids["remote"]
    text = kdb.ask(f"mappings {remote}")
    assert re.search(r" 1000000 +\d+ of +4 KiB rwx +1000000 depth 2\n", text)
    assert text.count("the kernel's\n") == 2
    tree = (f"sigma0: all memory\n  {me}: 1000000, 4 KiB, rwx, physical 1000000{{}}\n"
            f"    {remote}: 1000000, 4 KiB, rwx, physical 1000000{{}}\n")
    assert tree.format("  <--", "") in kdb.ask(f"mappings {me} 1000000")
    assert tree.format("", "  <--") in kdb.ask(f"mappings {remote} 1000fff")


def test_ipc_and_queues(kdb):
    text = kdb.ask("ipc")
    for name, other in (("left", "right"), ("right", "left")):
        assert f"waits for {kdb.ids[other]} for ever  CIRCLE" in kdb.row(text, name)
    assert f"sends to {kdb.ids['left']} for ever" in kdb.row(text, "sender")
    assert re.search(r"sleeps, for \d+ us more", kdb.row(text, "remote"))
    text = kdb.ask("queues")
    assert f"processor 0: {kdb.ids['me']} runs" in text
    assert re.search(rf"in \d+ us: the timeout of {kdb.ids['remote']}\n", text)


def test_memory_cpus_irqs(kdb):
    text = kdb.ask("memory")
    assert re.search(r"pool: 16384 KiB, \d+ free, \d+ in slabs", text)
    assert re.search(r" thread +\d+ +\d+ +6\n", text) and re.search(r" space +\d+ +\d+ +3\n", text)
    assert f"processor 0 (here): local APIC 0, runs {kdb.ids['me']}" in kdb.ask("cpus")
    assert re.search(r"0 of \d+ interrupts have handlers", kdb.ask("irqs"))


def test_backtrace_and_dump(kdb, width):
    assert "kernel_exit+0x" in kdb.ask("bt")
    assert f"thread {kdb.ids['left']} in user mode at " in kdb.ask(f"bt {kdb.ids['left']}")
    digits = 16 if width == "amd64" else 8
    image = (BUILD / width / "kdbtest").read_bytes()
    first = image[0x1000:0x1000 + digits // 2]  # the text segment's file offset is a page
    assert f"{0x1000000:0{digits}x}: {int.from_bytes(first, 'little'):0{digits}x} " in \
        kdb.ask(f"dump {kdb.ids['me']} 1000000 4")
    assert f"{0x5000000:0{digits}x}: {'-' * digits} " in kdb.ask(f"dump {kdb.ids['me']} 5000000")
    assert f": {'-' * digits}" in kdb.ask(f"dump kernel {'f' * (digits - 1)}0 100")


WRONG = [
    ("nonsense", "there is no command 'nonsense': help lists them"),
    ("m", "'m' may be mappings or memory: type more of it"),
    ("thread", "usage: thread THREAD"),
    ("thread 77", "there is no thread 77: threads lists them"),
    ("thread fffffff", "there is no thread fffffff: threads lists them"),
    ("space x1", "'x1' is no number: hexadecimal digits are"),
    ("mappings ME 123456789abcdef01", "is no number: give up to"),
    ("mappings ME 9000000", "the space has no page at 9000000: mappings ME lists them"),
    ("mappings SIGMA0 bff00000", "the page at bff00000 is the kernel's own"),
    ("dump ME 0 99999", "that is too much: at most 1000 words"),
    ("dump kernel 0", "the kernel's addresses begin at"),
    ("dump ME", "usage: dump SPACE"),
    ("a b c d e", "too many words"),
    ("trace zz", "'zz' is no number"),
]


def test_trace(kdb):
    assert "kdb: nothing has been traced: `trace on` and `go` begin that" in kdb.ask("trace")
    assert "the trace is empty, and on" in kdb.ask("trace on")
    kdb.qemu.send("go\r")
    kdb.qemu.expect("kdbtest: goes on")
    kdb.qemu.send("x")
    kdb.qemu.expect("kdbtest: read x")
    kdb.qemu.send(CTRL_K)
    kdb.qemu.expect(PROMPT)
    assert "the trace is off, and kept" in kdb.ask("trace off")
    text = kdb.ask("trace 10")
    assert re.search(rf"us ago +{kdb.number('me'):x} switch, before: ", text)
    assert text.count("us ago") <= 16


def test_wrong_words(kdb):
    numbers = {"ME": f"{kdb.number('me'):x}", "SIGMA0": f"{kdb.number('me') - 2:x}"}
    for pair in WRONG:
        wrong, answer = (re.sub("[A-Z0]{2,}", lambda m: numbers.get(m[0], m[0]), t) for t in pair)
        assert answer in kdb.ask(wrong)
        assert "6 threads" in kdb.ask("threads")


def test_line_editing_and_pages(kdb):
    assert "6 threads" in kdb.ask("thx\x7freads")
    assert "6 threads" in kdb.ask("")  # once more
    assert "processor 0" in kdb.ask("rubbish\x15cpus")
    kdb.ask("lines 4")
    kdb.ask("threads", end="--more--")
    kdb.qemu.send("\r")
    kdb.qemu.expect("--more--")
    kdb.qemu.send(" ")
    kdb.qemu.expect("6 threads")
    kdb.qemu.expect(PROMPT)
    kdb.ask("threads", end="--more--")
    kdb.qemu.send("q")
    kdb.qemu.expect(PROMPT)
    assert "threads" not in kdb.qemu.before


@pytest.mark.parametrize("processors", [1, 3])
def test_go_key_and_nmi(machine, processors):
    debugger = machine(processors=processors)
    debugger.wait_for_test()
    debugger.ask("go", end="kdbtest: goes on")
    for entry in (lambda: debugger.qemu.send(CTRL_K) and debugger.qemu.expect(PROMPT), debugger.nmi):
        debugger.qemu.send("a")
        debugger.qemu.expect("read a")
        entry()
        assert debugger.ask("cpus").count("processor ") == processors
        debugger.ask("go", end="\n")
    debugger.qemu.send("b")
    debugger.qemu.expect("read b")


def test_many_entries(machine):
    """In the middle of the kernel's tests, whatever its processors are at (the tests may not like
    the pauses)."""
    debugger = machine(processors=3, task="x2test")
    debugger.qemu.expect(r"ok 3 -")
    for entry in range(24):
        debugger.qemu.send(CTRL_K)
        debugger.qemu.expect(PROMPT)
        if entry == 0:
            debugger.ask("lines 0")
        text = debugger.ask(LISTED[entry % len(LISTED)])
        assert "kernel fault" not in text and "almond: panic" not in text
        debugger.ask("go", end=r"ok \d+ -")


def test_boot_option(machine):
    debugger = machine(options="kdb=yes")
    debugger.qemu.expect("kdb=yes")
    debugger.qemu.expect(PROMPT)
    assert "2 threads" in debugger.ask("threads")
    debugger.qemu.send("go\r")
    debugger.wait_for_test()


@pytest.mark.parametrize("processors", [1, 3])
def test_panic(machine, processors):
    debugger = machine(processors=processors)
    debugger.wait_for_test()
    text = debugger.ask("panic")
    assert "almond: panic: asked for" in text and "kdb_prompt+0x" in text
    assert "kdb_attend+0x" in debugger.ask("bt")
    for command in LISTED:
        debugger.ask("lines 0")
        assert "fault" not in debugger.ask(command).replace("page fault", "")
    debugger.ask("panic")  # from inside: back to the prompt
    assert "cannot go on: reset starts the machine anew" in debugger.ask("go")
    debugger.qemu.send("reset\r")
    debugger.qemu.expect(pexpect.EOF)


def test_system_of_vms(boot, tmp_path):
    """Under the monitor, which has the serial interrupt: the key is the monitor's, an NMI enters."""
    build("amd64")
    libdir = tmp_path / "lib"
    shutil.copytree(BUILD / "amd64", libdir, ignore=shutil.ignore_patterns("obj"))
    shutil.copy(BUILD / "amd64-kdb" / "almond", libdir)
    system = boot({"a": payload("spin"), "b": payload("pace", "windows=100000 window=100000000")},
                  f"--libdir={libdir}", "--qemu-arg=-monitor",
                  f"--qemu-arg=unix:{tmp_path}/monitor,server,nowait")
    system.expect_lines({"a": "spin: begins", "b": "pace: [0-9]+"}, timeout=BOOT_SECONDS)
    system.process.send(CTRL_K)
    system.say("typed keys go nowhere here")
    send_nmi(tmp_path / "monitor")
    system.expect("kdb: NMI")
    system.expect(PROMPT)
    for command, answer in (
            ("lines 0", ""), ("threads", r"running +- +- vcpu|ready +- +- vcpu"),
            ("spaces", "guest memory"), ("irqs", "irq 4: handler [0-9a-f]+, processor 0"),
            ("memory", r"\n +1 +[0-9]+ +[0-9]+ "), ("go", r"\[b\]\x1b\[0m pace: ")):
        system.process.send(command + "\r")
        system.expect(answer)
        if command != "go":
            system.expect(PROMPT)
