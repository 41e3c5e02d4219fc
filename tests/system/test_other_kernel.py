# SPDX-License-Identifier: BSD-2-Clause
"""The monitor on an X.2 kernel without Almond's extensions: Almond with their mark blotted out."""

import shutil

import pytest

from harness import BOOT_SECONDS, BUILD, System, marzipan, mischief, payload, program


@pytest.fixture(name="libdir")
def fixture_libdir(tmp_path):
    folder = tmp_path / "lib"
    folder.mkdir()
    for name in ("loader", "sigma0", "monitor", "vmm", "shell"):
        shutil.copy(BUILD / "amd64" / name, folder)
    kernel = (BUILD / "amd64" / "almond").read_bytes()
    assert kernel.count(b"ALMD") == 1
    (folder / "almond").write_bytes(kernel.replace(b"ALMD", b"----"))
    (folder / "almond").chmod(0o755)
    return folder


def test_programs_run(boot, libdir):
    system = boot({}, f"--libdir={libdir}", "--args", "monitor=trace=10",
                  programs={"asks": program("refusals", memory="1M", quotas={"threads": 4})})
    for missing in ("vCPUs", "notifications", "kernel memory accounts", "domains"):
        system.expect_log(f"this kernel lacks {missing}", timeout=BOOT_SECONDS)
    system.expect_log("option trace=10: this kernel has no trace")
    system.expect_line("asks", "all answers were right")
    assert system.wait_end() == 0


def test_the_shell_works(boot, libdir):
    """Without notifications it has to look for keys."""
    system = boot({}, f"--libdir={libdir}", programs={"one": mischief("count")})
    system.expect_line("one", "count 3", timeout=BOOT_SECONDS)
    system.key(":")
    system.expect("marzipan> ")
    system.process.send("ps\r")
    system.expect(" 1  one +running")
    assert " 1  one " in marzipan("ps", "--control", system.control).stdout
    assert marzipan("kill", "--control", system.control, "one").stdout == "one: killed\n"
    assert system.wait_end() == 0


def test_vms_are_refused(boot, libdir):
    system = boot({"a": payload("tsc")}, f"--libdir={libdir}")
    system.expect_log("hardware VMs cannot run: this kernel is not Almond", timeout=BOOT_SECONDS)
    assert system.wait_end() == 2


@pytest.mark.parametrize("width, qemu", [("amd64", "qemu-system-x86_64"), ("ia32", "qemu-system-i386")])
def test_the_smallest_program(tmp_path, width, qemu):
    """examples/hello as the root task."""
    folder = BUILD / width
    kernel = (folder / "almond").read_bytes()
    other = tmp_path / "almond"
    other.write_bytes(kernel.replace(b"ALMD", b"----"))
    system = System([qemu, "-accel", "tcg", "-M", "q35", "-cpu", "max", "-m", "128", "-nodefaults",
                     "-nographic", "-no-reboot", "-serial", "stdio", "-kernel", folder / "loader",
                     "-initrd", f"{other},{folder / 'sigma0'},{folder / 'examples' / 'hello'}"],
                    tmp_path / "console")
    try:
        system.expect("hello from thread", timeout=BOOT_SECONDS)
    finally:
        system.end()
