# SPDX-License-Identifier: BSD-2-Clause
"""Random system calls against a kernel that checks itself (tests/fuzz/syscall, make CHECK=1)."""

import subprocess
import sys

import pexpect
import pytest

from harness import BUILD, FATAL, TOP

QEMU = {"amd64": ("qemu-system-x86_64", "qemu64,+svm,+npt,+vgif,+smep,+smap,+pdpe1gb,+nx"),
        "ia32": ("qemu-system-i386", "max")}


@pytest.fixture(scope="session", params=QEMU)
def width(request):
    """A width whose kernel with its checks is there: whatever has changed is compiled."""
    subprocess.run(["make", "-s", f"ARCH={request.param}", "CHECK=1",
                    f"build/{request.param}-check/almond"], cwd=TOP, check=True,
                   stdin=subprocess.DEVNULL)
    return request.param


def fuzz(width, seed, calls, seconds, machine="q35"):
    """Runs the fuzzer; a panic, a stuck root thread or silence is a failure."""
    kernel, normal = BUILD / f"{width}-check" / "almond", BUILD / width
    modules = f"{kernel},{normal}/sigma0,{normal}/syscallfuzz seed={seed} calls={calls}"
    program, cpu = QEMU[width]
    qemu = pexpect.spawn(program, [
        "-accel", "tcg", "-M", machine, "-cpu", cpu, "-m", "256", "-nodefaults", "-nographic",
        "-no-reboot", "-serial", "stdio", "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
        "-kernel", str(normal / "loader"), "-initrd", modules],
        encoding="latin-1", timeout=seconds, echo=False)
    qemu.logfile_read = sys.stdout
    try:
        ended = qemu.expect([rf"fuzz: \d+ calls, seed {seed}, ok", FATAL, "fuzz: the root [^\n]*"])
        if ended:
            qemu.expect([pexpect.TIMEOUT, pexpect.EOF], timeout=2)  # the backtrace
        assert ended == 0, f"seed {seed}: {qemu.before or qemu.after}"
        qemu.expect(pexpect.EOF, timeout=10)
    finally:
        qemu.close(force=True)


def test_some_calls(width):
    fuzz(width, seed=1, calls=60000, seconds=240)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 105))
def test_many_calls(width, seed):
    fuzz(width, seed, calls=2000000, seconds=3600, machine="pc" if seed % 2 else "q35")
