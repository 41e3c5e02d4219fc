# SPDX-License-Identifier: BSD-2-Clause
"""The monitor on an X.2 kernel without Almond's extensions: Almond with their mark blotted out."""

import shutil

import pytest

from harness import BOOT_SECONDS, BUILD, payload
from test_programs import program


@pytest.fixture(name="libdir")
def fixture_libdir(tmp_path):
    folder = tmp_path / "lib"
    folder.mkdir()
    for name in ("loader", "sigma0", "monitor", "vmm"):
        shutil.copy(BUILD / "amd64" / name, folder)
    kernel = (BUILD / "amd64" / "almond").read_bytes()
    assert kernel.count(b"ALMDEXT1") == 1
    (folder / "almond").write_bytes(kernel.replace(b"ALMDEXT1", b"--------"))
    (folder / "almond").chmod(0o755)
    return folder


def test_programs_run(boot, libdir):
    system = boot({}, f"--libdir={libdir}", "--args", "monitor=trace=10",
                  programs={"asks": program("refusals", memory="1M", quotas={"threads": 4})})
    for missing in ("vCPUs", "notifications", "kernel memory accounts"):
        system.expect_log(f"this kernel lacks {missing}", timeout=BOOT_SECONDS)
    system.expect_log("option trace=10: this kernel has no trace")
    system.expect_line("asks", "all answers were right")
    assert system.wait_end() == 0


def test_vms_are_refused(boot, libdir):
    system = boot({"a": payload("tsc")}, f"--libdir={libdir}")
    system.expect_log("hardware VMs cannot run: this kernel is not Almond", timeout=BOOT_SECONDS)
    assert system.wait_end() == 2
