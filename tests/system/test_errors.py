# SPDX-License-Identifier: BSD-2-Clause
"""What is wrong is told before or at boot: file, line, cause and remedy; nothing boots half."""

import os

import pytest

from harness import BOOT_SECONDS, BUILD, debian, marzipan, payload

DESCRIPTION_ERRORS = {
    "unknown key": ("vms:\n  a:\n    kernel: debian-cloud\n    memroy: 64M\n", 4, "memroy"),
    "wrong unit": ("vms:\n  a:\n    kernel: debian-cloud\n    memory: 64MB\n", 4, "MB"),
    "two VMs of one name": ("defaults: {kernel: debian-cloud, memory: 64M}\nvms:\n"
                            "  a: {}\n  a: {}\n", 4, "a"),
    "missing file": ("vms:\n  a:\n    kernel: ./not-there\n    memory: 64M\n", 3, "not-there"),
    "not a kernel": ("vms:\n  a:\n    kernel: ./system.yaml\n    memory: 64M\n", 3, "kernel"),
}


@pytest.mark.parametrize("error", DESCRIPTION_ERRORS)
def test_description_errors(tmp_path, error):
    text, line, word = DESCRIPTION_ERRORS[error]
    path = tmp_path / "system.yaml"
    path.write_text(text)
    result = marzipan("check", path)
    assert result.returncode == 65
    assert f"{path}:{line}" in result.stdout
    assert word in result.stdout
    assert "remedy" in result.stdout


def test_more_memory_than_the_machine(tmp_path):
    path = tmp_path / "system.yaml"
    path.write_text("machine: {memory: 512M}\ndefaults: {kernel: debian-cloud, memory: 400M}\n"
                    "vms:\n  a: {}\n  b: {}\n")
    result = marzipan("check", path)
    assert result.returncode == 65
    assert "missing" in result.stdout and "a 400M" in result.stdout and "b 400M" in result.stdout


def test_machine_smaller_than_described(boot):
    """The monitor finds less memory than the description was checked for."""
    system = boot({"a": debian(memory="512M"), "b": debian(memory="512M")},
                  "--qemu-arg=-m", "--qemu-arg=768M")
    system.expect(r"error:[^\n]* missing", timeout=BOOT_SECONDS)
    assert system.wait_end() != 0
    assert "Welcome" not in system.text()


def test_processor_without_svm(boot):
    system = boot({"a": payload("tsc")}, "--cpu", "qemu64,-svm")
    system.expect(r"error:[^\n]*SVM", timeout=BOOT_SECONDS)
    assert system.wait_end() != 0
    assert "-cpu" in system.text()


def test_processor_without_nested_paging(boot):
    system = boot({"a": payload("tsc")}, "--cpu", "qemu64,+svm,-npt")
    system.expect(r"error:[^\n]*nested paging", timeout=BOOT_SECONDS)
    assert system.wait_end() != 0


@pytest.mark.parametrize("keep", [100, 30000])
def test_truncated_kernel(boot, tmp_path, keep):
    """A kernel cut short is found on the host, or by the VMM: never half booted."""
    whole = (BUILD / "payloads/tsc").read_bytes()
    short = tmp_path / "short"
    short.write_bytes(whole[:min(keep, len(whole) // 4)])
    os.chmod(short, 0o755)
    system = boot({"a": {**payload("tsc"), "kernel": str(short)}})
    assert system.wait_end(timeout=BOOT_SECONDS) != 0
    assert "entry:" not in system.text()
    assert "remedy" in system.text() or "unusable kernel" in system.text()
