# SPDX-License-Identifier: BSD-2-Clause
"""Random system calls against a kernel that checks itself (tests/fuzz/syscall, `make checked`).

SEED=n in the environment (`make test SEED=n`) repeats a run, as far as processors, timers and
the emulator's threads let it.
"""

import os
import random
import sys

import pexpect
import pytest

from harness import BUILD, FATAL, QEMU

SHORT = {1: 100000, 2: 30000}  # calls; processors in the emulator wait for each other much
LONG = 10000000
SHORT_SECONDS, LONG_SECONDS = 600, 12 * 3600
LAST_LINES = 3000  # characters


def seed_of(default):
    return int(os.environ.get("SEED") or default)


def fuzz(width, cpus, seed, calls, seconds, machine="q35"):
    """Runs the fuzzer; a panic, a stuck root thread or silence is a failure, and so is a run in
    which no string ever arrived, or no guest ever ran: then it tried less than it should."""
    kernel, normal = BUILD / f"{width}-check" / "almond", BUILD / width
    modules = f"{kernel},{normal}/sigma0,{normal}/syscallfuzz seed={seed} calls={calls}"
    program, cpu = QEMU[width]
    qemu = pexpect.spawn(program, [
        "-accel", "tcg", "-M", machine, "-cpu", cpu, "-smp", str(cpus), "-m", "256",
        "-nodefaults", "-nographic", "-no-reboot", "-serial", "stdio",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
        "-kernel", str(normal / "loader"), "-initrd", modules],
        encoding="latin-1", timeout=seconds, echo=False)
    text = ""
    qemu.logfile_read = sys.stdout
    try:
        ended = qemu.expect([rf"fuzz: \d+ calls, seed {seed}, (\d+) strings, (\d+) exits, ok", FATAL,
                             "fuzz: the root [^\n]*"], searchwindowsize=LAST_LINES)
        if ended:
            text = qemu.before[-LAST_LINES:] + qemu.after
            qemu.expect([pexpect.TIMEOUT, pexpect.EOF], timeout=2)  # the backtrace
            text += qemu.before
        assert ended == 0, f"seed {seed}: {text}"
        strings, exits = map(int, qemu.match.groups())
        assert strings and exits, f"seed {seed}: {strings} strings, {exits} exits"
        qemu.expect(pexpect.EOF, timeout=10)
    finally:
        qemu.close(force=True)


@pytest.mark.parametrize("cpus", SHORT)
@pytest.mark.parametrize("width", QEMU)
def test_some_calls(width, cpus):
    fuzz(width, cpus, seed_of(1), SHORT[cpus], SHORT_SECONDS)


@pytest.mark.long
@pytest.mark.parametrize("machine", ["q35", "pc"])
@pytest.mark.parametrize("cpus", SHORT)
@pytest.mark.parametrize("width", QEMU)
def test_many_calls(width, cpus, machine, capsys):
    seed = seed_of(random.randrange(1, 1000000))
    with capsys.disabled():
        print(f"\nfuzz: {width}, {cpus} processors, {machine}: seed {seed}", flush=True)
    fuzz(width, cpus, seed, LONG if machine == "q35" else LONG // 10, LONG_SECONDS, machine)
