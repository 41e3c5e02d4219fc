# SPDX-License-Identifier: BSD-2-Clause
"""What the monitor's services cost, and what it takes to have many VMs; measured by a native program
(bench/monitor) while instructions are counted."""

import json
import re
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pexpect

from bare import BUILD
from vm import MARZIPAN, MONITOR_SIZE, UNITS, Failure, loaded_mib, payload

SECONDS = 300
BOOT_SECONDS = 1800  # 64 Debians boot beside each other: ten minutes or less
FEW, MANY = 10, 10000
VMS, VM_MIB, MACHINE = 64, 80, "8G"
IDLE_FOR = 10  # seconds
PERIODS = 1000

VALUE = re.compile(r"\[meter\]\S* (\w+): (\d+)")
LIMITS = {"directory_find_10_instructions": ("instructions", None),
          "directory_find_10000_instructions": ("instructions", None),
          "vm_inspect_instructions": ("instructions", None),
          "log_write_instructions": ("instructions", None),
          "own_usage_instructions": ("instructions", None),
          "monitor_memory_64_vms_mib": ("MiB", 4),
          "idle_vm_cpu_percent": ("percent", 0.5),
          "reservation_worst_lateness_us": ("us", None)}


def meter(act, **keys):
    return {"image": str(BUILD / "amd64/bench/meter"), "cmdline": act, "memory": "4M",
            "restart": "never", **keys}


def values(text):
    return {name: int(value) for name, value in VALUE.findall(text)}


@contextmanager
def running(description, seconds=SECONDS):
    """A system whose instructions are counted: its console, and where its control line is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "system.yaml"
        path.write_text(json.dumps(description))
        control = f"{folder}/control"
        console = pexpect.spawn(str(MARZIPAN), ["run", "--icount", "--control", control, str(path)],
                                timeout=seconds, encoding="utf-8", codec_errors="replace",
                                dimensions=(50, 300))
        try:
            yield console, control
        finally:
            console.close(force=True)


def call_values(services):
    """What calls cost beside so many services."""
    with running({
            "vms": {"v": {**payload("spin"), "priority": 20}},
            "programs": {"publisher": meter(f"publish {services}", publishes="/many/*"),
                         "meter": meter(f"calls {services}", priority=150, controls="v",
                                        uses="/many/*", after=f"/many/{services - 1}")}
    }) as (console, _):
        console.expect(r"\[meter\]\S* done")
        return values(console.before)


def most_used(console):
    """Microseconds of the VM that uses most while the meter looks."""
    console.send("\x1dp")  # the last in the list is the meter
    console.expect("program meter;", timeout=SECONDS)
    console.send("x")
    console.expect(r"most: (\d+)\s", timeout=SECONDS)
    return int(console.match.group(1))


def idle_values(attempt):
    """The monitor's memory with many VMs, in MiB, and the most that an idle one uses of a processor.
    The scroll-back, which the description orders, is as small as it can be."""
    debian = {"kernel": "debian-cloud", "memory": f"{VM_MIB}M", "restart": "never"}
    with running({"machine": {"memory": MACHINE}, "console": {"history": "1K"},
                  "vms": {f"vm{i}": debian for i in range(VMS)},
                  "programs": {"meter": meter(f"idle {IDLE_FOR}", priority=150, controls="any")}},
                 BOOT_SECONDS) as (console, control):
        waiting = {f"vm{i}" for i in range(VMS)}
        while waiting:
            console.expect(r"Welcome to (vm\d+): Linux")
            waiting.discard(console.match.group(1))
        table = subprocess.run([MARZIPAN, "ps", "--control", control], check=True, text=True,
                               stdout=subprocess.PIPE).stdout
        most = attempt(lambda: most_used(console))
    sizes = [int(n) * UNITS[unit] for n, unit in MONITOR_SIZE.findall(table)]
    if len(sizes) != 1:
        raise Failure(f"the table does not tell the monitor's size:\n{table}")
    memory = round(sizes[0] + loaded_mib("monitor"), 3)
    return memory, None if most is None else round(most / IDLE_FOR / 10000, 4)


def lateness():
    """Microseconds by which the periods of a program with a reservation begin late, beside two VMs
    that take all they can get: by percentage of the periods."""
    busy = payload("spin")
    with running({"vms": {"one": busy, "two": busy},
                  "programs": {"meter": meter(f"period {PERIODS}",
                                              reservation={"budget": "4ms", "period": "10ms"})}
                  }) as (console, _):
        console.expect(r"\[meter\]\S* done")
        return values(console.before)


def monitor_values(attempt):
    few, many = (attempt(lambda n=n: call_values(n)) or {} for n in (FEW, MANY))
    memory, cpu = attempt(lambda: idle_values(attempt)) or (None, None)
    late = attempt(lateness) or {}
    for name, value in late.items():
        print(f"periods of a reservation, {name.removeprefix('late_'):>3} percent begin at most "
              f"{value} us late")
    return (few.get("find"), many.get("find"), few.get("inspect"), few.get("log"),
            few.get("own_usage"), memory, cpu, late.get("late_100"))


def monitor_entries(attempt):
    """The entries of bench.json; ATTEMPT turns failures into None."""
    out = [{"name": name, "value": value, "unit": unit, "limit": limit}
           for (name, (unit, limit)), value in zip(LIMITS.items(), monitor_values(attempt))]
    few, many = out[:2]
    many["limit"] = few["value"] and 2 * few["value"]
    return out


if __name__ == "__main__":
    for item in monitor_entries(lambda measure: measure()):
        print(f"{item['name']:36} {item['value']} {item['unit']}")
