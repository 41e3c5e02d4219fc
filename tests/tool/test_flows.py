# SPDX-License-Identifier: BSD-2-Clause
"""Who can influence whom: `marzipan check --flows`, for people and for machines.

flows/NAME.yaml is described by NAME.txt and NAME.json to the last character. UPDATE=1 in the
environment writes those anew: read the difference before you commit it.
"""

import json
import os
import random
from pathlib import Path

import pytest

SYSTEMS = sorted((Path(__file__).parent / "flows").glob("*.yaml"))


def golden(path, text):
    if os.environ.get("UPDATE"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("form, options", [(".txt", []), (".json", ["--json"])])
@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_golden(marzipan, path, form, options):
    result = marzipan("check", "--no-files", "--flows", *options, path)
    assert (result.returncode, result.stderr) == (0, "")
    golden(path.with_suffix(form), result.stdout)


def test_errors_come_first(marzipan, tmp_path):
    (tmp_path / "bad.yaml").write_text("vms: { a: { kernel: linux, memory: 64M, uses: /x } }\n")
    for options in ([], ["--json"]):
        result = marzipan("check", "--flows", *options, tmp_path / "bad.yaml")
        assert result.returncode == 65
        assert result.stdout == ""
        assert 'nobody may publish "/x"' in result.stderr


def test_json_needs_flows(marzipan, description):
    result = marzipan("check", "--json", description)
    assert result.returncode == 64
    assert "add --flows" in result.stderr


def allows(pattern, path):
    return path.startswith(pattern[:-1]) if pattern.endswith("/*") else path == pattern


def chains(links, names):
    """The length of the shortest chain between any two: Floyd and Warshall."""
    far = len(names) + 1
    apart = {(a, b): 0 if a == b else 1 if (a, b) in links else far for a in names for b in names}
    for k in names:
        for a in names:
            for b in names:
                apart[a, b] = min(apart[a, b], apart[a, k] + apart[k, b])
    return {pair: length for pair, length in apart.items() if length < far}


def random_system(dice):
    """Names and, for each, what it publishes and uses; all that is used is there."""
    names = [f"v{i}" for i in range(dice.randint(1, 16))] + [f"p{i}" for i in range(dice.randint(0, 8))]
    published = {name: [f"/{name}/{n}" for n in range(dice.randint(0, 2))] for name in names}
    for name in names:
        if dice.random() < 0.2:
            published[name] = [f"/{name}/*"]
    paths = [path for name in names for path in published[name]]
    used = {name: dice.sample(paths, min(len(paths), dice.choice([0, 0, 1, 1, 2]))) for name in names}
    used = {name: [path.replace("*", "x") if dice.random() < 0.5 else path for path in paths]
            for name, paths in used.items()}
    return names, published, used


def write_system(path, names, published, used):
    entries = {name: {"kernel": "linux", "memory": "2M"} if name[0] == "v" else {"image": "./p"}
               for name in names}
    for name in names:
        entries[name] |= {"publishes": published[name], "uses": used[name]}
    path.write_text(json.dumps({
        key: {name: entries[name] for name in names if name[0] == key[0]}
        for key in ("vms", "programs") if any(name[0] == key[0] for name in names)}))


@pytest.mark.parametrize("seed", range(20))
def test_random_systems_against_a_plain_model(marzipan, tmp_path, seed):
    names, published, used = random_system(random.Random(seed))
    write_system(tmp_path / "system.yaml", names, published, used)
    result = marzipan("check", "--no-files", "--flows", "--json", tmp_path / "system.yaml")
    assert result.returncode == 0, result.stderr
    flows = json.loads(result.stdout)
    assert [d["name"] for d in flows["domains"]] == ["monitor", *names]
    calls = {(a, b) for a in names for b in names if a != b for u in used[a] for p in published[b]
             if allows(u, p) or allows(p, u)}
    assert {(c["user"], c["publisher"]) for c in flows["direct"]} == \
        calls | {(name, "monitor") for name in names}
    apart = chains(calls | {(b, a) for a, b in calls}, names)
    assert {(c[0], c[-1]): len(c) - 1 for c in flows["indirect"]} == \
        {(a, b): n for (a, b), n in apart.items() if n > 1 and names.index(a) < names.index(b)}
    for chain in flows["indirect"]:
        assert all(apart[pair] == 1 for pair in zip(chain, chain[1:]))
    assert {tuple(pair) for pair in flows["isolated"]} == \
        {(a, b) for i, a in enumerate(names) for b in names[i + 1:] if (a, b) not in apart}
