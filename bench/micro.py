# SPDX-License-Identifier: BSD-2-Clause
"""Kernel operations, measured by a root task (bench/kernel) on both widths."""

import re
import subprocess

from bare import BUILD, COUNTING, CPU

ARCHES = {"amd64": ("qemu-system-x86_64", CPU), "ia32": ("qemu-system-i386", "qemu32")}
SECONDS = 900
MIB = 2560  # one whole GiB of it is free

# What the hand-written fast path of the original, L4Ka::Pistachio, takes in the same emulator, by
# message registers (inter address space).
ORIGINAL = {"amd64": {0: 99.8, 4: 99.8, 12: 115.8, 63: 166.8},
            "ia32": {0: 101.8, 4: 112.8, 12: 120.8, 63: 171.8}}
IPC_LIMITS = {arch: {**ORIGINAL[arch], 0: 80} for arch in ARCHES}
INTRA_LIMIT = 75
FAULT_FACTOR = 3  # of a one-way IPC
VCPU_LIMIT = 250
IDL_LIMIT = 30  # what stub and dispatcher may add to a call
# name, unit, limit: the worse one of both widths counts
WORST = [("vcpu_exit_user", "instructions", VCPU_LIMIT),
         ("worst_preemption_latency", "instructions", 10_000),
         ("thread_bytes", "bytes", 1536), ("mapping_bytes", "bytes", 32)]
COUNTS = ["interrupt_to_thread", "notification", "thread_create", "map_4k", "map_1g", "unmap_100k"]

SCALING_LIMIT = 1.8
SCALING_RUNS = 5

LINE = re.compile(r"^kbench (\w+) (\d+)\s*$", re.MULTILINE)


class Failure(Exception):
    """A run that did not end by itself."""


def run_kbench(arch, *options):
    """Boots the measuring root task; the dict of its results."""
    qemu, cpu = ARCHES[arch]
    folder = BUILD / arch
    modules = ",".join(str(folder / name) for name in ("almond", "sigma0", "kbench"))
    command = [qemu, "-M", "q35", "-cpu", cpu, "-nodefaults", "-no-user-config", "-nographic",
               "-no-reboot", "-serial", "stdio",
               "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
               "-kernel", str(folder / "loader"), "-append", "kmem=64M", "-initrd", modules,
               "-m", str(MIB), *options]
    result = subprocess.run(command, check=False, timeout=SECONDS, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, text=True, errors="replace")
    if "kbench: done" not in result.stdout:
        raise Failure(f"{arch}: {result.stdout[-1000:]}")
    return {name: int(value) for name, value in LINE.findall(result.stdout)}


def kernel_values(arch):
    """Instructions and bytes; those of IPC come in tenths."""
    found = run_kbench(arch, "-accel", "tcg", *COUNTING)
    return {name: value / 10 if name.startswith("ipc_") else value
            for name, value in found.items()}


def scaling():
    """How much more two pairs of threads on two processors get done than one, by the clock: the
    host has other things to do, too, so the best of several runs counts, for one pair and for two
    by itself: a run that disturbed the one pair must not make the ratio better."""
    one, two = 0, 0
    for _ in range(SCALING_RUNS):
        found = run_kbench("amd64", "-accel", "tcg,thread=multi", "-smp", "2")
        one, two = max(one, found["calls_of_one_pair"]), max(two, found["calls_of_two_pairs"])
    return round(two / one, 3)


def entry(name, value, unit="instructions", limit=None):
    return {"name": name, "value": value, "unit": unit, "limit": limit}


def width_entries(arch, values):
    """What is measured on each width for itself."""
    inter = values.get("ipc_oneway_inter_0mr")
    out = [entry(f"ipc_oneway_inter_{n}mr_{arch}", values.get(f"ipc_oneway_inter_{n}mr"),
                 limit=IPC_LIMITS[arch].get(n)) for n in range(64)]
    out.append(entry(f"ipc_oneway_intra_0mr_{arch}", values.get("ipc_oneway_intra_0mr"),
                     limit=INTRA_LIMIT))
    out.append(entry(f"page_fault_{arch}", values.get("page_fault"),
                     limit=inter and FAULT_FACTOR * inter))
    out += [entry(f"{name}_{arch}", values.get(name)) for name in COUNTS]
    out.append(entry(f"vcpu_exit_user_{arch}", values.get("vcpu_exit_user"), limit=VCPU_LIMIT))
    bare, idl = values.get("ipc_call_bare"), values.get("ipc_call_idl")
    out.append(entry(f"idl_call_{arch}", idl))
    out.append(entry(f"idl_call_overhead_{arch}", None if None in (bare, idl) else round(idl - bare, 1),
                     limit=IDL_LIMIT))
    return out


def worst(name, widths):
    found = [values.get(name) for values in widths]
    return None if None in found else max(found)


def micro_entries(attempt):
    """All of build/bench.json that is about the kernel alone; ATTEMPT turns failures into None."""
    widths = {arch: attempt(lambda arch=arch: kernel_values(arch)) or {} for arch in ARCHES}
    out = [item for arch, values in widths.items() for item in width_entries(arch, values)]
    out += [entry(name, worst(name, widths.values()), unit, limit) for name, unit, limit in WORST]
    ratio = entry("ipc_scaling_2cpu", attempt(scaling), "ratio", SCALING_LIMIT)
    return [*out, {**ratio, "at_least": True}]


if __name__ == "__main__":
    for item in micro_entries(lambda measure: measure()):
        print(f"{item['name']:32} {item['value']}")
