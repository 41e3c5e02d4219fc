# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of the host command share."""

import os
import subprocess

import pytest

import images
from images import MARZIPAN


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
                       "LC_ALL": "C", **options.pop("env", {})}
        return subprocess.run([MARZIPAN, *map(str, words)], cwd=sandbox, env=environment,
                              check=False, timeout=60, stdin=subprocess.DEVNULL, text=True,
                              errors="replace", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              **options)
    return run
