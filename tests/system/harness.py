# SPDX-License-Identifier: BSD-2-Clause
"""Boots a system description with `marzipan run` and talks to its console."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pexpect

TOP = Path(__file__).resolve().parents[2]
BUILD = TOP / "build"
IA32 = BUILD / "ia32"
PROGRAMS = BUILD / "amd64" / "programs"
MARZIPAN = BUILD / "marzipan"

# For root tasks: the program and the processor that has the most.
QEMU = {"amd64": ("qemu-system-x86_64", "qemu64,+svm,+npt,+vgif,+smep,+smap,+pdpe1gb,+nx"),
        "ia32": ("qemu-system-i386", "max")}

# Waiting is bounded, never fixed: these limits only tell a slow machine from a stuck one.
BOOT_SECONDS = 240
ANSWER_SECONDS = 60

ESCAPE = "\x1d"  # Ctrl-]
PROMPT = r"\S+:\S*[#$] "
FATAL = r"Kernel panic - not syncing[^\n]*|almond: panic[^\n]*"  # no need to wait for longer
ANSI = re.compile(r"\x1b(\[[0-9;?]*[@-~]|[78=>])")


def payload(name, cmdline="", memory="8M", **keys):
    """A VM that runs a payload guest of tests/payloads."""
    return {"kernel": str(BUILD / "payloads" / name), "initrd": "none", "cmdline": cmdline,
            "memory": memory, "restart": "never", **keys}


def debian(memory="128M", **keys):
    """A VM with Debian's kernel and the busybox initramfs."""
    return {"kernel": "debian-cloud", "memory": memory, "restart": "never", **keys}


def program(name, cmdline="", **keys):
    """A native program of tests/programs."""
    return {"image": str(PROGRAMS / name), "cmdline": cmdline, "memory": "64K",
            "restart": "never", **keys}


def mischief(act, **keys):
    """The one that behaves as it is told."""
    return program("mischief", act, **keys)


def write_description(folder, vms, **sections):
    """system.yaml in FOLDER; JSON is YAML, too."""
    path = Path(folder) / "system.yaml"
    path.write_text(json.dumps({**sections, **({"vms": vms} if vms else {})}, indent=2))
    return path


def marzipan(*arguments):
    """Runs the host command; the completed process with its output."""
    return subprocess.run([MARZIPAN, *map(str, arguments)], check=False, text=True, timeout=120,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)


class System:
    """A running system and its console, with the colours taken out."""

    def __init__(self, command, log):
        self.process = pexpect.spawn(str(command[0]), [str(word) for word in command[1:]],
                                     cwd=str(TOP), timeout=ANSWER_SECONDS, encoding="utf-8",
                                     codec_errors="replace", echo=False, dimensions=(50, 200))
        self.process.delaybeforesend = None
        self.log = log
        self.process.logfile_read = open(log, "w", encoding="utf-8")  # pylint: disable=R1732

    def expect(self, *patterns, timeout=ANSWER_SECONDS):
        """Waits for one of the patterns; returns the match object of the one that came."""
        self.process.expect([*patterns, FATAL], timeout=timeout)
        assert self.process.match_index < len(patterns), f"it died: {self.process.after}"
        return self.process.match

    def expect_line(self, vm, text, timeout=ANSWER_SECONDS):
        """Waits for a line that a VM wrote, seen in the view of all."""
        return self.expect(rf"\[{vm}\]\x1b\[0m [^\n]*?{text}[^\n]*\n", timeout=timeout)

    def expect_welcomes(self, names, timeout=BOOT_SECONDS):
        """Waits until each of the Debian VMs has shown its welcome line, in any order."""
        waiting = set(names)
        while waiting:
            match = self.expect(r"Welcome to (\S+): Linux", timeout=timeout)
            waiting.discard(match.group(1))

    def expect_lines(self, lines, timeout=BOOT_SECONDS):
        """Waits for one line of each VM, in any order: lines maps a VM to a text."""
        waiting = dict(lines)
        while waiting:
            vms = list(waiting)
            patterns = [rf"\[{vm}\]\x1b\[0m [^\n]*?{waiting[vm]}[^\n]*\n" for vm in vms]
            self.expect(*patterns, timeout=timeout)
            del waiting[vms[self.process.match_index]]

    def expect_log(self, text, timeout=ANSWER_SECONDS):
        """Waits for a line of the monitor's log: [seconds.milliseconds] text."""
        return self.expect(rf"\[ *\d+\.\d+\] [^\n]*?{text}[^\n]*\n", timeout=timeout)

    def key(self, key):
        """A command of the console."""
        self.process.send(ESCAPE + key)

    def say(self, text):
        """The monitor's own lines, in reverse video."""
        return self.expect(rf"\x1b\[7m[^\n]*?{text}[^\n]*\n")

    def focus(self, number, name, kind="vm"):
        self.key(str(number))
        self.say(rf"{kind} {name}; Ctrl-\] a leads back")

    def show_all(self):
        self.key("a")
        self.say("all VMs")

    def shell(self, command, answer):
        """Types a command at the shell in focus and waits for its answer and the next prompt."""
        self.process.send(command + "\r")
        match = self.expect(answer)
        self.expect(PROMPT)
        return match

    def wait_end(self, timeout=ANSWER_SECONDS):
        """Waits until the machine has switched itself off; the exit code."""
        self.process.expect(pexpect.EOF, timeout=timeout)
        self.process.close()
        return self.process.exitstatus

    def text(self):
        """All that came so far, without control sequences."""
        if not self.process.logfile_read.closed:
            self.process.logfile_read.flush()
        return ANSI.sub("", Path(self.log).read_text(encoding="utf-8")).replace("\r", "")

    def end(self):
        """Ends the machine if it still runs."""
        if self.process.isalive():
            self.process.kill(signal.SIGTERM)
            try:
                self.process.expect(pexpect.EOF, timeout=10)
            except (pexpect.TIMEOUT, OSError):
                pass
        self.process.close(force=True)
        self.process.logfile_read.close()


def run_command(description, *options):
    seconds = os.environ.get("MARZIPAN_TEST_SECONDS", "900")
    return [MARZIPAN, "run", "--timeout", f"{seconds}s", *options, description]
