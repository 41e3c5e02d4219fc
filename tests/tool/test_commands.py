# SPDX-License-Identifier: BSD-2-Clause
"""The commands around `check`: options, staging, QEMU's command line, how runs end."""

import os
import re
import shlex
import signal
import time
from pathlib import Path

import pexpect
import pytest

from images import COMMANDS, MARZIPAN, SYSTEM, TOP


def leftovers(tmp_path):
    return list(tmp_path.glob("marzipan-*"))


@pytest.mark.parametrize("words, expected", [
    (["biuld"], 'did you mean "build"?'),
    (["frobnicate"], '"marzipan help" lists the commands'),
    (["help", "rum"], 'did you mean "run"?'),
    (["trace", "--output", "a"], "name a console's log"),
    (["check", "a", "b"], "remove it"),
    (["check", "--no-file", "a"], "did you mean --no-files?"),
    (["check", "--icount", "a"], '"marzipan help check" lists its options'),
    (["check", "-x", "a"], '"marzipan help check" lists its options'),
    (["build", "a", "-o"], "where the result goes"),
    (["run", "--dry-run=1", "a"], "give it alone"),
    (["version", "a"], "remove it"),
    (["run", "a", "--machine", "i440fx"], "write q35 or pc"),
    (["run", "a", "--efi"], "add --iso"),
    (["check", "a", "--memory", "512"], "add one of K, M or G"),
    (["check", "a", "--memory", "1K"], "at least 64M"),
    (["iso", "a", "--isa-debug-exit", "x"], "write a port number"),
])
def test_usage(marzipan, words, expected):
    result = marzipan(*words)
    assert result.returncode == 64
    assert result.stderr.startswith("marzipan: ")
    assert expected in result.stderr.split("  remedy: ")[1]
    assert result.stdout == ""


def test_help(marzipan):
    for words in ([], ["help"], ["--help"], ["-h"]):
        result = marzipan(*words)
        assert result.returncode == 0
        for command in COMMANDS:
            assert f"\n  {command} " in result.stdout
    assert "--timeout TIME" in marzipan("help", "run").stdout
    assert marzipan("run", "--help").stdout == marzipan("help", "run").stdout
    assert re.fullmatch(r"marzipan \d+\.\d+\n", marzipan("version").stdout)


def test_file_may_be_left_out(marzipan, description, tmp_path):
    """It is system.yaml in the current folder then."""
    result = marzipan("check", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("system.yaml: no errors")
    assert marzipan("build", "-o", tmp_path / "out", cwd=tmp_path).returncode == 0
    description.unlink()
    result = marzipan("check", cwd=tmp_path)
    assert result.returncode == 65
    assert "name a system description" in result.stderr


def test_build(marzipan, description, tmp_path):
    result = marzipan("build", description, "-o", tmp_path / "out", "--args", "monitor=a b",
                      "--args=monitor=c,d")
    assert result.returncode == 0, result.stderr
    names = ["almond", "sigma0", "monitor a b c,d", "system.dtb", "vmm", "shell", "linux", "busybox"]
    assert (tmp_path / "out/modules").read_text().splitlines() == names
    grub = (tmp_path / "out/grub.cfg").read_text()
    assert "multiboot2 $marzipan/loader\n" in grub
    assert "module2 $marzipan/monitor monitor a b c,d\n" in grub
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {name.split()[0] for name in names} | {"loader", "modules", "grub.cfg"}
    assert (tmp_path / "out/system.dtb").read_bytes().startswith(b"\xd0\x0d\xfe\xed")


def test_build_again(marzipan, description, sandbox, tmp_path):
    """What is there is replaced, never written through a link."""
    for _ in range(2):
        assert marzipan("build", description, "-o", tmp_path / "out").returncode == 0
    assert (sandbox / "almond").read_bytes() == (tmp_path / "out/almond").read_bytes()
    (tmp_path / "out/system.dtb").unlink()
    (tmp_path / "out/system.dtb").symlink_to(description)
    assert marzipan("build", description, "-o", tmp_path / "out").returncode == 0
    assert description.read_text() == SYSTEM


def test_module_names_are_unique(marzipan, sandbox, tmp_path):
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "vm linux,1").write_bytes((sandbox / "bzimage").read_bytes())
    (tmp_path / "vmm").write_bytes((sandbox / "bzimage").read_bytes())
    (tmp_path / "system.yaml").write_text(
        "defaults: { memory: 128M }\nvms: { a: { kernel: './x/vm linux,1' },\n"
        "  b: { kernel: './y/vm linux,1' }, c: { kernel: './x/vm linux,1' },\n"
        "  d: { kernel: ./vmm } }\n")
    assert marzipan("build", tmp_path / "system.yaml", "-o", tmp_path / "out").returncode == 0
    assert (tmp_path / "out/modules").read_text().split() == [
        "almond", "sigma0", "monitor", "system.dtb", "vmm", "shell", "vm_linux_1", "busybox",
        "vm_linux_1-2", "vmm-2"]


def write_nested(tmp_path, sandbox):
    """Three levels in folders of their own, with images that some of them share."""
    inside = tmp_path / "sys tem"
    inside.mkdir()
    (tmp_path / "prog").write_bytes((sandbox / "program").read_bytes())
    (inside / "prog").write_bytes((sandbox / "program").read_bytes())
    (tmp_path / "outer.yaml").write_text(
        "vms: { a: { kernel: linux, memory: 64M } }\n"
        "programs: { p: { image: ./prog } }\n"
        "monitors:\n"
        "  in: { system: sys tem/inner.yaml, memory: 128M }\n"
        "  in-deep: { system: sys tem/deep.yaml, memory: 16M }\n")
    (inside / "inner.yaml").write_text(
        "vms: { a: { kernel: linux, memory: 64M, initrd: ../../initrd.cpio } }\n"
        "monitors: { deep: { system: deep.yaml, memory: 16M } }\n")
    (inside / "deep.yaml").write_text(
        "programs: { own: { image: prog }, same: { image: ../prog } }\n")
    (tmp_path.parent / "initrd.cpio").write_bytes((sandbox / "initrd.cpio").read_bytes())
    return tmp_path / "outer.yaml"


def test_build_of_nested_systems(marzipan, sandbox, tmp_path):
    """The images of all levels once each, and a compiled description for each monitor."""
    (tmp_path / "x").mkdir()
    outer = write_nested(tmp_path / "x", sandbox)
    out = tmp_path / "out"
    result = marzipan("build", outer, "-o", out, "--isa-debug-exit", "0xf4")
    assert (result.returncode, result.stderr) == (0, "")
    assert (out / "modules").read_text().split() == [
        "almond", "sigma0", "monitor", "system.dtb", "vmm", "shell", "monitor", "linux", "busybox", "prog",
        "in.dtb", "initrd.cpio", "in-deep.dtb", "prog-2", "in-deep.dtb-2"]
    compiled = {name: (out / name).read_bytes() for name in
                ("system.dtb", "in.dtb", "in-deep.dtb", "in-deep.dtb-2")}
    assert b"in.dtb vmm monitor linux initrd.cpio in-deep.dtb prog-2 prog\0" in compiled["system.dtb"]
    assert b"in-deep.dtb-2 prog-2 prog\0" in compiled["system.dtb"]
    assert b"in-deep.dtb prog-2 prog\0" in compiled["in.dtb"]
    assert compiled["in-deep.dtb"] == compiled["in-deep.dtb-2"]
    assert [b"isa-debug-exit" in blob for blob in compiled.values()] == [True, False, False, False]


def test_errors_inside_build_nothing(marzipan, sandbox, tmp_path):
    (tmp_path / "x").mkdir()
    outer = write_nested(tmp_path / "x", sandbox)
    (tmp_path / "x/prog").unlink()
    result = marzipan("build", outer, "-o", tmp_path / "out")
    assert result.returncode == 65
    assert f"{tmp_path}/x/sys tem/deep.yaml:1:50: error: {tmp_path}/x/sys tem/../prog: " in result.stderr
    assert result.stderr.endswith("outer.yaml: 2 errors\n")
    assert not (tmp_path / "out").exists()


def test_unknown_module(marzipan, description, tmp_path):
    result = marzipan("build", description, "-o", tmp_path / "out", "--args", "moniter=x")
    assert result.returncode == 64
    assert 'did you mean "monitor"?' in result.stderr


@pytest.mark.parametrize("content, word", [(None, "missing"), (b"\x7fELF", "truncated")])
def test_own_files(marzipan, description, sandbox, tmp_path, content, word):
    libdir = tmp_path / "lib"
    libdir.mkdir()
    (libdir / "guests").symlink_to(sandbox / "guests")
    for name in ("loader", "sigma0", "monitor", "vmm", "shell"):
        (libdir / name).write_bytes((sandbox / name).read_bytes())
    if content:
        (libdir / "almond").write_bytes(content)
    result = marzipan("build", description, "--libdir", libdir, "-o", tmp_path / "out")
    assert result.returncode == 69
    assert word in result.stderr and f"{libdir}/almond" in result.stderr


def test_unwritable_output(marzipan, description):
    result = marzipan("build", description, "-o", "/proc/marzipan")
    assert result.returncode == 74
    assert "cannot make the folder /proc/marzipan" in result.stderr


def test_errors_build_nothing(marzipan, tmp_path):
    (tmp_path / "bad.yaml").write_text("vms: { a: { kernel: linux } }\n")
    for words in (["build"], ["run"], ["run", "-n"], ["iso"]):
        assert marzipan(*words, tmp_path / "bad.yaml", "-o", tmp_path / "out").returncode == 65
        assert not (tmp_path / "out").exists()


def dry_run(marzipan, description, tmp_path, *options):
    result = marzipan("run", "--dry-run", "-o", tmp_path / "out", *options, description)
    assert result.returncode == 0, result.stderr
    return shlex.split(result.stdout)


def after(words, option):
    return words[words.index(option) + 1]


def test_dry_run(marzipan, description, tmp_path):
    words = dry_run(marzipan, description, tmp_path, "--args", "monitor=a,b c")
    out = tmp_path / "out"
    assert words[0] == "qemu-system-x86_64"
    assert after(words, "-M") == "q35"
    assert after(words, "-cpu") == "qemu64,+svm,+npt,+vgif"
    assert after(words, "-m") == "512M"
    assert after(words, "-device") == "isa-debug-exit,iobase=0xf4,iosize=4"
    assert after(words, "-chardev") == "stdio,id=console,signal=off"
    assert after(words, "-kernel") == f"{out}/loader"
    assert after(words, "-initrd") == (f"{out}/almond,{out}/sigma0,{out}/monitor a,,b c,"
                                       f"{out}/system.dtb,{out}/vmm,{out}/shell,{out}/linux,{out}/busybox")
    assert "-icount" not in words and "-no-reboot" in words


def test_dry_run_options(marzipan, description, tmp_path):
    words = dry_run(marzipan, description, tmp_path, "--machine", "pc", "--cpu=max", "-m2G",
                    "--icount", "--qemu-arg=-d", "--qemu-arg", "int")
    assert after(words, "-M") == "pc"
    assert after(words, "-cpu") == "max"
    assert after(words, "-m") == "2048M"
    assert after(words, "-icount") == "shift=0,sleep=off"
    assert after(words, "-rtc") == "base=2024-01-01,clock=vm"
    assert words[-2:] == ["-d", "int"]


def test_space_in_folder(marzipan, description, tmp_path):
    result = marzipan("run", "--dry-run", "-o", tmp_path / "a b", description)
    assert result.returncode == 64
    assert "has a space" in result.stderr


@pytest.mark.parametrize("script, code, message", [
    ("exit 1", 0, None),
    ("exit 3", 1, None),
    ("exit 5", 2, None),
    ("echo 'qemu-system-x86_64: warning: no such flag' >&2; exit 1", 0, "no such flag"),
    ("echo 'qemu-system-x86_64: cannot set up guest memory' >&2; exit 1", 70, "failed"),
    ("exit 0", 70, "without reporting"),
    ("kill -9 $$", 70, "signal 9"),
])
def test_exit_codes(marzipan, description, fake_qemu, tmp_path, script, code, message):
    result = marzipan("run", description, env=fake_qemu(script))
    assert result.returncode == code, result.stderr
    assert message is None or message in result.stderr
    assert not leftovers(tmp_path)


def test_console_is_passed_through(marzipan, description, fake_qemu):
    result = marzipan("run", description, env=fake_qemu("echo hello; exit 1"))
    assert (result.returncode, result.stdout, result.stderr) == (0, "hello\n", "")


@pytest.mark.parametrize("script", ["exec sleep 60", "trap '' TERM; while :; do sleep 0.1; done"])
def test_timeout(marzipan, description, fake_qemu, tmp_path, script):
    start = time.monotonic()
    result = marzipan("run", "--timeout", "200ms", description, env=fake_qemu(script))
    assert result.returncode == 124
    assert "time is up" in result.stderr
    assert time.monotonic() - start < 20
    assert not leftovers(tmp_path)


def test_qemu_missing(marzipan, description, tmp_path):
    result = marzipan("run", description, env={"PATH": str(tmp_path)})
    assert result.returncode == 69
    assert "install Debian's package qemu-system-x86" in result.stderr
    assert not leftovers(tmp_path)


@pytest.mark.parametrize("script", ["stty raw -echo; echo up; sleep 60",
                                    "stty raw -echo; echo up; kill -9 $$"])
def test_terminal_is_restored(description, fake_qemu, sandbox, tmp_path, script):
    """Ctrl-C goes to the machine, and the terminal is as before whatever happens to QEMU."""
    environment = {**os.environ, **fake_qemu(script), "MARZIPAN_LIBDIR": str(sandbox),
                   "TMPDIR": str(tmp_path)}
    shell = pexpect.spawn("/bin/sh", env=environment, encoding="utf-8", timeout=20)
    shell.sendline(f"stty -a >{tmp_path}/before; {MARZIPAN} run {description}")
    shell.expect("up\r?\n")
    if "sleep" in script:
        shell.send("\x03")
        with pytest.raises(pexpect.TIMEOUT):
            shell.expect("machine was stopped", timeout=1)
        child = Path(f"/proc/{shell.pid}/task/{shell.pid}/children").read_text()
        os.kill(int(child), signal.SIGTERM)
    shell.expect("machine was stopped, since marzipan was" if "sleep" in script else
                 "ended by signal")
    shell.sendline(f"stty -a >{tmp_path}/after; echo fini''shed")
    shell.expect("finished")
    shell.close(force=True)
    assert (tmp_path / "before").read_text() == (tmp_path / "after").read_text()
    assert not leftovers(tmp_path)


def test_example(marzipan, tmp_path):
    """The example is checked without its images, which only a full build has."""
    for path in TOP.glob("examples/*/*.yaml"):
        result = marzipan("check", "--no-files", path)
        assert (result.returncode, result.stderr) == (0, "")
