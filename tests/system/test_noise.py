# SPDX-License-Identifier: BSD-2-Clause
"""Random messages to the monitor (tests/programs/noise): each is answered, the one beside goes on
unchanged, and all that was made is gone afterwards.

SEED=n in the environment (`make test SEED=n`) repeats the messages of a run.
"""

import os
import random

import pytest

from harness import BOOT_SECONDS, payload, program

SHORT, LONG = 60000, 500000  # messages of one life; there are two
SHORT_SECONDS, LONG_SECONDS = 300, 7200
# Bytes of the kernel's that stay: for pages of the monitor's own that are touched for the first time,
# for threads of more domains than ever before.  A second life of the noise finds nearly all there.
ONCE, STAYS = 16384, 512


def noise(cmdline, **keys):
    return program("noise", cmdline, memory="1M", **keys)


def programs(seed, messages):
    return {
        "beat": noise("beat", priority=150, controls="beat", publishes="/beat"),
        "noise": noise(f"{seed} {messages}", autostart=False, creates="64M",
                         controls=["toy", "top", "box", "ghost", "images"],
                         publishes="/noise/*", uses=["/noise/*", "/beat"])}


def command(system, words):
    system.key(":")
    system.expect("marzipan> ")
    system.process.send(words + "\r")


def books(system):
    for _ in range(2):  # the first may say what was before
        match = system.expect_line("beat", r"beat \d+, free (\d+), kernel (\d+)")
    return int(match.group(1)), int(match.group(2))


def live(system, seconds):
    """One life of the noise; the books behind it."""
    command(system, "start noise")
    match = system.expect(r"\[noise\]\S* (\d+) messages: (\d+) refused, (\d+) not received, "
                          r"(\d+) waited; (\d+) failures",
                          r"program noise: (crashed|killed|internal)[^\n]*",
                          r"(nobody handles its fault)", timeout=seconds)
    assert match.lastindex == 5, match.group(0)
    messages, *failed, failures = map(int, match.groups())
    assert failures == 0 and messages - sum(failed) > messages / 20, match.group(0)
    system.expect_log("program noise: powered off")
    return books(system)


def expect_level(system, seconds):
    system.expect_line("beat", "beat 4,", timeout=BOOT_SECONDS)
    before = books(system)
    first = live(system, seconds)
    second = live(system, seconds)
    assert before[0] == first[0] == second[0]
    assert first[1] - before[1] < ONCE and second[1] - first[1] < STAYS
    assert "FAIL" not in system.text()


def seed_of(default):
    return int(os.environ.get("SEED") or default)


def images():
    """What the noise makes VMs of."""
    return {"images": payload("tsc", memory="4M", autostart=False)}


def test_some_noise(boot):
    expect_level(boot(images(), programs=programs(seed_of(1), SHORT)), SHORT_SECONDS)


def test_some_noise_on_ia32(boot32):
    expect_level(boot32({}, programs=programs(seed_of(1), SHORT)), SHORT_SECONDS)


@pytest.mark.long
def test_much_noise(boot, capsys):
    seed = seed_of(random.randrange(1, 1000000))
    with capsys.disabled():
        print(f"\nnoise: seed {seed}", flush=True)
    expect_level(boot(images(), programs=programs(seed, LONG)), LONG_SECONDS)


@pytest.mark.long
def test_much_noise_on_ia32(boot32, capsys):
    seed = seed_of(random.randrange(1, 1000000))
    with capsys.disabled():
        print(f"\nnoise: ia32, seed {seed}", flush=True)
    expect_level(boot32({}, programs=programs(seed, LONG)), LONG_SECONDS)
