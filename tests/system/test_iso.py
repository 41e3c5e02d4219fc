# SPDX-License-Identifier: BSD-2-Clause
"""The GRUB image boots the same on BIOS and UEFI, and in Bochs."""

import subprocess

import pytest

from harness import BOOT_SECONDS, TOP, debian, payload


@pytest.mark.parametrize("firmware", [[], ["--efi"]], ids=["bios", "uefi"])
@pytest.mark.parametrize("machine", ["q35", "pc"])
def test_iso_with_payloads(boot, firmware, machine):
    system = boot({"a": payload("memory"), "b": payload("memory")}, "--iso", *firmware,
                  "--machine", machine, machine={"memory": "1G"})
    assert system.wait_end(timeout=BOOT_SECONDS) == 0
    assert "vm a: powered off" in system.text() and "vm b: powered off" in system.text()


@pytest.mark.parametrize("firmware", [[], ["--efi"]], ids=["bios", "uefi"])
def test_iso_with_debian(boot, firmware):
    system = boot({"anna": debian(), "bert": debian()}, "--iso", *firmware,
                  machine={"memory": "1G"})
    system.expect_welcomes(["anna", "bert"], timeout=2 * BOOT_SECONDS)


@pytest.mark.long
def test_bochs():
    """Two Debian VMs in Bochs, from the image to poweroff."""
    result = subprocess.run(["mk/bochs.py", "--test"], cwd=TOP, check=False, text=True,
                            timeout=1200, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert result.returncode == 0, result.stdout[-4000:]
    assert "anna" in result.stdout and "bert" in result.stdout
