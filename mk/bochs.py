#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""bochs.py ISO: boots the image in Bochs (AMD Ryzen model), its serial line on this terminal.
bochs.py --test: makes an image with two Debian VMs, and switches both off from their shells.

Ends when the machine switches itself off; Ctrl-] x y does that, too.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time
import tty
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
MARZIPAN = TOP / "build" / "marzipan"
MEMORY_MIB = 1024
BIOS, VGA_BIOS = "/usr/share/seabios/bios.bin", "/usr/share/seabios/vgabios-stdvga.bin"

CONFIGURATION = """\
cpu: model=ryzen, count=1, ips=50000000, mwait_is_nop=1, reset_on_triple_fault=0
memory: guest={memory}, host={memory}
romimage: file={bios}
vgaromimage: file={vga_bios}
pci: enabled=1, chipset=i440fx
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path={iso}, status=inserted
boot: cdrom
display_library: rfb, options="timeout=0"
com1: enabled=1, mode=socket-server, dev=localhost:{port}
sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
clock: sync=none
mouse: enabled=0
log: {folder}/log
panic: action=fatal
error: action=report
info: action=ignore
debug: action=ignore
"""
# The monitor's last words. Its ACPI tables let this machine not be switched off, so we do that.
ENDED = re.compile(r"power off: [^\r\n]*\(code (\d+)\)")
LAST_WORDS = "you may switch off now"

TEST_SYSTEM = """\
machine: {memory: 1G}
defaults: {kernel: debian-cloud, memory: 128M, restart: never}
vms:
  anna: {}
  bert: {}
"""


def start_bochs(iso, folder):
    """(process, a socket that is its serial line)"""
    with socket.create_server(("localhost", 0)) as probe:
        port = probe.getsockname()[1]
    (folder / "bochsrc").write_text(CONFIGURATION.format(
        memory=MEMORY_MIB, bios=BIOS, vga_bios=VGA_BIOS, iso=Path(iso).resolve(),
        port=port, folder=folder))
    (folder / "commands").write_text("c\n")
    process = subprocess.Popen(["bochs", "-q", "-f", folder / "bochsrc", "-rc",
                                folder / "commands"], cwd=folder, stdin=subprocess.DEVNULL,
                               stdout=open(folder / "out", "wb"), stderr=subprocess.STDOUT)
    while process.poll() is None:  # it waits for us before it runs the machine
        try:
            return process, socket.create_connection(("localhost", port))
        except ConnectionRefusedError:
            time.sleep(0.1)
    sys.exit((folder / "out").read_text(errors="replace")[-2000:])


def say_what_happened(folder):
    for name in ("out", "log"):
        if (folder / name).exists():
            print((folder / name).read_text(errors="replace")[-2000:], file=sys.stderr)


def show(line, process):
    """Passes the console's output on until the system has ended; its exit code or None."""
    text = ""
    while data := line.recv(4096):
        os.write(1, data)
        text = (text + data.decode(errors="replace"))[-2000:]
        if LAST_WORDS in text:
            break
    process.kill()
    match = ENDED.search(text)
    return int(match.group(1)) if match else None


def copy(source, target):
    while True:
        try:
            data = os.read(source, 4096)
        except OSError:
            return
        if not data:
            return
        os.write(target, data)


def interactive(iso, folder):
    process, line = start_bochs(iso, folder)
    saved = termios.tcgetattr(0) if os.isatty(0) else None
    if saved:
        tty.setraw(0)
    try:
        threading.Thread(target=copy, args=(0, line.fileno()), daemon=True).start()
        code = show(line, process)
    finally:
        process.kill()
        if saved:
            termios.tcsetattr(0, termios.TCSADRAIN, saved)
    if code is None:
        say_what_happened(folder)
        return 1
    return code


def test(folder):
    from pexpect import fdpexpect  # pylint: disable=C0415
    description, iso = folder / "system.yaml", folder / "test.iso"
    description.write_text(TEST_SYSTEM)
    subprocess.run([MARZIPAN, "iso", "-o", iso, description], check=True)
    process, line = start_bochs(iso, folder)
    console = fdpexpect.fdspawn(line.fileno(), timeout=600, encoding="utf-8", codec_errors="replace")
    console.logfile_read = sys.stdout
    try:
        waiting = {"anna", "bert"}
        while waiting:
            console.expect(r"Welcome to (\w+): Linux")
            waiting.discard(console.match.group(1))
        for number, name in ((1, "anna"), (2, "bert")):
            console.send(f"\x1d{number}\r")
            console.expect(rf"{name}:\S*[#$] ")
            console.send("poweroff\r")
            console.expect(f"vm {name}: powered off")
        console.expect(ENDED)
        return int(console.match.group(1))
    finally:
        process.kill()


def main():
    folder = Path(tempfile.mkdtemp(prefix="marzipan-bochs-"))
    try:
        if sys.argv[1:] == ["--test"]:
            return test(folder)
        return interactive(sys.argv[1], folder)
    finally:
        shutil.rmtree(folder)


sys.exit(main())
