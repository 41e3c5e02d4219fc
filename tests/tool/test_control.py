# SPDX-License-Identifier: BSD-2-Clause
"""The commands to a running system, with nobody or somebody strange at the other end."""

import os
import shlex
import socket
import threading

import pytest

NAMED = ["start", "stop", "pause", "resume", "reset", "kill", "destroy", "console", "quota"]


@pytest.fixture(name="serve")
def fixture_serve(tmp_path):
    """serve(answer): a stand-in for a system; answer(request) is bytes, None: none at all."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "control"))
    server.listen(1)

    def client(connection, answer):
        with connection, connection.makefile("rwb") as lines:
            for line in lines:
                reply = line if line.startswith(b"=") else answer(line.strip().decode())
                if reply is None:
                    return
                lines.write(reply)
                lines.flush()

    def start(answer):
        def loop():
            while True:
                try:
                    client(server.accept()[0], answer)
                except OSError:
                    return
        threading.Thread(target=loop, daemon=True).start()
    yield start
    server.close()


@pytest.mark.parametrize("words, expected", [
    *[([name], "name a VM or program") for name in NAMED],
    (["log"], "error, warn, info or debug"),
    (["ps", "anna"], "remove it"),
    (["ps", "--once"], '"marzipan help ps" lists its options'),
    (["top", "--twice"], '"marzipan help top" lists its options'),
    (["stop", "a", "b"], "remove it"),
    (["stop", "a b"], '"marzipan ps" lists the names'),
    (["stop", ""], '"marzipan ps" lists the names'),
    (["stop", "x" * 101], '"marzipan ps" lists the names'),
    (["stop", "a\nkill b"], '"marzipan ps" lists the names'),
    (["ps", "--control"], "the socket"),
])
def test_usage(marzipan, words, expected):
    result = marzipan(*words)
    assert result.returncode == 2
    assert expected in result.stderr.split("  remedy: ")[1]
    assert result.stdout == ""


@pytest.mark.parametrize("words", [["ps"], ["top"], ["log", "info"], ["trace"], ["stop", "anna"]])
def test_nobody_listens(marzipan, words, tmp_path):
    result = marzipan(*words)
    assert result.returncode == 69
    assert f"no running system listens at {tmp_path}/control" in result.stderr
    assert 'start one with "marzipan run"' in result.stderr


def test_stale_socket(marzipan, tmp_path):
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "control"))
    assert marzipan("ps").returncode == 69


def test_too_long(marzipan, description):
    for words, code in (["ps"], 2), (["run", description], 64):
        result = marzipan(*words, "--control", "/tmp/" + "x" * 120)
        assert (result.returncode, "too long for a socket" in result.stderr) == (code, True)


def test_answers(marzipan, serve):
    serve(lambda request: {"": b".\n", "ps": b"  1  a\x1b[31m\n \n.\n",
                           "stop a": b"! a is off; nothing was done\n"}.get(request, b"! no\n"))
    assert marzipan("ps").stdout == " 1  a?[31m\n\n"
    result = marzipan("stop", "a")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "marzipan: a is off; nothing was done\n"


def test_rest_of_another_answer_is_skipped(marzipan, serve):
    serve(lambda request: b" old\n.\n half\n" if request == "" else b" new\n.\n")
    assert marzipan("ps").stdout == "new\n"


def test_end_in_the_middle(marzipan, serve):
    serve(lambda request: b".\n" if request == "" else None)
    result = marzipan("ps")
    assert (result.returncode, "ended before it answered" in result.stderr) == (70, True)


def test_no_answer(marzipan, serve):
    serve(lambda request: b".\n" if request == "" else b" half")
    result = marzipan("ps")
    assert result.returncode == 124
    assert "does not answer within 10 s" in result.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs two users")
def test_somebody_elses(marzipan, tmp_path):
    path = tmp_path / "control"
    child, ready = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(path))
        os.setresuid(65534, 65534, 65534)
        server.listen(1)
        os.write(ready[1], b"x")
        os.close(child[1])
        os.read(child[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    try:
        result = marzipan("ps")
    finally:
        os.close(child[1])
        os.waitpid(pid, 0)
    assert (result.returncode, "belongs to somebody else" in result.stderr) == (69, True)


def test_run_makes_the_socket_known(marzipan, description, fake_qemu, tmp_path):
    result = marzipan("run", description, env=fake_qemu('echo "$@"; exit 1'))
    assert f"-chardev socket,id=control,path={tmp_path}/control,server=on,wait=off " \
        "-serial chardev:control" in result.stdout
    assert not (tmp_path / "control.lock").exists()
    result = marzipan("run", "--icount", description, env=fake_qemu('echo "$@"; exit 1'))
    assert "chardev:control" not in result.stdout
    words = shlex.split(marzipan("run", "-n", "-o", tmp_path / "out", "--control", "/x,y",
                                 description).stdout)
    assert "socket,id=control,path=/x,,y,server=on,wait=off" in words


def test_run_does_without(marzipan, description, fake_qemu, serve):
    serve(lambda request: b".\n")
    result = marzipan("run", description, env=fake_qemu('echo "$@"; exit 1'))
    assert result.returncode == 0
    assert "control" not in result.stdout
    assert result.stderr.count("\n") == 1 and "no control line, since" in result.stderr


def test_run_destroys_no_file(marzipan, description, tmp_path):
    (tmp_path / "control").write_text("precious")
    result = marzipan("run", description)
    assert (result.returncode, "is there already" in result.stderr) == (64, True)
    assert (tmp_path / "control").read_text() == "precious"
    result = marzipan("run", description, "--control", tmp_path / "nowhere" / "control")
    assert (result.returncode, "cannot write to" in result.stderr) == (74, True)
