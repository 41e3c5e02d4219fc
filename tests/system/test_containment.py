# SPDX-License-Identifier: BSD-2-Clause
"""Guests that misbehave end alone, with the cause in one line; others go on."""

import pytest

from harness import BOOT_SECONDS, payload

NEIGHBOUR = payload("pace", "windows=100000 window=50000000")

CAUSES = [
    ("crash", "kind=triple", "triple fault"),
    ("crash", "kind=halt", "all processors halted with interrupts off"),
    ("nowhere", "kind=jump", "access outside its memory"),
    ("nowhere", "kind=jump address=0x7f00000000", "access outside its memory"),
    ("nowhere", "kind=read", "access outside its memory"),
    ("nowhere", "kind=write", "access outside its memory"),
    ("nowhere", "kind=fpu address=0xfee00020", "instruction that cannot be emulated"),
]


def neighbour_goes_on(system):
    for _ in range(3):
        system.expect_line("good", r"pace: \d+")


@pytest.mark.parametrize("name, cmdline, cause", CAUSES, ids=[f"{c[0]}-{c[1]}" for c in CAUSES])
def test_ends_alone_with_the_cause(boot, name, cmdline, cause):
    system = boot({"bad": payload(name, cmdline), "good": NEIGHBOUR})
    system.expect_log(f"vm bad: {cause}[^\n]*; not restarted", timeout=BOOT_SECONDS)
    neighbour_goes_on(system)
    assert system.text().count("vm bad: ") - system.text().count("first guest instruction") <= 1


def test_reserved_bits_of_cr4(boot):
    """QEMU ends such a guest as if the host had made an error; a processor raises #GP."""
    system = boot({"bad": payload("crash", "kind=control"), "good": NEIGHBOUR})
    system.expect_log("vm bad: ", timeout=BOOT_SECONDS)
    neighbour_goes_on(system)


def test_cpu_probes_reach_nothing(boot):
    system = boot({"bad": payload("cpuprobe"), "good": NEIGHBOUR})
    system.expect_line("bad", "cpuprobe: [0-9]+ leaks", timeout=BOOT_SECONDS)
    leaks = [line for line in system.text().splitlines() if "LEAK" in line]
    assert not leaks
    system.expect_log("vm bad: powered off")
    neighbour_goes_on(system)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("kinds", ["m", "i", "c", "mic"])
def test_random_instructions(boot, seed, kinds):
    system = boot({"bad": payload("fuzz", f"seed={seed} count=4000 kinds={kinds}"),
                   "good": NEIGHBOUR})
    system.expect_line("bad", "fuzz: done, ", timeout=BOOT_SECONDS)
    neighbour_goes_on(system)


def test_interrupts_off_is_off(boot):
    """QEMU delivers an injected interrupt twice if its next exit is late and time runs out before."""
    system = boot({"good": payload("reenter"), "other": payload("spin")}, "--icount")
    match = system.expect_line("good", r"reenter: 20 handled, (\d+) within", timeout=BOOT_SECONDS)
    assert match.group(1) == "0"


@pytest.mark.parametrize("attack", [
    payload("spin"), payload("storm"), payload("storm", "kind=irq"),
    payload("fuzz", "count=0 kinds=m"), payload("fuzz", "count=0 kinds=i"),
    payload("fuzz", "count=0 kinds=c")],
    ids=["spin", "storm", "storm-irq", "fuzz-msr", "fuzz-io", "fuzz-cpuid"])
def test_a_busy_vm_takes_its_fair_share_at_most(boot, attack):
    """Counted in instructions, so it repeats: two VMs, each gets half, less 12 %."""
    windows = 3
    pace = payload("pace", f"windows={windows} window=100000000")
    alone = average_pace(boot({"good": pace}, "--icount"), windows)
    beside = average_pace(boot({"good": pace, "bad": attack}, "--icount"), windows)
    assert beside >= 0.44 * alone


def average_pace(system, windows):
    rounds = [int(system.expect(r"pace: (\d+)\s", timeout=BOOT_SECONDS).group(1))
              for _ in range(windows)]
    system.end()
    return sum(rounds) / windows
