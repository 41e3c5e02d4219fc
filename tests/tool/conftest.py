# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of the host command share."""

import os
import subprocess

import pytest

import images
from images import MARZIPAN, SYSTEM


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    """A folder with images and a stand-in for Marzipan's own files."""
    folder = tmp_path_factory.mktemp("tool")
    images.make(folder)
    return folder


@pytest.fixture
def marzipan(sandbox, tmp_path):
    """Runs the command in the sandbox; temporary folders go to a place of their own."""
    def run(*words, **options):
        environment = {**os.environ, "MARZIPAN_LIBDIR": str(sandbox), "TMPDIR": str(tmp_path),
                       "MARZIPAN_CONTROL": str(tmp_path / "control"),
                       "LC_ALL": "C", **options.pop("env", {})}
        return subprocess.run([MARZIPAN, *map(str, words)], cwd=options.pop("cwd", sandbox),
                              env=environment, check=False, timeout=60, stdin=subprocess.DEVNULL, text=True,
                              errors="replace", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              **options)
    return run


@pytest.fixture
def description(tmp_path):
    path = tmp_path / "system.yaml"
    path.write_text(SYSTEM)
    return path


@pytest.fixture
def fake_qemu(tmp_path):
    """Puts a shell script in QEMU's place; returns the environment for it."""
    def make(script):
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        program = folder / "qemu-system-x86_64"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return {"PATH": f"{folder}:{os.environ['PATH']}"}
    return make
