# SPDX-License-Identifier: BSD-2-Clause
"""The reference: the same guests under Linux' KVM in the same emulated machine."""

import subprocess

from bare import BUILD, CMDLINE, COUNTING, CPU, KERNEL, SECONDS, values


def kvm_values():
    """What the guests measure; the host's /init runs first exitcost, then Linux."""
    command = ["qemu-system-x86_64", "-accel", "tcg", "-M", "q35", "-cpu", CPU, "-m", "768",
               *COUNTING, "-nodefaults", "-no-user-config", "-nographic", "-no-reboot",
               "-serial", "stdio", "-kernel", str(KERNEL),
               "-initrd", str(BUILD / "guests/kvm.cpio"), "-append", CMDLINE]
    result = subprocess.run(command, check=True, timeout=SECONDS, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, text=True, errors="replace")
    found = values(result.stdout)
    return {**found, "boot": found["init"] - found["entry"]}
