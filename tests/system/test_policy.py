# SPDX-License-Identifier: BSD-2-Clause
"""Processor time: weights, caps, reservations, and the processors that one may use.

Time is counted in instructions here (--icount), so the shares repeat exactly.
"""

import re

import pytest

from harness import BOOT_SECONDS, mischief, payload

TOLERANCE = 2  # percentage points


def spinner(act="spin", **keys):
    return mischief(act, **keys)


@pytest.fixture(name="shares")
def fixture_shares(boot):
    """shares(vms, programs): each one's percentage of a processor, over a second."""
    def measure(vms, programs, *options):
        system = boot(vms, "--icount", *options, programs=programs)
        system.expect_log("press Ctrl-", timeout=BOOT_SECONDS)
        system.key(":")
        system.expect("marzipan> ")
        system.process.send("top\r")
        for _ in range(2):
            system.expect("any key ends this", timeout=BOOT_SECONDS)
        table = system.text().rsplit("any key ends this", 2)[1]
        return {name: float(share) for name, share
                in re.findall(r"^ ?\d+  (\S+) +running +(\d+\.\d) %", table, re.M)}
    return measure


def expect_shares(measured, wanted):
    assert set(measured) == set(wanted)
    for name, share in wanted.items():
        assert abs(measured[name] - share) <= TOLERANCE, (name, measured)


def test_weights(shares):
    expect_shares(shares({}, {"a": spinner(weight=100), "b": spinner(weight=200),
                              "c": spinner(weight=700)}), {"a": 10, "b": 20, "c": 70})


def test_weights_of_vms(shares):
    expect_shares(shares({"vm": payload("spin", weight=300), "other": payload("spin")},
                         {"program": spinner()}), {"vm": 60, "other": 20, "program": 20})


def test_a_cap_holds_with_nobody_else_there(shares):
    measured = shares({"vm": payload("spin", cap="30%")}, {"program": spinner(cap="25%")})
    expect_shares(measured, {"vm": 30, "program": 25})
    assert measured["vm"] <= 30.5 and measured["program"] <= 25.5


def test_new_threads_bring_no_new_time(shares):
    measured = shares({}, {"capped": spinner("breed", cap="10%"), "other": spinner(),
                           "live": spinner("breed", weight=1,
                                           reservation={"budget": "1ms", "period": "10ms"})})
    assert measured["capped"] <= 10.5, measured
    assert measured["live"] <= 12, measured


def test_a_reservation_goes_before_all(shares):
    # A fifth is reserved; of the rest each gets its part.
    expect_shares(shares({"one": payload("spin", weight=9000), "two": payload("spin", weight=9000)},
                         {"live": spinner(reservation={"budget": "2ms", "period": "10ms"},
                                          weight=100)}), {"live": 20.5, "one": 39.7, "two": 39.7})


@pytest.mark.long
def test_processors(shares):
    # Three on the first processor, one alone on the second.
    programs = {"alone": spinner(cpus=[1]), **{n: spinner(cpus=[0]) for n in "abc"}}
    measured = shares({}, programs, "--qemu-arg=-smp", "--qemu-arg=2")
    # With --icount the processors take turns: the other's may fall between two of its slices.
    assert measured.pop("alone") > 90
    expect_shares(measured, {"a": 33.3, "b": 33.3, "c": 33.3})


@pytest.mark.long
def test_spreading(shares):
    programs = {n: spinner() for n in "abcd"}
    expect_shares(shares({}, programs, "--qemu-arg=-smp", "--qemu-arg=2"),
                  {n: 50 for n in programs})
