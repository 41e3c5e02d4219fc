# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures: `boot` starts systems and ends them; the console's text is shown if a test fails."""

import pytest

from harness import System, run_command, write_description


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
