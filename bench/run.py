#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures Marzipan against its targets: prints tables, writes build/bench.json.

Instructions are counted by QEMU (-icount shift=0,sleep=off), so a run repeats to the last one.
The exit code is 1 if a target is missed or something could not be measured.  An entry's limit is
the most that its value may be, with "at_least" the least; null: there is none.
"""

import json
import sys
import traceback

from bare import BUILD, bare_values
from kvm import kvm_values
from lives import lives_entries, lives_missing
from memory import memory_entries, memory_missing
from micro import micro_entries
from monitor import monitor_entries
from vm import boot_instructions, memory_per_vm, text_kib, vm_values

RATIOS = ["boot", "getpid", "pgfault", "pipe", "forkexec"]
LIMITS = {"vcpu_exit_cpuid": 400, "vcpu_exit_pio": 400, "guest_boot_ratio": 1.10,
          "guest_getpid_ratio": 1.03, "guest_pgfault_ratio": 1.03, "guest_pipe_ratio": 1.03,
          "guest_forkexec_ratio": 1.03, "boot_to_first_guest": 30_000_000, "kernel_text_kib": 100,
          "overhead_per_vm_mib": 2}
UNITS = {"vcpu_exit_cpuid": "instructions", "vcpu_exit_pio": "instructions",
         "boot_to_first_guest": "instructions", "kernel_text_kib": "KiB",
         "overhead_per_vm_mib": "MiB"}


def attempt(measure):
    """What MEASURE returns, or None with its failure on standard error."""
    try:
        return measure()
    except Exception:  # pylint: disable=broad-except
        traceback.print_exc(limit=2)
        return None


def entry(name, value):
    return {"name": name, "value": value, "unit": UNITS.get(name, "ratio"), "limit": LIMITS[name]}


def print_guests(columns):
    names = [*RATIOS, "cpuid", "pio"]
    print("\nInstructions" + "".join(f"{title:>14}" for title in columns) + "    VM/bare  KVM/bare")
    for name in names:
        cells = [(values or {}).get(name) for values in columns.values()]
        line = f"{name:12}" + "".join(f"{cell if cell is not None else '-':>14}" for cell in cells)
        for cell in cells[1:]:
            has_ratio = cell is not None and cells[0] and name in RATIOS
            line += f"{cell / cells[0]:10.3f}" if has_ratio else f"{'':10}"
        print(line)


def missed(item):
    value, limit = item["value"], item["limit"]
    if value is None or limit is None:
        return value is None
    return value < limit if item.get("at_least") else value > limit


def limit_text(item):
    if item["limit"] is None:
        return "-"
    return f"{'>= ' if item.get('at_least') else ''}{item['limit']:.10g}"


def print_targets(entries):
    """All but the message lengths that have no limit."""
    print(f"\n{'Target':36}{'measured':>14}{'at most':>14}")
    for item in entries:
        if item["name"].startswith("ipc_oneway") and item["limit"] is None and not missed(item):
            continue
        value = "-" if item["value"] is None else f"{item['value']:.10g}"
        print(f"{item['name']:36}{value:>14}{limit_text(item):>14} {item['unit']}"
              f"{'   MISSED' if missed(item) else ''}")


def main():
    bare, vm, kvm = attempt(bare_values), attempt(vm_values), attempt(kvm_values)
    boot = attempt(boot_instructions)
    entries = [entry("vcpu_exit_cpuid", vm and vm["cpuid"]), entry("vcpu_exit_pio", vm and vm["pio"])]
    for name in RATIOS:
        entries.append(entry(f"guest_{name}_ratio",
                             round(vm[name] / bare[name], 4) if vm and bare else None))
    entries.append(entry("boot_to_first_guest", boot and max(boot)))
    entries.append(entry("kernel_text_kib", attempt(text_kib)))
    entries.append(entry("overhead_per_vm_mib", attempt(memory_per_vm)))
    entries += attempt(lives_entries) or lives_missing()
    entries += attempt(memory_entries) or memory_missing()
    entries += monitor_entries(attempt)
    entries += micro_entries(attempt)
    columns = {"bare": bare, "VM": vm, "KVM": kvm}
    (BUILD / "bench-guests.json").write_text(json.dumps(columns, indent=2) + "\n")
    print_guests(columns)
    print_targets(entries)
    (BUILD / "bench.json").write_text(json.dumps(entries, indent=2) + "\n")
    sys.exit(1 if any(map(missed, entries)) else 0)


main()
