# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures: `boot` starts systems and ends them; the console's text is shown if a test fails."""

import pytest

from harness import IA32, System, marzipan, run_command, write_description

EXIT_PORT = "0xf4"


def pytest_configure(config):
    config.addinivalue_line("markers", "long: left to `make test-long`")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    outcome = yield
    report = outcome.get_result()
    for system in getattr(item, "systems", []):
        if report.when == "call" and report.failed:
            report.sections.append((f"console of {system.log.name}", system.text()[-6000:]))


@pytest.fixture
def boot(request, tmp_path):
    """boot(vms, *options, **sections): a running System."""
    systems = request.node.systems = []

    def start(vms, *options, **sections):
        folder = tmp_path / f"system{len(systems)}"
        folder.mkdir()
        description = write_description(folder, vms, **sections)
        control = [] if "--control" in options else ["--control", folder / "control"]
        system = System(run_command(description, *control, *options), folder / "console")
        system.control = folder / "control"
        systems.append(system)
        return system

    yield start
    for system in systems:
        system.end()


def ia32_file(staged, name):
    """What the loader gets for a module of the staged system."""
    for folder in (staged / "instead", IA32, IA32 / "programs"):
        if (folder / name).exists():
            return folder / name
    return staged / name


@pytest.fixture(name="boot32")
def fixture_boot32(request, tmp_path):
    """boot32(vms, machine, cpu, monitor, kernel, qemu, **sections): a running 32-bit System, with the
    monitor's and QEMU's arguments, and another kernel if its bytes are given."""
    systems = request.node.systems = []

    def start(vms, machine="q35", cpu="max", monitor="", kernel=None, qemu=(), **sections):
        description = write_description(tmp_path, vms, **sections)
        staged = tmp_path / "staged"
        result = marzipan("build", "-o", staged, "--isa-debug-exit", EXIT_PORT, description)
        assert result.returncode == 0, result.stdout
        if kernel:
            (staged / "instead").mkdir()
            (staged / "instead" / "almond").write_bytes(kernel)
        modules = [f"{ia32_file(staged, name)}{f' {monitor}' if name == 'monitor' else ''}"
                   for name in (staged / "modules").read_text().split()]
        system = System(["qemu-system-i386", "-accel", "tcg", "-M", machine, "-cpu", cpu,
                         "-m", "512", "-nodefaults", "-nographic", "-no-reboot",
                         "-serial", "stdio",
                         "-device", f"isa-debug-exit,iobase={EXIT_PORT},iosize=0x04",
                         "-kernel", IA32 / "loader", "-initrd", ",".join(modules), *qemu],
                        tmp_path / "console")
        systems.append(system)
        return system

    yield start
    for system in systems:
        system.end()
