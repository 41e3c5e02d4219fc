# SPDX-License-Identifier: BSD-2-Clause
"""The baselines: the same guests on a bare QEMU machine that counts instructions."""

import re
import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
BUILD = TOP / "build"

# One instruction is one nanosecond of the machine's time and one tick of its TSC.
COUNTING = ["-icount", "shift=0,sleep=off", "-rtc", "base=2024-01-01,clock=vm", "-seed", "1"]
CPU = "qemu64,+svm,+npt,+vgif"
TSC_KHZ = 1_000_000
KERNEL = BUILD / "guests/debian-cloud/vmlinux"
INITRD = BUILD / "guests/bench.cpio"
CMDLINE = (f"console=ttyS0 quiet cryptomgr.notests nokaslr tsc=reliable tsc_early_khz={TSC_KHZ}")
GUEST_MIB = 256
SECONDS = 900  # on a host with other work, too

VALUE = re.compile(r"(?:^|\s)(\w+): (\d+)\s*$")


def values(text):
    """NAME: NUMBER lines of a guest's console, as a dict."""
    return {m.group(1): int(m.group(2)) for line in text.splitlines() if (m := VALUE.search(line))}


def run_bare(kernel, initrd=None, cmdline=""):
    """Boots a PVH kernel on QEMU's microvm machine until it switches off; its values."""
    command = ["qemu-system-x86_64", "-accel", "tcg", "-M", "microvm", "-cpu", CPU,
               "-m", str(GUEST_MIB), *COUNTING, "-nodefaults", "-no-user-config", "-nographic",
               "-no-reboot", "-serial", "stdio", "-kernel", str(kernel), "-append", cmdline]
    if initrd:
        command += ["-initrd", str(initrd)]
    result = subprocess.run(command, check=True, timeout=SECONDS, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, text=True, errors="replace")
    return values(result.stdout)


def bare_values():
    """What the guests measure on the bare machine, from PVH entry on."""
    linux = run_bare(KERNEL, INITRD, CMDLINE)
    linux["boot"] = linux["init"] - run_bare(BUILD / "payloads/tsc")["entry"]
    exits = run_bare(BUILD / "payloads/exitcost")
    return {**linux, **exits}


if __name__ == "__main__":
    for name, value in bare_values().items():
        print(f"{name:10} {value}")
