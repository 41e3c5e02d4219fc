# SPDX-License-Identifier: BSD-2-Clause
"""VMs with several vCPUs, on as many processors and on fewer."""

import re

import pytest

from harness import BOOT_SECONDS, BUILD, PROMPT, debian, marzipan, mischief, payload

STRESS_SECONDS = 600
BUSY = "while :; do :; done & "


def smp(name, vcpus, options="", **keys):
    """A VM whose file system has /smp (tests/guests/smp.c)."""
    return debian(vcpus=vcpus, initrd=str(BUILD / "guests/smp.cpio"),
                  cmdline=f"console=ttyS0 quiet cryptomgr.notests mz.name={name} {options}", **keys)


def shell_of(system, number, name):
    system.focus(number, name)
    system.process.send("\r")
    system.expect(PROMPT)


def start(boot, vcpus, processors, **keys):
    """Boots one VM and goes to its shell."""
    system = boot({"anna": smp("anna", vcpus, **keys)}, machine={"processors": processors})
    system.expect(rf"Welcome to anna: Linux \S+, {vcpus} CPU", timeout=BOOT_SECONDS)
    shell_of(system, 1, "anna")
    return system


def stop(system, name="anna"):
    system.process.send("poweroff\r")
    system.expect_log(f"vm {name}: powered off")


def local_timers(system, vcpus):
    """How many ticks each vCPU has had."""
    system.process.send("grep LOC: /proc/interrupts\r")
    return [int(n) for n in system.expect(r"LOC:" + r" +(\d+)" * vcpus + " +Local").groups()]


def control(system, *words):
    result = marzipan(*words, "--control", system.control)
    assert result.returncode == 0, result.stdout
    return result.stdout


def share(system, name):
    """What the domain uses of one processor, in percent."""
    return float(re.search(rf"{name} +\w+ +(\d+\.\d) %", control(system, "top")).group(1))


@pytest.mark.parametrize("processors", [pytest.param(1, marks=pytest.mark.long), 2])
def test_four_vcpus(boot, processors):
    system = start(boot, 4, processors)
    system.shell("echo $(nproc) of $(grep -c processor /proc/cpuinfo)", "4 of 4")
    system.shell("cat /sys/devices/system/cpu/cpu3/topology/core_siblings_list", "0-3")
    before = local_timers(system, 4)
    for cpu in range(4):  # each does what is pinned to it
        system.shell(f"taskset {1 << cpu:x} sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done;"
                     f" echo cpu $(cut -d\\  -f39 /proc/self/stat) counted $i'",
                     f"cpu {cpu} counted 20000")
    after = local_timers(system, 4)
    assert all(a > b for a, b in zip(after, before))
    # They need each other: TLB shoot-downs, wake-ups, processes, clocks, locks. /smp checks what it sees.
    system.process.send("/smp 20\r")
    system.expect("smp: done, 0 faults", timeout=STRESS_SECONDS)
    stop(system)
    assert system.wait_end() == 0


def test_any_vcpu_ends_the_vm(boot):
    """And before: INIT and START bring a vCPU back that has halted for good."""
    system = start(boot, 3, 2)
    for _ in range(3):
        system.shell("cd /sys/devices/system/cpu; echo 0 >cpu1/online; echo on: $(cat online)",
                     "on: 0,2")
        system.shell("echo 1 >cpu1/online; echo on: $(cat online)", "on: 0-2")
        system.shell("taskset 2 sh -c 'echo cpu $(cut -d\\  -f39 /proc/self/stat)'", "cpu 1")
    system.process.send("taskset 4 reboot -f\r")
    system.expect_log("vm anna: rebooted; restarting")
    system.expect("Welcome to anna: Linux [^\n]* 3 CPU", timeout=BOOT_SECONDS)
    system.expect(PROMPT)
    system.process.send("(/smp 1000 >/dev/null &); sleep 1; taskset 2 poweroff -f\r")
    system.expect_log("vm anna: powered off")
    assert system.wait_end() == 0
    assert len(re.findall("vm anna: (?:rebooted|powered off)", system.text())) == 2


@pytest.mark.long
def test_nmi_reaches_all(boot):
    """Linux asks the others by NMI where they are, even those that have interrupts off."""
    system = start(boot, 3, 2)
    system.shell("echo l >/proc/sysrq-trigger; echo $((6 * 7)) asked", "42 asked")
    system.shell("dmesg | grep -c 'NMI backtrace for cpu'", "3")
    stop(system)
    assert system.wait_end() == 0


@pytest.mark.long
def test_panic_stops_all(boot):
    """A kernel that panics stops its other processors and reboots once."""
    system = start(boot, 3, 2, options="panic=1")
    system.process.send("taskset 4 sh -c 'echo c >/proc/sysrq-trigger'\r")
    system.process.expect("vm anna: rebooted; restarting", timeout=BOOT_SECONDS)  # a panic is right
    system.expect("Welcome to anna: Linux [^\n]* 3 CPU", timeout=BOOT_SECONDS)
    system.expect(PROMPT)
    stop(system)
    assert system.wait_end() == 0


def test_a_pause_stops_all(boot):
    """Wherever they are: in the guest, in the VMM with a lock, in a message to the monitor."""
    system = start(boot, 4, 3)
    system.process.send("/smp 40\r")
    system.expect("smp: shootdown on 4: 0 faults", timeout=STRESS_SECONDS)
    for _ in range(5):
        assert control(system, "pause", "anna") == "anna: paused\n"
        assert share(system, "anna") == 0
        assert control(system, "resume", "anna") == "anna: goes on\n"
    system.expect("smp: done, 0 faults", timeout=STRESS_SECONDS)
    stop(system)
    assert system.wait_end() == 0


@pytest.mark.long
def test_vcpus_share_the_time_of_their_vm(boot):
    """However many they are, they take no more from others than one would."""
    system = boot({"anna": smp("anna", 3)}, "--icount", programs={"other": mischief("spin")})
    system.expect(r"Welcome to anna: Linux \S+, 3 CPU", timeout=2 * BOOT_SECONDS)
    shell_of(system, 1, "anna")
    system.shell(f"{3 * BUSY} echo $((6 * 7)) are busy", "42 are busy")
    assert abs(share(system, "anna") - 50) < 3


@pytest.mark.long
@pytest.mark.parametrize("keys, least, most", [
    ({"cap": "40%"}, 25, 42), # of 3 s, which may have parts of 31 periods
    ({"weight": 10, "reservation": {"budget": "30ms", "period": "100ms"}}, 29, 45)],
    ids=["cap", "reservation"])
def test_limits_are_for_all_vcpus_together(boot, keys, least, most):
    """In percent of a processor that a program with a hundred times the weight wants, too. A cap is the most
    that they get, each its part, which it may not use; what is reserved is the least: beyond it they compete."""
    system = boot({"anna": smp("anna", 3, **keys)}, "--icount",
                  programs={"other": mischief("spin", weight=keys.get("weight", 1) * 100)})
    system.expect(r"Welcome to anna: Linux \S+, 3 CPU", timeout=4 * BOOT_SECONDS)
    shell_of(system, 1, "anna")
    system.shell(f"{3 * BUSY} echo $((6 * 7)) are busy", "42 are busy")
    share(system, "anna")
    system.shell("sleep 3; echo $((6 * 7)) later", "42 later")
    used = share(system, "anna")
    assert least <= used <= most


def test_pinned_to_a_processor(boot):
    """One VM has half of a processor, the other one the rest of that and another one."""
    names = ["bert", "anna"]
    system = boot({"bert": smp("bert", 2), "anna": smp("anna", 2, cpus=1)},
                  machine={"processors": 3})
    system.expect_welcomes(names)
    for number, name in enumerate(names, 1):
        shell_of(system, number, name)
        system.shell(f"{2 * BUSY} echo $((6 * 7)) are busy", "42 are busy")
    assert share(system, "anna") < 75
    assert share(system, "bert") > 125
    for name in names:
        control(system, "kill", name)


@pytest.mark.long
def test_two_beside_each_other(boot):
    """Both are made to work hard, and each sees only itself."""
    names = ["anna", "bert"]
    system = boot({name: smp(name, 2) for name in names}, machine={"processors": 2})
    system.expect_welcomes(names)
    for number, name in enumerate(names, 1):
        shell_of(system, number, name)
        system.shell(f"(/smp 10 >/tmp/log; echo {name} $(tail -n 1 /tmp/log) >/dev/console) &", "")
    waiting = {"anna", "bert"}
    system.show_all()
    while waiting:
        waiting.discard(system.expect(r"(anna|bert) smp: done, 0 faults",
                                      timeout=STRESS_SECONDS).group(1))
    for number, name in enumerate(names, 1):
        shell_of(system, number, name)
        system.shell("echo $(nproc) here", "2 here")
        stop(system, name)
    assert system.wait_end() == 0


@pytest.mark.long
@pytest.mark.parametrize("processors", [1, 2, 8])
def test_eight_vcpus(boot, processors):
    system = start(boot, 8, processors)
    system.shell("echo $(nproc) of 8", "8 of 8")
    stop(system)
    assert system.wait_end() == 0


@pytest.mark.long
def test_fxrstor_beside(boot):
    """The emulator keeps the processors' states apart, as it is told to run."""
    system = boot({"anna": debian(), "bert": payload("fxrstor")}, machine={"processors": 2})
    system.expect_welcomes(["anna"])
    shell_of(system, 1, "anna")
    for _ in range(20):
        system.shell("sleep 1; echo $((6 * 7)) here", "42 here")
    stop(system)
    assert "not restarted" not in system.text()


@pytest.mark.long
@pytest.mark.parametrize("vcpus, processors", [(2, 2), (4, 1), (4, 2), (4, 4), (8, 2)])
def test_for_long(boot, vcpus, processors):
    system = start(boot, vcpus, processors)
    for _ in range(5):
        system.process.send("/smp 100\r")
        system.expect("smp: done, 0 faults", timeout=3 * STRESS_SECONDS)
    stop(system)
    assert system.wait_end() == 0
