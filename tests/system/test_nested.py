# SPDX-License-Identifier: BSD-2-Clause
"""Monitors inside of monitors: three levels, limits, and what remains of them: nothing."""

import json
import re
import shlex

import pytest

from harness import (BOOT_SECONDS, PROGRAMS, PROMPT, System, debian, marzipan, payload, program,
                     write_description)

COLOUR = r"\x1b\[\d*m"


ASKS = program("refusals", memory="1M", quotas={"threads": 4})


@pytest.fixture(name="inside")
def fixture_inside(tmp_path):
    """inside(name, **sections): the path of a description for a monitor."""
    def write(name, **sections):
        path = tmp_path / f"{name}.yaml"
        path.write_text(json.dumps(sections))
        return str(path)
    return write


def nested(system, memory="32M", **keys):
    return {"system": system, "memory": memory, "restart": "never", **keys}


def expect_lines(system, texts, timeout=BOOT_SECONDS):
    """Waits for lines, in any order, of which each has these names before its text."""
    waiting = list(texts)
    while waiting:
        patterns = [rf"\[{names[0]}\]{COLOUR} " + "".join(rf"\[{name}\] " for name in names[1:]) +
                    rf"[^\n]*?{text}[^\n]*\n" for *names, text in waiting]
        system.expect(*patterns, timeout=timeout)
        del waiting[system.process.match_index]


def books(system, when):
    """Bytes that were free, and the kernel's for the root, before or after each life."""
    return re.findall(rf"debug: monitor inner: {when}, (\d+) bytes are free, (\d+) the kernel",
                      system.text())


def test_three_levels_do_their_work(boot, inside):
    third = inside("third", programs={"asks": ASKS}, vms={"probe": payload("cpuprobe")})
    second = inside("second", programs={"asks": ASKS}, vms={"probe": payload("cpuprobe")},
                    monitors={"deep": nested(third)})
    system = boot({"probe": payload("cpuprobe")}, programs={"asks": ASKS},
                  monitors={"inner": nested(second, memory="128M")})
    expect_lines(system, [(*at, name, text) for at in ((), ("inner",), ("inner", "deep"))
                          for name, text in (("asks", "all answers were right"),
                                             ("probe", "cpuprobe: ok"))])
    assert system.wait_end() == 0
    assert "monitor inner: powered off all have ended" in system.text()
    assert "still holds" not in system.text()


def test_an_operator_reaches_a_guest_inside(boot, inside):
    second = inside("second", vms={"bert": debian()})
    system = boot({}, monitors={"inner": nested(second, memory="160M")})
    expect_lines(system, [("inner", "bert", "Welcome to bert")])
    system.focus(1, "inner", "monitor")
    system.key("\x1d")  # the inner monitor's own
    system.process.send("1")
    system.say(r"vm bert; Ctrl-\] a leads back")
    system.key("\x1d")
    system.process.send(":")
    system.say("the shell does not run; a monitor inside of another one has none")
    system.process.send("\r")
    system.expect(PROMPT)
    system.shell("echo $((6 * 7))", "42")
    system.process.send("poweroff\r")
    system.expect_log("monitor inner: powered off all have ended")
    assert system.wait_end() == 0


@pytest.mark.parametrize("processors", [1, 2])
def test_the_end_of_a_monitor_gives_everything_back(boot, inside, processors):
    busy = {"vms": {"spin": payload("spin")},
            "programs": {"spins": program("mischief", "spin"), "echo": program("mischief", "echo")}}
    third = inside("third", **busy)
    second = inside("second", **busy, monitors={"deep": nested(third)})
    system = boot({}, "--qemu-arg=-smp", f"--qemu-arg={processors}",
                  "--args", "monitor=loglevel=debug",
                  programs={"stays": program("mischief", "echo")},
                  monitors={"inner": nested(second, memory="128M")})
    control = ("--control", system.control)
    for life in range(4):
        if life:
            assert marzipan("start", *control, "inner").returncode == 0
        expect_lines(system, [(*at, name, text) for at in (("inner",), ("inner", "deep"))
                              for name, text in (("echo", "echo is ready"), ("spin", "begins"))])
        assert marzipan("kill", *control, "inner").returncode == 0
        system.expect_log("monitor inner: killed by the operator")
    before, after = books(system, "before")[1:], books(system, "after")[1:]  # the first maps what stays
    assert len(before) == 3
    assert {free for free, _ in before} == {free for free, _ in after}
    assert len({free for free, _ in after}) == 1
    # The root itself may touch an IO port for the first time, in one of the lives.
    assert sum(a == b for (_, a), (_, b) in zip(before, after)) >= 2, (before, after)
    assert "still holds" not in system.text()
    quota = marzipan("quota", *control, "inner").stdout
    assert re.search(r"memory +0 KiB of 130 MiB\n", quota)
    assert re.search(r"kernel memory +0 KiB of ", quota)
    assert re.search(r"threads +0 of ", quota)


def test_a_fault_in_a_monitor_is_nobody_elses(boot, inside):
    third = inside("third", programs={"spins": program("mischief", "spin"),
                                      "ends": program("mischief", "outside")})
    second = inside("second", programs={"stays": program("mischief", "echo")},
                    monitors={"deep": nested(third, restart={"policy": "always", "delay": "100ms"})})
    system = boot({}, monitors={"inner": nested(second, memory="96M")})
    expect_lines(system, [("inner", "stays", "echo is ready"),
                          ("inner", "deep", r"\[ *\d+\.\d+\] error: program ends: crashed: page fault at 0x8")])
    assert system.process.isalive()


def test_who_is_asked_to_stop_stops_all_that_is_inside(boot, inside):
    third = inside("third", programs={"one": program("mischief", "echo")})
    second = inside("second", programs={"two": program("mischief", "echo")},
                    monitors={"deep": nested(third)})
    system = boot({}, monitors={"inner": nested(second, memory="96M")})
    expect_lines(system, [("inner", "deep", "one", "echo is ready"),
                          ("inner", "two", "echo is ready")])
    assert marzipan("stop", "--control", system.control, "inner").returncode == 0
    expect_lines(system, [("inner", "deep", r"\[ *\d+\.\d+\] program one: powered off"),
                          ("inner", r"\[ *\d+\.\d+\] program two: powered off"),
                          ("inner", r"\[ *\d+\.\d+\] monitor deep: powered off")])
    system.expect_log("monitor inner: powered off all have ended")
    assert system.wait_end() == 0


def test_nobody_inside_reaches_those_outside(boot, inside):
    second = inside("second", programs={"rogue": program("confined")})
    victims = {f"victim{n}": program("confined", "victim") for n in range(3)}
    system = boot({}, programs=victims, monitors={"inner": nested(second, memory="96M")})
    expect_lines(system, [*((name, "waiting to be reached") for name in victims),
                          ("inner", "rogue", r"\d{4,} tries, 0 failures")])
    assert "FAIL" not in system.text()


@pytest.mark.parametrize("act", ["spin", "storm", "log-storm"])
def test_greed_inside_leaves_others_their_share(boot, inside, act):
    second = inside("second", programs={"bad": program("mischief", act)})
    system = boot({}, programs={"good": program("mischief", "echo")},
                  monitors={"inner": nested(second, memory="96M")})
    system.expect_log("press Ctrl-", timeout=BOOT_SECONDS)
    system.focus(1, "good", "program")
    system.expect("echo is ready")
    for letter in "{}~":
        system.process.send(letter)
        system.expect(letter)


@pytest.fixture(name="usurper")
def fixture_usurper(request, tmp_path, inside):
    """usurper(act, **sections): a system in which the program `usurper` runs instead of its nested
    monitor, `bad`."""
    systems = request.node.systems = []

    def start(act, **sections):
        bad = nested(inside("second", programs={"none": ASKS}), memory="8M", domains=3, cmdline=act,
                     quotas={"threads": 12, "kernel-memory": "2M"})
        description = write_description(tmp_path, {}, monitors={"bad": bad}, **sections)
        line = marzipan("run", "--dry-run", "-o", tmp_path / "staged", description)
        assert line.returncode == 0, line.stdout
        (tmp_path / "instead").mkdir()
        (tmp_path / "instead" / "monitor").symlink_to(PROGRAMS / "usurper")
        words = shlex.split(line.stdout)
        at = words.index("-initrd") + 1
        before, _, after = words[at].rpartition(f"{tmp_path}/staged/monitor")
        words[at] = f"{before}{tmp_path}/instead/monitor{after}"
        system = System(words, tmp_path / "console")
        systems.append(system)
        return system

    yield start
    for system in systems:
        system.end()


@pytest.mark.parametrize("act, end", [
    ("well", "powered off"),
    ("write", r"crashed: page fault at 0x40[0-9a-f]+, ip 0x[0-9a-f]+: not writable"),
    ("beyond", r"crashed: page fault at 0x80800000, ip 0x[0-9a-f]+: outside its memory"),
])
def test_a_hostile_monitor_gets_nothing_that_is_not_its(usurper, act, end):
    system = usurper(act, programs={"victim": program("confined", "victim")})
    expect_lines(system, [("victim", "waiting to be reached"), ("bad", r"made \d+ tries"),
                          ("bad", "0 wrong answers")])
    system.expect_log(f"monitor bad: {end}")
    assert "FAIL" not in system.text()
    assert "still holds" not in system.text()
