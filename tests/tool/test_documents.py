# SPDX-License-Identifier: BSD-2-Clause
"""The schema, the manual pages and the completion say what the command does."""

import html
import json
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

from images import COMMANDS, TOP

CASES = Path(__file__).parent / "cases"

# Faults of form, which the schema knows; ranges, files and sums it does not.
MISSHAPEN = ["unknown-key", "unknown-key-nested", "unknown-key-elsewhere", "missing-unit",
             "wrong-unit", "list-of-vms", "scalar-for-mapping", "mapping-for-scalar",
             "empty-value", "empty-vms", "names", "choices", "no-vms", "too-many", "lists",
             "service-paths", "service-defaults", "shares", "shares-cpus",
             "supervision", "nested-missing", "nested-empty", "nested-list",
             "nested-too-many-monitors"]


@pytest.fixture
def schema(marzipan):
    return json.loads(marzipan("schema").stdout)


def test_schema_is_a_schema(schema):
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", [*CASES.glob("ok-*.yaml"), CASES / "yaml-anchor.yaml",
                                  *TOP.glob("docs/diagrams/*.yaml"),
                                  *TOP.glob("examples/*/*.yaml")], ids=lambda path: path.stem)
def test_schema_takes_what_check_takes(schema, path):
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), schema)


@pytest.mark.parametrize("name", MISSHAPEN)
def test_schema_refuses_what_check_refuses(schema, name):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8")),
                            schema)


def test_reference_is_up_to_date():
    result = subprocess.run([TOP / "tools/update-reference", "--check"], check=False, text=True,
                            stdout=subprocess.PIPE)
    assert (result.returncode, result.stdout) == (0, "")


def test_picture_shows_what_its_source_says():
    """The picture is drawn by hand (`make docs`): Graphviz's versions draw differently."""
    for source in (TOP / "docs/diagrams").glob("*.dot"):
        drawn = source.with_suffix(".svg").read_text(encoding="utf-8")
        drawn = html.unescape("".join(re.findall(r">([^<]*)</text>", drawn))).replace("\xa0", " ")
        for label in re.findall(r'label="([^"]*)"', source.read_text(encoding="utf-8")):
            for line in label.split("\\n"):
                assert line in drawn, source


def options_of(marzipan, command):
    return re.findall(r"^  (?:-\w,|   ) (--[\w-]+)", marzipan("help", command).stdout, re.MULTILINE)


def test_manual_page_has_every_option(marzipan):
    manual = (TOP / "tools/marzipan.1").read_text(encoding="utf-8").replace("\\-", "-")
    for command in COMMANDS:
        assert f"\n.B {command}\n" in manual or f"\n.B marzipan {command}\n" in manual
        for option in options_of(marzipan, command):
            assert re.search(rf"^\.BI? .*{option}\b", manual, re.MULTILINE), option


def test_guide_has_every_exit_code():
    guide = (TOP / "docs/system-description.md").read_text(encoding="utf-8")
    manual = (TOP / "tools/marzipan.1").read_text(encoding="utf-8")
    header = (TOP / "tools/command.h").read_text(encoding="utf-8")
    for code in re.findall(r"CODE_\w+ = (\d+)", header):
        assert f"\n| {code} |" in guide
        assert f".TP\n{code}\n" in manual


def complete(*words):
    """What bash offers for the last word."""
    script = (f"source {TOP}/tools/completion/marzipan.bash\n"
              f"COMP_WORDS=(marzipan {' '.join(repr(word) for word in words)})\n"
              f"COMP_CWORD={len(words)}\n_marzipan\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n")
    result = subprocess.run(["bash", "-c", script], check=True, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, cwd=CASES)
    assert result.stderr == ""
    return result.stdout.split()


def test_completion_has_every_command_and_option(marzipan):
    assert complete("") == COMMANDS
    assert complete("help", "b") == ["build"]
    for command in COMMANDS:
        assert sorted(complete(command, "--")) == sorted(options_of(marzipan, command)), command


def test_completion_of_arguments():
    assert complete("run", "--machine", "") == ["q35", "pc"]
    assert "ok-smallest.yaml" in complete("check", "ok-")
    assert complete("check", "names.e") == []
    assert complete("run", "--memory", "") == []


def test_every_command_of_the_kernel_debugger_is_described():
    table = (TOP / "kernel/debug/kdb/commands.c").read_text(encoding="utf-8")
    document = (TOP / "docs/debugging.md").read_text(encoding="utf-8")
    commands = re.findall(r'^    \{"(\w+)", "', table, re.MULTILINE)
    assert len(commands) > 10
    assert {name for name in commands if not re.search(rf"^\| `{name}\b", document, re.MULTILINE)} == set()
