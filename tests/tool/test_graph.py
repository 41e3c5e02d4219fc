# SPDX-License-Identifier: BSD-2-Clause
"""Pictures of systems: `marzipan graph`.

flows/NAME.dot is the picture of flows/NAME.yaml to the last character. UPDATE=1 in the environment
writes it anew: read the difference before you commit it.
"""

import os
import shutil
import subprocess
from xml.etree import ElementTree

import pytest

from images import MARZIPAN
from test_flows import SYSTEMS, golden

needs_dot = pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")


@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_golden(marzipan, tmp_path, path):
    result = marzipan("graph", path)
    assert (result.returncode, result.stderr) == (0, "")
    golden(path.with_suffix(".dot"), result.stdout)
    for output in ("x.dot", "-"):
        assert marzipan("graph", path, "-o", output, cwd=tmp_path).returncode == 0
    assert (tmp_path / "x.dot").read_text() == result.stdout


def drawn_texts(path):
    """The lines of text in an SVG picture."""
    return [element.text for element in ElementTree.parse(path).iter()
            if element.tag.endswith("}text")]


@needs_dot
@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_drawing(marzipan, tmp_path, path):
    """Graphviz takes all of them without a word, and what is written is what is seen."""
    result = marzipan("graph", path, "--output", tmp_path / "x.svg")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    texts = drawn_texts(tmp_path / "x.svg")
    assert {path.name, "monitor", "root task"} <= set(texts)
    if path.stem == "facts":
        assert {"Zoë \"the \\\\N\" &lt;kernel> [1].elf", "a?b?c\\???\"?]; x -> y [", "clock&amp;",
                "64K of heap", "1536M, 1 vCPU", "priority 120", "weight 50", "at most 50%",
                "1500us in 20ms for certain", "processors 0 2-3", "processor 31", "processors 0-1",
                "may switch the machine off", "/db", "/time", "digraph", "node",
                "edge"} <= {text.replace("\xa0", " ") for text in texts}


def test_file_names_are_texts_too(marzipan, tmp_path, sandbox):
    path = tmp_path / 'a"b\\N&lt;\udcff.yaml'
    path.write_text("vms: { a: { kernel: x, memory: 64M } }")
    result = marzipan("graph", path)
    assert result.returncode == 0
    assert 'graph [label="a\\"b\\\\N&amp;lt;?.yaml"' in result.stdout


def test_standard_input_of_dot(marzipan, description, tmp_path):
    """It gets the text, and the name of the file to write."""
    (tmp_path / "dot").write_text('#!/bin/sh\necho "$@" >args\ncat >text\n')
    (tmp_path / "dot").chmod(0o755)
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    result = marzipan("graph", description, "-o", "a b.svg", env=path, cwd=tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert (tmp_path / "args").read_text() == "-Tsvg -o a b.svg\n"
    assert (tmp_path / "text").read_text() == marzipan("graph", description).stdout


@pytest.mark.parametrize("script", ["exit 1", "exec <&-; exit 1", "kill -9 $$"])
def test_dot_fails(marzipan, description, tmp_path, script):
    (tmp_path / "dot").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "dot").chmod(0o755)
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    result = marzipan("graph", description, "-o", tmp_path / "x.svg", env=path)
    assert result.returncode == 74
    assert f"dot could not write {tmp_path}/x.svg" in result.stderr
    assert "remedy:" in result.stderr


def test_dot_is_missing(marzipan, description, tmp_path):
    result = marzipan("graph", description, "-o", tmp_path / "x.svg", env={"PATH": str(tmp_path)})
    assert result.returncode == 69
    assert "install Debian's package graphviz" in result.stderr
    assert marzipan("graph", description, env={"PATH": str(tmp_path)}).returncode == 0


@pytest.mark.parametrize("output", ["x.png", ".svg", "x", "x.svg.gz", ""])
def test_other_files(marzipan, description, output):
    result = marzipan("graph", description, "-o", output)
    assert result.returncode == 64
    assert "ends in .svg or .dot" in result.stderr


def test_unwritable(marzipan, description):
    result = marzipan("graph", description, "-o", "/proc/x.dot")
    assert result.returncode == 74
    assert "cannot write /proc/x.dot" in result.stderr
    with open("/dev/full", "wb") as full:
        result = subprocess.run([MARZIPAN, "graph", description], check=False, text=True,
                                stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 74
    assert "No space left" in result.stderr


def test_errors_draw_nothing(marzipan, tmp_path):
    (tmp_path / "bad.yaml").write_text("vms: {}")
    result = marzipan("graph", tmp_path / "bad.yaml", "-o", tmp_path / "x.svg")
    assert result.returncode == 65
    assert not (tmp_path / "x.svg").exists()
