# SPDX-License-Identifier: BSD-2-Clause
"""Memory that two native programs share."""

import pytest

from harness import BOOT_SECONDS, program


def pair(owner, partner):
    """Who is in the system: the partner comes first, so that it can be offered something."""
    return {"partner": program("sharing", f"partner {partner}"),
            "owner": program("sharing", f"owner {owner}", shares="partner", after="partner")}


@pytest.fixture(name="share")
def fixture_share(boot):
    return lambda owner, partner: boot({}, programs=pair(owner, partner))


def ends_well(system):
    assert system.wait_end(timeout=BOOT_SECONDS) == 0
    text = system.text()
    assert "FAIL" not in text and text.count(" 0 failures") == 2
    assert "the kernel still holds" not in text
    return text


def test_offers_and_all_that_is_refused(share):
    system = share("all", "all")
    text = ends_well(system)
    assert "\x1b[2J" not in system.log.read_text(encoding="utf-8")
    for name in ("nobody", "stranger", "owner"):
        assert f"program owner: refused to share memory with {name}; the description" in text


def test_a_partner_that_ends(share):
    ends_well(share("stays", "ends"))


@pytest.mark.parametrize("owner, partner, before, cause", [
    ("revokes", "touches", "revoked", "there is no region"),
    ("lends", "writes", "read 0", "not writable")])
def test_what_a_partner_may_not_touch(share, owner, partner, before, cause):
    system = share(owner, partner)
    assert system.wait_end(timeout=BOOT_SECONDS) == 1
    text = system.text()
    assert f"[partner] {before}" in text and "but" not in text
    assert "program partner: crashed: page fault at 0x80201000, ip" in text
    assert f": {cause}; not restarted" in text
    assert "[owner] 0 failures" in text and "FAIL" not in text


def test_pages_that_come_and_go_at_one_place(boot):
    # The same fault a thousand times, each at another page: nothing is wrong with that.
    system = boot({}, programs={"p": program("allocation")})
    assert system.wait_end(timeout=BOOT_SECONDS) == 0
    assert "allocate" in system.text()
