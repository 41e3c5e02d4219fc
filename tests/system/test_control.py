# SPDX-License-Identifier: BSD-2-Clause
"""The control line: each command of the host against a running system, and hostile clients."""

import os
import re
import socket
import stat
import subprocess
import threading
import time

import pexpect
import pytest

from harness import ANSWER_SECONDS, BOOT_SECONDS, MARZIPAN, marzipan, mischief



class Client:
    """A connection of our own making."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(ANSWER_SECONDS)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("r", encoding="ascii", newline="\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lines.close()
        self.socket.close()

    def ask(self, request):
        """The lines of the answer, the last of which is "." or "! REASON"."""
        self.socket.sendall(request if isinstance(request, bytes) else f"{request}\n".encode())
        answer = []
        while not answer or answer[-1].startswith(" "):
            answer.append(self.lines.readline().rstrip("\n"))
            assert answer[-1], "it closed the line"
        return answer

    def synchronise(self):
        self.socket.sendall(b"\n=here\n")
        while self.lines.readline() != "=here\n":
            pass


@pytest.fixture(name="two")
def fixture_two(boot):
    """A system with two programs; two(words) is what the host command says to it."""
    system = boot({}, programs={"one": mischief("echo"), "two": mischief("count")})
    system.expect_lines({"one": "echo is ready", "two": "count 3"}, timeout=BOOT_SECONDS)

    def ask(*words, code=0):
        result = marzipan(*words, "--control", system.control)
        assert result.returncode == code, result.stdout
        return result.stdout
    ask.system = system
    return ask


def console_works(system):
    system.focus(1, "one", "program")
    system.process.send("z")
    system.expect("z")
    system.show_all()


def test_tables(two):
    assert re.search(r"(?m)^ 1  one +running .*\n 2  two +running .*\n +monitor .*free", two("ps"))
    assert re.search(r"(?m)^ 2  two +running +\d+\.\d %", two("top"))
    assert re.search(r"(?m)^ 2  two +running +\d+\.\d %", two("top", "--once"))
    assert re.search(r"memory +\d+ KiB of.*\n.*\nthreads +1 of 8", two("quota", "one"))
    assert two("services") == "0 services\n"
    assert two("log", "debug").startswith("what gets into the log from now on: debug")
    assert "nothing is traced" in two("trace", code=1)


def test_actions(two):
    system = two.system
    assert two("pause", "two") == "two: paused\n"
    assert re.search(r"2  two +paused", two("ps"))
    assert "two is paused; nothing was done" in two("pause", "two", code=1)
    assert two("resume", "two") == "two: goes on\n"
    assert two("console", "two") == "it is in focus on the serial console now\n"
    system.expect("program two; Ctrl-] a leads back to all\x1b")
    system.show_all()
    assert two("stop", "one") == "one: asked to stop\n"
    system.expect_log("program one: powered off")
    assert two("start", "one") == "one: started\n"
    system.expect_line("one", "echo is ready")
    assert two("reset", "one") == "one: reset\n"
    system.expect_line("one", "echo is ready")
    assert two("kill", "one") == "one: killed\n"
    system.expect_log("program one: killed by the operator")
    assert two("destroy", "one") == "one is no more\n"
    assert "one" not in two("ps")
    assert two("kill", "two") == "two: killed\n"  # the last one: the answer still comes
    assert system.wait_end() == 0
    assert "no running system listens at" in two("ps", code=69)
    assert not system.control.exists() and not list(system.control.parent.glob("*.lock"))


def test_wrong_words(two):
    assert two("stop", "nobody", code=1) == \
        "marzipan: no VM or program is called nobody; `ps` lists them\n"
    assert "one is running; nothing was done" in two("start", "one", code=1)
    assert "loud is no level" in two("log", "loud", code=1)
    assert "is no name" in two("stop", "one\nkill two", code=2)
    with Client(two.system.control) as client:
        assert client.ask("") == ["."]
        assert client.ask("pss") == ["! no command is called pss; `help` lists them"]
        assert client.ask("stop one two") == ['! "two" is too much; write: stop NAME']
        assert client.ask("help")[0].startswith("   ps")
        assert client.ask("x" * 127)[0].startswith("! no command is called x")
        assert client.ask("x" * 128) == ["! the line is too long"]
        assert client.ask("p\x1bs") == \
            ["! the line has characters that are not printable ASCII"]
        assert client.ask("ps\r")[-1] == "."
    two.system.expect_log("control line: what came is no request")


def test_what_needs_the_console(two):
    with Client(two.system.control) as client:
        assert "serial console" in client.ask("log")[-1]
        assert client.ask("exit")[-1].startswith("! ")
        two.system.key(":")
        two.system.expect("marzipan> ")
        assert client.ask("console one") == [" it is in focus on the serial console now", "."]
        two.system.say("program one; Ctrl-\\] a leads back")
        two.system.process.send("z")
        two.system.expect("z")


def test_clients_one_after_the_other(two):
    """The second one gets neither the first one's answer nor the end of its request."""
    with Client(two.system.control) as first:
        first.socket.sendall(b"ps\n" * 20 + b"kill two")
    assert two("services") == "0 services\n"
    with Client(two.system.control) as second:
        second.synchronise()
        assert second.ask("services") == [" 0 services", "."]
    assert re.search(r"2  two +running", two("ps"))


def test_who_waits_gets_its_turn(two):
    with Client(two.system.control) as first:
        first.synchronise()
        waiting = subprocess.Popen([MARZIPAN, "ps", "--control", two.system.control], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        time.sleep(0.5)
        assert waiting.poll() is None
    assert waiting.wait(timeout=ANSWER_SECONDS) == 0
    assert "two" in waiting.stdout.read()


def test_who_never_reads(two):
    with Client(two.system.control) as client:
        client.socket.setblocking(False)
        try:
            while True:
                client.socket.send(b"ps\n" * 100)
        except BlockingIOError:
            pass
        console_works(two.system)
        result = marzipan("ps", "--control", two.system.control)
        assert result.returncode == 124 and "does not answer within 10 s" in result.stdout
        two.system.expect_log("control line: nobody reads the answers")
        console_works(two.system)
    assert two("services") == "0 services\n"


def flood(client, garbage):
    try:
        client.socket.sendall(garbage)
    except OSError:
        pass  # the line was closed before all had gone


def test_garbage(two):
    """1 MB, of which an emulated line takes some KB in a second: nobody notices, and when the
    client has gone the next one is served."""
    garbage = bytes(range(256)) * 4096
    with Client(two.system.control) as client:
        threading.Thread(target=flood, args=(client, garbage), daemon=True).start()
        console_works(two.system)
        refusals = [client.lines.readline() for _ in range(40)]
        console_works(two.system)
        client.socket.shutdown(socket.SHUT_RDWR)
    assert all(line.startswith("! the line ") for line in refusals)
    assert two("services") == "0 services\n"
    assert two.system.text().count("control line: what came is no request") == 1


def test_top_on_a_terminal(two):
    top = pexpect.spawn(str(MARZIPAN), ["top", "--control", str(two.system.control)],
                        encoding="utf-8", timeout=ANSWER_SECONDS, dimensions=(20, 60))
    for _ in range(3):
        top.expect(r"\x1b\[H")
        top.expect(r"two +running")
    top.send("q")
    top.expect(pexpect.EOF)
    top.close()
    assert top.exitstatus == 0
    top = pexpect.spawn(str(MARZIPAN), ["top", "--control", str(two.system.control)],
                        encoding="utf-8", timeout=ANSWER_SECONDS)
    top.expect(r"two +running")
    top.sendintr()
    top.expect(pexpect.EOF)
    top.close()
    assert top.exitstatus == 0


def test_trace(boot, tmp_path):
    system = boot({}, "--trace", tmp_path / "trace.json", programs={"one": mischief("echo")})
    system.expect_line("one", "echo is ready", timeout=BOOT_SECONDS)
    result = marzipan("trace", "--control", system.control)
    assert result.returncode == 0, result.stdout
    assert re.fullmatch(r"the trace of \d+ events is written, and goes on\n", result.stdout)


def test_second_system_does_without(boot):
    first = boot({}, programs={"one": mischief("echo")})
    first.expect_line("one", "echo is ready", timeout=BOOT_SECONDS)
    assert stat.S_ISSOCK(os.stat(first.control).st_mode)
    second = boot({}, "--control", first.control, programs={"other": mischief("echo")})
    second.expect(r"the system has no control line, since \S+ is in use")
    second.expect_line("other", "echo is ready", timeout=BOOT_SECONDS)
    assert "one" in marzipan("ps", "--control", first.control).stdout
    second.end()
    assert "one" in marzipan("ps", "--control", first.control).stdout


def test_stale_socket_is_replaced(boot, tmp_path):
    path = tmp_path / "stale"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    system = boot({}, "--control", path, programs={"one": mischief("echo")})
    system.expect_line("one", "echo is ready", timeout=BOOT_SECONDS)
    assert "one" in marzipan("ps", "--control", path).stdout
