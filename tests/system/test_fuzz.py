# SPDX-License-Identifier: BSD-2-Clause
"""Random system calls against a kernel that checks itself (tests/fuzz/syscall, make CHECK=1)."""

import subprocess
import sys

import pexpect
import pytest

from harness import BUILD, FATAL, TOP

NORMAL, CHECKED = BUILD / "amd64", BUILD / "amd64-check"
CPU = "qemu64,+svm,+npt,+vgif,+smep,+smap,+pdpe1gb,+nx"


@pytest.fixture(scope="session")
def checked_kernel():
    """The kernel with its checks: whatever has changed is compiled."""
    kernel = CHECKED / "almond"
    subprocess.run(["make", "-s", "CHECK=1", str(kernel.relative_to(TOP))], cwd=TOP, check=True,
                   stdin=subprocess.DEVNULL)
    return kernel


def fuzz(kernel, seed, calls, seconds, machine="q35"):
    """Runs the fuzzer; a panic, a stuck root thread or silence is a failure."""
    modules = f"{kernel},{NORMAL}/sigma0,{NORMAL}/syscallfuzz seed={seed} calls={calls}"
    qemu = pexpect.spawn("qemu-system-x86_64", [
        "-accel", "tcg", "-M", machine, "-cpu", CPU, "-m", "256", "-nodefaults", "-nographic",
        "-no-reboot", "-serial", "stdio", "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
        "-kernel", str(NORMAL / "loader"), "-initrd", modules],
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


def test_some_calls(checked_kernel):
    fuzz(checked_kernel, seed=1, calls=60000, seconds=240)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 105))
def test_many_calls(checked_kernel, seed):
    fuzz(checked_kernel, seed, calls=2000000, seconds=3600, machine="pc" if seed % 2 else "q35")
